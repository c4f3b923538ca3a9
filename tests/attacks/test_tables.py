"""Published tables of any shape: every way to give a hidden cell away, each by hand, each with its control."""

from __future__ import annotations

import csv
import os
from fractions import Fraction
from pathlib import Path

import pytest

from terms.findings import Refused, Verdict
from transforms.attack import Figure, Mark, Prior, PublicTable, Ratio, audit_tables, compare_with_truth, read_table

T = "_T"
LETTERS = {"x": Mark.SECONDARY, "u": Mark.PRIMARY, "?": Mark.HIDDEN, ".": Mark.UNPRINTED}


def figure(text: str) -> Figure:
    """``12`` is shown; ``u``, ``x`` and ``?`` are hidden; ``.`` is not printed."""
    return Figure(LETTERS[text]) if text in LETTERS else Figure(Mark.SHOWN, int(text))


def grid(rows: dict[str, str], columns: str = f"f m {T}", trees: dict | None = None, **prior) -> PublicTable:
    """Rows by columns, figures in the order of ``columns``."""
    figures = {
        (row, column): figure(text)
        for row, line in rows.items()
        for column, text in zip(columns.split(), line.split(), strict=True)
    }
    flat = {
        "row": ({row: T for row in rows if row != T},),
        "col": ({column: T for column in columns.split() if column != T},),
    }
    return PublicTable(variables=("row", "col"), trees=flat | (trees or {}), figures=figures, prior=Prior(**prior))


def rules(report) -> list[str]:
    return sorted({finding.rule for finding in report.findings})


def span(report, **conditions) -> tuple:
    (found,) = [each for each in report.intervals if each.key[1] == frozenset(conditions.items())]
    return found.low, found.high


# --- subtraction ------------------------------------------------------------------------------------


BLOCK = {"a": "? ? 9", "b": "? ? 14", "c": "6 7 13", T: "16 20 36"}


def test_a_block_of_four_hides_its_cells():
    report = audit_tables([grid(BLOCK)], evidence=True)
    assert (report.verdict, report.findings, report.hidden) == (Verdict.PASS, (), 4)
    # a + b = 10 in the first column, 13 in the second; 9 and 14 in the rows.
    assert span(report, row="a", col="f") == (0, 9)
    assert span(report, row="b", col="f") == (1, 10)


def test_only_the_primary_cell_hidden_is_not_hidden():
    report = audit_tables([grid(BLOCK | {"a": "u 5 9", "b": "6 8 14"})])
    assert (report.verdict, rules(report)) == (Verdict.FAIL, ["table_cell_determined"])
    (finding,) = report.findings
    assert (finding.place, dict(finding.facts)) == ("row=a, col=f", {})
    assert span(report, row="a", col="f") == (4, 4)


@pytest.mark.parametrize(("width", "verdict"), [(9, Verdict.PASS), (10, Verdict.FAIL)])
def test_the_width_asked_for_is_the_distance_of_two_worlds(width, verdict):
    assert audit_tables([grid(BLOCK)], width=width).verdict is verdict


def test_a_subtotal_gives_away_what_the_total_hides():
    trees = {"row": ({"a1": "a", "a2": "a", "a": T, "b": T},)}
    rows = {"a1": "? ? 5", "a2": "3 4 7", "a": "? ? 12", "b": "? ? 8", T: "10 10 20"}
    table = grid(rows, trees=trees)
    assert audit_tables([table]).verdict is Verdict.PASS
    told = audit_tables([grid(rows | {"a": "5 7 12"}, trees=trees)])
    assert span(told, row="a1", col="f") == (2, 2)


def test_two_tables_are_linked_by_cells_of_equal_conditions():
    hidden_margins = grid(BLOCK | {"a": "? 5 ?", "b": "6 8 14", "c": "? 7 ?"})
    by_age = grid({"a": "2 7 9", "b": "8 6 14", "c": "9 4 13", T: "19 17 36"}, columns=f"old young {T}")
    trees = by_age.trees | {"age": by_age.trees["col"]}
    by_age = PublicTable(variables=("row", "age"), trees=trees, figures=by_age.figures)
    assert audit_tables([hidden_margins]).verdict is Verdict.PASS
    report = audit_tables([hidden_margins, by_age])
    assert span(report, row="a", col="f") == (4, 4)
    assert audit_tables([grid(BLOCK), by_age]).verdict is Verdict.PASS


def test_a_cell_shown_in_one_table_and_hidden_in_another_is_found():
    assert rules(audit_tables([grid(BLOCK), grid(BLOCK | {"a": "4 ? 9"})])) == ["table_cell_determined"]


def test_two_classifications_of_one_variable_are_read_together():
    region = {"r1": "north", "r2": "north", "r3": "south", "r4": "south", "north": T, "south": T}
    size = {"r1": "large", "r3": "large", "r2": "small", "r4": "small", "large": T, "small": T}
    shown = {"r1": "?", "r2": "?", "r3": "?", "r4": "?", "north": "7", "south": "9", T: "16"}
    one = _line(shown, region)
    assert audit_tables([one]).verdict is Verdict.PASS
    both = _line(shown | {"large": "1", "small": "15"}, region, size)
    assert audit_tables([both], evidence=True).verdict is Verdict.PASS
    # r1 + r3 = 0: both are empty, and the others follow.
    assert rules(audit_tables([_line(shown | {"large": "0", "small": "16"}, region, size)])) == [
        "table_cell_determined",
        "table_total_leaves_nothing",
    ]


def _line(shown: dict[str, str], *trees: dict[str, str], **prior) -> PublicTable:
    figures = {(code,): figure(text) for code, text in shown.items()}
    return PublicTable(variables=("d1",), trees={"d1": trees}, figures=figures, prior=Prior(**prior))


# --- what readers know besides ----------------------------------------------------------------------


def test_a_public_threshold_bounds_primary_cells_and_their_partners():
    flat = {"a": T, "b": T, "c": T}
    cells = {"a": "u", "b": "x", "c": "50", T: "70"}
    assert audit_tables([_line(cells, flat)]).verdict is Verdict.PASS
    known = audit_tables([_line(cells, flat, k=10, zeros_shown=True)], width=8, evidence=True)
    assert (known.verdict, span(known, d1="a"), span(known, d1="b")) == (Verdict.PASS, (1, 9), (11, 19))
    # 12 = 1..9 + 10 or more: nobody but 1 or 2 fits.
    tight = audit_tables([_line(cells | {T: "62"}, flat, k=10, zeros_shown=True)], width=8)
    assert (rules(tight), span(tight, d1="a")) == (["table_cell_narrow"], (1, 2))


def test_two_cells_that_are_not_empty_and_sum_to_two_are_one_each():
    cells = {"a": "?", "b": "?", "c": "50", T: "52"}
    flat = {"a": T, "b": T, "c": T}
    assert audit_tables([_line(cells, flat)]).verdict is Verdict.PASS
    assert audit_tables([_line(cells, flat, zeros_shown=True)]).verdict is Verdict.FAIL


def test_a_shown_count_below_a_public_threshold_is_named():
    report = audit_tables([_line({"a": "9", "b": "10", T: "19"}, {"a": T, "b": T}, k=10)])
    assert (report.tests["R2"], [finding.place for finding in report.findings]) == (Verdict.FAIL, ["d1=a"])
    assert audit_tables([_line({"a": "0", "b": "10", T: "10"}, {"a": T, "b": T}, k=10)]).verdict is Verdict.PASS


def test_a_small_count_that_is_not_printed_is_derived():
    flat = {"a": T, "b": T}
    small = audit_tables([_line({"a": "50", T: "53"}, flat, k=10)])
    assert rules(small) == ["table_cells_missing", "table_small_count_derived"]
    large = audit_tables([_line({"a": "50", T: "63"}, flat, k=10)])
    assert (large.verdict, rules(large)) == (Verdict.PASS, ["table_cells_missing"])


def test_a_secondary_cell_that_follows_is_remarked_upon_and_fails_nothing():
    rows = {"a": "u u 9", "b": "u u 14", "c": "x 7 13", T: "16 20 36"}
    report = audit_tables([grid(rows)])
    assert (report.verdict, rules(report)) == (Verdict.PASS, ["table_secondary_determined"])
    assert audit_tables([grid(rows | {"c": "? 7 13"})]).verdict is Verdict.FAIL


def test_rounded_figures_are_intervals():
    rows = {"a": "? 5 10", "b": "5 10 15", T: "10 15 25"}
    report = audit_tables([grid(rows, rounding=5)], evidence=True)
    # a = 8..12 less 3..7: 1..9; and 8..12 less 3..7 again.
    assert (report.verdict, span(report, row="a", col="f")) == (Verdict.PASS, (1, 9))
    assert audit_tables([grid(rows, rounding=5)], width=9).verdict is Verdict.FAIL


def test_a_hidden_figure_that_may_be_a_fraction_is_wide_where_a_whole_one_is_not():
    rows = {"a": "? ? 1", "b": "? ? 1", T: "1 1 2"}
    half = audit_tables([grid(rows, rounding=1)], integral=False, width=2)
    assert half.grain == 60 and half.verdict is Verdict.FAIL
    assert audit_tables([grid(rows)], integral=False, width=1).verdict is Verdict.PASS
    # Nothing but 0..1 is left; two whole numbers apart there are none.
    assert audit_tables([grid(rows)], integral=False, width=2).verdict is Verdict.FAIL


# --- contributors -----------------------------------------------------------------------------------


def test_a_contributor_alone_in_her_cell_subtracts_herself():
    table = grid({"a": "? ? 9", "b": "6 8 14", T: "10 13 23"})
    row = _line({"a": "?", "b": "?", "c": "20", T: "24"}, {"a": T, "b": T, "c": T})
    alone = {"someone": {row.key(("a",)): 1}}
    assert audit_tables([row]).verdict is Verdict.PASS
    report = audit_tables([row], insiders=alone)
    assert rules(report) == ["table_cell_open_to_contributor"]
    assert [(finding.place, dict(finding.facts)) for finding in report.findings] == [("d1=b", {"contributors": 1})]
    third = _line({"a": "?", "b": "?", "c": "?", T: "24"}, {"a": T, "b": T, "c": T})
    assert audit_tables([third], insiders=alone).verdict is Verdict.PASS
    assert audit_tables([table], insiders=alone).verdict is Verdict.FAIL


def test_two_singletons_in_a_line_learn_each_other():
    row = _line({"a": "?", "b": "?", "c": "20", T: "22"}, {"a": T, "b": T, "c": T})
    alone = {"first": {row.key(("a",)): 1}, "second": {row.key(("b",)): 1}}
    report = audit_tables([row], insiders=alone)
    assert [finding.place for finding in report.findings] == ["d1=a", "d1=b"]


def test_a_holding_knows_all_its_cells_at_once():
    row = _line({"a": "?", "b": "?", "c": "?", T: "24"}, {"a": T, "b": T, "c": T})
    apart = {"first": {row.key(("a",)): 1}, "second": {row.key(("b",)): 1}}
    assert audit_tables([row], insiders=apart).verdict is Verdict.PASS
    together = {"holding": {row.key(("a",)): 1, row.key(("b",)): 1}}
    assert audit_tables([row], insiders=together).verdict is Verdict.FAIL


# --- shares and means -------------------------------------------------------------------------------


def shares(percent: str) -> tuple[PublicTable, Ratio]:
    table = _line({"a": "?", "b": "?", T: "40"}, {"a": T, "b": T}, rounding=5)
    return table, Ratio.printed(table.key(("a",)), table.key((T,)), percent, percent=True)


def test_a_percentage_of_one_decimal_beside_a_rounded_base_gives_both_away():
    # The base is 38..42. Of these only 41 has a share of 17.1 %: 7 / 41 = 17.07 %.
    table, share = shares("17.1")
    report = audit_tables([table], ratios=[share])
    assert (span(report, d1="a"), span(report, d1="b")) == ((7, 7), (34, 34))
    assert [finding.rule for finding in report.findings] == ["table_cell_determined"] * 2


def test_a_whole_percentage_beside_a_rounded_base_leaves_a_choice():
    # 17 %: 16.5 to 17.5 of 38..42 people: 7 of 40, 41 or 42.
    table, share = shares("17")
    report = audit_tables([table], ratios=[share])
    assert (span(report, d1="a"), report.verdict) == ((7, 7), Verdict.FAIL)
    assert audit_tables([table]).verdict is Verdict.PASS
    # Of a base of 400 (398..402) 17 % are 66 to 70 people.
    wide = _line({"a": "?", "b": "?", T: "400"}, {"a": T, "b": T}, rounding=5)
    large = Ratio.printed(wide.key(("a",)), wide.key((T,)), "17", percent=True)
    assert audit_tables([wide], ratios=[large], width=4).verdict is Verdict.PASS


def means(mean: str) -> tuple[list[PublicTable], Ratio]:
    """How many answered in a and b, hidden below 10; the mean of a's whole-number answers printed."""
    count = _line({"a": "u", "b": "u", "c": "50", T: "62"}, {"a": T, "b": T, "c": T}, k=10)
    total = PublicTable(variables=("d1",), trees={}, figures={("a",): Figure(Mark.UNPRINTED)}, measure="sum")
    return [count, total], Ratio.printed(total.key(("a",)), count.key(("a",)), mean)


def test_a_mean_of_two_decimals_gives_the_number_of_answers_away():
    # a is 3..9 (b at most 9). Only sevenths come to 3.14: 22 / 7.
    tables, mean = means("3.14")
    report = audit_tables(tables, ratios=[mean])
    assert (span(report, d1="a"), span(report, d1="b")) == ((7, 7), (5, 5))
    assert audit_tables(tables).verdict is Verdict.PASS


def test_a_whole_mean_gives_nothing_away():
    tables, mean = means("3")
    assert audit_tables(tables, ratios=[mean], width=6).verdict is Verdict.PASS


def test_the_precision_of_a_figure_is_in_its_digits():
    one, two = (Ratio.printed(("n", frozenset()), ("N", frozenset()), digits) for digits in ("3.1", "3.10"))
    assert (one.least, one.most) == (Fraction(305, 100), Fraction(315, 100))
    assert (two.least, two.most) == (Fraction(3095, 1000), Fraction(3105, 1000))


# --- totals computed without the hidden records -----------------------------------------------------


def test_margins_computed_anew_beside_a_true_total_give_the_hidden_cell_away():
    # True: a = 4 + 5, b = 6 + 8, total 23. Margins leave the hidden 4 out, the total does not.
    table = grid({"a": "? 5 5", "b": "6 8 14", T: "6 13 23"})
    report = audit_tables([table])
    assert report.verdict is Verdict.FAIL
    assert rules(report) == ["table_cell_determined", "table_total_leaves_nothing"]
    assert span(report, row="a", col="f") == (4, 4)
    places = [finding.place for finding in report.findings if finding.rule == "table_total_leaves_nothing"]
    assert sorted(places) == ["col=f", "row=a"]


@pytest.mark.parametrize("zeros_shown", [False, True])
def test_totals_that_all_leave_the_hidden_cell_out_fail_even_though_they_add_up(zeros_shown):
    report = audit_tables([grid({"a": "? 5 5", "b": "6 8 14", T: "6 13 19"}, zeros_shown=zeros_shown)])
    assert report.verdict is Verdict.FAIL
    assert "table_total_leaves_nothing" in rules(report)


def test_a_lower_total_in_one_table_and_the_true_one_in_another_give_the_difference_away():
    without = grid({"a": "? 5 5", "b": "6 8 14", T: "6 13 19"}, zeros_shown=True)
    true_total = _line({T: "23"})
    report = audit_tables(
        [PublicTable(**vars(without) | {"figures": without.figures | {(T, T): Figure(Mark.SHOWN, 23)}})]
    )
    assert span(report, row="a", col="f") == (4, 4)
    assert audit_tables([without, true_total]).verdict is Verdict.FAIL


def test_a_total_larger_than_its_parts_by_what_is_hidden_is_no_finding():
    assert rules(audit_tables([grid(BLOCK, zeros_shown=True)])) == []


# --- what cannot be judged --------------------------------------------------------------------------


def test_figures_that_do_not_add_up_are_refused_with_their_place():
    with pytest.raises(Refused) as refused:
        audit_tables([grid(BLOCK | {"c": "6 8 13"})])
    assert {(f.place, f.rule) for f in refused.value.findings} == {("row=c", "table_does_not_add_up")}


def test_priors_that_the_figures_exclude_are_a_finding_that_blinds():
    report = audit_tables([_line({"a": "u", "b": "u", "c": "50", T: "90"}, {"a": T, "b": T, "c": T}, k=10)])
    assert (report.verdict, rules(report)) == (Verdict.FAIL, ["table_contradicts"])
    assert set(report.tests.values()) == {Verdict.FAIL}


def test_a_table_that_hides_nothing_is_not_thereby_safe():
    open_table = _line({"a": "3", "b": "4", T: "7"}, {"a": T, "b": T})
    assert rules(audit_tables([open_table])) == ["table_hides_nothing"]
    assert audit_tables([open_table]).verdict is Verdict.FAIL


def test_no_tables_are_no_pass():
    assert audit_tables([]).verdict is Verdict.FAIL


@pytest.mark.parametrize("tree", [{"a": "b", "b": "a"}, {"a": "b"}, {"a": "a"}, {T: "a", "a": T}])
def test_a_tree_that_does_not_lead_to_the_total_is_refused(tree):
    with pytest.raises(Refused, match="table_trees_broken"):
        PublicTable(variables=("d1",), trees={"d1": (tree,)}, figures={})


def test_afterwards_the_truth_says_whether_the_attacker_was_right():
    table = grid(BLOCK | {"a": "u 5 9", "b": "6 8 14"})
    report = audit_tables([table])
    assert compare_with_truth(report, {table.key(("a", "f")): 4}) == (1, 0)
    assert compare_with_truth(report, {table.key(("a", "f")): 5}) == (0, 1)
    assert compare_with_truth(report, {}) == (0, 0)


# --- other people's patterns ------------------------------------------------------------------------


def peers() -> list[tuple[str, str]]:
    methods = {
        "t2d_30x20": "GAUSS GS HITAS HYPERCUBE OPT SIMPLEHEURISTIC SIMPLEHEURISTIC_OLD",
        "t3d_6x6x6": "GAUSS GS HYPERCUBE SIMPLEHEURISTIC SIMPLEHEURISTIC_OLD",
        "t3d_10x10x10": "GAUSS GS SIMPLEHEURISTIC",
    }
    return [(table, method) for table, names in methods.items() for method in names.split()]


def joined(name: str, method: str | None) -> str:
    """A peer's pattern on its table, as a CSV; without a method only primary cells are hidden."""
    folder = Path(os.environ["SHOJI_DATA"]) / "tabular_cases" / "own_tables"
    with (folder / f"{name}.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header[-3:] == ["freq", "primary", "inner"]
    status = {tuple(row[:-3]): "u" if row[-2] == "1" else "s" for row in rows}
    if method is not None:
        with (folder / f"result_{name}_{method}.csv").open(newline="") as file:
            status = {tuple(row[:-1]): row[-1] for row in list(csv.reader(file))[1:]}
    lines = [",".join([*row[:-3], row[-3], status[tuple(row[:-3])]]) for row in rows]
    return "\n".join([",".join([*header[:-3], "freq", "sdcStatus"]), *lines])


@pytest.mark.real
@pytest.mark.parametrize(("name", "method"), peers())
def test_the_safe_patterns_of_peers_are_clean(name, method):
    report = audit_tables([read_table(joined(name, method)).table])
    assert (report.verdict, report.findings) == (Verdict.PASS, ())


@pytest.mark.real
def test_the_one_cell_that_the_old_heuristic_leaves_recoverable_is_found():
    file = read_table(joined("t3d_10x10x10", "SIMPLEHEURISTIC_OLD"))
    report = audit_tables([file.table])
    (finding,) = report.findings
    assert finding.rule == "table_cell_determined"
    (interval,) = [one for one in report.intervals if one.place == finding.place]
    assert interval.low == interval.high == file.truth[interval.key]


@pytest.mark.real
@pytest.mark.parametrize("name", ["t2d_30x20", "t2d_60x40", "t3d_6x6x6", "t3d_10x10x10"])
def test_tables_with_only_their_primary_cells_hidden_leak(name):
    file = read_table(joined(name, None))
    report = audit_tables([file.table])
    assert report.verdict is Verdict.FAIL
    right, wrong = compare_with_truth(report, file.truth)
    assert right > 0 and wrong == 0


@pytest.mark.real
def test_the_known_four_by_four_leaks_exactly_what_its_attacker_found():
    """sdcTable's own attack on its 4 x 4 table: with only w-b hidden it is 47."""
    folder = Path(os.environ["SHOJI_DATA"]) / "tabular_cases" / "sdcTable"
    with (folder / "expected_4x4_w_b_OPT.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    for letter, ends in (("u", (47, 47)), ("x", (0, 78))):
        lines = [",".join([*row[:-1], row[-1] if row[-1] in ("u", letter) else "s"]) for row in rows]
        text = "\n".join([",".join(header), *lines])
        report = audit_tables([read_table(text, total="tot").table], evidence=True)
        assert span(report, v1="w", v2="b") == ends

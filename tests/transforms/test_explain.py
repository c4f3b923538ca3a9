"""Why counts are hidden: causes and intervals by hand on small tables, and against every world there is."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from terms.hierarchy import ANSWERED, TOTAL
from terms.policy import NoAnswer, Policy
from terms.survey import Role, Survey
from tests import builders
from tests.transforms.small_surveys import Cell, Interval, People, intervals, people
from transforms.explain import explain, hidden_measures
from transforms.protect import protect

Grid = Mapping[str, Mapping[str, int]]
"""Answer -> group -> people; ``_NA`` did not answer."""


def single(grid: Grid, no_answer_row: bool = False) -> People:
    """One question with one answer a person, by sex."""
    groups = [(row, group) for row, cells in grid.items() for group, count in cells.items() for _ in range(count)]
    answers = [None if row == "_NA" else frozenset([row]) for row, _ in groups]
    options = [row for row in grid if row != "_NA"]
    return People("single", options, {"sex": [group for _, group in groups]}, answers, no_answer_row)


def declared(of: People, **policy: Any) -> Survey:
    """The survey that these people answered."""
    make = builders.single if of.kind == "single" else builders.multiple
    breaks = [
        builders.single(name, sorted(set(codes)), role=Role.QUASI_IDENTIFIER) for name, codes in of.groups.items()
    ]
    return builders.survey([*breaks, make("q", of.options)], policy=Policy(**policy))


def protected(of: People, withheld: frozenset[str] = frozenset(), **policy: Any) -> pl.DataFrame:
    return protect(of.counts(), {"q": of.kind}, Policy(**policy), withheld)


def told(of: People, table: str = "q_by_sex", **policy: Any) -> dict[tuple[str, str, str], dict[str, Any]]:
    """(row, col, measure) -> why it is hidden."""
    frame = explain(protected(of, **policy), table, declared(of, **policy))
    return {(line["row"], line["col"], line["measure"]): line for line in frame.iter_rows(named=True)}


def guarded(line: Mapping[str, Any]) -> list[tuple]:
    """What a count protects, and what could be worked out about it."""
    return [tuple(one[name] for name in ("row", "col", "measure", "low", "high")) for one in line["protects"]]


# --- by hand --------------------------------------------------------------------------------------

CORNER = {"a": {"F": 5, "M": 30}, "b": {"F": 20, "M": 20}}
"""One small corner: 35 chose a and 40 b; 25 are F and 50 M."""


def test_each_partner_of_one_small_corner_would_give_it_away():
    cells = told(single(CORNER))
    assert {cell[:2]: line["cause"] for cell, line in cells.items()} == {
        ("a", "F"): "primary",
        ("a", "M"): "secondary",
        ("b", "F"): "secondary",
        ("b", "M"): "secondary",
    }
    assert cells["a", "F", "respondents"]["protects"] == []
    for partner in (("a", "M"), ("b", "F"), ("b", "M")):
        line = cells[*partner, "respondents"]
        assert guarded(line) == [("a", "F", "respondents", 5, 5)]


def test_the_interval_is_that_of_whoever_knows_every_shown_count():
    # Every hidden count is at least 1, and 25 are F: the corner is 1 to 24, and the others follow from it.
    ends = {cell[:2]: (line["low"], line["high"]) for cell, line in told(single(CORNER)).items()}
    assert ends == {("a", "F"): (1, 24), ("b", "F"): (1, 24), ("a", "M"): (11, 34), ("b", "M"): (16, 39)}


def test_the_displayed_interval_is_that_of_a_reader_of_rounded_figures():
    # Shown as 35 chose a, 40 b, 25 F, 50 M: 33 to 37, 38 to 42, 23 to 27, 48 to 52.
    cells = told(single(CORNER))
    line = cells["a", "F", "respondents"]
    assert (line["displayed_low"], line["displayed_high"]) == (1, 26)
    line = cells["a", "M", "respondents"]
    assert (line["displayed_low"], line["displayed_high"]) == (7, 36)


def test_a_table_without_hidden_counts_has_nothing_to_explain():
    assert told(single({"a": {"F": 40, "M": 30}, "b": {"F": 20, "M": 20}})) == {}


def test_a_base_is_a_measure_of_the_total_row():
    # Four F did not answer: their number is small, and 24 F minus it is the base of F.
    cells = told(single({"a": {"F": 10, "M": 30}, "b": {"F": 10, "M": 20}, "_NA": {"F": 4, "M": 20}}, True))
    assert cells["_NA", "F", "respondents"]["cause"] == "primary"
    assert cells["_T", "F", "base"]["cause"] == "secondary"
    assert guarded(cells["_T", "F", "base"]) == [("_NA", "F", "respondents", 4, 4)]


def test_an_option_that_nearly_everybody_chose_protects_those_who_did_not():
    # 40 F answered and 37 chose a: with that figure, the three who did not can be counted.
    groups = ["F"] * 40 + ["M"] * 40
    answers = [frozenset("ab")] * 20 + [frozenset("a")] * 17 + [frozenset("b")] * 3
    answers += [frozenset("ab")] * 15 + [frozenset("b")] * 25
    cells = told(People("multiple", ["a", "b"], {"sex": groups}, answers))
    line = cells["a", "F", "respondents"]
    assert (line["respondents"], line["cause"]) == (37, "secondary")
    assert guarded(line) == [("a", "F", "not_chosen", 3, 3)]


def test_a_total_protects_small_counts_of_other_tables():
    grid = {"a": {"F": 30, "M": 30}, "b": {"F": 30, "M": 30}, "_NA": {"F": 1, "M": 1}}
    one_way = told(single(grid, True), "q")
    assert one_way["_NA", "_T", "respondents"]["cause"] == "primary"
    assert ("_NA", "_T", "respondents", 2, 2) in guarded(one_way["_T", "_T", "base"])


@pytest.mark.parametrize(("reason", "cause"), [("disclosing", "group_disclosure"), ("joint", "joint")])
def test_a_question_that_is_withheld_whole_says_why(reason, cause):
    of = single(CORNER)
    frame = explain(protected(of, frozenset({"q"})), "q_by_sex", declared(of), **{reason: ["q"]})
    assert set(frame["cause"]) == {cause}
    assert frame.height == 9  # a, b and the base, each by F, M and in all
    assert frame["protects"].to_list() == [[]] * 9
    corner = frame.filter((pl.col("row") == "a") & (pl.col("col") == "F"))
    assert corner.select("low", "high").row(0) == (0, 25)


def test_no_answers_that_are_never_printed_are_not_called_small():
    grid = {"a": {"F": 30, "M": 30}, "b": {"F": 30, "M": 4}, "_NA": {"F": 1, "M": 2}}
    cells = told(single(grid, True), no_answer=NoAnswer.RESIDUAL)
    silent = [line for (row, *_), line in cells.items() if row == "_NA"]
    assert [line["cause"] for line in silent] == ["residual"] * 3
    assert [(line["low"], line["high"]) for line in silent] == [(None, None)] * 3
    assert cells["b", "M", "respondents"]["cause"] == "primary"
    # What protects the small count does not protect them.
    assert guarded(cells["b", "F", "respondents"]) == [("b", "M", "respondents", 4, 4)]


def test_no_answers_that_are_never_printed_are_not_what_is_protected():
    # Seven F answered: their base is small and hidden, and so is that of M; nobody prints the no answers anyway.
    grid = {"a": {"F": 4, "M": 30}, "b": {"F": 3, "M": 30}, "_NA": {"F": 20, "M": 20}}
    cells = told(single(grid, True), no_answer=NoAnswer.RESIDUAL)
    assert cells["_T", "F", "base"]["cause"] == "primary"
    base = guarded(cells["_T", "M", "base"])
    assert ("_T", "F", "base", 7, 7) in base
    assert not any(row == "_NA" for row, *_ in base)


def test_a_withheld_column_is_protected_by_the_other_one():
    # 10 women in three cells cannot be protected among themselves. Were a shown for M, four of them chose a,
    # and the other six share b, c and d. That nobody was silent, and all ten answered, is shown already.
    grid = {"a": {"F": 4, "M": 40}, "b": {"F": 3, "M": 30}, "c": {"F": 3, "M": 20}, "d": {"F": 0, "M": 15}}
    cells = told(single(grid | {"_NA": {"F": 0, "M": 0}}, True))
    assert cells["a", "F", "respondents"]["cause"] == "no_pattern"
    assert sorted(guarded(cells["a", "M", "respondents"])) == [
        ("a", "F", "respondents", 4, 4),
        ("b", "F", "respondents", 0, 6),
        ("c", "F", "respondents", 0, 6),
        ("d", "F", "respondents", 0, 6),
    ]


def test_a_column_that_nothing_protects_is_withheld_with_its_zeros():
    # Ten people in F: eight of one answer leave no count of theirs eight wide.
    grid = {
        "a": {"F": 8, "M": 300},
        "b": {"F": 1, "M": 200},
        "c": {"F": 1, "M": 100},
        "d": {"F": 0, "M": 80},
        "_NA": {"F": 0, "M": 40},
    }
    cells = told(single(grid, True))
    withheld = {cell[:2] for cell, line in cells.items() if line["cause"] == "no_pattern"}
    assert withheld == {("a", "F"), ("b", "F"), ("c", "F"), ("d", "F"), ("_NA", "F"), ("_T", "F")}
    assert {line["scope"] for line in cells.values() if line["cause"] == "no_pattern"} == {"column"}
    assert cells["d", "F", "respondents"]["low"] == 0


def test_everything_about_a_question_can_be_what_is_withheld():
    of = single({"a": {"F": 8, "M": 300}, "b": {"F": 1, "M": 200}, "c": {"F": 1, "M": 100}})
    frame = protected(of)
    whole = frame.with_columns(
        status=pl.when(pl.col("row") == TOTAL).then(pl.lit("shown")).otherwise(pl.lit("hidden")),
        reason=pl.when(pl.col("row") == TOTAL).then(pl.lit("")).otherwise(pl.lit("withheld")),
    )
    assert set(explain(whole, "q_by_sex", declared(of))["scope"]) == {"question"}
    crossed = whole.with_columns(
        status=pl.when(pl.col("col") == TOTAL).then(pl.lit("shown")).otherwise("status"),
        reason=pl.when(pl.col("col") == TOTAL).then(pl.lit("")).otherwise("reason"),
    )
    assert set(explain(crossed, "q_by_sex", declared(of))["scope"]) == {"table"}


def test_a_count_hidden_for_nothing_protects_nothing():
    of = single({"a": {"F": 40, "M": 30}, "b": {"F": 20, "M": 20}})
    crossed = (pl.col("row").is_in(["a", "b"])) & (pl.col("col") != TOTAL)
    frame = protected(of).with_columns(
        status=pl.when(crossed).then(pl.lit("hidden")).otherwise("status"),
        reason=pl.when(crossed).then(pl.lit("secondary")).otherwise("reason"),
    )
    assert explain(frame, "q_by_sex", declared(of))["protects"].to_list() == [[]] * 4


# --- percentages ----------------------------------------------------------------------------------


def test_a_percentage_is_missing_because_its_base_or_the_total_of_its_row_is_hidden():
    of = single({"a": {"F": 10, "M": 30}, "b": {"F": 10, "M": 20}, "_NA": {"F": 4, "M": 20}}, True)
    frame = protected(of)
    hidden = {(line["row"], line["col"]) for line in frame.rows(named=True) if line["status"] == "hidden"}
    for line in frame.filter(pl.col("table") == "q_by_sex").rows(named=True):
        row, col = line["row"], line["col"]
        expected = {}
        if (row, col) not in hidden and row in {"a", "b"} and (ANSWERED, col) in hidden:
            expected["percent"] = "base_hidden"
        if (row, col) not in hidden and col != TOTAL and (row, TOTAL) in hidden:
            expected["row_percent"] = "total_hidden"
        assert dict(hidden_measures(frame, "q_by_sex", row, col)) == expected
    assert (ANSWERED, "F") in hidden


# --- against every world --------------------------------------------------------------------------


def cell_of(line: Mapping[str, Any]) -> Cell:
    row = ANSWERED if line["measure"] == "base" else line["row"]
    row = f"!{row}" if line["measure"] == "not_chosen" else row
    return row, "_T" if line["col"] == "_T" else line["table"].removeprefix("q_by_"), line["col"]


def as_read(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame to somebody who does not know the reasons: a column of which nothing is shown may hold zeros."""
    told = ((pl.col("status") == "shown") & (pl.col("row") != TOTAL)).any().over("row_var", "table", "col")
    return frame.with_columns(reason=pl.when(told).then("reason").otherwise(pl.lit("withheld")))


def also_shown(frame: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    """The frame with one cell shown wherever it stands."""
    row, break_, col = cell
    here = (pl.col("row") == row) & (pl.col("col") == col) & (pl.lit(col == TOTAL) | (pl.col("col_var") == break_))
    return frame.with_columns(
        status=pl.when(here).then(pl.lit("shown")).otherwise("status"),
        reason=pl.when(here).then(pl.lit("")).otherwise("reason"),
    )


def small(of: People, frame: pl.DataFrame, policy: Policy) -> dict[Cell, int]:
    """Every count of 1 to k - 1 people, and those who did not choose an option among them."""
    true = {
        (line["row"], line["col_var"] if line["col"] != TOTAL else TOTAL, line["col"]): line["respondents"]
        for line in frame.rows(named=True)
        if line["row"] != TOTAL
    }
    if of.kind == "multiple":
        true |= {
            (f"!{row}", break_, col): true[ANSWERED, break_, col] - count
            for (row, break_, col), count in list(true.items())
            if row in of.options
        }
    return {cell: count for cell, count in true.items() if 0 < count < policy.k}


@settings(max_examples=25, deadline=None)
@given(people(4, 7), st.sampled_from(NoAnswer))
def test_intervals_are_those_of_all_worlds(of, no_answer):
    policy = Policy(k=4, rounding=1, no_answer=no_answer)
    frame = protect(of.counts(), {"q": of.kind}, policy)
    worlds = intervals(as_read(frame), of)
    survey = declared(of, k=4, rounding=1, no_answer=no_answer)
    # The attacker takes the declaration's word for whether an option had to be chosen, the oracle what was answered.
    assume(of.kind == "single" or not of.must_choose)
    for table in frame["table"].unique(maintain_order=True):
        for line in explain(frame, table, survey).rows(named=True):
            if line["low"] is not None:
                assert (line["low"], line["high"]) == worlds[cell_of(line)]


@settings(max_examples=25, deadline=None)
@given(people(4, 7))
def test_what_a_count_protects_is_what_all_worlds_agree_on_once_it_is_shown(of):
    policy = Policy(k=4, rounding=1)
    frame = protect(of.counts(), {"q": of.kind}, policy)
    assume("withheld" not in set(frame["reason"]))
    for table in frame["table"].unique(maintain_order=True):
        for line in explain(frame, table, declared(of, k=4, rounding=1)).rows(named=True):
            if line["cause"] == "secondary":
                worlds = intervals(also_shown(frame, cell_of(line)), of)
                assert {cell_of(one): (one["low"], one["high"]) for one in line["protects"]} == narrow(
                    worlds, small(of, frame, policy), policy.interval_width
                )


def narrow(worlds: Mapping[Cell, Interval], cells: Mapping[Cell, int], width: int) -> dict[Cell, Interval]:
    return {cell: worlds[cell] for cell in cells if worlds[cell][1] - worlds[cell][0] < width}

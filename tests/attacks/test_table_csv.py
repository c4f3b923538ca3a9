"""A protected table in a plain file: what is read out of it, and what is refused, each with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Refused
from transforms.attack import Figure, Mark, audit_tables, read_hierarchy, read_table
from transforms.attack.table_csv import MARKS, MOST_LINES

T = "_T"
SMALL = """d1,d2,value,status
Total,Total,36,shown
Total,f,16,shown
Total,m,20,shown
a,Total,9,shown
a,f,,hidden
a,m,,hidden
b,Total,27,shown
b,f,,hidden
b,m,,hidden
"""


def table(*lines: str, header: str = "d1,value,status") -> str:
    return "\n".join([header, *lines]) + "\n"


def refusal(text: str, **how) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        read_table(text, **how)
    (finding,) = refused.value.findings
    return finding.place, finding.rule


# --- what is read ---------------------------------------------------------------------------------------


def test_a_table_is_read_with_its_sums():
    file = read_table(SMALL)
    assert file.table.variables == ("d1", "d2")
    assert file.table.trees == {"d1": ({"a": T, "b": T},), "d2": ({"f": T, "m": T},)}
    assert file.table.figures[T, "f"] == Figure(Mark.SHOWN, 16, 3)
    assert file.table.figures["a", "f"] == Figure(Mark.HIDDEN, None, 6)
    assert (file.decimals, file.truth, file.insiders) == (0, {}, {})


def test_header_and_status_are_read_in_any_case_and_order_with_a_byte_order_mark():
    file = read_table("\ufeffsdcStatus,Sex,FREQ,primary\nS,total,5,0\nU,f,2,1\nX,m,3,0\n")
    assert file.table.variables == ("Sex",)
    assert file.table.figures == {
        (T,): Figure(Mark.SHOWN, 5, 2),
        ("f",): Figure(Mark.PRIMARY, None, 3),
        ("m",): Figure(Mark.SECONDARY, None, 4),
    }


@pytest.mark.parametrize("status", sorted(MARKS))
def test_every_documented_status_is_known_and_hides_or_shows(status):
    shown = {"shown", "s", "z", "p", "e", "1", "2", "10", "13", "14"}
    figures = read_table(table("Total,5,s", f"a,5,{status.upper()}", "b,0,u")).table.figures
    assert (figures[("a",)].value == 5) is (status in shown)


def test_an_empty_cell_of_tau_argus_is_a_shown_zero():
    assert read_table(table("Total,5,1", "a,5,1", "b,-,14")).table.figures[("b",)] == Figure(Mark.SHOWN, 0, 4)


def test_secondary_means_hidden_where_no_cell_is_marked_primary():
    figures = read_table(table("Total,5,s", "a,,x", "b,,x")).table.figures
    assert {figure.mark for figure in figures.values()} == {Mark.SHOWN, Mark.HIDDEN}


def test_values_of_hidden_cells_are_kept_from_the_attack():
    given_ = read_table(table("Total,5,s", "a,2,u", "b,3,u"))
    empty = read_table(table("Total,5,s", "a,,u", "b,*,u"))
    assert given_.table == empty.table
    assert sorted(given_.truth.values()) == [2, 3]
    assert empty.truth == {}
    assert audit_tables([given_.table]) == audit_tables([empty.table])


def test_decimals_become_exact_whole_numbers_of_the_smallest_unit():
    file = read_table(table("Total,12.5,s", "a,0.10,u", "b,3,u", "c,9.500,s"), k=2, rounding="0.5")
    assert file.decimals == 3
    assert [file.table.figures[code,].value for code in (T, "c")] == [12_500, 9_500]
    assert (file.table.prior.k, file.table.prior.rounding) == (2_000, 500)
    assert sorted(file.truth.values()) == [100, 3_000]


@pytest.mark.parametrize("code", ["Total", "_T", "T", "total", "合計"])
def test_common_codes_for_the_total_are_recognised(code):
    assert (T,) in read_table(table(f"{code},5,s", "a,,hidden", "b,,hidden")).table.figures


def test_any_other_code_for_the_total_is_given():
    text = table("all,5,s", "a,,hidden", "T,,hidden")
    assert read_table(text, total="all").table.trees == {"d1": ({"a": T, "T": T},)}


def test_a_variable_that_is_not_summed_up_is_named():
    text = table("x,Total,5,s", "x,a,,hidden", "x,b,,hidden", header="d1,d2,value,status")
    assert read_table(text, without_total=("d1",)).table.trees == {"d1": (), "d2": ({"a": T, "b": T},)}


def test_zeros_are_taken_for_shown_where_the_threshold_is_public_and_one_is_shown():
    zero = table("Total,5,s", "a,,u", "b,,u", "c,0,s")
    assert [read_table(zero).table.prior.zeros_shown, read_table(zero, k=3).table.prior.zeros_shown] == [False, True]
    assert not read_table(zero, k=3, zeros_shown=False).table.prior.zeros_shown
    assert not read_table(table("Total,5,s", "a,,u", "b,,u"), k=3).table.prior.zeros_shown


def test_a_contributor_alone_in_a_hidden_cell_knows_it():
    lines = ("Total,9,s,", "a,1,u,p7", "b,3,u,p1; p2;p3", "c,5,u,p7;p7", "d,0,s,p9")
    file = read_table(table(*lines, header="d1,value,status,contributors"))
    assert file.insiders == {"p7": {file.table.key(("a",)): 1, file.table.key(("c",)): 5}}


# --- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        pytest.param("", "line 1", "table_header_malformed", id="no_file"),
        pytest.param("d1,value\nTotal,5\n", "line 1", "table_header_malformed", id="no_status"),
        pytest.param("value,status\n5,s\n", "line 1", "table_header_malformed", id="no_variable"),
        pytest.param("d1,value,freq,status\n", "line 1", "table_header_malformed", id="two_values"),
        pytest.param("d1,D1,value,status\n", "line 1", "table_header_malformed", id="a_column_twice"),
        pytest.param("d1,,value,status\n", "line 1", "table_header_malformed", id="a_column_without_name"),
        pytest.param(table(), "line 1", "table_empty", id="nothing_but_a_header"),
        pytest.param(table("Total,5,s", "a,5"), "line 3", "table_line_malformed", id="too_few_fields"),
        pytest.param(table("Total,5,s", "a,5,s,9"), "line 3", "table_line_malformed", id="too_many_fields"),
        pytest.param(table("Total,5,s", 'a,"5,s'), "line 3", "table_line_malformed", id="an_open_quote"),
        pytest.param(table("Total,5,s", ",5,s"), "line 3", "table_code_malformed", id="no_code"),
        pytest.param(table("Total,5,s", "a\x1b[2J,5,s"), "line 3", "table_code_malformed", id="a_terminal_code"),
        pytest.param(table("Total,5,s", "a,5,q"), "line 3", "table_status_unknown", id="unknown_status"),
        pytest.param(table("Total,5,s", "a,,s"), "line 3", "table_value_missing", id="shown_without_value"),
        pytest.param(table("Total,5,s", "a,-5,s"), "line 3", "table_value_negative", id="negative"),
        pytest.param(table("Total,5,s", "a,-5,u"), "line 3", "table_value_negative", id="negative_hidden"),
        pytest.param(table("Total,5,s", 'a,"1,000",s'), "line 3", "table_value_malformed", id="thousands"),
        pytest.param(table("Total,5,s", "a,1e3,s"), "line 3", "table_value_malformed", id="exponent"),
        pytest.param(table("Total,5,s", "a,<5,hidden"), "line 3", "table_value_malformed", id="less_than"),
        pytest.param(table("Total,5,s", "a,５,s"), "line 3", "table_value_malformed", id="full_width_digit"),
        pytest.param(table("Total,5,s", f"a,{10**11},s"), "line 3", "table_value_too_large", id="too_large"),
        pytest.param(table("Total,5,s", "a,5,s", "a,5,s"), "line 4", "table_cell_twice", id="twice"),
        pytest.param(table("a,5,s", "b,5,s"), "d1", "table_total_missing", id="no_total"),
        pytest.param(table("Total,5,s", "T,5,s"), "d1", "table_total_ambiguous", id="two_totals"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(text, place, rule):
    assert refusal(text) == (place, rule)


def test_a_code_of_the_total_that_is_given_leaves_no_other_reserved_one():
    assert refusal(table("all,5,s", "_T,5,s"), total="all") == ("d1", "table_total_ambiguous")


def test_a_figure_that_was_not_rounded_is_no_interval():
    text = table("Total,20,s", "a,14,s", "b,3,u")
    assert refusal(text, rounding="5") == ("line 3", "table_value_not_rounded")
    assert read_table(text, rounding="2").table.prior.rounding == 2


def test_a_cell_twice_names_both_lines():
    with pytest.raises(Refused) as refused:
        read_table(table("Total,5,s", "a,5,s", "Total,5,s"))
    (finding,) = refused.value.findings
    assert (finding.place, dict(finding.facts)) == ("line 4", {"first": 2})


def test_options_about_variables_that_are_not_there_are_refused():
    assert refusal(SMALL, without_total=("d3",)) == ("line 1", "table_variable_unknown")
    assert refusal(SMALL, hierarchies={"D1": {}}) == ("line 1", "table_variable_unknown")


def test_a_contributor_alone_in_a_cell_without_value_is_refused():
    text = table("Total,9,s,", "a,,u,p7", "b,,u,", header="d1,value,status,contributors")
    assert refusal(text) == ("line 3", "table_contributor_without_value")


def test_tables_beyond_the_limit_are_refused_at_the_first_line_too_many():
    text = table("Total,5,s", *(f"c{number},5,s" for number in range(MOST_LINES)))
    assert refusal(text) == (f"line {MOST_LINES + 2}", "table_too_long")


def test_shown_figures_that_do_not_add_up_are_refused_with_the_line_of_the_total():
    with pytest.raises(Refused) as refused:
        audit_tables([read_table(table("a,5,s", "Total,9,s", "b,5,s")).table])
    assert [(f.place, f.rule) for f in refused.value.findings] == [("line 3: total", "table_does_not_add_up")]


def test_missing_cells_are_unknown_and_counted():
    report = audit_tables([read_table(SMALL.replace("b,m,,hidden\n", "")).table])
    (finding,) = report.findings
    assert (finding.rule, dict(finding.facts), report.verdict.value) == ("table_cells_missing", {"cells": 1}, "PASS")


@given(st.text(alphabet="d1,value status\n\"'TotalabA0159.-+;\x00\u3000…", max_size=200))
def test_whatever_a_file_contains_it_is_a_table_or_refused(text):
    for attempt in (text, "d1,value,status\n" + text, "d1,value,status\nTotal,9,s\n" + text):
        try:
            read_table(attempt)
        except Refused as refused:
            assert all(finding.place in {"d1", *_lines(attempt)} for finding in refused.findings)


def _lines(text: str) -> set[str]:
    return {f"line {number}" for number in range(1, text.count("\n") + text.count("\r") + 3)}


# --- hierarchies -----------------------------------------------------------------------------------------

TAU = "Nr\n@ 1\n@ 2\nOs \n@ 3\n@@31\n@@32\n"
PAIRS = "code,parent\nNr,Total\n1,Nr\n2,Nr\nOs,\n3,Os\n31,3\n32,3\n"


def test_both_formats_say_the_same():
    expected = {"Nr": T, "1": "Nr", "2": "Nr", "Os": T, "3": "Os", "31": "3", "32": "3"}
    assert read_hierarchy(TAU, "h") == read_hierarchy(PAIRS, "h") == expected
    assert read_hierarchy("Total,\n" + PAIRS.split("\n", 1)[1], "h") == expected


def test_subtotals_of_a_hierarchy_are_sums():
    tree = read_hierarchy("N\n@1\n@2\nS\n@3\n@4\n", "h")
    text = table("Total,20,s", "N,8,s", "S,12,s", "1,,u", "2,5,s", "3,,u", "4,,x")
    report = audit_tables([read_table(text, hierarchies={"d1": tree}).table])
    assert [(finding.place, finding.rule) for finding in report.findings] == [("line 5: d1=1", "table_cell_determined")]


def test_a_code_that_the_hierarchy_does_not_have_is_refused():
    assert refusal(table("Total,5,s", "a,5,s"), hierarchies={"d1": {"b": T}}) == (
        "line 3",
        "table_code_not_in_hierarchy",
    )


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        pytest.param("@1\n", "hierarchy_line_malformed", 1, id="begins_below_the_top"),
        pytest.param("a\n@@b\n", "hierarchy_line_malformed", 2, id="skips_a_level"),
        pytest.param("a\n@\n", "hierarchy_line_malformed", 2, id="no_code"),
        pytest.param("a,Total\nb\n", "hierarchy_line_malformed", 2, id="no_parent"),
        pytest.param("a,Total\n,a\n", "hierarchy_line_malformed", 2, id="empty_code"),
        pytest.param("a,Total\nTotal,a\n", "hierarchy_line_malformed", 2, id="a_total_that_is_a_part"),
        pytest.param("a\n@1\nb\n@1\n", "hierarchy_code_twice", 4, id="two_parents_indented"),
        pytest.param("a,Total\nb,Total\n1,a\n1,b\n", "hierarchy_code_twice", 4, id="two_parents"),
        pytest.param("a,Total\n1,c\n", "hierarchy_parent_missing", 2, id="orphan"),
        pytest.param("a,Total\nb,c\nc,b\n", "hierarchy_cycle", 2, id="cycle"),
        pytest.param("a,a\n", "hierarchy_cycle", 1, id="a_part_of_itself"),
        pytest.param("a\x1b,Total\n", "hierarchy_line_malformed", 1, id="a_terminal_code"),
    ],
)
def test_what_is_no_hierarchy_is_refused_with_its_line(text, rule, line):
    with pytest.raises(Refused) as refused:
        read_hierarchy(text, "region.hrc")
    (finding,) = refused.value.findings
    assert (finding.place, finding.rule, dict(finding.facts)) == ("region.hrc", rule, {"line": line})


@given(st.text(alphabet='ab@ ,\n"Total1\x0b\x85', max_size=60))
def test_whatever_a_hierarchy_contains_it_is_a_tree_or_refused(text):
    try:
        tree = read_hierarchy(text, "h")
    except Refused:
        return
    for code in tree:
        for _ in tree:
            code = tree.get(code, code)
        assert code == T

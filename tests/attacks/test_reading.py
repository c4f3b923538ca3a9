"""What the attacker reads: the published file, strictly, and the rules anyone may know."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Refused
from terms.policy import NoAnswer, Policy
from terms.survey import Role
from tests.attacks.press import HIDDEN, column, frame
from tests.builders import integer_qi, multiple, single, survey
from transforms.attack import cells_from_csv, published_rules, unrounded_cells

HEADER = "table,row_var,row,col_var,col,measure,value,status\n"
LINE = "q,q,a,_T,_T,respondents,30,shown\n"


def refusal(text):
    with pytest.raises(Refused) as caught:
        cells_from_csv(text)
    (finding,) = caught.value.findings
    assert finding.rule == "cells_csv_malformed"
    return finding.facts["line"]


codes = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=6)
lines = st.tuples(*[codes] * 6, st.none() | st.integers(-5, 10**6), st.sampled_from(["shown", "hidden"]))


@given(written=st.lists(lines, max_size=5), mark=st.sampled_from(["", "\ufeff"]))
def test_what_is_written_is_read(written, mark):
    cells = frame(written)
    assert cells_from_csv(mark + cells.write_csv(quote_style="always" if written else "necessary")).equals(cells)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", 1, id="empty"),
        pytest.param(LINE, 1, id="no_header"),
        pytest.param(HEADER.replace("table", "Table") + LINE, 1, id="another_header"),
        pytest.param(HEADER.replace(",status", ",status,more") + LINE, 1, id="a_column_more"),
        pytest.param(HEADER + LINE + "q,q,a,_T,_T,respondents,30\n", 3, id="a_field_less"),
        pytest.param(HEADER + LINE + "q,q,a,_T,_T,respondents,30,shown,x\n", 3, id="a_field_more"),
        pytest.param(HEADER + LINE + "\n", 3, id="an_empty_line"),
        pytest.param(HEADER + LINE.replace("30", "30.0"), 2, id="decimals"),
        pytest.param(HEADER + LINE.replace("30", "1e3"), 2, id="exponent"),
        pytest.param(HEADER + LINE.replace("30", "３０"), 2, id="full_width_digits"),
        pytest.param(HEADER + LINE.replace("30", " 30"), 2, id="white_space"),
        pytest.param(HEADER + LINE.replace("30", "9" * 16), 2, id="more_people_than_there_are"),
        pytest.param(HEADER + LINE.replace("shown", "visible"), 2, id="another_status"),
        pytest.param(HEADER + LINE.replace("a,", ",", 1), 2, id="a_name_missing"),
        pytest.param(HEADER + '"q,q,a,_T,_T,respondents,30,shown\n', 2, id="an_open_quote"),
        pytest.param(HEADER + '"' + "x" * 200_000 + '"\n', 2, id="a_field_without_end"),
        pytest.param(HEADER.replace(",", ";") + LINE, 1, id="semicolons"),
    ],
)
def test_anything_else_is_refused_with_its_line(text, line):
    assert refusal(text) == line


def test_a_file_of_no_cells_is_read_as_none():
    assert cells_from_csv(HEADER).height == 0


def test_the_refusal_carries_no_content():
    with pytest.raises(Refused) as caught:
        cells_from_csv(HEADER + '"secret answer\n')
    assert "secret" not in repr(caught.value.findings) + str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_the_rules_come_from_the_declaration_alone():
    declared = survey(
        [
            integer_qi("age", 10, 39, [10, 20, 30, 40]),
            single("q1", "ab"),
            single("q2", "ab", role=Role.SENSITIVE),
            multiple("q3", "ab", both_sides_sensitive=True),
        ],
        policy=Policy(k=12, s=2, s_sensitive=4, rounding=4, no_answer=NoAnswer.RESIDUAL),
    )
    assert published_rules(declared) == {
        "k": 12,
        "rounding": 4,
        "width": 10,
        "no_answer": NoAnswer.RESIDUAL,
        "kinds": {"age": "quasi_identifier", "q1": "single", "q2": "single", "q3": "multiple"},
        "bars": {"q1": 2, "q2": 4, "q3": 2},
        "both_sides": ["q3"],
        "chose_one": [],
    }


def test_answers_that_share_a_cell_name_at_least_one_option():
    declared = survey([multiple("q1", "ab"), multiple("q2", "ab", separator=";")])
    assert published_rules(declared)["chose_one"] == ["q2"]


def test_the_worst_case_holds_true_counts_of_shown_cells_and_no_other():
    counts = pl.DataFrame(
        {
            "table": "q",
            "row_var": "q",
            "row": ["a", "b", "_ANS", "_T"],
            "col_var": "_T",
            "col": "_T",
            "respondents": [31, 4, 35, 36],
            "weighted_total": [1.0, 2.0, 3.0, 4.0],
            "status": ["shown", "hidden", "shown", "shown"],
            "reason": ["", "primary", "", ""],
        }
    )
    expected = frame(column("q", "q", {"a": 31, "b": HIDDEN, "_ANS": 35, "_T": 36}))
    assert unrounded_cells(counts).equals(expected)

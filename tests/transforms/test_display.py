"""Displayed figures: rounded half up, whole percentages, and nothing that displayed counts do not already say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.display import DISPLAY_SCHEMA, display, round_half_up, whole_percent
from transforms.tabulate import COUNTS_SCHEMA

PROTECTED = {**COUNTS_SCHEMA, "status": pl.String, "reason": pl.String}


def protected(table, row_var, columns, hidden=(), weights=None) -> pl.DataFrame:
    """One table: column -> row -> people; ``hidden`` holds (row, column)."""
    col_var = "_T" if list(columns) == ["_T"] else "age"
    rows = list(next(iter(columns.values())))
    lines = [
        (
            table,
            row_var,
            row,
            col_var,
            col,
            columns[col][row],
            None if weights is None else Decimal(weights[col][row]),
            "hidden" if (row, col) in hidden else "shown",
            "",
        )
        for row in rows
        for col in columns
    ]
    return pl.DataFrame(lines, schema=PROTECTED, orient="row")


def figures(frame) -> dict[tuple[str, str, str], int | str]:
    """(measure, row, column) -> value, or ``hidden``."""
    assert dict(frame.schema) == DISPLAY_SCHEMA
    found = {}
    for line in frame.iter_rows(named=True):
        assert (line["value"] is None) == (line["status"] == "hidden")
        key = line["measure"], line["row"], line["col"]
        assert key not in found
        found[key] = "hidden" if line["value"] is None else line["value"]
    return found


@pytest.mark.parametrize(
    ("count", "base", "rounded"),
    [
        *((n, 5, 0) for n in (0, 1, 2)),
        *((n, 5, 5) for n in (3, 5, 7)),
        *((n, 5, 10) for n in (8, 10, 12)),
        (13, 5, 15),
        (4, 10, 0),
        (5, 10, 10),
        (14, 10, 10),
        (15, 10, 20),
        (7, 1, 7),
        (1, 2, 2),
        (2, 2, 2),
        (3, 2, 4),
        (10**15 + 2, 5, 10**15),
        (10**15 + 3, 5, 10**15 + 5),
    ],
)
def test_counts_are_rounded_half_up(count, base, rounded):
    assert round_half_up(count, base) == rounded


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 20, 0),
        (1, 200, 1),  # 0.5
        (1, 201, 0),
        (5, 40, 13),  # 12.5
        (15, 200, 8),  # 7.5
        (1, 3, 33),
        (2, 3, 67),
        (995, 1000, 100),  # 99.5
        (994, 1000, 99),
        (20, 20, 100),
        (25, 20, 100),  # by rounding alone
        (0, 0, None),
        (5, 0, None),
    ],
)
def test_percentages_are_whole_half_up_and_never_above_a_hundred(part, whole, percent):
    assert whole_percent(part, whole) == percent


@given(st.integers(0, 10**9), st.integers(1, 100))
def test_a_rounded_count_is_the_nearest_multiple(count, base):
    assert round_half_up(count, base) == floor(Fraction(count, base) + Fraction(1, 2)) * base


ONE_WAY = {"_T": {"a": 63, "b": 37, "_NA": 12, "_ANS": 100, "_T": 112}}


def test_a_question_alone():
    assert figures(display(protected("q", "q", ONE_WAY), 5)) == {
        ("respondents", "a", "_T"): 65,
        ("percent", "a", "_T"): 65,  # 65 of 100
        ("percent_of_all", "a", "_T"): 59,  # 65 of 110 is 59.09
        ("respondents", "b", "_T"): 35,
        ("percent", "b", "_T"): 35,
        ("percent_of_all", "b", "_T"): 32,  # 31.8
        ("respondents", "_NA", "_T"): 10,
        ("percent_of_all", "_NA", "_T"): 9,
        ("base", "_T", "_T"): 100,
        ("respondents", "_T", "_T"): 110,
    }


def test_percentages_are_those_of_displayed_figures_and_are_not_made_to_add_up():
    shown = figures(display(protected("q", "q", {"_T": {"a": 13, "b": 13, "c": 13, "_ANS": 39, "_T": 39}}), 5))
    assert [shown["percent", row, "_T"] for row in "abc"] == [38, 38, 38]  # 15 of 40, not 13 of 39


TWO_WAY = {
    "young": {"a": 30, "b": 20, "_NA": 10, "_ANS": 50, "_T": 60},
    "old": {"a": 10, "b": 40, "_NA": 0, "_ANS": 50, "_T": 50},
    "_T": {"a": 40, "b": 60, "_NA": 10, "_ANS": 100, "_T": 110},
}


def test_a_question_by_a_break():
    shown = figures(display(protected("q_by_age", "q", TWO_WAY), 5))
    assert {key[0]: value for key, value in shown.items() if key[1:] == ("a", "young")} == {
        "respondents": 30,
        "percent": 60,  # of 50
        "percent_of_all": 50,  # of 60
        "row_percent": 75,  # of 40
    }
    assert ("row_percent", "a", "_T") not in shown
    assert {key[0]: value for key, value in shown.items() if key[1:] == ("_T", "old")} == {
        "base": 50,
        "respondents": 50,
        "row_percent": 45,  # 50 of 110 is 45.45
    }
    assert {key[0]: value for key, value in shown.items() if key[1:] == ("_NA", "old")} == {
        "respondents": 0,
        "percent_of_all": 0,
        "row_percent": 0,
    }


@pytest.mark.parametrize(
    ("hidden", "gone"),
    [
        (("a", "young"), {(m, "a", "young") for m in ("respondents", "percent", "percent_of_all", "row_percent")}),
        (("_ANS", "young"), {("base", "_T", "young"), ("percent", "a", "young"), ("percent", "b", "young")}),
        (
            ("a", "_T"),
            {("respondents", "a", "_T"), ("percent", "a", "_T"), ("percent_of_all", "a", "_T")}
            | {("row_percent", "a", col) for col in ("young", "old")},
        ),
        (
            ("_T", "old"),
            {("respondents", "_T", "old"), ("row_percent", "_T", "old")}
            | {("percent_of_all", row, "old") for row in ("a", "b", "_NA")},
        ),
    ],
)
def test_what_rests_on_a_hidden_figure_is_hidden_and_nothing_else(hidden, gone):
    shown = figures(display(protected("q_by_age", "q", TWO_WAY, hidden={hidden}), 5))
    assert {key for key, value in shown.items() if value == "hidden"} == gone
    assert shown.keys() == figures(display(protected("q_by_age", "q", TWO_WAY), 5)).keys()


def test_a_hidden_count_leaves_no_trace_of_its_size():
    def with_count(count):
        columns = {col: dict(rows) for col, rows in TWO_WAY.items()}
        columns["young"]["a"] = count
        return display(protected("q_by_age", "q", columns, hidden={("a", "young")}), 5)

    assert with_count(1).equals(with_count(9))


def test_an_empty_group_has_counts_and_no_percentages():
    columns = {"a": dict.fromkeys(("x", "_ANS", "_T"), 0), "_T": dict.fromkeys(("x", "_ANS", "_T"), 0)}
    shown = figures(display(protected("q_by_age", "q", columns), 5))
    assert {value for key, value in shown.items() if key[0] in {"respondents", "base"}} == {0}
    assert {value for key, value in shown.items() if "percent" in key[0]} == {"hidden"}


def test_a_quasi_identifier_alone_has_shares_of_everybody_and_no_base():
    shown = figures(display(protected("age", "age", {"_T": {"young": 61, "old": 50, "_T": 111}}), 5))
    assert shown == {
        ("respondents", "young", "_T"): 60,
        ("percent_of_all", "young", "_T"): 55,  # 60 of 110 is 54.5 and a bit
        ("respondents", "old", "_T"): 50,
        ("percent_of_all", "old", "_T"): 45,
        ("respondents", "_T", "_T"): 110,
    }


WEIGHTS = {"_T": {"a": "40.5", "b": "60.75", "_NA": "9", "_ANS": "101.25", "_T": "110.25"}}


@pytest.mark.parametrize(
    ("weight_of_a", "percent"),
    [
        # n = 100 answered, base shown as 100; m = 100 * share, rounded to 5, is the percentage.
        ("40.5", 40),  # share 0.4
        ("43.03125", 45),  # m = 42.5 exactly: half up
        ("43.031249", 40),
        ("0", 0),
        ("101.25", 100),
        ("2.53125", 5),  # m = 2.5
        ("2.531249", 0),
    ],
)
def test_a_weighted_percentage_is_m_of_n_in_steps_of_the_displayed_count(weight_of_a, percent):
    weights = {"_T": WEIGHTS["_T"] | {"a": weight_of_a}}
    shown = figures(display(protected("q", "q", ONE_WAY, weights=weights), 5, {"q"}, {"q"}))
    assert shown["weighted_percent", "a", "_T"] == percent


def test_a_weighted_percentage_is_of_the_displayed_base():
    """33 answered, shown as 35: a weighted share of one half is m = 16.5, shown as 15, and 15 of 35 is 43 %."""
    counts = {"_T": {"a": 11, "b": 22, "_ANS": 33, "_T": 33}}
    weights = {"_T": {"a": "10", "b": "10", "_ANS": "20", "_T": "20"}}
    shown = figures(display(protected("q", "q", counts, weights=weights), 5, {"q"}, {"q"}))
    assert shown["weighted_percent", "a", "_T"] == 43
    assert shown["percent", "a", "_T"] == 29  # 10 of 35


def test_weighted_figures_have_a_line_for_each_answer_and_no_other():
    shown = figures(display(protected("q", "q", ONE_WAY, weights=WEIGHTS), 5, {"q"}, {"q"}))
    assert {key for key in shown if key[0] == "weighted_percent"} == {("weighted_percent", r, "_T") for r in "ab"}
    none = figures(display(protected("q", "q", ONE_WAY, weights=WEIGHTS), 5))
    assert not any(key[0] == "weighted_percent" for key in none)


def test_withheld_weighted_figures_leave_the_others_standing():
    shown = figures(display(protected("q", "q", ONE_WAY, weights=WEIGHTS), 5, (), {"q"}))
    assert [shown["weighted_percent", row, "_T"] for row in "ab"] == ["hidden", "hidden"]
    assert shown["percent", "a", "_T"] == 65


@pytest.mark.parametrize("hidden", [("a", "_T"), ("_ANS", "_T")])
def test_a_weighted_percentage_is_hidden_with_its_count_or_base(hidden):
    shown = figures(display(protected("q", "q", ONE_WAY, {hidden}, WEIGHTS), 5, {"q"}, {"q"}))
    assert shown["weighted_percent", "a", "_T"] == "hidden"


counts = st.integers(0, 60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=3), st.sampled_from([1, 5, 10]), st.data())
def test_every_percentage_can_be_worked_out_from_displayed_counts(groups, rounding, data):
    columns = {
        f"g{n}": {"a": a, "b": b, "_NA": na, "_ANS": a + b, "_T": a + b + na} for n, (a, b, na) in enumerate(groups)
    }
    columns["_T"] = {row: sum(rows[row] for rows in columns.values()) for row in ("a", "b", "_NA", "_ANS", "_T")}
    cells = [(row, col) for col in columns for row in columns[col]]
    hidden = data.draw(st.sets(st.sampled_from(cells)))
    shown = figures(display(protected("q_by_age", "q", columns, hidden), rounding))
    over = {
        "percent": lambda row, col: shown["base", "_T", col],
        "percent_of_all": lambda row, col: shown["respondents", "_T", col],
        "row_percent": lambda row, col: shown["respondents", row, "_T"],
    }
    for (measure, row, col), value in shown.items():
        if measure in over:
            part, whole = shown["respondents", row, col], over[measure](row, col)
            known = "hidden" not in (part, whole) and whole != 0
            assert value == (min(100, floor(Fraction(100 * part, whole) + Fraction(1, 2))) if known else "hidden")
        else:
            key = ("_ANS" if measure == "base" else row, col)
            count = columns[col][key[0]]
            assert value == (
                "hidden" if key in hidden else floor(Fraction(count, rounding) + Fraction(1, 2)) * rounding
            )

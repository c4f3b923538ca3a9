"""Secondary suppression: by hand on small tables, and against every world that the shown figures allow."""

from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.policy import NoAnswer, Policy
from tests.transforms.small_surveys import COUNTS, People, intervals, people
from transforms.protect import protect

Grid = Mapping[str, Mapping[str, int]]
"""Row -> group -> people."""


def table(grid: Grid, bases: Mapping[str, int] | None = None, break_: str = "sex") -> pl.DataFrame:
    """A single question by one break; with ``bases`` (answered, by group) a multiple one."""
    grid = {row: dict(cells) for row, cells in grid.items()}
    groups = list(grid["_NA"])
    answered = bases or {g: sum(cells[g] for row, cells in grid.items() if row != "_NA") for g in groups}
    grid["_ANS"] = dict(answered)
    grid["_T"] = {group: answered[group] + grid["_NA"][group] for group in groups}
    lines = []
    for row, cells in grid.items():
        total = sum(cells.values())
        lines.append(("q", "q", row, "_T", "_T", total))
        lines += [("q_by", "q", row, break_, col, count) for col, count in {**cells, "_T": total}.items()]
    return pl.DataFrame(lines, schema=COUNTS, orient="row")


def hidden(counts: pl.DataFrame, kind: str = "single", **policy) -> dict[tuple[str, str], str]:
    """(row, group) -> reason of all hidden cells."""
    protected = protect(counts, {"q": kind}, Policy(**policy))
    cells = protected.filter(pl.col("status") == "hidden")
    return {(line["row"], line["col"]): line["reason"] for line in cells.iter_rows(named=True)}


# --- by hand --------------------------------------------------------------------------------------


def test_one_small_cell_needs_the_other_three_corners_and_leaves_the_total_column():
    grid = {"a": {"F": 30, "M": 25}, "b": {"F": 4, "M": 20}, "_NA": {"F": 0, "M": 0}}
    assert hidden(table(grid)) == {
        ("b", "F"): "primary",
        ("b", "M"): "secondary",
        ("a", "F"): "secondary",
        ("a", "M"): "secondary",
    }


def test_the_smaller_of_two_possible_partners_is_hidden():
    grid = {
        "a": {"F": 300, "M": 250},
        "b": {"F": 4, "M": 20},
        "c": {"F": 30, "M": 25},
        "_NA": {"F": 0, "M": 0},
    }
    assert set(hidden(table(grid))) == {("b", "F"), ("b", "M"), ("c", "F"), ("c", "M")}


def test_two_small_cells_in_opposite_corners_share_their_partners():
    grid = {
        "a": {"F": 30, "M": 5, "X": 40},
        "b": {"F": 4, "M": 200, "X": 50},
        "c": {"F": 31, "M": 20, "X": 45},
        "_NA": {"F": 0, "M": 0, "X": 0},
    }
    # b by M is dear (200), but with it two more cells do for both; each small cell alone would need three.
    assert set(hidden(table(grid))) == {("a", "F"), ("a", "M"), ("b", "F"), ("b", "M")}


def test_few_without_an_answer_hide_the_base_and_one_option():
    counts = table({"a": {"F": 50}, "b": {"F": 30}, "_NA": {"F": 5}}).filter(pl.col("table") == "q")
    # _ANS = 85 - _NA gives _NA back, and so would 85 - a - b: b is the later of the two.
    assert hidden(counts) == {("_NA", "_T"): "primary", ("_ANS", "_T"): "secondary", ("b", "_T"): "secondary"}


def test_no_answer_as_what_is_left_over_is_hidden_and_hides_nothing_else():
    counts = table({"a": {"F": 50}, "b": {"F": 30}, "_NA": {"F": 5}}).filter(pl.col("table") == "q")
    assert hidden(counts, no_answer=NoAnswer.RESIDUAL) == {("_NA", "_T"): "withheld"}


def test_an_option_that_few_did_not_choose_is_hidden():
    counts = table({"a": {"F": 55}, "b": {"F": 30}, "_NA": {"F": 0}}, bases={"F": 60})
    # 60 - 55 = 5 did not choose a.
    assert hidden(counts.filter(pl.col("table") == "q"), "multiple") == {("a", "_T"): "secondary"}


def test_an_option_that_exactly_k_did_not_choose_is_shown():
    counts = table({"a": {"F": 50}, "b": {"F": 30}, "_NA": {"F": 0}}, bases={"F": 60})
    assert hidden(counts.filter(pl.col("table") == "q"), "multiple") == {}


def test_a_column_that_no_pattern_protects_is_withheld_with_its_zeros_and_its_base():
    grid = {
        "a": {"F": 4, "M": 40},
        "b": {"F": 3, "M": 30},
        "c": {"F": 3, "M": 20},
        "d": {"F": 0, "M": 15},
        "_NA": {"F": 0, "M": 0},
    }
    # 10 women in three cells of at least 1: none can hold more than 8, so an interval is at most 7 wide.
    assert hidden(table(grid)) == {
        **{(row, "F"): "withheld" for row in ("a", "b", "c", "d", "_NA", "_ANS")},
        # Otherwise the total column gives every cell of the withheld one back.
        **{(row, "M"): "secondary" for row in ("a", "b", "c", "d")},
    }


def test_one_person_more_makes_the_same_column_protectable():
    grid = {
        "a": {"F": 5, "M": 40},
        "b": {"F": 3, "M": 30},
        "c": {"F": 3, "M": 20},
        "d": {"F": 0, "M": 15},
        "_NA": {"F": 0, "M": 0},
    }
    # 1 to 9: exactly 8 wide. d is zero and shown.
    assert set(hidden(table(grid))) == {(row, col) for row in "abc" for col in "FM"}


def test_a_question_that_nothing_protects_says_nothing():
    counts = table({"a": {"F": 4}, "b": {"F": 3}, "c": {"F": 3}, "_NA": {"F": 0}}).filter(pl.col("table") == "q")
    assert hidden(counts) == {(row, "_T"): "withheld" for row in ("a", "b", "c", "_NA", "_ANS")}


def test_a_table_without_small_cells_is_shown_whole():
    grid = {"a": {"F": 30, "M": 10}, "b": {"F": 10, "M": 20}, "_NA": {"F": 0, "M": 12}}
    assert hidden(table(grid)) == {}


def test_what_hangs_together_over_two_breaks_is_protected_in_both():
    by_sex = table({"a": {"F": 30, "M": 0}, "b": {"F": 4, "M": 0}, "_NA": {"F": 0, "M": 0}})
    by_age = table({"a": {"20s": 18, "30s": 12}, "b": {"20s": 4, "30s": 0}, "_NA": {"20s": 0, "30s": 0}}, break_="age")
    counts = pl.concat([by_sex, by_age.filter(pl.col("table") == "q_by").with_columns(table=pl.lit("q_by_age"))])
    # b is 4 in all, among the women and among those in their 20s; a is all that can make up for it. Nobody else.
    assert set(hidden(counts)) == {
        ("b", "_T"), ("b", "F"), ("b", "20s"), ("a", "_T"), ("a", "F"), ("a", "20s"),
    }  # fmt: skip


# --- against every world ----------------------------------------------------------------------------


def narrow_cells(protected: pl.DataFrame, asked: People, policy: Policy) -> set[tuple[str, str, str]]:
    """Hidden cells whose true interval, over all worlds in whole numbers, is too narrow."""
    found = intervals(protected, asked)
    narrow = set()
    for line in protected.filter((pl.col("row") != "_T") & (pl.col("status") == "hidden")).iter_rows(named=True):
        place = (line["row"], line["col_var"] if line["col"] != "_T" else "_T", line["col"])
        low, high = found[place]
        if line["row"] == "_NA" and policy.no_answer is NoAnswer.RESIDUAL:
            continue
        # In a withheld column: a zero under a shown zero, or the base where everyone is known to have answered.
        everyone = len(asked.answers) if place[2] == "_T" else asked.groups[place[1]].count(place[2])
        implied = line["reason"] == "withheld" and low == high
        if implied and (low == 0 or (line["row"] == "_ANS" and low == everyone)):
            continue
        if high - low < policy.interval_width:
            narrow.add(place)
    if asked.kind == "multiple":
        for row, break_, col in found:
            if row.startswith("!"):
                low, high = found[row, break_, col]
                few = 0 < true_not_chosen(asked, row[1:], break_, col) < policy.k
                if few and high - low < policy.interval_width:
                    narrow.add((row, break_, col))
    return narrow


def true_not_chosen(asked: People, option: str, break_: str, col: str) -> int:
    return sum(
        answer is not None and option not in answer
        for person, answer in enumerate(asked.answers)
        if break_ == "_T" or asked.groups[break_][person] == col
    )


small_surveys = st.integers(3, 5).flatmap(lambda k: st.tuples(st.just(k), people(k, k + 2)))


@settings(max_examples=100, deadline=None)
@given(small_surveys, st.sampled_from(NoAnswer))
def test_every_hidden_cell_keeps_its_width_in_whole_worlds(survey, no_answer):
    k, asked = survey
    policy = Policy(k=k, rounding=1, no_answer=no_answer)
    protected = protect(asked.counts(), {"q": asked.kind}, policy)
    assert narrow_cells(protected, asked, policy) == set()


@settings(max_examples=100, deadline=None)
@given(small_surveys, st.sampled_from(NoAnswer))
def test_no_shown_cell_stands_for_fewer_than_k(survey, no_answer):
    k, asked = survey
    protected = protect(asked.counts(), {"q": asked.kind}, Policy(k=k, rounding=1, no_answer=no_answer))
    shown = protected.filter(pl.col("status") == "shown")["respondents"]
    assert not shown.is_between(1, k - 1).any()


@pytest.mark.parametrize("shown_again", ["b", "a"])
def test_the_check_against_every_world_catches_a_broken_pattern(shown_again):
    """The positive control: primary suppression alone, and a pattern with one secondary cell too few."""
    answers = [frozenset("a")] * 5 + [frozenset("b")] + [frozenset("a")] * 3 + [frozenset("b")] * 3
    asked = People("single", ["a", "b"], {"sex": list("FFFFFFMMMMMM")}, answers)
    policy = Policy(k=3, rounding=1)
    protected = protect(asked.counts(), {"q": "single"}, policy)
    assert narrow_cells(protected, asked, policy) == set()
    again = (pl.col("col") == "M") & (pl.col("row") == shown_again)
    broken = protected.with_columns(status=pl.when(again).then(pl.lit("shown")).otherwise(pl.col("status")))
    assert ("b", "sex", "F") in narrow_cells(broken, asked, policy)
    alone = protected.with_columns(
        status=pl.when(pl.col("reason") == "primary").then(pl.lit("hidden")).otherwise(pl.lit("shown"))
    )
    assert ("b", "sex", "F") in narrow_cells(alone, asked, policy)

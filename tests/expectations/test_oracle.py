"""On random class tables a suite says what plain arithmetic on plain lists says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import expectations
from terms.findings import Verdict
from terms.policy import Policy
from tests.expectations import good

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def passes(shore: str, frames: dict[str, Any], policy: Policy = good.SURVEY.policy, rows: int = 60) -> bool:
    result = expectations.check(
        shore, frames, survey=good.SURVEY, policy=policy, clean_rows=rows, codebook=good.CODEBOOK
    )
    return result.verdict is Verdict.PASS


def changed(make: Callable[[], dict[str, good.Columns]], name: str, **values: Any) -> st.SearchStrategy[good.Columns]:
    """A good class table with up to two changes, each of one place to one of ``values`` of its column."""
    columns = make()[name]
    length = len(next(iter(columns.values())))
    change = st.sampled_from(sorted(values)).flatmap(
        lambda column: st.tuples(st.just(column), st.integers(0, length - 1), st.sampled_from(values[column]))
    )

    def apply(changes: list[tuple[str, int, Any]]) -> good.Columns:
        table = {column: list(cells) for column, cells in columns.items()}
        for column, line, value in changes:
            table[column][line] = value
        return table

    return st.lists(change, max_size=2).map(apply)


def rows_of(columns: good.Columns) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@FEW
@given(
    classes=st.lists(st.tuples(st.integers(0, 14), st.integers(1, 4)), min_size=1, max_size=6),
    k=st.integers(3, 12),
    distinct=st.integers(1, 3),
    lost=st.sampled_from([0, 0, 0, 1]),
)
@example(classes=[(10, 2), (10, 2)], k=10, distinct=2, lost=0)
@example(classes=[(9, 2), (10, 2)], k=10, distinct=2, lost=0)
def test_anonymised(classes, k, distinct, lost):
    people = [number for number, _ in classes]
    frame = pl.DataFrame({"people": people, "distinct_income": [values for _, values in classes]})
    expected = min(people) >= k and min(values for _, values in classes) >= distinct and not lost
    policy = Policy(k=k, l=distinct, rounding=1)
    assert passes("anonymised", {"classes": frame}, policy, sum(people) + lost) is expected


@FEW
@given(
    changed(
        good.raw,
        "columns",
        column=["q1", "nickname", "mail", "source"],
        role=["question", "open_text", "direct_identifier", "ignored", "weight", ""],
    )
)
def test_raw_columns(columns):
    expected = all(
        row["column"] in {"source", "line", "respondent"} or good.STORED.get(row["column"]) == row["role"]
        for row in rows_of(columns)
    )
    assert passes("raw", good.raw() | {"columns": columns}) is expected


@FEW
@given(changed(good.raw, "detectors", rows=[0, 0, 1, None], column=["q1", "nickname"]))
def test_raw_detectors(detectors):
    wanted = {(column, rule) for column in good.STORED for rule in ("looks_like_email", "looks_like_number")}
    wanted -= {("weight", "looks_like_email"), ("weight", "looks_like_number")}
    got = {(row["column"], row["rule"]) for row in rows_of(detectors)}
    expected = wanted <= got and all(row["rows"] == 0 for row in rows_of(detectors))
    assert passes("raw", good.raw() | {"detectors": detectors}) is expected


CODES = {
    "age": [*map(str, range(10, 40)), "_NA"],
    "region": ["n", "s", "_NA"],
    "q1": ["a", "b", "_NA"],
    "income": ["low", "high", "_NA"],
    **{option: ["0", "1", "_NA", None] for option in ("q2__x", "q2__y", "q3__u", "q3__v")},
}


@FEW
@given(
    changed(good.clean, "codes", code=["a", "n", "0", "12", "9", "40", "_NA", None, "low"], people=[10, 30, None]),
    st.sampled_from([(60, 60), (60, 60), (60, 59), (0, 0), (61, 61)]),
)
def test_clean(codes, population):
    rows, people = population
    declared = all(row["code"] in CODES[row["variable"]] for row in rows_of(codes))
    added = all(
        sum(row["people"] or 0 for row in rows_of(codes) if row["variable"] == variable) == rows for variable in CODES
    )
    counted = all(row["people"] is not None for row in rows_of(codes))
    frames = {"codes": codes, "population": good.table("rows people", population)}
    assert passes("clean", frames) is (declared and added and counted and rows == people > 0)


def cells_obey(cells: list[dict[str, Any]], k: int, rounding: int) -> bool:
    """The rules of the last shore for the two tables of the good release, written down a second time."""
    shown = {}
    percents = {"percent", "percent_of_all", "row_percent", "weighted_percent"}
    for cell in cells:
        key = (cell["table"], cell["row"], cell["col"], cell["measure"])
        if cell["row"] not in {"a", "b", "_NA", "_T"} or cell["status"] not in {"shown", "hidden"}:
            return False
        if (cell["status"] == "shown") != (cell["value"] is not None):
            return False
        if cell["measure"] not in {"respondents", "base"} | percents:
            return False
        shown[key] = cell["value"]
    if len(shown) != len(cells):
        return False
    for (table, row, col, measure), value in shown.items():
        if value is None:
            continue
        if measure in {"respondents", "base"}:
            if value % rounding or 0 != value < k:
                return False
            continue
        of = {"percent_of_all": ("_T", col, "respondents"), "row_percent": (row, "_T", "respondents")}
        base = shown.get((table, *of.get(measure, ("_T", col, "base"))))
        count = shown.get((table, row, col, "respondents"))
        if base is None or count is None or not 0 <= value <= 100:
            return False
        # Half up: the whole number whose interval [p - 1/2, p + 1/2) the share lies in; 100 at the most.
        share = Fraction(100 * count, base) if base else None
        if measure != "weighted_percent" and (share is None or not -1 <= 2 * (min(share, 100) - value) < 1):
            return False
    return True


@settings(FEW, max_examples=40)
@given(
    changed(
        good.released,
        "cells",
        row=["a", "_NA", "_T", "z"],
        measure=["respondents", "base", "percent", "percent_of_all", "row_percent", "weighted_percent", "mean"],
        value=[None, 0, 5, 10, 11, 20, 25, 30, 33, 34, 40, 50, 60, 67, 100, 101],
        status=["shown", "hidden", "other"],
    ),
    st.sampled_from([(10, 5), (10, 1), (20, 5)]),
)
def test_released(cells, bars):
    k, rounding = bars
    frames = {"cells": pl.DataFrame(cells, strict=False)}
    assert passes("released", frames, Policy(k=k, rounding=rounding)) is cells_obey(rows_of(cells), k, rounding)

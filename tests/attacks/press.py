"""Published frames written by hand or from true counts, for the attacker to read. Shares no code with the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from terms.policy import NoAnswer

SCHEMA = {
    **dict.fromkeys(("table", "row_var", "row", "col_var", "col", "measure"), pl.String),
    "value": pl.Int64,
    "status": pl.String,
}
KINDS = {
    "q": "single",
    "q2": "single",
    "m": "multiple",
    "sex": "quasi_identifier",
    "age": "quasi_identifier",
}
HIDDEN = None
Line = tuple[str, str, str, str, str, str, int | None, str]


def rules(**changed: Any) -> dict[str, Any]:
    """k = 10, worst case (unrounded), every interval at least 8 wide."""
    known = {"k": 10, "rounding": 1, "kinds": KINDS, "no_answer": NoAnswer.CELL, "width": 8}
    return known | changed


def line(
    table: str, row_var: str, row: str, by: str, col: str, measure: str, value: int | None, status: str = ""
) -> Line:
    return table, row_var, row, by, col, measure, value, status or ("hidden" if value is None else "shown")


def column(table: str, row_var: str, rows: Mapping[str, int | None], by: str = "_T", col: str = "_T") -> list[Line]:
    """One column of counts; ``_ANS`` is printed as the base, ``HIDDEN`` as hidden."""
    return [
        line(table, row_var, "_T" if row == "_ANS" else row, by, col, measure(row), count)
        for row, count in rows.items()
    ]


def measure(row: str) -> str:
    return "base" if row == "_ANS" else "respondents"


def grid(table: str, row_var: str, by: str, header: str, rows: Mapping[str, str]) -> list[Line]:
    """A two-way table as one would write it: ``?`` is hidden.

    >>> [(cell[2], cell[4], cell[6]) for cell in grid("t", "q", "sex", "f m _T", {"a": "1 ? 3"})]
    [('a', 'f', 1), ('a', 'm', None), ('a', '_T', 3)]
    """
    lines = []
    for row, counts in rows.items():
        for col, count in zip(header.split(), counts.split(), strict=True):
            value = None if count == "?" else int(count)
            lines += column(table, row_var, {row: value}, by, col)
    return lines


def frame(*lines: Iterable[Line]) -> pl.DataFrame:
    return pl.DataFrame([cell for group in lines for cell in group], schema=SCHEMA, orient="row")


def round_half_up(count: int, base: int) -> int:
    """To the nearest multiple of ``base``, by looking for it."""
    return min(range(0, count + base + 1, base), key=lambda multiple: (abs(multiple - count), -multiple))


def rules_broken(report: Any) -> set[str]:
    return {finding.rule for finding in report.findings}


def interval(report: Any, row: str, col: str = "_T", table: str | None = None) -> tuple[int, int | None]:
    """The one interval of a hidden cell."""
    (found,) = {
        (cell.low, cell.high)
        for cell in report.intervals
        if (cell.address.row, cell.address.col) == (row, col) and table in (None, cell.address.table)
    }
    return found


def one_way(**rows: int | None) -> pl.DataFrame:
    """The one-way table of question q."""
    return frame(column("q", "q", rows))


BY_SEX = {"a": "? 40 ?", "b": "30 35 65", "c": "? 25 ?", "_ANS": "44 100 144", "_T": "44 100 144"}
BY_AGE = {"b": "35 30 65", "_ANS": "70 74 144", "_T": "70 74 144"}


def linked(old_a: int | str, old_c: int | str) -> pl.DataFrame:
    """Question q by two breaks, with the same totals, hidden in both; by age two cells are up to the caller."""
    rows = BY_AGE | {"a": f"20 {old_a} ?", "c": f"15 {old_c} ?"}
    return frame(grid("q_by_sex", "q", "sex", "f m _T", BY_SEX), grid("q_by_age", "q", "age", "y o _T", rows))

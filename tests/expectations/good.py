"""One survey, class tables of it that keep every promise (worked out by hand), and ways to spoil them."""

from __future__ import annotations

from typing import Any

import expectations
from terms.codebook import Codebook
from terms.findings import Verdict
from terms.survey import Role, Survey
from tests import builders

Columns = dict[str, list[Any]]
"""A class table as plain columns."""

SURVEY: Survey = builders.survey(
    [
        builders.plain("mail", Role.DIRECT_IDENTIFIER),
        builders.integer_qi("age", 10, 39, [10, 20, 30, 40]),
        builders.single("region", ["n", "s"], role=Role.QUASI_IDENTIFIER),
        builders.single("q1", "ab"),
        builders.multiple("q2", "xy"),
        builders.multiple("q3", "uv", separator=";"),
        builders.single("income", ["low", "high"], role=Role.SENSITIVE),
        builders.plain("comment", Role.OPEN_TEXT),
        builders.plain("memo", Role.IGNORED),
        builders.plain("weight", Role.WEIGHT),
    ]
)
CODEBOOK: Codebook = builders.codebook(SURVEY, {"age": 1})
CLEAN_ROWS = 60

STORED = {
    "age": "quasi_identifier",
    "region": "quasi_identifier",
    "q1": "question",
    "q2__x": "question",
    "q2__y": "question",
    "q3__u": "question",
    "q3__v": "question",
    "income": "sensitive",
    "weight": "weight",
}


def table(columns: str, *rows: tuple[Any, ...]) -> Columns:
    """Rows under these column names."""
    return {name: [row[i] for row in rows] for i, name in enumerate(columns.split())}


def raw() -> dict[str, Columns]:
    housekeeping = [("source", ""), ("line", ""), ("respondent", "")]
    answers = [name for name in STORED if name != "weight"]
    return {
        "columns": table("column role", *housekeeping, *STORED.items()),
        "detectors": table(
            "column rule rows",
            *((name, rule, 0) for name in answers for rule in ("looks_like_email", "looks_like_number")),
        ),
    }


def clean() -> dict[str, Columns]:
    return {
        "codes": table(
            "variable code people",
            ("age", "10", 30),
            ("age", "39", 20),
            ("age", "_NA", 10),
            ("region", "n", 30),
            ("region", "s", 30),
            ("q1", "a", 30),
            ("q1", "b", 20),
            ("q1", "_NA", 10),
            ("q2__x", "0", 40),
            ("q2__x", "1", 15),
            ("q2__x", None, 5),
            ("q2__y", "1", 55),
            ("q2__y", None, 5),
            ("q3__u", "0", 60),
            ("q3__v", "1", 60),
            ("income", "low", 50),
            ("income", "high", 10),
        ),
        "population": table("rows people", (CLEAN_ROWS, 60)),
    }


def anonymised() -> dict[str, Columns]:
    # 10 people and 2 values: exactly k and exactly l.
    return {"classes": table("people distinct_income", (10, 2), (50, 2))}


def released() -> dict[str, Columns]:
    """q1 alone and by region; in the north b, _NA and therefore the base are hidden."""
    alone = ("q1", "q1")
    north, south, both = (("q1_by_region", "q1", "region", col) for col in ("n", "s", "_T"))
    lines = [
        *_column(alone[0], alone[1], "_T", "_T", people=60, base=50, a=(30, 60, 50), b=(20, 40, 33), na=(10, 17)),
        *_column(*both, people=60, base=50, a=(30, 60, 50), b=(20, 40, 33), na=(10, 17)),
        *_column(*north, people=30, base=None, a=(20, None, 67), b=(None, None, None), na=(None, None)),
        *_column(*south, people=30, base=None, a=(10, None, 33), b=(None, None, None), na=(None, None)),
        ("q1_by_region", "q1", "a", "region", "n", "row_percent", 67, "shown"),
        ("q1_by_region", "q1", "a", "region", "s", "row_percent", 33, "shown"),
        ("q1_by_region", "q1", "_T", "region", "s", "row_percent", 50, "shown"),
        ("q1", "q1", "a", "_T", "_T", "weighted_percent", 58, "shown"),
    ]
    return {"cells": table("table row_var row col_var col measure value status", *lines)}


def _column(
    table: str,
    row_var: str,
    col_var: str,
    col: str,
    *,
    people: int,
    base: int | None,
    a: tuple[int | None, ...],
    b: tuple[int | None, ...],
    na: tuple[int | None, ...],
) -> list[tuple[Any, ...]]:
    """The figures of one column: count, percent and percent of all for a and b, count and percent of all for _NA."""
    figures = [("_T", "respondents", people), ("_T", "base", base)]
    for row, values in (("a", a), ("b", b)):
        figures += [(row, m, v) for m, v in zip(("respondents", "percent", "percent_of_all"), values, strict=True)]
    figures += [("_NA", m, v) for m, v in zip(("respondents", "percent_of_all"), na, strict=True)]
    return [
        (table, row_var, row, col_var, col, measure, value, "hidden" if value is None else "shown")
        for row, measure, value in figures
    ]


FRAMES = {"raw": raw, "clean": clean, "anonymised": anonymised, "released": released}


def check(shore: str, frames: dict[str, Any], **overrides: Any) -> expectations.SuiteResult:
    """Judge a shore of the survey above."""
    given = {
        "survey": SURVEY,
        "policy": SURVEY.policy,
        "clean_rows": CLEAN_ROWS,
        "codebook": CODEBOOK,
    }
    return expectations.check(shore, frames, **(given | overrides))


def failing(result: expectations.SuiteResult) -> set[str]:
    """The promises that do not hold."""
    return {name for name, verdict in result.checks.items() if verdict is not Verdict.PASS}


def lines_where(columns: Columns, **wanted: Any) -> list[int]:
    """Numbers of the lines that hold these values."""
    length = len(next(iter(columns.values())))
    return [i for i in range(length) if all(columns[name][i] == value for name, value in wanted.items())]


def put(columns: Columns, where: dict[str, Any], **new: Any) -> None:
    """Change exactly one line."""
    (line,) = lines_where(columns, **where)
    for name, value in new.items():
        columns[name][line] = value


def add(columns: Columns, *values: Any) -> None:
    """One more line."""
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)


def add_cell(frames: dict[str, Columns], cell: str, *figure: Any) -> None:
    """One more line: ``table row_var row col_var col``, then measure, value and status."""
    add(frames["cells"], *cell.split(), *figure)


def drop(columns: Columns, **where: Any) -> None:
    """Take these lines out."""
    for line in reversed(lines_where(columns, **where)):
        for column in columns.values():
            del column[line]

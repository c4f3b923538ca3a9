"""Releases built by hand for the tests of the publishing room.

``displayed`` follows the contract of ``data/cells.csv`` with plain loops: exact counts and the cells to hide in,
displayed frame out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from terms.codebook import Codebook
from terms.findings import Verdict
from terms.release import ReleaseContent
from terms.survey import Column, Kind, Survey, TableSpec

SCHEMA = {
    "table": pl.String,
    "row_var": pl.String,
    "row": pl.String,
    "col_var": pl.String,
    "col": pl.String,
    "measure": pl.String,
    "value": pl.Int64,
    "status": pl.String,
}

Person = Mapping[str, str | tuple[str, ...]]
"""Variable -> code; of a multiple question the codes chosen, or ``_NA``."""


def frame(lines: Iterable[tuple]) -> pl.DataFrame:
    """The displayed frame of these lines: everything but the status, which follows from the value."""
    full = [(*line, "hidden" if line[-1] is None else "shown") for line in lines]
    return pl.DataFrame(full, schema=SCHEMA, orient="row")


def content(survey: Survey, codebook: Codebook, cells: pl.DataFrame, **overrides: Any) -> ReleaseContent:
    """A release that passed its tests."""
    given: dict[str, Any] = {
        "survey": survey,
        "codebook": codebook,
        "number": 1,
        "released_on": date(2026, 11, 23),
        "cells": cells,
        "withheld_questions": (),
        "weights_withheld": (),
        "tests": {"A1": Verdict.PASS, "A2": Verdict.PASS, "raw": Verdict.PASS, "released": Verdict.PASS},
        "software_version": "0.1.0",
    }
    return ReleaseContent(**(given | overrides))


def displayed(
    survey: Survey, codebook: Codebook, people: list[Person], withheld: Iterable[str] = (), weighted: bool = False
) -> pl.DataFrame:
    """What is published about these people when every count of 1 to k - 1 is hidden (and nothing else)."""
    lines: list[tuple] = []
    for table in survey.tables:
        lines += _table(survey, codebook, table, people, table.row in set(withheld), weighted)
    return frame(lines)


def _table(
    survey: Survey, codebook: Codebook, table: TableSpec, people: list[Person], withheld: bool, weighted: bool
) -> Iterable[tuple]:
    question = survey.column(table.row)
    categories = list(codebook.categories(survey, table.row))
    groups = [*codebook.categories(survey, table.col), "_T"] if table.col else ["_T"]
    col_var = table.col or "_T"

    def inside(group: str) -> list[Person]:
        return [person for person in people if group == "_T" or person[col_var] == group]

    def shown(count: int) -> int | None:
        policy = survey.policy
        if withheld or 0 < count < policy.k:
            return None
        return (2 * count + policy.rounding) // (2 * policy.rounding) * policy.rounding

    for row in [*categories, "_T"]:
        for group in groups:
            members = inside(group)
            at = (table.name, table.row, row, col_var, group)
            answered = [person for person in members if person[table.row] != "_NA"]
            everyone, base = shown(len(members)), shown(len(answered))
            if row == "_T":
                yield (*at, "respondents", everyone)
                if question.role.is_answer:
                    yield (*at, "base", base)
                continue
            count = shown(sum(_said(question, person, row) for person in members))
            yield (*at, "respondents", count)
            if row != "_NA" and question.role.is_answer:
                yield (*at, "percent", _percent(count, base))
                if weighted:
                    yield (*at, "weighted_percent", _percent(count, base))
            yield (*at, "percent_of_all", _percent(count, everyone))
            if table.col:
                whole = shown(sum(_said(question, person, row) for person in people))
                yield (*at, "row_percent", _percent(count, whole))


def _said(question: Column, person: Person, row: str) -> bool:
    said = person[question.name]
    return row in said if question.kind is Kind.MULTIPLE and said != "_NA" else said == row


def _percent(part: int | None, whole: int | None) -> int | None:
    if part is None or whole is None:
        return None
    return (200 * part + whole) // (2 * whole) if whole else 0

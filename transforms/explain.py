"""Why counts are hidden: for every hidden count of one table its cause, what it protects, and how far it can move.

Everything here is for an operator's eyes. The cause of a hidden count alone helps an attacker: whatever is primary
stands for 1 to k - 1 people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

import polars as pl

from terms.hierarchy import ANSWERED, NO_ANSWER, TOTAL
from terms.policy import NoAnswer, Policy
from terms.survey import Survey
from transforms.attack import attack, published_rules, unrounded_cells
from transforms.display import display
from transforms.protect import HIDDEN, PRIMARY, SECONDARY, WITHHELD
from transforms.relations import Key, key_of
from transforms.what_if import WhatIf, address_of_line, key_of_line

PROTECTED = pl.Struct(
    {
        "table": pl.String,
        "row": pl.String,
        "col": pl.String,
        "measure": pl.String,
        "respondents": pl.Int64,
        "low": pl.Int64,
        "high": pl.Int64,
    }
)

EXPLAIN_SCHEMA = {
    "table": pl.String,
    "row_var": pl.String,
    "row": pl.String,
    "col_var": pl.String,
    "col": pl.String,
    "measure": pl.String,
    "respondents": pl.Int64,
    "cause": pl.String,
    "scope": pl.String,
    "low": pl.Int64,
    "high": pl.Int64,
    "displayed_low": pl.Int64,
    "displayed_high": pl.Int64,
    "protects": pl.List(PROTECTED),
}
"""Addresses are those of ``data/cells.csv`` (a base is row ``_T``, measure ``base``); counts and ends are people."""


class Cause(StrEnum):
    """Why a count is hidden."""

    PRIMARY = "primary"
    """R2: it stands for someone, but for fewer than k people."""
    SECONDARY = "secondary"
    """R2: with it a hidden count could be worked out."""
    GROUP_DISCLOSURE = "group_disclosure"
    """R3: some group agrees too much, and the whole question is withheld."""
    JOINT = "joint"
    """All breaks of the question together give hidden counts back to whoever knows the demographics."""
    RESIDUAL = "residual"
    """The no answers of a survey that never prints them."""
    NO_PATTERN = "no_pattern"
    """No choice of further hidden counts protects the small ones: ``scope`` is withheld whole."""


Interval = tuple[int, int | None]
"""Least and most people; ``None``: nothing bounds it."""


def explain(
    protected: pl.DataFrame,
    table: str,
    survey: Survey,
    *,
    disclosing: Collection[str] = (),
    joint: Collection[str] = (),
) -> pl.DataFrame:
    """The hidden counts of one table (:data:`EXPLAIN_SCHEMA`), in the table's order.

    ``protected``: the frame of :func:`transforms.protect.protect`; ``disclosing`` and ``joint``: the questions it
    withholds for R3 and for the joint test. ``low`` and ``high``: what an attacker can conclude who knows every shown
    count to the person; ``displayed_low`` and ``displayed_high``: what a reader of the rounded figures can. They
    are null where the count is protected by nothing, because it follows from the group sizes alone.

    ``protects`` lists the small counts that a secondary one keeps uncertain, each with the interval it would have
    (``low`` to ``high``) if this one alone were shown as well; where it is empty none hangs on this one alone.
    ``scope`` of a count without a pattern: ``column``, ``table`` or ``question``.

    Raises Fault ``tables_do_not_add_up`` and ``solver_failed``.
    """
    rules = published_rules(survey)
    lines = protected.filter(pl.col("table") == table).rows(named=True)
    kin = _kin(protected, lines[0]["row_var"], rules["kinds"])
    exact = _intervals(unrounded_cells(kin), {**rules, "rounding": 1})
    displayed = _intervals(display(kin, survey.policy.rounding), rules)
    silent = {*disclosing, *joint}
    what_if = WhatIf(protected.filter(~pl.col("row_var").is_in(sorted(silent))), survey.policy, rules["kinds"], table)
    told = []
    for line in lines:
        if line["status"] != HIDDEN:
            continue
        cause = _cause(line, survey.policy, disclosing, joint)
        scope = _scope(protected, line) if cause is Cause.NO_PATTERN else None
        told.append(
            address_of_line(line)
            | {"respondents": line["respondents"], "cause": cause.value, "scope": scope}
            | _ends(exact.get(key_of_line(line)), "")
            | _ends(displayed.get(key_of_line(line)), "displayed_")
            | {"protects": what_if.shown(key_of_line(line)) if cause is Cause.SECONDARY else []}
        )
    return pl.DataFrame(told, schema=EXPLAIN_SCHEMA)


def _kin(protected: pl.DataFrame, row_var: str, kinds: Mapping[str, str]) -> pl.DataFrame:
    """The lines that bear on a row variable: a question stands alone, groups of people hang together."""
    if kinds[row_var] != "quasi_identifier":
        return protected.filter(pl.col("row_var") == row_var)
    groups = sorted(name for name, kind in kinds.items() if kind == "quasi_identifier")
    return protected.filter(pl.col("row_var").is_in(groups))


def _intervals(cells: pl.DataFrame, rules: Mapping[str, Any]) -> dict[Key, Interval]:
    report = attack(cells, **rules, evidence=True)
    found = {}
    for cell in report.intervals:
        row = ANSWERED if cell.address.measure == "base" else cell.address.row
        key = key_of((cell.address.row_var, row), (cell.address.col_var, cell.address.col))
        found[key] = (cell.low, cell.high)
    return found


def _ends(interval: Interval | None, prefix: str) -> dict[str, int | None]:
    low, high = interval or (None, None)
    return {f"{prefix}low": low, f"{prefix}high": high}


def _cause(line: Mapping[str, Any], policy: Policy, disclosing: Collection[str], joint: Collection[str]) -> Cause:
    if line["row_var"] in disclosing:
        return Cause.GROUP_DISCLOSURE
    if line["row_var"] in joint:
        return Cause.JOINT
    if line["reason"] in {PRIMARY, SECONDARY}:
        return Cause(line["reason"])
    residual = line["row"] == NO_ANSWER and policy.no_answer is NoAnswer.RESIDUAL
    return Cause.RESIDUAL if residual else Cause.NO_PATTERN


def _scope(protected: pl.DataFrame, line: Mapping[str, Any]) -> str:
    """How much is withheld together with a count: its column, its table, or everything about its row variable."""
    mine = protected.filter((pl.col("row_var") == line["row_var"]) & (pl.col("row") != TOTAL))
    if (mine["reason"] == WITHHELD).all():
        return "question"
    crossed = mine.filter((pl.col("table") == line["table"]) & (pl.col("col") != TOTAL))
    return "table" if crossed.height and (crossed["reason"] == WITHHELD).all() else "column"


def hidden_measures(protected: pl.DataFrame, table: str, row: str, col: str) -> Iterator[tuple[str, str]]:
    """Percentages that a cell whose count is shown does not have: measure, and ``base_hidden`` or ``total_hidden``.

    A figure any part of which is hidden is hidden (R7).
    """
    mine = protected.filter(pl.col("table") == table)
    hidden = set(mine.filter(pl.col("status") == HIDDEN).select("row", "col").iter_rows())
    if (row, col) in hidden:
        return
    if row not in {TOTAL, ANSWERED, NO_ANSWER} and (ANSWERED, col) in hidden:
        yield "percent", "base_hidden"
    if col != TOTAL and (row, TOTAL) in hidden:
        yield "row_percent", "total_hidden"

"""The last shore: every figure that leaves obeys the rules, judged from the displayed figures alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expectations.promises import Breaches, ClassTables, Promise, lines, published_codes, whole
from terms.codebook import Codebook
from terms.hierarchy import TOTAL
from terms.policy import Policy
from terms.survey import Survey

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("respondents", "base")
PERCENTS = ("percent", "percent_of_all", "row_percent", "weighted_percent")
SHOWN, HIDDEN = "shown", "hidden"

Key = tuple[str, str, str, str]
"""Table, row, column and measure of one figure."""


def tables(survey: Survey) -> ClassTables:
    """``cells``: the displayed frame, the columns of ``data/cells.csv``."""
    return {"cells": ("table", "row_var", "row", "col_var", "col", "measure", "value", "status")}


def promises(
    survey: Survey,
    measured: dict[str, pd.DataFrame],
    *,
    policy: Policy,
    codebook: Codebook | None,
    **_: Any,
) -> list[Promise]:
    """The promises about displayed cells."""
    specs = {table.name: [table.row, table.col or TOTAL] for table in survey.tables}
    named = {"specs": specs}
    coded = {"codes": published_codes(survey, codebook)}
    least = {"least": least_shown(policy)}
    step = {"rounding": policy.rounding}
    asked = {"questions": [table.name for table in survey.tables if survey.column(table.row).role.is_answer]}
    promised: list[tuple[str, dict[str, Any], dict[str, int]]] = [
        ("released_tables_are_declared", named, {}),
        ("released_codes_are_declared", coded, {}),
        ("released_measures_are_known", {}, {}),
        ("released_status_is_known", {}, {}),
        ("released_figures_appear_once", {}, {}),
        ("hidden_cells_have_no_value", {}, {}),
        ("shown_cells_have_a_value", {}, {}),
        ("shown_counts_hold_k", least, {"k": policy.k}),
        ("shown_counts_are_rounded", step, step),
        ("shown_percents_are_whole", {}, {}),
        ("shown_percents_have_shown_figures", asked, {}),
        ("shown_percents_follow_from_shown_figures", asked, {}),
    ]
    return [Promise(rule=rule, table="cells", terms=terms, facts=facts) for rule, terms, facts in promised]


def least_shown(policy: Policy) -> int:
    """The smallest count above zero that may be shown: k people, rounded half up as they would be.

    Where k is no multiple of the rounding this is not k: 13 people, rounded to 5, are shown as 15.
    """
    return (2 * policy.k + policy.rounding) // (2 * policy.rounding) * policy.rounding


def released_tables_are_declared(cells: pd.DataFrame, specs: dict[str, list[str]]) -> list[str]:
    """Lines of a table that nobody declared, or of other variables than its own."""
    return [
        table or ""
        for table, row_var, col_var in lines(cells, "table", "row_var", "col_var")
        if [row_var, col_var] != specs.get(table)
    ]


def released_codes_are_declared(cells: pd.DataFrame, codes: dict[str, list[str]]) -> list[str]:
    """Lines with a code that their variables may not be published under."""
    allowed = {variable: {*known, TOTAL} for variable, known in codes.items()} | {TOTAL: {TOTAL}}
    nothing: set[str] = set()
    return [
        table or ""
        for table, row_var, row, col_var, col in lines(cells, "table", "row_var", "row", "col_var", "col")
        if row not in allowed.get(row_var, nothing) or col not in allowed.get(col_var, nothing)
    ]


def released_measures_are_known(cells: pd.DataFrame) -> list[str]:
    """Lines of a measure that no rule here speaks about."""
    known = {*COUNTS, *PERCENTS}
    return [table or "" for table, measure in lines(cells, "table", "measure") if measure not in known]


def released_status_is_known(cells: pd.DataFrame) -> list[str]:
    """Lines that are neither shown nor hidden."""
    return [table or "" for table, status in lines(cells, "table", "status") if status not in {SHOWN, HIDDEN}]


def released_figures_appear_once(cells: pd.DataFrame) -> list[str]:
    """Second lines about the same figure, which might say something else than the first."""
    seen: set[Key] = set()
    repeated = []
    for key in lines(cells, "table", "row", "col", "measure"):
        if key in seen:
            repeated.append(key[0] or "")
        seen.add(key)
    return repeated


def hidden_cells_have_no_value(cells: pd.DataFrame) -> list[str]:
    """Lines that are not shown and have a value all the same."""
    return [
        table or ""
        for table, status, value in lines(cells, "table", "status", "value")
        if status != SHOWN and value is not None
    ]


def shown_cells_have_a_value(cells: pd.DataFrame) -> list[str]:
    """Shown lines without a value."""
    return [
        table or ""
        for table, status, value in lines(cells, "table", "status", "value")
        if status == SHOWN and value is None
    ]


def shown_counts_hold_k(cells: pd.DataFrame, least: int) -> list[str]:
    """Shown counts that stand for somebody, but for too few."""
    return [
        table or ""
        for (table, _, _, measure), value in _shown(cells)
        if measure in COUNTS and whole(value) != 0 and (whole(value) or 0) < least
    ]


def shown_counts_are_rounded(cells: pd.DataFrame, rounding: int) -> list[str]:
    """Shown counts that are no multiple of the rounding."""
    return [
        table or ""
        for (table, _, _, measure), value in _shown(cells)
        if measure in COUNTS and (whole(value) is None or whole(value) % rounding)
    ]


def shown_percents_are_whole(cells: pd.DataFrame) -> list[str]:
    """Shown percentages that are no whole number between 0 and 100."""
    return [
        table or ""
        for (table, _, _, measure), value in _shown(cells)
        if measure in PERCENTS and whole(value) not in range(101)
    ]


def shown_percents_have_shown_figures(cells: pd.DataFrame, questions: list[str]) -> list[str]:
    """Shown percentages whose count, or the base they are of, is not shown."""
    shown = dict(_shown(cells))
    return [
        key[0] or "" for key in shown if key[3] in PERCENTS and not {_count(key), _base(key, questions)} <= shown.keys()
    ]


def shown_percents_follow_from_shown_figures(cells: pd.DataFrame, questions: list[str]) -> list[str]:
    """Shown percentages that are not the displayed count of the displayed base, half up (R7).

    A weighted percentage follows from weights that are not displayed; nothing is promised of it here.
    """
    shown = dict(_shown(cells))
    wrong = []
    for key, value in shown.items():
        if key[3] not in PERCENTS or key[3] == "weighted_percent":
            continue
        count, base = whole(shown.get(_count(key))), whole(shown.get(_base(key, questions)))
        # Where either is missing the promise before this one is broken already.
        if count is not None and base is not None and whole(value) != _percent(count, base):
            wrong.append(key[0] or "")
    return wrong


def _shown(cells: pd.DataFrame) -> list[tuple[Key, object]]:
    """Every figure that is displayed; a shown line without a value displays none."""
    return [
        ((table, row, col, measure), value)
        for table, row, col, measure, value, status in lines(cells, "table", "row", "col", "measure", "value", "status")
        if status == SHOWN and value is not None
    ]


def _count(key: Key) -> Key:
    table, row, col, _ = key
    return (table, row, col, "respondents")


def _base(key: Key, questions: list[str]) -> Key:
    """What a percentage is of. A table of a quasi-identifier has no answering base: there it is everyone."""
    table, row, col, measure = key
    if measure == "row_percent":
        return (table, row, TOTAL, "respondents")
    if measure != "percent_of_all" and table in questions:
        return (table, TOTAL, col, "base")
    return (table, TOTAL, col, "respondents")


def _percent(count: int, base: int) -> int | None:
    return min((200 * count + base) // (2 * base), 100) if base > 0 else None


BREACHES: dict[str, Breaches] = {
    breaches.__name__: breaches
    for breaches in (
        released_tables_are_declared,
        released_codes_are_declared,
        released_measures_are_known,
        released_status_is_known,
        released_figures_appear_once,
        hidden_cells_have_no_value,
        shown_cells_have_a_value,
        shown_counts_hold_k,
        shown_counts_are_rounded,
        shown_percents_are_whole,
        shown_percents_have_shown_figures,
        shown_percents_follow_from_shown_figures,
    )
}

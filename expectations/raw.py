"""The first shore: nothing is stored that names a respondent or holds her words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expectations.promises import Breaches, ClassTables, Promise, lines, whole
from terms.survey import Kind, Role, Survey

if TYPE_CHECKING:
    import pandas as pd

HOUSEKEEPING = ("source", "line", "respondent")
"""Stored beside the fields: where a row came from, and the pseudonym."""


def tables(survey: Survey) -> ClassTables:
    """``columns``: one line a stored column. ``detectors``: one line a scanned column and content rule.

    ``rows`` counts the rows whose value looks like an e-mail address, a long number and the like.
    """
    return {
        "columns": ("column", "role"),
        "detectors": ("column", "rule", "rows"),
    }


def promises(survey: Survey, measured: dict[str, pd.DataFrame], **_: Any) -> list[Promise]:
    """The promises about what is stored."""
    roles = _declared_roles(survey)
    answers = {role.value for role in Role if role.is_answer} | {Role.QUASI_IDENTIFIER.value}
    scanned = [column for column in measured["columns"]["column"] if roles.get(column) in answers]
    declared = {"roles": roles}
    return [
        Promise(rule="stored_columns_are_declared", table="columns", terms=declared),
        Promise(rule="stored_roles_are_declared", table="columns", terms=declared),
        Promise(rule="stored_columns_pass_the_door", table="columns", terms=declared),
        Promise(rule="stored_values_do_not_identify", table="detectors"),
        Promise(rule="stored_answers_were_scanned", table="detectors", terms={"answers": scanned}),
    ]


def _declared_roles(survey: Survey) -> dict[str, str]:
    """Role of every declared field, and of every option of a multiple question (``name__code``)."""
    fields = {field.name: field.column.role.value for field in survey.fields()}
    options = {
        f"{column.name}__{option.code}": column.role.value
        for column in survey.columns
        if column.kind is Kind.MULTIPLE
        for option in column.options
    }
    return fields | options


def stored_columns_are_declared(columns: pd.DataFrame, roles: dict[str, str]) -> list[str]:
    """Stored columns that are neither declared nor housekeeping."""
    return ["" for column in columns["column"] if column not in HOUSEKEEPING and column not in roles]


def stored_roles_are_declared(columns: pd.DataFrame, roles: dict[str, str]) -> list[str]:
    """Declared columns that are stored under another role than the declaration gives them."""
    return [
        column
        for column, role in lines(columns, "column", "role")
        if column not in HOUSEKEEPING and column in roles and role != roles[column]
    ]


def stored_columns_pass_the_door(columns: pd.DataFrame, roles: dict[str, str]) -> list[str]:
    """Stored columns of a role that may not be stored, by the declaration or by what the store says of them."""
    barred = {role.value for role in Role if not role.passes_the_door}
    return [
        column or ""
        for column, role in lines(columns, "column", "role")
        if column not in HOUSEKEEPING and barred & {role, roles.get(column)}
    ]


def stored_values_do_not_identify(detectors: pd.DataFrame) -> list[str]:
    """Columns in which a content rule found something, or did not say how much."""
    return [column or "" for column, rows in lines(detectors, "column", "rows") if whole(rows) != 0]


def stored_answers_were_scanned(detectors: pd.DataFrame, answers: list[str]) -> list[str]:
    """Stored quasi-identifiers and answers that not every content rule looked at."""
    scanned = set(lines(detectors, "column", "rule"))
    rules = {rule for column, rule in scanned if column in answers}  # that of the pseudonym is not theirs
    return [answer for answer in answers if not rules or any((answer, rule) not in scanned for rule in rules)]


BREACHES: dict[str, Breaches] = {
    breaches.__name__: breaches
    for breaches in (
        stored_columns_are_declared,
        stored_roles_are_declared,
        stored_columns_pass_the_door,
        stored_values_do_not_identify,
        stored_answers_were_scanned,
    )
}

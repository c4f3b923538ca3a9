"""The second shore: declared codes only, and one row a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from expectations.promises import Breaches, ClassTables, Promise, lines, whole
from terms.hierarchy import NO_ANSWER
from terms.survey import Column, Kind, Survey

if TYPE_CHECKING:
    import pandas as pd


def tables(survey: Survey) -> ClassTables:
    """``codes``: one line a variable and code that occurs, null included. ``population``: one line in all.

    A variable is a quasi-identifier, a single question, or one option (``name__code``, codes ``0`` and ``1``, null
    where the question was not answered). ``rows`` and ``people`` count the clean rows and the people in them.
    """
    return {
        "codes": ("variable", "code", "people"),
        "population": ("rows", "people"),
    }


def promises(survey: Survey, measured: dict[str, pd.DataFrame], **_: Any) -> list[Promise]:
    """The promises about coded answers."""
    coded = dict(pair for column in survey.columns for pair in _coded(column).items())
    variables = {"variables": list(coded)}
    rows = whole(next(iter(measured["population"]["rows"]), None))
    return [
        Promise(rule="clean_variables_are_declared", table="codes", terms=variables),
        Promise(rule="clean_codes_are_declared", table="codes", terms={"coded": coded}),
        Promise(rule="clean_counts_cover_everyone", table="codes", terms={**variables, "rows": rows}),
        Promise(rule="clean_holds_people", table="population"),
        Promise(rule="clean_row_is_a_person", table="population"),
    ]


def _coded(column: Column) -> dict[str, Any]:
    """Variable -> its declared codes (``None`` for null), or its range."""
    if column.kind is Kind.MULTIPLE:
        return {f"{column.name}__{option.code}": ["0", "1", NO_ANSWER, None] for option in column.options}
    if column.kind is Kind.INTEGER:
        return {column.name: {"least": column.least, "most": column.most}}
    if column.kind is Kind.SINGLE:
        merged = any(option.includes_no_answer for option in column.options)
        codes = [option.code for option in column.options]
        return {column.name: codes if merged else [*codes, NO_ANSWER]}
    return {}


def clean_variables_are_declared(codes: pd.DataFrame, variables: list[str]) -> list[str]:
    """Lines about a variable that nobody declared."""
    declared = set(variables)
    return ["" for variable in codes["variable"] if variable not in declared]


def clean_codes_are_declared(codes: pd.DataFrame, coded: dict[str, Any]) -> list[str]:
    """Variables with a code that is not one of theirs, once a code."""
    allowed = {variable: domain if isinstance(domain, dict) else {*domain} for variable, domain in coded.items()}
    return [
        variable
        for variable, code in lines(codes, "variable", "code")
        if variable in allowed and not _is_declared(code, allowed[variable])
    ]


def _is_declared(code: object, allowed: Any) -> bool:
    if not isinstance(allowed, dict):
        return code in allowed
    if code == NO_ANSWER:
        return True
    # str(int(...)) takes the one canonical spelling: no leading zero, no sign, no other script's digits.
    digits = isinstance(code, str) and code.isdecimal() and len(code) < 10 and str(int(code)) == code
    return digits and allowed["least"] <= int(code) <= allowed["most"]


def clean_counts_cover_everyone(codes: pd.DataFrame, variables: list[str], rows: int | None) -> list[str]:
    """Declared variables whose counts do not add up to the clean rows: not measured, or not on this table."""
    total = dict.fromkeys(variables, 0)
    uncounted = set()
    for variable, people in lines(codes, "variable", "people"):
        count = whole(people)
        if count is None or count < 0:
            uncounted.add(variable)
        elif variable in total:
            total[variable] += count
    return [variable for variable in variables if variable in uncounted or total[variable] != rows]


def clean_holds_people(population: pd.DataFrame) -> list[str]:
    """A clean layer without rows, or not measured as one table."""
    rows = [whole(value) for value in population["rows"]]
    return [] if len(rows) == 1 and rows[0] is not None and rows[0] > 0 else [""]


def clean_row_is_a_person(population: pd.DataFrame) -> list[str]:
    """A clean layer whose rows are not people."""
    return [
        ""
        for rows, people in lines(population, "rows", "people")
        if whole(rows) is None or whole(rows) != whole(people)
    ]


BREACHES: dict[str, Breaches] = {
    breaches.__name__: breaches
    for breaches in (
        clean_variables_are_declared,
        clean_codes_are_declared,
        clean_counts_cover_everyone,
        clean_holds_people,
        clean_row_is_a_person,
    )
}

"""Counting a survey by hand: person by person, cell by cell, without the code of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

import polars as pl

from terms.survey import Column, Kind, Survey
from tests.strategies import Fieldwork, Person
from transforms.tabulate import COUNTS_SCHEMA

Levels = Mapping[str, int]
"""Quasi-identifier -> level of its hierarchy."""


def is_question(column: Column) -> bool:
    return column.hierarchy is None


def codes_of(column: Column, levels: Levels) -> list[str]:
    """The codes a variable is published with; none where its level is ``*``."""
    if column.hierarchy is not None:
        return [code for code in column.hierarchy.levels[levels[column.name]].labels if code != "*"]
    merged = column.kind is Kind.SINGLE and any(option.includes_no_answer for option in column.options)
    return [option.code for option in column.options] + ([] if merged else ["_NA"])


def belongs(person: Person, column: Column, code: str, levels: Levels) -> bool:
    """Whether a person is counted under a code of a variable."""
    if code == "_T":
        return True
    if column.hierarchy is not None:
        exact = person.groups[column.name]
        return column.hierarchy.levels[levels[column.name]].group_of[exact] == code
    answer = person.answers[column.name]
    if code == "_ANS":
        return answer is not None
    return answer is None if code == "_NA" else answer is not None and code in answer


def kinds_of(survey: Survey, counts: pl.DataFrame) -> dict[str, str]:
    """How the rows of each row variable add up."""
    columns = [survey.column(name) for name in dict.fromkeys(counts["row_var"].to_list())]
    return {column.name: column.kind.value if is_question(column) else "quasi_identifier" for column in columns}


def count(fieldwork: Fieldwork, levels: Levels) -> pl.DataFrame:
    """The counts frame of every table that the levels leave something of."""
    survey, lines = fieldwork.survey, []
    for table in survey.tables:
        row_var, col_var = survey.column(table.row), survey.column(table.col) if table.col else None
        cols = codes_of(col_var, levels) if col_var else []
        rows = codes_of(row_var, levels)
        if not rows or (col_var and not cols):
            continue
        for row in [*rows, *(["_ANS"] if is_question(row_var) else []), "_T"]:
            for col in [*cols, "_T"]:
                inside = [
                    person
                    for person in fieldwork.people
                    if belongs(person, row_var, row, levels) and (col == "_T" or belongs(person, col_var, col, levels))
                ]
                place = (table.name, table.row, row, table.col or "_T", col)
                lines.append((*place, len(inside), _total(inside) if survey.weight else None))
    return pl.DataFrame(lines, schema=COUNTS_SCHEMA, orient="row")


def _total(people: Iterable[Person]) -> Decimal:
    return sum((person.weight or Decimal(0) for person in people), Decimal(0))


def tuples(fieldwork: Fieldwork) -> pl.DataFrame:
    """Distinct exact codes and sensitive values with their ``people``: what a plan is searched on."""
    survey = fieldwork.survey
    sensitive = [column.name for column in survey.columns if column.role.value == "sensitive"]
    found: dict[tuple[str, ...], int] = {}
    for person in fieldwork.people:
        key = (*person.groups.values(), *(_value(person.answers[name]) for name in sensitive))
        found[key] = found.get(key, 0) + 1
    names = [column.name for column in survey.quasi_identifiers] + sensitive
    return pl.DataFrame([(*key, people) for key, people in found.items()], schema=[*names, "people"], orient="row")


def _value(answer: frozenset[str] | None) -> str:
    return "-" if answer is None else "|".join(sorted(answer))


def roster(fieldwork: Fieldwork, levels: Levels, counts: pl.DataFrame, question: str) -> pl.DataFrame:
    """How many people share each category of every break of a question, and a weight."""
    breaks = _breaks(counts, question)
    found = Counter(
        (*(_group(fieldwork.survey, person, name, levels) for name in breaks), person.weight)
        for person in fieldwork.people
    )
    schema = {**dict.fromkeys(breaks, pl.String), "weight": pl.Decimal(18, 6), "people": pl.Int64}
    return pl.DataFrame([(*key, people) for key, people in found.items()], schema=schema, orient="row")


def weight_classes(
    fieldwork: Fieldwork, levels: Levels, counts: pl.DataFrame, question: str
) -> list[dict[str, object]]:
    """People of every published group by weight and answer; of a multiple question option by option."""
    column = fieldwork.survey.column(question)
    found: Counter[tuple[object, ...]] = Counter()
    for person in fieldwork.people:
        answer = person.answers[question]
        if answer is None:
            continue
        groups = ["_T", *((by, _group(fieldwork.survey, person, by, levels)) for by in _breaks(counts, question))]
        if column.kind is Kind.MULTIPLE:
            other = "0" if column.both_sides_sensitive else None
            said = [(option.code, "1" if option.code in answer else other) for option in column.options]
        else:
            said = [("", next(iter(answer)))]
        found.update((group, option, person.weight, given) for group in groups for option, given in said)
    names = ("group", "option", "weight", "answer")
    return [dict(zip(names, key, strict=True)) | {"people": people} for key, people in found.items()]


def _breaks(counts: pl.DataFrame, question: str) -> list[str]:
    crossed = counts.filter((pl.col("row_var") == question) & (pl.col("col_var") != "_T"))
    return crossed["col_var"].unique(maintain_order=True).to_list()


def _group(survey: Survey, person: Person, by: str, levels: Levels) -> str:
    return survey.column(by).hierarchy.levels[levels[by]].group_of[person.groups[by]]

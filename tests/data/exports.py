"""Exports as a test reads them: the csv module and a declaration's nouns, none of our readers and none of our SQL."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from terms.reading import read_survey
from terms.survey import Column, Kind, Role, Survey

ROOT = Path(__file__).parents[2]
SURVEYS = ROOT / "data" / "surveys"

Line = Mapping[str, str]
"""One row of an export: field -> text, trimmed; empty where the file lacks an optional column."""


def data_folder() -> Path:
    """Where the real data sets lie."""
    return Path(os.environ["SHOJI_DATA"]) / "datasets"


@cache
def declared(name: str) -> Survey:
    """The shipped declaration of that name."""
    return read_survey(SURVEYS / name / "survey.yaml")


def headers_of(survey: Survey) -> list[set[str]]:
    """The header texts of every file."""
    return [set(headers) for headers, _ in _tables(survey)]


def undeclared(survey: Survey, headers: set[str]) -> set[str]:
    """Header texts that the declaration does not know."""
    return headers - {header for field in survey.fields() for header in field.headers}


@cache
def _lines(name: str) -> tuple[Line, ...]:
    survey, lines = declared(name), []
    for (headers, rows), source in zip(_tables(survey), survey.sources, strict=True):
        place = {header: number for number, header in enumerate(headers)}
        where = {f.name: next((place[h] for h in f.headers if h in place), None) for f in survey.fields()}
        for row in rows:
            line = {field: "" if number is None else row[number].strip() for field, number in where.items()}
            if source.keep_field is None or line[source.keep_field] in source.keep_values:
                lines.append(line)
    return tuple(lines)


def lines_of(survey: Survey) -> tuple[Line, ...]:
    """Every row that the declaration keeps."""
    return _lines(survey.name)


def _tables(survey: Survey) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Headers (repeats numbered, empty ones by place) and rows of every file."""
    for source in survey.sources:
        folder = data_folder() if source.from_data else SURVEYS / survey.name
        raw = (folder / source.path).read_bytes()
        text = (gzip.decompress(raw) if source.path.endswith(".gz") else raw).decode("utf-8-sig")
        first, *rows = csv.reader(io.StringIO(text, newline=""))
        headers: list[str] = []
        seen: Counter[str] = Counter()
        for place, header in enumerate((" ".join(header.split()) for header in first), start=1):
            seen[header] += 1
            unique = header if seen[header] == 1 else f"{header} #{seen[header]}"
            headers.append(unique if header else f"#{place}")
        yield headers, rows


def code_of(column: Column, written: str) -> str | None:
    """The code of one answer of a single question; ``None`` where it is not declared."""
    if not written.strip():
        return next((option.code for option in column.options if option.includes_no_answer), "_NA")
    return next((option.code for option in column.options if written.strip() in option.values), None)


def parts_of(column: Column, cell: str) -> list[str]:
    """The answers in a cell, where no option contains the separator."""
    if column.separator is None:
        return [cell] if cell else []
    return [part.strip() for part in cell.split(column.separator) if part.strip()]


def problems_of(survey: Survey, line: Line) -> Iterator[str]:
    """The columns of one row that hold what nobody declared."""
    for column in survey.columns:
        if column.role is Role.TIMESTAMP and not survey.fieldwork_from <= day_of(line) <= survey.fieldwork_to:
            yield column.name
        if column.kind is None or column.in_own_columns or column.undeclared_as_no_answer:
            continue
        if not _known(column, line[column.name]):
            yield column.name


def _known(column: Column, written: str) -> bool:
    if column.kind is Kind.MULTIPLE:
        return not _left_over(column, written)
    if column.kind is Kind.SINGLE:
        return code_of(column, written) is not None
    digits = written.isascii() and written.isdigit()
    return not written or (digits and column.least <= int(written) <= column.most)


def _left_over(column: Column, cell: str) -> str:
    """What stays of a joined cell when a regular expression has taken the declared options out."""
    options = sorted((re.escape(value) for option in column.options for value in option.values), key=len, reverse=True)
    separator = re.escape(column.separator)
    return re.sub(rf"(?:^|(?<={separator}))(?:{'|'.join(options)})(?:{separator}|$)", "", cell).strip()


def day_of(line: Line) -> date:
    """The day of an answer; the first of all days where it is not a date."""
    try:
        return date.fromisoformat(line["answered_at"][:10])
    except ValueError:
        return date.min


def people_of(survey: Survey) -> list[Line]:
    """The first good answer of everyone who agreed."""
    first: dict[str, Line] = {}
    for number, line in enumerate(sorted(lines_of(survey), key=lambda line: line.get("answered_at", ""))):
        consent = survey.consent.column is None or line[survey.consent.column] in survey.consent.accepted
        if consent and not list(problems_of(survey, line)):
            first.setdefault(line[survey.respondents.key] if survey.respondents.key else str(number), line)
    return list(first.values())


def classes_of(survey: Survey, people: list[Line], levels: Mapping[str, int]) -> Counter[tuple[str, ...]]:
    """People in every combination of generalised quasi-identifiers."""

    def group(column: Column, line: Line) -> str:
        integer = column.kind is Kind.INTEGER
        code = (line[column.name] or "_NA") if integer else code_of(column, line[column.name])
        return column.hierarchy.levels[levels[column.name]].group_of[code]

    return Counter(tuple(group(column, line) for column in survey.quasi_identifiers) for line in people)

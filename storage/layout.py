"""Which column of a file is which declared field: header rows against the declaration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from terms.findings import Finding, Refused
from terms.headers import normalise, number_repeats
from terms.survey import Field

MOST_HEADER_ROWS = 3
_IMPORT_ID = '{"ImportId"'
"""How Qualtrics begins every cell of its third header row."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where each field stands in a record. Positions count from 0 here, from 1 in findings."""

    positions: Mapping[str, int]
    """Field name -> position; an optional field that the file lacks is absent."""
    width: int
    """Cells a whole record has."""

    @property
    def names(self) -> dict[int, str]:
        """Position -> field name."""
        return {position: name for name, position in self.positions.items()}


def header_texts(rows: Sequence[Sequence[str]]) -> list[str]:
    """One unique text a column: header rows joined with `` / ``, blank cells left out.

    In all rows but the last a blank cell carries the text to its left, where a row below has one: so
    SurveyMonkey writes a question once over the columns of its options.

    >>> header_texts([["id", "Which?", "", ""], ["", "A", "B", ""]])
    ['id', 'Which? / A', 'Which? / B', '#4']
    """
    width = max(map(len, rows), default=0)
    cells = [[normalise(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    for number, row in enumerate(cells[:-1]):
        has_text_below = [any(below) for below in zip(*cells[number + 1 :], strict=True)]
        carried = accumulate(row, lambda left, cell: cell or left)
        cells[number] = [
            text if below else cell for text, cell, below in zip(carried, row, has_text_below, strict=True)
        ]
    return number_repeats(" / ".join(filter(None, column)) for column in zip(*cells, strict=True))


def matches(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> int:
    """How many fields find their header when ``rows`` are the header rows."""
    headers = set(header_texts(rows))
    return sum(not headers.isdisjoint(map(normalise, field.headers)) for field in fields)


def layout_of(place: str, fields: Sequence[Field], head: Sequence[Sequence[str]], header_rows: int) -> Layout:
    """Match the first ``header_rows`` rows of ``head`` with the declaration, exactly.

    Every column of the file is declared and every field that is not optional is there, once. Header texts can
    hold personal data, so findings name columns of the file by position and fields by name.

    Raises :class:`terms.findings.Refused` with every problem, or with the one that explains them all.
    """
    headers = _without_blank_tail(header_texts(head[:header_rows]), fields)
    found = {
        field.name: [
            headers.index(header) for header in dict.fromkeys(map(normalise, field.headers)) if header in headers
        ]
        for field in fields
    }
    problems = [
        *_undeclared(place, headers, found),
        *_not_once(place, fields, found),
        *_shared(place, found),
    ]
    better = _other_header_rows(fields, head, header_rows, found, problems)
    if better is not None:
        facts = {"declared": header_rows, "found": better}
        raise Refused(Finding(place=place, rule="header_rows_wrong", facts=facts))
    if not any(found.values()):
        facts = {"declared": len(fields), "columns": len(headers)}
        one_column = len(headers) == 1 and sum(not field.optional for field in fields) > 1
        raise Refused(Finding(place=place, rule="delimiter_wrong" if one_column else "no_declared_column", facts=facts))
    if problems:
        raise Refused(*problems)
    positions = {name: places[0] for name, places in found.items() if places}
    return Layout(positions=positions, width=len(headers))


def _without_blank_tail(headers: list[str], fields: Sequence[Field]) -> list[str]:
    """Without the blank columns at the end, unless declared: a row that has a cell there is ragged."""
    declared = {normalise(header) for field in fields for header in field.headers}
    width = len(headers)
    while width and headers[width - 1] == f"#{width}" and headers[width - 1] not in declared:
        width -= 1
    return headers[:width]


def _undeclared(place: str, headers: Sequence[str], found: Mapping[str, list[int]]) -> list[Finding]:
    declared = {position for positions in found.values() for position in positions}
    return [
        Finding(place=f"{place}: column {position + 1}", rule="column_undeclared")
        for position in range(len(headers))
        if position not in declared
    ]


def _not_once(place: str, fields: Sequence[Field], found: Mapping[str, list[int]]) -> list[Finding]:
    problems = []
    for field in fields:
        positions = found[field.name]
        if not positions and not field.optional:
            problems.append(Finding(place=f"{place}: {field.name}", rule="column_missing"))
        if len(positions) > 1:
            facts = {"first": positions[0] + 1, "second": positions[1] + 1}
            problems.append(Finding(place=f"{place}: {field.name}", rule="column_twice", facts=facts))
    return problems


def _shared(place: str, found: Mapping[str, list[int]]) -> list[Finding]:
    owners = Counter(position for positions in found.values() for position in positions)
    return [
        Finding(
            place=f"{place}: column {position + 1}",
            rule="column_declared_twice",
            facts={"fields": ", ".join(name for name, positions in found.items() if position in positions)},
        )
        for position, number in sorted(owners.items())
        if number > 1
    ]


def _other_header_rows(
    fields: Sequence[Field],
    head: Sequence[Sequence[str]],
    header_rows: int,
    found: Mapping[str, list[int]],
    problems: Sequence[Finding],
) -> int | None:
    """Another number of header rows that explains what is wrong: far more fields match, or Qualtrics says so."""
    for number, row in enumerate(head, start=1):
        if number > header_rows and any(cell.lstrip().startswith(_IMPORT_ID) for cell in row):
            return number
    if not problems:
        return None
    matched = sum(map(bool, found.values()))
    others = {
        number: matches(fields, head[:number])
        for number in range(1, min(len(head), MOST_HEADER_ROWS) + 1)
        if number != header_rows
    }
    best = max(others, key=others.__getitem__, default=None)
    if best is None or others[best] <= 2 * matched:
        return None
    return best

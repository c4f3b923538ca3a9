"""What anyone can read out of a published ``data/cells.csv``."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from terms.findings import refuse
from terms.hierarchy import ANSWERED, NO_ANSWER, TOTAL
from transforms.attack.system import MOST_PEOPLE

COLUMNS = {
    "table": pl.String,
    "row_var": pl.String,
    "row": pl.String,
    "col_var": pl.String,
    "col": pl.String,
    "measure": pl.String,
    "value": pl.Int64,
    "status": pl.String,
}
STATUSES = ("shown", "hidden")
COUNTS = ("respondents", "base")
WHOLE = re.compile(r"-?[0-9]{1,15}")


def cells_from_csv(text: str) -> pl.DataFrame:
    """Read the text of a ``data/cells.csv`` (one leading byte order mark allowed).

    Eight text columns by position and name, ``value`` a whole number or empty. Nothing is guessed: any other
    header, a line with too many or too few fields, an empty name, another status is refused with
    ``cells_csv_malformed`` and the number of the line.

    >>> cells_from_csv("table,row_var,row,col_var,col,measure,value,status\\nq1,q1,a,_T,_T,respondents,30,shown\\n")[
    ...     "value"
    ... ].to_list()
    [30]
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[list[str | int | None]] = []
    broken = False
    try:
        broken = next(reader, None) != list(COLUMNS)
        while not broken and (fields := next(reader, None)) is not None:
            broken = len(fields) != len(COLUMNS) or not _is_cell(fields)
            if not broken:
                rows.append([*fields[:6], int(fields[6]) if fields[6] else None, fields[7]])
    except csv.Error:
        broken = True
    if broken:
        raise refuse("cells.csv", "cells_csv_malformed", line=max(reader.line_num, 1))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _is_cell(fields: list[str]) -> bool:
    *names, value, status = fields
    return all(names) and status in STATUSES and (not value or WHOLE.fullmatch(value) is not None)


class Condition(NamedTuple):
    """One thing that holds for everyone counted in a cell."""

    variable: str
    code: str
    holds: bool = True
    """``False``: the option was not chosen (multiple answers)."""


Key = frozenset[Condition]
"""What identifies a cell wherever it is printed: its conditions, totals left out."""

EVERYONE: Key = frozenset()


class Address(NamedTuple):
    """Where a cell is printed."""

    table: str
    row_var: str
    row: str
    col_var: str
    col: str
    measure: str

    @property
    def column(self) -> Key:
        """The group the cell's column stands for."""
        if TOTAL in (self.col_var, self.col):
            return EVERYONE
        return frozenset({Condition(self.col_var, self.col)})

    def key(self, is_question: bool) -> Key:
        """The identity of a count printed here."""
        if self.measure == "base" or self.row == ANSWERED:
            return self.column | {Condition(self.row_var, ANSWERED)} if is_question else self.column
        return self.column if self.row == TOTAL else self.column | {Condition(self.row_var, self.row)}


@dataclass(frozen=True)
class Printed:
    """One count as it is printed, first where it is printed first."""

    address: Address
    shown: bool
    value: int | None


@dataclass(frozen=True)
class Percentage:
    """One shown figure that is no count."""

    address: Address
    value: int


@dataclass
class Release:
    """A published frame, read."""

    counts: dict[Key, Printed] = field(default_factory=dict)
    percentages: list[Percentage] = field(default_factory=list)
    columns: dict[tuple[str, Key], dict[Key, None]] = field(default_factory=dict)
    """(row variable, group) -> the counts of that column, the group's own size left out."""
    codes: dict[str, dict[str, None]] = field(default_factory=dict)
    """Variable -> its printed codes in order, ``_NA`` of a question left out."""
    breaks: dict[str, dict[str, None]] = field(default_factory=dict)
    """Row variable -> the variables it is broken down by."""
    crossed: dict[tuple[str, str | None], str] = field(default_factory=dict)
    """(row variable, break or None) -> the first table that prints such lines."""
    has_no_answer: set[str] = field(default_factory=set)
    """Questions with a row for no answer; elsewhere everyone counts as having answered."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """(table, rule) for each line that breaks a rule by itself."""

    def is_shown(self, key: Key) -> bool:
        return key in self.counts and self.counts[key].shown

    def shown_value(self, key: Key) -> int | None:
        """The displayed number, ``None`` where it is hidden or not printed."""
        return self.counts[key].value if self.is_shown(key) else None


def read(cells: pl.DataFrame, questions: set[str]) -> Release:
    """Read a displayed frame: what is printed where, and what contradicts itself line by line."""
    release = Release()
    for *place, value, status in cells.select(list(COLUMNS)).iter_rows():
        address = Address(*place)
        _note_codes(release, address, questions)
        if status not in STATUSES or (status == "shown" and not _is_figure(value)):
            release.faults.append((address.table, "cell_malformed"))
            status, value = "hidden", None
        if status == "hidden" and value is not None:
            release.faults.append((address.table, "hidden_with_value"))
            value = None
        if address.measure in COUNTS:
            _note_count(release, address, value, status == "shown", address.row_var in questions)
        elif status == "shown":
            release.percentages.append(Percentage(address, value))
    return release


def _is_figure(value: int | None) -> bool:
    return value is not None and 0 <= value <= MOST_PEOPLE


def _note_codes(release: Release, address: Address, questions: set[str]) -> None:
    is_question = address.row_var in questions
    codes = release.codes.setdefault(address.row_var, {})
    release.crossed.setdefault((address.row_var, address.col_var if address.column else None), address.table)
    if is_question and address.row == NO_ANSWER:
        release.has_no_answer.add(address.row_var)
    elif address.row not in (TOTAL, ANSWERED):
        codes[address.row] = None
    if address.column:
        release.breaks.setdefault(address.row_var, {})[address.col_var] = None
        release.codes.setdefault(address.col_var, {})[address.col] = None


def _note_count(release: Release, address: Address, value: int | None, shown: bool, is_question: bool) -> None:
    key = address.key(is_question)
    if key != address.column:
        release.columns.setdefault((address.row_var, address.column), {})[key] = None
    printed = Printed(address, shown, value)
    known = release.counts.setdefault(key, printed)
    if known.shown != shown:
        release.faults.append((address.table, "shown_and_hidden"))
        # The reader looks at the place where it is shown.
        release.counts[key] = printed if shown else known
    elif shown and known.value != value:
        release.faults.append((address.table, "cell_differs"))
        # Either may be true; the smaller one is judged, wherever it stands.
        release.counts[key] = min(known, printed, key=lambda one: one.value or 0)

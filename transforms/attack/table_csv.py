"""A protected table as a plain file: one line a cell, one column a variable, then ``value`` and ``status``.

Whatever the values of hidden cells stand in the file for, the attack does not get them: they are returned apart.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from terms.findings import refuse
from terms.hierarchy import TOTAL
from transforms.attack.system import MOST_PEOPLE
from transforms.attack.table import Figure, Key, Mark, Place, Prior, PublicTable, Tree
from transforms.attack.table_hierarchy import is_code, is_total

VALUE = ("value", "freq")
STATUS = ("status", "sdcstatus")
CONTRIBUTORS = "contributors"
PASSED_OVER = ("primary", "inner")
"""Columns that say something about how the table was protected, not about cells."""

MARKS = {
    **dict.fromkeys(("shown", "s", "z", "p", "e", "1", "2", "10", "13", "14"), Mark.SHOWN),
    **dict.fromkeys(("u", "3", "4", "5", "6", "7", "8", "9"), Mark.PRIMARY),
    **dict.fromkeys(("x", "m", "11", "12"), Mark.SECONDARY),
    "hidden": Mark.HIDDEN,
}
"""Status, in any case: words of ours, letters of sdcTable and tau-ARGUS, numbers of tau-ARGUS."""

EMPTY = ("e", "13", "14")
"""Shown, and nobody in it: the value may be left out."""

NOT_GIVEN = ("", "x", "*", "-", ".", "..", ":", "c", "…", "na")
"""How tables print what they hide."""

NUMBER = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,6}))?")
MOST_LINES = 200_000
"""Larger tables are refused: the attack would not end in a working day."""


@dataclass(frozen=True, kw_only=True)
class TableFile:
    """A table as read from a file."""

    table: PublicTable
    decimals: int
    """Of the unit: figures are in 10 to the power of -decimals."""
    truth: Mapping[Key, int] = field(default_factory=dict)
    """Values that the file gives for hidden cells, for afterwards."""
    insiders: Mapping[str, Mapping[Key, int]] = field(default_factory=dict)
    """Contributor -> hidden cells that are all hers, and their values."""


@dataclass(frozen=True)
class _Line:
    number: int
    codes: Place
    digits: tuple[str, str] | None
    """Before and after the point; ``None`` where no value is given."""
    mark: Mark
    contributors: tuple[str, ...]


def read_table(
    text: str,
    *,
    hierarchies: Mapping[str, Tree] | None = None,
    total: str | None = None,
    without_total: tuple[str, ...] = (),
    k: int | None = None,
    rounding: str | None = None,
    zeros_shown: bool | None = None,
) -> TableFile:
    """Read a protected table (one leading byte order mark allowed).

    ``total`` replaces the codes taken for totals; ``without_total``: variables whose codes are not summed up.
    ``rounding`` in the units of the file. ``zeros_shown`` left open: yes where ``k`` is known and some zero is shown.
    Cells marked secondary count as such only where others are marked primary.
    Codes of a variable without hierarchy are parts of the total; those above others in a hierarchy are subtotals.

    Raises Refused with the line: header, field count, status, number, negative, missing, too large, a cell twice,
    a code that the hierarchy does not have, a variable without a total, more than ``MOST_LINES`` lines.
    """
    names, lines = _lines(text)
    for name in (*(hierarchies or {}), *without_total):
        if name not in names:
            raise refuse("line 1", "table_variable_unknown", variable=name)
    decimals = max([len(line.digits[1]) for line in lines if line.digits] + [len(_digits_of(rounding)[1])])
    step = _units(_digits_of(rounding), decimals, 1) if rounding else None
    codes = _codes(names, lines, total, without_total)
    trees = _trees(names, lines, codes, hierarchies or {})
    figures: dict[Place, Figure] = {}
    given: dict[Place, int] = {}
    # Where all hidden cells look alike, "secondary" says no more than "hidden".
    told_apart = any(line.mark is Mark.PRIMARY for line in lines)
    for line in lines:
        place = tuple(codes[name].get(code, code) for name, code in zip(names, line.codes, strict=True))
        if place in figures:
            raise refuse(f"line {line.number}", "table_cell_twice", first=figures[place].line)
        value = None if line.digits is None else _units(line.digits, decimals, line.number)
        if value is not None and line.mark is not Mark.SHOWN:
            given[place] = value
        elif value is not None and step and value % step:
            # Read as an interval it would hide more than it does.
            raise refuse(f"line {line.number}", "table_value_not_rounded")
        mark = line.mark if told_apart or line.mark is not Mark.SECONDARY else Mark.HIDDEN
        figures[place] = Figure(mark, value if mark is Mark.SHOWN else None, line.number)
    if zeros_shown is None:
        zeros_shown = k is not None and any(figure.value == 0 for figure in figures.values())
    prior = Prior(k=k and k * 10**decimals, zeros_shown=zeros_shown, rounding=step)
    table = PublicTable(variables=names, trees=trees, figures=figures, prior=prior)
    truth = {table.key(place): value for place, value in given.items()}
    return TableFile(table=table, decimals=decimals, truth=truth, insiders=_insiders(table, lines, truth))


def _lines(text: str) -> tuple[tuple[str, ...], list[_Line]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    columns: list[str] = []
    lines: list[_Line] = []
    broken = False
    try:
        columns = [column.strip() for column in next(reader, [])]
        at = _positions(columns)
        for fields in reader:
            if len(lines) >= MOST_LINES:
                raise refuse(f"line {reader.line_num}", "table_too_long", most=MOST_LINES)
            if fields:
                lines.append(_line(fields, at, len(columns), reader.line_num))
    except csv.Error:
        broken = True
    if broken:
        raise refuse(f"line {max(reader.line_num, 1)}", "table_line_malformed")
    if not lines:
        raise refuse("line 1", "table_empty")
    return tuple(columns[position] for position in at.variables), lines


@dataclass(frozen=True)
class _Positions:
    variables: tuple[int, ...]
    value: int
    status: int
    contributors: int | None


def _positions(columns: list[str]) -> _Positions:
    lower = [column.lower() for column in columns]
    value = [number for number, name in enumerate(lower) if name in VALUE]
    status = [number for number, name in enumerate(lower) if name in STATUS]
    known = {*VALUE, *STATUS, CONTRIBUTORS, *PASSED_OVER}
    variables = tuple(number for number, name in enumerate(lower) if name not in known)
    sound = all(map(is_code, columns)) and len(set(lower)) == len(lower)
    if not sound or len(value) != 1 or len(status) != 1 or not variables:
        raise refuse("line 1", "table_header_malformed")
    return _Positions(variables, value[0], status[0], lower.index(CONTRIBUTORS) if CONTRIBUTORS in lower else None)


def _line(fields: list[str], at: _Positions, columns: int, number: int) -> _Line:
    place = f"line {number}"
    fields = [one.strip() for one in fields]
    if len(fields) != columns:
        raise refuse(place, "table_line_malformed")
    codes = tuple(fields[position] for position in at.variables)
    if not all(map(is_code, codes)):
        raise refuse(place, "table_code_malformed")
    status = fields[at.status].lower()
    if status not in MARKS:
        raise refuse(place, "table_status_unknown")
    mark, digits = MARKS[status], _value(fields[at.value], status, place)
    own = fields[at.contributors].split(";") if at.contributors is not None else []
    return _Line(number, codes, digits, mark, tuple(one.strip() for one in own if one.strip()))


def _value(written: str, status: str, place: str) -> tuple[str, str] | None:
    shown = MARKS[status] is Mark.SHOWN
    if written.lower() in NOT_GIVEN:
        if shown and status not in EMPTY:
            raise refuse(place, "table_value_missing")
        return ("0", "") if shown else None
    match = NUMBER.fullmatch(written)
    if match is None:
        raise refuse(place, "table_value_malformed")
    if match[1]:
        raise refuse(place, "table_value_negative")
    return match[2], match[3] or ""


def _digits_of(number: str | None) -> tuple[str, str]:
    whole, _, part = (number or "0").partition(".")
    return whole, part


def _units(digits: tuple[str, str], decimals: int, line: int) -> int:
    """In exact smallest units.

    >>> _units(("12", "5"), 2, 1)
    1250
    """
    value = int(digits[0] + digits[1].ljust(decimals, "0"))
    if value > MOST_PEOPLE // 100:
        raise refuse(f"line {line}", "table_value_too_large")
    return value


def _codes(
    names: tuple[str, ...], lines: list[_Line], total: str | None, without_total: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    """For each variable its total code -> ``_T``."""
    renamed: dict[str, dict[str, str]] = {}
    for position, name in enumerate(names):
        used = dict.fromkeys(line.codes[position] for line in lines)
        found = [code for code in used if is_total(code, total)]
        if name in without_total:
            renamed[name] = {}
        elif len(found) != 1:
            raise refuse(name, "table_total_ambiguous" if found else "table_total_missing")
        else:
            renamed[name] = {found[0]: TOTAL}
    return renamed


def _trees(
    names: tuple[str, ...], lines: list[_Line], codes: Mapping[str, Mapping[str, str]], hierarchies: Mapping[str, Tree]
) -> dict[str, tuple[Tree, ...]]:
    trees: dict[str, tuple[Tree, ...]] = {}
    for position, name in enumerate(names):
        tree = hierarchies.get(name)
        if tree is None:
            used = dict.fromkeys(line.codes[position] for line in lines)
            flat = {code: TOTAL for code in used if code not in codes[name]}
            trees[name] = (flat,) if codes[name] else ()
            continue
        for line in lines:
            if line.codes[position] not in tree and line.codes[position] not in codes[name]:
                raise refuse(f"line {line.number}", "table_code_not_in_hierarchy", variable=name)
        trees[name] = (tree,)
    return trees


def _insiders(table: PublicTable, lines: list[_Line], truth: Mapping[Key, int]) -> dict[str, dict[Key, int]]:
    """Who knows a hidden cell because nobody else is in it."""
    known: dict[str, dict[Key, int]] = {}
    for line, (place, figure) in zip(lines, table.figures.items(), strict=True):
        if figure.mark is Mark.SHOWN or len(set(line.contributors)) != 1:
            continue
        key = table.key(place)
        if key not in truth:
            raise refuse(f"line {line.number}", "table_contributor_without_value")
        known.setdefault(line.contributors[0], {})[key] = truth[key]
    return known

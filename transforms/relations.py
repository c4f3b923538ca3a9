"""What the cells of all tables of a survey have to do with each other: unknowns and linear equations.

The table model of Hundepool et al., *Handbook on Statistical Disclosure Control*, and Fischetti & Salazar-González
(2001): cells ``y``, relations ``M y = 0`` with one row for each total (-1 on the total, +1 on its parts). Linked tables
need nothing more than identical cells being one unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from terms.findings import fault
from terms.hierarchy import ANSWERED, NO_ANSWER, TOTAL

RowKind = Literal["single", "multiple", "quasi_identifier"]
"""How the rows of a table add up."""

Kinds = Mapping[str, RowKind]
"""Row variable -> how its rows add up."""

Key = frozenset[tuple[str, str]]
"""What the people in a cell have in common: (variable, code) conditions, totals left out."""

Column = tuple[str, str, str]
"""Row variable, break and category: one column of one table (break and category ``_T``: the total column)."""

SPECIAL = frozenset({TOTAL, ANSWERED, NO_ANSWER})
"""Rows of a question that are no options."""

MENTIONS, BEYOND_THE_FIRST = "!", "!!"
"""Rows that no table has: answers given to a multiple question, and those beyond each person's first."""


class Part(Enum):
    """What an unknown is to the table that it stands in."""

    KNOWN = "known"
    """Everyone, or everyone in a group of a break: always shown."""
    CATEGORY = "category"
    NO_ANSWER = "no_answer"
    BASE = "base"
    """Everyone who answered the question."""
    NOT_CHOSEN = "not_chosen"
    """Answered a multiple question without choosing the option: in no table, but a difference of two cells that are."""
    MENTIONS = "mentions"
    """Answers to a multiple question, counted as often as they were given: in no table, and no people."""


@dataclass(frozen=True)
class Equation:
    """``total`` = sum of ``parts`` (numbers of unknowns)."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Relations:
    """Every distinct cell of a survey's tables and every equation that holds between them.

    Unknowns are numbered by their conditions in alphabetical order, so nothing that follows depends on the order of
    lines. ``counts`` are people.
    """

    keys: tuple[Key, ...]
    counts: NDArray[np.int64]
    parts: tuple[Part, ...]
    places: NDArray[np.int64]
    """Lines of the tables that an unknown fills."""
    columns: Mapping[Column, tuple[int, ...]]
    """The unknowns of each column that are not known anyway, in order."""
    equations: tuple[Equation, ...]
    lines: NDArray[np.int64]
    """Line of the counts frame -> unknown."""

    def of(self, *parts: Part) -> NDArray[np.bool_]:
        """Marks the unknowns that are one of these parts."""
        return np.array([part in parts for part in self.parts], dtype=bool)

    def components(self) -> list[NDArray[np.int64]]:
        """The unknowns in groups that no equation links once everything known is taken away, in order."""
        leader = list(range(len(self.keys)))

        def find(unknown: int) -> int:
            while leader[unknown] != unknown:
                leader[unknown] = leader[leader[unknown]]
                unknown = leader[unknown]
            return unknown

        free = [part is not Part.KNOWN for part in self.parts]
        for equation in self.equations:
            linked = [unknown for unknown in (equation.total, *equation.parts) if free[unknown]]
            for unknown in linked[1:]:
                # The smallest number leads: the groups come out in the order of their first unknown.
                one, other = sorted((find(linked[0]), find(unknown)))
                leader[other] = one
        groups: dict[int, list[int]] = defaultdict(list)
        for unknown in np.flatnonzero(free):
            groups[find(int(unknown))].append(int(unknown))
        return [np.array(members, dtype=np.int64) for members in groups.values()]


def relate(counts: pl.DataFrame, kinds: Kinds) -> Relations:
    """The unknowns and equations of a counts frame (``table, row_var, row, col_var, col, respondents``).

    Equations, in every column: categories = ``_ANS`` for a single question; chosen + not chosen = ``_ANS`` an option
    for a multiple one; ``_ANS`` + ``_NA`` = ``_T`` for both; categories = ``_T`` for a quasi-identifier. In every row:
    the categories of the break = the total column. A question without a ``_NA`` row was answered by everyone.

    Where in every column of a multiple question the options add up to ``_ANS`` or more, who answered may have had to
    choose something, and whoever knows the form knows that: mentions = ``_ANS`` + mentions beyond the first.

    Raises :class:`Fault` ``row_variable_without_kind`` and, where a cell has two values or an equation does not hold,
    ``tables_do_not_add_up``.

    >>> counts = pl.DataFrame(
    ...     {
    ...         "table": ["q"] * 5,
    ...         "row_var": ["q"] * 5,
    ...         "row": ["yes", "no", "_NA", "_ANS", "_T"],
    ...         "col_var": ["_T"] * 5,
    ...         "col": ["_T"] * 5,
    ...         "respondents": [20, 12, 3, 32, 35],
    ...     }
    ... )
    >>> relations = relate(counts, {"q": "single"})
    >>> [" ".join(code for _, code in sorted(key)) for key in relations.keys]
    ['', '_ANS', '_NA', 'no', 'yes']
    >>> relations.equations
    (Equation(total=1, parts=(3, 4)), Equation(total=0, parts=(1, 2)))
    """
    drafts = _Drafts(kinds)
    for line in counts.select("table", "row_var", "row", "col_var", "col", "respondents").iter_rows():
        drafts.read(*line)
    drafts.add_unprinted()
    return drafts.relations()


def key_of(*conditions: tuple[str, str]) -> Key:
    """The key of a cell: its conditions without totals."""
    return frozenset(condition for condition in conditions if condition[1] != TOTAL)


def not_chosen(option: str) -> str:
    """The row of the people who answered and did not choose ``option``.

    >>> not_chosen("park")
    '!park'
    """
    return f"!{option}"


class _Drafts:
    """Cells and columns while the frame is being read."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.values: dict[Key, int] = {}
        self.part: dict[Key, Part] = {}
        self.places: dict[Key, int] = defaultdict(int)
        self.columns: dict[Column, dict[str, Key]] = defaultdict(dict)
        self.table_of: dict[str, str] = {}
        self.lines: list[Key] = []

    def read(self, table: str, row_var: str, row: str, col_var: str, col: str, respondents: int) -> None:
        if row_var not in self.kinds:
            raise fault(f"tables.{table}", "row_variable_without_kind", variable=row_var)
        self.table_of.setdefault(row_var, table)
        key = key_of((row_var, row), (col_var, col))
        if respondents < 0 or self.values.setdefault(key, respondents) != respondents:
            raise fault(f"tables.{table}", "tables_do_not_add_up")
        self._note_part(key, row_var, row)
        self.places[key] += 1
        break_ = col_var if col != TOTAL else TOTAL
        self.columns[row_var, break_, col][row] = key
        self.lines.append(key)

    def _note_part(self, key: Key, row_var: str, row: str) -> None:
        question = self.kinds[row_var] != "quasi_identifier"
        if row == TOTAL:
            self.part[key] = Part.KNOWN  # Wherever else it stands, it can be read here.
        elif question and row == ANSWERED:
            self.part.setdefault(key, Part.BASE)
        elif question and row == NO_ANSWER:
            self.part.setdefault(key, Part.NO_ANSWER)
        else:
            self.part.setdefault(key, Part.CATEGORY)

    def add_unprinted(self) -> None:
        """What no table says but every reader can write down about a multiple question, in every column."""
        for row_var in sorted({column[0] for column in self.columns if self.kinds[column[0]] == "multiple"}):
            crossed = [(column, rows) for column, rows in self.columns.items() if column[0] == row_var]
            beyond = []
            for column, rows in crossed:
                options = [row for row in rows if row not in SPECIAL]
                base = self._value(row_var, rows, ANSWERED)
                for option in options:
                    self._add(column, not_chosen(option), base - self.values[rows[option]], Part.NOT_CHOSEN)
                beyond.append((column, sum(self.values[rows[option]] for option in options), base))
            if all(mentions >= base for _, mentions, base in beyond):
                for column, mentions, base in beyond:
                    self._add(column, MENTIONS, mentions, Part.MENTIONS)
                    self._add(column, BEYOND_THE_FIRST, mentions - base, Part.MENTIONS)

    def _add(self, column: Column, row: str, value: int, part: Part) -> None:
        row_var, break_, col = column
        key = key_of((row_var, row), (break_, col))
        # A declared code that reads like ours would be taken for something else.
        if key in self.values or value < 0:
            raise fault(f"tables.{self.table_of[row_var]}", "tables_do_not_add_up")
        self.columns[column][row], self.values[key], self.part[key] = key, value, part

    def _value(self, row_var: str, rows: Mapping[str, Key], row: str) -> int:
        if row not in rows:
            raise fault(f"tables.{self.table_of[row_var]}", "tables_do_not_add_up")
        return self.values[rows[row]]

    def relations(self) -> Relations:
        keys = sorted(self.values, key=lambda key: tuple(sorted(key)))
        number = {key: unknown for unknown, key in enumerate(keys)}
        equations: dict[Equation, None] = {}
        for row_var, total, parts in self._sums():
            if self.values[total] != sum(self.values[part] for part in parts):
                raise fault(f"tables.{self.table_of[row_var]}", "tables_do_not_add_up")
            numbers = tuple(sorted(number[part] for part in parts))
            if numbers != (number[total],):
                equations[Equation(number[total], numbers)] = None
        columns = {
            column: tuple(sorted(number[key] for key in rows.values() if self.part[key] is not Part.KNOWN))
            for column, rows in sorted(self.columns.items())
        }
        return Relations(
            keys=tuple(keys),
            counts=np.array([self.values[key] for key in keys], dtype=np.int64),
            parts=tuple(self.part[key] for key in keys),
            places=np.array([self.places[key] for key in keys], dtype=np.int64),
            columns={column: members for column, members in columns.items() if members},
            equations=tuple(equations),
            lines=np.array([number[key] for key in self.lines], dtype=np.int64),
        )

    def _sums(self) -> Iterator[tuple[str, Key, list[Key]]]:
        """Row variable, total and parts of every sum that must hold, in an order that lines do not decide."""
        for column, rows in sorted(self.columns.items()):
            for total, parts in self._column_sums(column[0], rows):
                yield column[0], total, parts
        for row_var, break_ in sorted({column[:2] for column in self.columns if column[1] != TOTAL}):
            crossed = [rows for column, rows in sorted(self.columns.items()) if column[:2] == (row_var, break_)]
            totals = self.columns.get((row_var, TOTAL, TOTAL), {})
            for row in sorted({row for rows in crossed for row in rows} | set(totals)):
                if row not in totals or any(row not in rows for rows in crossed):
                    raise fault(f"tables.{self.table_of[row_var]}", "tables_do_not_add_up")
                yield row_var, totals[row], [rows[row] for rows in crossed]

    def _column_sums(self, row_var: str, rows: Mapping[str, Key]) -> Iterable[tuple[Key, list[Key]]]:
        self._value(row_var, rows, TOTAL)
        kind = self.kinds[row_var]
        if kind == "quasi_identifier":
            yield rows[TOTAL], [rows[row] for row in sorted(rows) if row != TOTAL]
            return
        self._value(row_var, rows, ANSWERED)
        unprinted = {row for row, key in rows.items() if self.part.get(key) in {Part.NOT_CHOSEN, Part.MENTIONS}}
        options = [row for row in sorted(rows) if row not in SPECIAL | unprinted]
        if kind == "multiple":
            for option in options:
                yield rows[ANSWERED], [rows[option], rows[not_chosen(option)]]
            if MENTIONS in unprinted:
                yield rows[MENTIONS], [rows[option] for option in options]
                yield rows[MENTIONS], [rows[ANSWERED], rows[BEYOND_THE_FIRST]]
        else:
            yield rows[ANSWERED], [rows[row] for row in options]
        yield rows[TOTAL], [rows[row] for row in (ANSWERED, NO_ANSWER) if row in rows]

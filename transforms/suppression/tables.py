"""Any set of tables as cells: crossings of hierarchies, linked and filtered, identical cells one unknown.

The table model of Hundepool et al., *Handbook on Statistical Disclosure Control*, and Fischetti & Salazar-González
(2001). A cell is known by its conditions (variable and meaning of its code; what is total says nothing), so tables are
linked by having cells of the same conditions, and a filter is one more condition.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from terms.findings import refuse
from transforms.programs import Marks, Numbers, System
from transforms.suppression.figures import whole_figures
from transforms.suppression.hierarchies import Cut, Variable
from transforms.suppression.keys import Keys


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Only those of one code."""

    variable: Variable
    code: str

    @cached_property
    def meaning(self) -> int:
        """The number of the code's meaning (0: everyone). Raises :class:`Refused` ``code_not_in_any_tree``."""
        self.variable.leaves_under(self.code)
        return self.variable.meaning[self.code]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A crossing of variables, perhaps of only those people whom a filter lets in."""

    name: str
    cuts: tuple[Cut, ...]
    where: tuple[Filter, ...] = ()
    """The filters, outermost first."""
    within: bool = False
    """Declared: whoever passes the filters stands, under the same conditions, in the tables without the last of them
    too. Then what a filter leaves over is an unknown of its own, never negative, and no equation is missing."""

    def __post_init__(self) -> None:
        names = [cut.variable.name for cut in self.cuts] + [one.variable.name for one in self.where]
        if len(set(names)) < len(names):
            raise refuse(self.place, "table_uses_variable_twice")

    @property
    def place(self) -> str:
        return f"tables.{self.name}"

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(cut.codes) for cut in self.cuts)

    @property
    def variables(self) -> tuple[Variable, ...]:
        return (*(cut.variable for cut in self.cuts), *(one.variable for one in self.where))

    def lines(self) -> pl.DataFrame:
        """The codes of every line, one column a variable, the last variable fastest."""
        grid = np.indices(self.shape).reshape(len(self.cuts), -1)
        return pl.DataFrame(
            {
                cut.variable.name: pl.Series(cut.codes, dtype=pl.String).gather(at)
                for cut, at in zip(self.cuts, grid, strict=True)
            }
        )


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The distinct cells of some tables, as numbered unknowns, and every equation among them.

    The first ``printed`` unknowns stand in tables; the others are what a declared filter leaves over. Made by
    :func:`transforms.suppression.linked.lay_out`.
    """

    tables: tuple[Table, ...]
    system: System
    lines: Mapping[str, Numbers]
    """Table -> the unknown on every line, in the order of :meth:`Table.lines`."""
    keys: Numbers
    """The key of every printed unknown, ascending."""
    coding: Keys
    rests: tuple[tuple[int, int], ...]
    """(whole, part) of every unprinted unknown, which is what the part leaves of the whole."""

    @property
    def cells(self) -> int:
        return self.system.unknowns

    @property
    def printed(self) -> int:
        return len(self.keys)

    @cached_property
    def unprinted(self) -> Marks:
        return np.arange(self.cells) >= self.printed

    @cached_property
    def places(self) -> Numbers:
        """On how many lines each unknown stands."""
        return np.bincount(np.concatenate(list(self.lines.values())), minlength=self.cells)

    def visits(self, rows: pl.DataFrame) -> Iterator[Numbers]:
        """The printed unknowns that each row of finest codes belongs to, in several arrays over the rows (-1: none).

        Each row meets each of its unknowns once. Raises :class:`Refused` ``variable_missing``, ``code_unknown``.
        """
        leaves = {variable.name: _leaf_numbers(rows, variable) for variable in variables_of(self.tables).values()}
        done = np.zeros(self.printed, dtype=bool)
        for table in self.tables:
            passed = np.logical_and.reduce(
                [np.ones(rows.height, dtype=bool), *(_passes(one, leaves) for one in table.where)]
            )
            for layers in itertools.product(*(cut.partitions for cut in table.cuts)):
                meanings = [layer[leaves[cut.variable.name]] for cut, layer in zip(table.cuts, layers, strict=True)]
                there = np.flatnonzero(np.logical_and.reduce([passed, *(each >= 0 for each in meanings)]))
                keys = self.coding.of(*conditions(table, [each[there] for each in meanings], len(there)))
                found = np.searchsorted(self.keys, keys)
                fresh = ~done[found]
                done[found] = True
                unknowns = np.full(rows.height, -1, dtype=np.int64)
                unknowns[there[fresh]] = found[fresh]
                yield unknowns

    def totals(self, rows: pl.DataFrame, column: str) -> Numbers:
        """The sum of a column of whole numbers in every unknown.

        Raises :class:`Refused` as :func:`whole_figures` and :meth:`visits` do, and ``filter_outside_its_whole``.
        """
        figures = whole_figures(rows, column, "rows")
        found = np.zeros(self.cells, dtype=np.int64)
        for unknowns in self.visits(rows):
            np.add.at(found, unknowns[unknowns >= 0], figures[unknowns >= 0])
        return self._with_rests(found)

    def figures(self, printed: Mapping[str, pl.DataFrame], column: str) -> Numbers:
        """The figures of printed tables: one row for every line of :meth:`Table.lines`, in any order.

        Raises :class:`Refused`: ``table_missing``, ``lines_differ``, ``tables_do_not_add_up``,
        ``filter_outside_its_whole``, and as :func:`whole_figures` does.
        """
        found = np.zeros(self.cells, dtype=np.int64)
        for table in self.tables:
            values = _printed(table, printed, column)
            found[self.lines[table.name]] = values
        for table in self.tables:
            # Another line or another table may have said another figure of the same cell.
            if (found[self.lines[table.name]] != _printed(table, printed, column)).any():
                raise refuse(table.place, "tables_do_not_add_up")
        found = self._with_rests(found)
        if not self.system.holds(found):
            raise refuse("tables", "tables_do_not_add_up")
        return found

    def _with_rests(self, found: Numbers) -> Numbers:
        for number, (whole, part) in enumerate(self.rests):
            found[self.printed + number] = found[whole] - found[part]
        if (found[self.printed :] < 0).any():
            raise refuse("tables", "filter_outside_its_whole")
        return found


def variables_of(tables: Sequence[Table]) -> dict[str, Variable]:
    """Every variable of some tables. Raises :class:`Refused` ``variable_declared_twice``."""
    found: dict[str, Variable] = {}
    for table in tables:
        for variable in table.variables:
            if found.setdefault(variable.name, variable) != variable:
                raise refuse(table.place, "variable_declared_twice", variable=variable.name)
    return found


def conditions(
    table: Table, meanings: Sequence[Numbers], size: int, *, filters: int | None = None
) -> tuple[list[str], list[Numbers], int]:
    """Names and meanings of what holds at ``size`` places of a table, with the first ``filters`` of its filters."""
    where = table.where[:filters]
    names = [cut.variable.name for cut in table.cuts] + [one.variable.name for one in where]
    return names, [*meanings, *(np.full(size, one.meaning, dtype=np.int64) for one in where)], size


def _passes(one: Filter, leaves: Mapping[str, Numbers]) -> Marks:
    inside = one.variable.leaves_under(one.code)
    return np.array([leaf in inside for leaf in one.variable.leaves])[leaves[one.variable.name]]


def _leaf_numbers(rows: pl.DataFrame, variable: Variable) -> Numbers:
    if variable.name not in rows.columns:
        raise refuse("rows", "variable_missing", variable=variable.name)
    number = {code: place for place, code in enumerate(variable.leaves)}
    found = rows[variable.name].cast(pl.String).replace_strict(number, default=None, return_dtype=pl.Int64)
    if found.null_count():
        raise refuse("rows", "code_unknown", variable=variable.name, rows=found.null_count())
    return found.to_numpy()


def _printed(table: Table, printed: Mapping[str, pl.DataFrame], column: str) -> Numbers:
    if table.name not in printed:
        raise refuse(table.place, "table_missing")
    frame, names = printed[table.name], [cut.variable.name for cut in table.cuts]
    if not set(names) <= set(frame.columns):
        raise refuse(table.place, "lines_differ", lines=frame.height, expected=len(table.lines()))
    lines = table.lines()
    known = frame.with_columns(pl.col(name).cast(pl.String) for name in names)
    joined = lines.join(known, on=names, how="inner", maintain_order="left")
    if not lines.height == known.height == joined.height or known.select(names).is_duplicated().any():
        raise refuse(table.place, "lines_differ", lines=frame.height, expected=lines.height)
    return whole_figures(joined, column, table.place)

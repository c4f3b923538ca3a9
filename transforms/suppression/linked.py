"""Laying tables out: which lines are the same cell, which sums hold among them, what a filter leaves over."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from terms.findings import refuse
from transforms.programs import Numbers, System
from transforms.suppression.keys import Keys
from transforms.suppression.tables import Layout, Table, conditions, variables_of

MOST_CELLS = 2_000_000
"""More lines than this in all tables together are refused before anything is laid out."""

MOST_ENTRIES = 20_000_000
"""... and more cells in all equations together."""


def lay_out(tables: Sequence[Table]) -> Layout:
    """Cells and equations of some tables.

    Raises :class:`Refused`: ``nothing_to_lay_out``, ``table_declared_twice``, ``variable_declared_twice``,
    ``too_many_cells``, ``too_many_sums``.
    """
    _check_size(tables)
    variables = variables_of(tables)
    coding = Keys(
        {name: variable.meanings for name, variable in variables.items()},
        [frozenset(variable.name for variable in table.variables) for table in tables],
    )
    keyed = {table.name: coding.of(*conditions(table, _grid(table), math.prod(table.shape))) for table in tables}
    keys = np.unique(np.concatenate(list(keyed.values())))
    lines = {name: np.searchsorted(keys, each) for name, each in keyed.items()}
    rests = _rests(tables, lines, keys, coding)
    blocks = [block for table in tables for block in _sums(table, lines[table.name])]
    blocks += [np.array([[whole, part, len(keys) + number]]) for number, (whole, part) in enumerate(rests)]
    return Layout(
        tables=tuple(tables),
        system=_system(blocks, len(keys) + len(rests)),
        lines=lines,
        keys=keys,
        coding=coding,
        rests=rests,
    )


def _check_size(tables: Sequence[Table]) -> None:
    if not tables:
        raise refuse("tables", "nothing_to_lay_out")
    names = [table.name for table in tables]
    if len(set(names)) < len(names):
        raise refuse("tables", "table_declared_twice")
    cells = sum(math.prod(table.shape) for table in tables)
    if cells > MOST_CELLS:
        raise refuse("tables", "too_many_cells", cells=cells, most=MOST_CELLS)
    entries = sum(
        math.prod(table.shape) // len(cut.codes) * sum(1 + len(parts) for _, parts in cut.sums)
        for table in tables
        for cut in table.cuts
    )
    if entries > MOST_ENTRIES:
        raise refuse("tables", "too_many_sums", cells=entries, most=MOST_ENTRIES)


def _grid(table: Table) -> list[Numbers]:
    at = np.indices(table.shape).reshape(len(table.cuts), -1)
    return [cut.meanings[each] for cut, each in zip(table.cuts, at, strict=True)]


def _sums(table: Table, lines: Numbers) -> list[Numbers]:
    """Every sum of a table: blocks of rows (total, parts ...)."""
    cube = lines.reshape(table.shape)
    found = []
    for axis, cut in enumerate(table.cuts):
        along = np.moveaxis(cube, axis, -1).reshape(-1, len(cut.codes))
        found += [along[:, [total, *parts]] for total, parts in cut.sums]
    return found


def _system(blocks: Sequence[Numbers], unknowns: int) -> System:
    """The equations of all blocks, each once: linked tables say the sums of their common margins twice."""
    by_length: dict[int, list[Numbers]] = {}
    for block in blocks:
        parts = np.sort(block[:, 1:], axis=1)
        by_length.setdefault(block.shape[1], []).append(np.hstack([block[:, :1], parts]))
    distinct = [np.unique(np.vstack(by_length[length]), axis=0) for length in sorted(by_length)]
    lengths = [len(block) * [block.shape[1]] for block in distinct]
    start = np.cumsum([0, *itertools.chain.from_iterable(lengths)], dtype=np.int64)
    index = np.concatenate([np.zeros(0, dtype=np.int64), *(block.ravel() for block in distinct)])
    value = np.ones_like(index)
    value[start[:-1]] = -1
    return System(start, index, value, unknowns)


def _rests(
    tables: Sequence[Table], lines: dict[str, Numbers], keys: Numbers, coding: Keys
) -> tuple[tuple[int, int], ...]:
    """(whole, part) wherever a table is declared to lie within others: the nearest whole that is printed."""
    found: set[tuple[int, int]] = set()
    for table in tables:
        if not table.within:
            continue
        parts = lines[table.name]
        open_ = np.ones(len(parts), dtype=bool)
        for filters in reversed(range(len(table.where))):
            wanted = coding.of(*conditions(table, _grid(table), len(parts), filters=filters))
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            there = open_ & (keys[at] == wanted) & (at != parts)
            found |= set(zip(at[there].tolist(), parts[there].tolist(), strict=True))
            open_ &= ~there
    return tuple(sorted(found))

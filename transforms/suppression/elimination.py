"""Secondary suppression by Gaussian elimination: hide as long as a primary cell would follow from equations.

Langsrud (2024), *Secondary cell suppression by Gaussian elimination*. Exact, modulo the prime 2^31 - 1. The pattern
keeps every hidden primary cell from being a linear combination of shown cells; of bounds (no figure is negative) and
of levels it knows nothing. It must be audited and repaired; it is a start, never an end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from terms.findings import refuse
from transforms.programs import Marks, Numbers, System
from transforms.suppression.problem import Problem

PRIME = 2**31 - 1

Column = dict[int, int]
"""Place -> what stands there, modulo the prime; never 0."""


def hidden_by_elimination(problem: Problem, order: Numbers | None = None) -> Marks:
    """Marks the cells to hide: primary and unprinted ones, and candidates whose figure would give one away.

    Candidates are published in ``order``; by default the dearest first, then the largest, then as numbered. Raises
    :class:`Refused` ``primary_follows_from_shown`` where what must be shown gives a primary cell away already.
    """
    columns = generators(problem.system)
    always = ~problem.primary & ~problem.unprinted & ~problem.candidate
    if order is None:
        order = np.lexsort((-problem.values, -problem.cost))
    wanted = [cell for cell in order if problem.candidate[cell]]
    table = _Table(columns, np.flatnonzero(problem.primary))
    if not all(table.publish(int(cell)) for cell in np.flatnonzero(always)):
        raise refuse("problem", "primary_follows_from_shown")
    hidden = problem.primary | problem.unprinted
    for cell in wanted:
        hidden[cell] = not table.publish(int(cell))
    return hidden


def determined(system: System, hidden: Marks) -> Marks:
    """Marks the hidden cells that are a linear combination of shown ones, whatever their bounds."""
    rows = [{int(cell): int(factor) % PRIME for cell, factor in row.items() if hidden[cell]} for row in _rows(system)]
    reduced = _reduced(rows)
    found = np.zeros(len(hidden), dtype=bool)
    found[[cell for cell, rest in reduced.items() if not rest]] = True
    return found


def generators(system: System) -> list[Column]:
    """Every cell as a combination of free cells: the equations solved, each for its first cell where possible."""
    solved = _reduced(_rows(system))
    return [
        {free: -factor % PRIME for free, factor in solved[cell].items()} if cell in solved else {cell: 1}
        for cell in range(system.unknowns)
    ]


def _rows(system: System) -> list[Column]:
    pieces = zip(system.start[:-1], system.start[1:], strict=True)
    rows = []
    for a, b in pieces:
        row: dict[int, int] = defaultdict(int)
        for cell, factor in zip(system.index[a:b].tolist(), system.value[a:b].tolist(), strict=True):
            row[cell] = (row[cell] + factor) % PRIME
        rows.append({cell: factor for cell, factor in row.items() if factor})
    return rows


def _reduced(rows: Iterable[Column]) -> dict[int, Column]:
    """Reduced row echelon form: pivot cell -> the rest of its row (the pivot's own factor is 1)."""
    solved: dict[int, Column] = {}
    holding: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        left = dict(row)
        for cell in [cell for cell in row if cell in solved]:
            _subtract(left, {cell: 1, **solved[cell]}, left[cell])
        if not left:
            continue
        pivot = next(iter(left))
        inverse = pow(left.pop(pivot), -1, PRIME)
        rest = {cell: factor * inverse % PRIME for cell, factor in left.items()}
        for other in holding.pop(pivot, ()):
            before = solved[other]
            touched = {pivot: 1, **rest}
            _subtract(before, touched, before[pivot])
            for cell in rest:
                (holding[cell].add if cell in before else holding[cell].discard)(other)
        solved[pivot] = rest
        for cell in rest:
            holding[cell].add(pivot)
    return solved


def _subtract(row: Column, other: Column, times: int) -> None:
    """``row -= times * other``, in place."""
    for cell, factor in other.items():
        left = (row.get(cell, 0) - times * factor) % PRIME
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


class _Table:
    """Columns reduced by the columns published so far. A primary column that becomes empty has been given away."""

    def __init__(self, columns: list[Column], primary: Numbers) -> None:
        self._columns = [dict(column) for column in columns]
        self._primary = {int(cell) for cell in primary}
        self._standing: dict[int, set[int]] = defaultdict(set)
        """Place -> the columns that have something there."""
        for cell, column in enumerate(self._columns):
            for place in column:
                self._standing[place].add(cell)

    def publish(self, cell: int) -> bool:
        """Publish a cell unless a primary cell would follow: then False, and nothing has changed."""
        column = self._columns[cell]
        if not column:
            return True  # It follows from what is published anyway.
        place = min(column, key=lambda place: (len(self._standing[place]), place))
        if any(
            self._proportional(self._columns[other], column, place) for other in self._standing[place] & self._primary
        ):
            return False
        inverse = pow(column[place], -1, PRIME)
        pivot = {at: factor * inverse % PRIME for at, factor in column.items()}
        for other in sorted(self._standing[place]):
            before = self._columns[other]
            _subtract(before, pivot, before[place])
            for at in pivot:
                (self._standing[at].add if at in before else self._standing[at].discard)(other)
        return True

    @staticmethod
    def _proportional(one: Column, other: Column, place: int) -> bool:
        return one.keys() == other.keys() and all(
            one[at] * other[place] % PRIME == other[at] * one[place] % PRIME for at in one
        )

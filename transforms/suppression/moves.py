"""What can move at all: the deviations that the equations allow while everything but the hidden cells is known.

How far a cell can go is a question for worlds; whether it can move at all is one of linear algebra, answered exactly
modulo a large prime and many times faster. A pattern in which a sensitive cell cannot move is never safe.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from transforms.programs import Marks, Numbers
from transforms.suppression.problem import Problem
from transforms.suppression.solver import Work

PRIME = 2**31 - 1
"""Products of two residues fit into 64 bits. A residue that vanishes by chance costs a pattern, never its safety."""
TOUCH, ENTRY = 300, 0.5
"""Work of one operation on arrays, and of one entry in it."""


class Moves:
    """A basis of the moves that one pattern leaves: one row a hidden cell, one column an independent move."""

    def __init__(self, problem: Problem, hidden: Marks, work: Work) -> None:
        self._work = work
        self.cells = np.flatnonzero(hidden & (problem.low < problem.high))
        self._row = np.full(len(hidden), -1, dtype=np.int64)
        self._row[self.cells] = np.arange(len(self.cells))
        self._basis = np.eye(len(self.cells), dtype=np.int64)
        self._demands = np.flatnonzero(problem.primary[self.cells])
        system = problem.system
        places = self._row[system.index]
        kept = np.flatnonzero(places >= 0)
        ends = np.searchsorted(kept, system.start)
        for a, b in pairwise(ends):
            if b > a:
                self._meet(places[kept[a:b]], system.value[kept[a:b]])

    def copy(self) -> Moves:
        """The same moves, to be narrowed on their own."""
        other = object.__new__(Moves)
        other.__dict__.update(self.__dict__)
        other._basis = self._basis.copy()
        return other

    def _meet(self, rows: Numbers, signs: Numbers) -> None:
        """Keep the moves in which these rows sum up to nothing."""
        sums = (signs @ self._basis[rows]) % PRIME
        touched = np.flatnonzero(sums)
        self._work.charge_entries(2 * TOUCH + ENTRY * len(rows) * self._basis.shape[1])
        if not touched.size:
            return
        pivot, others = touched[0], touched[1:]
        if others.size:
            factors = sums[others] * pow(int(sums[pivot]), -1, PRIME) % PRIME
            column = self._basis[:, pivot]
            busy = np.flatnonzero(column)
            block = np.ix_(busy, others)
            self._basis[block] = (self._basis[block] - np.outer(column[busy], factors)) % PRIME
            self._work.charge_entries(3 * TOUCH + 3 * ENTRY * len(busy) * len(others))
        last = self._basis.shape[1] - 1
        self._basis[:, pivot] = self._basis[:, last]
        self._basis = self._basis[:, :last]

    def show(self, cells: Iterable[int]) -> None:
        """Keep the moves that leave these cells alone."""
        for cell in cells:
            if self._row[cell] >= 0:
                self._meet(self._row[[cell]], np.ones(1, dtype=np.int64))

    def stuck(self) -> Numbers:
        """The sensitive cells that cannot move."""
        self._work.charge_entries(TOUCH + ENTRY * len(self._demands) * self._basis.shape[1])
        return self.cells[self._demands[~self._basis[self._demands].any(axis=1)]]

    def needed(self, cell: int) -> bool:
        """Whether some sensitive cell moves only when this one does: whether their rows are multiples."""
        row = self._basis[self._row[cell]]
        at = int(np.flatnonzero(row)[0]) if self._row[cell] >= 0 and row.any() else -1
        if at < 0:
            return False
        near = self._demands[self._basis[self._demands, at] != 0]
        rows = self._basis[near]
        self._work.charge_entries(4 * TOUCH + ENTRY * (len(self._demands) + 3 * rows.size))
        return bool(((rows * row[at] - rows[:, at : at + 1] * row) % PRIME == 0).all(axis=1).any())

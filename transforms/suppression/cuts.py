"""Inequalities that every safe pattern satisfies: capacity cuts of Fischetti & Salazar-González (2001), made exact.

For any multipliers ``u`` of the equations, ``r = M'u`` gives ``-r_k d_k = sum of r_i d_i`` in every world ``d``: how
far cell k can go is bounded by how far the others can, and they can only if hidden. The linear program proposes ``u``;
rounded to fractions with a small denominator it gives whole numbers, so no cut depends on a tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from transforms.programs import Marks, Numbers
from transforms.suppression.ground import among
from transforms.suppression.problem import Problem
from transforms.suppression.solver import Linear, Reals, Work, solver_failed

CLIP = 64
"""Cuts are looked for as if no cell moved more than so many levels; what they say holds without."""
GRAIN = 1e-4
"""What a cell that the pattern shows may move while a cut is looked for: the fewer cells a cut names, the stronger."""
DENOMINATORS = (1, 60, 2520, 1_000_000)
"""Multipliers are rounded to fractions with the first of these that changes them little."""


@dataclass(frozen=True)
class Cut:
    """``sum of coefficients x >= least``, or with ``on >= 0``: ``>= least times x_on``. x marks hidden secondaries."""

    cells: Numbers
    coefficients: Reals
    least: float
    on: int = -1

    def slack(self, x: Reals) -> float:
        """How far inside (or, negative, outside) of the cut a choice is, in shares of what is asked for."""
        asked = self.least if self.on < 0 else self.least * x[self.on]
        return float((self.coefficients @ x[self.cells] - asked) / self.least)

    def key(self) -> tuple[object, ...]:
        """Equal for equal cuts."""
        scaled = np.rint(self.coefficients / self.least * 1e6).astype(np.int64)
        return self.on, self.cells.tobytes(), scaled.tobytes()


class Cuts:
    """Finds cuts of one problem."""

    def __init__(self, problem: Problem, work: Work) -> None:
        self.problem = problem
        self.fall, self.rise = problem.values - problem.low, problem.high - problem.values
        self.given = problem.primary | problem.unprinted
        self.free = problem.candidate & ~self.given
        self._members = np.flatnonzero(self.given | self.free)
        self._place = np.cumsum(self.given | self.free) - 1
        self._system = among(problem.system, self._members)
        self._row = np.repeat(np.arange(len(self._system.start) - 1), np.diff(self._system.start))
        self._program = Linear(self._system, work, primal=True)

    def of_lines(self) -> Iterator[Cut]:
        """What single equations say of primary cells: none is hidden alone."""
        for start, end in zip(self._system.start[:-1], self._system.start[1:], strict=True):
            members, signs = self._members[self._system.index[start:end]], self._system.value[start:end]
            if not self.problem.primary[members].any() or self.given[members].sum() > 2:
                continue
            for place in np.flatnonzero(self.problem.primary[members]):
                row = np.zeros(len(self.fall), dtype=np.int64)
                np.add.at(row, members, signs)
                for sign in (1, -1):
                    if row[members[place]] and (cut := self._from(int(members[place]), sign, row)):
                        yield cut

    def towards(self, x: Reals, level: int) -> None:
        """Prepare to look for cuts that the choice ``x`` violates."""
        grain = np.maximum(x, GRAIN)
        near = x > 1 - 1e-6
        ends = []
        for room in (self.fall, self.rise):
            wide = np.minimum(room, CLIP * level)
            ends.append(np.where(near, wide, np.minimum(room, level) * grain)[self._members])
        self._low, self._high = -ends[0], ends[1]
        self._program.bound(self._low, self._high)

    def against(self, cell: int, direction: int) -> Cut | None:
        """The cut that the program's optimum gives for a cell and a direction (1 up, -1 down, 0 the width)."""
        if direction:
            row = self._multiplied(cell, direction)
            return None if row is None else self._from(cell, direction, row)
        up, down = self._multiplied(cell, 1), self._multiplied(cell, -1)
        if up is None or down is None or not up[cell] or not down[cell]:
            return None
        gain = self._gains(cell, 1, up) / abs(int(up[cell])) + self._gains(cell, -1, down) / abs(int(down[cell]))
        return self._cut(cell, 0, gain, 1)

    def _multiplied(self, cell: int, sign: int) -> Numbers | None:
        """``r = M'u`` for the multipliers that bound the cell's rise (or fall), by cell."""
        place = int(self._place[cell])
        level = max(int(max(self.problem.up[cell], self.problem.down[cell], self.problem.slide[cell])), 1)
        self._program.bound_one(place, -level, level)
        self._program.cost_one(place, -sign)
        if self._program.run() is None:
            raise solver_failed()
        prices = self._program.prices()
        self._program.cost_one(place, 0)
        self._program.bound_one(place, self._low[place], self._high[place])
        whole = _rounded(prices)
        small = np.bincount(
            self._system.index, weights=whole[self._row] * self._system.value, minlength=len(self._members)
        )
        row = np.zeros(len(self.fall), dtype=np.int64)
        row[self._members] = np.rint(small).astype(np.int64)
        return row if row[cell] else None

    def _gains(self, cell: int, sign: int, row: Numbers) -> Reals:
        """How much each other cell can add to the cell's movement times ``|row[cell]|``."""
        towards = -np.sign(int(row[cell])) * sign * row.astype(float)
        gain = np.maximum(towards * self.rise, -towards * self.fall)
        gain[cell] = 0
        return gain

    def _from(self, cell: int, sign: int, row: Numbers) -> Cut | None:
        return self._cut(cell, sign, self._gains(cell, sign, row), abs(int(row[cell])))

    def _cut(self, cell: int, direction: int, gain: Reals, scale: int) -> Cut | None:
        """``sum of gains >= level``, what is hidden anyway taken to the right, no gain above what is left there."""
        problem = self.problem
        if problem.primary[cell]:
            level = int((problem.slide, problem.up, problem.down)[direction][cell])
        else:
            level = int(problem.width[cell])
        least = level * scale - float(gain[self.given].sum())
        if least <= 1e-9:
            return None
        cells = np.flatnonzero(self.free & (gain > 0))
        return Cut(cells, np.minimum(gain[cells], least), least, -1 if problem.primary[cell] else cell)

    def beyond(self, hidden: Marks, cell: int) -> Cut:
        """Something else must be hidden too: no part of a pattern that fails is safe."""
        cells = np.flatnonzero(self.free & ~hidden)
        return Cut(cells, np.ones(len(cells)), 1.0, -1 if self.problem.primary[cell] else cell)


def _rounded(prices: Reals) -> Numbers:
    """Multipliers as whole numbers over a common denominator."""
    for denominator in DENOMINATORS:
        scaled = prices * denominator
        whole = np.rint(scaled)
        if np.abs(scaled - whole).max(initial=0) < 1e-5:
            break
    return whole.astype(np.int64)

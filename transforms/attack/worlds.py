"""Worlds: whole numbers of people by profile and answer that fit everything a question's tables show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from transforms.attack.solver import Program, Status
from transforms.attack.system import Part, Relation, System

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]

UNBOUNDED = 1 << 60
"""Stands for "no bound" among whole numbers: more than any sum."""
GRAIN = 1 << 24
"""Multipliers of a proof are rounded to this fine a grid, and then calculated with as whole numbers."""

FIRST_FIT = {"mip_max_improving_sols": 1}
"""A world need not be the best there is."""


@dataclass(frozen=True)
class Sum:
    """``least <= sum of weights * people <= most``; cells by profile number * answers + answer number."""

    cells: tuple[int, ...]
    weights: tuple[int, ...]
    least: int | None
    most: int | None


@dataclass(frozen=True)
class Figures:
    """What is known of people by profile and answer."""

    people: Numbers
    """People of each profile."""
    places: Numbers
    """Profile x break: the number of its category."""
    answers: int
    sums: tuple[Sum, ...]

    @property
    def size(self) -> int:
        return len(self.people) * self.answers

    @cached_property
    def weights(self) -> Numbers:
        """Sum x cell."""
        weights = np.zeros((len(self.sums), self.size), dtype=np.int64)
        for number, known in enumerate(self.sums):
            weights[number, list(known.cells)] = known.weights
        return weights

    @cached_property
    def least(self) -> Numbers:
        return np.array([-UNBOUNDED if known.least is None else known.least for known in self.sums], dtype=np.int64)

    @cached_property
    def most(self) -> Numbers:
        return np.array([UNBOUNDED if known.most is None else known.most for known in self.sums], dtype=np.int64)

    @cached_property
    def top(self) -> Numbers:
        """The most people that one sum alone leaves in each cell."""
        top = np.repeat(self.people, self.answers)
        for known in self.sums:
            if known.most is not None and all(weight == 1 for weight in known.weights):
                cells = list(known.cells)
                top[cells] = np.minimum(top[cells], known.most)
        return top

    def totals(self, worlds: Numbers) -> Numbers:
        """World x sum, in whole numbers."""
        flat = worlds.reshape(len(worlds), self.size)
        totals = np.zeros((len(worlds), len(self.sums)), dtype=np.int64)
        filled = [number for number, known in enumerate(self.sums) if known.cells]
        if filled:
            lengths = [len(self.sums[number].cells) for number in filled]
            cells = [cell for number in filled for cell in self.sums[number].cells]
            weights = np.array([weight for number in filled for weight in self.sums[number].weights])
            first = np.cumsum([0, *lengths[:-1]])
            totals[:, filled] = np.add.reduceat(flat[:, cells] * weights, first, axis=1)
        return totals

    def fits(self, worlds: Numbers) -> Marks:
        """Which of these (world x profile x answer) are worlds, in whole numbers."""
        totals = self.totals(worlds)
        whole = (worlds >= 0).all(axis=(1, 2)) & (worlds.sum(axis=2) == self.people).all(axis=1)
        return whole & (totals >= self.least).all(axis=1) & (totals <= self.most).all(axis=1)


class Search:
    """Integer programmes over the worlds that fit some figures, and proofs that there are none."""

    def __init__(self, figures: Figures, budget: int) -> None:
        """``budget``: how many programmes may be solved in all; work is counted, never time."""
        self.figures = figures
        self.left = budget
        answers = figures.answers
        everyone = [
            Relation(tuple(range(first, first + answers)), (1,) * answers, int(people), int(people))
            for first, people in zip(range(0, figures.size, answers), figures.people, strict=True)
        ]
        self._relations = (*everyone, *(Relation(s.cells, s.weights, s.least, s.most) for s in figures.sums))

    def world(
        self, floor: Numbers | None = None, wanted: Sequence[Sum] = (), wish: NDArray | None = None
    ) -> tuple[Status, Numbers | None]:
        """A world with at least ``floor`` people in each cell and the ``wanted`` sums, one with much of ``wish``.

        ``BEST`` with a world, checked in whole numbers; ``IMPOSSIBLE``; or ``STOPPED``: nobody knows.
        """
        if self.left <= 0:
            return Status.STOPPED, None
        self.left -= 1
        low = np.zeros(self.figures.size, dtype=np.int64) if floor is None else floor
        if (low > self.figures.top).any():
            return Status.IMPOSSIBLE, None
        relations = (*self._relations, *(Relation(s.cells, s.weights, s.least, s.most) for s in wanted))
        system = System(tuple(low.tolist()), tuple(self.figures.top.tolist()), relations)
        program = _FirstFit(Part(tuple(range(self.figures.size)), relations), system, whole=True)
        answer = program.largest(np.zeros(self.figures.size) if wish is None else wish)
        if answer.numbers is None:
            return (Status.IMPOSSIBLE if answer.status is Status.IMPOSSIBLE else Status.STOPPED), None
        found = np.rint(answer.numbers).astype(np.int64)
        world = found.reshape(len(self.figures.people), self.figures.answers)
        sound = self.figures.fits(world[None])[0] and (found >= low).all() and all(_holds(s, found) for s in wanted)
        return (Status.BEST, world) if sound else (Status.STOPPED, None)

    def is_impossible(self, floor: Numbers) -> bool:
        """Whether a linear bound proves that no world has ``floor`` people in each cell, in whole-number arithmetic.

        By weak duality every choice of multipliers proves a bound on the sum of min(people, floor) over the cells
        asked for; the solver only suggests the multipliers. ``False`` proves nothing.
        """
        if self.left <= 0:
            return False
        self.left -= 1
        cells = np.flatnonzero(floor)
        size = self.figures.size
        caps = [Relation((size + n, int(cell)), (1, -1), None, 0) for n, cell in enumerate(cells)]
        relations = (*self._relations, *caps)
        low = (0,) * (size + len(cells))
        high = (*self.figures.top.tolist(), *floor[cells].tolist())
        system = System(low, high, relations)
        program = _Dual(Part(tuple(range(len(high))), relations), system)
        aim = np.zeros(len(high))
        aim[size:] = 1
        multipliers = program.multipliers(aim)
        if multipliers is None:
            return False
        bounds = [_bound(relations, high, aim, sign * multipliers) for sign in (1, -1)]
        return min(bounds) < int(floor.sum()) * GRAIN


def _holds(known: Sum, numbers: Numbers) -> bool:
    total = sum(int(numbers[cell]) * weight for cell, weight in zip(known.cells, known.weights, strict=True))
    return (known.least is None or total >= known.least) and (known.most is None or total <= known.most)


def _bound(relations: Sequence[Relation], high: Sequence[int], aim: NDArray, multipliers: NDArray) -> int:
    """An upper bound on ``aim`` (in units of 1/GRAIN) over all numbers from 0 to ``high`` that fit the relations."""
    left = [int(weight) * GRAIN for weight in aim]
    bound = 0
    for relation, multiplier in zip(relations, multipliers, strict=True):
        times = round(float(multiplier) * GRAIN)
        end = relation.most if times > 0 else relation.least
        if not times or end is None:
            continue
        bound += times * end
        for unknown, weight in zip(relation.unknowns, relation.weights, strict=True):
            left[unknown] -= times * weight
    return bound + sum(rest * most for rest, most in zip(left, high, strict=True) if rest > 0)


class _FirstFit(Program):
    """An integer programme that stops at the first numbers that fit."""

    def __init__(self, part: Part, system: System, *, whole: bool) -> None:
        super().__init__(part, system, whole=whole)
        for option in FIRST_FIT.items():
            self._sound &= self._accepted(self._highs.setOptionValue(*option))


class _Dual(Program):
    """A linear programme whose multipliers are of interest."""

    def multipliers(self, weights: NDArray) -> NDArray | None:
        """One number a relation; ``None`` where the solver found none."""
        if self.largest(weights).status is not Status.BEST:
            return None
        solution = self._highs.getSolution()
        scale = [1 / max(map(abs, row), default=1) for row in self._rows]
        return np.array(solution.row_dual) * np.array(scale) if solution.dual_valid else None

    def __init__(self, part: Part, system: System) -> None:
        super().__init__(part, system)
        self._rows = [relation.weights for relation in part.relations]

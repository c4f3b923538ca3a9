"""Is every hidden cell as uncertain as demanded? Proven by whole-number worlds, found by linear programs.

A level counts as reached only when a world is in hand, in whole numbers, that satisfies every equation and every bound
exactly. The solver only proposes worlds: a wrong answer of it can hide too much, never too little. Worlds are kept and
used again, for other cells and for later patterns (witness reuse).
"""

from __future__ import annotations

import numpy as np

from transforms.programs import Marks, Numbers
from transforms.suppression.ground import Ground
from transforms.suppression.problem import Problem
from transforms.suppression.solver import Reals, Work

FIRST = 10_000
"""Entries of worlds that there is room for at first."""
KEPT = 10_000_000
"""Entries of kept worlds above which old ones are forgotten."""
TOGETHER = 8
"""Most programs that push all unproven cells at once before each is pushed alone."""
MULTIPLES = (1, 2, 3, 6)
"""A fractional corner may be a whole one several times as large."""


class Audit:
    """The worlds known of one problem, as deviations from the true figures."""

    def __init__(self, problem: Problem, work: Work) -> None:
        self.problem, self._work = problem, work
        self.fall, self.rise = problem.values - problem.low, problem.high - problem.values
        # Worlds are sparse: entries of world w stand from _start[w] to _start[w + 1].
        self._cells, self._moves = np.zeros((2, FIRST), dtype=np.int64)
        self._start, self._used = [0], 0
        self._pattern: Marks | None = None
        self._ground: Ground | None = None
        self._low = self._high = np.zeros(0, dtype=np.int64)
        self.thorough = True
        """Whether integer programs may be asked for worlds in whole numbers; without, more counts as out of reach."""
        self.unsure = False
        """Whether some level counted as out of reach only because a search in whole numbers was cut short."""

    # --- what is known -------------------------------------------------------------------------------

    def slide(self, hidden: Marks) -> Numbers:
        """The sliding level demanded of every cell under a pattern."""
        secondary = hidden & ~self.problem.primary & ~self.problem.unprinted
        return np.where(self.problem.primary, self.problem.slide, np.where(secondary, self.problem.width, 0))

    def reach(self, hidden: Marks) -> tuple[Numbers, Numbers]:
        """Lowest and highest deviation of every cell in the worlds known to agree with this pattern."""
        if self._pattern is None or not np.array_equal(hidden, self._pattern):
            self._low, self._high = np.zeros((2, len(hidden)), dtype=np.int64)
            self._pattern = hidden.copy()
            cells, moves = self._cells[: self._used], self._moves[: self._used]
            if self._used:
                agree = np.logical_and.reduceat(hidden[cells], self._start[:-1])
                kept = np.repeat(agree, np.diff(self._start))
                np.minimum.at(self._low, cells[kept], moves[kept])
                np.maximum.at(self._high, cells[kept], moves[kept])
        return self._low, self._high

    def wanting(self, hidden: Marks) -> Marks:
        """Marks the cells whose levels no known world reaches under this pattern."""
        low, high = self.reach(hidden)
        primary = self.problem.primary
        short = primary & ((high < self.problem.up) | (-low < self.problem.down))
        return short | (high - low < self.slide(hidden))

    def missing(self, cell: int, hidden: Marks) -> list[int]:
        """The directions (1 up, -1 down, 0 the width) in which no known world takes the cell far enough."""
        low, high = self.reach(hidden)
        directions = []
        if self.problem.primary[cell]:
            directions += [1] if high[cell] < self.problem.up[cell] else []
            directions += [-1] if -low[cell] < self.problem.down[cell] else []
        return directions + ([0] if high[cell] - low[cell] < self.slide(hidden)[cell] else [])

    def add(self, deviation: Reals) -> bool:
        """Keep the world near a solver's answer, or a small multiple of it, and its mirror image if that is one too.

        Every equation and bound is checked in whole numbers; False, and nothing kept, where none of them is a world.
        """
        for multiple in MULTIPLES:
            whole = np.rint(multiple * deviation).astype(np.int64)
            kept = [each for each in (whole, -whole) if self._is_world(each)]
            for each in kept:
                self._keep(each)
            if kept:
                return True
        return False

    def _keep(self, world: Numbers) -> None:
        cells = np.flatnonzero(world)
        if not cells.size:
            return
        if self._used + cells.size > len(self._cells):
            self._make_room(cells.size)
        end = self._used + cells.size
        self._cells[self._used : end], self._moves[self._used : end] = cells, world[cells]
        self._used = end
        self._start.append(end)
        if self._pattern is not None and self._pattern[cells].all():
            self._low, self._high = np.minimum(self._low, world), np.maximum(self._high, world)

    def _make_room(self, more: int) -> None:
        """Double the store, or forget the older half of it."""
        if self._used + more > KEPT:
            middle = self._start[len(self._start) // 2]
            self._cells, self._moves = self._cells[middle:].copy(), self._moves[middle:].copy()
            self._start = [each - middle for each in self._start if each >= middle]
            self._used, self._pattern = self._used - middle, None
        room = np.zeros(len(self._cells) + more, dtype=np.int64)
        self._cells, self._moves = np.r_[self._cells, room], np.r_[self._moves, room]

    def _is_world(self, deviation: Numbers) -> bool:
        inside = (-self.fall <= deviation) & (deviation <= self.rise)
        return bool(inside.all()) and self.problem.system.holds(deviation)

    # --- what can be found out -----------------------------------------------------------------------

    def unmet(self, hidden: Marks, *, one_is_enough: bool = False, first: Marks | None = None) -> list[int]:
        """The cells whose levels cannot be shown to be reached when exactly ``hidden`` is hidden.

        With ``one_is_enough`` the first one only, those marked ``first`` tried before others. Raises Fault
        ``suppression_solver_failed``.
        """
        wanting = np.flatnonzero(self.wanting(hidden))
        if not wanting.size:
            return []
        self._stand_on(hidden)
        if first is not None:
            wanting = wanting[np.argsort(~first[wanting], kind="stable")]
        if not one_is_enough:
            self._push_together(hidden)
        unmet = []
        for cell in map(int, wanting):
            if self.missing(cell, hidden) and not self._reaches(cell, hidden):
                unmet.append(cell)
                if one_is_enough:
                    break
        return unmet

    def _push_together(self, hidden: Marks) -> None:
        """Push all unproven cells at once, by changing patterns of signs, as long as whole worlds come of it."""
        problem, span = self.problem, self.slide(hidden)
        for turn in range(TOGETHER):
            wanting = self.wanting(hidden)
            # As many up as down in every turn: all of one sign could only be balanced by cells beside them.
            up = (np.cumsum(wanting) * (turn // 2 + 1) // (1 + turn % 2)) % 2 == 0
            level = np.where(up, np.maximum(problem.up, span), -np.maximum(problem.down, span))
            found = self._ground.together(np.where(wanting, level, 0))
            if not self.add(found) or self.wanting(hidden).sum() <= 2:
                return

    def interval(self, cell: int, hidden: Marks) -> tuple[int, int]:
        """The least and greatest figure that a cell has in any world of real numbers, rounded inwards."""
        self._stand_on(hidden)
        low, high = (float(self._ground.farthest(cell, sign)[cell]) for sign in (-1, 1))
        value = int(self.problem.values[cell])
        return value + int(np.ceil(low - 1e-6)), value + int(np.floor(high + 1e-6))

    def _stand_on(self, hidden: Marks) -> None:
        if self._ground is None or not self._ground.serves(hidden):
            self._ground = Ground(self.problem.system, hidden, self.fall, self.rise, self._work)

    def _reaches(self, cell: int, hidden: Marks) -> bool:
        """Whether worlds that meet all demands on the cell can be found."""
        for direction, level in ((1, self.problem.up[cell]), (-1, -self.problem.down[cell])):
            if direction in self.missing(cell, hidden) and not self._reaches_to(cell, int(level), hidden):
                return False
        return 0 not in self.missing(cell, hidden) or self._spans(cell, hidden)

    def _reaches_to(self, cell: int, deviation: int, hidden: Marks) -> bool:
        """Whether a whole world takes the cell at least as far as ``deviation``."""
        for found in self._ground.worlds(cell, deviation):
            if found is None:
                return False
            if self.add(found) and self._has(cell, deviation, hidden):
                return True
        whole, final = self._ground.whole_world(cell, deviation) if self.thorough else (None, False)
        self.unsure |= not final
        if whole is not None:
            self.add(whole)
        return self._has(cell, deviation, hidden)

    def _spans(self, cell: int, hidden: Marks) -> bool:
        """Whether two whole worlds lie as far apart at the cell as its sliding level."""
        span = int(self.slide(hidden)[cell])
        if self._reaches_to(cell, span, hidden) or self._reaches_to(cell, -span, hidden):
            return True
        for sign in (1, -1):
            end = int(np.floor(abs(float(self._ground.farthest(cell, sign)[cell])) + 1e-6))
            # The farthest whole world need not be the whole part of the farthest one.
            while end and not self._reaches_to(cell, sign * end, hidden):
                end -= 1
        return 0 not in self.missing(cell, hidden)

    def _has(self, cell: int, deviation: int, hidden: Marks) -> bool:
        low, high = self.reach(hidden)
        return bool(low[cell] <= deviation <= high[cell])

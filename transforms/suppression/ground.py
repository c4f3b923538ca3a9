"""Where worlds are looked for: the linear program over the cells that one pattern hides."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from transforms.programs import Marks, Numbers, System
from transforms.suppression.solver import Linear, Reals, Work, solver_failed

TRIES = 4
"""Programs that look for a whole world among the corners before an integer program does."""
WORTH = 1_000.0
"""What a step of a pushed cell is worth, in weights of a step."""
NODES = 200
"""Most nodes of one search for a world in whole numbers."""


class Ground:
    """The program over the cells hidden by one pattern, and by patterns that hide fewer of them.

    Unknowns are rises and falls. A world of least weight in which one cell deviates by so much is, bounds apart, an
    elementary solution of the equations: nearly always whole, or half of a whole one.
    """

    def __init__(self, system: System, hidden: Marks, fall: Numbers, rise: Numbers, work: Work) -> None:
        self.hidden = hidden.copy()
        self.members = np.flatnonzero(hidden)
        self._size, self._place = len(hidden), np.cumsum(hidden) - 1
        self._program = Linear(among(system, self.members).split(), work, primal=False)
        self._room = np.r_[rise[self.members], fall[self.members]]
        self._shown = np.zeros(len(self.members), dtype=bool)
        self._program.bound(np.zeros(len(self._room)), self._room)
        # No two weights alike, so no solution hangs on a tie; cells that can move little are dear.
        spread = 1 + (np.arange(len(self._room)) * 40503 % 65536) / 65536
        self._weights = spread * (1 + 2 / np.maximum(self._room, 1))
        self._program.cost(self._weights)

    def serves(self, hidden: Marks) -> bool:
        """Whether this ground can serve the pattern; from then on it does."""
        if (hidden & ~self.hidden).any() or 2 * hidden.sum() < len(self.members):
            return False
        shown = ~hidden[self.members]
        for place in np.flatnonzero(shown != self._shown):
            self._free(int(place), shown=bool(shown[place]))
        self._shown = shown
        return True

    def _free(self, place: int, *, shown: bool) -> None:
        for column in (place, place + len(self.members)):
            self._program.bound_one(column, 0, 0 if shown else self._room[column])

    def worlds(self, cell: int, deviation: int) -> Iterator[Reals | None]:
        """Worlds of little weight with this deviation of a cell; ``None`` where there is none.

        Each one avoids, if it can, the cells in which those before were no whole numbers.
        """
        weights = self._weights
        try:
            for _ in range(TRIES):
                place = self._fix(cell, deviation, deviation)
                found = self._program.run() if place is not None else None
                self._unfix(place)
                yield None if found is None else self._everywhere(found)
                if found is None:
                    return
                weights = np.where(np.abs(found - np.rint(found)) > 1e-6, 4 * weights, weights)
                self._program.cost(weights)
        finally:
            if weights is not self._weights:
                self._program.cost(self._weights)

    def together(self, levels: Numbers) -> Reals:
        """The world in which many cells deviate by up to ``levels`` (0: not asked for), as far as can be had."""
        asked, n = levels[self.members], len(self.members)
        room = np.where(np.r_[self._shown, self._shown], 0, self._room)
        rise = np.where(asked, np.minimum(room[:n], np.maximum(asked, 0)), room[:n])
        fall = np.where(asked, np.minimum(room[n:], np.maximum(-asked, 0)), room[n:])
        self._program.bound(np.zeros(2 * n), np.r_[rise, fall])
        self._program.cost(self._weights - WORTH * np.r_[asked > 0, asked < 0])
        found = self._program.run()
        self._program.cost(self._weights)
        self._program.bound(np.zeros(2 * n), room)
        if found is None:
            raise solver_failed()  # The true world always is a solution.
        return self._everywhere(found)

    def whole_world(self, cell: int, deviation: int) -> tuple[Reals | None, bool]:
        """A world in whole numbers that takes the cell at least so far, and whether the answer is final."""
        place = self._fix(cell, deviation, None)
        self._program.cost(np.zeros(len(self._room)))
        found, final = self._program.whole(NODES) if place is not None else (None, True)
        self._program.cost(self._weights)
        self._unfix(place)
        return (None if found is None else self._everywhere(found)), final

    def farthest(self, cell: int, sign: int) -> Reals:
        """The world that takes the cell farthest."""
        place, n = int(self._place[cell]), len(self.members)
        cost = np.zeros(2 * n)
        cost[place], cost[place + n] = -sign, sign
        self._program.cost(cost)
        found = self._program.run()
        self._program.cost(self._weights)
        if found is None:
            raise solver_failed()  # The true world always is a solution.
        return self._everywhere(found)

    def _fix(self, cell: int, deviation: int, most: int | None) -> int | None:
        place, n = int(self._place[cell]), len(self.members)
        column, other = (place, place + n) if deviation > 0 else (place + n, place)
        if abs(deviation) > self._room[column]:
            return None
        self._program.bound_one(column, abs(deviation), self._room[column] if most is None else abs(most))
        self._program.bound_one(other, 0, 0)
        return place

    def _unfix(self, place: int | None) -> None:
        if place is not None:
            self._free(place, shown=False)

    def _everywhere(self, found: Reals) -> Reals:
        deviation = np.zeros(self._size)
        deviation[self.members] = found[: len(self.members)] - found[len(self.members) :]
        return deviation


def among(system: System, members: Numbers) -> System:
    """The equations as they bind the members when everything else is known; rows without a member fall away."""
    place = np.full(system.unknowns, -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    kept = place[system.index] >= 0
    row = np.repeat(np.arange(len(system.start) - 1), np.diff(system.start))[kept]
    counts = np.bincount(row, minlength=len(system.start) - 1)
    start = np.r_[0, np.cumsum(counts[counts > 0])]
    return System(start, place[system.index[kept]], system.value[kept], len(members))

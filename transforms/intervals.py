"""The feasibility interval of a hidden cell, proven by whole-number worlds that agree with everything shown.

An auditor who trusts a floating-point optimum trusts its tolerances. Here a cell counts as protected only when two
worlds are in hand, whole numbers that satisfy every equation and bound exactly, in which it differs by the width
asked for. The linear program only proposes worlds; a wrong answer of the solver can hide too much, never too little.
Worlds are kept and used again for other cells (witness reuse).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from terms.findings import fault
from transforms.programs import Marks, Numbers, Program, System

ROUNDS = 12
"""Most rounds in which all narrow cells are pushed at once before each is pushed alone."""


class Worlds:
    """Worlds that agree with what is shown of one component, as deviations from the true counts.

    ``floor`` and ``ceiling`` bound the deviation of a hidden unknown: what the attacker knows about any hidden cell.
    """

    def __init__(self, system: System, floor: Numbers, ceiling: Numbers, width: int) -> None:
        self.system, self.floor, self.ceiling, self.width = system, floor, ceiling, width
        self.program = Program(system)
        self._worlds = np.zeros((1, system.unknowns), dtype=np.int64)

    def relax(self, floor: Numbers) -> None:
        """Lower the floor: every world found so far stays one."""
        assert (floor <= self.floor).all()
        self.floor = floor

    def add(self, deviation: Numbers) -> bool:
        """Keep a world after checking it exactly; False (and not kept) where it is none."""
        inside = (self.floor <= deviation) & (deviation <= self.ceiling) | (deviation == 0)
        if not inside.all() or not self.system.holds(deviation):
            return False
        self._worlds = np.vstack([self._worlds, deviation])
        return True

    def reach(self, hidden: Marks) -> tuple[Numbers, Numbers]:
        """Lowest and highest deviation of every unknown in the worlds known to agree with this pattern."""
        agree = ~self._worlds[:, ~hidden].any(axis=1)
        return self._worlds[agree].min(axis=0), self._worlds[agree].max(axis=0)

    def wide(self, hidden: Marks) -> Marks:
        """Marks the unknowns already proven wide enough under this pattern."""
        low, high = self.reach(hidden)
        return high - low >= self.width

    def narrow(self, cells: Iterable[int], hidden: Marks, *, one_is_enough: bool = False) -> list[int]:
        """Those of ``cells`` whose interval cannot be proven ``width`` wide when exactly ``hidden`` is hidden.

        In the order given; with ``one_is_enough`` the first one only.
        """
        cells = np.array(list(cells), dtype=np.int64)
        if self._pending(cells, hidden).size == 0:
            return []
        low, high = np.where(hidden, self.floor, 0), np.where(hidden, self.ceiling, 0)
        self.program.bound(low, high)
        if not one_is_enough:
            self._push_together(cells, hidden)
        narrow = []
        for cell in self._pending(cells, hidden):
            if self.wide(hidden)[cell]:
                continue  # A world found for another cell served.
            if not self._push_apart(int(cell), hidden, low, high):
                narrow.append(int(cell))
                if one_is_enough:
                    break
        return narrow

    def _pending(self, cells: Numbers, hidden: Marks) -> Numbers:
        return cells[~self.wide(hidden)[cells]]

    def _push_together(self, cells: Numbers, hidden: Marks) -> None:
        """Push all pending cells at once, up or down by turns, as long as that settles some."""
        pending = self._pending(cells, hidden)
        for turn in range(ROUNDS):
            cost = np.zeros(self.system.unknowns, dtype=np.int64)
            # Up and down alternate at another rhythm each turn: all of one sign would often be a constant sum.
            cost[pending] = np.where((np.arange(len(pending)) >> (turn // 2 % 4)) % 2 == turn % 2, 1, -1)
            self._optimum(cost)
            left = self._pending(cells, hidden)
            if left.size <= 2 or (turn % 2 and left.size == pending.size):
                break
            pending = left

    def _push_apart(self, cell: int, hidden: Marks, low: Numbers, high: Numbers) -> bool:
        """Whether two worlds ``width`` apart at this cell can be found."""
        ends = []
        for sign in (-1, 1):
            cost = np.zeros(self.system.unknowns, dtype=np.int64)
            cost[cell] = sign
            found = self._optimum(cost)
            if found is None:
                raise fault("transforms.secondary", "solver_failed")  # The true world always is a solution.
            if self.wide(hidden)[cell]:
                return True
            ends.append(float(found[cell]))
        if ends[0] - ends[1] < self.width - 1e-6:
            return False
        # Wide for fractions of people: look for whole ones.
        for sign in (-1, 1):
            cost = np.zeros(self.system.unknowns, dtype=np.int64)
            cost[cell] = sign
            self._optimum(cost, whole=True)
        return bool(self.wide(hidden)[cell])

    def _optimum(self, cost: Numbers, *, whole: bool = False) -> np.ndarray | None:
        found = self.program.minimise(cost)
        if whole and found is not None:
            found = self.program.whole_numbers()
        if found is not None:
            self.add(np.rint(found).astype(np.int64))
        return found

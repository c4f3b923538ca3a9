"""Patterns ruined and mended by the thousand, judged by what can move at all.

Ruin and recreate (Schrimpf et al. 2000). A pattern that comes out cheaper is a proposal only: whether every cell can
move far enough, in whole numbers, is for the audit to say.
"""

from __future__ import annotations

import numpy as np

from transforms.programs import Marks, Numbers
from transforms.suppression.moves import ENTRY, TOUCH, Moves
from transforms.suppression.problem import Problem
from transforms.suppression.routes import Routes
from transforms.suppression.solver import Reals, Work

RUIN = 10
"""Most secondaries shown again at once."""
NEAR = 0.8
"""How often the next cell to show again stands in one line with one that is shown already."""
SPREAD = 0.3
"""Prices are drawn from so much below to so much above the costs."""
RETURN = 1.5
"""What was shown again is so many times as dear as it was."""
FEW, MANY = 5, 200
"""A cell is freed by worlds seen before once so many are known; the last so many are remembered."""
REMEMBERED = 0.9
"""How often worlds seen before are asked instead of a program."""


class Descent:
    """The walk through the patterns of one problem in which every sensitive cell can move."""

    def __init__(self, problem: Problem, routes: Routes, generator: np.random.Generator, work: Work) -> None:
        self.problem, self._routes, self._draw, self._work = problem, routes, generator, work
        self._given = problem.primary | problem.unprinted
        self._free = problem.candidate & ~self._given
        system = problem.system
        lines = [system.index[a:b] for a, b in zip(system.start, system.start[1:], strict=False)]
        self._lines = [line[self._free[line]] for line in lines]
        self._lines_of: dict[int, list[int]] = {}
        for number, line in enumerate(self._lines):
            for cell in line:
                self._lines_of.setdefault(int(cell), []).append(number)
        self._known: dict[int, dict[bytes, Numbers]] = {}
        self.hidden = self._given
        self._moves: Moves

    def stand_on(self, hidden: Marks) -> None:
        """Walk on from this pattern."""
        self.hidden, self._moves = hidden, Moves(self.problem, hidden, self._work)

    def cost(self, hidden: Marks) -> int:
        """What the secondaries of a pattern cost."""
        return int(self.problem.cost[hidden & ~self._given].sum())

    def ruined(self, hidden: Marks) -> tuple[Numbers, Reals]:
        """Some neighbouring secondaries of a pattern, and prices to mend it at once they are shown."""
        draw = self._draw
        secondary = np.flatnonzero(hidden & self._free)
        size = min(int(draw.integers(2, RUIN + 1)), len(secondary))
        ruined = [int(draw.choice(secondary))]
        while len(ruined) < size:
            near = [cell for number in self._lines_of[int(draw.choice(ruined))] for cell in self._lines[number]]
            near = [int(cell) for cell in near if hidden[cell] and cell not in ruined]
            pool = near if near and draw.random() < NEAR else [int(c) for c in secondary if c not in ruined]
            ruined.append(int(draw.choice(pool)))
        price = self.problem.cost * draw.uniform(1 - SPREAD, 1 + SPREAD, len(hidden))
        price[ruined] *= RETURN
        return np.array(ruined), price

    def step(self) -> bool:
        """Ruin the pattern and mend it; keep what is not dearer. Whether it is cheaper."""
        self._work.charge_entries(TOUCH)
        if not (self.hidden & self._free).any():
            return False
        shown, price = self.ruined(self.hidden)
        hidden, moves = self.hidden.copy(), self._moves.copy()
        hidden[shown] = False
        moves.show(shown)
        freed = np.zeros(len(hidden), dtype=bool)
        for cell in map(int, self._draw.permutation(moves.stuck())):
            if freed[cell]:
                continue
            route = self._route(cell, hidden, price)
            if route is None:
                return False
            hidden[route] = freed[route] = True
        moves = Moves(self.problem, hidden, self._work)
        self._clean(hidden, moves)
        before, after = self.cost(self.hidden), self.cost(hidden)
        if after <= before:
            self.hidden, self._moves = hidden, moves
        return after < before

    def _route(self, cell: int, hidden: Marks, price: Reals) -> Numbers | None:
        """The cells of a cheap world that moves a cell: one seen before, or now and then a new one."""
        known = list(self._known.get(cell, {}).values())
        if len(known) >= FEW and self._draw.random() < REMEMBERED:
            cells, start = np.concatenate(known), np.cumsum([0, *map(len, known[:-1])])
            self._work.charge_entries(TOUCH * 2 + ENTRY * len(cells))
            return known[int(np.argmin(np.add.reduceat(np.where(hidden[cells], 0, price[cells]), start)))]
        problem = self.problem
        level = int(max(problem.up[cell], problem.slide[cell]))
        found = self._routes.one(cell, level or -max(int(problem.down[cell]), 1), hidden, price)
        if found is None:
            return None
        route = np.flatnonzero(found)
        for each in route[self.problem.primary[route]]:
            worlds = self._known.setdefault(int(each), {})
            worlds[route.tobytes()] = route
            if len(worlds) > MANY:
                del worlds[next(iter(worlds))]
        return route

    def _clean(self, hidden: Marks, moves: Moves) -> None:
        """Show what no sensitive cell needs, dearest first."""
        secondary = self._draw.permutation(np.flatnonzero(hidden & self._free))
        for cell in secondary[np.argsort(-self.problem.cost[secondary], kind="stable")]:
            if not moves.needed(int(cell)):
                hidden[cell] = False
                moves.show([int(cell)])

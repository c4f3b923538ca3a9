"""Cheap worlds: the least-cost deviations that give a cell the uncertainty it lacks (the LP heuristic).

Fischetti & Salazar-González; with costs ``c (1 - x*)`` from the relaxation of the covering program the heuristic is
guided by what the bound has seen. The cells that deviate are what has to be hidden.
"""

from __future__ import annotations

import numpy as np

from transforms.programs import Marks
from transforms.suppression.audit import Audit
from transforms.suppression.ground import among
from transforms.suppression.problem import Problem
from transforms.suppression.solver import Linear, Reals, Work

CLIP = 64
"""Routes move no cell by more than so many times the largest level."""
FREE = 1e-3
"""What a hidden cell costs of the cheapest cell: not quite nothing, or worlds would wander."""
FEW = 500
"""Up to so many changed costs are changed one by one."""


class Routes:
    """The program of rises and falls over all cells that may be hidden."""

    def __init__(self, problem: Problem, audit: Audit, work: Work) -> None:
        self.problem, self._audit = problem, audit
        may = problem.primary | problem.unprinted | problem.candidate
        self._members = np.flatnonzero(may)
        self._place = np.cumsum(may) - 1
        self._program = Linear(among(problem.system, self._members).split(), work, primal=False)
        top = CLIP * max(int(np.r_[problem.up, problem.down, problem.slide, problem.width].max(initial=1)), 1)
        rise, fall = problem.high - problem.values, problem.values - problem.low
        self._room = np.minimum(np.r_[rise[self._members], fall[self._members]], top)
        self._program.bound(np.zeros(len(self._room)), self._room)
        self._priced = np.zeros(len(self._members))

    def one(self, cell: int, amount: int, hidden: Marks, price: Reals) -> Marks | None:
        """What to hide so that one cell deviates by ``amount``; ``None`` where no world has it so."""
        place, n = int(self._place[cell]), len(self._members)
        forced, other = (place, place + n) if amount > 0 else (place + n, place)
        if abs(amount) > self._room[forced]:
            return None
        self._price(self._costs(hidden, price))
        self._program.bound_one(forced, abs(amount), abs(amount))
        self._program.bound_one(other, 0, 0)
        self._program.forget()
        support = self._support()
        for column in (forced, other):
            self._program.bound_one(column, 0, self._room[column])
        return support

    def _price(self, cost: Reals) -> None:
        changed = np.flatnonzero(cost != self._priced)
        if len(changed) > FEW:
            self._program.cost(np.tile(cost, 2))
        else:
            for place in map(int, changed):
                self._program.cost_one(place, cost[place])
                self._program.cost_one(place + len(cost), cost[place])
        self._priced = cost

    def _costs(self, hidden: Marks, price: Reals) -> Reals:
        return np.where(hidden, FREE * price.min(initial=1.0), price)[self._members]

    def _support(self) -> Marks | None:
        found = self._program.run()
        if found is None:
            return None
        n = len(self._members)
        deviation = np.zeros(len(self.problem.values))
        deviation[self._members] = found[:n] - found[n:]
        self._audit.add(deviation)
        return np.abs(deviation) > 1e-6

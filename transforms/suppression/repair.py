"""From any choice of cells to a safe pattern, and from a safe pattern to one that hides no cell in vain."""

from __future__ import annotations

import numpy as np

from transforms.programs import Marks
from transforms.suppression.audit import Audit
from transforms.suppression.moves import Moves
from transforms.suppression.problem import Problem
from transforms.suppression.routes import Routes
from transforms.suppression.solver import Reals, Work

MEMORY = 4
"""Cells remembered as those that needed a secondary."""


class Repair:
    """Makes patterns of one problem safe, and small."""

    def __init__(self, problem: Problem, audit: Audit, work: Work) -> None:
        self.problem, self._audit, self._work = problem, audit, work
        self.routes = Routes(problem, audit, work)
        self._given = problem.primary | problem.unprinted
        self._needed_by: dict[int, list[int]] = {}

    def made_safe(self, hidden: Marks, price: Reals) -> Marks | None:
        """The choice and what else must be hidden to make it safe; ``None`` where no route was found for a cell."""
        self._audit.thorough = False
        try:
            safe = self._grown(hidden, price)
        finally:
            self._audit.thorough = True
        # Worlds that are hard to find in whole numbers are looked for only where nothing else helps.
        return safe if safe is not None else self._grown(hidden, price)

    def _grown(self, hidden: Marks, price: Reals) -> Marks | None:
        while True:
            unmet = self._audit.unmet(hidden)
            if not unmet:
                return hidden
            before = hidden
            for cell in sorted(unmet, key=lambda cell: (self.problem.values[cell], cell)):
                for direction in self._audit.missing(cell, hidden):
                    route = self._route(cell, direction, hidden, price)
                    if route is None:
                        return None
                    hidden = hidden | route
            if (hidden == before).all():
                return None

    def _route(self, cell: int, direction: int, hidden: Marks, price: Reals) -> Marks | None:
        problem = self.problem
        if direction:
            amount = int(problem.up[cell]) if direction > 0 else -int(problem.down[cell])
            return self.routes.one(cell, amount, hidden, price)
        span = int(self._audit.slide(hidden)[cell])
        ways = [self.routes.one(cell, amount, hidden, price) for amount in (span, -span)]
        found = [way for way in ways if way is not None]
        return min(found, key=lambda way: float(price[way & ~hidden].sum()), default=None)

    def cleaned_up(self, hidden: Marks, among: Marks, generator: np.random.Generator) -> Marks:
        """The pattern without those of some secondaries that nothing needs, dearest first."""
        self._audit.thorough = False
        moves = Moves(self.problem, hidden, self._work)
        for cell in self._order(hidden & among, generator):
            if moves.needed(cell):
                continue
            fewer = hidden.copy()
            fewer[cell] = False
            first = np.zeros(len(hidden), dtype=bool)
            first[self._needed_by.get(cell, [])] = True
            unmet = self._audit.unmet(fewer, one_is_enough=True, first=first)
            if unmet:
                # What could not do without it the last time is asked first the next time.
                self._needed_by[cell] = [*unmet, *self._needed_by.get(cell, [])][:MEMORY]
            else:
                hidden = fewer
                moves.show([cell])
        self._audit.thorough = True
        return hidden

    def _order(self, hidden: Marks, generator: np.random.Generator) -> list[int]:
        secondary = generator.permutation(np.flatnonzero(hidden & ~self._given))
        return [int(cell) for cell in secondary[np.argsort(-self.problem.cost[secondary], kind="stable")]]

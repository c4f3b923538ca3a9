"""Secondary suppression: hide a few more cells until no hidden one can be worked out, and prove it.

For each component of linked tables: (1) find the most that may be hidden so that every hidden cell is wide, which also
says what cannot be protected; (2) from the primaries on, hide the support of least-cost deviations (the LP heuristic of
Fischetti & Salazar-González); (3) audit, and repair where a cell is narrow; (4) show secondaries again, dearest first,
as long as the audit holds; (5) search for the cheapest pattern, with a bound, as far as a budget of work goes. Pattern
(1) is the way out of (2) and (3): they end, and end safe. Bounds known to the attacker: a hidden cell is at least 1,
because zeros are shown; in a withheld column at least 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from transforms.intervals import Worlds
from transforms.optimum import problem_of
from transforms.programs import Marks, Numbers, Program, System
from transforms.relations import Part, Relations
from transforms.suppression.engine import protect_cells
from transforms.withholding import Withholding

Progress = Callable[[int, int], None]
"""Called with components done and components in all."""

PROGRAMS_A_CELL = 8
"""Budget of the clean-up: programs for each unknown of a component. A pattern is safe wherever it stops."""

WORK = 5_000_000
"""Budget of the search for the best pattern, for each component."""

FINE = 64
"""Steps between two costs, so that the order of the answers decides among equals and nothing else."""


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """What is hidden, by unknown. ``withheld`` marks the hidden ones that lie in a withheld column."""

    hidden: Marks
    withheld: Marks


def suppress(
    relations: Relations, primary: Marks, free: Marks, width: int, progress: Progress | None = None
) -> Pattern:
    """A pattern in which every hidden cell keeps an interval at least ``width`` people wide.

    ``primary`` marks the unknowns that must not be shown or worked out, ``free`` those that are never shown and need
    no protection. A column that no pattern can protect is withheld, its zeros too; if that is not enough the whole
    table, then everything about the row variable. Raises Fault ``solver_failed``.
    """
    hidden, withheld = np.zeros_like(primary), np.zeros_like(primary)
    cost, components = dearness(relations), relations.components()
    for done, members in enumerate(components):
        if progress:
            progress(done, len(components))
        if primary[members].any():
            search = _Search(relations, members, primary[members], free[members], cost[members], width)
            hidden[members] = search.pattern()
            withheld[members] = search.withholding.marks
    if progress:
        progress(len(components), len(components))
    shown_anywhere = ~relations.of(Part.NOT_CHOSEN, Part.MENTIONS)
    return Pattern(hidden=(hidden | free) & shown_anywhere, withheld=withheld & shown_anywhere)


def dearness(relations: Relations) -> Numbers:
    """What hiding an unknown costs, in whole numbers: few cells first, then those of small groups, then late answers.

    Every line of a table that loses its figure counts, a little more with each doubling of the group's people; with a
    base go the percentages of its whole column. The hidden counts themselves take no part: a reader who knows the
    method could otherwise ask for which counts it would have chosen this partner (minimality attack: Wong, Fu, Wang
    & Pei 2007).
    """
    lines, early = relations.places.copy(), np.zeros_like(relations.places)
    for members in relations.columns.values():
        printed = [unknown for unknown in members if relations.places[unknown]]
        for place, unknown in enumerate(printed):
            early[unknown] = max(FINE - 1 - place, 0)
            if relations.parts[unknown] is Part.BASE:
                lines[unknown] *= len(printed)
    groups = {
        key: int(count)
        for key, part, count in zip(relations.keys, relations.parts, relations.counts, strict=True)
        if part is Part.KNOWN
    }
    size = [max((groups.get(key - {one}, 0) for one in key), default=0).bit_length() for key in relations.keys]
    return lines * (6 + np.array(size, dtype=np.int64)) * FINE + early


class _Search:
    """The search for a pattern of one component. Masks are over its own unknowns."""

    def __init__(
        self, relations: Relations, members: Numbers, primary: Marks, free: Marks, cost: Numbers, width: int
    ) -> None:
        self.relations, self.members = relations, members
        self.counts = relations.counts[members]
        self.primary, self.cost, self.width = primary, cost, width
        self.undisplayed = free | relations.of(Part.NOT_CHOSEN, Part.MENTIONS)[members]
        self.withholding = Withholding(relations, members, self.undisplayed)
        self.system = System.among(relations, members)
        # Wide enough for mentions too; the equations bound everything else more narrowly.
        self.ceiling = relations.counts.max() * len(members) - self.counts
        self.worlds = Worlds(self.system, self._floor(), self.ceiling, width)
        self.routes = Program(self.system.split())

    def pattern(self) -> Marks:
        """The hidden unknowns, undisplayed ones included."""
        most = self._most()
        if most is None:
            return self.undisplayed | self.withholding.marks
        hidden = self._construct(most)
        return self._improve(self._clean_up(self._repair(hidden, most)), most)

    # --- what needs to be wide -----------------------------------------------------------------------

    def _floor(self) -> Numbers:
        zero_possible = self.undisplayed | self.withholding.marks | (self.counts == 0)
        return np.where(zero_possible, -self.counts, 1 - self.counts)

    def _must(self) -> Marks:
        """Hidden whatever the pattern, and to be protected."""
        return self.primary | (self.withholding.marks & ~self.withholding.implied)

    def _protected(self, hidden: Marks) -> Marks:
        return self._must() | (hidden & ~self.undisplayed & ~self.withholding.implied)

    # --- (1) the most that may be hidden -------------------------------------------------------------

    def _most(self) -> Marks | None:
        """The largest pattern in which every hidden cell is wide; ``None`` where everything had to be withheld.

        Hiding more only widens intervals, so a cell that is narrow when all others are hidden can never be hidden,
        and taking such cells away one after the other ends in the largest safe pattern.
        """
        while True:
            hidden = self.undisplayed | self.withholding.marks | (self.counts > 0)
            while narrow := self.worlds.narrow(np.flatnonzero(self._protected(hidden)), hidden):
                stuck = [cell for cell in narrow if self._must()[cell]]
                if stuck:
                    break
                hidden[narrow] = False
            if not narrow:
                return hidden
            if not self.withholding.withhold_more(stuck):
                return None
            self.worlds.relax(self._floor())

    # --- (2) least-cost deviations -------------------------------------------------------------------

    def _construct(self, most: Marks) -> Marks:
        hidden = self.undisplayed | self.withholding.marks | self.primary
        # The smallest first: they can only rise, so they need the partners that others may then share.
        for cell in sorted(np.flatnonzero(self._must()), key=lambda cell: (self.counts[cell], cell)):
            if not self.worlds.wide(hidden)[cell]:
                hidden |= self._support(int(cell), hidden, most)
        return hidden

    def _support(self, cell: int, hidden: Marks, most: Marks) -> Marks:
        """What to hide so that the cell gets the width it lacks, at the least cost."""
        low, high = self.worlds.reach(hidden)
        lacking = self.width - int(high[cell] - low[cell])
        found = [
            route
            for amount in (int(high[cell]) + lacking, int(low[cell]) - lacking)
            if (route := self._route(cell, amount, hidden, most)) is not None
        ]
        if found:
            return min(found, key=lambda route: route[0])[1]
        # Neither way alone: as far up and down as the largest pattern is known to let it go.
        low, high = self.worlds.reach(most)
        ends = [self._route(cell, int(end), hidden, most) for end in (high[cell], low[cell]) if end]
        return np.logical_or.reduce([most if end is None else end[1] for end in ends])

    def _route(self, cell: int, amount: int, hidden: Marks, most: Marks) -> tuple[int, Marks] | None:
        """Cost and support of the cheapest world in which the cell deviates by ``amount``; None if there is none."""
        floor = self.worlds.floor
        if not floor[cell] <= amount <= self.ceiling[cell]:
            return None
        rise, fall = np.where(most, self.ceiling, 0), np.where(most, -floor, 0)
        low = np.zeros(2 * len(rise), dtype=np.int64)
        rise[cell], fall[cell] = max(amount, 0), max(-amount, 0)
        high = np.r_[rise, fall]
        low[[cell, cell + len(rise)]] = high[[cell, cell + len(rise)]]
        # What is hidden already is almost free; not quite, or the route would wander.
        cost = np.where(hidden, 1, 100 * self.cost)
        self.routes.bound(low, high)
        found = self.routes.minimise(np.r_[cost, cost])
        if found is None:
            return None
        deviation = found[: len(rise)] - found[len(rise) :]
        self.worlds.add(np.rint(deviation).astype(np.int64))
        support = np.abs(deviation) > 1e-6
        return int(self.cost[support & ~hidden].sum()), support

    # --- (3) audit and repair ------------------------------------------------------------------------

    def _repair(self, hidden: Marks, most: Marks) -> Marks:
        while narrow := self.worlds.narrow(np.flatnonzero(self._protected(hidden)), hidden):
            before = hidden.copy()
            for cell in narrow:
                if not self.worlds.wide(hidden)[cell]:
                    hidden = hidden | self._support(cell, hidden, most)
            if (hidden == before).all():
                return most.copy()
        return hidden

    # --- (4) show again what need not be hidden ------------------------------------------------------

    def _clean_up(self, hidden: Marks) -> Marks:
        secondary = hidden & ~self._must() & ~self.undisplayed & ~self.withholding.marks
        budget = self.worlds.program.runs + PROGRAMS_A_CELL * len(hidden)
        for cell in sorted(np.flatnonzero(secondary), key=lambda cell: (-self.cost[cell], cell)):
            if self.worlds.program.runs > budget:
                break
            if hidden[cell]:
                fewer = self._without(int(cell), hidden)
                hidden = hidden if fewer is None else fewer
        return hidden

    def _without(self, cell: int, hidden: Marks) -> Marks | None:
        """The safe pattern left when the cell is shown, and with it every secondary that only it kept wide.

        None where a cell that must stay hidden becomes narrow.
        """
        must, fewer = self._must(), hidden.copy()
        fewer[cell] = False
        touched = [cell]
        while True:
            narrow = self._alone(fewer) or self._first_narrow(touched, fewer)
            if not narrow:
                return fewer
            if must[narrow].any():
                return None
            fewer[narrow] = False
            touched += narrow

    def _alone(self, hidden: Marks) -> list[int]:
        """Protected cells that an equation gives away: the audit without a program, for the commonest case."""
        alone = self.system.hidden_in_rows(hidden) == 1
        last = self.system.index[np.repeat(alone, np.diff(self.system.start)) & hidden[self.system.index]]
        return sorted({int(cell) for cell in last if self._protected(hidden)[cell]})

    def _first_narrow(self, touched: list[int], hidden: Marks) -> list[int]:
        near = np.zeros(len(hidden), dtype=bool)
        for row in np.unique(np.concatenate([self.system.rows_of(cell) for cell in touched])):
            near[self.system.index[self.system.start[row] : self.system.start[row + 1]]] = True
        # The neighbours of what is shown again are the likeliest to become narrow.
        must = self._must()
        order = sorted(np.flatnonzero(self._protected(hidden)), key=lambda cell: (not near[cell], not must[cell], cell))
        return self.worlds.narrow(order, hidden, one_is_enough=True)

    # --- (5) the least that can be hidden ------------------------------------------------------------

    def _improve(self, hidden: Marks, most: Marks) -> Marks:
        """The best pattern that a budget of work finds, where it is better than the one at hand and as safe."""
        must, given = self._must(), self.undisplayed | self.withholding.marks | self.primary
        if not (hidden & ~given).any():
            return hidden
        problem = problem_of(
            self.relations,
            self.members,
            must=must,
            unprinted=(self.undisplayed | self.withholding.marks) & ~must,
            candidate=most & (self.counts > 0) & ~given,
            floor=self.worlds.floor,
            width=self.width,
            cost=self.cost,
        )
        shown = np.zeros(problem.system.unknowns - len(hidden), dtype=bool)
        pattern = protect_cells(problem, work=WORK, start=np.r_[hidden, shown])
        better = pattern.hidden[: len(hidden)]
        saved = self.cost[hidden & ~given].sum() - self.cost[better & ~given].sum()
        # What the search calls safe is proven here once more, with worlds of our own.
        if saved > 0 and not self.worlds.narrow(np.flatnonzero(self._protected(better)), better):
            return better
        return hidden

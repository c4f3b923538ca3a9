"""The pattern that hides least: cut generation for the bound, guided worlds for patterns, an audit behind both.

Fischetti & Salazar-González (2001). A covering program over the cells chooses what to hide; wherever the choice is not
safe, cuts say why. Every choice is made safe with cheap worlds, cleaned up and kept if it is the best so far. The
search ends when the best pattern costs what the bound says, or when the budget of work is spent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from terms.findings import Refused, fault, refuse
from transforms.programs import Marks
from transforms.suppression.audit import Audit
from transforms.suppression.cuts import Cut, Cuts
from transforms.suppression.descent import Descent
from transforms.suppression.problem import Pattern, Problem
from transforms.suppression.repair import Repair
from transforms.suppression.solver import Choice, Cover, Reals, Work, solver_failed

Method = Literal["optimal", "guided"]
Progress = Callable[[int, int], None]
"""Called with the cost of the best pattern and the bound, whenever one of them changes."""

WORK = 2_000_000_000
"""Work spent by default: some ten to twenty seconds of one core of 2026."""
NODES = 300
"""Most nodes of one run of the covering program."""
CUTS_A_ROUND = 15
"""Most cuts looked for in one round."""
RELAXED_SHARE = 10
"""One in so many parts of the budget goes into the linear relaxation before whole choices are asked for."""
RUIN_SHARE = 6
"""Work spent on ruining for one part spent on cutting."""
STALE = 30
"""Steps of a walk in a row without gain after which what it found is proposed."""
SEED = 20_261_123


def protect_cells(
    problem: Problem,
    *,
    method: Method = "optimal",
    work: int = WORK,
    start: Marks | None = None,
    progress: Progress | None = None,
) -> Pattern:
    """A safe pattern, the best that the budget finds, with a bound that no safe pattern can undercut.

    ``guided`` stops after the heuristics; ``optimal`` goes on until the pattern is proven or ``work`` is spent. A
    pattern to improve on may be given as ``start``. A budget, however small, never costs safety: the first pattern is
    always finished. Raises Refused ``no_safe_pattern`` where hiding everything is not enough, and Fault
    ``suppression_solver_failed``.
    """
    search = _Search(problem, Work(work), progress)
    search.begin(start)
    if search.goes_on:
        search.relax()
        search.guided() if method == "guided" else search.optimise()
    return search.pattern()


class _Search:
    def __init__(self, problem: Problem, work: Work, progress: Progress | None) -> None:
        self.problem, self.work, self._progress = problem, work, progress
        self.given = problem.primary | problem.unprinted
        self.free = problem.candidate & ~self.given
        self.columns = np.flatnonzero(self.free)
        self._column = np.cumsum(self.free) - 1
        self.audit = Audit(problem, work)
        self.repair = Repair(problem, self.audit, work)
        self.cuts = Cuts(problem, work)
        self.cover = Cover(problem.cost[self.columns], work)
        self.seen: set[tuple[object, ...]] = set()
        self.best, self.cost, self.bound = self.given.copy(), -1, 0
        self.x = self.given.astype(float)
        self.turn, self.current = 0, self.best
        self.generator = np.random.default_rng(SEED)
        self.descent = Descent(problem, self.repair.routes, self.generator, work)
        self.misled, self.walking, self.mending = False, 0, 0

    @property
    def proven(self) -> bool:
        return self.bound >= self.cost

    @property
    def goes_on(self) -> bool:
        return not self.proven and not self.work.over

    def pattern(self) -> Pattern:
        """The best pattern, audited once more."""
        if self.audit.unmet(self.best):
            raise fault("transforms.suppression", "suppression_pattern_not_safe")
        bound = min(self.bound, self.cost)
        return Pattern(hidden=self.best, cost=self.cost, bound=bound, proven=bound == self.cost, work=self.work.spent)

    # --- patterns ------------------------------------------------------------------------------------

    def begin(self, start: Marks | None) -> None:
        """The first safe pattern, or a refusal."""
        for cut in self.cuts.of_lines():
            self.take(cut)
        choice = self.cover.relaxed()
        if choice is None:
            raise self.hopeless()
        self.choose(choice)
        if start is not None:
            self.consider(self.given | (start & self.free), self.problem.cost.astype(float))
        self.guided()

    def consider(self, hidden: Marks, price: Reals) -> None:
        """Make a choice safe, clean it up, and keep it if it is the best."""
        safe = self.repair.made_safe(hidden, price)
        if safe is None:
            safe = self.given | self.free
            if self.audit.unmet(safe):
                raise self.hopeless()
        fresh = safe & ~self.current
        safe = self.repair.cleaned_up(safe, fresh, self.generator)
        # What was clean before is looked at again only where that can make the pattern the best.
        if self.cost < 0 or self.price_of(safe) <= self.price_of(self.current) + int(
            self.problem.cost[fresh].max(initial=1)
        ):
            safe = self.repair.cleaned_up(safe, ~fresh, self.generator)
        cost = self.price_of(safe)
        if self.cost < 0 or cost <= self.price_of(self.current):
            self.current = safe
        if self.cost < 0 or cost < self.cost:
            self.best, self.cost = safe, cost
            self.tell()

    def hopeless(self) -> Refused:
        """The refusal of a problem that has no safe pattern. Raises Fault where it turns out to have one."""
        unmet = self.audit.unmet(self.given | self.free)
        if not unmet:
            raise solver_failed()
        return refuse("transforms.suppression", "no_safe_pattern", cells=len(unmet))

    def price_of(self, hidden: Marks) -> int:
        return int(self.problem.cost[hidden & ~self.given].sum())

    def tell(self) -> None:
        if self._progress and self.cost >= 0:
            self._progress(self.cost, self.bound)

    # --- bounds --------------------------------------------------------------------------------------

    def relax(self) -> None:
        """Cuts against the linear relaxation."""
        end = self.work.spent + (self.work.limit - self.work.spent) // RELAXED_SHARE
        while True:
            choice = self.cover.relaxed()
            if choice is None:
                raise solver_failed()  # The best pattern satisfies every cut.
            self.choose(choice)
            if self.proven or not self.separate(end) or self.work.spent > end:
                return

    def choose(self, choice: Choice) -> Choice:
        """Note what a covering program says of the bound and of the cells."""
        self.x = self.given.astype(float)
        self.x[self.columns] = choice.chosen
        # Costs are whole numbers, and so is the cost of every pattern.
        bound = int(np.ceil(choice.bound - 1e-4))
        if bound > self.bound:
            self.bound = bound
            self.tell()
        return choice

    def separate(self, end: int) -> int:
        """Add cuts that the choice violates, until so much work is spent; how many."""
        self.cuts.towards(self.x, self.level())
        added = 0
        primary = np.flatnonzero(self.problem.primary)
        for cell in np.roll(primary, -self.turn * CUTS_A_ROUND)[:CUTS_A_ROUND]:
            added += self.against(int(cell), (1,))
            if self.work.spent > end:
                break
        self.turn += 1
        return added

    def level(self) -> int:
        problem = self.problem
        return max(int(np.r_[problem.up, problem.down, problem.slide, problem.width].max(initial=1)), 1)

    def against(self, cell: int, directions: tuple[int, ...] | list[int]) -> int:
        cuts = (self.cuts.against(cell, direction) for direction in directions)
        return sum(self.take(cut) for cut in cuts if cut is not None and cut.slack(self.x) < -1e-3)

    def take(self, cut: Cut) -> bool:
        """Add a cut unless it is known; whether it was added."""
        if cut.key() in self.seen:
            return False
        self.seen.add(cut.key())
        columns, coefficients, least = self._column[cut.cells], cut.coefficients / cut.least, 1.0
        if cut.on >= 0:
            columns = np.r_[columns, self._column[cut.on]]
            coefficients, least = np.r_[coefficients, -1.0], 0.0
        self.cover.add(columns, coefficients, least)
        return True

    # --- the search ----------------------------------------------------------------------------------

    def guided(self) -> None:
        """A pattern guided by the relaxation."""
        price = self.problem.cost * (1 - self.x) + 0.02
        self.consider(self.x > 0.5, price)

    def optimise(self) -> None:
        """Whole choices, cut and mended, and the best pattern ruined and mended, most work going into the latter."""
        cutting = ruining = 0
        cuttable = True
        while self.goes_on:
            before = self.work.spent
            if cuttable and RUIN_SHARE * cutting <= ruining:
                cuttable = self.cut()
                cutting += self.work.spent - before
            elif (self.current & self.free).any():
                self.improve()
                ruining += self.work.spent - before
            else:
                return

    def cut(self) -> bool:
        """One whole choice of the covering program; False where nothing more is to be learnt."""
        choice = self.cover.whole(NODES)
        if choice is None:
            return False
        self.choose(choice)
        return not self.proven and self.mend()

    def improve(self) -> None:
        """Walk on from the best pattern; where walks mislead, ruin and mend under the eyes of the audit as much."""
        before = self.work.spent
        if self.misled and self.walking > self.mending:
            shown, price = self.descent.ruined(self.current)
            hidden = self.current.copy()
            hidden[shown] = False
            self.consider(hidden, price)
            self.mending += self.work.spent - before
        else:
            self.walk()
            self.walking += self.work.spent - before

    def walk(self) -> None:
        """Ruin and mend by what can move at all, and propose what comes of it."""
        if self.misled or self.descent.cost(self.descent.hidden) != self.cost:
            self.descent.stand_on(self.best)
        stale = 0
        while stale < STALE and self.goes_on:
            stale = 0 if self.descent.step() else stale + 1
        if self.descent.cost(self.descent.hidden) < self.cost:
            before = self.cost
            self.consider(self.descent.hidden.copy(), self.problem.cost.astype(float))
            self.misled = self.cost == before

    def mend(self) -> bool:
        """Cut a whole choice off, or learn that it is safe; False where nothing more can be done."""
        hidden = self.x > 0.5
        self.audit.thorough, self.audit.unsure = False, False
        unmet = self.audit.unmet(hidden)
        self.audit.thorough = True
        added = 0
        self.cuts.towards(self.x, self.level())
        for cell in unmet[:CUTS_A_ROUND]:
            added += self.against(cell, self.audit.missing(cell, hidden))
        self.turn += 1
        if unmet and not added:
            added = self.forbid(hidden)
        if len(unmet) <= CUTS_A_ROUND:
            self.consider(hidden, self.problem.cost * (1 - self.x) + 0.02)
        return bool(added) or not unmet

    def forbid(self, hidden: Marks) -> bool:
        """Cut off a choice that fails in whole numbers only."""
        self.audit.unsure = False
        unmet = self.audit.unmet(hidden, one_is_enough=True)
        if not unmet:
            self.consider(hidden, self.problem.cost.astype(float))
            return True
        return not self.audit.unsure and self.take(self.cuts.beyond(hidden, unmet[0]))

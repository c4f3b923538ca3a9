"""What an attacker can conclude about unknown whole numbers: A1 of ``reference/releases.md``.

A number counts as protected only when two *worlds* are exhibited: whole numbers that fit every relation,
checked by exact arithmetic, between which it moves by at least the width asked for. The solver proposes, the
arithmetic decides: an error of the solver can refuse a safe release, but cannot pass an unsafe one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from transforms.attack.solver import Answer, Program, Status
from transforms.attack.system import Contradiction, Part, System, parts, tighten

NEAR = 1e-5
"""How far from a whole number the solver's value of a corner may be and still be that number."""

FAR = 2**62
"""Further than any sum of people."""

BARREN = 3
"""Whole-number searches without a single world after which none is expected: a budget of work."""

PATTERNS = 10
"""Patterns of signs tried before each number is asked about alone."""


class Standing(Enum):
    """What became of one question."""

    WIDE = "wide"
    NARROW = "narrow"
    UNPROVEN = "unproven"
    """Not shown to be narrow, but no two worlds were found either: not protected."""


@dataclass(frozen=True)
class Aim:
    """One number the attacker wants to know."""

    unknown: int
    width: int
    """Protected when it may take two values at least this far apart ..."""
    within: tuple[int, int] | None = None
    """... or, where given, when it may lie outside of these bounds (both included)."""

    def is_safe(self, low: int, high: int) -> bool:
        """Whether taking both ``low`` and ``high`` is protection enough.

        >>> Aim(0, 8).is_safe(1, 8), Aim(0, 8).is_safe(1, 9), Aim(0, 8, (1, 9)).is_safe(12, 12)
        (False, True, True)
        """
        outside = self.within is not None and (low < self.within[0] or high > self.within[1])
        return outside or high - low >= self.width


@dataclass(frozen=True)
class Reach:
    """How far one number can move, as far as it was looked at."""

    low: int
    high: int | None
    """``None``: nothing bounds it."""
    standing: Standing
    exact: bool = False
    """Both ends are those of the linear programme; else they are values some world takes."""


@dataclass(frozen=True)
class Knowledge:
    """The attacker's conclusions."""

    reaches: dict[int, Reach]
    """By unknown, for every aim (none where the figures contradict each other)."""
    contradiction: Contradiction | None = None
    solver_failed: bool = False
    runs: int = 0
    """Linear and whole-number programmes that were run."""
    world: tuple[int, ...] | None = None
    """One world, where it was asked for and found."""


def conclude(system: System, aims: Sequence[Aim], *, evidence: bool = False, world: bool = False) -> Knowledge:
    """Everything the system says about the aims.

    ``evidence`` asks for the linear programme's exact ends of every aim (more runs, same verdicts);
    ``world`` for one set of whole numbers that fits.

    >>> from transforms.attack.system import sums_to
    >>> hidden_pair = System((1, 1, 10), (None, None, 10), (sums_to([0, 1], 2),))
    >>> conclude(hidden_pair, [Aim(0, 8)], evidence=True).reaches[0]
    Reach(low=1, high=9, standing=<Standing.WIDE: 'wide'>, exact=True)
    """
    narrowed = tighten(system)
    if isinstance(narrowed, Contradiction):
        return Knowledge({}, contradiction=narrowed)
    ceiling = _ceiling(narrowed, aims)
    boxed = replace(narrowed, high=tuple(ceiling if high is None else high for high in narrowed.high))
    split = parts(boxed)
    if isinstance(split, Contradiction):
        return Knowledge({}, contradiction=split)
    part_of = {unknown: part for part in split for unknown in part.unknowns}
    reaches = {aim.unknown: _fixed(aim, boxed) for aim in aims if aim.unknown not in part_of}
    found = list(boxed.low)
    whole, runs, failed = world, 0, False
    for part in split:
        hunt = _Hunt(part, boxed, [aim for aim in aims if part_of.get(aim.unknown) is part])
        reaches |= hunt.run(evidence=evidence, world=world)
        runs += hunt.runs
        failed |= hunt.failed
        if hunt.impossible:
            return Knowledge({}, contradiction=Contradiction(part.unknowns), runs=runs)
        whole &= hunt.a_world is not None
        if hunt.a_world is not None:
            for unknown, number in zip(part.unknowns, hunt.a_world, strict=True):
                found[unknown] = int(number)
    reaches = {unknown: _without_ceiling(reach, ceiling) for unknown, reach in reaches.items()}
    return Knowledge(reaches, solver_failed=failed, runs=runs, world=tuple(found) if whole else None)


def _ceiling(system: System, aims: Sequence[Aim]) -> int:
    """Room for what nothing bounds: twice as much as all known numbers together could ask for."""
    known = sum(high for high in system.high if high is not None) + sum(system.low)
    return 2 * (known + max((aim.width for aim in aims), default=0) + len(system.low))


def _without_ceiling(reach: Reach, ceiling: int) -> Reach:
    return replace(reach, high=None) if reach.high is not None and reach.high > ceiling // 2 else reach


def _fixed(aim: Aim, system: System) -> Reach:
    value = system.low[aim.unknown]
    standing = Standing.WIDE if aim.is_safe(value, value) else Standing.NARROW
    return Reach(value, value, standing, exact=True)


class _Hunt:
    """The search in one part: worlds first, then the extremes of what the worlds leave open."""

    def __init__(self, part: Part, system: System, aims: list[Aim]) -> None:
        self._part, self._system = part, system
        self._place = {unknown: position for position, unknown in enumerate(part.unknowns)}
        self._aims = aims
        self._at = np.array([self._place[aim.unknown] for aim in aims], dtype=int)
        self._least = np.array([system.low[unknown] for unknown in part.unknowns])
        self._most = np.array([system.high[unknown] for unknown in part.unknowns])
        relations = part.relations
        self._terms = np.array([self._place[u] for r in relations for u in r.unknowns], dtype=int)
        self._weights = np.array([w for r in relations for w in r.weights], dtype=np.int64)
        self._starts = np.cumsum([0, *(len(relation.unknowns) for relation in relations)])[:-1]
        self._sum_least = np.array([-FAR if r.least is None else r.least for r in relations], np.int64)
        self._sum_most = np.array([FAR if r.most is None else r.most for r in relations], np.int64)
        # What worlds have taken so far, then what the linear programme allows.
        self._seen_low, self._seen_high = self._most.copy(), self._least.copy()
        self._floor, self._roof = self._least.copy(), self._most.copy()
        # Where corners of the linear programme lay: fractions prove nothing, but tell what is not worth asking.
        self._corner_low, self._corner_high = self._most.astype(float), self._least.astype(float)
        self._barren = 0
        self._asked: set[tuple[int, int]] = set()
        self._programs = [Program(part, system)]
        self.a_world: np.ndarray | None = None
        self.impossible = self.failed = False

    @property
    def runs(self) -> int:
        return sum(program.runs for program in self._programs)

    def run(self, *, evidence: bool, world: bool) -> dict[int, Reach]:
        if not self._learn(self._programs[0].largest(np.zeros(len(self._part.unknowns)))):
            return {aim.unknown: Reach(0, None, Standing.UNPROVEN) for aim in self._aims}
        self._patterns()
        for number in self._open():
            if not self._settled(number) and not self._is_hopeless(number):
                self._ends(number)
        if evidence:
            for number in range(len(self._aims)):
                self._ends(number)
        for number in self._open():
            if not self._settled(number) and not self._is_narrow(number):
                self._branch(number)
        if world and self.a_world is None:
            self._learn(self._whole().largest(np.zeros(len(self._part.unknowns))), linear=False)
        return {aim.unknown: self._reach(number, evidence) for number, aim in enumerate(self._aims)}

    def _learn(self, answer: Answer, *, linear: bool = True) -> bool:
        """Keep the world an answer holds; say whether the answer may be used at all."""
        if answer.status is Status.IMPOSSIBLE:
            # A system that has fractional solutions only is no contradiction of the figures.
            self.impossible |= linear
            return False
        if answer.status is Status.BROKEN:
            self.failed = True
            return False
        if answer.numbers is not None:
            if linear:
                self._corner_low = np.minimum(self._corner_low, answer.numbers)
                self._corner_high = np.maximum(self._corner_high, answer.numbers)
            numbers = np.rint(answer.numbers).astype(np.int64)
            if self._fits(numbers):
                self.a_world = numbers if self.a_world is None else self.a_world
                self._seen_low = np.minimum(self._seen_low, numbers)
                self._seen_high = np.maximum(self._seen_high, numbers)
        return True

    def _fits(self, numbers: np.ndarray) -> bool:
        """Whether whole numbers satisfy every bound and relation, by exact arithmetic."""
        if (numbers < self._least).any() or (numbers > self._most).any():
            return False
        if not self._part.relations:
            return True
        sums = np.add.reduceat(self._weights * numbers[self._terms], self._starts)
        return bool(((sums >= self._sum_least) & (sums <= self._sum_most)).all())

    def _settled(self, number: int) -> bool:
        at = self._at[number]
        return self._aims[number].is_safe(int(self._seen_low[at]), int(self._seen_high[at]))

    def _is_narrow(self, number: int) -> bool:
        at = self._at[number]
        return not self._aims[number].is_safe(int(self._floor[at]), int(self._roof[at]))

    def _is_hopeless(self, number: int) -> bool:
        """Whether asking for the ends would tell nothing: corners are never whole, and the number is not narrow."""
        at = self._at[number]
        low, high = int(np.ceil(self._corner_low[at] - NEAR)), int(np.floor(self._corner_high[at] + NEAR))
        return self.a_world is None and self._aims[number].is_safe(low, high)

    def _open(self) -> list[int]:
        return [number for number in range(len(self._aims)) if not self._settled(number)]

    def _patterns(self) -> None:
        """Push all open numbers at once, up or down by the digits of their rank: pairs part company."""
        for pattern in range(PATTERNS):
            waiting = self._open()
            if not waiting or (pattern and 1 << (pattern - 1) > len(waiting)):
                return
            weights = np.zeros(len(self._part.unknowns))
            for rank, number in enumerate(waiting):
                up = pattern == 0 or rank >> (pattern - 1) & 1
                weights[self._at[number]] = 1.0 if up else -1.0
            for direction in (weights, -weights):
                if not self._learn(self._programs[0].largest(direction)):
                    return

    def _ends(self, number: int) -> None:
        """The linear programme's largest and smallest value of one number."""
        at = int(self._at[number])
        for sign in (1, -1):
            reached = self._seen_high[at] == self._roof[at] if sign > 0 else self._seen_low[at] == self._floor[at]
            if reached or (at, sign) in self._asked:
                continue
            self._asked.add((at, sign))
            weights = np.zeros(len(self._part.unknowns))
            weights[at] = sign
            answer = self._programs[0].largest(weights)
            if not self._learn(answer) or answer.status is not Status.BEST:
                continue
            if sign > 0:
                self._roof[at] = min(self._roof[at], int(np.floor(answer.numbers[at] + NEAR)))
            else:
                self._floor[at] = max(self._floor[at], int(np.ceil(answer.numbers[at] - NEAR)))

    def _whole(self) -> Program:
        if len(self._programs) == 1:
            self._programs.append(Program(self._part, self._system, whole=True))
        return self._programs[1]

    def _branch(self, number: int) -> None:
        """Corners were fractions: look for the extremes among whole numbers alone."""
        at = int(self._at[number])
        for sign in (1, -1):
            if self.a_world is None and self._barren >= BARREN:
                return
            weights = np.zeros(len(self._part.unknowns))
            weights[at] = sign
            answer = self._whole().largest(weights)
            self._barren += answer.numbers is None
            if not self._learn(answer, linear=False) or answer.status is not Status.BEST:
                continue
            if sign > 0:
                self._roof[at] = min(self._roof[at], round(answer.numbers[at]))
            else:
                self._floor[at] = max(self._floor[at], round(answer.numbers[at]))

    def _reach(self, number: int, evidence: bool) -> Reach:
        at = int(self._at[number])
        if self._settled(number):
            standing = Standing.WIDE
        elif self.failed:
            standing = Standing.UNPROVEN
        else:
            standing = Standing.NARROW if self._is_narrow(number) else Standing.UNPROVEN
        if evidence or standing is not Standing.WIDE:
            return Reach(int(self._floor[at]), int(self._roof[at]), standing, exact=True)
        return Reach(int(self._seen_low[at]), int(self._seen_high[at]), standing)

"""Many worlds out of one: people exchange answers so that every shown sum stays what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.attack.worlds import Figures, Marks, Numbers

TRIES = 16
"""Pairs that each world looks at before it gives up for this step."""
HALVINGS = 6
MOST_PAIRS = 400_000
"""Pairs that are listed at most."""


@dataclass(frozen=True)
class Taste:
    """Which worlds a walk prefers: in every profile more than ``enough`` people beside each guarded set."""

    beside: Numbers
    """Answer x guard: 1 where the answer is one beside the guarded ones."""
    enough: int


class Walk:
    """Worlds that wander side by side, each in steps of one exchange.

    Two exchanges. *Square*: two people who gave a, in profiles u and v, and two who gave b, in the profiles that u and
    v become when they swap some of their categories, exchange a and b: every count by one break keeps its value, since
    the four profiles have, break by break, the same categories as u and v. *Pair*: one person who gave a and one who
    gave b, in two profiles, exchange them; only pairs that leave every figure with a single possible value alone are
    listed, the others are tested. Wherever a walk leads is checked again by :meth:`Figures.fits`; a walk that cannot
    reach some world costs a programme later, never a wrong conclusion.
    """

    def __init__(
        self, figures: Figures, worlds: Numbers, dice: np.random.Generator, taste: Taste, floor: Numbers | None = None
    ) -> None:
        """``worlds``: world x profile x answer; ``floor``: people in each cell who do not move."""
        self.figures, self.dice, self.taste = figures, dice, taste
        self.worlds = worlds.astype(np.int64).copy()
        self.floor = np.zeros_like(self.worlds[0]) if floor is None else floor.reshape(self.worlds[0].shape)
        self._rows = np.arange(len(worlds))
        self._totals = figures.totals(self.worlds)
        self._effects = np.ascontiguousarray(figures.weights.T)
        counts = (figures.weights == 0) | (figures.weights == 1)
        self._all_counts = bool(counts.all())
        self._strides = _strides(figures.places)
        self._profile_at = _profile_at(figures.places, self._strides)
        self._pairs = _pairs(figures)

    def steps(self, number: int) -> None:
        for _ in range(number):
            self._square()
            if len(self._pairs[0]):
                self._pair()

    def _one_of(self, people: NDArray) -> tuple[NDArray, Marks]:
        """One place of each line, drawn like one of its people, and whether there is anybody."""
        keys = people / self.dice.standard_exponential(people.shape)
        chosen = keys.argmax(axis=1)
        return chosen, keys[np.arange(len(people)), chosen] > 0

    def _square(self) -> None:
        rows, free = self._rows, self.worlds - self.floor
        a = self.dice.integers(self.figures.answers, size=len(rows))
        held = free[rows, :, a]
        u, good = self._one_of(held)
        held[rows, u] = 0
        v, also = self._one_of(held)
        swapped = self.dice.integers(2, size=(len(rows), self._strides.size), dtype=np.int8).astype(bool)
        at_u, at_v = self.figures.places[u], self.figures.places[v]
        x = self._profile_at[np.where(swapped, at_v, at_u) @ self._strides]
        y = self._profile_at[np.where(swapped, at_u, at_v) @ self._strides]
        good &= also & (x >= 0) & (y >= 0) & (x != u) & (x != v)
        both = np.minimum(free[rows, x], free[rows, y])
        both[rows, a] = 0
        b, also = self._one_of(both)
        gained, lost = np.stack([a, a, b, b]), np.stack([b, b, a, a])
        profiles = np.stack([x, y, u, v])
        number = self._number(self.worlds[rows, profiles, lost], self.worlds[rows, profiles, gained])
        number = np.maximum(1, np.minimum(number, free[rows, profiles, lost].min(axis=0)))
        self._move(good & also, profiles, gained, lost, number, tested=not self._all_counts)

    def _number(self, leaving: Numbers, arriving: Numbers) -> Numbers:
        """How many exchange at once: up to as many as bring the four cells to where most worlds lie."""
        low, high = np.zeros(leaving.shape[1]), leaving.min(axis=0).astype(float)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            too_few = (leaving - middle).prod(axis=0) > (arriving + middle).prod(axis=0)
            low, high = np.where(too_few, middle, low), np.where(too_few, high, middle)
        return np.rint(low * self.dice.random(len(low))).astype(np.int64)

    def _pair(self) -> None:
        rows, free = self._rows, self.worlds - self.floor
        u, v, a, b = self._pairs
        tries = self.dice.integers(len(u), size=(len(rows), TRIES))
        turned = self.dice.integers(2, size=tries.shape).astype(bool)
        a, b = np.where(turned, b[tries], a[tries]), np.where(turned, a[tries], b[tries])
        u, v = u[tries], v[tries]
        chosen, good = self._one_of(free[rows[:, None], u, a] * free[rows[:, None], v, b])
        u, v, a, b = (each[rows, chosen] for each in (u, v, a, b))
        one = np.ones(len(rows), dtype=np.int64)
        self._move(good, np.stack([v, u]), np.stack([a, b]), np.stack([b, a]), one, tested=True)

    def _move(
        self, good: Marks, profiles: NDArray, gained: NDArray, lost: NDArray, number: Numbers, tested: bool
    ) -> None:
        """At each of these profiles (each x world) a number of people turn from the lost to the gained answer, where it
        is ``good``, fits the tested sums and leaves no more profiles and guards short than there were."""
        if tested:
            first = profiles * self.figures.answers
            effect = (self._effects[first + gained] - self._effects[first + lost]).sum(axis=0)
            after = self._totals + effect * number[:, None]
            good = good & ((after >= self.figures.least) & (after <= self.figures.most)).all(axis=1)
        beside, enough = self.taste.beside, self.taste.enough
        spare = self.worlds[self._rows, profiles] @ beside
        then = spare + (beside[gained] - beside[lost]) * number[:, None]
        good = good & ((then <= enough).sum(axis=(0, 2)) <= (spare <= enough).sum(axis=(0, 2)))
        if tested:
            self._totals[good] = after[good]
        rows = self._rows[good]
        for profile, gain, loss in zip(profiles, gained, lost, strict=True):
            self.worlds[rows, profile[good], gain[good]] += number[good]
            self.worlds[rows, profile[good], loss[good]] -= number[good]


def _strides(places: Numbers) -> Numbers:
    sizes = places.max(axis=0, initial=0) + 1
    return np.concatenate([[1], np.cumprod(sizes)])[: places.shape[1]].astype(np.int64)


def _profile_at(places: Numbers, strides: Numbers) -> Numbers:
    """The number of the profile with these categories, -1 where nobody has them."""
    sizes = places.max(axis=0, initial=0) + 1
    found = np.full(int(np.prod(sizes)), -1, dtype=np.int64)
    found[places @ strides] = np.arange(len(places))
    return found


def _pairs(figures: Figures) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Profiles u < v and answers a < b whose exchange changes no figure that has but one possible value."""
    fixed = figures.weights[figures.least == figures.most]
    dice = np.random.default_rng(7)
    # A random sum of the fixed figures tells exchanges that change one; those it lets through are tested anyway.
    marks = (dice.integers(1 << 20, size=len(fixed)) @ fixed).reshape(len(figures.people), figures.answers)
    open_ = figures.top.reshape(marks.shape) > 0
    first, second = np.triu_indices(len(marks), 1)
    apart = marks[first] - marks[second]
    usable = open_[first] & open_[second]
    found = [
        (first[same], second[same], np.full(same.sum(), a), np.full(same.sum(), b))
        for a in range(figures.answers)
        for b in range(a + 1, figures.answers)
        for same in [(apart[:, a] == apart[:, b]) & usable[:, a] & usable[:, b]]
    ]
    if not found:
        return (np.zeros(0, dtype=np.int64),) * 4
    u, v, a, b = (np.concatenate(each) for each in zip(*found, strict=True))
    some = dice.choice(len(u), MOST_PAIRS, replace=False) if len(u) > MOST_PAIRS else slice(None)
    return u[some], v[some], a[some], b[some]

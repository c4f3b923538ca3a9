"""What a coalition of respondents can prove about anybody else, given the figures of one question.

A *world* gives every profile whole numbers of people by answer that fit everything shown. A coalition is a multiset C
of cells (profile, answer), one a member; a world is compatible with C where each cell holds at least as many people
as C has members there. People of one profile are exchangeable, so the outsiders of profile p are, answer by answer,
the people of p less the members in p, and *some* compatible world gives an outsider of p one of the answers in B
exactly where

    sum of m(p, b) over b in B  >=  1 + (members of C in p whose answer is in B).                             (*)

The question is safe where for every C that some world is compatible with, every p with an outsider and every guard,
(*) has a compatible world, B being the answers that leave the guarded set.

*Coalitions of exactly t members suffice* where there are more than t people. If C has fewer and an outsider of p is
proven, add members from the rest of a compatible world, whoever they are but her: the larger coalition has fewer
worlds, and proves her too.

*A rich world settles every coalition it is compatible with.* Where (*) holds with t in place of the members in p, for
all p and guards at once, it holds for every C of t members. So with a pool of rich worlds what is left are the
coalitions that no rich world of the pool is compatible with: a product of matrices. Those are taken one by one:
the worlds of the pool by (*) itself, then an integer programme that looks for a world with C, then for one with C and
(*). Every world is checked in whole numbers before it counts. A coalition is passed over as impossible only by the
bound of a single sum or by a linear bound checked in whole-number arithmetic (:meth:`Search.is_impossible`); where
the solver alone says that there is no world, the answer is ``UNDECIDED``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from transforms.attack.solver import Status
from transforms.attack.worlds import Figures, Marks, Numbers, Search, Sum
from transforms.attack.worlds_walk import Taste, Walk

SEED = 20_260_701
STARTS = 3
"""Worlds that are searched for before anything walks."""
CHAINS = 96
"""Worlds that walk side by side."""
ROUNDS = 24
"""Rounds of walking, at most; one that settles nothing new is the last."""
STRIDE = 12
"""Steps between two worlds that are kept."""
BURN_IN = 1
"""Steps a cell before the walk begins: what the solver finds lies in a corner."""
KEPT = 6
"""Worlds that each chain leaves in the pool in a round."""
LOCAL_CHAINS, LOCAL_KEPT = 16, 3
MOST_ALONE = 20_000
"""Coalitions that are taken one by one, at most."""
LARGEST = 2
"""Members of the largest coalition that is looked at."""


class Proof(Enum):
    """What the coalition achieves against one question."""

    NONE = "none"
    """Everybody keeps two answers, whoever colludes."""
    SOMEBODY = "somebody"
    """Some coalition whose answers are possible proves somebody else's answer."""
    UNDECIDED = "undecided"
    """The budget ran out or the solver failed. To be treated like a proof."""

    @classmethod
    def worst(cls, proofs: Sequence[Proof]) -> Proof:
        """The worst of several; of none, ``UNDECIDED``."""
        return (
            next((proof for proof in (cls.SOMEBODY, cls.UNDECIDED) if proof in proofs), cls.NONE)
            if proofs
            else (cls.UNDECIDED)
        )


@dataclass(frozen=True)
class Guard:
    """Answers that must not be all that is left for anybody, and those that count as another answer."""

    within: tuple[int, ...]
    beside: tuple[int, ...]


class Unknown(Exception):
    """Nobody can tell: the budget ran out or the solver failed."""


Coalition = tuple[int, ...]
"""The cell of each member: profile number * answers + answer number."""


def proof_against(figures: Figures, guards: Sequence[Guard], members: int, budget: int) -> Proof:
    """Whether a coalition of ``members`` can prove something that a guard forbids.

    ``budget``: integer and linear programmes in all. Deterministic.
    """
    if not 1 <= members <= LARGEST or figures.people.sum() <= members:
        return Proof.UNDECIDED
    return Test(figures, guards, members, budget).run()


class Test:
    """The pool of worlds of one question, and the coalitions that it leaves open."""

    def __init__(self, figures: Figures, guards: Sequence[Guard], members: int, budget: int) -> None:
        self.figures, self.guards, self.members = figures, guards, members
        self.search = Search(figures, budget)
        self.dice = np.random.default_rng(SEED)
        self._beside = np.zeros((figures.answers, len(guards)), dtype=np.int64)
        for number, guard in enumerate(guards):
            self._beside[list(guard.beside), number] = 1
        self.taste = Taste(self._beside, members)
        self.worlds = np.zeros((0, len(figures.people), figures.answers), dtype=np.int64)
        self.spare = np.zeros((0, len(figures.people), len(guards)), dtype=np.int64)
        """World x profile x guard: people beside the guarded answers."""
        self.open = self._not_excluded()

    # --- the pool ---------------------------------------------------------------------------------------

    def _not_excluded(self) -> Marks:
        """Coalitions that no single sum excludes; of pairs each once."""
        top = self.figures.top
        if self.members == 1:
            return top >= 1
        able = (top >= 1)[:, None] & (top >= 1)[None, :]
        for known, row in zip(self.figures.sums, self.figures.weights, strict=True):
            if known.most is not None and known.most < self.members and (row >= 0).all():
                able &= ~np.outer(row > 0, row > 0)
        np.fill_diagonal(able, top >= self.members)
        alone = np.repeat(self.figures.people == 1, self.figures.answers)
        same = np.arange(self.figures.size) // self.figures.answers
        able &= ~(alone[:, None] & (same[:, None] == same[None, :]))
        return np.triu(able)

    def _add(self, worlds: Numbers) -> None:
        """Put worlds into the pool, and strike out the coalitions that the rich ones settle."""
        fitting = worlds[self.figures.fits(worlds)]
        if not len(fitting):
            return
        spare = fitting @ self._beside
        self.worlds = np.concatenate([self.worlds, fitting])
        self.spare = np.concatenate([self.spare, spare])
        rich = (spare > self.members).all(axis=(1, 2))
        self._strike(fitting[rich].reshape(-1, self.figures.size))

    def _strike(self, rich: Numbers) -> None:
        if self.members == 1:
            self.open &= ~(rich >= 1).any(axis=0)
            return
        held = (rich >= 1).astype(np.float32)
        together = held.T @ held > 0
        np.fill_diagonal(together, (rich >= self.members).any(axis=0))
        self.open &= ~together

    def _find(self, coalition: Coalition, wanted: Sequence[Sum] = (), wish: NDArray | None = None) -> Status:
        """Look for a world with the coalition and the wanted sums; found ones and their neighbours join the pool."""
        floor = self._floor(coalition)
        status, world = self.search.world(floor, wanted, wish)
        if status is Status.STOPPED:
            raise Unknown
        if world is not None:
            self._add(world[None])
            walk = Walk(self.figures, np.repeat(world[None], LOCAL_CHAINS, axis=0), self.dice, self.taste, floor)
            self._wander(walk, LOCAL_KEPT)
        return status

    def _wander(self, walk: Walk, kept: int) -> None:
        for _ in range(kept):
            walk.steps(STRIDE)
            self._add(walk.worlds)

    def _floor(self, coalition: Coalition) -> Numbers:
        return np.bincount(coalition, minlength=self.figures.size).astype(np.int64)

    # --- the test ---------------------------------------------------------------------------------------

    def run(self) -> Proof:
        """See :func:`proof_against`."""
        try:
            self.fill()
            if self.open.sum() > MOST_ALONE:
                raise Unknown
            for coalition in self._open_coalitions():
                if not self._is_settled(coalition) and not self._outsiders_keep_two(coalition):
                    return Proof.SOMEBODY
        except Unknown:
            return Proof.UNDECIDED
        return Proof.NONE

    def fill(self) -> None:
        """Fill the pool by walking; raises :class:`Unknown` where there is no world to begin with."""
        is_loose = bool((self.figures.least < self.figures.most).any())
        for number in range(STARTS if is_loose else 1):
            wish = None if number == 0 else self.dice.integers(-8, 9, size=self.figures.size).astype(float)
            _, world = self.search.world(wish=wish)
            if world is None and number == 0:
                raise Unknown
            if world is None:
                return
            self._add(world[None])
            self._walk_far(world)
            if not self.open.any():
                return

    def is_rich(self) -> Marks:
        """Which worlds of the pool settle every coalition that they are compatible with."""
        return (self.spare > self.members).all(axis=(1, 2))

    def _walk_far(self, start: Numbers) -> None:
        first = Walk(self.figures, np.repeat(start[None], LOCAL_CHAINS, axis=0), self.dice, self.taste)
        first.steps(self.figures.size * BURN_IN)
        walk = Walk(self.figures, first.worlds[np.arange(CHAINS) % LOCAL_CHAINS], self.dice, self.taste)
        for _ in range(ROUNDS):
            before = int(self.open.sum())
            self._wander(walk, KEPT)
            if int(self.open.sum()) == before or not self.open.any():
                return

    def _open_coalitions(self) -> Iterator[Coalition]:
        for place in zip(*np.nonzero(self.open.copy()), strict=True):
            yield tuple(int(cell) for cell in place)

    def _is_settled(self, coalition: Coalition) -> bool:
        return not self.open[coalition]

    def _outsiders_keep_two(self, coalition: Coalition) -> bool:
        """Whether (*) has a compatible world for every outsider and guard, or the coalition is impossible."""
        floor = self._floor(coalition)
        if not self._compatible(floor).any() and self._find(coalition) is Status.IMPOSSIBLE:
            if self.search.is_impossible(floor):
                return True
            raise Unknown
        if self._is_settled(coalition):
            return True
        needed = self._needed(floor)
        while True:
            compatible = self._compatible(floor)
            short = self.spare[compatible].max(axis=0) < needed
            if not short.any():
                return True
            profile, number = (int(place) for place in np.argwhere(short)[0])
            guard = self.guards[number]
            if self._find(coalition, [self._sum(profile, guard.beside, int(needed[profile, number]))]) is Status.BEST:
                continue
            if self._may_be_within(coalition, floor, profile, guard):
                return False
            needed[profile, number] = 0

    def _compatible(self, floor: Numbers) -> Marks:
        cells = np.flatnonzero(floor)
        return (self.worlds.reshape(len(self.worlds), -1)[:, cells] >= floor[cells]).all(axis=1)

    def _needed(self, floor: Numbers) -> Numbers:
        """Profile x guard: the right side of (*), 0 where there is no outsider."""
        members = floor.reshape(len(self.figures.people), self.figures.answers)
        needed = 1 + members @ self._beside
        needed[members.sum(axis=1) >= self.figures.people] = 0
        return needed

    def _sum(self, profile: int, answers: Sequence[int], least: int) -> Sum:
        cells = tuple(profile * self.figures.answers + answer for answer in answers)
        return Sum(cells, (1,) * len(cells), least, None)

    def _may_be_within(self, coalition: Coalition, floor: Numbers, profile: int, guard: Guard) -> bool:
        """Whether an outsider of the profile may have given a guarded answer at all."""
        answers = list(guard.within)
        least = 1 + int(floor.reshape(-1, self.figures.answers)[profile, answers].sum())
        if (self.worlds[self._compatible(floor)][:, profile, answers].sum(axis=1) >= least).any():
            return True
        return self._find(coalition, [self._sum(profile, guard.within, least)]) is Status.BEST

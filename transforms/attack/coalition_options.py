"""A coalition against a question with any number of answers: all its options together.

Options are separate questions (chosen or not) as long as nothing ties them. Two things do: who left the question blank
left all its options blank, and where answers share a cell everybody who answered chose something. So a *full world*
says how many people of each profile are silent and how many chose each option, and people's sets of options are spread
over them afterwards: M people can be given sets of options with column sums c_j exactly where 0 <= c_j <= M, and
non-empty ones exactly where also sum c_j >= M (deal the options round a circle of M chairs, option after option, c_j
neighbouring chairs each: no chair gets an option twice and none stays empty).

A full world *hosts* a group of silent and of answering members, standing in given profiles, where *whatever* sets of
options the answering ones chose (that they can have chosen at all), the rest can still be spread, and everywhere more
people than there are members did not choose each option. Then it settles, for these profiles, every coalition at once.
With the silent people fixed the options are independent again, so a full world is put together from one world of each
option, each checked in whole numbers. Every group of profiles must be hosted; otherwise ``UNDECIDED``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from transforms.attack.coalition import SEED, Guard, Proof, Test, Unknown, proof_against
from transforms.attack.worlds import Figures, Marks, Numbers

SPLICES = 256
"""Ways to put a full world together that are tried for one group of profiles."""
SILENCES = 12
"""Distributions of the silent people that are tried."""

CHOSEN, OTHER = 0, 1
"""The answers of an option among those who answered; of silence: silent, answered."""

Standing = tuple[int, ...]
"""The profiles that members stand in, each member once."""


@dataclass(frozen=True)
class Options:
    """A multiple question: figures of silence, and of each option once the silent people are known."""

    silence: Figures
    option: Callable[[int, Numbers], Figures]
    """(option's number, people who answered in each profile) -> figures of chosen and not chosen."""
    number: int
    chose_one: bool
    both_sides: bool

    @property
    def is_silence_known(self) -> bool:
        """Whether nobody can be silent."""
        return not self.silence.top.reshape(-1, 2)[:, CHOSEN].any()

    def guards(self) -> list[Guard]:
        chose = Guard((CHOSEN,), (OTHER,))
        return [chose, Guard((OTHER,), (CHOSEN,))] if self.both_sides else [chose]


def proof_against_options(options: Options, members: int, budget: int) -> Proof:
    """The same as :func:`proof_against` for a multiple question. ``budget``: programmes for each option."""
    if options.is_silence_known and not options.chose_one:
        everyone = options.silence.people
        return Proof.worst(
            [
                proof_against(options.option(number, everyone), options.guards(), members, budget)
                for number in range(options.number)
            ]
        )
    try:
        return _Hosts(options, members, budget).run()
    except Unknown:
        return Proof.UNDECIDED


class _Hosts:
    def __init__(self, options: Options, members: int, budget: int) -> None:
        self.options, self.members, self.budget = options, members, budget
        self.dice = np.random.default_rng(SEED)
        self._top = options.silence.top.reshape(-1, 2)

    def run(self) -> Proof:
        waiting = set(self._groups())
        worst = Proof.UNDECIDED
        for silent in self._silences():
            able = {group for group in waiting if self._stand(silent, *group)}
            if not able:
                continue
            choices = _Choices.of(self.options, silent, self.members, self.budget)
            if isinstance(choices, Proof):
                worst = Proof.worst([worst, choices])
                continue
            waiting -= {group for group in able if choices.host(group[1], self.dice)}
            if not waiting:
                return Proof.NONE
        return worst

    def _groups(self) -> Iterator[tuple[Standing, Standing]]:
        """The profiles of silent and of answering members, wherever they may stand."""
        people, top = self.options.silence.people, self._top
        for silent in range(self.members + 1):
            for mute in combinations_with_replacement(range(len(people)), silent):
                if any(count > top[profile, CHOSEN] for profile, count in Counter(mute).items()):
                    continue
                for told in combinations_with_replacement(range(len(people)), self.members - silent):
                    if all(count <= people[profile] for profile, count in Counter(mute + told).items()):
                        yield mute, told

    def _stand(self, silent: Numbers, mute: Standing, told: Standing) -> bool:
        answered = self.options.silence.people - silent
        return all(silent[profile] >= count for profile, count in Counter(mute).items()) and all(
            answered[profile] >= count for profile, count in Counter(told).items()
        )

    def _silences(self) -> Iterator[Numbers]:
        """People who are silent in each profile: first a world, then those in which most others stand."""
        if self.options.is_silence_known:
            yield np.zeros(len(self.options.silence.people), dtype=np.int64)
            return
        test = Test(self.options.silence, [Guard((CHOSEN,), (OTHER,))], self.members, self.budget)
        test.fill()
        pool = np.unique(test.worlds[:, :, CHOSEN], axis=0)
        seen = np.zeros(pool.shape[1], dtype=np.int64)
        for _ in range(min(SILENCES, len(pool))):
            best = np.minimum(np.maximum(pool - seen, 0), self.members).sum(axis=1).argmax()
            yield pool[best]
            seen = np.maximum(seen, pool[best])
            pool = np.delete(pool, best, axis=0)


@dataclass
class _Choices:
    """For each option the worlds at hand once the silent people are fixed."""

    options: Options
    members: int
    answered: Numbers
    chosen: list[Numbers]
    """Option -> world x profile: people who chose it."""
    most: Numbers
    """Option x profile: how many can have chosen it at most, as far as it matters."""
    surplus: int
    """Mentions at most beyond one for everybody who answered."""

    @classmethod
    def of(cls, options: Options, silent: Numbers, members: int, budget: int) -> _Choices | Proof:
        answered = options.silence.people - silent
        chosen, most, mentions = [], [], 0
        for number in range(options.number):
            test = Test(options.option(number, answered), options.guards(), members, budget)
            proof = test.run()
            if proof is not Proof.NONE:
                return proof if options.is_silence_known and not options.chose_one else Proof.UNDECIDED
            worlds = test.worlds[test.is_rich()][:, :, CHOSEN]
            if not len(worlds):
                return Proof.UNDECIDED
            chosen.append(worlds)
            # Who nobody can be was proven with these silent people; with others it may be different.
            known = test.worlds[:, :, CHOSEN].max(axis=0)
            one_sum = test.figures.top.reshape(-1, 2)[:, CHOSEN]
            most.append(known if options.is_silence_known else one_sum)
            mentions += _most_in_all(test.figures)
        return cls(options, members, answered, chosen, np.array(most), mentions - int(answered.sum()))

    def host(self, told: Standing, dice: np.random.Generator) -> bool:
        """Whether a full world at hand hosts answering members who stand in these profiles."""
        standing = Counter(told)
        fitting = [self._fitting(number, standing) for number in range(self.options.number)]
        if not all(marks.any() for marks in fitting):
            return False
        if not self.options.chose_one:
            return True
        picks = [dice.choice(np.flatnonzero(marks), size=SPLICES) for marks in fitting]
        mentions = sum(worlds[pick] for worlds, pick in zip(self.chosen, picks, strict=True))
        return bool((mentions >= self._mentions_needed(standing)).all(axis=1).any())

    def _fitting(self, number: int, standing: Counter[int]) -> Marks:
        worlds = self.chosen[number]
        marks = np.ones(len(worlds), dtype=bool)
        for profile, count in standing.items():
            marks &= worlds[:, profile] >= min(count, self.most[number, profile])
            marks &= self.answered[profile] - worlds[:, profile] >= count
        return marks

    def _mentions_needed(self, standing: Counter[int]) -> Numbers:
        """Everybody but the members chose something, and the members perhaps everything they can have chosen: whatever
        they chose beyond one option each is surplus, of which there is only so much."""
        needed = self.answered.copy()
        for profile, count in standing.items():
            possible = int(np.minimum(self.most[:, profile], count).sum())
            needed[profile] += max(min(possible - count, self.surplus), 0)
        return needed


def _most_in_all(figures: Figures) -> int:
    """How many people can have chosen an option at most, by one sum over everybody."""
    everybody = set(range(CHOSEN, figures.size, 2))
    shown = [known.most for known in figures.sums if set(known.cells) == everybody and known.most is not None]
    return min(shown, default=int(figures.people.sum()))

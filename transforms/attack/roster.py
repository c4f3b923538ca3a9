"""A2: what a reader who also has the roster, and s - 1 accomplices, can prove about one person's answer (R4b).

The roster holds everybody's demographics, so the reader knows how many people share each profile (one category of
every break a question is crossed with). Tested jointly over all tables of a question, never margin by margin, and for
every profile: a forced answer in a small group (A3) is a forced answer here, whatever the size of the group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from terms.hierarchy import ANSWERED, NO_ANSWER
from terms.policy import NoAnswer
from transforms.attack.board import Board, board_of
from transforms.attack.coalition import Guard, Proof, proof_against
from transforms.attack.coalition_options import CHOSEN, OTHER, Options, proof_against_options
from transforms.attack.joint import MICRO, share_between, weighted_shares
from transforms.attack.release import Key, read
from transforms.attack.rules import Rules, Shape, group_key, shapes_of
from transforms.attack.worlds import Figures, Numbers, Sum

PROGRAMMES = 400
"""Integer and linear programmes for one question, or one option: a budget of work, so that load decides nothing."""

Share = tuple[str, str, str, tuple[Fraction, Fraction] | None]
"""Answer, break and category -> the ends between which the weighted share lies."""

Nets = Mapping[str, Collection[Collection[str]]]
"""Question -> its nets, each as the codes it adds up."""


def forced_answers(
    cells: pl.DataFrame,
    rosters: Mapping[str, pl.DataFrame],
    *,
    k: int,
    rounding: int,
    kinds: Mapping[str, Any],
    bars: Mapping[str, int],
    no_answer: NoAnswer,
    width: int = 0,
    both_sides: Collection[str] = (),
    chose_one: Collection[str] = (),
    nets: Nets | None = None,
    weighted: pl.DataFrame | None = None,
    weighted_rounding: int = 5,
    programmes: int = PROGRAMMES,
) -> dict[str, Proof]:
    """Question -> what s - 1 respondents together can prove about another, for every question with a shown figure.

    ``cells``: a displayed frame (``rounding`` 1: the true counts of the shown cells, the worst case). ``rosters``:
    question -> people by profile over exactly the breaks it is crossed with. ``bars``: s of each question. ``nets``:
    each net and its complement are protected like an answer (single questions only). ``weighted``: the frame whose
    weighted percentages the reader sees too, displayed in steps of ``weighted_rounding``, every weight being known
    (R8); then only the questions that have any are tested.

    ``NONE`` rests on whole-number worlds in hand. Everything else means that the question must not be published:
    ``UNDECIDED`` too, which also stands for a question without a roster or bar, or figures that contradict it. No
    answer is an answer like any other, except under ``NoAnswer.RESIDUAL``: there it is not protected, and does not
    count as the other answer somebody keeps. Of an option only having chosen it is protected, unless ``both_sides``.
    """
    rules = Rules(
        k=k,
        rounding=rounding,
        width=width,
        no_answer=no_answer,
        shapes=shapes_of(kinds),
        both_sides=frozenset(both_sides),
        chose_one=frozenset(chose_one),
    )
    release = read(cells, rules.questions)
    board = board_of(release, rules)
    shares = {} if weighted is None else weighted_shares(weighted)
    proofs: dict[str, Proof] = {}
    for question in sorted(rules.questions & set(release.codes)):
        if not any(release.is_shown(key) for key in release.counts if _is_about(key, question)):
            continue
        told = [(*place[1:], *share) for place, share in sorted(shares.items()) if place[0] == question]
        if weighted is not None and not told:
            continue
        if question not in rosters or bars.get(question, 0) < 2 or rosters[question].is_empty():
            proofs[question] = Proof.UNDECIDED
            continue
        roster = _Roster.of(rosters[question], with_weights=bool(told))
        between = [(*line[:3], share_between(*line[3:], weighted_rounding)) for line in told]
        asked = _Question(board, question, roster, (nets or {}).get(question, ()), between)
        proofs[question] = asked.proof(bars[question] - 1, programmes)
    return proofs


def _is_about(key: Key, question: str) -> bool:
    return any(condition.variable == question for condition in key)


@dataclass(frozen=True)
class _Roster:
    breaks: tuple[str, ...]
    profiles: tuple[tuple[str, ...], ...]
    """The category of each break; where weights take part, the weight behind them."""
    people: Numbers
    weights: Numbers
    """Of each profile's people, in millionths; 1 where weights take no part."""

    @classmethod
    def of(cls, frame: pl.DataFrame, *, with_weights: bool) -> _Roster:
        """From a frame with one column a break, ``weight`` and ``people``."""
        breaks = tuple(sorted(name for name in frame.columns if name not in {"weight", "people"}))
        weight = pl.col("weight").cast(pl.Float64).fill_null(1.0) if with_weights else pl.lit(1 / MICRO)
        found: dict[tuple[tuple[str, ...], int], int] = {}
        for *profile, weighs, people in frame.select(*breaks, weight.alias("_"), "people").iter_rows():
            key = tuple(profile), round(weighs * MICRO)
            found[key] = found.get(key, 0) + people
        kept = sorted(key for key, people in found.items() if people)
        return cls(
            breaks,
            tuple((*profile, str(weighs)) if with_weights else profile for profile, weighs in kept),
            np.array([found[key] for key in kept], dtype=np.int64),
            np.array([weighs for _, weighs in kept], dtype=np.int64),
        )

    @property
    def places(self) -> Numbers:
        """Profile x break (and weight): the number of its category."""
        codes = [sorted(set(each)) for each in zip(*self.profiles, strict=True)]
        numbers = [[codes[place].index(code) for place, code in enumerate(profile)] for profile in self.profiles]
        return np.array(numbers, dtype=np.int64).reshape(len(self.profiles), len(codes))

    def within(self, group: Key) -> list[int]:
        """The profiles that belong to a group."""
        wanted = {self.breaks.index(condition.variable): condition.code for condition in group}
        return [
            number
            for number, profile in enumerate(self.profiles)
            if all(profile[place] == code for place, code in wanted.items())
        ]


@dataclass(frozen=True)
class _Question:
    """One question as the reader with the roster sees it."""

    board: Board
    name: str
    roster: _Roster
    nets: Collection[Collection[str]]
    shares: Sequence[Share]

    def proof(self, members: int, programmes: int) -> Proof:
        if not len(self.roster.people):
            return Proof.UNDECIDED
        if any(condition.variable not in self.roster.breaks for group, *_ in self._printed() for condition in group):
            return Proof.UNDECIDED  # the roster is one of other breaks
        if self.board.rules.shapes[self.name] is Shape.SINGLE:
            return self._proof_of_answers(members, programmes)
        if self.nets:
            return Proof.UNDECIDED
        return proof_against_options(self._options(), members, programmes)

    def _printed(self) -> Iterator[tuple[Key, str, int, int | None]]:
        """Group, row and bounds of every printed count of the question, in an order of their own."""
        for key in sorted(self.board.release.counts, key=sorted):
            mine = next((condition for condition in key if condition.variable == self.name), None)
            if mine is not None:
                unknown = self.board.index[key]
                yield key - {mine}, mine.code, self.board.low[unknown], self.board.high[unknown]

    def _share(
        self, answer: int, said: Sequence[int], answers: int, by: str, code: str, ends: tuple[Fraction, Fraction] | None
    ) -> list[Sum]:
        """``least <= weight of an answer / weight of all who answered <= most`` within a group."""
        if ends is None:
            return []
        profiles = self.roster.within(group_key(by, code))
        cells = tuple(profile * answers + other for profile in profiles for other in said)
        sums = []
        for end, low, high in ((ends[0], 0, None), (ends[1], None, 0)):
            weights = tuple(
                int(self.roster.weights[profile]) * (end.denominator * (other == answer) - end.numerator)
                for profile in profiles
                for other in said
            )
            sums.append(Sum(cells, weights, low, high))
        return sums

    # --- a single answer ---------------------------------------------------------------------------------

    @property
    def _is_residual(self) -> bool:
        return self.board.rules.no_answer is NoAnswer.RESIDUAL

    def _proof_of_answers(self, members: int, programmes: int) -> Proof:
        codes = [*self.board.release.codes[self.name]]
        answers = [*codes, NO_ANSWER] if self.name in self.board.release.has_no_answer else codes
        sums = []
        for group, row, low, high in self._printed():
            profiles = self.roster.within(group)
            sums += self._sums(
                profiles, [n for n, code in enumerate(answers) if _counts(row, code)], answers, low, high
            )
            if row == ANSWERED and NO_ANSWER in answers:
                everyone = int(self.roster.people[profiles].sum())
                least = 0 if high is None else everyone - high
                sums += self._sums(profiles, [answers.index(NO_ANSWER)], answers, least, everyone - low)
        said = [number for number, code in enumerate(answers) if code != NO_ANSWER]
        for row, *share in self.shares:
            sums += self._share(answers.index(row), said, len(answers), *share)
        figures = Figures(self.roster.people, self.roster.places, len(answers), tuple(sums))
        return proof_against(figures, self._guards(codes, answers), members, programmes)

    def _sums(
        self, profiles: Sequence[int], rows: Sequence[int], answers: Sequence[str], low: int, high: int | None
    ) -> list[Sum]:
        cells = tuple(profile * len(answers) + row for profile in profiles for row in rows)
        return _sum(cells, low, high)

    def _guards(self, codes: Sequence[str], answers: Sequence[str]) -> list[Guard]:
        counting = codes if self._is_residual else answers
        numbers = {code: number for number, code in enumerate(answers)}
        parts = [[code] for code in counting]
        for net in self.nets:
            inside = set(net) & set(codes)
            parts += [sorted(inside), sorted(set(codes) - inside)]
        return [
            Guard(
                tuple(numbers[code] for code in part),
                tuple(numbers[code] for code in counting if code not in part),
            )
            for part in parts
            if part
        ]

    # --- any number of answers ---------------------------------------------------------------------------

    def _options(self) -> Options:
        codes = [*self.board.release.codes[self.name]]
        rules = self.board.rules
        return Options(
            silence=self._silence(),
            option=lambda number, answered: self._option(codes[number], answered),
            number=len(codes),
            chose_one=self.name in rules.chose_one,
            both_sides=self.name in rules.both_sides,
        )

    def _silence(self) -> Figures:
        """Who is silent and who answered."""
        sums = []
        speaks = self.name not in self.board.release.has_no_answer
        for group, row, low, high in self._printed():
            profiles = self.roster.within(group)
            if row in (ANSWERED, NO_ANSWER):
                sums += self._of_two(profiles, OTHER if row == ANSWERED else CHOSEN, low, high)
        if speaks:
            sums += self._of_two(range(len(self.roster.people)), CHOSEN, 0, 0)
        return self._two(self.roster.people, sums)

    def _option(self, code: str, answered: Numbers) -> Figures:
        sums = []
        for group, row, low, high in self._printed():
            if row == code:
                sums += self._of_two(self.roster.within(group), CHOSEN, low, high)
        for row, *share in self.shares:
            if row == code:
                sums += self._share(CHOSEN, (CHOSEN, OTHER), 2, *share)
        return self._two(answered, sums)

    def _of_two(self, profiles: Collection[int], answer: int, low: int, high: int | None) -> list[Sum]:
        return _sum(tuple(profile * 2 + answer for profile in profiles), low, high)

    def _two(self, people: Numbers, sums: Sequence[Sum]) -> Figures:
        return Figures(people, self.roster.places, 2, tuple(sums))


def _counts(row: str, code: str) -> bool:
    """Whether somebody who gave this answer is counted in this row."""
    return row == code or (row == ANSWERED and code != NO_ANSWER)


def _sum(cells: tuple[int, ...], low: int, high: int | None) -> list[Sum]:
    """What a count says about these cells; nothing where it may be anything."""
    if low <= 0 and high is None:
        return []
    return [Sum(cells, (1,) * len(cells), low, high)]

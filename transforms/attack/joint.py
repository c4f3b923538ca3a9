"""The reader with the roster: all breaks of a question at once, and its weighted figures.

Margin by margin a hidden count may look free. But whoever knows everybody's demographics knows how many people share
each profile (one category of every break, and one weight), and every printed count is a sum over profiles. That ties
breaks to each other (towns to the region they lie in) and weighted percentages to counts.

Linear programmes over people by profile and answer, not whole numbers: what comes out narrow is narrow, and what
comes out wide has not been proven wide. It is an alarm beside the proof of :func:`transforms.attack.attack`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import polars as pl

from terms.hierarchy import ANSWERED, NO_ANSWER, TOTAL
from terms.policy import NoAnswer
from transforms.attack.board import Board, board_of
from transforms.attack.intervals import Aim
from transforms.attack.release import Condition, Key, read
from transforms.attack.rules import Rules, Shape, shapes_of
from transforms.attack.solver import Program, Status
from transforms.attack.system import Part, Relation, System

SLACK = 1e-6
"""People. Closer than this to a whole number is that number."""

NOT_CHOSEN = "!"
MICRO = 1_000_000
"""Weights have six decimals at most: in millionths they are whole."""


@dataclass(frozen=True)
class Roster:
    """How many people share each profile."""

    breaks: tuple[str, ...]
    profiles: tuple[tuple[str, ...], ...]
    weights: tuple[int, ...]
    """Of each profile's people, in millionths."""
    people: tuple[int, ...]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Roster:
        """From a frame with one column a break, ``weight`` (null where there is none) and ``people``."""
        breaks = tuple(sorted(name for name in frame.columns if name not in {"weight", "people"}))
        lines = sorted(frame.select(*breaks, pl.col("weight").cast(pl.Float64).fill_null(1.0), "people").iter_rows())
        return cls(
            breaks=breaks,
            profiles=tuple(line[:-2] for line in lines),
            weights=tuple(round(line[-2] * MICRO) for line in lines),
            people=tuple(line[-1] for line in lines),
        )

    def within(self, group: Key) -> list[int]:
        """The profiles that belong to a group."""
        places = {condition.variable: condition.code for condition in group}
        return [
            number
            for number, profile in enumerate(self.profiles)
            if all(profile[self.breaks.index(variable)] == code for variable, code in places.items())
        ]


def narrow_questions(
    cells: pl.DataFrame,
    rosters: Mapping[str, pl.DataFrame],
    *,
    k: int,
    rounding: int,
    kinds: Mapping[str, Any],
    no_answer: NoAnswer,
    width: int,
    weighted: pl.DataFrame | None = None,
    weighted_rounding: int = 5,
    **_: Any,
) -> tuple[str, ...]:
    """Questions of which some hidden count is left with less than ``width`` people of play.

    ``cells``: a displayed frame (``rounding`` 1: the true counts of shown cells, the worst case). ``rosters``: question
    -> people by profile over exactly the breaks it is crossed with. ``weighted``: the frame whose weighted percentages
    the reader sees too, displayed in steps of ``weighted_rounding``. A question without a roster, with figures that
    contradict the roster, or with a solver that fails counts as narrow.
    """
    rules = Rules(k=k, rounding=rounding, width=width, no_answer=no_answer, shapes=shapes_of(kinds))
    release = read(cells, rules.questions)
    board = board_of(release, rules)
    aims: dict[str, list[Aim]] = {}
    for aim in board.aims():
        question = _question_of(board.keys[aim.unknown], rules.questions)
        if question is not None:
            aims.setdefault(question.variable, []).append(aim)
    shares = {} if weighted is None else weighted_shares(weighted)
    narrow = []
    for question, wanted in aims.items():
        if question not in rosters:
            narrow.append(question)
            continue
        roster = Roster.of(rosters[question])
        looks = _looks(board, question, rules.shapes[question])
        told = {place: share for place, share in shares.items() if place[0] == question}
        if any(_Look(board, question, answers, roster, told, weighted_rounding).is_narrow(wanted) for answers in looks):
            narrow.append(question)
    return tuple(narrow)


def _question_of(key: Key, questions: Collection[str]) -> Condition | None:
    return next((condition for condition in key if condition.variable in questions), None)


def _looks(board: Board, question: str, shape: Shape) -> Iterator[tuple[str, ...]]:
    """The answers of a single question; of a multiple one, one option at a time."""
    silent = (NO_ANSWER,) if question in board.release.has_no_answer else ()
    codes = tuple(board.release.codes[question])
    if shape is Shape.SINGLE:
        yield (*codes, *silent)
    else:
        yield from ((code, NOT_CHOSEN + code, *silent) for code in codes)


Shares = dict[tuple[str, str, str, str], tuple[int, int]]
"""Question, answer, break and category -> displayed weighted percentage and displayed base."""


def weighted_shares(cells: pl.DataFrame) -> Shares:
    shown = cells.filter(pl.col("status") == "shown")
    place = ["row_var", "col_var", "col"]
    bases = {
        line[:3]: line[3] for line in shown.filter(pl.col("measure") == "base").select(*place, "value").iter_rows()
    }
    shares = shown.filter(pl.col("measure") == "weighted_percent").select("row_var", "row", "col_var", "col", "value")
    return {
        (question, answer, by, code): (percent, bases[question, by, code])
        for question, answer, by, code, percent in shares.iter_rows()
        if bases.get((question, by, code))
    }


def share_between(percent: int, base: int, step: int) -> tuple[Fraction, Fraction] | None:
    """The weighted share behind m*/n* with m* = round(n p_w) in steps (R8); ``None`` where no m* has the percentage."""
    fitting = [m for m in range(0, base + step, step) if min((200 * m + base) // (2 * base), 100) == percent]
    if not fitting:
        return None
    # The displayed base is rounded too: the true one lies half a step around it.
    return Fraction(2 * fitting[0] - step, 2 * base + step), Fraction(2 * fitting[-1] + step, max(2 * base - step, 1))


class _Look:
    """People by profile and answer: what is printed about them, and how far a hidden count can move."""

    def __init__(
        self, board: Board, question: str, answers: tuple[str, ...], roster: Roster, shares: Shares, step: int
    ) -> None:
        self.board, self.question, self.answers, self.roster = board, question, answers, roster
        self.size = len(roster.people) * len(answers)
        relations = [
            Relation(cells, (1,) * len(cells), people, people)
            for cells, people in zip(
                (self._cells([number], answers) for number in range(len(roster.people))), roster.people, strict=True
            )
        ]
        # In an order of their own: which corner the solver finds must not hang on the order of tables.
        for key in sorted(board.release.counts, key=sorted):
            cells, unknown = self._cells_of(key), board.index[key]
            if cells is not None:
                relations.append(Relation(cells, (1,) * len(cells), board.low[unknown], board.high[unknown]))
        for (_, answer, by, code), (percent, base) in sorted(shares.items()):
            if answer in answers:
                relations += self._share(answer, by, code, percent, base, step)
        self.high = tuple(people for people in roster.people for _ in answers)
        system = System((0,) * self.size, self.high, tuple(relations))
        self.program = Program(Part(tuple(range(self.size)), system.relations), system)

    def _cells(self, profiles: Collection[int], answers: Collection[str]) -> tuple[int, ...]:
        numbers = [self.answers.index(answer) for answer in answers]
        return tuple(profile * len(self.answers) + number for profile in profiles for number in numbers)

    def _cells_of(self, key: Key) -> tuple[int, ...] | None:
        """What a count counts; ``None`` where it is about something else than these answers."""
        mine = next((condition for condition in key if condition.variable == self.question), None)
        if mine is None:
            return None
        if mine.code == ANSWERED:
            answers = [answer for answer in self.answers if answer != NO_ANSWER]
        else:
            answers = [mine.code if mine.holds else NOT_CHOSEN + mine.code]
        if answers[0] not in self.answers:
            return None
        return self._cells(self.roster.within(key - {mine}), answers)

    def _share(self, answer: str, by: str, code: str, percent: int, base: int, step: int) -> list[Relation]:
        """What a weighted percentage says about people, of each profile's weight."""
        ends = share_between(percent, base, step)
        if ends is None:
            return []
        group = frozenset() if TOTAL in (by, code) else frozenset({Condition(by, code)})
        profiles = self.roster.within(group)
        least, most = ends
        given = {cell: self._weight(cell) for cell in self._cells(profiles, [answer])}
        answered = self._cells(profiles, [one for one in self.answers if one != NO_ANSWER])
        relations = []
        for bound, is_least in ((least, True), (most, False)):
            # (sum of w x over the answer) * denominator - numerator * (sum of w x over all who answered)
            weights = tuple(
                given.get(cell, 0) * bound.denominator - bound.numerator * self._weight(cell) for cell in answered
            )
            relations.append(Relation(answered, weights, 0 if is_least else None, None if is_least else 0))
        return relations

    def _weight(self, cell: int) -> int:
        return self.roster.weights[cell // len(self.answers)]

    def is_narrow(self, aims: Collection[Aim]) -> bool:
        """Whether some aim about these answers cannot move far enough, or nobody can tell."""
        ordered = sorted(aims, key=lambda aim: sorted(self.board.keys[aim.unknown]))
        about = [(aim, cells) for aim in ordered if (cells := self._cells_of(self.board.keys[aim.unknown])) is not None]
        seen: list[np.ndarray] = []
        for aim, cells in about:
            ends = [numbers[list(cells)].sum() for numbers in seen]
            for sign in (1, -1):
                if ends and aim.is_safe(ceil(min(ends) - SLACK), floor(max(ends) + SLACK)):
                    break
                weights = np.zeros(self.size)
                weights[list(cells)] = sign
                answer = self.program.largest(weights)
                if answer.status is not Status.BEST or answer.numbers is None:
                    return True
                seen.append(answer.numbers)
                ends.append(answer.numbers[list(cells)].sum())
            if not aim.is_safe(ceil(min(ends) - SLACK), floor(max(ends) + SLACK)):
                return True
        return False

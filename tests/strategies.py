"""Whole random surveys for Hypothesis: a declaration, a policy, and everybody's answers one by one.

What a survey asks is drawn piece by piece, so that a failing one shrinks; who answers what is thrown with a drawn seed
by drawn habits: skewed answers, blanks, small and empty groups, groups of exactly k, groups that agree.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st

from terms.hierarchy import NO_ANSWER
from terms.policy import NoAnswer, Policy
from terms.survey import Column, Kind, Role, Survey, TableSpec
from tests import builders

WEIGHTS = (Decimal("0.80"), Decimal("1.00"), Decimal("1.30"))
MOST_PEOPLE = 300


@dataclass(frozen=True, kw_only=True)
class Person:
    """One row of the clean layer."""

    groups: Mapping[str, str]
    """Quasi-identifier -> exact code (``_NA`` where she gave none)."""
    answers: Mapping[str, frozenset[str] | None]
    """Question -> what she chose; ``None`` where she gave no answer."""
    weight: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Fieldwork:
    """A survey and everybody who answered it."""

    survey: Survey
    people: tuple[Person, ...]


def readable(k: int, rounding: int) -> bool:
    """Whether k people, rounded half up, are still shown as k or more."""
    return (2 * k + rounding) // (2 * rounding) * rounding >= k


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy with a threshold that a survey of a few hundred people can live with."""
    k = draw(st.integers(3, 12))
    s = draw(st.sampled_from([2, 2, 3]))
    return Policy(
        k=k,
        s=s,
        s_sensitive=draw(st.integers(s, 3)) + (draw(st.integers(0, 7)) == 0),
        l=draw(st.integers(1, 2)),
        width=draw(st.none() | st.integers(1, max(k - 2, 1))),
        rounding=draw(st.integers(1, k).filter(lambda rounding: readable(k, rounding))),
        no_answer=draw(st.sampled_from(NoAnswer)),
    )


@st.composite
def quasi_identifiers(draw: st.DrawFn, name: str) -> Column:
    """Regions that can be grouped, or ages that can be banded."""
    if draw(st.booleans()):
        codes = [f"{name}{number}" for number in range(draw(st.integers(2, 5)))]
        cut = draw(st.integers(1, len(codes) - 1))
        halves = {f"{name}_low": codes[:cut], f"{name}_high": codes[cut:]}
        return builders.single(name, codes, role=Role.QUASI_IDENTIFIER, groups=[halves])
    return builders.integer_qi(name, 20, 27, [20, 22, 24, 26, 28], [20, 24, 28])


@st.composite
def questions(draw: st.DrawFn, name: str) -> Column:
    """A question of any kind."""
    codes = [f"{name}{letter}" for letter in "abcdef"[: draw(st.integers(2, 6))]]
    role = draw(st.sampled_from([Role.QUESTION, Role.QUESTION, Role.SENSITIVE]))
    form = draw(st.sampled_from(["single", "single", "merged", "own columns", "joined"]))
    both_sides = draw(st.integers(0, 7)) == 0
    if form == "own columns":
        return builders.multiple(name, codes, role=role, both_sides_sensitive=both_sides)
    if form == "joined":
        return builders.multiple(name, codes, role=role, separator=";", both_sides_sensitive=both_sides)
    column = builders.single(name, codes, role=role)
    if form == "merged":
        # Those who did not answer are counted with the last option.
        last = replace(column.options[-1], includes_no_answer=True)
        column = replace(column, options=(*column.options[:-1], last))
    return column


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """1-3 quasi-identifiers, 1-4 questions, perhaps a weight, and some of the tables these can make."""
    breaks = [draw(quasi_identifiers(name)) for name in ("g", "h", "i")[: draw(st.integers(1, 3))]]
    asked = [draw(questions(name)) for name in ("q", "r", "t", "u")[: draw(st.integers(1, 4))]]
    weights = [builders.plain("w", Role.WEIGHT, weight_classes=WEIGHTS)] if draw(st.booleans()) else []
    survey = builders.survey([*breaks, *asked, *weights], policy=draw(policies()))
    crossings = [
        TableSpec(name=f"{row.name}_by_{col.name}" if col else row.name, row=row.name, col=col.name if col else None)
        for row in breaks
        for col in (None, *breaks)
        if row is not col
    ]
    tables = [table for table in survey.tables if draw(st.integers(0, 5))] or list(survey.tables)
    return replace(survey, tables=tuple(tables + [table for table in crossings if draw(st.integers(0, 3)) == 0]))


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How people answer one question."""

    skew: float
    """0: every option is as likely; 3: nearly everybody takes the first."""
    blank: float
    """Share of people who leave it blank."""
    rare: int | None
    """Exactly so many people take the last option, where set."""
    unlike: int | None
    """In one group everybody agrees but so many, where set."""
    nobody: bool
    """Nobody takes the second option."""


def _seldom(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.integers(0, 7).flatmap(lambda number: st.none() if number else strategy)


habits = st.builds(
    Habits,
    skew=st.sampled_from([0.0, 0.3, 0.5, 0.7, 0.7, 1.0, 1.0, 1.5, 3.0]),
    blank=st.sampled_from([0.0, 0.0, 0.03, 0.03, 0.1, 0.1, 0.2, 0.3, 0.9]),
    rare=st.none() | st.integers(0, 13),
    unlike=_seldom(st.integers(0, 6)),
    nobody=_seldom(st.just(True)).map(bool),
)


@st.composite
def fieldworks(draw: st.DrawFn, most: int = MOST_PEOPLE) -> Fieldwork:
    """A survey with 20 to ``most`` people, in groups that are often as small as they may be."""
    survey = draw(surveys())
    dice = random.Random(draw(st.integers(0, 2**32)))
    groups = draw(_groups(survey, dice, most))
    answers = {column.name: _answers(column, draw(habits), groups, dice) for column in survey.questions}
    weighted = survey.weight is not None
    people = [
        Person(
            groups=mine,
            answers={name: given[number] for name, given in answers.items()},
            weight=dice.choice(WEIGHTS) if weighted else None,
        )
        for number, mine in enumerate(groups)
    ]
    dice.shuffle(people)
    return Fieldwork(survey=survey, people=tuple(people))


@st.composite
def _groups(draw: st.DrawFn, survey: Survey, dice: random.Random, most: int) -> list[dict[str, str]]:
    """Everybody's exact codes: a few kinds of people, k or more of each, and some who are like nobody else."""
    k = survey.policy.k
    codes = {
        column.name: [code for code in column.hierarchy.levels[0].group_of if code != NO_ANSWER]
        for column in survey.quasi_identifiers
        if column.hierarchy is not None
    }
    gaps = draw(st.sampled_from([0.0, 0.0, 0.2]))

    def somebody() -> dict[str, str]:
        return {name: NO_ANSWER if dice.random() < gaps else dice.choice(known) for name, known in codes.items()}

    more = st.integers(0, 3) | st.integers(5, 70) | st.integers(5, 70) | st.integers(5, 70)
    sizes = draw(st.lists(more, min_size=2, max_size=8))
    people = [kind for size in sizes for kind in [somebody()] for _ in range(k + size)][:most]
    people += [somebody() for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3])))]
    kind = somebody()
    return people + [kind] * (20 - len(people))


def _answers(
    column: Column, habit: Habits, groups: list[dict[str, str]], dice: random.Random
) -> list[frozenset[str] | None]:
    codes = [option.code for option in column.options]
    merged = next((option.code for option in column.options if option.includes_no_answer), None)
    likely = [1 / (number + 1) ** habit.skew for number in range(len(codes))]
    if habit.nobody:
        likely[1] = 0.0
    if habit.rare is not None and len(codes) > 2:
        likely[-1] = 0.0

    def one() -> frozenset[str]:
        return frozenset(dice.choices(codes, likely))

    def answer() -> frozenset[str] | None:
        if dice.random() < habit.blank:
            return None
        if column.kind is not Kind.MULTIPLE:
            return one()
        if column.in_own_columns and dice.random() < 0.3:
            return frozenset()
        return one().union(*(one() for _ in range(dice.choice([0, 0, 1, 2]))))

    given = [answer() for _ in groups]
    if habit.rare is not None:
        for number in dice.sample(range(len(groups)), min(habit.rare, len(groups))):
            given[number] = frozenset([codes[-1]])
    if habit.unlike is not None:
        variable, code = dice.choice(sorted(dice.choice(groups).items()))
        alike = [number for number, mine in enumerate(groups) if mine[variable] == code]
        for number in alike[habit.unlike :]:
            given[number] = given[alike[-1]]
    blank = None if merged is None else frozenset([merged])
    return [blank if chosen is None else chosen for chosen in given]

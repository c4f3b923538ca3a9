"""What anyone may know of a release besides its figures: the published rules and what was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from terms.hierarchy import TOTAL
from terms.policy import NoAnswer
from terms.survey import Kind, Role, Survey
from transforms.attack.release import EVERYONE, Condition, Key


class Shape(StrEnum):
    """What the rows of a variable are to each other."""

    SINGLE = "single"
    """A question with one answer a person: the options add up to those who answered."""
    MULTIPLE = "multiple"
    """A question with any number of answers: chosen and not chosen add up to those who answered."""
    QUASI_IDENTIFIER = "quasi_identifier"
    """Groups of people: they add up to everyone."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The attacker's knowledge besides the figures."""

    k: int
    rounding: int
    width: int
    no_answer: NoAnswer
    shapes: Mapping[str, Shape]
    groups: Mapping[Key, int] = field(default_factory=dict)
    """Exact sizes of groups of people, known from demographics."""
    bars: Mapping[str, int] = field(default_factory=dict)
    both_sides: frozenset[str] = frozenset()
    chose_one: frozenset[str] = frozenset()

    @property
    def questions(self) -> set[str]:
        return {variable for variable, shape in self.shapes.items() if shape is not Shape.QUASI_IDENTIFIER}

    @property
    def below(self) -> int:
        """How far a true count may lie below its displayed value (rounded half up)."""
        return self.rounding // 2

    @property
    def above(self) -> int:
        """How far a true count may lie above its displayed value."""
        return (self.rounding + 1) // 2 - 1


def group_key(variable: str, code: str) -> Key:
    """The key of everyone in one group; either name may be ``_T``."""
    return EVERYONE if TOTAL in (variable, code) else frozenset({Condition(variable, code)})


def shapes_of(kinds: Mapping[str, Any]) -> dict[str, Shape]:
    """Shapes by variable, given as shapes or their names; a variable of any other kind stays unknown."""
    known = {shape.value: shape for shape in Shape}
    return {variable: known[kind] for variable, kind in kinds.items() if kind in known}


def published_rules(survey: Survey) -> dict[str, Any]:
    """The keyword arguments of :func:`attack` that follow from a declaration (no figure in them)."""
    kinds: dict[str, Shape] = {}
    for column in survey.quasi_identifiers:
        kinds[column.name] = Shape.QUASI_IDENTIFIER
    for column in survey.questions:
        kinds[column.name] = Shape.MULTIPLE if column.kind is Kind.MULTIPLE else Shape.SINGLE
    policy = survey.policy
    return {
        "k": policy.k,
        "rounding": policy.rounding,
        "width": policy.interval_width,
        "no_answer": policy.no_answer,
        "kinds": kinds,
        "bars": {
            column.name: policy.s_sensitive if column.role is Role.SENSITIVE else policy.s
            for column in survey.questions
        },
        "both_sides": both_sides_of(survey),
        "chose_one": chose_one_of(survey),
    }


def both_sides_of(survey: Survey) -> Collection[str]:
    """Multiple questions in which not choosing an option is protected like choosing it."""
    return [column.name for column in survey.questions if column.both_sides_sensitive]


def chose_one_of(survey: Survey) -> Collection[str]:
    """Multiple questions whose answers share a cell: a cell that is not empty names at least one option."""
    return [column.name for column in survey.questions if column.kind is Kind.MULTIPLE and not column.in_own_columns]

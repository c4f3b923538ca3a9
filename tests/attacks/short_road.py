"""The road of the data without files and without Prefect: from everybody's answers to the cells that are published.

The steps and their order are those of ``flows.steps`` and ``flows.publication``; counting is done by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import polars as pl

from terms.codebook import Codebook
from terms.findings import Refused, Verdict
from terms.release import ReleaseContent
from terms.survey import Survey
from tests import builders
from tests.attacks import counting
from tests.strategies import Fieldwork
from transforms.attack import attack, narrow_questions, published_rules, self_test
from transforms.attack.report import AttackReport
from transforms.display import display
from transforms.families import failing_questions
from transforms.plan import search_plan
from transforms.protect import protect
from transforms.weigh import weights_readable


@dataclass(frozen=True, kw_only=True)
class Published:
    """What a release would say, and what it was made of."""

    fieldwork: Fieldwork
    codebook: Codebook
    counts: pl.DataFrame
    protected: pl.DataFrame
    cells: pl.DataFrame
    failing: tuple[str, ...]
    """Questions in which some group agrees too much."""
    narrow: tuple[str, ...]
    """Questions whose hidden counts the roster would give back."""
    weights_withheld: tuple[str, ...]

    @property
    def survey(self) -> Survey:
        return self.fieldwork.survey

    @property
    def withheld(self) -> set[str]:
        return {*self.failing, *self.narrow}

    @cached_property
    def people_in(self) -> dict[tuple[str, ...], int]:
        """Line of the counts -> people."""
        return {line[:5]: line[5] for line in self.counts.iter_rows()}

    @cached_property
    def weight_in(self) -> dict[tuple[str, ...], Decimal]:
        """Line of the counts -> sum of weights."""
        return {line[:5]: line[6] for line in self.counts.iter_rows()}

    @property
    def exact(self) -> pl.DataFrame:
        """The cells as they would be without any rounding: the attacker's best case."""
        return display(self.protected, 1)

    def attacked(self, *, exact: bool, roster: bool = False) -> AttackReport:
        """What the attacker reports, who may be told the true size of every group."""
        rules = published_rules(self.survey) | ({"rounding": 1} if exact else {})
        sizes = self.protected.filter(pl.col("row") == "_T").select("col_var", "col", "respondents").iter_rows()
        told = {(by, code): people for by, code, people in sizes} if roster else None
        return attack(self.exact if exact else self.cells, **rules, exact=told)

    def attacker_is_sound(self) -> bool:
        """Whether the attacker finds what is planted in this release."""
        return self_test(self.exact, **(published_rules(self.survey) | {"rounding": 1})) is Verdict.PASS

    def content(self) -> ReleaseContent:
        return ReleaseContent(
            survey=self.survey,
            codebook=self.codebook,
            number=1,
            released_on=date(2026, 7, 1),
            cells=self.cells,
            withheld_questions=tuple(q for q in dict.fromkeys(self.counts["row_var"].to_list()) if q in self.withheld),
            weights_withheld=self.weights_withheld,
            tests={"attack_exact": Verdict.PASS},
        )


def publish(fieldwork: Fieldwork) -> Published | None:
    """Walk the road; ``None`` where no plan holds or no table is left of it."""
    survey = fieldwork.survey
    try:
        levels = search_plan(survey, counting.tuples(fieldwork)).levels
    except Refused:
        return None
    counts = counting.count(fieldwork, levels)
    if counts.is_empty():
        return None
    failing = tuple(failing_questions(counts, survey))
    kinds = counting.kinds_of(survey, counts)
    asked = [variable for variable, kind in kinds.items() if kind != "quasi_identifier"]
    rosters = {question: counting.roster(fieldwork, levels, counts, question) for question in asked}
    protected = protect(counts, kinds, survey.policy, frozenset(failing))
    narrow = _narrow(survey, protected, rosters)
    if narrow:
        protected = protect(counts, kinds, survey.policy, frozenset({*failing, *narrow}))
        assert not set(_narrow(survey, protected, rosters)) - {*failing, *narrow}
    unweighted = _unweighted(fieldwork, levels, protected, rosters, asked) if survey.weight else ()
    weighted = set(asked) - {*unweighted, *failing, *narrow} if survey.weight else set()
    return Published(
        fieldwork=fieldwork,
        codebook=replace(builders.codebook(survey), levels=levels),
        counts=counts,
        protected=protected,
        cells=display(protected, survey.policy.rounding, weighted, asked if survey.weight else ()),
        failing=failing,
        narrow=narrow,
        weights_withheld=unweighted,
    )


def _narrow(
    survey: Survey, protected: pl.DataFrame, rosters: dict[str, pl.DataFrame], weighted: pl.DataFrame | None = None
) -> tuple[str, ...]:
    rules = published_rules(survey) | {"rounding": 1}
    rounding = survey.policy.rounding
    return narrow_questions(display(protected, 1), rosters, weighted=weighted, weighted_rounding=rounding, **rules)


def _unweighted(
    fieldwork: Fieldwork,
    levels: counting.Levels,
    protected: pl.DataFrame,
    rosters: dict[str, pl.DataFrame],
    asked: list[str],
) -> tuple[str, ...]:
    """Questions whose weighted figures are withheld."""
    survey, rounding = fieldwork.survey, fieldwork.survey.policy.rounding
    bars = published_rules(survey)["bars"]
    readable = {
        question
        for question in asked
        if weights_readable(counting.weight_classes(fieldwork, levels, protected, question), bars[question], rounding)
    }
    shown = display(protected, rounding, set(asked) - readable, asked)
    readable |= set(_narrow(survey, protected, rosters, shown))
    return tuple(question for question in asked if question in readable)

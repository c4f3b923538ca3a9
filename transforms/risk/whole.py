"""Bounds on a whole table: they hold for all of its kept classes together, or not at all.

Each class on its own is judged by :mod:`transforms.risk.models`. Which classes to suppress for a bound is for the
search to say; leaving out a smallest class raises no average or highest risk and no sample uniqueness.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from terms.findings import refuse
from transforms.risk.attackers import prosecutor
from transforms.risk.classes import ClassTable
from transforms.risk.model import at_least, share
from transforms.risk.uniqueness import (
    Sample,
    pitman_uniqueness,
    population_uniqueness,
    sample_uniqueness,
    snb_uniqueness,
    zayatz_uniqueness,
)


@dataclass(frozen=True)
class Bound(ABC):
    """The number is at most ``threshold``, a share."""

    threshold: float

    def __post_init__(self) -> None:
        share(self, threshold=self.threshold)

    @abstractmethod
    def measured(self, table: ClassTable) -> float:
        """The number that the kept classes reach. Raises Refused where there is nobody."""


def holds_for_all(bound: Bound, kept: ClassTable) -> bool:
    """Whether the kept classes stay within a bound; where nobody is kept, nothing is at risk.

    >>> import numpy as np
    >>> holds_for_all(AverageRisk(0.5), ClassTable(np.array([1, 3])))
    True
    """
    return not kept.people or bound.measured(kept) <= bound.threshold


class AverageRisk(Bound):
    """Average prosecutor risk: classes / people."""

    def measured(self, table: ClassTable) -> float:
        """See :func:`transforms.risk.attackers.prosecutor`."""
        return prosecutor(table).average


class HighestRisk(Bound):
    """Highest prosecutor risk: 1 / size of the smallest class."""

    def measured(self, table: ClassTable) -> float:
        """See :func:`transforms.risk.attackers.prosecutor`."""
        return prosecutor(table).highest


class SampleUniqueness(Bound):
    """Share of people who are alone in their class."""

    def measured(self, table: ClassTable) -> float:
        """See :func:`transforms.risk.uniqueness.sample_uniqueness`."""
        return sample_uniqueness(table)


ESTIMATORS: dict[str, Callable[[Sample], float | None]] = {
    "dankar": population_uniqueness,
    "pitman": pitman_uniqueness,
    "snb": snb_uniqueness,
    "zayatz": zayatz_uniqueness,
}


@dataclass(frozen=True)
class PopulationUniqueness(Bound):
    """Estimated share of the population that is unique in it, of whom the kept people are a sample.

    The population stays as large as it is when people are suppressed; the sample becomes smaller. With ``pitman``,
    alone or by the rule of Dankar, leaving out more may end a promise: look from the first class on, never halve.
    """

    population: int
    """People in the population."""
    estimator: Literal["dankar", "pitman", "snb", "zayatz"] = "dankar"
    """See :mod:`transforms.risk.uniqueness`; ``dankar`` chooses among the others."""

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least(self, 1, population=self.population)
        if self.estimator not in ESTIMATORS:
            raise refuse("models.PopulationUniqueness.estimator", "risk_choice_unknown")

    def measured(self, table: ClassTable) -> float:
        """``inf`` where the estimator has no answer: then nothing is promised.

        Raises Refused where there are more people than in the population.
        """
        estimate = ESTIMATORS[self.estimator](Sample(table, table.people / self.population))
        return math.inf if estimate is None else estimate

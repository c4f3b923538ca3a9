"""How many people of a population are unique in it, estimated from a sample's class sizes.

Estimates, not promises: floating point, and good only as far as their model is. Fractions are of the population
(``sample_uniqueness``: of the sample).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from terms.findings import refuse
from transforms.risk.classes import ClassTable, Numbers
from transforms.risk.pitman import fit_pitman
from transforms.risk.slide import slide_uniqueness

FEW = 0.1
"""Sampling fraction up to which Dankar et al. prefer Pitman's model."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Classes of people who were drawn from a population with equal chances.

    Raises Refused where there is nobody or the fraction is not above 0 and at most 1.
    """

    table: ClassTable
    fraction: float
    """Share of the population that is in the sample."""

    def __post_init__(self) -> None:
        if not 0 < self.fraction <= 1:
            raise refuse("sample.fraction", "risk_fraction_outside_0_1")
        if not self.people:
            raise refuse("sample", "risk_nobody_measured")

    @property
    def people(self) -> int:
        """People in the sample."""
        return self.table.people

    @property
    def population(self) -> int:
        """People in the population."""
        return max(round(self.people / self.fraction), self.people)

    @cached_property
    def histogram(self) -> tuple[Numbers, Numbers]:
        """The sizes that occur, ascending, and how many classes have each."""
        sizes, classes = np.unique(self.table.sizes[self.table.sizes > 0], return_counts=True)
        return sizes, classes.astype(np.int64)

    @property
    def uniques(self) -> int:
        """Classes of one person."""
        return int((self.table.sizes == 1).sum())


def sample_uniqueness(table: ClassTable) -> float:
    """Share of the sample's people who are alone in their class. Raises Refused where there is nobody."""
    return Sample(table, 1.0).uniques / table.people


def zayatz_uniqueness(sample: Sample) -> float:
    """Zayatz 1991: the population's classes are as large as the sample's.

    A class of one in the sample was then one of size j with P(j) = share of classes of size j times the
    hypergeometric chance that exactly one of j people was drawn.
    """
    if not sample.uniques:
        return 0.0
    sizes, classes = sample.histogram
    drawn, everybody = sample.people, sample.population
    i = np.arange(int(sizes[-1]) - 1)
    with np.errstate(divide="ignore"):
        missed = np.log(np.maximum(everybody - drawn - i, 0) / np.maximum(everybody - 1 - i, 1))
    # log of the chance that j - 1 given people are not drawn when one other is.
    chance = sizes * np.exp(np.concatenate([[0.0], missed.cumsum()])[sizes - 1])
    return sample.uniques / drawn * float(classes[0] / (classes * chance).sum())


def pitman_uniqueness(sample: Sample) -> float | None:
    """Hoshino 2001: Pitman's sampling formula, fitted by maximum likelihood; ``None`` where that has no answer.

    Expected uniques among N: Gamma(theta + 1) / Gamma(theta + alpha) times N^alpha.
    """
    if not sample.uniques:
        return 0.0
    fitted = fit_pitman(*sample.histogram)
    if fitted is None:
        return None
    theta, alpha = fitted
    log = math.lgamma(theta + 1) - math.lgamma(theta + alpha) + (alpha - 1) * math.log(sample.population)
    # Hoshino's expectation is of large populations: of a small one it may be more than everybody.
    return math.exp(min(log, 0.0))


def snb_uniqueness(sample: Sample) -> float | None:
    """Chen & Keller-McNulty 1998: class sizes are 1 + negative binomial; ``None`` where no such model fits."""
    if not sample.uniques:
        return 0.0
    _, classes = sample.histogram
    return slide_uniqueness(sample.people, int(classes.sum()), sample.uniques, sample.fraction)


def population_uniqueness(sample: Sample) -> float:
    """The rule of Dankar, El Emam, Neisa & Roffey 2012.

    Of at most a tenth of the population: Pitman, or Zayatz where that has no answer. Of more: the smaller of Zayatz
    and the slide negative binomial.

    >>> table = ClassTable(np.array([1, 1, 1, 2, 5]))
    >>> population_uniqueness(Sample(table, 1.0)) == sample_uniqueness(table)
    True
    """
    if sample.fraction <= FEW:
        estimate = pitman_uniqueness(sample)
        return zayatz_uniqueness(sample) if estimate is None else estimate
    slide, zayatz = snb_uniqueness(sample), zayatz_uniqueness(sample)
    return zayatz if slide is None else min(slide, zayatz)

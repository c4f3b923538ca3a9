"""Privacy models: what every equivalence class must hold.

A decision never hangs on a rounding error. Shares and distances are quotients of two whole numbers, divided once, so a
threshold written in decimals means what is written; an entropy that misses by less than any rounding reaches. Strict or
not: see each model. A class without people holds only models of the population.

Sources: Samarati 2001 (k), Machanavajjhala et al. 2007 (l), Li et al. 2007 (t), Cao & Karras 2012 (beta), Brickell &
Shmatikov 2008 (delta), Wong et al. 2006 (alpha), Sweeney 2002 (k-map), Nergiz et al. 2007 (presence).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from terms.findings import refuse
from transforms.risk import measures
from transforms.risk.classes import ClassTable
from transforms.risk.diversity import AlphaK, DistinctDiversity, EntropyDiversity, RecursiveDiversity
from transforms.risk.likeness import BasicBetaLikeness, Closeness, DeltaDisclosure, EnhancedBetaLikeness
from transforms.risk.model import Marks, Model, above, at_least, share

__all__ = [
    "AlphaK",
    "BasicBetaLikeness",
    "Closeness",
    "DeltaDisclosure",
    "DeltaPresence",
    "DistinctDiversity",
    "EnhancedBetaLikeness",
    "EntropyDiversity",
    "EstimatedKMap",
    "Inclusion",
    "KAnonymity",
    "KMap",
    "Model",
    "RecursiveDiversity",
    "holds",
    "measured",
]


def holds(model: Model, table: ClassTable) -> Marks:
    """Which classes hold under a model.

    Raises:
        Refused: the table lacks the sensitive attribute or the population that the model judges.

    >>> holds(KAnonymity(3), ClassTable(np.array([3, 2])))
    array([ True, False])
    """
    _check(model, table)
    marks = model.judge(table)
    return marks if model.of_population else marks & (table.sizes > 0)


def measured(model: Model, table: ClassTable) -> float:
    """The number that the table's people reach in the model's own unit, whatever the model's threshold.

    The largest k, l or k-map, the smallest t, beta, alpha or delta that all classes with people have; where the model
    is strict (recursive c, delta) the bound that the threshold must exceed. ``inf`` where no threshold would do.
    Whole for k, distinct l and k-map. For a presence: the largest share. Raises Refused where there is nobody.

    >>> measured(KAnonymity(3), ClassTable(np.array([3, 2])))
    2
    """
    _check(model, table)
    peopled = table.kept(table.sizes > 0)
    if not len(peopled):
        raise refuse("classes", "risk_nobody_measured")
    return model.reach(peopled)


def _check(model: Model, table: ClassTable) -> None:
    if model.sensitive and table.histogram is None:
        raise refuse(f"models.{type(model).__name__}", "risk_sensitive_needed")
    if model.of_population and table.population is None:
        raise refuse(f"models.{type(model).__name__}", "risk_population_needed")


@dataclass(frozen=True)
class KAnonymity(Model):
    """At least ``k`` people."""

    k: int

    def __post_init__(self) -> None:
        at_least(self, 2, k=self.k)

    def judge(self, table: ClassTable) -> Marks:
        """Size >= k."""
        return table.sizes >= self.k

    def reach(self, table: ClassTable) -> int:
        """The smallest class."""
        return int(table.sizes.min())


@dataclass(frozen=True)
class KMap(Model):
    """At least ``k`` people of the population."""

    of_population: ClassVar[bool] = True
    k: int

    def __post_init__(self) -> None:
        at_least(self, 2, k=self.k)

    def judge(self, table: ClassTable) -> Marks:
        """Population >= k."""
        return table.population >= self.k

    def reach(self, table: ClassTable) -> int:
        """The smallest population of a class that has people."""
        return int(table.population.min())


@dataclass(frozen=True)
class EstimatedKMap(Model):
    """At least ``k`` people of a population that is not known but for its size (El Emam & Dankar 2008).

    The table is a share ``fraction`` of it. A class must be so large that one of k people of the population, of whom
    somebody is in the table (a Poisson number with mean k times ``fraction``, not 0), would be as large with a chance
    of ``significance`` at most.
    """

    k: int
    fraction: float
    significance: float = 0.01

    def __post_init__(self) -> None:
        at_least(self, 2, k=self.k)
        _above_0(self, fraction=self.fraction, significance=self.significance)

    @cached_property
    def least(self) -> int:
        """People that a class must have in the table."""
        mean, reached, size = self.k * self.fraction, 0.0, 0
        while reached < 1 - self.significance:
            size += 1
            reached += math.exp(size * math.log(mean) - mean - math.lgamma(size + 1)) / -math.expm1(-mean)
        return size + 1

    def judge(self, table: ClassTable) -> Marks:
        """Size >= least."""
        return table.sizes >= self.least

    def reach(self, table: ClassTable) -> int:
        """The smallest class."""
        return int(table.sizes.min())


def _above_0(model: Model, **shares: float) -> None:
    share(model, **shares)
    above(model, 0, **shares)


@dataclass(frozen=True)
class DeltaPresence(Model):
    """The share of the population's class that is in the table is ``low`` to ``high``."""

    of_population: ClassVar[bool] = True
    low: float
    high: float

    def __post_init__(self) -> None:
        share(self, low=self.low, high=self.high)
        if self.low > self.high:
            raise refuse("models.DeltaPresence", "risk_low_above_high")

    def judge(self, table: ClassTable) -> Marks:
        """low <= share <= high; the share of a class of nobody is 0."""
        share = measures.presence(table)
        return (self.low <= share) & (share <= self.high)

    def reach(self, table: ClassTable) -> float:
        """The largest share."""
        return float(measures.presence(table).max())


@dataclass(frozen=True)
class Inclusion(Model):
    """The table is a known subset of a population, and nothing is asked of its classes."""

    of_population: ClassVar[bool] = True

    def judge(self, table: ClassTable) -> Marks:
        """All."""
        return np.ones(len(table), dtype=bool)

    def reach(self, table: ClassTable) -> float:
        """The largest share."""
        return float(measures.presence(table).max())

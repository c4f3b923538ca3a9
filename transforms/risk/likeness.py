"""Models of how much a class tells beyond what the whole table tells about everybody."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np

from terms.findings import refuse
from transforms.risk import measures
from transforms.risk.classes import ClassTable
from transforms.risk.model import Marks, Model, above, share


@dataclass(frozen=True)
class Closeness(Model):
    """The earth mover's distance between the class and the whole table is at most ``t``.

    ``distance`` of two values: ``equal``; ``ordered``, by their places among the values that occur; ``hierarchical``,
    by ``levels`` (see :func:`transforms.risk.measures.hierarchical_distance`).
    """

    sensitive: ClassVar[bool] = True
    t: float
    distance: Literal["equal", "ordered", "hierarchical"] = "equal"
    levels: Sequence[Sequence[int]] | None = None

    def __post_init__(self) -> None:
        share(self, t=self.t)
        if self.distance not in {"equal", "ordered", "hierarchical"}:
            raise refuse("models.Closeness.distance", "risk_choice_unknown")
        if (self.levels is not None) != (self.distance == "hierarchical"):
            raise refuse("models.Closeness.levels", "risk_levels_and_distance_differ")
        if self.levels is not None:
            object.__setattr__(self, "levels", _tree(self.levels))

    def judge(self, table: ClassTable) -> Marks:
        """Distance <= t."""
        return self._distances(table) <= self.t

    def reach(self, table: ClassTable) -> float:
        """The largest distance."""
        return float(self._distances(table).max())

    def _distances(self, table: ClassTable) -> measures.Reals:
        if self.levels is not None:
            return measures.hierarchical_distance(table, self.levels)
        return measures.ordered_distance(table) if self.distance == "ordered" else measures.equal_distance(table)


def _tree(levels: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Levels as they can be compared and hashed; from values apart to one group, each level of whole groups."""
    tree = tuple(tuple(int(group) for group in level) for level in levels)
    values = len(tree[0]) if tree else 0
    sound = len(tree) > 1 and {len(level) for level in tree} == {values} and len(set(tree[0])) == values
    nested = sound and all(len(set(zip(*two, strict=True))) == len(set(two[0])) for two in pairwise(tree))
    if not nested or set(tree[-1]) != {0} or min(map(min, tree)) < 0:
        raise refuse("models.Closeness.levels", "risk_levels_malformed")
    return tree


@dataclass(frozen=True)
class BasicBetaLikeness(Model):
    """No value is more frequent than in the whole table by more than the factor: (p - q) / q <= ``beta``."""

    sensitive: ClassVar[bool] = True
    beta: float

    def __post_init__(self) -> None:
        above(self, 0, beta=self.beta)

    def judge(self, table: ClassTable) -> Marks:
        """All gains <= beta."""
        return measures.gains(table).max(axis=1) <= self.beta

    def reach(self, table: ClassTable) -> float:
        """The largest gain."""
        return float(measures.gains(table).max())


@dataclass(frozen=True)
class EnhancedBetaLikeness(Model):
    """(p - q) / q <= min(``beta``, -ln q) for every value: the more frequent it is, the less it may gain."""

    sensitive: ClassVar[bool] = True
    beta: float

    def __post_init__(self) -> None:
        above(self, 0, beta=self.beta)

    def judge(self, table: ClassTable) -> Marks:
        """All gains within both bounds."""
        return (measures.gains(table) <= np.minimum(self.beta, measures.surprise(table))).all(axis=1)

    def reach(self, table: ClassTable) -> float:
        """The largest gain; ``inf`` where one is beyond -ln q."""
        gains = measures.gains(table)
        return float(gains.max()) if (gains <= measures.surprise(table)).all() else math.inf


@dataclass(frozen=True)
class DeltaDisclosure(Model):
    """The absolute log2(p / q) < ``delta``, strictly, for every value that the class has."""

    sensitive: ClassVar[bool] = True
    delta: float

    def __post_init__(self) -> None:
        above(self, 0, delta=self.delta)

    def judge(self, table: ClassTable) -> Marks:
        """Compared without logarithms: 2^-delta < p / q < 2^delta."""
        least, most = measures.ratios(table)
        return (least > 2.0**-self.delta) & (most < 2.0**self.delta)

    def reach(self, table: ClassTable) -> float:
        """The number that delta must exceed (times ln 2: in nats)."""
        least, most = measures.ratios(table)
        return float(np.abs(np.log2([least.min(), most.max()])).max())

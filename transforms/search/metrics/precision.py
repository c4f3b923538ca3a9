"""Metrics of levels: height, precision (Sweeney 2002), and any declared cost of a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.search.classes import Classes
from transforms.search.ladders import Numbers
from transforms.search.metrics.aggregates import Aggregate, Reals, Weighing
from transforms.search.metrics.scoring import ByAttribute, ByClass, Kept, Score, Scorer, suppressed_people
from transforms.search.tuples import Tuples


@dataclass(frozen=True, kw_only=True)
class Height(Weighing):
    """The level of each quasi-identifier."""

    aggregate: Aggregate = Aggregate.SUM

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        return _LevelScorer(self, tuples, [np.arange(ladder.height + 1.0) for ladder in tuples.ladders])


@dataclass(frozen=True, kw_only=True)
class Precision(Weighing):
    """The level as a share of the ladder's height."""

    suppressed_values: bool = False
    """Whether a suppressed value counts as lost altogether; else suppression costs nothing."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        shares = [
            self.generalisation * np.arange(ladder.height + 1) / max(ladder.height, 1) for ladder in tuples.ladders
        ]
        if self.suppressed_values:
            return _PrecisionScorer(self, tuples, shares, most)
        return _LevelScorer(self, tuples, shares)


class _LevelScorer(ByAttribute):
    def suppressed(self, classes: Classes, out: Kept) -> list[float]:
        return [float(loss[level]) for loss, level in zip(self._losses, classes.node, strict=True)]


class _PrecisionScorer(ByAttribute):
    def __init__(self, weighing: Weighing, tuples: Tuples, shares: list[Reals], most: int) -> None:
        self._people, self._lost, self._shares = tuples.total, weighing.suppression, shares
        # A suppressed value may cost less than a generalised one.
        gain = [np.maximum(share - weighing.suppression, 0.0) * most / max(self._people, 1) for share in shares]
        super().__init__(weighing, tuples, [share - won for share, won in zip(shares, gain, strict=True)])
        self._cheap = any(won.any() for won in gain)
        self.linear = self.linear and not self._cheap

    def score(self, classes: Classes, kept: Kept) -> Score:
        if not self._cheap:
            return super().score(classes, kept)
        return tuple(self._aggregate.combine(np.array(self.suppressed(classes, ~kept)) * self._weights).tolist())

    def suppressed(self, classes: Classes, out: Kept) -> list[float]:
        people = suppressed_people(classes, out)
        shares = [share[level] for share, level in zip(self._shares, classes.node, strict=True)]
        total = max(self._people, 1)
        return [float(((self._people - people) * share + people * self._lost) / total) for share in shares]


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelCosts:
    """Declared costs of every level of every quasi-identifier, in order of importance; suppression costs nothing.

    A plan's objective: first the breaks lost (0 or 1 a level), then the entropy lost.
    """

    costs: Sequence[Sequence[Reals]]
    """For every part of the score and quasi-identifier the cost by level, never falling with the level."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        return _CostScorer(self.costs)


class _CostScorer(ByClass):
    def __init__(self, costs: Sequence[Sequence[Reals]]) -> None:
        self._costs = costs
        self.width = len(costs)

    def least(self, levels: Numbers) -> Reals:
        parts = [sum(cost[levels[..., i]] for i, cost in enumerate(part)) for part in self._costs]
        # The last bit of a sum decides nothing between equals.
        return np.stack([np.round(part, 12) for part in parts], axis=-1)

    def score(self, classes: Classes, kept: Kept) -> Score:
        return tuple(self.least(np.array(classes.node)).tolist())

"""One number, or one ranking, from the losses of several quasi-identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from terms.findings import wrong_use

Reals = NDArray[np.float64]


class Aggregate(Enum):
    """How the losses of the quasi-identifiers become one score. All are monotone in every loss."""

    SUM = "sum"
    ARITHMETIC_MEAN = "arithmetic mean"
    GEOMETRIC_MEAN = "geometric mean"
    MAXIMUM = "maximum"
    RANK = "rank"
    """The losses in descending order, compared as words are."""

    @property
    def linear(self) -> bool:
        """Whether the aggregate of a sum is the sum of the aggregates."""
        return self in {Aggregate.SUM, Aggregate.ARITHMETIC_MEAN}

    def combine(self, losses: Reals) -> Reals:
        """Scores from weighted losses; the last axis holds the quasi-identifiers, then the parts of the score."""
        count = losses.shape[-1]
        if self is Aggregate.RANK and count:
            return np.sort(losses, axis=-1)[..., ::-1]
        if self is Aggregate.MAXIMUM:
            return losses.max(axis=-1, initial=0.0, keepdims=True)
        if self is Aggregate.GEOMETRIC_MEAN:
            return np.power(losses + 1.0, 1.0 / max(count, 1)).prod(axis=-1, keepdims=True) - 1.0
        # Added one by one: the same bits whatever the machine, which a blocked sum does not promise.
        total = np.zeros((*losses.shape[:-1], 1))
        for place in range(count):
            total[..., 0] += losses[..., place]
        return total / max(count, 1) if self is Aggregate.ARITHMETIC_MEAN else total


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """What all metrics of single quasi-identifiers have in common."""

    aggregate: Aggregate = Aggregate.ARITHMETIC_MEAN
    weights: Mapping[str, float] | None = None
    """Weight of each quasi-identifier, relative to the largest; all equal where not given."""
    factor: float = 0.5
    """Of generalisation against suppression: 0 loses by generalisation only, 1 by suppression only."""

    def __post_init__(self) -> None:
        if not 0 <= self.factor <= 1:
            raise wrong_use("metric.factor", "search_factor_outside_0_1")
        if self.weights is not None and (min(self.weights.values(), default=0) < 0 or not any(self.weights.values())):
            raise wrong_use("metric.weights", "search_weights_not_positive")

    @property
    def suppression(self) -> float:
        """Weight of a suppressed value."""
        return 2 * self.factor if self.factor < 0.5 else 1.0

    @property
    def generalisation(self) -> float:
        """Weight of a generalised value."""
        return 1.0 if self.factor <= 0.5 else 1 - 2 * (self.factor - 0.5)

    def of(self, names: list[str]) -> Reals:
        """The weight of each quasi-identifier, at most 1."""
        if self.weights is None:
            return np.ones(len(names))
        given = np.array([self.weights.get(name, 0.0) for name in names])
        return given / max(given.max(initial=0.0), 1e-300)

"""What the search asks of a metric: scores, and bounds that let it leave nodes unseen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from transforms.search.classes import Classes
from transforms.search.ladders import Numbers
from transforms.search.metrics.aggregates import Aggregate, Reals, Weighing
from transforms.search.tuples import Tuples

Score = tuple[float, ...]
"""Compared as words are: first the first part, then the second ..."""
Kept = np.ndarray
"""For every class, whether it is published; the people of the others have all quasi-identifiers suppressed."""


class Scorer(Protocol):
    """A metric prepared for one table."""

    width: int
    """Parts of a score."""
    linear: bool
    """Whether :meth:`excess` of a node is lost at every finer node as well, whose suppressed people include its own."""

    def least(self, levels: Numbers) -> Reals:
        """For nodes (rows of levels) a score that none of them, nor any coarser one, goes below."""

    def score(self, classes: Classes, kept: Kept) -> Score:
        """The score of a node."""

    def excess(self, classes: Classes, score: Score) -> float:
        """How far a one-part score is above :meth:`least`."""

    def floor(self, classes: Classes) -> float:
        """A one-part score that neither this node nor any coarser one goes below; 0 says nothing."""


class Metric(Protocol):
    """A utility metric as it is declared."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """The scorer for a table of which at most ``most`` people may be suppressed."""


def floor10(value: float) -> float:
    """Cut after ten decimals, so that noise in the last bit decides nothing."""
    return float(np.floor(value * 1e10) / 1e10)


class ByAttribute(ABC):
    """Scores that are an aggregate of one loss a quasi-identifier."""

    def __init__(self, weighing: Weighing, tuples: Tuples, losses: Sequence[Reals]) -> None:
        self._aggregate = weighing.aggregate
        self._weights = weighing.of([ladder.name for ladder in tuples.ladders])
        self._losses = losses
        """For every quasi-identifier and level, the loss without suppression."""
        self.width = len(losses) if weighing.aggregate is Aggregate.RANK and losses else 1
        self.linear = weighing.aggregate.linear

    def least(self, levels: Numbers) -> Reals:
        """See :class:`Scorer`."""
        losses = np.stack([loss[levels[..., i]] for i, loss in enumerate(self._losses)], axis=-1)
        return self._aggregate.combine(losses * self._weights)

    def score(self, classes: Classes, kept: Kept) -> Score:
        """See :class:`Scorer`."""
        if kept.all():
            return tuple(self.least(np.array(classes.node)).tolist())
        return tuple(self._aggregate.combine(np.array(self.suppressed(classes, ~kept)) * self._weights).tolist())

    @abstractmethod
    def suppressed(self, classes: Classes, out: Kept) -> list[float]:
        """The loss of each quasi-identifier at a node where the classes of ``out`` are suppressed."""

    def excess(self, classes: Classes, score: Score) -> float:
        """See :class:`Scorer`."""
        return score[0] - float(self.least(np.array(classes.node))[0])

    def floor(self, classes: Classes) -> float:
        """See :class:`Scorer`."""
        return 0.0


class ByClass:
    """Scores of one part, from the classes alone."""

    width = 1
    linear = False

    def least(self, levels: Numbers) -> Reals:
        """See :class:`Scorer`. Nothing is known before the classes are."""
        return np.zeros((*levels.shape[:-1], 1))

    def excess(self, classes: Classes, score: Score) -> float:
        """See :class:`Scorer`."""
        return 0.0

    def floor(self, classes: Classes) -> float:
        """See :class:`Scorer`."""
        return 0.0


def suppressed_people(classes: Classes, out: Kept) -> int:
    """People in the suppressed classes."""
    return int(classes.sizes[out].sum())

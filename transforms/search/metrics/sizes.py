"""Metrics of class sizes: discernability (Bayardo & Agrawal 2005) and the average class (LeFevre et al. 2006)."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.search.classes import Classes
from transforms.search.metrics.aggregates import Weighing
from transforms.search.metrics.scoring import ByClass, Kept, Score, Scorer, suppressed_people
from transforms.search.tuples import Tuples


@dataclass(frozen=True, kw_only=True)
class Discernability:
    """The sum of squared class sizes."""

    suppressed_values: bool = True
    """Whether a suppressed person costs as much as the whole table (else DM*: her class, as if it were kept)."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        return _DiscernabilityScorer(tuples.total if self.suppressed_values else None)


class _DiscernabilityScorer(ByClass):
    def __init__(self, each_suppressed: int | None) -> None:
        self._each_suppressed = each_suppressed

    def score(self, classes: Classes, kept: Kept) -> Score:
        if self._each_suppressed is None:
            return (self.floor(classes),)
        squares = int((classes.sizes[kept] ** 2).sum())
        return (float(squares + self._each_suppressed * suppressed_people(classes, ~kept)),)

    def floor(self, classes: Classes) -> float:
        # Merging classes makes the sum of squares larger, and no class is larger than the table.
        return float(int((classes.sizes**2).sum()))


@dataclass(frozen=True, kw_only=True)
class AverageClass(Weighing):
    """People by published class; all suppressed people are one more class."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        # The factors stand the other way round than elsewhere, as in the reference implementation.
        return _AverageScorer(tuples.total, self.suppression, self.generalisation)


class _AverageScorer(ByClass):
    def __init__(self, people: int, each: float, suppressed: float) -> None:
        self._people, self._each, self._suppressed = people, each, suppressed

    def score(self, classes: Classes, kept: Kept) -> Score:
        occupied = classes.sizes > 0
        some = bool((occupied & ~kept).any())
        return (self._average(int((occupied & kept).sum()), some),)

    def floor(self, classes: Classes) -> float:
        return self._average(int((classes.sizes > 0).sum()), True)

    def _average(self, classes: int, suppressed: bool) -> float:
        divisor = classes * self._each + (self._suppressed if suppressed else 0.0)
        return self._people / divisor if divisor else float("inf")

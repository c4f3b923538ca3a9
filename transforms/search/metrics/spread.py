"""Metrics of the cells that a class covers in the product of the domains: ambiguity and Kullback-Leibler divergence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from transforms.search.classes import Classes
from transforms.search.metrics.aggregates import Reals
from transforms.search.metrics.scoring import ByClass, Kept, Score, Scorer, suppressed_people
from transforms.search.tuples import Tuples


@dataclass(frozen=True, kw_only=True)
class Ambiguity:
    """How many combinations of base codes a published record may stand for (Goldberger & Tassa 2010), summed."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        return _AmbiguityScorer()


class _AmbiguityScorer(ByClass):
    def score(self, classes: Classes, kept: Kept) -> Score:
        cells = np.where(kept, _cells(classes), _all_cells(classes.tuples))
        return (_sum(classes.sizes * cells),)

    def floor(self, classes: Classes) -> float:
        # A coarser group covers more, and a suppressed record covers everything.
        return _sum(classes.sizes * _cells(classes))


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """Kullback-Leibler divergence of the published density from the table's (Machanavajjhala et al. 2007).

    Every person adds ``f log2(f / o)``: f the share of her tuple, o the share that the published table gives to it when
    each class is spread evenly over the cells it covers, and the suppressed over all cells.
    """

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        return _DivergenceScorer(tuples)


class _DivergenceScorer(ByClass):
    def __init__(self, tuples: Tuples) -> None:
        self._total = tuples.total
        share = tuples.people / max(self._total, 1)
        self._weight = tuples.people * share
        some = share > 0
        self._own = _sum(self._weight[some] * np.log2(share[some]))
        self._everything = math.log2(_all_cells(tuples))

    def score(self, classes: Classes, kept: Kept) -> Score:
        weight = np.bincount(classes.owner_of_tuples, weights=self._weight, minlength=len(classes))
        shown = kept & (classes.sizes > 0)
        sizes, cells = classes.sizes[shown], _cells(classes)[shown]
        said = _sum(weight[shown] * np.log2(sizes / self._total / cells))
        out = suppressed_people(classes, ~kept)
        if out:
            said += _sum(weight[~kept]) * (math.log2(out / self._total) - self._everything)
        return (round(self._own - said, 9),)


def _cells(classes: Classes) -> Reals:
    """For every class, how many combinations of base codes it covers."""
    cells = np.ones(len(classes))
    for i, (ladder, level) in enumerate(zip(classes.tuples.ladders, classes.node, strict=True)):
        cells *= ladder.spans[level][classes.codes[i]]
    return cells


def _all_cells(tuples: Tuples) -> float:
    return float(math.prod(ladder.domain for ladder in tuples.ladders))


def _sum(numbers: Reals) -> float:
    """Exact, so that neither order nor machine decides its last bit."""
    return math.fsum(numbers.tolist())

"""Non-uniform entropy (de Waal & Willenborg 1999): the bits that generalisation takes from what a record says."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from transforms.search.classes import Classes
from transforms.search.ladders import Numbers
from transforms.search.metrics.aggregates import Aggregate, Weighing
from transforms.search.metrics.scoring import ByAttribute, Kept, Scorer, floor10
from transforms.search.tuples import Tuples


@dataclass(frozen=True, kw_only=True)
class Entropy(Weighing):
    """Bits lost by each quasi-identifier, over all people."""

    aggregate: Aggregate = Aggregate.SUM
    suppressed_values: bool = True
    """Whether suppression loses bits too (the non-monotonic variant)."""
    normalised: bool = False
    """As a share of the bits lost where everybody is ``*``."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        return _EntropyScorer(self, tuples)


class _EntropyScorer(ByAttribute):
    def __init__(self, entropy: Entropy, tuples: Tuples) -> None:
        self._suppression = entropy.suppression if entropy.suppressed_values else 0.0
        weight = entropy.generalisation
        exact = [_bits(count) for count in tuples.marginals]
        self._scale = [1 / bits if entropy.normalised and bits else 1.0 for bits in (weight * e for e in exact)]
        losses = []
        for ladder, count, bits, scale in zip(tuples.ladders, tuples.marginals, exact, self._scale, strict=True):
            grouped = [np.bincount(level, weights=count).astype(np.int64) for level in ladder.levels]
            losses.append(np.array([floor10(max(0.0, weight * (bits - _bits(g))) * scale) for g in grouped]))
        super().__init__(entropy, tuples, losses)

    def suppressed(self, classes: Classes, out: Kept) -> list[float]:
        sizes, codes, found = classes.sizes[out], classes.codes_of(out), []
        for i, (ladder, level) in enumerate(zip(classes.tuples.ladders, classes.node, strict=True)):
            count = np.bincount(ladder.levels[level][codes[i]], weights=sizes).astype(np.int64)
            found.append(floor10(self._losses[i][level] + self._suppression * _bits(count) * self._scale[i]))
        return found


def _bits(count: Numbers) -> float:
    """The sum of -log2(share of her value) over people. Summed exactly: the order of groups decides nothing."""
    present = count[count > 0].tolist()
    total = sum(present)
    return math.fsum(people * (math.log2(total) - math.log2(people)) for people in present)

"""Loss (Iyengar 2002): the share of an attribute's domain that a published value stands for, averaged over people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.search.classes import Classes
from transforms.search.metrics.aggregates import Weighing
from transforms.search.metrics.scoring import ByAttribute, Kept, Scorer, floor10, suppressed_people
from transforms.search.tuples import Tuples


@dataclass(frozen=True, kw_only=True)
class Loss(Weighing):
    """0 (exact) to 1 (all suppressed or ``*``) for each quasi-identifier."""

    def prepare(self, tuples: Tuples, most: int) -> Scorer:
        """See :class:`transforms.search.metrics.scoring.Metric`."""
        return _LossScorer(self, tuples)


class _LossScorer(ByAttribute):
    def __init__(self, loss: Loss, tuples: Tuples) -> None:
        self._people = tuples.total
        self._domains = [ladder.domain for ladder in tuples.ladders]
        self._suppression, self._generalisation = loss.suppression, loss.generalisation
        # In whole numbers: people times the base codes that their group holds.
        self._covered = [
            np.array([int((count * span).sum()) for span in ladder.spans])
            for ladder, count in zip(tuples.ladders, tuples.marginals, strict=True)
        ]
        losses = [
            np.array([self._scaled(self._generalisation * covered / domain, domain) for covered in levels.tolist()])
            for levels, domain in zip(self._covered, self._domains, strict=True)
        ]
        super().__init__(loss, tuples, losses)

    def suppressed(self, classes: Classes, out: Kept) -> list[float]:
        people, sizes, codes = suppressed_people(classes, out), classes.sizes[out], classes.codes_of(out)
        found = []
        for i, (ladder, level) in enumerate(zip(classes.tuples.ladders, classes.node, strict=True)):
            covered = int((sizes * ladder.spans[level][codes[i]]).sum())
            # Added to what is lost without suppression: rounding never takes the sum below that bound.
            share, base = covered / ladder.domain, self._generalisation * int(self._covered[i][level]) / ladder.domain
            suppressed = people if self._suppression == 1 else share + self._suppression * (people - share)
            more = max(0.0, suppressed - self._generalisation * share)
            found.append(self._scaled(base + more, ladder.domain))
        return found

    def _scaled(self, lost: float, domain: int) -> float:
        least = self._generalisation * self._people / domain
        # One base code only: nothing can be lost.
        return floor10(max(0.0, (lost - least) / (self._people - least))) if self._people > least else 0.0

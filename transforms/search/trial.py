"""One search's record: nodes tried, the best that holds, the work spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.search.classes import Classes, Known
from transforms.search.judge import Demand, Judge
from transforms.search.metrics.scoring import Metric, Score
from transforms.search.tuples import Node, Tuples

NODE = 2_000
"""Work of looking at a node, in tuples touched, beside the tuples themselves."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What was seen at a node."""

    node: Node
    score: Score
    """With the classes that fail suppressed; nothing where those are more people than allowed."""
    suppressed: int
    """People in classes that fail."""
    classes: int
    """Classes with people in them that hold."""
    hopeless: bool
    """More people than allowed fail here and at every finer node."""
    excess: float
    """What every finer node loses beyond its own least score (0: nothing known)."""
    floor: float
    """No coarser node scores less (0: nothing known)."""


class Trial:
    """Tries nodes under some models and a metric."""

    def __init__(self, tuples: Tuples, demands: Sequence[Demand], metric: Metric, most: int, budget: int) -> None:
        self.tuples = tuples
        self.scorer = metric.prepare(tuples, most)
        self.best: Tried | None = None
        self.checked = 0
        self._judge = Judge(tuples, demands, most)
        self.monotone = self._judge.monotone
        self.additive = self._judge.decided and self.scorer.linear
        """Whether parts of the quasi-identifiers bound the whole."""
        self._known = Known(tuples)
        self._most, self._budget = most, budget

    @property
    def work(self) -> int:
        """Tuples touched."""
        return self._known.work + NODE * self.checked

    @property
    def spent(self) -> bool:
        """Whether the budget has ended."""
        return self.work >= self._budget

    def at(self, node: Node) -> Tried:
        """Look at a node; the best one that holds is remembered."""
        self.checked += 1
        classes = self._known.at(node)
        certain = self._judge.certain(classes)
        lost = int(classes.sizes[certain].sum())
        if lost > self._most:
            return _hopeless(node, lost)
        kept = self._judge.kept(classes, certain)
        suppressed = int(classes.sizes[~kept].sum())
        holds = suppressed <= self._most
        if not holds and self._judge.decided:
            return _hopeless(node, suppressed)
        score = self.scorer.score(classes, kept) if holds else ()
        tried = Tried(
            node=node,
            score=score,
            suppressed=suppressed,
            classes=int((kept & (classes.sizes > 0)).sum()),
            hopeless=False,
            excess=self._excess(classes, certain, score if suppressed == lost else ())
            if lost and self.scorer.linear
            else 0.0,
            floor=self.scorer.floor(classes),
        )
        if holds and self._better(tried) and not self._judge.beyond_suppression(classes):
            self.best = tried
        return tried

    def judged(self, node: Node) -> tuple[Classes, np.ndarray]:
        """The classes of a node, and which of them hold."""
        classes = self._known.at(node)
        return classes, self._judge.kept(classes, self._judge.certain(classes))

    def _better(self, tried: Tried) -> bool:
        return self.best is None or (tried.score, tried.node) < (self.best.score, self.best.node)

    def _excess(self, classes: Classes, certain: np.ndarray, score: Score) -> float:
        return max(0.0, self.scorer.excess(classes, score or self.scorer.score(classes, ~certain)))


def _hopeless(node: Node, suppressed: int) -> Tried:
    return Tried(node=node, score=(), suppressed=suppressed, classes=0, hopeless=True, excess=0.0, floor=0.0)

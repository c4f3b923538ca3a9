"""Lattices too large to list: best-first search over boxes of nodes, with a bound at any time.

A box holds all nodes between a finest and a coarsest one. Its score is bounded by its finest node's least score and by
what its coarsest node loses for certain; it is dropped where its coarsest node fails for certain. The box of least
bound is split in two: one quasi-identifier at its finest level in the box, and the rest.
"""

from __future__ import annotations

import heapq

import numpy as np

from transforms.search.metrics.scoring import Score
from transforms.search.trial import Trial
from transforms.search.tuples import Node

Box = tuple[Score, int, Node, Node]
"""Least score, number (the older box first among equals), finest node, coarsest node."""


def search_boxes(trial: Trial) -> Score | None:
    """The least score that an unseen node may have; ``None`` where every node was seen or ruled out."""
    ladders = trial.tuples.ladders
    finest, coarsest = tuple(0 for _ in ladders), tuple(ladder.height for ladder in ladders)
    descend(trial, coarsest)
    return _Boxes(trial).run(finest, coarsest)


def descend(trial: Trial, start: Node) -> None:
    """Towards a good node quickly: from a node that holds, step to the best neighbour that holds, until none is."""
    trial.at(start)
    while trial.best is not None and not trial.spent:
        here = trial.best
        for node in _finer(here.node):
            trial.at(node)
        if trial.best is here:
            for node in _exchanged(here.node, [ladder.height for ladder in trial.tuples.ladders]):
                if tuple(trial.scorer.least(np.array(node)).tolist()) < trial.best.score and not trial.spent:
                    trial.at(node)
        if trial.best is here:
            return


def _finer(node: Node) -> list[Node]:
    return [_changed(node, i, level - 1) for i, level in enumerate(node) if level]


def _exchanged(node: Node, heights: list[int]) -> list[Node]:
    """One quasi-identifier one level finer, another one coarser."""
    return [
        _changed(finer, j, level + 1)
        for i, finer in ((i, _changed(node, i, at - 1)) for i, at in enumerate(node) if at)
        for j, level in enumerate(node)
        if j != i and level < heights[j]
    ]


def _changed(node: Node, place: int, level: int) -> Node:
    return (*node[:place], level, *node[place + 1 :])


class _Boxes:
    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._heap: list[Box] = []
        self._made = 0

    def run(self, finest: Node, coarsest: Node) -> Score | None:
        self._offer(finest, coarsest)
        while self._heap and not self._trial.spent:
            least, _, low, high = heapq.heappop(self._heap)
            if self._beaten(least):
                return None
            if low != high:
                self._split(low, high)
        return self._heap[0][0] if self._heap and not self._beaten(self._heap[0][0]) else None

    def _beaten(self, least: Score) -> bool:
        return self._trial.best is not None and least >= self._trial.best.score

    def _offer(self, low: Node, high: Node) -> None:
        least = tuple(self._trial.scorer.least(np.array(low)).tolist())
        if self._beaten(least):
            return
        tried = self._trial.at(high)
        if tried.hopeless:
            return
        if tried.excess > 0:
            # Lowered a little: the last bits of a sum drop no box.
            least = ((least[0] + tried.excess) * (1 - 1e-9),)
        if not self._beaten(least):
            self._made += 1
            heapq.heappush(self._heap, (least, self._made, low, high))

    def _split(self, low: Node, high: Node) -> None:
        place = self._dearest(low, high)
        self._offer(low, _changed(high, place, low[place]))
        self._offer(_changed(low, place, low[place] + 1), high)

    def _dearest(self, low: Node, high: Node) -> int:
        """The quasi-identifier whose next level costs most: the rest of the box is left furthest behind."""
        able = [i for i in range(len(low)) if low[i] < high[i]]
        nodes = np.array([_changed(low, i, low[i] + 1) for i in able])
        costs = list(map(tuple, self._trial.scorer.least(nodes).tolist()))
        return able[max(range(len(able)), key=lambda i: (costs[i], -i))]

"""All nodes of the lattice at once: what is still open, and a score that each cannot go below."""

from __future__ import annotations

import math

import numpy as np

from transforms.search.metrics.scoring import Score, Scorer
from transforms.search.tuples import Node, Tuples

LARGEST = 600_000
"""Nodes. Larger lattices are searched in boxes (:mod:`transforms.search.boxes`)."""
SLACK = 1e-9
"""Relative. Bounds learned from sums are lowered by this much, so that their last bits close nothing."""


class Lattice:
    """Nodes numbered in the order of their levels, finest first."""

    def __init__(self, tuples: Tuples, scorer: Scorer) -> None:
        self._shape = tuple(ladder.height + 1 for ladder in tuples.ladders)
        self._levels = np.indices(self._shape, dtype=np.int16).reshape(len(self._shape), -1).T
        self._steps = [math.prod(self._shape[i + 1 :]) for i in range(len(self._shape))]
        self._least = scorer.least(self._levels)
        self._low = self._least.copy()
        self._open = np.ones(len(self._levels), dtype=bool)
        self._best: Score | None = None
        self._order = np.lexsort(self._least.T[::-1])
        self._place = 0

    @staticmethod
    def size(tuples: Tuples) -> int:
        """How many nodes there are."""
        return math.prod(ladder.height + 1 for ladder in tuples.ladders)

    def node(self, number: int) -> Node:
        """The levels of a node."""
        return tuple(self._levels[number].tolist())

    def next(self) -> int | None:
        """The open node of least bound; the finer one among equals."""
        while self._place < len(self._order) and not self._open[self._order[self._place]]:
            self._place += 1
        return int(self._order[self._place]) if self._place < len(self._order) else None

    def path(self, number: int) -> list[int]:
        """Open nodes from one upwards, each the dearest open coarser neighbour of the one before: few steps."""
        path = [number]
        while True:
            levels = self._levels[path[-1]].tolist()
            stairs = zip(self._steps, levels, self._shape, strict=True)
            above = [path[-1] + step for step, at, of in stairs if at + 1 < of and self._open[path[-1] + step]]
            if not above:
                return path
            path.append(max(above, key=lambda each: (self._low[each].tolist(), each)))

    def close(self, number: int) -> None:
        """A node that was looked at."""
        self._open[number] = False

    def close_finer(self, number: int) -> None:
        """A node that does not hold, nor any finer one."""
        self._box(self._open, number, finer=True)[...] = False

    def improve(self, score: Score, number: int) -> None:
        """A node that holds. Only nodes that may score less stay open, or as much with a smaller number."""
        less, equal = np.zeros(len(self._low), dtype=bool), np.ones(len(self._low), dtype=bool)
        for place, part in enumerate(score):
            less |= equal & (self._low[:, place] < part)
            equal &= self._low[:, place] == part
        equal[number:] = False
        self._open &= less | equal
        self._best = score

    def raise_finer(self, number: int, excess: float) -> None:
        """The node and all finer ones lose at least ``excess`` beyond their own least score."""
        self._raise(number, self._box(self._least[:, 0], number, finer=True) + excess, finer=True)

    def raise_coarser(self, number: int, floor: float) -> None:
        """The node and all coarser ones score at least ``floor``."""
        self._raise(number, np.float64(floor), finer=False)

    def _raise(self, number: int, to: np.ndarray | np.float64, *, finer: bool) -> None:
        low = self._box(self._low[:, 0], number, finer=finer)
        np.maximum(low, to - np.abs(to) * SLACK, out=low)
        if self._best is not None:
            opened = self._box(self._open, number, finer=finer)
            opened &= low <= self._best[0]

    def bound(self) -> Score | None:
        """No open node scores less; ``None`` where none is open."""
        low = self._low[self._open]
        return min(map(tuple, low[np.lexsort(low.T[::-1])[:1]].tolist()), default=None)

    def _box(self, numbers: np.ndarray, number: int, *, finer: bool) -> np.ndarray:
        levels = self._levels[number].tolist()
        box = tuple(slice(0, at + 1) if finer else slice(at, None) for at in levels)
        return numbers.reshape(self._shape)[box]

"""A bound for lattices too large to list: blocks of quasi-identifiers, each searched as if there were no others.

At any node the classes of a block alone are unions of the node's, so people whom the node keeps the block can keep too,
under models that only merging can mend. A sum over quasi-identifiers is therefore at least the sum of the blocks' best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from transforms.search.lattice import Lattice
from transforms.search.metrics.aggregates import Aggregate, Weighing
from transforms.search.tuples import Tuples

LARGEST = 1 << 16
"""Nodes of a block's lattice."""
SLACK = 1e-9
"""Relative. The bound is lowered by this much, so that the last bits of its sums rule nothing out."""


def block_bound(tuples: Tuples, metric: Weighing, solve: Callable[[Tuples, Weighing], float]) -> float:
    """No node scores less. ``solve``: a bound of the best score of a block; the metric's aggregate is linear."""
    blocks = _blocks(tuples)
    return (1 - SLACK) * sum(_share(tuples, metric, part) * solve(part, metric) for part in blocks)


def _blocks(tuples: Tuples) -> list[Tuples]:
    """As few blocks as are small enough, dealt out by size of domain: each gets some of the most telling ones."""
    count = len(tuples.ladders)
    order = sorted(range(count), key=lambda place: (-tuples.ladders[place].domain, place))
    for number in range(1, count + 1):
        blocks = [_only(tuples, sorted(order[start::number])) for start in range(number)]
        if all(Lattice.size(block) <= LARGEST for block in blocks):
            break
    return blocks


def _only(tuples: Tuples, places: list[int]) -> Tuples:
    return replace(tuples, ladders=tuple(tuples.ladders[place] for place in places), codes=tuples.codes[places])


def _share(tuples: Tuples, metric: Weighing, block: Tuples) -> float:
    """What one unit of a block's score is in the score of all: weights are relative to the largest, means to all."""
    share = 1.0
    if metric.weights is not None:
        largest = [
            max((metric.weights.get(each.name, 0.0) for each in of.ladders), default=0.0) for of in (block, tuples)
        ]
        share = largest[0] / largest[1] if largest[1] else 0.0
    return share * len(block.ladders) / len(tuples.ladders) if metric.aggregate is Aggregate.ARITHMETIC_MEAN else share

"""The definitions of the privacy models for one class, in fractions, as they are printed in the papers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

Counts = Sequence[int]


def shares(counts: Counts) -> list[Fraction]:
    return [Fraction(count, sum(counts)) for count in counts]


def distinct(counts: Counts) -> int:
    return len([count for count in counts if count])


def entropy(counts: Counts) -> float:
    return -sum(float(p) * math.log(p) for p in shares(counts) if p)


def recursive_bound(counts: Counts, l: int) -> Fraction | None:
    """r1 over the sum of r_l and the following; ``None``: infinite."""
    r = sorted((count for count in counts if count), reverse=True)
    return Fraction(r[0], sum(r[l - 1 :])) if len(r) >= l else None


def alpha(counts: Counts) -> Fraction:
    return max(shares(counts))


def equal_distance(counts: Counts, overall: Counts) -> Fraction:
    return sum(abs(p - q) for p, q in zip(shares(counts), shares(overall), strict=True)) / 2


def ordered_distance(counts: Counts, overall: Counts) -> Fraction:
    pairs = [(p, q) for p, q in zip(shares(counts), shares(overall), strict=True) if q]
    carried = [abs(sum(p - q for p, q in pairs[: place + 1])) for place in range(len(pairs))]
    return sum(carried) / max(len(pairs) - 1, 1)


def transport(counts: Counts, overall: Counts, distance: Sequence[Sequence[Fraction]]) -> Fraction:
    """Earth mover's distance by definition: successive cheapest paths are exact, and small cases are few."""
    supply = [max(p - q, Fraction(0)) for p, q in zip(shares(counts), shares(overall), strict=True)]
    demand = [max(q - p, Fraction(0)) for p, q in zip(shares(counts), shares(overall), strict=True)]
    values = range(len(counts))
    flow = {(i, j): Fraction(0) for i in values for j in values}
    while any(supply):
        path, most = _cheapest(supply, demand, flow, distance)
        for i, j, forward in path:
            flow[i, j] += most if forward else -most
        supply[path[0][0]] -= most
        demand[path[-1][1]] -= most
    return sum(flow[i, j] * distance[i][j] for i, j in flow)


def _cheapest(supply, demand, flow, distance):
    """Bellman-Ford from all who have too much to one who has too little, over edges and used edges turned back."""
    values = range(len(supply))
    cost = {("from", i): Fraction(0) for i in values if supply[i]}
    way: dict = {node: [] for node in cost}
    for _ in range(2 * len(supply)):
        for i in values:
            for j in values:
                here, there = ("from", i), ("to", j)
                if here in cost and (there not in cost or cost[here] + distance[i][j] < cost[there]):
                    cost[there], way[there] = cost[here] + distance[i][j], [*way[here], (i, j, True)]
                if flow[i, j] and there in cost and (here not in cost or cost[there] - distance[i][j] < cost[here]):
                    cost[here], way[here] = cost[there] - distance[i][j], [*way[there], (i, j, False)]
    goal = min((j for j in values if demand[j] and ("to", j) in cost), key=lambda j: cost["to", j])
    path = way["to", goal]
    back = [flow[i, j] for i, j, forward in path if not forward]
    return path, min([supply[path[0][0]], demand[goal], *back])


def tree_distance(levels: Sequence[Sequence[int]]) -> list[list[Fraction]]:
    """The level of the lowest common group over the number of levels above the values."""
    values, height = range(len(levels[0])), len(levels) - 1
    return [
        [Fraction(next(up for up, level in enumerate(levels) if level[i] == level[j]), height) for j in values]
        for i in values
    ]


def gains(counts: Counts, overall: Counts) -> list[Fraction]:
    return [(p - q) / q for p, q in zip(shares(counts), shares(overall), strict=True) if q]


def basic_beta_holds(counts: Counts, overall: Counts, beta: Fraction) -> bool:
    return all(gain <= beta for gain in gains(counts, overall))


def enhanced_beta_holds(counts: Counts, overall: Counts, beta: Fraction) -> bool:
    usual = [q for q in shares(overall) if q]
    return all(gain <= beta and gain <= -math.log(q) for gain, q in zip(gains(counts, overall), usual, strict=True))


def delta_holds(counts: Counts, overall: Counts, delta: int) -> bool:
    ratios = [p / q for p, q in zip(shares(counts), shares(overall), strict=True) if p]
    return all(Fraction(1, 2**delta) < ratio < 2**delta for ratio in ratios)

"""Numbers of each class, one entry a class: the left-hand sides of the privacy models.

With c people of a value among the s people of a class, and C among all N people, p = c/s and q = C/N. Whatever is a
quotient is computed as whole numbers and divided once. Classes without people give numbers that mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from terms.findings import refuse
from transforms.risk.classes import ClassTable, Numbers

Reals = NDArray[np.float64]


def presence(table: ClassTable) -> Reals:
    """Share of the population's class that is in the table; 0 where there is nobody."""
    return _quotient(table.sizes, np.maximum(table.population, 1))


def distinct(table: ClassTable) -> Numbers:
    """Different values."""
    return (table.histogram > 0).sum(axis=1)


def recursive(table: ClassTable, l: int) -> Reals:
    """r1 / (r_l + r_{l+1} + ...), counts largest first; ``inf`` with fewer than l values."""
    ordered = -np.sort(-table.histogram, axis=1)
    return _quotient(ordered[:, 0], ordered[:, l - 1 :].sum(axis=1))


def share(table: ClassTable) -> Reals:
    """Share of the most frequent value: alpha."""
    return _quotient(table.histogram.max(axis=1), np.maximum(table.sizes, 1))


def equal_distance(table: ClassTable) -> Reals:
    """Half the sum of absolute p - q: the earth mover's distance where all values are equally far apart."""
    return _quotient(np.abs(_differences(table)).sum(axis=1), 2 * _scale(table))


def ordered_distance(table: ClassTable) -> Reals:
    """Earth mover's distance of values in a row, neighbours 1 / (values - 1) apart.

    The row is of values that somebody in the whole table has.
    """
    moved = np.abs(_differences(table)[:, table.overall > 0].cumsum(axis=1)).sum(axis=1)
    return _quotient(moved, max(np.count_nonzero(table.overall) - 1, 1) * _scale(table))


def hierarchical_distance(table: ClassTable, levels: Sequence[Sequence[int]]) -> Reals:
    """Earth mover's distance of the leaves of a tree (Li et al. 2007, section 5.2).

    Two values are as far apart as the level of their lowest common group is high, the root 1. ``levels``: for each
    level the group (0, 1, ...) of every value; the first keeps all values apart, the last has one group.
    Raises Refused where they are of other values than the table's.
    """
    if len(levels[0]) != len(table.overall):
        raise refuse("models.Closeness.levels", "risk_levels_do_not_fit")
    moved, extra = np.zeros(len(table), dtype=np.int64), _differences(table)
    for height, (finer, coarser) in enumerate(pairwise(levels), start=1):
        parent = np.zeros(max(finer) + 1, dtype=np.int64)
        parent[list(finer)] = coarser
        # Inside a group, what some of its children have too much goes to those that have too little.
        give, take = _by_group(np.maximum(extra, 0), parent), _by_group(np.maximum(-extra, 0), parent)
        moved += height * np.minimum(give, take).sum(axis=1)
        extra = give - take
    return _quotient(moved, (len(levels) - 1) * _scale(table))


def _by_group(numbers: Numbers, group: Numbers) -> Numbers:
    sums = np.zeros((int(group.max()) + 1, len(numbers)), dtype=np.int64)
    np.add.at(sums, group, numbers.T)
    return sums.T


def gains(table: ClassTable) -> Reals:
    """(p - q) / q, classes x values: what somebody who finds the class learns. -inf for values nobody has."""
    below = table.sizes[:, None] * table.overall
    return np.where(table.overall > 0, _quotient(_differences(table), np.maximum(below, 1)), -np.inf)


def surprise(table: ClassTable) -> Reals:
    """-ln q of every value, not of every class; ``inf`` for values that nobody has."""
    with np.errstate(divide="ignore"):
        return -np.log(table.overall / table.overall.sum())


def ratios(table: ClassTable) -> tuple[Reals, Reals]:
    """Smallest and largest p / q of the values that the class has."""
    above, below = table.histogram * table.overall.sum(), table.sizes[:, None] * table.overall
    ratio = _quotient(above, np.maximum(below, 1))
    return np.where(table.histogram > 0, ratio, np.inf).min(axis=1), ratio.max(axis=1)


def _differences(table: ClassTable) -> Numbers:
    """(p - q) s N: whole numbers."""
    return table.histogram * table.overall.sum() - table.sizes[:, None] * table.overall


def _scale(table: ClassTable) -> Numbers:
    return np.maximum(table.sizes, 1) * table.overall.sum()


def _quotient(above: Numbers, below: Numbers) -> Reals:
    with np.errstate(divide="ignore", invalid="ignore"):
        return above / below

"""Entropy of a sensitive attribute in each class, and whether it reaches ln l."""

from __future__ import annotations

import math

import numpy as np

from transforms.risk.classes import ClassTable, Numbers
from transforms.risk.measures import Reals, distinct

NEAR = 1e-12
"""Nats. An entropy that is less by no more reaches ln l: equal values do so on any machine, in spite of rounding."""


def entropy(table: ClassTable, estimator: str) -> Reals:
    """In nats. Shannon: ln s - sum c ln c / s. Grassberger: G(s) - sum c G(c) / s, but at most that of equal values.

    The second is the correction for small classes by Stammler, Katzenbeisser & Hamacher 2016. Of a class with one value
    both are 0. (Grassberger himself writes ln s for G(s): small classes of one value would be diverse.)
    """
    counts, sizes = table.histogram, np.maximum(table.sizes, 1)
    log = np.log if estimator == "shannon" else grassberger
    found = log(sizes) - (counts * log(np.maximum(counts, 1))).sum(axis=1) / sizes
    return found if estimator == "shannon" else np.minimum(found, np.log(np.maximum(distinct(table), 1)))


def entropy_l(table: ClassTable, estimator: str) -> float:
    """exp of the smallest entropy: the l that all classes reach. Whole where it is, in spite of rounding."""
    least = float(entropy(table, estimator).min())
    whole = max(round(math.exp(least)), 1)
    return float(whole) if abs(least - math.log(whole)) <= NEAR else math.exp(least)


def entropy_reaches(table: ClassTable, l: float, estimator: str) -> np.ndarray:
    """Whether each class has entropy >= ln l."""
    return entropy(table, estimator) >= math.log(l) - NEAR


def grassberger(counts: Numbers) -> Reals:
    """G of Grassberger 2003 (arXiv physics/0307138), of 1 and more.

    G(1) = -gamma - ln 2, G(2) = 2 - gamma - ln 2, G(2n + 1) = G(2n), G(2n + 2) = G(2n) + 2 / (2n + 1).
    """
    even = 2 / np.arange(1, int(counts.max(initial=2)), 2)
    table = np.concatenate([[0.0], np.repeat(even.cumsum(), 2)])
    return table[np.maximum(counts, 1) - 1] - np.euler_gamma - math.log(2)

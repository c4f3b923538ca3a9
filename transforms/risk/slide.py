"""The slide negative binomial model of class sizes, fitted to three counts of a sample.

A population's class has 1 + X people, X negative binomial: E z^X = (1 + h - h z)^-a. Of people drawn with chance f,
with x = f h and m = a x, a class then keeps f + m on average, nobody with chance (1 - f)(1 + x)^-a and one with chance
(1 + x)^-a (f + (1 - f) m / (1 + x)). Set equal to people, classes and uniques per class of the population.
"""

from __future__ import annotations

import math
from collections.abc import Callable

SMALLEST, LARGEST, STEP = -14.0, 26.0, 0.25
"""Logarithms of x at which a change of sign is looked for."""
HALVINGS = 60
"""Bisections of an interval: further ones would not change a double by much."""


def slide_uniqueness(people: float, classes: float, uniques: float, fraction: float) -> float | None:
    """The share of the population that is unique in it; ``None`` where no such model has these counts."""
    if fraction == 1:
        return uniques / people

    def kept(x: float) -> float:
        """m for which the right share of classes is left with nobody; the difference is concave, so there is one."""

        def too_many(m: float) -> float:
            return 1 - classes * (fraction + m) / people - (1 - fraction) * (1 + x) ** (-m / x)

        return _halved(too_many, 0.0, people / classes - fraction)

    def excess(log: float) -> float:
        """Uniques that the model has too many, per class of the population."""
        x = math.exp(log)
        m = kept(x)
        one = (1 + x) ** (-m / x) * (fraction + (1 - fraction) * m / (1 + x))
        return one - uniques * (fraction + m) / people

    log = _root(excess)
    if log is None:
        return None
    x = math.exp(log)
    m = kept(x)
    return fraction / (fraction + m) * (1 + x / fraction) ** (-m / x)


def _root(function: Callable[[float], float]) -> float | None:
    """Where a function first changes its sign."""
    low, above = SMALLEST, function(SMALLEST) > 0
    while low < LARGEST:
        high = low + STEP
        if (function(high) > 0) != above:
            return _halved(function, low, high) if above else _halved(lambda place: -function(place), low, high)
        low = high
    return None


def _halved(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function falls through zero."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2

"""Pitman's sampling formula, fitted to class sizes by maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable

from transforms.risk.classes import Numbers

HALVINGS = 60
"""Bisections of an interval: further ones would not change a double by much."""
SMALLEST, LARGEST = -30.0, 40.0
"""Logarithms between which theta + alpha is sought."""
EDGE = 1e-6
"""alpha is sought between this and one minus this."""


def fit_pitman(sizes: Numbers, classes: Numbers) -> tuple[float, float] | None:
    """theta > 0 - alpha and 0 < alpha < 1 of the largest likelihood; ``None`` where it lies on the edge.

    ``sizes``: class sizes that occur; ``classes``: how many classes have each. The likelihood is
    prod (theta + i alpha) over i < classes, / prod (theta + i) over i < people, times
    prod (i - alpha) over i < size for every class.
    """
    number, people = int(classes.sum()), int((sizes * classes).sum())
    if not 1 < number < people:
        return None
    pairs = list(zip(sizes.tolist(), classes.tolist(), strict=True))

    def slope(alpha: float) -> float:
        """Of the log-likelihood along alpha, at the best theta."""
        theta = _best_theta(alpha, number, people)
        ahead = (number - 1 - theta * _harmonic(theta, alpha, number)) / alpha
        behind = sum(count * rise(1 - alpha, size - 1) for size, count in pairs)
        return ahead - behind

    alpha = _fall(slope, EDGE, 1 - EDGE)
    return None if alpha is None else (_best_theta(alpha, number, people), alpha)


def _best_theta(alpha: float, number: int, people: int) -> float:
    def slope(log: float) -> float:
        theta = math.exp(log) - alpha
        return _harmonic(theta, alpha, number) - _harmonic(theta, 1.0, people)

    log = _fall(slope, SMALLEST, LARGEST)
    return math.exp(LARGEST if log is None else log) - alpha


def _harmonic(theta: float, step: float, count: int) -> float:
    """Sum of 1 / (theta + i step) for i from 1 to count - 1."""
    return rise(theta / step + 1, count - 1) / step


def _fall(function: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a function falls through zero."""
    if function(low) <= 0 or function(high) >= 0:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2


def rise(x: float, k: float) -> float:
    """psi(x + k) - psi(x) for x > 0 and k >= 0, psi the logarithmic derivative of Gamma.

    Recurrence up to 10, then the asymptotic series (Abramowitz & Stegun 6.3.5 and 6.3.18).
    """
    skipped = 0.0
    while x < 10:
        skipped += 1 / x - 1 / (x + k)
        x += 1
    return math.log1p(k / x) + _beyond_log(x + k) - _beyond_log(x) + skipped


def _beyond_log(x: float) -> float:
    z = 1 / (x * x)
    return -1 / (2 * x) - z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * 691 / 32760)))))

"""Primary rules on contributions: which cells say too much of somebody, and by how much they must be blurred.

Hundepool et al., *Handbook on Statistical Disclosure Control* (2nd ed.), chapter 4. Every rule answers with the upper
protection level that it asks for; a cell is safe exactly where that is nought. Fractions are exact: nothing is rounded
before a level is, and a level is rounded up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from terms.findings import refuse
from transforms.programs import Numbers
from transforms.suppression.contributions import Contributions


class Rule(Protocol):
    """A primary rule."""

    def level(self, of: Contributions) -> Numbers:
        """The upper protection level of every cell, in the figure's unit; 0: the cell is safe."""
        ...


@dataclass(frozen=True, kw_only=True)
class MinimumFrequency:
    """Fewer than ``least`` people, unweighted, but not nobody. The level is a share of the figure, 1 at least."""

    least: int
    share: Fraction = Fraction(30, 100)

    def level(self, of: Contributions) -> Numbers:
        return np.where((of.people > 0) & (of.people < self.least), _share(of.total, self.share), 0)


@dataclass(frozen=True, kw_only=True)
class FewContributors:
    """Fewer than ``least`` contributors, but not none: holdings or households, each once."""

    least: int
    share: Fraction = Fraction(30, 100)

    def level(self, of: Contributions) -> Numbers:
        return np.where((of.contributors > 0) & (of.contributors < self.least), _share(of.total, self.share), 0)


@dataclass(frozen=True, kw_only=True)
class NothingContributed:
    """People contribute, and all of them nothing: the figure 0 says what each of them said."""

    least: int = 1
    """The level."""

    def level(self, of: Contributions) -> Numbers:
        return np.where((of.people > 0) & (of.total == 0), self.least, 0)


@dataclass(frozen=True, kw_only=True)
class Dominance:
    """(n, k): the n largest together are more than k percent. ``U = 100 / k * (x1 + .. + xn) - X``."""

    n: int
    k: Fraction | int

    def level(self, of: Contributions) -> Numbers:
        if isinstance(self.k, float) or not 0 < self.k < 100:
            raise refuse("rules.dominance", "rule_share_out_of_range")
        top = _largest(of, self.n, "rules.dominance")
        return _positive(of, Fraction(100) / self.k * top - _exact(of.total))


@dataclass(frozen=True, kw_only=True)
class PriorPosterior:
    """pq: the coalition of ``coalition`` contributors knows every contribution to within q percent and may not learn
    the subject's to within p percent. ``U = p / q * xs - (X - xs - xr ..)``; the p % rule has q = 100."""

    p: Fraction | int
    q: Fraction | int = 100
    coalition: int = 1

    def level(self, of: Contributions) -> Numbers:
        if isinstance(self.p, float) or isinstance(self.q, float) or not 0 < self.p < self.q <= 100:
            raise refuse("rules.prior_posterior", "rule_share_out_of_range")
        remainder = _exact(of.total) - _largest(of, 1 + self.coalition, "rules.prior_posterior")
        return _positive(of, Fraction(self.p) / self.q * _exact(of.largest[:, 0]) - remainder)


def p_percent(p: Fraction | int, coalition: int = 1) -> PriorPosterior:
    """The p % rule: ``X - x1 - x2 < p / 100 * x1``."""
    return PriorPosterior(p=p, coalition=coalition)


def levels(rules: Sequence[Rule], of: Contributions) -> Numbers:
    """The largest level that any rule asks for; 0: every rule calls the cell safe.

    Raises :class:`Refused` ``no_rule``: no rule at all would call everything safe.
    """
    if not rules:
        raise refuse("rules", "no_rule")
    return np.maximum.reduce([rule.level(of) for rule in rules])


def _exact(figures: Numbers) -> np.ndarray:
    """Python's whole numbers, which do not overflow."""
    return figures.astype(object)


def _largest(of: Contributions, n: int, place: str) -> np.ndarray:
    if not 1 <= n <= of.largest.shape[1]:
        raise refuse(place, "contributions_not_deep_enough", depth=of.largest.shape[1], wanted=n)
    return _exact(of.largest[:, :n]).sum(axis=1)


def _positive(of: Contributions, exact: np.ndarray) -> Numbers:
    """Levels rounded up; none where nobody contributes, or everybody has agreed to be seen."""
    up = np.array([-((-each.numerator) // each.denominator) if each > 0 else 0 for each in exact], dtype=np.int64)
    return np.where((of.contributors > 0) & ~of.agreed, up, 0)


def _share(total: Numbers, share: Fraction) -> Numbers:
    return np.array(
        [max(1, -(-each * share.numerator // share.denominator)) for each in total.tolist()], dtype=np.int64
    )

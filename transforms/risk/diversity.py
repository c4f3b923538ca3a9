"""Models of how different the sensitive values inside a class are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from terms.findings import refuse
from transforms.risk import measures
from transforms.risk.classes import ClassTable
from transforms.risk.entropy import entropy_l, entropy_reaches
from transforms.risk.model import Marks, Model, above, at_least, share


@dataclass(frozen=True)
class DistinctDiversity(Model):
    """At least ``l`` different values."""

    sensitive: ClassVar[bool] = True
    l: int

    def __post_init__(self) -> None:
        at_least(self, 2, l=self.l)

    def judge(self, table: ClassTable) -> Marks:
        """Different values >= l."""
        return measures.distinct(table) >= self.l

    def reach(self, table: ClassTable) -> int:
        """The fewest different values."""
        return int(measures.distinct(table).min())


@dataclass(frozen=True)
class EntropyDiversity(Model):
    """Entropy of the values >= ln ``l``.

    ``estimator``: ``shannon`` of the class as it is; or ``grassberger``, corrected for small classes, of which at least
    ``l`` values must still be different. See :func:`transforms.risk.entropy.entropy`.
    """

    sensitive: ClassVar[bool] = True
    l: float
    estimator: Literal["shannon", "grassberger"] = "shannon"

    def __post_init__(self) -> None:
        above(self, 1, l=self.l)
        if self.estimator not in {"shannon", "grassberger"}:
            raise refuse("models.EntropyDiversity.estimator", "risk_choice_unknown")

    def judge(self, table: ClassTable) -> Marks:
        """A class of l values that are equally frequent holds."""
        return entropy_reaches(table, self.l, self.estimator)

    def reach(self, table: ClassTable) -> float:
        """exp of the smallest entropy."""
        return entropy_l(table, self.estimator)


@dataclass(frozen=True)
class RecursiveDiversity(Model):
    """r1 < ``c`` (r_l + r_{l+1} + ...), strictly; r: the values' counts in the class, largest first."""

    sensitive: ClassVar[bool] = True
    c: float
    l: int

    def __post_init__(self) -> None:
        above(self, 0, c=self.c)
        at_least(self, 2, l=self.l)

    def judge(self, table: ClassTable) -> Marks:
        """Fewer than l values never hold."""
        return measures.recursive(table, self.l) < self.c

    def reach(self, table: ClassTable) -> float:
        """The number that c must exceed."""
        return float(measures.recursive(table, self.l).max())


@dataclass(frozen=True)
class AlphaK(Model):
    """No value has more than the share ``alpha`` of a class of at least ``k`` people."""

    sensitive: ClassVar[bool] = True
    alpha: float
    k: int

    def __post_init__(self) -> None:
        share(self, alpha=self.alpha)
        at_least(self, 1, k=self.k)

    def judge(self, table: ClassTable) -> Marks:
        """Share <= alpha and size >= k."""
        return (measures.share(table) <= self.alpha) & (table.sizes >= self.k)

    def reach(self, table: ClassTable) -> float:
        """The largest share of a value (k: :class:`KAnonymity`)."""
        return float(measures.share(table).max())

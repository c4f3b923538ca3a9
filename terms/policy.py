"""The disclosure rules a survey is published under."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from terms.findings import Finding, Refused


class NoAnswer(Enum):
    """How the frequency rule (R2) treats the people who left a question blank."""

    CELL = "cell"
    """As an answer like any other: a small number of them is hidden, and so is the answering base."""

    RESIDUAL = "residual"
    """As what is left over: never shown as a figure, but the answering base is, so their number can be
    worked out. Whether a person answered is then not protected by R2 (R3 still counts it)."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The disclosure rules one survey is published under (preset ``once``)."""

    preset: str = "once"

    k: int = 10
    """Fewest people a published cell, base or group may stand for (R1, R2)."""

    s: int = 2
    """Fewest people in a group who must differ from its commonest answer (R3)."""

    s_sensitive: int = 3
    """The same for sensitive questions."""

    l: int = 2
    """Fewest distinct values of a sensitive column in an equivalence class."""

    width: int | None = None
    """Narrowest interval an attacker may be left with for a hidden cell; default ``k - 2`` (R2)."""

    rounding: int = 5
    """Published counts are multiples of this (R7); k people must still read as k or more."""

    no_answer: NoAnswer = NoAnswer.CELL

    reject_limit_pct: int = 5
    """A run with more bad rows than this share of all rows is refused."""

    def __post_init__(self) -> None:
        problems = [
            Finding(place=f"policy.{name}", rule=rule, facts={"value": value, "least": least})
            for name, rule, value, least in (
                ("k", "policy_k_too_small", self.k, 3),
                ("s", "policy_s_too_small", self.s, 2),
                ("s_sensitive", "policy_s_too_small", self.s_sensitive, self.s),
                ("l", "policy_l_too_small", self.l, 1),
                ("rounding", "policy_rounding_too_small", self.rounding, 1),
            )
            if value < least
        ]
        sound = self.k >= 3  # what follows from a wrong k is not a problem of its own
        if sound and not 1 <= self.interval_width <= max(self.k - 2, 1):
            problems.append(Finding(place="policy.width", rule="policy_width_impossible", facts={"most": self.k - 2}))
        if sound and self.rounding > self.k:
            problems.append(Finding(place="policy.rounding", rule="policy_rounding_above_k", facts={"k": self.k}))
        elif sound and self.rounding > 0 and (reads := self._k_displayed()) < self.k:
            facts = {"k": self.k, "reads": reads}
            problems.append(Finding(place="policy.rounding", rule="policy_rounding_below_k", facts=facts))
        if not 0 <= self.reject_limit_pct <= 100:
            problems.append(Finding(place="policy.reject_limit_pct", rule="percent_out_of_range"))
        if problems:
            raise Refused(*problems)

    def _k_displayed(self) -> int:
        """What k people are displayed as: to the nearest multiple, halves up."""
        return (2 * self.k + self.rounding) // (2 * self.rounding) * self.rounding

    @property
    def interval_width(self) -> int:
        """The narrowest interval allowed for a hidden cell, in people."""
        return self.k - 2 if self.width is None else self.width

"""What can be said about a run without saying anything about a respondent.

Every refusal and fault is made of findings: a place (declared names only), a rule (a key of
:data:`terms.messages.MESSAGES`) and facts (whole numbers and declared names). A value that a
respondent gave has no slot to travel in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule that did not hold, and where.

    ``place`` is an address such as ``columns.age.hierarchy[2]`` or ``responses: line 14, column 3``.
    """

    place: str
    rule: str
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def __reduce__(self) -> tuple:
        return (_finding, (self.place, self.rule, dict(self.facts)))


def _finding(place: str, rule: str, facts: dict[str, int | str]) -> Finding:
    return Finding(place=place, rule=rule, facts=facts)


class Verdict(Enum):
    """Whether something may be published. Only ``PASS`` publishes."""

    PASS = "PASS"
    FAIL = "FAIL"

    @classmethod
    def worst(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """``PASS`` only where there is at least one verdict and every one is ``PASS``.

        >>> Verdict.worst([])
        <Verdict.FAIL: 'FAIL'>
        >>> Verdict.worst([Verdict.PASS, Verdict.PASS])
        <Verdict.PASS: 'PASS'>
        """
        seen = list(verdicts)
        return cls.PASS if seen and all(verdict is cls.PASS for verdict in seen) else cls.FAIL


class ShojiError(Exception):
    """Anything that ends a command. Carries findings, never values."""

    exit_code = 3

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)
        self.findings = findings

    def __str__(self) -> str:
        return "; ".join(f"{finding.place}: {finding.rule}" for finding in self.findings)


class Refused(ShojiError):
    """The data, the declaration or a verdict forbids publication (exit code 1)."""

    exit_code = 1


class WrongUse(ShojiError):
    """The command was called wrongly (exit code 2)."""

    exit_code = 2


class Fault(ShojiError):
    """Something broke: a lock is held, the disk is full, a solver failed (exit code 3)."""

    exit_code = 3


def refuse(place: str, rule: str, **facts: int | str) -> Refused:
    """Shorthand for a refusal with one finding."""
    return Refused(Finding(place=place, rule=rule, facts=facts))


def fault(place: str, rule: str, **facts: int | str) -> Fault:
    """Shorthand for a fault with one finding."""
    return Fault(Finding(place=place, rule=rule, facts=facts))


def wrong_use(place: str, rule: str, **facts: int | str) -> WrongUse:
    """Shorthand for a wrong use with one finding."""
    return WrongUse(Finding(place=place, rule=rule, facts=facts))

"""An incident: personal data leaked, lost or damaged, or perhaps so; and the reports that are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class IncidentKind(Enum):
    """What happened, or may have."""

    LEAKAGE = "leakage"
    LOSS = "loss"
    DAMAGE = "damage"


class ReportStage(Enum):
    """The two reports to the Personal Information Protection Commission."""

    PROMPT = "prompt"
    """What is known so far."""
    FINAL = "final"


class IncidentOutcome(Enum):
    """Why an incident is closed."""

    REPORTED = "reported"
    """Both reports were made."""
    NOT_REPORTABLE = "not_reportable"
    """None of the four reasons for a report holds; somebody answers for that by name."""


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One incident. Names declared things only."""

    number: int
    kind: IncidentKind
    malicious: bool
    """Done, or perhaps done, with a wrongful purpose: the final report may take longer."""
    known_on: date
    """The day (JST) on which the controller learned of it: the clocks run from there."""
    surveys: tuple[str, ...]
    reports: Mapping[ReportStage, date] = field(default_factory=dict)
    """The reports that were made, and when."""
    closed_on: date | None = None
    outcome: IncidentOutcome | None = None

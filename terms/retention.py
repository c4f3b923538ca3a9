"""How long what is held for a survey may be held, as its owner declares it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Days after the last day of fieldwork; ``None`` where nothing is declared."""

    answers_days: int | None = None
    rewards_days: int | None = None
    sources_days: int | None = None


UNDECLARED = Retention()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The last day in Japan on which each may be held; ``None`` where it does not expire."""

    answers: date | None
    rewards: date | None
    sources: date | None

"""Judgement about time: how long answers, reward lists, export files and receipts are kept. Decides, never deletes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from terms.purposes import ConsentBasis
from terms.retention import Kept
from terms.survey import Survey

ANSWERS_DAYS = 365
"""A release is final; its answers are needed to look into a complaint about it and to answer the people who gave
them. Surveys come back yearly: after a year the next one's answers are there, and the old ones serve nothing."""

REWARDS_DAYS = 90
"""Prizes are drawn and sent within a quarter; addresses are of no other use."""

RECEIPT_DAYS = 30
"""What a person is handed about herself is handed over within days; whatever is still there is a second copy."""

EXPIRED, FINISHED = "expired", "retention_finished"
"""The events of the ledger: something is about to be deleted because its time is over; all of it is."""

STOPPING = frozenset({"answers", "sources"})
"""What a survey cannot be run without: once it has expired no run takes answers in again."""


def keep_until(survey: Survey) -> Kept:
    """The last day of each.

    Export files are the operator's own and expire only where that is declared. Answers of a public data set are
    everybody's: they too expire only where that is declared.
    """
    told, end = survey.retention, survey.fieldwork_to
    is_public = survey.consent.basis is ConsentBasis.PUBLIC_DATASET
    answers = told.answers_days or (None if is_public else ANSWERS_DAYS)
    return Kept(
        answers=_after(end, answers),
        rewards=_after(end, told.rewards_days or REWARDS_DAYS),
        sources=_after(end, told.sources_days),
    )


def noted(kept: Kept) -> dict[str, Any]:
    """What the ledger keeps of it at every run, so that answers expire though nobody finds their declaration."""
    return {name: day.isoformat() if day else None for name, day in vars(kept).items() if name != "sources"}


def kept_by_note(body: Mapping[str, Any]) -> Kept:
    """What a run noted; the defaults where it was an earlier version that noted the fieldwork alone."""
    told = body.get("kept")
    if told is not None:
        answers, rewards = (date.fromisoformat(told[name]) if told[name] else None for name in ("answers", "rewards"))
        return Kept(answers=answers, rewards=rewards, sources=None)
    end = max(date.fromisoformat(one["to"]) for one in body["grounds"])
    is_public = all(one["consent"] == ConsentBasis.PUBLIC_DATASET.value for one in body["grounds"])
    return Kept(
        answers=_after(end, None if is_public else ANSWERS_DAYS), rewards=_after(end, REWARDS_DAYS), sources=None
    )


def is_over(last: date | None, today: date) -> bool:
    """Whether a last day has passed.

    >>> is_over(date(2026, 6, 14), date(2026, 6, 14)), is_over(date(2026, 6, 14), date(2026, 6, 15))
    (False, True)
    """
    return last is not None and today > last


def receipt_is_over(ended_on: date | None, today: date) -> bool:
    """Whether a receipt has lain there long enough; one of a request that has not ended has not."""
    return is_over(ended_on + timedelta(days=RECEIPT_DAYS) if ended_on else None, today)


def expired_on(events: Iterable[tuple[str, Mapping[str, Any]]], survey: str) -> date | None:
    """The day since which a survey cannot be run any more, because answers or export files expired."""
    days = [
        date.fromisoformat(body["on"])
        for event, body in events
        if event == EXPIRED and body["survey"] == survey and body["what"] in STOPPING
    ]
    return min(days, default=None)


def is_unfinished(events: Iterable[tuple[str, Mapping[str, Any]]]) -> bool:
    """Whether deleting was begun and not brought to an end."""
    last = None
    for event, _ in events:
        if event in (EXPIRED, FINISHED):
            last = event
    return last == EXPIRED


def _after(end: date, days: int | None) -> date | None:
    return end + timedelta(days=days) if days is not None else None

"""Judgement about recalls: which release may be taken back, and by whom. One person asks, another one agrees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from terms.findings import Finding, Refused
from terms.recalls import Recall, RecallReason

ASKED, AGREED = "recall_asked", "recall_agreed"
"""The events of the ledger that recalls are read from."""

Recalls = Mapping[str, Recall]
"""``survey/release`` -> its recall, asked for or agreed to."""


def ask(recall: Recall, recalls: Recalls, published: Collection[str]) -> Recall:
    """The recall, once a first person asks for it. Asking again replaces what still waits.

    Raises Refused ``recall_not_published``, ``recall_done``.
    """
    name = _name(recall)
    if name not in published:
        raise Refused(_problem(recall, "recall_not_published"))
    if name in recalls and recalls[name].agreed_by is not None:
        raise Refused(_problem(recall, "recall_done"))
    return recall


def agree(survey: str, release: str, by: str, recalls: Recalls, on: date) -> Recall:
    """The recall once a second person agrees; one that was agreed to before stays as it was.

    Raises Refused ``recall_not_asked``, ``recall_same_person``.
    """
    recall = recalls.get(f"{survey}/{release}")
    if recall is None:
        raise Refused(Finding(place=f"released/{survey}", rule="recall_not_asked", facts={"release": release}))
    if recall.agreed_by is not None:
        return recall
    if recall.asked_by == by:
        raise Refused(_problem(recall, "recall_same_person"))
    return replace(recall, agreed_by=by, agreed_on=on)


def body_of(recall: Recall) -> dict[str, Any]:
    """What the ledger keeps of a recall, beside the name that signs it."""
    body = {"survey": recall.survey, "release": recall.release, "reason": recall.reason.value}
    return body | ({"on": recall.agreed_on.isoformat()} if recall.agreed_on else {})


def read_recalls(events: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Recall]:
    """Every recall as the ledger's events tell it. What nobody signed is nothing; nor is agreeing with oneself."""
    found: dict[str, Recall] = {}
    for event, body in events:
        name, by = f"{body.get('survey')}/{body.get('release')}", body.get("by")
        if by is None:
            continue
        if event == ASKED:
            found[name] = Recall(
                survey=body["survey"],
                release=body["release"],
                reason=RecallReason(body["reason"]),
                asked_by=by,
            )
        elif event == AGREED and name in found and found[name].asked_by != by:
            found[name] = replace(found[name], agreed_by=by, agreed_on=date.fromisoformat(body["on"]))
    return found


def agreed(recalls: Recalls) -> dict[str, Recall]:
    """Those that two persons answer for: the release is taken back."""
    return {name: recall for name, recall in recalls.items() if recall.agreed_by is not None}


def _name(recall: Recall) -> str:
    return f"{recall.survey}/{recall.release}"


def _problem(recall: Recall, rule: str) -> Finding:
    return Finding(place=f"released/{recall.survey}", rule=rule, facts={"release": recall.release})

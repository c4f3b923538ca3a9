"""Judgement about requests of the people whose data are held: when an answer is due, and who may give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from terms.findings import Finding, Refused
from terms.requests import Proof, RequestKind, RequestState, SubjectRequest

DUE_DAYS = 14
"""The controller promises "a reasonable period"; two weeks is what it holds itself to."""

REMIND_DAYS = 5
"""Days before the due date from which a request is shown as urgent."""

MARK_YEARS = 3
"""How long a mark keeps a person's answers out: as long as exports that hold them may turn up again."""


def due_on(received_on: date) -> date:
    """The day by which a request is to be answered.

    >>> due_on(date(2026, 11, 23))
    datetime.date(2026, 12, 7)
    """
    return received_on + timedelta(days=DUE_DAYS)


def mark_expires(since: date) -> date:
    """The day after which a mark is forgotten.

    >>> mark_expires(date(2024, 2, 29))
    datetime.date(2027, 2, 28)
    """
    year = since.year + MARK_YEARS
    leap = since.month == 2 and since.day == 29 and not (year % 4 == 0 and (year % 100 or year % 400 == 0))
    return since.replace(year=year, day=28 if leap else since.day)


def identify(request: SubjectRequest, by: str, proof: Proof) -> SubjectRequest:
    """The request once a named operator has made sure who asks. Raises Refused ``request_not_open``."""
    if request.state is not RequestState.OPEN:
        raise Refused(_problem(request, "request_not_open"))
    return replace(request, state=RequestState.IDENTIFIED, identified_by=by, proof=proof)


def carry_out(request: SubjectRequest, kind: RequestKind, by: str, *, same_person: bool) -> SubjectRequest:
    """The request once its carrying out has begun.

    Raises Refused: ``request_of_other_kind``, ``request_ended``, ``request_not_identified``, ``request_same_operator``
    (whoever confirmed the identity does not also carry the request out), ``request_other_person``.
    """
    problem = None
    if request.kind is not kind:
        problem = "request_of_other_kind"
    elif request.state in (RequestState.DONE, RequestState.REFUSED):
        problem = "request_ended"
    elif request.state is RequestState.OPEN:
        problem = "request_not_identified"
    elif request.identified_by == by:
        problem = "request_same_operator"
    elif not same_person:
        problem = "request_other_person"
    if problem:
        raise Refused(_problem(request, problem))
    return replace(request, state=RequestState.UNDER_WAY, carried_out_by=by)


def urgent(requests: Sequence[SubjectRequest], today: date) -> list[SubjectRequest]:
    """The requests that are overdue or nearly so, the most urgent first."""
    waiting = [request for request in requests if request.state not in (RequestState.DONE, RequestState.REFUSED)]
    near = [request for request in waiting if request.due_on - today <= timedelta(days=REMIND_DAYS)]
    return sorted(near, key=lambda request: (request.due_on, request.number))


def _problem(request: SubjectRequest, rule: str) -> Finding:
    return Finding(place=f"requests.{request.number}", rule=rule, facts={"number": request.number})

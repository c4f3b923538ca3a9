"""What a person may ask the controller about her own data, and how far an answer to her has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class RequestKind(Enum):
    """What is asked."""

    CONFIRM = "confirm"
    """What is held about me?"""
    CORRECT = "correct"
    """Something is wrong: put it right."""
    ERASE = "erase"
    """Delete what is held, and do not take it in again."""
    WITHDRAW = "withdraw"
    """I take my consent back: use my answers no more."""
    OBJECT = "object"
    """Stop using my answers, whatever the basis."""


class RequestState(Enum):
    """How far the answer has come."""

    OPEN = "open"
    """Received; nobody's identity has been confirmed, nothing may be shown or changed."""
    IDENTIFIED = "identified"
    """A named operator has confirmed who asks."""
    UNDER_WAY = "under_way"
    """Being carried out; a run that finds it so finishes it."""
    DONE = "done"
    REFUSED = "refused"


class Proof(Enum):
    """How an operator made sure that whoever asks is the person."""

    ACCOUNT = "account"
    """Logged in to the member account that answered."""
    DOCUMENT = "document"
    """Showed an identity document (no copy is kept here)."""
    CALLBACK = "callback"
    """Called back on a contact that was on file before."""
    LETTER = "letter"
    """Answered a letter sent to the address on file."""


@dataclass(frozen=True, kw_only=True)
class SubjectRequest:
    """One request. Holds no identifier: whoever carries it out is told the identifier again."""

    number: int
    survey: str
    declaration: str
    """Where the survey is declared: its name under ``data/surveys/`` or a path."""
    kind: RequestKind
    received_on: date
    due_on: date
    state: RequestState
    identified_by: str | None = None
    """The operator who confirmed the identity."""
    proof: Proof | None = None
    carried_out_by: str | None = None
    ended_on: date | None = None

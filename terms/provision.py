"""What was provided to a third party, upon which basis, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class ProvisionBasis(Enum):
    """The four bases of the privacy notice. There is no fifth."""

    CONSENT = "consent"
    """The people whose data they are agreed."""
    STATISTICAL = "statistical"
    """Processed statistically so that nobody can be identified: a published release."""
    EMERGENCY = "emergency"
    """To protect life, body or property."""
    LAW = "law"
    """A law requires it."""


class Provided(Enum):
    """What was provided."""

    RELEASE = "release"
    """A published release."""
    ANSWERS = "answers"
    """Answers of persons."""
    CONTACT_DATA = "contact_data"
    """Names, addresses and the like."""


class ProvisionState(Enum):
    """How a provision stands on a day."""

    AWAITING = "awaiting"
    """Recorded by one person; nothing may be provided before a second one agrees."""
    STANDING = "standing"
    EXPIRED = "expired"
    """Its time is over and nobody has noted that the recipient gave back or deleted what it got."""
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Provision:
    """One line of the register. Names declared things only."""

    number: int
    basis: ProvisionBasis
    recipient: str
    survey: str
    provided: Provided
    release: str | None
    """The release that was provided; ``None`` for anything else."""
    on: date
    expires_on: date | None
    """The last day on which the recipient may hold it; a release does not expire."""
    recorded_by: str | None = None
    agreed_by: str | None = None
    ended_on: date | None = None

"""What answers may be used for: whose they are, for which purpose, under which notice and consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from terms.words import Text


@dataclass(frozen=True, kw_only=True)
class Controller:
    """The group company that asked, and the division people write to."""

    company: str
    """Immutable register id; part of the key pseudonyms are made with."""
    name: Text
    division: Text
    contact: str


class ConsentBasis(Enum):
    """Why the answers may be processed."""

    CONSENT = "consent"
    """Each row says so in a consent column."""
    INFORMED_PARTICIPATION = "informed_participation"
    """Answering after the notice was shown."""
    PUBLIC_DATASET = "public_dataset"
    """A data set that its controller published."""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The basis, and where it is a column, what it must say."""

    basis: ConsentBasis
    column: str | None = None
    accepted: tuple[str, ...] = ()


class Purpose(Enum):
    """The purposes that a privacy notice may state. The list is closed: data are used for nothing else."""

    IDENTIFICATION = "identification"
    ORDERS = "orders"
    DELIVERY = "delivery"
    PAYMENT_CHECKS = "payment_checks"
    INVOICES = "invoices"
    SERVICE_NOTICES = "service_notices"
    QUESTIONNAIRE_SURVEY = "questionnaire_survey"
    REWARDS = "rewards"
    STATISTICS = "statistics"
    PRODUCT_IMPROVEMENT = "product_improvement"
    OPINIONS = "opinions"
    ADVERTISING = "advertising"


PURPOSES_OF_SURVEYS = (
    Purpose.QUESTIONNAIRE_SURVEY,
    Purpose.STATISTICS,
    Purpose.PRODUCT_IMPROVEMENT,
    Purpose.OPINIONS,
)
"""What a survey itself may be conducted for."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What answers that were given in a period were collected under."""

    since: date
    until: date
    """First and last day, both included."""
    controller: Controller
    purpose: Purpose
    notice_version: str
    consent: Consent
    processor: str | None = None
    """Who asked on the controller's behalf, by its id in the register of processors."""


class PoolingBasis(Enum):
    """Why answers that several companies collected may be one survey."""

    CONSENT = "consent"
    """Everybody agreed, in the consent column."""
    JOINT_USE = "joint_use"
    """The notice that each answer was given under names these companies as using data jointly."""


@dataclass(frozen=True, kw_only=True)
class Pooling:
    """The declaration that answers of several companies are one survey."""

    basis: PoolingBasis
    companies: tuple[str, ...]

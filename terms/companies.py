"""The registers: companies, notices, processors and recipients, with their history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from terms.purposes import Purpose
from terms.words import Text


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days, the first and the last included; ``until`` is ``None`` where no end is known.

    >>> Period(since=date(2026, 4, 1)).covers(date(2026, 5, 1), date(2026, 5, 31))
    True
    """

    since: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.covers(day, day)

    def covers(self, first: date, last: date) -> bool:
        """Whether every day from the first to the last is one of these."""
        return self.since <= first and (self.until is None or last <= self.until)

    def overlaps(self, other: Period) -> bool:
        """Whether some day belongs to both."""
        begins_in_time = self.until is None or other.since <= self.until
        return begins_in_time and (other.until is None or self.since <= other.until)


@dataclass(frozen=True, kw_only=True)
class Name:
    """What somebody was called in a period."""

    text: Text
    period: Period


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Where inquiries went in a period."""

    address: str
    period: Period


@dataclass(frozen=True, kw_only=True)
class Division:
    """The part of a company that offers a service and answers for it."""

    id: str
    names: tuple[Name, ...]
    contacts: tuple[Contact, ...]

    def contact(self, day: date) -> str | None:
        """The address of that day."""
        return next((contact.address for contact in self.contacts if day in contact.period), None)


class CompanyKind(Enum):
    """How a controller stands to the group."""

    GROUP = "group"
    """A company of the group, while it is a member."""
    PUBLIC_BODY = "public_body"
    """Somebody outside who published a data set: only :attr:`terms.survey.ConsentBasis.PUBLIC_DATASET` fits."""


@dataclass(frozen=True, kw_only=True)
class Company:
    """A controller. Its id is part of the key that pseudonyms are made with: it never changes and never comes back."""

    id: str
    kind: CompanyKind
    names: tuple[Name, ...]
    member: tuple[Period, ...]
    """When it belonged to the group; for a public body, since when it is known here."""
    divisions: tuple[Division, ...]
    successor: str | None = None
    """The company that answers for its surveys after it has left."""

    def is_member(self, first: date, last: date) -> bool:
        """Whether it was a member on every one of these days."""
        return any(period.covers(first, last) for period in self.member)

    def division(self, name: Text) -> Division | None:
        """The division that is or was called so."""
        named = (found for found in self.divisions if name in [called.text for called in found.names])
        return next(named, None)


class Entrusted(Enum):
    """What a processor may be asked to do."""

    COLLECT = "collect"
    """Ask people and hand their answers over."""
    HOST = "host"
    """Keep the data for the controller."""
    TABULATE = "tabulate"
    """Run this software for the controller."""
    DELIVER = "deliver"
    """Send rewards and documents."""


@dataclass(frozen=True, kw_only=True)
class Processor:
    """A subcontractor or partner who is entrusted with data."""

    id: str
    names: tuple[Name, ...]
    engaged: Period
    may: tuple[Entrusted, ...]
    surveys: tuple[str, ...] | None
    """The surveys it is engaged for; ``None`` for all of them."""

    def is_engaged_for(self, survey: str) -> bool:
        return self.surveys is None or survey in self.surveys


@dataclass(frozen=True, kw_only=True)
class NoticeVersion:
    """The notice as it stood in a period: what the answers given in it may be used for."""

    version: str
    in_force: Period
    purposes: tuple[Purpose, ...]
    contact: str
    joint_use: tuple[str, ...] = ()
    """The companies it names as using data jointly."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The privacy notice of some companies."""

    id: str
    companies: tuple[str, ...]
    versions: tuple[NoticeVersion, ...]


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A third party that was or may be given something."""

    id: str
    names: tuple[Name, ...]
    known: Period


@dataclass(frozen=True, kw_only=True)
class Registers:
    """All four registers, and the hash of their content."""

    companies: Mapping[str, Company]
    processors: Mapping[str, Processor]
    notices: tuple[Notice, ...]
    recipients: Mapping[str, Recipient]
    hash: str

    def notice_version(self, company: str, version: str) -> NoticeVersion | None:
        """The version of the notice of a company."""
        found = (one for notice in self.notices if company in notice.companies for one in notice.versions)
        return next((one for one in found if one.version == version), None)

    def contact(self, company: str, division: str, day: date) -> str | None:
        """Where inquiries about a division go on that day: to the successor once the company has left.

        ``None`` where nobody answers. A successor answers through its division of the same id.
        """
        answering: str | None = company
        while answering is not None:
            found = self.companies[answering]
            if found.is_member(day, day):
                offices = (office for office in found.divisions if office.id == division)
                return next((office.contact(day) for office in offices), None)
            answering = found.successor
        return None

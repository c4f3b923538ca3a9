"""``data/registers/*.yaml`` to :class:`terms.companies.Registers`: every problem at once, each with its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from terms.companies import (
    Company,
    CompanyKind,
    Contact,
    Division,
    Entrusted,
    Name,
    Notice,
    NoticeVersion,
    Period,
    Processor,
    Recipient,
    Registers,
)
from terms.findings import Finding, Refused
from terms.fingerprints import fingerprint
from terms.loading import load_mapping, unprintable
from terms.purposes import Purpose
from terms.reading import shape_finding
from terms.shapes import Day, Shape, Texts, Words
from terms.shapes import Name as Id
from terms.words import Text

FILES = ("companies", "processors", "notices", "recipients")
"""The registers, each in a file of its name that holds one mapping of its name."""


class PeriodShape(Shape):
    from_: Day = Field(alias="from")
    to: Day | None = None

    @property
    def period(self) -> Period:
        return Period(since=self.from_, until=self.to)


class NameShape(PeriodShape):
    ja: Words
    en: Words


class ContactShape(PeriodShape):
    contact: Words


Names = Annotated[list[NameShape], Field(min_length=1)]
Versions = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$")]


class DivisionShape(Shape):
    names: Names
    contacts: list[ContactShape] = Field(default_factory=list)


class CompanyShape(Shape):
    kind: CompanyKind = CompanyKind.GROUP
    names: Names
    member: Annotated[list[PeriodShape], Field(min_length=1)]
    divisions: dict[Id, DivisionShape] = Field(default_factory=dict)
    successor: Id | None = None


class ProcessorShape(PeriodShape):
    names: Names
    may: Annotated[list[Entrusted], Field(min_length=1)]
    surveys: Literal["all"] | list[Id]


class VersionShape(PeriodShape):
    purposes: Annotated[list[Purpose], Field(min_length=1)]
    contact: Words
    joint_use: Texts = Field(default_factory=list)


class NoticeShape(Shape):
    companies: Annotated[list[Id], Field(min_length=1)]
    versions: Annotated[dict[Versions, VersionShape], Field(min_length=1)]


class RecipientShape(PeriodShape):
    names: Names


class RegistersShape(Shape):
    companies: dict[Id, CompanyShape]
    processors: dict[Id, ProcessorShape]
    notices: dict[Id, NoticeShape]
    recipients: dict[Id, RecipientShape]


def read_registers(folder: Path) -> Registers:
    """The registers of a folder.

    Raises:
        Refused: with one finding for each problem.
    """
    loaded, problems = _load(folder)
    shape = None
    if not problems:
        try:
            shape = RegistersShape.model_validate(loaded)
        except ValidationError as error:
            problems += [shape_finding(detail) for detail in error.errors(include_url=False)]
    if shape is not None:
        problems += [*_histories(shape), *_references(shape)]
    if problems or shape is None:
        raise Refused(*problems)
    return Registers(
        companies={id: _company(id, given) for id, given in shape.companies.items()},
        processors={id: _processor(id, given) for id, given in shape.processors.items()},
        notices=tuple(_notice(id, given) for id, given in shape.notices.items()),
        recipients={
            id: Recipient(id=id, names=_names(given.names), known=given.period)
            for id, given in shape.recipients.items()
        },
        hash=fingerprint(loaded),
    )


def _load(folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    loaded: dict[str, Any] = {}
    problems: list[Finding] = []
    for name in FILES:
        try:
            content = load_mapping(folder / f"{name}.yaml", f"{name}.yaml")
        except Refused as refused:
            problems += refused.findings
            continue
        problems += unprintable(content)
        loaded |= {name: content.pop(name, None)}
        problems += [Finding(place=f"{name}.yaml", rule="register_holds_more") for _ in content]
    return loaded, problems


def _names(given: list[NameShape]) -> tuple[Name, ...]:
    return tuple(Name(text=Text(ja=one.ja, en=one.en), period=one.period) for one in given)


def _company(id: str, given: CompanyShape) -> Company:
    divisions = tuple(
        Division(
            id=name,
            names=_names(one.names),
            contacts=tuple(Contact(address=contact.contact, period=contact.period) for contact in one.contacts),
        )
        for name, one in given.divisions.items()
    )
    return Company(
        id=id,
        kind=given.kind,
        names=_names(given.names),
        member=tuple(one.period for one in given.member),
        divisions=divisions,
        successor=given.successor,
    )


def _processor(id: str, given: ProcessorShape) -> Processor:
    return Processor(
        id=id,
        names=_names(given.names),
        engaged=given.period,
        may=tuple(given.may),
        surveys=None if given.surveys == "all" else tuple(given.surveys),
    )


def _notice(id: str, given: NoticeShape) -> Notice:
    versions = tuple(
        NoticeVersion(
            version=version,
            in_force=one.period,
            purposes=tuple(one.purposes),
            contact=one.contact,
            joint_use=tuple(one.joint_use),
        )
        for version, one in given.versions.items()
    )
    return Notice(id=id, companies=tuple(given.companies), versions=versions)


Dated = TypeVar("Dated", bound=PeriodShape)


def _histories(shape: RegistersShape) -> Iterator[Finding]:
    """A period ends after it begins, and of one thing there is one at a time."""
    for place, dated in _all_histories(shape):
        periods = [one.period for one in dated]
        if any(period.until is not None and period.until < period.since for period in periods):
            yield Finding(place=place, rule="period_backwards")
        elif any(one.overlaps(other) for one, other in combinations(periods, 2)):
            yield Finding(place=place, rule="periods_overlap")
        elif any(one.since > other.since for one, other in pairwise(periods)):
            yield Finding(place=place, rule="periods_out_of_order")


def _all_histories(shape: RegistersShape) -> Iterator[tuple[str, list[PeriodShape]]]:
    for id, company in shape.companies.items():
        yield f"companies.{id}.names", [*company.names]
        yield f"companies.{id}.member", company.member
        for name, division in company.divisions.items():
            yield f"companies.{id}.divisions.{name}.names", [*division.names]
            yield f"companies.{id}.divisions.{name}.contacts", [*division.contacts]
    for register, entries in (("processors", shape.processors), ("recipients", shape.recipients)):
        for id, entry in entries.items():
            yield f"{register}.{id}", [entry]
            yield f"{register}.{id}.names", [*entry.names]
    for id, notice in shape.notices.items():
        yield f"notices.{id}.versions", [*notice.versions.values()]


def _references(shape: RegistersShape) -> Iterator[Finding]:
    """Whatever names a company names one that is there; who has left has at most one heir, and nobody inherits twice
    over from himself; a company has one notice."""
    for id, company in shape.companies.items():
        if company.successor is not None:
            yield from _unknown(shape, f"companies.{id}.successor", [company.successor])
        if id in _heirs(shape, id):
            yield Finding(place=f"companies.{id}.successor", rule="successor_circle")
    noticed: list[str] = []
    for id, notice in shape.notices.items():
        yield from _unknown(shape, f"notices.{id}.companies", notice.companies)
        for version, one in notice.versions.items():
            yield from _unknown(shape, f"notices.{id}.versions.{version}.joint_use", one.joint_use)
        for company in notice.companies:
            if company in noticed:
                yield Finding(place=f"notices.{id}.companies", rule="second_notice", facts={"company": company})
            noticed.append(company)


def _unknown(shape: RegistersShape, place: str, named: Iterable[str]) -> Iterator[Finding]:
    for company in named:
        if company not in shape.companies:
            yield Finding(place=place, rule="company_not_registered")


def _heirs(shape: RegistersShape, company: str) -> list[str]:
    """Who answers after a company, one after the other, until nobody does or somebody does again."""
    heirs: list[str] = []
    heir = shape.companies[company].successor
    while heir in shape.companies and heir not in heirs:
        heirs.append(heir)
        heir = shape.companies[heir].successor
    return heirs

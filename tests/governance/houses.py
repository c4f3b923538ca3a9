"""A group of two companies, a public body, a panel company and their notices; and a survey that offends nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

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
from terms.survey import Controller, Grounds, Purpose, Role, Source, Survey
from terms.words import Text
from tests.builders import plain, single, survey

ALWAYS = Period(since=date(2000, 1, 1))
RESEARCH = Text(ja="読者調査室", en="Reader research")


def named(text: str) -> tuple[Name, ...]:
    return (Name(text=Text.same(text), period=ALWAYS),)


def company(id: str, contact: str, **overrides: Any) -> Company:
    """A company of the group since 2000 with one division."""
    office = Division(
        id="research",
        names=(Name(text=RESEARCH, period=ALWAYS),),
        contacts=(Contact(address=contact, period=ALWAYS),),
    )
    given = {"kind": CompanyKind.GROUP, "names": named(id), "member": (ALWAYS,), "divisions": (office,)} | overrides
    return Company(id=id, **given)


def registers(**overrides: Any) -> Registers:
    """The registers of the group."""
    companies = (
        company("shoji_press", "privacy@example.org"),
        company("shoji_travel", "travel@example.org"),
        company("town_hall", "hall@example.org", kind=CompanyKind.PUBLIC_BODY),
    )
    notice = Notice(
        id="group",
        companies=("shoji_press", "shoji_travel", "town_hall"),
        versions=(
            NoticeVersion(
                version="2025-04",
                in_force=Period(since=date(2025, 4, 1), until=date(2026, 3, 31)),
                purposes=tuple(Purpose),
                contact="privacy@example.org",
            ),
            NoticeVersion(
                version="2026-04",
                in_force=Period(since=date(2026, 4, 1)),
                purposes=(Purpose.QUESTIONNAIRE_SURVEY, Purpose.STATISTICS, Purpose.DELIVERY),
                contact="privacy@example.org",
                joint_use=("shoji_press", "shoji_travel"),
            ),
        ),
    )
    panel = Processor(
        id="panel",
        names=named("Panel"),
        engaged=Period(since=date(2026, 1, 1), until=date(2026, 12, 31)),
        may=(Entrusted.COLLECT,),
        surveys=("reader_2026",),
    )
    recipients = {id: Recipient(id=id, names=named(id), known=ALWAYS) for id in ("public", "police")}
    given = {
        "companies": {one.id: one for one in companies},
        "processors": {"panel": panel},
        "notices": (notice,),
        "recipients": recipients,
        "hash": "0" * 64,
    }
    return Registers(**given | overrides)


REGISTERS = registers()


def readers(**overrides: Any) -> Survey:
    """A survey of the press, in the field from 1 May to 30 June 2026."""
    columns = [
        plain("member", Role.DIRECT_IDENTIFIER),
        plain("agreed", Role.CONSENT),
        plain("answered_at", Role.TIMESTAMP),
        single("region", "ns", role=Role.QUASI_IDENTIFIER),
        single("q1", "ab"),
    ]
    return survey(columns, **overrides)


def grounds(**overrides: Any) -> Grounds:
    """The grounds of that survey, changed here and there."""
    (own,) = readers().grounds_of(Source(name="june", path="responses.csv"))
    return replace(own, **overrides)


def travel() -> Controller:
    return Controller(
        company="shoji_travel", name=Text.same("Shoji Travel"), division=RESEARCH, contact="travel@example.org"
    )


def with_grounds(*each: Grounds, **overrides: Any) -> Survey:
    """The survey with one source of these grounds."""
    return readers(sources=(Source(name="june", path="responses.csv", grounds=each),), **overrides)

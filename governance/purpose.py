"""Judgement about purposes: whether these answers may be used for this survey, by whom, under which notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from terms.companies import Company, CompanyKind, Entrusted, Registers
from terms.findings import Finding
from terms.purposes import ConsentBasis, Grounds, PoolingBasis, Purpose
from terms.survey import Source, Survey

COMPATIBLE: dict[Purpose, frozenset[Purpose]] = {
    Purpose.QUESTIONNAIRE_SURVEY: frozenset({Purpose.QUESTIONNAIRE_SURVEY, Purpose.STATISTICS}),
    Purpose.STATISTICS: frozenset({Purpose.QUESTIONNAIRE_SURVEY, Purpose.STATISTICS}),
    Purpose.PRODUCT_IMPROVEMENT: frozenset({Purpose.PRODUCT_IMPROVEMENT}),
    Purpose.OPINIONS: frozenset({Purpose.OPINIONS}),
}
"""A survey's purpose -> the purposes that its answers may have been collected for.

A questionnaire is conducted in order to announce statistics, so these two go together; nothing else does.
"""


def judge_purpose(survey: Survey, registers: Registers, as_of: date) -> list[Finding]:
    """Everything that forbids using the declared sources for this survey; nothing where they may be used.

    Facts are judged over the days on which answers were given, up to ``as_of``: a company that leaves and a notice that
    is revised later change nothing about answers given before. Contacts are judged on ``as_of``.
    """
    findings: list[Finding] = []
    for place, grounds in all_grounds(survey):
        findings += _judge_company(place, grounds, registers, as_of)
        findings += _judge_notice(place, grounds, registers, as_of)
        findings += _judge_use(place, grounds, survey)
        findings += _judge_rewards(place, grounds, survey, registers)
        findings += _judge_processor(place, grounds, survey, registers, as_of)
    return [*findings, *_judge_pooling(survey, registers)]


def all_grounds(survey: Survey) -> list[tuple[str, Grounds]]:
    """Every different grounds of the survey with its address: the survey's own where a source has none."""
    found: dict[str, Grounds] = {}
    for source in survey.sources:
        for number, grounds in enumerate(survey.grounds_of(source)):
            found.setdefault(f"sources.{source.name}.grounds[{number}]" if source.grounds else "", grounds)
    return list(found.items())


def grounds_on(survey: Survey, source: Source, day: date) -> Grounds | None:
    """What an answer of that source and day was given under: it keeps the notice version it names.

    ``None`` for a day outside the fieldwork, on which no answer counts.
    """
    return next((one for one in survey.grounds_of(source) if one.since <= day <= one.until), None)


def _at(place: str, field: str) -> str:
    return f"{place}.{field}" if place else field


def _days(grounds: Grounds, as_of: date) -> tuple[date, date]:
    """First and last day whose answers are looked at; before it begins, the first day alone."""
    return grounds.since, max(grounds.since, min(grounds.until, as_of))


def _judge_company(place: str, grounds: Grounds, registers: Registers, as_of: date) -> Iterator[Finding]:
    controller = grounds.controller
    company = registers.companies.get(controller.company)
    where = _at(place, "controller.company")
    if company is None:
        yield Finding(place=where, rule="company_unknown", facts={"company": controller.company})
        return
    first, last = _days(grounds, as_of)
    if not company.is_member(first, last):
        facts = {"company": company.id, "first": first.isoformat(), "last": last.isoformat()}
        yield Finding(place=where, rule="company_not_in_group", facts=facts)
    if company.kind is CompanyKind.PUBLIC_BODY and grounds.consent.basis is not ConsentBasis.PUBLIC_DATASET:
        yield Finding(place=_at(place, "consent.basis"), rule="public_body_asks_nobody", facts={"company": company.id})
    yield from _judge_division(place, grounds, company, registers, max(first, as_of))


def _judge_division(
    place: str, grounds: Grounds, company: Company, registers: Registers, day: date
) -> Iterator[Finding]:
    facts = {"company": company.id, "day": day.isoformat()}
    division = company.division(grounds.controller.division)
    if division is None:
        where = _at(place, "controller.division")
        yield Finding(place=where, rule="division_unknown", facts={"company": company.id})
        return
    contact = registers.contact(company.id, division.id, day)
    if contact is None:
        where = _at(place, "controller.division")
        yield Finding(place=where, rule="division_without_contact", facts={"division": division.id, **facts})
    elif contact != grounds.controller.contact:
        where = _at(place, "controller.contact")
        yield Finding(place=where, rule="contact_outdated", facts={"division": division.id, **facts})


def _judge_notice(place: str, grounds: Grounds, registers: Registers, as_of: date) -> Iterator[Finding]:
    company, version, where = grounds.controller.company, grounds.notice_version, _at(place, "notice_version")
    notice = registers.notice_version(company, version)
    if notice is None:
        yield Finding(place=where, rule="notice_unknown", facts={"notice": version, "company": company})
        return
    first, last = _days(grounds, as_of)
    if not notice.in_force.covers(first, last):
        facts = {"notice": version, "first": first.isoformat(), "last": last.isoformat()}
        yield Finding(place=where, rule="notice_not_in_force", facts=facts)
    if grounds.purpose not in notice.purposes:
        facts = {"purpose": grounds.purpose.value, "notice": version}
        yield Finding(place=_at(place, "purpose"), rule="purpose_not_in_notice", facts=facts)


def _judge_use(place: str, grounds: Grounds, survey: Survey) -> Iterator[Finding]:
    if grounds.purpose not in COMPATIBLE.get(survey.purpose, frozenset()):
        facts = {"purpose": grounds.purpose.value, "used": survey.purpose.value}
        yield Finding(place=_at(place, "purpose"), rule="purpose_incompatible", facts=facts)


def _judge_rewards(place: str, grounds: Grounds, survey: Survey, registers: Registers) -> Iterator[Finding]:
    """Contact data are kept for prizes and documents only where the notice says that these are sent."""
    notice = registers.notice_version(grounds.controller.company, grounds.notice_version)
    if survey.rewards is not None and notice is not None and Purpose.REWARDS not in notice.purposes:
        facts = {"notice": notice.version}
        yield Finding(place=_at(place, "notice_version"), rule="rewards_not_in_notice", facts=facts)


def _judge_processor(
    place: str, grounds: Grounds, survey: Survey, registers: Registers, as_of: date
) -> Iterator[Finding]:
    if grounds.processor is None:
        return
    where, processor = _at(place, "processor"), registers.processors.get(grounds.processor)
    if processor is None:
        yield Finding(place=where, rule="processor_unknown", facts={"processor": grounds.processor})
        return
    first, last = _days(grounds, as_of)
    if not processor.engaged.covers(first, last):
        facts = {"processor": processor.id, "first": first.isoformat(), "last": last.isoformat()}
        yield Finding(place=where, rule="processor_not_engaged", facts=facts)
    if not processor.is_engaged_for(survey.name) or Entrusted.COLLECT not in processor.may:
        facts = {"processor": processor.id, "survey": survey.name}
        yield Finding(place=where, rule="processor_out_of_scope", facts=facts)


def _judge_pooling(survey: Survey, registers: Registers) -> Iterator[Finding]:
    """Answers of several companies are one survey only where that is declared, and its basis holds for each of them."""
    every = all_grounds(survey)
    companies = list(dict.fromkeys([survey.controller.company, *(one.controller.company for _, one in every)]))
    if len(companies) == 1:
        return
    pooled = survey.pooling.companies if survey.pooling else ()
    for company in companies:
        if company not in pooled:
            yield Finding(place="pooling", rule="pooling_undeclared", facts={"company": company})
    if survey.pooling is None:
        return
    for place, grounds in every:
        if survey.pooling.basis is PoolingBasis.CONSENT:
            if grounds.consent.basis is not ConsentBasis.CONSENT:
                yield Finding(place=_at(place, "consent.basis"), rule="pooling_without_consent")
            continue
        notice = registers.notice_version(grounds.controller.company, grounds.notice_version)
        if notice is not None and not {*companies} <= {*notice.joint_use}:
            facts = {"notice": notice.version}
            yield Finding(place=_at(place, "notice_version"), rule="pooling_not_in_notice", facts=facts)

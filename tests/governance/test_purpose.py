"""A survey that offends nobody is permitted; each thing that may be wrong with one is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.purpose import COMPATIBLE, grounds_on, judge_purpose
from terms.companies import CompanyKind, Entrusted, Period
from terms.purposes import (
    PURPOSES_OF_SURVEYS,
    Consent,
    ConsentBasis,
    Controller,
    Pooling,
    PoolingBasis,
    Purpose,
)
from terms.survey import Survey
from terms.words import Text
from tests.governance.houses import REGISTERS, RESEARCH, company, grounds, readers, registers, travel, with_grounds

AFTER = date(2026, 7, 1)
BEGIN, END = date(2026, 5, 1), date(2026, 6, 30)
PUBLIC = Consent(basis=ConsentBasis.PUBLIC_DATASET)
AGREED = readers().consent
BOTH = ("shoji_press", "shoji_travel")


def rules(survey: Survey, known=REGISTERS, as_of: date = AFTER) -> list[tuple[str, str]]:
    return [(finding.place, finding.rule) for finding in judge_purpose(survey, known, as_of)]


def with_company(**overrides):
    """The registers with another press."""
    changed = company("shoji_press", "privacy@example.org", **overrides)
    return registers(companies={**REGISTERS.companies, "shoji_press": changed})


def test_a_survey_within_its_purpose_is_permitted():
    assert rules(readers()) == []


def hall() -> Controller:
    return Controller(company="town_hall", name=Text.same("Hall"), division=RESEARCH, contact="hall@example.org")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"controller": replace(travel(), company="nobody")},
            [("controller.company", "company_unknown"), ("notice_version", "notice_unknown")],
            id="unknown_company",
        ),
        pytest.param({"notice_version": "1999"}, [("notice_version", "notice_unknown")], id="unknown_notice"),
        pytest.param(
            {"notice_version": "2025-04"}, [("notice_version", "notice_not_in_force")], id="notice_that_had_ended"
        ),
        pytest.param(
            {"purpose": Purpose.OPINIONS},
            [("purpose", "purpose_not_in_notice")],
            id="purpose_the_notice_does_not_state",
        ),
        pytest.param(
            {"controller": replace(readers().controller, division=Text.same("Kitchen"))},
            [("controller.division", "division_unknown")],
            id="unknown_division",
        ),
        pytest.param(
            {"controller": replace(readers().controller, contact="old@example.org")},
            [("controller.contact", "contact_outdated")],
            id="contact_of_yesterday",
        ),
        pytest.param({"processor": "panel"}, [], id="processor_within_its_scope"),
        pytest.param({"processor": "stranger"}, [("processor", "processor_unknown")], id="unknown_processor"),
        pytest.param(
            {"processor": "panel", "name": "other_2026"},
            [("processor", "processor_out_of_scope")],
            id="processor_of_another_survey",
        ),
        pytest.param({"controller": hall(), "consent": PUBLIC}, [], id="data_that_a_public_body_published"),
        pytest.param(
            {"controller": hall()}, [("consent.basis", "public_body_asks_nobody")], id="public_body_as_if_of_the_group"
        ),
    ],
)
def test_what_is_wrong_with_a_survey_is_found(changes, expected):
    assert rules(readers(**changes)) == expected


@pytest.mark.parametrize(
    ("member", "permitted"),
    [
        pytest.param([Period(since=BEGIN, until=END)], True, id="exactly_the_fieldwork"),
        pytest.param([Period(since=BEGIN + timedelta(days=1))], False, id="joined_a_day_late"),
        pytest.param([Period(since=BEGIN, until=END - timedelta(days=1))], False, id="left_a_day_early"),
        pytest.param(
            [Period(since=BEGIN, until=date(2026, 5, 30)), Period(since=date(2026, 6, 1))], False, id="a_day_outside"
        ),
    ],
)
def test_a_company_is_in_the_group_on_every_day_that_answers_were_given(member, permitted):
    known = with_company(member=tuple(member), successor="shoji_travel")
    found = rules(readers(), known)
    assert (("controller.company", "company_not_in_group") in found) is not permitted


@pytest.mark.parametrize(
    ("since", "until", "in_force"),
    [
        pytest.param(BEGIN, END, True, id="exactly_the_fieldwork"),
        pytest.param(BEGIN + timedelta(days=1), None, False, id="in_force_a_day_late"),
        pytest.param(BEGIN, END - timedelta(days=1), False, id="revised_on_the_last_day"),
    ],
)
def test_a_notice_is_in_force_on_every_day_that_answers_were_given(since, until, in_force):
    (notice,) = REGISTERS.notices
    version = replace(notice.versions[1], in_force=Period(since=since, until=until))
    known = registers(notices=(replace(notice, versions=(version,)),))
    assert rules(readers(), known) == ([] if in_force else [("notice_version", "notice_not_in_force")])


def test_a_company_that_left_afterwards_takes_nothing_back_and_its_successor_answers():
    known = with_company(member=(Period(since=BEGIN, until=END),), successor="shoji_travel")
    heir = replace(readers().controller, contact="travel@example.org")
    assert rules(readers(controller=heir), known) == []
    assert rules(readers(), known) == [("controller.contact", "contact_outdated")]
    orphan = with_company(member=(Period(since=BEGIN, until=END),))
    assert rules(readers(controller=heir), orphan) == [("controller.division", "division_without_contact")]


def test_before_the_end_of_fieldwork_only_the_days_so_far_are_judged():
    known = with_company(member=(Period(since=BEGIN, until=date(2026, 5, 20)),), successor="shoji_travel")
    assert ("controller.company", "company_not_in_group") not in rules(readers(), known, date(2026, 5, 20))
    assert ("controller.company", "company_not_in_group") in rules(readers(), known, date(2026, 5, 21))


@pytest.mark.parametrize("may", [(Entrusted.HOST, Entrusted.DELIVER), (Entrusted.TABULATE,)])
def test_a_processor_that_may_not_collect_is_out_of_scope(may):
    panel = replace(REGISTERS.processors["panel"], may=may)
    known = registers(processors={"panel": panel})
    assert rules(readers(processor="panel"), known) == [("processor", "processor_out_of_scope")]


def test_a_processor_is_engaged_on_every_day_that_answers_were_given():
    panel = replace(REGISTERS.processors["panel"], engaged=Period(since=BEGIN, until=END - timedelta(days=1)))
    known = registers(processors={"panel": panel})
    assert rules(readers(processor="panel"), known) == [("processor", "processor_not_engaged")]


# --- purposes -------------------------------------------------------------------------------------


@given(st.sampled_from(Purpose), st.sampled_from(PURPOSES_OF_SURVEYS))
def test_answers_are_used_for_what_they_were_collected_for_and_for_nothing_else(collected, used):
    statement = {Purpose.QUESTIONNAIRE_SURVEY, Purpose.STATISTICS}
    fits = collected is used or {collected, used} == statement
    own = grounds(purpose=collected, notice_version="2025-04")
    found = rules(with_grounds(own, purpose=used))
    assert (("sources.june.grounds[0].purpose", "purpose_incompatible") not in found) is fits


def test_every_purpose_of_a_survey_says_what_it_is_compatible_with():
    assert set(COMPATIBLE) == set(PURPOSES_OF_SURVEYS)
    assert all(purpose in COMPATIBLE[purpose] for purpose in PURPOSES_OF_SURVEYS)


def test_a_revision_in_mid_fieldwork_is_told_day_by_day():
    before = grounds(until=date(2026, 5, 20))
    after = grounds(since=date(2026, 5, 21), notice_version="2026-06")
    survey = with_grounds(before, after)
    days = [date(2026, 4, 30), BEGIN, date(2026, 5, 20), date(2026, 5, 21), END, AFTER]
    told = [grounds_on(survey, survey.sources[0], day) for day in days]
    versions = [one and one.notice_version for one in told]
    assert versions == [None, "2026-04", "2026-04", "2026-06", "2026-06", None]
    assert rules(survey) == [("sources.june.grounds[1].notice_version", "notice_unknown")]


# --- pooling --------------------------------------------------------------------------------------


def pooled(basis: PoolingBasis | None, companies=BOTH, consent: Consent = AGREED, notice: str = "2026-04") -> Survey:
    pooling = Pooling(basis=basis, companies=companies) if basis else None
    theirs = grounds(controller=travel(), consent=consent, notice_version=notice)
    return with_grounds(theirs, pooling=pooling, consent=consent, notice_version=notice)


def test_answers_of_two_companies_are_pooled_only_where_it_is_declared():
    assert rules(pooled(None)) == [("pooling", "pooling_undeclared")] * 2
    assert rules(pooled(PoolingBasis.JOINT_USE, ("shoji_press", "town_hall"))) == [("pooling", "pooling_undeclared")]
    assert rules(pooled(PoolingBasis.JOINT_USE)) == []
    assert rules(pooled(PoolingBasis.CONSENT)) == []


def test_the_basis_of_pooling_holds_for_every_answer():
    informed = Consent(basis=ConsentBasis.INFORMED_PARTICIPATION)
    assert rules(pooled(PoolingBasis.JOINT_USE, consent=informed)) == []
    assert rules(pooled(PoolingBasis.CONSENT, consent=informed)) == [
        ("sources.june.grounds[0].consent.basis", "pooling_without_consent")
    ]
    place = "sources.june.grounds[0].notice_version"
    old = rules(pooled(PoolingBasis.JOINT_USE, notice="2025-04"))
    assert (place, "pooling_not_in_notice") in old
    assert ("consent.basis", "pooling_without_consent") not in old


def test_a_public_body_needs_no_pooling_when_it_stands_alone():
    own = grounds(controller=hall(), consent=PUBLIC)
    assert rules(with_grounds(own, controller=hall(), consent=PUBLIC)) == []
    assert CompanyKind.PUBLIC_BODY is REGISTERS.companies["town_hall"].kind

"""What a declaration says of the grounds of its sources; a declaration that says nothing is what it always was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms import shapes
from terms.findings import Refused
from terms.grounds import ground_problems
from terms.purposes import Pooling, PoolingBasis, Purpose
from terms.reading import read_survey
from tests.terms.declarations import GONE, breaking, changed, write

FIELDWORK = (date(2026, 5, 1), date(2026, 6, 30))


def read(folder, items, **edits):
    return read_survey(breaking(folder, {"sources.0.grounds": items, **edits}))


def rules(folder, items, **edits) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read(folder, items, **edits)
    return [(finding.place, finding.rule) for finding in refused.value.findings]


def test_a_source_that_says_nothing_has_the_surveys_grounds(tmp_path):
    survey = read_survey(write(tmp_path, changed({})))
    (own,) = survey.grounds_of(survey.sources[0])
    assert survey.sources[0].grounds == () and survey.pooling is None
    assert (own.since, own.until) == FIELDWORK
    assert (own.controller, own.purpose, own.consent) == (survey.controller, survey.purpose, survey.consent)
    assert own.notice_version == "2026-04"


def test_what_an_item_leaves_out_is_the_surveys(tmp_path):
    items = [{"to": "2026-05-31"}, {"from": "2026-06-01", "notice_version": "2026-06", "purpose": "statistics"}]
    survey = read(tmp_path, items)
    before, after = survey.grounds_of(survey.sources[0])
    assert (before.since, before.until, before.notice_version) == (FIELDWORK[0], date(2026, 5, 31), "2026-04")
    assert (after.since, after.until, after.notice_version) == (date(2026, 6, 1), FIELDWORK[1], "2026-06")
    assert (after.purpose, after.controller) == (Purpose.STATISTICS, survey.controller)


def test_a_source_may_have_a_company_and_a_processor_of_its_own(tmp_path):
    theirs = changed({})["controller"] | {"company": "shoji_travel"}
    pooling = {"basis": "joint_use", "companies": ["shoji_press", "shoji_travel"]}
    survey = read(tmp_path, [{"controller": theirs, "processor": "panel"}], pooling=pooling)
    (own,) = survey.grounds_of(survey.sources[0])
    assert (own.controller.company, own.processor) == ("shoji_travel", "panel")
    assert survey.pooling == Pooling(basis=PoolingBasis.JOINT_USE, companies=("shoji_press", "shoji_travel"))


@pytest.mark.parametrize(
    "items",
    [
        pytest.param([{"to": "2026-05-31"}, {"from": "2026-06-02"}], id="a_day_left_open"),
        pytest.param([{"to": "2026-05-31"}, {"from": "2026-05-31"}], id="a_day_twice"),
        pytest.param([{"from": "2026-05-02"}], id="begins_late"),
        pytest.param([{"to": "2026-06-29"}], id="ends_early"),
        pytest.param([{"from": "2026-04-30"}], id="begins_before_fieldwork"),
        pytest.param([{"from": "2026-06-01"}, {"to": "2026-05-31"}], id="out_of_order"),
        pytest.param([{"to": "2026-04-30"}, {"from": "2026-05-01"}], id="ends_before_it_begins"),
        pytest.param([{"from": "0001-01-01", "to": "9999-12-31"}], id="ends_of_the_calendar"),
    ],
)
def test_every_answer_of_the_fieldwork_has_one_item(tmp_path, items):
    assert rules(tmp_path, items) == [("sources[0].grounds", "grounds_leave_days_open")]


def test_a_change_of_grounds_needs_a_timestamp(tmp_path):
    halves = [{"to": "2026-05-31"}, {"from": "2026-06-01"}]
    edits = {"columns.answered_at": {"role": "ignored"}, "respondents.repeat": "refuse"}
    assert rules(tmp_path, halves, **edits) == [("sources[0].grounds", "grounds_need_timestamp")]
    assert read(tmp_path, [{}], **edits)


@pytest.mark.parametrize(
    "consent",
    [
        {"basis": "informed_participation"},
        {"basis": "consent", "column": "agreed", "accepted": ["yes"]},
        {"basis": "consent", "column": "year", "accepted": ["1"]},
    ],
)
def test_the_door_asks_every_row_the_same(tmp_path, consent):
    assert rules(tmp_path, [{"consent": consent}]) == [("sources[0].grounds[0].consent", "grounds_consent_column")]


def test_bases_without_a_column_may_stand_side_by_side(tmp_path):
    edits = {"consent": {"basis": "informed_participation"}, "columns.agreed": GONE}
    survey = read(tmp_path, [{"consent": {"basis": "public_dataset"}}], **edits)
    assert survey.grounds_of(survey.sources[0])[0].consent.basis.value == "public_dataset"


@pytest.mark.parametrize("purpose", ["advertising", "orders", "rewards"])
def test_a_survey_is_conducted_for_no_other_purpose_than_a_surveys(tmp_path, purpose):
    assert ("purpose", "choice_unknown") in rules(tmp_path, [], purpose=purpose)
    own = read(tmp_path, [{"purpose": purpose}]).sources[0].grounds
    assert own[0].purpose is Purpose(purpose)


DAYS = st.integers(-1, 6).map(lambda number: date(2026, 5, 1) + timedelta(days=number))


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=3))
def test_the_items_are_accepted_if_and_only_if_they_share_out_the_days(spans):
    """Counted day by day: a fieldwork of five days, and up to three items that begin and end about there."""
    items = [{"from": first.isoformat(), "to": last.isoformat()} for first, last in spans]
    fieldwork = {"from": "2026-05-01", "to": "2026-05-05"}
    edits = {"sources": [{"file": "a.csv", "grounds": items}], "fieldwork": fieldwork}
    shape = shapes.SurveyShape.model_validate(changed(edits))
    told = [day for first, last in spans for day in days(first, last)]
    shared_out = told == days(date(2026, 5, 1), date(2026, 5, 5)) and all(first <= last for first, last in spans)
    accepted = "grounds_leave_days_open" not in [finding.rule for finding in ground_problems(shape)]
    assert accepted is shared_out


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]

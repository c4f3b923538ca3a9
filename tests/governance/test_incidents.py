"""The clocks of an incident. Expected days counted by hand on a calendar of 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.incidents import (
    CLOSED,
    ITEMS,
    OPENED,
    REASONS,
    REPORTED,
    body_of,
    clocks,
    close,
    deadlines,
    read_incidents,
    report,
    round_people,
)
from terms.findings import Refused
from terms.incidents import Incident, IncidentKind, IncidentOutcome, ReportStage

MONDAY = date(2026, 11, 23)
FOUND = Incident(number=1, kind=IncidentKind.LEAKAGE, malicious=False, known_on=MONDAY, surveys=("reader_2026",))
BOTH = {ReportStage.PROMPT: MONDAY, ReportStage.FINAL: MONDAY}


def test_the_day_of_learning_is_the_first_day_of_every_clock():
    due = deadlines(FOUND)
    # Monday is day 1, Wednesday 3, Friday 5; 23 to 30 November are 8 days, so day 30 is 22 December.
    assert (due.prompt_from, due.prompt_by, due.final_by) == (
        date(2026, 11, 25),
        date(2026, 11, 27),
        date(2026, 12, 22),
    )
    # 8 days of November, 31 of December, so day 60 is 21 January.
    assert deadlines(replace(FOUND, malicious=True)).final_by == date(2027, 1, 21)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.booleans())
def test_a_deadline_is_never_later_than_the_law_allows(known_on, malicious):
    due = deadlines(replace(FOUND, known_on=known_on, malicious=malicious))
    assert known_on < due.prompt_from < due.prompt_by < due.final_by
    assert due.prompt_by <= known_on + timedelta(days=5)
    assert due.final_by <= known_on + timedelta(days=60 if malicious else 30)


def test_there_are_nine_items_and_four_reasons():
    assert (len(ITEMS), len(REASONS)) == (9, 4)


def test_a_clock_runs_until_its_report_is_made_or_the_incident_is_closed():
    def running(incident, day=MONDAY):
        return [(clock.stage, clock.days_left) for clock in clocks([incident], day)]

    assert running(FOUND) == [(ReportStage.PROMPT, 4), (ReportStage.FINAL, 29)]
    assert running(FOUND, date(2026, 11, 28)) == [(ReportStage.PROMPT, -1), (ReportStage.FINAL, 24)]
    prompted = report(FOUND, ReportStage.PROMPT, MONDAY)
    assert running(prompted) == [(ReportStage.FINAL, 29)]
    assert running(report(prompted, ReportStage.FINAL, MONDAY)) == []
    assert running(close(FOUND, IncidentOutcome.NOT_REPORTABLE, MONDAY)) == []


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        pytest.param(lambda: report(FOUND, ReportStage.FINAL, MONDAY), "incident_report_order", id="final_first"),
        pytest.param(
            lambda: report(replace(FOUND, reports=BOTH), ReportStage.FINAL, MONDAY), "incident_report_made", id="twice"
        ),
        pytest.param(
            lambda: report(replace(FOUND, closed_on=MONDAY), ReportStage.PROMPT, MONDAY), "incident_closed", id="closed"
        ),
        pytest.param(
            lambda: close(report(FOUND, ReportStage.PROMPT, MONDAY), IncidentOutcome.REPORTED, MONDAY),
            "incident_report_due",
            id="closed_before_the_final_report",
        ),
        pytest.param(
            lambda: close(replace(FOUND, closed_on=MONDAY), IncidentOutcome.REPORTED, MONDAY),
            "incident_closed",
            id="closed_twice",
        ),
    ],
)
def test_an_incident_goes_its_way_in_order(act, rule):
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.findings[0].rule == rule


def test_incidents_are_read_from_the_ledgers_events():
    told = [
        (OPENED, body_of(FOUND)),
        ("run_ended", {"survey": "reader_2026"}),
        (REPORTED, {"number": 1, "stage": "prompt", "on": "2026-11-23", "by": "hanako"}),
        (REPORTED, {"number": 1, "stage": "final", "on": "2026-11-23", "by": "hanako"}),
    ]
    assert read_incidents(told[:1]) == [FOUND]
    assert read_incidents(told) == [replace(FOUND, reports=BOTH)]
    (closed,) = read_incidents([*told, (CLOSED, {"number": 1, "outcome": "reported", "on": "2026-12-01"})])
    assert (closed.closed_on, closed.outcome) == (date(2026, 12, 1), IncidentOutcome.REPORTED)


@given(st.integers(0, 10**6))
def test_people_are_told_to_the_nearest_ten(count):
    assert round_people(count) % 10 == 0 and abs(round_people(count) - count) <= 5

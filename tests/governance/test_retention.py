"""How long things are kept: days counted by hand from the last day of fieldwork."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from governance.retention import (
    EXPIRED,
    FINISHED,
    expired_on,
    is_over,
    is_unfinished,
    keep_until,
    kept_by_note,
    noted,
    receipt_is_over,
)
from terms.purposes import Consent, ConsentBasis
from terms.retention import Kept, Retention
from tests.governance.houses import readers

END = date(2026, 6, 30)
DEFAULT = Kept(answers=date(2027, 6, 30), rewards=date(2026, 9, 28), sources=None)
"""By a calendar: 365 days after 30 June 2026, and 31 + 31 + 28 days."""


def test_what_is_declared_counts_from_the_end_of_fieldwork():
    assert readers().fieldwork_to == END
    declared = Retention(answers_days=31, rewards_days=1, sources_days=62)
    assert keep_until(readers(retention=declared)) == Kept(
        answers=date(2026, 7, 31), rewards=date(2026, 7, 1), sources=date(2026, 8, 31)
    )


def test_undeclared_answers_are_kept_a_year_and_files_of_the_operator_for_ever():
    assert keep_until(readers()) == DEFAULT


def test_a_public_data_set_expires_only_where_that_is_declared():
    public = replace(readers(), consent=Consent(basis=ConsentBasis.PUBLIC_DATASET))
    assert keep_until(public).answers is None
    assert keep_until(replace(public, retention=Retention(answers_days=10))).answers == date(2026, 7, 10)


def test_what_a_run_noted_says_the_same_without_the_declaration():
    told = {"survey": "reader_2026", "grounds": [], "kept": noted(keep_until(readers()))}
    assert kept_by_note(told) == DEFAULT


def test_an_older_note_is_read_with_the_defaults():
    grounds = [{"to": "2026-05-20", "consent": "consent"}, {"to": "2026-06-30", "consent": "public_dataset"}]
    assert kept_by_note({"grounds": grounds}) == DEFAULT
    assert kept_by_note({"grounds": grounds[1:]}).answers is None


@pytest.mark.parametrize(
    ("today", "over"), [(date(2027, 6, 29), False), (date(2027, 6, 30), False), (date(2027, 7, 1), True)]
)
def test_the_last_day_is_a_day_of_keeping(today, over):
    assert is_over(DEFAULT.answers, today) is over
    assert is_over(None, today) is False


def test_a_receipt_stays_thirty_days_after_its_request():
    assert not receipt_is_over(None, END)
    assert not receipt_is_over(date(2026, 6, 1), date(2026, 7, 1))
    assert receipt_is_over(date(2026, 6, 1), date(2026, 7, 2))


def test_a_survey_stops_with_its_answers_or_files_and_with_nothing_else():
    told = [
        (EXPIRED, {"survey": "a", "what": "receipts", "on": "2027-01-01"}),
        (EXPIRED, {"survey": "b", "what": "answers", "on": "2027-02-01"}),
        (EXPIRED, {"survey": "b", "what": "sources", "on": "2027-03-01"}),
    ]
    assert (expired_on(told, "a"), expired_on(told, "b")) == (None, date(2027, 2, 1))
    assert is_unfinished(told) and not is_unfinished([*told, (FINISHED, {}), ("run_ended", {})])
    assert not is_unfinished([])

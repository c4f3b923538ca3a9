"""Verdicts fail closed; errors travel, and say the place and the rule but no fact."""

from __future__ import annotations

import copy
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Fault, Finding, Refused, ShojiError, Verdict, WrongUse, fault, refuse, wrong_use
from terms.messages import render
from terms.release import Outcome

verdicts = st.lists(st.sampled_from(Verdict))


@given(verdicts)
def test_only_a_list_of_passes_passes(seen):
    assert (Verdict.worst(seen) is Verdict.PASS) == (len(seen) > 0 and Verdict.FAIL not in seen)


@given(verdicts, verdicts)
def test_what_is_judged_in_parts_is_judged_as_a_whole(some, more):
    parts = Verdict.worst([Verdict.worst(some), Verdict.worst(more)])
    if some and more:
        assert parts is Verdict.worst(some + more)
    else:
        assert parts is Verdict.FAIL


def test_no_verdict_at_all_fails():
    assert Verdict.worst([]) is Verdict.FAIL
    assert Verdict.worst(iter(())) is Verdict.FAIL


@pytest.mark.parametrize("stranger", ["PASS", True, 1, None, "", Outcome.PUBLISHED])
def test_what_is_no_verdict_fails(stranger):
    """A check that we do not know is a FAIL."""
    assert Verdict.worst([Verdict.PASS, stranger]) is Verdict.FAIL
    assert Verdict.worst([stranger]) is Verdict.FAIL


def test_a_run_that_was_refused_or_broke_has_no_passing_verdict():
    passing = {outcome.value for outcome in Outcome if outcome.verdict is Verdict.PASS}
    assert passing == {"published", "unchanged", "waiting", "candidate"}


@pytest.mark.parametrize(("make", "kind", "code"), [(refuse, Refused, 1), (wrong_use, WrongUse, 2), (fault, Fault, 3)])
def test_each_error_has_its_exit_code(make, kind, code):
    error = make("responses: line 14", "ragged_row", cells=3)
    assert (type(error), error.exit_code) == (kind, code)
    assert error.findings == (Finding(place="responses: line 14", rule="ragged_row", facts={"cells": 3}),)


def test_an_unknown_error_is_a_fault():
    assert ShojiError().exit_code == 3


SECRET = 777_123_456
MANY = Refused(
    Finding(place="policy.k", rule="policy_k_too_small", facts={"value": SECRET, "least": 3}),
    Finding(place="responses: line 2", rule="ragged_row"),
)


def test_the_text_of_an_error_is_places_and_rules():
    assert str(MANY) == "policy.k: policy_k_too_small; responses: line 2: ragged_row"


def test_a_traceback_shows_no_fact():
    try:
        raise MANY
    except Refused as raised:
        shown = "".join(traceback.format_exception(raised))
    assert "policy_k_too_small" in shown
    assert str(SECRET) not in shown


@pytest.mark.parametrize("travel", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_arrive_as_they_left(travel):
    arrived = travel(MANY)
    assert (type(arrived), arrived.findings, str(arrived)) == (Refused, MANY.findings, str(MANY))
    assert arrived.findings[0].facts["value"] == SECRET


def test_a_finding_cannot_be_changed():
    facts = {"rows": 1}
    finding = Finding(place="p", rule="r", facts=facts)
    facts["rows"] = 2
    assert finding.facts["rows"] == 1
    with pytest.raises(TypeError):
        finding.facts["rows"] = 2  # type: ignore[index]
    with pytest.raises(AttributeError):
        finding.rule = "other"  # type: ignore[misc]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_finding_is_one_line_with_place_problem_and_hint(language):
    line = render(MANY.findings[0], language)
    assert line.startswith("policy.k: ") and "\n" not in line
    assert "3" in line and "{" not in line


def test_a_rule_without_words_is_shown_by_its_name():
    assert render(Finding(place="p", rule="never_heard_of", facts={"n": 1})) == "p: never_heard_of"


def test_a_fact_that_nobody_gave_shows_as_its_slot():
    assert "{value}" in render(Finding(place="policy.k", rule="policy_k_too_small"))

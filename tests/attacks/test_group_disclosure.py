"""R3 as a reader can check it: groups in which everyone, or all but a few, answered the same (attack 9)."""

import pytest

from terms.findings import Verdict
from tests.attacks.press import HIDDEN, column, frame, rules, rules_broken
from transforms.attack import attack


def disclosed(rows, variable="q", bar=2, **changes):
    report = attack(frame(column("t", variable, rows)), **rules(bars={variable: bar}, **changes))
    assert (report.tests["R3"] is Verdict.FAIL) is ("group_disclosure" in rules_broken(report))
    return "group_disclosure" in rules_broken(report)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param({"a": 50, "b": 0, "_NA": 0, "_ANS": 50, "_T": 50}, True, id="all_of_them"),
        pytest.param({"a": 49, "b": HIDDEN, "_NA": 0, "_ANS": 50, "_T": 50}, True, id="all_but_one"),
        pytest.param({"a": 48, "b": HIDDEN, "_NA": 0, "_ANS": 50, "_T": 50}, False, id="all_but_two"),
        pytest.param({"a": 49, "b": 0, "_NA": HIDDEN, "_ANS": 49, "_T": 50}, True, id="all_who_answered"),
        pytest.param({"a": 30, "b": 0, "_NA": 20, "_ANS": 30, "_T": 50}, True, id="only_who_answered"),
        pytest.param({"a": 30, "b": 20, "_NA": 0, "_ANS": 50, "_T": 50}, False, id="divided"),
        pytest.param({"a": 0, "b": 0, "_NA": 50, "_ANS": 0, "_T": 50}, True, id="nobody_answered"),
        pytest.param({"a": 0, "b": 0, "_NA": 0, "_ANS": 0, "_T": 0}, False, id="nobody_there"),
        pytest.param({"a": 50, "b": 0, "_ANS": 50, "_T": 50}, True, id="without_a_row_for_no_answer"),
        pytest.param({"a": HIDDEN, "b": HIDDEN, "_NA": 0, "_ANS": 50, "_T": 50}, False, id="not_certain"),
    ],
)
def test_a_single_answer_must_leave_room_for_the_bar(rows, expected):
    assert disclosed(rows) is expected


@pytest.mark.parametrize(("bar", "expected"), [(2, False), (3, True)])
def test_sensitive_questions_ask_for_more(bar, expected):
    rows = {"a": 48, "b": HIDDEN, "_NA": 0, "_ANS": 50, "_T": 50}
    assert disclosed(rows, bar=bar) is expected


@pytest.mark.parametrize(
    ("chosen", "both_sides", "expected"),
    [
        pytest.param(50, [], True, id="all_chose"),
        pytest.param(48, [], True, id="two_did_not"),
        pytest.param(47, [], False, id="three_did_not"),
        pytest.param(0, [], False, id="nobody_chose_and_that_may_be_read"),
        pytest.param(0, ["m"], True, id="nobody_chose_and_that_is_protected"),
        pytest.param(49, ["m"], True, id="both_sides_all_but_one"),
        pytest.param(48, ["m"], False, id="both_sides_all_but_two"),
    ],
)
def test_choosing_is_protected_and_not_choosing_where_declared(chosen, both_sides, expected):
    rows = {"x": chosen, "_NA": 0, "_ANS": 50, "_T": 50}
    assert disclosed(rows, "m", both_sides=both_sides) is expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # 48..52 of 48..52 may differ by four: not certain. But no other answer was given at all: certain.
        pytest.param({"a": 50, "b": HIDDEN, "_NA": 0, "_ANS": 50, "_T": 50}, False, id="rounded"),
        pytest.param({"a": 50, "b": 0, "_NA": 0, "_ANS": 50, "_T": 50}, True, id="all_others_are_zero"),
    ],
)
def test_rounding_hides_unanimity_only_where_others_are_not_zero(rows, expected):
    assert disclosed(rows, rounding=5) is expected


def test_questions_without_a_bar_are_not_judged():
    rows = {"a": 50, "b": 0, "_NA": 0, "_ANS": 50, "_T": 50}
    report = attack(frame(column("t", "q", rows)), **rules())
    assert "R3" not in report.tests
    assert report.verdict is Verdict.PASS

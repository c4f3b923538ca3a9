"""A6: the attacker is attacked. One who misses a planted leak, of whatever kind, is broken."""

import polars as pl
import pytest

from terms.findings import Verdict
from terms.policy import NoAnswer
from tests.attacks.press import HIDDEN, column, frame, grid, rules
from transforms.attack import attack, self_test, selftest
from transforms.attack.report import AttackReport

HIDING = frame(
    grid(
        "q_by_sex",
        "q",
        "sex",
        "f m _T",
        {"a": "? ? 12", "b": "? ? 25", "c": "20 30 50", "_ANS": "40 47 87", "_T": "40 47 87"},
    )
)
WITHHELD = frame(
    grid(
        "q_by_sex",
        "q",
        "sex",
        "f m _T",
        {"a": "? ? ?", "b": "? ? ?", "_NA": "? ? ?", "_ANS": "? ? ?", "_T": "40 47 87"},
    )
)
OPEN = frame(column("q", "q", {"a": 50, "b": 30, "_ANS": 80, "_T": 80}))
MULTIPLE = frame(column("m", "m", {"x": HIDDEN, "_NA": 20, "_ANS": 80, "_T": 100}))
CONTRADICTORY = frame(column("q", "q", {"a": 50, "b": 30, "_ANS": 81, "_T": 81}))


@pytest.mark.parametrize(
    "cells",
    [HIDING, WITHHELD, OPEN, MULTIPLE, CONTRADICTORY],
    ids=["hiding", "withheld", "open", "multiple", "contradictory"],
)
@pytest.mark.parametrize("no_answer", NoAnswer)
@pytest.mark.parametrize("bars", [None, {"q": 2, "m": 3}], ids=["without_bars", "with_bars"])
def test_a_sound_attacker_finds_what_was_planted(cells, no_answer, bars):
    assert self_test(cells, **rules(no_answer=no_answer, bars=bars)) is Verdict.PASS


def test_rounding_does_not_cover_the_planted_leak():
    rounded = frame([(*cell[:6], cell[6] and 5 * ((2 * cell[6] + 5) // 10), cell[7]) for cell in HIDING.rows()])
    assert rounded["value"].drop_nulls().to_list() != HIDING["value"].drop_nulls().to_list()
    assert self_test(rounded, **rules(rounding=5)) is Verdict.PASS


def blind(report, *, to_rule=None, to_intervals=False):
    findings = tuple(finding for finding in report.findings if finding.rule != to_rule)
    return AttackReport(
        tests=report.tests if findings else {"A1": Verdict.PASS},
        findings=findings,
        intervals=() if to_intervals else report.intervals,
    )


@pytest.mark.parametrize(
    "blindness",
    [
        pytest.param({"to_intervals": True}, id="computes_nothing"),
        pytest.param({"to_rule": "shown_below_k"}, id="small_counts"),
        pytest.param({"to_rule": "hidden_with_value"}, id="figures_left_in"),
        pytest.param({"to_rule": "percent_of_hidden"}, id="percentages"),
        pytest.param({"to_rule": "weighted_of_hidden"}, id="weighted_percentages"),
        pytest.param({"to_rule": "group_disclosure"}, id="unanimity"),
    ],
)
def test_a_blind_attacker_is_found_out(monkeypatch, blindness):
    monkeypatch.setattr(selftest, "attack", lambda cells, **known: blind(attack(cells, **known), **blindness))
    assert self_test(HIDING, **rules()) is Verdict.FAIL


def test_an_attacker_that_fails_everything_is_no_attacker(monkeypatch):
    monkeypatch.setattr(
        selftest, "attack", lambda cells, **known: AttackReport(tests={"A1": Verdict.FAIL}, findings=())
    )
    assert self_test(OPEN, **rules()) is Verdict.FAIL


def test_the_leak_is_planted_in_the_release_itself(monkeypatch):
    # Blind wherever the release's own table is concerned, sound on the table known to leak.
    def partly(cells, **known):
        report = attack(cells, **known)
        return report if set(cells["table"]) == {"known"} else blind(report, to_intervals=True)

    monkeypatch.setattr(selftest, "attack", partly)
    assert self_test(OPEN, **rules()) is Verdict.PASS
    assert self_test(HIDING, **rules()) is Verdict.FAIL


def test_the_release_itself_is_left_alone():
    before = HIDING.clone()
    self_test(HIDING, **rules())
    assert HIDING.equals(before)
    assert isinstance(before, pl.DataFrame)

"""What a careful reader can compute from published tables: each attack by hand, each with its control."""

import pytest

from terms.findings import Verdict
from terms.policy import NoAnswer
from tests.attacks.press import (
    BY_SEX,
    HIDDEN,
    column,
    frame,
    grid,
    interval,
    linked,
    one_way,
    rules,
    rules_broken,
)
from transforms.attack import attack

# --- margin subtraction (attack 5 of the list) ------------------------------------------------------


def test_one_hidden_cell_is_its_total_minus_the_rest():
    report = attack(one_way(a=50, b=30, c=HIDDEN, _ANS=87, _T=87), **rules())
    assert interval(report, "c") == (7, 7)
    assert rules_broken(report) == {"cell_interval_narrow"}
    assert report.tests["A1"] is Verdict.FAIL
    (finding,) = report.findings
    assert (finding.place, dict(finding.facts)) == ("q", {"cells": 1, "k": 10})


def test_two_hidden_cells_share_what_the_rest_leaves():
    # b + c = 37, both at least 1.
    report = attack(one_way(a=50, b=HIDDEN, c=HIDDEN, _ANS=87, _T=87), **rules(), evidence=True)
    assert interval(report, "b") == interval(report, "c") == (1, 36)
    assert report.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        pytest.param(10, Verdict.PASS, id="exactly_as_wide_as_asked"),  # 1..9
        pytest.param(9, Verdict.FAIL, id="one_too_narrow"),  # 1..8
        pytest.param(2, Verdict.FAIL, id="two_cells_of_one"),  # both are 1: hidden cells are not empty
    ],
)
def test_the_width_is_counted_in_people(total, verdict):
    cells = one_way(a=50, b=HIDDEN, c=HIDDEN, _ANS=50 + total, _T=50 + total)
    assert attack(cells, **rules()).verdict is verdict


def test_a_total_that_is_hidden_too_stops_the_subtraction_until_demographics_give_it_back():
    cells = one_way(a=50, b=30, c=HIDDEN, _ANS=HIDDEN, _T=HIDDEN)
    assert attack(cells, **rules()).verdict is Verdict.PASS
    roster = attack(cells, **rules(exact={("_T", "_T"): 87}))
    assert interval(roster, "c") == (7, 7)
    assert roster.verdict is Verdict.FAIL


def test_what_nothing_bounds_is_reported_without_an_end():
    report = attack(one_way(a=50, c=HIDDEN, _ANS=HIDDEN, _T=HIDDEN), **rules(), evidence=True)
    assert interval(report, "c") == (1, None)


# --- two-way tables -----------------------------------------------------------------------------------


def block(af, am, bf, bm, hidden="af am bf bm"):
    """Two options by two groups, margins shown."""
    counts = {"af": af, "am": am, "bf": bf, "bm": bm}
    shown = {name: "?" if name in hidden.split() else count for name, count in counts.items()}
    total = af + am + bf + bm
    rows = {
        "a": f"{shown['af']} {shown['am']} {af + am}",
        "b": f"{shown['bf']} {shown['bm']} {bf + bm}",
        "_ANS": f"{af + bf} {am + bm} {total}",
        "_T": f"{af + bf} {am + bm} {total}",
    }
    return frame(grid("q_by_sex", "q", "sex", "f m _T", rows))


def test_a_hidden_block_moves_as_far_as_its_smallest_margin_allows():
    # x = (a,f): row a is 12, column f is 14, m is 23: (a,m) = 12-x, (b,f) = 14-x, (b,m) = 11+x, all >= 1.
    report = attack(block(5, 7, 9, 16), **rules(), evidence=True)
    assert [interval(report, *cell) for cell in ("af", "am", "bf", "bm")] == [
        (1, 11),
        (1, 11),
        (3, 13),
        (12, 22),
    ]
    assert report.verdict is Verdict.PASS


def test_a_hidden_block_under_a_small_margin_is_narrow():
    # Row a is 6: (a,f) lies in 1..5, and so does everything else by the same four numbers.
    report = attack(block(2, 4, 12, 19), **rules())
    assert interval(report, "a", "f") == (1, 5)
    assert {cell.standing.value for cell in report.intervals} == {"narrow"}


@pytest.mark.parametrize("shown", ["af", "am", "bf", "bm"])
def test_three_of_a_block_are_no_block(shown):
    hidden = " ".join({"af", "am", "bf", "bm"} - {shown})
    report = attack(block(5, 7, 9, 16, hidden), **rules())
    assert {(cell.low == cell.high) for cell in report.intervals} == {True}
    assert report.verdict is Verdict.FAIL


def test_every_line_has_two_hidden_cells_and_yet_all_are_known():
    # A ring of six: with x = (a,1), (a,2) = 10-x, (c,1) = 8-x and (b,2) = 4-(10-x) = x-6. None is below 1,
    # so x <= 7 and x >= 7. No line gives anything away by itself, and neither does linear algebra.
    report = attack(
        frame(
            grid(
                "q_by_age",
                "q",
                "age",
                "1 2 3 _T",
                {
                    "a": "? ? 20 30",
                    "b": "40 ? ? 60",
                    "c": "? 50 ? 80",
                    "_ANS": "48 54 68 170",
                    "_T": "48 54 68 170",
                },
            )
        ),
        **rules(),
    )
    expected = {"a1": 7, "a2": 3, "b2": 1, "b3": 19, "c1": 1, "c3": 29}
    assert {cell: interval(report, *cell) for cell in expected} == {c: (n, n) for c, n in expected.items()}


def test_the_same_ring_with_room_is_safe():
    # With x = (a,1): (a,2) = 30-x, (c,1) = 28-x, (b,2) = 24-(30-x) = x-6, (b,3) = 26-x, (c,3) = x+2.
    report = attack(
        frame(
            grid(
                "q_by_age",
                "q",
                "age",
                "1 2 3 _T",
                {
                    "a": "? ? 20 50",
                    "b": "40 ? ? 60",
                    "c": "? 50 ? 80",
                    "_ANS": "68 74 48 190",
                    "_T": "68 74 48 190",
                },
            )
        ),
        **rules(),
        evidence=True,
    )
    assert interval(report, "a", "1") == (7, 25)
    assert interval(report, "b", "3") == (1, 19)
    assert report.verdict is Verdict.PASS


# --- linked tables (attack 6) -------------------------------------------------------------------------


def test_a_total_hidden_in_one_table_is_added_up_in_another():
    # By age, 20 + 29 people chose a; 40 of them are men.
    report = attack(linked(29, 15), **rules())
    assert interval(report, "a", "f") == (9, 9)
    assert report.verdict is Verdict.FAIL


def test_tables_that_hide_in_both_places_stay_apart():
    report = attack(linked("?", "?"), **rules(), evidence=True)
    # (a,f) + (c,f) = 14, each at least 1.
    assert interval(report, "a", "f") == (1, 13)
    assert report.verdict is Verdict.PASS


def test_one_of_the_tables_alone_is_safe():
    assert attack(linked(29, 15).filter(table="q_by_sex"), **rules()).verdict is Verdict.PASS


def test_a_break_printed_as_a_table_of_its_own_is_the_same_total():
    # sex=f is printed in the table of sexes; the column total of q_by_sex is the same number.
    cells = frame(
        column("sex", "sex", {"f": 44, "m": 100, "_T": 144}),
        grid("q_by_sex", "q", "sex", "f m _T", BY_SEX | {"_T": "44 100 145"}),
    )
    assert "cell_differs" in rules_broken(attack(cells, **rules()))


# --- base and no answer --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "no_answer", "verdict"),
    [
        pytest.param(96, NoAnswer.CELL, Verdict.FAIL, id="people_minus_base"),
        pytest.param(HIDDEN, NoAnswer.CELL, Verdict.FAIL, id="the_options_add_up_to_the_base"),
        pytest.param(96, NoAnswer.RESIDUAL, Verdict.PASS, id="declared_as_what_is_left"),
    ],
)
def test_a_hidden_no_answer_is_everyone_minus_the_base(base, no_answer, verdict):
    cells = one_way(a=60, b=36, _NA=HIDDEN, _ANS=base, _T=100)
    assert attack(cells, **rules(no_answer=no_answer)).verdict is verdict


def test_a_base_that_nothing_gives_away_is_safe():
    # b + no answer = 40; the base is 60 + b.
    report = attack(one_way(a=60, b=HIDDEN, _NA=HIDDEN, _ANS=HIDDEN, _T=100), **rules(), evidence=True)
    assert interval(report, "_NA") == interval(report, "b") == (1, 39)
    assert report.verdict is Verdict.PASS


def test_what_is_left_over_is_known_to_the_attacker():
    # With the base shown, no answer is 4 everywhere; it must not count as an unknown that protects b.
    cells = one_way(a=60, b=HIDDEN, _NA=HIDDEN, _ANS=96, _T=100)
    report = attack(cells, **rules(no_answer=NoAnswer.RESIDUAL))
    assert interval(report, "b") == (36, 36)


# --- multiple answers (attack 30) ------------------------------------------------------------------------


def many(chosen, base=100, people=100):
    return frame(column("m", "m", {"x": chosen, "y": 55, "_NA": people - base, "_ANS": base, "_T": people}))


@pytest.mark.parametrize(
    ("chosen", "broken"),
    [
        pytest.param(90, set(), id="ten_did_not"),
        pytest.param(91, {"small_count_derived"}, id="nine_did_not"),
        pytest.param(99, {"small_count_derived"}, id="one_did_not"),
        pytest.param(100, set(), id="all_did_which_is_not_a_matter_of_intervals"),
    ],
)
def test_few_who_did_not_choose_are_derived_from_the_base(chosen, broken):
    assert rules_broken(attack(many(chosen), **rules())) == broken


def test_mentions_are_not_people():
    # x and y add up to more than the base; that is no contradiction, and hides nothing either.
    report = attack(many(HIDDEN, base=100), **rules(), evidence=True)
    assert interval(report, "x") == (1, 100)


def test_where_all_are_known_to_have_chosen_something_few_mentions_tell():
    # 100 people, 55 of them chose y: the other 45 chose x at least.
    report = attack(many(HIDDEN), **rules(chose_one=["m"]), evidence=True)
    assert interval(report, "x") == (45, 100)


def test_a_hidden_mention_is_added_up_over_a_break():
    cells = frame(
        column("m", "m", {"x": HIDDEN, "_NA": 0, "_ANS": 100, "_T": 100}),
        grid("m_by_sex", "m", "sex", "f m", {"x": "20 12", "_NA": "0 0", "_ANS": "50 50", "_T": "50 50"}),
    )
    report = attack(cells, **rules())
    assert interval(report, "x", table="m") == (32, 32)
    assert report.verdict is Verdict.FAIL


# --- columns withheld whole ------------------------------------------------------------------------------


def test_a_withheld_column_may_hold_zeros():
    cells = frame(
        grid("q_by_sex", "q", "sex", "f m _T", {"a": "? ? ?", "b": "? ? ?", "_ANS": "? ? ?", "_T": "9 91 100"})
    )
    # 9 people, two options, zeros hidden too: 0..9. Were zeros shown it would be 1..8 and too narrow.
    report = attack(cells, **rules(), evidence=True)
    assert interval(report, "a", "f") == (0, 9)
    assert "cell_interval_narrow" not in rules_broken(report)


def test_a_base_shown_in_a_column_says_that_zeros_are_shown_there():
    cells = frame(
        grid("q_by_sex", "q", "sex", "f m _T", {"a": "? ? ?", "b": "? ? ?", "_ANS": "9 91 100", "_T": "9 91 100"})
    )
    assert interval(attack(cells, **rules(), evidence=True), "a", "f") == (1, 8)


def test_an_empty_group_holds_nobody_to_protect():
    withheld = {"a": "? ? ?", "b": "? ? ?", "_ANS": "? ? ?", "_T": "0 91 91"}
    cells = frame(grid("q_by_sex", "q", "sex", "f m _T", withheld))
    assert attack(cells, **rules()).verdict is Verdict.PASS

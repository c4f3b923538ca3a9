"""What rounded figures stand for, and figures that no survey can have."""

import polars as pl
import pytest

from terms.findings import Verdict
from tests.attacks.press import HIDDEN, interval, linked, one_way, rules, rules_broken
from transforms.attack import attack

# --- rounding --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "people", "of_a", "of_b"),
    [
        pytest.param(1, [100], [52], [28], id="unrounded"),
        pytest.param(4, range(98, 102), range(50, 54), range(26, 30), id="even_base"),
        pytest.param(5, range(98, 103), range(48, 53), range(28, 33), id="odd_base"),
    ],
)
def test_a_rounded_figure_stands_for_the_counts_that_round_to_it(rounding, people, of_a, of_b):
    shown_a, shown_b = (50, 30) if rounding == 5 else (52, 28)
    cells = one_way(a=shown_a, b=shown_b, c=HIDDEN, _ANS=100, _T=100)
    by_hand = [n - a - b for n in people for a in of_a for b in of_b]
    report = attack(cells, **rules(rounding=rounding), evidence=True)
    assert interval(report, "c") == (min(by_hand), max(by_hand))


def test_a_shown_figure_is_at_least_k_whatever_it_rounds_to():
    # 10 is shown for 10..12, not for 8 or 9, which are hidden: c = (28..32) - (10..12) - (10..12).
    cells = one_way(a=10, b=10, c=HIDDEN, _ANS=30, _T=30)
    assert interval(attack(cells, **rules(rounding=5), evidence=True), "c") == (4, 12)


def test_demographics_undo_the_rounding_of_totals():
    # Exactly 29 people: c = 29 - (10..12) - (10..12).
    cells = one_way(a=10, b=10, c=HIDDEN, _ANS=30, _T=30)
    report = attack(cells, **rules(rounding=5, exact={("_T", "_T"): 29}), evidence=True)
    assert interval(report, "c") == (5, 9)
    assert report.verdict is Verdict.FAIL


# --- figures that cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "changes", "contradicts"),
    [
        pytest.param(one_way(a=50, b=30, _ANS=80, _T=80), {}, False, id="adds_up"),
        pytest.param(one_way(a=50, b=30, _ANS=81, _T=81), {}, True, id="does_not_add_up"),
        pytest.param(one_way(a=50, b=30, _ANS=85, _T=85), {"rounding": 5}, False, id="off_by_rounding"),
        pytest.param(one_way(a=50, b=30, _ANS=90, _T=90), {"rounding": 5}, True, id="off_by_more"),
        pytest.param(
            one_way(a=50, b=30, _ANS=80, _T=80),
            {"rounding": 5, "exact": {("_T", "_T"): 83}},
            True,
            id="another_number_of_people_than_the_roster",
        ),
        pytest.param(one_way(a=50, b=HIDDEN, _ANS=80, _T=80), {}, False, id="a_hidden_cell_fills_the_gap"),
        pytest.param(one_way(a=80, b=HIDDEN, _ANS=80, _T=80), {}, True, id="no_room_for_a_hidden_cell"),
    ],
)
def test_figures_that_no_survey_can_have_are_refused(cells, changes, contradicts):
    report = attack(cells, **rules(**changes))
    assert ("figures_contradict" in rules_broken(report)) is contradicts
    if contradicts:
        assert set(report.tests.values()) == {Verdict.FAIL}


@pytest.mark.parametrize(
    ("tables", "contradicts"),
    [
        pytest.param(["q_by_sex"], False, id="by_sex"),
        pytest.param(["q_by_age"], False, id="by_age"),
        pytest.param(["q_by_sex", "q_by_age"], True, id="both"),
    ],
)
def test_a_contradiction_that_only_two_tables_together_show(tables, contradicts):
    # By sex (a,f) + (c,f) = 14, so at most 40 + 13 people chose a; by age 20 + 40 did.
    cells = linked(40, "?").filter(pl.col("table").is_in(tables))
    assert ("figures_contradict" in rules_broken(attack(cells, **rules()))) is contradicts

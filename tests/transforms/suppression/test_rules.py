"""Primary rules, by hand and by the handbook's formulas, in whole numbers and fractions only."""

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Refused
from transforms.suppression.contributions import gather
from transforms.suppression.hierarchies import Cut, Variable
from transforms.suppression.levels import Protection, problem_of
from transforms.suppression.linked import lay_out
from transforms.suppression.rules import (
    Dominance,
    FewContributors,
    MinimumFrequency,
    NothingContributed,
    PriorPosterior,
    levels,
    p_percent,
)
from transforms.suppression.tables import Table

ONE = lay_out([Table(name="t", cuts=(Cut(variable=Variable.flat("v", ["a", "b"])),))])


def of(*contributions: int, **columns: list):
    """The contributions to cell ``a``, and its number."""
    rows = pl.DataFrame({"v": ["a"] * len(contributions), "x": contributions, **columns})
    named = {name: name for name in ("unit", "weight", "waiver") if name in columns}
    return gather(ONE, rows, "x", **named)


def level(rule, *contributions: int, **columns: list) -> int:
    return int(levels([rule], of(*contributions, **columns))[ONE.lines["t"][1]])


def test_the_p_percent_rule_and_its_level_by_hand():
    # 100 + 20 + 9 + 0.5...: what is left beside the two largest, 9, is less than 10 % of 100; one more is missing.
    assert level(p_percent(10), 100, 20, 9) == 1
    assert level(p_percent(10), 100, 20, 10) == 0
    # 5 % of 90 is 4.5, rounded up.
    assert level(p_percent(5), 90, 20) == 5
    assert level(p_percent(10, coalition=2), 100, 20, 9, 5) == 5


def test_dominance_and_its_level_by_hand():
    # 75 + 10 of 100 is more than 80 %: 100 / 80 * 85 - 100 = 6.25, rounded up.
    assert level(Dominance(n=2, k=80), 75, 10, 8, 7) == 7
    assert level(Dominance(n=2, k=85), 75, 10, 8, 7) == 0
    assert level(Dominance(n=1, k=74), 75, 10, 8, 7) == 2


def test_pq_by_hand():
    # p / q = 3/4 of 40 is 30; 20 is left beside 40 and 30: ten are missing.
    assert level(PriorPosterior(p=60, q=80), 40, 30, 20) == 10


contributions = st.lists(st.integers(0, 10**12), min_size=1, max_size=7)


@given(contributions, st.integers(1, 99))
def test_the_p_percent_rule_agrees_with_its_formula(given_, p):
    largest = [*sorted(given_, reverse=True), 0]
    exact = Fraction(p, 100) * largest[0] - (sum(given_) - largest[0] - largest[1])
    found = level(p_percent(p), *given_)
    assert found == max(-(-exact.numerator // exact.denominator), 0)
    assert level(PriorPosterior(p=p), *given_) == found


@given(contributions, st.integers(1, 99), st.integers(1, 3))
def test_dominance_agrees_with_its_formula(given_, k, n):
    exact = Fraction(100, k) * sum(sorted(given_, reverse=True)[:n]) - sum(given_)
    assert level(Dominance(n=n, k=k), *given_) == max(-(-exact.numerator // exact.denominator), 0)


def test_one_is_always_too_few_for_a_p_percent_rule():
    assert level(p_percent(10), 100) == 10 and level(p_percent(10), 100, 50) == 10


def test_people_are_counted_unweighted_and_contributors_once():
    holding = {"unit": ["h", "h", "h", "k"]}
    assert level(MinimumFrequency(least=4), 5, 5, 5, 5, **holding) == 0
    assert level(MinimumFrequency(least=5), 5, 5, 5, 5, **holding) == 6
    assert level(FewContributors(least=2), 5, 5, 5, 5, **holding) == 0
    assert level(FewContributors(least=3), 5, 5, 5, 5, **holding) == 6
    assert level(MinimumFrequency(least=2), 5, weight=[100]) > 0


def test_a_holding_is_one_contributor():
    assert level(p_percent(10), 50, 50, 20, 9) == 0
    assert level(p_percent(10), 50, 50, 20, 9, unit=["h", "h", "k", "l"]) == 1


def test_weights_raise_the_total_and_leave_what_each_knows():
    # 3 * 60 + 3 * 30 = 270: beside 60 and 30 there are 180 left; unweighted there is nothing.
    assert level(p_percent(10), 60, 30) == 6
    assert level(p_percent(10), 60, 30, weight=[3, 3]) == 0
    # A holding of both knows 90 of 270.
    found = of(60, 30, weight=[3, 3], unit=["h", "h"])
    assert found.largest[ONE.lines["t"][1]].tolist() == [90, 0, 0, 0]
    assert found.total[ONE.lines["t"][1]] == 270


def test_fractions_of_weights_are_whole_numbers_of_a_smaller_unit():
    rows = pl.DataFrame({"v": ["a", "a"], "x": [60, 30], "weight": [15, 12]})
    found = gather(ONE, rows, "x", weight="weight", weight_scale=10)
    assert found.total[ONE.lines["t"][1]] == 60 * 15 + 30 * 12
    assert found.largest[ONE.lines["t"][1], :2].tolist() == [600, 300]


def test_a_waiver_makes_the_next_one_the_subject():
    # Without: 100 is the subject. With: 20, seen by 100; 9 left is not less than 10 % of 20.
    assert level(p_percent(10), 100, 20, 9) == 1
    assert level(p_percent(10), 100, 20, 9, waiver=[True, False, False]) == 0
    assert level(p_percent(10), 100, 20, 1, waiver=[True, False, False]) == 1
    assert level(p_percent(10), 100, waiver=[True]) == 0
    # Who agrees in some rows only has not agreed.
    assert level(p_percent(10), 60, 40, 20, 9, unit=["h", "h", "k", "l"], waiver=[True, False, False, False]) == 1


def test_people_who_all_contributed_nothing_are_given_away_by_a_nought():
    assert level(NothingContributed(), 0, 0) == 1
    assert level(NothingContributed(), 0, 1) == 0


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        pytest.param(lambda: of(-1), "figures_negative", id="negative"),
        pytest.param(lambda: of(2**52, 2**52, 1), "figures_too_large", id="too_large"),
        pytest.param(lambda: of(2**30, weight=[2**30]), "figures_too_large", id="too_large_with_its_weight"),
        pytest.param(lambda: of(1, unit=[None]), "unit_missing", id="nobodys"),
        pytest.param(lambda: levels([], of(1)), "no_rule", id="no_rule"),
        pytest.param(lambda: level(p_percent(0), 1), "rule_share_out_of_range", id="p_0"),
        pytest.param(lambda: level(Dominance(n=1, k=0.5), 1), "rule_share_out_of_range", id="floating"),
        pytest.param(lambda: level(Dominance(n=9, k=80), 1), "contributions_not_deep_enough", id="too_deep"),
    ],
)
def test_what_no_rule_can_judge_is_refused(call, rule):
    with pytest.raises(Refused, match=rule):
        call()


def test_levels_become_demands():
    values, level_ = np.array([12, 5, 7]), np.array([0, 9, 0])
    symmetric = problem_of(ONE, values, level_)
    assert symmetric.up.tolist() == [0, 9, 0] and symmetric.down.tolist() == [0, 5, 0]
    sliding = problem_of(ONE, values, level_, protection=Protection.SLIDING)
    assert (sliding.up.any(), sliding.down.any(), sliding.slide.tolist()) == (False, False, [0, 9, 0])
    assert problem_of(ONE, values, level_, protection=Protection.UPPER).down.tolist() == [0, 0, 0]
    assert symmetric.candidate.tolist() == [True, False, True]
    empty = problem_of(ONE, np.array([5, 5, 0]), np.array([0, 9, 0]))
    assert empty.candidate.tolist() == [True, False, False]

"""Secondary suppression in any additive tables: safe, as cheap as can be, and honest about both."""

from __future__ import annotations

import dataclasses

import highspy
import numpy as np
import pytest

from terms.findings import Fault, Refused
from tests.transforms.suppression.small_tables import best, cube, drawn, hierarchical, permuted, problem, safe, system
from transforms.suppression import solver
from transforms.suppression.engine import protect_cells

TWO_WAYS = [((2, 2), seed, 2) for seed in range(3)] + [((2, 3), seed, 2) for seed in range(4)]
THREE_WAYS = [((2, 2, 2), seed, 1 + seed % 2) for seed in range(4)]


def _random(shape, seed, primaries):
    values, equations, primary = drawn(shape, seed, primaries)
    return problem(values, equations, primary)


def _agrees_with_brute_force(given) -> None:
    expected = best(given)
    if expected is None:
        with pytest.raises(Refused, match="no_safe_pattern"):
            protect_cells(given)
        return
    found = protect_cells(given)
    assert (found.cost, found.bound, found.proven) == (expected, expected, True)
    assert safe(given, found.hidden)
    assert not (found.hidden & ~(given.primary | given.candidate | given.unprinted)).any()


@pytest.mark.parametrize(("shape", "seed", "primaries"), TWO_WAYS)
def test_no_pattern_of_a_two_way_table_is_cheaper(shape, seed, primaries):
    _agrees_with_brute_force(_random(shape, seed, primaries))


@pytest.mark.parametrize(("shape", "seed", "primaries"), THREE_WAYS)
def test_no_pattern_of_a_three_way_table_is_cheaper(shape, seed, primaries):
    values, equations, primary = drawn(shape, seed, primaries)
    # Few enough candidates for every pattern to be tried: the inner cells, and the margins over one variable.
    candidate = (values > 0) & (np.arange(27) % 9 % 3 < 2) & (np.arange(27) % 9 < 6)
    _agrees_with_brute_force(problem(values, equations, primary, candidate=candidate))


@pytest.mark.parametrize("seed", range(3))
def test_no_pattern_of_a_hierarchical_table_is_cheaper(seed):
    values, equations = hierarchical(np.random.default_rng(seed).integers(0, 5, size=(4, 1)))
    primary = (values == values[values > 0].min()) & (np.arange(len(values)) < 8)
    _agrees_with_brute_force(problem(values, equations, primary))


@pytest.mark.parametrize("seed", range(3))
def test_costs_decide_which_pattern_is_best(seed):
    values, equations, primary = drawn((2, 3), seed, 1)
    _agrees_with_brute_force(problem(values, equations, primary, cost=np.maximum(values, 1)))


@pytest.mark.parametrize("seed", range(3))
def test_larger_levels_and_sliding_levels_are_kept(seed):
    values, equations, primary = drawn((2, 3), seed, 1)
    levels = {"up": 3 * primary, "down": 0 * values, "slide": 4 * primary}
    _agrees_with_brute_force(problem(values, equations, primary, **levels))


@pytest.mark.parametrize("seed", range(3))
def test_unprinted_cells_help_for_nothing(seed):
    values, equations, primary = drawn((2, 3), seed, 1)
    unprinted = np.zeros(len(values), dtype=bool)
    unprinted[-3:] = True
    _agrees_with_brute_force(problem(values, equations, primary & ~unprinted, unprinted=unprinted))


@pytest.mark.parametrize("seed", range(3))
def test_a_width_is_demanded_of_secondaries_once_they_are_hidden(seed):
    values, equations, primary = drawn((2, 3), seed, 1)
    width = np.where(values > 0, 3, 0)
    _agrees_with_brute_force(problem(values, equations, primary, width=width))


@pytest.mark.parametrize("seed", range(3))
def test_a_reader_who_knows_that_hidden_cells_are_not_empty_is_taken_into_account(seed):
    values, equations, primary = drawn((2, 3), seed, 1)
    primary &= values > 1
    _agrees_with_brute_force(problem(values, equations, primary, low=np.minimum(values, 1)))


def test_four_corners_protect_an_inner_cell():
    """By hand: one hidden cell of a 3x3 table needs three more, any rectangle that it is a corner of."""
    values, equations = cube(np.full((3, 3), 5))
    primary = np.arange(len(values)) == 0
    found = protect_cells(problem(values, equations, primary))
    assert (found.cost, found.proven) == (3, True)


def test_two_cells_of_at_least_one_that_sum_to_two_are_not_protected():
    """By hand: the pair is hidden, but each is 1 for certain; only hiding the total too lets them move."""
    values, equations = np.array([1, 1, 2]), system([(2, np.array([0, 1]))], 3)
    primary = np.array([True, True, False])
    rise = {"up": primary.astype(int), "down": 0 * values, "low": np.array([1, 1, 0])}
    assert protect_cells(problem(values, equations, primary, **rise)).hidden.tolist() == [True, True, True]
    with pytest.raises(Refused, match="no_safe_pattern"):
        protect_cells(problem(values, equations, primary, candidate=np.zeros(3, dtype=bool), **rise))


def test_half_a_person_protects_nobody():
    """By hand: x + y = 2, y + z = 2 and r = x + z, so r = 2x: the total 4 + r moves by two people or by none."""
    rows = [(3, np.array([0, 1])), (4, np.array([1, 2])), (5, np.array([0, 2])), (6, np.array([3, 4, 5]))]
    values = np.array([1, 1, 1, 2, 2, 2, 6])
    primary = np.arange(7) == 6
    bounds = {"low": np.array([0, 0, 0, 2, 2, 0, 5]), "high": np.array([9, 9, 9, 2, 2, 9, 7])}
    given = problem(values, system(rows, 7), primary, **bounds)
    assert safe(given, np.ones(7, dtype=bool), whole=False)
    assert not safe(given, np.ones(7, dtype=bool))
    with pytest.raises(Refused, match="no_safe_pattern"):
        protect_cells(given)


def test_zeros_are_never_hidden_unless_the_problem_says_so():
    values, equations = cube(np.array([[0, 2, 3], [4, 1, 5], [6, 7, 2]]))
    given = problem(values, equations, values == 1)
    assert not protect_cells(given).hidden[values == 0].any()
    able = problem(values, equations, values == 1, candidate=values >= 0, high=values + 9)
    assert protect_cells(able).cost <= protect_cells(given).cost


def test_demanding_more_never_costs_less():
    values, equations, primary = drawn((3, 4), 5, 3)
    costs = []
    for level in (1, 2, 4):
        given = problem(values, equations, primary, up=level * primary, down=0 * values)
        found = protect_cells(given)
        assert found.proven
        costs.append(found.cost)
    assert costs == sorted(costs)


def test_one_more_primary_never_leaves_fewer_cells_hidden():
    values, equations, primary = drawn((3, 4), 1, 2)
    before = protect_cells(problem(values, equations, primary))
    more = primary.copy()
    more[np.flatnonzero(before.hidden & ~primary)[:1]] = True
    after = protect_cells(problem(values, equations, more))
    assert after.hidden.sum() >= before.hidden.sum()


@pytest.mark.parametrize("shape", [(4, 5), (3, 3, 3)])
def test_the_order_of_the_cells_does_not_change_the_cost(shape):
    given = _random(shape, 2, 4)
    other = permuted(given, np.random.default_rng(0).permutation(len(given.values)))
    one, two = protect_cells(given), protect_cells(other)
    assert one.proven
    assert two.proven
    assert one.cost == two.cost


def test_the_same_problem_gives_the_same_pattern():
    given = _random((4, 4, 3), 3, 6)
    one, two = protect_cells(given, work=3_000_000), protect_cells(given, work=3_000_000)
    assert (one.hidden == two.hidden).all()
    assert dataclasses.replace(one, hidden=two.hidden) == two or one.work == two.work


@pytest.mark.parametrize("method", ["optimal", "guided"])
@pytest.mark.parametrize("seed", range(3))
def test_a_budget_of_nothing_costs_cells_but_never_safety(method, seed):
    given = _random((3, 3, 3), seed, 6)
    found = protect_cells(given, method=method, work=0)
    assert safe(given, found.hidden)
    assert found.bound <= protect_cells(given).cost <= found.cost
    assert found.proven == (found.bound == found.cost)


def test_nothing_to_protect_hides_nothing():
    values, equations = cube(np.array([[3, 4], [5, 6]]))
    found = protect_cells(problem(values, equations, values < 0))
    assert not found.hidden.any()
    assert (found.cost, found.bound, found.proven) == (0, 0, True)


def test_a_pattern_to_start_from_is_improved_on():
    given = _random((3, 4), 4, 2)
    everything = given.candidate | given.primary
    found = protect_cells(given, start=everything)
    assert found.cost == protect_cells(given).cost


def test_progress_is_told_of_costs_that_fall_and_bounds_that_rise():
    told: list[tuple[int, int]] = []
    found = protect_cells(_random((3, 3, 3), 1, 5), progress=lambda cost, bound: told.append((cost, bound)))
    assert told[-1] == (found.cost, found.bound)
    assert [cost for cost, _ in told] == sorted((cost for cost, _ in told), reverse=True)
    assert [bound for _, bound in told] == sorted(bound for _, bound in told)


def test_what_no_pattern_can_protect_is_refused_with_a_number_of_cells():
    """By hand: the only two parts of a shown total of 1 are 0 and 1, and the empty one is known to be empty."""
    values, equations = np.array([0, 1, 1]), system([(2, np.array([0, 1]))], 3)
    given = problem(values, equations, np.array([False, True, False]), candidate=np.zeros(3, dtype=bool))
    with pytest.raises(Refused) as refusal:
        protect_cells(given)
    (finding,) = refusal.value.findings
    assert (finding.rule, dict(finding.facts)) == ("no_safe_pattern", {"cells": 1})


@pytest.mark.parametrize("run", [1, 2, 5, 20])
def test_a_solver_that_fails_is_a_fault(monkeypatch, run):
    runs = iter(range(1, 10_000))
    real = highspy.Highs.run

    def broken(self):
        number = next(runs)
        return highspy.HighsStatus.kError if number >= run else real(self)

    monkeypatch.setattr(solver._Quiet, "run", broken)
    with pytest.raises(Fault, match="suppression_solver_failed"):
        protect_cells(_random((4, 4, 4), 1, 9))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_many_small_tables_agree_with_brute_force(seed):
    shape = ((2, 2), (2, 3), (3, 2))[seed % 3]
    _agrees_with_brute_force(_random(shape, 100 + seed, 1 + seed % 3))

"""A cell counts as protected only where worlds in whole numbers prove it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.suppression.small_tables import cube, drawn, problem, safe, system
from transforms.suppression.audit import Audit
from transforms.suppression.solver import Work


def _audit(case) -> Audit:
    return Audit(case, Work(0))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([(2, 3), (3, 3), (2, 2, 2)]), st.integers(0, 2**27 - 1))
def test_the_audit_agrees_with_another_solver_on_any_pattern(seed, shape, mask):
    values, equations, primary = drawn(shape, seed, 2)
    case = problem(values, equations, primary)
    hidden = primary | (np.array([mask >> cell & 1 for cell in range(len(values))], dtype=bool) & (values > 0))
    assert (not _audit(case).unmet(hidden)) == safe(case, hidden)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 2**16 - 1), min_size=2, max_size=6))
def test_worlds_used_again_for_other_patterns_change_no_verdict(seed, masks):
    values, equations, primary = drawn((3, 3), seed, 2)
    case = problem(values, equations, primary)
    audit = _audit(case)
    for mask in masks:
        bits = np.array([mask >> cell & 1 for cell in range(len(values))], dtype=bool)
        hidden = primary | (bits & (values > 0))
        assert audit.unmet(hidden) == _audit(case).unmet(hidden)


def test_a_world_that_breaks_an_equation_or_a_bound_is_not_kept():
    values, equations = np.array([2, 3, 5]), system([(2, np.array([0, 1]))], 3)
    audit = _audit(problem(values, equations, np.array([True, False, False])))
    assert not audit.add(np.array([1.0, 0.0, 0.0]))
    assert audit.add(np.array([1.0, -1.0, 0.0]))
    low, high = audit.reach(np.array([True, True, False]))
    assert (low.tolist(), high.tolist()) == ([-1, -1, 0], [1, 1, 0])


def test_a_world_outside_the_bounds_is_not_kept():
    values, equations = np.array([2, 3, 5]), system([(2, np.array([0, 1]))], 3)
    audit = _audit(problem(values, equations, np.array([True, False, False]), low=values, high=values))
    assert not audit.add(np.array([1.0, -1.0, 0.0]))


def test_intervals_are_those_of_the_table():
    """By hand: the corners of a rectangle move together, by -1 (the first is 1) to 3 (the third is 3)."""
    values, equations = cube(np.array([[1, 4], [3, 2]]))
    hidden = np.array([True, True, False, True, True, False, False, False, False])
    audit = _audit(problem(values, equations, values == 1))
    assert [audit.interval(cell, hidden) for cell in (0, 1, 3, 4)] == [(0, 4), (1, 5), (0, 4), (1, 5)]


@pytest.mark.parametrize(("hidden", "unmet"), [([1, 0, 0], [0]), ([1, 1, 0], []), ([1, 0, 1], [])])
def test_a_cell_hidden_alone_in_its_line_is_given_away(hidden, unmet):
    values, equations = np.array([2, 3, 5]), system([(2, np.array([0, 1]))], 3)
    case = problem(values, equations, np.array([True, False, False]))
    assert _audit(case).unmet(np.array(hidden, dtype=bool)) == unmet


def test_old_worlds_may_be_forgotten(monkeypatch):
    monkeypatch.setattr("transforms.suppression.audit.KEPT", 8)
    monkeypatch.setattr("transforms.suppression.audit.FIRST", 4)
    values, equations, primary = drawn((3, 3), 2, 3)
    case = problem(values, equations, primary)
    hidden = values > 0
    assert (not _audit(case).unmet(hidden)) == safe(case, hidden)

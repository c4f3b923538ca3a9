"""What can move at all, against ranks of matrices; and the walk that trusts it no further than that."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.suppression.small_tables import cube, drawn, problem, safe
from transforms.suppression.audit import Audit
from transforms.suppression.descent import Descent
from transforms.suppression.moves import Moves
from transforms.suppression.problem import Problem
from transforms.suppression.repair import Repair
from transforms.suppression.solver import Work

SHAPES = st.sampled_from([(2, 3), (3, 3), (2, 2, 2)])


def _pattern(case: Problem, mask: int) -> np.ndarray:
    bits = np.array([mask >> cell & 1 for cell in range(len(case.values))], dtype=bool)
    return case.primary | (bits & (case.values > 0))


def _stuck(case: Problem, hidden: np.ndarray) -> set[int]:
    """A cell cannot move where its column is independent of all the others."""
    rows = np.zeros((len(case.system.start) - 1, len(hidden)))
    for row, (a, b) in enumerate(zip(case.system.start[:-1], case.system.start[1:], strict=True)):
        rows[row, case.system.index[a:b]] = case.system.value[a:b]
    members = [int(cell) for cell in np.flatnonzero(hidden)]
    whole = np.linalg.matrix_rank(rows[:, members])
    return {
        cell
        for cell in members
        if case.primary[cell] and np.linalg.matrix_rank(rows[:, [m for m in members if m != cell]]) < whole
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), SHAPES, st.integers(0, 2**27 - 1))
def test_the_stuck_cells_are_those_of_independent_columns(seed, shape, mask):
    values, equations, primary = drawn(shape, seed, 2)
    case = problem(values, equations, primary)
    hidden = _pattern(case, mask)
    assert set(Moves(case, hidden, Work(0)).stuck().tolist()) == _stuck(case, hidden)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), SHAPES, st.integers(0, 2**27 - 1))
def test_a_secondary_is_needed_where_showing_it_makes_a_sensitive_cell_stuck(seed, shape, mask):
    values, equations, primary = drawn(shape, seed, 2)
    case = problem(values, equations, primary)
    hidden = _pattern(case, mask)
    moves = Moves(case, hidden, Work(0))
    for cell in map(int, np.flatnonzero(hidden & ~primary)):
        fewer = hidden.copy()
        fewer[cell] = False
        after = _stuck(case, fewer)
        assert moves.needed(cell) == (after > _stuck(case, hidden))
        narrowed = moves.copy()
        narrowed.show([cell])
        assert set(narrowed.stuck().tolist()) == after


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), SHAPES, st.integers(0, 2**27 - 1))
def test_no_pattern_with_a_stuck_cell_is_safe(seed, shape, mask):
    values, equations, primary = drawn(shape, seed, 2)
    case = problem(values, equations, primary)
    hidden = _pattern(case, mask)
    if Moves(case, hidden, Work(0)).stuck().size:
        assert not safe(case, hidden)


def test_a_cell_that_the_attacker_knows_does_not_move():
    values, equations = cube(np.full((2, 2), 5))
    primary = np.zeros(9, dtype=bool)
    primary[0] = True
    hidden = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0], dtype=bool)
    assert not Moves(problem(values, equations, primary), hidden, Work(0)).stuck().size
    known = np.where(np.arange(9) == 4, values, values + 100)
    case = problem(values, equations, primary, low=np.where(np.arange(9) == 4, values, 0), high=known)
    assert Moves(case, hidden, Work(0)).stuck().tolist() == [0]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_walk_never_gets_dearer_and_leaves_no_cell_stuck(seed):
    values, equations, primary = drawn((4, 4), seed, 3)
    case, work = problem(values, equations, primary), Work(0)
    repair = Repair(case, Audit(case, work), work)
    first = repair.made_safe(primary, case.cost.astype(float))
    if first is None:
        return
    walks = []
    for _ in range(2):
        walk = Descent(case, repair.routes, np.random.default_rng(1), work)
        walk.stand_on(first)
        costs = [walk.cost(first)]
        for _ in range(5):
            cheaper = walk.step()
            costs.append(walk.cost(walk.hidden))
            assert cheaper == (costs[-1] < costs[-2])
            assert not _stuck(case, walk.hidden)
        assert costs == sorted(costs, reverse=True)
        walks.append(walk.hidden)
    assert (walks[0] == walks[1]).all()

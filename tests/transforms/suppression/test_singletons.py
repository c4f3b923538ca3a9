"""Whoever is alone in a hidden cell subtracts it; what one line hides stands for enough; groups are not unanimous."""

import itertools

import numpy as np
import polars as pl
import pytest

from transforms.suppression.audit import Audit
from transforms.suppression.contributions import gather
from transforms.suppression.elimination import determined
from transforms.suppression.engine import protect_cells
from transforms.suppression.hierarchies import Cut, Variable
from transforms.suppression.levels import problem_of
from transforms.suppression.linked import lay_out
from transforms.suppression.singletons import insiders, knowledge, protect_from_insiders, seen_by
from transforms.suppression.solver import Work
from transforms.suppression.tables import Table
from transforms.suppression.virtual import Virtual, fixed, group_disclosure, with_virtual

LINE = lay_out([Table(name="t", cuts=(Cut(variable=Variable.flat("v", "abcd")),))])
SQUARE = lay_out(
    [Table(name="t", cuts=(Cut(variable=Variable.flat("r", "abc")), Cut(variable=Variable.flat("c", "xyz"))))]
)


def line(*codes: str, unit: list[int] | None = None):
    rows = pl.DataFrame({"v": list(codes), **({"unit": unit} if unit else {})})
    of = gather(LINE, rows, unit="unit" if unit else None)
    return problem_of(LINE, of.total, ((of.total > 0) & (of.total < 2)).astype(np.int64)), of


def hidden_codes(marks: np.ndarray) -> str:
    return "".join(code for code, unknown in zip("Tabcd", LINE.lines["t"], strict=True) if marks[unknown])


def test_two_who_are_alone_know_each_other_and_need_a_third():
    problem, of = line("a", "b", "b", "c")
    plain = protect_cells(problem).hidden
    assert hidden_codes(plain) == "ac"
    assert len(insiders(problem, plain, of.alone)) == 2
    ours = protect_from_insiders(problem, of.alone)
    assert (ours & ~problem.primary).sum() == 1 and insiders(problem, ours, of.alone) == []


def test_a_holding_that_is_alone_in_two_cells_knows_both():
    # Holding 0 is all of a and all of b; c is another's. Three are hidden, and she still knows the third.
    problem, of = line("a", "b", "c", "d", "d", "d", unit=[0, 0, 1, 2, 3, 4])
    hidden = problem.primary.copy()
    assert hidden_codes(hidden) == "abc"
    alone = np.full_like(of.alone, -1)
    alone[LINE.lines["t"][[1, 2]]] = 0
    assert insiders(problem, hidden, alone) == [0]
    # The control: were a and b of different people, neither would know enough.
    assert insiders(problem, hidden, np.where(alone == 0, np.arange(len(alone)), -1)) == []
    ours = protect_from_insiders(problem, alone)
    assert insiders(problem, ours, alone) == [] and (ours & ~problem.primary).any()


def square(inner: list[int]):
    codes = list(itertools.product("abc", "xyz"))
    rows = pl.DataFrame({"r": [r for r, _ in codes], "c": [c for _, c in codes], "n": inner})
    values = SQUARE.totals(rows, "n")
    return problem_of(SQUARE, values, ((values > 0) & (values < 3)).astype(np.int64))


@pytest.mark.parametrize("seed", range(8))
def test_a_pattern_for_insiders_is_safe_for_each_by_plain_linear_algebra(seed):
    inner = np.random.default_rng(seed).integers(1, 9, size=9).tolist()
    problem = square(inner)
    alone = np.where(problem.values == 1, np.arange(SQUARE.cells), -1)
    ours = protect_from_insiders(problem, alone)
    assert ours[problem.primary].all()
    for known in knowledge(alone):
        # To her a cell that she knows is shown; nothing else may follow.
        assert not determined(problem.system, ours & ~known)[problem.primary & ~known].any()


def test_to_her_what_she_knows_cannot_deviate():
    problem = square([1, 2, 3, 4, 5, 6, 7, 8, 9])
    known = problem.values == 1
    hers = seen_by(problem, known)
    assert (hers.low[known] == hers.high[known]).all() and not hers.primary[known].any()
    assert (hers.up == 0).all() and hers.slide[problem.values == 2].tolist() == [1]


def test_what_a_line_hides_must_stand_for_enough():
    problem, _ = line("a", "b", "b", "c")
    nobody = np.full(LINE.cells, -1)
    assert hidden_codes(protect_from_insiders(problem, nobody, least=2)) == "ac"
    assert (protect_from_insiders(problem, nobody, least=3) & ~problem.primary).sum() == 1
    # Four people in all: only with the total hidden do five not have to be found.
    assert "T" in hidden_codes(protect_from_insiders(problem, nobody, least=5))


def test_a_sum_that_nobody_prints_can_be_protected():
    problem, _ = line("a", "b", "b", "c")
    a, c = LINE.lines["t"][[1, 3]]
    wider = with_virtual(problem, [Virtual(signs={int(a): 1, int(c): 1}, up=1)])
    assert wider.values[-1] == 2 and wider.unprinted[-1] and wider.system.holds(wider.values)
    assert Audit(wider, Work(10**8)).unmet(wider.primary | wider.unprinted) == [LINE.cells]
    assert (protect_cells(wider).hidden[:-1] & ~problem.primary).sum() == 1


def test_a_pattern_that_may_only_grow_grows():
    problem = square([1, 5, 5, 5, 5, 5, 5, 5, 5])
    before = protect_cells(problem).hidden
    assert (protect_cells(fixed(problem, before)).hidden >= before).all()
    assert protect_cells(fixed(problem, before)).cost == 0


def test_a_group_that_all_but_agrees_is_not_to_be_seen():
    # Row a: 8 of 9 say x. With two needed outside, x cannot stand beside the row's total.
    inner = [8, 1, 0, 3, 3, 3, 4, 4, 4]
    codes = list(itertools.product("abc", "xyz"))
    rows = pl.DataFrame({"r": [r for r, _ in codes], "c": [c for _, c in codes], "n": inner})
    values = SQUARE.totals(rows, "n")
    plain = problem_of(SQUARE, values, np.zeros(SQUARE.cells, dtype=np.int64))
    grouped = group_disclosure(plain, 2)
    assert len(grouped.values) == SQUARE.cells + 1 and grouped.values[-1] == 1 and grouped.up[-1] == 1
    hidden = protect_cells(grouped).hidden
    a_total, a_x = (SQUARE.lines["t"][SQUARE.tables[0].lines().rows().index(key)] for key in (("a", "_T"), ("a", "x")))
    assert hidden[a_total] or hidden[a_x]
    assert len(group_disclosure(plain, 1).values) == SQUARE.cells

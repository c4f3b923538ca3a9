"""Gaussian elimination: no hidden primary cell is a combination of shown ones; of bounds it knows nothing."""

import itertools
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Refused
from transforms.suppression.audit import Audit
from transforms.suppression.elimination import determined, generators, hidden_by_elimination
from transforms.suppression.engine import protect_cells
from transforms.suppression.hierarchies import Cut, Variable
from transforms.suppression.levels import problem_of
from transforms.suppression.linked import lay_out
from transforms.suppression.solver import Work
from transforms.suppression.tables import Table

ROWS, COLUMNS = Variable.flat("r", "abc"), Variable.flat("c", "xyz")
LAYOUT = lay_out([Table(name="t", cuts=(Cut(variable=ROWS), Cut(variable=COLUMNS)))])
CODES = list(itertools.product("abc", "xyz"))
counts = st.lists(st.integers(0, 9), min_size=9, max_size=9)


def problem(inner: list[int], threshold: int = 3):
    rows = pl.DataFrame({"r": [r for r, _ in CODES], "c": [c for _, c in CODES], "n": inner})
    values = LAYOUT.totals(rows, "n")
    return problem_of(LAYOUT, values, ((values > 0) & (values < threshold)).astype(np.int64))


def rank(rows: list[list[Fraction]]) -> int:
    rows, found = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for place, row in enumerate(rows):
            if row is not pivot and row[column]:
                times = row[column] / pivot[column]
                rows[place] = [a - times * b for a, b in zip(row, pivot, strict=True)]
        found += 1
    return found


def by_fractions(hidden: np.ndarray) -> list[bool]:
    """The oracle: a cell is determined where one more equation, that it is nought, changes nothing."""
    dense = np.zeros((len(LAYOUT.system.start) - 1, LAYOUT.cells), dtype=int)
    for row, (a, b) in enumerate(itertools.pairwise(LAYOUT.system.start)):
        dense[row, LAYOUT.system.index[a:b]] = LAYOUT.system.value[a:b]
    rows = [[Fraction(int(each)) for each in row[hidden]] for row in dense]
    size = int(hidden.sum())
    found = iter([rank([*rows, [Fraction(at == cell) for at in range(size)]]) == rank(rows) for cell in range(size)])
    return [bool(cell) and next(found) for cell in hidden]


@given(st.lists(st.booleans(), min_size=16, max_size=16))
@settings(max_examples=40, deadline=None)
def test_what_is_determined_agrees_with_plain_fractions(hidden):
    marks = np.array(hidden)
    assert determined(LAYOUT.system, marks).tolist() == by_fractions(marks)


@given(counts)
@settings(max_examples=60, deadline=None)
def test_no_primary_cell_is_determined_by_what_is_shown(inner):
    # Noughts must be shown, and may give a cell away: then there is no such pattern, and a refusal says so.
    asked = problem([each + 1 for each in inner], threshold=4)
    try:
        hidden = hidden_by_elimination(asked)
    except Refused as refused:
        assert [finding.rule for finding in refused.findings] == ["primary_follows_from_shown"]
        return
    assert not determined(asked.system, hidden)[asked.primary].any()
    assert hidden[asked.primary].all() and not (hidden & ~asked.primary & ~asked.candidate).any()
    # Nothing is hidden for nothing: each secondary cell, shown, gives a primary one away.
    for cell in np.flatnonzero(hidden & ~asked.primary):
        fewer = hidden.copy()
        fewer[cell] = False
        assert determined(asked.system, fewer)[asked.primary].any()


def test_primary_cells_alone_are_determined():
    asked = problem([1, 5, 5, 5, 5, 5, 5, 5, 5])
    assert determined(asked.system, asked.primary)[asked.primary].all()
    assert (hidden_by_elimination(asked) & ~asked.primary).sum() == 3


def test_elimination_knows_no_bounds_and_the_audit_does():
    # 1 1 hidden beside 0s that are shown, crossed with a row of one: linear freedom, but no room below nought.
    asked = problem_of(LAYOUT, problem([1, 0, 5, 0, 1, 5, 5, 5, 5]).values, np.zeros(LAYOUT.cells, dtype=np.int64))
    square = dict(zip(asked_lines(), LAYOUT.lines["t"], strict=True))
    hidden = np.zeros(LAYOUT.cells, dtype=bool)
    hidden[[square[key] for key in (("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"))]] = True
    assert not determined(asked.system, hidden).any()
    level = np.zeros(LAYOUT.cells, dtype=np.int64)
    level[square["a", "x"]] = 2
    demanding = problem_of(LAYOUT, asked.values, level)
    assert Audit(demanding, Work(10**8)).unmet(hidden) == [square["a", "x"]]


def asked_lines() -> list[tuple[str, str]]:
    return LAYOUT.tables[0].lines().rows()


def test_a_pattern_of_elimination_is_a_start_for_the_engine():
    asked = problem([1, 5, 2, 5, 9, 5, 5, 5, 5])
    start = hidden_by_elimination(asked)
    ours = protect_cells(asked, start=start)
    assert ours.proven and ours.cost <= int(asked.cost[start & ~asked.primary].sum())


def test_the_wish_to_publish_decides_who_is_hidden():
    asked = problem([1, 5, 5, 5, 5, 5, 5, 5, 5])
    order = np.arange(LAYOUT.cells)
    first, last = hidden_by_elimination(asked, order), hidden_by_elimination(asked, order[::-1])
    assert first.tolist() != last.tolist()


def test_what_must_be_shown_and_gives_a_cell_away_is_refused():
    layout = lay_out([Table(name="t", cuts=(Cut(variable=ROWS),))])
    values = np.array([9, 1, 4, 4])
    shown = np.array([True, False, True, True])
    with pytest.raises(Refused, match="primary_follows_from_shown"):
        hidden_by_elimination(problem_of(layout, values, (values == 1).astype(np.int64), shown=shown))


def test_every_cell_is_its_combination_of_free_cells():
    asked = problem([1, 2, 3, 4, 5, 6, 7, 8, 9])
    for cell, column in enumerate(generators(asked.system)):
        prime = 2**31 - 1
        assert sum(factor * int(asked.values[free]) for free, factor in column.items()) % prime == asked.values[cell]

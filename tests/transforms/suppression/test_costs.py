"""What hiding costs, by hand; and that it decides which of two patterns is chosen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Refused
from transforms.programs import System
from transforms.suppression.costs import FINE, KEPT, Cost, costs
from transforms.suppression.engine import protect_cells
from transforms.suppression.problem import Problem

VALUES = np.array([0, 1, 40, 1000])


@pytest.mark.parametrize(
    ("kind", "by_hand"),
    [
        (Cost.CELLS, [1, 1, 1, 1]),
        (Cost.VALUE, [1, 1, 40, 1000]),
        # 1 + floor(16 log2(v + 1)): log2(41) = 5.3576, log2(1001) = 9.9672.
        (Cost.LOG_VALUE, [1, 17, 86, 160]),
        (Cost.FREQUENCY, [2, 1, 3, 9]),
    ],
)
def test_costs_are_as_the_handbook_has_them(kind, by_hand):
    assert costs(kind, VALUES, frequencies=np.array([2, 0, 3, 9])).tolist() == by_hand


@given(st.integers(0, 10**12))
def test_the_logarithm_is_exact(value):
    (cost,) = costs(Cost.LOG_VALUE, np.array([value]))
    assert abs(cost - 1 - FINE * math.log2(value + 1)) <= 1


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.sampled_from([Cost.CELLS, Cost.VALUE, Cost.LOG_VALUE]))
def test_every_cost_is_one_or_more_and_what_was_hidden_is_cheaper(values, kind):
    before = np.arange(len(values)) % 2 == 0
    plain, kept = costs(kind, np.array(values)), costs(kind, np.array(values), hidden_before=before)
    assert (plain >= 1).all()
    assert (kept[before] * KEPT == plain[before] * KEPT).all() and (kept[~before] == KEPT * plain[~before]).all()


def test_frequencies_must_be_given_to_be_counted():
    with pytest.raises(Refused):
        costs(Cost.FREQUENCY, VALUES)


def test_of_two_partners_the_one_that_was_hidden_before_is_hidden_again():
    """One row of three cells and its total: the primary needs one partner, either will do."""
    values = np.array([3, 20, 30, 53])
    row = System(np.array([0, 4]), np.array([0, 1, 2, 3]), np.array([1, 1, 1, -1]), 4)
    primary, nothing = np.array([True, False, False, False]), np.zeros(4, dtype=np.int64)

    def partner(cost: np.ndarray) -> list[int]:
        problem = Problem(
            values=values,
            system=row,
            low=nothing,
            high=nothing + 106,
            primary=primary,
            unprinted=np.zeros(4, dtype=bool),
            candidate=np.array([False, True, True, False]),
            up=np.where(primary, 3, 0),
            down=np.where(primary, 3, 0),
            slide=nothing,
            width=nothing,
            cost=cost,
        )
        return np.flatnonzero(protect_cells(problem).hidden & ~primary).tolist()

    assert partner(costs(Cost.VALUE, values)) == [1]
    before = np.array([True, False, True, False])
    assert partner(costs(Cost.VALUE, values, hidden_before=before)) == [2]

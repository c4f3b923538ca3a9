"""Microaggregation forms the groups of the book, breaks no model, and says what it won and lost."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Refused, WrongUse
from tests.transforms.search.small import AGES, PEOPLE, SEXES, smalls
from transforms.risk.models import DistinctDiversity, KAnonymity
from transforms.search.judge import Demand
from transforms.search.ladders import Ladder
from transforms.search.metrics.loss import Loss
from transforms.search.microaggregation import mdav, microaggregate
from transforms.search.search import search
from transforms.search.tuples import count_tuples

Point = tuple[float, ...]


def far(one: Point, other: Point) -> float:
    total = 0.0
    for mine, its in zip(one, other, strict=True):
        total += (mine - its) ** 2
    return total


def by_the_book(rows: list[tuple[int, ...]], k: int) -> set[frozenset[int]]:
    """MDAV of single records, with lists: no two records are alike."""
    scales = []
    for column in zip(*rows, strict=True):
        spread = len(rows) * sum(code**2 for code in column) - sum(column) ** 2
        scales.append(math.sqrt(spread) / len(rows) if spread else math.inf)
    at = {i: tuple(code / scale for code, scale in zip(row, scales, strict=True)) for i, row in enumerate(rows)}
    left, groups = list(at), set()

    def group_around(centre: Point) -> None:
        group = sorted(left, key=lambda i: (far(at[i], centre), i))[:k]
        groups.add(frozenset(group))
        for i in group:
            left.remove(i)

    def average() -> Point:
        return tuple(math.fsum(column) / len(left) for column in zip(*(at[i] for i in left), strict=True))

    def furthest(point: Point) -> Point:
        return at[min(left, key=lambda i: (-far(at[i], point), i))]

    while len(left) >= 3 * k:
        first = furthest(average())
        group_around(first)
        group_around(furthest(first))
    if len(left) >= 2 * k:
        group_around(furthest(average()))
    return groups | ({frozenset(left)} if left else set())


records = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[st.integers(0, 30)] * width), min_size=1, max_size=40, unique=True)
)


@given(rows=records, k=st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_groups_are_those_of_the_book(rows, k):
    group, groups = mdav(np.array(rows).T, np.ones(len(rows), dtype=np.int64), k)
    found = {frozenset(np.flatnonzero(group == number).tolist()) for number in range(groups)}
    assert found == by_the_book(rows, k)
    assert all(k <= len(members) < 2 * k for members in found) or len(rows) < k


@given(rows=records, weights=st.data(), k=st.integers(1, 6))
@settings(max_examples=100, deadline=None)
def test_people_of_one_tuple_stay_together_in_groups_of_k(rows, weights, k):
    people = np.array([weights.draw(st.integers(1, 7)) for _ in rows])
    group, groups = mdav(np.array(rows).T, people, k)
    sizes = np.bincount(group, weights=people, minlength=groups)
    assert (sizes >= min(k, people.sum())).all() and sizes.sum() == people.sum()


def squares(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)


@given(values=st.lists(st.integers(0, 20), min_size=4, max_size=7, unique=True))
@settings(max_examples=40, deadline=None)
def test_no_grouping_loses_less_than_the_best_there_is(values):
    group, groups = mdav(np.array([values]), np.ones(len(values), dtype=np.int64), 2)
    ours = sum(squares([v for v, g in zip(values, group, strict=True) if g == number]) for number in range(groups))
    best = math.inf
    for labels in itertools.product(range(len(values) // 2), repeat=len(values)):
        parts = [[v for v, label in zip(values, labels, strict=True) if label == each] for each in set(labels)]
        if all(len(part) >= 2 for part in parts):
            best = min(best, sum(map(squares, parts)))
    assert best - 1e-9 <= ours <= squares(values) + 1e-9


@given(small=smalls(), k=st.integers(2, 4), most=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_every_published_group_holds_and_nobody_is_lost(small, k, most):
    demands, tuples = [Demand(KAnonymity(k)), Demand(DistinctDiversity(2), "answer")], small.tuples
    try:
        found = search(tuples, demands, Loss(), most_suppressed=most)
    except Refused:
        return
    made = microaggregate(tuples, demands, found, [ladder.name for ladder in small.ladders])
    place = {tuple(codes): number for number, codes in enumerate(tuples.codes.T.tolist())}
    members = defaultdict(list)
    for row, answer in zip(small.rows, small.answers, strict=True):
        if made.group_of[place[row]] >= 0:
            members[int(made.group_of[place[row]])].append((row, answer))
    assert sorted(members) == list(range(len(made.means)))
    for group, its in members.items():
        assert len(its) >= k and len({answer for _, answer in its}) >= 2
        assert made.means[group] == pytest.approx(np.mean([row for row, _ in its], axis=0))
    assert sum(map(len, members.values())) == made.won == found.suppressed - made.suppressed
    assert 0 <= made.lost <= 1 + 1e-9


def test_a_table_by_hand():
    # Ages 0 1 2 and 10 11 12, everybody alone: two groups of three, with the means 1 and 11.
    exact = Ladder(name="age", levels=(np.arange(13), np.zeros(13, dtype=np.int64)))
    rows = [np.array([0, 1, 2, 10, 11, 12])]
    tuples, demands = count_tuples([exact], rows), [Demand(KAnonymity(3))]
    found = search(tuples, demands, Loss(factor=0.0), most_suppressed=6)
    assert (found.node, found.suppressed) == ((0,), 6)
    made = microaggregate(tuples, demands, found, ["age"])
    assert sorted(made.means.ravel().tolist()) == [1, 11] and (made.won, made.suppressed) == (6, 0)
    # Of squares 5^2 * 6 + 4 around the mean 6, 4 are left inside.
    assert made.lost == pytest.approx(4 / 154)


@pytest.mark.parametrize("numeric", [[], ["income"]])
def test_a_name_that_is_no_quasi_identifier_is_refused(numeric):
    tuples, demands = count_tuples([AGES, SEXES], PEOPLE), [Demand(KAnonymity(2))]
    found = search(tuples, demands, Loss(), most_suppressed=2)
    with pytest.raises(WrongUse, match="numeric: search_numeric_unknown"):
        microaggregate(tuples, demands, found, numeric)

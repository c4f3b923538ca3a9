"""Local recoding and cell suppression win people back and break no model."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Refused
from tests.transforms.search.small import AGES, PEOPLE, SEXES, smalls
from transforms.risk.models import Closeness, DistinctDiversity, KAnonymity
from transforms.search.judge import Demand
from transforms.search.local import recode_locally, suppress_cells
from transforms.search.metrics.loss import Loss
from transforms.search.microaggregation import microaggregate
from transforms.search.search import search
from transforms.search.tuples import count_tuples


@given(small=smalls(), k=st.integers(2, 4), most=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_every_published_class_holds_and_nobody_is_lost(small, k, most):
    demands, tuples = [Demand(KAnonymity(k)), Demand(DistinctDiversity(2), "answer")], small.tuples
    try:
        found = search(tuples, demands, Loss(), most_suppressed=most)
    except Refused:
        return
    recoded = recode_locally(tuples, demands, Loss(), found)
    place = {tuple(codes): number for number, codes in enumerate(tuples.codes.T.tolist())}
    published = defaultdict(list)
    for row, answer in zip(small.rows, small.answers, strict=True):
        round_ = int(recoded.round_of[place[row]])
        if round_ >= 0:
            # A group is known by the codes it stands for.
            node = recoded.rounds[round_]
            groups = [
                tuple((ladder.levels[at] == ladder.levels[at][code]).tolist())
                for ladder, at, code in zip(small.ladders, node, row, strict=True)
            ]
            published[tuple(groups)].append(answer)
    assert all(len(answers) >= k and len(Counter(answers)) >= 2 for answers in published.values())
    assert len(small.rows) - sum(map(len, published.values())) == recoded.suppressed == found.suppressed - recoded.won
    assert recoded.won >= 0


@given(small=smalls(), k=st.integers(2, 4), most=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_every_class_of_the_cells_that_are_left_holds(small, k, most):
    demands, tuples = [Demand(KAnonymity(k)), Demand(DistinctDiversity(2), "answer")], small.tuples
    try:
        found = search(tuples, demands, Loss(), most_suppressed=most)
    except Refused:
        return
    celled = suppress_cells(tuples, demands, Loss(), found)
    place = {tuple(codes): number for number, codes in enumerate(tuples.codes.T.tolist())}
    published = defaultdict(list)
    for row, answer in zip(small.rows, small.answers, strict=True):
        round_ = int(celled.round_of[place[row]])
        if round_ >= 0:
            levels = zip(small.ladders, found.node, row, celled.rounds[round_], strict=True)
            published[tuple(int(of.levels[at][code]) if shown else "*" for of, at, code, shown in levels)].append(
                answer
            )
    assert all(len(answers) >= k and len(set(answers)) >= 2 for answers in published.values())
    assert len(small.rows) - sum(map(len, published.values())) == celled.suppressed == found.suppressed - celled.won
    # No choice of cells, tried one by one, would win anybody else.
    at = [of.levels[level] for of, level in zip(small.ladders, found.node, strict=True)]
    telling = [i for i, groups in enumerate(at) if groups.max() > 0]
    left = [
        (row, answer) for row, answer in zip(small.rows, small.answers, strict=True) if celled.round_of[place[row]] < 0
    ]
    for shown in (some for size in range(1, len(telling) + 1) for some in combinations(telling, size)):
        classes = defaultdict(list)
        for row, answer in left:
            classes[tuple(int(at[i][row[i]]) for i in shown)].append(answer)
        assert not any(len(answers) >= k and len(set(answers)) >= 2 for answers in classes.values())


def test_cells_by_hand():
    # The man and the woman of age 1 are alone: without their sex they are two of age 1.
    found = search(count_tuples([AGES, SEXES], PEOPLE), [Demand(KAnonymity(2))], Loss(), most_suppressed=2)
    assert (found.node, found.suppressed) == ((0, 0), 2)
    celled = suppress_cells(count_tuples([AGES, SEXES], PEOPLE), [Demand(KAnonymity(2))], Loss(), found)
    assert celled.rounds == ((True, True), (True, False))
    assert (celled.won, celled.suppressed, celled.round_of.tolist()) == (2, 0, [0, 1, 1, 0, 0])


@pytest.mark.parametrize(
    "act",
    [
        lambda *given: recode_locally(*given),
        lambda *given: suppress_cells(*given),
        lambda tuples, demands, _, found: microaggregate(tuples, demands, found, [tuples.ladders[0].name]),
    ],
)
@given(small=smalls())
@settings(max_examples=5, deadline=None)
def test_a_model_of_the_whole_table_is_refused(act, small):
    demands = [Demand(Closeness(1.0), "answer")]
    found = search(small.tuples, demands, Loss())
    with pytest.raises(Refused, match="models: search_model_not_local"):
        act(small.tuples, demands, Loss(), found)

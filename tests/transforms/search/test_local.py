"""Local recoding wins people back and breaks no model."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Refused
from tests.transforms.search.small import smalls
from transforms.risk.models import Closeness, DistinctDiversity, KAnonymity
from transforms.search.judge import Demand
from transforms.search.local import recode_locally
from transforms.search.metrics.loss import Loss
from transforms.search.search import search


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


@given(small=smalls())
@settings(max_examples=5, deadline=None)
def test_a_model_of_the_whole_table_is_refused(small):
    demands = [Demand(Closeness(1.0), "answer")]
    found = search(small.tuples, demands, Loss())
    with pytest.raises(Refused, match="models: search_model_not_local"):
        recode_locally(small.tuples, demands, Loss(), found)

"""Small random cases whose optimum is found by trying every node."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from transforms.risk.models import Closeness, KAnonymity
from transforms.search.judge import Demand
from transforms.search.ladders import Ladder
from transforms.search.metrics.entropy import Entropy
from transforms.search.metrics.loss import Loss
from transforms.search.metrics.scoring import Metric
from transforms.search.metrics.sizes import Discernability
from transforms.search.search import search, try_node
from transforms.search.tuples import Tuples, count_tuples

METRICS: dict[str, Metric] = {"loss": Loss(), "entropy": Entropy(), "discernability": Discernability()}
DEMANDS = {
    "k": [Demand(KAnonymity(5))],
    "k and t": [Demand(KAnonymity(5)), Demand(Closeness(0.35), "answer")],
}
PEOPLE = 2_000


def synthetic() -> Iterator[dict[str, Any]]:
    """A line for every metric, set of models and suppression limit."""
    tuples = _tuples(np.random.default_rng(2026))
    nodes = list(itertools.product(*(range(ladder.height + 1) for ladder in tuples.ladders)))
    cases = itertools.product(METRICS.items(), DEMANDS.items(), (0, PEOPLE // 50, PEOPLE // 10))
    for index, ((metric_name, metric), (name, demands), most) in enumerate(cases):
        tried = [try_node(tuples, demands, metric, node) for node in nodes]
        expected = min(each.score for each in tried if each.suppressed <= most)
        begin = time.perf_counter()
        found = search(tuples, demands, metric, most_suppressed=most)
        yield {
            "suite": f"synthetic {metric_name}, {name}, {most} suppressed",
            "index": index,
            "score": list(found.score),
            "expected": list(expected),
            "equal": found.score == expected,
            "node": list(found.node),
            "seconds": round(time.perf_counter() - begin, 3),
            "nodes_checked": found.nodes_checked,
            "proven": found.proven,
        }


def _tuples(random: np.random.Generator) -> Tuples:
    ladders = [
        Ladder(name="age", levels=tuple(np.arange(60) // width for width in (1, 5, 15, 60))),
        Ladder(name="region", levels=tuple(np.arange(12) // width for width in (1, 4, 12))),
        Ladder(name="household", levels=tuple(np.arange(6) // width for width in (1, 2, 6))),
        Ladder(name="sex", levels=(np.arange(2), np.zeros(2, dtype=np.int64))),
    ]
    columns = [(random.random(PEOPLE) ** 2 * ladder.domain).astype(np.uint8) for ladder in ladders]
    answer = (random.random(PEOPLE) ** 1.5 * 4).astype(np.int64)
    return count_tuples(ladders, columns, {"answer": answer})

"""A case run and compared with what it expects."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from microdata_cases.nouns import Unsupported, Words, demands_of, exempt, metric_of
from microdata_cases.tables import Table
from terms.findings import Refused
from transforms.search.judge import Demand
from transforms.search.metrics.scoring import Metric, Score
from transforms.search.search import search, try_node
from transforms.search.tuples import Tuples, count_tuples

TOLERANCE = 1e-8


class Folder:
    """Cases of one folder; tables are read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """A data file."""
        if name not in self._tables:
            self._tables[name] = Table(self._folder, name)
        return self._tables[name]

    def subset(self, table: Table) -> int | None:
        """Rows of the table's research subset, where it is here."""
        try:
            return int(np.count_nonzero(table.subset))
        except OSError:
            return None


def run(folder: Folder, case: Words) -> Iterator[dict[str, Any]]:
    """One line for an optimum; one line a node for node scores."""
    about = {"suite": case["suite"], "index": case["index"]}
    try:
        table = folder.table(case["dataset"])
        apart = exempt(case, folder.subset(table))
        if apart:
            yield about | {"exempt": apart}
            return
        prepared = _prepare(table, case)
    except (Unsupported, OSError, KeyError) as missing:
        yield about | {"equal": False, "unsupported": str(missing)}
        return
    if "expected_node_scores" in case:
        yield from (about | line for line in _nodes(case, *prepared))
    else:
        yield about | _optimum(case, *prepared)


def _prepare(table: Table, case: Words) -> tuple[Tuples, list[Demand], Metric]:
    attributes = {model["attribute"] for model in case["models"] if "attribute" in model}
    tuples = count_tuples(
        [table.ladder(column) for column in case["qis"]],
        [table.codes(column) for column in case["qis"]],
        {name: table.values(name) for name in sorted(attributes)},
        table.subset if any(model.get("subset_size") for model in case["models"]) else None,
    )
    return tuples, demands_of(case, table), metric_of(case)


def _optimum(case: Words, tuples: Tuples, demands: list[Demand], metric: Metric) -> dict[str, Any]:
    begin = time.perf_counter()
    most = math.floor(case["suppression_limit"] * tuples.total)
    expected = None if case["expected_node"] is None else _numbers(case["expected_score"])
    try:
        found = search(tuples, demands, metric, most_suppressed=most)
    except Refused as refused:
        none = refused.findings[0].rule in {"search_no_solution", "search_k_above_people"}
        equal, node, score, checked, proven = none and expected is None, None, None, None, none
    else:
        node, score, checked, proven = list(found.node), list(found.score), found.nodes_checked, found.proven
        equal = expected is not None and (
            _equal(score, expected) or (case.get("practical_monotonicity", False) and score < expected)
        )
    return {
        "score": score,
        "expected": expected,
        "equal": equal,
        "node": node,
        "seconds": round(time.perf_counter() - begin, 3),
        "nodes_checked": checked,
        "proven": proven,
    }


def _nodes(case: Words, tuples: Tuples, demands: list[Demand], metric: Metric) -> Iterator[dict[str, Any]]:
    for written, wanted in case["expected_node_scores"].items():
        begin = time.perf_counter()
        node, expected = tuple(json.loads(written)), _numbers(wanted)
        score = list(try_node(tuples, demands, metric, node).score)
        yield {
            "score": score,
            "expected": expected,
            "equal": _equal(score, expected),
            "node": list(node),
            "seconds": round(time.perf_counter() - begin, 3),
            "nodes_checked": 1,
            "proven": None,
        }


def _numbers(written: str | float | Sequence[float]) -> list[float]:
    """A score as it is written: a number, its digits, or a list of either."""
    if isinstance(written, str):
        written = json.loads(written) if written.startswith("[") else float(written)
    return [float(part) for part in written] if isinstance(written, list) else [float(written)]


def _equal(score: Score | list[float], expected: list[float]) -> bool:
    return len(score) == len(expected) and all(
        math.isclose(ours, theirs, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for ours, theirs in zip(score, expected, strict=True)
    )

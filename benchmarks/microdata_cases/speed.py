"""Seconds and memory of the search where tables are large."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from microdata_cases.tables import Table
from transforms.risk.models import KAnonymity
from transforms.search.judge import Demand
from transforms.search.ladders import Ladder
from transforms.search.metrics.loss import Loss
from transforms.search.search import WORK, Found, search
from transforms.search.tuples import count_tuples

RUNS = 5
ANYTIME = 500_000_000
"""Work of the search in a lattice too large to finish: about half a minute on a small machine."""

Columns = list[np.ndarray]


def speeds(folder: Path | None) -> Iterator[dict[str, Any]]:
    """Adult as it is and a million rows of it where ``folder`` has it; then ten million answers, and 15 columns."""
    if folder is not None:
        table = Table(folder, "adult.csv")
        ladders = [table.ladder(name) for name in table.columns]
        columns = [table.codes(name) for name in table.columns]
        for share in (0.02, 0.05):
            yield _measured("Adult, 9 quasi-identifiers", ladders, columns, share)
        million = _resampled(ladders, columns, 1_000_000)
        for share in (0.02, 0.05):
            yield _measured("a million rows, 9 quasi-identifiers", ladders, million, share)
        del million
    yield _measured(
        "ten million answers, 6 quasi-identifiers", *_synthetic(10_000_000, [100, 47, 2, 8, 12, 6]), 0.02, 3
    )
    yield _measured(
        "15 quasi-identifiers", *_synthetic(30_000, [20, 12, 2, 8, 10, 6, 5, 9, 7, 4, 16, 3, 6, 5, 8]), 0.05, 1
    )


def _measured(name: str, ladders: list[Ladder], columns: Columns, share: float, runs: int = RUNS) -> dict[str, Any]:
    """The median over runs: rows in memory as whole numbers -> the optimum."""
    seconds, cpu, found = [], [], None
    for _ in range(runs):
        begin, busy = time.perf_counter(), time.process_time()
        found = _search(ladders, columns, share)
        seconds.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - busy)
    assert found is not None
    return {
        "speed": name,
        "suppression": share,
        "seconds": round(statistics.median(seconds), 3),
        "seconds_least": round(min(seconds), 3),
        "cpu_seconds": round(statistics.median(cpu), 3),
        "node": list(found.node),
        "score": round(found.score[0], 6),
        "bound": round(found.bound[0], 6),
        "gap": round(found.gap, 6),
        "proven": found.proven,
        "nodes_checked": found.nodes_checked,
        "work": found.work,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _search(ladders: list[Ladder], columns: Columns, share: float) -> Found:
    tuples = count_tuples(ladders, columns)
    budget = ANYTIME if len(ladders) > 9 else WORK
    return search(tuples, [Demand(KAnonymity(5))], Loss(), most_suppressed=int(share * tuples.total), budget=budget)


def _resampled(ladders: list[Ladder], columns: Columns, rows: int) -> Columns:
    """Rows drawn again and again, one cell in twenty replaced by any value of its column's domain."""
    random = np.random.default_rng(2026)
    drawn = random.integers(0, len(columns[0]), rows)
    made = []
    for ladder, column in zip(ladders, columns, strict=True):
        fresh = random.integers(0, ladder.domain, rows).astype(column.dtype)
        made.append(np.where(random.random(rows) < 0.05, fresh, column[drawn]))
    return made


def _synthetic(rows: int, domains: list[int]) -> tuple[list[Ladder], Columns]:
    """Skewed answers that hang together a little, each column with a ladder that halves its groups."""
    random = np.random.default_rng(2026)
    trait = random.random(rows)
    columns = []
    for domain in domains:
        mixed = np.where(random.random(rows) < 0.3, trait, random.random(rows))
        columns.append(np.minimum(mixed**2 * domain, domain - 1).astype(np.uint8))
    return [_halving(f"q{place}", domain) for place, domain in enumerate(domains)], columns


def _halving(name: str, domain: int) -> Ladder:
    levels = [np.arange(domain)]
    while levels[-1].max() > 0:
        levels.append(levels[-1] // (2 if domain < 20 else 4))
    return Ladder(name=name, levels=tuple(levels))

"""Random class tables for Hypothesis, and small ones by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from transforms.risk.classes import ClassTable
from transforms.risk.models import (
    AlphaK,
    BasicBetaLikeness,
    Closeness,
    DeltaDisclosure,
    DistinctDiversity,
    EnhancedBetaLikeness,
    EntropyDiversity,
    KAnonymity,
    Model,
    RecursiveDiversity,
)


def table_of(*classes: Sequence[int], elsewhere: Sequence[int] | None = None) -> ClassTable:
    """Classes by the counts of their values; ``elsewhere``: people of the whole table in no class here."""
    histogram = np.array(classes, dtype=np.int64)
    overall = histogram.sum(axis=0) + np.array(elsewhere if elsewhere else [0] * histogram.shape[1], dtype=np.int64)
    return ClassTable(histogram.sum(axis=1), histogram, overall)


def sizes_of(*sizes: int, population: Sequence[int] | None = None) -> ClassTable:
    """Classes without a sensitive attribute."""
    return ClassTable(
        np.array(sizes, dtype=np.int64),
        population=None if population is None else np.array(population, dtype=np.int64),
    )


@st.composite
def tables(draw: st.DrawFn) -> ClassTable:
    """One to six classes with one to five values; empty classes and values that nobody has may occur."""
    classes, values = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    counts = draw(
        st.lists(
            st.lists(st.integers(0, 4), min_size=values, max_size=values), min_size=classes, max_size=classes
        ).filter(lambda rows: any(map(any, rows)))
    )
    elsewhere = draw(st.lists(st.integers(0, 3), min_size=values, max_size=values))
    return table_of(*counts, elsewhere=elsewhere)


@st.composite
def trees(draw: st.DrawFn, values: int) -> tuple[tuple[int, ...], ...]:
    """Levels over some values: each merges groups of the one before, the last is one group."""
    levels = [list(range(values))]
    for _ in range(draw(st.integers(0, 2))):
        groups = max(levels[-1]) + 1
        parent = draw(st.lists(st.integers(0, 2), min_size=groups, max_size=groups))
        names = sorted(set(parent))
        levels.append([names.index(parent[group]) for group in levels[-1]])
    return (*map(tuple, levels), (0,) * values)


def merged(table: ClassTable, one: int, other: int) -> ClassTable:
    """The same people with two classes made one."""
    keep = [place for place in range(len(table)) if place != other]
    histogram = table.histogram.copy()
    histogram[one] += histogram[other]
    return ClassTable(histogram[keep].sum(axis=1), histogram[keep], table.overall)


EVERY: list[Model] = [
    KAnonymity(2),
    DistinctDiversity(2),
    EntropyDiversity(1.7),
    EntropyDiversity(1.7, "grassberger"),
    RecursiveDiversity(2, 2),
    AlphaK(0.5, 2),
    Closeness(0.3),
    BasicBetaLikeness(0.8),
    EnhancedBetaLikeness(0.8),
    DeltaDisclosure(1),
]
"""One of each model that needs no tree and no population."""

"""Choosing the levels of the codebook: the least loss at which every equivalence class is large enough."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from terms.findings import refuse
from terms.hierarchy import Hierarchy
from terms.survey import Survey

LARGEST_LATTICE = 500_000
"""Nodes. A survey with more combinations of levels needs fewer quasi-identifiers or levels."""


Node = tuple[int, ...]
"""A level for each quasi-identifier."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Levels that hold, and what they cost."""

    levels: Mapping[str, int]
    loss: float
    """Mean over the quasi-identifiers of the share of information given up, 0 (exact) to 1 (``*``)."""
    smallest_class: int
    classes: int
    nodes_checked: int


def search_plan(survey: Survey, tuples: pl.DataFrame, progress: Callable[[int, int], None] | None = None) -> Plan:
    """The best combination of levels with every class >= k people and >= l distinct sensitive values.

    Best: the fewest declared breaks lost to ``*``, then the least loss, then the finer level of the earlier column.
    ``tuples``: distinct base codes of the quasi-identifiers and sensitive values with their ``people`` (see
    :func:`transforms.generalise.tuples_query`). Full-domain generalisation without suppression; the loss is
    non-uniform entropy (de Waal & Willenborg 1999), each quasi-identifier scaled to 0..1.

    Raises:
        Refused: the combinations are too many, or even ``*`` everywhere leaves a class below k.
    """
    hierarchies = [column.hierarchy for column in survey.quasi_identifiers if column.hierarchy is not None]
    size = math.prod(hierarchy.height + 1 for hierarchy in hierarchies)
    if size > LARGEST_LATTICE:
        raise refuse("columns", "plan_lattice_too_large", nodes=size, most=LARGEST_LATTICE)
    people = tuples["people"].to_numpy()
    sensitive = _sensitive_values(survey, tuples)
    codes = [_codes_by_level(hierarchy, tuples[hierarchy.variable]) for hierarchy in hierarchies]
    losses = [_losses(by_level, people) for by_level in codes]
    for checked, node in enumerate(_by_merit(hierarchies, losses, set(survey.breaks)), start=1):
        if progress is not None:
            progress(checked, size)
        classes = _classes([by_level[level] for by_level, level in zip(codes, node, strict=True)], len(people))
        sizes = np.bincount(classes, weights=people).astype(np.int64)
        if sizes.min(initial=survey.policy.k) >= survey.policy.k and all(
            _fewest_distinct(classes, values) >= survey.policy.l for values in sensitive
        ):
            return Plan(
                levels={hierarchy.variable: level for hierarchy, level in zip(hierarchies, node, strict=True)},
                loss=_loss(node, losses) / max(len(hierarchies), 1),
                smallest_class=int(sizes.min(initial=int(people.sum()))),
                classes=len(sizes),
                nodes_checked=checked,
            )
    raise refuse("columns", "plan_impossible", k=survey.policy.k)


def _by_merit(hierarchies: list[Hierarchy], losses: list[list[float]], breaks: set[str]) -> list[Node]:
    """All combinations of levels, the best first."""

    def merit(node: Node) -> tuple[int, float, Node]:
        lost = sum(
            hierarchy.variable in breaks and level == hierarchy.height
            for hierarchy, level in zip(hierarchies, node, strict=True)
        )
        # Rounded, so that the last bit of a sum does not decide between equals.
        return lost, round(_loss(node, losses), 12), node

    return sorted(itertools.product(*(range(hierarchy.height + 1) for hierarchy in hierarchies)), key=merit)


def _loss(node: Node, losses: list[list[float]]) -> float:
    return sum(loss[level] for loss, level in zip(losses, node, strict=True))


def _codes_by_level(hierarchy: Hierarchy, values: pl.Series) -> list[np.ndarray]:
    """For every level, the group number of each tuple."""
    by_level = []
    for level in hierarchy.levels:
        number = {group: place for place, group in enumerate(level.labels)}
        by_level.append(np.array([number[level.group_of[value]] for value in values.to_list()], dtype=np.int64))
    return by_level


def _sensitive_values(survey: Survey, tuples: pl.DataFrame) -> list[np.ndarray]:
    keys = {column.name for column in survey.quasi_identifiers} | {"people"}
    return [tuples[name].rank("dense").cast(pl.Int64).to_numpy() for name in tuples.columns if name not in keys]


def _classes(columns: list[np.ndarray], count: int) -> np.ndarray:
    """The number of the equivalence class of each tuple, 0 to classes - 1."""
    key = np.zeros(count, dtype=np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column
        key = np.unique(key, return_inverse=True)[1]
    return key


def _fewest_distinct(classes: np.ndarray, values: np.ndarray) -> int:
    pairs = np.unique(np.stack([classes, values]), axis=1)
    return int(np.bincount(pairs[0]).min(initial=len(values)))


def _losses(by_level: list[np.ndarray], people: np.ndarray) -> list[float]:
    """For every level, the share of the entropy of the exact values that it gives up."""
    entropies = [_entropy(groups, people) for groups in by_level]
    return [1 - entropy / entropies[0] if entropies[0] else 0.0 for entropy in entropies]


def _entropy(groups: np.ndarray, people: np.ndarray) -> float:
    sizes = np.bincount(groups, weights=people)
    shares = sizes[sizes > 0] / people.sum()
    return float(-(shares * np.log2(shares)).sum())

"""How identifying columns are together: a survey of which of them are quasi-identifiers (Motwani & Xu 2007)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from terms.findings import refuse
from transforms.risk.classes import ClassTable
from transforms.risk.counting import count_classes


@dataclass(frozen=True)
class Identifying:
    """Both are shares, 1 where everybody differs from everybody."""

    distinction: float
    """Classes per person."""
    separation: float
    """Share of all pairs of people who differ."""


def identifying(table: ClassTable) -> Identifying:
    """Of one class table. Raises Refused where there are fewer than two people.

    >>> import numpy as np
    >>> identifying(ClassTable(np.array([3, 2])))
    Identifying(distinction=0.4, separation=0.6)
    """
    people = table.people
    if people < 2:
        raise refuse("classes", "risk_nobody_measured")
    alike = sum(size * (size - 1) for size in table.sizes.tolist())
    pairs = people * (people - 1)
    return Identifying(int((table.sizes > 0).sum()) / people, (pairs - alike) / pairs)


def identifying_sets(people: pl.DataFrame, columns: Sequence[str], most: int) -> dict[tuple[str, ...], Identifying]:
    """Of every set of one to ``most`` columns, smaller sets first, in the order of ``columns``."""
    sets = (chosen for size in range(1, most + 1) for chosen in combinations(columns, size))
    return {chosen: identifying(count_classes(people, chosen)) for chosen in sets}

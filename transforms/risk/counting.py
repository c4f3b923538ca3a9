"""From rows, one a person, to a class table, with one declared meaning of missing values.

*Own category* (:func:`count_classes`): a missing value is a value like any other, equal to itself. This is what
the models of the house judge.

*Wildcard* (:func:`with_wildcards`): a missing value may stand for any value. That is no equivalence, so people keep
their classes, and each class is hidden in a crowd: those who have, at every quasi-identifier, the same value or none.
A class that lacks a value hides only among people who lack it too, because the attacker may know it. KMap and the
journalist's risk then judge the crowd.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from transforms.risk.classes import ClassTable, Numbers


def count_classes(people: pl.DataFrame, quasi_identifiers: Sequence[str], sensitive: str | None = None) -> ClassTable:
    """The equivalence classes of a table, in the order of their first row; values of ``sensitive`` ascending.

    A missing value is a category of its own, of the sensitive attribute the first.

    >>> rows = pl.DataFrame({"sex": ["f", "m", "f", None], "ill": ["no", "no", "yes", "no"]})
    >>> count_classes(rows, ["sex"], "ill").histogram.tolist()
    [[1, 1], [1, 0], [1, 0]]
    """
    if sensitive is None:
        return ClassTable(_distinct(people, quasi_identifiers)[1])
    rows, counts = _distinct(people, [*quasi_identifiers, sensitive])
    owner = _owners(rows, rows.columns[:-1])
    present, values = np.unique(_ranks(rows[:, -1]), return_inverse=True)
    histogram = np.zeros((int(owner.max(initial=-1)) + 1, len(present)), dtype=np.int64)
    np.add.at(histogram, (owner, values), counts)
    return ClassTable(histogram.sum(axis=1), histogram, histogram.sum(axis=0))


def with_wildcards(people: pl.DataFrame, quasi_identifiers: Sequence[str]) -> ClassTable:
    """Classes as :func:`count_classes` has them; ``population`` is the crowd each is hidden in.

    >>> rows = pl.DataFrame({"sex": ["f", "m", "f", None]})
    >>> table = with_wildcards(rows, ["sex"])
    >>> table.sizes.tolist(), table.population.tolist()
    ([2, 1, 1], [3, 2, 1])
    """
    rows, sizes = _distinct(people, quasi_identifiers)
    return ClassTable(sizes, population=_crowds(rows, sizes) if quasi_identifiers else sizes)


def _distinct(people: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, Numbers]:
    """The rows that differ in some columns, in order of their first, and how many people have each."""
    if not columns:
        return pl.DataFrame(), np.array([len(people)], dtype=np.int64)
    # Called by their place: a column may have any name, and one may be asked for twice.
    named = people.select(pl.col(name).alias(f"{place}") for place, name in enumerate(columns))
    counted = named.group_by(pl.all(), maintain_order=True).len("people")
    return counted.drop("people"), counted["people"].to_numpy().astype(np.int64)


def _owners(rows: pl.DataFrame, columns: Sequence[str]) -> Numbers:
    """The number of every row's class by some of its columns."""
    owner = np.zeros(len(rows), dtype=np.int64)
    if columns:
        places = rows.with_row_index("place").group_by(columns, maintain_order=True).agg("place")["place"]
        owner[places.explode().to_numpy()] = np.repeat(np.arange(len(places)), places.list.len().to_numpy())
    return owner


def _ranks(column: pl.Series) -> Numbers:
    """The place of each row's value among the column's, from 1; 0 where it is missing."""
    return column.rank("dense").fill_null(0).to_numpy().astype(np.int64)


def _crowds(rows: pl.DataFrame, sizes: Numbers) -> Numbers:
    """Of every class (a row): people whose known values all agree with its."""
    missing = np.stack([column.is_null().to_numpy() for column in rows])
    crowds = np.zeros(len(sizes), dtype=np.int64)
    for pattern in np.unique(missing, axis=1).T:
        # Whoever lacks these values hides only those who know the others.
        givers, takers = (missing == pattern[:, None]).all(axis=0), ~missing[~pattern].any(axis=0)
        alike = _owners(rows, [rows.columns[place] for place in np.flatnonzero(~pattern)])
        people = np.zeros(len(sizes), dtype=np.int64)
        np.add.at(people, alike[givers], sizes[givers])
        crowds[takers] += people[alike[takers]]
    return crowds

"""Rows become few: the distinct tuples of quasi-identifiers with the people who share them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from terms.findings import refuse
from transforms.search.ladders import Ladder, Numbers

Node = tuple[int, ...]
"""A level for each quasi-identifier."""

BUNDLE = 1 << 13
"""Combinations of base codes up to which quasi-identifiers are looked up together."""
CHUNK = 1 << 20
"""Rows whose key is computed at once: bounds the memory that whole-number keys take beside the columns."""
DENSE = 4
"""Combinations for each key that are counted in a table of their own size; more are sorted."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """How often each value of one sensitive attribute stands in each tuple; only pairs that occur."""

    owner: Numbers
    """Number of the tuple."""
    value: Numbers
    """Number of the value, 0 to ``values`` - 1."""
    people: Numbers
    values: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Tuples:
    """Distinct tuples of base codes. What the search touches instead of people."""

    ladders: tuple[Ladder, ...]
    codes: Numbers
    """Base codes, one row a quasi-identifier, one column a tuple."""
    people: Numbers
    """People in the table who share the tuple; 0 where ``population`` knows only others."""
    population: Numbers | None = None
    """People in the population who share the tuple, where the table is a sample of a known population."""
    answers: Mapping[str, Answers] = field(default_factory=dict)
    """By sensitive attribute."""
    rows: Numbers | None = None
    """The row in which each tuple comes first, where that is known."""

    def __post_init__(self) -> None:
        if set(self.answers) & {ladder.name for ladder in self.ladders}:
            name = next(ladder.name for ladder in self.ladders if ladder.name in self.answers)
            raise refuse(f"columns.{name}", "search_sensitive_is_quasi_identifier")
        for ladder, codes in zip(self.ladders, self.codes, strict=True):
            outside = int(self.people[(codes < 0) | (codes >= ladder.domain)].sum())
            if outside:
                raise refuse(f"columns.{ladder.name}", "search_value_outside_hierarchy", rows=outside)

    @cached_property
    def first_rows(self) -> Numbers:
        """``rows``, or the order of tuples."""
        return np.arange(len(self.people)) if self.rows is None else self.rows

    @cached_property
    def total(self) -> int:
        """People in the table."""
        return int(self.people.sum())

    @cached_property
    def marginals(self) -> tuple[Numbers, ...]:
        """For every quasi-identifier, how many people have each base code."""
        return tuple(
            np.bincount(codes, weights=self.people, minlength=ladder.domain).astype(np.int64)
            for ladder, codes in zip(self.ladders, self.codes, strict=True)
        )

    @cached_property
    def bundles(self) -> tuple[range, ...]:
        """Neighbouring quasi-identifiers that are looked up together: few columns are fast."""
        bundles, start, space = [], 0, 1
        for i, ladder in enumerate(self.ladders):
            if space * ladder.domain > BUNDLE and i > start:
                bundles.append(range(start, i))
                start, space = i, 1
            space *= ladder.domain
        return (*bundles, range(start, len(self.ladders)))

    @cached_property
    def compact(self) -> np.ndarray:
        """Base codes, one row a tuple, in the smallest whole numbers: whoever picks tuples touches little memory."""
        return np.ascontiguousarray(self.codes.T, dtype=_kind(max(ladder.domain for ladder in self.ladders)))

    @cached_property
    def bundled(self) -> np.ndarray:
        """Combined base codes, one row a tuple, one column a bundle, in the smallest whole numbers."""
        domains = [ladder.domain for ladder in self.ladders]
        space = max(math.prod(domains[i] for i in bundle) for bundle in self.bundles)
        made = np.empty((len(self.people), len(self.bundles)), dtype=_kind(space))
        for place, bundle in enumerate(self.bundles):
            made[:, place] = mixed_radix([self.codes[i] for i in bundle], [domains[i] for i in bundle])[0]
        return made

    def keys(self, bundled: np.ndarray, node: Node) -> tuple[Numbers, int]:
        """See :func:`mixed_radix`: the groups at a node of combined base codes. Keys of all calls are comparable."""
        found = [self._lookup(bundle, tuple(node[i] for i in bundle)) for bundle in self.bundles]
        return mixed_radix(
            [table.take(codes) for (table, _), codes in zip(found, bundled.T, strict=True)], [n for _, n in found]
        )

    def _lookup(self, bundle: range, levels: Node) -> tuple[Numbers, int]:
        """The group of every combined base code of a bundle, and how many groups there are."""
        if (bundle, levels) not in self._lookups:
            table, groups = np.zeros(1, dtype=np.int64), 1
            for i, level in zip(bundle, levels, strict=True):
                its = self.ladders[i].groups[level]
                table = np.add.outer(table * its, self.ladders[i].levels[level]).ravel()
                groups *= its
            self._lookups[bundle, levels] = table, groups
        return self._lookups[bundle, levels]

    @cached_property
    def _lookups(self) -> dict[tuple[range, Node], tuple[Numbers, int]]:
        return {}


def count_tuples(
    ladders: Sequence[Ladder],
    columns: Sequence[np.ndarray],
    sensitive: Mapping[str, np.ndarray] | None = None,
    sampled: np.ndarray | None = None,
) -> Tuples:
    """The distinct tuples of rows.

    ``columns``: base codes, one array a ladder, one entry a person. ``sensitive``: value numbers from 0, by attribute.
    ``sampled``: marks the people who are in the table where the rows are a whole population.

    Raises:
        Refused: a code outside its ladder, or a sensitive attribute among the ladders.
    """
    for ladder, column in zip(ladders, columns, strict=True):
        outside = int(np.count_nonzero((column < 0) | (column >= ladder.domain)))
        if outside:
            raise refuse(f"columns.{ladder.name}", "search_value_outside_hierarchy", rows=outside)
    bases = [ladder.domain for ladder in ladders]
    owner, first, rows = number_keys(*mixed_radix(columns, bases))
    codes = np.stack([column[first].astype(np.int64) for column in columns])
    kept = slice(None) if sampled is None else sampled
    people = rows if sampled is None else np.bincount(owner[sampled], minlength=len(first))
    return Tuples(
        ladders=tuple(ladders),
        codes=codes,
        people=people,
        rows=first,
        population=None if sampled is None else rows,
        answers={name: _answers(owner[kept], values, kept) for name, values in (sensitive or {}).items()},
    )


def _answers(owner: Numbers, values: np.ndarray, kept: slice | np.ndarray) -> Answers:
    count = int(values.max()) + 1
    pair, people = np.unique(owner * count + values[kept], return_counts=True)
    return Answers(owner=pair // count, value=pair % count, people=people, values=count)


def mixed_radix(columns: Sequence[np.ndarray], bases: Sequence[int]) -> tuple[Numbers, int]:
    """One whole number a row, equal where all columns are, and a number that all keys stay below.

    Where the product of the bases would not fit, the key so far is replaced by its rank.
    """
    key, space = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64), 1
    for column, base in zip(columns, bases, strict=True):
        if space * base >= 1 << 62:
            values, key = np.unique(key, return_inverse=True)
            space = len(values)
        for start in range(0, len(key), CHUNK):
            part = key[start : start + CHUNK]
            part *= base
            part += column[start : start + CHUNK]
        space *= base
    return key, space


def number_keys(key: Numbers, space: int) -> tuple[Numbers, Numbers, Numbers]:
    """For every key the number of its value (ascending), and for every value its first row and how many have it."""
    if space <= DENSE * len(key):
        counts = np.bincount(key, minlength=space)
        present = np.flatnonzero(counts)
        row = np.empty(space, dtype=np.int64)
        # Backwards: the first row stays.
        row[key[::-1]] = np.arange(len(key) - 1, -1, -1)
        first = row[present]
        row[present] = np.arange(len(present))
        return row[key], first, counts[present]
    order, ordered = sort_keys(key, space)
    starts = first_of_runs(ordered)
    owner = np.empty(len(key), dtype=np.int64)
    owner[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(key)))
    return owner, order[starts], np.diff(starts, append=len(key))


def sort_keys(key: Numbers, space: int) -> tuple[Numbers, Numbers]:
    """The places of the keys in ascending order, of equals the first first; and the keys in that order."""
    bits = len(key).bit_length()
    if space << bits > 1 << 62:
        order = key.argsort(kind="stable")
        return order, key[order]
    # A key and its place in one number: plain numbers are sorted much faster than places.
    packed = key << bits
    packed |= np.arange(len(key))
    packed.sort()
    return packed & ((1 << bits) - 1), packed >> bits


def first_of_runs(ordered: Numbers) -> Numbers:
    """Where each run of equal keys begins."""
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.flatnonzero(first)


def _kind(space: int) -> np.dtype:
    return np.min_scalar_type(max(space - 1, 0))

"""Equivalence classes at a node of the lattice, rolled up from the smallest finer node known, never from rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from transforms.search.ladders import Numbers
from transforms.search.tuples import CHUNK, Answers, Node, Tuples, number_keys

REMEMBERED = 4_000_000
"""Classes kept for later roll-ups, over all nodes: bounds memory."""
SPARSE = 64
"""Combinations for each key up to which a table of all of them is faster than sorting."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Classes:
    """The equivalence classes of one node."""

    tuples: Tuples
    node: Node
    member: Numbers
    """For every class the number of one of its tuples: its codes stand for the class at this and any coarser node."""
    sizes: Numbers
    population: Numbers | None
    finer: Classes | None = None
    """The classes these were merged from, where sensitive answers are still to be counted."""
    owner: Numbers | None = None
    """For every class of ``finer`` the number of its class here."""

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def codes(self) -> Numbers:
        """Base codes that stand for each class, one row a quasi-identifier."""
        return self.tuples.codes[:, self.member]

    @cached_property
    def bundled(self) -> np.ndarray:
        """The same in bundles of quasi-identifiers, one row a class."""
        return self.tuples.bundled.take(self.member, axis=0)

    def codes_of(self, marked: np.ndarray) -> Numbers:
        """Base codes that stand for some of the classes, one row a quasi-identifier."""
        return self.tuples.compact.take(self.member[marked], axis=0).T

    @cached_property
    def owner_of_tuples(self) -> Numbers:
        """For every tuple the number of its class. (Classes are numbered in the order of their groups.)"""
        return number_keys(*self.tuples.keys(self.tuples.bundled, self.node))[0]

    @cached_property
    def first_rows(self) -> Numbers:
        """For every class the row of the table in which it comes first."""
        rows = np.full(len(self), np.iinfo(np.int64).max)
        np.minimum.at(rows, self.owner_of_tuples, self.tuples.first_rows)
        return rows

    @cached_property
    def answers(self) -> Mapping[str, Answers]:
        """By sensitive attribute; owner: the number of the class, ascending."""
        if self.finer is None or self.owner is None:
            return self.tuples.answers
        return {name: _merged(answers, self.owner) for name, answers in self.finer.answers.items()}

    def histogram(self, attribute: str, start: int = 0, stop: int | None = None) -> Numbers:
        """People by class (rows) and value of a sensitive attribute (columns), of some of the classes."""
        answers, stop = self.answers[attribute], len(self) if stop is None else min(stop, len(self))
        some = slice(*np.searchsorted(answers.owner, [start, stop]))
        pair = (answers.owner[some] - start) * answers.values + answers.value[some]
        cells = np.bincount(pair, weights=answers.people[some], minlength=(stop - start) * answers.values)
        return cells.astype(np.int64).reshape(stop - start, answers.values)


class Known:
    """The classes of every node asked for so far."""

    def __init__(self, tuples: Tuples) -> None:
        self._tuples = tuples
        self._levels = np.zeros((64, len(tuples.ladders)), dtype=np.int64)
        self._sizes = np.full(64, np.iinfo(np.int64).max)
        self._classes: list[Classes] = []
        self._room = REMEMBERED
        self._scratch = Scratch()
        self.work = 0
        """Tuples touched so far: the unit of every budget."""
        self._remember(
            Classes(
                tuples=tuples,
                node=tuple(-1 for _ in tuples.ladders),
                member=np.arange(len(tuples.people)),
                sizes=tuples.people,
                population=tuples.population,
            )
        )

    def at(self, node: Node) -> Classes:
        """The classes of a node."""
        nearest = self._nearest(node)
        if nearest.node == node:
            return nearest
        self.work += len(nearest)
        made = _roll_up(nearest, node, self._scratch)
        self._remember(made)
        return made

    def _nearest(self, node: Node) -> Classes:
        count = len(self._classes)
        finer = (self._levels[:count] <= np.array(node)).all(axis=1)
        return self._classes[int(np.where(finer, self._sizes[:count], np.iinfo(np.int64).max).argmin())]

    def _remember(self, classes: Classes) -> None:
        if self._classes and len(classes) > self._room:
            return
        self._room -= len(classes) if self._classes else 0
        place = len(self._classes)
        if place == len(self._sizes):
            self._levels = np.concatenate([self._levels, np.zeros_like(self._levels)])
            self._sizes = np.concatenate([self._sizes, np.full_like(self._sizes, np.iinfo(np.int64).max)])
        self._levels[place], self._sizes[place] = classes.node, len(classes)
        self._classes.append(classes)


def _roll_up(finer: Classes, node: Node, scratch: Scratch) -> Classes:
    tuples = finer.tuples
    owner, member, count = scratch.number(*tuples.keys(finer.bundled, node))
    return Classes(
        tuples=tuples,
        node=node,
        member=finer.member[member],
        sizes=_sum(owner, finer.sizes, count),
        population=None if finer.population is None else _sum(owner, finer.population, count),
        finer=finer if tuples.answers else None,
        owner=owner if tuples.answers else None,
    )


class Scratch:
    """Numbers keys by value with memory that is used again and again."""

    def __init__(self) -> None:
        self._row = np.empty(0, dtype=np.int32)
        self._seen = np.zeros(0, dtype=bool)

    def number(self, key: Numbers, space: int) -> tuple[Numbers, Numbers, int]:
        """For every key the number of its value (ascending); for every value the place of one key; how many values."""
        if space > SPARSE * len(key) + CHUNK:
            owner, member, sizes = number_keys(key, space)
            return owner, member, len(sizes)
        if space > len(self._row):
            self._row, self._seen = np.empty(space, dtype=np.int32), np.zeros(space, dtype=bool)
        row, seen = self._row, self._seen
        seen[key] = True
        present = np.flatnonzero(seen[:space])
        seen[present] = False
        row[key] = np.arange(len(key), dtype=np.int32)
        member = row.take(present)
        row[present] = np.arange(len(present), dtype=np.int32)
        return row.take(key), member, len(present)


def _sum(owner: Numbers, numbers: Numbers, classes: int) -> Numbers:
    # Whole numbers below 2**53 are exact in floating point.
    return np.bincount(owner, weights=numbers, minlength=classes).astype(np.int64)


def _merged(answers: Answers, owner: Numbers) -> Answers:
    """The same answers, counted by coarser classes."""
    values = answers.values
    cells = np.bincount(owner[answers.owner] * values + answers.value, weights=answers.people)
    pair = np.flatnonzero(cells)
    return Answers(owner=pair // values, value=pair % values, people=cells[pair].astype(np.int64), values=values)

"""Small tables for the search, and the best node found the slow way: from rows, by the book's formulas."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from transforms.search.ladders import Ladder
from transforms.search.tuples import Tuples, count_tuples

Row = tuple[int, ...]
Classes = dict[Row, list[int]]
"""Groups -> the rows that have them."""

AGES = Ladder(name="age", levels=(np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1]), np.zeros(4, dtype=np.int64)))
SEXES = Ladder(name="sex", levels=(np.array([0, 1]), np.array([0, 0])))
PEOPLE = [np.array([0, 0, 1, 1, 2, 2, 3, 3, 3]), np.array([0, 0, 0, 1, 1, 1, 1, 1, 1])]
"""Alone: the man of age 1 and the woman of age 1."""


@dataclass(frozen=True)
class Small:
    """People one by one."""

    ladders: tuple[Ladder, ...]
    rows: tuple[Row, ...]
    answers: tuple[int, ...]

    @property
    def tuples(self) -> Tuples:
        columns = [np.array([row[i] for row in self.rows], dtype=np.int64) for i in range(len(self.ladders))]
        return count_tuples(self.ladders, columns, {"answer": np.array(self.answers)})

    @property
    def nodes(self) -> list[Row]:
        return list(itertools.product(*(range(len(ladder.levels)) for ladder in self.ladders)))

    def classes(self, node: Row) -> Classes:
        classes: Classes = defaultdict(list)
        for number, row in enumerate(self.rows):
            groups = (int(ladder.levels[at][code]) for ladder, at, code in zip(self.ladders, node, row, strict=True))
            classes[tuple(groups)].append(number)
        return dict(classes)

    def best(self, holds: Callable[[list[int]], bool], most: int, score: Callable) -> tuple | None:
        """The least (score, node) over all nodes; ``score`` takes the table, node, kept and suppressed classes."""
        found = []
        for node in self.nodes:
            classes = self.classes(node)
            out = {groups: rows for groups, rows in classes.items() if not holds([self.answers[r] for r in rows])}
            kept = {groups: rows for groups, rows in classes.items() if groups not in out}
            if sum(map(len, out.values())) <= most:
                found.append((round(score(self, node, kept, out), 9), node))
        return min(found, default=None)


def loss(small: Small, node: Row, kept: Classes, out: Classes) -> float:
    """Mean over quasi-identifiers and people of (codes in her group - 1) / (codes - 1); suppressed: 1."""
    total = 0.0
    for i, (ladder, at) in enumerate(zip(small.ladders, node, strict=True)):
        span, domain = Counter(ladder.levels[at].tolist()), len(ladder.levels[0])
        if domain > 1:
            mine = sum(len(rows) * (span[groups[i]] - 1) / (domain - 1) for groups, rows in kept.items())
            total += (mine + sum(map(len, out.values()))) / len(small.rows)
    return total / len(small.ladders)


def discernability(small: Small, node: Row, kept: Classes, out: Classes) -> float:
    """Her class for every kept person, everybody for every suppressed one."""
    return sum(len(rows) ** 2 for rows in kept.values()) + len(small.rows) * sum(map(len, out.values()))


def entropy(small: Small, node: Row, kept: Classes, out: Classes) -> float:
    """Bits: what generalisation takes from everybody, and what suppression takes from the suppressed."""
    total = 0.0
    for i, (ladder, at) in enumerate(zip(small.ladders, node, strict=True)):
        codes = [row[i] for row in small.rows]
        groups = ladder.levels[at][codes].tolist()
        exact, coarse = Counter(codes), Counter(groups)
        total -= sum(math.log2(exact[code] / coarse[group]) for code, group in zip(codes, groups, strict=True))
        lost = [groups[row] for rows in out.values() for row in rows]
        total -= sum(math.log2(count / len(lost)) * count for count in Counter(lost).values())
    return total


@st.composite
def ladders(draw: st.DrawFn, name: str) -> Ladder:
    domain = draw(st.integers(1, 6))
    levels = [np.arange(domain)]
    while levels[-1].max() > 0 and len(levels) < 4:
        groups = int(levels[-1].max()) + 1
        merged = draw(st.lists(st.integers(0, max(groups - 2, 0)), min_size=groups, max_size=groups))
        levels.append(np.unique(np.array(merged)[levels[-1]], return_inverse=True)[1])
    return Ladder(name=name, levels=tuple(levels))


@st.composite
def smalls(draw: st.DrawFn) -> Small:
    its = tuple(draw(ladders(f"q{i}")) for i in range(draw(st.integers(1, 3))))
    row = st.tuples(*(st.integers(0, ladder.domain - 1) for ladder in its))
    people = draw(st.lists(st.tuples(row, st.integers(0, 2)), min_size=2, max_size=30))
    return Small(its, tuple(each for each, _ in people), tuple(answer for _, answer in people))

"""The generalisation ladder of one quasi-identifier as whole numbers: base code -> group, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from terms.findings import refuse
from terms.hierarchy import Hierarchy

Numbers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ladder:
    """The levels of one quasi-identifier, finest first, each merging whole groups of the one before.

    Raises Refused ``search_ladder_malformed`` or ``hierarchy_not_nested``.
    """

    name: str
    levels: tuple[Numbers, ...]
    """For every level the group (0 to groups - 1) of each base code. The base codes are the attribute's domain."""

    def __post_init__(self) -> None:
        place = f"columns.{self.name}.hierarchy"
        sizes = {level.shape for level in self.levels}
        if len(sizes) != 1 or sizes == {(0,)} or any(level.min() < 0 for level in self.levels):
            raise refuse(place, "search_ladder_malformed")
        for number in range(1, len(self.levels)):
            if not _nests(self.levels[number - 1], self.levels[number]):
                raise refuse(f"{place}[{number}]", "hierarchy_not_nested")

    @classmethod
    def of(cls, hierarchy: Hierarchy) -> Ladder:
        """The ladder of a declared hierarchy; base codes are numbered in codebook order."""
        # Every level in the order of the first: a level may list its codes in another one.
        base = list(hierarchy.levels[0].group_of)
        return cls.of_table(hierarchy.variable, [[level.group_of[code] for code in base] for level in hierarchy.levels])

    @classmethod
    def of_table(cls, name: str, columns: Sequence[Sequence[str | int]]) -> Ladder:
        """From the columns of a hierarchy file: the group names of every base code, one list a level."""
        return cls(name=name, levels=tuple(_numbered(column) for column in columns))

    @property
    def height(self) -> int:
        """The number of the coarsest level."""
        return len(self.levels) - 1

    @property
    def domain(self) -> int:
        """How many base codes there are."""
        return len(self.levels[0])

    @cached_property
    def groups(self) -> tuple[int, ...]:
        """For every level, how many groups it has."""
        return tuple(int(level.max()) + 1 for level in self.levels)

    @cached_property
    def spans(self) -> tuple[Numbers, ...]:
        """For every level and base code, how many base codes its group holds."""
        return tuple(np.bincount(level)[level] for level in self.levels)


def _numbered(column: Sequence[str | int]) -> Numbers:
    number: dict[str | int, int] = {}
    return np.array([number.setdefault(group, len(number)) for group in column], dtype=np.int64)


def _nests(finer: Numbers, coarser: Numbers) -> bool:
    parent = np.zeros(int(finer.max()) + 1, dtype=np.int64)
    parent[finer] = coarser
    return bool((parent[finer] == coarser).all())

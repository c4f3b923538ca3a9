"""Generalisation hierarchies: how a quasi-identifier becomes coarser, level by level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terms.findings import Finding, Refused
from terms.words import Text

TOTAL = "_T"
"""Reserved code: the total."""
NO_ANSWER = "_NA"
"""Reserved code: not asked or not answered."""
ANSWERED = "_ANS"
"""Inside the house only: everyone who answered (the base of percentages)."""
ANY = "*"
"""The one category of the coarsest level: says nothing."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of a hierarchy.

    ``group_of`` maps every base code (and ``_NA``) to the code of its group at this level;
    ``labels`` names the groups, in codebook order.
    """

    group_of: Mapping[str, str]
    labels: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class Hierarchy:
    """The levels of one quasi-identifier, finest (level 0) first, ending in ``*``.

    Every level maps the same base codes, and each level only merges groups of the one before it, so a
    person's group at a level depends on her own record alone.
    """

    variable: str
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        base = set(self.levels[0].group_of)
        for number, level in enumerate(self.levels):
            place = f"columns.{self.variable}.hierarchy[{number}]"
            missed = base - set(level.group_of)
            if missed:
                raise Refused(Finding(place=place, rule="hierarchy_misses_code", facts={"code": sorted(missed)[0]}))
            if number and not self._nests(self.levels[number - 1], level):
                raise Refused(Finding(place=place, rule="hierarchy_not_nested"))

    @staticmethod
    def _nests(finer: Level, coarser: Level) -> bool:
        parent: dict[str, str] = {}
        return all(
            parent.setdefault(group, coarser.group_of[code]) == coarser.group_of[code]
            for code, group in finer.group_of.items()
        )

    @property
    def height(self) -> int:
        """The number of the coarsest level."""
        return len(self.levels) - 1

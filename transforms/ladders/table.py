"""A ladder as a table: for every value its group at each level. What a hierarchy file of a declaration holds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from terms.findings import Finding, Refused
from terms.hierarchy import ANY, NO_ANSWER

Grouping = Callable[[str], str | None]
"""The group of a value; ``None`` where the grouping does not know the value."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+.-]{0,63}")
"""What a declaration accepts as the code of a group."""


@dataclass(frozen=True, kw_only=True)
class LadderTable:
    """Values and their groups, each level merging whole groups of the one before.

    Level 0 (the values) and the last level (``*``) are not written. Raises Refused with every problem at once:
    ``ladder_empty``, ``ladder_value_repeated``, ``ladder_uneven``, ``ladder_group_malformed`` or
    ``hierarchy_not_nested``.
    """

    variable: str
    values: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    """For each level, finest first, the group of every value."""

    def __post_init__(self) -> None:
        problems = [*self._value_problems(), *self._level_problems()]
        if problems:
            raise Refused(*problems)

    def _value_problems(self) -> Iterable[Finding]:
        place, repeated = f"columns.{self.variable}", len(self.values) - len(set(self.values))
        if not self.values:
            yield Finding(place=place, rule="ladder_empty")
        if repeated:
            yield Finding(place=place, rule="ladder_value_repeated", facts={"values": repeated})

    def _level_problems(self) -> Iterable[Finding]:
        finer = self.values
        for number, level in enumerate(self.levels, start=1):
            place = f"columns.{self.variable}.hierarchy[{number}]"
            if len(level) != len(self.values):
                yield Finding(place=place, rule="ladder_uneven")
                return
            malformed = {group for group in level if not (NAME.fullmatch(group) or group == NO_ANSWER)}
            if malformed:
                yield Finding(place=place, rule="ladder_group_malformed", facts={"groups": len(malformed)})
            if len(set(zip(finer, level, strict=True))) != len(set(finer)):
                yield Finding(place=place, rule="hierarchy_not_nested")
            finer = level

    @property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """All levels: the values, the written levels, and everybody."""
        return (self.values, *self.levels, (ANY,) * len(self.values))

    def to_csv(self) -> str:
        """A hierarchy file: ``value,level 1,level 2, ...``, no header, lines ended by a line feed."""
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator="\n").writerows(zip(self.values, *self.levels, strict=True))
        return file.getvalue()


def build_ladder(variable: str, values: Sequence[str], groupings: Sequence[Grouping]) -> LadderTable:
    """A ladder of some values: one grouping a level, finest first. ``_NA`` stays a group of its own.

    Raises:
        Refused: ``ladder_value_not_covered`` for each grouping that does not know all values, or what
            :class:`LadderTable` refuses.

    >>> build_ladder("town", ["18201", "18207", "17201"], [lambda code: code[:2]]).levels
    (('18', '18', '17'),)
    """
    levels: list[tuple[str, ...]] = []
    problems: list[Finding] = []
    for number, grouping in enumerate(groupings, start=1):
        groups = [value if value == NO_ANSWER else grouping(value) for value in values]
        unknown = groups.count(None)
        if unknown:
            place = f"columns.{variable}.hierarchy[{number}]"
            problems.append(Finding(place=place, rule="ladder_value_not_covered", facts={"values": unknown}))
        levels.append(tuple(group or "" for group in groups))
    if problems:
        raise Refused(*problems)
    return LadderTable(variable=variable, values=tuple(values), levels=tuple(levels))


def read_ladder(variable: str, text: str, delimiter: str = ",") -> LadderTable:
    """A hierarchy file; last columns that say ``*`` of everybody may be there.

    Raises:
        Refused: ``ladder_file_malformed`` (not CSV, no lines, lines of different length), or what :class:`LadderTable`
            refuses.

    >>> read_ladder("sex", "f;known;*\\nm;known;*\\n", ";").levels
    (('known', 'known'),)
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error:
        rows = []
    if len({len(row) for row in rows}) != 1:
        raise Refused(Finding(place=f"columns.{variable}", rule="ladder_file_malformed"))
    values, *levels = zip(*rows, strict=True)
    while levels and set(levels[-1]) == {ANY}:
        levels.pop()
    return LadderTable(variable=variable, values=values, levels=tuple(levels))

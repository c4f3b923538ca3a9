"""From the levels a declaration lists to a :class:`terms.hierarchy.Hierarchy`."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from terms.findings import Finding, Refused, refuse
from terms.hierarchy import ANY, NO_ANSWER, Hierarchy, Level
from terms.loading import one_line
from terms.shapes import CODE, LevelShape
from terms.words import Text

ANYTHING = Text(ja="すべて", en="Any")
NO_ANSWER_LABEL = Text(ja="無回答", en="No answer")


def build_hierarchy(
    variable: str,
    base: Mapping[str, Text],
    shapes: list[LevelShape],
    value_range: tuple[int, int] | None,
    folder: Path,
) -> Hierarchy:
    """Level 0 (every base code its own group), the declared levels, and ``*``.

    ``base`` holds the base codes in codebook order, ``_NA`` last where it can occur; ``value_range`` is given for
    integers. Raises Refused with every level's problem at once.
    """
    levels = [Level(group_of={code: code for code in base}, labels=dict(base))]
    problems: list[Finding] = []
    number, previous_failed = 1, False
    for shape in shapes:
        place = f"columns.{variable}.hierarchy[{number}]"
        # Groups of a level that could not be made cannot be judged: its own problem comes first.
        skipped = previous_failed and shape.of == "previous"
        made: list[Level] = []
        try:
            made = [] if skipped else _levels(shape, place, base, levels[-1], value_range, folder)
        except Refused as refused:
            problems.extend(refused.findings)
        previous_failed = not made
        levels.extend(made)
        number += max(len(made), 1)
    if problems:
        raise Refused(*problems)
    if set(levels[-1].labels) != {ANY}:
        levels.append(Level(group_of=dict.fromkeys(base, ANY), labels={ANY: ANYTHING}))
    return Hierarchy(variable=variable, levels=tuple(levels))


def _levels(
    shape: LevelShape,
    place: str,
    base: Mapping[str, Text],
    previous: Level,
    value_range: tuple[int, int] | None,
    folder: Path,
) -> list[Level]:
    given = [name for name in ("intervals", "groups", "prefix", "file") if getattr(shape, name) is not None]
    if len(given) != 1:
        raise refuse(place, "hierarchy_kind_unclear")
    if shape.intervals is not None:
        return [_intervals(shape.intervals, place, base, value_range)]
    if shape.prefix is not None:
        return [_by_code(base, lambda code: code[: shape.prefix])]
    if shape.file is not None:
        return _from_file(folder / shape.file, place, base)
    return [_groups(shape, place, base, previous)]


def _by_code(base: Mapping[str, Text], group: Callable[[str], str]) -> Level:
    return _level(base, {code: code if code == NO_ANSWER else group(code) for code in base})


def _level(base: Mapping[str, Text], group_of: Mapping[str, str]) -> Level:
    """A level without labels of its own: a group is called by its code, a value left alone as before."""

    def label(group: str) -> Text:
        if group == ANY:
            return ANYTHING
        alone = [code for code, its in group_of.items() if its == group] == [group]
        return base[group] if alone else Text.same(group)

    return Level(group_of=group_of, labels={group: label(group) for group in dict.fromkeys(group_of.values())})


def _intervals(starts: list[int], place: str, base: Mapping[str, Text], value_range: tuple[int, int] | None) -> Level:
    if value_range is None:
        raise refuse(place, "hierarchy_intervals_need_integer")
    least, most = value_range
    if not starts or starts != sorted(set(starts)) or starts[0] != least or starts[-1] > most:
        raise refuse(place, "hierarchy_intervals_do_not_cover", least=least, most=most)
    ends = [start - 1 for start in starts[1:]] + [most]

    def band(code: str) -> str:
        start, end = next((s, e) for s, e in zip(starts, ends, strict=True) if s <= int(code) <= e)
        return f"{start}-{end}" if start < end else f"{start}"

    return _by_code(base, band)


def _groups(shape: LevelShape, place: str, base: Mapping[str, Text], previous: Level) -> Level:
    finer = dict(previous.group_of) if shape.of == "previous" else {code: code for code in base}
    finer_labels = previous.labels if shape.of == "previous" else base
    group_by_finer: dict[str, str] = {}
    labels: dict[str, Text] = {}
    problems = []
    for group, declared in (shape.groups or {}).items():
        if not re.fullmatch(CODE, group) and group != NO_ANSWER:
            problems.append(Finding(place=f"{place}.groups", rule="code_malformed", facts={"code": one_line(group)}))
        own = finer_labels.get(group, Text.same(group))
        labels[group] = Text(ja=declared.ja or declared.en or own.ja, en=declared.en or declared.ja or own.en)
        for code in declared.codes:
            if code not in finer_labels:
                problems.append(Finding(place=f"{place}.groups.{group}", rule="code_undeclared", facts={"code": code}))
            elif code in group_by_finer:
                problems.append(Finding(place=f"{place}.groups.{group}", rule="code_repeated", facts={"code": code}))
            group_by_finer[code] = group
    if NO_ANSWER in finer_labels and NO_ANSWER not in group_by_finer:
        group_by_finer[NO_ANSWER], labels[NO_ANSWER] = NO_ANSWER, NO_ANSWER_LABEL
    problems += _missed(place, [code for code in finer_labels if code not in group_by_finer])
    if problems:
        raise Refused(*problems)
    return Level(group_of={code: group_by_finer[group] for code, group in finer.items()}, labels=labels)


def _missed(place: str, codes: list[str]) -> list[Finding]:
    """One problem a level, however many codes it misses: the first of them are named."""
    if not codes:
        return []
    named = ", ".join(codes[:5]) + (f" ... ({len(codes)})" if len(codes) > 5 else "")
    return [Finding(place=place, rule="hierarchy_misses_code", facts={"code": named})]


def _from_file(path: Path, place: str, base: Mapping[str, Text]) -> list[Level]:
    table = _read_table(path, place)
    depth = len(next(iter(table.values())))
    if NO_ANSWER not in table:
        # It stays a category of its own, but not beside "everybody".
        columns = zip(*table.values(), strict=True)
        table[NO_ANSWER] = [ANY if set(column) == {ANY} else NO_ANSWER for column in columns]
    problems = _missed(place, [code for code in base if code not in table])
    if problems:
        raise Refused(*problems)
    steps = [{code: table[code][step] for code in base} for step in range(depth)]
    problems = [
        Finding(place=place, rule="code_malformed", facts={"code": one_line(group)[:64]})
        for step in steps
        for group in dict.fromkeys(step.values())
        if not (re.fullmatch(CODE, group) or group == NO_ANSWER or set(step.values()) == {ANY})
    ]
    if problems:
        raise Refused(*problems)
    return [_level(base, step) for step in steps]


def _read_table(path: Path, place: str) -> dict[str, list[str]]:
    """Base code -> its group at each level."""
    text, rows = None, []
    with contextlib.suppress(OSError, ValueError):  # missing, a folder, not UTF-8, a NUL in the path
        text = path.read_text(encoding="utf-8-sig")
    if text is None:
        raise refuse(place, "hierarchy_file_unreadable", file=path.name)
    with contextlib.suppress(csv.Error):
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(row)]
    table = {row[0]: row[1:] for row in rows}
    widths = {len(row) for row in rows}
    if len(widths) != 1 or widths == {1} or len(table) != len(rows):
        raise refuse(place, "hierarchy_file_malformed", file=path.name)
    return table

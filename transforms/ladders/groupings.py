"""Groupings by number, order, priority, prefix and name. Put together by :func:`transforms.ladders.table.build_ladder`.

None looks at how many people have a value: a person's group depends on her own record and the declaration alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from terms.findings import refuse
from transforms.ladders.table import Grouping

WHOLE = re.compile(r"-?[0-9]{1,15}")


def bands(starts: Sequence[int], end: int | None = None) -> Grouping:
    """Whole numbers in bands: ``0-14``, ``15-64``, and ``65+`` where ``end`` (the last number covered) is open.

    Raises Refused where the starts do not ascend or the end lies before the last start.

    >>> [bands([0, 15, 65])(age) for age in ("14", "15", "99")]
    ['0-14', '15-64', '65+']
    """
    ascending = all(one < other for one, other in pairwise(starts))
    if not starts or not ascending or starts[0] < 0 or (end is not None and end < starts[-1]):
        raise refuse("ladders.bands", "ladder_bands_disordered")

    def group(value: str) -> str | None:
        number = int(value) if WHOLE.fullmatch(value) else None
        if number is None or number < starts[0] or (end is not None and number > end):
            return None
        place = bisect_right(starts, number)
        last = end if place == len(starts) else starts[place] - 1
        return f"{starts[place - 1]}+" if last is None else _band(starts[place - 1], last)

    return group


def equal_bands(width: int, least: int, most: int, top: int | None = None) -> Grouping:
    """Bands of one width from ``least`` to ``most``; from ``top`` on, all in one (``85+``).

    Raises Refused where the width is not above 0, the ends are turned round or the top does not begin a band.

    >>> [equal_bands(5, 0, 120, top=85)(age) for age in ("4", "5", "85", "101")]
    ['0-4', '5-9', '85+', '85+']
    """
    if width < 1 or least > most or (top is not None and (not least < top <= most or (top - least) % width)):
        raise refuse("ladders.equal_bands", "ladder_bands_disordered")
    if top is None:
        return bands(range(least, most + 1, width), most)
    grouping = bands(range(least, top + 1, width))
    return lambda value: grouping(value) if WHOLE.fullmatch(value) and int(value) <= most else None


def _band(first: int, last: int) -> str:
    return f"{first}-{last}" if first < last else f"{first}"


def runs(values: Sequence[str], size: int) -> Grouping:
    """Neighbours in a declared order, ``size`` at a time; a group is called by its first and last value.

    Raises Refused where the size is not above 0.

    >>> [runs(["low", "mid", "high"], 2)(value) for value in ("low", "mid", "high")]
    ['low-mid', 'low-mid', 'high']
    """
    if size < 1:
        raise refuse("ladders.runs", "ladder_size_too_small")
    parts = [values[start : start + size] for start in range(0, len(values), size)]
    return named({part[0] if len(part) == 1 else f"{part[0]}-{part[-1]}": part for part in parts})


def priorities(kept: Collection[str], other: str = "other") -> Grouping:
    """The values that matter most stay as they are, all others are one group.

    >>> [priorities(["tea", "coffee"])(value) for value in ("tea", "cocoa", "juice")]
    ['tea', 'other', 'other']
    """
    stay = frozenset(kept)
    return lambda value: value if value in stay else other


def prefix(length: int) -> Grouping:
    """Codes that begin alike; a shorter code is not known. Raises Refused where the length is not above 0.

    >>> prefix(3)("9100001")
    '910'
    """
    if length < 1:
        raise refuse("ladders.prefix", "ladder_size_too_small")
    return lambda value: value[:length] if len(value) >= length else None


def named(groups: Mapping[str, Collection[str]]) -> Grouping:
    """Values by a declared group. Raises Refused where a value is in two.

    >>> named({"plain": ["fukui", "sabae"], "hills": ["ono"]})("sabae")
    'plain'
    """
    group_of = {value: group for group, values in groups.items() for value in values}
    if len(group_of) != sum(map(len, groups.values())):
        raise refuse("ladders.named", "ladder_value_in_two_groups")
    return group_of.get

"""Unknown whole numbers, what is known about their sums, and what follows by arithmetic alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """``least <= sum of weight * unknown <= most``; ``None`` is no bound on that side.

    ``unknowns`` are indices into the system's bounds, each at most once.
    """

    unknowns: tuple[int, ...]
    weights: tuple[int, ...]
    least: int | None
    most: int | None


def sums_to(parts: list[int], total: int) -> Relation:
    """The parts add up to the total.

    >>> sums_to([0, 1], 2)
    Relation(unknowns=(0, 1, 2), weights=(1, 1, -1), least=0, most=0)
    """
    return Relation((*parts, total), (*(1 for _ in parts), -1), 0, 0)


@dataclass(frozen=True)
class System:
    """Everything that is known: bounds of each unknown (people, whole numbers) and relations between them."""

    low: tuple[int, ...]
    high: tuple[int | None, ...]
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class Contradiction:
    """No numbers fit: the unknowns of the part of the system that cannot hold."""

    unknowns: tuple[int, ...]


MOST_PEOPLE = 10**12
"""No count is larger. Relations that push one another up without end end here, as a contradiction."""

VISITS_PER_RELATION = 200
"""A budget of work, not of time: the bounds are right whenever the walk stops, only looser."""


def tighten(system: System) -> System | Contradiction:
    """Narrow every bound by whole-number arithmetic on one relation at a time, until nothing moves.

    No number that fits the system is lost. Exact: no floating point.

    >>> tighten(System((0, 3, 10), (None, 4, 10), (sums_to([0, 1], 2),))).low
    (6, 3, 10)
    """
    low, high = list(system.low), list(system.high)
    for unknown, (least, most) in enumerate(zip(low, high, strict=True)):
        if _is_crossed(least, most):
            return Contradiction((unknown,))
    relations_of = _relations_of(system)
    waiting = deque(range(len(system.relations)))
    queued = [True] * len(system.relations)
    visits = VISITS_PER_RELATION * len(system.relations)
    while waiting and visits:
        visits -= 1
        number = waiting.popleft()
        queued[number] = False
        moved = _narrow(system.relations[number], low, high)
        if moved is None or any(_is_crossed(low[unknown], high[unknown]) for unknown in moved):
            return Contradiction(system.relations[number].unknowns)
        for unknown in moved:
            for neighbour in relations_of[unknown]:
                if not queued[neighbour]:
                    queued[neighbour] = True
                    waiting.append(neighbour)
    return System(tuple(low), tuple(high), system.relations)


def _is_crossed(low: int, high: int | None) -> bool:
    return low > (MOST_PEOPLE if high is None else min(high, MOST_PEOPLE))


def _relations_of(system: System) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in system.low]
    for number, relation in enumerate(system.relations):
        for unknown in relation.unknowns:
            found[unknown].append(number)
    return found


def _narrow(relation: Relation, low: list[int], high: list[int | None]) -> list[int] | None:
    """Narrow the bounds of one relation's unknowns in place: those that moved, ``None`` where nothing fits."""
    moved: dict[int, None] = {}
    upward = [(unknown, weight) for unknown, weight in zip(relation.unknowns, relation.weights, strict=True)]
    for sign, limit in ((1, relation.most), (-1, None if relation.least is None else -relation.least)):
        if limit is not None and not _narrow_above(
            [(unknown, sign * weight) for unknown, weight in upward], limit, low, high, moved
        ):
            return None
    return list(moved)


def _narrow_above(
    terms: list[tuple[int, int]], limit: int, low: list[int], high: list[int | None], moved: dict[int, None]
) -> bool:
    """Use ``sum(weight * unknown) <= limit``: each term has what the smallest values of the others leave."""
    smallest = {
        unknown: weight * low[unknown] if weight > 0 else _times(weight, high[unknown]) for unknown, weight in terms
    }
    unbounded = [unknown for unknown, value in smallest.items() if value is None]
    total = sum(value for value in smallest.values() if value is not None)
    if not unbounded and total > limit:
        return False
    for unknown, weight in terms:
        own = smallest[unknown]
        if unbounded and unbounded != [unknown]:
            continue
        room = limit - total + (own or 0)
        if weight > 0 and room // weight < (MOST_PEOPLE if high[unknown] is None else high[unknown]):
            high[unknown] = room // weight
        elif weight < 0 and -(room // -weight) > low[unknown]:
            low[unknown] = -(room // -weight)
        else:
            continue
        moved[unknown] = None
    return True


def _times(weight: int, value: int | None) -> int | None:
    return None if value is None else weight * value


@dataclass(frozen=True)
class Part:
    """Unknowns that hang together and the relations between them; nothing outside moves with them."""

    unknowns: tuple[int, ...]
    relations: tuple[Relation, ...]
    """With what is fixed already taken to the bounds."""


def parts(system: System) -> list[Part] | Contradiction:
    """Split what is not fixed into connected parts, in the order of their first unknown."""
    free = [low != high for low, high in zip(system.low, system.high, strict=True)]
    root = list(range(len(free)))

    def find(unknown: int) -> int:
        while root[unknown] != unknown:
            root[unknown] = root[root[unknown]]
            unknown = root[unknown]
        return unknown

    left: list[Relation] = []
    for relation in system.relations:
        rest = _without_fixed(relation, system.low, free)
        if rest is None:
            return Contradiction(relation.unknowns)
        if not rest.unknowns:
            continue
        left.append(rest)
        for unknown in rest.unknowns[1:]:
            first, second = sorted((find(rest.unknowns[0]), find(unknown)))
            root[second] = first
    members: dict[int, list[int]] = {}
    for unknown, is_free in enumerate(free):
        if is_free:
            members.setdefault(find(unknown), []).append(unknown)
    between: dict[int, list[Relation]] = {head: [] for head in members}
    for relation in left:
        between[find(relation.unknowns[0])].append(relation)
    return [Part(tuple(members[head]), tuple(between[head])) for head in members]


def _without_fixed(relation: Relation, low: tuple[int, ...], free: list[bool]) -> Relation | None:
    """The relation between its free unknowns alone; ``None`` where none is free and it does not hold."""
    terms = list(zip(relation.unknowns, relation.weights, strict=True))
    known = sum(weight * low[unknown] for unknown, weight in terms if not free[unknown])
    rest = [(unknown, weight) for unknown, weight in terms if free[unknown]]
    least = None if relation.least is None else relation.least - known
    most = None if relation.most is None else relation.most - known
    if not rest and ((least is not None and least > 0) or (most is not None and most < 0)):
        return None
    return Relation(tuple(u for u, _ in rest), tuple(w for _, w in rest), least, most)

"""Microaggregation, for closed one-off surveys: suppressed people are published as small groups with common means.

MDAV (maximum distance to average; Domingo-Ferrer & Mateo-Sanz 2002): twice a round, the person furthest out is grouped
with those nearest to her. People of one tuple are never parted. Every published group holds under all models, and so
does the union of two with the same means (see :mod:`transforms.search.local`, whose warning stands here as well).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from terms.findings import wrong_use
from transforms.risk.classes import ClassTable
from transforms.risk.models import holds
from transforms.search.judge import Demand
from transforms.search.ladders import Numbers
from transforms.search.local import check_local, suppressed_at
from transforms.search.search import Found
from transforms.search.tuples import Tuples

Reals = np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Microaggregated:
    """Means instead of nothing for people whom the search suppressed."""

    group_of: Numbers
    """For every tuple the number of its group, -1 where it has none: published as the search has it, or suppressed."""
    means: Reals
    """For every group (rows) the mean base code of each numeric quasi-identifier. The others stay suppressed."""
    suppressed: int
    """People who stay suppressed."""
    won: int
    """People published who were suppressed before."""
    lost: float
    """Share of the squared distances from the mean of everybody grouped that the groups' means lose: 0 to 1."""


def microaggregate(tuples: Tuples, demands: Sequence[Demand], found: Found, numeric: Sequence[str]) -> Microaggregated:
    """Group the suppressed people by quasi-identifiers whose base codes are numbers in their order.

    Raises:
        Refused: a model that judges a class by more than the class.
        WrongUse: a name that is no quasi-identifier, or none at all.
    """
    check_local(demands)
    names = [ladder.name for ladder in tuples.ladders]
    if not numeric or not set(numeric) <= set(names):
        raise wrong_use("numeric", "search_numeric_unknown")
    rest = suppressed_at(tuples, demands, found.node)
    codes, people = tuples.codes[[names.index(name) for name in numeric]][:, rest], tuples.people[rest]
    group, groups = mdav(codes, people, max(math.ceil(_least(demand)) for demand in demands))
    whole = np.bincount(group, weights=people, minlength=groups).astype(np.int64)
    kept = np.ones(groups, dtype=bool)
    for demand in demands:
        kept &= holds(demand.model, _table(tuples, demand, rest, group, whole))
    number = np.where(kept, kept.cumsum() - 1, -1)
    group_of = np.full(len(tuples.people), -1)
    group_of[rest] = number[group]
    won = int(whole[kept].sum())
    inside = kept[group]
    means, lost = _means(codes[:, inside], people[inside], number[group[inside]], int(kept.sum()))
    return Microaggregated(group_of=group_of, means=means, suppressed=found.suppressed - won, won=won, lost=lost)


def mdav(codes: Numbers, people: Numbers, k: int) -> tuple[Numbers, int]:
    """For every tuple (columns of ``codes``) its group, and how many groups: of at least ``k`` people each.

    Attributes count in standard deviations. Of equally far tuples the first is taken. Fewer than ``k`` people are one
    group, nobody is none.
    """
    values = _standardised(codes, people)
    group, groups, left, opposite = np.zeros(len(people), dtype=np.int64), 0, np.arange(len(people)), None
    while (remaining := int(people[left].sum())) >= 2 * k:
        centre = _centre(values, people, left) if opposite is None else opposite
        start = values[:, left[_squares(values[:, left], centre).argmax()]]
        near = left[_squares(values[:, left], start).argsort(kind="stable")]
        taken = near[: int(np.searchsorted(people[near].cumsum(), k)) + 1]
        if remaining - int(people[taken].sum()) < k:
            break
        group[taken], groups, left = groups, groups + 1, np.setdiff1d(left, taken)
        opposite = start if opposite is None and remaining >= 3 * k else None
    group[left] = groups
    return group, groups + bool(len(left))


def _standardised(codes: Numbers, people: Numbers) -> Reals:
    """Codes by their standard deviation; of a constant all are 0."""
    total, values = int(people.sum()), np.zeros(codes.shape)
    for row, made in zip(codes, values, strict=True):
        first, second = int((row * people).sum()), int((row * row * people).sum())
        if (spread := total * second - first**2) > 0:
            made[:] = row / (math.sqrt(spread) / total)
    return values


def _centre(values: Reals, people: Numbers, left: Numbers) -> Reals:
    # Summed exactly: the order of people decides nothing.
    sums = [math.fsum(row.tolist()) for row in values[:, left] * people[left]]
    return np.array(sums) / int(people[left].sum())


def _squares(values: Reals, centre: Reals) -> Reals:
    """Squared distances; attributes are added one by one, so that the bits are the same on every machine."""
    total = np.zeros(values.shape[1])
    for row, at in zip(values, centre, strict=True):
        total += (row - at) ** 2
    return total


def _least(demand: Demand) -> float:
    """The size of class that a model asks for at least."""
    return max(getattr(demand.model, "k", 1), getattr(demand.model, "l", 1))


def _table(tuples: Tuples, demand: Demand, rest: Numbers, group: Numbers, whole: Numbers) -> ClassTable:
    if not demand.model.sensitive:
        return ClassTable(sizes=whole)
    answers = tuples.answers[demand.attribute]
    place = np.full(len(tuples.people), -1)
    place[rest] = group
    mine = place[answers.owner] >= 0
    histogram = np.zeros((len(whole), answers.values), dtype=np.int64)
    np.add.at(histogram, (place[answers.owner[mine]], answers.value[mine]), answers.people[mine])
    overall = np.bincount(answers.value, weights=answers.people, minlength=answers.values).astype(np.int64)
    return ClassTable(sizes=whole, histogram=histogram, overall=overall)


def _means(codes: Numbers, people: Numbers, group: Numbers, groups: int) -> tuple[Reals, float]:
    """The means of each group, and the share of squares that they lose."""
    size = np.bincount(group, weights=people, minlength=groups)
    means = np.array([np.bincount(group, weights=row * people, minlength=groups) for row in codes]).T / size[:, None]
    values = _standardised(codes, people)
    if not values.any():
        return means, 0.0
    everybody = np.arange(len(people))
    total = math.fsum((_squares(values, _centre(values, people, everybody)) * people).tolist())
    inside = 0.0
    for number in range(groups):
        mine = np.flatnonzero(group == number)
        inside += math.fsum((_squares(values[:, mine], _centre(values, people, mine)) * people[mine]).tolist())
    return means, inside / total if total else 0.0

"""A survey's plan as a search: distinct tuples, the models that every class must hold, the costs of levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from terms.hierarchy import Hierarchy
from terms.survey import Survey
from transforms.risk.models import DistinctDiversity, KAnonymity
from transforms.search.judge import Demand
from transforms.search.ladders import Ladder, Numbers
from transforms.search.metrics.precision import LevelCosts
from transforms.search.search import Found, search
from transforms.search.tuples import Answers, Node, Tuples, mixed_radix, number_keys

EVERYONE = Ladder(name="", levels=(np.zeros(1, dtype=np.int64),))
"""Stands in where a survey has no quasi-identifier: all people are one class."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """All that the search of a plan needs."""

    tuples: Tuples
    demands: tuple[Demand, ...]
    costs: LevelCosts
    """First the declared breaks lost, then the share of entropy given up, added over the quasi-identifiers."""

    @property
    def top(self) -> Node:
        """The coarsest node."""
        return tuple(ladder.height for ladder in self.tuples.ladders)

    def best_below(self, top: Node, budget: int) -> Found:
        """The best of the nodes that are nowhere coarser than ``top``.

        Raises Refused as :func:`transforms.search.search.search` does.
        """
        ladders = tuple(
            replace(ladder, levels=ladder.levels[: level + 1])
            for ladder, level in zip(self.tuples.ladders, top, strict=True)
        )
        return search(replace(self.tuples, ladders=ladders), self.demands, self.costs, budget=budget)


def state_problem(survey: Survey, frame: pl.DataFrame) -> Problem:
    """``frame``: distinct base codes of the quasi-identifiers and sensitive values with their ``people``."""
    hierarchies = [column.hierarchy for column in survey.quasi_identifiers if column.hierarchy is not None]
    tuples = _tuples(hierarchies, frame)
    policy = survey.policy
    demands = [Demand(KAnonymity(policy.k))]
    if policy.l > 1:  # one value is there wherever somebody is
        demands += [Demand(DistinctDiversity(policy.l), name) for name in tuples.answers]
    lost = [_breaks_lost(ladder, set(survey.breaks)) for ladder in tuples.ladders]
    given_up = [_entropy_lost(ladder, people) for ladder, people in zip(tuples.ladders, tuples.marginals, strict=True)]
    return Problem(tuples=tuples, demands=tuple(demands), costs=LevelCosts(costs=(lost, given_up)))


def _tuples(hierarchies: Sequence[Hierarchy], frame: pl.DataFrame) -> Tuples:
    people = frame["people"].to_numpy().astype(np.int64)
    ladders = tuple(Ladder.of(hierarchy) for hierarchy in hierarchies) or (EVERYONE,)
    columns = [_codes(hierarchy, frame[hierarchy.variable]) for hierarchy in hierarchies] or [np.zeros_like(people)]
    owner, first, rows = number_keys(*mixed_radix(columns, [ladder.domain for ladder in ladders]))
    keys = {hierarchy.variable for hierarchy in hierarchies} | {"people"}
    return Tuples(
        ladders=ladders,
        codes=np.stack([column[first] for column in columns]),
        people=np.bincount(owner, weights=people, minlength=len(rows)).astype(np.int64),
        answers={name: _answers(owner, frame[name], people) for name in frame.columns if name not in keys},
    )


def _codes(hierarchy: Hierarchy, values: pl.Series) -> Numbers:
    place = {code: number for number, code in enumerate(hierarchy.levels[0].group_of)}
    return np.array([place[value] for value in values.to_list()], dtype=np.int64)


def _answers(owner: Numbers, values: pl.Series, people: Numbers) -> Answers:
    value = values.rank("dense").cast(pl.Int64).to_numpy() - 1
    count = int(value.max(initial=0)) + 1
    pair, places = np.unique(owner * count + value, return_inverse=True)
    summed = np.bincount(places, weights=people, minlength=len(pair)).astype(np.int64)
    return Answers(owner=pair // count, value=pair % count, people=summed, values=count)


def _breaks_lost(ladder: Ladder, breaks: set[str]) -> np.ndarray:
    lost = np.zeros(ladder.height + 1)
    lost[ladder.height] = ladder.name in breaks
    return lost


def _entropy_lost(ladder: Ladder, people: Numbers) -> np.ndarray:
    """For every level, the share of the entropy of the exact codes that it gives up."""
    entropies = [_entropy(np.bincount(level, weights=people)) for level in ladder.levels]
    return np.array([1 - entropy / entropies[0] if entropies[0] else 0.0 for entropy in entropies])


def _entropy(counts: np.ndarray) -> float:
    present = counts[counts > 0].tolist()
    total = math.fsum(present)
    # Summed exactly: neither order nor machine decides the last bit.
    return -math.fsum(count / total * math.log2(count / total) for count in present)

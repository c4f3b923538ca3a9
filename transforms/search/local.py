"""Local recoding, for closed one-off surveys: who would be suppressed is published at levels of her own instead.

The people whom the best node suppresses are searched again as a table of their own, and so on while somebody is won.
Every published class still holds: it was judged as it is, and where two rounds publish the same groups their union
holds as well, which is why only models with that property that look at nothing but the class are allowed. Levels then
differ between people, so a tuple no longer depends on a person's own record alone: never for a survey that grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from terms.findings import Refused, refuse
from transforms.risk.models import AlphaK, DistinctDiversity, EntropyDiversity, KAnonymity, RecursiveDiversity
from transforms.search.judge import Demand
from transforms.search.metrics.scoring import Metric
from transforms.search.search import WORK, Found, search
from transforms.search.trial import Trial
from transforms.search.tuples import Answers, Node, Tuples

ALLOWED = (AlphaK, DistinctDiversity, EntropyDiversity, KAnonymity, RecursiveDiversity)


@dataclass(frozen=True, kw_only=True, eq=False)
class Recoded:
    """Levels of every tuple."""

    rounds: tuple[Node, ...]
    """The node of each round, the search's own first."""
    round_of: np.ndarray
    """For every tuple the number of its round, -1 where it stays suppressed."""
    suppressed: int
    """People who stay suppressed."""
    won: int
    """People published who were suppressed before."""


def recode_locally(tuples: Tuples, demands: Sequence[Demand], metric: Metric, found: Found) -> Recoded:
    """Publish suppressed people at coarser levels where all models hold for them.

    Raises Refused ``search_model_not_local`` for a model that judges a class by the whole table or a population.
    """
    for model in (demand.model for demand in demands):
        if not isinstance(model, ALLOWED) or getattr(model, "estimator", "shannon") != "shannon":
            raise refuse("models", "search_model_not_local")
    rounds, round_of = [found.node], np.zeros(len(tuples.people), dtype=np.int64)
    rest = _suppressed(tuples, demands, metric, found.node)
    round_of[rest] = -1
    while len(rest):
        part = _part(tuples, rest)
        try:
            # At least one of them must be won, or the search would be content to suppress all.
            node = search(part, demands, metric, most_suppressed=part.total - 1).node
        except Refused:
            break
        still = _suppressed(part, demands, metric, node)
        round_of[np.delete(rest, still)] = len(rounds)
        rounds.append(node)
        rest = rest[still]
    suppressed = int(tuples.people[rest].sum())
    return Recoded(rounds=tuple(rounds), round_of=round_of, suppressed=suppressed, won=found.suppressed - suppressed)


def _suppressed(tuples: Tuples, demands: Sequence[Demand], metric: Metric, node: Node) -> np.ndarray:
    """Numbers of the tuples whose class does not hold."""
    classes, kept = Trial(tuples, demands, metric, tuples.total, WORK).judged(node)
    return np.flatnonzero(~kept[classes.owner_of_tuples])


def _part(tuples: Tuples, some: np.ndarray) -> Tuples:
    """Some of the tuples, as a table of their own."""
    return Tuples(
        ladders=tuples.ladders,
        codes=tuples.codes[:, some],
        people=tuples.people[some],
        answers={name: _answers_of(answers, some) for name, answers in tuples.answers.items()},
    )


def _answers_of(answers: Answers, some: np.ndarray) -> Answers:
    mine = np.isin(answers.owner, some)
    owner = np.searchsorted(some, answers.owner[mine])
    return Answers(owner=owner, value=answers.value[mine], people=answers.people[mine], values=answers.values)

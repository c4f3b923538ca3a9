"""Local recoding and cell suppression, for closed one-off surveys: who would be suppressed is published after all.

The people whom the best node suppresses are searched again as a table of their own, and so on while somebody is won:
at levels of their own (local recoding), or with some cells suppressed instead of all (cell suppression). Every
published class still holds: it was judged as it is, and where two rounds publish the same groups their union holds as
well, which is why only models with that property that look at nothing but the class are allowed. What is published of a
person then no longer depends on her own record alone: never for a survey that grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from terms.findings import Refused, refuse
from transforms.risk.models import AlphaK, DistinctDiversity, EntropyDiversity, KAnonymity, RecursiveDiversity
from transforms.search.judge import Demand
from transforms.search.ladders import Ladder
from transforms.search.metrics.precision import Height
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Celled:
    """Cells of every tuple, at the levels of the search's own node."""

    rounds: tuple[tuple[bool, ...], ...]
    """For each round which quasi-identifiers are published; in the first, the search's own, all."""
    round_of: np.ndarray
    """For every tuple the number of its round, -1 where all its cells stay suppressed."""
    suppressed: int
    """People all of whose cells stay suppressed."""
    won: int
    """People of whom some cells are published and none was before."""


def recode_locally(tuples: Tuples, demands: Sequence[Demand], metric: Metric, found: Found) -> Recoded:
    """Publish suppressed people at coarser levels where all models hold for them.

    Raises Refused ``search_model_not_local`` for a model that judges a class by the whole table or a population.
    """
    nodes, round_of = _win(tuples, demands, metric, found.node)
    suppressed = int(tuples.people[round_of < 0].sum())
    return Recoded(
        rounds=(found.node, *nodes), round_of=round_of, suppressed=suppressed, won=found.suppressed - suppressed
    )


def suppress_cells(tuples: Tuples, demands: Sequence[Demand], metric: Metric, found: Found) -> Celled:
    """Suppress single cells of people, as few as the metric can, instead of all where all models hold for them.

    Raises Refused as :func:`recode_locally` does.
    """
    pairs = zip(tuples.ladders, found.node, strict=True)
    ladders = tuple(Ladder(name=of.name, levels=(of.levels[at], np.zeros_like(of.levels[at]))) for of, at in pairs)
    shown_or_not = replace(tuples, ladders=ladders)
    nodes, round_of = _win(shown_or_not, demands, metric, tuple(0 for _ in ladders))
    suppressed = int(tuples.people[round_of < 0].sum())
    return Celled(
        rounds=tuple(tuple(not level for level in node) for node in (tuple(0 for _ in ladders), *nodes)),
        round_of=round_of,
        suppressed=suppressed,
        won=found.suppressed - suppressed,
    )


def check_local(demands: Sequence[Demand]) -> None:
    """Raises Refused ``search_model_not_local`` where the union of two classes that hold may not hold."""
    for model in (demand.model for demand in demands):
        if not isinstance(model, ALLOWED) or getattr(model, "estimator", "shannon") != "shannon":
            raise refuse("models", "search_model_not_local")


def _win(tuples: Tuples, demands: Sequence[Demand], metric: Metric, node: Node) -> tuple[list[Node], np.ndarray]:
    """The nodes of further rounds; for every tuple its round, 0 where ``node`` publishes it and -1 where none does."""
    check_local(demands)
    nodes, round_of, rest = [], np.zeros(len(tuples.people), dtype=np.int64), suppressed_at(tuples, demands, node)
    round_of[rest] = -1
    while len(rest):
        part = _part(tuples, rest)
        try:
            # At least one of them must be won, or the search would be content to suppress all.
            node = search(part, demands, metric, most_suppressed=part.total - 1).node
        except Refused:
            break
        if all(ladder.groups[level] == 1 for ladder, level in zip(part.ladders, node, strict=True)):
            # One group of everybody left says no more than suppression does.
            break
        still = suppressed_at(part, demands, node)
        nodes.append(node)
        round_of[np.delete(rest, still)] = len(nodes)
        rest = rest[still]
    return nodes, round_of


def suppressed_at(tuples: Tuples, demands: Sequence[Demand], node: Node) -> np.ndarray:
    """Numbers of the tuples whose class does not hold at a node."""
    classes, kept = Trial(tuples, demands, Height(), tuples.total, WORK).judged(node)
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

"""The generalisation of least score at which every published class holds, proven or with the gap that is left.

Full-domain generalisation with a suppression limit: each quasi-identifier is published at one level of its ladder; the
people of classes that fail a model have all quasi-identifiers suppressed, and those are at most the limit. Nodes are
left unseen where a bound on their score or a model that only merging can mend (k-anonymity, Samarati 2001) says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terms.findings import refuse, wrong_use
from transforms.risk.models import KAnonymity
from transforms.search.blocks import block_bound
from transforms.search.boxes import search_boxes
from transforms.search.judge import Demand
from transforms.search.lattice import LARGEST, Lattice
from transforms.search.metrics.aggregates import Weighing
from transforms.search.metrics.scoring import Metric, Score
from transforms.search.trial import Trial, Tried
from transforms.search.tuples import Node, Tuples

WORK = 3_000_000_000
"""Budget of a search unless told otherwise, in tuples touched."""
BLOCKS = 10
"""The part of the budget that each block of a bound may use besides (see :mod:`transforms.search.blocks`)."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The best node seen and what is known of all others."""

    node: Node
    """The level of each quasi-identifier."""
    score: Score
    bound: Score
    """No node that holds scores less."""
    suppressed: int
    """People whose quasi-identifiers are suppressed."""
    classes: int
    """Published classes."""
    nodes_checked: int
    work: int
    """Tuples touched, without those of a bound by blocks."""

    @property
    def proven(self) -> bool:
        """Whether no node is better."""
        return self.bound == self.score

    @property
    def gap(self) -> float:
        """How far the first part of the score can be from the best, in its own unit."""
        return self.score[0] - self.bound[0]


def search(
    tuples: Tuples, demands: Sequence[Demand], metric: Metric, *, most_suppressed: int = 0, budget: int = WORK
) -> Found:
    """The node of least score; among equals the finer level of the earlier quasi-identifier.

    ``budget``: tuples touched before the search stops with what it has. The same on every machine.

    Raises:
        Refused: no node holds, or the budget ended before one was found.
        WrongUse: a budget of nothing, a limit below zero.
    """
    _check(tuples, demands, most_suppressed, budget)
    trial = Trial(tuples, demands, metric, most_suppressed, budget)
    bound = _search_lattice(trial) if Lattice.size(tuples) <= LARGEST else search_boxes(trial)
    best = trial.best
    if best is not None and bound is not None and isinstance(metric, Weighing) and trial.additive:
        bound = max(bound, (_search_blocks(tuples, demands, metric, most_suppressed, budget // BLOCKS),))
    if best is None and bound is None:
        raise refuse("models", "search_no_solution", suppressed=most_suppressed)
    if best is None:
        raise refuse("budget", "search_budget_spent", nodes=trial.checked)
    return Found(
        node=best.node,
        score=best.score,
        bound=best.score if bound is None else min(bound, best.score),
        suppressed=best.suppressed,
        classes=best.classes,
        nodes_checked=trial.checked,
        work=trial.work,
    )


def try_node(tuples: Tuples, demands: Sequence[Demand], metric: Metric, node: Node) -> Tried:
    """One node, however many people it suppresses: its score and what fails."""
    return Trial(tuples, demands, metric, tuples.total, WORK).at(node)


def _check(tuples: Tuples, demands: Sequence[Demand], most: int, budget: int) -> None:
    if budget < 1:
        raise wrong_use("budget", "search_budget_zero")
    if most < 0:
        raise wrong_use("most_suppressed", "search_limit_below_zero")
    for model in (demand.model for demand in demands):
        if isinstance(model, KAnonymity) and model.k > tuples.total > most:
            raise refuse("models", "search_k_above_people", k=model.k)


def _search_blocks(tuples: Tuples, demands: Sequence[Demand], metric: Weighing, most: int, budget: int) -> float:
    def solve(block: Tuples, its: Weighing) -> float:
        trial = Trial(block, demands, its, most, max(budget, 1))
        bound = _search_lattice(trial)
        seen = [score for score in (bound, trial.best and trial.best.score) if score]
        return min(seen)[0] if seen else 0.0

    return block_bound(tuples, metric, solve)


def _search_lattice(trial: Trial) -> Score | None:
    """The least score that an unseen node may have; ``None`` where every node was seen or ruled out."""
    lattice = Lattice(trial.tuples, trial.scorer)

    def fails(number: int) -> bool:
        lattice.close(number)
        tried = trial.at(lattice.node(number))
        if tried.hopeless:
            lattice.close_finer(number)
            return True
        if trial.best is tried:
            lattice.improve(tried.score, number)
        if tried.excess > 0:
            lattice.raise_finer(number, tried.excess)
        if tried.floor > 0:
            lattice.raise_coarser(number, tried.floor)
        return False

    while (start := lattice.next()) is not None and not trial.spent:
        path = lattice.path(start) if trial.monotone else [start]
        low, high = 0, len(path)
        # The finest node of the path that may hold: all finer ones go with those that cannot.
        while low < high and not trial.spent:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if fails(path[middle]) else (low, middle)
    return lattice.bound()

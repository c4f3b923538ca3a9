"""Choosing the levels of the codebook: the least loss at which every equivalence class is large enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from terms.findings import Refused, refuse
from terms.survey import Survey
from transforms.planning.measures import Reached, reached
from transforms.planning.problem import EVERYONE, Problem, state_problem
from transforms.search.search import Found
from transforms.search.tuples import Node

BUDGET = 1_000_000_000
"""Tuples touched by the search of the best plan. Where they end first, the plan says what the best may be."""
OTHERS_BUDGET = 200_000_000
"""The same for all other plans together."""
SPENT = "search_budget_spent"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Levels that hold, and what they cost."""

    levels: Mapping[str, int]
    breaks_lost: int
    """Declared breaks that are generalised to ``*``."""
    loss: float
    """Mean over the quasi-identifiers of the share of information given up, 0 (exact) to 1 (``*``)."""
    bound: tuple[int, float]
    """No plan loses fewer breaks, or as many and less information: what the search has proven so far."""
    reached: Reached
    nodes_checked: int

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.bound == (self.breaks_lost, self.loss)

    @property
    def smallest_class(self) -> int:
        """People in the smallest equivalence class: the k that is reached."""
        return self.reached.k

    @property
    def classes(self) -> int:
        """Equivalence classes."""
        return self.reached.classes


def search_plan(survey: Survey, tuples: pl.DataFrame) -> Plan:
    """The best combination of levels with every class >= k people and >= l distinct sensitive values.

    Best: the fewest declared breaks lost to ``*``, then the least loss, then the finer level of the earlier column.
    ``tuples``: distinct base codes of the quasi-identifiers and sensitive values with their ``people`` (see
    :func:`transforms.generalise.tuples_query`). Full-domain generalisation without suppression; the loss is
    non-uniform entropy (de Waal & Willenborg 1999), each quasi-identifier scaled to 0..1.

    Raises:
        Refused: even ``*`` everywhere leaves a class below k, or :data:`BUDGET` ended before any plan was found.
    """
    return search_plans(survey, tuples, most=1)[0]


def search_plans(survey: Survey, tuples: pl.DataFrame, most: int) -> list[Plan]:
    """The best plan, then the best that says something none before it says: finer somewhere than each of them.

    At most ``most``, all proven: where the best is not, no other is looked for, and where :data:`OTHERS_BUDGET` ends
    first, there are fewer. Raises Refused as :func:`search_plan` does.
    """
    problem = state_problem(survey, tuples)
    try:
        best = problem.best_below(problem.top, BUDGET)
    except Refused as refused:
        if any(finding.rule == SPENT for finding in refused.findings):
            raise refuse("columns", "plan_budget_spent", tuples=BUDGET) from None
        raise refuse("columns", "plan_impossible", k=survey.policy.k) from None
    found = [best]
    if best.proven:
        found += _others(problem, best, most - 1)
    return [_plan(problem, each) for each in found]


def _others(problem: Problem, best: Found, most: int) -> list[Found]:
    """The nodes that are not coarser than a node lie in boxes: in each, one level stays finer than that node's.

    A box is known by its coarsest node. The best of all boxes comes next; the boxes that it lies in are cut again.
    """
    boxes, chosen = _Boxes(problem), []
    whole = [problem.top]
    taken = best
    while len(chosen) < most and boxes.cut(whole, taken.node):
        held = [found for found in boxes.best.values() if found is not None]
        if not held:
            break
        taken = min(held, key=lambda found: (found.score, found.node))
        chosen.append(taken)
        whole = [box for box, found in boxes.best.items() if found is not None and found.node == taken.node]
    return chosen


class _Boxes:
    """Boxes of the lattice, each with the best node that holds in it, if any."""

    def __init__(self, problem: Problem) -> None:
        self.best: dict[Node, Found | None] = {}
        self._problem = problem
        self._budget = OTHERS_BUDGET

    def cut(self, boxes: list[Node], node: Node) -> bool:
        """Leave a node, and all coarser ones, out of some boxes; whether the budget was enough."""
        for box in boxes:
            self.best.pop(box, None)
            for place, level in enumerate(node):
                smaller = (*box[:place], level - 1, *box[place + 1 :])
                if level and smaller not in self.best:
                    self.best[smaller] = self._search(smaller)
        return self._budget > 0

    def _search(self, box: Node) -> Found | None:
        if self._budget <= 0:
            return None
        try:
            found = self._problem.best_below(box, self._budget)
        except Refused as refused:
            # That nothing holds in a box is seen at its coarsest node, for almost nothing.
            if any(finding.rule == SPENT for finding in refused.findings):
                self._budget = 0
            return None
        self._budget -= found.work
        return found


def _plan(problem: Problem, found: Found) -> Plan:
    ladders = problem.tuples.ladders
    named = {ladder.name: level for ladder, level in zip(ladders, found.node, strict=True) if ladder is not EVERYONE}
    columns = max(len(named), 1)
    return Plan(
        levels=named,
        breaks_lost=int(found.score[0]),
        loss=found.score[1] / columns,
        bound=(int(found.bound[0]), found.bound[1] / columns),
        reached=reached(problem.tuples, found.node),
        nodes_checked=found.nodes_checked,
    )

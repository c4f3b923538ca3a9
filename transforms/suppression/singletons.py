"""Attackers who contribute: whoever is alone in hidden cells knows them, and subtracts them from what is shown.

The reference's section 8. Two nets: cells ``s + k`` of one line, which must stay uncertain (tau-ARGUS), and then the
audit once for every contributor with the cells fixed that he knows (whatever line they stand in; a holding knows all
cells that it is alone in). And what one line hides must together stand for enough people (sdcTable, case 307).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from terms.findings import fault
from transforms.programs import Marks, Numbers
from transforms.suppression.audit import Audit
from transforms.suppression.engine import protect_cells
from transforms.suppression.problem import Pattern, Problem
from transforms.suppression.solver import Work
from transforms.suppression.virtual import Virtual, fixed, with_virtual

Solve = Callable[[Problem], Pattern]

ROUNDS = 50
"""Most rounds of hiding more; every round hides at least one more cell or makes one more sum a cell."""

WORK = 100_000_000
"""Work spent on each of the patterns, and on each audit: there are many."""


def guided(problem: Problem) -> Pattern:
    """A safe pattern that is found quickly: it will have to grow."""
    return protect_cells(problem, method="guided", work=WORK)


def knowledge(alone: Numbers) -> list[Marks]:
    """What each contributor who is alone somewhere knows: the cells of ``alone`` with her number, one array each.

    >>> [each.tolist() for each in knowledge(np.array([7, -1, 7, 3]))]
    [[False, False, False, True], [True, False, True, False]]
    """
    return [alone == contributor for contributor in np.unique(alone[alone >= 0])]


def seen_by(problem: Problem, known: Marks) -> Problem:
    """The problem as it looks to somebody who knows some cells: they cannot deviate, and hide nothing from her.

    What is asked is that she cannot work a figure out. The levels are asked against readers who know nothing; below
    what she contributed herself no figure can be to her.
    """
    primary, nothing = problem.primary & ~known, np.zeros_like(problem.up)
    return replace(
        problem,
        up=nothing,
        down=nothing,
        slide=np.where(primary, np.minimum(problem.up + problem.down + problem.slide, 1), 0),
        width=np.minimum(problem.width, 1),
        low=np.where(known, problem.values, problem.low),
        high=np.where(known, problem.values, problem.high),
        primary=primary,
        unprinted=problem.unprinted | known,
        candidate=problem.candidate & ~known,
    )


def insiders(problem: Problem, hidden: Marks, alone: Numbers) -> list[int]:
    """The contributors (numbers of ``alone``) to whom a pattern gives some protected cell away."""
    return [
        int(alone[known][0])
        for known in knowledge(alone)
        if (known & hidden).any() and Audit(seen_by(problem, known), Work(WORK)).unmet(hidden | known)
    ]


def protect_from_insiders(
    problem: Problem, alone: Numbers, *, people: Numbers | None = None, least: int = 0, solve: Solve = guided
) -> Marks:
    """A pattern that is safe from every reader and from every single contributor.

    ``alone``: the number of the only contributor of each cell, -1 elsewhere. With ``least`` the ``people`` whom a line
    with a shown total hides must be nobody or that many. Raises Refused ``no_safe_pattern`` where hiding everything is
    not enough against some contributor.
    """
    size = len(problem.values)
    sums = list(_with_one_insider(problem, alone))
    people = problem.values if people is None else people
    hidden = solve(with_virtual(problem, sums)).hidden[:size]
    for _ in range(ROUNDS):
        found = _too_few(problem, hidden, people, least)
        troubled = insiders(problem, hidden, alone)
        if not found and not troubled:
            return hidden
        sums += found
        hidden = hidden | solve(with_virtual(fixed(problem, hidden), sums)).hidden[:size]
        for contributor in troubled:
            known = alone == contributor
            hidden = hidden | solve(seen_by(fixed(problem, hidden), known)).hidden & ~known
    raise fault("transforms.suppression", "insiders_not_settled", rounds=ROUNDS)


def _lines(problem: Problem) -> Iterator[tuple[Numbers, Numbers]]:
    """Cells and signs of every equation."""
    system = problem.system
    for a, b in zip(system.start[:-1], system.start[1:], strict=True):
        yield system.index[a:b], system.value[a:b]


def _with_one_insider(problem: Problem, alone: Numbers) -> Iterator[Virtual]:
    """For every line, contributor alone in it and protected other cell: all that she knows of it and the other."""
    for cells, signs in _lines(problem):
        for contributor in np.unique(alone[cells][alone[cells] >= 0]):
            known = [place for place in range(len(cells)) if alone[cells[place]] == contributor]
            for place in range(len(cells)):
                cell = int(cells[place])
                if problem.primary[cell] and place not in known:
                    yield Virtual(
                        signs={int(cells[at]): int(signs[at] * signs[place]) for at in (*known, place)}, slide=1
                    )


def _too_few(problem: Problem, hidden: Marks, people: Numbers, least: int) -> Sequence[Virtual]:
    """The hidden cells of every line whose total is shown and that together stand for somebody, but for too few."""
    found = []
    for cells, signs in _lines(problem):
        within = cells[hidden[cells] & (signs > 0)]
        if not hidden[cells[signs < 0]].any() and 0 < people[within].sum() < least:
            found.append(Virtual(signs={int(cell): 1 for cell in within}, slide=1))
    return found

"""Cells that no table prints but every reader can add up: sums and differences to be protected like any other cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from transforms.programs import Marks, Numbers, System
from transforms.suppression.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Virtual:
    """A sum of cells, each plus or minus once, and the levels it must have."""

    signs: Mapping[int, int]
    """Cell -> 1 or -1."""
    up: int = 0
    down: int = 0
    slide: int = 0


def with_virtual(problem: Problem, cells: Sequence[Virtual]) -> Problem:
    """The same problem with unprinted, protected cells after its own, each with the equation that defines it."""
    if not cells:
        return problem
    size = len(problem.values)

    def sums(plus: Numbers, minus: Numbers) -> Numbers:
        return np.array(
            [sum((plus if sign > 0 else -minus)[cell] for cell, sign in each.signs.items()) for each in cells]
        )

    def more(of: Numbers, added: Sequence[int] | Numbers) -> Numbers:
        return np.r_[of, np.asarray(added, dtype=of.dtype)]

    none = [False] * len(cells)
    return Problem(
        values=more(problem.values, sums(problem.values, problem.values)),
        system=_with_equations(problem.system, cells, size),
        low=more(problem.low, sums(problem.low, problem.high)),
        high=more(problem.high, sums(problem.high, problem.low)),
        primary=more(problem.primary, [True] * len(cells)),
        unprinted=more(problem.unprinted, [True] * len(cells)),
        candidate=more(problem.candidate, none),
        up=more(problem.up, [each.up for each in cells]),
        down=more(problem.down, [each.down for each in cells]),
        slide=more(problem.slide, [each.slide for each in cells]),
        width=more(problem.width, [0] * len(cells)),
        cost=more(problem.cost, [1] * len(cells)),
    )


def _with_equations(system: System, cells: Sequence[Virtual], size: int) -> System:
    rows = [{size + number: -1, **each.signs} for number, each in enumerate(cells)]
    return System(
        np.r_[system.start, system.start[-1] + np.cumsum([len(row) for row in rows])],
        np.r_[system.index, [cell for row in rows for cell in row]].astype(np.int64),
        np.r_[system.value, [sign for row in rows for sign in row.values()]].astype(np.int64),
        size + len(cells),
    )


def fixed(problem: Problem, hidden: Marks) -> Problem:
    """The same problem with a pattern that may only grow: what it hides costs nothing and stays as protected."""
    secondary = hidden & ~problem.primary & ~problem.unprinted
    return replace(
        problem,
        primary=problem.primary | secondary,
        up=np.where(secondary, 0, problem.up),
        down=np.where(secondary, 0, problem.down),
        slide=np.where(secondary, problem.width, problem.slide),
        candidate=problem.candidate & ~secondary,
    )


def group_disclosure(problem: Problem, least: int) -> Problem:
    """R3: in no group may be seen that fewer than ``least`` of it lie outside its largest category.

    For every sum with ``0 < n(g)`` and ``n(g) - max < least`` what lies outside becomes a cell of its own, which must
    be able to be ``least``. ``least`` - 1 is the coalition of K-disclosure: 1 (coalition 0) protects unanimous groups.
    """
    system, values = problem.system, problem.values
    found = []
    for row in range(len(system.start) - 1):
        cells = system.index[system.start[row] : system.start[row + 1]]
        signs = system.value[system.start[row] : system.start[row + 1]]
        total, parts = int(cells[signs < 0][0]), cells[signs > 0]
        largest = int(parts[np.argmax(values[parts])])
        outside = int(values[total] - values[largest])
        if values[total] > 0 and outside < least:
            found.append(Virtual(signs={total: 1, largest: -1}, up=least - outside))
    return with_virtual(problem, found)

"""Small tables, and an attacker and a search for the best pattern that share no code with ours."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
from scipy.optimize import linprog

from transforms.programs import System
from transforms.suppression.problem import Problem


def cube(inner: np.ndarray) -> tuple[np.ndarray, System]:
    """A table with all its margins, flattened, and its equations."""
    values = inner
    for axis in range(inner.ndim):
        values = np.concatenate([values, values.sum(axis=axis, keepdims=True)], axis=axis)
    number = np.arange(values.size).reshape(values.shape)
    rows = [
        (line[-1], line[:-1])
        for axis in range(inner.ndim)
        for line in np.moveaxis(number, axis, -1).reshape(-1, values.shape[axis])
    ]
    return values.ravel(), system(rows, values.size)


def system(rows: list[tuple[int, np.ndarray]], size: int) -> System:
    """Equations ``total = sum of parts``."""
    start, index, value = [0], [], []
    for total, parts in rows:
        index += [total, *parts]
        value += [-1] + [1] * len(parts)
        start.append(len(index))
    return System(*(np.array(each, dtype=np.int64) for each in (start, index, value)), size)


def hierarchical(leaves: np.ndarray) -> tuple[np.ndarray, System]:
    """Total = two groups, each of two or three leaves; one row an attribute, with its own margin."""
    groups = [leaves[:2].sum(axis=0), leaves[2:].sum(axis=0)]
    lines = np.vstack([leaves, groups, leaves.sum(axis=0)])
    values = np.hstack([lines, lines.sum(axis=1, keepdims=True)])
    number = np.arange(values.size).reshape(values.shape)
    n = len(leaves)
    rows = [(line[-1], line[:-1]) for line in number]
    for column in number.T:
        rows += [(column[n], column[:2]), (column[n + 1], column[2:n]), (column[-1], column[n : n + 2])]
    return values.ravel(), system(rows, values.size)


def problem(values: np.ndarray, equations: System, primary: np.ndarray, **changes: np.ndarray) -> Problem:
    """Counts: movable by 1 each way, an attacker who knows empty cells and nothing else; with changes."""
    nothing, no = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=bool)
    level = np.where(primary, 1, 0)
    given = {
        "values": values,
        "system": equations,
        "low": nothing,
        "high": np.where(values > 0, values + 100, 0),
        "primary": primary,
        "unprinted": no,
        "candidate": values > 0,
        "up": level,
        "down": level,
        "slide": nothing,
        "width": nothing,
        "cost": nothing + 1,
    }
    return Problem(**{**given, **changes})


def matrix(problem: Problem) -> np.ndarray:
    """The equations, written out."""
    dense = np.zeros((len(problem.system.start) - 1, len(problem.values)))
    for row, (a, b) in enumerate(zip(problem.system.start, problem.system.start[1:], strict=False)):
        dense[row, problem.system.index[a:b]] = problem.system.value[a:b]
    return dense


def safe(problem: Problem, hidden: np.ndarray, *, whole: bool = True) -> bool:
    """Whether every demand is met, by another solver on every cell, each way, in whole numbers or in fractions."""
    members = np.flatnonzero(hidden)
    dense = matrix(problem)[:, members]
    bounds = list(zip((problem.low - problem.values)[members], (problem.high - problem.values)[members], strict=True))
    secondary = hidden & ~problem.primary & ~problem.unprinted
    for place, cell in enumerate(members):
        span = problem.slide[cell] if problem.primary[cell] else problem.width[cell] * secondary[cell]
        up, down = (problem.up[cell], problem.down[cell]) if problem.primary[cell] else (0, 0)
        if not (span or up or down):
            continue
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(members))
            cost[place] = -sign
            kinds = np.full(len(members), int(whole))
            found = linprog(cost, A_eq=dense, b_eq=np.zeros(len(dense)), bounds=bounds, integrality=kinds)
            assert found.status == 0
            ends.append(-found.fun)
        if ends[0] < up - 1e-6 or ends[1] < down - 1e-6 or sum(ends) < span - 1e-6:
            return False
    return True


def best(problem: Problem) -> int | None:
    """The least cost of any safe pattern, every pattern tried in order of cost; ``None`` where none is safe."""
    given = problem.primary | problem.unprinted
    free = np.flatnonzero(problem.candidate & ~given)
    patterns = list(chain.from_iterable(combinations(free, size) for size in range(len(free) + 1)))
    for pattern in sorted(patterns, key=lambda cells: int(problem.cost[list(cells)].sum())):
        hidden = given.copy()
        hidden[list(pattern)] = True
        if _no_line_gives_away(problem, hidden) and safe(problem, hidden):
            return int(problem.cost[list(pattern)].sum())
    return None


def _no_line_gives_away(problem: Problem, hidden: np.ndarray) -> bool:
    """A quick necessary condition: no equation has a single hidden cell in it that must be protected."""
    dense = matrix(problem) != 0
    alone = dense[:, hidden].sum(axis=1) == 1
    protected = hidden & problem.primary & (problem.up + problem.down + problem.slide > 0)
    return not (dense[alone] & protected).any()


def drawn(shape: tuple[int, ...], seed: int, primaries: int) -> tuple[np.ndarray, System, np.ndarray]:
    """A table of small counts and some primary cells."""
    generator = np.random.default_rng(seed)
    values, equations = cube(generator.integers(0, 6, size=shape))
    primary = np.zeros(len(values), dtype=bool)
    small = np.flatnonzero(values > 0)
    small = small[np.argsort(values[small], kind="stable")]
    primary[small[:primaries]] = True
    return values, equations, primary


def permuted(given: Problem, order: np.ndarray) -> Problem:
    """The same problem with its cells in another order."""
    place = np.argsort(order)
    equations = System(given.system.start, place[given.system.index], given.system.value, given.system.unknowns)
    arrays = {name: each[order] for name, each in vars(given).items() if isinstance(each, np.ndarray)}
    return Problem(system=equations, **arrays)

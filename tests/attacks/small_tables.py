"""Small random tables and every world that fits what they print, by plain enumeration.

No equations, no bounds and no solver are shared with the attacker: a world is one number a leaf, a printed cell is the
sum of its leaves, and a world stays if every cell could have been printed as it was.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from transforms.attack import Figure, Mark, Prior, PublicTable

T = "_T"
Leaves = tuple[int, ...]


@dataclass
class Case:
    """Tables as printed, and the truth behind them."""

    tables: list[PublicTable]
    leaves: list[int]
    """The true numbers."""
    cells: dict
    """Key -> its leaves."""
    links: list[tuple[Leaves, Leaves]] = field(default_factory=list)
    """Leaves of different tables that count the same people."""

    @property
    def hidden(self) -> dict:
        """Key -> the marks under which it is hidden: a cell of two tables may have two."""
        marks: dict = {}
        for table in self.tables:
            for place, figure in table.figures.items():
                if figure.mark is not Mark.SHOWN:
                    marks.setdefault(table.key(place), set()).add(figure.mark)
        return marks

    def true(self, key) -> int:
        return sum(self.leaves[leaf] for leaf in self.cells[key])

    def spans(self, also: Callable[[dict], bool] = lambda world: True) -> dict:
        """Key -> least and most over all worlds (in which ``also`` holds of the values by key)."""
        spans: dict = {}
        for leaves in self.worlds():
            world = {key: sum(leaves[leaf] for leaf in parts) for key, parts in self.cells.items()}
            if also(world):
                for key, value in world.items():
                    low, high = spans.get(key, (value, value))
                    spans[key] = min(low, value), max(high, value)
        return spans

    def worlds(self) -> Iterator[tuple[int, ...]]:
        rules = [(dict.fromkeys(parts, 1), *allowed) for parts, allowed in self._allowed()]
        rules += [({**dict.fromkeys(one, 1), **dict.fromkeys(other, -1)}, 0, 0) for one, other in self.links]
        most = max(high for _, _, high in rules)
        of_leaf = [[rule for rule in rules if leaf in rule[0]] for leaf in range(len(self.leaves))]
        world = [0] * len(self.leaves)

        def fits(rule, assigned: int) -> bool:
            weights, low, high = rule
            known = sum(weight * world[leaf] for leaf, weight in weights.items() if leaf < assigned)
            left = [weight for leaf, weight in weights.items() if leaf >= assigned]
            return known + most * left.count(1) >= low and known - most * left.count(-1) <= high

        def extend(leaf: int) -> Iterator[tuple[int, ...]]:
            if leaf == len(world):
                yield tuple(world)
                return
            for value in range(most + 1):
                world[leaf] = value
                if all(fits(rule, leaf + 1) for rule in of_leaf[leaf]):
                    yield from extend(leaf + 1)

        return extend(0)

    def _allowed(self) -> Iterator[tuple[Leaves, tuple[int, int]]]:
        """The least and most a cell can be, given how it is printed."""
        # A rounded total allows more than there are.
        most = sum(self.leaves) + 1 + max(table.prior.rounding or 1 for table in self.tables)
        for table in self.tables:
            prior = table.prior
            apart = {Mark.PRIMARY, Mark.SECONDARY} <= {figure.mark for figure in table.figures.values()}
            for place, figure in table.figures.items():
                step = prior.rounding or 1
                if figure.mark is Mark.SHOWN:
                    values = [v for v in range(most + step) if (2 * v + step) // (2 * step) * step == figure.value]
                    values = [v for v in values if prior.k is None or v == 0 or v >= prior.k]
                elif figure.mark is Mark.PRIMARY and prior.k:
                    values = range(1, prior.k)
                elif figure.mark is Mark.SECONDARY and prior.k and apart and prior.zeros_shown:
                    values = range(prior.k, most + prior.k)
                else:
                    values = range(1 if prior.zeros_shown else 0, most)
                yield self.cells[table.key(place)], (min(values), max(values))


def draw(seed: int) -> Case:
    """A random case of one of five kinds; the grand total is always shown, so that worlds can be counted."""
    dice = random.Random(seed)
    kind = ("flat", "flat", "cube", "tree", "two_trees", "linked")[seed % 6]
    if kind == "linked":
        return _linked(dice)
    flat = dice.choice([(2, 2), (3, 3), (2, 4)])
    sizes = {"flat": flat, "cube": (2, 2, 2), "tree": (4, 2), "two_trees": (4, 2)}[kind]
    variables = tuple(f"d{number}" for number in range(1, len(sizes) + 1))
    codes = {variable: [f"{variable}{n}" for n in range(size)] for variable, size in zip(variables, sizes, strict=True)}
    trees = {variable: (dict.fromkeys(codes[variable], T),) for variable in variables}
    if kind in ("tree", "two_trees"):
        trees["d1"] = ({"d10": "p", "d11": "p", "d12": "q", "d13": "q", "p": T, "q": T},)
    if kind == "two_trees":
        trees["d1"] += ({"d10": "v", "d12": "v", "d11": "w", "d13": "w", "v": T, "w": T},)
    table = _Whole(variables, codes, trees)
    leaves = [dice.choice([0, 1, 1, 2, 3, 4]) for _ in table.leaves]
    cells = table.cells()
    printed = _printed(dice, table, leaves, cells)
    return Case([printed], leaves, {printed.key(place): parts for place, parts in cells.items()})


@dataclass
class _Whole:
    """Every cell of a crossing, before anything is hidden."""

    variables: tuple[str, ...]
    codes: dict
    trees: dict
    first: int = 0
    """Number of the first leaf."""

    @property
    def leaves(self) -> list:
        return list(itertools.product(*self.codes.values()))

    def key(self, place):
        return PublicTable(variables=self.variables, trees={}, figures={}).key(place)

    def cells(self) -> dict:
        """Place -> leaves."""
        below = {variable: self._below(variable) for variable in self.variables}
        places = itertools.product(*below.values())
        return {
            place: tuple(
                self.first + number
                for number, leaf in enumerate(self.leaves)
                if all(code in below[v][p] for v, p, code in zip(self.variables, place, leaf, strict=True))
            )
            for place in places
        }

    def _below(self, variable: str) -> dict:
        below = {code: {code} for code in self.codes[variable]} | {T: set(self.codes[variable])}
        for tree in self.trees[variable]:
            for code, parent in tree.items():
                if code in self.codes[variable]:
                    below.setdefault(parent, set()).add(code)
        return below


def _printed(
    dice: random.Random, table: _Whole, leaves: list[int], cells: dict, prior: Prior | None = None
) -> PublicTable:
    """The table with random cells hidden, small ones always where there is a threshold."""
    prior = prior or Prior(
        k=dice.choice([None, None, 3]), zeros_shown=dice.random() < 0.5, rounding=dice.choice([None, None, None, 2, 3])
    )
    share = dice.choice([0.2, 0.35, 0.5])
    everything = tuple(T for _ in table.variables)
    figures = {}
    for place, parts in cells.items():
        value = sum(leaves[leaf] for leaf in parts)
        small = prior.k is not None and 0 < value < prior.k
        hide = small or dice.random() < share
        if place == everything or (value == 0 and prior.zeros_shown):
            hide = False
        if small and place == everything:
            prior = Prior(zeros_shown=prior.zeros_shown, rounding=prior.rounding)
            return _printed(dice, table, leaves, cells, prior)
        primary = small or (prior.k is None and dice.random() < 0.5)
        mark = (Mark.PRIMARY if primary else Mark.SECONDARY) if hide else Mark.SHOWN
        step = prior.rounding or 1
        figures[place] = Figure(mark, (2 * value + step) // (2 * step) * step if mark is Mark.SHOWN else None)
    return PublicTable(variables=table.variables, trees=table.trees, figures=figures, prior=prior)


def _linked(dice: random.Random) -> Case:
    """a by b and a by c, over the same people."""
    prior = Prior(zeros_shown=dice.random() < 0.5)
    codes = {name: [f"{name}{n}" for n in range(2)] for name in "abc"}
    trees = {name: (dict.fromkeys(codes[name], T),) for name in "abc"}
    people = {cell: dice.choice([0, 1, 1, 2]) for cell in itertools.product(*codes.values())}
    leaves: list[int] = []
    tables, cells_of, by_place = [], {}, []
    for other in ("b", "c"):
        whole = _Whole(("a", other), {"a": codes["a"], other: codes[other]}, trees, first=len(leaves))
        at = "abc".index(other)
        leaves += [sum(n for cell, n in people.items() if (cell[0], cell[at]) == leaf) for leaf in whole.leaves]
        cells = whole.cells()
        by_place.append(cells)
        tables.append(_printed(dice, whole, leaves, cells, prior))
        for place, parts in cells.items():
            cells_of.setdefault(whole.key(place), parts)
    links = [(by_place[0][code, T], by_place[1][code, T]) for code in codes["a"]]
    return Case(tables, leaves, cells_of, links)

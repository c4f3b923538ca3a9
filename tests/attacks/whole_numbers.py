"""An oracle on what is left unknown: SciPy's integer programmes over everything that is shown of one question.

It shares neither code nor equations with the defender or the attacker. Whoever reads the tables knows the size of every
group, every shown count to the person, and that a hidden count is at least 1 unless its column is withheld.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

Cell = tuple[str, str, str]
"""Row, break and category; row ``!a``: answered without choosing a."""

Sums = list[tuple[dict[Cell, int], int | None, int | None]]
"""Weights of cells, least and most of their sum."""


@dataclass
class Question:
    """Everything that one question's tables print, exactly."""

    kind: str
    must_choose: bool = False
    size: dict[tuple[str, str], int] = field(default_factory=dict)
    """Group -> its people."""
    shown: dict[Cell, int] = field(default_factory=dict)
    true: dict[Cell, int] = field(default_factory=dict)
    withheld: set[Cell] = field(default_factory=set)

    @classmethod
    def of(cls, protected: pl.DataFrame, row_var: str, kind: str, must_choose: bool) -> Question:
        """The question ``row_var`` of a protected frame."""
        read = cls(kind, must_choose)
        for line in protected.filter(pl.col("row_var") == row_var).iter_rows(named=True):
            group = (line["col_var"] if line["col"] != "_T" else "_T", line["col"])
            cell = (line["row"], *group)
            if line["row"] == "_T":
                read.size[group] = line["respondents"]
                continue
            read.true[cell] = line["respondents"]
            if line["status"] == "shown":
                read.shown[cell] = line["respondents"]
            elif line["reason"] == "withheld":
                read.withheld.add(cell)
        return read

    @property
    def rows(self) -> list[str]:
        return list(dict.fromkeys(row for row, _, _ in self.true))

    @property
    def options(self) -> list[str]:
        return [row for row in self.rows if row not in {"_NA", "_ANS"}]

    def sums(self) -> Iterator[tuple[dict[Cell, int], int | None, int | None]]:
        """Every sum a reader can write down."""
        for group, people in self.size.items():
            yield {(row, *group): 1 for row in self.rows if row in {"_NA", "_ANS"}}, people, people
            base = ("_ANS", *group)
            if self.kind == "single":
                yield {(option, *group): 1 for option in self.options} | {base: -1}, 0, 0
                continue
            for option in self.options:
                yield {(option, *group): 1, (f"!{option}", *group): 1, base: -1}, 0, 0
            if self.must_choose:
                yield {(option, *group): 1 for option in self.options} | {base: -1}, 0, None
        for by in dict.fromkeys(by for by, _ in self.size if by != "_T"):
            for row in self.rows:
                yield {(row, *group): 1 for group in self.size if group[0] == by} | {(row, "_T", "_T"): -1}, 0, 0

    def bounds(self, *, zeros_only: bool) -> dict[Cell, tuple[int, int]]:
        """Least and most of every cell; ``zeros_only`` forgets every shown count above zero."""
        found = {}
        for group, people in self.size.items():
            for row in [*self.rows, *([f"!{option}" for option in self.options] if self.kind == "multiple" else [])]:
                cell = (row, *group)
                floor = 0 if zeros_only or row.startswith("!") or cell in self.withheld else 1
                found[cell] = (floor, max(people, floor))
                if cell in self.shown and not (zeros_only and self.shown[cell]):
                    found[cell] = (self.shown[cell], self.shown[cell])
        return found

    def secrets(self, k: int, residual: bool) -> set[Cell]:
        """Hidden cells, and people too few who answered without choosing an option."""
        hidden = {cell for cell in self.true if cell not in self.shown and not (residual and cell[0] == "_NA")}
        if self.kind == "multiple":
            for option in self.options:
                for group in self.size:
                    if 0 < self.true["_ANS", *group] - self.true[option, *group] < k:
                        hidden.add((f"!{option}", *group))
        return hidden

    def given_away(self, k: int, width: int, residual: bool) -> set[Cell]:
        """Secrets that are known to less than ``width`` people, but for what is no secret to begin with."""
        narrow = self._narrow(self.secrets(k, residual), width)
        # What group sizes and shown zeros fix, all other figures forgotten, is not given away by any of them.
        known = self._narrow(narrow, 1, zeros_only=True)
        if residual:
            # Who left it blank is no secret there, so neither is a base that is large enough.
            known |= {cell for cell in narrow if cell[0] == "_ANS"}
        return narrow - {cell for cell in known if not 0 < self.true.get(cell, 1) < k}

    def _narrow(self, cells: Collection[Cell], width: int, *, zeros_only: bool = False) -> set[Cell]:
        """Those of ``cells`` that no two whole-number worlds ``width`` apart can be found for."""
        if not cells:
            return set()
        worlds = _Worlds(self.bounds(zeros_only=zeros_only), list(self.sums()))
        return worlds.narrow(sorted(cells), width)


class _Worlds:
    """Whole numbers that fit; each found for one cell may serve others."""

    def __init__(self, bounds: dict[Cell, tuple[int, int]], sums: Sums) -> None:
        self.place = {cell: number for number, cell in enumerate(bounds)}
        self.low, self.high = (np.array(ends) for ends in zip(*bounds.values(), strict=True))
        self.matrix = np.zeros((len(sums), len(bounds)))
        for number, (weights, _, _) in enumerate(sums):
            for cell, weight in weights.items():
                self.matrix[number, self.place[cell]] = weight
        self.least = np.array([-np.inf if least is None else least for _, least, _ in sums])
        self.most = np.array([np.inf if most is None else most for _, _, most in sums])
        self.found: list[np.ndarray] = []

    def narrow(self, cells: list[Cell], width: int) -> set[Cell]:
        """Cells that cannot be moved by ``width``."""
        dice = np.random.default_rng(0)
        room = self.high - self.low
        pending = [self.place[cell] for cell in cells if room[self.place[cell]] >= width]
        before = len(pending) + 1
        # Everything at once, up or down at random, as long as that settles some.
        while len(pending) < before:
            cost = np.zeros(len(self.place))
            cost[pending] = dice.choice([-1.0, 1.0], len(pending)) * dice.integers(1, 4, len(pending))
            self.look(cost)
            self.look(-cost)
            before, pending = len(pending), [place for place in pending if self.spread(place) < width]
        for place in pending:
            for sign in (1, -1):
                cost = np.zeros(len(self.place))
                cost[place] = sign
                if self.spread(place) < width:
                    self.look(cost)
        return {cell for cell in cells if self.spread(self.place[cell]) < width}

    def spread(self, place: int) -> float:
        values = [world[place] for world in self.found]
        return max(values, default=0) - min(values, default=0)

    def look(self, cost: np.ndarray) -> None:
        """The world in which ``cost`` is least."""
        answer = milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(self.matrix, self.least, self.most),
        )
        assert answer.success, "the true world always is one"
        world = np.rint(answer.x)
        sums = self.matrix @ world
        assert (sums >= self.least).all() and (sums <= self.most).all()
        assert (world >= self.low).all() and (world <= self.high).all()
        self.found.append(world)

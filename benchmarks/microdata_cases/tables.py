"""Case tables: CSV with hierarchies beside them, as whole numbers."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cached_property
from pathlib import Path

import numpy as np

from transforms.search.ladders import Ladder


def read_csv(path: Path) -> list[list[str]]:
    """Rows of a CSV file with semicolons."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file, delimiter=";") if row]


class Table:
    """One data file of a folder with ``data/`` and ``hierarchies/``."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._stem = folder, name.removesuffix(".csv")
        head, *self._rows = read_csv(folder / "data" / name)
        self.columns = {column: place for place, column in enumerate(head)}
        self._codes: dict[str, np.ndarray] = {}
        self._ladders: dict[str, Ladder] = {}
        self._names: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def ladder(self, column: str) -> Ladder:
        """The hierarchy of a column."""
        self._read(column)
        return self._ladders[column]

    def codes(self, column: str) -> np.ndarray:
        """The base code of every row."""
        self._read(column)
        return self._codes[column]

    def values(self, column: str) -> np.ndarray:
        """The number of every row's value as a sensitive attribute: values in alphabetical order."""
        return self._alphabetical(column)[self.codes(column)]

    def value_ladder(self, column: str) -> Ladder:
        """The hierarchy over the numbers of :meth:`values`."""
        order = self._alphabetical(column).argsort()
        return Ladder.of_table(column, [level[order].tolist() for level in self.ladder(column).levels])

    def _alphabetical(self, column: str) -> np.ndarray:
        self._read(column)
        return np.argsort(np.argsort(np.array(self._names[column])))

    @cached_property
    def subset(self) -> np.ndarray:
        """Marks the rows of the research subset, matched as a multiset, the first of equals."""
        wanted = Counter(tuple(row) for row in read_csv(self._folder / "data" / f"{self._stem}_subset.csv")[1:])
        marks = np.zeros(len(self), dtype=bool)
        for place, row in enumerate(map(tuple, self._rows)):
            if wanted[row]:
                wanted[row] -= 1
                marks[place] = True
        return marks

    def _read(self, column: str) -> None:
        if column in self._codes:
            return
        rows = read_csv(self._folder / "hierarchies" / f"{self._stem}_hierarchy_{column}.csv")
        number = {row[0]: place for place, row in enumerate(rows)}
        self._names[column] = list(number)
        kind = np.min_scalar_type(len(rows))
        place = self.columns[column]
        self._codes[column] = np.array([number[row[place]] for row in self._rows], dtype=kind)
        self._ladders[column] = Ladder.of_table(column, list(zip(*rows, strict=True)))

"""The class table: all that a privacy model or a risk measure ever sees of the people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from terms.findings import refuse

Numbers = NDArray[np.int64]
LARGEST = 1 << 62
"""People squared times values of the sensitive attribute: what the measures multiply stays a whole number."""


@dataclass(frozen=True, eq=False)
class ClassTable:
    """Equivalence classes of people, of a whole table or of some of its classes.

    Raises Refused ``risk_table_malformed`` where the shapes, signs or sums do not agree, ``risk_table_too_large``
    where products would not fit (134 million people with 256 values do).

    >>> ClassTable(np.array([3, 1]), np.array([[2, 1], [0, 1]]), np.array([2, 2])).people
    4
    """

    sizes: Numbers
    """People per class. A class may be empty where a population has people that the table has not."""
    histogram: Numbers | None = None
    """Classes x values of one sensitive attribute, dense: judge a long table in parts, never all values of all classes
    at once. Values stand in the attribute's order (codebook, numeric or alphabetical)."""
    overall: Numbers | None = None
    """People per value in the whole table (the research subset where there is one), so also of classes not here."""
    population: Numbers | None = None
    """People per class in the population from which the table was drawn."""

    def __post_init__(self) -> None:
        if self.sizes.ndim != 1 or not _whole(self.sizes):
            raise refuse("classes", "risk_table_malformed")
        if (self.histogram is None) != (self.overall is None):
            raise refuse("classes", "risk_table_malformed")
        if self.histogram is not None and not self._answers_fit(self.histogram, self.overall):
            raise refuse("classes", "risk_table_malformed")
        if self.overall is not None and int(self.overall.sum()) ** 2 * max(len(self.overall), 64) >= LARGEST:
            raise refuse("classes", "risk_table_too_large")
        if self.population is not None and not self._population_fits(self.population):
            raise refuse("classes", "risk_table_malformed")

    def _answers_fit(self, histogram: Numbers, overall: Numbers) -> bool:
        return (
            histogram.shape == (len(self), len(overall))
            and _whole(histogram)
            and _whole(overall)
            and bool((histogram.sum(axis=1) == self.sizes).all())
            and bool((histogram.sum(axis=0) <= overall).all())
        )

    def _population_fits(self, population: Numbers) -> bool:
        return population.shape == self.sizes.shape and _whole(population) and bool((population >= self.sizes).all())

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def people(self) -> int:
        """People in these classes."""
        return int(self.sizes.sum())

    def kept(self, marked: NDArray[np.bool_]) -> ClassTable:
        """Some of the classes; ``overall`` stays that of the whole table."""
        return ClassTable(
            sizes=self.sizes[marked],
            histogram=None if self.histogram is None else self.histogram[marked],
            overall=self.overall,
            population=None if self.population is None else self.population[marked],
        )


def _whole(counts: np.ndarray) -> bool:
    return counts.dtype == np.int64 and (counts.size == 0 or bool(counts.min() >= 0))

"""Which classes of a node may be published under all models at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from terms.findings import refuse
from transforms.risk.classes import ClassTable
from transforms.risk.models import (
    AlphaK,
    BasicBetaLikeness,
    Closeness,
    DeltaPresence,
    DistinctDiversity,
    EnhancedBetaLikeness,
    EntropyDiversity,
    Inclusion,
    KAnonymity,
    KMap,
    Model,
    RecursiveDiversity,
    holds,
)
from transforms.risk.whole import AverageRisk, Bound, HighestRisk, SampleUniqueness, holds_for_all
from transforms.search.classes import Classes
from transforms.search.tuples import Tuples

GROWING = (KAnonymity, KMap, DistinctDiversity)
"""Models that a person's class keeps when it is merged with others, whatever those are."""
UNITING = (
    *GROWING,
    AlphaK,
    BasicBetaLikeness,
    Closeness,
    DeltaPresence,
    EnhancedBetaLikeness,
    Inclusion,
    RecursiveDiversity,
)
"""Models under which the union of classes that hold holds: where one class fails, so does one of its parts. The Shannon
entropy is another; Grassberger's, and delta-disclosure, are not."""
SIZED = (KAnonymity, DistinctDiversity, EntropyDiversity, RecursiveDiversity, AlphaK)
"""Models under which no class can be smaller than some number of people."""
MERGING = (AverageRisk, HighestRisk, SampleUniqueness)
"""Bounds that some kept classes stay within when they are merged, with each other or with more people. A node that
must suppress too many for them therefore has no finer one that need not."""
FIRST = 256
"""Classes judged at first; then four times as many, until too many people are lost or all classes are judged."""


@dataclass(frozen=True)
class Demand:
    """A model or a bound on the whole table, and the sensitive attribute it judges (``None``: it judges none)."""

    model: Model | Bound
    attribute: str | None = None


class Judge:
    """The models of one search."""

    def __init__(self, tuples: Tuples, demands: Sequence[Demand], most: int) -> None:
        models = [demand for demand in demands if isinstance(demand.model, Model)]
        for demand in models:
            if demand.model.sensitive and demand.attribute not in tuples.answers:
                raise refuse(f"columns.{demand.attribute}", "search_model_without_attribute")
            if demand.model.of_population and tuples.population is None:
                raise refuse("models", "search_model_without_population")
        self._growing = [demand for demand in models if _certain(demand.model, most)]
        self._others = [demand for demand in models if demand not in self._growing]
        self._bounds = [demand.model for demand in demands if isinstance(demand.model, Bound)]
        self.decided = not self._others and all(isinstance(bound, MERGING) for bound in self._bounds)
        """Whether no finer node holds where one does not."""
        self.monotone = bool(self._growing) or self.decided
        """Whether any finer node can be ruled out."""
        self._presence = [demand.model for demand in demands if isinstance(demand.model, DeltaPresence)]
        self._sized = any(isinstance(demand.model, SIZED) for demand in demands)
        self._most = most
        self._overall = {
            name: np.bincount(answers.value, weights=answers.people, minlength=answers.values).astype(np.int64)
            for name, answers in tuples.answers.items()
        }

    def beyond_suppression(self, classes: Classes) -> bool:
        """Whether the table fails by people outside it, of whom nobody can be suppressed.

        Under delta-presence a class of the population without anybody from the table says that its people are not in
        it. Where a model demands a smallest class, such a class is none, and is not judged (as ARX has it).
        """
        if not self._presence or self._sized or classes.population is None:
            return False
        empty = np.flatnonzero(classes.sizes == 0)
        table = ClassTable(sizes=classes.sizes[empty], population=classes.population[empty])
        return not all(holds(model, table).all() for model in self._presence)

    def certain(self, classes: Classes) -> np.ndarray:
        """Classes that fail a model which their people fail at every finer node as well."""
        lost = np.zeros(len(classes), dtype=bool)
        for demand in self._growing:
            lost |= ~self._holds(demand, classes, 0, len(classes))
        return lost

    def kept(self, classes: Classes, certain: np.ndarray) -> np.ndarray:
        """Classes that hold under all models; once too many people are lost the rest is not judged, and kept."""
        kept = ~certain
        start, stop = 0, FIRST
        while self._others and start < len(classes):
            for demand in self._others:
                kept[start:stop] &= self._holds(demand, classes, start, stop)
            if int(classes.sizes[~kept].sum()) > self._most:
                return kept
            start, stop = stop, 4 * stop
        return self._within_bounds(classes, kept)

    def _within_bounds(self, classes: Classes, kept: np.ndarray) -> np.ndarray:
        """The smallest classes go first, of equals the one that comes first in the table; as few as will do."""
        if not self._bounds:
            return kept
        order = np.flatnonzero(kept & (classes.sizes > 0))
        order = order[np.lexsort([classes.first_rows[order], classes.sizes[order]])]
        least, most = 0, len(order)
        while least < most:
            some = (least + most) // 2
            table = ClassTable(sizes=classes.sizes[order[some:]])
            if all(holds_for_all(bound, table) for bound in self._bounds):
                most = some
            else:
                least = some + 1
        kept[order[:least]] = False
        return kept

    def _holds(self, demand: Demand, classes: Classes, start: int, stop: int) -> np.ndarray:
        attribute = demand.attribute if demand.model.sensitive else None
        population = classes.population if demand.model.of_population else None
        table = ClassTable(
            sizes=classes.sizes[start:stop],
            histogram=None if attribute is None else classes.histogram(attribute, start, stop),
            overall=None if attribute is None else self._overall[attribute],
            population=None if population is None else population[start:stop],
        )
        return holds(demand.model, table)


def _certain(model: Model, most: int) -> bool:
    """Whether a class that fails at a node is lost at every finer node (or at least one of its parts is)."""
    shannon = isinstance(model, EntropyDiversity) and model.estimator == "shannon"
    return isinstance(model, GROWING) or (most == 0 and (shannon or isinstance(model, UNITING)))

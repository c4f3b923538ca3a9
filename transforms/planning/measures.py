"""What a plan reaches, measured on its equivalence classes by the risk measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from transforms.risk.classes import ClassTable
from transforms.risk.models import Closeness, DistinctDiversity, KAnonymity, measured
from transforms.search.classes import Classes, Known
from transforms.search.tuples import Node, Tuples

PART = 1 << 20
"""Cells of a histogram that are judged at once."""

K, L, T = KAnonymity(2), DistinctDiversity(2), Closeness(1)
"""What is measured does not depend on the models' own thresholds."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The numbers of the equivalence classes of a plan; 0 where there is nobody."""

    classes: int
    k: int
    """People in the smallest class."""
    l: Mapping[str, int]
    """Sensitive column -> fewest distinct values in a class, no answer being one."""
    t: Mapping[str, float]
    """Sensitive column -> largest distance of a class from all people, every two answers equally far apart."""


def reached(tuples: Tuples, node: Node) -> Reached:
    """Of the classes at a node."""
    if not tuples.total:
        return Reached(classes=0, k=0, l={}, t={})
    classes = Known(tuples).at(node)
    fewest, largest = {}, {}
    for name in classes.answers:
        numbers = [(int(measured(L, table)), measured(T, table)) for table in _tables(classes, name)]
        fewest[name] = min(distinct for distinct, _ in numbers)
        largest[name] = max(distance for _, distance in numbers)
    return Reached(classes=len(classes), k=int(measured(K, ClassTable(classes.sizes))), l=fewest, t=largest)


def _tables(classes: Classes, attribute: str) -> Iterator[ClassTable]:
    """Some classes after the other: a histogram of all at once may be too large."""
    answers = classes.answers[attribute]
    overall = np.bincount(answers.value, weights=answers.people, minlength=answers.values).astype(np.int64)
    step = max(PART // answers.values, 1)
    for start in range(0, len(classes), step):
        histogram = classes.histogram(attribute, start, start + step)
        yield ClassTable(histogram.sum(axis=1), histogram, overall)

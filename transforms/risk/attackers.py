"""Re-identification risks: how likely an attacker who finds a person's class picks the right record.

Attackers of El Emam & Arbuckle 2013: the prosecutor knows that her target is in the table, so 1 / size; the journalist
does not and looks in the population, so 1 / population; the marketer wants to match as many people as she can, and
her risk is the share of the table that she is expected to match.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from terms.findings import refuse
from transforms.risk.classes import ClassTable, Numbers


@dataclass(frozen=True)
class Risks:
    """Over the people of a table."""

    highest: float
    average: float


def prosecutor(table: ClassTable) -> Risks:
    """1 / size of each person's class. Raises Refused where there is nobody.

    >>> prosecutor(ClassTable(np.array([1, 3])))
    Risks(highest=1.0, average=0.5)
    """
    return _risks(table, table.sizes)


def journalist(table: ClassTable) -> Risks:
    """1 / population of each person's class. Raises Refused where there is nobody or the population is not known."""
    if table.population is None:
        raise refuse("attackers.journalist", "risk_population_needed")
    return _risks(table, table.population)


def marketer(table: ClassTable) -> float:
    """Share of the people who are expected to be matched: against the population where it is known, else the table."""
    return (prosecutor if table.population is None else journalist)(table).average


def share_at_risk(table: ClassTable, k: int) -> float:
    """Share of the people in classes of fewer than k. Raises Refused where there is nobody."""
    return int(table.sizes[table.sizes < k].sum()) / _people(table)


def average_class_risk(table: ClassTable) -> float:
    """Mean of 1 / size over classes, not over people. Some software calls this the average risk."""
    _people(table)
    return float((1 / table.sizes[table.sizes > 0]).mean())


def _risks(table: ClassTable, crowds: Numbers) -> Risks:
    people, peopled = _people(table), table.sizes > 0
    risks = table.sizes[peopled] / crowds[peopled]
    return Risks(highest=1 / int(crowds[peopled].min()), average=float(np.sum(risks)) / people)


def _people(table: ClassTable) -> int:
    if not table.people:
        raise refuse("classes", "risk_nobody_measured")
    return table.people

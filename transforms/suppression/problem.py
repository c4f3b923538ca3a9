"""The secondary cell suppression problem: cells, their equations, what must stay uncertain, what hiding costs.

The model of Fischetti & Salazar-González (2001, *Management Science* 47): cells ``y`` with ``M y = 0``, an attacker's
prior bounds, primary cells with upper, lower and sliding protection levels, and a cost for every cell. Hierarchies and
linked tables are nothing but more equations over the same cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from terms.findings import refuse
from transforms.programs import Marks, Numbers, System


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a pattern has to achieve. All arrays have one entry a cell; all numbers are whole, in one unit.

    (Magnitudes are given in their smallest unit: what is decided in whole numbers needs no tolerance.)
    """

    values: Numbers
    """The true figures."""
    system: System
    """The equations, as ``M y = 0``."""
    low: Numbers
    """What an attacker knows a hidden cell to be at least; never more than the true figure."""
    high: Numbers
    """... and at most; never less than the true figure. Where nothing is known, anything large."""
    primary: Marks
    """Must be hidden and protected by ``up``, ``down`` and ``slide``."""
    unprinted: Marks
    """Hidden whatever the pattern, at no cost, and protected only if primary."""
    candidate: Marks
    """May be hidden to protect others. The others that are neither primary nor unprinted are shown for certain."""
    up: Numbers
    """Upper protection level of a primary cell: some world must have it at least this much above its figure."""
    down: Numbers
    """Lower protection level: some world must have it at least this much below its figure."""
    slide: Numbers
    """Sliding protection level: two worlds must have it at least this far apart."""
    width: Numbers
    """The sliding level demanded of a secondary cell once it is hidden (0: none)."""
    cost: Numbers
    """What it costs to hide a secondary cell: 1 or more."""

    def __post_init__(self) -> None:
        size = self.system.unknowns
        shapes = {len(each) for each in vars(self).values() if isinstance(each, np.ndarray)}
        if shapes != {size}:
            raise refuse("problem", "problem_of_different_sizes")
        if not self.system.holds(self.values):
            raise refuse("problem", "tables_do_not_add_up")
        if (self.low > self.values).any() or (self.values > self.high).any():
            raise refuse("problem", "prior_excludes_the_truth")
        if (self.cost < 1).any() or (np.minimum(np.minimum(self.up, self.down), self.slide) < 0).any():
            raise refuse("problem", "problem_with_negative_numbers")


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A safe pattern and how far from the best it can be."""

    hidden: Marks
    """Primary, secondary and unprinted cells."""
    cost: int
    """Of the secondary cells."""
    bound: int
    """No safe pattern costs less."""
    proven: bool
    """``cost == bound``."""
    work: int
    """Work spent: simplex iterations times the size of their programs, the unit of every budget."""

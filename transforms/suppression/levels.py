"""From figures and levels to the problem that a pattern has to solve."""

from __future__ import annotations

from enum import Enum

import numpy as np

from transforms.programs import Marks, Numbers
from transforms.suppression.problem import Problem
from transforms.suppression.tables import Layout


class Protection(Enum):
    """What is asked for a primary cell whose upper protection level is U (the handbook's section 4.2.2)."""

    SYMMETRIC = "symmetric"
    """U above and U below, or down to the least it can be."""
    UPPER = "upper"
    """U above, nothing below."""
    SLIDING = "sliding"
    """An interval U wide, wherever the figure lies in it."""


def problem_of(
    layout: Layout,
    values: Numbers,
    level: Numbers,
    *,
    protection: Protection = Protection.SYMMETRIC,
    cost: Numbers | None = None,
    shown: Marks | None = None,
    zeros: Marks | bool = False,
    width: int = 0,
) -> Problem:
    """The problem of hiding the cells that have a level, and of what else must be hidden for them.

    The attacker knows that no figure is negative, and no upper bound of any. ``shown``: cells that no pattern may hide,
    beside the noughts. ``zeros``: which noughts may be hidden after all, such as those of people who contributed
    nothing; an empty cell is known to be empty and should not be among them. ``cost``: by default the number of lines
    a cell stands on. ``width``: the sliding level of secondary cells.
    """
    primary = level > 0
    free = layout.unprinted & ~primary
    kept = np.zeros_like(primary) if shown is None else shown
    least = np.zeros_like(values)
    return Problem(
        values=values,
        system=layout.system,
        low=least,
        high=_beyond(values, level, width),
        primary=primary,
        unprinted=layout.unprinted,
        candidate=~primary & ~free & ~kept & (zeros | (values > 0)),
        up=np.where(protection is Protection.SLIDING, 0, level),
        down=np.where(protection is Protection.SYMMETRIC, np.minimum(level, values), 0),
        slide=np.where(protection is Protection.SLIDING, level, 0),
        width=np.full_like(values, width),
        cost=np.maximum(layout.places if cost is None else cost, 1),
    )


def _beyond(values: Numbers, level: Numbers, width: int) -> Numbers:
    """More than any pattern needs a cell to rise: what nobody knows bounds nothing."""
    return np.full_like(values, 4 * int(values.max(initial=0)) + int(level.max(initial=0)) + width + 4)

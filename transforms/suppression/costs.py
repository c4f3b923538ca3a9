"""What it costs to hide a cell: the weights of the sum that secondary suppression makes as small as it can.

Whole numbers of 1 or more, so that costs of patterns compare exactly. The choices of the *Handbook on Statistical
Disclosure Control* (Hundepool et al., 2nd ed., section 4.4): the number of cells, their values, the logarithm of these,
the number of contributors; and a pattern that keeps hidden what was hidden before.
"""

from __future__ import annotations

from enum import Enum

import numpy as np

from terms.findings import refuse
from transforms.programs import Marks, Numbers

FINE = 16
"""Steps of the logarithm for each doubling of the value."""

KEPT = 64
"""How many times cheaper a cell is that was hidden before."""


class Cost(Enum):
    """What is to be as little as possible."""

    CELLS = "cells"
    """How many cells are hidden."""
    VALUE = "value"
    """The sum of what is hidden: large totals stay."""
    LOG_VALUE = "log_value"
    """Between the two: a value twice as large costs one step more."""
    FREQUENCY = "frequency"
    """The people, or contributors, in what is hidden."""


def costs(
    kind: Cost, values: Numbers, *, frequencies: Numbers | None = None, hidden_before: Marks | None = None
) -> Numbers:
    """The cost of every cell.

    ``values``: figures in whole units; magnitudes below zero cost as much as above. ``frequencies``: contributors of
    every cell, for ``FREQUENCY``. ``hidden_before``: what the last release hid; to hide it again costs a
    ``KEPT``\\ th, so that the pattern changes only where it must, and less can be learned from the two together.
    Raises Refused ``cost_without_frequencies``, ``problem_of_different_sizes``.

    >>> costs(Cost.VALUE, np.array([0, 7, -3]))
    array([1, 7, 3])
    >>> costs(Cost.CELLS, np.array([5, 9]), hidden_before=np.array([True, False]))
    array([ 1, 64])
    """
    size = np.abs(values).astype(np.int64)
    if kind is Cost.FREQUENCY:
        if frequencies is None:
            raise refuse("problem", "cost_without_frequencies")
        size = np.abs(frequencies).astype(np.int64)
    if len(size) != len(values) or (hidden_before is not None and len(hidden_before) != len(values)):
        raise refuse("problem", "problem_of_different_sizes")
    if kind is Cost.CELLS:
        cost = np.ones(len(values), dtype=np.int64)
    elif kind is Cost.LOG_VALUE:
        cost = np.array([_log(int(one)) for one in size], dtype=np.int64)
    else:
        cost = np.maximum(size, 1)
    if hidden_before is None:
        return cost
    return np.where(hidden_before, cost, KEPT * cost)


def _log(value: int) -> int:
    """1 + FINE * log2(1 + value), rounded down: by whole-number powers, for floating logarithms differ by machine.

    >>> [_log(value) for value in (0, 1, 3, 7, 1023)]
    [1, 17, 33, 49, 161]
    """
    return (((value + 1) ** FINE).bit_length() - 1) + 1

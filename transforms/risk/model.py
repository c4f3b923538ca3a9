"""What every privacy model has, and the checks of its numbers."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from terms.findings import refuse
from transforms.risk.classes import ClassTable

Marks = NDArray[np.bool_]


class Model(ABC):
    """A promise about each class on its own."""

    sensitive: ClassVar[bool] = False
    """Whether it judges a sensitive attribute (``histogram`` and ``overall``)."""
    of_population: ClassVar[bool] = False
    """Whether it judges ``population``."""

    @abstractmethod
    def judge(self, table: ClassTable) -> Marks:
        """Which classes hold. Called by :func:`transforms.risk.models.holds`, which checks the table first."""

    @abstractmethod
    def reach(self, table: ClassTable) -> float:
        """The number the table reaches. Called by :func:`transforms.risk.models.measured`."""


def at_least(model: object, least: int, **numbers: float) -> None:
    for name, number in numbers.items():
        if not least <= number < math.inf:
            raise refuse(f"models.{type(model).__name__}.{name}", "risk_number_too_small", least=least)


def above(model: object, bound: int, **numbers: float) -> None:
    for name, number in numbers.items():
        if not bound < number < math.inf:
            raise refuse(f"models.{type(model).__name__}.{name}", "risk_number_not_above", bound=bound)


def share(model: object, **numbers: float) -> None:
    for name, number in numbers.items():
        if not 0 <= number <= 1:
            raise refuse(f"models.{type(model).__name__}.{name}", "risk_share_outside_0_1")

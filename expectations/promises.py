"""What a suite is made of: the class tables it is judged on, and the promises it makes about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from terms.codebook import Codebook
from terms.hierarchy import NO_ANSWER
from terms.survey import Survey

if TYPE_CHECKING:
    import pandas as pd

Breaches = Callable[..., list[str]]
"""A class table and a promise's terms in, the address of every breach out.

An address is a declared name (a column, a table) or a name that nobody declared; only declared ones are ever shown.
"""


ClassTables = dict[str, tuple[str, ...]]
"""Name of each class table of a shore -> the columns it is judged on."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One thing that must hold of every line of a class table."""

    rule: str
    """Name of the function that finds the breaches, and of the message a breach becomes."""
    table: str
    """The class table it is about."""
    of: str = ""
    """The declared column it is about, where one rule is promised of several."""
    terms: Mapping[str, Any] = field(default_factory=dict)
    """What the function needs to know: declared names and whole numbers, in JSON's types."""
    facts: Mapping[str, int | str] = field(default_factory=dict)
    """What its message says besides suite and number of lines."""

    @property
    def name(self) -> str:
        """What the promise is called in a suite's result."""
        return f"{self.rule}.{self.of}" if self.of else self.rule


def whole(value: object) -> int | None:
    """The whole number a frame holds, or ``None`` for everything else.

    >>> [whole(value) for value in (12, 12.0, 12.5, float("nan"), True, "12", None)]
    [12, 12, None, None, None, None, None]
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return int(value) if value % 1 == 0 else None


def lines(table: pd.DataFrame, *columns: str) -> zip:
    """The lines of some columns of a class table, one tuple a line."""
    return zip(*(table[column] for column in columns), strict=True)


def published_codes(survey: Survey, codebook: Codebook | None) -> dict[str, list[str]]:
    """Variable -> every code that it may be published under.

    A quasi-identifier has the groups of the codebook's level, or of any level where no codebook is given.
    """
    codes: dict[str, list[str]] = {}
    for column in (*survey.quasi_identifiers, *survey.questions):
        if column.hierarchy is None:
            codes[column.name] = [*(option.code for option in column.options), NO_ANSWER]
        else:
            levels = column.hierarchy.levels if codebook is None else (codebook.level(column),)
            codes[column.name] = list(dict.fromkeys(group for level in levels for group in level.labels))
    return codes

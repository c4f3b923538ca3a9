"""What a reader has before her: any crossing of classifications, some cells hidden, and what is known about them.

Figures are whole numbers of one unit (a table in tenths is given in tenths), so that nothing is decided by a floating
sum. The cells of several tables that stand for the same conditions are one unknown: that is what links tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from terms.findings import refuse
from terms.hierarchy import TOTAL

Place = tuple[str, ...]
"""One code a variable, in the table's order of variables; ``_T`` is the total."""

Tree = Mapping[str, str]
"""Code -> the code it is a part of; ``_T`` at the top."""


class Mark(Enum):
    """What the table says about a cell besides its figure."""

    SHOWN = "shown"
    PRIMARY = "primary"
    """Hidden for what it is."""
    SECONDARY = "secondary"
    """Hidden to protect others, and readers can tell."""
    HIDDEN = "hidden"
    """Hidden; readers cannot tell which of both."""
    UNPRINTED = "unprinted"
    """Not in the table at all: unknown, and nobody's secret."""


@dataclass(frozen=True)
class Figure:
    """One printed cell."""

    mark: Mark
    value: int | None = None
    """Of a shown cell. What a hidden one stands for has no place here."""
    line: int = 0
    """Of the file it was read from."""


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What readers know about every figure of a table, before they subtract. None is negative."""

    k: int | None = None
    """The threshold, where it is public: primary cells are 1..k-1, no other cell is."""
    zeros_shown: bool = False
    """Empty cells are never hidden, so a hidden cell is not empty."""
    rounding: int | None = None
    """The base, in units, that shown figures were rounded to, each by itself, half up."""


@dataclass(frozen=True, kw_only=True)
class PublicTable:
    """One published table.

    ``trees``: for each variable every classification its codes add up in; none where no sum is printed.
    Raises Refused ``table_trees_broken`` for parts that never lead to the total.
    """

    variables: tuple[str, ...]
    trees: Mapping[str, tuple[Tree, ...]]
    figures: Mapping[Place, Figure]
    prior: Prior = field(default_factory=Prior)
    measure: str = "respondents"
    """What is counted or summed: equal conditions are the same unknown only within one measure."""

    def __post_init__(self) -> None:
        for variable, trees in self.trees.items():
            if not all(_leads_up(tree) for tree in trees):
                raise refuse(variable, "table_trees_broken")

    def key(self, place: Place) -> Key:
        """What identifies a cell wherever it is printed."""
        pairs = zip(self.variables, place, strict=True)
        return self.measure, frozenset((variable, code) for variable, code in pairs if code != TOTAL)


Key = tuple[str, frozenset[tuple[str, str]]]
"""Measure and conditions, totals left out."""


def _leads_up(tree: Tree) -> bool:
    """Whether every code's ancestors end at the total.

    >>> _leads_up({"a1": "a", "a": "_T"}), _leads_up({"a": "b", "b": "a"}), _leads_up({"a1": "a"})
    (True, False, False)
    """
    sound = {TOTAL}
    for start in tree:
        code, way = start, []
        while code not in sound:
            way.append(code)
            code = tree.get(code, "")
            if not code or len(way) > len(tree):
                return False
        sound.update(way)
    return TOTAL not in tree


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A printed quotient of two cells: a share, a rate, or a mean (sum over count).

    ``least <= part / whole <= most``, both ends included: how ties were rounded is not known.
    """

    part: Key
    whole: Key
    least: Fraction
    most: Fraction

    @classmethod
    def printed(cls, part: Key, whole: Key, figure: str, *, percent: bool = False) -> Ratio:
        """From the digits as they are printed: they tell the precision.

        >>> Ratio.printed(("n", frozenset()), ("N", frozenset()), "17.1", percent=True).least
        Fraction(341, 2000)
        """
        decimals = len(figure.partition(".")[2])
        by = 100 if percent else 1
        half = Fraction(1, 2 * 10**decimals)
        return cls(
            part=part,
            whole=whole,
            least=max(Fraction(figure) - half, Fraction(0)) / by,
            most=(Fraction(figure) + half) / by,
        )

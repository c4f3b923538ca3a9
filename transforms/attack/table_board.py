"""The reader's system for any tables: one unknown a cell, however often it is printed, and every sum in the margins.

Units: the smallest unit of the figures, or a fine part of it where true figures may be fractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.attack.intervals import Aim
from transforms.attack.system import Relation, System, sums_to
from transforms.attack.table import Figure, Key, Mark, Place, Prior, PublicTable, Ratio, Tree

GRAIN = 60
"""Parts of a unit that fractions are looked for in: divisible by all that corners of small tables divide by."""

SECRET = (Mark.PRIMARY, Mark.HIDDEN)


@dataclass(frozen=True)
class Spot:
    """Where an unknown is printed first."""

    table: PublicTable
    place: Place
    figure: Figure


@dataclass
class TableBoard:
    """Unknowns by key, with what is printed about them."""

    grain: int = 1
    keys: list[Key] = field(default_factory=list)
    index: dict[Key, int] = field(default_factory=dict)
    low: list[int] = field(default_factory=list)
    high: list[int | None] = field(default_factory=list)
    spots: dict[int, Spot] = field(default_factory=dict)
    """Unknown -> where it is printed; first where it is hidden, for that is where it has to be kept."""
    marks: dict[int, set[Mark]] = field(default_factory=lambda: defaultdict(set))
    sums: dict[tuple[tuple[int, ...], int], None] = field(default_factory=dict)
    """Parts and total of every sum, each once."""
    ratios: list[Relation] = field(default_factory=list)
    small: dict[int, int] = field(default_factory=dict)
    """Unknowns that are not printed, in tables whose threshold is known -> that threshold."""

    def at(self, key: Key) -> int:
        """The unknown of a key, made on first use."""
        if key not in self.index:
            self.index[key] = len(self.keys)
            self.keys.append(key)
            self.low.append(0)
            self.high.append(None)
        return self.index[key]

    def bound(self, unknown: int, low: int, high: int | None) -> None:
        """One more thing that is known; where two exclude each other, low > high says so."""
        self.low[unknown] = max(self.low[unknown], low)
        known = self.high[unknown]
        self.high[unknown] = high if known is None else known if high is None else min(known, high)

    def system(self, opened: Mapping[int, int] | None = None, known: Mapping[int, int] | None = None) -> System:
        """All that is known. ``opened``: totals that say no more than their least; ``known``: an insider's cells."""
        low, high = list(self.low), list(self.high)
        for unknown, least in (opened or {}).items():
            low[unknown], high[unknown] = least, None
        for unknown, value in (known or {}).items():
            low[unknown] = max(low[unknown], value)
            high[unknown] = value if high[unknown] is None else min(high[unknown], value)
        relations = (sums_to(list(parts), total) for parts, total in self.sums)
        return System(tuple(low), tuple(high), (*relations, *self.ratios))

    def is_shown(self, unknown: int) -> bool:
        """Whether the figure is printed to the unit."""
        return Mark.SHOWN in self.marks[unknown] and self.low[unknown] == self.high[unknown]

    def aims(self, width: int) -> list[Aim]:
        """What must stay unknown: hidden cells, and small counts that are not printed at all."""
        aims = []
        for unknown in range(len(self.keys)):
            if self.marks[unknown] & set(SECRET):
                aims.append(Aim(unknown, width * self.grain))
            elif Mark.SECONDARY in self.marks[unknown]:
                aims.append(Aim(unknown, 1))
            elif unknown in self.small:
                aims.append(Aim(unknown, width * self.grain, within=(1, self.small[unknown] * self.grain - 1)))
        return aims


def board_of_tables(
    tables: Sequence[PublicTable], ratios: Sequence[Ratio] = (), *, integral: bool = True
) -> TableBoard:
    """Write down every bound and every sum that the tables make known.

    ``integral``: true figures are whole multiples of the unit.
    """
    board = TableBoard(grain=1 if integral else GRAIN)
    for table in tables:
        told_apart = {Mark.PRIMARY, Mark.SECONDARY} <= {figure.mark for figure in table.figures.values()}
        for place, figure in table.figures.items():
            unknown = board.at(table.key(place))
            board.bound(unknown, *_bounds(figure, table.prior, told_apart, board.grain))
            board.marks[unknown].add(figure.mark)
            if unknown not in board.spots or figure.mark in SECRET:
                board.spots[unknown] = Spot(table, place, figure)
    for table in tables:
        for parts, total in _sums(table):
            unknowns = tuple(board.at(table.key(part)) for part in parts), board.at(table.key(total))
            board.sums[unknowns] = None
            if table.prior.k is not None:
                for unknown in (*unknowns[0], unknowns[1]):
                    if unknown not in board.spots:
                        board.small[unknown] = table.prior.k
    for ratio in ratios:
        board.ratios.extend(_ratio(board, ratio))
    return board


def _bounds(figure: Figure, prior: Prior, told_apart: bool, grain: int) -> tuple[int, int | None]:
    k, smallest = prior.k, 1 if prior.zeros_shown else 0
    if figure.mark is Mark.SHOWN and figure.value is not None:
        return _shown_bounds(figure.value, prior, grain)
    if figure.mark is Mark.PRIMARY and k is not None:
        return grain, (k - 1) * grain
    if figure.mark is Mark.SECONDARY and k is not None and told_apart and prior.zeros_shown:
        return k * grain, None
    return (0 if figure.mark is Mark.UNPRINTED else smallest), None


def _shown_bounds(value: int, prior: Prior, grain: int) -> tuple[int, int]:
    below = above = 0
    if prior.rounding is not None:
        # Fractions may have been rounded from either side; whole numbers are rounded half up.
        below, above = prior.rounding * grain // 2, (prior.rounding * grain + (grain == 1)) // 2 - (grain == 1)
    low, high = max(value * grain - below, 0), value * grain + above
    if prior.k is None:
        return low, high
    # With a threshold in force a shown figure is nothing or at least that.
    if value == 0 and high < prior.k * grain:
        return 0, 0
    return (max(low, prior.k * grain) if value and high >= prior.k * grain else low), high


def _sums(table: PublicTable) -> Iterator[tuple[list[Place], Place]]:
    """Every sum of the table: along each variable, in each of its classifications, everything else held fixed."""
    for position, variable in enumerate(table.variables):
        rests: dict[tuple[Place, Place], set[str]] = {}
        for place in table.figures:
            rests.setdefault((place[:position], place[position + 1 :]), set()).add(place[position])
        for tree in table.trees.get(variable, ()):
            families = _families(tree)
            for (before, after), printed in rests.items():
                for total, parts in families.items():
                    if total in printed or not printed.isdisjoint(parts):
                        yield [(*before, part, *after) for part in parts], (*before, total, *after)


def _families(tree: Tree) -> dict[str, list[str]]:
    families: dict[str, list[str]] = {}
    for code, parent in tree.items():
        families.setdefault(parent, []).append(code)
    return families


def _ratio(board: TableBoard, ratio: Ratio) -> Iterator[Relation]:
    """``least * whole <= part <= most * whole``, in whole numbers."""
    unknowns = (board.at(ratio.part), board.at(ratio.whole))
    if ratio.least:
        yield Relation(unknowns, (ratio.least.denominator, -ratio.least.numerator), 0, None)
    yield Relation(unknowns, (ratio.most.denominator, -ratio.most.numerator), None, 0)


def totals_without_hidden(board: TableBoard) -> dict[int, int]:
    """Shown totals that leave nothing for the hidden cells they are made of -> the least they can truly be.

    Either the hidden cells are all empty, or the total was computed anew without them; then totals of such totals
    may have been, too.
    """
    opened: dict[int, int] = {}
    waiting = list(board.sums)
    while True:
        found = {total: board.low[total] for parts, total in waiting if _leaves_nothing(board, parts, total, opened)}
        if not found:
            return opened
        opened |= found
        waiting = [(parts, total) for parts, total in waiting if total not in opened]


def _leaves_nothing(board: TableBoard, parts: tuple[int, ...], total: int, opened: Collection[int]) -> bool:
    if not board.is_shown(total):
        return False
    shown = [part for part in parts if board.is_shown(part)]
    others = [part for part in parts if not board.is_shown(part)]
    secret = any(part in opened for part in shown) or bool(others)
    printed = all(board.marks[part] & {*SECRET, Mark.SECONDARY} for part in others)
    return secret and printed and board.low[total] == sum(board.low[part] for part in shown)


def does_not_add_up(board: TableBoard, opened: Collection[int]) -> Iterator[int]:
    """Totals that differ from parts which are all shown, and for no reason of hidden cells."""
    for parts, total in board.sums:
        members = (*parts, total)
        known = all(board.is_shown(member) and member not in opened for member in members)
        if known and board.low[total] != sum(board.low[part] for part in parts):
            yield total

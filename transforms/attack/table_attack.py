"""The attack on published tables of any shape: what a careful reader can conclude about every hidden cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from terms.findings import Finding, Refused, Verdict
from terms.hierarchy import TOTAL
from transforms.attack.intervals import Knowledge, Standing, conclude
from transforms.attack.table import Key, Mark, Place, PublicTable, Ratio
from transforms.attack.table_board import (
    SECRET,
    Spot,
    TableBoard,
    board_of_tables,
    does_not_add_up,
    totals_without_hidden,
)

FAILS = {
    "table_cell_determined": "A1",
    "table_cell_narrow": "A1",
    "table_cell_unproven": "A1",
    "table_small_count_derived": "A1",
    "table_total_leaves_nothing": "A1",
    "table_contradicts": "A1",
    "table_cell_open_to_contributor": "A1",
    "table_hides_nothing": "A1",
    "table_shows_below_k": "R2",
}
"""Which test a finding fails."""

REMARKS = {"table_secondary_determined", "table_cells_missing"}
"""Worth knowing, no disclosure by themselves."""

BLINDING = {"table_contradicts"}


@dataclass(frozen=True, kw_only=True)
class TableInterval:
    """How far one hidden cell can move, in units (for the eyes of the table's owner)."""

    place: str
    """The cell's address."""
    key: Key
    low: int
    high: int | None
    """``None``: nothing bounds it."""
    standing: Standing
    exact: bool
    """Ends of the linear programme; else values that some world takes."""


@dataclass(frozen=True, kw_only=True)
class TableReport:
    """The outcome of one attack."""

    tests: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    """Addresses of cells; no figure."""
    intervals: tuple[TableInterval, ...] = ()
    grain: int = 1
    """Parts of a unit that ``intervals`` are given in."""
    hidden: int = 0
    """Hidden cells that were attacked."""
    solver_runs: int = 0

    @property
    def verdict(self) -> Verdict:
        """``PASS`` only where every test passed."""
        return Verdict.worst(self.tests.values())


Insiders = Mapping[str, Mapping[Key, int]]
"""Contributor -> the cells she knows to the unit, being their only contributor."""


def audit_tables(
    tables: Sequence[PublicTable],
    *,
    width: int = 1,
    ratios: Sequence[Ratio] = (),
    insiders: Insiders | None = None,
    integral: bool = True,
    evidence: bool = False,
) -> TableReport:
    """Attack published tables with nothing but what is printed and the priors of each table.

    ``width``: how far apart, in units, two values of every hidden cell must lie, both in worlds that fit all
    figures; 1 asks for no more than that nothing follows exactly. Cells that readers can tell to be secondary are
    only remarked upon. ``ratios``: printed shares and means. ``insiders``: the attack is repeated for each, with
    what she knows. ``integral``: true figures are whole multiples of the unit. ``evidence``: exact ends of every
    hidden cell. Shown totals that leave nothing for their hidden parts are taken for what they may be, totals
    computed without them, and are a finding by themselves.

    Raises Refused ``table_does_not_add_up`` for shown figures that no hidden cell can explain.
    """
    board = board_of_tables(tables, ratios, integral=integral)
    opened = totals_without_hidden(board)
    _refuse_wrong_sums(board, opened)
    aims = board.aims(width)
    read_as: dict[int, int] = {}
    knowledge = conclude(board.system(), aims, evidence=evidence)
    if knowledge.contradiction and opened:
        read_as = opened
        knowledge = conclude(board.system(opened), aims, evidence=evidence)
    findings = [
        *_too_small(board),
        *_left_out(board, opened),
        *_conclusions(board, knowledge),
        *_insiders(board, read_as, knowledge, insiders or {}, width),
        *_missing(board),
        *_nothing_judged(tables),
    ]
    rules = {finding.rule for finding in findings}
    blind = bool(rules & BLINDING) or any(rule not in FAILS and rule not in REMARKS for rule in rules)
    failed = {FAILS.get(rule) for rule in rules}
    tests = ["A1", *(["R2"] if any(table.prior.k is not None for table in tables) else [])]
    return TableReport(
        tests={test: Verdict.FAIL if blind or test in failed else Verdict.PASS for test in tests},
        findings=tuple(findings),
        intervals=tuple(_intervals(board, knowledge)),
        grain=board.grain,
        hidden=len([aim for aim in aims if aim.unknown in board.spots]),
        solver_runs=knowledge.runs,
    )


def address(table: PublicTable, place: Place, line: int = 0) -> str:
    """Where a cell is: its line, and its codes but for totals.

    >>> table = PublicTable(variables=("d1", "d2"), trees={}, figures={})
    >>> address(table, ("a", "_T"), 3), address(table, ("_T", "_T"))
    ('line 3: d1=a', 'total')
    """
    pairs = zip(table.variables, place, strict=True)
    name = ", ".join(f"{variable}={code}" for variable, code in pairs if code != TOTAL) or "total"
    return f"line {line}: {name}" if line else name


def _place_of(board: TableBoard, unknown: int) -> str:
    spot: Spot | None = board.spots.get(unknown)
    if spot is not None:
        return address(spot.table, spot.place, spot.figure.line)
    measure, conditions = board.keys[unknown]
    return ", ".join([f"{variable}={code}" for variable, code in sorted(conditions)] or [measure])


def _refuse_wrong_sums(board: TableBoard, opened: Mapping[int, int]) -> None:
    wrong = dict.fromkeys(_place_of(board, total) for total in does_not_add_up(board, opened))
    if wrong:
        raise Refused(*(Finding(place=place, rule="table_does_not_add_up") for place in wrong))


def _too_small(board: TableBoard) -> Iterator[Finding]:
    for unknown, spot in board.spots.items():
        k, high = spot.table.prior.k, board.high[unknown]
        if k is not None and Mark.SHOWN in board.marks[unknown] and high is not None and 0 < high < k * board.grain:
            yield Finding(place=_place_of(board, unknown), rule="table_shows_below_k", facts={"k": k})


def _left_out(board: TableBoard, opened: Mapping[int, int]) -> Iterator[Finding]:
    made_of_hidden = {total for parts, total in board.sums if not all(board.is_shown(part) for part in parts)}
    for total in opened:
        if total in made_of_hidden:
            yield Finding(place=_place_of(board, total), rule="table_total_leaves_nothing")


def _conclusions(board: TableBoard, knowledge: Knowledge) -> Iterator[Finding]:
    if knowledge.contradiction:
        unknowns = knowledge.contradiction.unknowns
        first = min(unknowns, key=lambda unknown: unknown not in board.spots)
        yield Finding(place=_place_of(board, first), rule="table_contradicts", facts={"cells": len(unknowns)})
    for unknown, reach in sorted(knowledge.reaches.items()):
        if reach.standing is Standing.WIDE:
            continue
        place = _place_of(board, unknown)
        if reach.standing is Standing.UNPROVEN:
            yield Finding(place=place, rule="table_cell_unproven")
        elif unknown in board.small:
            yield Finding(place=place, rule="table_small_count_derived", facts={"k": board.small[unknown]})
        elif not board.marks[unknown] & set(SECRET):
            yield Finding(place=place, rule="table_secondary_determined")
        else:
            rule = "table_cell_determined" if reach.low == reach.high else "table_cell_narrow"
            yield Finding(place=place, rule=rule)


def _insiders(
    board: TableBoard, opened: Mapping[int, int], public: Knowledge, insiders: Insiders, width: int
) -> Iterator[Finding]:
    """Cells that a contributor learns from the tables and her own answer, and nobody else from the tables alone."""
    learned: dict[int, int] = {}
    safe = {
        unknown
        for unknown, reach in public.reaches.items()
        if reach.standing is Standing.WIDE and board.marks[unknown] & set(SECRET)
    }
    for cells in insiders.values():
        known = {board.index[key]: value * board.grain for key, value in cells.items() if key in board.index}
        aims = [
            aim
            for aim in board.aims(width)
            if aim.unknown in safe - set(known) and board.marks[aim.unknown] & set(SECRET)
        ]
        if not known or not aims:
            continue
        hers = conclude(board.system(opened, known), aims)
        if hers.contradiction:
            first = next(iter(known))
            yield Finding(place=_place_of(board, first), rule="table_contradicts", facts={"cells": len(known)})
        for unknown, reach in hers.reaches.items():
            if reach.standing is not Standing.WIDE:
                learned[unknown] = learned.get(unknown, 0) + 1
    for unknown, contributors in sorted(learned.items()):
        place = _place_of(board, unknown)
        yield Finding(place=place, rule="table_cell_open_to_contributor", facts={"contributors": contributors})


def _nothing_judged(tables: Sequence[PublicTable]) -> Iterator[Finding]:
    """Without a hidden cell and without a threshold there is no question to answer."""
    marks = {figure.mark for table in tables for figure in table.figures.values()}
    if not marks & set(SECRET) and all(table.prior.k is None for table in tables):
        yield Finding(place="table", rule="table_hides_nothing")


def _missing(board: TableBoard) -> Iterator[Finding]:
    missing = len(board.keys) - len(board.spots)
    if missing:
        yield Finding(place="table", rule="table_cells_missing", facts={"cells": missing})


def compare_with_truth(report: TableReport, truth: Mapping[Key, int]) -> tuple[int, int]:
    """Of the hidden cells found narrow: how many the attacker has right, and how many wrong.

    Afterwards only: the attack never sees these values. Wrong ones show that a prior did not hold (hidden zeros
    where ``zeros_shown``, say), so that the readers it describes mislead themselves.
    """
    right = wrong = 0
    for interval in report.intervals:
        if interval.standing is Standing.NARROW and interval.key in truth:
            value = truth[interval.key] * report.grain
            within = interval.low <= value and (interval.high is None or value <= interval.high)
            right, wrong = right + within, wrong + (not within)
    return right, wrong


def _intervals(board: TableBoard, knowledge: Knowledge) -> Iterator[TableInterval]:
    for unknown, reach in sorted(knowledge.reaches.items()):
        yield TableInterval(
            place=_place_of(board, unknown),
            key=board.keys[unknown],
            low=reach.low,
            high=reach.high,
            standing=reach.standing,
            exact=reach.exact,
        )

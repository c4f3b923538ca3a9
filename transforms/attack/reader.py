"""The attack on one release: everything a careful reader can conclude from what is printed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from terms.hierarchy import ANSWERED
from terms.policy import NoAnswer
from transforms.attack.board import Board, board_of
from transforms.attack.intervals import Knowledge, Standing, conclude
from transforms.attack.percentages import read_ratios
from transforms.attack.release import Condition, Key, Release, read
from transforms.attack.report import AttackReport, CellInterval, summarise, verdicts
from transforms.attack.rules import Rules, Shape, group_key, shapes_of
from transforms.attack.system import Contradiction, tighten
from transforms.attack.unanimity import unanimous_columns

WHOLE_RELEASE = "cells"
"""The place of a finding that belongs to no single table."""

Faults = Iterator[tuple[str, str]]


def attack(
    cells: pl.DataFrame,
    *,
    k: int,
    rounding: int,
    kinds: Mapping[str, Any],
    no_answer: NoAnswer,
    width: int,
    exact: Mapping[tuple[str, str], int] | None = None,
    bars: Mapping[str, int] | None = None,
    both_sides: Collection[str] = (),
    chose_one: Collection[str] = (),
    evidence: bool = False,
) -> AttackReport:
    """Attack a displayed frame with nothing but the published rules (and demographics).

    ``cells``: the columns of ``data/cells.csv``. ``kinds``: ``single``, ``multiple`` or ``quasi_identifier``
    for every variable. ``rounding``: the base that counts were rounded to, half up; 1 where ``cells`` holds
    the true counts of the shown cells (the worst case). ``width``: the narrowest interval allowed, in people.
    ``exact``: true sizes of groups known from demographics, by (variable, code), ``("_T", "_T")`` for
    everyone. ``bars``: s of each question, which adds the test R3. ``chose_one``: multiple questions in which
    everyone who answered is known to have chosen something. ``evidence``: exact ends for every hidden cell.

    A1 fails unless every hidden cell is shown to move by ``width``; R1, R2, R7 and R3 are checked as a reader
    can. Never raises on what a frame contains: what cannot be judged fails.
    """
    rules = Rules(
        k=k,
        rounding=rounding,
        width=width,
        no_answer=no_answer,
        shapes=shapes_of(kinds),
        groups={group_key(*group): size for group, size in (exact or {}).items()},
        bars=dict(bars or {}),
        both_sides=frozenset(both_sides),
        chose_one=frozenset(chose_one),
    )
    release = read(cells, rules.questions)
    board = board_of(release, rules)
    ratios = read_ratios(board)
    knowledge = conclude(board.system(ratios.relations), board.aims(), evidence=evidence)
    if knowledge.contradiction and ratios.relations:
        # A percentage that is wrong, not telling, must not blind the rest of the attack.
        knowledge = conclude(board.system(), board.aims(), evidence=evidence)
    faults = [
        *release.faults,
        *_unreadable(release, rules),
        *ratios.faults,
        *_figures(board),
        *_conclusions(board, knowledge),
        *_unanimous(board),
    ]
    findings = summarise(faults, k=k)
    return AttackReport(
        tests=verdicts(findings, ["A1", "R1", "R2", "R7", *(["R3"] if bars is not None else [])]),
        findings=findings,
        intervals=_intervals(board, knowledge),
        solver_runs=knowledge.runs,
    )


def _unreadable(release: Release, rules: Rules) -> Faults:
    if not release.counts:
        yield WHOLE_RELEASE, "nothing_to_attack"
    for (row_var, by), table in release.crossed.items():
        if row_var not in rules.shapes or (by is not None and rules.shapes.get(by) is not Shape.QUASI_IDENTIFIER):
            yield table, "kind_unknown"


def _figures(board: Board) -> Faults:
    """What single figures break: too small (R1, R2), or not rounded (R7)."""
    rules = board.rules
    for key, printed in board.release.counts.items():
        if not printed.shown or not printed.value:
            continue
        rounded = printed.value % rules.rounding == 0
        if not rounded:
            yield printed.address.table, "figure_not_rounded"
        if printed.value + (rules.above if rounded else 0) < rules.k:
            yield printed.address.table, "shown_below_k"
            if _is_group(key, rules):
                yield printed.address.table, "group_below_k"
    for key, size in rules.groups.items():
        if 0 < size < rules.k:
            yield _table_of(board, key), "group_below_k"


def _is_group(key: Key, rules: Rules) -> bool:
    """Whether a count is the size of a break group or an answering base."""
    return sum(c.code != ANSWERED for c in key) <= 1 and all(
        c.code == ANSWERED or rules.shapes.get(c.variable) is Shape.QUASI_IDENTIFIER for c in key
    )


def _conclusions(board: Board, knowledge: Knowledge) -> Faults:
    if knowledge.contradiction:
        yield from _contradiction(board, knowledge.contradiction)
    if knowledge.solver_failed:
        yield WHOLE_RELEASE, "attack_solver_failed"
    for unknown, reach in knowledge.reaches.items():
        key = board.keys[unknown]
        if reach.standing is Standing.NARROW:
            printed = key in board.release.counts
            yield _table_of(board, key), "cell_interval_narrow" if printed else "small_count_derived"
        elif reach.standing is Standing.UNPROVEN:
            yield _table_of(board, key), "cell_interval_unproven"


def _contradiction(board: Board, contradiction: Contradiction) -> Faults:
    printed = [key for key in map(board.keys.__getitem__, contradiction.unknowns) if key in board.release.counts]
    if not printed:
        yield WHOLE_RELEASE, "figures_contradict"
    for key in printed:
        yield _table_of(board, key), "figures_contradict"


def _table_of(board: Board, key: Key) -> str:
    """The table that prints a count, or else the one that prints its nearest relative."""
    chosen = frozenset(Condition(condition.variable, condition.code) for condition in key)
    for known in (key, chosen):
        if known in board.release.counts:
            return board.release.counts[known].address.table
    return WHOLE_RELEASE


def _unanimous(board: Board) -> Faults:
    if not board.rules.bars:
        return
    narrowed = tighten(board.system())
    if isinstance(narrowed, Contradiction):
        yield WHOLE_RELEASE, "figures_contradict"
        return
    for table in unanimous_columns(board, narrowed):
        yield table, "group_disclosure"


def _intervals(board: Board, knowledge: Knowledge) -> tuple[CellInterval, ...]:
    return tuple(
        CellInterval(
            address=board.release.counts[board.keys[unknown]].address,
            low=reach.low,
            high=reach.high,
            standing=reach.standing,
            exact=reach.exact,
        )
        for unknown, reach in sorted(knowledge.reaches.items())
        if board.keys[unknown] in board.release.counts
    )

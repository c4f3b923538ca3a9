"""A6: an attacker who does not find a leak that was put there on purpose is broken."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from terms.findings import Verdict
from terms.hierarchy import TOTAL
from terms.policy import NoAnswer
from transforms.attack.board import Board, board_of
from transforms.attack.intervals import Standing, conclude
from transforms.attack.reader import attack
from transforms.attack.release import COLUMNS, COUNTS, Address, Key, read
from transforms.attack.rules import Rules, group_key, shapes_of

Values = Mapping[Key, int]


def self_test(
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
) -> Verdict:
    """Whether the attacker finds leaks seeded into a copy of the release, and in a table known to leak.

    Takes what :func:`attack` takes. ``PASS`` needs all of it: the known table passes whole and fails with its
    leak; in the copy, a hidden cell that was made computable is computed, and a count of k - 1, a hidden figure
    left in and a percentage of a hidden count are named. The copy holds true counts that fit the release (one
    of its worlds), so that rounding cannot cover a leak. What a release does not offer (nothing is hidden, say)
    the known table stands in for.
    """
    rules = Rules(
        k=k,
        rounding=rounding,
        width=width,
        no_answer=no_answer,
        shapes=shapes_of(kinds),
        groups={group_key(*group): size for group, size in (exact or {}).items()},
        chose_one=frozenset(chose_one),
    )
    known = {"k": k, "rounding": 1, "no_answer": no_answer, "width": width}
    about = {"kinds": kinds, "exact": exact, "bars": bars, "both_sides": both_sides, "chose_one": chose_one}
    checks = [*_known_table(known), *_seeded(cells, rules, known | about)]
    return Verdict.PASS if all(checks) else Verdict.FAIL


def _seeded(cells: pl.DataFrame, rules: Rules, known: dict[str, Any]) -> Iterator[bool]:
    board = board_of(read(cells, rules.questions), rules)
    knowledge = conclude(board.system(), [], world=True)
    if knowledge.contradiction:
        # The attack itself says so, and there is no copy to seed.
        return
    world = knowledge.world
    if world is None:
        yield False
        return
    values = {key: world[unknown] for key, unknown in board.index.items()}
    printed = board.release.counts
    leak = _computable(board, values)
    if leak is not None:
        victim, revealed = leak
        report = attack(_copy(cells, rules, values, revealed), **known)
        yield any(
            interval.address == printed[victim].address
            and interval.standing is Standing.NARROW
            and interval.low == interval.high == values[victim]
            for interval in report.intervals
        )
    yield from _single_lines(cells, rules, board, values, known)


def _computable(board: Board, values: Values) -> tuple[Key, set[Key]] | None:
    """A hidden cell, and the cells to reveal so that one sum gives it away: as few as possible."""
    counts = board.release.counts
    best: tuple[Key, set[Key]] | None = None
    for relation in board.relations:
        keys = [board.keys[unknown] for unknown in relation.unknowns]
        if relation.least != 0 or relation.most != 0 or any(key not in counts for key in keys):
            continue
        hidden = [key for key in keys if not counts[key].shown]
        # A base that repeats the group's size may be computed by anyone: no leak to be found.
        victims = [key for key in hidden if values[key] and not board.is_exempt(key) and not board.is_group_again(key)]
        if not victims or (best is not None and len(hidden) > len(best[1])):
            continue
        revealed = set(hidden) - {victims[0]}
        if _still_fits(board, values, revealed):
            best = victims[0], revealed
    return best


def _still_fits(board: Board, values: Values, revealed: set[Key]) -> bool:
    """Where a withheld column is opened, what stays hidden in it must not be zero: zeros would be shown."""
    return all(
        values[key] or key in revealed or board.release.counts[key].shown or board.is_residual(key)
        for column in board.release.columns.values()
        if revealed & set(column)
        for key in column
    )


def _copy(cells: pl.DataFrame, rules: Rules, values: Values, revealed: set[Key]) -> pl.DataFrame:
    """The counts of the release as one world has them, unrounded, some hidden ones revealed."""
    lines = []
    for *place, _, status in cells.select(list(COLUMNS)).iter_rows():
        address = Address(*place)
        if address.measure not in COUNTS:
            continue
        key = address.key(address.row_var in rules.questions)
        shown = status == "shown" or key in revealed
        lines.append([*address, values[key] if shown else None, "shown" if shown else "hidden"])
    return pl.DataFrame(lines, schema=COLUMNS, orient="row")


def _single_lines(
    cells: pl.DataFrame, rules: Rules, board: Board, values: Values, known: dict[str, Any]
) -> Iterator[bool]:
    """Leaks that one line makes."""
    counts = board.release.counts
    shown = next((key for key, printed in counts.items() if printed.shown and printed.value), None)
    hidden = next((key for key, printed in counts.items() if not printed.shown), None)
    expected: set[tuple[str, str]] = set()
    if shown is not None:
        values = {**values, shown: rules.k - 1}
        expected.add((counts[shown].address.table, "shown_below_k"))
    copy = _copy(cells, rules, values, set())
    if hidden is not None:
        address = counts[hidden].address
        extra = [
            [*address, 1, "hidden"],
            [*address._replace(measure="row_percent"), 50, "shown"],
            [*address._replace(measure="weighted_percent"), 50, "shown"],
        ]
        copy = pl.concat([copy, pl.DataFrame(extra, schema=COLUMNS, orient="row")])
        rules_broken = ("hidden_with_value", "percent_of_hidden", "weighted_of_hidden")
        expected |= {(address.table, rule) for rule in rules_broken}
    found = {(finding.place, finding.rule) for finding in attack(copy, **known).findings}
    yield expected <= found


def _known_table(known: dict[str, Any]) -> Iterator[bool]:
    """A two-way table with a block of four hidden cells; shown one of them, the other three follow.

    Every corner holds c > width + 1 people, so it lies in 1..2c - 1. No bar (R3) is near. Then the same table
    with everyone in the first row, which R3 must name.
    """
    corner = 2 + max(known["k"], known["width"])
    corners = {("a", "f"), ("a", "m"), ("b", "f"), ("b", "m")}
    known = known | {"kinds": {"leak": "single", "sex": "quasi_identifier"}, "bars": {"leak": 2}}
    whole = attack(_block((corner, corner), corners), **known)
    leaking = attack(_block((corner, corner), corners - {("a", "f")}), **known)
    yield whole.verdict is Verdict.PASS
    yield leaking.verdict is Verdict.FAIL
    narrow = [interval for interval in leaking.intervals if interval.standing is Standing.NARROW]
    yield len(narrow) == 3 and all(interval.low == interval.high == corner for interval in narrow)
    unanimous = attack(_block((corner, 0), set()), **known)
    yield {finding.rule for finding in unanimous.findings} == {"group_disclosure"}


def _block(counts: tuple[int, int], hidden: set[tuple[str, str]]) -> pl.DataFrame:
    """Two options, each with one count in both columns, and their totals."""
    lines = []
    for col in ("f", "m", TOTAL):
        columns = 2 if col == TOTAL else 1
        rows = {"a": counts[0] * columns, "b": counts[1] * columns, TOTAL: sum(counts) * columns}
        for row, count in rows.items():
            shown = (row, col) not in hidden
            cell = ["known", "leak", row, "sex", col, "respondents"]
            lines.append([*cell, count if shown else None, "shown" if shown else "hidden"])
        lines.append(["known", "leak", TOTAL, "sex", col, "base", rows[TOTAL], "shown"])
    return pl.DataFrame(lines, schema=COLUMNS, orient="row")

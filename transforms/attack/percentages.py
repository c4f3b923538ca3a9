"""Percentages must be functions of displayed figures (R7); one that is not says more, and is used.

Displayed percentages are whole, rounded half up: ``p = floor((200 m + n) / (2 n))`` for a displayed count m
and a displayed base n.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from terms.hierarchy import ANSWERED, TOTAL
from transforms.attack.board import Board
from transforms.attack.release import Condition, Key, Percentage
from transforms.attack.rules import Rules
from transforms.attack.system import Relation

RATIOS = ("percent", "percent_of_all", "row_percent", "weighted_percent")


def whole_percent(count: int, base: int) -> int:
    """A share in whole percent, half up.

    >>> whole_percent(1, 8), whole_percent(1, 200), whole_percent(0, 40)
    (13, 1, 0)
    """
    return (200 * count + base) // (2 * base)


@dataclass
class Ratios:
    """What the shown percentages give away."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    """(table, rule) for each percentage that says more than the displayed figures."""
    relations: list[Relation] = field(default_factory=list)
    """What those percentages say about the true counts."""


def read_ratios(board: Board) -> Ratios:
    """Check every shown figure that is no count; keep what the wrong ones give away."""
    ratios = Ratios()
    for percentage in board.release.percentages:
        table, measure = percentage.address.table, percentage.address.measure
        if measure not in RATIOS:
            ratios.faults.append((table, "measure_unknown"))
            continue
        if percentage.value > 100:
            # Of nobody: it says nothing that could be used.
            ratios.faults.append((table, "percent_not_from_displayed"))
            continue
        choices = list(_count_and_base(board, percentage))
        shown = [
            (count, base) for count, base in choices if board.release.is_shown(count) and board.release.is_shown(base)
        ]
        if not shown:
            weighted = measure == "weighted_percent"
            ratios.faults.append((table, "weighted_of_hidden" if weighted else "percent_of_hidden"))
            if not weighted:
                ratios.relations.extend(_given_away(board, *choices[0], percentage.value))
        elif measure == "weighted_percent":
            if not any(_is_weighted_share(board, *pair, percentage.value) for pair in shown):
                ratios.faults.append((table, "percent_not_from_displayed"))
        elif not any(_is_share(board, *pair, percentage.value) for pair in shown):
            ratios.faults.append((table, "percent_not_from_displayed"))
            ratios.relations.extend(_ratio(board, *shown[0], percentage.value, slack=False))
    return ratios


def _count_and_base(board: Board, percentage: Percentage) -> Iterator[tuple[Key, Key]]:
    """The counts the figure should be the ratio of; a total may be read in two ways."""
    address = percentage.address
    group = address.column
    is_question = address.row_var in board.rules.questions
    base = group | {Condition(address.row_var, ANSWERED)} if is_question else group
    if base not in board.release.counts and address.row_var not in board.release.has_no_answer:
        base = group
    own = address._replace(measure="respondents").key(is_question)
    if address.measure == "row_percent":
        yield own, own - group
        if address.row == TOTAL:
            yield base, base - group
    elif address.measure == "percent_of_all":
        yield own, group
    else:
        yield (base if address.row == TOTAL else own), base


def _is_share(board: Board, count: Key, base: Key, percent: int) -> bool:
    shown, of = board.release.shown_value(count), board.release.shown_value(base)
    if not of:
        return percent == 0 and not shown
    return percent == whole_percent(shown, of)


def _is_weighted_share(board: Board, count: Key, base: Key, percent: int) -> bool:
    """Weighted shares are those of a rounded number of people over the displayed base (R8)."""
    shown, of = board.release.shown_value(count), board.release.shown_value(base)
    if not shown or not of:
        return percent == 0
    return any(_multiples(board.rules, of, percent))


def _multiples(rules: Rules, base: int, percent: int) -> list[int]:
    """Displayed counts that have this percentage of a displayed base."""
    nearest = percent * base // (100 * rules.rounding)
    spread = base // (100 * rules.rounding) + 2
    tried = range(max(nearest - spread, 0), nearest + spread + 1)
    return [step * rules.rounding for step in tried if whole_percent(step * rules.rounding, base) == percent]


def _given_away(board: Board, count: Key, base: Key, percent: int) -> list[Relation]:
    """What a percentage says where its count or its base is hidden.

    Either it was made of displayed (rounded) figures, or of true ones; what holds in both cases is kept.
    """
    of, rules = board.release.shown_value(base), board.rules
    if of and (fitting := _multiples(rules, of, percent)):
        least, most = fitting[0] - rules.below, fitting[-1] + rules.above
        return [Relation((board.at(count),), (1,), least, most)]
    return _ratio(board, count, base, percent, slack=True)


def _ratio(board: Board, count: Key, base: Key, percent: int, *, slack: bool) -> list[Relation]:
    """``(2p - 1) base <= 200 count < (2p + 1) base``, each true count off its displayed one by the rounding."""
    if count == base:
        return []
    below, above = (board.rules.below, board.rules.above) if slack else (0, 0)
    unknowns = (board.at(count), board.at(base))
    least, most = 2 * percent - 1, 2 * percent + 1
    # Half up is strict above, but 0 of 0 may be printed as 0.
    strict = 1 if board.low[unknowns[1]] > above else 0
    # A displayed count is at most `below` above the true one and at most `above` below it.
    return [
        Relation(unknowns, (200, -least), -200 * below - max(least * above, -least * below), None),
        Relation(unknowns, (200, -most), None, 200 * above + most * below - strict),
    ]

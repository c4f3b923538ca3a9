"""The attacker's system: one unknown a cell, however often it is printed, and every sum a reader can write down.

For a question q and a group g (everyone, or one group of a break), n(g) the size of the group:
    single answers:     options add up to those who answered
    multiple answers:   chosen + not chosen = those who answered, option by option
    both:               answered + no answer = n(g); where q has no row for no answer, answered = n(g)
and every such cell adds up over the groups of each break. Groups of people add up likewise, both ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from terms.hierarchy import ANSWERED, NO_ANSWER
from terms.policy import NoAnswer
from transforms.attack.intervals import Aim
from transforms.attack.release import EVERYONE, Condition, Key, Release
from transforms.attack.rules import Rules, Shape
from transforms.attack.system import Relation, System, sums_to


@dataclass
class Board:
    """Unknowns by key, with their bounds and relations."""

    release: Release
    rules: Rules
    keys: list[Key] = field(default_factory=list)
    index: dict[Key, int] = field(default_factory=dict)
    low: list[int] = field(default_factory=list)
    high: list[int | None] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    withheld: set[Key] = field(default_factory=set)
    """Counts of columns in which everything is hidden, zeros too."""

    def at(self, key: Key) -> int:
        """The unknown of a key, made on first use with what its printed figure says."""
        if key not in self.index:
            self.index[key] = len(self.keys)
            self.keys.append(key)
            low, high = self._bounds(key)
            self.low.append(low)
            self.high.append(high)
        return self.index[key]

    def _bounds(self, key: Key) -> tuple[int, int | None]:
        low, high = self._printed_bounds(key)
        exact = self.rules.groups.get(key)
        if exact is None:
            return low, high
        # Both are known; where they exclude each other, low > high says so.
        return max(low, exact), exact if high is None else min(high, exact)

    def _printed_bounds(self, key: Key) -> tuple[int, int | None]:
        printed = self.release.counts.get(key)
        if printed is None:
            return 0, None
        if not printed.shown or printed.value is None:
            return (0 if self.may_be_zero(key) else 1), None
        value, rules = printed.value, self.rules
        if value == 0 or value % rules.rounding:
            # A figure that is no multiple of the base was not rounded: the reader takes it as it stands.
            return value, value
        low, high = value - rules.below, value + rules.above
        # Smaller counts are hidden; a figure that can only be smaller is a finding of its own.
        return (max(low, rules.k) if high >= rules.k else low), high

    def may_be_zero(self, key: Key) -> bool:
        """Whether a hidden count may be zero: zeros are shown, except where all is hidden or by rule."""
        return key in self.withheld or self.is_residual(key)

    def is_residual(self, key: Key) -> bool:
        """Whether the count is a no answer that is never printed as a figure."""
        return self.rules.no_answer is NoAnswer.RESIDUAL and any(
            condition.code == NO_ANSWER and condition.variable in self.rules.questions for condition in key
        )

    def is_base_of_all(self, key: Key) -> bool:
        """Whether the count is the base of a question that everyone answered: the group's size again."""
        return any(
            condition.code == ANSWERED and condition.variable not in self.release.has_no_answer for condition in key
        )

    def is_empty_for_all_to_see(self, key: Key) -> bool:
        """Whether some wider cell is known to be zero, so that the reader learns nothing new from this one."""
        bases = {
            key - {condition} | {Condition(condition.variable, ANSWERED)}
            for condition in key
            if condition.variable in self.rules.questions
        }
        wider = {EVERYONE, *bases} | {part - {condition} for part in (key, *bases) for condition in part}
        return any(
            self.release.shown_value(other) == 0 or self.rules.groups.get(other) == 0 for other in wider if other != key
        )

    def add(self, parts: Iterable[Key], total: Key) -> None:
        self.relations.append(sums_to([self.at(part) for part in parts], self.at(total)))

    def system(self, extra: Iterable[Relation] = ()) -> System:
        return System(tuple(self.low), tuple(self.high), (*self.relations, *extra))

    def aims(self) -> list[Aim]:
        """What must stay unknown: every hidden count, and every small count that is not printed at all."""
        aims = []
        for unknown, key in enumerate(self.keys):
            printed = self.release.counts.get(key)
            if printed is None:
                aims.append(Aim(unknown, self.rules.width, within=(1, self.rules.k - 1)))
            elif not printed.shown and not self.is_exempt(key):
                small = (1, self.rules.k - 1) if self.is_group_again(key) else None
                aims.append(Aim(unknown, self.rules.width, within=small))
        return aims

    def is_group_again(self, key: Key) -> bool:
        """Whether the count is a base that tells no more than the group's size: who did not answer is no secret.

        Nobody, where the question's no answers are printed as zero; or by rule, where they are what is left over.
        Such a base is protected as long as it need not be small.
        """
        for condition in key:
            if condition.code == ANSWERED:
                silent = key - {condition} | {Condition(condition.variable, NO_ANSWER)}
                return self.is_residual(silent) or self.is_empty_for_all_to_see(silent)
        return False

    def is_exempt(self, key: Key) -> bool:
        return self.is_residual(key) or self.is_base_of_all(key) or self.is_empty_for_all_to_see(key)


def board_of(release: Release, rules: Rules) -> Board:
    """Write down every sum that the printed tables make known."""
    board = Board(release, rules)
    for counts in release.columns.values():
        if not any(release.counts[key].shown for key in counts):
            board.withheld |= set(counts)
    for key in release.counts:
        board.at(key)
    for variable, shape in rules.shapes.items():
        if variable not in release.codes:
            continue
        if shape is Shape.QUASI_IDENTIFIER:
            _groups(board, variable)
        else:
            _question(board, variable, shape)
    return board


def _groups_of(release: Release, by: str) -> list[Key]:
    return [frozenset({Condition(by, code)}) for code in release.codes[by]]


def _groups(board: Board, variable: str) -> None:
    """Groups of people add up to everyone, and within every group of a break to that group."""
    release = board.release
    groups = _groups_of(release, variable)
    if groups:
        board.add(groups, EVERYONE)
    for by in release.breaks.get(variable, {}):
        for other in _groups_of(release, by):
            board.add([group | other for group in groups], other)
        for group in groups:
            board.add([group | other for other in _groups_of(release, by)], group)


def _question(board: Board, variable: str, shape: Shape) -> None:
    release = board.release
    answered = frozenset({Condition(variable, ANSWERED)})
    unanswered = frozenset({Condition(variable, NO_ANSWER)})
    options = [frozenset({Condition(variable, code)}) for code in release.codes[variable]]
    others = [frozenset({Condition(variable, code, False)}) for code in release.codes[variable]]
    has_no_answer = variable in release.has_no_answer
    breaks = release.breaks.get(variable, {})
    for group in (EVERYONE, *(group for by in breaks for group in _groups_of(release, by))):
        if shape is Shape.SINGLE:
            board.add([option | group for option in options], answered | group)
        else:
            for option, other in zip(options, others, strict=True):
                board.add([option | group, other | group], answered | group)
            if variable in board.rules.chose_one:
                _at_least(board, [option | group for option in options], answered | group)
        board.add([answered | group, *([unanswered | group] if has_no_answer else [])], group)
    rows = [*options, answered, *([unanswered] if has_no_answer else [])]
    for by in breaks:
        for row in (*rows, *(others if shape is Shape.MULTIPLE else ())):
            board.add([row | group for group in _groups_of(release, by)], row)


def _at_least(board: Board, parts: list[Key], total: Key) -> None:
    """Everyone who answered chose something: mentions are at least as many as people."""
    unknowns = (*(board.at(part) for part in parts), board.at(total))
    board.relations.append(Relation(unknowns, (*(1 for _ in parts), -1), 0, None))

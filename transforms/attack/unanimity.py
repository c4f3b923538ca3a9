"""Group disclosure (R3) as a reader can check it: a group in which everyone, or all but a few, answered the same.

Only what is certain counts: of every figure the end of its interval that speaks for the defender is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from terms.hierarchy import ANSWERED, NO_ANSWER
from transforms.attack.board import Board
from transforms.attack.release import Condition, Key
from transforms.attack.rules import Shape
from transforms.attack.system import System


def unanimous_columns(board: Board, narrowed: System) -> Iterator[str]:
    """The table of each (question, group) in which fewer than the bar can differ from one answer."""
    view = _View(board, narrowed)
    for (variable, group), counts in board.release.columns.items():
        bar = board.rules.bars.get(variable)
        if bar is None or variable not in board.rules.questions or view.least(group) < 1:
            continue
        # More than there are can differ nowhere: of a smaller group something has to be known first.
        if view.is_unanimous(variable, group, min(bar, view.most(group))):
            yield board.release.counts[next(iter(counts))].address.table


class _View:
    """Bounds of every count, by key."""

    def __init__(self, board: Board, narrowed: System) -> None:
        self._board, self._system = board, narrowed

    def least(self, key: Key) -> int:
        return self._system.low[self._board.index[key]] if key in self._board.index else 0

    def most(self, key: Key) -> float:
        high = self._system.high[self._board.index[key]] if key in self._board.index else None
        return float("inf") if high is None else high

    def others_at_most(self, answer: Key, answers: list[Key], total: Key) -> float:
        """The most people of the total who can have given another answer."""
        rest = sum(self.most(other) for other in answers if other != answer)
        return min(self.most(total) - self.least(answer), rest)

    def is_unanimous(self, variable: str, group: Key, bar: float) -> bool:
        board = self._board
        codes = board.release.codes[variable]
        options = [group | {Condition(variable, code)} for code in codes]
        answered, silent = (group | {Condition(variable, code)} for code in (ANSWERED, NO_ANSWER))
        if variable in board.release.has_no_answer and self.others_at_most(silent, [answered], group) < bar:
            return True
        if board.rules.shapes[variable] is Shape.SINGLE:
            everyone = [*options, *([silent] if variable in board.release.has_no_answer else [])]
            return any(self.others_at_most(option, everyone, group) < bar for option in options) or (
                self.least(answered) >= 1
                and any(self.others_at_most(option, options, answered) < bar for option in options)
            )
        if self.least(answered) < 1:
            return False
        others = [group | {Condition(variable, code, False)} for code in codes]
        pairs = list(zip(options, others, strict=True))
        if variable in board.rules.both_sides:
            return any(min(self.most(option), self.most(other)) < bar for option, other in pairs)
        # One-sided: colluders who did not choose would learn from a failure that all others did, hence + 1.
        return any(self.others_at_most(option, [other], answered) < bar + 1 for option, other in pairs)

"""The attacker: reads what is published, concludes what it can, and shares no code with the defenders.

    report = attack(cells, k=10, rounding=5, kinds=kinds, no_answer=NoAnswer.CELL, width=8)

``report.verdict`` is ``PASS`` only where nothing was found and every hidden cell was shown to stay hidden.
"""

from transforms.attack.joint import narrow_questions
from transforms.attack.reader import attack
from transforms.attack.release import cells_from_csv
from transforms.attack.report import AttackReport, CellInterval
from transforms.attack.rules import Shape, published_rules
from transforms.attack.selftest import self_test
from transforms.attack.worst_case import unrounded_cells

__all__ = [
    "AttackReport",
    "CellInterval",
    "Shape",
    "attack",
    "cells_from_csv",
    "narrow_questions",
    "published_rules",
    "self_test",
    "unrounded_cells",
]

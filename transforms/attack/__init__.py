"""The attacker: reads what is published, concludes what it can, and shares no code with the defenders.

    report = attack(cells, k=10, rounding=5, kinds=kinds, no_answer=NoAnswer.CELL, width=8)

    report = audit_tables([read_table(text).table], width=1)      # any crossing, hierarchies and links

``report.verdict`` is ``PASS`` only where nothing was found and every hidden cell was shown to stay hidden.
"""

from transforms.attack.coalition import Proof
from transforms.attack.joint import narrow_questions
from transforms.attack.reader import attack
from transforms.attack.release import cells_from_csv
from transforms.attack.report import AttackReport, CellInterval
from transforms.attack.roster import forced_answers
from transforms.attack.rules import Shape, published_rules
from transforms.attack.selftest import self_test
from transforms.attack.table import Figure, Mark, Prior, PublicTable, Ratio
from transforms.attack.table_attack import TableInterval, TableReport, audit_tables, compare_with_truth
from transforms.attack.table_csv import TableFile, read_table
from transforms.attack.table_hierarchy import read_hierarchy
from transforms.attack.worst_case import unrounded_cells

__all__ = [
    "AttackReport",
    "CellInterval",
    "Figure",
    "Mark",
    "Prior",
    "Proof",
    "PublicTable",
    "Ratio",
    "Shape",
    "TableFile",
    "TableInterval",
    "TableReport",
    "attack",
    "audit_tables",
    "cells_from_csv",
    "compare_with_truth",
    "forced_answers",
    "narrow_questions",
    "published_rules",
    "read_hierarchy",
    "read_table",
    "self_test",
    "unrounded_cells",
]

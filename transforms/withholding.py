"""What is withheld whole where no pattern protects it: a column, then its table, then the row variable."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from terms.hierarchy import TOTAL
from transforms.programs import Marks, Numbers
from transforms.relations import Column, Part, Relations


class Withholding:
    """The withheld columns of one component. Everything in them is hidden, zeros and the base too."""

    def __init__(self, relations: Relations, members: Numbers, undisplayed: Marks) -> None:
        local = {int(unknown): place for place, unknown in enumerate(members)}
        self._undisplayed = undisplayed
        self._columns: dict[Column, list[int]] = {
            column: [local[unknown] for unknown in unknowns]
            for column, unknowns in relations.columns.items()
            if unknowns[0] in local
        }
        self._withheld: set[Column] = set()
        self._relations, self._members = relations, members
        self.marks: Marks = np.zeros(len(members), dtype=bool)
        """The displayed unknowns of the withheld columns."""
        self.implied: Marks = np.zeros(len(members), dtype=bool)
        """Those among them that what is shown anyway fixes: zeros under a shown zero, the base where all answered.
        They add nothing to what is shown, so they need no protection."""

    def withhold_more(self, stuck: Collection[int]) -> bool:
        """Withhold the column with most of the ``stuck`` unknowns; if it is withheld, its table.

        False where neither helps: then everything is withheld, which is always safe.
        """
        crossed = {
            column: len(set(cells) & set(stuck)) for column, cells in self._columns.items() if column[1] != TOTAL
        }
        hit = [column for column, number in crossed.items() if number]
        fresh = sorted((column for column in hit if column not in self._withheld), key=lambda c: (-crossed[c], c))
        if fresh:
            return self._add(fresh[:1])
        for row_var, break_, _ in hit:
            table = [column for column in self._columns if column[:2] == (row_var, break_)]
            if not self._withheld.issuperset(table):
                return self._add(table)
        self.marks = ~self._undisplayed
        return False

    def _add(self, columns: Collection[Column]) -> bool:
        self._withheld.update(columns)
        for column in self._withheld:
            self.marks[self._columns[column]] = True
        self.marks &= ~self._undisplayed
        self.implied = self.marks & self._fixed()
        return True

    def _fixed(self) -> Marks:
        """Zeros that follow from shown zeros, and what they leave of a known total: the base where all answered."""
        relations = self._relations
        unseen = relations.of(Part.NOT_CHOSEN, Part.MENTIONS)
        for column in self._withheld:
            unseen[list(relations.columns[column])] = True
        fixed = (relations.counts == 0) & ~unseen
        settled = False
        while not settled:
            before = fixed.copy()
            for equation in relations.equations:
                if fixed[equation.total] and relations.counts[equation.total] == 0:
                    fixed[list(equation.parts)] = True
                left = [part for part in equation.parts if not fixed[part]]
                if relations.parts[equation.total] is Part.KNOWN and len(left) == 1:
                    fixed[left] = True
            settled = bool((fixed == before).all())
        return fixed[self._members]

"""The frozen plan: which level of each hierarchy a survey is published at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terms.hierarchy import ANSWERED, ANY, NO_ANSWER, TOTAL, Level
from terms.survey import Column, Kind, Survey
from terms.words import Text

RESERVED_LABELS = {
    TOTAL: Text(ja="全体", en="Total"),
    NO_ANSWER: Text(ja="無回答", en="No answer"),
}


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """One frozen choice of levels. A person's generalised tuple depends on her own record and this alone."""

    survey: str
    version: int
    levels: Mapping[str, int]
    """Quasi-identifier -> level of its hierarchy."""
    hierarchies_hash: str
    """SHA-256 of the hierarchies it was chosen from; a changed hierarchy needs a new version."""

    def level(self, column: Column) -> Level:
        """The level a quasi-identifier is published at."""
        assert column.hierarchy is not None
        return column.hierarchy.levels[self.levels[column.name]]

    def categories(self, survey: Survey, variable: str) -> dict[str, Text]:
        """Codes and labels of a variable as published, in codebook order, ``_NA`` last.

        For a quasi-identifier the groups of its level (empty for one generalised to ``*``), for a question
        its options.
        """
        column = survey.column(variable)
        if column.hierarchy is not None:
            groups = dict(self.level(column).labels)
            return {} if set(groups) == {ANY} else groups
        labels = {option.code: option.label for option in column.options}
        if not any(option.includes_no_answer for option in column.options) or column.kind is Kind.MULTIPLE:
            labels[NO_ANSWER] = RESERVED_LABELS[NO_ANSWER]
        return labels


__all__ = ["ANSWERED", "ANY", "NO_ANSWER", "RESERVED_LABELS", "TOTAL", "Codebook"]

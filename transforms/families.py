"""Group disclosure (R3): a question none of whose tables may say anything, because some group agrees too much."""

from __future__ import annotations

import polars as pl

from terms.hierarchy import ANSWERED, NO_ANSWER, TOTAL
from terms.survey import Kind, Role, Survey


def failing_questions(counts: pl.DataFrame, survey: Survey) -> dict[str, tuple[str, ...]]:
    """Questions that fail R3, each with the tables it fails in (for operators only).

    R3 (releases.md): for every published group g with ``n(g) > 0``, ``n(g) - max x(g, a) >= s`` over all answers,
    no answer included, and ``n_q(g) - max x(g, a) >= s`` over real answers where ``n_q(g) > 0``; an option of a
    multiple question is one-sided, ``chosen <= n_q(g) - (s + 1)``, unless both its sides are declared sensitive.
    A family fails as a whole: hiding the failing row alone would disclose it.
    """
    failing: dict[str, list[str]] = {}
    for (table, row_var), cells in counts.group_by("table", "row_var", maintain_order=True):
        if not survey.column(row_var).role.is_answer:
            continue
        groups = cells.partition_by("col", maintain_order=True)
        if any(_discloses(group, survey, row_var) for group in groups):
            failing.setdefault(row_var, []).append(table)
    return {question: tuple(tables) for question, tables in failing.items()}


def _discloses(group: pl.DataFrame, survey: Survey, question: str) -> bool:
    column = survey.column(question)
    bar = survey.policy.s_sensitive if column.role is Role.SENSITIVE else survey.policy.s
    people = dict(zip(group["row"].to_list(), group["respondents"].to_list(), strict=True))
    everyone, answered = people.pop(TOTAL), people.pop(ANSWERED)
    silent = people.pop(NO_ANSWER, 0)
    if everyone == 0:
        return False
    if everyone - silent < bar:
        return True
    if column.kind is Kind.MULTIPLE:
        if column.both_sides_sensitive:
            return answered > 0 and any(min(chosen, answered - chosen) < bar for chosen in people.values())
        return answered > 0 and any(chosen > answered - (bar + 1) for chosen in people.values())
    commonest = max(people.values())
    return everyone - commonest < bar or (answered > 0 and answered - commonest < bar)

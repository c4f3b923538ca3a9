"""Which two neighbouring groups of a break to merge, so that small cells come back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from terms.codebook import Codebook
from terms.hierarchy import NO_ANSWER, Hierarchy
from terms.survey import Survey
from transforms.families import failing_questions
from transforms.planning.outlook import Outlook, small_cells
from transforms.relations import Kinds

LEAST_GROUPS = 3
"""Groups of a break, no answer aside, of which two may be merged: of two merged there would be one left."""


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Two neighbouring groups of a break that become one."""

    variable: str
    groups: tuple[str, str]
    small_now: int
    """Small cells of the tables that the break is in."""
    small_then: int
    freed: tuple[str, ...]
    """Questions that would no longer fail the group-disclosure rule."""


def suggest_merges(
    counts: pl.DataFrame, kinds: Kinds, survey: Survey, codebook: Codebook, seen: Outlook
) -> list[Merge]:
    """All merges that bring something back, those that free most questions, then most small cells, first.

    Two groups may be merged where the hierarchy stays nested: they share their group at the next level. The level's own
    groups have to be declared anew; another level beside it would not be chosen, because the finer one holds. Counts of
    people are added up, nothing is searched anew: merging only makes classes larger. Small cells are counted, not the
    complementary ones that hiding them costs.
    """
    tried = [
        merge
        for variable in survey.breaks
        for merge in _merges_of(counts, kinds, survey, codebook, variable, seen.withheld)
        if merge.freed or merge.small_then < merge.small_now
    ]
    # A stable sort: equals stay in the order of breaks and groups.
    return sorted(tried, key=lambda merge: (-len(merge.freed), merge.small_then - merge.small_now))


def _merges_of(
    counts: pl.DataFrame, kinds: Kinds, survey: Survey, codebook: Codebook, variable: str, withheld: Collection[str]
) -> Iterator[Merge]:
    hierarchy = survey.column(variable).hierarchy
    if hierarchy is None:
        return
    tables = counts.filter((pl.col("row_var") == variable) | (pl.col("col_var") == variable))["table"].unique()
    mine = counts.filter(pl.col("table").is_in(tables.to_list()))
    failing = set(withheld) & set(mine["row_var"])
    now = small_cells(mine, kinds, survey.policy, withheld) if mine.height else 0
    for groups in neighbours(hierarchy, codebook.levels[variable]) if now or failing else ():
        merged = merge_groups(mine, variable, groups)
        whole = merge_groups(counts.filter(pl.col("row_var").is_in(sorted(failing))), variable, groups)
        yield Merge(
            variable=variable,
            groups=groups,
            small_now=now,
            small_then=small_cells(merged, kinds, survey.policy, withheld),
            freed=tuple(sorted(failing - set(failing_questions(whole, survey)))),
        )


def neighbours(hierarchy: Hierarchy, level: int) -> list[tuple[str, str]]:
    """Groups next to each other at a level, in codebook order, that share their group at the next one."""
    if level == hierarchy.height:
        return []
    here, above = hierarchy.levels[level], hierarchy.levels[level + 1]
    parent = {group: above.group_of[code] for code, group in here.group_of.items()}
    groups = [group for group in here.labels if group != NO_ANSWER and group in parent]
    if len(groups) < LEAST_GROUPS:
        return []
    return [(one, other) for one, other in pairwise(groups) if parent[one] == parent[other]]


def merge_groups(counts: pl.DataFrame, variable: str, groups: tuple[str, str]) -> pl.DataFrame:
    """The counts as they are where the second group is called the first.

    >>> counts = pl.DataFrame(
    ...     {
    ...         "table": ["q_by_age"] * 2,
    ...         "row_var": ["q"] * 2,
    ...         "row": ["yes"] * 2,
    ...         "col_var": ["age"] * 2,
    ...         "col": ["60s", "70s"],
    ...         "respondents": [7, 5],
    ...     }
    ... )
    >>> merge_groups(counts, "age", ("60s", "70s"))["col", "respondents"].rows()
    [('60s', 12)]
    """
    kept, gone = groups
    row = pl.when((pl.col("row_var") == variable) & (pl.col("row") == gone)).then(pl.lit(kept)).otherwise(pl.col("row"))
    col = pl.when((pl.col("col_var") == variable) & (pl.col("col") == gone)).then(pl.lit(kept)).otherwise(pl.col("col"))
    return (
        counts.with_columns(row=row, col=col)
        .group_by("table", "row_var", "row", "col_var", "col", maintain_order=True)
        .agg(pl.col("respondents").sum())
    )

"""What the tables would look like under a plan, as far as counts alone say: no secondary suppression is tried."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from terms.hierarchy import TOTAL
from terms.policy import Policy
from terms.survey import Survey
from transforms.families import failing_questions
from transforms.primary import primary_cells
from transforms.relations import Kinds, relate


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Of one plan. True counts: for an operator's terminal only."""

    cells: int
    small: int
    """Cells of people, but fewer than k (R2), in the tables of questions that are not withheld."""
    withheld: Mapping[str, tuple[str, ...]]
    """Question that fails the group-disclosure rule (R3) -> the tables it fails in."""
    groups: Mapping[str, int]
    """Break -> people in its smallest group."""


def outlook(counts: pl.DataFrame, kinds: Kinds, survey: Survey) -> Outlook:
    """From the exact counts of all tables."""
    withheld = failing_questions(counts, survey)
    groups = counts.filter((pl.col("row") == TOTAL) & (pl.col("col") != TOTAL) & (pl.col("respondents") > 0))
    smallest = groups.group_by("col_var", maintain_order=True).agg(pl.col("respondents").min())
    return Outlook(
        cells=counts.height,
        small=small_cells(counts, kinds, survey.policy, withheld),
        withheld=withheld,
        groups=dict(smallest.iter_rows()),
    )


def small_cells(counts: pl.DataFrame, kinds: Kinds, policy: Policy, withheld: Collection[str]) -> int:
    """Cells that are hidden for being small (R2); of questions that are withheld whole none is counted."""
    relations = relate(counts.filter(~pl.col("row_var").is_in(sorted(withheld))), kinds)
    return int(primary_cells(relations, policy)[relations.lines].sum())

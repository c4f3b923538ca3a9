"""From exact counts to counts that say what may be shown: the one entry to primary and secondary suppression."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from terms.hierarchy import TOTAL
from terms.policy import Policy
from transforms.primary import check_groups, left_over, primary_cells
from transforms.relations import Kinds, relate
from transforms.secondary import Progress, suppress

SHOWN, HIDDEN = "shown", "hidden"
PRIMARY, SECONDARY, WITHHELD = "primary", "secondary", "withheld"


def protect(
    counts: pl.DataFrame,
    kinds: Kinds,
    policy: Policy,
    withheld_questions: Collection[str] = frozenset(),
    progress: Progress | None = None,
) -> pl.DataFrame:
    """The counts with ``status`` (``shown``, ``hidden``) and ``reason`` (operators only), in the same order.

    ``reason`` is empty where shown, else ``primary``, ``secondary`` or ``withheld``. A cell has one status in all
    tables; of ``withheld_questions`` nothing is shown but how many people each column holds. Every hidden cell keeps a
    feasibility interval of ``policy.interval_width`` people given all that is shown. Depends on the counts alone: not
    on the order of lines, the machine or its load. Raises :class:`Refused` ``group_below_k``, :class:`Fault`
    ``tables_do_not_add_up``, ``row_variable_without_kind`` and ``solver_failed``.
    """
    check_groups(counts, policy)
    # A question that says nothing anywhere tells nothing about the others either.
    told = ~pl.col("row_var").is_in(sorted(withheld_questions))
    relations = relate(counts.filter(told), kinds)
    primary, free = primary_cells(relations, policy), left_over(relations, policy)
    pattern = suppress(relations, primary, free, policy.interval_width, progress)
    reason = np.full(len(relations.keys), "", dtype=object)
    reason[pattern.hidden] = SECONDARY
    reason[pattern.hidden & primary] = PRIMARY
    reason[pattern.withheld | free] = WITHHELD
    reasons = iter(reason[relations.lines].tolist())
    kept = counts.select(told=told)["told"].to_list()
    silent = [WITHHELD if row != TOTAL else "" for row in counts["row"].to_list()]
    lines = pl.Series(
        "reason", [next(reasons) if one else other for one, other in zip(kept, silent, strict=True)], dtype=pl.String
    )
    status = pl.when(pl.col("reason") == "").then(pl.lit(SHOWN)).otherwise(pl.lit(HIDDEN))
    return counts.with_columns(lines).with_columns(status=status).select(*counts.columns, "status", "reason")

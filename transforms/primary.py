"""Primary suppression: which groups and cells stand for too few people (R1, R2)."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from terms.findings import Finding, Refused
from terms.hierarchy import TOTAL
from terms.policy import NoAnswer, Policy
from transforms.relations import Part, Relations


def check_groups(counts: pl.DataFrame, policy: Policy) -> None:
    """R1: nobody, or at least k people, in every group that a table is broken down by, and in all.

    Raises :class:`Refused` with one ``group_below_k`` a table that breaks it; which group it is stays unsaid.

    >>> groups = pl.DataFrame(
    ...     {
    ...         "table": ["q_by_age", "q_by_age"],
    ...         "row": ["_T", "_T"],
    ...         "col_var": ["age", "age"],
    ...         "respondents": [12, 9],
    ...     }
    ... )
    >>> check_groups(groups, Policy(k=10))
    Traceback (most recent call last):
    terms.findings.Refused: tables.q_by_age: group_below_k
    """
    few = (pl.col("respondents") > 0) & (pl.col("respondents") < policy.k)
    broken = counts.filter((pl.col("row") == TOTAL) & few).select("table", "col_var").unique().sort("table", "col_var")
    if broken.height:
        raise Refused(
            *(
                Finding(place=f"tables.{table}", rule="group_below_k", facts={"break": break_, "k": policy.k})
                for table, break_ in broken.iter_rows()
            )
        )


def primary_cells(relations: Relations, policy: Policy) -> NDArray[np.bool_]:
    """R2: marks every unknown that stands for someone, but for fewer than k people.

    Those who did not choose an option count too, though no table shows them. Where no answer is what is left over
    (:attr:`NoAnswer.RESIDUAL`) it is not marked.
    """
    exempt = relations.of(Part.KNOWN, Part.MENTIONS) | left_over(relations, policy)
    return (relations.counts > 0) & (relations.counts < policy.k) & ~exempt


def left_over(relations: Relations, policy: Policy) -> NDArray[np.bool_]:
    """Marks the unknowns that are never shown and need no protection of their own."""
    if policy.no_answer is NoAnswer.RESIDUAL:
        return relations.of(Part.NO_ANSWER)
    return np.zeros(len(relations.keys), dtype=bool)

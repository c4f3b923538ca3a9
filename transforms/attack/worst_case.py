"""The release as an attacker would have it if rounding protected nothing."""

from __future__ import annotations

import polars as pl

from terms.hierarchy import ANSWERED, TOTAL
from transforms.attack.release import COLUMNS


def unrounded_cells(counts: pl.DataFrame) -> pl.DataFrame:
    """The true counts of the cells that are shown, in the form of a published frame (attack it with rounding 1).

    ``counts``: ``table, row_var, row, col_var, col, respondents, status``, one line a cell, with the answering
    base in rows ``_ANS``. What is hidden loses its number here, before anything is concluded.

    >>> counts = {"table": "q1", "row_var": "q1", "row": ["a", "b", "_ANS"], "col_var": "_T", "col": "_T"}
    >>> figures = {"respondents": [31, 4, 35], "status": ["shown", "hidden", "shown"]}
    >>> unrounded_cells(pl.DataFrame(counts | figures)).select("row", "measure", "value").rows()
    [('a', 'respondents', 31), ('b', 'respondents', None), ('_T', 'base', 35)]
    """
    is_base = pl.col("row") == ANSWERED
    return counts.select(
        "table",
        "row_var",
        pl.when(is_base).then(pl.lit(TOTAL)).otherwise(pl.col("row")).alias("row"),
        "col_var",
        "col",
        measure=pl.when(is_base).then(pl.lit("base")).otherwise(pl.lit("respondents")),
        value=pl.when(pl.col("status") == "shown").then(pl.col("respondents").cast(pl.Int64)),
        status="status",
    ).select(list(COLUMNS))

"""What each cell is made of: who contributes to it, how many they are, and the largest contributions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from terms.findings import refuse
from transforms.programs import Marks, Numbers
from transforms.suppression.figures import LARGEST, whole_figures
from transforms.suppression.tables import Layout


@dataclass(frozen=True, kw_only=True)
class Contributions:
    """The contributions to every unknown, in one unit: the smallest of the published figure.

    A *contributor* is a holding, household or company where ``unit`` names one, else a row. With weights ``total`` is
    the weighted total, and every contribution is the contributor's own unweighted sum over the rows in the sample:
    what a competitor knows of itself is what it answered, not what it stands for.
    """

    people: Numbers
    """Rows, unweighted."""
    contributors: Numbers
    total: Numbers
    """The figure published."""
    largest: Numbers
    """Cells x depth. First the *subject*: the largest contribution of somebody who has not agreed to be seen
    (no waiver); then the largest others, agreed or not, falling; 0 where there is none."""
    agreed: Marks
    """Everybody in the cell has agreed to be seen."""
    alone: Numbers
    """The number of the only contributor, -1 where there is none or more than one."""


def gather(
    layout: Layout,
    rows: pl.DataFrame,
    value: str | None = None,
    *,
    unit: str | None = None,
    weight: str | None = None,
    weight_scale: int = 1,
    waiver: str | None = None,
    depth: int = 4,
) -> Contributions:
    """Contributions of rows of finest codes; without ``value`` everybody contributes one.

    ``weight``: whole numbers of 1/``weight_scale``; figures then are in 1/``weight_scale`` of the value's unit.
    ``waiver``: true where a row's contributor has agreed; who agrees in some rows only has not agreed.
    Raises :class:`Refused`: ``unit_missing``, and as :func:`whole_figures` and :meth:`Layout.visits` do; negative
    contributions are refused (``figures_negative``), because no rule here means anything for them.
    """
    kept = _kept(rows, value, unit, weight, weight_scale, waiver)
    found = Contributions(
        people=np.zeros(layout.cells, dtype=np.int64),
        contributors=np.zeros(layout.cells, dtype=np.int64),
        total=np.zeros(layout.cells, dtype=np.int64),
        largest=np.zeros((layout.cells, depth), dtype=np.int64),
        agreed=np.zeros(layout.cells, dtype=bool),
        alone=np.full(layout.cells, -1, dtype=np.int64),
    )
    for unknowns in layout.visits(rows):
        _add(found, kept.with_columns(cell=pl.Series(unknowns)).filter(pl.col("cell") >= 0))
    return found


def _kept(
    rows: pl.DataFrame, value: str | None, unit: str | None, weight: str | None, scale: int, waiver: str | None
) -> pl.DataFrame:
    for named in (unit, waiver):
        if named is not None and (named not in rows.columns or rows[named].null_count()):
            raise refuse("rows", "unit_missing", column=named)
    own = whole_figures(rows, value, "rows") if value else np.ones(rows.height, dtype=np.int64)
    times = whole_figures(rows, weight, "rows") if weight else np.full(rows.height, scale, dtype=np.int64)
    # In Python's whole numbers first: the product is what could overflow.
    if sum(a * b for a, b in zip(own.tolist(), times.tolist(), strict=True)) > LARGEST:
        raise refuse("rows", "figures_too_large", column=value or weight or "")
    numbers = rows[unit].rank("dense").cast(pl.Int64) - 1 if unit else pl.Series(range(rows.height), dtype=pl.Int64)
    agreed = rows[waiver] if waiver else pl.Series([False], dtype=pl.Boolean).new_from_index(0, rows.height)
    return pl.DataFrame({"own": own * scale, "figure": own * times, "unit": numbers, "agreed": agreed})


def _add(found: Contributions, rows: pl.DataFrame) -> None:
    """Fill in the cells of one visit."""
    sums = rows.group_by("cell", "unit").agg(
        pl.col("own").sum(), pl.col("figure").sum(), pl.col("agreed").all(), people=pl.len()
    )
    # The subject first, then falling; whoever has the same contribution as another may stand for the other.
    sums = sums.sort("cell", "agreed", "own", "unit", descending=[False, False, True, False])
    first = pl.int_range(pl.len()).over("cell") == 0
    sums = sums.with_columns(subject=first & ~pl.col("agreed"))
    sums = sums.sort("cell", "subject", "own", "unit", descending=[False, True, True, False])
    sums = sums.with_columns(place=pl.int_range(pl.len()).over("cell"))
    cells = sums.group_by("cell", maintain_order=True).agg(
        pl.col("people").sum(), pl.col("figure").sum(), pl.col("agreed").all(), pl.col("unit").first(), units=pl.len()
    )
    at = cells["cell"].to_numpy()
    found.people[at] = cells["people"].to_numpy()
    found.contributors[at] = cells["units"].to_numpy()
    found.total[at] = cells["figure"].to_numpy()
    found.agreed[at] = cells["agreed"].to_numpy()
    found.alone[at] = np.where(cells["units"].to_numpy() == 1, cells["unit"].to_numpy(), -1)
    top = sums.filter(pl.col("place") < found.largest.shape[1])
    found.largest[top["cell"].to_numpy(), top["place"].to_numpy()] = top["own"].to_numpy()

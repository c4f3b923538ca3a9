"""The audit on suppression patterns of other software (``tabular_cases/own_tables``, explained in its README)."""

import itertools
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from terms.policy import Policy
from transforms.intervals import Worlds
from transforms.programs import System
from transforms.protect import protect

pytestmark = pytest.mark.real

TABLES = Path(os.environ.get("SHOJI_DATA", "")) / "tabular_cases" / "own_tables"


def totals(cells: pl.DataFrame, dimensions: list[str]) -> System:
    """Every total of a cube and its parts, along each dimension."""
    place = {key: number for number, key in enumerate(cells.select(dimensions).iter_rows())}
    codes = [cells[dimension].unique(maintain_order=True).to_list() for dimension in dimensions]
    start, index, value = [0], [], []
    for axis in range(len(dimensions)):
        others = [codes[other] if other != axis else ["Total"] for other in range(len(dimensions))]
        for total in itertools.product(*others):
            parts = [(*total[:axis], code, *total[axis + 1 :]) for code in codes[axis] if code != "Total"]
            index += [place[total], *(place[part] for part in parts)]
            value += [-1, *([1] * len(parts))]
            start.append(len(index))
    return System(np.array(start), np.array(index), np.array(value), len(place))


def exactly_recoverable(table: str, method: str) -> list[int]:
    """Primary cells that a reader of the pattern can work out, who knows that no cell is negative."""
    cells = pl.read_csv(TABLES / f"{table}.csv")
    dimensions = [column for column in cells.columns if column.startswith("d")]
    pattern = cells.join(
        pl.read_csv(TABLES / f"result_{table}_{method}.csv"), on=dimensions, how="left", maintain_order="left"
    )
    counts = cells["freq"].to_numpy().astype(np.int64)
    hidden = pattern["sdcStatus"].is_in(["u", "x"]).to_numpy()
    worlds = Worlds(totals(cells, dimensions), floor=-counts, ceiling=counts.max() - counts, width=1)
    assert worlds.system.holds(counts)
    return worlds.narrow(np.flatnonzero(cells["primary"].to_numpy()), hidden)


PATTERNS = [
    *(("t2d_30x20", method) for method in ("GAUSS", "GS", "HITAS", "HYPERCUBE", "OPT")),
    *(("t2d_30x20", method) for method in ("SIMPLEHEURISTIC", "SIMPLEHEURISTIC_OLD")),
    *(("t3d_6x6x6", method) for method in ("GAUSS", "GS", "HYPERCUBE", "SIMPLEHEURISTIC", "SIMPLEHEURISTIC_OLD")),
    *(("t3d_10x10x10", method) for method in ("GAUSS", "GS", "SIMPLEHEURISTIC")),
]


@pytest.mark.parametrize(("table", "method"), PATTERNS)
def test_a_pattern_that_is_safe_passes_the_audit(table, method):
    assert exactly_recoverable(table, method) == []


def test_the_one_recoverable_cell_of_the_old_heuristic_is_found():
    assert len(exactly_recoverable("t3d_10x10x10", "SIMPLEHEURISTIC_OLD")) == 1


def test_our_pattern_of_a_two_way_table_hides_no_more_than_the_peers():
    cells = pl.read_csv(TABLES / "t2d_30x20.csv")
    code = {name: pl.col(name).replace("Total", "_T") for name in ("d1", "d2")}
    counts = cells.select(
        table=pl.lit("t"), row_var=pl.lit("d1"), row=code["d1"], col_var=pl.lit("d2"), col=code["d2"],
        respondents=pl.col("freq").cast(pl.Int64),
    )  # fmt: skip
    protected = protect(counts, {"d1": "quasi_identifier"}, Policy(k=5, width=1, rounding=1))
    assert (protected["reason"] == "primary").to_list() == (cells["primary"] == 1).to_list()
    # The peers, asked for one person up and one down: 5 (optimal with their bounds) to 19 secondary cells.
    assert (protected["reason"] == "secondary").sum() <= 6

"""Our two- and three-way tables: the peers' patterns under the new audit, and what we hide instead."""

from __future__ import annotations

import polars as pl
import pytest

from tests.real.peers import CASES, crossed, marks, one_more_or_less, secondary, unmet
from transforms.suppression.elimination import determined, hidden_by_elimination
from transforms.suppression.engine import protect_cells
from transforms.suppression.hierarchies import Variable
from transforms.suppression.levels import problem_of

pytestmark = pytest.mark.real

FOLDER = CASES / "own_tables"
UNSAFE = "result_t3d_10x10x10_SIMPLEHEURISTIC_OLD"
PATTERNS = sorted(file.stem for file in FOLDER.glob("result_*.csv"))


def read(name: str):
    cells = pl.read_csv(FOLDER / f"{name}.csv")
    dimensions = [column for column in cells.columns if column.startswith("d")]
    codes = {one: [code for code in cells[one].unique(maintain_order=True) if code != "Total"] for one in dimensions}
    layout = crossed(*(Variable.flat(one, codes[one], "Total") for one in dimensions))
    primary = marks(layout, cells, cells["primary"] == 1)
    return layout, problem_of(layout, layout.figures({"table": cells}, "freq"), one_more_or_less(primary))


def test_all_sixteen_patterns_are_there():
    assert len(PATTERNS) == 16 and UNSAFE in PATTERNS


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_audit_clears_the_safe_patterns_and_finds_the_one_that_is_not(pattern):
    layout, problem = read("_".join(pattern.split("_")[1:3]))
    cells = pl.read_csv(FOLDER / f"{pattern}.csv")
    hidden = marks(layout, cells, cells["sdcStatus"].is_in(["u", "x"]))
    assert hidden[problem.primary].all()
    assert len(unmet(problem, hidden)) == (pattern == UNSAFE)


@pytest.mark.parametrize(
    ("table", "ours", "eliminated"),
    [
        pytest.param("t2d_30x20", 3, 6, id="two_ways"),
        pytest.param("t2d_60x40", 3, 5, id="two_ways_of_2501"),
        pytest.param("t3d_6x6x6", 22, 32, id="three_ways"),
    ],
)
def test_we_hide_no_more_than_the_best_so_far(table, ours, eliminated):
    _, problem = read(table)
    start = hidden_by_elimination(problem)
    assert not determined(problem.system, start)[problem.primary].any()
    assert secondary(problem, start) <= eliminated
    pattern = protect_cells(problem, method="guided", start=start)
    assert unmet(problem, pattern.hidden) == []
    assert secondary(problem, pattern.hidden) <= ours


def test_elimination_of_a_cube_hides_no_more_than_the_peers_does():
    _, problem = read("t3d_10x10x10")
    start = hidden_by_elimination(problem)
    assert not determined(problem.system, start)[problem.primary].any()
    assert secondary(problem, start) <= 74

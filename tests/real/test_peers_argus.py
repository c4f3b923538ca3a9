"""tau-ARGUS: its microdata give its tables and its primary cells, and our patterns cost no more than its own."""

from __future__ import annotations

import gzip

import polars as pl
import pytest

from tests.real.peers import CASES, crossed, leading, marks, one_more_or_less, secondary, unmet
from transforms.suppression.contributions import gather
from transforms.suppression.engine import protect_cells
from transforms.suppression.figures import in_smallest_units
from transforms.suppression.hierarchies import Tree, Variable
from transforms.suppression.levels import problem_of
from transforms.suppression.rules import levels, p_percent
from transforms.suppression.singletons import insiders, protect_from_insiders
from transforms.suppression.tables import Layout

pytestmark = pytest.mark.real

FOLDER = CASES / "checkTauArgus"
WORK = 100_000_000


def fixed_width(text: str, fields: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """Columns from (first character, length), as tau-ARGUS counts: from one."""
    lines = text.splitlines()
    return pl.DataFrame(
        {name: [line[at - 1 : at - 1 + size].strip() for line in lines] for name, (at, size) in fields.items()}
    )


def output(file: str, first: str, second: str) -> pl.DataFrame:
    """A safe table as tau-ARGUS wrote it: codes, figure and status."""
    found = pl.read_csv(
        FOLDER / file, has_header=False, infer_schema=False, new_columns=[first, second, "figure", "status"]
    )
    return found.with_columns(pl.col(first, second).str.strip_chars(), figure=pl.col("figure").replace("-", "0"))


SIMPLE = "Simple2D_Expected_Output/Simple2D.txt"


def simple() -> tuple[Layout, pl.DataFrame, pl.DataFrame]:
    text = gzip.decompress((FOLDER / "Simple2D_InputData/tau_testW.asc.gz").read_bytes()).decode()
    rows = fixed_width(text, {"Size": (9, 2), "Region": (12, 2), "Var2": (28, 10)})
    expected = output(SIMPLE, "Size", "Region")
    region = leading("Region", FOLDER / "Simple2D_InputData/region2.hrc").trees[0]
    # The missing code has a line of its own.
    region = Variable(name="Region", trees=(Tree(name="file", links=(*region.links, ("99", "Total"))),))
    sizes = [code for code in expected["Size"].unique(maintain_order=True) if code != "Total"]
    layout = crossed(Variable.flat("Size", sizes, "Total"), region)
    return layout, rows.with_columns(in_smallest_units(rows["Var2"], 2, "rows")), expected


def test_simple_2d_has_the_same_figures_and_primary_cells_and_fewer_secondary_ones():
    layout, rows, expected = simple()
    contributions = gather(layout, rows, "Var2")
    printed = layout.tables[0].lines().join(expected, on=["Size", "Region"], how="left", maintain_order="left")
    theirs = in_smallest_units(printed["figure"], 2, "expected").to_numpy()
    assert layout.cells == 162
    assert (contributions.total[layout.lines["table"]] == theirs).all()
    level = levels([p_percent(15)], contributions)
    assert ((level > 0) == marks(layout, expected, expected["status"] == "3")).all()
    assert (level > 0).sum() == 9
    problem = problem_of(layout, contributions.total, level)
    peer = marks(layout, expected, expected["status"].is_in(["3", "11"]))
    assert (secondary(problem, peer), unmet(problem, peer)) == (12, [])
    ours = protect_cells(problem, work=WORK)
    assert unmet(problem, ours.hidden) == []
    assert secondary(problem, ours.hidden) == 4 and ours.proven
    assert unmet(problem, problem.primary) != []


def test_simple_2d_with_singletons_and_minimum_frequency_still_hides_fewer():
    """As tau-ARGUS was asked to; its own pattern leaves two contributors who can work out another's figure."""
    layout, rows, expected = simple()
    of = gather(layout, rows, "Var2")
    # People who contributed nothing are there: their noughts are no empty cells, and may be hidden.
    problem = problem_of(layout, of.total, levels([p_percent(15)], of), zeros=of.people > 0)
    peer = marks(layout, expected, expected["status"].is_in(["3", "11"]))
    assert len(insiders(problem, peer, of.alone)) == 2
    hidden = protect_from_insiders(problem, of.alone, people=of.people, least=3)
    assert unmet(problem, hidden) == [] and insiders(problem, hidden, of.alone) == []
    assert secondary(problem, hidden) <= 12


BATCH = FOLDER / "Batch/ex1"
STATUS = "ssssxussssxxsss"
"""The expected statuses, as the README of the cases gives them."""


def test_the_batch_example_costs_no_more():
    cells = pl.read_csv(
        BATCH / "tabdata_ex1.tab", has_header=False, infer_schema=False,
        new_columns=["region", "gender", "freq", "status", "lower", "upper"],
    ).with_columns(pl.all().str.strip_chars())  # fmt: skip
    layout = crossed(leading("region", BATCH / "hier_region_ex1.hrc"), leading("gender", BATCH / "hier_gender_ex1.hrc"))
    values = layout.figures({"table": cells.with_columns(pl.col("freq").cast(pl.Int64))}, "freq")
    primary = marks(layout, cells, cells["status"] == "U")
    peer = marks(layout, cells, pl.Series([status != "s" for status in STATUS]))
    problem = problem_of(layout, values, one_more_or_less(primary), cost=values)
    ours = protect_cells(problem)
    assert ours.proven and unmet(problem, ours.hidden) == [] and unmet(problem, peer) == []
    assert ours.cost <= int(problem.cost[peer & ~primary].sum())


ENTERPRISE = {
    "unit": (1, 9),
    "act": (10, 2),
    "product": (12, 2),
    "region": (14, 2),
    "mun": (16, 3),
    "turnover": (19, 8),
}
HIERARCHIES = {"act": "nace_divisions.hrc", "region": "KohStatReg.hrc"}


def _enterprise(name: str, expected: pl.DataFrame) -> Variable:
    if name not in HIERARCHIES:
        return Variable.flat(name, sorted(set(expected[name]) - {"Total"}), "Total")
    variable = leading(name, FOLDER / "TEST/TEST" / HIERARCHIES[name])
    # The missing code has a line of its own.
    missing = [("00", "Total")] if "00" in set(expected[name]) else []
    return Variable(name=name, trees=(Tree(name="file", links=(*variable.trees[0].links, *missing)),))


@pytest.mark.parametrize(
    ("file", "first", "second", "primary"),
    [
        pytest.param("test_1.txt", "act", "product", 283, id="test_1"),
        pytest.param("test_2a.txt", "act", "product", 283, id="test_2a"),
        pytest.param("test_2b.txt", "act", "region", 339, id="test_2b"),
        pytest.param("test_3b.txt", "region", "product", 17, id="test_3b"),
    ],
)
def test_the_holdings_of_the_enterprise_tables_break_the_same_rule(file, first, second, primary):
    rows = fixed_width((FOLDER / "TEST/TEST/example_enterprise.asc").read_text(), ENTERPRISE)
    rows = rows.with_columns(in_smallest_units(rows["turnover"], 2, "rows"))
    expected = output(f"OUTPUT/OUTPUT/{file}", first, second)
    layout = crossed(*(_enterprise(name, expected) for name in (first, second)))
    theirs = marks(layout, expected, expected["status"] == "3")
    # Missing codes were taken to be safe there.
    judged = ~marks(layout, expected, expected[first] == "00")
    by_holding = (levels([p_percent(10)], gather(layout, rows, "turnover", unit="unit")) > 0) & judged
    assert int(by_holding[layout.lines["table"]].sum()) == primary
    assert (by_holding == theirs).all()
    # The control: without holdings other cells break the rule.
    by_row = levels([p_percent(10)], gather(layout, rows, "turnover")) > 0
    assert (by_row & judged).sum() < theirs.sum()

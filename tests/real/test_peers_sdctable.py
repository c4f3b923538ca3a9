"""sdcTable: its patterns, attacker's intervals, linked tables, singletons and primary rules."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from terms.findings import Refused
from tests.real.peers import CASES, crossed, marks, nested, one_more_or_less, secondary, unmet
from transforms.suppression.audit import Audit
from transforms.suppression.contributions import gather
from transforms.suppression.engine import protect_cells
from transforms.suppression.hierarchies import Cut, Variable
from transforms.suppression.levels import problem_of
from transforms.suppression.linked import lay_out
from transforms.suppression.rules import Dominance, MinimumFrequency, PriorPosterior, levels, p_percent
from transforms.suppression.singletons import protect_from_insiders
from transforms.suppression.solver import Work
from transforms.suppression.tables import Table

pytestmark = pytest.mark.real

FOLDER = CASES / "sdcTable"
FACTS = json.loads((FOLDER / "testsuite_expectations.json").read_text()) if FOLDER.is_dir() else {}


def four_by_four():
    cells = pl.read_csv(FOLDER / "expected_4x4_w_b_OPT.csv")
    variables = [
        Variable.flat(name, [code for code in cells[name].unique(maintain_order=True) if code != "tot"], "tot")
        for name in ("v1", "v2")
    ]
    layout = crossed(*variables)
    values = layout.figures({"table": cells}, "Freq")
    primary = marks(layout, cells, cells["sdcStatus"] == "u")
    (at,) = np.flatnonzero(marks(layout, cells, (cells["v1"] == "w") & (cells["v2"] == "b")))
    # What sdcTable asks: no cell exactly known.
    return layout, cells, problem_of(layout, values, one_more_or_less(primary)), int(at)


def test_the_hidden_exact_disclosure_is_found_and_mended_with_one_cell():
    _, _, problem, at = four_by_four()
    audit = Audit(problem, Work(10**9))
    assert audit.interval(at, problem.primary) == (47, 47)
    assert audit.unmet(problem.primary) == [at]
    ours = protect_cells(problem)
    assert (secondary(problem, ours.hidden), unmet(problem, ours.hidden), ours.proven) == (1, [], True)


@pytest.mark.parametrize("method", ["OPT", "HITAS", "GAUSS"])
def test_the_attackers_intervals_are_the_peers(method):
    layout, _, problem, at = four_by_four()
    cells = pl.read_csv(FOLDER / f"expected_4x4_w_b_{method}.csv")
    hidden = marks(layout, cells, cells["sdcStatus"].is_in(["u", "x"]))
    assert unmet(problem, hidden) == []
    audit = Audit(problem, Work(10**9))
    attack = pl.read_csv(FOLDER / f"attack_4x4_{method}.csv")
    ours = []
    for number in attack["id"]:
        one = marks(layout, cells, pl.Series(np.arange(len(cells)) == number - 1))
        ours.append(audit.interval(int(np.flatnonzero(one)[0]), hidden))
    assert ours == list(zip(attack["low"], attack["up"], strict=True))
    assert audit.interval(at, hidden) == ((0, 78) if method != "GAUSS" else (0, 116))


def test_a_table_with_one_primary_cell_needs_three_more():
    rows = pl.read_csv(FOLDER / "microdata1.csv")
    layout = crossed(
        nested("region", rows, ("region",), total="total"), nested("gender", rows, ("gender",), total="total")
    )
    expected = pl.read_csv(FOLDER / "expected_microdata1_Afemale_OPT.csv")
    of = gather(layout, rows, "val")
    primary = levels([MinimumFrequency(least=3)], of)
    assert ((primary > 0) == marks(layout, expected, expected["sdcStatus"] == "u")).all()
    problem = problem_of(layout, of.people, one_more_or_less(primary > 0))
    ours = protect_cells(problem)
    assert (secondary(problem, ours.hidden), ours.proven) == (3, True)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(MinimumFrequency(least=3), [6], id="frequency_2"),
        pytest.param(Dominance(n=2, k=75), [6, 14], id="nk_2_75"),
        pytest.param(p_percent(70), [6, 14], id="p_70"),
        pytest.param(PriorPosterior(p=60, q=80), [6, 14], id="pq_60_80"),
    ],
)
def test_the_primary_cells_of_each_rule_are_the_peers(rule, expected):
    rows = pl.read_csv(FOLDER / "microdata1.csv")
    regions = Variable.flat("region", "ABCD", "total")
    layout = crossed(regions, Variable.flat("gender", ["male", "female"], "total"))
    level = levels([rule], gather(layout, rows, "val"))
    assert (np.flatnonzero(level[layout.lines["table"]] > 0) + 1).tolist() == expected


def test_negative_contributions_are_refused():
    rows = pl.read_csv(FOLDER / "microdata1.csv").with_columns(val=-pl.col("val"))
    layout = crossed(nested("region", rows, ("region",)))
    with pytest.raises(Refused, match="figures_negative"):
        gather(layout, rows, "val")


def test_linked_tables_need_the_cell_that_each_alone_does_not():
    micro = FACTS["linked_county_size"]
    rows = pl.DataFrame(micro["micro"], schema=micro["columns"], orient="row")
    region = nested("region", rows, ("county", "region"), ("size_group", "region"))
    both = [Cut(variable=region, trees=(tree.name,)) for tree in region.trees]
    tables = [Table(name=str(number), cuts=(cut,)) for number, cut in enumerate(both)]
    needed = []
    for some in ([tables[0]], [tables[1]], tables):
        layout = lay_out(some)
        values = layout.totals(rows, "n")
        problem = problem_of(layout, values, one_more_or_less((values > 0) & (values <= 3)))
        ours = protect_cells(problem)
        assert ours.proven and problem.primary.sum() == micro["primary_per_table"]
        needed.append(secondary(problem, ours.hidden))
    assert needed == [*micro["secondary_when_protected_separately"], 1]


@pytest.mark.parametrize(
    ("alone", "least", "expected"),
    [
        pytest.param(False, 0, 0, id="no_detection"),
        pytest.param(True, 0, 1, id="singletons"),
        pytest.param(False, 3, 1, id="threshold_3"),
    ],
)
def test_the_singletons_of_a_line(alone, least, expected):
    facts = FACTS["singleton_1d"]
    layout = crossed(Variable.flat("v", facts["levels"]))
    of = gather(layout, pl.DataFrame({"v": facts["micro"]}))
    problem = problem_of(layout, of.total, one_more_or_less((of.people > 0) & (of.people <= 1)))
    hidden = protect_from_insiders(problem, of.alone if alone else np.full(layout.cells, -1), least=least)
    assert secondary(problem, hidden) == expected
    assert unmet(problem, hidden) == []

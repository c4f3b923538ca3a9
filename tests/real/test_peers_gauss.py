"""The patterns of GaussSuppression: at the same rules we hide no more, and nothing that is hidden can be worked out."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from tests.real.peers import CASES, crossed, marks, nested, one_more_or_less, unmet
from transforms.suppression.elimination import determined, hidden_by_elimination
from transforms.suppression.engine import protect_cells
from transforms.suppression.figures import in_smallest_units
from transforms.suppression.hierarchies import Cut
from transforms.suppression.levels import Protection, problem_of
from transforms.suppression.linked import lay_out
from transforms.suppression.tables import Layout, Table
from transforms.suppression.virtual import group_disclosure

pytestmark = pytest.mark.real

FOLDER = CASES / "gausssuppression"
WORK = 30_000_000
GROUPS = {"d2_kdisclosure": 2, "mun_accidents_kdisc0": 1, "mun_accidents_kdisc1": 2}
"""Cases of group disclosure -> how many must be able to lie outside."""

MORE = {"mun_accidents_kdisc1": 1}
"""Cases whose expected pattern fails the audit -> the cells that a safe one hides beside as many."""


def read(name: str) -> pl.DataFrame:
    return pl.read_csv(FOLDER / name, infer_schema=False)


def layout_of(case: str, rows: pl.DataFrame) -> Layout:
    if case.startswith("z1"):
        return crossed(nested("region", rows, ("region",)), nested("hovedint", rows, ("hovedint",)))
    if case.startswith(("z2", "z3")):
        region = nested("region", rows, ("fylke", "region"), ("kostragr", "region"))
        more = [nested("mnd", rows, ("mnd2", "mnd"))] if case.startswith("z3") else []
        return crossed(region, nested("hovedint", rows, ("hovedint",)), *more)
    if case.startswith("d2"):
        trees = [("county", "region")] + ([("k_group", "region")] if case == "d2_small" else [])
        return crossed(nested("region", rows, *trees), nested("main_income", rows, ("main_income",)))
    if case.startswith("mun"):
        return crossed(nested("mun", rows, ("mun",)), nested("inj", rows, ("inj",)))
    if case == "linked_county_size":
        return crossed(nested("region", rows, ("county", "region"), ("group", "region")))
    if case == "my_km2_linked_formula":
        square = nested("Square250m", rows, ("Square1000m", "Square250m"))
        place = nested("Municipality", rows, ("Municipality",))
        who = [nested(name, rows, (name,)) for name in ("Sex", "Age")]
        coarse = (Cut(variable=place), Cut(variable=square, depth=1))
        tables = [Table(name=one.name, cuts=(Cut(variable=one), *coarse)) for one in who]
        return lay_out([*tables, Table(name="squares", cuts=(Cut(variable=square),))])
    sector = nested("sector4", rows, ("sector2", "sector4"), ("sector4",))
    geo = nested("geo", rows, ("eu", "geo"), ("geo",))
    if case == "magnitude1_few2":
        return crossed(sector, geo)
    fine = Table(name="fine", cuts=(Cut(variable=sector, trees=("sector4",)), Cut(variable=geo, trees=("geo",))))
    if case == "magnitude1_dom_1_80":
        coarse = [
            Cut(variable=sector, trees=("sector2_sector4",), depth=1),
            Cut(variable=geo, trees=("eu_geo",), depth=1),
        ]
        return lay_out([fine, Table(name="coarse", cuts=tuple(coarse))])
    return lay_out([fine])


ALL = json.loads((FOLDER / "cases.json").read_text()) if FOLDER.is_dir() else []


@pytest.mark.parametrize("case", ALL, ids=lambda case: case["case"])
def test_we_hide_no_more_than_gauss_suppression_and_nothing_can_be_worked_out(case):
    name = case["case"]
    rows, expected = read(case["data"]), read(f"expected_{name}.csv")
    layout = layout_of(name, rows)
    figure = rows.columns[-1]
    figures = in_smallest_units(rows[figure], 1 if figure == "value" else 0, "rows")
    values = layout.totals(rows.with_columns(figures), figure)
    primary = marks(layout, expected, expected["primary"] == "1")
    theirs = marks(layout, expected, expected["suppressed"] == "1")
    # Where noughts are primary or serve as partners at the peer, they may with us.
    zeros = (values == 0) & ~primary if (theirs & (values == 0)).any() else False
    problem = problem_of(
        layout, values, one_more_or_less(primary), protection=Protection.SLIDING, zeros=zeros,
        cost=np.ones(layout.cells, dtype=np.int64),
    )  # fmt: skip
    if name in GROUPS:
        problem = group_disclosure(problem, GROUPS[name])
    added = np.zeros(len(problem.values) - layout.cells, dtype=bool)
    start = hidden_by_elimination(problem)
    ours = protect_cells(problem, method="guided", work=WORK, start=start).hidden
    assert unmet(problem, ours) == []
    assert not determined(problem.system, ours)[problem.primary].any()
    assert int((ours & ~problem.unprinted).sum()) <= int(theirs.sum()) + MORE.get(name, 0)
    assert bool(unmet(problem, np.r_[theirs, added])) is (name in MORE)
    assert not determined(problem.system, start)[problem.primary].any()

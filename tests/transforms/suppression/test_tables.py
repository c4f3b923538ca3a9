"""Tables as cells and equations: what is the same cell is one unknown, what does not add up is refused."""

import itertools
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Refused
from transforms.suppression.elimination import determined
from transforms.suppression.figures import in_smallest_units
from transforms.suppression.hierarchies import Cut, Tree, Variable
from transforms.suppression.linked import lay_out
from transforms.suppression.tables import Filter, Table

REGION = Variable(
    name="region",
    trees=(
        Tree.of_paths("county", [("T", "north", "a"), ("T", "north", "b"), ("T", "south", "c")]),
        Tree.of_paths("size", [("T", "big", "a"), ("T", "small", "b"), ("T", "small", "c")]),
    ),
)
SEX = Variable.flat("sex", ["m", "f"])
JOB = Variable.flat("job", ["yes", "no"])
BY_SEX = Table(name="by_sex", cuts=(Cut(variable=REGION), Cut(variable=SEX)))
EMPLOYED = Table(name="employed", cuts=(Cut(variable=SEX),), where=(Filter(variable=JOB, code="yes"),), within=True)
ROWS = pl.DataFrame(
    {
        "region": ["a", "b", "c", "a"],
        "sex": ["m", "f", "f", "f"],
        "job": ["yes", "yes", "no", "no"],
        "n": [1, 10, 100, 1000],
    }
)


def test_codes_of_the_same_people_are_one_unknown():
    # T, north, south = c, a = big, b, small: six meanings of nine codes; with sex three times as many.
    layout = lay_out([BY_SEX])
    assert len(BY_SEX.lines()) == 8 * 3 and layout.cells == 6 * 3
    by_code = dict(zip(BY_SEX.lines().rows(), layout.lines["by_sex"].tolist(), strict=True))
    assert by_code["south", "m"] == by_code["c", "m"] and by_code["big", "_T"] == by_code["a", "_T"]


def test_linked_tables_share_their_margins():
    only_sex = Table(name="sex", cuts=(Cut(variable=SEX),))
    layout = lay_out([BY_SEX, only_sex])
    assert layout.cells == lay_out([BY_SEX]).cells
    assert len(layout.system.start) == len(lay_out([BY_SEX]).system.start)


def test_sums_of_inner_cells_are_what_a_plain_count_gives():
    layout = lay_out([BY_SEX, EMPLOYED])
    values = layout.totals(ROWS, "n")
    under = {code: REGION.leaves_under(code) for code in BY_SEX.cuts[0].codes}
    for (region, sex), unknown in zip(BY_SEX.lines().rows(), layout.lines["by_sex"], strict=True):
        inside = [n for r, s, _, n in ROWS.rows() if r in under[region] and sex in {s, "_T"}]
        assert values[unknown] == sum(inside)
    assert values[layout.lines["employed"]].tolist() == [11, 1, 10]
    assert layout.system.holds(values)


def test_what_a_declared_filter_leaves_over_is_an_unknown_and_nothing_else_is():
    layout = lay_out([BY_SEX, EMPLOYED])
    values = layout.totals(ROWS, "n")
    assert values[layout.unprinted].tolist() == [1100, 0, 1100]
    apart = lay_out([BY_SEX, Table(name="employed", cuts=EMPLOYED.cuts, where=EMPLOYED.where)])
    assert not apart.unprinted.any() and len(apart.system.start) < len(layout.system.start)


def test_nested_filters_are_subtracted_from_the_nearest_printed_table():
    old = Filter(variable=Variable.flat("age", ["old", "young"]), code="old")
    inner = Table(name="inner", cuts=EMPLOYED.cuts, where=(*EMPLOYED.where, old), within=True)
    layout = lay_out([BY_SEX, EMPLOYED, inner])
    assert {whole for whole, _ in layout.rests[-3:]} | {whole for whole, _ in layout.rests[:3]} == set(
        layout.lines["employed"]
    ) | {layout.lines["by_sex"][place] for place in range(3)}


def test_a_table_cut_at_a_level_shares_the_cells_of_that_level():
    counties = Table(name="counties", cuts=(Cut(variable=REGION, trees=("county",), depth=1),))
    layout = lay_out([BY_SEX, counties])
    assert counties.lines()["region"].to_list() == ["T", "north", "south"]
    assert layout.cells == lay_out([BY_SEX]).cells


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("mf"), st.integers(0, 9)), min_size=1, max_size=30))
@settings(max_examples=30, deadline=None)
def test_the_printed_figures_of_tables_that_add_up_are_read_back(rows):
    layout = lay_out([BY_SEX])
    values = layout.totals(pl.DataFrame(rows, schema=["region", "sex", "n"], orient="row"), "n")
    printed = BY_SEX.lines().with_columns(n=values[layout.lines["by_sex"]]).sample(fraction=1.0, shuffle=True, seed=1)
    assert (layout.figures({"by_sex": printed}, "n") == values).all()


def test_nothing_is_determined_when_all_inner_cells_are_hidden_and_all_when_one_is():
    layout = lay_out([BY_SEX])
    assert not determined(layout.system, np.ones(layout.cells, dtype=bool)).any()
    for cell in range(layout.cells):
        assert determined(layout.system, np.arange(layout.cells) == cell)[cell]


# --- refusals -------------------------------------------------------------------------------------


def printed(**changes: object) -> dict[str, pl.DataFrame]:
    layout = lay_out([BY_SEX])
    frame = BY_SEX.lines().with_columns(n=layout.totals(ROWS, "n")[layout.lines["by_sex"]])
    return {"by_sex": frame.with_columns(**changes)}


@pytest.mark.parametrize(
    ("frames", "rule"),
    [
        pytest.param({}, "table_missing", id="no_table"),
        pytest.param(
            printed(n=pl.col("n") + (pl.int_range(pl.len()) == 23)), "tables_do_not_add_up", id="one_too_many"
        ),
        pytest.param({"by_sex": printed()["by_sex"][1:]}, "lines_differ", id="a_line_missing"),
        pytest.param(printed(sex=pl.lit("m")), "lines_differ", id="lines_repeated"),
        pytest.param(printed(n=-pl.col("n")), "figures_negative", id="negative"),
        pytest.param(printed(n=pl.lit(None, dtype=pl.Int64)), "figures_missing", id="missing"),
        pytest.param(printed(n=pl.col("n") * 1.0), "figures_not_whole", id="floating"),
        pytest.param(printed(n=pl.lit(2**60)), "figures_too_large", id="too_large"),
    ],
)
def test_figures_that_are_no_tables_are_refused(frames, rule):
    with pytest.raises(Refused, match=rule) as refused:
        lay_out([BY_SEX]).figures(frames, "n")
    assert refused.value.findings[0].place.startswith("tables")


@pytest.mark.parametrize(
    ("links", "rule"),
    [
        pytest.param([("T", None), ("a", "T"), ("a", "T")], "tree_repeats_code", id="twice"),
        pytest.param([("T", None), ("a", "b")], "tree_orphan", id="orphan"),
        pytest.param([("T", None), ("S", None), ("a", "T")], "tree_of_several_roots", id="two_roots"),
        pytest.param([("T", None), ("a", "b"), ("b", "a")], "tree_cycle", id="a_circle_beside_the_root"),
        pytest.param([("a", "b"), ("b", "a")], "tree_cycle", id="no_root"),
        pytest.param([], "variable_without_codes", id="nothing"),
    ],
)
def test_what_is_no_tree_is_refused_by_its_own_rule(links, rule):
    with pytest.raises(Refused, match=rule) as refused:
        Variable(name="v", trees=(Tree(name="t", links=tuple(links)),))
    assert refused.value.findings[0].place.startswith("hierarchies.v")


def test_hierarchies_of_one_variable_must_have_the_same_finest_codes_and_meanings():
    one = Tree.of_paths("one", [("T", "x", "a"), ("T", "x", "b"), ("T", "c")])
    with pytest.raises(Refused, match="trees_of_different_codes"):
        Variable(name="v", trees=(one, Tree.of_paths("two", [("T", "a"), ("T", "b")])))
    with pytest.raises(Refused, match="tree_code_of_two_meanings"):
        Variable(name="v", trees=(one, Tree.of_paths("two", [("T", "x", "a"), ("T", "x", "c"), ("T", "b")])))


def test_ten_million_cells_are_refused_before_anything_is_laid_out():
    wide = [Variable.flat(f"v{number}", [str(code) for code in range(215)]) for number in range(3)]
    with pytest.raises(Refused) as refused:
        lay_out([Table(name="cube", cuts=tuple(Cut(variable=variable) for variable in wide))])
    (finding,) = refused.value.findings
    assert finding.rule == "too_many_cells" and finding.facts["cells"] == 216**3


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        pytest.param([], "nothing_to_lay_out", id="none"),
        pytest.param([BY_SEX, BY_SEX], "table_declared_twice", id="twice"),
        pytest.param(
            [BY_SEX, Table(name="other", cuts=(Cut(variable=Variable.flat("sex", ["x", "y"])),))],
            "variable_declared_twice",
            id="another_variable_of_the_name",
        ),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(tables, rule):
    with pytest.raises(Refused, match=rule):
        lay_out(tables)


def test_rows_of_unknown_codes_or_without_a_variable_are_refused():
    layout = lay_out([BY_SEX])
    with pytest.raises(Refused, match="code_unknown"):
        layout.totals(ROWS.with_columns(sex=pl.lit("x")), "n")
    with pytest.raises(Refused, match="variable_missing"):
        layout.totals(ROWS.drop("sex"), "n")


@given(st.lists(st.decimals(min_value=0, max_value=10**6, places=2), min_size=1))
def test_decimals_become_whole_numbers_exactly(figures):
    written = pl.Series("v", [str(each) for each in figures])
    assert in_smallest_units(written, 2, "rows").to_list() == [int(each * 100) for each in figures]


@pytest.mark.parametrize(
    ("figure", "rule"),
    [
        ("0.001", "figures_of_more_decimals"),
        ("x", "figures_not_exact"),
        ("NaN", "figures_not_exact"),
        (0.5, "figures_not_exact"),
    ],
)
def test_a_figure_that_is_not_exact_is_refused(figure, rule):
    with pytest.raises(Refused, match=rule):
        in_smallest_units(pl.Series("v", [figure]), 2, "rows")
    assert in_smallest_units(pl.Series("v", [Decimal("1.5")]), 2, "rows").to_list() == [150]


def test_every_row_meets_each_of_its_cells_once():
    layout = lay_out([BY_SEX, EMPLOYED, Table(name="sex", cuts=(Cut(variable=SEX),))])
    met = [
        (row, unknown) for visit in layout.visits(ROWS) for row, unknown in enumerate(visit.tolist()) if unknown >= 0
    ]
    assert len(met) == len(set(met))
    assert len({unknown for _, unknown in met} & set(itertools.chain(*layout.lines.values()))) == len(
        {u for _, u in met}
    )

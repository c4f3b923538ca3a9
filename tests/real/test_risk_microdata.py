"""Risk measures on public microdata, against the values that other software measures there."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from transforms.risk import measures
from transforms.risk.attackers import average_class_risk, prosecutor
from transforms.risk.classes import ClassTable
from transforms.risk.columns import Identifying, identifying_sets
from transforms.risk.counting import count_classes
from transforms.risk.models import (
    AlphaK,
    BasicBetaLikeness,
    Closeness,
    DeltaDisclosure,
    DistinctDiversity,
    EnhancedBetaLikeness,
    EntropyDiversity,
    KAnonymity,
    RecursiveDiversity,
    holds,
    measured,
)
from transforms.risk.uniqueness import (
    Sample,
    pitman_uniqueness,
    population_uniqueness,
    sample_uniqueness,
    snb_uniqueness,
    zayatz_uniqueness,
)

pytestmark = pytest.mark.real


@cache
def folder() -> Path:
    return Path(os.environ["SHOJI_DATA"]) / "microdata_cases"


@cache
def cases() -> dict[str, dict]:
    """By file name."""
    return {case["file"]: case for case in json.loads((folder() / "pycanon_expected.json").read_text(encoding="utf-8"))}


FILES = [
    "StudentsMath_Score.csv",
    "StudentsMath_Score_k2.csv",
    "StudentsMath_Score_k5.csv",
    "StudentsMath_Score_k7.csv",
    "adult_anonymized_10.csv",
    "adult_anonymized_20.csv",
    "drug_type.csv",
    "drugs_k5.csv",
    "stroke_k5.csv",
    "stroke_k10.csv",
]


@cache
def table(file: str) -> tuple[ClassTable, bool]:
    """The classes of a file, and whether the sensitive attribute is a number."""
    case = cases()[file]
    rows = pl.read_csv(folder() / "pycanon" / file, infer_schema_length=None)
    sensitive = case["sensitive"][0]
    return count_classes(rows, case["qis"], sensitive), rows[sensitive].dtype.is_numeric()


def test_every_case_is_asked():
    assert sorted(cases()) == sorted(FILES)


@pytest.mark.parametrize("file", FILES)
def test_sizes_k_and_risks_equal_those_of_pycanon(file):
    case, (classes, _) = cases()[file], table(file)
    sizes = classes.sizes
    assert case["rows"] == classes.people
    assert case["sizes_ec"] == pytest.approx(
        {
            "n_ec": len(sizes),
            "min_ec": sizes.min(),
            "max_ec": sizes.max(),
            "mean_ec": sizes.mean(),
            "median_ec": np.median(sizes),
        }
    )
    assert case["k_anonymity"] == measured(KAnonymity(2), classes)
    assert case["max_rir"] == prosecutor(classes).highest
    assert case["average_rir"] == pytest.approx(average_class_risk(classes), rel=1e-12)


@pytest.mark.parametrize("file", FILES)
def test_models_of_the_sensitive_attribute_equal_those_of_pycanon(file):
    case, (classes, number) = cases()[file], table(file)
    assert case["l_diversity"] == measured(DistinctDiversity(2), classes)
    assert case["alpha_k_anonymity"] == [measured(AlphaK(1, 1), classes), measured(KAnonymity(2), classes)]
    closeness = measured(Closeness(1, "ordered" if number else "equal"), classes)
    assert case["t_closeness"] == pytest.approx(closeness, rel=1e-12)
    assert case["basic_beta_likeness"] == pytest.approx(measured(BasicBetaLikeness(1), classes), rel=1e-12)
    # pycanon's logarithm is natural.
    assert case["delta_disclosure"] == pytest.approx(measured(DeltaDisclosure(1), classes) * np.log(2), rel=1e-12)


# --- where we measure something else, and why -----------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_entropy_l_is_the_whole_part_but_for_one_rounding_error(file):
    classes, _ = table(file)
    reached, theirs = measured(EntropyDiversity(2), classes), cases()[file]["entropy_l_diversity"]
    if file == "StudentsMath_Score_k2.csv":
        # exp(ln 2) is 2: a class of two values once each has entropy ln 2. Cutting off 1.99... gave them 1.
        least = [counts[counts > 0].tolist() for counts in classes.histogram if np.count_nonzero(counts) == 2]
        assert {tuple(counts) for counts in least} == {(1, 1)} and classes.sizes.min() == 2
        assert (reached, theirs) == (2.0, 1)
    else:
        assert theirs == int(reached)


@pytest.mark.parametrize("file", FILES)
def test_recursive_c_is_theirs_only_where_the_largest_count_is_taken_for_r1(file):
    classes, _ = table(file)
    their_c, their_l = cases()[file]["recursive_c_l_diversity"]
    assert their_l == measured(DistinctDiversity(2), classes)
    if their_l == 1:
        assert their_c is None
        return
    ascending = [sorted(counts[counts > 0].tolist()) for counts in classes.histogram]
    assert their_c == max(counts[0] // sum(counts[their_l - 1 :]) + 1 for counts in ascending)
    descending = [counts[::-1] for counts in ascending]
    c = max(counts[0] // sum(counts[their_l - 1 :]) + 1 for counts in descending)
    assert c == int(measured(RecursiveDiversity(1, their_l), classes)) + 1
    assert holds(RecursiveDiversity(c, their_l), classes).all()
    if c != their_c:
        # The proof: some class breaks r1 < c (r_l + ...) with their c.
        assert any(Fraction(counts[0]) >= their_c * sum(counts[their_l - 1 :]) for counts in descending)
        assert not holds(RecursiveDiversity(their_c, their_l), classes).all()


@pytest.mark.parametrize("file", FILES)
def test_enhanced_beta_of_pycanon_is_a_capped_gain_that_the_model_does_not_hold(file):
    classes, _ = table(file)
    theirs = cases()[file]["enhanced_beta_likeness"]
    gains, surprise = measures.gains(classes).max(axis=0), measures.surprise(classes)
    assert theirs == pytest.approx(np.minimum(gains, surprise).max(), rel=1e-12)
    # (p - q) / q <= min(beta, -ln q) fails for every beta: some gain is above -ln q.
    assert (gains > surprise).any()
    assert measured(EnhancedBetaLikeness(1), classes) == np.inf
    assert not holds(EnhancedBetaLikeness(theirs), classes).all()


# --- Adult ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def adult() -> pl.DataFrame:
    return pl.read_csv(folder() / "data" / "adult.csv", separator=";", infer_schema_length=0)


@pytest.fixture(scope="module")
def classes(adult: pl.DataFrame) -> ClassTable:
    """By all nine columns."""
    return count_classes(adult, adult.columns)


def test_adult_is_at_the_risk_that_arx_asserts(classes):
    assert prosecutor(classes).average == 0.6465751607983555
    assert prosecutor(classes).highest == 1.0


def test_adult_is_at_the_risk_that_arx_asserts_once_it_is_2_anonymous(adult):
    """At the node of least loss without suppression."""
    node = {"age": 4, "race": 1, "marital-status": 2, "education": 1, "native-country": 2, "workclass": 2}
    node["occupation"] = 1
    columns = []
    for name in adult.columns:
        rows = (folder() / "hierarchies" / f"adult_hierarchy_{name}.csv").read_text(encoding="utf-8").splitlines()
        levels = {row.split(";")[0]: row.split(";")[node.get(name, 0)] for row in rows}
        columns.append(pl.col(name).replace_strict(levels))
    risks = prosecutor(count_classes(adult.select(columns), adult.columns))
    assert (risks.average, risks.highest) == (0.001922949406538028, 0.5)


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [
        pytest.param(0.01, 0.1446, id="pitman_of_a_hundredth"),
        pytest.param(0.1, 0.2768, id="pitman_of_a_tenth"),
        pytest.param(0.2, 0.3577, id="zayatz_of_a_fifth"),
        pytest.param(1.0, 0.5142, id="everybody"),
    ],
)
def test_adult_is_as_unique_as_arx_asserts_by_the_rule_of_dankar(classes, fraction, expected):
    # Four digits, cut off.
    assert int(population_uniqueness(Sample(classes, fraction)) * 10_000) / 10_000 == expected


def test_the_models_behind_the_rule_on_adult(classes):
    tenth, fifth = Sample(classes, 0.1), Sample(classes, 0.2)
    assert zayatz_uniqueness(tenth) == pytest.approx(0.3207, abs=1e-4)
    assert pitman_uniqueness(tenth) == pytest.approx(0.2768, abs=1e-4)
    assert snb_uniqueness(fifth) > zayatz_uniqueness(fifth) == population_uniqueness(fifth)
    assert population_uniqueness(Sample(classes, 1.0)) == pytest.approx(sample_uniqueness(classes), rel=1e-12)


@pytest.mark.parametrize("distance", ["equal", "ordered"])
def test_no_class_of_adult_is_nearer_than_its_definition_says(adult, distance):
    table = count_classes(adult, [name for name in adult.columns if name != "occupation"], "occupation")
    q = table.overall / table.overall.sum()
    apart = table.histogram / table.sizes[:, None] - q
    moved = np.abs(apart).sum(axis=1) / 2
    if distance == "ordered":
        moved = np.abs(apart.cumsum(axis=1)).sum(axis=1) / (len(q) - 1)
    assert measured(Closeness(1, distance), table) == pytest.approx(moved.max(), rel=1e-12)


def test_the_five_people_of_the_identifying_columns_example():
    people = pl.DataFrame(
        {
            "age": [20, 30, 40, 20, 40],
            "sex": ["F", "F", "F", "M", "M"],
            "state": ["CA", "CA", "TX", "NY", "CA"],
        }
    )
    expected = {
        ("sex",): Identifying(0.4, 0.6),
        ("state",): Identifying(0.6, 0.7),
        ("age",): Identifying(0.6, 0.8),
        ("sex", "state"): Identifying(0.8, 0.9),
    }
    everything = identifying_sets(people, people.columns, 3)
    assert everything == {columns: expected.get(columns, Identifying(1.0, 1.0)) for columns in everything}

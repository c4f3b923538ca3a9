"""Class tables from rows, missing values in both meanings, attackers, bounds of whole tables, identifying columns."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Refused
from tests.transforms.risk.tables import sizes_of
from transforms.risk.attackers import average_class_risk, journalist, marketer, prosecutor, share_at_risk
from transforms.risk.columns import Identifying, identifying, identifying_sets
from transforms.risk.counting import count_classes, with_wildcards
from transforms.risk.models import KMap, holds
from transforms.risk.whole import AverageRisk, HighestRisk, PopulationUniqueness, SampleUniqueness, holds_for_all

maybe = st.none() | st.sampled_from(["x", "y"])
rows = st.lists(st.tuples(maybe, maybe, maybe), min_size=1, max_size=12)
QI = ["row", "b"]


def frame(drawn) -> pl.DataFrame:
    """A quasi-identifier is called as an internal column might be."""
    return pl.DataFrame(drawn, schema={"row": pl.String, "b": pl.String, "ill": pl.String}, orient="row")


# --- counting -------------------------------------------------------------------------------------


@given(rows)
def test_classes_are_counted_in_the_order_of_their_first_row(drawn):
    table = count_classes(frame(drawn), QI, "ill")
    classes = list(dict.fromkeys(row[:2] for row in drawn))
    values = sorted({row[2] for row in drawn}, key=lambda value: (value is not None, value))
    expected = [[sum(row == (*one, value) for row in drawn) for value in values] for one in classes]
    assert table.histogram.tolist() == expected
    assert table.overall.tolist() == np.sum(expected, axis=0).tolist()
    assert count_classes(frame(drawn), QI).sizes.tolist() == table.sizes.tolist() == np.sum(expected, axis=1).tolist()


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([3, 1, None, 3], id="whole_numbers"),
        pytest.param([0.5, float("nan"), None, 0.5], id="fractions_and_not_a_number"),
        pytest.param([True, False, None, True], id="yes_and_no"),
        pytest.param(["b", "a", None, "b"], id="text"),
    ],
)
def test_any_kind_of_column_is_counted(values):
    people = pl.DataFrame({"q": values, "s": values}, strict=False)
    table = count_classes(people, ["q"], "s")
    assert table.sizes.tolist() == [2, 1, 1]
    assert (table.histogram > 0).sum(axis=1).tolist() == [1, 1, 1]
    assert with_wildcards(people, ["q"]).population.tolist() == [3, 2, 1]


def test_without_quasi_identifiers_everybody_is_alike():
    people = frame([("x", "y", "x"), ("y", None, "x")])
    assert count_classes(people, []).sizes.tolist() == [2]
    assert count_classes(people, [], "b").histogram.tolist() == [[1, 1]]
    assert with_wildcards(people, []).population.tolist() == [2]


# --- missing values -------------------------------------------------------------------------------


@given(rows)
def test_a_crowd_is_whoever_has_the_same_values_or_none(drawn):
    table = with_wildcards(frame(drawn), QI)
    classes = list(dict.fromkeys(row[:2] for row in drawn))
    crowds = [
        sum(all(theirs in (None, its) for theirs, its in zip(row, one, strict=False)) for row in drawn)
        for one in classes
    ]
    assert table.population.tolist() == crowds


@given(rows)
def test_however_missing_values_turn_out_each_person_has_the_crowd_to_hide_in(drawn):
    """Whatever a person's own missing values are, at least so many records may be hers."""
    table = with_wildcards(frame(drawn), QI)
    for one, crowd in zip(dict.fromkeys(row[:2] for row in drawn), table.population.tolist(), strict=True):
        truths = product(*[[value] if value else ["x", "y", "z"] for value in one])
        fitting = [
            sum(all(theirs in (None, value) for theirs, value in zip(row, truth, strict=False)) for row in drawn)
            for truth in truths
        ]
        assert min(fitting) == crowd


@given(rows)
def test_without_missing_values_both_meanings_agree(drawn):
    full = [tuple(value or "z" for value in row) for row in drawn]
    table = with_wildcards(frame(full), QI)
    assert table.population.tolist() == table.sizes.tolist() == count_classes(frame(full), QI).sizes.tolist()


def test_k_map_judges_the_crowd():
    people = frame([("x", "y", "x"), ("x", None, "x"), (None, None, "x")])
    assert holds(KMap(2), with_wildcards(people, QI)).tolist() == [True, True, False]


# --- attackers ------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1).filter(lambda each: any(n for n, _ in each))
)
def test_risks_are_means_over_people(each):
    own, crowds = [n for n, _ in each], [n + more for n, more in each]
    table = sizes_of(*own, population=crowds)
    known = [1 / n for n in own for _ in range(n)]
    sought = [1 / crowd for n, crowd in zip(own, crowds, strict=True) for _ in range(n)]
    assert prosecutor(table).highest == max(known) and prosecutor(table).average == pytest.approx(np.mean(known))
    assert journalist(table).highest == max(sought) and journalist(table).average == pytest.approx(np.mean(sought))
    assert marketer(table) == journalist(table).average and marketer(sizes_of(*own)) == prosecutor(table).average
    assert journalist(table).average <= prosecutor(table).average
    assert average_class_risk(table) == pytest.approx(np.mean([1 / n for n in own if n]))


def test_people_at_risk_are_those_below_k():
    assert share_at_risk(sizes_of(1, 2, 3, 4), 3) == 0.3
    assert share_at_risk(sizes_of(1, 2, 3, 4), 1) == 0


@pytest.mark.parametrize("measure", [prosecutor, marketer, average_class_risk, lambda table: share_at_risk(table, 2)])
def test_nobody_has_no_risk_to_measure(measure):
    with pytest.raises(Refused, match="risk_nobody_measured"):
        measure(sizes_of(0))


def test_a_journalist_needs_a_population():
    with pytest.raises(Refused, match="risk_population_needed"):
        journalist(sizes_of(2))


# --- bounds of a whole table ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "sizes", "expected"),
    [
        pytest.param(AverageRisk(0.5), (1, 3), True, id="average_is_reached"),
        pytest.param(AverageRisk(0.49), (1, 3), False, id="average_is_exceeded"),
        pytest.param(HighestRisk(0.2), (5, 9), True, id="highest_is_reached"),
        pytest.param(HighestRisk(0.2), (4, 9), False, id="highest_is_exceeded"),
        pytest.param(SampleUniqueness(0.1), (1, 9), True, id="uniqueness_is_reached"),
        pytest.param(SampleUniqueness(0.1), (1, 8), False, id="uniqueness_is_exceeded"),
        pytest.param(PopulationUniqueness(0.1, 10), (1, 9), True, id="population_uniqueness_is_reached"),
        pytest.param(PopulationUniqueness(0.1, 10), (1, 1, 8), False, id="population_uniqueness_is_exceeded"),
        pytest.param(AverageRisk(0), (), True, id="nobody_is_kept"),
    ],
)
def test_a_bound_is_on_all_kept_classes(bound, sizes, expected):
    assert holds_for_all(bound, sizes_of(*sizes)) is expected


@given(st.lists(st.integers(1, 9), min_size=2, max_size=9))
def test_leaving_out_a_smallest_class_raises_no_risk(sizes):
    ordered = sorted(sizes)
    before, after = sizes_of(*ordered), sizes_of(*ordered[1:])
    for bound in (AverageRisk(1), HighestRisk(1), SampleUniqueness(1)):
        assert bound.measured(after) <= bound.measured(before) + 1e-12


@pytest.mark.parametrize(
    ("estimator", "expected"), [("dankar", True), ("zayatz", True), ("snb", False), ("pitman", False)]
)
def test_an_estimator_without_an_answer_promises_nothing(estimator, expected):
    """As alike as dice: neither model of class sizes fits."""
    assert holds_for_all(PopulationUniqueness(0.9, 38, estimator), sizes_of(1, 3, 3, 3, 3, 3, 3)) is expected


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        pytest.param(lambda: AverageRisk(1.5), "risk_share_outside_0_1", id="more_than_certain"),
        pytest.param(lambda: PopulationUniqueness(0.1, 0), "risk_number_too_small", id="nobody_lives_there"),
        pytest.param(
            lambda: holds_for_all(PopulationUniqueness(0.1, 2), sizes_of(3)),
            "risk_fraction_outside_0_1",
            id="more_than_the_population",
        ),
        pytest.param(lambda: PopulationUniqueness(0.1, 1, "guess"), "risk_choice_unknown", id="unknown_estimator"),
    ],
)
def test_a_bound_refuses_nonsense(make, rule):
    with pytest.raises(Refused, match=rule):
        make()


# --- identifying columns --------------------------------------------------------------------------


@given(rows.filter(lambda drawn: len(drawn) > 1))
def test_separation_counts_pairs_and_distinction_classes(drawn):
    for columns, found in identifying_sets(frame(drawn), ["row", "b", "ill"], 2).items():
        chosen = [tuple(row[["row", "b", "ill"].index(name)] for name in columns) for row in drawn]
        pairs = [one != other for one, other in combinations(chosen, 2)]
        assert found == Identifying(len(set(chosen)) / len(chosen), sum(pairs) / len(pairs))


def test_sets_come_smallest_first():
    people = frame([("x", "y", "x"), ("y", None, "x")])
    assert list(identifying_sets(people, ["b", "row"], 2)) == [("b",), ("row",), ("b", "row")]


def test_a_class_of_nobody_distinguishes_nobody():
    assert identifying(sizes_of(0, 3, 2)) == Identifying(0.4, 0.6)


def test_one_person_cannot_be_told_from_another():
    with pytest.raises(Refused, match="risk_nobody_measured"):
        identifying(sizes_of(1))

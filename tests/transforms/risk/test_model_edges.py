"""Privacy models on worked examples, at their boundaries, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from terms.findings import Refused
from tests.transforms.risk.tables import EVERY, sizes_of, table_of, tables
from transforms.risk.classes import ClassTable
from transforms.risk.models import (
    AlphaK,
    BasicBetaLikeness,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctDiversity,
    EnhancedBetaLikeness,
    EntropyDiversity,
    EstimatedKMap,
    Inclusion,
    KAnonymity,
    KMap,
    RecursiveDiversity,
    holds,
    measured,
)

# --- worked examples ------------------------------------------------------------------------------

SALARIES = table_of([1, 1, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 1, 0, 0, 1], [0, 0, 0, 0, 1, 0, 1, 1, 0])
"""Li, Li & Venkatasubramanian 2007, section 5: salaries 3K to 11K; {3K, 4K, 5K} and {6K, 8K, 11K}."""


def test_the_salaries_of_li_et_al_are_as_far_away_as_printed():
    one, other = SALARIES.kept(np.array([True, False, False])), SALARIES.kept(np.array([False, True, False]))
    assert measured(Closeness(1, "ordered"), one) == 0.375
    assert round(measured(Closeness(1, "ordered"), other), 3) == 0.167


def test_the_class_of_machanavajjhala_et_al_is_recursive_as_printed():
    """Section 4.2: a class with r1 >= c times the tail fails; c = 3 needs r1 < 3 r2 with two values left."""
    table = table_of([3, 1], [2, 1])
    assert holds(RecursiveDiversity(3, 2), table).tolist() == [False, True]
    assert measured(RecursiveDiversity(3, 2), table) == 3.0


EVEN = 2 - np.euler_gamma - math.log(2)
G = {1: -np.euler_gamma - math.log(2), 2: EVEN, 3: EVEN, 4: EVEN + 2 / 3, 5: EVEN + 2 / 3, 6: EVEN + 2 / 3 + 2 / 5}
"""Grassberger 2003, by hand: G(2n + 2) = G(2n) + 2 / (2n + 1), odd counts above 1 as the even one below."""


@pytest.mark.parametrize("counts", [[4, 2], [5, 1], [3, 2, 1], [2, 2, 2], [1, 1], [2, 1]])
def test_grassberger_is_as_by_hand_but_no_more_than_equal_values_have(counts):
    size = sum(counts)
    expected = G[size] - sum(count * G[count] for count in counts) / size
    reached = measured(EntropyDiversity(2, "grassberger"), table_of(counts))
    assert reached == pytest.approx(min(math.exp(expected), len(counts)))


@given(tables())
def test_grassberger_finds_no_diversity_in_one_value(table):
    alone = (table.histogram > 0).sum(axis=1) == 1
    assert not holds(EntropyDiversity(1.01, "grassberger"), table)[alone].any()


# --- boundaries -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "table", "expected"),
    [
        pytest.param(KAnonymity(3), sizes_of(2, 3), [False, True], id="k_is_reached_not_exceeded"),
        pytest.param(KMap(5), sizes_of(1, 4, population=[5, 4]), [True, False], id="the_population_counts"),
        pytest.param(KMap(5), sizes_of(0, population=[5]), [True], id="nobody_of_a_large_population"),
        pytest.param(
            DeltaPresence(0.2, 0.6), sizes_of(1, 3, 1, population=[5, 5, 6]), [True, True, False], id="presence"
        ),
        pytest.param(DeltaPresence(0.6, 1), sizes_of(1, population=[1]), [True], id="everybody_is_present"),
        pytest.param(DeltaPresence(0.5, 0.5), sizes_of(1, 1, population=[2, 3]), [True, False], id="one_share_only"),
        pytest.param(DeltaPresence(0, 0.5), sizes_of(0, population=[4]), [True], id="nobody_is_present"),
        pytest.param(Inclusion(), sizes_of(1, 0, population=[1, 1]), [True, True], id="inclusion_asks_for_nothing"),
        pytest.param(EntropyDiversity(5), table_of([1] * 5), [True], id="five_equal_values_are_entropy_5_diverse"),
        pytest.param(EntropyDiversity(3), table_of([7, 7, 7], [7, 7, 6]), [True, False], id="nearly_is_not_enough"),
        pytest.param(EntropyDiversity(3, "grassberger"), table_of([3, 2, 1], [9, 9, 0]), [True, False], id="corrected"),
        pytest.param(RecursiveDiversity(2, 2), table_of([4, 2], [3, 2]), [False, True], id="recursive_is_strict"),
        pytest.param(RecursiveDiversity(9, 3), table_of([1, 1]), [False], id="too_few_values_never_hold"),
        pytest.param(AlphaK(0.6, 5), table_of([3, 2], [2, 2]), [True, False], id="alpha_is_reached"),
        pytest.param(Closeness(0.3), table_of([8, 2], elsewhere=[2, 8]), [True], id="decimals_mean_what_is_written"),
        pytest.param(Closeness(0), table_of([1, 1], [2, 2]), [True, True], id="no_distance"),
        pytest.param(BasicBetaLikeness(0.6), table_of([4, 1], [1, 4]), [True, True], id="beta_is_reached"),
        pytest.param(EnhancedBetaLikeness(9), table_of([3, 0], [0, 3]), [False, False], id="frequent_values_gain_less"),
        pytest.param(EnhancedBetaLikeness(1), table_of([2], [3]), [True, True], id="one_value_tells_nothing"),
        pytest.param(DeltaDisclosure(1), table_of([2, 0], [0, 2]), [False, False], id="delta_is_strict"),
    ],
)
def test_at_the_boundary(model, table, expected):
    assert holds(model, table).tolist() == expected


@pytest.mark.parametrize("model", [*EVERY, Closeness(1, "hierarchical", [[0, 1], [0, 0]])], ids=repr)
def test_a_class_of_nobody_promises_nothing(model):
    assert holds(model, table_of([0, 0], [5, 5]))[0] == np.False_
    assert measured(model, table_of([0, 0], [5, 5])) == measured(model, table_of([5, 5]))


def test_no_beta_is_enough_where_a_frequent_value_gains_too_much():
    table = table_of([3, 0], [0, 3])
    assert measured(EnhancedBetaLikeness(1), table) == math.inf
    assert not holds(EnhancedBetaLikeness(1e9), table).any()


@pytest.mark.parametrize("mean", [0.001, 0.5, 4.0, 900.0])
@pytest.mark.parametrize("significance", [0.01, 0.2])
def test_an_estimated_k_map_asks_for_what_few_small_classes_show(mean, significance):
    """The Poisson number of one of 1000 people, not 0, is as large with a chance of at most the significance."""
    least = EstimatedKMap(1000, mean / 1000, significance).least
    chance = [math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(1, 2000)]
    tail = [sum(chance[start - 1 :]) / (1 - math.exp(-mean)) for start in (least - 1, least)]
    assert tail[0] > significance >= tail[1]
    assert holds(EstimatedKMap(1000, mean / 1000, significance), sizes_of(least - 1, least)).tolist() == [False, True]


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        pytest.param(lambda: KAnonymity(1), "risk_number_too_small", id="k_of_one"),
        pytest.param(lambda: KMap(0), "risk_number_too_small", id="k_map_of_nobody"),
        pytest.param(lambda: EstimatedKMap(1, 0.1), "risk_number_too_small", id="estimated_k_of_one"),
        pytest.param(lambda: EstimatedKMap(5, 1.1), "risk_share_outside_0_1", id="more_than_the_population"),
        pytest.param(lambda: EstimatedKMap(5, 0), "risk_number_not_above", id="nobody_was_drawn"),
        pytest.param(lambda: EstimatedKMap(5, 0.1, 0), "risk_number_not_above", id="certainty"),
        pytest.param(lambda: DistinctDiversity(1), "risk_number_too_small", id="one_value"),
        pytest.param(lambda: EntropyDiversity(1), "risk_number_not_above", id="entropy_of_nothing"),
        pytest.param(lambda: EntropyDiversity(math.nan), "risk_number_not_above", id="not_a_number"),
        pytest.param(lambda: EntropyDiversity(2, "renyi"), "risk_choice_unknown", id="unknown_estimator"),
        pytest.param(lambda: RecursiveDiversity(0, 2), "risk_number_not_above", id="c_of_zero"),
        pytest.param(lambda: RecursiveDiversity(math.inf, 2), "risk_number_not_above", id="c_without_end"),
        pytest.param(lambda: AlphaK(1.1, 2), "risk_share_outside_0_1", id="more_than_everybody"),
        pytest.param(lambda: Closeness(-0.1), "risk_share_outside_0_1", id="negative_distance"),
        pytest.param(lambda: Closeness(0.1, "far"), "risk_choice_unknown", id="unknown_distance"),
        pytest.param(lambda: Closeness(0.1, "hierarchical"), "risk_levels_and_distance_differ", id="no_tree"),
        pytest.param(lambda: Closeness(0.1, "equal", [[0]]), "risk_levels_and_distance_differ", id="needless_tree"),
        pytest.param(lambda: Closeness(0.1, "hierarchical", [[0, 1]]), "risk_levels_malformed", id="no_root"),
        pytest.param(lambda: Closeness(0.1, "hierarchical", []), "risk_levels_malformed", id="no_levels"),
        pytest.param(lambda: Closeness(0.1, "hierarchical", [[0, 0], [0, 0]]), "risk_levels_malformed", id="no_leaves"),
        pytest.param(
            lambda: Closeness(0.1, "hierarchical", [[0, 1, 2], [0, 0, 1], [0, 1, 0], [0, 0, 0]]),
            "risk_levels_malformed",
            id="not_nested",
        ),
        pytest.param(lambda: BasicBetaLikeness(0), "risk_number_not_above", id="beta_of_zero"),
        pytest.param(lambda: EnhancedBetaLikeness(-1), "risk_number_not_above", id="negative_beta"),
        pytest.param(lambda: DeltaDisclosure(0), "risk_number_not_above", id="delta_of_zero"),
        pytest.param(lambda: DeltaPresence(0.5, 0.4), "risk_low_above_high", id="bounds_turned_round"),
        pytest.param(lambda: holds(DistinctDiversity(2), sizes_of(3)), "risk_sensitive_needed", id="no_attribute"),
        pytest.param(lambda: holds(KMap(2), sizes_of(3)), "risk_population_needed", id="no_population"),
        pytest.param(lambda: measured(KAnonymity(2), sizes_of(0)), "risk_nobody_measured", id="nobody"),
        pytest.param(
            lambda: holds(Closeness(0.1, "hierarchical", [[0, 1], [0, 0]]), table_of([1, 1, 1])),
            "risk_levels_do_not_fit",
            id="tree_of_another_attribute",
        ),
    ],
)
def test_nonsense_is_refused(make, rule):
    with pytest.raises(Refused) as refused:
        make()
    assert [finding.rule for finding in refused.value.findings] == [rule]


def test_models_are_values():
    assert Closeness(0.2, "hierarchical", [[0, 1], [0, 0]]) == Closeness(
        0.2, "hierarchical", np.array([[0, 1], [0, 0]])
    )
    assert len({KAnonymity(3), KAnonymity(3), KMap(3)}) == 2


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: ClassTable(np.array([1.0])), id="fractions_of_people"),
        pytest.param(lambda: ClassTable(np.array([-1])), id="fewer_than_nobody"),
        pytest.param(lambda: ClassTable(np.array([[1]])), id="a_square_of_sizes"),
        pytest.param(lambda: ClassTable(np.array([1]), np.array([[1]])), id="no_overall"),
        pytest.param(lambda: ClassTable(np.array([2]), np.array([[1]]), np.array([2])), id="somebody_without_a_value"),
        pytest.param(lambda: ClassTable(np.array([2]), np.array([[2]]), np.array([1])), id="more_than_overall"),
        pytest.param(
            lambda: ClassTable(np.array([2]), np.array([[2, 0]]), np.array([2])), id="another_number_of_values"
        ),
        pytest.param(lambda: ClassTable(np.array([2]), population=np.array([1])), id="not_in_the_population"),
        pytest.param(lambda: ClassTable(np.array([2]), population=np.array([2, 3])), id="another_population"),
    ],
)
def test_counts_that_do_not_agree_are_refused(make):
    with pytest.raises(Refused, match="risk_table_malformed"):
        make()


def test_counts_whose_products_would_not_fit_are_refused():
    people = np.array([1 << 29])
    with pytest.raises(Refused, match="risk_table_too_large"):
        ClassTable(people, people[:, None], people)

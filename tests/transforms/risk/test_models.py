"""Privacy models against their definitions, and how they relate."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.transforms.risk import naive
from tests.transforms.risk.tables import EVERY, merged, tables, trees
from transforms.risk.classes import ClassTable
from transforms.risk.models import (
    AlphaK,
    BasicBetaLikeness,
    Closeness,
    DeltaDisclosure,
    DistinctDiversity,
    EnhancedBetaLikeness,
    EntropyDiversity,
    KAnonymity,
    Model,
    RecursiveDiversity,
    holds,
    measured,
)

tenths = st.integers(0, 10).map(lambda tenth: Fraction(tenth, 10))
quarters = st.integers(1, 40).map(lambda quarter: Fraction(quarter, 4))


def people(table: ClassTable) -> list[list[int]]:
    """The counts of every class."""
    return table.histogram.tolist()


def agree(model: Model, table: ClassTable, definition) -> None:
    """The model judges each class as the definition does; a class of nobody fails."""
    expected = [any(counts) and definition(counts) for counts in people(table)]
    assert holds(model, table).tolist() == expected


# --- definitions ----------------------------------------------------------------------------------


@given(tables(), st.integers(2, 6))
def test_k_and_distinct_l_are_as_defined(table, number):
    agree(KAnonymity(number), table, lambda counts: sum(counts) >= number)
    agree(DistinctDiversity(number), table, lambda counts: naive.distinct(counts) >= number)


@given(tables(), st.sampled_from([1.5, 2, 2.5, 3, 4]))
def test_entropy_l_is_as_defined_and_ties_hold(table, l):
    agree(EntropyDiversity(l), table, lambda counts: naive.entropy(counts) >= math.log(l) - 1e-12)


@given(tables(), quarters, st.integers(2, 4))
def test_recursive_c_l_is_as_defined(table, c, l):
    def definition(counts):
        bound = naive.recursive_bound(counts, l)
        return bound is not None and bound < c

    agree(RecursiveDiversity(float(c), l), table, definition)


@given(tables(), tenths, st.integers(1, 4))
def test_alpha_k_is_as_defined(table, alpha, k):
    agree(AlphaK(float(alpha), k), table, lambda counts: naive.alpha(counts) <= alpha and sum(counts) >= k)


@given(tables(), tenths)
def test_closeness_with_equal_and_ordered_distance_is_as_defined(table, t):
    overall = table.overall.tolist()
    agree(Closeness(float(t)), table, lambda counts: naive.equal_distance(counts, overall) <= t)
    agree(Closeness(float(t), "ordered"), table, lambda counts: naive.ordered_distance(counts, overall) <= t)


@given(st.data(), tables())
def test_closeness_over_a_tree_is_the_cheapest_transport(data, table):
    levels = data.draw(trees(len(table.overall)))
    assume(len(table.overall) > 1)
    model = Closeness(1, "hierarchical", levels)
    overall, distance = table.overall.tolist(), naive.tree_distance(levels)
    expected = max(naive.transport(counts, overall, distance) for counts in people(table) if any(counts))
    assert measured(model, table) == float(expected)


@given(tables())
def test_equal_and_ordered_distance_are_the_cheapest_transport_too(table):
    overall = table.overall.tolist()
    values = range(len(overall))
    apart = [[Fraction(int(i != j)) for j in values] for i in values]
    occurring = [place for place in values if overall[place]]
    steps = max(len(occurring) - 1, 1)
    place = {value: step for step, value in enumerate(occurring)}
    row = [[Fraction(abs(place.get(i, 0) - place.get(j, 0)), steps) for j in values] for i in values]
    for distance, model in ((apart, Closeness(1)), (row, Closeness(1, "ordered"))):
        moved = [naive.transport(counts, overall, distance) for counts in people(table) if any(counts)]
        assert measured(model, table) == float(max(moved))


@given(tables(), quarters, st.integers(1, 4))
def test_likeness_and_disclosure_are_as_defined(table, beta, delta):
    overall = table.overall.tolist()
    agree(BasicBetaLikeness(float(beta)), table, lambda counts: naive.basic_beta_holds(counts, overall, beta))
    agree(EnhancedBetaLikeness(float(beta)), table, lambda counts: naive.enhanced_beta_holds(counts, overall, beta))
    agree(DeltaDisclosure(delta), table, lambda counts: naive.delta_holds(counts, overall, delta))


# --- what is measured -----------------------------------------------------------------------------

WHOLE = (KAnonymity, DistinctDiversity)
BOUNDED = (Closeness, BasicBetaLikeness, lambda alpha: AlphaK(alpha, 1))
NEARLY = 1e-6


@given(tables())
def test_a_table_holds_what_it_reaches_and_no_more(table):
    peopled = table.kept(table.sizes > 0)
    for family in WHOLE:
        reached = measured(family(2), table)
        assert reached < 2 or holds(family(reached), peopled).all()
        assert not holds(family(reached + 1), peopled).all()
    entropy = measured(EntropyDiversity(2), table)
    assert entropy <= 1 + NEARLY or holds(EntropyDiversity(entropy - NEARLY), peopled).all()
    assert not holds(EntropyDiversity(entropy + NEARLY), peopled).all()
    for family in BOUNDED:
        reached = measured(family(0.5), table)
        assert reached <= 0 or holds(family(reached), peopled).all()
        assert reached < NEARLY or not holds(family(reached - NEARLY), peopled).all()


@given(tables(), st.integers(2, 4))
def test_a_strict_model_needs_more_than_what_is_measured(table, l):
    peopled = table.kept(table.sizes > 0)
    c, delta = measured(RecursiveDiversity(1, l), table), measured(DeltaDisclosure(1), table)
    if math.isfinite(c):
        assert (
            not holds(RecursiveDiversity(c, l), peopled).all() and holds(RecursiveDiversity(c + 1e-6, l), peopled).all()
        )
    assert holds(DeltaDisclosure(delta + 1e-6), peopled).all()
    assert delta < 1e-6 or not holds(DeltaDisclosure(delta - 1e-6), peopled).all()


# --- relations ------------------------------------------------------------------------------------


@given(st.data(), tables())
def test_merging_classes_never_makes_a_table_worse(data, table):
    assume(len(table) > 1 and (table.sizes > 0).all())
    one, other = data.draw(st.permutations(range(len(table))))[:2]
    coarser = merged(table, one, other)
    for model in (KAnonymity(2), DistinctDiversity(2)):
        assert measured(model, coarser) >= measured(model, table)
    assert measured(EntropyDiversity(2), coarser) >= measured(EntropyDiversity(2), table) - 1e-12
    for model in (Closeness(1), Closeness(1, "ordered"), AlphaK(1, 1), BasicBetaLikeness(1)):
        assert measured(model, coarser) <= measured(model, table)


@given(st.data(), tables())
def test_nothing_hangs_on_the_order_of_classes_or_of_unordered_values(data, table):
    classes = data.draw(st.permutations(range(len(table))))
    values = data.draw(st.permutations(range(len(table.overall))))
    other = ClassTable(table.sizes[classes], table.histogram[classes][:, values], table.overall[values])
    for model in EVERY:
        assert holds(model, other).tolist() == holds(model, table)[classes].tolist()


@given(tables(), st.integers(2, 5))
def test_everybody_twice_changes_no_share(table, times):
    more = ClassTable(table.sizes * times, table.histogram * times, table.overall * times)
    shares = [DistinctDiversity(2), EntropyDiversity(1.7), RecursiveDiversity(2, 2), Closeness(0.3)]
    shares += [Closeness(0.3, "ordered"), BasicBetaLikeness(0.8), EnhancedBetaLikeness(0.8), DeltaDisclosure(1)]
    for model in shares:
        assert holds(model, more).tolist() == holds(model, table).tolist()
    assert measured(KAnonymity(2), more) == times * measured(KAnonymity(2), table)


@given(tables())
def test_classes_judged_in_parts_are_judged_the_same(table):
    for model in EVERY:
        parts = [holds(model, table.kept(np.arange(len(table)) == place))[0] for place in range(len(table))]
        assert parts == holds(model, table).tolist()

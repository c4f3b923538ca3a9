"""The search finds the best node there is, proves it, and refuses what has none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Refused, ShojiError
from terms.messages import render
from tests.transforms.search import small as by_hand
from tests.transforms.search.small import AGES, PEOPLE, SEXES, Small, smalls
from transforms.risk.models import Closeness, DeltaPresence, DistinctDiversity, KAnonymity
from transforms.risk.whole import AverageRisk, HighestRisk, SampleUniqueness
from transforms.search import blocks
from transforms.search import search as searching
from transforms.search.boxes import search_boxes
from transforms.search.judge import Demand
from transforms.search.ladders import Ladder
from transforms.search.metrics.aggregates import Aggregate
from transforms.search.metrics.entropy import Entropy
from transforms.search.metrics.loss import Loss
from transforms.search.metrics.precision import Height, LevelCosts, Precision
from transforms.search.metrics.scoring import Metric
from transforms.search.metrics.sizes import AverageClass, Discernability
from transforms.search.metrics.spread import Ambiguity, Divergence
from transforms.search.search import search, try_node
from transforms.search.trial import Trial
from transforms.search.tuples import Tuples, count_tuples

SCORES = [
    pytest.param(Loss(), by_hand.loss, id="loss"),
    pytest.param(Entropy(), by_hand.entropy, id="entropy"),
    pytest.param(Discernability(), by_hand.discernability, id="discernability"),
]
ALL_METRICS = [
    *(Loss(aggregate=aggregate, factor=factor) for aggregate in Aggregate for factor in (0.0, 0.5, 0.8)),
    Entropy(suppressed_values=False),
    Entropy(normalised=True),
    Height(),
    Discernability(suppressed_values=False),
    AverageClass(),
    Ambiguity(),
    Divergence(),
]
DEMANDS = [
    [Demand(KAnonymity(3))],
    [Demand(KAnonymity(2)), Demand(DistinctDiversity(2), "answer")],
    [Demand(Closeness(0.3), "answer")],
    [Demand(AverageRisk(0.4))],
    [Demand(SampleUniqueness(0.1)), Demand(DistinctDiversity(2), "answer")],
    [Demand(HighestRisk(0.4)), Demand(Closeness(0.4), "answer")],
]


def brute(tuples: Tuples, nodes: list, demands: list[Demand], metric: Metric, most: int) -> tuple | None:
    """The best of all nodes, each tried on its own."""
    tried = [try_node(tuples, demands, metric, node) for node in nodes]
    return min(((each.score, each.node) for each in tried if each.suppressed <= most), default=None)


@pytest.mark.parametrize(("metric", "score"), SCORES)
@given(small=smalls(), k=st.integers(2, 4), l=st.integers(1, 2), most=st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_the_optimum_is_the_best_node_counted_from_rows(metric, score, small, k, l, most):
    demands = [Demand(KAnonymity(k)), *([Demand(DistinctDiversity(l), "answer")] if l > 1 else [])]
    expected = small.best(lambda answers: len(answers) >= k and len(set(answers)) >= l, most, score)
    try:
        found = search(small.tuples, demands, metric, most_suppressed=most)
    except Refused:
        assert expected is None
        return
    assert expected is not None
    assert found.score[0] == pytest.approx(expected[0], abs=1e-8) and found.proven


@given(
    small=smalls(),
    demands=st.sampled_from(DEMANDS),
    metric=st.sampled_from(ALL_METRICS),
    most=st.integers(0, 8),
)
@settings(max_examples=120, deadline=None)
def test_no_bound_hides_a_better_node(small, demands, metric, most):
    tuples = small.tuples
    expected = brute(tuples, small.nodes, demands, metric, most)
    try:
        found = search(tuples, demands, metric, most_suppressed=most)
    except Refused:
        assert expected is None or small.tuples.total < 3
        return
    assert expected == (found.score, found.node)


@given(small=smalls(), demands=st.sampled_from(DEMANDS), metric=st.sampled_from(ALL_METRICS), most=st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_boxes_find_the_same_score_as_the_whole_lattice(small, demands, metric, most):
    expected = brute(small.tuples, small.nodes, demands, metric, most)
    trial = Trial(small.tuples, demands, metric, most, searching.WORK)
    bound = search_boxes(trial)
    assert bound is None
    assert (trial.best and trial.best.score) == (expected and expected[0])


@given(small=smalls(), budget=st.integers(1, 30_000), most=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_search_that_stops_early_never_claims_too_much(small, budget, most):
    demands = [Demand(KAnonymity(2))]
    expected = brute(small.tuples, small.nodes, demands, Loss(), most)
    for run in (lambda t: searching._search_lattice(t), search_boxes):
        trial = Trial(small.tuples, demands, Loss(), most, budget)
        bound = run(trial)
        if expected is not None:
            known = [part for part in (bound, trial.best and trial.best.score) if part is not None]
            assert known and min(known) <= expected[0]


LINEAR = [
    *(Loss(factor=factor) for factor in (0.0, 0.5, 0.8)),
    Loss(weights={"q0": 1.0, "q1": 3.0, "q2": 2.0}),
    Entropy(),
    Entropy(normalised=True, factor=0.8),
    Precision(),
]


@pytest.mark.parametrize("largest", [1, 8])
@given(small=smalls(), metric=st.sampled_from(LINEAR), demands=st.sampled_from(DEMANDS[:2]), most=st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_blocks_bound_the_best_node(largest, small, metric, demands, most):
    expected = brute(small.tuples, small.nodes, demands, metric, most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "LARGEST", largest)
        bound = searching._search_blocks(small.tuples, demands, metric, most, searching.WORK)
    assert expected is None or bound <= expected[0][0]


def test_blocks_by_hand():
    tuples = count_tuples([AGES, SEXES], [np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1])])
    demands = [Demand(KAnonymity(2))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "LARGEST", 3)
        bound = searching._search_blocks(tuples, demands, Loss(), 0, searching.WORK)
    # Ages in pairs lose a third, sexes nothing: the mean is a sixth.
    assert bound == pytest.approx(1 / 6)


@given(small=smalls(), order=st.randoms(use_true_random=False), most=st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_neither_the_order_of_rows_nor_of_columns_nor_the_names_of_codes_matter(small, order, most):
    def score(its: Small) -> tuple | None:
        try:
            return search(its.tuples, [Demand(KAnonymity(2))], Loss(), most_suppressed=most).score
        except Refused:
            return None

    people = list(zip(small.rows, small.answers, strict=True))
    order.shuffle(people)
    places = list(range(len(small.ladders)))
    order.shuffle(places)
    names = [order.sample(range(ladder.domain), ladder.domain) for ladder in small.ladders]
    renamed = [
        Ladder(name=ladder.name, levels=tuple(level[np.argsort(new)] for level in ladder.levels))
        for ladder, new in zip(small.ladders, names, strict=True)
    ]
    other = Small(
        tuple(renamed[i] for i in places),
        tuple(tuple(names[i][row[i]] for i in places) for row, _ in people),
        tuple(answer for _, answer in people),
    )
    assert score(other) == pytest.approx(score(small), abs=1e-9)


@given(small=smalls(), most=st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_everybody_twice_with_twice_the_k_is_the_same_search(small, most):
    def run(its: Small, k: int, limit: int) -> tuple | None:
        try:
            found = search(its.tuples, [Demand(KAnonymity(k))], Loss(), most_suppressed=limit)
        except Refused:
            return None
        return found.node, 2 * found.suppressed if its is small else found.suppressed

    assert run(Small(small.ladders, small.rows * 2, small.answers * 2), 4, 2 * most) == run(small, 2, most)


def test_a_table_by_hand():
    # Two suppressed: exact ages and sexes, 7 of 9 people. Loss: 2/9 on both.
    found = search(count_tuples([AGES, SEXES], PEOPLE), [Demand(KAnonymity(2))], Loss(), most_suppressed=2)
    assert (found.node, found.suppressed, found.classes) == ((0, 0), 2, 3)
    assert found.score == (pytest.approx(2 / 9),) and found.proven and found.gap == 0
    # Nobody suppressed: sex goes; every age has two people. Loss: 0 and 1.
    found = search(count_tuples([AGES, SEXES], PEOPLE), [Demand(KAnonymity(2))], Loss())
    assert (found.node, found.suppressed, found.score) == ((0, 1), 0, (0.5,))


def test_a_node_that_fails_closeness_rules_out_no_finer_one():
    # Exact ages 0 and 2 are like everybody, 1 and 3 (four people) are not; in pairs of ages nobody is like everybody.
    ages, answers = np.repeat([0, 1, 2, 3], [4, 2, 4, 2]), np.array([0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0])
    tuples = count_tuples([AGES], [ages], {"answer": answers})
    found = search(tuples, [Demand(Closeness(0.1), "answer")], Loss(), most_suppressed=4)
    assert (found.node, found.suppressed) == ((0,), 4)


def test_a_plan_loses_as_few_breaks_as_it_can_before_it_looks_at_the_loss():
    breaks = [np.array([0.0, 0, 1]), np.array([0.0, 1])]
    bits = [np.array([0.0, 0.9, 1]), np.array([0.0, 0.1])]
    tuples = count_tuples([AGES, SEXES], [PEOPLE[0], np.array([0, 0, 0, 0, 1, 1, 1, 1, 1])])
    found = search(tuples, [Demand(KAnonymity(4))], LevelCosts(costs=[breaks, bits]))
    assert (found.node, found.score) == ((1, 0), (0.0, 0.9))


def test_people_outside_the_table_cannot_be_suppressed():
    sampled = np.array([True, False, True, False, True, False, False, False, False])
    tuples = count_tuples([AGES, SEXES], PEOPLE, sampled=sampled)
    exact = [Demand(DeltaPresence(0.1, 0.6))]
    found = search(tuples, exact, Loss(), most_suppressed=3)
    # Nobody of age 3 and no woman of age 1 is in the table: those classes must be merged.
    classes = {tuple(row) for row in zip(AGES.levels[found.node[0]][PEOPLE[0]], strict=True)}
    assert found.node != (0, 0) and len(classes) < 4


SAME = {"answer": np.zeros(9, dtype=np.int64)}


def refusal(act) -> tuple[str, str]:
    with pytest.raises(ShojiError) as caught:
        act()
    (finding,) = caught.value.findings
    assert "\n" not in render(finding) and not render(finding).endswith(finding.rule)
    return finding.place, finding.rule


def table(**changes) -> Tuples:
    return count_tuples([AGES, SEXES], PEOPLE, **changes)


BAD = [
    pytest.param(
        lambda: count_tuples([AGES, SEXES], [np.array([0, 4]), np.array([0, 0])]),
        ("columns.age", "search_value_outside_hierarchy"),
        id="value_missing_from_its_hierarchy",
    ),
    pytest.param(
        lambda: Ladder(name="age", levels=(np.array([0, 0, 1]), np.array([0, 1, 1]))),
        ("columns.age.hierarchy[1]", "hierarchy_not_nested"),
        id="levels_that_do_not_nest",
    ),
    pytest.param(
        lambda: Ladder(name="age", levels=(np.array([0, 1]), np.array([0]))),
        ("columns.age.hierarchy", "search_ladder_malformed"),
        id="levels_of_different_values",
    ),
    pytest.param(
        lambda: table(sensitive={"sex": PEOPLE[1]}),
        ("columns.sex", "search_sensitive_is_quasi_identifier"),
        id="sensitive_among_the_quasi_identifiers",
    ),
    pytest.param(
        lambda: search(table(), [Demand(Closeness(0.2), "income")], Loss()),
        ("columns.income", "search_model_without_attribute"),
        id="model_of_another_attribute",
    ),
    pytest.param(
        lambda: search(table(), [Demand(DeltaPresence(0, 0.5))], Loss()),
        ("models", "search_model_without_population"),
        id="presence_without_a_population",
    ),
    pytest.param(
        lambda: search(table(), [Demand(KAnonymity(10))], Loss()),
        ("models", "search_k_above_people"),
        id="k_above_the_number_of_people",
    ),
    pytest.param(
        lambda: search(
            table(sensitive={"answer": np.zeros(9, dtype=np.int64)}), [Demand(DistinctDiversity(2), "answer")], Loss()
        ),
        ("models", "search_no_solution"),
        id="no_solution",
    ),
    pytest.param(
        lambda: search(table(), [Demand(KAnonymity(2))], Loss(), budget=0),
        ("budget", "search_budget_zero"),
        id="budget_of_zero",
    ),
    pytest.param(
        lambda: search(table(), [Demand(KAnonymity(2))], Loss(), most_suppressed=-1),
        ("most_suppressed", "search_limit_below_zero"),
        id="limit_below_zero",
    ),
    pytest.param(lambda: Loss(factor=1.1), ("metric.factor", "search_factor_outside_0_1"), id="factor"),
    pytest.param(lambda: Loss(weights={"age": 0.0}), ("metric.weights", "search_weights_not_positive"), id="weights"),
]


@pytest.mark.parametrize(("act", "expected"), BAD)
def test_bad_input_is_one_line_with_its_place_and_rule(act, expected):
    assert refusal(act) == expected


def test_a_budget_that_ends_before_anything_holds_says_so():
    far = count_tuples([AGES, SEXES], [np.array([0, 1, 2, 3]), np.array([0, 1, 0, 1])])
    assert refusal(lambda: search(far, [Demand(KAnonymity(4))], Loss(), budget=1)) == ("budget", "search_budget_spent")

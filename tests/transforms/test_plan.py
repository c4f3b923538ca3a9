"""The plan is the best combination of levels that holds: compared with trying all, with a loss computed anew."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import transforms.plan
import transforms.planning.measures
from terms.findings import Refused
from terms.policy import Policy
from terms.survey import Role
from tests.builders import codebook, integer_qi, single, survey
from tests.transforms.engine import Engine
from transforms.generalise import classes_query, generalise_query, tuples_query
from transforms.plan import search_plan, search_plans

ENGINE = Engine()
QUASI = Role.QUASI_IDENTIFIER
AGE = integer_qi("age", 1, 4, [1, 3, 5])
REGION = single("region", "abc", role=QUASI, groups=[{"ab": "ab", "c_": "c"}])
GENDER = single("gender", "fm", role=QUASI)
SENSITIVE = single("s1", "xy", role=Role.SENSITIVE)


def town(*columns, k=3, l=1, breaks=True):
    made = survey([*columns, single("q1", "xy")], policy=Policy(k=k, rounding=1, l=l))
    return made if breaks else replace(made, tables=made.tables[:1])


def tuples(people) -> pl.DataFrame:
    """Distinct records with their number."""
    counted = Counter(tuple(sorted(person.items())) for person in people)
    return pl.DataFrame([dict(key) | {"people": n} for key, n in counted.items()])


def entropy(counts) -> float:
    total = sum(counts)
    return -sum(n / total * math.log2(n / total) for n in counts if n)


def loss_of(hierarchies, people, node) -> float:
    """Each quasi-identifier's share of entropy given up, added."""
    lost = 0.0
    for hierarchy, level in zip(hierarchies, node, strict=True):
        exact = entropy(Counter(person[hierarchy.variable] for person in people).values())
        groups = Counter(hierarchy.levels[level].group_of[person[hierarchy.variable]] for person in people)
        lost += 1 - entropy(groups.values()) / exact if exact else 0.0
    return lost


def all_that_hold(survey, people):
    """(breaks lost, loss, levels) of every node that holds, the best first, by trying all."""
    hierarchies = [column.hierarchy for column in survey.quasi_identifiers]
    found = []
    for node in product(*(range(hierarchy.height + 1) for hierarchy in hierarchies)):
        classes = defaultdict(list)
        for person in people:
            key = tuple(h.levels[n].group_of[person[h.variable]] for h, n in zip(hierarchies, node, strict=True))
            classes[key].append(person)
        holds = all(
            len(members) >= survey.policy.k
            and all(len({m[c.name] for m in members}) >= survey.policy.l for c in survey.by_role(Role.SENSITIVE))
            for members in classes.values()
        )
        if holds:
            lost = sum(h.variable in survey.breaks and n == h.height for h, n in zip(hierarchies, node, strict=True))
            found.append((lost, round(loss_of(hierarchies, people, node), 9), node))
    return sorted(found)


person = {"age": st.sampled_from(["1", "2", "3", "4", "_NA"]), "region": st.sampled_from(["a", "b", "c"])}
crowds = st.lists(
    st.fixed_dictionaries({**person, "gender": st.sampled_from("fm"), "s1": st.sampled_from(["x", "y", "_NA"])}),
    min_size=3,
    max_size=40,
)


@settings(max_examples=80, deadline=None)
@given(crowds, st.sampled_from([3, 5]), st.sampled_from([1, 2]), st.booleans())
def test_the_plan_is_the_best_of_all_that_hold(people, k, l, breaks):
    declared = town(AGE, REGION, GENDER, SENSITIVE, k=k, l=l, breaks=breaks)
    holding = all_that_hold(declared, people)
    if not holding:
        with pytest.raises(Refused, match="plan_impossible"):
            search_plan(declared, tuples(people))
        return
    plan = search_plan(declared, tuples(people))
    assert (plan.breaks_lost, levels_of(plan)) == (holding[0][0], holding[0][2])
    assert plan.loss == pytest.approx(holding[0][1] / 3, abs=1e-8)
    assert plan.proven


@settings(max_examples=60, deadline=None)
@given(crowds, st.sampled_from([3, 5]), st.booleans())
def test_each_further_plan_is_the_best_that_says_something_new(people, k, breaks):
    """Of all nodes that hold, best first: each that is finer somewhere than every one taken before it."""
    declared = town(AGE, REGION, GENDER, SENSITIVE, k=k, breaks=breaks)
    wanted = []
    for _, _, node in all_that_hold(declared, people):
        if all(any(mine < theirs for mine, theirs in zip(node, taken, strict=True)) for taken in wanted):
            wanted.append(node)
    if wanted:
        plans = search_plans(declared, tuples(people), most=4)
        assert [levels_of(plan) for plan in plans] == wanted[:4]
        assert plans[0] == search_plan(declared, tuples(people))


@settings(max_examples=25, deadline=None)
@given(crowds, st.randoms())
def test_the_order_of_tuples_changes_nothing(people, order):
    declared = town(AGE, REGION, GENDER, k=3, l=1)
    frame = tuples([{name: p[name] for name in ("age", "region", "gender")} for p in people])
    shuffled = frame[order.sample(range(frame.height), frame.height)]
    assert search_plan(declared, frame) == search_plan(declared, shuffled)


def levels_of(plan) -> tuple[int, ...]:
    return tuple(plan.levels[name] for name in ("age", "region", "gender"))


def crowd(**counts) -> list[dict]:
    """``a3=4``: four people of region a and age 3."""
    return [{"region": key[0], "age": key[1:]} for key, n in counts.items() for _ in range(n)]


def test_exact_values_stay_where_every_class_is_large_enough():
    plan = search_plan(town(AGE, REGION), tuples(crowd(a1=3, b2=3, c4=5)))
    assert dict(plan.levels) == {"age": 0, "region": 0}
    assert (plan.loss, plan.smallest_class, plan.classes, plan.proven) == (0, 3, 3, True)


def test_one_person_too_few_costs_a_level():
    plan = search_plan(town(AGE, REGION), tuples(crowd(a1=3, a2=2, b3=3, c3=3)))
    assert dict(plan.levels) == {"age": 1, "region": 0}
    assert (plan.smallest_class, plan.classes) == (3, 3)


def test_loss_is_the_share_of_entropy_given_up():
    """Four equal ages have two bits, two bands of them one bit: half of one of two quasi-identifiers is lost."""
    people = [{"age": str(age), "region": "a"} for age in (1, 2, 3, 4) for _ in range(2)]
    assert search_plan(town(AGE, REGION), tuples(people)).loss == pytest.approx(0.25)


def test_a_break_is_kept_where_giving_it_up_would_cost_less_detail():
    """Both at level 1 give up 0.53 + 0.53 of their entropy, one of them at ``*`` gives up 1: but it is a break."""
    north = single("north", "abc", role=QUASI, groups=[{"ab": "ab", "c_": "c"}])
    south = single("south", "abc", role=QUASI, groups=[{"ab": "ab", "c_": "c"}])
    sizes = {"aa": 10, "bb": 10, "ab": 1, "ba": 1, "cc": 3, "ac": 1, "bc": 2, "ca": 1, "cb": 2}
    people = [{"north": pair[0], "south": pair[1]} for pair, n in sizes.items() for _ in range(n)]
    kept = search_plan(town(north, south), tuples(people))
    assert dict(kept.levels) == {"north": 1, "south": 1}
    given_up = search_plan(town(north, south, breaks=False), tuples(people))
    assert dict(given_up.levels) == {"north": 0, "south": 2}
    assert given_up.loss == pytest.approx(0.5) and kept.loss > 0.53


def test_between_equals_the_earlier_column_stays_finer():
    north = single("north", "ab", role=QUASI)
    south = single("south", "ab", role=QUASI)
    people = [{"north": n, "south": s} for n, s in product("ab", "ab") for _ in range(2)]
    assert dict(search_plan(town(north, south), tuples(people)).levels) == {"north": 0, "south": 1}
    assert dict(search_plan(town(south, north), tuples(people)).levels) == {"south": 0, "north": 1}


def test_a_class_in_which_everybody_gave_the_same_sensitive_answer_is_merged():
    people = [{"region": r, "s1": s} for r, s in ("ax", "ax", "ax", "bx", "by", "by", "cx", "cy", "cy")]
    assert dict(search_plan(town(REGION, SENSITIVE, l=1), tuples(people)).levels) == {"region": 0}
    assert dict(search_plan(town(REGION, SENSITIVE, l=2), tuples(people)).levels) == {"region": 1}


def test_where_all_agree_no_plan_has_two_sensitive_values():
    people = [{"region": r, "s1": "x"} for r in "aaabbbccc"]
    with pytest.raises(Refused, match="plan_impossible"):
        search_plan(town(REGION, SENSITIVE, l=2), tuples(people))


def test_fewer_than_k_people_have_no_plan():
    with pytest.raises(Refused) as refused:
        search_plan(town(REGION, k=10), tuples([{"region": "a"}] * 9))
    assert [(f.rule, dict(f.facts)) for f in refused.value.findings] == [("plan_impossible", {"k": 10})]
    assert dict(search_plan(town(REGION, k=10), tuples([{"region": "a"}] * 10)).levels) == {"region": 0}


def test_what_is_reached_is_measured_by_hand():
    """Of nine people three are ill. Class a: 1 of 3, as all are; b: 0 of 3, 1/3 away; c: 2 of 3, 1/3 away."""
    people = [{"region": r, "s1": s} for r, s in ("ax", "ay", "ay", "by", "by", "by", "cx", "cx", "cy")]
    plan = search_plan(town(REGION, SENSITIVE), tuples(people))
    assert dict(plan.levels) == {"region": 0}
    assert (plan.reached.k, dict(plan.reached.l), dict(plan.reached.t)) == (3, {"s1": 1}, {"s1": pytest.approx(1 / 3)})


def test_many_values_are_measured_in_parts(monkeypatch):
    people = [{"region": r, "s1": s} for r, s in ("ax", "ay", "ay", "by", "by", "by", "cx", "cx", "cy")]
    whole = search_plan(town(REGION, SENSITIVE), tuples(people))
    monkeypatch.setattr(transforms.planning.measures, "PART", 1)
    assert search_plan(town(REGION, SENSITIVE), tuples(people)).reached == whole.reached


def wide(columns: int, people: int):
    """A survey of many quasi-identifiers of four levels, and a crowd in which few values are common."""
    dice = random.Random(8)
    groups = [{"A": "ab", "B": "cd", "C": "ef", "D": "gh"}, {"X": "abcd", "Y": "efgh"}]
    names = [f"v{number}" for number in range(columns)]
    crowd = [{name: dice.choices("abcdefgh", [2.0**-n for n in range(8)])[0] for name in names} for _ in range(people)]
    return town(*(single(name, "abcdefgh", role=QUASI, groups=groups) for name in names), k=5), crowd


def test_eight_quasi_identifiers_of_four_levels_are_proven():
    declared, people = wide(8, 400)
    plan = search_plan(declared, tuples(people))
    assert plan.proven and plan.smallest_class >= 5 and plan.breaks_lost < 8
    assert plan.nodes_checked < 4**8 / 20


def test_where_the_budget_ends_first_the_plan_holds_and_says_what_the_best_may_be(monkeypatch):
    declared, people = wide(5, 200)
    best = search_plan(declared, tuples(people))
    monkeypatch.setattr(transforms.plan, "BUDGET", best.nodes_checked * 500)
    (plan,) = search_plans(declared, tuples(people), most=3)
    assert not plan.proven and plan.smallest_class >= 5
    assert plan.bound <= (best.breaks_lost, best.loss) <= (plan.breaks_lost, plan.loss)
    monkeypatch.setattr(transforms.plan, "BUDGET", 1)
    with pytest.raises(Refused, match="plan_budget_spent"):
        search_plan(declared, tuples(people))


def test_where_their_budget_ends_first_there_are_fewer_plans_and_those_are_proven(monkeypatch):
    declared, people = wide(5, 200)
    plans = search_plans(declared, tuples(people), most=3)
    assert len(plans) == 3 and all(plan.proven for plan in plans)
    lengths = set()
    for budget in (1, 400_000, 4_000_000):
        monkeypatch.setattr(transforms.plan, "OTHERS_BUDGET", budget)
        fewer = search_plans(declared, tuples(people), most=3)
        lengths.add(len(fewer))
        assert fewer == plans[: len(fewer)]
    assert min(lengths) == 1


def test_a_survey_without_quasi_identifiers_is_one_class():
    people = tuples([{"s1": s} for s in "xxyyy"])
    plan = search_plan(town(SENSITIVE, l=2), people)
    assert (dict(plan.levels), plan.loss, plan.classes, plan.smallest_class) == ({}, 0, 1, 5)
    with pytest.raises(Refused, match="plan_impossible"):
        search_plan(town(SENSITIVE, k=6), people)


@settings(max_examples=25, deadline=None)
@given(crowds)
def test_what_the_shore_counts_in_the_warehouse_is_what_the_plan_measured(people):
    """The shore counts people anew, in SQL over the anonymised layer; both must come to the same k and l."""
    declared = town(AGE, REGION, GENDER, SENSITIVE)
    frame = pl.DataFrame(people).with_columns(person=pl.int_range(pl.len()).cast(pl.String), q1=pl.lit("x"))
    ENGINE.fill("clean", declared, frame)
    plan = search_plan(declared, ENGINE.run(tuples_query(declared)))
    generalised = generalise_query(declared, replace(codebook(declared), levels=dict(plan.levels)))
    ENGINE.fill("anonymised", declared, ENGINE.run(generalised))
    counted = ENGINE.run(classes_query(declared))
    assert (counted.height, counted["people"].min()) == (plan.classes, plan.reached.k)
    assert counted["distinct_s1"].min() == plan.reached.l["s1"]

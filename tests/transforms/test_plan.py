"""The plan is the best combination of levels that holds: found by trying all of them, with a loss computed anew."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import transforms.plan
from terms.findings import Refused
from terms.policy import Policy
from terms.survey import Role
from tests.builders import integer_qi, single, survey
from transforms.plan import search_plan

QUASI = Role.QUASI_IDENTIFIER
AGE = integer_qi("age", 1, 4, [1, 3, 5])
REGION = single("region", "abc", role=QUASI, groups=[{"ab": "ab", "c_": "c"}])
GENDER = single("gender", "fm", role=QUASI)
SENSITIVE = single("s1", "xy", role=Role.SENSITIVE)


def town(*columns, k=3, l=1, breaks=True):  # noqa: E741 - the field's own name
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


def best(survey, people):
    """(breaks lost, loss, levels) of the best node, by trying all; None where none holds."""
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
    return min(found, default=None)


person = {"age": st.sampled_from(["1", "2", "3", "4", "_NA"]), "region": st.sampled_from(["a", "b", "c"])}
crowds = st.lists(
    st.fixed_dictionaries({**person, "gender": st.sampled_from("fm"), "s1": st.sampled_from(["x", "y", "_NA"])}),
    min_size=3,
    max_size=40,
)


@settings(max_examples=80, deadline=None)
@given(crowds, st.sampled_from([3, 5]), st.sampled_from([1, 2]), st.booleans())
def test_the_plan_is_the_best_of_all_that_hold(people, k, l, breaks):  # noqa: E741
    declared = town(AGE, REGION, GENDER, SENSITIVE, k=k, l=l, breaks=breaks)
    wanted = best(declared, people)
    if wanted is None:
        with pytest.raises(Refused, match="plan_impossible"):
            search_plan(declared, tuples(people))
        return
    plan = search_plan(declared, tuples(people))
    assert tuple(plan.levels[name] for name in ("age", "region", "gender")) == wanted[2]
    assert plan.loss == pytest.approx(wanted[1] / 3, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(crowds, st.randoms())
def test_the_order_of_tuples_changes_nothing(people, order):
    declared = town(AGE, REGION, GENDER, k=3, l=1)
    frame = tuples([{name: p[name] for name in ("age", "region", "gender")} for p in people])
    shuffled = frame[order.sample(range(frame.height), frame.height)]
    assert search_plan(declared, frame) == search_plan(declared, shuffled)


def crowd(**counts) -> list[dict]:
    """``a3=4``: four people of region a and age 3."""
    return [{"region": key[0], "age": key[1:]} for key, n in counts.items() for _ in range(n)]


def test_exact_values_stay_where_every_class_is_large_enough():
    plan = search_plan(town(AGE, REGION), tuples(crowd(a1=3, b2=3, c4=5)))
    assert dict(plan.levels) == {"age": 0, "region": 0}
    assert (plan.loss, plan.smallest_class, plan.classes, plan.nodes_checked) == (0, 3, 3, 1)


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


def test_more_combinations_than_can_be_tried_are_refused(monkeypatch):
    monkeypatch.setattr(transforms.plan, "LARGEST_LATTICE", 11)
    with pytest.raises(Refused) as refused:
        search_plan(town(AGE, REGION, GENDER), tuples([{"age": "1", "region": "a", "gender": "f"}] * 3))
    # 3 * 3 * 2 levels
    assert dict(refused.value.findings[0].facts) == {"nodes": 18, "most": 11}
    assert refused.value.findings[0].rule == "plan_lattice_too_large"


def test_progress_is_told():
    told = []
    search_plan(town(AGE, REGION), tuples(crowd(a1=3, a2=2, b3=3)), lambda done, of: told.append((done, of)))
    assert told == [(number, 9) for number in range(1, len(told) + 1)] and len(told) > 1

"""Generalising: a person's tuple depends on her own record and the frozen codebook alone."""

from __future__ import annotations

from collections import Counter, defaultdict

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.survey import Role
from tests.builders import codebook, integer_qi, multiple, plain, single, survey
from tests.transforms.engine import Engine, column
from transforms.generalise import classes_query, generalise_query, tuples_query

ENGINE = Engine()

TOWN = survey(
    [
        integer_qi("age", 10, 29, [10, 20, 30]),
        single("region", "abc", role=Role.QUASI_IDENTIFIER, groups=[{"ab": "ab", "c_": "c"}]),
        single("q1", "xy"),
        single("s1", "xy", role=Role.SENSITIVE),
        multiple("s2", "xy", role=Role.SENSITIVE),
        plain("weight", Role.WEIGHT),
    ]
)

people = st.lists(
    st.fixed_dictionaries(
        {
            "age": st.sampled_from(["10", "19", "20", "29", "_NA"]),
            "region": st.sampled_from(["a", "b", "c", "_NA"]),
            "q1": st.sampled_from(["x", "_NA"]),
            "s1": st.sampled_from(["x", "y", "_NA"]),
            "s2": st.sampled_from([(0, 0), (0, 1), (1, 0), (None, None)]),
        }
    ),
    min_size=1,
    max_size=25,
)


def fill(layer, persons, survey=TOWN) -> None:
    frame = pl.DataFrame(
        {
            "person": [f"p{number}" for number in range(len(persons))],
            **{name: [person[name] for person in persons] for name in ("age", "region", "q1", "s1")},
            **{f"s2__{code}": [person["s2"][i] for person in persons] for i, code in enumerate("xy")},
        },
        schema_overrides={"s2__x": pl.Int32, "s2__y": pl.Int32},
    ).with_columns(weight=pl.lit("1.5").cast(pl.Decimal(18, 6)))
    ENGINE.fill(layer, survey, frame)


@pytest.mark.parametrize(
    ("levels", "tuples"),
    [
        ({}, [("19", "a"), ("20", "c"), ("_NA", "_NA")]),
        ({"age": 1}, [("10-19", "a"), ("20-29", "c"), ("_NA", "_NA")]),
        ({"age": 1, "region": 1}, [("10-19", "ab"), ("20-29", "c_"), ("_NA", "_NA")]),
        ({"age": 2, "region": 2}, [("*", "*")] * 3),
    ],
)
def test_codes_become_the_groups_of_the_frozen_level(levels, tuples):
    same = {"q1": "x", "s1": "y", "s2": (1, 0)}
    fill("clean", [{"age": a, "region": r, **same} for a, r in [("19", "a"), ("20", "c"), ("_NA", "_NA")]])
    frame = ENGINE.run(generalise_query(TOWN, codebook(TOWN, levels)))
    assert frame.columns == ["age", "region", "q1", "s1", "s2__x", "s2__y", "weight"]
    assert sorted(frame.select("age", "region").rows()) == sorted(tuples)
    assert set(frame.drop("age", "region").rows()) == {("x", "y", 1, 0, frame["weight"][0])}


def test_a_code_that_the_hierarchy_does_not_know_has_no_group():
    fill("clean", [{"age": "30", "region": "'; --", "q1": "x", "s1": "x", "s2": (0, 0)}])
    frame = ENGINE.run(generalise_query(TOWN, codebook(TOWN, {"age": 1, "region": 2})))
    assert frame.select("age", "region").row(0) == (None, None)


@settings(max_examples=30, deadline=None)
@given(people, st.integers(0, 24))
def test_the_tuple_of_a_person_does_not_depend_on_others(persons, who):
    who %= len(persons)
    query = generalise_query(TOWN, codebook(TOWN, {"age": 1, "region": 1}))
    fill("clean", persons)
    together = ENGINE.run(query).rows()
    fill("clean", [persons[who]])
    (alone,) = ENGINE.run(query).rows()
    assert alone in together


@settings(max_examples=30, deadline=None)
@given(people)
def test_classes_are_counted_as_plain_python_counts_them(persons):
    fill("anonymised", persons)
    frame = ENGINE.run(classes_query(TOWN))
    classes = defaultdict(list)
    for person in persons:
        classes[person["age"], person["region"]].append(person)
    expected = [
        (len(members), len({m["s1"] for m in members}), len({m["s2"] for m in members})) for members in classes.values()
    ]
    assert frame.columns == ["people", "distinct_s1", "distinct_s2"]
    assert sorted(frame.rows()) == sorted(expected)


@settings(max_examples=30, deadline=None)
@given(people)
def test_tuples_hold_everybody_once(persons):
    fill("clean", persons)
    frame = ENGINE.run(tuples_query(TOWN))
    counted = Counter((p["age"], p["region"], p["s1"], p["s2"]) for p in persons)
    assert frame.columns == ["age", "region", "s1", "s2", "people"]
    assert sorted(column(frame, "people")) == sorted(counted.values())
    keys = {(age, region, s1) for age, region, s1, _ in counted}
    assert set(frame.select("age", "region", "s1").rows()) == keys


@settings(max_examples=10, deadline=None)
@given(people, st.randoms())
def test_the_order_of_people_changes_nothing(persons, order):
    results = []
    for arranged in (persons, order.sample(persons, len(persons))):
        fill("clean", arranged)
        fill("anonymised", arranged)
        results.append((ENGINE.run(tuples_query(TOWN)).rows(), ENGINE.run(classes_query(TOWN)).rows()))
    assert results[0] == results[1]


def test_without_quasi_identifiers_everybody_is_one_class():
    town = survey([single("q1", "xy")])
    ENGINE.fill("anonymised", town, pl.DataFrame({"q1": ["x", "y", "y"]}))
    ENGINE.fill("clean", town, pl.DataFrame({"q1": ["x", "y", "y"]}))
    assert ENGINE.run(classes_query(town)).to_dicts() == [{"people": 3}]
    assert ENGINE.run(tuples_query(town)).to_dicts() == [{"people": 3}]

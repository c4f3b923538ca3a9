"""Counts are people counted one by one, in every cell of every table, whatever order they came in."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.survey import Role, TableSpec
from tests.builders import codebook, multiple, plain, single, survey
from tests.transforms.engine import Engine
from transforms.tabulate import COUNTS_SCHEMA, Tables, count_query, counts_frame

ENGINE = Engine()

Q_MERGED = single("q2", "xyz")
Q_MERGED = replace(Q_MERGED, options=(*Q_MERGED.options[:2], replace(Q_MERGED.options[2], includes_no_answer=True)))
COLUMNS = [
    single("age", "ab", role=Role.QUASI_IDENTIFIER),
    single("region", "abc", role=Role.QUASI_IDENTIFIER, groups=[{"ab": "ab", "c_": "c"}]),
    single("q1", "xyz"),
    Q_MERGED,
    multiple("q3", ["x", "y", "1.0"], separator=","),
    multiple("q4", "xy", role=Role.SENSITIVE),
]
TABLES = tuple(
    TableSpec(name=f"{row}_by_{col}" if col else row, row=row, col=col)
    for row in ("age", "q1", "q2", "q3", "q4")
    for col in (None, "age", "region")
    if row != col
)
TOWN = survey(COLUMNS, tables=TABLES)
WEIGHTED = survey([*COLUMNS, plain("w", Role.WEIGHT)], tables=TABLES)
OPTIONS = {"q3": ["x", "y", "1.0"], "q4": ["x", "y"]}
CATEGORIES = {
    "age": ["a", "b", "_NA"],
    "region": ["a", "b", "c", "_NA"],
    "q1": ["x", "y", "z", "_NA"],
    "q2": ["x", "y", "z"],
    **{name: [*options, "_NA"] for name, options in OPTIONS.items()},
}

choice = st.one_of(st.none(), st.sets(st.sampled_from(["x", "y", "1.0"])))
persons = st.lists(
    st.fixed_dictionaries(
        {
            "age": st.sampled_from(["a", "b", "_NA"]),
            "region": st.sampled_from(["a", "c", "_NA"]),
            "q1": st.sampled_from(["x", "z", "_NA"]),
            "q2": st.sampled_from(["x", "z"]),
            "q3": choice,
            "q4": choice,
            "w": st.sampled_from([Decimal("0.01"), Decimal("0.000001"), Decimal("1.33"), Decimal(1000)]),
        }
    ),
    max_size=30,
)


def micro(people) -> pl.DataFrame:
    """The anonymised layer, one line a person."""
    columns = {name: [person[name] for person in people] for name in ("age", "region", "q1", "q2")}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    for name, options in OPTIONS.items():
        for option in options:
            marks = [None if person[name] is None else int(option in person[name]) for person in people]
            frame = frame.with_columns(pl.Series(f"{name}__{option}", marks, pl.Int32))
    return frame.with_columns(pl.Series("weight", [person["w"] for person in people], pl.Decimal(18, 6)))


def tabulated(people, town=TOWN, levels=None) -> pl.DataFrame:
    ENGINE.fill("anonymised", town, micro(people))
    book = codebook(town, levels)
    tables = Tables.of(town, book)
    counted = {row: ENGINE.run(count_query(town, tables, row)) for row in tables.rows()}
    return counts_frame(town, book, tables, counted)


def is_in(person, variable, code) -> bool:
    """Whether a person belongs to a row or a column, by the meaning of its code."""
    answer = person[variable]
    if code == "_T":
        return True
    if variable not in OPTIONS:
        return answer != "_NA" if code == "_ANS" else answer == code
    if code in {"_ANS", "_NA"}:
        return (answer is None) == (code == "_NA")
    return answer is not None and code in answer


def by_hand(people, weighted) -> list[tuple]:
    lines = []
    for spec in TABLES:
        cols = [*CATEGORIES[spec.col], "_T"] if spec.col else ["_T"]
        for row in [*CATEGORIES[spec.row], *(["_ANS"] if spec.row.startswith("q") else []), "_T"]:
            for col in cols:
                inside = [
                    person
                    for person in people
                    if is_in(person, spec.row, row) and (spec.col is None or is_in(person, spec.col, col))
                ]
                total = sum((person["w"] for person in inside), Decimal(0)) if weighted else None
                lines.append((spec.name, spec.row, row, spec.col or "_T", col, len(inside), total))
    return lines


@settings(max_examples=40, deadline=None)
@given(persons.filter(len), st.booleans())
def test_every_cell_is_the_people_counted_one_by_one(people, weighted):
    frame = tabulated(people, WEIGHTED if weighted else TOWN)
    assert dict(frame.schema) == COUNTS_SCHEMA
    assert frame.rows() == by_hand(people, weighted)


@settings(max_examples=15, deadline=None)
@given(persons.filter(len), st.randoms())
def test_the_order_of_people_changes_nothing(people, order):
    shuffled = order.sample(people, len(people))
    assert tabulated(people, WEIGHTED).equals(tabulated(shuffled, WEIGHTED))


def test_where_nobody_answered_every_cell_is_there_and_zero():
    assert tabulated([]).rows() == by_hand([], weighted=False)


def test_weights_add_up_to_the_last_digit():
    """A tenth, ten times, in binary fractions is less than one."""
    people = [_person(w=Decimal("0.1"), q1="x", q3={"x"}) for _ in range(10)]
    frame = tabulated(people, WEIGHTED).filter(pl.col("table") == "q1")
    assert frame.filter(pl.col("row") == "x")["weighted_total"].to_list() == [Decimal(1)]


def _person(**changes):
    return {"age": "a", "region": "a", "q1": "x", "q2": "x", "q3": None, "q4": None, "w": Decimal(1)} | changes


def test_the_answering_base_counts_people_and_not_mentions():
    people = [_person(q3={"x", "y"}), _person(q3=set()), _person(q3=None)]
    counted = dict(tabulated(people).filter(pl.col("table") == "q3").select("row", "respondents").rows())
    assert counted == {"x": 1, "y": 1, "1.0": 0, "_NA": 1, "_ANS": 2, "_T": 3}


@settings(max_examples=15, deadline=None)
@given(persons.filter(len))
def test_what_must_add_up_adds_up(people):
    frame = tabulated(people)
    for (name, row), line in frame.group_by("table", "row"):
        counts = dict(line.select("col", "respondents").rows())
        if len(counts) > 1:
            assert sum(counts.values()) == 2 * counts["_T"], (name, row)
    for (_, col, row_var), line in frame.group_by("table", "col", "row_var"):
        counts = dict(line.select("row", "respondents").rows())
        parts = sum(n for row, n in counts.items() if row not in {"_NA", "_ANS", "_T"})
        if row_var in {"q1", "q2"}:
            assert parts == counts["_ANS"]
        if row_var == "age":
            assert parts + counts["_NA"] == counts["_T"]
        else:
            assert counts["_ANS"] + counts.get("_NA", 0) == counts["_T"], col


@pytest.mark.parametrize(
    ("levels", "names"),
    [
        ({}, [spec.name for spec in TABLES]),
        ({"region": 2}, [spec.name for spec in TABLES if spec.col != "region"]),
        ({"age": 1}, [spec.name for spec in TABLES if "age" not in (spec.row, spec.col)]),
        ({"age": 1, "region": 2}, ["q1", "q2", "q3", "q4"]),
    ],
)
def test_a_variable_generalised_to_everybody_has_no_table(levels, names):
    assert [spec.name for spec in Tables.of(TOWN, codebook(TOWN, levels)).specs] == names


def test_breaks_are_told_apart_however_many_there_are():
    """Five breaks with the same codes: each two-way table counts its own."""
    breaks = [single(f"b{n}", "ab", role=Role.QUASI_IDENTIFIER) for n in range(5)]
    town = survey([*breaks, single("q1", "x")])
    order = random.Random(7)
    people = [{f"b{n}": order.choice("ab") for n in range(5)} | {"q1": "x"} for _ in range(40)]
    ENGINE.fill("anonymised", town, pl.DataFrame(people))
    tables = Tables.of(town, codebook(town))
    frame = counts_frame(town, codebook(town), tables, {"q1": ENGINE.run(count_query(town, tables, "q1"))})
    for n in range(5):
        table = frame.filter((pl.col("table") == f"q1_by_b{n}") & (pl.col("row") == "x"))
        counted = dict(table.select("col", "respondents").rows())
        assert counted["a"] == sum(person[f"b{n}"] == "a" for person in people)


@pytest.mark.parametrize("code", ["chosen_x", "x y", "A.b+c-d", "answered", "weight_x"])
def test_a_code_can_be_any_declared_code(code):
    town = survey([single("chosen_x", "ab", role=Role.QUASI_IDENTIFIER), multiple("m", [code, "x"])])
    frame = pl.DataFrame({"chosen_x": ["a", "b", "b"], f"m__{code}": [1, 0, None], "m__x": [1, 1, None]})
    ENGINE.fill("anonymised", town, frame)
    tables = Tables.of(town, codebook(town))
    counts = counts_frame(town, codebook(town), tables, {"m": ENGINE.run(count_query(town, tables, "m"))})
    assert dict(counts.filter(pl.col("table") == "m").select("row", "respondents").rows()) == {
        code: 1,
        "x": 2,
        "_NA": 1,
        "_ANS": 2,
        "_T": 3,
    }

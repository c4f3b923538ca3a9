"""What is said of a plan's tables, and of merging two groups, is what counting people anew comes to."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.codebook import Codebook
from terms.policy import NoAnswer, Policy
from terms.survey import Role, Survey
from tests.builders import codebook, multiple, single, survey
from tests.transforms.engine import Engine
from transforms.generalise import generalise_query
from transforms.planning.merging import neighbours, suggest_merges
from transforms.planning.outlook import outlook
from transforms.tabulate import Tables, count_query, counts_frame

ENGINE = Engine()
QUASI = Role.QUASI_IDENTIFIER
AREA = single("area", "abcd", role=QUASI, groups=[{"ab": "ab", "cd": "cd"}])
KINDS = {"q1": "single", "q2": "multiple"}
K = 4


def town(no_answer=NoAnswer.CELL) -> Survey:
    asked = [single("q1", "xyz"), multiple("q2", "mn", separator="/")]
    return survey([AREA, *asked], policy=Policy(k=K, rounding=1, no_answer=no_answer))


def count(declared: Survey, people, levels=None) -> tuple[pl.DataFrame, Codebook]:
    """The counts frame of some people under a codebook."""
    frozen = codebook(declared, levels)
    frame = pl.DataFrame(
        {name: [person[name] for person in people] for name in ("area", "q1")}
        | {f"q2__{code}": [person["q2"][place] for person in people] for place, code in enumerate("mn")},
        schema_overrides={"q2__m": pl.Int32, "q2__n": pl.Int32},
    )
    ENGINE.fill("clean", declared, frame)
    ENGINE.fill("anonymised", declared, ENGINE.run(generalise_query(declared, frozen)))
    tables = Tables.of(declared, frozen)
    counted = {row: ENGINE.run(count_query(declared, tables, row)) for row in tables.rows()}
    return counts_frame(declared, frozen, tables, counted), frozen


def cells_of(people, withheld) -> Counter:
    """People in every cell, the answering base too, of the totals and of each area; written down in plain words."""
    cells = Counter()
    for person in people:
        for place in ("_T", person["area"]):
            # The total column stands in two tables: by itself and beside the areas.
            times = 2 if place == "_T" else 1
            for question, said in (("q1", [person["q1"]]), ("q2", chosen(person["q2"]))):
                if question not in withheld:
                    base = [] if said == ["_NA"] else ["_ANS"]
                    for row in [*said, *base]:
                        for copy in range(times):
                            cells[question, place, row, copy] += 1
    return cells


def chosen(both) -> list[str]:
    return ["_NA"] if both[0] is None else [code for code, one in zip("mn", both, strict=True) if one]


def small(people, withheld, *, in_break=False, residual=False) -> int:
    cells = cells_of(people, withheld).items()
    return sum(
        0 < n < K and not (in_break and copy) and not (residual and row == "_NA") for (_, _, row, copy), n in cells
    )


crowds = st.lists(
    st.fixed_dictionaries(
        {
            "area": st.sampled_from("abcd"),
            "q1": st.sampled_from(["x", "y", "z", "_NA"]),
            "q2": st.sampled_from([(0, 0), (0, 1), (1, 0), (1, 1), (None, None)]),
        }
    ),
    min_size=4,
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(crowds, st.sampled_from(list(NoAnswer)))
def test_small_cells_and_smallest_groups_are_as_counted_by_hand(people, no_answer):
    declared = town(no_answer)
    seen = outlook(count(declared, people)[0], KINDS, declared)
    assert seen.small == small(people, seen.withheld, residual=no_answer is NoAnswer.RESIDUAL)
    assert dict(seen.groups) == {"area": min(Counter(person["area"] for person in people).values())}


@settings(max_examples=40, deadline=None)
@given(crowds)
def test_a_merge_brings_back_what_counting_the_merged_people_says(people):
    declared = town()
    counts, frozen = count(declared, people)
    seen = outlook(counts, KINDS, declared)
    merges = {merge.groups: merge for merge in suggest_merges(counts, KINDS, declared, frozen, seen)}
    for one, other in (("a", "b"), ("c", "d")):
        moved = [{**person, "area": one if person["area"] == other else person["area"]} for person in people]
        now, then = (small(crowd, seen.withheld, in_break=True) for crowd in (people, moved))
        freed = tuple(sorted(set(seen.withheld) - set(outlook(count(declared, moved)[0], KINDS, declared).withheld)))
        if then < now or freed:
            merge = merges.pop((one, other))
            assert (merge.small_now, merge.small_then, merge.freed) == (now, then, freed)
    assert merges == {}


def test_merging_two_small_groups_brings_four_cells_back():
    """a and b have 2 of x and 3 of y each: four small cells, of which two of 4 and 6 people are left."""
    people = [
        {"area": area, "q1": q1, "q2": (1, 0) if number % 2 else (0, 1)}
        for area, q1, times in (
            ("a", "x", 2),
            ("a", "y", 3),
            ("b", "x", 2),
            ("b", "y", 3),
            ("c", "x", 9),
            ("c", "y", 9),
        )
        for number in range(times)
    ]
    declared = replace(town(), tables=tuple(spec for spec in town().tables if spec.row == "q1"))
    counts, frozen = count(declared, people)
    (merge,) = suggest_merges(counts, KINDS, declared, frozen, outlook(counts, KINDS, declared))
    assert (merge.variable, merge.groups, merge.small_now, merge.small_then, merge.freed) == (
        "area",
        ("a", "b"),
        4,
        0,
        (),
    )


def test_a_merge_that_ends_agreement_frees_the_question():
    people = [
        {"area": area, "q1": q1, "q2": (None, None)}
        for area, q1, times in (("a", "x", 5), ("b", "x", 4), ("b", "y", 4), ("c", "x", 4), ("c", "y", 4))
        for _ in range(times)
    ]
    declared = replace(town(), tables=tuple(spec for spec in town().tables if spec.row == "q1"))
    counts, frozen = count(declared, people)
    seen = outlook(counts, KINDS, declared)
    assert dict(seen.withheld) == {"q1": ("q1_by_area",)}
    (merge,) = suggest_merges(counts, KINDS, declared, frozen, seen)
    assert (merge.groups, merge.freed) == (("a", "b"), ("q1",))


@pytest.mark.parametrize(
    ("level", "pairs"),
    [
        pytest.param(0, [("a", "b"), ("c", "d")], id="only_within_a_group_of_the_next_level"),
        pytest.param(1, [], id="two_groups_merged_would_leave_one"),
        pytest.param(2, [], id="nothing_is_above_all"),
    ],
)
def test_the_hierarchy_stays_nested(level, pairs):
    assert neighbours(AREA.hierarchy, level) == pairs
    flat = single("area", "abc", role=QUASI).hierarchy
    assert neighbours(flat, 0) == [("a", "b"), ("b", "c")]  # no answer is not a neighbour of c

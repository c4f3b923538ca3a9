"""Weighted figures stand only where exchanging people of the same weight leaves every answer open (R8)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.survey import Role
from tests.builders import codebook, multiple, plain, single, survey
from tests.transforms.engine import Engine
from transforms.tabulate import Tables
from transforms.weigh import weight_classes_query, weights_readable

ENGINE = Engine()
AGE = single("age", "ab", role=Role.QUASI_IDENTIFIER)


def classes(question, people) -> list[dict]:
    """What the query finds for people of (age, weight, answer); a multiple answer is a set or ``None``."""
    town = survey([AGE, question, plain("w", Role.WEIGHT)])
    frame = pl.DataFrame(
        {
            "age": [age for age, *_ in people],
            "weight": pl.Series([Decimal(weight) for _, weight, _ in people], dtype=pl.Decimal(18, 6)),
        }
    )
    if question.separator or question.in_own_columns:
        for option in question.options:
            marks = [None if chosen is None else int(option.code in chosen) for *_, chosen in people]
            frame = frame.with_columns(pl.Series(f"{question.name}__{option.code}", marks, pl.Int32))
    else:
        frame = frame.with_columns(pl.Series(question.name, [answer or "_NA" for *_, answer in people], pl.String))
    ENGINE.fill("anonymised", town, frame)
    tables = Tables.of(town, codebook(town))
    return ENGINE.run(weight_classes_query(town, tables, question.name)).to_dicts()


def readable(question, people, bar=2, rounding=5) -> bool:
    return weights_readable(classes(question, people), bar, rounding)


def crowd(*groups, age="a"):
    """(number, weight, answer) -> people."""
    return [(age, weight, answer) for number, weight, answer in groups for _ in range(number)]


Q = single("q", "xyz")


def test_one_heavy_person_among_light_ones_is_caught():
    """One of weight 5 among nine of 0.5: she alone is more than half of the weighted total."""
    people = crowd((1, "5", "x"), (5, "0.5", "x"), (4, "0.5", "y"))
    assert readable(Q, people)
    assert not readable(Q, crowd((6, "0.5", "x"), (4, "0.5", "y")))


def test_equal_weights_pass_where_enough_people_differ():
    assert not readable(Q, crowd((10, "1", "x"), (2, "1", "y")))
    assert readable(Q, crowd((10, "1", "x"), (1, "1", "y")))
    assert not readable(Q, crowd((10, "1", "x"), (3, "1", "y")), bar=3)
    assert readable(Q, crowd((10, "1", "x"), (2, "1", "y")), bar=3)


@pytest.mark.parametrize(
    ("heavy", "caught"),
    [("2.5", False), ("2.500001", True)],
)
def test_nobody_may_count_for_more_than_half_a_rounding_step(heavy, caught):
    """Weights around one: with a mean of exactly 1, the heaviest may count for 2.5 people where 5 is the step."""
    rest = (Decimal(40) - 4 * Decimal(heavy)) / 36
    people = crowd((2, heavy, "x"), (2, heavy, "y"), (18, rest, "x"), (18, rest, "y"))
    classes = [
        {"mask": 0, "weight": Decimal(weight), "answer": answer, "people": n}
        for (_, weight, answer), n in Counter(people).items()
    ]
    assert weights_readable(classes, 2, 5) is caught
    assert weights_readable(classes, 2, 10) is False


def test_a_weight_of_ones_own_is_caught():
    people = crowd((10, "1", "x"), (10, "1", "y"), (1, "1.01", "x"))
    assert readable(Q, people)
    assert readable(Q, [*people, ("a", "1.01", "y")])
    assert not readable(Q, [*people, *crowd((1, "1.01", "x"), (2, "1.01", "y"))])


def test_a_weight_whose_people_agree_in_one_break_group_is_caught():
    balanced = [*crowd((5, "1", "x"), (5, "1", "y")), *crowd((5, "1", "x"), (5, "1", "y"), age="b")]
    assert not readable(Q, balanced)
    split = [*crowd((10, "1", "x")), *crowd((10, "1", "y"), age="b")]
    assert readable(Q, split)


def test_those_who_did_not_answer_do_not_count():
    people = crowd((5, "1", "x"), (5, "1", "y"))
    assert not readable(Q, [*people, ("a", "900", None)])
    assert readable(Q, [*people, ("a", "900", "z")])


def test_nobody_at_all_is_nothing_to_show():
    assert weights_readable([], 2, 5)
    assert readable(Q, crowd((20, "1", None)))


# --- several options: each is a question of its own ------------------------------------------------

M = multiple("m", "xy")


def test_people_of_one_weight_who_all_chose_an_option_are_caught_though_their_patterns_differ():
    heavy = [(5, "1.5", {"x"}), (5, "1.5", {"x", "y"})]
    light = [(10, "1", {"x"}), (10, "1", {"y"})]
    assert readable(M, crowd(*heavy, *light))
    mixed = [*heavy, (3, "1.5", {"y"})]
    assert not readable(M, crowd(*mixed, *light))


@pytest.mark.parametrize(("others", "caught"), [(3, False), (2, True), (0, True)])
def test_of_an_option_one_more_than_the_bar_did_not_choose_it(others, caught):
    assert readable(M, crowd((9, "1", {"x"}), (others, "1", {"y"}))) is caught


def test_that_nobody_chose_an_option_may_be_read_unless_it_is_sensitive_on_both_sides():
    people = crowd((10, "1", {"x"}), (10, "1", set()))
    assert not readable(M, people)
    both = multiple("m", "xy", both_sides_sensitive=True)
    assert readable(both, people)
    assert not readable(both, [*people, *crowd((2, "1", {"y"}))])
    assert readable(both, [*people, *crowd((1, "1", {"y"}))])


people = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["0.5", "1", "2"]), st.sampled_from(["x", "y", None])), max_size=25
)


@settings(max_examples=30, deadline=None)
@given(people)
def test_the_query_counts_people_as_plain_python_does(people):
    lines = classes(Q, people)
    found = {
        (line["mask"], line["age"], str(line["weight"].normalize()), line["answer"]): line["people"] for line in lines
    }
    weights = {weight: str(Decimal(weight).normalize()) for weight in ("0.5", "1", "2")}
    told = [(age, weights[weight], answer) for age, weight, answer in people if answer]
    alone = Counter((1, None, weight, answer) for _, weight, answer in told)
    assert found == alone + Counter((0, age, weight, answer) for age, weight, answer in told)


def worlds_agree_on_somebody(group, weights) -> bool:
    """Whether some person's answer is the same in every world with the same weighted sums, by trying all worlds."""

    def sums(answers):
        return tuple(sum(w for w, a in zip(weights, answers, strict=True) if a == code) for code in "xy")

    same = [world for world in product("xy", repeat=len(group)) if sums(world) == sums(group)]
    return any(len({world[person] for world in same}) == 1 for person in range(len(group)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([Decimal(1), Decimal("1.5"), Decimal("1.7")]), st.sampled_from("xy")),
        min_size=2,
        max_size=9,
    )
)
def test_where_weighted_figures_stand_nobodys_answer_follows_from_exact_sums(people):
    weights, answers = [weight for weight, _ in people], [answer for _, answer in people]
    classes = [
        {"mask": 0, "weight": weight, "answer": answer, "people": n} for (weight, answer), n in Counter(people).items()
    ]
    if not weights_readable(classes, 2, 5):
        assert not worlds_agree_on_somebody(answers, weights)


def test_the_worlds_would_agree_where_weights_tell_people_apart():
    assert worlds_agree_on_somebody(["x", "y", "y"], [Decimal(5), Decimal(1), Decimal(1)])
    assert not worlds_agree_on_somebody(["x", "y"], [Decimal(1), Decimal(1)])

"""Whole random surveys and policies walk the road; what comes out is read by someone who has the answers beside her.

Counting, the reader and the oracle share no code with the house. That they find what is wrong is shown first.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings

from publishing.release import build_release
from terms.findings import Verdict
from terms.policy import Policy
from terms.survey import Role
from tests import builders
from tests.attacks import counting, short_road
from tests.attacks.reading_cells import complaints
from tests.attacks.roster_numbers import known_with_the_roster
from tests.attacks.short_road import Published, publish
from tests.strategies import Fieldwork, Person, fieldworks
from tests.transforms.engine import Engine
from transforms.generalise import generalise_query
from transforms.protect import protect
from transforms.tabulate import Tables, count_query, counts_frame

AFTERWARDS = date(2026, 7, 1)


def few(examples: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


def findings(published: Published) -> set[str]:
    """Everything the attacker finds, in the best case and in the printed figures, with and without a roster."""
    return {
        finding.rule
        for exact in (True, False)
        for roster in (True, False)
        for finding in published.attacked(exact=exact, roster=roster).findings
    }


# --- random surveys ------------------------------------------------------------------------------------


@few(40)
@given(fieldworks())
def test_no_published_cell_breaks_a_promise(fieldwork):
    published = publish(fieldwork)
    assume(published)
    assert complaints(published) == set()


@few(25)
@given(fieldworks())
def test_an_attacker_finds_nothing_in_what_is_published_and_would_find_a_leak(fieldwork):
    published = publish(fieldwork)
    assume(published)
    assert findings(published) == set()
    assert published.attacked(exact=True).verdict is Verdict.PASS
    assert published.attacker_is_sound()


@few(15)
@given(fieldworks(most=150))
def test_no_hidden_cell_is_known_to_a_reader_with_the_roster(fieldwork):
    published = publish(fieldwork)
    assume(published)
    assert known_with_the_roster(published) == set()


@pytest.mark.slow
@few(1000)
@given(fieldworks())
def test_a_thousand_surveys_keep_every_promise(fieldwork):
    published = publish(fieldwork)
    assume(published)
    assert complaints(published) | findings(published) == set()
    assert published.attacker_is_sound()


@few(8)
@given(fieldworks())
def test_neither_the_order_of_people_nor_that_of_tables_changes_a_published_byte(fieldwork):
    published, dice = publish(fieldwork), random.Random(0)
    assume(published)
    shuffled = replace(fieldwork, people=tuple(dice.sample(fieldwork.people, len(fieldwork.people))))
    again = publish(shuffled)
    assert again.cells.equals(published.cells)
    assert build_release(again.content()) == build_release(published.content())
    tables = dice.sample(fieldwork.survey.tables, len(fieldwork.survey.tables))
    turned = publish(replace(shuffled, survey=replace(fieldwork.survey, tables=tuple(tables))))
    assert set(turned.cells.rows()) == set(published.cells.rows())


@few(10)
@given(fieldworks())
def test_protecting_twice_or_line_by_line_in_another_order_is_the_same(fieldwork):
    published = publish(fieldwork)
    assume(published)
    order = random.Random(0).sample(range(published.counts.height), published.counts.height)
    known = counting.kinds_of(published.survey, published.counts), published.survey.policy, published.withheld
    assert protect(published.counts, *known).equals(published.protected)
    assert protect(published.counts[order], *known).equals(published.protected[order])


def export(fieldwork: Fieldwork) -> list[dict[str, str | None]]:
    """The lines of an export that says what these people said."""
    return [
        {name: None if code == "_NA" else code for name, code in person.groups.items()}
        | {name: text for column in fieldwork.survey.questions for name, text in _written(column, person)}
        | {"w": person.weight and str(person.weight)}
        for person in fieldwork.people
    ]


def _written(column, person):
    answer = person.answers[column.name]
    if column.in_own_columns:
        for option in column.options:
            yield f"{column.name}__{option.code}", None if answer is None else str(int(option.code in answer))
    else:
        merged = {option.code for option in column.options if option.includes_no_answer}
        blank = answer is None or (answer == merged and len(person.groups) % 2)
        yield column.name, None if blank else (column.separator or "").join(sorted(answer))


@few(10)
@given(fieldworks())
def test_the_queries_count_what_counting_by_hand_counts(fieldwork):
    published = publish(fieldwork)
    assume(published)
    survey, codebook, engine = fieldwork.survey, published.codebook, Engine()
    engine.ingest(survey, export(fieldwork))
    engine.clean(survey, AFTERWARDS)
    engine.fill("anonymised", survey, engine.run(generalise_query(survey, codebook)))
    tables = Tables.of(survey, codebook)
    counted = {row: engine.run(count_query(survey, tables, row)) for row in tables.rows()}
    assert counts_frame(survey, codebook, tables, counted).equals(published.counts)


# --- leaks made on purpose -----------------------------------------------------------------------------

CODES = {"a": 0, "b": 0, "c": 0}


def town(k: int = 10, rounding: int = 1, **answers: dict[str, int]) -> Fieldwork:
    """One question by sex: ``f={"a": 9, ...}`` are nine women who answered a; ``none`` did not answer."""
    sex = builders.single("sex", list(answers), role=Role.QUASI_IDENTIFIER)
    survey = builders.survey([sex, builders.single("q", CODES)], policy=Policy(k=k, rounding=rounding))
    people = [
        Person(groups={"sex": code}, answers={"q": None if answer == "none" else frozenset([answer])})
        for code, given_answers in answers.items()
        for answer, number in given_answers.items()
        for _ in range(number)
    ]
    return Fieldwork(survey=survey, people=tuple(people))


# 9 women say a: hidden. Their 31 men and the 40 in all say the same unless something else is hidden with them.
SMALL_CELL = town(f={"a": 9, "b": 20, "c": 20}, m={"a": 31, "b": 20, "c": 25})
# 19 of 20 women say a.
ALIKE = town(f={"a": 19, "c": 1}, m={"a": 30, "b": 20, "c": 20})


def with_status(published: Published, status: str, **where: str) -> Published:
    """The release with some lines shown or hidden, the figures that follow from them included."""
    chosen = pl.all_horizontal(*(pl.col(name) == value for name, value in where.items()))
    changed = published.protected.with_columns(
        status=pl.when(chosen).then(pl.lit(status)).otherwise("status"),
        reason=pl.when(chosen & (pl.lit(status) == "shown")).then(pl.lit("")).otherwise("reason"),
    )
    cells = short_road.display(changed, published.survey.policy.rounding)
    return replace(published, protected=changed, cells=cells)


def with_value(published: Published, value: int | None, **where: str) -> Published:
    chosen = pl.all_horizontal(*(pl.col(name) == code for name, code in where.items()))
    assert published.cells.filter(chosen).height == 1
    return replace(published, cells=published.cells.with_columns(value=pl.when(chosen).then(value).otherwise("value")))


WOMEN_A = {"table": "q_by_sex", "row": "a", "col": "f"}
WOMEN_B = {"table": "q_by_sex", "row": "b", "col": "f"}
ALL_B = {"table": "q", "row": "b", "col": "_T"}


def test_the_town_without_a_leak_is_published_without_complaint():
    published = publish(SMALL_CELL)
    reasons = dict(published.protected.group_by("reason").len().rows())
    assert reasons["primary"] == 1
    assert reasons["secondary"] == 3
    assert complaints(published) == findings(published) == set()


def test_primary_suppression_alone_is_seen_through():
    alone = with_status(publish(SMALL_CELL), "shown", reason="secondary")
    assert complaints(alone) == {"known_cells"}
    assert findings(alone) == {"cell_interval_narrow"}


def test_towns_that_make_up_a_region_are_seen_through_with_the_roster(monkeypatch):
    town_of = {"t1": "n", "t2": "n", "t3": "s", "t4": "s"}
    breaks = [builders.single(name, codes, role=Role.QUASI_IDENTIFIER) for name, codes in (("t", town_of), ("r", "ns"))]
    survey = builders.survey([*breaks, builders.single("q", "ab")], policy=Policy(rounding=1))
    # By towns, 5 in t1 who say a hide among t3's 20. But the 30 of the north are shown, and the 25 in t2.
    said = {"t1": (5, 35), "t2": (25, 15), "t3": (20, 20), "t4": (20, 20)}
    people = tuple(
        Person(groups={"t": name, "r": town_of[name]}, answers={"q": frozenset(code)})
        for name, numbers in said.items()
        for code, number in zip("ab", numbers, strict=True)
        for _ in range(number)
    )
    fieldwork = Fieldwork(survey=survey, people=people)
    assert known_with_the_roster(publish(fieldwork)) == set()
    monkeypatch.setattr(short_road, "_narrow", lambda *_: ())
    alone = publish(fieldwork)
    assert ("q", "a", "t", "t1") in known_with_the_roster(alone)
    assert complaints(alone) == findings(alone) == set()  # margin by margin nothing is to be seen


def test_one_hidden_cell_shown_after_all_is_seen_through():
    published = publish(SMALL_CELL)
    partner = published.protected.filter((pl.col("reason") == "secondary") & (pl.col("col") == "f"))["row"].item()
    shown = with_status(published, "shown", table="q_by_sex", row=partner, col="f")
    assert complaints(shown) == {"known_cells"}
    assert findings(shown) == {"cell_interval_narrow"}


def test_a_count_of_one_less_than_k_is_seen():
    shown = with_status(publish(SMALL_CELL), "shown", **WOMEN_A)
    assert "small_counts" in complaints(shown)
    assert "shown_below_k" in findings(shown)


def test_a_group_that_agrees_is_withheld_and_seen_where_it_is_not(monkeypatch):
    assert publish(ALIKE).failing == ("q",)
    assert complaints(publish(ALIKE)) == findings(publish(ALIKE)) == set()
    monkeypatch.setattr(short_road, "failing_questions", lambda *_: {})
    assert "agreeing_groups" in complaints(publish(ALIKE))


def test_a_group_that_agrees_for_all_to_see_is_seen_by_the_attacker(monkeypatch):
    monkeypatch.setattr(short_road, "failing_questions", lambda *_: {})
    unanimous = publish(town(f={"a": 20}, m={"a": 30, "b": 20, "c": 20}))
    assert complaints(unanimous) == {"agreeing_groups"}
    assert findings(unanimous) == {"group_disclosure"}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param(lambda p: with_value(p, 21, measure="respondents", **WOMEN_B), "wrong_counts", id="count"),
        pytest.param(lambda p: with_value(p, 66, measure="respondents", **ALL_B), "uneven_counts", id="elsewhere"),
        pytest.param(lambda p: with_value(p, 42, measure="percent", **WOMEN_B), "wrong_percentages", id="percentage"),
        pytest.param(lambda p: with_value(p, 9, measure="respondents", **WOMEN_A), "hidden_values", id="hidden"),
        pytest.param(lambda p: replace(p, failing=("q",)), "talking_questions", id="withheld"),
    ],
)
def test_a_reader_complains_of_a_wrong_line(change: Callable[[Published], Published], complaint: str):
    assert complaint in complaints(change(publish(SMALL_CELL)))


@pytest.mark.parametrize(("policy", "people", "shown"), [((10, 10), 10, 10), ((13, 5), 13, 15), ((3, 3), 3, 3)])
def test_a_count_of_exactly_k_is_shown_and_reads_as_k_or_more(policy, people, shown):
    k, rounding = policy
    groups = {code: {"a": people, "b": 20, "c": 20} for code in ("f", "m")}
    published = publish(town(k, rounding, **groups))
    value = published.cells.filter((pl.col("row") == "a") & (pl.col("col") == "f"))
    assert value.filter(pl.col("measure") == "respondents")["value"].to_list() == [shown]
    assert complaints(published) == findings(published) == set()

"""The clean layer: one row a person, good rows whose consent fits, the same whatever order the rows came in."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.survey import ConfirmedBy, Consent, ConsentBasis, Repeat, Respondents, Role
from tests.builders import integer_qi, multiple, plain, single, survey
from tests.transforms.engine import Engine, column, lines
from transforms.clean import census_query, clean_query, codes_query, population_query, rejects_query

ENGINE = Engine()
AFTER = date(2026, 7, 1)

COLUMNS = [
    plain("member", Role.DIRECT_IDENTIFIER),
    plain("at", Role.TIMESTAMP),
    plain("ok", Role.CONSENT),
    integer_qi("age", 10, 99),
    single("q1", "ab"),
    multiple("q2", "ab", separator=","),
    plain("w", Role.WEIGHT),
]


def asked(repeat: Repeat = Repeat.FIRST, **overrides):
    respondents = Respondents(key="member", confirmed_by=ConfirmedBy.ACCOUNT, repeat=repeat)
    return survey(COLUMNS, **{"respondents": respondents, **overrides})


GOOD = {"respondent": "p1", "at": "2026-05-20 10:00", "ok": "1", "age": "30", "q1": "a", "q2": "a", "w": "1.5"}


def row(**changes):
    return GOOD | changes


def cleaned(rows, town=None, as_of=AFTER) -> pl.DataFrame:
    town = town or asked()
    ENGINE.ingest(town, rows)
    return ENGINE.clean(town, as_of)


def rejects(rows, town=None, as_of=AFTER) -> list[tuple]:
    town = town or asked()
    ENGINE.ingest(town, rows)
    frame = ENGINE.run(rejects_query(town, as_of))
    assert frame.columns == ["source", "line", "column", "rule"]
    return frame.rows()


def census(rows, town=None, as_of=AFTER) -> dict:
    town = town or asked()
    ENGINE.ingest(town, rows)
    return ENGINE.run(census_query(town, as_of)).row(0, named=True)


def test_a_good_row_is_a_person():
    frame = cleaned([row()])
    assert frame.to_dicts() == [
        {
            "person": "p1",
            "answered_on": date(2026, 5, 20),
            "age": "30",
            "q1": "a",
            "q2__a": 1,
            "q2__b": 0,
            "weight": Decimal("1.5"),
        }
    ]
    assert frame.schema["weight"] == pl.Decimal(18, 6)


@pytest.mark.parametrize("said", ["0", None, "yes", "1x"])
def test_without_consent_a_row_does_not_exist(said):
    rows = [row(ok=said), row(ok=said, age="no number"), row(respondent="p2")]
    assert column(cleaned(rows), "person") == ["p2"]
    assert rejects(rows) == []
    assert census(rows) == {"read": 3, "without_consent": 2, "bad": 0, "valid": 1, "people": 1}


def test_where_no_column_asks_for_consent_every_row_counts():
    town = survey([plain("member", Role.DIRECT_IDENTIFIER), *COLUMNS[3:5]])
    assert town.consent == Consent(basis=ConsentBasis.INFORMED_PARTICIPATION)
    rows = [{"respondent": f"p{n}", "age": "30", "q1": "a"} for n in range(3)]
    assert census(rows, town)["valid"] == 3


# --- time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "people"),
    [
        (date(2026, 5, 19), []),
        (date(2026, 5, 20), ["p1"]),
        (date(2026, 5, 21), ["p1", "p2"]),
    ],
)
def test_answers_after_the_as_of_date_do_not_exist(as_of, people):
    rows = [row(at="2026-05-20 23:59:59"), row(respondent="p2", at="2026-05-21 00:00")]
    assert column(cleaned(rows, as_of=as_of), "person") == people
    assert census(rows, as_of=as_of)["read"] == len(people)


def test_a_later_answer_that_does_not_exist_yet_replaces_none():
    rows = [row(q1="a", at="2026-05-20"), row(q1="b", at="2026-05-25")]
    latest = asked(Repeat.LATEST)
    assert column(cleaned(rows, latest, date(2026, 5, 24)), "q1") == ["a"]
    assert column(cleaned(rows, latest, date(2026, 5, 25)), "q1") == ["b"]


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-04-30 23:59:59", "outside_fieldwork"),
        ("2026-05-01", None),
        ("2026-06-30 23:59:59", None),
        ("2026-07-01", "outside_fieldwork"),
        ("2026-06-30T15:00:00Z", "outside_fieldwork"),  # already July in Japan
        ("2026-04-30T15:00:00Z", None),
        ("2026-02-30", "date_impossible"),
        ("epoch", "date_impossible"),
        ("infinity", "date_impossible"),
        (None, "date_impossible"),
    ],
)
def test_the_days_of_fieldwork_are_japanese_days(at, rule):
    assert rejects([row(at=at)]) == ([("s1", 2, "at", rule)] if rule else [])
    assert cleaned([row(at=at)]).height == (rule is None)


def test_answers_without_a_timestamp_are_those_of_the_last_day():
    town = survey([single("q1", "ab")])
    rows = [{"q1": "a"}]
    assert column(cleaned(rows, town), "answered_on") == [date(2026, 6, 30)]
    assert cleaned(rows, town, date(2026, 6, 29)).height == 0


# --- bad rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"age": "9"}, [("age", "out_of_range")]),
        ({"age": "thirty"}, [("age", "out_of_range")]),
        ({"q1": "words"}, [("q1", "undeclared_code")]),
        ({"q2": "a,words"}, [("q2", "undeclared_code")]),
        ({"w": "0"}, [("w", "weight_impossible")]),
        ({"w": "-1"}, [("w", "weight_impossible")]),
        ({"w": "NaN"}, [("w", "weight_impossible")]),
        ({"w": "1000.01"}, [("w", "weight_impossible")]),
        ({"w": "0.004"}, [("w", "weight_impossible")]),
        ({"w": None}, [("w", "weight_impossible")]),
        (
            {"age": "-1", "q1": "x", "q2": "x", "w": "x", "at": "x"},
            [
                ("age", "out_of_range"),
                ("at", "date_impossible"),
                ("q1", "undeclared_code"),
                ("q2", "undeclared_code"),
                ("w", "weight_impossible"),
            ],
        ),
    ],
)
def test_a_bad_row_is_never_counted_and_its_report_names_place_and_rule(changes, named):
    rows = [row(), row(respondent="p2", **changes)]
    assert column(cleaned(rows), "person") == ["p1"]
    assert rejects(rows) == [("s1", 3, *problem) for problem in named]
    assert census(rows)["bad"] == 1


def test_of_a_person_with_a_bad_row_the_good_one_counts():
    rows = [row(at="2026-05-10", q1="words"), row(at="2026-05-20", q1="b")]
    assert column(cleaned(rows), "q1") == ["b"]


def test_not_answering_is_not_bad():
    frame = cleaned([row(age=None, q1=None, q2=None)])
    assert frame.select("age", "q1", "q2__a", "q2__b").row(0) == ("_NA", "_NA", None, None)


# --- people ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("repeat", "counted"), [(Repeat.FIRST, "a"), (Repeat.LATEST, "b"), (Repeat.REFUSE, "a")])
def test_of_several_answers_the_declared_one_counts(repeat, counted):
    rows = [row(at="2026-05-21", q1="b", q2="b"), row(at="2026-05-20", q1="a", q2="a"), row(respondent="p2")]
    frame = cleaned(rows, asked(repeat))
    assert column(frame, "person") == ["p1", "p2"]
    assert frame.select("q1", "q2__a").row(0) == (counted, int(counted == "a"))
    assert census(rows) == {"read": 3, "without_consent": 0, "bad": 0, "valid": 3, "people": 2}


@pytest.mark.parametrize("repeat", [Repeat.FIRST, Repeat.LATEST])
def test_a_tie_is_broken_by_content_and_never_by_row_order(repeat):
    tied = [row(q1=q1, q2=q2, age=age, w=w) for q1, q2, age, w in _contents()]
    results = {tuple(cleaned(shuffled, asked(repeat)).rows()) for shuffled in _orders(tied)}
    assert len(results) == 1
    ((person, _, *content),) = results.pop()
    assert person == "p1" and len(content) == 5


def _contents():
    return [(q1, q2, age, w) for q1 in ("a", None) for q2 in ("a", "b", None) for age in ("30", "31") for w in "12"]


def _orders(rows, times=6):
    for seed in range(times):
        yield random.Random(seed).sample(rows, len(rows))


def test_without_a_respondent_key_every_row_is_a_person():
    town = survey([single("q1", "ab")])
    frame = cleaned([{"q1": "a"}, {"q1": "a"}, {"q1": "b"}], town)
    assert column(frame, "person") == ["s1:2", "s1:3", "s1:4"]


answers = st.fixed_dictionaries(
    {
        "respondent": st.sampled_from(["p1", "p2", "p3", "p4"]),
        "ok": st.sampled_from(["1", "1", "1", "0", None]),
        "day": st.integers(-3, 64),
        "hour": st.sampled_from([0, 12]),
        "age": st.sampled_from(["10", "99", "9", None]),
        "q1": st.sampled_from(["a", "b", "zz", None]),
        "q2": st.sampled_from(["a", "a,b", "zz", None]),
        "w": st.sampled_from(["1", "2.5", "0"]),
    }
)


def told(answer) -> dict:
    moment = datetime(2026, 5, 1, answer["hour"]) + timedelta(days=answer["day"])
    return {**answer, "at": moment.isoformat(" "), "line": str(answer["line"])}


def expected(answered, as_of, latest) -> dict[str, list]:
    """Person -> the good answers that may count (several where they tie), by plain Python."""
    best = defaultdict(list)
    for answer in answered:
        on = date(2026, 5, 1) + timedelta(days=answer["day"])
        good = answer["age"] != "9" and "zz" not in (answer["q1"], answer["q2"]) and answer["w"] != "0"
        inside = date(2026, 5, 1) <= on <= date(2026, 6, 30)
        if answer["ok"] == "1" and on <= as_of and inside and good:
            best[answer["respondent"]].append(answer)
    pick = max if latest else min
    return {
        person: [a for a in found if (a["day"], a["hour"]) == pick((b["day"], b["hour"]) for b in found)]
        for person, found in best.items()
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(answers, max_size=12), st.sampled_from([0, 30, 61]), st.booleans(), st.randoms())
def test_the_clean_layer_is_what_plain_python_leaves(answered, days, latest, order):
    answered = [answer | {"line": number} for number, answer in enumerate(answered, start=2)]
    as_of = date(2026, 5, 1) + timedelta(days=days)
    town = asked(Repeat.LATEST if latest else Repeat.FIRST)
    frame = cleaned([told(answer) for answer in answered], town, as_of)
    wanted = expected(answered, as_of, latest)
    assert sorted(column(frame, "person")) == sorted(wanted)
    for person in frame.iter_rows(named=True):
        assert _content(person) in [_coded(answer) for answer in wanted[person["person"]]]
    shuffled = order.sample(answered, len(answered))
    assert lines(cleaned([told(answer) for answer in shuffled], town, as_of)) == lines(frame)


def _content(person) -> tuple:
    return tuple(person[name] for name in ("answered_on", "age", "q1", "q2__a", "q2__b", "weight"))


def _coded(answer) -> tuple:
    on = date(2026, 5, 1) + timedelta(days=answer["day"])
    q2 = (None, None) if answer["q2"] is None else tuple(int(code in answer["q2"]) for code in "ab")
    return (on, answer["age"] or "_NA", answer["q1"] or "_NA", *q2, Decimal(answer["w"]))


# --- counts of the layer ---------------------------------------------------------------------------


def test_the_people_of_each_code_are_counted():
    rows = [row(), row(respondent="p2", q1="b", q2="b"), row(respondent="p3", q1=None, q2=None, age="31")]
    town = asked()
    cleaned(rows)
    counted = {(line["variable"], line["code"]): line["people"] for line in ENGINE.run(codes_query(town)).to_dicts()}
    assert counted == {
        ("age", "30"): 2,
        ("age", "31"): 1,
        ("q1", "a"): 1,
        ("q1", "b"): 1,
        ("q1", "_NA"): 1,
        **{("q2__a", code): 1 for code in ("0", "1", None)},
        **{("q2__b", code): 1 for code in ("0", "1", None)},
    }
    assert ENGINE.run(population_query(town)).row(0) == (3, 3)


def test_two_rows_of_one_person_in_the_layer_would_be_noticed():
    town = asked()
    ENGINE.fill("clean", town, pl.DataFrame({"person": ["p1", "p1", "p2"]}))
    assert ENGINE.run(population_query(town)).row(0, named=True) == {"rows": 3, "people": 2}


def test_the_date_travels_as_a_parameter():
    query = clean_query(asked(), AFTER)
    assert dict(query.parameters) == {"as_of": "2026-07-01", "restricted": []} and "2026-07-01" not in query.sql

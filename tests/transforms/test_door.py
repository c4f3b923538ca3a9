"""The door: declared codes pass, whatever else was typed becomes a mark, and nobody's words are stored."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.survey import Consent, ConsentBasis, Role
from tests.builders import integer_qi, multiple, plain, single, survey
from tests.transforms.engine import Engine, column
from tests.transforms.oracles import option, taken_apart
from transforms.door import coded_columns, detectors_query, stored_columns

ENGINE = Engine()


def coded(declared, *cells) -> list:
    """What one column's cells become, one row each."""
    town = survey([declared, single("other", "x")])
    stored = ENGINE.through_the_door(town, [{declared.name: cell} for cell in cells])
    return column(
        stored, stored_columns(town) and next(n for n, f in stored_columns(town).items() if f == declared.name)
    )


# --- one column ------------------------------------------------------------------------------------

AGE = integer_qi("age", 10, 99)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("23", "23"),
        ("23.0", "23"),
        ("23.000", "23"),
        ("023", "23"),
        ("10", "10"),
        ("99", "99"),
        (None, "_NA"),
        ("9", "?"),
        ("100", "?"),
        ("99.5", "?"),
        ("23.", "?"),
        ("-1", "?"),
        ("-23", "?"),
        ("+23", "?"),
        ("1e5", "?"),
        ("2e1", "?"),
        ("２３", "?"),
        ("٢٣", "?"),
        ("2 3", "?"),
        ("2_3", "?"),
        ("0x17", "?"),
        ("23\n", "?"),
        ("23歳", "?"),
        ("9" * 18, "?"),
        ("9" * 19, "?"),
        ("9" * 400, "?"),
        ("NaN", "?"),
        ("NULL", "?"),
        ("_NA", "?"),
        ("?", "?"),
    ],
)
def test_a_whole_number_within_its_range_passes(written, code):
    assert coded(AGE, written) == [code]


def test_numbers_of_ten_digits_can_be_declared():
    assert coded(integer_qi("n", 2_000_000_000, 2_000_000_001), "2000000001", "1") == ["2000000001", "?"]


SINGLE = {"yes": "はい", "no": 'it\'s; "no" -- \\n', "lines": "two\nlines"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("はい", "yes"),
        ('it\'s; "no" -- \\n', "no"),
        ("two\nlines", "lines"),
        (None, "_NA"),
        ("yes", "?"),
        ("はい ", "?"),
        ("ハイ", "?"),
        ("two lines", "?"),
        ("_NA", "?"),
        ("'; DROP TABLE incoming; --", "?"),
        ("x\0y", "?"),
        ("a" * 100_000, "?"),
    ],
)
def test_one_of_the_declared_answers_passes(written, code):
    assert coded(single("q", SINGLE), written) == [code]


def test_an_answer_may_have_several_spellings():
    declared = plain(
        "q", Role.QUESTION, kind=single("q", "a").kind, options=(option("hi", "5", "4"), option("lo", "1"))
    )
    assert coded(declared, "5", "4", "1", "3") == ["hi", "hi", "lo", "?"]


def test_an_undeclared_answer_counts_as_none_where_that_is_declared():
    assert coded(single("q", "ab", undeclared_as_no_answer=True), "a", "words", None) == ["a", "_NA", "_NA"]


def test_no_answer_joins_the_option_that_includes_it():
    options = (option("a"), option("none", includes_no_answer=True))
    declared = replace(single("q", "a"), options=options)
    assert coded(declared, "a", "none", None, "words") == ["a", "none", "none", "?"]
    lenient = replace(single("q", "a"), options=options, undeclared_as_no_answer=True)
    assert coded(lenient, "a", "none", None, "words") == ["a", "none", "none", "none"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-05-01", datetime(2026, 5, 1)),
        ("2026/5/1", datetime(2026, 5, 1)),
        ("2026/05/01 9:03", datetime(2026, 5, 1, 9, 3)),
        ("2026-05-01 10:00:00.123456", datetime(2026, 5, 1, 10, 0, 0, 123456)),
        ("2026-05-01T10:00", datetime(2026, 5, 1, 10)),
        ("2024-02-29", datetime(2024, 2, 29)),
        # Dates are Japanese dates: what carries a zone is moved there.
        ("2026-05-01 23:30:00Z", datetime(2026, 5, 2, 8, 30)),
        ("2026-05-01T14:59:59Z", datetime(2026, 5, 1, 23, 59, 59)),
        ("2026-05-01 23:30:00 UTC", datetime(2026, 5, 2, 8, 30)),
        ("2026-05-01T00:30:00+09:00", datetime(2026, 5, 1, 0, 30)),
        ("2026-05-01 00:30:00+0900", datetime(2026, 5, 1, 0, 30)),
        ("2026-05-01 00:30+09", datetime(2026, 5, 1, 0, 30)),
        ("2026-05-01 20:00:00-07:00", datetime(2026, 5, 2, 12)),
        ("2026-05-01 12:00:00+05:30", datetime(2026, 5, 1, 15, 30)),
        ("2026-05-01 12:00:00-03:30", datetime(2026, 5, 2, 0, 30)),
        *(
            (text, None)
            for text in (
                *("2026-02-29", "2023-02-29", "2026-13-01", "2026-05-32", "2026-00-10", "0", "20260501", "46143"),
                *("2026-05-01 25:00", "2026-05-01 10:60", "2026-05-01 10:00:00 PM", "2026-05-01 (BC)", "昨日", "now"),
                *("infinity", "-infinity", "epoch", "today", "2026-05-01 10:00 JST", "2026-05-01 10:00 Asia/Tokyo"),
                *("２０２６-05-01", "26-05-01", "令和8年5月1日", "2026-05-01\n", "294247-01-10", "1e5"),
                *("2026-05-01 10:00+9", "2026-05-01 10:00+ab:cd", "2026-05-01 10:00:00+09:00 x", "Z", "UTC"),
            )
        ),
        (None, None),
    ],
)
def test_a_moment_is_read_in_japanese_time_or_not_at_all(written, moment):
    assert coded(plain("at", Role.TIMESTAMP), written) == [moment]


@pytest.mark.parametrize(
    ("written", "weight"),
    [
        ("1", "1"),
        ("0.9285714285714286", "0.93"),
        ("1.005", "1.01"),
        ("1.004999", "1"),
        (".5", "0.5"),
        ("+2", "2"),
        ("1e2", "100"),
        ("0.004", "0"),
        ("1000", "1000"),
        *((text, None) for text in ("-1", "0", "1000.01", "0312345678", "1000000000000")),
        *((text, None) for text in ("NaN", "inf", "-inf", "1,5", "1_0", "１", "1e400", "0x10", "one", "1 0", "")),
        (None, None),
    ],
)
def test_a_weight_keeps_its_declared_decimals(written, weight):
    expected = None if weight is None else Decimal(weight)
    assert coded(plain("w", Role.WEIGHT), written or None) == [expected]


@pytest.mark.parametrize(("decimals", "weight"), [(0, "1"), (1, "1.2"), (6, "1.234568")])
def test_fewer_decimals_make_fewer_weights(decimals, weight):
    assert coded(plain("w", Role.WEIGHT, decimals=decimals), "1.2345678") == [Decimal(weight)]


CLASSES = tuple(map(Decimal, ("0.5", "1", "2", "1E+1")))


@pytest.mark.parametrize(
    ("written", "weight"),
    [
        ("0.000001", "0.5"),
        ("0.5", "0.5"),
        ("0.75", "0.5"),  # in the middle: the lower one
        ("0.750001", "1"),
        ("1.5", "1"),
        ("1.6", "2"),
        ("6", "2"),
        ("6.1", "10"),
        ("1000", "10"),
        *((text, None) for text in ("1000.01", "0", "-0.5", "0.0000001", "NaN", "inf", None)),
    ],
)
def test_a_weight_becomes_the_nearest_of_its_classes(written, weight):
    expected = None if weight is None else Decimal(weight)
    assert coded(plain("w", Role.WEIGHT, weight_classes=CLASSES), written) == [expected]


def test_a_single_class_takes_every_weight():
    assert coded(plain("w", Role.WEIGHT, weight_classes=(Decimal(1),)), "7", "0") == [Decimal(1), None]


def test_consent_is_what_was_accepted_and_nothing_else():
    town = survey(
        [plain("ok", Role.CONSENT), single("q", "a")],
        consent=Consent(basis=ConsentBasis.CONSENT, column="ok", accepted=("1", "同意する ")),
    )
    rows = [{"ok": cell} for cell in ("1", "同意する", None, "0", "1 ", "１", "true", "2")]
    assert column(ENGINE.through_the_door(town, rows), "consented") == [True, True, *[False] * 6]


# --- the whole door --------------------------------------------------------------------------------

WHOLE = survey(
    [
        plain("member", Role.DIRECT_IDENTIFIER),
        plain("at", Role.TIMESTAMP),
        plain("ok", Role.CONSENT),
        AGE,
        single("region", {"north": "北", "south": "南"}, role=Role.QUASI_IDENTIFIER),
        single("q1", {"a": "A", "b": "B"}, undeclared_as_no_answer=True),
        single("q2", {"a": "A", "b": "B"}, role=Role.SENSITIVE),
        multiple("q3", {"a": "A", "b": "B"}, separator=";"),
        multiple("q4", "ab"),
        plain("why", Role.OPEN_TEXT),
        plain("device", Role.IGNORED),
        plain("w", Role.WEIGHT),
    ]
)

CANARY = "カナリア7f3a"
hostile = st.one_of(
    st.text(min_size=1, max_size=8), st.sampled_from(["'", '"', "--", "\\", "%", "$as_of", "A;B;", "?"])
)
cells = st.one_of(
    st.none(),
    st.sampled_from(["A", "B", "0", "1", "北", "23", "99", "A;B", "B;A;A", "2026-05-01 10:00", "0.5"]),
    hostile.map(lambda text: text.strip().replace("\0", "") + CANARY),
    hostile.map(lambda text: text.strip() or None),
)
rows = st.fixed_dictionaries({field.name: cells for field in WHOLE.fields()} | {"respondent": st.just("f" * 64)})


def oracle(row) -> dict:
    """The row as it may be stored, but for the moment and the weight."""
    age = row["age"]
    if age is None:
        code = "_NA"
    else:
        whole = re.fullmatch(r"([0-9]{1,18})(\.0+)?", age)
        code = str(int(whole[1])) if whole and 10 <= int(whole[1]) <= 99 else "?"
    q3, left = taken_apart(row["q3"] or "", {"a": "A", "b": "B"}, ";")
    own = {"a": row["q4__a"], "b": row["q4__b"]}
    return {
        "consented": row["ok"] == "1",
        "age": code,
        "region": {None: "_NA", "北": "north", "南": "south"}.get(row["region"], "?"),
        "q1": {"A": "a", "B": "b"}.get(row["q1"], "_NA"),
        "q2": {None: "_NA", "A": "a", "B": "b"}.get(row["q2"], "?"),
        **{f"q3__{c}": None if row["q3"] is None else -1 if left else int(c in q3) for c in "ab"},
        **{
            f"q4__{c}": None if own == {"a": None, "b": None} else {None: 0, "0": 0, "1": 1, c: 1}.get(own[c], -1)
            for c in "ab"
        },
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, min_size=1, max_size=6))
def test_the_door_stores_what_plain_python_stores(delivered):
    stored = ENGINE.through_the_door(WHOLE, delivered)
    expected = [oracle(row) for row in delivered]
    assert stored.select(*expected[0]).to_dicts() == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=6))
def test_nobodys_words_are_stored(delivered):
    stored = ENGINE.through_the_door(WHOLE, delivered)
    allowed = {"_NA", "?", "north", "south", "a", "b", "f" * 64} | {str(age) for age in range(10, 100)}
    texts = {value for row in stored.iter_rows() for value in row if isinstance(value, str)}
    assert texts <= allowed
    assert stored.columns == ["line", "respondent", *stored_columns(WHOLE)]


def test_the_search_for_words_would_find_them():
    stored = ENGINE.through_the_door(survey([single("q", {"a": CANARY})]), [{"q": CANARY}])
    assert stored.row(0)[2] == "a" and CANARY not in repr(stored.rows())
    assert CANARY in repr([{"q": CANARY}])


def test_what_stops_at_the_door_has_no_column():
    ENGINE.ingest(WHOLE, [])
    names = ENGINE.columns("raw", WHOLE)
    assert names == ["source", "line", "respondent", *stored_columns(WHOLE)]
    assert {"member", "why", "device", "at", "ok", "w"}.isdisjoint(names)
    assert coded_columns(WHOLE) == ["age", "region", "q1", "q2", "q3__a", "q3__b", "q4__a", "q4__b"]


def test_what_looks_like_a_person_is_counted_unless_it_was_declared():
    """Only codes are stored; this would see it if one day something else was."""
    town = survey([single("q", {"0312345678": "A", "b": "B"}), multiple("m", "ab")])
    values = ["0312345678", "0312345679", "03-1234 5679", "b", "reader@example.org", "2026"]
    frame = pl.DataFrame({"q": values, "m__a": [1, 0, None, -1, 1, 0], "m__b": [0] * 6})
    ENGINE.fill("raw", town, frame)
    found = {(line["column"], line["rule"]): line["rows"] for line in ENGINE.run(detectors_query(town)).to_dicts()}
    assert found.pop(("q", "looks_like_number_of_a_person")) == 2
    assert found.pop(("q", "looks_like_email")) == 1
    assert found == dict.fromkeys(product(("m__a", "m__b"), ("looks_like_email", "looks_like_number_of_a_person")), 0)

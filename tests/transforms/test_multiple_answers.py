"""Several answers in one cell, or each in a column of its own: known options are found, words are not stored."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import multiple, survey
from tests.transforms.engine import Engine
from tests.transforms.oracles import option, taken_apart

ENGINE = Engine()


def chosen(declared, *cells) -> list[dict[str, int | None]]:
    """What the options of a joined multiple question become, one row each."""
    stored = ENGINE.through_the_door(survey([declared]), [{declared.name: cell} for cell in cells])
    names = {f"{declared.name}__{o.code}": o.code for o in declared.options}
    return stored.select(*names).rename(names).to_dicts()


OWN = multiple("q", {"a": "A", "b": "B", "c": "C"})
FREE = replace(multiple("q", "abc"), options=(*OWN.options[:2], option("c", free_text=True, header="c")))


@pytest.mark.parametrize(
    ("cells", "strict", "lenient", "free"),
    [
        ((None, None, None), (None, None, None), (None, None, None), (None, None, None)),
        (("1", "0", None), (1, 0, 0), (1, 0, 0), (1, 0, 0)),
        (("0", None, None), (0, 0, 0), (0, 0, 0), (0, 0, 0)),
        (("A", "0", "1"), (1, 0, 1), (1, 0, 1), (1, 0, 1)),
        (("1", "0", "my words"), (1, 0, -1), (None, None, None), (1, 0, 1)),
        (("1", "words", "0"), (1, -1, 0), (None, None, None), (1, -1, 0)),
        ((None, None, "words"), (0, 0, -1), (None, None, None), (0, 0, 1)),
        (("B", "1.0", "-1"), (-1, -1, -1), (None, None, None), (-1, -1, 1)),
    ],
)
def test_options_with_columns_of_their_own(cells, strict, lenient, free):
    """An undeclared value makes the row bad, or the whole question unanswered, or is somebody's own words."""
    row = dict(zip(("q__a", "q__b", "q__c"), cells, strict=True))
    forgiving = multiple("q", {"a": "A", "b": "B", "c": "C"}, undeclared_as_no_answer=True)
    for declared, expected in ((OWN, strict), (forgiving, lenient), (FREE, free)):
        stored = ENGINE.through_the_door(survey([declared]), [row])
        assert stored.select(*row).row(0) == expected


JOINED = multiple("q", {"tea": "Tea", "milk": "Tea, with milk", "with": "with milk", "nul": "x'; --"}, separator=", ")


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Tea", {"tea"}),
        ("Tea, with milk", {"milk"}),  # the longest first: not tea and "with milk"
        ("with milk, Tea", {"tea", "with"}),
        ("Tea, with milk, Tea", {"milk", "tea"}),
        ("Tea, Tea, with milk", {"tea", "milk"}),
        ("Tea, Tea", {"tea"}),
        ("Tea, Tea, Tea, Tea", {"tea"}),
        ("Tea, with milk, Tea, with milk", {"milk"}),
        ("x'; --, Tea", {"nul", "tea"}),
        ("Tea, ", {"tea"}),
        ("tea", None),
        ("Teapot", None),
        ("Tea,with milk", None),
        ("Tea, my own words", None),
        ("Tea; with milk", None),
    ],
)
def test_a_joined_cell_is_taken_apart_against_the_declared_options(cell, codes):
    expected = {o.code: -1 if codes is None else int(o.code in codes) for o in JOINED.options}
    assert chosen(JOINED, cell) == [expected]


def test_neighbours_of_an_option_that_was_taken_out_do_not_become_another():
    declared = multiple("q", {"x": "x", "y": "y", "xy": "x,y", "long": "longest"}, separator=",")
    assert chosen(declared, "x,longest,y") == [{"x": 1, "y": 1, "xy": 0, "long": 1}]


def test_an_empty_joined_cell_is_no_answer_and_undeclared_words_may_be():
    nobody = dict.fromkeys("ab")
    assert chosen(multiple("q", "ab", separator=","), None, ",", " , ,,") == [nobody] * 3
    lenient = multiple("q", "ab", separator=",", undeclared_as_no_answer=True)
    assert chosen(lenient, "a,words", "b", "words") == [nobody, {"a": 0, "b": 1}, nobody]


def test_words_left_over_are_the_option_that_takes_them():
    declared = replace(multiple("q", "ab", separator="\n"), options=(option("a"), option("other", free_text=True)))
    assert chosen(declared, "a", "a\nwords of mine", "other", "words\nmore words", None) == [
        {"a": 1, "other": 0},
        {"a": 1, "other": 1},
        {"a": 0, "other": 1},
        {"a": 0, "other": 1},
        {"a": None, "other": None},
    ]


PARTS = ["a", "b", "c", "d", "a,b", "b,c", "c,,d", "", " ", "zz"]


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.sampled_from([text for text in PARTS if text.strip()]), min_size=1),
    st.sampled_from([",", ", ", "、", "\n", "--"]),
    st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5), min_size=1, max_size=12),
)
def test_joined_cells_are_taken_apart_as_plain_python_does(texts, separator, answers):
    options = {f"o{n}": text.replace(",", separator) for n, text in enumerate(sorted(texts))}
    cells = [separator.join(answer).replace(",", separator).strip(" ") or None for answer in answers]
    expected = []
    for cell in cells:
        codes, surplus = taken_apart(cell, options, separator) if cell else (set(), "")
        absent = -1 if surplus else 0 if codes else None
        expected.append({code: absent if absent != 0 else int(code in codes) for code in options})
    assert chosen(multiple("q", options, separator=separator), *cells) == expected

"""Header texts become names that no two columns of a file share."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from terms.headers import normalise, number_repeats

headers = st.lists(st.sampled_from(["", " ", "a", "a #2", "a #3", "a #2 #2", "#1", "#2", "b\n"]), max_size=8)


@given(headers)
@example(["a", "a", "a #2", "a #2"])
@example(["", "#1", "#1"])
def test_every_column_has_a_name_of_its_own(texts):
    names = number_repeats(texts)
    assert len(names) == len(texts) == len(set(names))
    assert all(names)


@given(headers)
def test_the_first_column_with_a_header_keeps_it(texts):
    clean = [normalise(text) for text in texts]
    names = number_repeats(texts)
    assert all(names[clean.index(text)] == text for text in clean if text)


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["why?", "why?", "why?"], ["why?", "why? #2", "why? #3"]),
        (["", "q", ""], ["#1", "q", "#3"]),
        (["\ufeffid", "理由\r\n（自由）", "理由  （自由）"], ["id", "理由 （自由）", "理由 （自由） #2"]),
        ([], []),
    ],
)
def test_repeated_and_empty_headers(texts, names):
    assert number_repeats(texts) == names

"""Group disclosure (R3): in every group enough people must differ from the commonest answer.

Every case is worked out by hand from the rule; s = 2, and 3 for sensitive questions.
"""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.policy import Policy
from terms.survey import Role
from tests.builders import multiple, single, survey
from transforms.families import failing_questions

AGE = single("age", "ab", role=Role.QUASI_IDENTIFIER)


def fails(question, rows, **policy) -> bool:
    """Whether a question fails whose only group has these counts (row code -> people)."""
    counts = pl.DataFrame(
        [("q", "q", row, "_T", "_T", people) for row, people in rows.items()],
        schema=["table", "row_var", "row", "col_var", "col", "respondents"],
        orient="row",
    )
    town = survey([AGE, question], policy=Policy(**policy))
    return "q" in failing_questions(counts, town)


def of_single(*chosen, silent=0) -> dict[str, int]:
    answered = sum(chosen)
    options = dict(zip("abc", chosen, strict=False))
    return {**options, "_NA": silent, "_ANS": answered, "_T": answered + silent}


def of_multiple(answered, *chosen, silent=0) -> dict[str, int]:
    return {**dict(zip("abc", chosen, strict=False)), "_NA": silent, "_ANS": answered, "_T": answered + silent}


@pytest.mark.parametrize(
    ("chosen", "silent", "common", "sensitive"),
    [
        ((18, 2), 0, False, True),
        ((19, 1), 0, True, True),
        ((20, 0), 0, True, True),
        ((17, 3), 0, False, False),
        ((17, 2, 1), 0, False, False),
        ((18, 1, 1), 0, False, True),
        ((0, 0, 20), 0, True, True),
        # The silent differ from nobody who answered: of those who did, one must not be alone.
        ((19, 1), 5, True, True),
        ((18, 2), 5, False, True),
        ((20, 0), 20, True, True),
        # Not answering is an answer too.
        ((1, 0), 19, True, True),
        ((1, 1), 18, True, True),  # of the two who answered each knows the other
        ((2, 2), 16, False, True),
        ((3, 3), 14, False, False),
        ((0, 0), 20, True, True),  # nobody answered: everybody is silent
        ((0, 0), 0, False, False),  # nobody is here
    ],
)
def test_a_single_question(chosen, silent, common, sensitive):
    rows = of_single(*chosen, silent=silent)
    assert fails(single("q", "abc"), rows) is common
    assert fails(single("q", "abc", role=Role.SENSITIVE), rows) is sensitive


@pytest.mark.parametrize(
    ("answered", "chosen", "silent", "common", "sensitive"),
    [
        # chosen = n_q - (s + 1) passes, one more fails: 20 - 3 for s = 2, 20 - 4 for s = 3.
        (20, (17,), 0, False, True),
        (20, (18,), 0, True, True),
        (20, (16,), 0, False, False),
        (20, (20,), 0, True, True),
        (20, (5, 17), 0, False, True),
        (20, (5, 18), 0, True, True),
        # One-sided: that nobody chose it may be read.
        (20, (0,), 0, False, False),
        (20, (1, 0), 0, False, False),
        # The silent are no witnesses: the base is those who answered.
        (20, (18,), 10, True, True),
        (20, (17,), 10, False, True),
        # Even where nobody chose it, s + 1 people must have answered at all.
        (4, (0,), 16, False, False),
        (3, (0,), 17, False, True),
        (2, (0,), 18, True, True),
        (1, (0,), 19, True, True),
        (0, (0,), 20, True, True),
        (0, (0,), 0, False, False),
    ],
)
def test_a_multiple_question(answered, chosen, silent, common, sensitive):
    rows = of_multiple(answered, *chosen, silent=silent)
    assert fails(multiple("q", "abc"), rows) is common
    assert fails(multiple("q", "abc", role=Role.SENSITIVE), rows) is sensitive


@pytest.mark.parametrize(
    ("answered", "chosen", "expected"),
    [(20, (2,), False), (20, (1,), True), (20, (0,), True), (20, (18,), False), (20, (19,), True), (20, (9, 1), True)],
)
def test_an_option_sensitive_on_both_sides_has_two_answers_like_a_single_question(answered, chosen, expected):
    """Both worlds fail alike, so a failure tells colluders nothing and the bar needs no one more."""
    declared = multiple("q", "abc", both_sides_sensitive=True)
    assert fails(declared, of_multiple(answered, *chosen)) is expected


@pytest.mark.parametrize(("s", "passes"), [(2, True), (3, True), (4, False)])
def test_the_bar_is_the_policys(s, passes):
    policy = {"s": s, "s_sensitive": s}
    assert fails(single("q", "abc"), of_single(17, 3), **policy) is not passes
    assert fails(multiple("q", "abc"), of_multiple(20, 20 - (3 + 1)), **policy) is not passes


def test_an_option_that_includes_no_answer_is_an_answer():
    rows = {"a": 18, "b": 2, "_ANS": 20, "_T": 20}  # no row for no answer
    assert fails(single("q", "ab"), rows) is False
    assert fails(single("q", "ab"), rows | {"a": 19, "b": 1}) is True


def table(name, row_var, groups) -> list[tuple]:
    return [(name, row_var, row, "age", col, people) for col, rows in groups.items() for row, people in rows.items()]


def test_one_group_of_one_break_is_enough_and_its_table_is_named():
    fine, unanimous = of_single(10, 10), of_single(20, 0)
    lines = [
        *table("q", "q", {"_T": of_single(30, 10)}),
        *table("q_by_age", "q", {"a": unanimous, "b": fine, "_T": of_single(30, 10)}),
        *table("r_by_age", "r", {"a": fine, "b": fine, "_T": fine}),
        *table("age", "age", {"_T": {"a": 40, "b": 0, "_T": 40}}),
    ]
    counts = pl.DataFrame(lines, schema=["table", "row_var", "row", "col_var", "col", "respondents"], orient="row")
    town = survey([AGE, single("q", "ab"), single("r", "ab")])
    assert failing_questions(counts, town) == {"q": ("q_by_age",)}


def differ(answers: list[str | None]) -> int:
    """The fewest people who differ from any one answer, no answer included, among all and among those who answered."""
    said = [answer for answer in answers if answer is not None]
    among_all = min(sum(other != answer for other in answers) for answer in set(answers))
    return min([among_all, *(sum(other != answer for other in said) for answer in set(said))])


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=14), st.sampled_from([2, 3, 4]))
def test_a_single_question_fails_where_too_few_differ_from_one_answer(answers, s):
    said = [answers.count(code) for code in "abc"]
    rows = of_single(*said, silent=answers.count(None))
    assert fails(single("q", "abc"), rows, s=s, s_sensitive=s) is (differ(answers) < s)

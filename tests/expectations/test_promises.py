"""Each promise is kept by a good table and broken by one that is wrong in one place only; k, and one below it."""

from __future__ import annotations

import doctest
from typing import Any

import polars as pl
import pytest

from expectations import promises
from terms.findings import Verdict
from terms.messages import MESSAGES, render
from terms.policy import Policy
from tests.expectations import good
from tests.expectations.good import add, add_cell, check, drop, failing, put

# --- broken tables --------------------------------------------------------------------------------

RAW = [
    ("stored_columns_are_declared", "", lambda f: add(f["columns"], "nickname", "")),
    ("stored_columns_are_declared", "", lambda f: add(f["columns"], None, "")),
    ("stored_roles_are_declared", "q1", lambda f: put(f["columns"], {"column": "q1"}, role="weight")),
    ("stored_roles_are_declared", "q1", lambda f: put(f["columns"], {"column": "q1"}, role=None)),
    ("stored_columns_pass_the_door", "mail", lambda f: add(f["columns"], "mail", "direct_identifier")),
    ("stored_columns_pass_the_door", "comment", lambda f: add(f["columns"], "comment", "open_text")),
    ("stored_columns_pass_the_door", "memo", lambda f: add(f["columns"], "memo", "ignored")),
    (
        "stored_values_do_not_identify",
        "q1",
        lambda f: put(f["detectors"], {"column": "q1", "rule": "looks_like_email"}, rows=1),
    ),
    (
        "stored_values_do_not_identify",
        "income",
        lambda f: put(f["detectors"], {"column": "income", "rule": "looks_like_number"}, rows=None),
    ),
    ("stored_answers_were_scanned", "q3__v", lambda f: drop(f["detectors"], column="q3__v")),
]
CLEAN = [
    ("clean_variables_are_declared", "", lambda f: add(f["codes"], "nickname", "a", 1)),
    ("clean_variables_are_declared", "", lambda f: add(f["codes"], "mail", "a", 1)),
    ("clean_codes_are_declared", "q1", lambda f: put(f["codes"], {"variable": "q1", "code": "b"}, code="c")),
    ("clean_codes_are_declared", "q1", lambda f: put(f["codes"], {"variable": "q1", "code": "b"}, code=None)),
    ("clean_codes_are_declared", "q1", lambda f: put(f["codes"], {"variable": "q1", "code": "b"}, code="b ")),
    ("clean_codes_are_declared", "q2__x", lambda f: put(f["codes"], {"variable": "q2__x", "code": "1"}, code="-1")),
    ("clean_codes_are_declared", "age", lambda f: put(f["codes"], {"variable": "age", "code": "39"}, code="40")),
    ("clean_codes_are_declared", "age", lambda f: put(f["codes"], {"variable": "age", "code": "10"}, code="9")),
    ("clean_codes_are_declared", "age", lambda f: put(f["codes"], {"variable": "age", "code": "39"}, code="039")),
    ("clean_codes_are_declared", "age", lambda f: put(f["codes"], {"variable": "age", "code": "39"}, code="３９")),
    ("clean_codes_are_declared", "age", lambda f: put(f["codes"], {"variable": "age", "code": "39"}, code="?")),
    ("clean_counts_cover_everyone", "q1", lambda f: put(f["codes"], {"variable": "q1", "code": "b"}, people=19)),
    ("clean_counts_cover_everyone", "q1", lambda f: put(f["codes"], {"variable": "q1", "code": "b"}, people=None)),
    ("clean_counts_cover_everyone", "q3__u", lambda f: drop(f["codes"], variable="q3__u")),
    ("clean_row_is_a_person", "", lambda f: put(f["population"], {"rows": 60}, people=59)),
    ("clean_row_is_a_person", "", lambda f: put(f["population"], {"rows": 60}, people=None)),
    ("clean_holds_people", "", lambda f: add(f["population"], 60, 60)),
]
ANONYMISED = [
    ("every_class_holds_k", "", lambda f: f["classes"].update(people=[9, 51])),
    ("every_class_holds_l.income", "income", lambda f: f["classes"].update(distinct_income=[2, 1])),
    ("every_class_holds_l.income", "income", lambda f: f["classes"].update(distinct_income=[2, None])),
    ("nobody_left_the_classes", "", lambda f: f["classes"].update(people=[10, 49])),
    ("nobody_left_the_classes", "", lambda f: f["classes"].update(people=[10, 51])),
]
RELEASED = [
    ("released_tables_are_declared", "", lambda f: add_cell(f, "t q1 a _T _T", "base", None, "hidden")),
    (
        "released_tables_are_declared",
        "q1",
        lambda f: put(f["cells"], {"table": "q1", "row": "_NA", "measure": "respondents"}, row_var="income"),
    ),
    (
        "released_codes_are_declared",
        "q1",
        lambda f: add_cell(f, "q1 q1 c _T _T", "respondents", None, "hidden"),
    ),
    (
        "released_codes_are_declared",
        "q1_by_region",
        lambda f: add_cell(f, "q1_by_region q1 a region w", "respondents", None, "hidden"),
    ),
    (
        # A finer group than the codebook's level: the exact age.
        "released_codes_are_declared",
        "q1_by_age",
        lambda f: add_cell(f, "q1_by_age q1 a age 21", "respondents", None, "hidden"),
    ),
    (
        "released_measures_are_known",
        "q1",
        lambda f: add_cell(f, "q1 q1 a _T _T", "minimum", 1, "shown"),
    ),
    (
        "released_status_is_known",
        "q1",
        lambda f: add_cell(f, "q1 q1 b _T _T", "base", None, "withheld"),
    ),
    (
        "released_figures_appear_once",
        "q1",
        lambda f: add_cell(f, "q1 q1 a _T _T", "percent_of_all", 50, "shown"),
    ),
    (
        "hidden_cells_have_no_value",
        "q1_by_region",
        lambda f: put(
            f["cells"], {"table": "q1_by_region", "col": "n", "row": "b", "measure": "respondents"}, value=10
        ),
    ),
    (
        "shown_cells_have_a_value",
        "q1",
        lambda f: put(f["cells"], {"table": "q1", "measure": "weighted_percent"}, value=None),
    ),
    (
        "shown_counts_hold_k",
        "income",
        lambda f: add_cell(f, "income income low _T _T", "respondents", 5, "shown"),
    ),
    (
        "shown_counts_are_rounded",
        "income",
        lambda f: add_cell(f, "income income low _T _T", "respondents", 11, "shown"),
    ),
    (
        "shown_percents_are_whole",
        "q1",
        lambda f: put(f["cells"], {"table": "q1", "measure": "weighted_percent"}, value=101),
    ),
    (
        "shown_percents_are_whole",
        "q1",
        lambda f: put(f["cells"], {"table": "q1", "measure": "weighted_percent"}, value=-1),
    ),
    (
        "shown_percents_have_shown_figures",
        "q1_by_region",
        lambda f: put(
            f["cells"],
            {"table": "q1_by_region", "col": "n", "row": "b", "measure": "percent_of_all"},
            value=20,
            status="shown",
        ),
    ),
    (
        # The count is shown, and the base that would then follow is not.
        "shown_percents_have_shown_figures",
        "q1_by_region",
        lambda f: put(
            f["cells"],
            {"table": "q1_by_region", "col": "n", "row": "a", "measure": "percent"},
            value=80,
            status="shown",
        ),
    ),
    (
        # 20 of 60 is 33.3: half up is 33, and 34 tells of a figure that is not displayed.
        "shown_percents_follow_from_shown_figures",
        "q1",
        lambda f: put(f["cells"], {"table": "q1", "row": "b", "measure": "percent_of_all"}, value=34),
    ),
    (
        "shown_percents_follow_from_shown_figures",
        "q1_by_region",
        lambda f: put(f["cells"], {"row": "_T", "measure": "row_percent"}, value=49),
    ),
]
BROKEN = [
    pytest.param(shore, promise, address, spoil, id=f"{promise}-{number}")
    for shore, cases in (("raw", RAW), ("clean", CLEAN), ("anonymised", ANONYMISED), ("released", RELEASED))
    for number, (promise, address, spoil) in enumerate(cases)
]


def spoiled(shore: str, spoil: Any) -> dict[str, good.Columns]:
    frames = good.FRAMES[shore]()
    spoil(frames)
    return frames


@pytest.mark.parametrize(("shore", "promise", "address", "spoil"), BROKEN)
def test_one_wrong_place_breaks_one_promise_and_is_named(shore, promise, address, spoil):
    result = check(shore, spoiled(shore, spoil))
    assert failing(result) == {promise}
    assert result.verdict is Verdict.FAIL
    (finding,) = result.findings
    assert finding.rule == promise.partition(".")[0]
    assert finding.place == (f"{good.SURVEY.name}.{address}" if address else good.SURVEY.name)
    assert finding.facts["suite"] == shore
    assert finding.facts["lines"] >= 1
    for language, stop in (("ja", "。"), ("en", ".")):
        line = render(finding, language)
        assert "{" not in line
        assert line.endswith(stop)


def test_every_promise_was_broken_on_purpose(machinery):
    assert {param.values[1].partition(".")[0] for param in BROKEN} == set(machinery.BREACHES)


def test_every_promise_has_a_message(machinery):
    assert set(machinery.BREACHES) <= set(MESSAGES)


def test_a_rows_count_of_zero_is_no_population():
    frames = good.clean()
    frames["population"].update(rows=[0], people=[0])
    frames["codes"]["people"] = [0] * len(frames["codes"]["people"])
    assert failing(check("clean", frames)) == {"clean_holds_people"}


@pytest.mark.parametrize(("shore", "name"), [(shore, name) for shore, make in good.FRAMES.items() for name in make()])
def test_an_empty_table_proves_nothing(shore, name):
    frames = good.FRAMES[shore]()
    frames[name] = {column: [] for column in frames[name]}
    result = check(shore, frames)
    assert f"something_was_measured.{name}" in failing(result)
    assert "expectation_failed" in {finding.rule for finding in result.findings}


# --- boundaries -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "people", "holds"),
    [
        pytest.param(10, 9, False, id="one_below_k"),
        pytest.param(10, 10, True, id="exactly_k"),
        pytest.param(10, 0, False, id="a_class_of_nobody"),
        pytest.param(10, None, False, id="nobody_knows"),
        pytest.param(10, 10.5, False, id="no_number_of_people"),
        pytest.param(10, float("inf"), False, id="endless"),
        pytest.param(10, 10.0, True, id="whole_though_a_float"),
        pytest.param(3, 3, True, id="smallest_k"),
        pytest.param(3, 2, False, id="below_smallest_k"),
    ],
)
def test_a_class_holds_k(k, people, holds):
    policy = Policy(k=k, rounding=min(5, k))
    classes = pl.DataFrame({"people": [people, 100], "distinct_income": [2, 2]}, strict=False)
    result = check("anonymised", {"classes": classes}, policy=policy)
    assert (result.checks["every_class_holds_k"] is Verdict.PASS) is holds


@pytest.mark.parametrize(
    ("value", "holds"),
    [pytest.param(1, False, id="one_value"), pytest.param(2, True, id="exactly_l"), pytest.param(3, True, id="more")],
)
def test_a_class_holds_l_values_of_a_sensitive_column(value, holds):
    classes = good.table("people distinct_income", (60, value))
    assert (check("anonymised", {"classes": classes}).verdict is Verdict.PASS) is holds


def cells_with(count: int | None) -> dict[str, good.Columns]:
    line = ("income", "income", "_T", "_T", "_T", "respondents", count, "shown")
    return {"cells": good.table("table row_var row col_var col measure value status", line)}


@pytest.mark.parametrize(
    ("k", "rounding", "count", "holds"),
    [
        pytest.param(10, 5, 0, True, id="zero_is_nobody"),
        pytest.param(10, 5, 5, False, id="one_step_below_k"),
        pytest.param(10, 5, 10, True, id="exactly_k"),
        pytest.param(10, 1, 9, False, id="unrounded_one_below_k"),
        pytest.param(10, 1, 10, True, id="unrounded_exactly_k"),
        # 13 people are shown as 15: the least that k people can be shown as.
        pytest.param(13, 5, 15, True, id="k_rounded_up"),
        pytest.param(13, 5, 10, False, id="below_k_rounded_up"),
        pytest.param(10, 5, -10, False, id="fewer_than_nobody"),
    ],
)
def test_a_shown_count_stands_for_nobody_or_for_k(k, rounding, count, holds):
    result = check("released", cells_with(count), policy=Policy(k=k, rounding=rounding))
    assert (result.verdict is Verdict.PASS) is holds


def test_what_counts_as_a_whole_number():
    # The room imports Great Expectations where it must, so its examples are run from here.
    outcome = doctest.testmod(promises)
    assert outcome.attempted > 0
    assert outcome.failed == 0

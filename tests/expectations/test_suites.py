"""Judging a shore: what comes back, what is refused, and what is no verdict at all."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from terms.findings import Fault, Refused, Verdict
from tests.expectations import good
from tests.expectations.good import check, failing, put

NO_EXCEPTION = {"raised_exception": False, "exception_traceback": None, "exception_message": None}

# --- good tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shore", good.FRAMES)
@pytest.mark.parametrize("handed", [pl.DataFrame, pa.table, pd.DataFrame], ids=["polars", "arrow", "pandas"])
def test_a_good_table_passes_however_it_is_handed_over(shore, handed):
    result = check(shore, {name: handed(columns) for name, columns in good.FRAMES[shore]().items()})
    assert failing(result) == set()
    assert result.verdict is Verdict.PASS
    assert result.findings == ()
    assert result.shore == shore


@pytest.mark.parametrize(
    ("shore", "kept"),
    [
        pytest.param("raw", 7, id="raw"),
        pytest.param("clean", 7, id="clean"),
        pytest.param("anonymised", 4, id="anonymised"),
        pytest.param("released", 13, id="released"),
    ],
)
def test_every_promise_is_in_the_result_under_a_name_of_its_own(shore, kept):
    # A promise a function, and for each table that something was measured (one sensitive column here).
    assert len(check(shore, good.FRAMES[shore]()).checks) == kept


def test_a_good_table_passes_without_a_codebook():
    assert check("released", good.released(), codebook=None).verdict is Verdict.PASS


def test_columns_that_nobody_asked_for_stay_outside(machinery):
    classes = good.anonymised()["classes"] | {"name_and_address": ["a", "b"]}
    assert check("anonymised", {"classes": classes}).verdict is Verdict.PASS
    judged = machinery.class_table(classes, ("people",), "survey.anonymised")
    assert list(judged.columns) == ["people"]


# --- what is not a verdict ------------------------------------------------------------------------


def test_a_table_that_is_not_handed_over_is_a_fault():
    frames = good.raw()
    del frames["detectors"]
    with pytest.raises(Fault) as raised:
        check("raw", frames)
    assert [finding.rule for finding in raised.value.findings] == ["expectation_frames_differ"]


def test_a_table_that_nobody_would_judge_is_a_fault():
    with pytest.raises(Fault):
        check("released", good.released() | {"secrets": good.released()["cells"]})


@pytest.mark.parametrize(
    ("shore", "name", "column"),
    [
        (shore, name, column)
        for shore, make in good.FRAMES.items()
        for name, columns in make().items()
        for column in columns
    ],
)
def test_a_column_that_is_not_handed_over_is_a_fault(shore, name, column):
    frames = good.FRAMES[shore]()
    del frames[name][column]
    with pytest.raises(Fault) as raised:
        check(shore, frames)
    (finding,) = raised.value.findings
    assert (finding.rule, finding.facts["column"]) == ("expectation_column_missing", column)
    assert raised.value.__context__ is None


def test_classes_without_the_number_of_people_are_a_fault():
    with pytest.raises(Fault):
        check("anonymised", good.anonymised(), clean_rows=None)


def test_a_shore_that_does_not_exist_is_a_fault():
    with pytest.raises(Fault):
        check("sea", good.raw())


def test_a_suite_without_promises_fails(monkeypatch):
    monkeypatch.setattr("expectations.released.promises", lambda *_, **__: [])
    result = check("released", good.released())
    assert result.verdict is Verdict.FAIL
    assert [finding.rule for finding in result.findings] == ["expectation_failed"]


def answer(promise: str, success: Any = True, info: Any = NO_EXCEPTION) -> Any:
    config = SimpleNamespace(meta={"promise": promise})
    return SimpleNamespace(expectation_config=config, success=success, exception_info=info)


NAMES = [
    "something_was_measured.classes",
    "every_class_holds_k",
    "every_class_holds_l.income",
    "nobody_left_the_classes",
]


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        pytest.param([answer(name) for name in NAMES], Verdict.PASS, id="all_true"),
        pytest.param([], Verdict.FAIL, id="no_result"),
        pytest.param([answer(name) for name in NAMES[1:]], Verdict.FAIL, id="one_missing"),
        pytest.param([answer(name) for name in (*NAMES, NAMES[0])], Verdict.FAIL, id="one_twice"),
        pytest.param([answer(name) for name in (*NAMES[:3], NAMES[0])], Verdict.FAIL, id="one_for_another"),
        pytest.param([answer(name) for name in (*NAMES, "another")], Verdict.FAIL, id="one_unknown"),
        *(
            pytest.param([answer(NAMES[0], success), *map(answer, NAMES[1:])], Verdict.FAIL, id=f"success_{success!r}")
            for success in (False, None, 1, "True", [True])
        ),
    ],
)
def test_only_one_plain_true_for_each_promise_passes(machinery, monkeypatch, results, verdict):
    monkeypatch.setattr(machinery, "_run", lambda *_: results)
    result = check("anonymised", good.anonymised())
    assert result.verdict is verdict
    assert bool(result.findings) is (verdict is Verdict.FAIL)


@pytest.mark.parametrize(
    "info",
    [
        pytest.param(NO_EXCEPTION | {"raised_exception": True}, id="raised"),
        pytest.param(NO_EXCEPTION | {"exception_message": "x"}, id="message_of_an_exception"),
        pytest.param({"metric": NO_EXCEPTION | {"raised_exception": True}}, id="raised_in_a_metric"),
        pytest.param({}, id="nothing_said"),
        pytest.param(None, id="none"),
    ],
)
def test_an_exception_beside_a_success_is_a_fault(machinery, monkeypatch, info):
    results = [answer(NAMES[0], True, info), *map(answer, NAMES[1:])]
    monkeypatch.setattr(machinery, "_run", lambda *_: results)
    with pytest.raises(Fault) as raised:
        check("anonymised", good.anonymised())
    assert [finding.rule for finding in raised.value.findings] == ["expectation_errored"]


# --- the result -----------------------------------------------------------------------------------


def test_a_result_is_frozen_and_travels():
    frames = good.anonymised()
    frames["classes"]["people"] = [9, 51]
    result = check("anonymised", frames)
    with pytest.raises(AttributeError):
        result.shore = "raw"
    with pytest.raises(TypeError):
        result.checks["every_class_holds_k"] = Verdict.PASS
    again = pickle.loads(pickle.dumps(result))
    assert (again.checks, again.findings, again.verdict) == (result.checks, result.findings, Verdict.FAIL)
    assert str(Refused(*result.findings)) == "reader_2026: every_class_holds_k"


def test_lines_are_counted_and_facts_say_the_bar():
    frames = {"classes": good.table("people distinct_income", (9, 2), (8, 2), (43, 2))}
    (finding,) = check("anonymised", frames).findings
    assert dict(finding.facts) == {"suite": "anonymised", "lines": 2, "k": 10}


def test_findings_name_every_column_that_is_wrong():
    frames = good.clean()
    put(frames["codes"], {"variable": "q1", "code": "b"}, code="c")
    put(frames["codes"], {"variable": "income", "code": "low"}, code="c")
    places = [finding.place for finding in check("clean", frames).findings]
    assert places == ["reader_2026.income", "reader_2026.q1"]


def test_shores_can_be_judged_at_the_same_time():
    bad = good.anonymised()
    bad["classes"]["people"] = [9, 51]
    with ThreadPoolExecutor(4) as pool:
        shores = ["raw", "clean", "anonymised", "released"] * 3
        right = [pool.submit(check, shore, good.FRAMES[shore]()) for shore in shores]
        wrong = [pool.submit(check, "anonymised", bad) for _ in range(3)]
    assert all(future.result().verdict is Verdict.PASS for future in right)
    assert all(future.result().verdict is Verdict.FAIL for future in wrong)


def test_a_policy_of_its_own_decides():
    assert (
        check("anonymised", good.anonymised(), policy=replace(good.SURVEY.policy, k=11, rounding=1)).verdict
        is Verdict.FAIL
    )

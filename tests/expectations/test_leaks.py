"""Whatever goes wrong in a suite, no value leaves it: not in an error, its chain, a log, a stream or a file."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import traceback
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import expectations
from expectations import quiet
from terms.findings import Fault, Finding
from terms.messages import render
from tests.expectations import good

CANARY = "zq-canary-7f3e@example.org"
MACHINERY = "expectations.machinery"
HOUSE = Path(__file__).resolve().parent.parent.parent


def check(shore: str, frames: dict[str, Any]) -> expectations.SuiteResult:
    return expectations.check(
        shore,
        frames,
        survey=good.SURVEY,
        policy=good.SURVEY.policy,
        clean_rows=good.CLEAN_ROWS,
        codebook=good.CODEBOOK,
    )


def said(*findings: Finding) -> str:
    lines = [f"{finding!r} {dict(finding.facts)}" for finding in findings]
    return "\n".join([*lines, *(render(finding, language) for finding in findings for language in ("ja", "en"))])


def chained(error: BaseException | None) -> str:
    """Everything that can be read from an error, and from what it was raised from or while."""
    text = ""
    while error is not None:
        text += f"{error!s} {error!r} {error.args} {vars(error)}" + "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__
    return text


def crash(*_: Any, **__: Any) -> Any:
    raise ValueError(CANARY)


class Unreadable:
    """A frame that cannot be handed over, and says why."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        crash()


def in_the_metric(monkeypatch: pytest.MonkeyPatch, frames: dict[str, Any]) -> None:
    monkeypatch.setitem(import_module(MACHINERY).BREACHES, "every_class_holds_k", crash)


def in_the_expectation(monkeypatch: pytest.MonkeyPatch, frames: dict[str, Any]) -> None:
    monkeypatch.setattr(f"{MACHINERY}.ExpectPromiseToHold._validate", crash)


def in_the_engine(monkeypatch: pytest.MonkeyPatch, frames: dict[str, Any]) -> None:
    # Not an error of a metric: the library catches it, logs its text, and carries on without figures.
    monkeypatch.setattr(f"{MACHINERY}.PandasExecutionEngine.resolve_metrics", crash)


def in_the_library(monkeypatch: pytest.MonkeyPatch, frames: dict[str, Any]) -> None:
    monkeypatch.setattr(f"{MACHINERY}.gx.get_context", crash)


def when_read(monkeypatch: pytest.MonkeyPatch, frames: dict[str, Any]) -> None:
    frames["classes"] = Unreadable()


def when_told_apart(monkeypatch: pytest.MonkeyPatch, frames: dict[str, Any]) -> None:
    frames["classes"] = {"people": [{"who": CANARY}], "distinct_income": [[CANARY], 2]}


CRASHES = [in_the_metric, in_the_expectation, in_the_engine, in_the_library, when_read, when_told_apart]


@pytest.mark.parametrize("crashes", CRASHES)
def test_a_suite_that_crashes_is_a_fault_that_says_nothing(monkeypatch, caplog, capfd, crashes):
    frames: dict[str, Any] = good.anonymised()
    crashes(monkeypatch, frames)
    with caplog.at_level(logging.DEBUG), pytest.raises(Fault) as raised:
        check("anonymised", frames)
    (finding,) = raised.value.findings
    assert (finding.place, finding.rule) == ("reader_2026.anonymised", "expectation_errored")
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert CANARY not in chained(raised.value) + said(*raised.value.findings)
    assert CANARY not in caplog.text
    assert capfd.readouterr() == ("", "")


def test_the_library_knew_the_canary_and_kept_it_to_itself(machinery, monkeypatch):
    # Positive control: what a crashing expectation says does come back from the library.
    monkeypatch.setitem(machinery.BREACHES, "every_class_holds_k", crash)
    heard = []
    run = machinery._run

    def listening(*given: Any) -> Any:
        heard.extend(run(*given))
        return heard

    monkeypatch.setattr(machinery, "_run", listening)
    with pytest.raises(Fault):
        check("anonymised", good.anonymised())
    assert CANARY in str(heard)


def test_results_come_back_as_yes_or_no(machinery, monkeypatch):
    heard = []
    run = machinery._run
    monkeypatch.setattr(machinery, "_run", lambda *given: heard.append(run(*given)) or heard[-1])
    frames = good.released()
    frames["cells"]["row"][0] = CANARY
    check("released", frames)
    (results,) = heard
    assert [result.result for result in results] == [{}] * 13
    assert {result.success for result in results} == {True, False}
    assert CANARY not in str(results)


def test_the_library_would_log_the_canary(monkeypatch, caplog):
    # Positive control of the same kind for its log.
    log = logging.getLogger("great_expectations")
    log.setLevel(logging.DEBUG)
    log.propagate = True
    monkeypatch.setattr(quiet, "hushed", nullcontext)
    in_the_engine(monkeypatch, {})
    with caplog.at_level(logging.DEBUG), pytest.raises(Fault):
        check("anonymised", good.anonymised())
    assert CANARY in caplog.text


def test_a_log_that_somebody_opened_is_closed_again(monkeypatch, caplog, capfd):
    log = logging.getLogger("great_expectations")
    log.setLevel(logging.DEBUG)
    log.propagate = True
    log.addHandler(logging.StreamHandler())
    in_the_engine(monkeypatch, {})
    with caplog.at_level(logging.DEBUG), pytest.raises(Fault):
        check("anonymised", good.anonymised())
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


TEXTS = [
    (shore, name, column)
    for shore, make in good.FRAMES.items()
    for name, columns in make().items()
    for column, values in columns.items()
    if any(isinstance(value, str) for value in values)
]


@pytest.mark.parametrize(("shore", "name", "column"), TEXTS)
def test_a_suite_that_fails_says_no_value(caplog, capfd, shore, name, column):
    frames = good.FRAMES[shore]()
    frames[name][column][-1] = CANARY
    with caplog.at_level(logging.DEBUG):
        result = check(shore, frames)
    assert result.findings
    assert CANARY not in said(*result.findings) + str(result)
    assert CANARY not in caplog.text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("column", ["people", "distinct_income"])
def test_text_where_a_number_belongs_fails_and_is_not_said(column):
    classes: dict[str, Any] = good.anonymised()["classes"]
    classes[column] = [CANARY, CANARY]
    result = check("anonymised", {"classes": classes})
    assert result.findings
    assert CANARY not in said(*result.findings) + str(result)


# --- a process of its own: imports, streams, files, network -------------------------------------

SCRIPT = """
import json, logging, os, socket, sys, warnings

import expectations

heavy = sorted({"great_expectations", "pandas", "pyarrow", "prefect", "duckdb"} & set(sys.modules))
logging.basicConfig(level=logging.DEBUG)  # an operator who wants to see everything
warnings.simplefilter("always")
called = []

def refuse(*given, **named):
    called.append("network")
    raise OSError("no network here")

socket.socket.connect = refuse
socket.getaddrinfo = refuse

from terms.findings import Fault
from tests.expectations import good

CANARY = sys.argv[1]
given = {"survey": good.SURVEY, "policy": good.SURVEY.policy, "clean_rows": good.CLEAN_ROWS}
verdicts = []
frames = good.released()
frames["cells"]["row"][0] = CANARY
verdicts.append(expectations.check("released", frames, **given).verdict.value)

def crash(*given, **named):
    raise ValueError(CANARY)

machinery = sys.modules["expectations.machinery"]
machinery.BREACHES["every_class_holds_k"] = crash
try:
    expectations.check("anonymised", good.anonymised(), **given)
except Fault as fault:
    verdicts.append(fault.findings[0].rule)
print(json.dumps([heavy, called, verdicts, os.environ["GX_ANALYTICS_ENABLED"]]))
"""


def files_with(folder: Path, needle: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and needle.encode() in path.read_bytes()]


def test_a_process_that_judges_writes_nothing_and_calls_nobody(tmp_path):
    places = {name: tmp_path / name for name in ("home", "tmp", "here")}
    for place in places.values():
        place.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GX_", "XDG_"))}
    environment |= {
        "HOME": str(places["home"]),
        "TMPDIR": str(places["tmp"]),
        "PYTHONPATH": str(HOUSE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, CANARY],
        cwd=places["here"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    heavy, called, verdicts, analytics = json.loads(result.stdout)
    assert heavy == [], "the room must be cheap to import"
    assert called == []
    assert verdicts == ["FAIL", "expectation_errored"]
    assert analytics == "false"
    assert CANARY not in result.stdout + result.stderr
    assert "great_expectations" not in result.stderr
    assert [path for place in places.values() for path in place.rglob("*")] == []


def test_the_search_for_files_finds_a_planted_one(tmp_path):
    (tmp_path / "log").write_text(f"value: {CANARY}", encoding="utf-8")
    assert files_with(tmp_path, CANARY) == [tmp_path / "log"]

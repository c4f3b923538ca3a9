"""``shoji run`` and its parts: what is published, when not, what is said and with which exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows import publication, setting, steps
from flows.command_line import INTERRUPTED
from flows.setting import today
from storage.keys import ROOT_KEY, make_root_key
from storage.locks import writer
from terms.findings import WrongUse
from tests.flows.conftest import contents
from tests.towns import AFTER, LAST_DAY, SURVEY, csv_bytes, townspeople

RELEASE = f"0001-{AFTER}"


def change_an_answer(town):
    """One person says something else."""
    rows = townspeople()
    rows[0]["【問4】年収"] = {"1": "2", "2": "3", "3": "1"}[rows[0]["【問4】年収"]]
    town.answer(rows)


# --- published ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["run", "release"])
def test_a_good_survey_is_published(town, shoji, verb):
    said = shoji(verb, town.declaration, "--as-of", AFTER)
    (folder,) = town.releases()
    assert (said.code, said.err) == (0, "")
    assert said.lines == [
        f"{SURVEY}: published: {folder}",
        f"open in a browser: {folder}/index.html",
        f"open in Excel: {folder}/tables.xlsx",
    ]
    assert folder.name == RELEASE
    assert json.loads((folder.parent / "latest.json").read_text()) == {"release": RELEASE}
    published = {"data/cells.csv", "data/codes.csv", "index.html", "tables.xlsx", "privacy-statement.json"}
    assert {*contents(folder)} == published | {"datapackage.json", "SHA256SUMS"}


def test_the_json_of_a_run_is_the_contract(town, shoji):
    run = shoji("run", town.declaration, "--as-of", AFTER, "--json").json
    assert list(run) == ["survey", "verdict", "outcome", "release", "reasons", "respondents", "seconds"]
    assert (run["survey"], run["verdict"], run["outcome"]) == (SURVEY, "PASS", "published")
    assert run["release"] == str(town.releases()[0])
    assert run["reasons"] == []
    assert run["respondents"] == {"read": 200, "published": 200, "waiting": 0}
    assert {"ingest", "clean", "publish"} <= {*run["seconds"]}


def test_only_an_operator_sees_exact_counts(town, shoji):
    town.answer(townspeople(203))
    arguments = ("run", town.declaration, "--as-of", AFTER, "--dry-run", "--json")
    assert shoji(*arguments).json["respondents"]["read"] == 200
    assert shoji(*arguments, "--operator").json["respondents"]["read"] == 203


def test_a_question_that_all_answer_alike_is_withheld_and_the_rest_published(town, shoji):
    town.answer([row | {"【問3】その他": "1"} for row in townspeople()])
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    cells = (town.releases()[0] / "data" / "cells.csv").read_text(encoding="utf-8-sig").splitlines()
    channels = [line for line in cells if line.split(",")[1] == "channels"]
    assert {line.split(",")[2] for line in channels if line.endswith("shown")} == {"_T"}
    assert any(line.split(",")[1] == "income" and line.endswith("shown") for line in cells)


# --- not published --------------------------------------------------------------------------------


def test_a_dry_run_publishes_nothing(town, shoji):
    said = shoji("run", town.declaration, "--as-of", AFTER, "--dry-run", "--json")
    assert (said.code, said.json["outcome"], said.json["release"]) == (0, "candidate", None)
    assert town.releases() == []
    assert shoji("run", town.declaration, "--as-of", AFTER, "--json").json["outcome"] == "published"


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        pytest.param("2026-05-20", "waiting", id="in_the_middle"),
        pytest.param(LAST_DAY, "waiting", id="on_the_last_day"),
        pytest.param("2026-06-15", "published", id="the_day_after"),
    ],
)
def test_a_survey_waits_until_its_fieldwork_is_over(town, shoji, day, outcome):
    said = shoji("run", town.declaration, "--as-of", day, "--json")
    assert (said.code, said.json["verdict"], said.json["outcome"]) == (0, "PASS", outcome)
    assert len(town.releases()) == (outcome == "published")
    waits = [reason["facts"] for reason in said.json["reasons"]]
    assert waits == ([{"after": "2026-06-15"}] if outcome == "waiting" else [])


def test_a_second_run_changes_nothing(town, shoji):
    shoji("release", town.declaration, "--as-of", AFTER)
    before = contents(town.home.released)
    said = shoji("run", town.declaration, "--as-of", "2026-08-01", "--json")
    assert (said.code, said.json["outcome"]) == (0, "unchanged")
    assert said.json["release"] == str(town.releases()[0])
    assert contents(town.home.released) == before


def test_words_that_are_not_stored_make_no_new_release(town, shoji):
    shoji("release", town.declaration, "--as-of", AFTER)
    town.answer([row | {"【問5】ご意見": "another opinion", "端末": "another device"} for row in townspeople()])
    assert shoji("run", town.declaration, "--as-of", AFTER, "--json").json["outcome"] == "unchanged"


def test_an_answer_changed_after_publication_is_refused_and_the_release_stays(town, shoji):
    shoji("release", town.declaration, "--as-of", AFTER)
    before = contents(town.home.released)
    change_an_answer(town)
    said = shoji("run", town.declaration, "--as-of", "2026-08-01", "--json")
    assert (said.code, said.json["verdict"], said.json["outcome"]) == (1, "FAIL", "refused")
    assert [(reason["rule"], reason["facts"]) for reason in said.json["reasons"]] == [
        ("published_once", {"release": RELEASE})
    ]
    assert contents(town.home.released) == before
    town.answer(townspeople())
    assert shoji("run", town.declaration, "--as-of", AFTER, "--json").json["outcome"] == "unchanged"


def test_whoever_is_refused_a_second_release_is_not_sent_to_another_name(town, shoji):
    shoji("release", town.declaration, "--as-of", AFTER)
    change_an_answer(town)
    english = shoji("release", town.declaration, "--as-of", AFTER, "--lang", "en")
    japanese = shoji("release", town.declaration, "--as-of", AFTER, "--lang", "ja")
    assert "cannot be published again under another name either" in english.err
    assert "別の名前の調査としても二度と公表できません" in japanese.err


def test_the_json_names_the_current_release_however_a_run_ended(town, shoji, monkeypatch):
    arguments = ("run", town.declaration, "--as-of", AFTER, "--json")
    town.answer([row | {"地区": "西"} for row in townspeople()])
    assert shoji(*arguments).json["release"] is None
    town.answer(townspeople())
    current = shoji(*arguments).json["release"]
    assert current == str(town.releases()[0])
    endings = {"unchanged": shoji(*arguments, "--dry-run").json}
    change_an_answer(town)
    endings["refused"] = shoji(*arguments).json
    endings["waiting"] = shoji("run", town.declaration, "--as-of", LAST_DAY, "--json").json
    monkeypatch.setattr(steps, "counts_frame", lambda *_: 1 // 0)
    endings["fault"] = shoji(*arguments).json
    assert {name: run["outcome"] for name, run in endings.items()} == {name: name for name in endings}
    assert {run["release"] for run in endings.values()} == {current}
    (town.home.released / SURVEY / "latest.json").write_text("x")
    assert shoji(*arguments).json["release"] is None


def test_a_day_that_has_not_come_is_wrong_use(town, shoji):
    tomorrow = today() + timedelta(days=1)
    said = shoji("run", town.declaration, "--as-of", tomorrow, "--json")
    assert (said.code, [(found["place"], found["rule"]) for found in said.json["error"]]) == (
        2,
        [("--as-of", "day_in_future")],
    )
    assert not town.home.path.exists()
    assert shoji("run", town.declaration, "--as-of", today(), "--json").json["outcome"] == "published"


def test_today_is_the_day_in_japan(monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 6, 30, 15, 0, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(setting, "datetime", Clock)
    assert setting.read_day("2026-07-01") == setting.read_day(None) == date(2026, 7, 1)
    with pytest.raises(WrongUse):
        setting.read_day("2026-07-02")


def test_a_changed_policy_after_publication_is_refused(town, shoji):
    shoji("release", town.declaration, "--as-of", AFTER)
    town.declare("preset: once", "preset: once\npolicy: {k: 11, rounding: 1}")
    said = shoji("release", town.declaration, "--as-of", AFTER, "--json")
    assert (said.code, [reason["rule"] for reason in said.json["reasons"]]) == (1, ["published_once"])


def test_a_refused_run_says_why_in_one_line_a_problem(town, shoji):
    town.answer([row | {"地区": "西"} if number < 3 else row for number, row in enumerate(townspeople())])
    said = shoji("run", town.declaration, "--as-of", AFTER)
    assert (said.code, said.out) == (1, "")
    assert said.lines[0] == f"{SURVEY}: nothing was published; an earlier release stays as it is."
    assert said.lines[1].startswith("columns.area: rows with a code that is not declared: 3 ")
    assert said.lines[2].startswith("rows left out: 3")
    assert len(said.lines) == 3
    report = (town.home.rejects / f"{SURVEY}.csv").read_text(encoding="utf-8-sig").splitlines()
    assert report[1:] == [f"responses,{line},area,undeclared_code" for line in (2, 3, 4)]
    assert "西" not in said.err


def test_every_problem_has_a_line_in_either_language(town, shoji):
    town.answer([row | {"地区": "西"} for row in townspeople()])
    english = shoji("run", town.declaration, "--as-of", AFTER, "--lang", "en")
    japanese = shoji("run", town.declaration, "--as-of", AFTER, "--lang", "ja")
    assert len(english.lines) == len(japanese.lines) == 4
    assert "公表しませんでした" in japanese.err
    assert not any("公表" in line for line in english.lines)


def test_the_language_is_that_of_the_terminal(town, shoji, monkeypatch):
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert "公表しました" in shoji("release", town.declaration, "--as-of", AFTER).out
    assert "unchanged" in shoji("release", town.declaration, "--as-of", AFTER, "--lang", "en").out


# --- sources, keys, locks -------------------------------------------------------------------------


def test_a_source_on_the_command_line_replaces_the_declared_one(town, shoji, tmp_path):
    other = tmp_path / "other.csv"
    other.write_bytes(csv_bytes(townspeople(230), encoding="cp932"))
    town.export.unlink()
    said = shoji("run", town.declaration, "--as-of", AFTER, "--source", other, "--json")
    assert (said.code, said.json["respondents"]["published"]) == (0, 230)
    assert shoji("run", town.declaration, "--as-of", AFTER, "--json").code == 1


def test_a_home_on_the_command_line_goes_before_the_environment(town, shoji, tmp_path):
    said = shoji("release", town.declaration, "--as-of", AFTER, "--home", tmp_path / "elsewhere")
    assert said.code == 0
    assert (tmp_path / "elsewhere" / "released" / SURVEY / RELEASE).is_dir()
    assert not town.home.path.exists()


@pytest.mark.parametrize("verb", ["run", "release", "ingest", "plan"])
def test_a_second_writer_is_told_so(town, shoji, verb):
    town.home.create()
    with writer(town.home):
        said = shoji(verb, town.declaration, "--as-of", AFTER)
    assert said.code == 3
    assert f"process {os.getpid()}" in said.err
    assert shoji(verb, town.declaration, "--as-of", AFTER).code == 0


def test_keys_that_are_missing_or_travel_with_the_home_are_refused(town, shoji, monkeypatch):
    shutil.rmtree(town.keys)
    assert shoji("release", town.declaration, "--as-of", AFTER, "--json").json["reasons"][0]["rule"] == "key_missing"
    monkeypatch.setenv("SHOJI_KEYS", str(town.home.path / "keys"))
    said = shoji("release", town.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["reasons"][0]["rule"]) == (1, "keys_inside_home")


def test_another_key_is_a_fault_and_changes_nothing(town, shoji):
    shoji("release", town.declaration, "--as-of", AFTER)
    before = contents(town.home.released)
    (town.keys / ROOT_KEY).unlink()
    make_root_key(town.keys)
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 3
    assert contents(town.home.released) == before


def test_what_nobody_foresaw_is_a_fault_without_its_words(town, shoji, monkeypatch):
    def break_down(*_):
        raise ValueError("町田 7号")

    monkeypatch.setattr(steps, "counts_frame", break_down)
    said = shoji("run", town.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"], said.json["verdict"]) == (3, "fault", "FAIL")
    assert [reason["rule"] for reason in said.json["reasons"]] == ["unexpected_error"]
    assert said.json["reasons"][0]["facts"]["type"] == "ValueError"
    assert "町田" not in said.out + said.err
    assert town.releases() == []


def test_an_interrupted_run_says_so_and_leaves_nothing_half_done(town, shoji, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publication, "verify_folder", interrupt)
        said = shoji("release", town.declaration, "--as-of", AFTER)
    assert (said.code, said.out, len(said.lines)) == (130, "", 1)
    assert said.err.startswith("shoji: interrupted")
    assert town.releases() == [*town.home.staging.iterdir()] == []
    (ended,) = shoji("status", "--json").json["surveys"]
    assert (ended["release"], ended["last_run"]["outcome"]) == (None, "interrupted")
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0


def test_the_readme_tells_the_code_of_an_interruption():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"3 a fault; {INTERRUPTED} interrupted." in readme


# --- as a process ---------------------------------------------------------------------------------


def process(town, *arguments: str, more: dict[str, str] | None = None, **options) -> subprocess.Popen:
    code = "from flows.command_line import main; main()"
    environment = {"PATH": os.environ["PATH"], "LANG": "ja_JP.UTF-8", "HOME": str(town.folder), **town.environment()}
    environment |= more or {}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        text=True,
        **options,
    )


def test_a_process_ends_with_the_code_and_speaks_the_language(town, tmp_path):
    out, err = process(town, "release", "survey/survey.yaml", "--as-of", AFTER, cwd=tmp_path).communicate(timeout=100)
    assert (err, len(town.releases())) == ("", 1)
    assert out.startswith(f"{SURVEY}: 公表しました: ")
    wrong = process(town, "release", "nobody_2026")
    out, err = wrong.communicate(timeout=100)
    assert (wrong.returncode, out) == (2, "")
    assert err.startswith("shoji: SURVEY: そのような調査はありません。")


@pytest.mark.parametrize(
    ("more", "error"),
    [
        pytest.param({"PREFECT_API_URL": "http://127.0.0.1:9/api"}, "RuntimeError", id="nobody_answers"),
        pytest.param({"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "0"}, "RuntimeError", id="too_slow"),
        pytest.param({"PREFECT_API_REQUEST_TIMEOUT": "soon"}, "ValidationError", id="set_up_wrongly"),
    ],
)
def test_an_orchestrator_that_does_not_start_is_a_fault_of_its_own(town, more, error):
    run = process(town, "run", str(town.declaration), "--as-of", AFTER, "--json", more=more)
    out, err = run.communicate(timeout=100)
    said = json.loads(out)
    assert (run.returncode, said["outcome"], said["release"]) == (3, "fault", None)
    assert "Traceback" not in err
    (reason,) = said["reasons"]
    assert (reason["place"], reason["rule"], reason["facts"]) == ("prefect", "orchestrator_failed", {"type": error})
    assert town.releases() == []

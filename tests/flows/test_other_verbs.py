"""The verbs beside ``run``: check, plan, ingest, anonymise, audit, verify, list, status, demo; and wrong use."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows import verbs
from flows.command_line import app
from storage.warehouse import Warehouse
from tests.flows.conftest import contents
from tests.towns import AFTER, SURVEY, townspeople

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def release(town, shoji) -> Path:
    """The folder of a release."""
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    return town.releases()[0]


def rules(said) -> list[str]:
    """The rules of an error told to machines."""
    return [finding["rule"] for finding in said.json["error"]]


# --- wrong use ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["run"],
        ["run", "--fly"],
        ["run", "reader_2026", "--lang", "fr"],
        ["run", "reader_2026", "--as-of", "yesterday"],
        ["run", "reader_2026", "--as-of", "2026-02-30"],
        ["run", "nobody_2026"],
        ["check", "no/such/survey.yaml"],
        ["plan", "\0"],
        ["release", "../reader_2026"],
        ["audit", "nobody_2026"],
        ["verify", "no/such/folder"],
        ["status"],
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(town, shoji, arguments):
    said = shoji(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("shoji: ")
    assert said.err.count("\n") == 1
    assert not town.home.path.exists()


def test_an_unknown_survey_is_answered_with_those_there_are(town, shoji):
    assert "reader_2026" in shoji("run", "nobody_2026").err
    assert rules(shoji("run", "nobody_2026", "--json")) == ["survey_unknown"]


def test_help_names_every_verb_and_is_quick_to_load():
    code = "import sys; from flows.command_line import _main; _main(['--help']); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=100)
    assert ended.returncode == 0
    listed = {line.split()[0] for line in ended.stdout.splitlines() if line.startswith("  ")}
    promised = {"demo", "check", "plan", "run", "ingest", "anonymise", "release", "audit", "status", "list", "verify"}
    promised |= {"explain", "recall", "retention", "rewards"}
    assert promised | {"person", "role", "provide", "incident"} <= listed
    assert {command.name or command.callback.__name__ for command in app.registered_commands} == promised
    assert not {"prefect", "polars", "duckdb", "great_expectations"} & {*ended.stdout.split()}


# --- check, plan, parts of the road ---------------------------------------------------------------


def test_check_counts_rows_and_bad_rows(town, shoji):
    assert shoji("check", town.declaration).lines == [f"{SURVEY}: ok"]
    town.export.write_bytes(town.export.read_bytes() + b"too,short\r\n")
    assert shoji("check", town.declaration, "--json").json == {
        "survey": SURVEY,
        "verdict": "PASS",
        "rows": 201,
        "bad_rows": 1,
    }
    assert not town.home.warehouse.exists()


def test_check_tells_every_problem_of_a_declaration_at_once(town, shoji):
    town.declare("range: [15, 99]", "range: [99, 15]")
    town.declare("type: multiple\n    separator: 、", "type: multiple")
    town.declare("by: [age, area]", "by: [age, sea]")
    said = shoji("check", town.declaration)
    assert (said.code, said.out) == (1, "")
    places = [line.split(": ")[1] for line in said.lines]
    assert len(places) == 3
    assert places[:2] == ["columns.age", "columns.reads"]
    assert places[2].startswith("tables")


def test_check_tells_every_problem_of_the_files(town, shoji):
    town.answer([{**{k: v for k, v in row.items() if k != "年齢"}, "電話": "0"} for row in townspeople(20)])
    said = shoji("check", town.declaration, "--json")
    assert (said.code, rules(said)) == (1, ["column_undeclared", "column_missing"])
    town.export.unlink()
    assert rules(shoji("check", town.declaration, "--json")) == ["source_missing"]


def test_a_plan_is_shown_and_written_only_when_asked(town, shoji):
    frozen = town.codebook.read_text(encoding="utf-8")
    town.codebook.unlink()
    plan = shoji("plan", town.declaration, "--as-of", AFTER, "--json").json
    assert (plan["levels"], plan["frozen"]) == ({"age": 2, "area": 0}, False)
    assert plan["smallest_class"] >= 10
    assert not town.codebook.exists()
    said = shoji("release", town.declaration, "--as-of", AFTER, "--json")
    assert [reason["rule"] for reason in said.json["reasons"]] == ["codebook_missing"]
    assert shoji("plan", town.declaration, "--as-of", AFTER, "--freeze").code == 0
    assert town.codebook.read_text(encoding="utf-8") == frozen
    assert town.releases() == []


def test_a_codebook_in_use_is_not_frozen_anew(town, shoji, release):
    before = town.codebook.read_bytes()
    said = shoji("plan", town.declaration, "--as-of", AFTER, "--freeze", "--json")
    assert (said.code, rules(said)) == (1, ["codebook_in_use"])
    assert town.codebook.read_bytes() == before


@pytest.mark.parametrize(("verb", "step"), [("ingest", "clean"), ("anonymise", "anonymise")])
def test_a_part_of_the_road_publishes_nothing(town, shoji, verb, step):
    said = shoji(verb, town.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["verdict"], said.json["step"]) == (0, "PASS", step)
    assert town.releases() == []
    (entry,) = shoji("status", "--json").json["surveys"]
    assert entry["last_run"]["outcome"] == "partial"


# --- audit and verify -----------------------------------------------------------------------------


def test_a_release_passes_the_attacker(town, shoji, release):
    by_folder, by_name = shoji("audit", release, "--json"), shoji("audit", SURVEY, "--json")
    assert by_folder.code == by_name.code == 0
    assert by_folder.json == by_name.json
    assert list(by_folder.json) == ["verdict", "tests", "findings"]
    assert (by_folder.json["verdict"], by_folder.json["findings"]) == ("PASS", [])
    assert {test["verdict"] for test in by_folder.json["tests"].values()} == {"PASS"}


def test_an_audit_finds_a_survey_by_its_declaration(town, shoji, release, tmp_path):
    by_name = shoji("audit", SURVEY, "--json")
    for target in (town.declaration, town.folder):
        assert (said := shoji("audit", target, "--json")).code == 0
        assert said.json == by_name.json
    town.declare(f"survey: {SURVEY}", "survey: village_2026")
    for target in (town.declaration, "reader_2026", "village_2026", "..", tmp_path / "survey.yaml"):
        assert rules(shoji("audit", target, "--json")) == ["nothing_published_here"]
    town.declaration.unlink()
    assert shoji("audit", SURVEY).code == 0


def give_away(release: Path, code: str, people: int) -> None:
    """Write a number of people that is hidden into every table that has it."""
    cells = release / "data" / "cells.csv"
    rows = list(csv.DictReader(cells.read_text(encoding="utf-8-sig").splitlines()))
    for row in rows:
        if (row["row_var"], row["row"], row["col"], row["measure"]) == ("how", code, "_T", "respondents"):
            assert row["status"] == "hidden"
            row |= {"value": str(people), "status": "shown"}
    with cells.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("code", "answer", "rule"),
    [
        pytest.param("loan", "図書館", "shown_below_k", id="the_small_number_itself"),
        pytest.param("web", "電子版", "cell_interval_narrow", id="what_leaves_the_small_number"),
    ],
)
def test_a_hidden_figure_that_is_given_away_fails_the_audit(town, shoji, code, answer, rule):
    town.declare("preset: once", "preset: once\npolicy: {rounding: 1}")
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    (release,) = town.releases()
    give_away(release, code, sum(row["【問1】入手方法"] == answer for row in townspeople()))
    said = shoji("audit", release, "--json")
    assert (said.code, said.json["verdict"]) == (1, "FAIL")
    assert rule in {finding["rule"] for finding in said.json["findings"]}
    assert shoji("audit", release).lines[0].startswith("FAIL: ")
    assert shoji("verify", release).code == 1


def test_an_audit_of_something_else_is_refused(town, shoji, release, tmp_path):
    (release / "privacy-statement.json").write_text("{}")
    assert rules(shoji("audit", release, "--json")) == ["statement_malformed"]
    (release / "data" / "cells.csv").write_text("what,is,this\n")
    said = shoji("audit", release, "--json")
    assert said.code == 1
    assert shoji("audit", tmp_path / "empty").code == 2


def changed(folder: Path) -> None:
    page = folder / "index.html"
    page.write_bytes(page.read_bytes().replace(b"a", b"b", 1))


def missing(folder: Path) -> None:
    (folder / "tables.xlsx").unlink()


def surplus(folder: Path) -> None:
    (folder / "data" / "rows.csv").write_text("")


@pytest.mark.parametrize("damage", [changed, missing, surplus])
def test_verify_notices_every_change(town, shoji, release, damage):
    assert shoji("verify", release).lines == [f"{release}: ok"]
    assert shoji("verify", release, "--json").json == {"verdict": "PASS", "findings": []}
    damage(release)
    said = shoji("verify", release, "--json")
    assert (said.code, said.json["verdict"], len(said.json["findings"])) == (1, "FAIL", 1)


# --- list, status, demo ---------------------------------------------------------------------------


def test_list_names_the_declared_surveys(town, shoji):
    surveys = shoji("list", "--json").json
    declared = sorted(path.parent.name for path in (CHECKOUT / "data" / "surveys").glob("*/survey.yaml"))
    assert [survey["survey"] for survey in surveys] == declared
    assert {survey["release"] for survey in surveys} == {None}
    assert len(shoji("list").lines) == len(declared)
    assert not town.home.path.exists()


def test_status_tells_releases_and_how_the_last_run_ended(town, shoji, release):
    town.answer([row | {"地区": "西"} for row in townspeople()])
    shoji("run", town.declaration, "--as-of", AFTER)
    status = shoji("status", "--json").json
    assert status["ledger"]["whole"] is True
    (entry,) = status["surveys"]
    assert (entry["survey"], entry["release"]) == (SURVEY, release.name)
    assert entry["last_run"]["outcome"] == "refused"
    assert "undeclared_quasi_identifier" in entry["last_run"]["rules"]


def test_status_notices_a_ledger_that_was_written_over(town, shoji, release):
    text = town.home.ledger.read_text()
    town.home.ledger.write_text(text.replace("published", "unchanged", 1))
    said = shoji("status", "--json")
    assert (said.code, rules(said)) == (3, ["ledger_broken"])


@pytest.mark.parametrize("left", [0, 1, -1])
def test_status_notices_a_ledger_that_was_cut_short(town, shoji, release, left):
    assert shoji("status", "--json").json["ledger"]["anchored"] is True
    lines = town.home.ledger.read_bytes().splitlines(keepends=True)
    town.home.ledger.write_bytes(b"".join(lines[:left]))
    said = shoji("status", "--json")
    assert (said.code, rules(said)) == (3, ["ledger_rewound"])


def test_status_says_when_a_run_keeps_it_from_comparing_the_ledger(town, shoji, release):
    free = shoji("status").lines[0]
    with Warehouse.open(town.home):
        said, english, japanese = (shoji("status", *more) for more in (["--json"], ["--lang", "en"], ["--lang", "ja"]))
    assert (said.code, said.json["ledger"]["anchored"]) == (0, False)
    assert free.endswith("entries, whole")
    assert (
        english.lines[0] == f"{free}; a run holds the warehouse, so the ledger's end could not be compared with the "
        "anchor kept there."
    )
    assert "照合できませんでした" in japanese.lines[0]


def test_status_misses_a_warehouse_that_is_gone(town, shoji, release):
    town.home.warehouse.unlink()
    said = shoji("status", "--json")
    assert (said.code, rules(said)) == (3, ["warehouse_missing"])


def test_the_demo_makes_its_own_keys_beside_its_home(town, shoji, tmp_path, monkeypatch):
    monkeypatch.setattr(verbs, "DEMO", str(town.declaration))
    monkeypatch.delenv("SHOJI_KEYS")
    home = tmp_path / "demo"
    assert shoji("demo", "--home", home, "--json").json["outcome"] == "published"
    assert (tmp_path / "demo.keys" / "root.key").stat().st_mode & 0o777 == 0o600
    before = contents(home / "released")
    assert shoji("demo", "--home", home, "--json").json["outcome"] == "unchanged"
    assert contents(home / "released") == before


def test_json_is_one_document_whatever_happens(town, shoji):
    for arguments in (["run", town.declaration, "--as-of", "x"], ["verify", "nowhere"], ["status"], ["list"]):
        json.loads(shoji(*arguments, "--json").out)
    assert os.environ["SHOJI_HOME"] == str(town.home.path)

"""Contact data of those who are to be sent something: apart from every answer, encrypted, for a while."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest

from flows import contacts as door
from flows import retention, rewards
from storage.keys import load_root_key
from storage.rewards import read_rewards
from terms.reading import read_survey
from tests.flows.conftest import Shoji, contents
from tests.towns import AFTER, SURVEY, Town, townspeople

COLUMN = "  device: {header: 端末, role: ignored}\n"
DECLARED = 'rewards: {columns: [name, mail], wanted: {column: wants, accepted: ["1"]}}\n'
IN_TIME = date(2026, 9, 12)
"""90 days after 14 June 2026: the last day."""
LATE = date(2026, 9, 13)


def wanting(rows: list[dict]) -> list[dict]:
    """Every third one wants a prize."""
    return [row | {"賞品": "1" if number % 3 == 0 else "0"} for number, row in enumerate(rows)]


ROWS = wanting(townspeople())
WINNERS = {(row["氏名"], row["メール"]) for row in ROWS if row["賞品"] == "1"}
SHE = ROWS[6]


@pytest.fixture
def on(monkeypatch):
    """Let commands work on a day."""

    def set_day(day: date) -> None:
        for module in (retention, door):
            monkeypatch.setattr(module, "today", lambda: day)
        monkeypatch.setattr("flows.acts.today", lambda: day)

    set_day(IN_TIME)
    return set_day


@pytest.fixture
def town(town: Town, shoji: Shoji, on) -> Town:
    """A town with a prize, taken in; two people who may act."""
    town.declare(COLUMN, COLUMN + "  wants: {header: 賞品, role: ignored}\n")
    town.declare("preset: once\n", "preset: once\n" + DECLARED)
    town.answer(ROWS)
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    assert shoji("role", "add", "taro", "--role", "operator", "--by", "hanako").code == 0
    return town


def listed(town: Town) -> list[tuple[str, ...]]:
    return read_rewards(town.home, load_root_key(town.keys, town.home.path), read_survey(town.declaration))


def rules(said) -> list[str]:
    return [finding["rule"] for finding in said.json["error"]]


def take(shoji: Shoji, town: Town, name: str = "prizes.csv"):
    return shoji("rewards", town.declaration, "--by", "hanako", "--out", town.folder.parent / name, "--json")


def erase(shoji: Shoji, town: Town, monkeypatch) -> None:
    number = shoji("person", "open", town.declaration, "--kind", "erase", "--by", "hanako", "--json").json["request"]
    for step in (("identify", number, "--by", "hanako", "--proof", "account"), ("erase", number, "--by", "taro")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(SHE["会員番号"] + "\n"))
        assert shoji("person", *step).code == 0


def test_whoever_wants_a_prize_is_on_the_list_and_nobody_else(town, shoji):
    said = take(shoji, town)
    assert said.code == 0
    file = Path(said.json["file"])
    header, *lines = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    assert header == ["name", "mail"]
    assert {tuple(line) for line in lines} == WINNERS and len(lines) == len(WINNERS)
    assert file.stat().st_mode & 0o777 == 0o600
    assert (town.home.rewards / f"{SURVEY}.list").stat().st_mode & 0o777 == 0o600


def test_contact_data_are_in_no_byte_of_the_home(town, shoji):
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    said = take(shoji, town)
    canaries = [text.encode() for pair in WINNERS for text in pair]
    out = Path(said.json["file"]).read_bytes()
    assert all(canary in out for canary in canaries)  # so they can be found
    held = b"".join(contents(town.home.path).values()) + (said.out + said.err).encode()
    assert [canary for canary in canaries if canary in held] == []


def test_the_order_of_the_list_does_not_depend_on_the_export(town, shoji):
    first = listed(town)
    assert first[1:] != [(row["氏名"], row["メール"]) for row in ROWS if row["賞品"] == "1"]
    town.answer(ROWS[::-1])
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    assert listed(town) == first
    assert all(len(line) == 2 for line in first)


def test_a_person_is_on_the_list_once_and_a_row_without_a_key_not_at_all(town, shoji):
    again = {**SHE, "会員番号": " Ｍ00006", "メール": "other@example.jp", "回答日時": "2026-06-01 10:00:00"}
    nobody = {**SHE, "会員番号": "", "氏名": "鍵 なし"}
    town.answer([*ROWS, again, nobody])
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    assert sorted(listed(town)[1:]) == sorted(WINNERS)


def test_an_erased_person_is_off_the_list_at_once_and_stays_off(town, shoji, monkeypatch):
    line = (SHE["氏名"], SHE["メール"])
    assert line in listed(town)
    erase(shoji, town, monkeypatch)
    assert not (town.home.rewards / f"{SURVEY}.list").exists()
    assert rules(take(shoji, town)) == ["rewards_missing"]
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    assert set(listed(town)[1:]) == WINNERS - {line}


def test_the_list_goes_when_its_time_is_over_and_is_not_made_again(town, shoji, on):
    assert shoji("retention", town.declaration, "--json").json["deleted"] == []
    on(LATE)
    assert rules(take(shoji, town)) == ["rewards_over"]
    (deleted,) = shoji("retention", town.declaration, "--json").json["deleted"]
    assert (deleted["what"], deleted["files"]) == ("rewards", 1)
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0  # answers have time left
    assert list(town.home.rewards.iterdir()) == []


def test_a_list_that_is_declared_no_more_goes_with_the_next_run(town, shoji):
    town.declare(DECLARED, "")
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    assert list(town.home.rewards.iterdir()) == []
    assert rules(take(shoji, town)) == ["rewards_undeclared"]


def test_nothing_is_written_over_nothing_inside_the_home_nothing_without_a_name(town, shoji):
    mine = town.folder.parent / "mine.csv"
    mine.write_text("mine")
    assert rules(take(shoji, town, "mine.csv")) == ["rewards_out_exists"]
    assert mine.read_text() == "mine"
    assert rules(take(shoji, town, "home/prizes.csv")) == ["rewards_out_inside_home"]
    said = shoji("rewards", town.declaration, "--by", "jiro", "--out", town.folder.parent / "x.csv", "--json")
    assert rules(said) == ["role_key_missing"] and not (town.folder.parent / "x.csv").exists()
    assert "rewards_taken" not in town.home.ledger.read_text()


def test_whoever_takes_the_list_signs_for_it_and_the_ledger_names_nobody_on_it(town, shoji):
    assert take(shoji, town).code == 0
    entries = [json.loads(line) for line in town.home.ledger.read_text().splitlines()]
    (body,) = [entry["body"] for entry in entries if entry["event"] == "rewards_taken"]
    assert set(body) == {"survey", "on", "by", "signature"} and body["by"] == "hanako"
    assert shoji("status").code == 0


def test_an_altered_list_is_a_fault(town, shoji):
    path = town.home.rewards / f"{SURVEY}.list"
    path.write_bytes(path.read_bytes()[:-1])
    assert rules(take(shoji, town)) == ["rewards_damaged"]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-x", "'-x"),
        ("+81 90-1234-5678", "+81 90-1234-5678"),
        ("", ""),
        ("町田", "町田"),
    ],
)
def test_a_spreadsheet_finds_no_formula_in_the_file(cell, written):
    assert rewards._csv([(cell,)]).decode("utf-8-sig").strip('"\r\n') == written


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("columns: [name, mail]", "columns: [name, area]", "rewards_not_direct_identifier"),
        ("columns: [name, mail]", "columns: [name, address]", "rewards_not_direct_identifier"),
        ("columns: [name, mail]", "columns: [member, mail]", "rewards_name_the_respondent"),
        ("column: wants", "column: how", "rewards_wanted_not_ignored"),
        ("column: wants", "column: nothing", "rewards_wanted_not_ignored"),
    ],
)
def test_a_declaration_that_would_join_the_list_with_answers_is_refused(town, shoji, old, new, rule):
    town.declare(old, new)
    said = shoji("check", town.declaration, "--json")
    assert (said.code, rules(said)) == (1, [rule])

"""What the privacy notice promises the people whose data are held, and what follows when something went wrong."""

from __future__ import annotations

import io
import json
import sys
from datetime import date, timedelta
from pathlib import Path

from flows import judging
from flows.setting import today
from governance.purpose import judge_purpose
from storage.keys import load_root_key
from storage.people import respondent_of
from terms.purposes import PURPOSES_OF_SURVEYS, Purpose
from terms.reading import read_survey
from terms.rewards import Rewards
from tests.flows.conftest import contents
from tests.governance.houses import REGISTERS, grounds, with_grounds
from tests.towns import AFTER, SURVEY, townspeople

DAY = date(2026, 11, 23)
WORDS = "いつも楽しみにしています".encode()
"""What some of the town wrote where it was asked for opinions."""


def test_notice_03_contact_data_for_prizes_are_apart_from_answers_encrypted_and_expire(town, shoji, monkeypatch):
    days = [date(2026, 9, 12)]  # the last of the 90 days after fieldwork
    for module in ("contacts", "retention", "acts"):
        monkeypatch.setattr(f"flows.{module}.today", lambda: days[-1])
    device = "  device: {header: 端末, role: ignored}\n"
    town.declare(device, device + "  wants: {header: 賞品, role: ignored}\n")
    wanted = 'rewards: {columns: [name, mail], wanted: {column: wants, accepted: ["1"]}}\n'
    town.declare("preset: once\n", "preset: once\n" + wanted)
    town.answer([row | {"賞品": "1"} for row in townspeople()])
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    out = town.folder.parent / "prizes.csv"
    assert shoji("rewards", town.declaration, "--by", "hanako", "--out", out).code == 0
    mails = [row["メール"].encode() for row in townspeople()]
    held = b"".join(contents(town.home.path).values())
    assert all(mail in out.read_bytes() for mail in mails)
    assert [mail for mail in mails if mail in held] == []
    days.append(date(2026, 9, 13))
    assert shoji("retention", town.declaration).code == 0
    assert list((town.home.path / "rewards").iterdir()) == []


def test_notice_05_coded_opinions_are_published_and_words_stay_outside(town, shoji):
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    (release,) = town.releases()
    assert WORDS in town.export.read_bytes()
    assert [name for name, content in contents(town.home.path).items() if WORDS in content] == []
    assert "\nreads,reads," in (release / "data" / "cells.csv").read_text(encoding="utf-8-sig")


def test_notice_09_a_release_is_taken_back_at_once_by_two_persons(town, shoji):
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    (release,) = town.releases()
    figures = (release / "data" / "cells.csv").read_bytes()
    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    assert shoji("role", "add", "taro", "--role", "approver", "--by", "hanako").code == 0
    assert shoji("recall", SURVEY, release.name, "--by", "hanako", "--reason", "disclosure").code == 0
    assert shoji("recall", SURVEY, release.name, "--by", "taro", "--agree").code == 0
    assert [name for name, content in contents(town.home.path).items() if figures in content] == []
    assert json.loads((release / "recalled.json").read_text(encoding="utf-8"))["reason"] == "disclosure"


def test_notice_10_a_person_sees_corrects_and_deletes_what_is_held_once_her_identity_is_confirmed(
    town, shoji, monkeypatch
):
    def ask(*arguments):
        monkeypatch.setattr(sys, "stdin", io.StringIO("M00007\n"))
        return shoji("person", *arguments)

    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    assert shoji("role", "add", "taro", "--role", "operator", "--by", "hanako").code == 0
    she = respondent_of(load_root_key(town.keys, town.home.path), read_survey(town.declaration), "M00007").encode()
    for kind, more in (("confirm", ()), ("correct", ("--column", "how", "--code", "loan")), ("erase", ())):
        opened = ask("open", town.declaration, "--kind", kind, "--by", "hanako")
        assert "Reader Research Office" in opened.out and "reader-research@example.jp" in opened.out
        (request,) = [one for one in shoji("person", "list", "--json").json if one["state"] == "open"]
        assert request["due_on"] == (today() + timedelta(days=14)).isoformat()
        number = request["request"]
        assert ask(kind, number, "--by", "taro", *more).code == 1  # nobody has confirmed who asks
        assert any(she in content for content in contents(town.home.path).values())
        assert ask("identify", number, "--by", "hanako", "--proof", "account").code == 0
        said = ask(kind, number, "--by", "taro", *more, "--json").json
        assert said["state"] == "done"
        if kind == "confirm":
            told = json.loads((Path(said["receipt"]) / "data.json").read_text(encoding="utf-8"))
            assert told["answers"][0]["age"] == townspeople()[7]["年齢"]
    assert not any(she in content for content in contents(town.home.path).values())


def test_notice_12_answers_are_used_for_no_mailing_and_addresses_are_not_held(town, shoji):
    """No survey is made for advertising, and none may use what was collected for it."""
    assert Purpose.ADVERTISING not in PURPOSES_OF_SURVEYS
    found = judge_purpose(with_grounds(grounds(purpose=Purpose.ADVERTISING)), REGISTERS, DAY)
    assert "purpose_incompatible" in {finding.rule for finding in found}
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    addresses = [row["メール"].encode() for row in townspeople()]
    assert all(address in town.export.read_bytes() for address in addresses)
    held = b"".join(contents(town.home.path).values())
    assert [address for address in addresses if address in held] == []


def test_contact_data_are_kept_only_under_a_notice_that_states_it():
    prize = Rewards(columns=("mail",), wanted="wants", accepted=("1",))
    (found,) = judge_purpose(with_grounds(grounds(), rewards=prize), REGISTERS, DAY)
    assert found.rule == "rewards_not_in_notice"  # the notice of this test states three purposes, and not this one
    assert judge_purpose(with_grounds(grounds()), REGISTERS, DAY) == []
    assert Purpose.REWARDS in judging.registers().notice_version("shoji_press", "2026-04").purposes

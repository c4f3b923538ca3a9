"""A release is taken back: a notice in its place, the attacker still reads it, nobody publishes it again."""

from __future__ import annotations

import json

import pytest

from flows import recalling
from storage.folders import latest, verify_folder
from tests.flows.conftest import Shoji, contents
from tests.towns import AFTER, SURVEY, Town, townspeople


@pytest.fixture
def released(town: Town, shoji: Shoji) -> str:
    """A town with a release, two people who may act, and one who may not."""
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    for name, role, by in (
        ("hanako", "operator", ()),
        ("taro", "approver", ("--by", "hanako")),
        ("jiro", "auditor", ("--by", "hanako")),
    ):
        assert shoji("role", "add", name, "--role", role, *by).code == 0
    return town.releases()[0].name


def rules(said) -> list[str]:
    return [finding["rule"] for finding in said.json.get("error", said.json.get("reasons", said.json.get("findings")))]


def recall(shoji: Shoji, town: Town, release: str, reason: str = "error") -> None:
    assert shoji("recall", town.declaration, release, "--by", "hanako", "--reason", reason).code == 0
    assert shoji("recall", town.declaration, release, "--by", "taro", "--agree").code == 0


def test_a_recalled_release_leaves_a_notice_and_nothing_else(town, shoji, released):
    folder = town.home.released / SURVEY / released
    recall(shoji, town, released, "basis")
    assert verify_folder(folder) == []
    assert set(contents(folder)) == {"recalled.json", "index.html", "SHA256SUMS"}
    notice = json.loads((folder / "recalled.json").read_text(encoding="utf-8"))
    assert (notice["survey"], notice["release"], notice["reason"]) == (SURVEY, released, "basis")
    assert notice["controller"]["contact"] == "reader-research@example.jp"
    page = (folder / "index.html").read_text(encoding="utf-8")
    for words in (
        "撤回されました",
        "was recalled",
        "reader-research@example.jp",
        notice["recalled_on"],
        "町のアンケート",
    ):
        assert words in page
    assert "http" not in page and "<script" not in page
    assert latest(town.home, SURVEY) is None
    assert not (town.home.released / SURVEY / "latest.json").exists()


def test_one_person_alone_recalls_nothing(town, shoji, released):
    before = contents(town.home.released)
    asked = shoji("recall", town.declaration, released, "--by", "hanako", "--reason", "error", "--json")
    assert asked.json["state"] == "asked"
    again = shoji("recall", town.declaration, released, "--by", "hanako", "--agree", "--json")
    assert (again.code, rules(again)) == (1, ["recall_same_person"])
    for name, rule in (("jiro", "role_not_allowed"), ("yuki", "role_key_missing")):
        assert rules(shoji("recall", town.declaration, released, "--by", name, "--agree", "--json")) == [rule]
    assert contents(town.home.released) == before
    signed = [
        json.loads(line)["body"]["by"] for line in town.home.ledger.read_text().splitlines() if "recall_asked" in line
    ]
    assert signed == ["hanako"]


def test_verify_says_that_it_was_recalled(town, shoji, released):
    folder = town.home.released / SURVEY / released
    assert shoji("verify", folder).code == 0
    recall(shoji, town, released)
    said = shoji("verify", folder, "--json")
    assert (said.code, said.json["verdict"], rules(said)) == (1, "FAIL", ["release_recalled"])
    (folder / "index.html").write_text("<p>all is well</p>")
    assert rules(shoji("verify", folder, "--json")) == ["file_changed"]


def test_the_attacker_still_reads_what_was_recalled(town, shoji, released):
    before = shoji("audit", SURVEY, "--json").json
    assert before["verdict"] == "PASS"
    recall(shoji, town, released)
    for target in (SURVEY, town.declaration):
        assert shoji("audit", target, "--json").json == before
    (town.home.sealed / SURVEY / released / "data" / "cells.csv").write_bytes(b"0" * 99)
    said = shoji("audit", SURVEY, "--json")
    assert (said.code, rules(said)) == (3, ["sealed_release_damaged"])


def test_no_byte_of_it_is_left_where_others_could_read_it(town, shoji, released):
    cells = (town.home.released / SURVEY / released / "data" / "cells.csv").read_bytes()
    assert any(cells in content for content in contents(town.home.path).values())
    recall(shoji, town, released)
    assert not any(cells in content for content in contents(town.home.path).values())


@pytest.mark.parametrize("other_answers", [False, True])
def test_a_recalled_survey_is_not_published_again(town, shoji, released, other_answers):
    recall(shoji, town, released)
    before = contents(town.home.released)
    if other_answers:
        town.answer(townspeople(230))
    said = shoji("release", town.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"], rules(said)) == (1, "refused", ["release_recalled"])
    assert said.json["release"] is None
    assert contents(town.home.released) == before
    assert shoji("status").code == 0


def test_a_notice_that_nobody_answers_for_is_damage(town, shoji, released):
    folder = town.home.released / SURVEY / released
    recall(shoji, town, released)
    notice = contents(folder)
    other = Town.found(town.folder.parent / "other", home=town.folder.parent / "other_home", keys=town.keys)
    assert shoji("release", other.declaration, "--as-of", AFTER, "--home", other.home.path).code == 0
    (stands,) = other.releases()
    for path in stands.rglob("*"):
        if path.is_file():
            path.unlink()
    for name, content in notice.items():
        (stands / name).write_bytes(content)
    said = shoji("release", other.declaration, "--as-of", AFTER, "--home", other.home.path, "--json")
    assert (said.code, rules(said)) == (3, ["release_damaged"])
    (folder / "recalled.json").unlink()  # and a notice that goes is put back: two persons answer for it
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 1
    assert contents(folder) == notice


def test_a_recall_that_was_killed_is_finished_by_the_next_run(town, shoji, released, monkeypatch):
    folder = town.home.released / SURVEY / released
    assert shoji("recall", town.declaration, released, "--by", "hanako", "--reason", "error").code == 0
    monkeypatch.setattr(recalling, "bury", _killed)
    assert shoji("recall", town.declaration, released, "--by", "taro", "--agree").code == 130
    assert (folder / "data" / "cells.csv").exists()
    monkeypatch.undo()
    for name, value in town.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C.UTF-8")
    said = shoji("release", town.declaration, "--as-of", AFTER, "--json")
    assert rules(said) == ["release_recalled"]
    assert set(contents(folder)) == {"recalled.json", "index.html", "SHA256SUMS"}


def test_agreeing_again_changes_no_byte_and_notes_nothing(town, shoji, released):
    recall(shoji, town, released)
    published, entries = contents(town.home.released / SURVEY / released), len(town.home.ledger.read_bytes())
    said = shoji("recall", town.declaration, released, "--by", "taro", "--agree", "--json")
    assert (said.code, said.json["state"]) == (0, "done")
    assert contents(town.home.released / SURVEY / released) == published
    assert len(town.home.ledger.read_bytes()) == entries
    said = shoji("recall", town.declaration, released, "--by", "taro", "--reason", "error", "--json")
    assert (said.code, rules(said)) == (1, ["recall_done"])


def test_what_was_recalled_is_provided_to_nobody(town, shoji, released):
    scope = ("--survey", town.declaration, "--release", released)
    recall(shoji, town, released)
    said = shoji("provide", "record", "--basis", "statistical", "--recipient", "ad_partner", *scope, "--json")
    assert (said.code, rules(said)) == (1, ["provision_not_published"])


def test_what_was_not_published_cannot_be_recalled(town, shoji, released):
    before = contents(town.home.released)
    for code, *more in (
        (2, released),
        (2, released, "--reason", "whim"),
        (2, released, "--reason", "error", "--agree"),
        (1, "0009-2026-07-01", "--reason", "error"),
        (1, "../../keys", "--reason", "error"),
        (1, released, "--agree"),
    ):
        said = shoji("recall", SURVEY, *more, "--by", "hanako")
        assert (said.code, said.err.count("\n")) == (code, 1)
    for survey in ("nobody_2026", "../released"):
        assert shoji("recall", survey, released, "--reason", "error", "--by", "hanako").code == 2
    assert contents(town.home.released) == before


def test_a_release_outlives_its_declaration(town, shoji, released):
    town.declaration.unlink()
    assert shoji("recall", SURVEY, released, "--by", "hanako", "--reason", "order").code == 0
    assert shoji("recall", SURVEY, released, "--by", "taro", "--agree").code == 0
    assert (town.home.sealed / SURVEY / released).is_dir()


def _killed(*_):
    raise KeyboardInterrupt

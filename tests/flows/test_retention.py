"""What is kept for its time goes, from every byte; what is published stays; nothing comes back in."""

from __future__ import annotations

import io
import json
import sys
from datetime import date, timedelta

import pytest

from flows import retention
from storage.keys import load_root_key
from storage.people import respondent_of
from storage.warehouse import Warehouse
from terms.query import Query
from terms.reading import read_survey
from tests.flows.conftest import Shoji, contents
from tests.towns import AFTER, SURVEY, Town, townspeople

SHE = "M00007"
LAST = date(2027, 6, 14)
"""365 days after 14 June 2026."""
LATER = date(2027, 6, 15)


@pytest.fixture
def released(town: Town, shoji: Shoji) -> Town:
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    return town


@pytest.fixture
def on(monkeypatch):
    """Let ``shoji retention`` run on a day."""
    return lambda day: monkeypatch.setattr(retention, "today", lambda: day)


def pseudonym(town: Town, who: str = SHE) -> str:
    return respondent_of(load_root_key(town.keys, town.home.path), read_survey(town.declaration), who)


def found(town: Town, trace: bytes) -> list[str]:
    return [name for name, content in contents(town.home.path).items() if trace in content]


def told(town: Town, event: str) -> list[dict]:
    entries = [json.loads(line) for line in town.home.ledger.read_text().splitlines()]
    return [entry["body"] for entry in entries if entry["event"] == event]


def rules(said) -> list[str]:
    return [finding["rule"] for finding in said.json["reasons"]]


def test_answers_leave_every_byte_of_the_home_when_their_time_is_over(released, shoji, on):
    she = pseudonym(released).encode()
    assert found(released, she) == ["warehouse.duckdb"]  # so it can be found
    published = contents(released.home.released)
    on(LAST)
    assert shoji("retention", "--json").json["deleted"] == []
    assert found(released, she)
    on(LATER)
    said = shoji("retention", "--json")
    assert (said.code, [one["what"] for one in said.json["deleted"]]) == (0, ["answers", "rejects"])
    assert found(released, she) == []
    assert found(released, released.export.read_bytes()) == []
    assert contents(released.home.released) == published
    assert released.export.exists()  # the operator's own, and nothing was declared about it
    assert shoji("status").code == 0


def test_every_deletion_is_noted_with_names_and_counts_of_files_alone(released, shoji, on):
    on(LATER)
    assert shoji("retention").code == 0
    day = LATER.isoformat()
    assert told(released, "expired") == [
        {"what": "answers", "survey": SURVEY, "names": ["raw", "clean", "anonymised"], "files": 0, "on": day},
        {"what": "rejects", "survey": SURVEY, "names": [], "files": 1, "on": day},
    ]
    assert told(released, "retention_finished") == [{"deletions": 2, "on": day}]
    before = released.home.ledger.read_bytes()
    assert shoji("retention").lines == ["nothing is kept longer than it may be."]
    assert released.home.ledger.read_bytes() == before


def test_a_dry_run_deletes_and_notes_nothing(released, shoji, on):
    on(LATER)
    before = contents(released.home.path)
    said = shoji("retention", "--dry-run", "--json").json
    assert [one["what"] for one in said["due"]] == ["answers", "rejects"] and "deleted" not in said
    after = contents(released.home.path)
    assert {name for name in before if before[name] != after[name]} <= {"warehouse.duckdb", "writer.lock"}
    assert found(released, pseudonym(released).encode())


def test_a_run_after_that_takes_nothing_in_again_and_says_why(released, shoji, on):
    on(LATER)
    assert shoji("retention").code == 0
    published = contents(released.home.released)
    for rows in (townspeople(), townspeople(230)):
        released.answer(rows)
        said = shoji("release", released.declaration, "--as-of", AFTER, "--json")
        assert (said.code, said.json["outcome"], rules(said)) == (0, "unchanged", ["answers_expired"])
    assert "not taken in again" in shoji("run", released.declaration, "--as-of", AFTER).out
    for verb in (("run", "--dry-run"), ("plan",), ("explain", "how")):
        assert shoji(verb[0], released.declaration, *verb[1:]).code == 1
    assert shoji("ingest", released.declaration).code == 0
    assert found(released, pseudonym(released).encode()) == []
    assert contents(released.home.released) == published


def test_a_survey_that_was_never_published_is_refused(town, shoji, on):
    assert shoji("anonymise", town.declaration, "--as-of", AFTER).code == 0
    on(LATER)
    assert shoji("retention").code == 0
    said = shoji("release", town.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"], rules(said)) == (1, "refused", ["answers_expired"])


def test_what_is_declared_goes_before_the_default(released, shoji, on):
    """The declaration of the day counts where it is named; what the last run noted where it is not."""
    released.declare("preset: once", "preset: once\nretention: {answers_days: 10}")
    on(date(2026, 6, 25))
    assert shoji("retention", "--json").json["deleted"] == []
    assert shoji("retention", released.declaration, "--json").json["deleted"][0]["what"] == "answers"


def test_a_declaration_that_is_gone_keeps_nothing_alive(released, shoji, on):
    released.declaration.unlink()
    on(LATER)
    assert shoji("retention", "--json").json["deleted"][0]["what"] == "answers"


@pytest.mark.parametrize("days", ["0", "-1", "many", "4000"])
def test_nonsense_is_refused(town, shoji, days):
    town.declare("preset: once", f"preset: once\nretention: {{answers_days: {days}}}")
    said = shoji("check", town.declaration)
    assert said.code == 1 and "retention.answers_days" in said.err


# --- sources --------------------------------------------------------------------------------------


def test_export_files_go_where_that_is_declared_and_only_from_the_surveys_own_folder(released, shoji, on):
    outside = released.folder.parent / "elsewhere.csv"
    outside.write_bytes(released.export.read_bytes())
    released.declare(
        "  - {name: responses, file: responses.csv}\n",
        "  - {name: responses, file: responses.csv}\n  - {name: more, file: ../elsewhere.csv}\n"
        "  - {name: linked, file: linked.csv}\n",
    )
    (released.folder / "linked.csv").symlink_to(outside)
    released.declare("preset: once", "preset: once\nretention: {sources_days: 10}")
    on(date(2026, 6, 24))
    assert shoji("retention", released.declaration).code == 0 and released.export.exists()
    on(date(2026, 6, 25))
    said = shoji("retention", released.declaration, "--json")
    assert [(one["what"], one["names"], one["files"]) for one in said.json["deleted"]] == [
        ("sources", ["responses"], 1)
    ]
    assert not released.export.exists() and outside.exists() and released.declaration.exists()
    assert [(one["place"], one["rule"]) for one in said.json["findings"]] == [
        ("sources.more", "source_kept_outside"),
        ("sources.linked", "source_kept_outside"),
    ]
    assert said.code == 1
    assert rules(shoji("release", released.declaration, "--as-of", AFTER, "--json")) == ["answers_expired"]


# --- receipts and marks -----------------------------------------------------------------------------


def test_receipts_go_after_thirty_days_and_marks_when_they_expire(released, shoji, on, monkeypatch):
    def ask(*arguments):
        monkeypatch.setattr(sys, "stdin", io.StringIO(SHE + "\n"))
        said = shoji("person", *arguments, "--json")
        assert said.code == 0
        return said.json

    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    assert shoji("role", "add", "taro", "--role", "operator", "--by", "hanako").code == 0
    for kind in ("confirm", "withdraw"):
        number = ask("open", released.declaration, "--kind", kind, "--by", "hanako")["request"]
        ask("identify", number, "--by", "hanako", "--proof", "account")
        done = ask(kind, number, "--by", "taro")
    receipts = released.home.path / "receipts" / SURVEY
    ended = date.fromisoformat(done["received_on"])
    stray = receipts / "0099"
    stray.mkdir(mode=0o700)
    (stray / "data.txt").write_text("of nobody's request")
    released.declare("preset: once", "preset: once\nretention: {answers_days: 3000}")
    on(ended + timedelta(days=30))
    assert shoji("retention", released.declaration, "--json").json["deleted"][0]["files"] == 1
    assert [path.name for path in receipts.iterdir()] == ["0001"]
    on(ended + timedelta(days=31))
    assert [one["what"] for one in shoji("retention", released.declaration, "--json").json["deleted"]] == ["receipts"]
    assert list(receipts.iterdir()) == []
    three_years = ended.replace(year=ended.year + 3, day=min(ended.day, 28))
    for day in (three_years, three_years + timedelta(days=4)):
        assert marks(released) == 1
        on(day)
        deleted = shoji("retention", released.declaration, "--json").json["deleted"]
    assert [one["what"] for one in deleted] == ["marks"]
    assert marks(released) == 0


def marks(town: Town) -> int:
    with Warehouse.open(town.home, read_only=True) as warehouse:
        return warehouse.run(Query(sql="SELECT count(*) FROM house.marks")).item()


# --- killed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["forget_answers", "rewrite"])
def test_a_deletion_that_was_killed_is_finished_by_the_next_call(released, shoji, on, monkeypatch, at):
    def killed(*_):
        raise KeyboardInterrupt

    on(LATER)
    with monkeypatch.context() as killing:
        killing.setattr(Warehouse if at == "forget_answers" else retention, at, killed)
        assert shoji("retention").code == 130
    said = shoji("release", released.declaration, "--as-of", AFTER, "--json")
    assert rules(said) == ["answers_expired"]
    assert shoji("retention").code == 0
    assert found(released, pseudonym(released).encode()) == []
    assert told(released, "retention_finished") and not (released.home.rejects / f"{SURVEY}.csv").exists()
    assert shoji("status").code == 0


def test_answers_of_which_nobody_knows_are_said(released, shoji, on):
    with Warehouse.open(released.home) as warehouse:
        warehouse.execute(Query(sql="CREATE TABLE raw.stray_2020 AS SELECT 1 AS x"))
    on(LAST)
    said = shoji("retention", "--json")
    assert (said.code, [one["rule"] for one in said.json["findings"]]) == (1, ["retention_unknown"])


def test_without_a_home_there_is_nothing_to_do(town, shoji):
    assert shoji("retention").code == 2
    assert not town.home.path.exists()

"""A person asks about her own data: only after her identity was confirmed, never twice by one hand, never half."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flows import person
from flows.setting import read_setting
from storage.keys import load_root_key
from storage.people import respondent_of
from storage.roles import OperatingRole, load_signer, make_role_key
from storage.warehouse import Warehouse
from terms.query import Query
from terms.reading import read_survey
from tests.flows.conftest import Said, Shoji, contents
from tests.towns import SURVEY, Town, townspeople

SHE = "M00007"
Ask = Callable[..., Said]


@pytest.fixture
def ask(shoji: Shoji, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command with an identifier on its standard input."""

    def command(identifier: str, *arguments: object) -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(identifier + "\n"))
        return shoji(*arguments)

    return command


@pytest.fixture
def desk(town: Town, shoji: Shoji) -> Town:
    """A town that was ingested, with two people who may act."""
    assert shoji("anonymise", town.declaration).code == 0
    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    assert shoji("role", "add", "taro", "--role", "operator", "--by", "hanako").code == 0
    return town


def request(shoji: Shoji, ask: Ask, town: Town, kind: str, identifier: str = SHE) -> int:
    """A request whose person hanako has identified."""
    number = shoji("person", "open", town.declaration, "--kind", kind, "--by", "hanako", "--json").json["request"]
    said = ask(identifier, "person", "identify", number, "--by", "hanako", "--proof", "account")
    assert said.code == 0
    return number


def held(town: Town, layer: str = "raw", who: str = SHE) -> int:
    """Rows of a person in a layer; the pseudonym is made here by hand (HMAC of the identifier)."""
    root = load_root_key(town.keys, town.home.path)
    pseudonym = respondent_of(root, read_survey(town.declaration), who)
    column = "respondent" if layer == "raw" else "person"
    sql = f"SELECT count(*) FROM {layer}.{SURVEY} WHERE {column} = $who"
    with Warehouse.open(town.home, read_only=True) as warehouse:
        return warehouse.run(Query(sql=sql, parameters={"who": pseudonym})).item()


def people(town: Town) -> int:
    with Warehouse.open(town.home, read_only=True) as warehouse:
        return warehouse.run(Query(sql=f"SELECT count(*) FROM clean.{SURVEY}")).item()


# --- confirm ---------------------------------------------------------------------------------------


def test_a_person_is_handed_what_is_held_about_her(desk, shoji, ask):
    number = request(shoji, ask, desk, "confirm")
    said = ask(SHE, "person", "confirm", number, "--by", "taro", "--json")
    folder = Path(said.json["receipt"])
    row = townspeople()[7]
    text = (folder / "data.txt").read_text(encoding="utf-8-sig")
    assert f"年齢 / age: {row['年齢']}" in text or row["年齢"] in text
    (answer,) = json.loads((folder / "data.json").read_text(encoding="utf-8"))["answers"]
    assert answer["age"] == row["年齢"] and answer["answered_at"].startswith(row["回答日時"][:10])
    assert oct((folder / "data.txt").stat().st_mode & 0o777) == "0o600"
    for identifier in (row["氏名"], row["メール"], SHE):
        assert identifier not in text


@pytest.mark.parametrize("written", ["m00007", " Ｍ０００07　", "M-000 07"])
def test_an_identifier_in_another_spelling_is_the_same_person(desk, shoji, ask, written):
    number = request(shoji, ask, desk, "confirm", written)
    assert ask(SHE, "person", "confirm", number, "--by", "taro", "--operator", "--json").json["rows"] == 1


def test_to_anyone_but_the_operator_an_unknown_person_is_told_the_same(desk, shoji, ask):
    said = []
    for who in (SHE, "M99999"):
        number = request(shoji, ask, desk, "erase", who)
        answer = ask(who, "person", "erase", number, "--by", "taro")
        said.append((answer.code, answer.out.replace(f"{number}", "N"), answer.err))
    assert said[0] == said[1]
    number = request(shoji, ask, desk, "erase", "M00008")
    assert ask("M00008", "person", "erase", number, "--by", "taro", "--operator", "--json").json["rows"] == 1


# --- who may do what -------------------------------------------------------------------------------


def test_nothing_is_shown_or_changed_before_the_identity_is_confirmed(desk, shoji, ask):
    number = shoji("person", "open", desk.declaration, "--kind", "erase", "--by", "hanako", "--json").json["request"]
    said = ask(SHE, "person", "erase", number, "--by", "taro")
    assert said.code == 1 and "request" in said.err
    assert held(desk) == 1


def test_nobody_carries_out_a_request_she_identified_herself(desk, shoji, ask):
    number = request(shoji, ask, desk, "erase")
    assert ask(SHE, "person", "erase", number, "--by", "hanako").code == 1
    assert held(desk) == 1
    assert ask(SHE, "person", "erase", number, "--by", "taro").code == 0
    assert held(desk) == 0


def test_what_is_done_is_done_to_the_person_who_was_identified(desk, shoji, ask):
    number = request(shoji, ask, desk, "erase")
    assert ask("M00008", "person", "erase", number, "--by", "taro").code == 1
    assert (held(desk), held(desk, who="M00008")) == (1, 1)


def test_a_name_without_its_key_does_nothing(desk, shoji, ask):
    number = request(shoji, ask, desk, "erase")
    assert ask(SHE, "person", "erase", number, "--by", "jiro").code == 1
    (desk.keys / "roles" / "taro.json").unlink()
    assert shoji("role", "add", "taro", "--role", "operator", "--by", "hanako").code == 1  # no second key of that name
    make_role_key(desk.keys, "taro", OperatingRole.OPERATOR)
    assert ask(SHE, "person", "erase", number, "--by", "taro").code == 1
    assert held(desk) == 1


def test_an_auditor_changes_nothing(desk, shoji, ask):
    assert shoji("role", "add", "yuki", "--role", "auditor", "--by", "hanako").code == 0
    number = request(shoji, ask, desk, "erase")
    assert ask(SHE, "person", "erase", number, "--by", "yuki").code == 1
    assert held(desk) == 1


def test_a_request_is_carried_out_once(desk, shoji, ask):
    number = request(shoji, ask, desk, "confirm")
    assert ask(SHE, "person", "confirm", number, "--by", "taro").code == 0
    assert ask(SHE, "person", "confirm", number, "--by", "taro").code == 1
    assert ask(SHE, "person", "erase", number, "--by", "taro").code == 1


# --- erase -----------------------------------------------------------------------------------------


def test_an_erased_person_is_in_no_layer_and_in_no_byte(desk, shoji, ask):
    pseudonym = respondent_of(load_root_key(desk.keys, desk.home.path), read_survey(desk.declaration), SHE)
    assert any(pseudonym.encode() in content for content in contents(desk.home.path).values())  # so it can be found
    number = request(shoji, ask, desk, "erase")
    assert ask(SHE, "person", "erase", number, "--by", "taro").code == 0
    for name, content in contents(desk.home.path).items():
        assert pseudonym.encode() not in content, name
        assert bytes.fromhex(pseudonym) not in content, name


def test_an_erased_person_does_not_come_back_with_the_same_file(desk, shoji, ask):
    number = request(shoji, ask, desk, "erase")
    assert ask(SHE, "person", "erase", number, "--by", "taro").code == 0
    rows = townspeople()
    desk.answer([*rows, {**rows[7], "回答日時": "2026-06-01 10:00:00"}])
    assert shoji("anonymise", desk.declaration).code == 0
    assert held(desk) == 0 and people(desk) == len(rows) - 1


def test_a_second_erasure_is_carried_out_and_changes_nothing(desk, shoji, ask):
    for _ in range(2):
        number = request(shoji, ask, desk, "erase")
        assert ask(SHE, "person", "erase", number, "--by", "taro").code == 0
    assert held(desk) == 0 and held(desk, who="M00008") == 1


def test_erasure_correction_and_objection_change_no_published_byte(desk, shoji, ask):
    assert shoji("release", desk.declaration).code == 0
    before = contents(desk.home.released)
    for kind, who, more in (
        ("erase", SHE, ()),
        ("correct", "M00008", ("--column", "how", "--code", "loan")),
        ("object", "M00009", ()),
    ):
        number = request(shoji, ask, desk, kind, who)
        assert ask(who, "person", kind, number, "--by", "taro", *more).code == 0
    said = shoji("release", desk.declaration, "--json").json
    assert (said["outcome"], said["verdict"]) == ("unchanged", "PASS")
    assert contents(desk.home.released) == before


def test_an_erasure_that_was_killed_is_finished_by_the_next_run(desk, shoji, ask, monkeypatch):
    number = request(shoji, ask, desk, "erase")
    monkeypatch.setattr(person, "rewrite", _killed)
    with pytest.raises(Killed):
        person.carry_out(read_setting(), number, person.RequestKind.ERASE, "taro", SHE)
    monkeypatch.undo()
    for name, value in desk.environment().items():
        monkeypatch.setenv(name, value)
    assert held(desk) == 0
    (waiting,) = [one for one in shoji("person", "list", "--json").json if one["request"] == number]
    assert waiting["state"] == "under_way"
    assert shoji("anonymise", desk.declaration).code == 0
    (done,) = [one for one in shoji("person", "list", "--json").json if one["request"] == number]
    assert done["state"] == "done"
    pseudonym = respondent_of(load_root_key(desk.keys, desk.home.path), read_survey(desk.declaration), SHE)
    assert not any(pseudonym.encode() in content for content in contents(desk.home.path).values())


def test_a_trace_that_is_left_is_a_fault(desk, shoji, ask):
    pseudonym = respondent_of(load_root_key(desk.keys, desk.home.path), read_survey(desk.declaration), SHE)
    (desk.home.path / "old-copy").write_text(f"...{pseudonym}...")
    number = request(shoji, ask, desk, "erase")
    said = ask(SHE, "person", "erase", number, "--by", "taro")
    assert said.code == 3 and pseudonym not in said.out + said.err


# --- correct, withdraw, object ---------------------------------------------------------------------


def test_a_correction_stays_when_the_source_is_read_again(desk, shoji, ask):
    number = request(shoji, ask, desk, "correct")
    assert ask(SHE, "person", "correct", number, "--by", "taro", "--column", "how", "--code", "loan").code == 0
    for again in (townspeople(), townspeople()[::-1]):
        desk.answer(again)
        assert shoji("anonymise", desk.declaration).code == 0
        with Warehouse.open(desk.home, read_only=True) as warehouse:
            pseudonym = respondent_of(load_root_key(desk.keys, desk.home.path), read_survey(desk.declaration), SHE)
            sql = f"SELECT how FROM clean.{SURVEY} WHERE person = $who"
            assert warehouse.run(Query(sql=sql, parameters={"who": pseudonym})).item() == "loan"


@pytest.mark.parametrize(
    ("column", "code"),
    [("how", "zeppelin"), ("name", "x"), ("nothing", "1"), ("age", "many"), ("age", "120"), ("member", "M1")],
)
def test_only_declared_codes_can_be_put_right(desk, shoji, ask, column, code):
    number = request(shoji, ask, desk, "correct")
    said = ask(SHE, "person", "correct", number, "--by", "taro", "--column", column, "--code", code)
    assert said.code == 2 and code not in said.err
    assert shoji("person", "list", "--json").json[0]["state"] == "identified"


@pytest.mark.parametrize("kind", ["withdraw", "object"])
def test_whoever_withdraws_or_objects_is_out_of_the_next_run(desk, shoji, ask, kind):
    before = people(desk)
    number = request(shoji, ask, desk, kind)
    assert ask(SHE, "person", kind, number, "--by", "taro").code == 0
    assert shoji("anonymise", desk.declaration).code == 0
    assert held(desk, "clean") == 0 and people(desk) == before - 1
    assert held(desk, "raw") == 1  # still hers to see, to correct and to have erased


# --- what stays secret, what is recorded -----------------------------------------------------------


def test_no_identifier_and_no_pseudonym_is_in_the_ledger_or_said(desk, shoji, ask):
    pseudonym = respondent_of(load_root_key(desk.keys, desk.home.path), read_survey(desk.declaration), SHE)
    said = ""
    for kind in ("confirm", "erase"):
        number = request(shoji, ask, desk, kind)
        answer = ask(SHE, "person", kind, number, "--by", "taro", "--operator")
        said += answer.out + answer.err
    said += desk.home.ledger.read_text(encoding="utf-8")
    assert SHE not in said and pseudonym not in said


def test_every_step_is_an_entry_signed_by_whoever_took_it(desk, shoji, ask):
    number = request(shoji, ask, desk, "erase")
    ask(SHE, "person", "erase", number, "--by", "taro")
    lines = [json.loads(line) for line in desk.home.ledger.read_text(encoding="utf-8").splitlines()]
    steps = [(line["event"], line["body"].get("by")) for line in lines if line["body"].get("request") == number]
    assert steps == [
        ("request_opened", "hanako"),
        ("request_identified", "hanako"),
        ("request_carried_out", "taro"),
        ("request_finished", None),
        ("erasure_proven", "taro"),
    ]


def test_an_entry_in_somebody_elses_name_is_found(desk, shoji, ask):
    request(shoji, ask, desk, "confirm")
    root = load_root_key(desk.keys, desk.home.path)
    signer = load_signer(desk.keys, "taro")
    line = json.loads(desk.home.ledger.read_text(encoding="utf-8").splitlines()[-1])
    # A forger with the root key, but not with hanako's: the chain holds, the signature does not.
    body = {"by": "hanako", "request": 1, "signature": signer.sign(b"anything")}
    entry = {"n": line["n"] + 1, "at": line["at"], "event": "request_refused", "body": body}
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    key = root.derive("ledger")
    entry |= {"prev": line["hash"], "hash": key.sign(line["hash"].encode() + canonical)}
    with desk.home.ledger.open("ab") as file:
        file.write(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    said = shoji("anonymise", desk.declaration)
    assert said.code == 3 and "not signed" in said.err


def test_what_is_due_is_on_top_and_said(desk, shoji):
    for received in ("2026-11-20", "2026-10-01"):
        shoji("person", "open", desk.declaration, "--kind", "confirm", "--by", "hanako", "--received", received)
    listed = shoji("person", "list")
    assert "OVERDUE" in listed.lines[0] and date.fromisoformat("2026-10-15").isoformat() in listed.lines[0]


def test_a_survey_without_a_respondent_key_says_that_nobody_can_be_found(town, shoji, ask):
    town.declare(
        "respondents: {key: member, confirmed_by: account, repeat: first}",
        "respondents: {key: null, confirmed_by: none}",
    )
    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    number = shoji("person", "open", town.declaration, "--kind", "erase", "--by", "hanako", "--json").json["request"]
    assert ask(SHE, "person", "identify", number, "--by", "hanako", "--proof", "account").code == 1


class Killed(BaseException):
    pass


def _killed(*_: object) -> None:
    raise Killed


def test_a_mark_is_an_hmac_of_the_pseudonym_under_a_key_of_its_own(desk, shoji, ask):
    number = request(shoji, ask, desk, "erase")
    ask(SHE, "person", "erase", number, "--by", "taro")
    survey = read_survey(desk.declaration)
    root = load_root_key(desk.keys, desk.home.path)
    pseudonym = respondent_of(root, survey, SHE)
    inner, outer = root.derive("marks", survey.controller.company, SURVEY).pads()
    by_hand = hashlib.sha256(outer + hashlib.sha256(inner + pseudonym.encode()).digest()).hexdigest()
    with Warehouse.open(desk.home, read_only=True) as warehouse:
        marks = warehouse.run(Query(sql="SELECT mark, kind FROM house.marks")).rows()
        left = warehouse.run(Query(sql="SELECT count(*) FROM house.requests WHERE mark IS NOT NULL")).item()
    assert marks == [(by_hand, "erased")] and left == 0
    assert not hmac.compare_digest(by_hand, pseudonym)

"""Whoever acts signs, and nobody signs for somebody else."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from storage.keys import Key
from storage.ledger import Ledger
from storage.roles import Actor, OperatingRole, Signer, load_signer, make_role_key
from terms.findings import Fault, Refused, ShojiError, WrongUse
from tests.storage.answers import rule

KEY = Key(b"k" * 32)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl", KEY)


def person(keys: Path, name: str, role: OperatingRole = OperatingRole.OPERATOR) -> Signer:
    make_role_key(keys, name, role)
    return load_signer(keys, name)


def join(ledger: Ledger, actor: Actor, by: Signer) -> None:
    ledger.append_signed(
        "role_given", {"name": actor.name, "role": actor.role.value, "public_key": actor.public_key}, by
    )


def breaks(ledger: Ledger, line: int) -> bool:
    """Whether verifying stops at this line for its signature."""
    with pytest.raises(Fault) as caught:
        ledger.verify()
    (finding,) = caught.value.findings
    return (finding.rule, finding.facts["line"]) == ("ledger_signature_wrong", line)


# --- key files -------------------------------------------------------------------------------------


def test_a_key_file_is_its_owners_alone_and_shows_itself_to_nobody(keys):
    signer = person(keys, "hanako")
    path = keys / "roles" / "hanako.json"
    secret = json.loads(path.read_text())["private_key"]
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert secret not in repr(signer) + str(vars(signer))
    with pytest.raises(TypeError):
        pickle.dumps(signer)


def test_a_key_is_never_overwritten(keys):
    person(keys, "hanako")
    before = (keys / "roles" / "hanako.json").read_bytes()
    with pytest.raises(Refused) as caught:
        make_role_key(keys, "hanako", OperatingRole.APPROVER)
    assert rule(caught) == "role_key_exists"
    assert (keys / "roles" / "hanako.json").read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda path: path.unlink(), "role_key_missing"),
        (lambda path: path.chmod(0o640), "role_key_open_to_others"),
        (lambda path: path.write_text("{}"), "role_key_damaged"),
        (lambda path: path.write_text("not json"), "role_key_damaged"),
        (lambda path: path.write_text(path.read_text().replace("hanako", "jiro")), "role_key_damaged"),
        (lambda path: path.write_text(path.read_text().replace("operator", "king")), "role_key_damaged"),
    ],
)
def test_a_key_file_that_is_not_as_it_should_be_opens_nothing(keys, spoil, expected):
    person(keys, "hanako")
    spoil(keys / "roles" / "hanako.json")
    with pytest.raises(ShojiError) as caught:
        load_signer(keys, "hanako")
    assert rule(caught) == expected


@pytest.mark.parametrize("name", ["", "Hanako", "../root", "hanako/..", "1a", "a" * 32, "花子", "a b"])
def test_a_name_is_no_path(keys, name):
    for attempt in (lambda: make_role_key(keys, name, OperatingRole.OPERATOR), lambda: load_signer(keys, name)):
        with pytest.raises(WrongUse):
            attempt()


# --- signed entries --------------------------------------------------------------------------------


def test_a_ledger_of_signed_entries_holds(keys, ledger):
    hanako, taro = person(keys, "hanako"), person(keys, "taro", OperatingRole.AUDITOR)
    join(ledger, hanako.actor, hanako)
    join(ledger, taro.actor, hanako)
    ledger.append("run_ended", {"survey": "reader_2026"})
    ledger.append_signed("request_opened", {"request": 1}, taro)
    ledger.append_signed("role_ended", {"name": "taro"}, hanako)
    assert ledger.verify().n == 5


def test_somebody_nobody_entered_signs_nothing(keys, ledger):
    hanako, taro = person(keys, "hanako"), person(keys, "taro")
    join(ledger, hanako.actor, hanako)
    ledger.append_signed("request_opened", {"request": 1}, taro)
    assert breaks(ledger, 2)


def test_nobody_enters_herself_once_there_is_somebody(keys, ledger):
    hanako, taro = person(keys, "hanako"), person(keys, "taro")
    join(ledger, hanako.actor, hanako)
    join(ledger, taro.actor, taro)
    assert breaks(ledger, 2)


def test_whoever_has_left_signs_nothing_more(keys, ledger):
    hanako, taro = person(keys, "hanako"), person(keys, "taro")
    join(ledger, hanako.actor, hanako)
    join(ledger, taro.actor, hanako)
    ledger.append_signed("role_ended", {"name": "taro"}, hanako)
    ledger.append_signed("request_opened", {"request": 1}, taro)
    assert breaks(ledger, 4)


def test_a_role_ends_only_by_somebodys_hand(keys, ledger):
    hanako = person(keys, "hanako")
    join(ledger, hanako.actor, hanako)
    ledger.append("role_ended", {"name": "hanako"})
    assert breaks(ledger, 2)


def test_a_signature_is_good_for_one_place_and_one_body(keys, ledger):
    """Whoever has the ledger's key may chain lines, but cannot move what a person signed, or change it."""
    hanako = person(keys, "hanako")
    join(ledger, hanako.actor, hanako)
    ledger.append_signed("request_opened", {"request": 1}, hanako)
    (*_, signed) = ledger.entries()
    for body in (dict(signed.body), {**signed.body, "request": 2}):
        forged = Ledger(ledger._path.with_name("forged.jsonl"), KEY)
        forged._path.write_bytes(b"".join(ledger._path.read_bytes().splitlines(keepends=True)[:1]))
        forged.append("run_ended", {"survey": "reader_2026"})
        forged.append(signed.event, body)
        assert breaks(forged, 3)

"""Who may act here: named people, each with a key file of her own, entered in the ledger by one another."""

from __future__ import annotations

from pathlib import Path

from flows.setting import Setting
from storage.heads import read_heads
from storage.keys import ledger_key, load_root_key
from storage.ledger import Ledger
from storage.locks import writer
from storage.roles import Actor, OperatingRole, Signer, load_signer, make_role_key
from storage.signatures import JOINED, LEFT, People
from storage.warehouse import Warehouse
from terms.findings import refuse, wrong_use


def known(ledger: Ledger) -> list[Actor]:
    """Everybody who may act now, by name."""
    people = People()
    for entry in ledger.entries():
        people.accept(entry)
    return sorted(people.known.values(), key=lambda actor: actor.name)


def add(setting: Setting, name: str, role: OperatingRole, by: str | None) -> Path:
    """Make a key file and enter its holder; the path of the file.

    The first person of a home enters herself, and must be an operator; every other one is entered by an operator.
    Raises WrongUse ``role_giver_missing``, ``first_role_is_operator``; Refused ``role_unknown``, ``role_not_allowed``,
    ``role_name_taken``,
    ``role_key_exists``.
    """
    home = setting.home.create(setting.keys)
    root = load_root_key(setting.keys, home.path)
    with writer(home):
        ledger = Ledger(home.ledger, ledger_key(root))
        _anchor(setting, ledger)  # nothing is added to a ledger that was rewound
        people = known(ledger)
        if people and by is None:
            raise wrong_use("--by", "role_giver_missing")
        if not people and role is not OperatingRole.OPERATOR:
            raise wrong_use("--role", "first_role_is_operator")
        giver = load_signer(setting.keys, by) if people and by else None
        if giver is not None:
            _check_operator(people, giver)
        if name in {actor.name for actor in people}:
            raise refuse(f"roles.{name}", "role_name_taken")
        actor = make_role_key(setting.keys, name, role)
        signer = giver or load_signer(setting.keys, name)
        body = {"name": actor.name, "role": actor.role.value, "public_key": actor.public_key}
        ledger.append_signed(JOINED, body, signer)
        _anchor(setting, ledger)
    return setting.keys / "roles" / f"{name}.json"


def end(setting: Setting, name: str, by: str) -> None:
    """From now on this person may do nothing here.

    Raises Refused ``role_unknown``, ``role_not_allowed``, ``last_operator``: somebody must be left to act.
    """
    home = setting.home.create(setting.keys)
    root = load_root_key(setting.keys, home.path)
    with writer(home):
        ledger = Ledger(home.ledger, ledger_key(root))
        _anchor(setting, ledger)  # nothing is added to a ledger that was rewound
        people = known(ledger)
        signer = load_signer(setting.keys, by)
        _check_operator(people, signer)
        if name not in {actor.name for actor in people}:
            raise refuse(f"roles.{name}", "role_unknown")
        operators = [actor.name for actor in people if actor.role is OperatingRole.OPERATOR]
        if operators == [name]:
            raise refuse(f"roles.{name}", "last_operator")
        ledger.append_signed(LEFT, {"name": name}, signer)
        _anchor(setting, ledger)


def _check_operator(people: list[Actor], signer: Signer) -> None:
    if signer.actor not in people:
        raise refuse(f"roles.{signer.actor.name}", "role_unknown")
    if signer.actor.role is not OperatingRole.OPERATOR:
        raise refuse(f"roles.{signer.actor.name}", "role_not_allowed", role=signer.actor.role.value)


def _anchor(setting: Setting, ledger: Ledger) -> None:
    with Warehouse.open(setting.home) as warehouse:
        warehouse.anchor_ledger(ledger.verify(warehouse.anchor(), *read_heads(setting.home)))

"""Acts that somebody answers for: entries of the ledger outside a run, in the name of whoever made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.person import check_actor
from flows.setting import Setting, today
from governance.recall import agreed, read_recalls
from storage.disk import on_disk
from storage.heads import read_heads
from storage.keys import ledger_key, load_root_key
from storage.ledger import Ledger
from storage.locks import writer
from storage.roles import Signer, load_signer
from storage.warehouse import Warehouse
from terms.findings import wrong_use

Event = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Act:
    """The home's ledger and warehouse while one act is done, and who does it."""

    ledger: Ledger
    warehouse: Warehouse
    signer: Signer | None
    day: date

    @property
    def by(self) -> str | None:
        return self.signer.actor.name if self.signer else None

    def events(self) -> list[Event]:
        return [(entry.event, entry.body) for entry in self.ledger.entries()]

    def note(self, event: str, body: Mapping[str, Any]) -> None:
        """An entry of the ledger; signed where somebody is named."""
        if self.signer is None:
            self.ledger.append(event, body)
        else:
            self.ledger.append_signed(event, body, self.signer)


@contextmanager
def act(setting: Setting, by: str | None) -> Iterator[Act]:
    """Hold the writer's lock, the ledger and the warehouse while the block runs.

    Raises Refused where ``by`` has no key, is not known to the ledger, or is an auditor.
    """
    home = setting.home.create(setting.keys)
    root = load_root_key(setting.keys, home.path)
    signer = load_signer(setting.keys, by) if by is not None else None
    with writer(home):
        ledger = Ledger(home.ledger, ledger_key(root))
        if signer is not None:
            check_actor(ledger, signer)
        with Warehouse.open(home) as warehouse:
            ledger.verify(warehouse.anchor(), *read_heads(home))
            try:
                yield Act(ledger=ledger, warehouse=warehouse, signer=signer, day=today())
            finally:
                warehouse.anchor_ledger(ledger.verify())


def events(setting: Setting) -> list[Event]:
    """Every event of the home's ledger, checked. Raises WrongUse ``home_empty`` where there is no home yet."""
    if not on_disk("SHOJI_HOME", setting.home.ledger.exists):
        raise wrong_use("--home", "home_empty")
    ledger = Ledger(setting.home.ledger, ledger_key(load_root_key(setting.keys, setting.home.path)))
    ledger.verify()
    return [(entry.event, entry.body) for entry in ledger.entries()]


def published(told: list[Event]) -> dict[str, str]:
    """The releases that were noted and then seen to appear: ``survey/release`` -> the day of the release."""
    noted: dict[str, str] = {}
    appeared: dict[str, str] = {}
    for event, body in told:
        survey = body.get("survey", "")
        if event in ("release", "settled"):
            noted[survey] = body["release"]
        if event == "settled" or (event == "run_ended" and body["outcome"] == "published" and survey in noted):
            release = noted.pop(survey)
            appeared[f"{survey}/{release}"] = release[5:]
    return appeared


def standing(told: list[Event]) -> dict[str, str]:
    """The releases that appeared and were not taken back."""
    taken_back = agreed(read_recalls(told))
    return {name: day for name, day in published(told).items() if name not in taken_back}


def read_date(text: str, option: str) -> date:
    """A date as ``2026-05-01``, past or to come. Raises WrongUse ``day_malformed``."""
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(text)
    if day is None or len(text) != len("2026-05-01"):
        raise wrong_use(option, "day_malformed")
    return day

"""Entries of the ledger that somebody answers for by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from storage.roles import Actor, OperatingRole, Signer

JOINED, LEFT = "role_given", "role_ended"
"""Events that say who may act, and from when on no more."""


class Written(Protocol):
    """An entry of the ledger."""

    @property
    def event(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...
    @property
    def prev(self) -> str: ...


def signature(prev: str, event: str, body: Mapping[str, Any], signer: Signer) -> dict[str, str]:
    """What a signed entry's body carries besides its facts: ``by`` and ``signature``."""
    return {"by": signer.actor.name, "signature": signer.sign(_message(prev, event, signer.actor.name, body))}


class People:
    """Who may act, as the ledger itself says, entry by entry."""

    def __init__(self) -> None:
        self.known: dict[str, Actor] = {}

    def accept(self, entry: Written) -> bool:
        """Learn from the next entry; False where it stands in somebody's name whose key did not sign it.

        The first role of a ledger is given by its holder to herself; every later one by somebody who is known.
        """
        if entry.event == JOINED:
            return self._join(entry)
        if "by" not in entry.body and "signature" not in entry.body:
            return entry.event != LEFT
        if not self._is_signed(entry, self.known):
            return False
        if entry.event == LEFT:
            self.known.pop(str(entry.body.get("name")), None)
        return True

    def _join(self, entry: Written) -> bool:
        body = entry.body
        try:
            actor = Actor(name=str(body["name"]), role=OperatingRole(body["role"]), public_key=str(body["public_key"]))
        except (KeyError, ValueError):
            return False
        givers = self.known or {actor.name: actor}
        if actor.name in self.known or not self._is_signed(entry, givers):
            return False
        self.known[actor.name] = actor
        return True

    @staticmethod
    def _is_signed(entry: Written, givers: Mapping[str, Actor]) -> bool:
        facts = {name: value for name, value in entry.body.items() if name not in ("by", "signature")}
        by = str(entry.body.get("by"))
        message = _message(entry.prev, entry.event, by, facts)
        return by in givers and givers[by].signed(message, str(entry.body.get("signature")))


def _message(prev: str, event: str, by: str, body: Mapping[str, Any]) -> bytes:
    said = {"prev": prev, "event": event, "by": by, "body": body}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()

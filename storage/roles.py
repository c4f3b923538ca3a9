"""Who acts: one Ed25519 key a person and role, its public half in the home's register.

A name on a command line proves nothing. Whoever confirms an identity, erases or provides signs with the key in her own
file; the ledger keeps the signature, so an entry cannot be made in somebody else's name without her file.
"""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.disk import make_folder, on_disk, write_new
from storage.keys import FOR_OTHERS
from terms.findings import refuse, wrong_use

PLACE = "SHOJI_KEYS"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


class OperatingRole(Enum):
    """What a person may do."""

    OPERATOR = "operator"
    """Runs the pipeline, confirms identities, carries requests out."""
    APPROVER = "approver"
    """Agrees to what another person prepared."""
    AUDITOR = "auditor"
    """Reads the ledger, changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A named person in a role, known by her public key."""

    name: str
    role: OperatingRole
    public_key: str
    """32 bytes, hex."""

    def signed(self, message: bytes, signature: str) -> bool:
        """Whether this person signed the message."""
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key)).verify(bytes.fromhex(signature), message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """An actor with her key in hand."""

    def __init__(self, actor: Actor, key: Ed25519PrivateKey) -> None:
        self.actor = actor
        self._key = key

    def __repr__(self) -> str:
        return f"Signer({self.actor.name})"

    def __reduce__(self) -> str:
        raise TypeError("a key stays in the process that loaded it")

    def sign(self, message: bytes) -> str:
        """Ed25519 (RFC 8032), 128 hex digits."""
        return self._key.sign(message).hex()


def make_role_key(keys: Path, name: str, role: OperatingRole) -> Actor:
    """Make a person's key file ``roles/<name>.json`` (600). Never overwrites.

    Raises WrongUse ``role_name_malformed``, Refused ``role_key_exists``, Fault where the folder cannot be written.
    """
    _check_name(name)
    folder = keys / "roles"
    key = Ed25519PrivateKey.generate()
    actor = Actor(name=name, role=role, public_key=key.public_key().public_bytes_raw().hex())
    content = {"name": name, "role": role.value, "private_key": key.private_bytes_raw().hex()}
    on_disk(PLACE, lambda: keys.mkdir(parents=True, exist_ok=True))
    on_disk(PLACE, lambda: make_folder(folder))
    if not on_disk(PLACE, lambda: _write(folder / f"{name}.json", json.dumps(content).encode())):
        raise refuse(f"roles.{name}", "role_key_exists")
    return actor


def load_signer(keys: Path, name: str) -> Signer:
    """Read a person's key file.

    Raises WrongUse ``role_name_malformed``; Refused ``role_key_missing``, ``role_key_open_to_others``,
    ``role_key_damaged``.
    """
    _check_name(name)
    problem, content = "role_key_missing", b""
    with suppress(OSError):
        problem, content = _read(keys / "roles" / f"{name}.json")
    if problem:
        raise refuse(f"roles.{name}", problem)
    signer = _parse(name, content)
    if signer is None:
        raise refuse(f"roles.{name}", "role_key_damaged")
    return signer


def _parse(name: str, content: bytes) -> Signer | None:
    try:
        told = json.loads(content)
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told["private_key"]))
        role = OperatingRole(told["role"])
        is_hers = told["name"] == name
    except (ValueError, TypeError, KeyError):
        return None
    actor = Actor(name=name, role=role, public_key=key.public_key().public_bytes_raw().hex())
    return Signer(actor, key) if is_hers else None


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise wrong_use("--by", "role_name_malformed")


def _read(path: Path) -> tuple[str, bytes]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or (status.st_mode | path.parent.stat().st_mode) & FOR_OTHERS:
            return "role_key_open_to_others", b""
        return "", file.read(4_096)


def _write(path: Path, content: bytes) -> bool:
    try:
        write_new(path, content)
    except FileExistsError:
        return False
    return True

"""Keys: one root in a file outside the home, everything else derived from it.

Whoever has the root key can compute a person's pseudonym from her identifier. It therefore lives in no
database, environment value, job variable or SQL text, and no object here shows it.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.disk import make_folder, on_disk, write_new
from storage.home import keep_apart
from terms.findings import refuse
from terms.survey import Survey

ROOT_KEY = "root.key"
KEY_BYTES = 32
NONCE_BYTES = 12
BLOCK_BYTES = 64
"""Block size of SHA-256, which HMAC pads its key to (RFC 2104)."""

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO

PLACE = "SHOJI_KEYS"


class Key:
    """Secret bytes that show themselves to nobody by accident: not in a repr, a log, a pickle or a comparison.

    >>> Key(bytes(32))
    Key(hidden)
    """

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        self._secret = bytes(secret)

    def __repr__(self) -> str:
        return "Key(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and hmac.compare_digest(self._secret, other._secret)

    def __reduce__(self) -> str:
        raise TypeError("a key stays in the process that loaded it")

    def sign(self, message: bytes) -> str:
        """HMAC-SHA256 of the message (RFC 2104), 64 hex digits."""
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()

    def derive(self, *words: str) -> Key:
        """HKDF-SHA256 (RFC 5869) without salt, 32 bytes; the words are joined so that no two lists coincide."""
        info = json.dumps(["shoji", *words], ensure_ascii=True).encode()
        return Key(HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self._secret))

    def seal(self, content: bytes, about: bytes) -> bytes:
        """A random nonce and the content under AES-256-GCM (NIST SP 800-38D); ``about`` is authenticated, not kept.

        The key has to be a derived one, of 32 bytes.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._secret).encrypt(nonce, content, about)

    def unseal(self, sealed: bytes, about: bytes) -> bytes | None:
        """What :meth:`seal` was given; ``None`` where key, bytes or ``about`` are not the same."""
        try:
            return AESGCM(self._secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
        except (InvalidTag, ValueError):
            return None

    def pads(self) -> tuple[bytes, bytes]:
        """The inner and outer pad of HMAC-SHA256 (RFC 2104), 64 bytes each, for engines that only hash."""
        secret = hashlib.sha256(self._secret).digest() if len(self._secret) > BLOCK_BYTES else self._secret
        block = secret.ljust(BLOCK_BYTES, b"\0")
        return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)

    def fingerprint(self) -> str:
        """Tells whether a later key is this one, and nothing else about it."""
        return self.derive("fingerprint").sign(b"")[:32]


def make_root_key(folder: Path) -> None:
    """Make a root key where there is none. Never overwrites: a lost root key orphans every pseudonym.

    Raises ``key_exists`` (:class:`Refused`), or a fault where the folder cannot be written.
    """
    on_disk(PLACE, lambda: folder.parent.mkdir(parents=True, exist_ok=True))
    on_disk(PLACE, lambda: make_folder(folder))
    if not on_disk(PLACE, lambda: _write_key(folder / ROOT_KEY)):
        raise refuse(PLACE, "key_exists")


def _write_key(path: Path) -> bool:
    try:
        write_new(path, secrets.token_bytes(KEY_BYTES))
    except FileExistsError:
        return False
    return True


def load_root_key(folder: Path, home: Path) -> Key:
    """Read the root key, refusing one that somebody else could have read or that travels with the home.

    Raises :class:`Refused`: ``key_missing``, ``keys_inside_home``, ``home_inside_keys``, ``key_is_link``,
    ``key_open_to_others`` (file 600, folder 700), ``key_wrong_size`` (32 bytes), ``key_unreadable``.
    """
    keep_apart(home, folder)
    problem, secret = "key_unreadable", b""
    try:
        problem, secret = _read(folder)
    except (FileNotFoundError, NotADirectoryError):
        problem = "key_missing"
    except OSError as error:
        problem = "key_is_link" if error.errno == errno.ELOOP else "key_unreadable"
    if problem:
        raise refuse(PLACE, problem)
    return Key(secret)


def _read(folder: Path) -> tuple[str, bytes]:
    """What is wrong with the key, and the key. The checks are made on the file that is read, not on its name."""
    descriptor = os.open(folder / ROOT_KEY, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "key_unreadable", b""
        if (status.st_mode | folder.stat().st_mode) & FOR_OTHERS:
            return "key_open_to_others", b""
        secret = file.read(KEY_BYTES + 1)
    return ("", secret) if len(secret) == KEY_BYTES else ("key_wrong_size", b"")


def survey_key(root: Key, survey: Survey) -> Key:
    """The key of one survey's pseudonyms: surveys cannot be joined unless they declare the same scope.

    HKDF over the company's immutable register id and the survey's name, or its respondent scope where one is
    declared. It never rotates: identifiers are not kept, so pseudonyms could not be made again.
    """
    return root.derive(*key_words(survey))


def key_words(survey: Survey) -> tuple[str, str, str, str]:
    """What a survey's key is derived for. A scope never equals a survey that happens to be called the same."""
    scope = survey.respondents.scope
    kind, name = ("survey", survey.name) if scope is None else ("scope", scope)
    return ("respondents", survey.controller.company, kind, name)


def ledger_key(root: Key) -> Key:
    """The key that chains the ledger."""
    return root.derive("ledger")

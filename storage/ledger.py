"""The ledger: what was done, in order, one line an event, each line sealed to the one before.

A line is ``{"n", "at", "event", "body", "prev", "hash"}`` in canonical JSON (sorted keys, no blanks, ASCII),
with ``hash = HMAC-SHA256(ledger key, prev + canonical JSON of n, at, event and body)``. Changing, removing,
inserting or moving a line breaks the chain; cutting lines off the end does not, so the warehouse keeps an
:class:`Anchor`: the ledger may be ahead of it, never behind. Ledger and warehouse put back together to an
older state are only found out by a copy kept elsewhere.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from storage.disk import PRIVATE_FILE, on_disk, sync_folder, write_all
from storage.keys import Key
from storage.roles import Signer
from storage.signatures import People, signature
from terms.findings import fault

PLACE = "ledger"
FIRST = "0" * 64
TAIL_BYTES = 131_072
LONGEST_LINE = 60_000
"""Two lines must fit into the tail that :meth:`Ledger.append` reads: the last one and an incomplete one."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event as it was written."""

    n: int
    at: str
    event: str
    body: Mapping[str, Any]
    prev: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Number and hash of the last entry: what the warehouse remembers of the ledger."""

    n: int
    hash: str


class Ledger:
    """Append-only, hash-chained events. Nothing here changes or removes a complete line.

    *A crash in the middle of a line* leaves an incomplete last line without a line end. It was never reported
    as written, so reading ignores it and the next :meth:`append` removes it and writes ``ledger_repaired``
    with the number of bytes dropped. A last line that lacks nothing but its line end is kept.
    """

    def __init__(self, path: Path, key: Key) -> None:
        self._path = path
        self._key = key

    def append(self, event: str, body: Mapping[str, Any], at: datetime | None = None) -> Anchor:
        """Write one event and wait until the disk has it.

        ``body`` takes whole numbers, declared names, hashes, dates as text, booleans and lists or mappings of
        those: never a value that a respondent gave. Floating numbers are refused (``ledger_body``): they do
        not read back the same everywhere.

        Raises :class:`Fault`: ``ledger_broken`` where the last line is not ours, ``disk_full`` and relatives.
        """
        return self._append(event, body, at, lambda _prev: {})

    def append_signed(self, event: str, body: Mapping[str, Any], signer: Signer, at: datetime | None = None) -> Anchor:
        """Write one event in the name of a person, signed with her key over the ledger's end, the event and its body.

        The signature binds everything before it too: an entry in her name cannot be made, moved or put behind another
        past without her key file.
        """
        return self._append(event, body, at, lambda prev: signature(prev, event, body, signer))

    def _append(
        self, event: str, body: Mapping[str, Any], at: datetime | None, more: Callable[[str], Mapping[str, Any]]
    ) -> Anchor:
        if not _is_safe(body):
            raise fault(PLACE, "ledger_body")
        moment = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
        with self._open_exclusive() as descriptor:
            last, dropped = self._last(descriptor)
            if dropped:
                last = self._write(descriptor, last, moment, "ledger_repaired", {"bytes": dropped})
            return self._write(descriptor, last, moment, event, {**body, **more(last.hash)})

    def entries(self) -> Iterator[Entry]:
        """Every event, oldest first, each checked before it is handed out.

        Raises ``ledger_broken`` (:class:`Fault`) with the number of the first line that does not hold.
        """
        prev, n = FIRST, 0
        for n, (line, complete) in enumerate(self._lines(), start=1):
            entry = self._read(line, n, prev)
            if entry is None:
                if not complete:
                    return
                raise fault(PLACE, "ledger_broken", line=n)
            yield entry
            prev = entry.hash

    def verify(self, *anchors: Anchor | None) -> Anchor:
        """Walk the whole chain; returns its end (``n`` is the number of events, 0 for an empty ledger).

        Raises :class:`Fault`: ``ledger_broken``, ``ledger_signature_wrong`` (an entry in a person's name that her key
        did not sign), and ``ledger_rewound`` where an anchored entry is missing or another one stands in its place.
        """
        end, wanted = Anchor(n=0, hash=FIRST), {anchor for anchor in anchors if anchor is not None and anchor.n}
        people = People()
        for entry in self.entries():
            if not people.accept(entry):
                raise fault(PLACE, "ledger_signature_wrong", line=entry.n)
            end = Anchor(n=entry.n, hash=entry.hash)
            wanted.discard(end)
        if wanted:
            raise fault(PLACE, "ledger_rewound", found=end.n, expected=max(anchor.n for anchor in wanted))
        return end

    def _lines(self) -> Iterator[tuple[bytes, bool]]:
        file = on_disk(PLACE, self._opened)
        if file is None:
            return
        with file:
            while line := on_disk(PLACE, file.readline):
                yield line.rstrip(b"\n"), line.endswith(b"\n")

    def _opened(self) -> BinaryIO | None:
        try:
            return self._path.open("rb")
        except FileNotFoundError:
            return None

    def _read(self, line: bytes, n: int | None, prev: str | None) -> Entry | None:
        """The entry that a line holds, or None where it is not one of ours at this place."""
        try:
            entry = Entry(**json.loads(line))
            sealed = _canonical(n=entry.n, at=entry.at, event=entry.event, body=entry.body)
            canonical = _line(entry)
        except (ValueError, TypeError, RecursionError):
            return None
        ours = hmac.compare_digest(str(entry.hash).encode(), self._seal(str(entry.prev), sealed).encode())
        here = (n is None or entry.n == n) and (prev is None or entry.prev == prev)
        return entry if ours and here and canonical == line else None

    def _seal(self, prev: str, sealed: bytes) -> str:
        return self._key.sign(prev.encode() + sealed)

    @contextmanager
    def _open_exclusive(self) -> Iterator[int]:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        is_new = not self._path.exists()
        descriptor = on_disk(PLACE, lambda: os.open(self._path, flags, PRIVATE_FILE))
        try:
            # Held for one line, so the second writer waits instead of failing.
            on_disk(PLACE, lambda: fcntl.flock(descriptor, fcntl.LOCK_EX))
            if is_new:
                on_disk(PLACE, lambda: sync_folder(self._path.parent))
            yield descriptor
        finally:
            os.close(descriptor)

    def _last(self, descriptor: int) -> tuple[Anchor, int]:
        """The last complete entry, and how many bytes of an incomplete one were cut off after it."""
        size = os.fstat(descriptor).st_size
        tail = on_disk(PLACE, lambda: os.pread(descriptor, TAIL_BYTES, max(0, size - TAIL_BYTES)))
        *complete, rest = tail.split(b"\n")
        if rest and self._read(rest, None, None):
            on_disk(PLACE, lambda: write_all(descriptor, b"\n"))
            complete, rest = [*complete, rest], b""
        if rest:
            on_disk(PLACE, lambda: os.ftruncate(descriptor, size - len(rest)))
        if not complete:
            return Anchor(n=0, hash=FIRST), len(rest)
        entry = self._read(complete[-1], None, None)
        if entry is None:
            raise fault(PLACE, "ledger_broken_end")
        return Anchor(n=entry.n, hash=entry.hash), len(rest)

    def _write(self, descriptor: int, last: Anchor, at: str, event: str, body: dict[str, Any]) -> Anchor:
        sealed = _canonical(n=last.n + 1, at=at, event=event, body=body)
        entry = Entry(n=last.n + 1, at=at, event=event, body=body, prev=last.hash, hash=self._seal(last.hash, sealed))
        line = _line(entry) + b"\n"
        if len(line) > LONGEST_LINE:
            raise fault(PLACE, "ledger_body")
        size = os.fstat(descriptor).st_size
        done = False
        try:
            on_disk(PLACE, lambda: write_all(descriptor, line))
            on_disk(PLACE, lambda: os.fsync(descriptor))
            done = True
        finally:
            if not done:
                with suppress(OSError):  # the next append removes what cannot be removed now
                    os.ftruncate(descriptor, size)
        return Anchor(n=entry.n, hash=entry.hash)


def _canonical(**content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def _line(entry: Entry) -> bytes:
    return _canonical(n=entry.n, at=entry.at, event=entry.event, body=entry.body, prev=entry.prev, hash=entry.hash)


def _is_safe(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_safe(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return all(_is_safe(item) for item in value)
    return value is None or isinstance(value, bool | int | str)

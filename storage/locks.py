"""One writer at a time, and a clear word to the second."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from storage.disk import PRIVATE_FILE, on_disk, write_all
from storage.home import Home
from terms.findings import Fault, fault


@contextmanager
def writer(home: Home) -> Iterator[None]:
    """Be the only writer of this home while the block runs.

    The lock is the kernel's (``flock``), not the file's existence: it ends with the process, killed or not, so
    a file left by a dead one blocks nobody. The file itself stays; removing it would let two processes each
    lock a file of that name.

    Raises ``writer_busy`` (:class:`Fault`, with the holder's process id and since when) where another process,
    or another block of this one, holds it.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    descriptor = on_disk("writer.lock", lambda: os.open(home.lock, flags, PRIVATE_FILE))
    try:
        if not on_disk("writer.lock", lambda: _locked(descriptor)):
            raise _busy(descriptor)
        on_disk("writer.lock", lambda: _sign(descriptor))
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    write_all(descriptor, json.dumps({"pid": os.getpid(), "since": since}).encode())


def _busy(descriptor: int) -> Fault:
    """Who holds it, as far as the file says: the holder may not have signed yet."""
    try:
        holder = json.loads(os.pread(descriptor, 200, 0))
        pid, since = int(holder["pid"]), datetime.fromisoformat(holder["since"]).isoformat()
    except (ValueError, TypeError, KeyError, OSError):
        pid, since = 0, ""
    if not pid:
        return fault("writer.lock", "writer_busy_unnamed")
    return fault("writer.lock", "writer_busy", pid=pid, since=since)

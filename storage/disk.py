"""Writing that is either done or not: private modes, no short writes, everything on the disk before it counts."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from terms.findings import Fault, fault

T = TypeVar("T")

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def on_disk(place: str, work: Callable[[], T]) -> T:
    """Do ``work``; what the operating system objects to becomes a :class:`Fault` at ``place``.

    Raised outside the ``except`` block: nothing is chained, because the system's text quotes paths.
    """
    code = 0
    try:
        return work()
    except OSError as error:
        code = error.errno or 0
    raise disk_fault(place, code)


def disk_fault(place: str, code: int) -> Fault:
    """The fault that an ``errno`` stands for."""
    if code in FULL:
        return fault(place, "disk_full")
    if code in FORBIDDEN:
        return fault(place, "not_writable")
    return fault(place, "disk_failed", code=errno.errorcode.get(code, "unknown"))


def make_folder(path: Path, mode: int = PRIVATE_FOLDER) -> None:
    """Make one folder with exactly this mode, whatever the umask; one that exists is left as it is."""
    try:
        os.mkdir(path, mode)
    except FileExistsError:
        if not path.is_dir():
            raise
        return
    os.chmod(path, mode)
    sync_folder(path.parent)


def write_new(path: Path, content: bytes, mode: int = PRIVATE_FILE) -> None:
    """Write a file that does not exist yet, all of it, and wait until the disk has it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        os.fchmod(descriptor, mode)
        write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    """``os.write`` may write less than it is given; this does not."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(path: Path) -> None:
    """Wait until the disk has a folder's entries: a rename is not durable before that."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def private_umask() -> Iterator[None]:
    """Files that a library makes while this is open are readable by their owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the block is done. Elsewhere than in the main thread it never arrives."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came and before is not signal.SIG_IGN:
            signal.raise_signal(signal.SIGINT)

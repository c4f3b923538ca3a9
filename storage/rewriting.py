"""The warehouse written anew: what was deleted is in no block of the file any more.

DuckDB marks deleted rows and uses their blocks again some day. After an erasure that is not enough: live rows are
copied into a new file, which takes the old one's place by a rename.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from storage.disk import on_disk, private_umask, sync_folder
from storage.engine import Engine
from storage.home import Home

PLACE = "warehouse"
CHUNK = 8 * 2**20


def rewrite(home: Home) -> None:
    """Write the warehouse anew from its live rows. Call with the writer's lock held and the warehouse closed.

    Killed at any moment it leaves the old file or the new one, whole; a half-written one is removed by the next call.
    Raises ``warehouse_busy``, ``engine_failed`` and ``disk_full`` (:class:`Fault`).
    """
    fresh = home.path / "warehouse.rewriting.duckdb"
    on_disk(PLACE, lambda: _remove(fresh))
    with private_umask():
        Engine.open(home.warehouse).close()  # the log of a killed run goes into the file
        Engine.copy(home.warehouse, fresh)
    on_disk(PLACE, lambda: _swap(fresh, home.warehouse))


def _remove(path: Path) -> None:
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)


def _swap(fresh: Path, old: Path) -> None:
    descriptor = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(fresh, old)
    sync_folder(old.parent)


def search(home: Home, needles: Iterable[bytes]) -> tuple[int, int]:
    """Read every byte of every file under the home: (bytes read, how often a needle occurs)."""
    wanted = [needle for needle in needles if needle]
    overlap = max((len(needle) for needle in wanted), default=1) - 1
    read = found = 0
    for path in sorted(home.path.rglob("*")):
        if path.is_file() and not path.is_symlink():
            bytes_read, times = on_disk(PLACE, lambda path=path: _search_file(path, wanted, overlap))
            read, found = read + bytes_read, found + times
    return read, found


def _search_file(path: Path, needles: list[bytes], overlap: int) -> tuple[int, int]:
    read = found = 0
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            # What lies in the tail alone was counted with the chunk before: the tail is shorter than any needle.
            found += sum((tail + chunk).count(needle) - tail.count(needle) for needle in needles)
            tail = (tail + chunk)[-overlap:] if overlap else b""
    return read, found

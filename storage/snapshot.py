"""One export file, read once into memory: what is checked, counted and hashed is the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from terms.findings import Refused, ShojiError, fault, refuse

LARGEST = 4 << 30
"""Most bytes that are read, packed or unpacked: beyond lies a wrong file, or one made to fill the memory."""

GZIP_MARK = b"\x1f\x8b"
_PIECE = 1 << 22


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The bytes of a file (unpacked where it was gzip) and the SHA-256 of the file as it lies on the disk."""

    data: bytes = field(repr=False)
    sha256: str


def take(place: str, path: Path) -> Snapshot:
    """Read a file that nobody is writing to.

    The file is read twice and looked up before and after: a copy that is still running, an edit in place
    and a file moved over it are all noticed, whatever the clock of the disk says.

    Raises :class:`terms.findings.Refused` where it is missing, no file, empty, too large or broken gzip, and
    :class:`terms.findings.Fault` where it cannot be read or changes meanwhile.
    """
    data, sha256 = _read_at_rest(place, path)
    if data.startswith(GZIP_MARK):
        data = _unpacked(place, data)
    if not data:
        raise refuse(place, "source_empty")
    return Snapshot(data=data, sha256=sha256)


def _read_at_rest(place: str, path: Path) -> tuple[bytes, str]:
    problem: ShojiError | None = None
    try:
        # Before opening: to open a pipe would wait for somebody to write to it.
        problem = _not_readable_as_a_file(place, os.stat(path))
        if problem is None:
            data, before, again, after = _read_twice(path)
    except (FileNotFoundError, NotADirectoryError):
        problem = refuse(place, "source_missing")
    except (OSError, ValueError):
        problem = fault(place, "source_unreadable")
    if problem is not None:
        raise problem
    sha256 = hashlib.sha256(data).hexdigest()
    if not (before == after and sha256 == again):
        raise fault(place, "source_changed")
    return data, sha256


def too_large(place: str) -> Refused:
    """The refusal of a file, or of what is packed in it, that is larger than :data:`LARGEST`."""
    return refuse(place, "source_too_large", most_gib=LARGEST >> 30)


def _not_readable_as_a_file(place: str, found: os.stat_result) -> ShojiError | None:
    if stat.S_ISDIR(found.st_mode):
        return refuse(place, "source_is_a_folder")
    if not stat.S_ISREG(found.st_mode):
        return refuse(place, "source_not_a_file")
    if found.st_size > LARGEST:
        return too_large(place)
    return None


Identity = tuple[int, int, int, int]


def _read_twice(path: Path) -> tuple[bytes, Identity, str, Identity | None]:
    """The bytes, what the file was before, the hash of a second look, and what the path names afterwards."""
    with open(path, "rb") as file:
        before = _identity(os.fstat(file.fileno()))
        data = _read(file)
        file.seek(0)
        again = hashlib.file_digest(file, "sha256").hexdigest()
    # Moved away or deleted by now: then it did change.
    after = _identity(os.stat(path)) if path.exists() else None
    return data, before, again, after


def _read(file: io.BufferedReader) -> bytes:
    return file.read()


def _identity(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _unpacked(place: str, packed: bytes) -> bytes:
    pieces, size, broken = [], 0, False
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            while size <= LARGEST and (piece := file.read(_PIECE)):
                pieces.append(piece)
                size += len(piece)
    except (EOFError, OSError, zlib.error):
        broken = True
    if broken:
        raise refuse(place, "gzip_broken")
    if size > LARGEST:
        raise too_large(place)
    return b"".join(pieces)

"""Small text files: read whole, replaced whole."""

from __future__ import annotations

import os
from pathlib import Path

from storage.disk import PRIVATE_FILE, on_disk, sync_folder, write_new
from terms.findings import refuse

LARGEST = 200_000_000
"""Bytes. No file of a release is larger."""


def read_text(path: Path, place: str) -> str:
    """A UTF-8 file's text, without its byte order mark. Raises Refused ``file_unreadable``."""
    text = None
    try:
        if path.is_file() and path.stat().st_size <= LARGEST:
            text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        text = None
    if text is None:
        raise refuse(place, "file_unreadable")
    return text


def write_text(path: Path, text: str, mode: int = PRIVATE_FILE) -> None:
    """Put a UTF-8 file in place at once: readers see the old one or the new one. Raises Fault as the disk does."""

    def replace() -> None:
        new = path.with_name(f".{path.name}.{os.getpid()}")
        new.unlink(missing_ok=True)
        write_new(new, text.encode(), mode)
        new.replace(path)
        sync_folder(path.parent)

    on_disk(path.name, replace)

"""Where a command finds a town, and what lies under a folder before and after it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.towns import Town


def surroundings(patch: pytest.MonkeyPatch, town: Town) -> None:
    """Let commands of this process find the town's home and keys, and nothing else; undone after the test."""
    # Set first, so that what a command itself sets is undone as well.
    for name in ("SHOJI_HOME", "SHOJI_KEYS", "SHOJI_SOURCE", "SHOJI_DATA", "LC_ALL", "LANG"):
        patch.setenv(name, os.environ.get(name, ""))
        patch.delenv(name)
    for name, value in {**town.environment(), "LANG": "C.UTF-8"}.items():
        patch.setenv(name, value)


def tree(folder: Path) -> dict[str, str]:
    """Every file below, and the hash of its bytes."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def leftovers(town: Town) -> list[str]:
    """What a run left in staging, or half-written under any name that starts with a dot."""
    home = town.home
    hidden = list(home.released.rglob(".*")) if home.released.is_dir() else []
    staged = list(home.staging.iterdir()) if home.staging.is_dir() else []
    return [str(path.relative_to(home.path)) for path in [*hidden, *staged]]

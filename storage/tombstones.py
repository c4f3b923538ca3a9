"""A published folder that was taken back: a small notice under the same name, so that no link leads to nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage.disk import make_folder, on_disk, sync_folder, uninterrupted
from storage.folders import LATEST, point_latest, write_release
from storage.home import Home

NOTICE = "recalled.json"
PLACE = "released"


def is_tombstone(folder: Path) -> bool:
    """Whether a folder says of itself that it stands for a release that was taken back."""
    return on_disk(PLACE, (folder / NOTICE).is_file)


def read_notice(folder: Path) -> Mapping[str, Any]:
    """What the notice tells machines; empty where it is not ours."""
    content = on_disk(PLACE, (folder / NOTICE).read_bytes)
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {}


def bury(home: Home, survey: str, release: str, files: Mapping[str, bytes], newest: str | None) -> None:
    """Put a notice in a release's place; ``latest.json`` then names ``newest``, or is gone.

    Call with the writer's lock held, the release sealed and its recall in the ledger. Killed between the two renames
    it leaves neither folder: whoever calls it again puts the notice there. What was published lies in staging by then,
    which is emptied at every start.
    """
    target = home.released / survey / release
    room = home.staging / f"{survey}.{release}.recall"

    def prepare() -> None:
        shutil.rmtree(room, ignore_errors=True)
        make_folder(room)
        write_release(room / "notice", files)

    def swap() -> None:
        if target.exists():
            os.rename(target, room / "recalled")
        os.rename(room / "notice", target)
        sync_folder(target.parent)

    on_disk("staging", prepare)
    if newest is None:
        on_disk(PLACE, lambda: (target.parent / LATEST).unlink(missing_ok=True))
    else:
        point_latest(home, survey, newest)
    with uninterrupted():
        on_disk(PLACE, swap)
    on_disk("staging", lambda: shutil.rmtree(room))

"""A small disk of our own, to fill or to make read-only."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def on_a_disk(mount_point: Path, options: str, *command: object) -> subprocess.CompletedProcess[str]:
    """Run a command where ``mount_point`` is a disk with these tmpfs options; skip where that is not allowed.

    The mount is seen by the command alone and ends with it.
    """
    script = f'mount -t tmpfs -o {options} shoji "$0" || exit 99; exec "$@"'
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here, so no disk of our own")
    unshare = ["unshare", "--mount", "sh", "-c", script, str(mount_point), *map(str, command)]
    done = subprocess.run(unshare, capture_output=True, text=True)
    if done.returncode == 99 or "unshare:" in done.stderr:
        pytest.skip("not allowed to mount a disk of our own")
    return done

"""The ward: where commands meet with accidents, and where the test looks at what they left."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.faults.telling import Ear
from tests.towns import Town

CHECKOUT = Path(__file__).resolve().parents[2]


class End(NamedTuple):
    """How a command ended: an exit code, or the name of the signal that killed it."""

    code: int | str
    out: str
    err: str

    def ear(self) -> Ear:
        assert isinstance(self.code, int)
        return Ear(code=self.code, out=self.out, err=self.err)


class Ward:
    """A process that runs commands, in a mount name space of its own where that is allowed."""

    def __init__(self) -> None:
        serve = [sys.executable, "-m", "tests.faults.doomed"]
        self.has_disks = _may_mount()
        command = ["unshare", "--mount", *serve] if self.has_disks else serve
        self._process = subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._pid = self._read()["ready"]

    def run(self, town: Town, *argv: object, accidents: Sequence[dict[str, Any]] = (), plain: bool = False) -> End:
        """Run a command for a town; the accidents happen to it. ``plain``: without the privileges of root."""
        request = {
            "argv": [str(argument) for argument in argv],
            "env": {**town.environment(), "LANG": "C.UTF-8"},
            "accidents": list(accidents),
            "plain": plain,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return End(**self._read())

    def mount(self, folder: Path, options: str) -> None:
        """Put a small disk of our own on a folder; only this ward sees it."""
        self._inside("mount", "-t", "tmpfs", "-o", options, "shoji", str(folder))

    def remount(self, folder: Path, options: str) -> None:
        """Change a disk's options."""
        self._inside("mount", "-o", f"remount,{options}", str(folder))

    def seen(self, path: Path) -> Path:
        """The path as the ward's commands see it, disks of our own included."""
        return Path(f"/proc/{self._pid}/root{path}") if self.has_disks else path

    def close(self) -> None:
        self._process.communicate()

    def _inside(self, *command: str) -> None:
        subprocess.run(["nsenter", "--mount", "--target", str(self._pid), *command], check=True, capture_output=True)

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(self._process.communicate()[1])
        return json.loads(line)


def _may_mount() -> bool:
    """Whether a disk of our own is allowed here."""
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        return False
    trial = ["unshare", "--mount", "mount", "-t", "tmpfs", "-o", "size=64k", "shoji", "/mnt"]
    return subprocess.run(trial, capture_output=True).returncode == 0

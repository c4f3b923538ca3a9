"""A town, and the command line in this process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows import orchestration, road
from flows.command_line import _main
from tests.towns import Town


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Everything said, without indentation."""
        return [line.strip() for line in (self.out + self.err).splitlines()]


Shoji = Callable[..., Said]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town with a good export; commands of this process find its home and keys."""
    town = Town.found(tmp_path)
    for name in ("SHOJI_HOME", "SHOJI_KEYS", "SHOJI_SOURCE", "SHOJI_DATA", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in town.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return town


@pytest.fixture
def shoji(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shoji:
    """Run a command here. ``run`` walks without Prefect, which takes seconds to start; test_survey_flow has it."""
    monkeypatch.setattr(orchestration, "run_flow", lambda run, as_of, dry_run: road.walk(run))

    def command(*arguments: object) -> Said:
        capfd.readouterr()
        before = dict(os.environ)
        code = _main([str(argument) for argument in arguments])
        # A command ends with its process; here the next one must not inherit what it set.
        os.environ.clear()
        os.environ.update(before)
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(code=code, out=said.out, err=said.err)

    return command


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

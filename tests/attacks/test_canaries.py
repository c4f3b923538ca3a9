"""The canary test: what a respondent typed is nowhere but in the export, however a run ends.

One process walks the road through good, refused, failing and crashing runs, with and without Prefect, under a home,
keys, temporary folder and HOME of its own. Then every byte it left and said is searched.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.attacks import canaries
from tests.attacks.seeker import Seeker
from tests.towns import AFTER, Town, townspeople

CHECKOUT = Path(__file__).resolve().parents[2]
SEEKER = Seeker(canaries.WORD, canaries.KANJI, canaries.NUMBER)

WITH_PREFECT = {"refused": 1, "good": 0, "crash": 3, "panic": 3, "opening": 3, "engine": 3, "few": 1, "suite_fails": 1}
WITHOUT = {
    "good": 0,
    "crash": 3,
    "panic": 3,
    "opening": 3,
    "engine": 3,
    "few": 1,
    "suite_fails": 1,
    "suite_errors": 3,
    "refused": 1,
    "too_many": 1,
    "quotes": 1,
    "encoding": 1,
    "workbook": 1,
    **{f"header_{kind}": 1 for kind in canaries.HEADERS},
}
"""Scene -> exit code."""


@dataclass(frozen=True)
class Aftermath:
    """What is left when everything has run."""

    root: Path
    towns: dict[str, Town]
    expected: dict[str, int]
    codes: dict[str, int]

    def said(self) -> str:
        return "".join((self.root / "said" / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))


def script(towns: dict[str, Town]) -> list[tuple[list[str], str, int]]:
    """Arguments, what to break, exit code: in the order in which they are run."""
    broken = {"crash", "panic", "opening", "engine", "suite_fails", "suite_errors"}
    lines = []
    for verb, scenes in (("release", WITHOUT), ("run", WITH_PREFECT)):
        for number, (scene, code) in enumerate(scenes.items()):
            arguments = [verb, str(towns[scene].declaration), "--as-of", AFTER]
            arguments += (["--lang", "ja"], ["--json"], ["--json", "--operator"], [])[number % 4 if verb == "run" else -1]
            lines.append((arguments, scene if scene in broken else "", code))
    good = str(towns["good"].declaration)
    for arguments, code in (
        (["check", good], 0),
        (["check", str(towns["header_surplus"].declaration), "--lang", "ja"], 1),
        (["plan", good, "--as-of", AFTER], 0),
        (["ingest", good, "--json"], 0),
        (["audit", "town_good", "--json"], 0),
        (["status"], 0),
        (["run", good, "--as-of", canaries.CANARY], 2),
    ):
        lines.append((arguments, "", code))
    return lines


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    base = tmp_path_factory.mktemp("canaries")
    root = base / "left"
    towns = canaries.build(root)
    lines = script(towns)
    codes = walk(root, base, "main", lines)
    killed = [["release", str(towns["killed"].declaration), "--as-of", AFTER], "killed", 137]
    codes += walk(root, base, "killed", [killed])
    return Aftermath(
        root=root,
        towns=towns,
        expected={f"{' '.join(line[0])} {line[1]}": line[2] for line in [*lines, killed]},
        codes=codes,
    )


def walk(root: Path, base: Path, name: str, lines: list) -> list[int]:
    """Run the script in a process that has nothing of ours but the code."""
    (base / f"{name}.json").write_text(json.dumps([line[:2] for line in lines]))
    for folder in ("said", "tmp", "user", "cwd"):
        (root / folder).mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(root / "user"),
        "TMPDIR": str(root / "tmp"),
        "LANG": "C.UTF-8",
        "SHOJI_HOME": str(root / "home"),
        "SHOJI_KEYS": str(root / "keys"),
        "PREFECT_LOGGING_LEVEL": "DEBUG",  # an operator who wants to see everything
    }
    command = [sys.executable, "-m", "tests.attacks.sabotage", str(base / f"{name}.json"), str(base / f"{name}.codes")]
    with (root / "said" / "stdout").open("ab") as out, (root / "said" / "stderr").open("ab") as err:
        ended = subprocess.run(command, cwd=root / "cwd", env=environment, stdout=out, stderr=err, timeout=600)
    report = base / f"{name}.codes"
    return json.loads(report.read_text()) if report.exists() else [ended.returncode]

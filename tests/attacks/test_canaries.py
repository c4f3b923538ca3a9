"""The canary test: what a respondent typed is nowhere but in the export, however a run ends.

One process walks the road through good, refused, failing and crashing runs, without and with Prefect, under a home,
keys, temporary folder and HOME of its own. Then every byte that it left and said is searched.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from storage.keys import load_root_key, survey_key
from terms.reading import read_survey
from tests.attacks import canaries
from tests.attacks.seeker import Seeker
from tests.towns import AFTER, Town, townspeople

CHECKOUT = Path(__file__).resolve().parents[2]
SEEKER = Seeker(canaries.WORD, canaries.KANJI, canaries.NUMBER)

WITHOUT_PREFECT = {
    "good": 0,
    "workbook": 0,
    **dict.fromkeys(("refused", "too_many", "quotes", "encoding", "few", "suite_fails"), 1),
    **{f"header_{kind}": 1 for kind in canaries.HEADERS},
    **dict.fromkeys(("crash", "panic", "opening", "engine", "suite_errors"), 3),
}
WITH_PREFECT = {
    "refused": 1,
    "good": 0,
    "few": 1,
    "suite_fails": 1,
    **dict.fromkeys(("suite_errors", "crash", "panic", "opening", "engine"), 3),
}
"""Scene -> exit code. A scene in which something is broken is called like what is broken."""

BROKEN = {"crash", "panic", "opening", "engine", "suite_fails", "suite_errors", "killed", "control"}
VOICES = (["--lang", "ja"], ["--json"], ["--json", "--operator"], [])

Line = tuple[list[str], str, int]
"""Arguments of the command, what is broken while it runs, the exit code it must have."""


@dataclass(frozen=True)
class Aftermath:
    """What is left when everything has run. All of it lies under ``root``; the exports do not."""

    root: Path
    towns: dict[str, Town]
    lines: list[Line]
    codes: list[int]

    def outside_the_warehouse(self) -> Iterator[Path]:
        home = self.root / "home"
        yield from (path for path in self.root.iterdir() if path != home)
        yield from (path for path in home.iterdir() if not path.name.startswith("warehouse.duckdb"))

    def rows(self, sql: str) -> list[tuple]:
        with sqlite3.connect(self.root / "home" / "prefect" / "prefect.db") as connection:
            return connection.execute(sql).fetchall()


def script(towns: dict[str, Town]) -> list[Line]:
    """Every scene without Prefect and some with it, each in another voice; then the other verbs."""

    def line(verb: str, scene: str, code: int, *more: str) -> Line:
        broken = scene if scene in BROKEN else ""
        return [verb, str(towns[scene].declaration), *more], broken, code

    lines = [line("release", scene, code, "--as-of", AFTER) for scene, code in WITHOUT_PREFECT.items()]
    for number, (scene, code) in enumerate(WITH_PREFECT.items()):
        lines.append(line("run", scene, code, "--as-of", AFTER, *VOICES[number % 4]))
    return [
        *lines,
        line("check", "good", 0),
        line("check", "header_surplus", 1, "--lang", "ja"),
        line("plan", "good", 0, "--as-of", AFTER),
        line("plan", "crash", 3, "--as-of", AFTER),
        line("ingest", "good", 0, "--json"),
        line("run", "good", 2, "--as-of", canaries.CANARY),
        (["audit", "town_good", "--json"], "", 0),
        (["status"], "", 0),
    ]


def walk(base: Path, name: str, lines: Sequence[Line]) -> subprocess.Popen:
    """A process that has nothing of ours but the code; what it may leave or say lies under ``base/left``."""
    root = base / "left"
    for folder in ("said", "tmp", "user", "cwd"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (base / f"{name}.json").write_text(json.dumps([line[:2] for line in lines]))
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
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    }
    command = [sys.executable, "-m", "tests.attacks.sabotage", str(base / f"{name}.json"), str(base / f"{name}.codes")]
    with (root / "said" / f"{name}.out").open("wb") as out, (root / "said" / f"{name}.err").open("wb") as err:
        return subprocess.Popen(command, cwd=root / "cwd", env=environment, stdout=out, stderr=err)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Aftermath, Aftermath]:
    """The house as it is, and beside it a house with one guard taken out."""
    house, control = tmp_path_factory.mktemp("house"), tmp_path_factory.mktemp("control")
    towns, unguarded = canaries.build(house / "left"), canaries.build(control / "left")
    lines = script(towns)
    leak: Line = (["run", str(unguarded["control"].declaration), "--as-of", AFTER], "control", 3)
    kill: Line = (["release", str(towns["killed"].declaration), "--as-of", AFTER], "killed", 137)
    beside = walk(control, "control", [leak])
    try:
        assert walk(house, "house", lines).wait(timeout=400) == 0
        killed = walk(house, "killed", [kill]).wait(timeout=100)
        assert beside.wait(timeout=200) == 0
    finally:
        beside.kill()
    codes = json.loads((house / "house.codes").read_text())
    leaked = json.loads((control / "control.codes").read_text())
    return (
        Aftermath(root=house / "left", towns=towns, lines=[*lines, kill], codes=[*codes, killed]),
        Aftermath(root=control / "left", towns=unguarded, lines=[leak], codes=leaked),
    )


@pytest.fixture(scope="module")
def aftermath(runs: tuple[Aftermath, Aftermath]) -> Aftermath:
    return runs[0]


@pytest.fixture(scope="module")
def control(runs: tuple[Aftermath, Aftermath]) -> Aftermath:
    return runs[1]


def test_every_run_ended_as_it_was_meant_to(aftermath):
    expected = [line[2] for line in aftermath.lines]
    assert [line[0] for line, code in zip(aftermath.lines, aftermath.codes, strict=True) if line[2] != code] == []
    assert aftermath.codes == expected
    published = {path.name for path in (aftermath.root / "home" / "released").iterdir()}
    assert published == {"town_good", "town_workbook"}
    reject_report = (aftermath.root / "home" / "rejects" / "town_good.csv").read_text(encoding="utf-8-sig")
    assert {line.rsplit(",", 1)[1] for line in reject_report.splitlines()[1:]} == {
        "cell_too_long",
        "date_impossible",
        "nul_in_row",
        "out_of_range",
        "outside_fieldwork",
        "ragged_row",
        "respondent_key_missing",
        "undeclared_code",
        "weight_impossible",
    }


def test_prefect_saw_the_runs_and_kept_rule_names_alone(aftermath):
    names = [
        json.loads(parameters)["survey_name"] for (parameters,) in aftermath.rows("SELECT parameters FROM flow_run")
    ]
    assert sorted(names) == sorted(f"town_{scene}" for scene in WITH_PREFECT)
    states = aftermath.rows("SELECT type, message FROM flow_run_state WHERE type IN ('COMPLETED', 'FAILED', 'CRASHED')")
    assert [kind for kind, _ in states].count("COMPLETED") == 1
    messages = {message.partition("Stopped: ")[2] for kind, message in states if kind != "COMPLETED"}
    assert messages == {
        "refused: undeclared_quasi_identifier",
        "refused: every_class_holds_k, every_class_holds_l",
        "refused: clean_codes_are_declared, clean_counts_cover_everyone, clean_variables_are_declared",
        "fault: unexpected_error",
        "fault: engine_failed",
        "fault: expectation_errored",
    }


def test_nothing_that_was_typed_is_left_anywhere(aftermath):
    assert SEEKER.under(aftermath.root) == []


def test_exact_times_and_pseudonyms_stay_in_the_warehouse(aftermath):
    good = townspeople(300)
    stamps = [good[number]["回答日時"] for number in (0, 111, 299)] + [canaries.BORN]
    with duckdb.connect(str(aftermath.root / "home" / "warehouse.duckdb")) as connection:
        people = connection.execute("SELECT respondent FROM raw.town_good ORDER BY line LIMIT 3").fetchall()
    pseudonyms = [respondent for (respondent,) in people]
    seeker = Seeker(*stamps, *(stamp.replace(" ", "T") for stamp in stamps), *pseudonyms)
    assert seeker.under(*aftermath.outside_the_warehouse()) == []
    assert seeker.under(aftermath.root / "home" / "warehouse.duckdb")


def test_no_key_is_left_outside_its_folder(aftermath):
    root_key = load_root_key(aftermath.towns["good"].keys, aftermath.root / "home")
    key = survey_key(root_key, read_survey(aftermath.towns["good"].declaration))
    secrets = [(aftermath.root / "keys" / "root.key").read_bytes(), key._secret, *key.pads()]
    forms = [form for secret in secrets for form in (secret, secret.hex().encode(), base64.b64encode(secret)[:-4])]
    files = [path for path in aftermath.root.rglob("*") if path.is_file() and path.parent.name != "keys"]
    assert len(files) > 20
    assert [path for path in files if any(form in path.read_bytes() for form in forms)] == []


# --- controls: the test can fail ------------------------------------------------------------------


def test_without_its_guard_a_task_tells_prefect_what_it_choked_on(control):
    assert control.codes == [3]
    hits = SEEKER.under(control.root)
    assert any("prefect.db" in hit for hit in hits)
    assert not [hit for hit in hits if "prefect" not in hit]


@pytest.mark.parametrize(
    "place",
    [
        "home/ledger.jsonl",
        "home/rejects/town_good.csv",
        "home/released/town_good/*/index.html",
        "home/released/town_good/*/data/cells.csv",
        "home/prefect/memo_store.toml",
        "home/prefect/storage/*",
        "said/house.err",
        "said/house.out",
        "keys/root.key",
    ],
)
def test_a_canary_in_any_of_the_places_would_be_found(aftermath, tmp_path, place):
    found = next(path for path in aftermath.root.glob(place))
    copy = tmp_path / "copy"
    shutil.copy(found, copy)
    assert SEEKER.under(copy) == []
    with copy.open("ab") as file:
        file.write(base64.b64encode(canaries.CANARY.encode()))
    assert SEEKER.under(copy)


def test_a_canary_in_either_database_would_be_found(aftermath, tmp_path):
    home = aftermath.root / "home"
    for file in [*home.glob("warehouse.duckdb*"), *home.glob("prefect/prefect.db*")]:
        shutil.copy(file, tmp_path)
    assert SEEKER.under(tmp_path) == []
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as warehouse:
        warehouse.execute("UPDATE raw.town_good SET respondent = $c WHERE line = 2", {"c": canaries.CANARY})
    with sqlite3.connect(tmp_path / "prefect.db") as prefect:
        prefect.execute("UPDATE flow_run_state SET message = ? WHERE type = 'FAILED'", (canaries.CANARY,))
    hits = " ".join(SEEKER.under(tmp_path))
    assert "raw.town_good" in hits
    assert "flow_run_state" in hits

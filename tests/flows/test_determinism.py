"""The same answers under the same declaration give the same bytes: in any order, place, time zone, on any core."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from flows import road
from storage.warehouse import Warehouse
from terms.query import Query
from tests.towns import AFTER, SURVEY, Row, Town, townspeople, write_workbook

CHECKOUT = Path(__file__).resolve().parents[2]


def people() -> list[Row]:
    """Good rows, and some who answered twice: with the same time, and so with nothing but content to tell apart."""
    rows = townspeople()
    return rows + [row | {"【問4】年収": "1", "【問2】読む記事": "料理"} for row in rows[::9]]


def sums(town: Town) -> str:
    """What a release says, in one small text."""
    (release,) = town.releases()
    return (release / "SHA256SUMS").read_text()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sums of the release that every other one must equal."""
    town = Town.found(tmp_path_factory.mktemp("first"))
    town.answer(people())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in town.environment().items():
            patch.setenv(name, value)
        walked(town)
    return sums(town)


def walked(town: Town, threads: int | None = None) -> None:
    """Walk the whole road here, with so many threads in the engine."""

    class Engine:
        @staticmethod
        def open(home):
            return Warehouse.open(home, threads=threads)

    with pytest.MonkeyPatch.context() as patch:
        if threads is not None:
            patch.setattr(road, "Warehouse", Engine)
        run = road.prepare(road.Setting(home=town.home, keys=town.keys, data=None), str(town.declaration), AFTER)
        road.walk(run)
    assert (run.exit_code, run.reasons) == (0, [])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_rows_changes_no_byte(town, expected, seed):
    rows = people()
    random.Random(seed).shuffle(rows)
    town.answer(rows)
    walked(town)
    assert sums(town) == expected


def test_another_answer_changes_the_bytes(town, expected):
    rows = people()
    for row in rows[:60]:
        row["【問4】年収"] = "3"
    town.answer(rows)
    walked(town)
    assert sums(town) != expected


def test_a_workbook_says_the_same_as_a_csv(town, expected):
    town.declare("file: responses.csv", "file: responses.xlsx")
    write_workbook(town.folder / "responses.xlsx", people())
    walked(town)
    assert sums(town) == expected


def test_two_files_say_the_same_as_one(town, expected):
    rows = people()
    town.answer(rows[100:])
    shutil.move(town.export, town.folder / "late.csv")
    town.answer(rows[:100])
    source = "- {name: responses, file: responses.csv}"
    town.declare(source, f"- {{name: late, file: late.csv}}\n  {source}")
    walked(town)
    assert sums(town) == expected


ENVIRONMENTS = {
    "one_core_in_new_york": {"TZ": "America/New_York", "LANG": "C", "PYTHONHASHSEED": "1"},
    "all_cores_in_tokyo": {"TZ": "Asia/Tokyo", "LANG": "ja_JP.UTF-8", "PYTHONHASHSEED": "4294967295"},
}


def test_place_language_time_zone_hash_seed_and_cores_change_no_byte(tmp_path, expected):
    running = []
    for name, environment in ENVIRONMENTS.items():
        town = Town.found(tmp_path / f"{name} 町")
        town.answer(people())
        one_core = ["taskset", "-c", "0"] if name.startswith("one") and shutil.which("taskset") else []
        code = "import sys; from flows.command_line import main; main()"
        command = [*one_core, sys.executable, "-c", code, "release", "survey.yaml", "--as-of", AFTER]
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(CHECKOUT)}
        env |= town.environment() | environment
        running.append((town, subprocess.Popen(command, cwd=town.folder, env=env, stdout=subprocess.DEVNULL)))
    for town, process in running:
        assert process.wait(timeout=200) == 0
        assert sums(town) == expected


def test_one_thread_counts_many_rows_as_several_do(tmp_path):
    # More rows than DuckDB gives to one thread at a time.
    rows = townspeople(1000)
    many = [row | {"会員番号": f"M{number}"} for number, row in enumerate(rows * 130)]
    found = []
    for threads in (1, 4):
        town = Town.found(tmp_path / str(threads))
        town.answer(many)
        walked(town, threads)
        found.append(sums(town))
    assert found[0] == found[1]


# --- sources --------------------------------------------------------------------------------------


def stored(town: Town, what: str = "*") -> Sequence[tuple]:
    """The raw layer, in a fixed order."""
    with Warehouse.open(town.home, read_only=True) as warehouse:
        return warehouse.run(Query(sql=f'SELECT {what} FROM raw."{SURVEY}" ORDER BY ALL')).rows()


def test_the_same_file_twice_adds_nothing(town, shoji):
    assert shoji("ingest", town.declaration).code == 0
    before = stored(town)
    assert len(before) == 200
    assert shoji("ingest", town.declaration).code == 0
    assert stored(town) == before


def test_a_corrected_file_replaces_its_rows(town, shoji):
    shoji("ingest", town.declaration)
    rows = townspeople()[:150]
    rows[0] |= {"年齢": "88", "会員番号": "M99999"}
    town.answer(rows)
    assert shoji("ingest", town.declaration).code == 0
    after = stored(town, "line, age")
    assert len(after) == 150
    assert after[0] == (2, "88")
    respondents = {respondent for (respondent,) in stored(town, "respondent")}
    assert len(respondents) == 150


def test_a_corrected_file_before_publication_is_what_is_published(town, shoji, expected):
    shoji("anonymise", town.declaration, "--as-of", AFTER)
    town.answer(people())
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    assert sums(town) == expected


def test_rows_that_are_alike_are_people_of_their_own(town, shoji):
    one = townspeople(1)[0]
    town.answer([one | {"会員番号": f"M{number}"} for number in range(40)])
    shoji("ingest", town.declaration)
    assert len(stored(town)) == 40

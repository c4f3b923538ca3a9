"""A full, read-only or foreign disk: one clear line, nothing half-written, and the next run is a good one."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from flows.command_line import _main
from storage import disk, engine, folders, ledger
from storage.home import Home
from terms.query import Query
from tests.faults.conftest import NEIGHBOUR
from tests.faults.telling import CANARY, Shoji
from tests.faults.trees import leftovers, tree
from tests.faults.ward import Ward
from tests.towns import AFTER, SURVEY, Town


@pytest.fixture
def disk_of_its_own(ward: Ward) -> Iterator[Path]:
    """A disk of 48 MB under a folder that everybody may enter; real, so skipped where we may not mount one."""
    if not ward.has_disks:
        pytest.skip("not allowed to mount a disk of our own")
    folder = Path(tempfile.mkdtemp(prefix="shoji-disk-"))
    folder.chmod(0o755)
    ward.mount(folder, "size=48m,mode=755")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def neighbours(ward: Ward, disk_of_its_own: Path, neighbour: Town, tmp_path: Path) -> Town:
    """A town that is not published yet; its home lies on the small disk and holds a neighbour's release."""
    home = disk_of_its_own / "home"
    shutil.copytree(neighbour.home.path, ward.seen(home))
    return Town.found(tmp_path / "new", home=home, keys=neighbour.keys)


POINTS = {
    "before_the_answers": "storage.warehouse:Warehouse.ingest",
    "before_the_clean_layer": "storage.warehouse:Warehouse.replace_table",
    "before_the_home": "storage.home:Home.create",
    "among_the_answers": "storage.ingest:remember",
    "at_the_reject_report": "storage.reading:write_new",
    "in_staging": "storage.folders:write_new",
    "at_the_release_record": "storage.warehouse:Warehouse.record_release",
}


OFTEN = ("among_the_answers", "in_staging")


@pytest.mark.parametrize(
    "point", [pytest.param(point, marks=() if point in OFTEN else pytest.mark.slow) for point in POINTS]
)
def test_a_full_disk_is_one_clear_line_and_the_next_run_publishes(
    point: str, ward: Ward, neighbours: Town, disk_of_its_own: Path
):
    released, ballast = ward.seen(neighbours.home.released), ward.seen(disk_of_its_own) / "ballast"
    before = tree(released)
    fills = {"act": "fill", "at": POINTS[point], "disk": str(disk_of_its_own)}
    command = ("release", neighbours.declaration, "--as-of", AFTER)
    ear = ward.run(neighbours, *command, "--json", accidents=[fills]).ear().reads_clearly()
    assert (ear.code, [rule for _, rule in ear.rules]) == (3, ["disk_full"]), ear
    assert tree(released) == before
    ballast.unlink()
    again = ward.run(neighbours, *command, "--json").ear()
    assert (again.code, again.json["outcome"]) == (0, "published"), again
    assert before.items() <= tree(released).items()
    assert leftovers(seen(ward, neighbours)) == []


def seen(ward: Ward, town: Town) -> Town:
    """The town as the ward's commands see it."""
    return Town(folder=town.folder, home=Home(ward.seen(town.home.path)), keys=town.keys)


def test_a_read_only_disk_is_told_from_a_full_one(ward: Ward, neighbours: Town, disk_of_its_own: Path):
    before = tree(ward.seen(neighbours.home.released))
    ward.remount(disk_of_its_own, "ro")
    command = ("release", neighbours.declaration, "--as-of", AFTER)
    ear = ward.run(neighbours, *command, "--json").ear().reads_clearly()
    assert (ear.code, ear.rules) == (3, [("SHOJI_HOME", "home_not_writable")])
    status = ward.run(neighbours, "status", "--json").ear()
    assert (status.code, status.json["surveys"][0]["survey"]) == (0, NEIGHBOUR)
    ward.remount(disk_of_its_own, "rw")
    assert tree(ward.seen(neighbours.home.released)) == before
    assert ward.run(neighbours, *command).code == 0


NOBODY = 65534
FOREIGN = {
    "the_home": ("", ("SHOJI_HOME", "home_not_writable")),
    "released": ("released", ("released", "not_writable")),
    "the_ledger": ("ledger.jsonl", ("ledger", "not_writable")),
    "the_warehouse": ("warehouse.duckdb", ("warehouse", "not_writable")),
    "the_lock": ("writer.lock", ("writer.lock", "not_writable")),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_belongs_to_somebody_else_is_one_clear_line(name: str, ward: Ward, planned: Town):
    part, problem = FOREIGN[name]
    command = (planned.declaration, "--as-of", AFTER)
    assert ward.run(planned, "ingest", *command).code == 0
    foreign = planned.home.path / part
    if os.getuid() == 0:
        os.chown(foreign, NOBODY, NOBODY)
    else:
        foreign.chmod(0)
    ear = ward.run(planned, "release", *command, "--json", plain=True).ear().reads_clearly()
    foreign.chmod(0o700)
    assert (ear.code, ear.rules) == (3, [problem]), ear


# --- where nothing may be mounted: the same errors, made up ---------------------------------------


def refuses(code: int) -> Callable[..., None]:
    """A system call that always fails; the system's words quote a path."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code), f"/a/path/{CANARY}")

    return fail


SYSTEM = {
    "full_in_the_ledger": (ledger, "write_all", errno.ENOSPC, ("ledger", "disk_full")),
    "quota_in_staging": (folders, "write_new", errno.EDQUOT, ("staging", "disk_full")),
    "broken_at_the_end": (folders.os, "rename", errno.EIO, ("released", "disk_failed")),
    "forbidden_home": (disk.os, "mkdir", errno.EACCES, ("SHOJI_HOME", "home_not_writable")),
}


@pytest.mark.parametrize("name", SYSTEM)
def test_what_the_system_refuses_is_one_clear_line(name: str, planned: Town, shoji: Shoji):
    owner, function, code, problem = SYSTEM[name]
    command = ("release", planned.declaration, "--as-of", AFTER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, function, refuses(code))
        said = shoji(*command, "--json").reads_clearly()
    assert (said.code, said.rules) == (3, [problem])
    assert planned.releases() == [] and leftovers(planned) == []


@pytest.mark.parametrize("statement", ["CREATE OR REPLACE TABLE", "INSERT INTO released."])
def test_a_full_disk_in_the_warehouse_is_one_clear_line(statement: str, planned: Town, shoji: Shoji):
    command, execute = ("release", planned.declaration, "--as-of", AFTER), engine.Engine.execute

    def quote_and_fail() -> None:
        raise duckdb.IOException(f"Could not write {CANARY}: No space left on device")

    def out_of_space(self: engine.Engine, query: Query) -> None:
        if query.sql.startswith(statement) and self.exists("raw", SURVEY):
            engine._guarded(quote_and_fail, engine._diagnose)
        execute(self, query)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.Engine, "execute", out_of_space)
        said = shoji(*command, "--json").reads_clearly()
    assert (said.code, said.rules) == (3, [("warehouse", "disk_full")])
    assert planned.releases() == [] and leftovers(planned) == []
    again = shoji(*command, "--json")
    assert (again.code, again.json["outcome"]) == (0, "published"), again


@pytest.mark.parametrize("verb", ["release", "list"])
def test_an_answer_that_cannot_be_written_is_a_fault_and_no_refusal(verb: str, planned: Town, monkeypatch, capfd):
    arguments = [verb, str(planned.declaration), "--as-of", AFTER] if verb == "release" else [verb]
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert _main([*arguments, "--json", "--lang", "en"]) == 3
        said = capfd.readouterr().err
    assert said.startswith("shoji: the answer could not be written (ENOSPC)") and len(said.splitlines()) == 1
    assert len(planned.releases()) == (verb == "release")

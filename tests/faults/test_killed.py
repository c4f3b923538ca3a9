"""Killed or stopped at any moment: nothing half-written is seen, nothing is lost, and the next run is a good one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.faults.telling import Shoji
from tests.faults.trees import leftovers, surroundings, tree
from tests.faults.ward import CHECKOUT, End, Ward
from tests.towns import AFTER, SURVEY, Town


@pytest.fixture
def town(neighbour: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town that is not published yet, in a home with a neighbour's release."""
    shutil.copytree(neighbour.home.path, tmp_path / "home")
    town = Town.found(tmp_path, keys=neighbour.keys)
    surroundings(monkeypatch, town)
    return town


def release(ward: Ward, town: Town, *accidents: dict[str, object]) -> End:
    return ward.run(town, "release", town.declaration, "--as-of", AFTER, accidents=accidents)


def whole(town: Town) -> None:
    """What is public is complete: every release folder, and what latest.json names."""
    for folder in town.releases():
        sums = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True)
        assert sums.returncode == 0, sums.stderr


def good_again(town: Town, shoji: Shoji, before: dict[str, str]) -> None:
    """The next run ends well: one release, nothing left over, everything of before as it was."""
    said = shoji("release", town.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"]) in {(0, "published"), (0, "unchanged")}, said
    assert said.json["respondents"]["read"] == 200
    (folder,) = town.releases()
    assert said.json["release"] == str(folder)
    assert (town.home.released / SURVEY / "latest.json").read_text() == f'{{"release": "{folder.name}"}}\n'
    whole(town)
    assert leftovers(town) == []
    assert before.items() <= tree(town.home.released).items()
    status = shoji("status", "--json").json
    assert {row["survey"]: row["release"] for row in status["surveys"]}[SURVEY] == folder.name


MOMENTS = {
    "among_the_answers": ("storage.ingest:remember", "before", 1),
    "after_the_answers": ("storage.warehouse:Warehouse.ingest", "after", 1),
    "after_the_clean_layer": ("storage.warehouse:Warehouse.replace_table", "after", 1),
    "in_staging": ("storage.folders:write_new", "before", 3),
    "after_the_release_record": ("storage.warehouse:Warehouse.record_release", "after", 1),
    "before_it_appears": ("storage.folders:Staged.commit", "before", 1),
    "between_the_two_renames": ("os:rename", "after", 1),
    "after_the_second_rename": ("os:rename", "after", 2),
    "after_it_appeared": ("storage.folders:Staged.commit", "after", 1),
    "before_the_end_is_noted": ("flows.steps:note_end", "before", 1),
    "before_the_anchor": ("storage.warehouse:Warehouse.anchor_ledger", "before", 1),
}


def moments(*usual: str) -> list[ParameterSet]:
    """All of them; those that are not named only in `make bench`."""
    return [pytest.param(name, marks=() if name in usual else pytest.mark.slow) for name in MOMENTS]


@pytest.mark.parametrize(
    "moment",
    moments("among_the_answers", "in_staging", "between_the_two_renames"),
)
def test_after_a_kill_the_next_run_puts_everything_in_order(moment: str, ward: Ward, town: Town, shoji: Shoji):
    before, (at, when, call) = tree(town.home.released), MOMENTS[moment]
    end = release(ward, town, {"act": "SIGKILL", "at": at, "when": when, "call": call})
    assert end == End("SIGKILL", "", "")
    whole(town)
    assert before.items() <= tree(town.home.released).items()
    good_again(town, shoji, before)


@pytest.mark.parametrize("line", [1, 4])
def test_a_ledger_line_torn_by_a_power_cut_is_repaired(line: int, ward: Ward, town: Town, shoji: Shoji):
    before, written = tree(town.home.released), town.home.ledger.read_bytes()
    end = release(ward, town, {"act": "tear", "at": "storage.ledger:write_all", "call": line})
    assert end.code == "SIGKILL"
    torn = town.home.ledger.read_bytes()
    assert torn.startswith(written) and not torn.endswith(b"\n")
    good_again(town, shoji, before)
    assert b"ledger_repaired" in town.home.ledger.read_bytes()


@pytest.mark.parametrize("moment", moments("between_the_two_renames"))
def test_ctrl_c_is_one_line_and_leaves_no_trace(moment: str, ward: Ward, town: Town, shoji: Shoji):
    before, (at, when, call) = tree(town.home.released), MOMENTS[moment]
    end = release(ward, town, {"act": "SIGINT", "at": at, "when": when, "call": call})
    assert end == End(130, "", "shoji: interrupted; the next run puts everything in order.\n")
    whole(town)
    assert leftovers(town) == []
    assert before.items() <= tree(town.home.released).items()
    good_again(town, shoji, before)
    assert len(town.releases()) == 1


def test_a_second_run_beside_a_living_one_is_told_to_wait(ward: Ward, town: Town, shoji: Shoji):
    """A real second process: the first one is stopped in the middle, and goes on afterwards."""
    holder = (
        "import os, pathlib, signal, sys\n"
        "from storage.home import Home\n"
        "from storage.locks import writer\n"
        "from storage.warehouse import Warehouse\n"
        "home = Home(pathlib.Path(sys.argv[1])).create()\n"
        "with writer(home), Warehouse.open(home):\n"
        "    sys.stdout.write('in\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", holder, str(town.home.path)],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert first.stdout.readline() == "in\n"
        said = shoji("release", town.declaration, "--as-of", AFTER, "--json").reads_clearly()
        assert (said.code, said.rules) == (3, [("writer.lock", "writer_busy")])
        assert said.findings[0]["facts"]["pid"] == first.pid
    finally:
        first.communicate("\n", timeout=30)
    good_again(town, shoji, tree(town.home.released))


@pytest.mark.slow
@pytest.mark.parametrize("stop", ["SIGINT", "SIGKILL"])
def test_the_orchestrators_server_ends_with_the_run_that_started_it(stop: str, town: Town, shoji: Shoji):
    """``shoji run`` for real: stopped as a terminal does it, to the whole group of processes, or killed alone."""
    before = tree(town.home.released)
    command = [Path(sys.executable).parent / "shoji", "run", town.declaration, "--as-of", AFTER]
    run = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    length = town.home.ledger.stat().st_size
    while town.home.ledger.stat().st_size == length and run.poll() is None:
        time.sleep(0.05)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    if stop == "SIGINT":
        os.killpg(run.pid, signal.SIGINT)
    else:
        run.kill()
    out, err = run.communicate(timeout=30)
    assert out == ""
    assert (run.returncode, err) in {
        (130, "shoji: interrupted; the next run puts everything in order.\n"),
        (-signal.SIGKILL, ""),
    }
    time.sleep(2)
    assert children and not any(Path(f"/proc/{child}").exists() for child in children)
    good_again(town, shoji, before)

"""Warehouse and folders tell the same story of every release, wherever the power went off."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from storage.folders import latest, staged_release, verify_folder
from storage.home import Home
from storage.publication import recorded, settle
from storage.releases import CELLS
from storage.warehouse import Warehouse
from terms.findings import Fault
from tests.storage.releasing import FILES, FIRST, HIDDEN, SHOWN, content, publish

HASHES = {"population_hash": "1" * 64, "content_hash": "2" * 64}


def story(warehouse: Warehouse, home: Home) -> list[tuple[str, bool, bool]]:
    """Every release: its name, whether the warehouse says published, whether its folder is there and whole."""
    return [
        (record.name, record.published, not verify_folder(home.released / record.survey / record.name))
        for record in warehouse.releases("reader_2026")
    ]


def rule(caught: pytest.ExceptionInfo[Fault]) -> str:
    (finding,) = caught.value.findings
    return finding.rule


def test_a_release_is_remembered_with_its_batch_and_its_cells(warehouse, home):
    folder = publish(warehouse, home)
    (record,) = warehouse.releases("reader_2026")
    assert (record.number, record.name, record.published, record.batches) == (1, folder.name, True, (0,))
    assert (record.population_hash, record.content_hash) == ("1" * 64, "2" * 64)
    assert warehouse.batches("reader_2026") == (FIRST,)
    assert warehouse.releases("other") == warehouse.batches("other") == ()
    assert warehouse.releases(None) == (record,)


def test_cells_are_remembered_as_displayed_and_in_order(warehouse, home):
    publish(warehouse, home)
    assert warehouse.released_cells("reader_2026", 1).rows() == [SHOWN, HIDDEN]
    assert warehouse.released_cells("reader_2026", 1).schema == pl.Schema(CELLS)


def test_a_release_is_the_sum_of_its_batches(warehouse):
    second = replace(FIRST, number=1)
    warehouse.record_release("reader_2026", content(1), FIRST, **HASHES)
    warehouse.record_release("reader_2026", content(2), second, **HASHES)
    assert [record.batches for record in warehouse.releases("reader_2026")] == [(0,), (0, 1)]
    assert warehouse.batches("reader_2026") == (FIRST, second)


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param((*HIDDEN[:6], 3, "hidden"), id="hidden_with_its_value"),
        pytest.param((*SHOWN[:6], None, "shown"), id="shown_without_a_value"),
        pytest.param((*SHOWN[:6], 15, "primary"), id="a_word_that_tells_why"),
    ],
)
def test_what_is_not_as_displayed_cannot_be_stored(warehouse, cell):
    """R10: an exact figure behind a hidden cell must not be stored at all."""
    with pytest.raises(Fault) as caught:
        warehouse.record_release("reader_2026", content(1, (SHOWN, cell)), FIRST, **HASHES)
    assert rule(caught) == "engine_failed"
    assert warehouse.releases("reader_2026") == warehouse.batches("reader_2026") == ()


def test_a_frame_with_more_than_the_displayed_columns_is_refused(warehouse):
    release = content(1)
    exact = replace(release, cells=release.cells.with_columns(respondents=pl.lit(13)))
    with pytest.raises(Fault) as caught:
        warehouse.record_release("reader_2026", exact, FIRST, **HASHES)
    assert rule(caught) == "cells_incomplete"


def test_a_published_batch_does_not_change(warehouse, home):
    publish(warehouse, home)
    with pytest.raises(Fault) as caught:
        warehouse.record_release("reader_2026", content(2), replace(FIRST, codebook_hash="d" * 64), **HASHES)
    assert rule(caught) == "batch_altered"
    assert len(warehouse.releases("reader_2026")) == 1


def test_a_release_number_is_used_once(warehouse, home):
    publish(warehouse, home)
    with pytest.raises(Fault):
        warehouse.record_release("reader_2026", content(1), FIRST, **HASHES)
    assert story(warehouse, home) == [("0001-2026-11-23", True, True)]


def test_a_block_that_fails_leaves_no_trace(warehouse, home):
    publish(warehouse, home)
    release = content(2)
    with (
        pytest.raises(ZeroDivisionError),
        staged_release(home, "reader_2026", release.name, FILES) as staged,
        recorded(warehouse, staged, release, replace(FIRST, number=1), **HASHES),
    ):
        _ = 1 / 0
    assert story(warehouse, home) == [("0001-2026-11-23", True, True)]
    assert warehouse.batches("reader_2026") == (FIRST,)
    assert warehouse.released_cells("reader_2026", 2).is_empty()
    assert latest(home, "reader_2026") == "0001-2026-11-23"


def test_a_published_release_cannot_be_dropped(warehouse, home):
    publish(warehouse, home)
    warehouse.drop_unpublished("reader_2026", 1)
    assert story(warehouse, home) == [("0001-2026-11-23", True, True)]


def test_nothing_to_settle_is_nothing(warehouse, home):
    publish(warehouse, home)
    assert settle(warehouse, home) == ()


@pytest.mark.parametrize(
    ("step", "appeared"),
    [("record", False), ("rename 1", False), ("rename 2", True), ("confirm", True), ("never", True)],
)
def test_a_run_killed_at_any_step_is_settled_at_the_next_start(home, step, appeared):
    """A folder that appeared was public and stays; one that did not is forgotten and can be made again."""
    program = Path(__file__).with_name("releasing.py")
    done = subprocess.run(
        [sys.executable, program, home.path, step],
        env={"PYTHONPATH": str(program.parents[2])},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0 if step == "never" else -9, "")
    with Warehouse.open(home, threads=1) as warehouse:
        confirmed = settle(warehouse, home)
        published = [("0001-2026-11-23", True, True), ("0002-2026-11-24", True, True)]
        assert story(warehouse, home) == published[: 1 + appeared]
        assert latest(home, "reader_2026") == published[appeared][0]
        assert [record.name for record in confirmed] == (["0002-2026-11-24"] if appeared and step != "never" else [])
        assert list(home.staging.iterdir()) == []
        assert settle(warehouse, home) == ()
        if not appeared:
            publish(warehouse, home, number=2)
            assert story(warehouse, home) == published


def test_a_folder_that_was_damaged_meanwhile_is_not_settled(warehouse, home):
    publish(warehouse, home)
    warehouse.record_release("reader_2026", content(2), FIRST, **HASHES)
    release = home.released / "reader_2026" / content(2).name
    release.mkdir()
    with pytest.raises(Fault) as caught:
        settle(warehouse, home)
    assert rule(caught) == "release_damaged"

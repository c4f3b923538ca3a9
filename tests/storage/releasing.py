"""One release to publish, and a program that publishes it and can be killed at every step."""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from pathlib import Path

import polars as pl

from storage.folders import staged_release
from storage.home import Home
from storage.publication import recorded
from storage.releases import CELLS
from storage.warehouse import Warehouse
from terms.release import Batch, ReleaseContent
from terms.survey import Role
from tests.builders import codebook, single, survey

READERS = survey([single("region", "ns", role=Role.QUASI_IDENTIFIER), single("q1", "ab")])
FILES = {"index.html": b"<html>", "data/cells.csv": b"table\n"}
SHOWN = ("q1", "q1", "a", "_T", "_T", "respondents", 15, "shown")
HIDDEN = ("q1", "q1", "b", "_T", "_T", "respondents", None, "hidden")
FIRST = Batch(number=0, closed_on=date(2026, 11, 23), codebook_version=1, codebook_hash="c" * 64, policy_hash="p" * 64)


def content(number: int = 1, cells: tuple[tuple, ...] = (SHOWN, HIDDEN), name: str = "reader_2026") -> ReleaseContent:
    declared = survey(READERS.columns, name=name)
    return ReleaseContent(
        survey=declared,
        codebook=codebook(declared),
        number=number,
        released_on=date(2026, 11, 22 + number),
        cells=pl.DataFrame(list(cells), schema=CELLS, orient="row"),
        withheld_questions=(),
        weights_withheld=(),
    )


def publish(warehouse: Warehouse, home: Home, number: int = 1) -> Path:
    """As a run does it."""
    release = content(number)
    with staged_release(home, release.survey.name, release.name, FILES) as staged:
        hashes = {"population_hash": "1" * 64, "content_hash": "2" * 64}
        with recorded(warehouse, staged, release, FIRST, **hashes):
            folder = staged.commit()
    return folder


def kill_at(step: str) -> None:
    """Make this process die, as by a power cut, right before the step."""
    real, renames = os.rename, []

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def rename(source: object, target: object) -> None:
        renames.append(target)
        if step == f"rename {len(renames)}":
            die()
        real(source, target)

    os.rename = rename
    if step == "record":
        Warehouse.record_release = die
    if step == "confirm":
        Warehouse.confirm_release = die


if __name__ == "__main__":
    place = Home(Path(sys.argv[1]))
    with Warehouse.open(place, threads=1) as opened:
        publish(opened, place, number=1)
        kill_at(sys.argv[2])
        publish(opened, place, number=2)

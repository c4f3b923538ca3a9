"""Each real survey walked once, from the public file to a published release."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from flows import road
from flows.run import Run
from flows.setting import read_setting
from storage.keys import make_root_key

AS_OF = "2024-02-01"
"""After the fieldwork of all of them."""
REAL = ("rse_uk_2016", "fukui_kanko_survey", "fukui_civic_voice", "gss_1972_2024")

Cell = tuple[str, str, str]
"""Table, row code, column code."""


@dataclass(frozen=True)
class Walked:
    """A run that ended, and what it published."""

    run: Run

    @cached_property
    def exact(self) -> dict[Cell, int]:
        """Every cell before protection, ``_ANS`` the answering base."""
        rows = self.run.counts.iter_rows(named=True)
        return {(row["table"], row["row"], row["col"]): row["respondents"] for row in rows}

    @cached_property
    def cells(self) -> list[dict[str, str]]:
        """The lines of ``data/cells.csv``."""
        with (self.run.release / "data" / "cells.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def one_way(self, question: str) -> dict[str, int]:
        """Code -> people before protection, without base and total."""
        return {
            row: people
            for (table, row, _), people in self.exact.items()
            if table == question and row not in {"_ANS", "_T"}
        }


def walk(name: str, folder: Path, source: Path | None = None) -> Walked:
    """The road in this process, into a home and keys of its own."""
    make_root_key(folder / "keys")
    env = {"SHOJI_KEYS": str(folder / "keys"), "SHOJI_DATA": os.environ["SHOJI_DATA"]}
    setting = read_setting(str(folder / "home"), str(source) if source else None, env)
    run = road.prepare(setting, name, AS_OF)
    road.walk(run)
    return Walked(run)


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory):
    """Walk a survey, the first time it is asked for."""
    done: dict[str, Walked] = {}

    def ask(name: str) -> Walked:
        if name not in done:
            done[name] = walk(name, tmp_path_factory.mktemp(name))
        return done[name]

    return ask

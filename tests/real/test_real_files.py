"""The same answers in another order or another format are the same release."""

from __future__ import annotations

import csv
import os
import random
from pathlib import Path

import openpyxl
import pytest

from tests.real.conftest import walk

pytestmark = pytest.mark.real
NAME = "fukui_civic_voice"


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    """The header and the answers of the public file."""
    path = Path(os.environ["SHOJI_DATA"]) / "datasets" / NAME / "kanko_20240117-1.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_rows_in_another_order_make_the_same_release_to_the_byte(rows, walked, tmp_path):
    header, *answers = rows
    shuffled = random.Random(0).sample(answers, len(answers))
    assert shuffled != answers
    source = tmp_path / "shuffled.csv"
    with source.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *shuffled])
    again = walk(NAME, tmp_path, source)
    assert again.run.outcome.value == "published"
    assert sums(again.run.release) == sums(walked(NAME).run.release)


def test_a_workbook_of_the_same_answers_makes_the_same_cells(rows, walked, tmp_path):
    book = openpyxl.Workbook()
    for row in rows:
        # Excel itself would store the figures as numbers.
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    source = tmp_path / "answers.xlsx"
    book.save(source)
    again = walk(NAME, tmp_path, source)
    assert again.run.outcome.value == "published", again.run.reasons
    cells = [run.release / "data" / "cells.csv" for run in (again.run, walked(NAME).run)]
    assert cells[0].read_bytes() == cells[1].read_bytes()


def test_one_answer_less_makes_another_release(rows, walked, tmp_path):
    """The control: the comparisons above would notice."""
    source = tmp_path / "less.csv"
    with source.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows[:-40])
    again = walk(NAME, tmp_path, source)
    assert again.run.release is None or sums(again.run.release) != sums(walked(NAME).run.release)


def sums(release: Path) -> str:
    return (release / "SHA256SUMS").read_text()

"""Ledger and warehouse put back together to an older state contradict what was published with a release."""

from __future__ import annotations

import json
import shutil

import pytest

from storage.heads import HEAD
from tests.towns import SURVEY


def test_a_release_carries_the_end_of_the_ledger(town, shoji):
    assert shoji("release", town.declaration).code == 0
    head = json.loads((town.home.released / SURVEY / HEAD).read_text())
    line = json.loads(town.home.ledger.read_text().splitlines()[head["n"] - 1])
    assert line["hash"] == head["hash"] and line["event"] == "run_ended"


def test_ledger_and_warehouse_rewound_together_are_found_out(town, shoji, tmp_path):
    assert shoji("anonymise", town.declaration).code == 0
    assert shoji("role", "add", "hanako", "--role", "operator").code == 0
    for path in (town.home.ledger, town.home.warehouse):
        shutil.copy(path, tmp_path / path.name)
    assert shoji("release", town.declaration).code == 0
    for path in (town.home.ledger, town.home.warehouse):
        shutil.copy(tmp_path / path.name, path)
    commands = (
        ("release", town.declaration),
        ("status",),
        ("role", "add", "taro", "--role", "operator", "--by", "hanako"),
        ("person", "open", town.declaration, "--kind", "erase", "--by", "hanako"),
    )
    for command in commands:
        said = shoji(*command)
        assert said.code == 3 and "ledger" in said.err
    (town.home.released / SURVEY / HEAD).unlink()  # the head was what told
    assert "ledger_rewound" not in shoji("status").err and shoji("status").code == 0


@pytest.mark.parametrize("content", ["", "{}", '{"n": "x", "hash": "y"}', "[1]"])
def test_a_head_that_cannot_be_read_stops_the_run(town, shoji, content):
    assert shoji("release", town.declaration).code == 0
    (town.home.released / SURVEY / HEAD).write_text(content)
    assert shoji("release", town.declaration).code == 3

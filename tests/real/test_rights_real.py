"""What is held about a real member who answered many times, counted here with the standard library."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from flows.command_line import _main
from storage.keys import make_root_key

pytestmark = pytest.mark.real

FILES = ("202207.csv", "202303.csv", "202304.csv")


def test_a_member_who_answered_many_times_is_handed_every_answer(tmp_path, monkeypatch, capfd):
    data = Path(os.environ["SHOJI_DATA"])
    rows = [row for file in FILES for row in _rows(data / "datasets" / "fukui_kanko_survey" / "monthly" / file)]
    ((member, times),) = Counter(row["会員ID"] for row in rows).most_common(1)
    assert times > 5
    make_root_key(tmp_path / "keys")
    monkeypatch.setenv("SHOJI_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("SHOJI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SHOJI_DATA", str(data))

    def shoji(*arguments: str, told: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(told + "\n"))
        capfd.readouterr()
        assert _main(list(arguments)) == 0
        return capfd.readouterr().out

    shoji("ingest", "fukui_kanko_survey", "--as-of", "2026-11-01")
    shoji("role", "add", "hanako", "--role", "operator")
    shoji("role", "add", "taro", "--role", "operator", "--by", "hanako")
    shoji("person", "open", "fukui_kanko_survey", "--kind", "confirm", "--by", "hanako")
    shoji("person", "identify", "1", "--by", "hanako", "--proof", "account", told=member)
    said = json.loads(shoji("person", "confirm", "1", "--by", "taro", "--json", told=member))
    answers = json.loads((Path(said["receipt"]) / "data.json").read_text(encoding="utf-8"))["answers"]
    assert len(answers) == times
    hers = sorted(row["回答日時"][:10].replace("/", "-") for row in rows if row["会員ID"] == member)
    assert sorted(answer["answered_at"][:10] for answer in answers) == hers


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

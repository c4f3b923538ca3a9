"""Written anew, the warehouse holds every live row and no deleted one; a search reads every byte there is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage import rewriting
from storage.home import Home
from storage.migrations import shipped
from storage.rewriting import rewrite, search
from storage.warehouse import Warehouse
from terms.findings import Fault
from terms.query import Query
from tests.storage.answers import DOOR, JULY, JUNE, READERS, ROOT, rows, rule

GONE = "5eed" * 16
STAYS = "cafe" * 16


def filled(home: Home) -> None:
    """A warehouse with one pseudonym that was deleted and one that stays."""
    with Warehouse.open(home) as warehouse:
        warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
        for pseudonym in (GONE, STAYS):
            put = "INSERT INTO raw.reader_2026 (source, line, respondent) VALUES ('june', 99, $who)"
            warehouse.execute(Query(sql=put, parameters={"who": pseudonym}))
    with Warehouse.open(home) as warehouse:
        gone = "DELETE FROM raw.reader_2026 WHERE respondent = $who"
        warehouse.execute(Query(sql=gone, parameters={"who": GONE}))


def test_a_deleted_pseudonym_stays_in_the_file_until_it_is_written_anew(home):
    filled(home)
    assert GONE.encode() in home.warehouse.read_bytes()  # why the rest of this file exists
    rewrite(home)
    content = home.warehouse.read_bytes()
    assert GONE.encode() not in content and STAYS.encode() in content


def test_everything_else_is_as_it_was(home):
    filled(home)
    layout = Query(sql="SELECT sql FROM duckdb_tables() ORDER BY sql")
    with Warehouse.open(home) as warehouse:
        before = warehouse.run(layout), rows(warehouse), warehouse.run(Query(sql="FROM house.sources ORDER BY ALL"))
    rewrite(home)
    with Warehouse.open(home) as warehouse:
        after = warehouse.run(layout), rows(warehouse), warehouse.run(Query(sql="FROM house.sources ORDER BY ALL"))
        assert [migration.number for migration in shipped()] == [
            number for (number,) in warehouse.run(Query(sql="SELECT number FROM house.migrations ORDER BY 1")).rows()
        ]
    for one, other in zip(before, after, strict=True):
        assert one.equals(other) if hasattr(one, "equals") else one == other
    assert oct(home.warehouse.stat().st_mode & 0o777) == "0o600"
    assert not list(home.path.glob("*rewriting*"))


def test_killed_before_the_rename_it_leaves_the_old_file(home, monkeypatch):
    filled(home)
    before = home.warehouse.read_bytes()
    monkeypatch.setattr(rewriting.os, "replace", _killed)
    with pytest.raises(KeyboardInterrupt):
        rewrite(home)
    assert home.warehouse.read_bytes() == before
    monkeypatch.undo()
    rewrite(home)  # what the killed one left is no obstacle
    assert GONE.encode() not in home.warehouse.read_bytes()
    assert not list(home.path.glob("*rewriting*"))


def test_a_damaged_warehouse_is_not_replaced(home):
    filled(home)
    content = bytearray(home.warehouse.read_bytes())
    content[: 4 * 4096] = os.urandom(4 * 4096)
    home.warehouse.write_bytes(bytes(content))
    with pytest.raises(Fault) as caught:
        rewrite(home)
    assert rule(caught) == "warehouse_corrupt"
    assert home.warehouse.read_bytes() == bytes(content)


@pytest.mark.parametrize("offset", [0, 5, 6, 11, 12, 13, 16, 17, 90])
def test_a_needle_is_found_wherever_it_lies(tmp_path, monkeypatch, offset):
    monkeypatch.setattr(rewriting, "CHUNK", 16)
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x" * offset + b"needle" + b"y" * 20)
    (tmp_path / "other").write_bytes(b"nothing here")
    assert search(Home(tmp_path), [b"needle", b"thread"]) == (offset + 26 + 12, 1)


def test_an_empty_needle_is_no_needle(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"abc")
    assert search(Home(tmp_path), [b""]) == (3, 0)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt

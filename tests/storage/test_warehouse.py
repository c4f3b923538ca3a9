"""The warehouse: opens or says why not, one transaction at a time, exact answers."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from storage.engine import Engine
from storage.home import Home
from storage.ledger import FIRST, Anchor
from storage.migrations import Migration, shipped
from storage.migrations import migrate as apply
from storage.warehouse import Warehouse
from terms.findings import Fault
from terms.query import Query
from tests.storage.answers import (
    DOOR,
    JULY,
    JUNE,
    READERS,
    ROOT,
    everything,
    rows,
    rule,
)
from tests.storage.disks import on_a_disk


def test_a_warehouse_has_its_layers_and_remembers_its_migrations(home):
    for _ in range(2):
        with Warehouse.open(home) as warehouse:
            schemas = warehouse.run(Query(sql="SELECT schema_name FROM duckdb_schemas() WHERE NOT internal"))
            assert {"raw", "clean", "anonymised", "released", "house"} <= set(schemas["schema_name"])
            applied = warehouse.run(Query(sql="SELECT number, checksum FROM house.migrations ORDER BY number"))
            assert applied.rows() == [(migration.number, migration.checksum) for migration in shipped()]


def test_migrations_are_numbered_without_a_gap():
    assert [migration.number for migration in shipped()] == list(range(1, len(shipped()) + 1))


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    engine = Engine.open(home.warehouse)
    yield engine
    engine.close()


ONE = Migration(number=1, sql="CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)")
TWO = Migration(number=2, sql="INSERT INTO a VALUES (2)")


def test_migrations_are_applied_once_and_in_order(engine):
    for known in ((ONE,), (ONE, TWO), (ONE, TWO)):
        apply(engine, known)
    assert engine.rows(Query(sql="SELECT x FROM a ORDER BY x")) == [(1,), (2,)]


def test_a_migration_that_fails_leaves_the_layout_before_it(engine):
    failing = Migration(number=2, sql="INSERT INTO a VALUES (2); INSERT INTO a VALUES ('x')")
    with pytest.raises(Fault):
        apply(engine, (ONE, failing))
    assert engine.rows(Query(sql="SELECT x FROM a")) == [(1,)]
    apply(engine, (ONE, TWO))
    assert engine.rows(Query(sql="SELECT count(*) FROM a")) == [(2,)]


def test_a_warehouse_of_a_later_version_is_left_alone(engine):
    apply(engine, (ONE, TWO))
    with pytest.raises(Fault) as caught:
        apply(engine, (ONE,))
    assert (rule(caught), caught.value.findings[0].facts["number"]) == ("warehouse_newer", 2)


def test_an_altered_migration_is_found(engine):
    apply(engine, (ONE, TWO))
    with pytest.raises(Fault) as caught:
        apply(engine, (ONE, replace(TWO, sql=TWO.sql + " ")))
    assert (rule(caught), caught.value.findings[0].facts["number"]) == ("migration_altered", 2)


@pytest.mark.parametrize("content", [b"canary" * 5000, b"x", b"\0" * 4096])
def test_a_file_that_is_no_database_is_a_fault_and_stays(home, content):
    home.warehouse.write_bytes(content)
    with pytest.raises(Fault) as caught, Warehouse.open(home):
        pass
    assert rule(caught) == "warehouse_corrupt"
    assert str(home.path) not in everything(caught.value).replace(str(Path(__file__)), "")
    assert home.warehouse.read_bytes() == content


def test_a_truncated_database_is_a_fault(home):
    with Warehouse.open(home) as warehouse:
        warehouse.replace_table("clean", "x", Query(sql="SELECT hash(range) AS x FROM range(200000)"))
    home.warehouse.write_bytes(home.warehouse.read_bytes()[: home.warehouse.stat().st_size // 2])
    with pytest.raises(Fault) as caught, Warehouse.open(home) as warehouse:
        warehouse.run(Query(sql="SELECT sum(x) FROM clean.x"))
    assert rule(caught) in {"warehouse_corrupt", "engine_failed"}
    assert caught.value.__context__ is None


def test_an_empty_file_is_a_database_that_was_never_begun(home):
    home.warehouse.touch()
    with Warehouse.open(home) as warehouse:
        assert warehouse.batches("reader_2026") == ()


def test_readers_change_nothing(home):
    with pytest.raises(Fault) as caught, Warehouse.open(home, read_only=True):
        pass
    assert rule(caught) == "warehouse_missing"
    with Warehouse.open(home) as warehouse:
        warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    before = home.warehouse.read_bytes()
    with Warehouse.open(home, read_only=True) as warehouse:
        assert len(rows(warehouse)) == 4
        with pytest.raises(Fault):
            warehouse.replace_table("clean", "x", Query(sql="SELECT 1 AS x"))
    assert home.warehouse.read_bytes() == before


def test_a_reader_does_not_migrate(home):
    Engine.open(home.warehouse).close()
    with pytest.raises(Fault) as caught, Warehouse.open(home, read_only=True):
        pass
    assert rule(caught) == "warehouse_older"


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare here")
def test_a_read_only_disk_is_a_fault_of_one_line(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from storage.home import Home;"
        "from storage.warehouse import Warehouse; from terms.findings import Fault\n"
        "home = Home(Path(sys.argv[1]) / 'home').create()\n"
        "with Warehouse.open(home): pass\n"
        "os.system(f'mount -o remount,ro {sys.argv[1]}')\n"
        "try:\n    with Warehouse.open(home): pass\n"
        "except Fault as fault: print(fault)"
    )
    done = on_a_disk(tmp_path, "size=8m", sys.executable, "-c", code, tmp_path)
    assert (done.stdout, done.stderr) == ("warehouse: not_writable\n", "")


def test_answers_are_exact_frames(warehouse):
    answer = warehouse.run(
        Query(
            sql="SELECT $name AS name, sum(x) AS total, sum(x::DECIMAL(18, 6) / 10) AS weight, count(*) AS n"
            " FROM range(4) AS t(x)",
            parameters={"name": "あ"},
        )
    )
    assert answer.schema["total"] == pl.Decimal(38, 0)
    assert answer.schema["n"] == pl.Int64
    assert answer.select("name", "total", "n").row(0) == ("あ", 6, 4)


def test_a_table_is_replaced_whole_and_counted(warehouse):
    assert warehouse.replace_table("clean", 'we"ird', Query(sql="SELECT 1 AS x UNION ALL SELECT 2")) == 2
    bound = Query(sql="SELECT $x AS x", parameters={"x": 5})
    assert warehouse.replace_table("clean", 'we"ird', bound) == 1
    assert warehouse.run(Query(sql='SELECT x FROM clean."we""ird"')).item() == 5
    with pytest.raises(Fault):
        warehouse.replace_table("clean", 'we"ird', Query(sql="SELECT no_such_column"))
    assert warehouse.run(Query(sql='SELECT x FROM clean."we""ird"')).item() == 5
    warehouse.drop_table("clean", 'we"ird')
    warehouse.drop_table("clean", 'we"ird')
    assert not warehouse.exists("clean", 'we"ird')


def test_declared_tables_can_be_joined(warehouse):
    warehouse.register("levels", pl.DataFrame({"code": ["n", "s"], "group": ["N", "S"]}))
    joined = Query(sql="SELECT \"group\" FROM levels WHERE code = 's'")
    assert warehouse.run(joined).item() == "S"
    assert warehouse.replace_table("clean", "x", joined) == 1


def test_transactions_nest_into_one(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    with pytest.raises(ZeroDivisionError), warehouse.transaction():
        warehouse.replace_table("clean", "reader_2026", Query(sql="SELECT 1 AS x"))
        assert warehouse.exists("clean", "reader_2026")
        _ = 1 / 0
    assert not warehouse.exists("clean", "reader_2026")
    warehouse.replace_table("clean", "reader_2026", Query(sql="SELECT 1 AS x"))
    assert warehouse.exists("clean", "reader_2026")


KILLED = """
import sys, time
from pathlib import Path
from storage.home import Home
from storage.warehouse import Warehouse
from terms.query import Query
with Warehouse.open(Home(Path(sys.argv[1]))) as warehouse:
    warehouse.replace_table("clean", "kept", Query(sql="SELECT range AS x FROM range(1000)"))
    with warehouse.transaction():
        warehouse.replace_table("clean", "kept", Query(sql="SELECT 7 AS x"))
        warehouse.replace_table("clean", "lost", Query(sql="SELECT range AS x FROM range(3000000)"))
        print("in the middle", flush=True)
        time.sleep(60)
"""


@pytest.fixture
def in_the_middle(home: Home) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, "-c", KILLED, home.path], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"in the middle\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_process_killed_in_the_middle_leaves_what_was_before(home, in_the_middle):
    in_the_middle.send_signal(signal.SIGKILL)
    in_the_middle.wait()
    with Warehouse.open(home) as warehouse:
        assert warehouse.run(Query(sql="SELECT count(*) AS n FROM clean.kept")).item() == 1000
        assert not warehouse.exists("clean", "lost")


@pytest.mark.parametrize("read_only", [True, False])
def test_a_second_process_is_told_that_the_warehouse_is_open(home, in_the_middle, read_only):
    with pytest.raises(Fault) as caught, Warehouse.open(home, read_only=read_only):
        pass
    assert rule(caught) == "warehouse_busy"
    assert str(home.path) not in everything(caught.value)
    assert str(in_the_middle.pid) not in str(caught.value)


FULL = """
import sys
from pathlib import Path
from storage.home import Home
from storage.warehouse import Warehouse
from terms.findings import Fault
from terms.query import Query
home = Home(Path(sys.argv[1]) / "home").create()
with Warehouse.open(home) as warehouse:
    warehouse.replace_table("clean", "kept", Query(sql="SELECT range AS x FROM range(1000)"))
try:
    with Warehouse.open(home) as warehouse:
        warehouse.replace_table("clean", "kept", Query(sql="SELECT hash(range) || 'x' AS x FROM range(3000000)"))
except Fault as fault:
    print(fault, fault.__context__)
with Warehouse.open(home) as warehouse:
    print(warehouse.run(Query(sql="SELECT count(*) AS n FROM clean.kept")).item())
"""


def test_a_really_full_disk_leaves_what_was_before(tmp_path):
    done = on_a_disk(tmp_path, "size=8m", sys.executable, "-c", FULL, tmp_path)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["warehouse: disk_full None", "1000"]


def test_the_anchor_moves_forward_only(warehouse):
    assert warehouse.anchor() is None
    for n in (1, 1, 5):
        warehouse.anchor_ledger(Anchor(n=n, hash=FIRST))
    assert warehouse.anchor() == Anchor(n=5, hash=FIRST)
    for end in (Anchor(n=4, hash=FIRST), Anchor(n=5, hash="f" * 64)):
        with pytest.raises(Fault) as caught:
            warehouse.anchor_ledger(end)
        assert rule(caught) == "ledger_rewound"
    assert warehouse.anchor() == Anchor(n=5, hash=FIRST)

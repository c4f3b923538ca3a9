"""The engine: reaches nothing outside its file, keeps its files private, and repeats no word of DuckDB's."""

from __future__ import annotations

import os
import stat
import traceback
from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from storage import engine
from storage.home import Home
from storage.warehouse import Warehouse
from terms.findings import Fault
from terms.query import Query
from tests.storage.answers import CANARY, everything, rule

HOME_FILES = {"warehouse.duckdb", "warehouse.duckdb.wal", "released", "staging", "rejects", "prefect"}


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home")).create()


@pytest.fixture(scope="module")
def one_warehouse(one_home: Home) -> Iterator[Warehouse]:
    """Only refused statements are sent to it, so one serves all of them."""
    with Warehouse.open(one_home, threads=1) as warehouse:
        yield warehouse


OUTSIDE = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "COPY (SELECT 1) TO '{home}/copy.csv'",
    "EXPORT DATABASE '{home}/export'",
    "ATTACH '{home}/other.duckdb'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET temp_directory = '{home}'",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "RESET temp_directory",
    "PRAGMA profiling_output = '{home}/profile'",
    "CREATE PERSISTENT SECRET s (TYPE http)",
    "SELECT * FROM canary_variable",
]


@pytest.mark.parametrize("sql", OUTSIDE)
def test_nothing_outside_the_database_can_be_reached(one_warehouse, one_home, sql):
    canary_variable = pl.DataFrame({"x": [1]})
    before = sorted(one_home.path.iterdir())
    with pytest.raises(Fault) as caught:
        one_warehouse.execute(Query(sql=sql.format(home=one_home.path)))
    assert rule(caught) == "engine_failed"
    assert str(one_home.path) not in everything(caught.value)
    assert sorted(one_home.path.iterdir()) == before
    assert canary_variable.height == 1


def test_what_does_not_fit_into_memory_fails_and_spills_nothing(home, monkeypatch):
    monkeypatch.setitem(engine.SETTINGS, "memory_limit", "32MB")
    big = Query(sql="SELECT count(DISTINCT v) AS n FROM (SELECT hash(range) || 'x' AS v FROM range(1000000))")
    with Warehouse.open(home, threads=1) as warehouse:
        with pytest.raises(Fault) as caught:
            warehouse.run(big)
        assert rule(caught) == "engine_out_of_memory"
        assert {path.name for path in home.path.iterdir()} <= HOME_FILES


def test_files_are_for_their_owner_alone(home):
    before = os.umask(0)
    try:
        with Warehouse.open(home) as warehouse:
            warehouse.replace_table("clean", "x", Query(sql="SELECT range AS x FROM range(10)"))
            files = [path for path in home.path.iterdir() if path.is_file()]
            assert {path.name for path in files} == {"warehouse.duckdb", "warehouse.duckdb.wal"}
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        home.warehouse.chmod(0o644)
        with Warehouse.open(home):
            assert stat.S_IMODE(home.warehouse.stat().st_mode) == 0o600
        assert os.umask(0) == 0
    finally:
        os.umask(before)


VALUE = f"'{CANARY}'"
LEAKS = [
    f"SELECT CAST({VALUE} AS INTEGER)",
    f"SELECT CAST({VALUE} AS DATE)",
    f"SELECT strptime({VALUE}, '%Y')",
    f"SELECT error({VALUE})",
    f"SELECT {VALUE} FROM {VALUE[1:-1].replace('-', '_')}",
    f"SELECT {VALUE} +",
    f"SELECT regexp_matches('x', '(' || {VALUE})",
    f"INSERT INTO house.migrations VALUES (1, {VALUE})",
]


@pytest.mark.parametrize("sql", LEAKS)
def test_no_word_of_the_engine_escapes(one_warehouse, sql):
    with duckdb.connect() as connection, pytest.raises(duckdb.Error) as own:
        connection.execute("CREATE SCHEMA house; CREATE TABLE house.migrations (n INTEGER, c VARCHAR PRIMARY KEY)")
        connection.execute(f"INSERT INTO house.migrations VALUES (1, {VALUE})")
        connection.execute(sql).fetchall()
    assert CANARY[:6] in str(own.value), "the control: left to itself, DuckDB quotes the value"
    asked = (one_warehouse.run, one_warehouse.execute, lambda query: one_warehouse.replace_table("clean", "x", query))
    for ask in asked:
        with pytest.raises(Fault) as caught:
            ask(Query(sql=sql))
        assert CANARY[:6] not in "".join(traceback.format_exception_only(caught.value)) + repr(caught.value.findings)
        assert caught.value.__context__ is None
        assert caught.value.__cause__ is None
        assert caught.value.exit_code == 3


def test_a_bound_value_is_not_quoted_either(one_warehouse):
    query = Query(sql="SELECT CAST($value AS INTEGER)", parameters={"value": CANARY})
    with pytest.raises(Fault) as caught:
        one_warehouse.run(query)
    assert CANARY not in everything(caught.value)

"""DuckDB, locked down, and silent about what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import polars as pl
import pyarrow as pa

from terms.findings import Fault, Finding
from terms.query import Query

T = TypeVar("T")

PLACE = "warehouse"

SETTINGS: dict[str, Any] = {
    # Nothing is fetched, nothing is loaded, nothing is kept outside the database file.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    "allow_persistent_secrets": False,
    # A Python variable that happens to be called like a table must never answer a query.
    "python_enable_replacements": False,
    # Spill files are plaintext: a query that needs more memory than there is fails instead.
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    # The same rows and the same time zone whatever the machine.
    "preserve_insertion_order": True,
}

LOCKS = (
    "SET TimeZone = 'UTC'",
    # The order matters: afterwards only the database file and its write-ahead log can be opened.
    "SET allowed_directories = []",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class Engine:
    """One connection to one database file. Every exception of DuckDB becomes a fault without its text.

    DuckDB quotes offending values, whole rows and bound statements in its messages, so only the exception's
    type travels.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._depth = 0

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, threads: int | None = None) -> Engine:
        """Open the file, or make it, and lock the engine down.

        Raises ``warehouse_busy``, ``warehouse_corrupt`` (:class:`Fault`), ``disk_full`` and relatives.
        """
        settings = SETTINGS | ({} if threads is None else {"threads": threads})
        connection = _guarded(lambda: duckdb.connect(str(path), read_only, settings), _diagnose_opening)
        engine = cls(connection)
        try:
            for lock in LOCKS:
                engine.execute(Query(sql=lock))
        except BaseException:
            engine.close()
            raise
        return engine

    @staticmethod
    def copy(old: Path, new: Path) -> None:
        """Copy every live row and table definition of one database file into a new one.

        Raises what :meth:`open` raises.
        """
        connection = _guarded(lambda: duckdb.connect(":memory:", False, SETTINGS), _diagnose_opening)
        engine = Engine(connection)
        try:
            engine.execute(Query(sql=f"SET allowed_directories = [{_text(old.parent)}]"))
            engine.execute(Query(sql="SET enable_external_access = false"))
            for attach in (f"{_text(old)} AS old (READ_ONLY)", f"{_text(new)} AS new"):
                _guarded(lambda attach=attach: connection.execute(f"ATTACH {attach}"), _diagnose_opening)
            engine.execute(Query(sql="COPY FROM DATABASE old TO new"))
            engine.execute(Query(sql="CHECKPOINT new"))
        finally:
            engine.close()

    def close(self) -> None:
        """Write the log back into the file and let go of it."""
        _guarded(self._connection.close, _diagnose)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block, or none of it. A block inside another one belongs to the outer one."""
        if self._depth == 0:
            self.execute(Query(sql="BEGIN TRANSACTION"))
        self._depth += 1
        try:
            yield
            if self._depth == 1:
                self.execute(Query(sql="COMMIT"))
        except BaseException:
            if self._depth == 1:
                with suppress(duckdb.Error):
                    self._connection.execute("ROLLBACK")
            raise
        finally:
            self._depth -= 1

    def execute(self, query: Query) -> None:
        """Run a statement for its effect."""
        bound = dict(query.parameters) or None
        _guarded(lambda: self._connection.execute(query.sql, bound), _diagnose)

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """A small answer as tuples."""
        bound = dict(query.parameters) or None
        return _guarded(lambda: self._connection.execute(query.sql, bound).fetchall(), _diagnose)

    def frame(self, query: Query) -> pl.DataFrame:
        """An answer as a Polars frame. Sums of whole numbers arrive as ``Decimal(38, 0)``, exact."""
        return _guarded(lambda: self._to_polars(query), _diagnose)

    def _to_polars(self, query: Query) -> pl.DataFrame:
        relation = self._connection.sql(query.sql, params=dict(query.parameters) or None)
        frame = pl.from_arrow(relation.to_arrow_table())
        assert isinstance(frame, pl.DataFrame)
        return frame

    @contextmanager
    def registered(self, name: str, frame: pl.DataFrame | pa.Table) -> Iterator[None]:
        """Let queries read a frame under this name while the block runs."""
        self.register(name, frame)
        try:
            yield
        finally:
            # After a failed statement even this one may be refused; the first failure is the one to report.
            with suppress(duckdb.Error):
                self._connection.unregister(name)

    def register(self, name: str, frame: pl.DataFrame | pa.Table) -> None:
        """Let queries read a frame under this name until the connection is closed."""
        _guarded(lambda: self._connection.register(name, frame), _diagnose)

    def exists(self, schema: str, table: str) -> bool:
        """Whether there is such a table."""
        return bool(self.columns(schema, table))

    def columns(self, schema: str, table: str) -> tuple[str, ...]:
        """The columns of a table, in order; empty where there is none."""
        found = self.rows(
            Query(
                sql="SELECT column_name FROM duckdb_columns() WHERE database_name = current_database()"
                " AND schema_name = $schema AND table_name = $table ORDER BY column_index",
                parameters={"schema": schema, "table": table},
            )
        )
        return tuple(name for (name,) in found)


def quoted(*names: str) -> str:
    """Names as one SQL identifier, whatever they hold.

    >>> quoted("raw", 'a"b')
    '"raw"."a""b"'
    """
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _text(path: Path) -> str:
    """A path as SQL text: ATTACH takes no parameters."""
    return "'" + str(path).replace("'", "''") + "'"


def _guarded(work: Callable[[], T], diagnose: Callable[[Exception], Finding]) -> T:
    """Do ``work``; raise what ``diagnose`` makes of an exception outside the ``except``: nothing is chained."""
    try:
        return work()
    except Exception as error:  # DuckDB, Arrow, Polars and their bindings: any of them may quote a value
        finding, stopped = diagnose(error), _was_stopped(error)
    if stopped:
        raise KeyboardInterrupt
    raise Fault(finding)


def _was_stopped(error: Exception) -> bool:
    """Ctrl-C in the middle of a query: DuckDB takes the signal and answers with an error of its own."""
    return isinstance(error, duckdb.InterruptException) or (
        type(error) is RuntimeError and str(error) == "Query interrupted"
    )


def _diagnose(error: Exception) -> Finding:
    # The text is looked at, never repeated.
    text = str(error).lower()
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return Finding(place=PLACE, rule="engine_out_of_memory")
    if "no space left" in text:
        return Finding(place=PLACE, rule="disk_full")
    if "read-only file system" in text or "permission denied" in text:
        return Finding(place=PLACE, rule="not_writable")
    return Finding(place=PLACE, rule="engine_failed", facts={"error": type(error).__name__})


def _diagnose_opening(error: Exception) -> Finding:
    if isinstance(error, duckdb.ConnectionException) or "could not set lock" in str(error).lower():
        return Finding(place=PLACE, rule="warehouse_busy")
    finding = _diagnose(error)
    return finding if finding.rule != "engine_failed" else Finding(place=PLACE, rule="warehouse_corrupt")

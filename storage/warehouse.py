"""The warehouse: one DuckDB file under the home with the layers ``raw``, ``clean``, ``anonymised``, ``released``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

import polars as pl
import pyarrow as pa

from storage import migrations
from storage.desk import Desk
from storage.disk import PRIVATE_FILE, on_disk, private_umask
from storage.engine import Engine, quoted
from storage.expiry import forget_answers, holding
from storage.home import Home
from storage.ingest import IngestReport, Reading, ingest
from storage.keys import Key
from storage.ledger import Anchor
from storage.members import note_members
from storage.releases import (
    ReleaseRecord,
    confirm_release,
    drop_unpublished,
    read_batches,
    read_cells,
    read_releases,
    record_release,
)
from terms.findings import fault
from terms.query import Query
from terms.release import Batch, ReleaseContent
from terms.survey import Survey

PLACE = "warehouse"
Layer = Literal["raw", "clean", "anonymised", "released"]


class Warehouse:
    """What the house remembers. Open it with :meth:`open`, as the writer of the home or read-only.

    No method lets an exception of DuckDB through: it would quote what it failed on.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    @contextmanager
    def open(cls, home: Home, *, read_only: bool = False, threads: int | None = None) -> Iterator[Warehouse]:
        """Open, bring the layout up to date, close. Files are made readable by their owner alone.

        Raises :class:`Fault`: ``warehouse_busy`` (another process has it open: DuckDB lets either one writer in
        or readers), ``warehouse_corrupt``, ``warehouse_missing`` and ``warehouse_older`` (read-only),
        ``warehouse_newer``, ``migration_altered``, ``disk_full`` and relatives.
        """
        if read_only and not home.warehouse.is_file():
            raise fault(PLACE, "warehouse_missing")
        with private_umask():
            on_disk(PLACE, lambda: _tidy(home, read_only))
            engine = Engine.open(home.warehouse, read_only=read_only, threads=threads)
            try:
                if read_only:
                    migrations.check_current(engine)
                else:
                    migrations.migrate(engine)
                yield cls(engine)
            finally:
                engine.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything in the block, or nothing. The methods below join it."""
        with self._engine.transaction():
            yield

    def ingest(self, survey: Survey, root: Key, readings: Sequence[Reading], door: Query) -> IngestReport:
        """Make ``raw.<survey>`` hold what the door lets through of these readings, one a declared source.

        ``root`` is the root key: the survey's own is derived here, so nobody can hand in a wrong one. See
        :func:`storage.ingest.ingest`.
        """
        return ingest(self._engine, survey, root, readings, door)

    def run(self, query: Query) -> pl.DataFrame:
        """The answer to a query, as a Polars frame."""
        return self._engine.frame(query)

    def execute(self, query: Query) -> None:
        """Run a statement for its effect."""
        self._engine.execute(query)

    def replace_table(self, layer: Layer, name: str, query: Query) -> int:
        """Make ``layer.name`` the answer to ``query``, in a transaction; returns the number of rows."""
        table = quoted(layer, name)
        with self._engine.transaction():
            sql = f"CREATE OR REPLACE TABLE {table} AS {query.sql}"
            self._engine.execute(Query(sql=sql, parameters=query.parameters))
            ((rows,),) = self._engine.rows(Query(sql=f"SELECT count(*) FROM {table}"))
        return rows

    def drop_table(self, layer: Layer, name: str) -> None:
        """Remove a table, if it is there."""
        self._engine.execute(Query(sql=f"DROP TABLE IF EXISTS {quoted(layer, name)}"))

    def exists(self, layer: Layer, name: str) -> bool:
        """Whether the layer has such a table."""
        return self._engine.exists(layer, name)

    def columns(self, layer: Layer, name: str) -> tuple[str, ...]:
        """The columns of a table, in order; empty where there is no such table."""
        return self._engine.columns(layer, name)

    def desk(self) -> Desk:
        """Where requests of the people whose data are held are answered."""
        return Desk(self._engine)

    def holding(self) -> dict[str, tuple[str, ...]]:
        """Survey -> the layers that hold its answers."""
        return holding(self._engine)

    def forget_answers(self, survey: str) -> None:
        """Delete every answer of a survey; see :func:`storage.expiry.forget_answers`."""
        forget_answers(self._engine, survey)

    def register(self, name: str, frame: pl.DataFrame | pa.Table) -> None:
        """Let queries read a small declared table under ``name`` until the warehouse is closed."""
        self._engine.register(name, frame)

    def batches(self, survey: str) -> tuple[Batch, ...]:
        """The batches of a survey, oldest first."""
        return read_batches(self._engine, survey)

    def releases(self, survey: str | None) -> tuple[ReleaseRecord, ...]:
        """The releases of a survey (``None``: of all), oldest first, one that is just appearing included."""
        return read_releases(self._engine, survey)

    def released_cells(self, survey: str, number: int) -> pl.DataFrame:
        """The cells of one release as they were displayed, in codebook order."""
        return read_cells(self._engine, survey, number)

    def record_release(
        self,
        survey: str,
        content: ReleaseContent,
        batch: Batch,
        *,
        population_hash: str,
        content_hash: str,
    ) -> None:
        """Note a release that is about to appear; :func:`storage.publication.recorded` calls this."""
        record_release(self._engine, survey, content, batch, population_hash=population_hash, content_hash=content_hash)

    def note_members(self, survey: str, batch: int) -> str:
        """Note who is in a batch; the commitment for the ledger (see :mod:`storage.members`)."""
        return note_members(self._engine, survey, batch)

    def confirm_release(self, survey: str, number: int) -> None:
        """The release's folder has appeared."""
        confirm_release(self._engine, survey, number)

    def drop_unpublished(self, survey: str, number: int) -> None:
        """Forget a noted release whose folder never appeared. A published one stays."""
        drop_unpublished(self._engine, survey, number)

    def anchor(self) -> Anchor | None:
        """The end of the ledger as last noted here: pass it to :meth:`storage.ledger.Ledger.verify`."""
        rows = self._engine.rows(Query(sql="SELECT n, hash FROM house.ledger_anchor"))
        return Anchor(n=rows[0][0], hash=rows[0][1]) if rows else None

    def anchor_ledger(self, end: Anchor) -> None:
        """Note the end of the ledger. Never moves back (``ledger_rewound``, :class:`Fault`)."""
        known = self.anchor()
        if known and (end.n < known.n or (end.n == known.n and end.hash != known.hash)):
            raise fault("ledger", "ledger_rewound", found=end.n, expected=known.n)
        self._engine.execute(
            Query(
                sql="INSERT OR REPLACE INTO house.ledger_anchor VALUES (TRUE, $n, $hash)",
                parameters={"n": end.n, "hash": end.hash},
            )
        )


def _tidy(home: Home, read_only: bool) -> None:
    """Make the files private, and remove an empty one: DuckDB was killed before it wrote its first byte."""
    for path in (home.warehouse, home.warehouse.with_name(home.warehouse.name + ".wal")):
        if path.exists() and not read_only:
            path.chmod(PRIVATE_FILE)
    if not read_only and home.warehouse.exists() and home.warehouse.stat().st_size == 0:
        home.warehouse.unlink()

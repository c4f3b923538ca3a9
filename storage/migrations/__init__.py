"""Numbered changes to the warehouse's layout, applied in order, each in a transaction, each only once.

A migration that was applied somewhere is never edited again; the next change is the next number.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from storage.engine import Engine
from terms.findings import fault
from terms.query import Query

PLACE = "warehouse"


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One numbered step."""

    number: int
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped(folder: Path = Path(__file__).parent) -> tuple[Migration, ...]:
    """The migrations that this version knows, in order."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9].sql"))
    return tuple(Migration(number=int(file.stem), sql=file.read_text(encoding="utf-8")) for file in files)


def migrate(engine: Engine, migrations: tuple[Migration, ...] | None = None) -> None:
    """Bring a warehouse to this version's layout.

    Raises :class:`Fault`: ``warehouse_newer`` where a later version was here, ``migration_altered`` where a
    migration that was applied is not the one this version knows.
    """
    known = shipped() if migrations is None else migrations
    with engine.transaction():
        engine.execute(Query(sql="CREATE SCHEMA IF NOT EXISTS house"))
        engine.execute(
            Query(sql="CREATE TABLE IF NOT EXISTS house.migrations (number INTEGER PRIMARY KEY, checksum VARCHAR)")
        )
    applied = _applied(engine, known)
    for migration in known:
        if migration.number not in applied:
            with engine.transaction():
                engine.execute(Query(sql=migration.sql))
                engine.execute(
                    Query(
                        sql="INSERT INTO house.migrations VALUES ($number, $checksum)",
                        parameters={"number": migration.number, "checksum": migration.checksum},
                    )
                )


def check_current(engine: Engine, migrations: tuple[Migration, ...] | None = None) -> None:
    """Refuse a warehouse whose layout is not this version's, without changing it (``warehouse_older``)."""
    known = shipped() if migrations is None else migrations
    has_books = engine.exists("house", "migrations")
    applied = _applied(engine, known) if has_books else set()
    missing = [migration.number for migration in known if migration.number not in applied]
    if missing:
        raise fault(PLACE, "warehouse_older", number=missing[0])


def _applied(engine: Engine, known: tuple[Migration, ...]) -> set[int]:
    checksums = {migration.number: migration.checksum for migration in known}
    rows = engine.rows(Query(sql="SELECT number, checksum FROM house.migrations ORDER BY number"))
    for number, checksum in rows:
        if number not in checksums:
            raise fault(PLACE, "warehouse_newer", number=number)
        if checksum != checksums[number]:
            raise fault(PLACE, "migration_altered", number=number)
    return {number for number, _ in rows}

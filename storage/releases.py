"""What is remembered of releases: batches, releases, and cells exactly as they were displayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from storage.engine import Engine, quoted
from terms.findings import fault
from terms.query import Query
from terms.release import Batch, ReleaseContent

PLACE = "warehouse"
CELLS = {
    "table": pl.String,
    "row_var": pl.String,
    "row": pl.String,
    "col_var": pl.String,
    "col": pl.String,
    "measure": pl.String,
    "value": pl.Int64,
    "status": pl.String,
}
"""The columns of ``data/cells.csv`` and of ``ReleaseContent.cells``."""


@dataclass(frozen=True, kw_only=True)
class ReleaseRecord:
    """One release as the warehouse remembers it."""

    survey: str
    number: int
    name: str
    released_on: date
    population_hash: str
    """Of what was counted: tells whether the next run has anything new."""
    content_hash: str
    """Of what it says."""
    published: bool
    """False between the note that it is about to appear and the word that its folder did."""
    batches: tuple[int, ...]
    """The batches whose sum it is."""


def record_release(
    engine: Engine,
    survey: str,
    content: ReleaseContent,
    batch: Batch,
    *,
    population_hash: str,
    content_hash: str,
) -> None:
    """Note a release that is about to appear: with every batch so far, ``batch`` the newest, and its cells.

    Cells are kept as displayed; that a hidden one has no value the warehouse enforces itself.

    Raises :class:`Fault`: ``batch_altered`` where the batch is known and not the same, ``cells_incomplete``,
    ``engine_failed`` (a release of that number exists).
    """
    if content.cells.schema != pl.Schema(CELLS):
        raise fault(PLACE, "cells_incomplete")
    with engine.transaction():
        known = {earlier.number: earlier for earlier in read_batches(engine, survey)}
        if batch.number not in known:
            _insert(engine, "batches", {"survey": survey, **vars(batch)})
        elif known[batch.number] != batch:
            raise fault(PLACE, "batch_altered", number=batch.number)
        _insert(
            engine,
            "releases",
            {
                "survey": survey,
                "number": content.number,
                "name": content.name,
                "released_on": content.released_on,
                "population_hash": population_hash,
                "content_hash": content_hash,
                "published": False,
            },
        )
        for number in sorted({*known, batch.number}):
            row = {"survey": survey, "release": content.number, "batch": number}
            _insert(engine, "release_batches", row)
        _insert_cells(engine, survey, content)


def confirm_release(engine: Engine, survey: str, number: int) -> None:
    """The release's folder is where it belongs: from now on it is published."""
    engine.execute(
        Query(
            sql="UPDATE released.releases SET published = TRUE WHERE survey = $survey AND number = $number",
            parameters={"survey": survey, "number": number},
        )
    )


def drop_unpublished(engine: Engine, survey: str, number: int) -> None:
    """Forget a release that never appeared, and the batches that no other release has. Published ones stay."""
    if number not in {record.number for record in read_releases(engine, survey) if not record.published}:
        return
    bound = {"survey": survey, "number": number}
    with engine.transaction():
        for table, column in (("cells", "release"), ("release_batches", "release"), ("releases", "number")):
            sql = f"DELETE FROM released.{table} WHERE survey = $survey AND {column} = $number"
            engine.execute(Query(sql=sql, parameters=bound))
        engine.execute(
            Query(
                sql="DELETE FROM released.batches WHERE survey = $survey AND number NOT IN"
                " (SELECT batch FROM released.release_batches WHERE survey = $survey)",
                parameters={"survey": survey},
            )
        )


def read_batches(engine: Engine, survey: str) -> tuple[Batch, ...]:
    """The batches of a survey, oldest first."""
    rows = engine.rows(
        Query(
            sql="SELECT number, closed_on, codebook_version, codebook_hash, policy_hash FROM released.batches"
            " WHERE survey = $survey ORDER BY number",
            parameters={"survey": survey},
        )
    )
    names = ("number", "closed_on", "codebook_version", "codebook_hash", "policy_hash")
    return tuple(Batch(**dict(zip(names, row, strict=True))) for row in rows)


def read_releases(engine: Engine, survey: str | None) -> tuple[ReleaseRecord, ...]:
    """The releases of a survey (``None``: of every survey), oldest first, those about to appear included."""
    names = ("survey", "number", "name", "released_on", "population_hash", "content_hash", "published")
    rows = engine.rows(
        Query(
            sql=f"SELECT {', '.join(names)}, (SELECT list(batch ORDER BY batch) FROM released.release_batches AS sums"
            " WHERE sums.survey = releases.survey AND sums.release = releases.number)"
            " FROM released.releases WHERE $survey IS NULL OR survey = $survey ORDER BY survey, number",
            parameters={"survey": survey},
        )
    )
    return tuple(ReleaseRecord(**dict(zip(names, row[:-1], strict=True)), batches=tuple(row[-1] or ())) for row in rows)


def read_cells(engine: Engine, survey: str, number: int) -> pl.DataFrame:
    """The displayed cells of one release, in codebook order, with the columns of :data:`CELLS`."""
    return engine.frame(
        Query(
            sql=f"SELECT {', '.join(quoted(name) for name in CELLS)} FROM released.cells"
            " WHERE survey = $survey AND release = $number ORDER BY position",
            parameters={"survey": survey, "number": number},
        )
    )


def _insert(engine: Engine, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(quoted(name) for name in row)
    slots = ", ".join(f"${name}" for name in row)
    engine.execute(Query(sql=f"INSERT INTO released.{table} ({columns}) VALUES ({slots})", parameters=row))


def _insert_cells(engine: Engine, survey: str, content: ReleaseContent) -> None:
    incoming = "incoming cells"
    columns = ", ".join(quoted(name) for name in CELLS)
    with engine.registered(incoming, content.cells.with_row_index("position")):
        engine.execute(
            Query(
                sql=f"INSERT INTO released.cells (survey, release, position, {columns})"
                f" SELECT $survey, $number, position, {columns} FROM {quoted(incoming)}",
                parameters={"survey": survey, "number": content.number},
            )
        )

"""An engine in memory: the SQL that transforms write, run on a few rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb
import polars as pl
import pyarrow as pa

from terms.query import Query
from terms.survey import Survey
from transforms.clean import clean_query
from transforms.door import door_query

Cells = Mapping[str, str | None]
"""Field -> text as a reader delivers it: trimmed, blank as ``None``. ``respondent`` is a pseudonym."""


class Engine:
    """One connection; every call replaces what was there."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        for layer in ("raw", "clean", "anonymised"):
            self._connection.execute(f"CREATE SCHEMA {layer}").fetchall()

    def run(self, query: Query) -> pl.DataFrame:
        relation = self._connection.sql(query.sql, params=dict(query.parameters) or None)
        return pl.from_arrow(relation.to_arrow_table())

    def deliver(self, survey: Survey, rows: Sequence[Cells]) -> None:
        """Rows as the door sees them; line 2 is the first."""
        names = [field.name for field in survey.fields()]
        columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in ("respondent", *names)}
        lines = pa.array([int(row.get("line") or number) for number, row in enumerate(rows, start=2)], pa.int64())
        self._connection.register("incoming", pa.table({"line": lines, **columns}))

    def through_the_door(self, survey: Survey, rows: Sequence[Cells]) -> pl.DataFrame:
        """What may be stored of the rows, in their order."""
        self.deliver(survey, rows)
        return self.run(door_query(survey)).sort("line")

    def ingest(self, survey: Survey, rows: Sequence[Cells]) -> None:
        """Rows into the raw layer, in the order given."""
        self.deliver(survey, rows)
        door = door_query(survey)
        self._replace("raw", survey, f"SELECT 's1' AS source, * FROM ({door.sql}) AS stored_rows", door.parameters)

    def clean(self, survey: Survey, as_of: date) -> pl.DataFrame:
        """The clean layer made from the raw one."""
        query = clean_query(survey, as_of)
        self._replace("clean", survey, query.sql, query.parameters)
        return self.run(Query(sql=f'FROM clean."{survey.name}"')).sort(pl.all())

    def columns(self, layer: str, survey: Survey) -> list[str]:
        """The columns that a layer really has."""
        return self.run(Query(sql=f'FROM {layer}."{survey.name}" LIMIT 0')).columns

    def fill(self, layer: str, survey: Survey, frame: pl.DataFrame) -> None:
        """A layer that holds just this frame."""
        self._connection.register("frame", frame.to_arrow())
        self._replace(layer, survey, "FROM frame", {})

    def _replace(self, layer: str, survey: Survey, select: str, parameters: Mapping) -> None:
        table = f'{layer}."{survey.name}"'
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} AS {select}", dict(parameters) or None).fetchall()


def column(frame: pl.DataFrame, name: str) -> list:
    """The values of one column."""
    return frame[name].to_list()


def lines(frame: pl.DataFrame) -> Iterable[tuple]:
    """The rows as tuples, in an order of their own."""
    return sorted(frame.iter_rows(), key=repr)

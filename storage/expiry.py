"""Forgetting what has been kept for its time: a survey's answers, whole."""

from __future__ import annotations

from storage.engine import Engine, quoted
from storage.members import forget_member
from terms.query import Query

LAYERS = ("raw", "clean", "anonymised")


def holding(engine: Engine) -> dict[str, tuple[str, ...]]:
    """Survey -> the layers that hold its answers."""
    rows = engine.rows(
        Query(
            sql="SELECT table_name, list(schema_name ORDER BY schema_name DESC) FROM duckdb_tables() "
            "WHERE database_name = current_database() AND schema_name IN (SELECT unnest($layers)) "
            "GROUP BY table_name ORDER BY table_name",
            parameters={"layers": list(LAYERS)},
        )
    )
    return {survey: tuple(layers) for survey, layers in rows}


def forget_answers(engine: Engine, survey: str) -> None:
    """Delete every answer of a survey, what was put right in them, the notes of the files they came from, and who
    was in which batch.

    Marks, requests and releases stay. The rows leave the file with :func:`storage.rewriting.rewrite`.
    """
    with engine.transaction():
        for layer in LAYERS:
            engine.execute(Query(sql=f"DROP TABLE IF EXISTS {quoted(layer, survey)}"))
        for book in ("sources", "corrections"):
            sql = f"DELETE FROM house.{book} WHERE survey = $survey"
            engine.execute(Query(sql=sql, parameters={"survey": survey}))
        forget_member(engine, survey)

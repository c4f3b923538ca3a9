"""Answers in: from what a reader delivers to the raw layer, identifiers left at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from storage.corrections import correct_rows
from storage.engine import Engine, quoted
from storage.keys import Key, survey_key
from storage.marks import kept_out
from storage.pseudonyms import EXPRESSION, is_missing, normalise
from storage.reading import Reject
from storage.sources import Entry, check_key, forget, read_as, remember, stored
from terms.findings import fault
from terms.query import Query
from terms.survey import Source, Survey

PLACE = "warehouse"
DELIVERED = "delivered answers"
_STORED_AS = {"respondent": " USING COMPRESSION uncompressed"}
"""Pseudonyms lie in the file as they are: a search for one after an erasure would not find a compressed one."""


class Reading(Protocol):
    """What a reader delivers of one source (:class:`storage.reading.ReadResult`)."""

    @property
    def source(self) -> Source:
        """The declared source."""

    @property
    def sha256(self) -> str:
        """Of the file's bytes."""

    @property
    def frame(self) -> pa.Table:
        """``line`` and, as text, the respondent key and every field that passes the door."""


@dataclass(frozen=True, kw_only=True)
class IngestReport:
    """What became of each source, by its declared name, in declared order."""

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    """The file is another one than before."""
    reread: tuple[str, ...] = ()
    """The file is the same; the declaration or the software that reads it is not."""
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """No longer declared."""
    same_as: Mapping[str, str] = field(default_factory=dict)
    """A source whose file is a copy of another one's, which alone holds the rows."""
    rows: int = 0
    """Rows of the survey in the raw layer now."""
    rejects: tuple[Reject, ...] = ()
    """Rows without a respondent key, on every run, whether the source changed or not."""


def ingest(engine: Engine, survey: Survey, root: Key, readings: Sequence[Reading], door: Query) -> IngestReport:
    """Make ``raw.<survey>`` hold exactly these readings; all of it happens, or nothing.

    ``door`` says what may be stored of ``incoming`` (``line``, ``respondent`` and every field as text); its
    columns after ``source`` are the table's. The respondent key becomes a pseudonym before (see
    :mod:`storage.pseudonyms`; null where the survey has no key); a row without one is rejected
    (``respondent_key_missing``), and the identifier itself is not even in ``incoming``.

    The result depends on the readings alone, not on what was there: a changed file replaces its rows, a copy of
    another source adds none, a source that is no longer declared loses its rows. Rows are never compared with
    each other. Replaced rows leave the table at once, the file only when DuckDB uses their blocks again.

    Raises :class:`Fault`: ``key_changed``, ``readings_incomplete``, ``engine_failed`` and relatives.
    """
    if [reading.source for reading in readings] != list(survey.sources):
        raise fault(PLACE, "readings_incomplete")
    wanted = _wanted(survey, readings, door)
    rejects: list[Reject] = []
    with engine.transaction():
        check_key(engine, survey, survey_key(root, survey))
        before = stored(engine, survey)
        is_new = _make_table(engine, survey, readings[0].frame, door)
        for reading in readings:
            name = reading.source.name
            entry = wanted[name]
            frame, missing = _split(survey, reading)
            rejects += missing if entry.same_as is None else []
            if is_new or before.get(name) != entry:
                _drop_rows(engine, survey, name)
                if entry.same_as is None:
                    _insert(engine, survey, root, name, frame, door)
                remember(engine, survey, name, entry)
        removed = tuple(name for name in before if name not in wanted)
        for name in removed:
            _drop_rows(engine, survey, name)
            forget(engine, survey, name)
        ((rows,),) = engine.rows(Query(sql=f"SELECT count(*) FROM {_table(survey)}"))
    return _report(wanted, before, is_new, removed, rows, rejects)


def _wanted(survey: Survey, readings: Sequence[Reading], door: Query) -> dict[str, Entry]:
    holders: dict[tuple, str] = {}
    wanted = {}
    for reading in readings:
        source = reading.source
        # One file may be declared twice for two of its sheets, or two slices of its rows: those are no copies.
        content = (reading.sha256, source.sheet, source.keep_field, source.keep_values)
        holder = holders.setdefault(content, source.name)
        wanted[source.name] = Entry(
            sha256=reading.sha256,
            read_as=read_as(survey, source, door),
            same_as=None if holder == source.name else holder,
        )
    return wanted


def _split(survey: Survey, reading: Reading) -> tuple[pa.Table, list[Reject]]:
    """Rows that can be stored, their key normalised, and a reject for each that has none."""
    column, frame = survey.respondents.key, reading.frame
    if column is None:
        return frame, []
    identifiers = normalise(frame[column])
    missing = is_missing(identifiers)
    rejects = [
        Reject(source=reading.source.name, line=int(line), column=column, rule="respondent_key_missing")
        for line in frame["line"].filter(missing).to_pylist()
    ]
    frame = frame.set_column(frame.column_names.index(column), column, identifiers)
    return frame.filter(pc.invert(missing)), rejects


def _make_table(engine: Engine, survey: Survey, frame: pa.Table, door: Query) -> bool:
    """Make the survey's raw table where there is none with the door's columns; True if it is new and empty."""
    query = _stored_rows(survey, None, "", frame, door)
    wanted = _layout(engine, frame, query)
    table = _table(survey)
    if engine.exists("raw", survey.name) and _layout(engine, frame, Query(sql=f"FROM {table}")) == wanted:
        return False
    typed = ", ".join(f"{quoted(name)} {kind}{_STORED_AS.get(name, '')}" for name, kind in wanted)
    engine.execute(Query(sql=f"CREATE OR REPLACE TABLE {table} ({typed})"))
    return True


def _layout(engine: Engine, frame: pa.Table, query: Query) -> list[tuple[str, str]]:
    with engine.registered(DELIVERED, frame):
        described = engine.rows(Query(sql=f"DESCRIBE {query.sql}", parameters=query.parameters))
    return [(name, kind) for name, kind, *_ in described]


def _insert(engine: Engine, survey: Survey, root: Key, name: str, frame: pa.Table, door: Query) -> None:
    rows = kept_out(engine, survey, root, _stored_rows(survey, survey_key(root, survey), name, frame, door))
    with engine.registered(DELIVERED, frame):
        engine.execute(Query(sql=f"INSERT INTO {_table(survey)} {rows.sql}", parameters=rows.parameters))
    correct_rows(engine, survey)


def _stored_rows(survey: Survey, key: Key | None, name: str, frame: pa.Table, door: Query) -> Query:
    """``source`` and what the door lets through. Without a key: the same columns, for their names and types."""
    identifier = survey.respondents.key
    respondent, parameters = "CAST(NULL AS VARCHAR)", {"source": name}
    if identifier is not None and key is not None:
        respondent = EXPRESSION.format(identifier=quoted(identifier))
        parameters |= dict(zip(("ipad", "opad"), key.pads(), strict=True))
    stoppable = {item.name for item in survey.fields() if not item.column.role.passes_the_door} | {identifier}
    fields = [quoted(column) for column in frame.column_names if column not in stoppable | {"line"}]
    incoming = ", ".join(["CAST(line AS BIGINT) AS line", f"{respondent} AS respondent", *fields])
    return Query(
        sql=f"WITH incoming AS (SELECT {incoming} FROM {quoted(DELIVERED)})\n"
        f"SELECT CAST($source AS VARCHAR) AS source, * FROM ({door.sql}) AS stored_rows",
        parameters={**door.parameters, **parameters},
    )


def _drop_rows(engine: Engine, survey: Survey, name: str) -> None:
    sql = f"DELETE FROM {_table(survey)} WHERE source = $source"
    engine.execute(Query(sql=sql, parameters={"source": name}))


def _table(survey: Survey) -> str:
    return quoted("raw", survey.name)


def _report(
    wanted: Mapping[str, Entry],
    before: Mapping[str, Entry],
    is_new: bool,
    removed: tuple[str, ...],
    rows: int,
    rejects: Sequence[Reject],
) -> IngestReport:
    became: dict[str, list[str]] = {"added": [], "replaced": [], "reread": [], "unchanged": []}
    for name, entry in wanted.items():
        if entry.same_as is not None:
            continue
        if name not in before:
            became["added"].append(name)
        elif before[name].sha256 != entry.sha256:
            became["replaced"].append(name)
        else:
            became["reread" if is_new or before[name] != entry else "unchanged"].append(name)
    return IngestReport(
        **{kind: tuple(names) for kind, names in became.items()},
        removed=removed,
        same_as={name: entry.same_as for name, entry in wanted.items() if entry.same_as is not None},
        rows=rows,
        rejects=tuple(rejects),
    )

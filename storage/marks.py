"""Marks: who must not come back in, said so that nobody can read whom.

A mark is ``HMAC-SHA256(K_marks, pseudonym)`` under a key derived for marks of this survey alone, so that a mark tells
nothing without the root key and is of no use for anything but not taking a person's answers again.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from storage.engine import Engine, quoted
from storage.keys import Key
from storage.pseudonyms import EXPRESSION
from terms.query import Query
from terms.survey import Survey


class MarkKind(Enum):
    """Why a person's answers are not taken or not used."""

    ERASED = "erased"
    """Never stored again."""
    WITHDRAWN = "withdrawn"
    """Stored until they are deleted, used for nothing."""
    OBJECTED = "objected"
    """Likewise."""


def marks_key(root: Key, survey: Survey) -> Key:
    """The key of the marks of one survey."""
    return root.derive("marks", survey.controller.company, survey.name)


def mark_of(root: Key, survey: Survey, respondent: str) -> str:
    """The mark of a pseudonym."""
    return marks_key(root, survey).sign(respondent.encode())


def put_mark(engine: Engine, survey: Survey, mark: str, kind: MarkKind, since: date, expires: date) -> None:
    """Note a mark; one that is there already keeps its first day and the later end."""
    engine.execute(
        Query(
            sql="INSERT INTO house.marks VALUES ($survey, $mark, $kind, $since, $expires) "
            "ON CONFLICT DO UPDATE SET expires = greatest(expires, excluded.expires)",
            parameters={
                "survey": survey.name,
                "mark": mark,
                "kind": kind.value,
                "since": since.isoformat(),
                "expires": expires.isoformat(),
            },
        )
    )


def count_expired(engine: Engine, today: date) -> int:
    """How many marks there are whose time is over."""
    sql = "SELECT count(*) FROM house.marks WHERE expires < CAST($today AS DATE)"
    ((expired,),) = engine.rows(Query(sql=sql, parameters={"today": today.isoformat()}))
    return expired


def drop_expired(engine: Engine, today: date) -> int:
    """Forget the marks whose time is over; returns how many."""
    expired, day = count_expired(engine, today), {"today": today.isoformat()}
    engine.execute(Query(sql="DELETE FROM house.marks WHERE expires < CAST($today AS DATE)", parameters=day))
    return expired


def erased_marks(engine: Engine, survey: Survey) -> frozenset[str]:
    """The marks of everybody who was erased."""
    sql = "SELECT mark FROM house.marks WHERE survey = $survey AND kind = $kind"
    rows = engine.rows(Query(sql=sql, parameters={"survey": survey.name, "kind": MarkKind.ERASED.value}))
    return frozenset(mark for (mark,) in rows)


def kept_out(engine: Engine, survey: Survey, root: Key, rows: Query) -> Query:
    """``rows`` (with a column ``respondent``) without the people who were erased."""
    if not _any(engine, survey, (MarkKind.ERASED,)):
        return rows
    condition, parameters = _marked(root, survey, (MarkKind.ERASED,))
    return Query(
        sql=f"SELECT * FROM ({rows.sql}) AS all_rows WHERE NOT coalesce({condition}, FALSE)",
        parameters={**rows.parameters, **parameters},
    )


def restricted(engine: Engine, survey: Survey, root: Key) -> tuple[str, ...]:
    """The pseudonyms in ``raw`` whose answers may not be used: consent withdrawn, or objected."""
    kinds = (MarkKind.WITHDRAWN, MarkKind.OBJECTED)
    if not (_any(engine, survey, kinds) and engine.exists("raw", survey.name)):
        return ()
    condition, parameters = _marked(root, survey, kinds)
    sql = f"SELECT DISTINCT respondent FROM {quoted('raw', survey.name)} WHERE {condition} ORDER BY ALL"
    return tuple(name for (name,) in engine.rows(Query(sql=sql, parameters=parameters)))


def _any(engine: Engine, survey: Survey, kinds: tuple[MarkKind, ...]) -> bool:
    """Whether anybody is marked at all: most surveys need no hash of every row."""
    sql = "SELECT count(*) FROM house.marks WHERE survey = $survey AND kind IN (SELECT unnest($kinds))"
    parameters = {"survey": survey.name, "kinds": [kind.value for kind in kinds]}
    return engine.rows(Query(sql=sql, parameters=parameters)) != [(0,)]


def _marked(root: Key, survey: Survey, kinds: tuple[MarkKind, ...]) -> tuple[str, dict]:
    inner, outer = marks_key(root, survey).pads()
    expression = EXPRESSION.replace("$ipad", "$mark_ipad").replace("$opad", "$mark_opad")
    condition = (
        f"{expression.format(identifier='respondent')} IN "
        "(SELECT mark FROM house.marks WHERE survey = $marked_survey AND kind IN (SELECT unnest($mark_kinds)))"
    )
    parameters = {
        "mark_ipad": inner,
        "mark_opad": outer,
        "marked_survey": survey.name,
        "mark_kinds": [kind.value for kind in kinds],
    }
    return condition, parameters

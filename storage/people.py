"""One person in the warehouse: what is held about her, and taking it out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from storage.corrections import forget_corrections
from storage.engine import Engine, quoted
from storage.keys import Key, survey_key
from storage.members import forget_member
from storage.pseudonyms import pseudonym
from terms.findings import refuse
from terms.query import Query
from terms.survey import Survey

DERIVED = ("clean", "anonymised")
"""Layers that the next run makes anew from ``raw``."""


def respondent_of(root: Key, survey: Survey, identifier: str) -> str:
    """The pseudonym of a person who names her identifier, in any width and with any blanks around it.

    Raises Refused ``nobody_can_be_found`` where the survey keeps no respondent key, ``identifier_missing``.
    """
    if survey.respondents.key is None:
        raise refuse("respondents.key", "nobody_can_be_found")
    if not identifier.strip():
        raise refuse("identifier", "identifier_missing")
    return pseudonym(survey_key(root, survey), identifier)


def held_about(engine: Engine, survey: Survey, respondent: str) -> list[Mapping[str, Any]]:
    """Every answer stored of a person, one mapping a row: ``source``, ``line``, ``answered_at`` and codes."""
    if not engine.exists("raw", survey.name):
        return []
    names = [name for name in engine.columns("raw", survey.name) if name != "respondent"]
    listed = ", ".join(quoted(name) for name in names)
    rows = engine.rows(
        Query(
            sql=f"SELECT {listed} FROM {quoted('raw', survey.name)} WHERE respondent = $respondent "
            "ORDER BY source, line",
            parameters={"respondent": respondent},
        )
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def remove_person(engine: Engine, survey: Survey, respondent: str) -> int:
    """Delete a person's rows, corrections and membership, and the layers made from them; returns how many rows.

    The same statements run whether the person is known or not. Deleted rows leave the tables now and the file with
    :func:`storage.rewriting.rewrite`.
    """
    rows = 0
    with engine.transaction():
        if engine.exists("raw", survey.name):
            table = quoted("raw", survey.name)
            bound = {"respondent": respondent}
            counted = Query(sql=f"SELECT count(*) FROM {table} WHERE respondent = $respondent", parameters=bound)
            ((rows,),) = engine.rows(counted)
            engine.execute(Query(sql=f"DELETE FROM {table} WHERE respondent = $respondent", parameters=bound))
        drop_derived(engine, survey)
        forget_corrections(engine, survey, respondent)
        forget_member(engine, survey.name, respondent)
    return rows


def drop_derived(engine: Engine, survey: Survey) -> None:
    """Remove what was made from ``raw``: the next run makes it again, without whoever is gone."""
    for layer in DERIVED:
        engine.execute(Query(sql=f"DROP TABLE IF EXISTS {quoted(layer, survey.name)}"))


def traces(respondent: str) -> Sequence[bytes]:
    """How a pseudonym could lie in a file: as hexadecimal digits of either case, or as bytes."""
    return (respondent.encode(), respondent.upper().encode(), bytes.fromhex(respondent))


def find_respondent(engine: Engine, survey: Survey, root: Key, identifier: str) -> str:
    """The pseudonym under which a person is held who may write her identifier in another way than she once did.

    Tried are the identifier as it is, in lower and upper case, and each of these without inner blanks and hyphens.
    Where nobody is held under any of them: the pseudonym of the identifier as it is, after the same work.

    Raises Refused as :func:`respondent_of`, and ``identifier_ambiguous`` where two people answer to the spellings.
    """
    spellings = [respondent_of(root, survey, spelling) for spelling in _spellings(identifier)]
    held: list[str] = []
    if engine.exists("raw", survey.name):
        sql = (
            f"SELECT DISTINCT respondent FROM {quoted('raw', survey.name)} "
            "WHERE respondent IN (SELECT unnest(CAST($spellings AS VARCHAR[])))"
        )
        held = [name for (name,) in engine.rows(Query(sql=sql, parameters={"spellings": spellings}))]
    if spellings[0] in held or not held:
        return spellings[0]
    if len(held) > 1:
        raise refuse("identifier", "identifier_ambiguous")
    return held[0]


def _spellings(identifier: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", identifier).strip()
    closed = re.sub(r"[\s-]+", "", plain) or plain
    return [plain, plain.lower(), plain.upper(), closed, closed.lower(), closed.upper()]

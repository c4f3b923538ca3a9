"""The house's books about sources: which file, read how and with which key, each survey's rows came from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version

from storage.engine import Engine
from storage.keys import Key, key_words
from terms.findings import fault
from terms.query import Query
from terms.survey import Source, Survey


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What decides whether the rows of a source are still the right ones."""

    sha256: str
    read_as: str
    same_as: str | None


def stored(engine: Engine, survey: Survey) -> dict[str, Entry]:
    rows = engine.rows(
        Query(
            sql="SELECT source, sha256, read_as, same_as FROM house.sources WHERE survey = $survey ORDER BY source",
            parameters={"survey": survey.name},
        )
    )
    return {name: Entry(sha256=sha256, read_as=read_as, same_as=same_as) for name, sha256, read_as, same_as in rows}


def remember(engine: Engine, survey: Survey, name: str, entry: Entry) -> None:
    engine.execute(
        Query(
            sql="INSERT OR REPLACE INTO house.sources VALUES ($survey, $source, $sha256, $read_as, $same_as)",
            parameters={
                "survey": survey.name,
                "source": name,
                "sha256": entry.sha256,
                "read_as": entry.read_as,
                "same_as": entry.same_as,
            },
        )
    )


def forget(engine: Engine, survey: Survey, name: str) -> None:
    engine.execute(
        Query(
            sql="DELETE FROM house.sources WHERE survey = $survey AND source = $source",
            parameters={"survey": survey.name, "source": name},
        )
    )


def read_as(survey: Survey, source: Source, door: Query) -> str:
    """A hash of everything but the file that decides which rows a source has."""
    how = {
        "software": version("shoji-survey"),
        "source": [
            source.encoding,
            source.header_rows,
            source.sheet,
            source.delimiter,
            source.keep_field,
            list(source.keep_values),
        ],
        "fields": [[item.name, list(item.headers), item.optional] for item in survey.fields()],
        "door": [door.sql, sorted((name, str(value)) for name, value in door.parameters.items())],
        "key": [survey.respondents.key, *key_words(survey)],
    }
    return hashlib.sha256(json.dumps(how).encode()).hexdigest()


def check_key(engine: Engine, survey: Survey, key: Key) -> None:
    """Another root key than before would make strangers of everybody who answered (``key_changed``)."""
    if survey.respondents.key is None:
        return
    purpose = json.dumps(key_words(survey))
    known = engine.rows(
        Query(
            sql="SELECT fingerprint FROM house.key_fingerprints WHERE purpose = $purpose",
            parameters={"purpose": purpose},
        )
    )
    if known and known[0][0] != key.fingerprint():
        raise fault("SHOJI_KEYS", "key_changed")
    if not known:
        engine.execute(
            Query(
                sql="INSERT INTO house.key_fingerprints VALUES ($purpose, $fingerprint)",
                parameters={"purpose": purpose, "fingerprint": key.fingerprint()},
            )
        )

"""Who is in which published batch: an erasable table, and a commitment to it that the ledger keeps.

``leaf = SHA-256(salt + pseudonym)`` with 32 random bytes of salt a person; the commitment is the SHA-256 of all leaves
of the batch in order. An erasure takes the pseudonym and the salt: the leaf that is left tells nobody whose it was, not
even with every key, and the commitment can still be checked.
"""

from __future__ import annotations

import hashlib
import secrets

import pyarrow as pa

from storage.engine import Engine, quoted
from terms.query import Query

SALT_BYTES = 32


def note_members(engine: Engine, survey: str, batch: int) -> str:
    """Note everybody in the clean layer as a member of a batch; the commitment for the ledger.

    Noting a batch again, after a run that did not publish it, replaces what was noted.
    """
    people = engine.rows(Query(sql=f"SELECT person FROM {quoted('clean', survey)} ORDER BY person"))
    salts = [secrets.token_hex(SALT_BYTES) for _ in people]
    drawn = pa.table({"respondent": pa.array([one for (one,) in people], pa.string()), "salt": salts})
    where = {"survey": survey, "batch": batch}
    with engine.transaction():
        engine.execute(
            Query(sql="DELETE FROM house.members WHERE survey = $survey AND batch = $batch", parameters=where)
        )
        with engine.registered("drawn", drawn):
            engine.execute(
                Query(
                    sql="INSERT INTO house.members "
                    "SELECT $survey, $batch, sha256(salt || respondent), respondent, salt FROM drawn",
                    parameters=where,
                )
            )
    return commitment(engine, survey, batch)


def commitment(engine: Engine, survey: str, batch: int) -> str:
    """What the leaves of a batch commit to, 64 hex digits."""
    leaves = engine.rows(
        Query(
            sql="SELECT leaf FROM house.members WHERE survey = $survey AND batch = $batch ORDER BY leaf",
            parameters={"survey": survey, "batch": batch},
        )
    )
    return hashlib.sha256("".join(leaf for (leaf,) in leaves).encode()).hexdigest()


def forget_member(engine: Engine, survey: str, respondent: str | None = None) -> None:
    """Take the name and the salt from a person's leaves; without one, from everybody's of the survey."""
    sql = "UPDATE house.members SET respondent = NULL, salt = NULL WHERE survey = $survey"
    parameters = {"survey": survey}
    if respondent is not None:
        sql, parameters = f"{sql} AND respondent = $respondent", {**parameters, "respondent": respondent}
    engine.execute(Query(sql=sql, parameters=parameters))

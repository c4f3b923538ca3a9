"""A small survey, what a reader delivers of it, and how to look at what became of it."""

from __future__ import annotations

import hashlib
import traceback
from dataclasses import dataclass

import pyarrow as pa
import pytest

from storage.keys import Key
from storage.warehouse import Warehouse
from terms.findings import ShojiError
from terms.query import Query
from terms.survey import Role, Source, Survey
from tests.builders import plain, single, survey

ROOT = Key(b"r" * 32)
READERS = survey(
    [
        plain("member", Role.DIRECT_IDENTIFIER),
        plain("email", Role.DIRECT_IDENTIFIER),
        single("region", "ns", role=Role.QUASI_IDENTIFIER),
        single("q1", "ab"),
        plain("why", Role.OPEN_TEXT),
    ],
    sources=(Source(name="june", path="june.csv"), Source(name="july", path="july.csv")),
)
DOOR = Query(sql="SELECT line, respondent, region, q1 FROM incoming")
CANARY = "canary-7f3a91"


@dataclass
class Reading:
    """What a reader delivers, as far as the warehouse looks at it."""

    source: Source
    sha256: str
    frame: pa.Table


def read(survey: Survey, source: str, rows: list[tuple], sha256: str | None = None) -> Reading:
    """Rows are ``member, region, q1``; lines count from 2. Without a hash of its own the file has the rows'."""
    declared = next(item for item in survey.sources if item.name == source)
    members, regions, answers = zip(*rows, strict=True) if rows else ((), (), ())
    texts = {
        "member": members,
        "email": tuple(f"{CANARY}@example.org" for _ in rows),
        "region": regions,
        "q1": answers,
        "why": tuple(CANARY for _ in rows),
    }
    columns = {"line": pa.array(range(2, len(rows) + 2), pa.int64())}
    columns |= {name: pa.array(values, pa.string()) for name, values in texts.items()}
    return Reading(declared, sha256 or hashlib.sha256(repr(rows).encode()).hexdigest(), pa.table(columns))


JUNE = read(READERS, "june", [("M1", "n", "a"), ("M2", "s", "b")])
JULY = read(READERS, "july", [("M3", "n", "b"), ("M1", "n", "b")])


def rows(warehouse: Warehouse, columns: str = "source, line, region, q1", name: str = "reader_2026") -> list[tuple]:
    """What the raw layer holds of a survey."""
    return warehouse.run(Query(sql=f"SELECT {columns} FROM raw.{name} ORDER BY source, line")).rows()


def rule(caught: pytest.ExceptionInfo[ShojiError]) -> str:
    (finding,) = caught.value.findings
    return finding.rule


def everything(error: BaseException) -> str:
    """Whatever a log, a pickle or a traceback could show of an error and of what led to it."""
    chain = "".join(traceback.format_exception(error))
    return chain + repr(error) + str(error) + repr(getattr(error, "findings", "")) + repr(vars(error))

"""Contact data of people who are to be sent something: one encrypted list a survey, apart from every answer.

The list never enters the warehouse. It holds the declared columns and nothing else: no respondent, line, time or
source. Lines stand in the order of an HMAC under a key of their own, so their order tells nothing about answers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

import pyarrow as pa

from storage.disk import make_folder, on_disk, sync_folder, write_new
from storage.home import Home
from storage.keys import Key, survey_key
from storage.marks import mark_of
from storage.pseudonyms import normalise, pseudonym
from terms.findings import fault, refuse
from terms.survey import Survey

PLACE = "rewards"
Line = tuple[str, ...]


class Read(Protocol):
    """What a reader delivers beside the answers (:class:`storage.reading.ReadResult`)."""

    @property
    def contacts(self) -> pa.Table | None: ...


def keep_rewards(home: Home, root: Key, survey: Survey, readings: Sequence[Read], erased: Collection[str]) -> None:
    """Make the list of a survey anew from these readings; without anybody whose mark is among ``erased``.

    A person is in it once. Whoever wants nothing is not in it, nor is a row without a respondent key where the survey
    has one: nobody could take it out again.
    """
    lines: dict[str, Line] = {}
    for reading in readings:
        for who, line in _wanting(survey, reading.contacts):
            if not (erased and who is not None and _mark(root, survey, who) in erased):
                lines.setdefault(json.dumps(line) if who is None else who, line)
    order = _key(root, survey).derive("order")
    ordered = sorted(set(lines.values()), key=lambda line: order.sign(json.dumps(line).encode()))
    content = json.dumps({"columns": _columns(survey), "lines": ordered}, ensure_ascii=False).encode()
    path = home.rewards / f"{survey.name}.list"
    staged = path.with_name(f".{path.name}.{os.getpid()}")

    def replace() -> None:
        make_folder(home.rewards)
        staged.unlink(missing_ok=True)
        write_new(staged, _key(root, survey).seal(content, survey.name.encode()))
        os.replace(staged, path)
        sync_folder(home.rewards)

    on_disk(PLACE, replace)


def read_rewards(home: Home, root: Key, survey: Survey) -> list[Line]:
    """The lines of a survey's list, the names of its columns first.

    Raises Refused ``rewards_missing``, Fault ``rewards_damaged`` (altered, or made with another key).
    """
    path = home.rewards / f"{survey.name}.list"
    if not on_disk(PLACE, path.is_file):
        raise refuse(PLACE, "rewards_missing")
    content = _key(root, survey).unseal(on_disk(PLACE, path.read_bytes), survey.name.encode())
    if content is None:
        raise fault(PLACE, "rewards_damaged")
    told = json.loads(content)
    return [tuple(told["columns"]), *(tuple(line) for line in told["lines"])]


def drop_rewards(home: Home, survey: str) -> None:
    """Delete a survey's list, if it is there: the next run makes it anew."""
    on_disk(PLACE, lambda: (home.rewards / f"{survey}.list").unlink(missing_ok=True))


def _wanting(survey: Survey, contacts: pa.Table | None) -> Iterator[tuple[str | None, Line]]:
    """Who (where the survey has a key) wants something, and by which line it is sent."""
    if contacts is None or survey.rewards is None:
        return
    key = survey.respondents.key
    if key is not None:
        contacts = contacts.set_column(contacts.column_names.index(key), key, normalise(contacts[key]))
    for row in contacts.to_pylist():
        line = tuple(row[name] or "" for name in survey.rewards.columns)
        if row[survey.rewards.wanted] in survey.rewards.accepted and any(line) and (key is None or row[key]):
            yield (row[key] if key is not None else None), line


def _mark(root: Key, survey: Survey, identifier: str) -> str:
    return mark_of(root, survey, pseudonym(survey_key(root, survey), identifier))


def _columns(survey: Survey) -> Line:
    return survey.rewards.columns if survey.rewards else ()


def _key(root: Key, survey: Survey) -> Key:
    return root.derive("rewards", survey.controller.company, survey.name)

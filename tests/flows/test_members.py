"""Who is in a batch is committed to in the ledger, and whose leaf it is can be erased without a trace."""

from __future__ import annotations

import hashlib
import json

import pytest

from storage.keys import load_root_key
from storage.people import respondent_of
from storage.warehouse import Warehouse
from terms.query import Query
from terms.reading import read_survey
from tests.flows.conftest import contents
from tests.flows.test_person import SHE, ask, desk, request
from tests.towns import SURVEY, Town, townspeople

__all__ = ["ask", "desk"]

Member = tuple[str, str | None, str | None]


def members(town: Town) -> list[Member]:
    with Warehouse.open(town.home, read_only=True) as warehouse:
        sql = "SELECT leaf, respondent, salt FROM house.members WHERE survey = $survey ORDER BY leaf"
        return warehouse.run(Query(sql=sql, parameters={"survey": SURVEY})).rows()


def committed(town: Town) -> str:
    """What the ledger says of the release."""
    lines = [json.loads(line) for line in town.home.ledger.read_text(encoding="utf-8").splitlines()]
    (release,) = [line["body"] for line in lines if line["event"] == "release"]
    return release["members"]


def by_hand(found: list[Member]) -> str:
    return hashlib.sha256("".join(leaf for leaf, *_ in found).encode()).hexdigest()


@pytest.fixture
def published(desk, shoji) -> Town:
    assert shoji("release", desk.declaration).code == 0
    return desk


def test_the_ledger_commits_to_everybody_in_the_batch(published):
    found = members(published)
    assert len(found) == len(townspeople())
    for leaf, respondent, salt in found:
        assert leaf == hashlib.sha256(f"{salt}{respondent}".encode()).hexdigest()
    assert len({salt for *_, salt in found}) == len(found)
    assert committed(published) == by_hand(found)
    assert by_hand(found[1:]) != committed(published)  # one member less would be seen


def test_after_an_erasure_nobody_can_say_whose_leaf_it_was(published, shoji, ask):
    pseudonym = respondent_of(
        load_root_key(published.keys, published.home.path), read_survey(published.declaration), SHE
    )
    (salt,) = [salt for _, respondent, salt in members(published) if respondent == pseudonym]
    assert any(salt.encode() in content for content in contents(published.home.path).values())
    number = request(shoji, ask, published, "erase")
    assert ask(SHE, "person", "erase", number, "--by", "taro").code == 0
    found = members(published)
    assert sum(respondent is None and salt is None for _, respondent, salt in found) == 1
    assert committed(published) == by_hand(found)
    for name, content in contents(published.home.path).items():
        assert pseudonym.encode() not in content and salt.encode() not in content, name


def test_nobody_is_noted_where_nothing_is_published(desk, shoji):
    assert shoji("run", desk.declaration, "--dry-run").code == 0
    assert members(desk) == []

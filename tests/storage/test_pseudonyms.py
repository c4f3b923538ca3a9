"""Pseudonyms: HMAC as published, the same person every time, and no identifier anywhere."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keys import Key, survey_key
from storage.pseudonyms import EXPRESSION, pseudonym
from storage.reading import Reject
from storage.warehouse import Warehouse
from terms.findings import Fault
from terms.query import Query
from tests.storage.answers import (
    CANARY,
    DOOR,
    JULY,
    JUNE,
    READERS,
    ROOT,
    everything,
    read,
    rows,
    rule,
)

RFC_4231 = [
    pytest.param(
        b"\x0b" * 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", id="case_1"
    ),
    pytest.param(
        b"Jefe",
        "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        id="case_2",
    ),
    pytest.param(
        b"\xaa" * 131,
        "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        id="case_6",
    ),
    pytest.param(
        b"\xaa" * 131,
        "This is a test using a larger than block-size key and a larger than block-size data."
        " The key needs to be hashed before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        id="case_7",
    ),
]


@pytest.mark.parametrize(("secret", "message", "expected"), RFC_4231)
def test_pseudonyms_are_hmac_sha256_as_published(warehouse, secret, message, expected):
    """RFC 4231, the test cases whose data are text."""
    inner, outer = Key(secret).pads()
    query = Query(
        sql=f"SELECT {EXPRESSION.format(identifier='$message')}",
        parameters={"message": message, "ipad": inner, "opad": outer},
    )
    assert warehouse.run(query).item() == expected
    assert pseudonym(Key(secret), message) == expected


def by_hand(identifier: str) -> str:
    """The pseudonym as :mod:`hmac` makes it."""
    secret = survey_key(ROOT, READERS)._secret
    return hmac.new(secret, unicodedata.normalize("NFKC", identifier).strip().encode(), hashlib.sha256).hexdigest()


HOSTILE = ["it's", "a\nb", "$ipad", "'); DROP TABLE x", "a\0b", "\u202e1M", "👩\u200d👧"]


@pytest.mark.parametrize("identifier", ["M1", "会員０１", " M1\u3000", "ｶﾞ", "e\u0301", *HOSTILE])
def test_a_stored_respondent_is_the_pseudonym_of_the_identifier(warehouse, identifier):
    june = read(READERS, "june", [(identifier, "n", "a")])
    warehouse.ingest(READERS, ROOT, [june, JULY], DOOR)
    stored = rows(warehouse, "respondent")[-1][0]
    assert stored == by_hand(identifier) == pseudonym(survey_key(ROOT, READERS), identifier)


@given(st.text(max_size=30))
def test_a_returning_person_is_found_by_her_identifier(text):
    assert pseudonym(survey_key(ROOT, READERS), f"  {text}\u3000") == pseudonym(survey_key(ROOT, READERS), text)


def test_full_and_half_width_are_one_person_and_case_is_not(warehouse):
    june = read(READERS, "june", [("Ｍ１", "n", "a"), ("M1", "n", "a"), ("m1", "n", "a")])
    warehouse.ingest(READERS, ROOT, [june, JULY], DOOR)
    one, same, other = [respondent for (respondent,) in rows(warehouse, "respondent")[2:]]
    assert one == same != other


def test_rows_without_a_respondent_are_rejected_on_every_run(warehouse):
    june = read(READERS, "june", [("M1", "n", "a"), (None, "n", "a"), ("", "n", "a"), (" \u3000", "s", "b")])
    expected = tuple(
        Reject(source="june", line=line, column="member", rule="respondent_key_missing") for line in (3, 4, 5)
    )
    for _ in range(2):
        report = warehouse.ingest(READERS, ROOT, [june, JULY], DOOR)
        assert (report.rejects, report.rows) == (expected, 3)


def test_a_survey_without_a_key_stores_no_respondent(warehouse):
    keyless = replace(READERS, respondents=replace(READERS.respondents, key=None))
    warehouse.ingest(keyless, ROOT, [JUNE, JULY], DOOR)
    assert rows(warehouse, "respondent") == [(None,)] * 4


def test_surveys_share_pseudonyms_only_within_a_scope(warehouse):
    def respondents(name: str, scope: str | None) -> set[str]:
        declared = replace(READERS, name=name, respondents=replace(READERS.respondents, scope=scope))
        warehouse.ingest(declared, ROOT, [JUNE, JULY], DOOR)
        return set(warehouse.run(Query(sql=f"SELECT respondent FROM raw.{name}"))["respondent"])

    assert respondents("a", "club") == respondents("b", "club")
    assert not respondents("c", None) & respondents("d", None)
    assert not respondents("c", None) & respondents("a", "club")


def test_another_root_key_is_noticed_and_changes_nothing(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    before = rows(warehouse, "*")
    with pytest.raises(Fault) as caught:
        warehouse.ingest(READERS, Key(b"s" * 32), [JUNE, JULY], DOOR)
    assert rule(caught) == "key_changed"
    assert rows(warehouse, "*") == before


def test_the_door_never_sees_an_identifier_or_open_text(warehouse):
    for column in ("member", "email", "why"):
        door = Query(sql=f"SELECT line, respondent, region, {column} AS q1 FROM incoming")
        with pytest.raises(Fault) as caught:
            warehouse.ingest(READERS, ROOT, [JUNE, JULY], door)
        assert rule(caught) == "engine_failed"
        assert CANARY not in everything(caught.value)


def test_no_identifier_and_no_key_reaches_the_disk(home):
    """Every byte under the home, the log before the checkpoint included; the answers prove that one can look."""
    june = read(READERS, "june", [("M-canary-member", "canary-region", "a")] * 50)
    with Warehouse.open(home) as warehouse:
        warehouse.ingest(READERS, ROOT, [june, JULY], DOOR)
        logged = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    stored = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert b"canary-region" in logged
    assert b"canary-region" in stored
    secret = survey_key(ROOT, READERS)
    for planted in (b"canary-member", CANARY.encode(), secret._secret, *secret.pads(), b"r" * 32):
        assert planted not in logged
        assert planted not in stored

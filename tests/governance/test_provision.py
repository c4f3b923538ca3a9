"""What third parties get: a release without anybody's decision, anything more by two named persons, for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from governance.provision import (
    AGREED,
    LONGEST_DAYS,
    RECORDED,
    agree,
    body_of,
    end,
    judge_provision,
    read_provisions,
    state,
)
from terms.findings import Refused
from terms.provision import Provided, Provision, ProvisionBasis, ProvisionState
from tests.governance.houses import REGISTERS

TODAY = date(2026, 11, 23)
PUBLISHED = {"reader_2026/0001-2026-07-01"}
OF_RELEASE = Provision(
    number=1,
    basis=ProvisionBasis.STATISTICAL,
    recipient="police",
    survey="reader_2026",
    provided=Provided.RELEASE,
    release="0001-2026-07-01",
    on=TODAY,
    expires_on=None,
)
OF_ANSWERS = Provision(
    number=1,
    basis=ProvisionBasis.LAW,
    recipient="police",
    survey="reader_2026",
    provided=Provided.ANSWERS,
    release=None,
    on=TODAY,
    expires_on=TODAY + timedelta(days=30),
    recorded_by="hanako",
)


def rules(provision: Provision) -> list[str]:
    return [finding.rule for finding in judge_provision(provision, REGISTERS, PUBLISHED, TODAY)]


def test_a_published_release_needs_nobodys_decision():
    assert rules(OF_RELEASE) == []
    assert state(OF_RELEASE, TODAY) is ProvisionState.STANDING


@pytest.mark.parametrize("basis", [basis for basis in ProvisionBasis if basis is not ProvisionBasis.STATISTICAL])
def test_anything_more_waits_for_a_second_person_whatever_the_basis(basis):
    proposed = replace(OF_ANSWERS, basis=basis)
    assert rules(proposed) == []
    assert state(proposed, TODAY) is ProvisionState.AWAITING
    assert state(agree(proposed, "taro", TODAY), TODAY) is ProvisionState.STANDING


def test_one_person_is_not_two():
    with pytest.raises(Refused) as refused:
        agree(OF_ANSWERS, "hanako", TODAY)
    assert refused.value.findings[0].rule == "provision_same_person"
    assert rules(replace(OF_ANSWERS, recorded_by=None)) == ["provision_needs_name"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param(
            {"provided": Provided.ANSWERS, "release": None}, "provision_basis_wrong", id="answers_as_statistics"
        ),
        pytest.param({"basis": ProvisionBasis.LAW}, "provision_basis_wrong", id="a_release_by_law"),
        pytest.param({"release": "0002-2026-07-01"}, "provision_not_published", id="not_published"),
        pytest.param({"survey": "other_2026"}, "provision_not_published", id="published_of_another_survey"),
        pytest.param({"recipient": "nobody"}, "recipient_unknown", id="unknown_recipient"),
        pytest.param({"on": date(1999, 12, 31)}, "recipient_unknown", id="recipient_before_it_was_known"),
        pytest.param({"on": TODAY + timedelta(days=1)}, "provision_to_come", id="tomorrow"),
    ],
)
def test_what_is_wrong_with_a_provision_is_found(changes, rule):
    assert rule in rules(replace(OF_RELEASE, **changes))


@pytest.mark.parametrize("basis", LONGEST_DAYS)
def test_a_provision_expires_in_time(basis):
    longest = LONGEST_DAYS[basis]
    given = replace(OF_ANSWERS, basis=basis)
    assert rules(replace(given, expires_on=None)) == ["provision_expiry"]
    assert rules(replace(given, expires_on=TODAY - timedelta(days=1))) == ["provision_expiry"]
    assert rules(replace(given, expires_on=TODAY + timedelta(days=longest))) == []
    assert rules(replace(given, expires_on=TODAY + timedelta(days=longest + 1))) == ["provision_expiry"]


def test_what_is_over_and_not_ended_stays_in_sight():
    standing = agree(OF_ANSWERS, "taro", TODAY)
    last = standing.expires_on
    assert state(standing, last) is ProvisionState.STANDING
    assert state(standing, last + timedelta(days=1)) is ProvisionState.EXPIRED
    assert state(end(standing, last), last + timedelta(days=1)) is ProvisionState.ENDED
    with pytest.raises(Refused):
        agree(replace(OF_ANSWERS, ended_on=TODAY), "taro", TODAY)
    with pytest.raises(Refused):
        end(replace(OF_ANSWERS, ended_on=TODAY), TODAY)


def test_the_register_is_read_from_the_ledgers_events():
    recorded = (RECORDED, {**body_of(OF_ANSWERS), "by": "hanako"})
    assert read_provisions([recorded, ("run_ended", {"survey": "x"})]) == [OF_ANSWERS]
    (agreed,) = read_provisions([recorded, (AGREED, {"number": 1, "by": "taro"})])
    assert agreed.agreed_by == "taro"


def test_an_entry_in_nobodys_name_or_in_the_first_persons_is_no_agreement():
    recorded = (RECORDED, {**body_of(OF_ANSWERS), "by": "hanako"})
    for forged in ({"number": 1}, {"number": 1, "by": "hanako"}):
        (one,) = read_provisions([recorded, (AGREED, forged)])
        assert state(one, TODAY) is ProvisionState.AWAITING

"""Who may take a release back: one person asks, another one agrees, nothing else counts."""

from __future__ import annotations

from datetime import date

import pytest

from governance.recall import AGREED, ASKED, agree, agreed, ask, body_of, read_recalls
from terms.findings import Refused
from terms.recalls import Recall, RecallReason

DAY = date(2026, 11, 23)
RELEASE = "0001-2026-07-01"
PUBLISHED = {f"town_2026/{RELEASE}"}
BY_HANAKO = Recall(survey="town_2026", release=RELEASE, reason=RecallReason.ERROR, asked_by="hanako")
ASKING = (ASKED, {**body_of(BY_HANAKO), "by": "hanako"})


def rules(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.rule for finding in error.value.findings]


def test_a_recall_takes_two_persons():
    recalls = read_recalls([ASKING])
    assert agreed(recalls) == {}
    done = agree("town_2026", RELEASE, "taro", recalls, DAY)
    (again,) = agreed(read_recalls([ASKING, (AGREED, {**body_of(done), "by": "taro"})])).values()
    assert again == done and (done.asked_by, done.agreed_by, done.agreed_on) == ("hanako", "taro", DAY)


def test_agreeing_a_second_time_changes_nothing():
    done = agree("town_2026", RELEASE, "taro", read_recalls([ASKING]), DAY)
    recalls = read_recalls([ASKING, (AGREED, {**body_of(done), "by": "taro"})])
    assert agree("town_2026", RELEASE, "jiro", recalls, date(2026, 12, 1)) == done


def test_nobody_agrees_with_herself_or_to_what_nobody_asked_for():
    with pytest.raises(Refused) as error:
        agree("town_2026", RELEASE, "hanako", read_recalls([ASKING]), DAY)
    assert rules(error) == ["recall_same_person"]
    with pytest.raises(Refused) as error:
        agree("town_2026", "0002-2026-07-01", "taro", read_recalls([ASKING]), DAY)
    assert rules(error) == ["recall_not_asked"]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param([ASKING, (AGREED, {**body_of(BY_HANAKO), "on": "2026-11-23", "by": "hanako"})], id="herself"),
        pytest.param([ASKING, (AGREED, {**body_of(BY_HANAKO), "on": "2026-11-23"})], id="nobody"),
        pytest.param([(AGREED, {**body_of(BY_HANAKO), "on": "2026-11-23", "by": "taro"})], id="unasked"),
        pytest.param(
            [(ASKED, body_of(BY_HANAKO)), (AGREED, {**body_of(BY_HANAKO), "on": "2026-11-23", "by": "taro"})],
            id="asked_by_nobody",
        ),
    ],
)
def test_a_ledger_with_one_name_or_none_recalls_nothing(told):
    assert agreed(read_recalls(told)) == {}


def test_only_what_was_published_is_asked_for_and_only_once_it_is_not_done():
    assert ask(BY_HANAKO, {}, PUBLISHED) == BY_HANAKO
    with pytest.raises(Refused) as error:
        ask(BY_HANAKO, {}, set())
    assert rules(error) == ["recall_not_published"]
    done = agree("town_2026", RELEASE, "taro", read_recalls([ASKING]), DAY)
    with pytest.raises(Refused) as error:
        ask(BY_HANAKO, {f"town_2026/{RELEASE}": done}, PUBLISHED)
    assert rules(error) == ["recall_done"]

"""The registers: what is shipped fits what is declared, history is kept, and every problem is told with its address."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.purpose import judge_purpose
from terms.companies import Period, Registers
from terms.findings import Refused
from terms.messages import MESSAGES
from terms.reading import read_survey
from terms.registers import FILES, read_registers
from terms.survey import Purpose
from terms.words import Text

DATA = Path(__file__).resolve().parents[2] / "data"
SHIPPED = sorted(path.parent.name for path in (DATA / "surveys").glob("*/survey.yaml"))
TODAY = date(2026, 11, 23)

NAMES = [{"ja": "障子", "en": "Shoji", "from": "2000-01-01"}]
WHOLE: dict[str, Any] = {
    "companies": {
        "press": {
            "names": [
                {"ja": "旧", "en": "Old", "from": "2000-01-01", "to": "2009-12-31"},
                {"ja": "新", "en": "New", "from": "2010-01-01"},
            ],
            "member": [{"from": "2000-01-01", "to": "2020-12-31"}],
            "divisions": {
                "research": {
                    "names": NAMES,
                    "contacts": [
                        {"contact": "a@example.org", "from": "2000-01-01", "to": "2009-12-31"},
                        {"contact": "b@example.org", "from": "2010-01-01"},
                    ],
                }
            },
            "successor": "heir",
        },
        "heir": {
            "names": NAMES,
            "member": [{"from": "2015-01-01"}],
            "divisions": {
                "research": {"names": NAMES, "contacts": [{"contact": "c@example.org", "from": "2015-01-01"}]}
            },
        },
    },
    "processors": {"panel": {"names": NAMES, "from": "2000-01-01", "may": ["collect"], "surveys": "all"}},
    "notices": {
        "group": {
            "companies": ["press", "heir"],
            "versions": {
                "1": {"from": "2000-01-01", "to": "2019-12-31", "purposes": ["statistics"], "contact": "a@example.org"},
                "2": {"from": "2020-01-01", "purposes": ["orders"], "contact": "a@example.org", "joint_use": ["heir"]},
            },
        }
    },
    "recipients": {"public": {"names": NAMES, "from": "2000-01-01"}},
}


def write(folder: Path, content: dict[str, Any]) -> Path:
    for name, register in content.items():
        (folder / f"{name}.yaml").write_text(json.dumps({name: register}, ensure_ascii=False), encoding="utf-8")
    return folder


def changed(address: str, value: Any) -> dict[str, Any]:
    content = copy.deepcopy(WHOLE)
    holder: Any = content
    *way, last = address.split("/")
    for step in way:
        holder = holder[int(step)] if step.isdigit() and isinstance(holder, list) else holder[step]
    holder[last] = value
    return content


@pytest.fixture
def whole(tmp_path) -> Registers:
    return read_registers(write(tmp_path, WHOLE))


# --- what is shipped ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_survey_is_permitted_by_the_shipped_registers(name):
    survey = read_survey(DATA / "surveys" / name / "survey.yaml")
    assert judge_purpose(survey, read_registers(DATA / "registers"), TODAY) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_survey_names_its_company_as_the_register_did_then(name):
    survey = read_survey(DATA / "surveys" / name / "survey.yaml")
    company = read_registers(DATA / "registers").companies[survey.controller.company]
    (then,) = [called.text for called in company.names if survey.fieldwork_from in called.period]
    assert survey.controller.name == then


def test_the_notice_of_the_demo_states_the_closed_list():
    registers = read_registers(DATA / "registers")
    assert set(registers.notice_version("shoji_press", "2026-04").purposes) == set(Purpose)
    assert len(Purpose) == 12


# --- history --------------------------------------------------------------------------------------


def test_names_and_contacts_change_and_the_id_stays(whole):
    press = whole.companies["press"]
    assert [name.text for name in press.names] == [Text(ja="旧", en="Old"), Text(ja="新", en="New")]
    division = press.division(Text(ja="障子", en="Shoji"))
    assert division.contact(date(2009, 12, 31)) == "a@example.org"
    assert division.contact(date(2010, 1, 1)) == "b@example.org"
    assert division.contact(date(1999, 12, 31)) is None


def test_the_successor_answers_from_the_day_after_a_company_left(whole):
    assert whole.contact("press", "research", date(2020, 12, 31)) == "b@example.org"
    assert whole.contact("press", "research", date(2021, 1, 1)) == "c@example.org"
    assert whole.contact("press", "kitchen", date(2021, 1, 1)) is None


def test_a_version_of_a_notice_is_found_for_the_companies_it_covers(whole):
    assert whole.notice_version("press", "1").in_force == Period(since=date(2000, 1, 1), until=date(2019, 12, 31))
    assert whole.notice_version("press", "3") is None
    assert whole.notice_version("stranger", "1") is None


def test_any_change_is_another_hash(tmp_path, whole):
    (tmp_path / "other").mkdir()
    other = read_registers(write(tmp_path / "other", changed("processors/panel/may", ["host"])))
    assert other.hash != whole.hash


DAYS = st.integers(0, 8).map(lambda number: date(2026, 5, 1) + timedelta(days=number))
PERIODS = st.builds(Period, since=DAYS, until=st.none() | DAYS)


@given(PERIODS, PERIODS)
def test_two_periods_overlap_where_they_share_a_day(one, other):
    every = [date(2026, 5, 1) + timedelta(days=number) for number in range(12)]
    backwards = any(period.until is not None and period.until < period.since for period in (one, other))
    assume(not backwards)
    assert one.overlaps(other) is any(day in one and day in other for day in every)


# --- problems -------------------------------------------------------------------------------------

OVERLAP = [{"from": "2000-01-01"}, {"from": "2010-01-01"}]
BACKWARDS = [{"from": "2000-01-01", "to": "1999-01-01"}]
BEFORE = [{"from": "2010-01-01"}, {"from": "2000-01-01", "to": "2009-12-31"}]


@pytest.mark.parametrize(
    ("address", "value", "place", "rule"),
    [
        ("companies/press/member", OVERLAP, "companies.press.member", "periods_overlap"),
        ("companies/press/member", BACKWARDS, "companies.press.member", "period_backwards"),
        ("companies/press/member", BEFORE, "companies.press.member", "periods_out_of_order"),
        ("companies/press/successor", "nobody", "companies.press.successor", "company_not_registered"),
        ("companies/heir/successor", "press", "companies.heir.successor", "successor_circle"),
        ("companies/heir/successor", "heir", "companies.heir.successor", "successor_circle"),
        ("companies/press/kind", "club", "companies.press.kind", "choice_unknown"),
        ("companies/Press", {}, "companies.Press", "name_malformed"),
        ("companies/press/naems", [], "companies.press.naems", "field_unknown"),
        ("companies/press/names", [], "companies.press.names", "field_malformed"),
        ("processors/panel/may", ["cook"], "processors.panel.may[0]", "choice_unknown"),
        ("processors/panel/to", "1999-01-01", "processors.panel", "period_backwards"),
        ("notices/group/companies", ["nobody"], "notices.group.companies", "company_not_registered"),
        ("notices/other", WHOLE["notices"]["group"], "notices.other.companies", "second_notice"),
        ("notices/group/versions/1/to", "2020-01-01", "notices.group.versions", "periods_overlap"),
        ("notices/group/versions/1/purposes", ["fun"], "notices.group.versions.1.purposes[0]", "choice_unknown"),
        ("notices/group/versions/2/joint_use", ["x"], "notices.group.versions.2.joint_use", "company_not_registered"),
        ("notices/group/versions/2/from", "soon", "notices.group.versions.2.from", "date_malformed"),
        ("recipients/public/names/0/en", "\x07", "recipients.public.names[0].en", "control_character"),
    ],
)
def test_what_is_wrong_is_told_with_its_address(tmp_path, address, value, place, rule):
    with pytest.raises(Refused) as refused:
        read_registers(write(tmp_path, changed(address, value)))
    assert (place, rule) in [(finding.place, finding.rule) for finding in refused.value.findings]
    assert all(finding.rule in MESSAGES for finding in refused.value.findings)


def test_every_problem_is_told_at_once(tmp_path):
    broken = changed("companies/press/successor", "nobody")
    broken["notices"]["group"]["companies"] = ["nobody"]
    broken["processors"]["panel"]["to"] = "1999-01-01"
    with pytest.raises(Refused) as refused:
        read_registers(write(tmp_path, broken))
    assert len(refused.value.findings) == 3


def test_a_missing_register_and_one_that_holds_more_are_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        read_registers(tmp_path)
    assert [finding.place for finding in refused.value.findings] == [f"{name}.yaml" for name in FILES]
    write(tmp_path, WHOLE)
    (tmp_path / "recipients.yaml").write_text("recipients: {}\nmore: {}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_registers(tmp_path)
    assert [finding.rule for finding in refused.value.findings] == ["register_holds_more"]


def test_an_id_written_twice_is_refused(tmp_path):
    """A company that came later can never take the id of one that was there before."""
    write(tmp_path, WHOLE)
    text = (tmp_path / "companies.yaml").read_text(encoding="utf-8")
    again = text.removesuffix("}}") + ', "press": {}}}'
    (tmp_path / "companies.yaml").write_text(again, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_registers(tmp_path)
    assert refused.value.findings[0].rule == "declaration_key_repeated"

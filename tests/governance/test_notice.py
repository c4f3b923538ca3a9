"""What the privacy notice promises, clause by clause; docs/notice.md is the table, and says what is not true yet."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows import judging, road
from flows.incident import incident_json
from flows.incident_draft import Affected, write_draft
from flows.receipts import write_receipt
from flows.setting import Setting
from governance.incidents import ITEMS
from governance.provision import judge_provision, needs_two_persons
from governance.purpose import grounds_on, judge_purpose
from storage.home import Home
from storage.keys import survey_key
from terms.companies import Period
from terms.incidents import Incident, IncidentKind, ReportStage
from terms.provision import ProvisionBasis
from terms.reading import read_survey
from terms.requests import RequestKind, RequestState, SubjectRequest
from terms.survey import Purpose
from tests.governance.houses import REGISTERS, grounds, readers, registers, with_grounds
from tests.governance.test_provision import OF_ANSWERS, OF_RELEASE, PUBLISHED, TODAY
from tests.storage.answers import ROOT
from tests.towns import AFTER, Town

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs" / "notice.md").read_text(encoding="utf-8")
CLAUSES = [f"{number:02d}" for number in range(1, 17)]


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> tuple[Town, road.Run]:
    """A town whose answers were taken all the way to a release."""
    town = Town.found(tmp_path_factory.mktemp("town"))
    run = road.prepare(Setting(home=town.home, keys=town.keys, data=None), str(town.declaration), AFTER)
    road.walk(run)
    assert run.release is not None, run.reasons
    return town, run


def ledger(town: Town, event: str) -> list[dict]:
    entries = [json.loads(line) for line in town.home.ledger.read_text().splitlines()]
    return [entry["body"] for entry in entries if entry["event"] == event]


# --- the clauses ----------------------------------------------------------------------------------


def test_notice_01_a_purpose_that_the_notice_does_not_state_is_refused_before_anything_is_read(tmp_path):
    town = Town.found(tmp_path)
    town.declare('"2026-04"', '"2030-04"')
    town.export.unlink()
    run = road.prepare(Setting(home=town.home, keys=town.keys, data=None), str(town.declaration), AFTER)
    road.walk(run)
    assert (run.exit_code, [reason.rule for reason in run.reasons]) == (1, ["notice_unknown"])
    assert ledger(town, "ingested") == []


def test_notice_01_the_list_of_purposes_is_closed():
    assert len(Purpose) == 12
    stated = REGISTERS.notice_version("shoji_press", "2026-04").purposes
    for purpose in Purpose:
        found = judge_purpose(with_grounds(grounds(purpose=purpose)), REGISTERS, TODAY)
        fits = purpose in stated and purpose in {Purpose.QUESTIONNAIRE_SURVEY, Purpose.STATISTICS}
        assert (found == []) is fits


def test_notice_04_what_is_announced_withstands_the_attacker_and_shows_no_few(walked):
    _, run = walked
    statement = json.loads((run.release / "privacy-statement.json").read_text(encoding="utf-8"))
    assert statement["verdict"] == "PASS"
    verdicts = [test for test in json.dumps(statement["tests"]).replace('"', " ").split() if test in {"PASS", "FAIL"}]
    assert verdicts and "FAIL" not in verdicts
    assert {verdict.value for verdict in run.tests.values()} == {"PASS"}
    shown = run.cells.filter((run.cells["status"] == "shown") & (run.cells["measure"] == "respondents"))["value"]
    assert len(shown) and all(value == 0 or value >= 10 for value in shown)


@pytest.mark.parametrize("first", [date(2025, 12, 31), date(2026, 7, 1)], ids=["before", "after"])
def test_notice_06_a_processor_is_entrusted_within_its_scope_and_time_alone(first):
    survey = readers(processor="panel", fieldwork_from=first, fieldwork_to=first + timedelta(days=200))
    found = [finding.rule for finding in judge_purpose(survey, REGISTERS, date(2027, 12, 31))]
    assert "processor_not_engaged" in found
    assert judge_purpose(readers(processor="panel"), REGISTERS, TODAY) == []
    elsewhere = judge_purpose(readers(processor="panel", name="other_2026"), REGISTERS, TODAY)
    assert [finding.rule for finding in elsewhere] == ["processor_out_of_scope"]


def test_notice_07_third_parties_get_data_upon_four_bases_and_only_aggregates_without_a_decision():
    assert {basis.value for basis in ProvisionBasis} == {"consent", "statistical", "emergency", "law"}
    assert judge_provision(OF_RELEASE, REGISTERS, PUBLISHED, TODAY) == [] and not needs_two_persons(OF_RELEASE)
    for basis in ProvisionBasis:
        anonymous = replace(OF_ANSWERS, basis=basis, recorded_by=None)
        assert judge_provision(anonymous, REGISTERS, PUBLISHED, TODAY)
        assert needs_two_persons(anonymous)


def test_notice_09_an_incident_has_its_clocks_and_a_draft_of_the_nine_items(tmp_path):
    found = Incident(number=1, kind=IncidentKind.LEAKAGE, malicious=False, known_on=TODAY, surveys=("reader_2026",))
    told = incident_json(found)
    assert (told["prompt_by"], told["final_by"]) == ("2026-11-27", "2026-12-22")
    affected = Affected.counted(readers(), 1_684, ("0001-2026-07-01",))
    text = Path(write_draft(Home(tmp_path), found, ReportStage.PROMPT, [affected])).read_text(encoding="utf-8")
    assert all(item.ja in text and item.en in text for item in ITEMS)
    assert "1680" in text and "1684" not in text


def test_notice_11_cookies_and_devices_are_identifiers_and_stay_outside(walked):
    town, run = walked
    assert {column.name for column in run.survey.columns if not column.role.passes_the_door} >= {"cookie", "device"}
    traces = [b"ck-000001", b"iPhone"]
    assert all(trace in town.export.read_bytes() for trace in traces)
    kept = [path for path in town.home.path.rglob("*") if path.is_file()]
    assert len(kept) > 10
    assert [(path.name, trace) for path in kept for trace in traces if trace in path.read_bytes()] == []


def test_notice_13_every_answer_keeps_the_version_it_was_given_under(walked):
    town, _ = walked
    (judged,) = ledger(town, "purpose_judged")
    (own,) = judged["grounds"]
    assert (own["source"], own["notice"], own["from"], own["to"]) == (
        "responses",
        "2026-04",
        "2026-05-11",
        "2026-06-14",
    )
    before = grounds(until=date(2026, 5, 20))
    after = grounds(since=date(2026, 5, 21), notice_version="2026-06")
    survey = with_grounds(before, after)
    source = survey.sources[0]
    assert grounds_on(survey, source, date(2026, 5, 20)).notice_version == "2026-04"
    assert grounds_on(survey, source, date(2026, 5, 21)).notice_version == "2026-06"


LOADS = re.compile(
    r"<(?:script|img|iframe|link|object|embed|source|video|audio)\b[^>]*?(?:src|href|data)\s*=\s*[\"']?"
    r"(?:https?:)?//|@import|url\(\s*[\"']?(?:https?:)?//",
    re.IGNORECASE,
)


def test_notice_14_published_pages_load_nothing_from_third_parties(walked):
    _, run = walked
    pages = [path for path in run.release.rglob("*") if path.suffix in {".html", ".svg", ".css", ".js"}]
    assert pages
    assert [path.name for path in pages if LOADS.search(path.read_text(encoding="utf-8"))] == []
    for planted in ('<img src="https://x.example/a.png">', '<link href="//x.example/a.css">', "@import 'a.css'"):
        assert LOADS.search(planted)


def test_notice_15_a_company_changes_its_name_and_leaves_and_its_keys_contact_and_surveys_stay():
    left = Period(since=date(2000, 1, 1), until=date(2026, 6, 30))
    press = replace(REGISTERS.companies["shoji_press"], member=(left,), successor="shoji_travel")
    known = registers(companies={**REGISTERS.companies, "shoji_press": press})
    renamed = replace(readers().controller, name=replace(readers().controller.name, en="Another Name"))
    heir = replace(renamed, contact="travel@example.org")
    survey = readers(controller=heir)
    assert judge_purpose(survey, known, date(2026, 12, 31)) == []
    assert survey_key(ROOT, survey).fingerprint() == survey_key(ROOT, readers()).fingerprint()
    outdated = [finding.rule for finding in judge_purpose(readers(), known, date(2026, 12, 31))]
    assert outdated == ["contact_outdated"]


def test_notice_16_a_release_a_page_and_a_receipt_name_whom_to_ask(walked, tmp_path):
    town, run = walked
    contact = "reader-research@example.jp"
    assert judging.registers().contact("shoji_press", "reader_research", date(2026, 7, 1)) == contact
    for name in ("index.html", "privacy-statement.json"):
        assert contact in (run.release / name).read_text(encoding="utf-8")
    request = SubjectRequest(
        number=1,
        survey=run.survey.name,
        **({"declaration": str(town.declaration)} if "declaration" in SubjectRequest.__dataclass_fields__ else {}),
        kind=RequestKind.CONFIRM,
        received_on=TODAY,
        due_on=TODAY,
        state=RequestState.OPEN,
    )
    (tmp_path / "receipts").mkdir()
    folder = Path(write_receipt(Home(tmp_path), request, read_survey(town.declaration), []))
    assert contact in (folder / "data.txt").read_text(encoding="utf-8-sig")


# --- the table ------------------------------------------------------------------------------------


def rows(page: str) -> dict[str, tuple[str, str, list[str]]]:
    """Clause -> state, the whole line, and the tests it names."""
    lines = re.findall(r"^\| (\d\d) \|.*\|$", page, re.MULTILINE)
    found = {}
    for number, line in zip(lines, (one for one in page.splitlines() if re.match(r"\| \d\d \|", one)), strict=True):
        state = line.split("|")[3].strip()
        found[number] = (state, line, re.findall(r"`(test_\w+)`", line))
    return found


def evidence() -> set[str]:
    """Every test function of this house."""
    return {
        node.name
        for file in (HOUSE / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def table_faults(page: str, tests: set[str]) -> list[str]:
    """Clauses that are missing, states nobody knows, evidence that is not there, and evidence that is not told."""
    told = rows(page)
    faults = [f"{clause} is missing" for clause in CLAUSES if clause not in told]
    for clause, (state, line, named) in told.items():
        own = {name for name in tests if name.startswith(f"test_notice_{clause}_")}
        faults += [f"{clause} names {name}, which is not there" for name in named if name not in tests]
        faults += [f"{clause} does not name {name}" for name in own - set(named)]
        if state not in {"holds", "in part", "not yet"}:
            faults.append(f"{clause} is neither true nor not")
        elif (state == "not yet") is bool(own):
            faults.append(f"{clause} says {state}")
        elif state != "holds" and "missing:" not in line:
            faults.append(f"{clause} does not say what is missing")
    return faults


def test_the_table_tells_every_clause_with_the_evidence_there_is():
    assert table_faults(PAGE, evidence()) == []
    assert sorted(rows(PAGE)) == CLAUSES


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        pytest.param(lambda page: page.replace("| 07 |", "| 77 |"), "07 is missing", id="clause_left_out"),
        pytest.param(
            lambda page: page.replace("`test_notice_13_", "`test_notice_13_never_"),
            "which is not there",
            id="no_such_test",
        ),
        pytest.param(
            lambda page: page.replace("| not yet |", "| holds |"), "says holds", id="promise_without_evidence"
        ),
        pytest.param(lambda page: page.replace("missing:", "fine:"), "does not say what is missing", id="gap_not_told"),
    ],
)
def test_a_wrong_table_is_noticed(spoil, fault):
    assert any(fault in found for found in table_faults(spoil(PAGE), evidence()))

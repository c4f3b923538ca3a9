"""``shoji explain``: an operator reads why a count is hidden; nobody and nothing else does."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from types import SimpleNamespace

import pytest

from flows import explaining, road
from flows.explaining import make_explanation
from flows.setting import read_setting
from storage.keys import ledger_key, load_root_key
from storage.ledger import Ledger
from terms.findings import WrongUse
from tests.towns import AFTER, LAST_DAY, SURVEY, townspeople

ANSWERS = {"post": "郵送", "shop": "書店", "web": "電子版", "loan": "図書館"}
TRUE = {code: Counter(row["【問1】入手方法"] for row in townspeople())[text] for code, text in ANSWERS.items()}
"""Counted person by person: 8 of 200 chose loan."""


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch):
    """No line is broken, so that sentences can be found."""
    monkeypatch.setenv("COLUMNS", "400")


def rules(said) -> list[str]:
    return [finding["rule"] for finding in said.json["error"]]


def terminal(monkeypatch) -> None:
    """Somebody is watching."""
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda stream: True, raising=False)


def cell(said, *address: str) -> dict:
    (found,) = [one for one in said.json["cells"] if [one["row"], one["col"]] == list(address)]
    return found


# --- what it says ---------------------------------------------------------------------------------


def test_a_small_count_and_its_partner_are_explained(town, shoji):
    assert TRUE["loan"] == 8
    said = shoji("explain", town.declaration, "how", "--as-of", AFTER, "--json", "--operator")
    assert said.code == 0
    assert (said.json["survey"], said.json["table"], said.json["hidden"]) == (SURVEY, "how", 2)
    loan, web = cell(said, "loan", "_T"), cell(said, "web", "_T")
    assert (loan["cause"], loan["respondents"], loan["protects"]) == ("primary", 8, [])
    assert (web["cause"], web["respondents"]) == ("secondary", TRUE["web"])
    first = web["protects"][0]
    assert {name: first[name] for name in ("table", "row", "col", "measure", "respondents")} == {
        "table": "how",
        "row": "loan",
        "col": "_T",
        "measure": "respondents",
        "respondents": 8,
    }
    # Everybody answered: whoever adds up the other three knows the fourth.
    assert first["interval_if_shown"] == [8, 8]
    low, high = loan["interval"]
    assert low <= 8 <= high and high - low >= 8
    # Post and shop are shown: loan and web share what they leave.
    left = TRUE["loan"] + TRUE["web"]
    assert web["interval"] == [left - high, left - low]


def test_the_sentences_need_no_knowledge_of_the_field(town, shoji, monkeypatch):
    terminal(monkeypatch)
    english = shoji("explain", town.declaration, "how", "--as-of", AFTER, "--lang", "en")
    assert english.lines[0] == "【問1】入手方法 (how): 2 of 6 counts are hidden."
    assert "Too few: below 10" in english.out
    assert "Would give away: 図書館 is exactly 8;" in english.out
    assert "adding and subtracting the shown counts would tell the small ones" in english.out
    japanese = shoji("explain", town.declaration, "how", "--as-of", AFTER, "--lang", "ja")
    assert japanese.lines[0] == "【問1】入手方法(how): 人数 6 個のうち 2 個を伏せています。"
    assert "見せると分かる: 図書館 がちょうど 8 人、" in japanese.out


@pytest.mark.parametrize(("asked", "rows"), [("loan", {"loan"}), ("loan,45-99", {"loan"}), ("loan/45-99", {"loan"})])
def test_one_row_or_one_cell_can_be_asked_about(town, shoji, asked, rows):
    said = shoji("explain", town.declaration, "how_by_age", asked, "--as-of", AFTER, "--json")
    assert {one["row"] for one in said.json["cells"] if one["status"] == "hidden"} == rows
    if "," in asked or "/" in asked:
        assert [one["col"] for one in said.json["cells"]] == ["45-99"]
    assert said.json["hidden"] >= len(said.json["cells"])


def test_a_count_that_is_shown_says_so(town, shoji):
    said = shoji("explain", town.declaration, "how", "post", "--as-of", AFTER)
    assert (said.code, said.lines[1]) == (0, "郵送: the count is shown.")
    said = shoji("explain", town.declaration, "age", "--as-of", AFTER)
    assert said.lines[1] == "No count is hidden among the cells you asked about."


def test_a_question_withheld_whole_is_named_with_its_tables(town, shoji):
    town.answer([row | ({"【問1】入手方法": "郵送"} if row["地区"] == "丘" else {}) for row in townspeople()])
    said = shoji("explain", town.declaration, "how_by_area", "--as-of", AFTER)
    assert "Withheld with the whole question: in how_by_area some group agrees" in said.out
    assert "at least 2 people must differ" in said.out
    told = shoji("explain", town.declaration, "how", "--as-of", AFTER, "--json").json
    assert (told["withheld"], told["withheld_in"]) == ("group_disclosure", ["how_by_area"])
    assert {one["cause"] for one in told["cells"]} == {"group_disclosure"}


def test_a_question_that_everybody_answers_alike_is_not_to_be_helped(town, shoji):
    town.answer([row | {"【問1】入手方法": "郵送"} for row in townspeople()])
    said = shoji("explain", town.declaration, "how", "--as-of", AFTER)
    assert "No merging brings it back" in said.out


def test_no_answers_that_are_never_printed_are_told_apart(town, shoji):
    town.declare("preset: once", "preset: once\npolicy: {no_answer: residual}")
    rows = townspeople()
    rows[0]["【問4】年収"] = ""
    town.answer(rows)
    told = shoji("explain", town.declaration, "income", "--as-of", AFTER, "--json").json
    assert {one["row"]: one["cause"] for one in told["cells"]} == {"_NA": "residual"}
    assert told["cells"][0]["published_interval"] is None


def test_a_missing_weighted_percentage_is_explained(town, shoji):
    # One heavy person among light ones: R8 withholds the weighted figures, and nothing else.
    rows = townspeople()
    rows[0]["ウェイト"] = "9.9"
    town.answer(rows)
    said = shoji("explain", town.declaration, "income", "--as-of", AFTER)
    assert "This question has no weighted_percent" in said.out


def test_before_fieldwork_is_over_one_may_ask(town, shoji):
    assert shoji("explain", town.declaration, "how", "--as-of", LAST_DAY).code == 0


def test_a_release_of_other_answers_is_not_what_is_explained(town, shoji):
    assert shoji("release", town.declaration, "--as-of", AFTER).code == 0
    (release,) = town.releases()
    before = shoji("explain", town.declaration, "how", "--as-of", AFTER)
    assert "have changed since" not in before.out
    town.answer(townspeople()[1:])
    after = shoji("explain", town.declaration, "how", "--as-of", AFTER)
    assert f"have changed since {release.name}" in after.out
    assert [path.name for path in town.releases()] == [release.name]


# --- who may see true counts ----------------------------------------------------------------------


def true_counts(text: str) -> set[str]:
    """Cells of the table that hold a true count: a number between blanks."""
    return {word for word in text.split() if word in {str(TRUE["web"]), "8"}}


def test_true_counts_go_to_a_terminal_and_not_into_a_pipe(town, shoji, monkeypatch):
    arguments = ("explain", town.declaration, "how", "--as-of", AFTER)
    piped = shoji(*arguments)
    assert "People" not in piped.out and "True counts are shown to a terminal" in piped.out
    assert str(TRUE["web"]) not in piped.out and "exactly" not in piped.out
    asked_for = shoji(*arguments, "--operator")
    assert "People" in asked_for.out and true_counts(asked_for.out) >= {"8", str(TRUE["web"])}
    terminal(monkeypatch)
    assert shoji(*arguments).out == asked_for.out


def test_json_holds_true_counts_for_an_operator_only(town, shoji, monkeypatch):
    terminal(monkeypatch)
    arguments = ("explain", town.declaration, "how", "--as-of", AFTER, "--json")
    known = {
        name for one in shoji(*arguments).json["cells"] for name in (*one, *(n for p in one["protects"] for n in p))
    }
    exact = {"respondents", "interval", "interval_if_shown"}
    assert not known & exact
    told = {
        name
        for one in shoji(*arguments, "--operator").json["cells"]
        for name in (*one, *(n for p in one["protects"] for n in p))
    }
    assert told - known == exact


# --- wrong use ------------------------------------------------------------------------------------


def test_an_unknown_table_is_answered_with_those_there_are(town, shoji):
    said = shoji("explain", town.declaration, "how_by_moon", "--json")
    assert (said.code, rules(said)) == (2, ["table_unknown"])
    assert {"how", "how_by_age", "income_by_area"} <= set(said.json["error"][0]["facts"]["known"].split(", "))
    assert not town.home.path.exists()


@pytest.mark.parametrize("asked", ["pigeon", "loan,moon", "loan,_T,_T", "_ANS", ""])
def test_an_unknown_cell_is_answered_with_those_there_are(town, shoji, asked):
    said = shoji("explain", town.declaration, "how_by_age", asked, "--json")
    assert (said.code, rules(said)) == (2, ["cell_unknown"])
    facts = said.json["error"][0]["facts"]
    assert facts["rows"] == "post, shop, web, loan, _NA, _T"
    assert facts["cols"] == "15-44, 45-99, _NA, _T"
    assert not town.home.path.exists()


def test_a_survey_without_a_codebook_has_no_tables_yet(town, shoji):
    town.codebook.unlink()
    assert rules(shoji("explain", town.declaration, "how", "--json")) == ["codebook_missing"]


# --- never inside a flow run ----------------------------------------------------------------------


def explained_here(town) -> str:
    """Ask in this process; the rule it is refused for, or nothing."""
    run = road.prepare(read_setting(), str(town.declaration), AFTER, True)
    try:
        make_explanation(run, "how", None)
    except WrongUse as refused:
        return refused.findings[0].rule
    return ""


def test_a_process_that_a_worker_started_for_a_flow_is_refused(town, shoji, monkeypatch):
    monkeypatch.setenv("PREFECT__FLOW_RUN_ID", "0" * 8)
    said = shoji("explain", town.declaration, "how", "--as-of", AFTER, "--json", "--operator")
    assert (said.code, rules(said)) == (2, ["inside_a_flow"])
    assert not town.home.path.exists()


@pytest.mark.parametrize("context", ["FlowRunContext", "TaskRunContext"])
def test_a_flow_of_this_process_is_refused(town, monkeypatch, context):
    inside = {name: SimpleNamespace(get=lambda: None) for name in ("FlowRunContext", "TaskRunContext")}
    monkeypatch.setitem(sys.modules, "prefect.context", SimpleNamespace(**inside))
    assert explained_here(town) == ""  # Prefect is there, but no flow runs
    inside[context].get = lambda: object()
    assert explained_here(town) == "inside_a_flow"


def test_prefect_itself_says_that_a_flow_runs(town):
    """The contexts we ask are the ones Prefect sets: entered by hand, as its engine enters them."""
    from prefect.context import FlowRunContext, TaskRunContext

    for context in (FlowRunContext, TaskRunContext):
        explaining.refuse_in_flow()
        with context.model_construct(), pytest.raises(WrongUse, match="inside_a_flow"):
            explaining.refuse_in_flow()


# --- what is left of it ---------------------------------------------------------------------------


def test_the_ledger_keeps_that_it_was_asked_and_neither_cell_nor_answer(town, shoji):
    assert shoji("ingest", town.declaration, "--as-of", AFTER).code == 0
    ledger = Ledger(town.home.ledger, ledger_key(load_root_key(town.keys, town.home.path)))
    before = len(list(ledger.entries()))
    assert shoji("explain", town.declaration, "how_by_age", "loan,45-99", "--as-of", AFTER, "--operator").code == 0
    entries = list(ledger.entries())[before:]
    (asked,) = [entry.body for entry in entries if entry.event == "explained"]
    assert asked == {"survey": SURVEY, "table": "how_by_age"}
    text = str([entry.body for entry in entries])
    assert "loan" not in text and "45-99" not in text and "primary" not in text
    # What else is new is the road's own, as it stands there after every walk.
    assert {entry.event for entry in entries} - {"explained", "purpose_judged"} == {"ingested", "suite", "run_ended"}


def test_no_log_file_or_folder_of_prefect_knows_of_it(town, shoji, caplog):
    caplog.set_level(logging.DEBUG)
    assert shoji("explain", town.declaration, "how", "--as-of", AFTER, "--operator").code == 0
    assert not any(town.home.prefect.rglob("*"))
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "loan" not in told and "図書館" not in told
    left = [path for path in town.home.path.rglob("*") if path.is_file() and "warehouse" not in path.name]
    assert left and not any(word in path.read_bytes() for path in left for word in (b"loan", "図書館".encode()))
    assert town.releases() == []

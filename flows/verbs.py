"""What each verb of the command line does; returns the exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import typer

from flows import audit as audits
from flows import explained, explaining, incident, judging, planning, road, steps, table_audit
from flows.ending import rejects_lines, run_json, run_lines, say
from flows.recalling import published_survey, tombstone_findings
from flows.run import Run
from flows.setting import CHECKOUT, Setting, export_setting, read_setting, source_path, today
from flows.table_options import TableOptions
from flows.voice import Voice, finding_json, problem_lines
from storage.disk import on_disk
from storage.folders import latest, verify_folder
from storage.heads import read_heads
from storage.keys import ROOT_KEY, ledger_key, load_root_key, make_root_key
from storage.ledger import Anchor, Ledger
from storage.reading import read_source, write_rejects
from storage.sealed import sealed_releases
from storage.warehouse import Warehouse
from terms.findings import Fault, Refused, Verdict, wrong_use
from terms.reading import read_survey

DEMO = "reader_2026"


def demo(home: str | None, voice: Voice) -> int:
    """A home and keys of its own, then ``run``."""
    home = home or os.environ.get("SHOJI_HOME") or "var-demo"
    if not os.environ.get("SHOJI_KEYS"):
        os.environ["SHOJI_KEYS"] = str(Path(home).absolute()) + ".keys"
    setting = read_setting(home)
    if not (setting.keys / ROOT_KEY).exists():
        make_root_key(setting.keys)
    return run(DEMO, None, False, home, None, voice)


def run(survey: str, as_of: str | None, dry_run: bool, home: str | None, source: str | None, voice: Voice) -> int:
    """The Prefect flow in this process."""
    prepared = _prepared(survey, as_of, home, source, voice, dry_run)
    from flows.orchestration import run_flow

    run_flow(prepared, as_of, dry_run)
    return _tell_run(prepared, voice)


def walk_to(
    step: str | None, survey: str, as_of: str | None, home: str | None, source: str | None, voice: Voice
) -> int:
    """The road up to a step, without the orchestrator."""
    prepared = _prepared(survey, as_of, home, source, voice, False)
    road.walk(prepared, step)
    if prepared.outcome is None:
        voice.done()
        content = {"survey": prepared.survey.name, "verdict": "PASS", "step": step, "seconds": prepared.seconds}
        voice.tell(content, [f"{prepared.survey.name}: {step} ok"])
        return 0
    return _tell_run(prepared, voice)


def _prepared(survey: str, as_of: str | None, home: str | None, source: str | None, voice: Voice, dry_run: bool) -> Run:
    setting = read_setting(home, source)
    export_setting(setting)
    prepared = road.prepare(setting, survey, as_of, dry_run)
    prepared.say = voice.progress
    return prepared


def _tell_run(run: Run, voice: Voice) -> int:
    voice.done()
    voice.tell(run_json(run, operator=voice.operator), run_lines(run, voice.language), err=bool(run.exit_code))
    return run.exit_code


def check(survey: str, home: str | None, source: str | None, voice: Voice) -> int:
    """Declaration, purpose and files; bad rows are counted and reported, not refused, unless there are too many."""
    prepared = _prepared(survey, None, home, source, voice, True)
    problems = judging.purpose_problems(prepared.survey, prepared.as_of)
    read = 0
    for declared in prepared.survey.sources:
        try:
            path = source_path(prepared.setting, prepared.declaration, declared)
            reading = read_source(prepared.survey, declared, path)
            read += reading.rows_read - reading.rows_filtered
            prepared.rejects += reading.rejects
        except Refused as refused:
            problems.extend(refused.findings)
    problems += steps.too_many_rejects(prepared.survey, prepared.rejects, read)
    report = _report_rejects(prepared, voice)
    if problems:
        if report and not voice.json:
            typer.echo("\n".join(report), err=True)
        raise Refused(*problems)
    bad = steps.bad_rows(prepared.rejects)
    content = {"survey": prepared.survey.name, "verdict": "PASS", "rows": read, "bad_rows": bad}
    voice.tell(content, [f"{prepared.survey.name}: ok", *report])
    return 0


def _report_rejects(run: Run, voice: Voice) -> list[str]:
    """Write the reject report where there is something to report; the line that says where it is."""
    if not run.rejects:
        return []
    write_rejects(run.rejects, run.setting.home.create().rejects / f"{run.survey.name}.csv")
    return rejects_lines(run, voice.language)


def plan(survey: str, freeze: bool, as_of: str | None, home: str | None, source: str | None, voice: Voice) -> int:
    """Search, show, and freeze on request."""
    prepared = _prepared(survey, as_of, home, source, voice, True)
    outcome = planning.make_plan(prepared, freeze)
    voice.done()
    voice.tell(planning.plan_json(outcome), planning.plan_lines(outcome, voice.language))
    return 0


def explain(
    survey: str, table: str, cell: str | None, as_of: str | None, home: str | None, source: str | None, voice: Voice
) -> int:
    """Why counts are hidden. True counts go to a terminal; anywhere else only to an operator who asks for them."""
    prepared = _prepared(survey, as_of, home, source, voice, True)
    explanation = explaining.make_explanation(prepared, table, cell)
    voice.done()
    counts = voice.operator or sys.stdout.isatty()
    content = explaining.explanation_json(explanation, operator=voice.operator)
    voice.tell(content, explained.explanation_lines(explanation, voice.language, counts=counts))
    return 0


def audit(target: str, home: str | None, options: TableOptions, voice: Voice) -> int:
    """The attacker on somebody's table, on a folder, or on the current release of a survey."""
    if target.lower().endswith(".csv"):
        return _audit_table(Path(target), options, voice)
    if options != TableOptions():
        raise wrong_use("audit", "option_is_for_tables")
    folder = Path(target)
    is_release = (folder / audits.CELLS).is_file()
    report = audits.audit_folder(folder) if is_release else _audit_survey(read_setting(home), target)
    voice.tell(audits.audit_json(report), audits.audit_lines(report, voice.language))
    return 0 if report.verdict is Verdict.PASS else 1


def _audit_table(path: Path, options: TableOptions, voice: Voice) -> int:
    """Intervals of the cells found go to a terminal; anywhere else only to an operator who asks for them."""
    if not path.exists():
        raise wrong_use(path.name, "table_file_missing")
    intervals = voice.operator or (sys.stdout.isatty() and not voice.json)
    audit = table_audit.audit_csv(path, options, evidence=intervals)
    content = table_audit.table_audit_json(audit, operator=voice.operator)
    voice.tell(content, table_audit.table_audit_lines(audit, voice.language, intervals=intervals))
    return 0 if audit.report.verdict is Verdict.PASS else 1


def _audit_survey(setting: Setting, target: str) -> Any:
    """The newest release of a survey, also where it was taken back: then its sealed copy is read.

    Raises WrongUse where nothing of that name was published, Refused for a declaration with problems.
    """
    survey = published_survey(setting, target)
    standing = latest(setting.home, survey) if survey else None
    taken_back = sealed_releases(setting.home, survey) if survey else ()
    if survey is None or (standing is None and not taken_back):
        raise wrong_use("SURVEY|FOLDER", "nothing_published_here")
    if standing is not None and standing >= max(taken_back, default=""):
        return audits.audit_folder(setting.home.released / survey / standing)
    root = load_root_key(setting.keys, setting.home.path)
    return audits.audit_sealed(setting.home, root, survey, taken_back[-1])


def verify(folder: str, voice: Voice) -> int:
    """Checksums of a release folder."""
    if not Path(folder).is_dir():
        raise wrong_use("FOLDER", "folder_missing")
    damage = verify_folder(Path(folder)) or tombstone_findings(Path(folder))
    content = {"verdict": "FAIL" if damage else "PASS", "findings": [finding_json(finding) for finding in damage]}
    voice.tell(content, problem_lines(damage, voice.language) or [f"{folder}: ok"])
    return 1 if damage else 0


def list_surveys(home: str | None, voice: Voice) -> int:
    """Declared surveys with their current releases."""
    setting = read_setting(home)
    rows = []
    for path in sorted((CHECKOUT / "data" / "surveys").glob("*/survey.yaml")):
        survey = read_survey(path)
        name = latest(setting.home, survey.name)
        rows.append({"survey": survey.name, "title": survey.title[voice.language], "release": name})
    voice.tell(rows, [f"{row['survey']:<24} {row['release'] or '-':<18} {row['title']}" for row in rows])
    return 0


def status(home: str | None, voice: Voice) -> int:
    """Current releases, how the last runs ended, and the ledger's integrity."""
    setting = read_setting(home)
    if not on_disk("SHOJI_HOME", setting.home.ledger.exists):
        raise wrong_use("--home", "home_empty")
    ledger = Ledger(setting.home.ledger, ledger_key(load_root_key(setting.keys, setting.home.path)))
    anchored, anchor = _anchor(setting)
    entries = ledger.verify(anchor, *read_heads(setting.home)).n
    last: dict[str, dict[str, Any]] = {}
    for entry in ledger.entries():
        if entry.event == "run_ended":
            last[entry.body["survey"]] = {
                "at": entry.at,
                "outcome": entry.body["outcome"],
                "rules": entry.body["rules"],
            }
    rows = [
        {"survey": survey, "release": latest(setting.home, survey), "last_run": ended}
        for survey, ended in sorted(last.items())
    ]
    ledger_json = {"entries": entries, "whole": True, "anchored": anchored}
    told = [(entry.event, entry.body) for entry in ledger.entries()]
    clocks = incident.clocks_json(told, today())
    content = {"today": today().isoformat(), "ledger": ledger_json, "surveys": rows, "clocks": clocks}
    lines = [say("ledger" if anchored else "ledger_alone", voice.language, entries=entries)]
    lines += incident.clock_lines(told, today(), voice.language)
    for row in rows:
        ended = row["last_run"]
        rules = f" ({', '.join(ended['rules'])})" if ended["rules"] else ""
        lines.append(f"{row['survey']:<24} {row['release'] or '-':<18} {ended['at']}  {ended['outcome']}{rules}")
    voice.tell(content, lines)
    return 0


def _anchor(setting: Setting) -> tuple[bool, Anchor | None]:
    """Whether the warehouse could be asked where the ledger ended, and what it says."""
    try:
        with Warehouse.open(setting.home, read_only=True) as warehouse:
            return True, warehouse.anchor()
    except Fault as problem:
        if any(finding.rule != "warehouse_busy" for finding in problem.findings):
            raise
    return False, None

"""How a run ended, in words and for machines."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flows.run import Run
from flows.steps import bad_rows
from flows.voice import finding_json, problem_lines
from storage.folders import latest
from terms.findings import ShojiError
from terms.release import Outcome
from terms.words import Language, Text

SENTENCES: dict[str, Text] = {
    "published": Text(ja="公表しました: {release}", en="published: {release}"),
    "unchanged": Text(ja="変わりありません。公表済み: {release}", en="unchanged; already published: {release}"),
    "waiting": Text(ja="待機中です。まだ何も公表していません。", en="waiting: nothing is published yet."),
    "candidate": Text(
        ja="すべての検査に合格しました。--dry-run のため公表していません。",
        en="every check passed; nothing was published because of --dry-run.",
    ),
    "refused": Text(
        ja="公表しませんでした。以前の公表物はそのままです。",
        en="nothing was published; an earlier release stays as it is.",
    ),
    "fault": Text(
        ja="故障のため公表しませんでした。以前の公表物はそのままです。",
        en="a fault: nothing was published; an earlier release stays as it is.",
    ),
    "rejects": Text(
        ja="使えない行: {rows} 行。位置と理由(値は含みません): {path}",
        en="rows left out: {rows}; where and why (no values): {path}",
    ),
    "ledger": Text(ja="台帳: {entries} 件、欠けも書き換えもありません", en="ledger: {entries} entries, whole"),
    "ledger_alone": Text(
        ja="台帳: {entries} 件、書き換えはありません。実行中の処理が保管庫を開いているため、末尾が切られていないかは"
        "照合できませんでした。",
        en="ledger: {entries} entries, whole; a run holds the warehouse, so the ledger's end could not be compared "
        "with the anchor kept there.",
    ),
    "look": Text(ja="ブラウザで開く: {page}", en="open in a browser: {page}"),
    "look_tables": Text(ja="Excel で開く: {tables}", en="open in Excel: {tables}"),
}


def say(key: str, language: Language, **facts: object) -> str:
    """A sentence of the command line."""
    return SENTENCES[key][language].format(**facts)


def run_json(run: Run, *, operator: bool) -> dict[str, Any]:
    """The contract of ``run --json``. Counts are rounded to 10 unless an operator asked."""
    outcome = run.outcome or Outcome.FAULT
    people = run.respondents.get("people", 0)
    published = people if outcome in {Outcome.PUBLISHED, Outcome.UNCHANGED} else 0
    waiting = people if outcome is Outcome.WAITING else 0
    counts = {"read": run.respondents.get("read", 0), "published": published, "waiting": waiting}
    if not operator:
        counts = {name: (count + 5) // 10 * 10 for name, count in counts.items()}
    return {
        "survey": run.survey.name,
        "verdict": outcome.verdict.value,
        "outcome": outcome.value,
        "release": _current_release(run),
        "reasons": [finding_json(finding) for finding in run.reasons],
        "respondents": counts,
        "seconds": run.seconds,
    }


def _current_release(run: Run) -> str | None:
    """Where the survey's current release is, however this run ended; None where nothing says so."""
    name = None
    with suppress(ShojiError):  # the run has said what is wrong with the folder
        name = latest(run.setting.home, run.survey.name)
    return str(run.setting.home.released / run.survey.name / name) if name else None


def run_lines(run: Run, language: Language) -> list[str]:
    """How a run ended, for people."""
    outcome = run.outcome or Outcome.FAULT
    lines = [f"{run.survey.name}: {say(outcome.value, language, release=run.release)}"]
    silent = outcome in {Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.CANDIDATE}
    reasons = [reason for reason in run.reasons if not silent or reason.rule == "answers_expired"]
    lines += [f"  {line}" for line in problem_lines(reasons, language)]
    lines += rejects_lines(run, language)
    if run.release is not None:
        lines.append(f"  {say('look', language, page=run.release / 'index.html')}")
        lines.append(f"  {say('look_tables', language, tables=run.release / 'tables.xlsx')}")
    return lines


def rejects_lines(run: Run, language: Language) -> list[str]:
    """How many rows were left out, and where the report about them is; nothing where there is none."""
    if not run.rejects:
        return []
    rows = bad_rows(run.rejects)
    return [f"  {say('rejects', language, rows=rows, path=run.setting.home.rejects / f'{run.survey.name}.csv')}"]

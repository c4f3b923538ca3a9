"""``shoji retention``: delete what was kept for as long as it was declared, and note it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from flows.expiring import Due, delete_files, find_due, sources_outside
from flows.setting import CHECKOUT, Setting, find_declaration, read_setting, today
from flows.voice import Voice, finding_json, problem_lines
from governance import retention as judgement
from storage.disk import on_disk
from storage.keys import ledger_key, load_root_key
from storage.ledger import Ledger
from storage.locks import writer
from storage.rewriting import rewrite
from storage.warehouse import Warehouse
from terms.findings import Finding, Refused, wrong_use
from terms.reading import read_survey
from terms.retention import Kept
from terms.survey import Survey
from terms.words import Text

WHAT: dict[str, Text] = {
    "answers": Text(ja="回答", en="answers"),
    "rejects": Text(ja="使えない行の報告", en="report of bad rows"),
    "rewards": Text(ja="送付先の一覧", en="list of contact data"),
    "sources": Text(ja="エクスポートファイル", en="export files"),
    "receipts": Text(ja="本人に渡すもの", en="receipts for people"),
    "marks": Text(ja="期限の過ぎた印", en="marks whose time is over"),
}
WORDS: dict[str, Text] = {
    "due": Text(ja="{survey}  {what}: 期限が過ぎています", en="{survey}  {what}: due"),
    "deleted": Text(ja="{survey}  {what}: 削除しました", en="{survey}  {what}: deleted"),
    "none": Text(ja="期限の過ぎたものはありません。", en="nothing is kept longer than it may be."),
}

Declared = dict[str, tuple[Path, Survey]]


def retention(surveys: list[str], dry_run: bool, home: str | None, voice: Voice) -> int:
    """Find what is over, delete it, and write the warehouse anew so that no block keeps it."""
    setting = read_setting(home)
    declared = _declared(surveys)
    if not on_disk("SHOJI_HOME", setting.home.ledger.exists):
        raise wrong_use("--home", "home_empty")
    root = load_root_key(setting.keys, setting.home.path)
    with writer(setting.home):
        ledger = Ledger(setting.home.ledger, ledger_key(root))
        with Warehouse.open(setting.home) as warehouse:
            ledger.verify(warehouse.anchor())
            kept, problems = _kept(ledger, warehouse, declared)
            due = list(find_due(setting.home, warehouse, kept, declared, today()))
        problems += _outside(declared, today())
        if not dry_run:
            _delete(setting, ledger, due, today())
    deleted = [one.body(today()) for one in due]
    said = "due" if dry_run else "deleted"
    lines = [_say(said, voice, survey=one.survey or "-", what=WHAT[one.what][voice.language]) for one in due]
    lines += problem_lines(problems, voice.language)
    content = {"dry_run": dry_run, said: deleted, "findings": [finding_json(problem) for problem in problems]}
    voice.tell(content, lines or [_say("none", voice)])
    return 1 if problems else 0


def _delete(setting: Setting, ledger: Ledger, due: list[Due], day: date) -> None:
    """Note, delete, write anew, note the end. Killed at any moment it is finished by the next call."""
    home = setting.home
    unfinished = judgement.is_unfinished((entry.event, entry.body) for entry in ledger.entries())
    if not due and not unfinished:
        return
    for one in due:
        ledger.append(judgement.EXPIRED, one.body(day))
    with Warehouse.open(home) as warehouse:
        warehouse.anchor_ledger(ledger.verify(warehouse.anchor()))
        for one in due:
            if one.what == "answers":
                warehouse.forget_answers(one.survey)
        warehouse.desk().drop_expired_marks(day)
    for one in due:
        delete_files(one)
    if unfinished or any(one.what in ("answers", "marks") for one in due):
        rewrite(home)
    ledger.append(judgement.FINISHED, {"deletions": len(due), "on": day.isoformat()})
    with Warehouse.open(home) as warehouse:
        warehouse.anchor_ledger(ledger.verify(warehouse.anchor()))


def _declared(surveys: list[str]) -> Declared:
    """Survey -> its folder and declaration: those that are named, and every one under ``data/surveys/``.

    One of the latter that has problems is passed over: its answers expire by what its last run noted.
    """
    found: Declared = {}
    for path in sorted((CHECKOUT / "data" / "surveys").glob("*/survey.yaml")):
        with suppress(Refused):
            survey = read_survey(path)
            found[survey.name] = (path.parent, survey)
    for name in surveys:
        path = find_declaration(name)
        survey = read_survey(path)
        found[survey.name] = (path.parent, survey)
    return found


def _kept(ledger: Ledger, warehouse: Warehouse, declared: Declared) -> tuple[dict[str, Kept], list[Finding]]:
    """Until when the answers of each survey may be held; and the surveys of which nobody knows."""
    kept: dict[str, Kept] = {}
    for entry in ledger.entries():
        if entry.event == "purpose_judged":
            kept[entry.body["survey"]] = judgement.kept_by_note(entry.body)
    kept |= {name: judgement.keep_until(survey) for name, (_, survey) in declared.items()}
    unknown = sorted(set(warehouse.holding()) - set(kept))
    return kept, [Finding(place=name, rule="retention_unknown") for name in unknown]


def _outside(declared: Declared, day: date) -> list[Finding]:
    return [
        finding
        for folder, survey in declared.values()
        if judgement.is_over(judgement.keep_until(survey).sources, day)
        for finding in sources_outside(folder, survey)
    ]


def _say(key: str, voice: Voice, **facts: object) -> str:
    return WORDS[key][voice.language].format(**facts)

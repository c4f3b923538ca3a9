"""What becomes of a release that two persons took back: sealed for the attacker, a notice for everybody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

from flows.setting import Setting, find_declaration
from governance.recall import agreed, read_recalls
from storage.disk import on_disk
from storage.folders import NAME
from storage.home import Home
from storage.keys import Key
from storage.ledger import Ledger
from storage.sealed import seal_folder, unseal
from storage.tombstones import NOTICE, bury, is_tombstone, read_notice
from terms.findings import Finding, WrongUse
from terms.reading import read_survey
from terms.recalls import REASONS, Recall
from terms.words import Text

STATEMENT = "privacy-statement.json"

HEADING = Text(ja="この公表物は撤回されました", en="This release was recalled")
ASKED = Text(
    ja="引用や再配布をおやめください。お手元の写しは破棄してください。",
    en="Please do not quote it or pass it on, and delete copies you hold.",
)
LABELS = {
    "release": Text(ja="公表物", en="Release"),
    "recalled_on": Text(ja="撤回した日", en="Recalled on"),
    "reason": Text(ja="理由", en="Reason"),
    "contact": Text(ja="お問い合わせ", en="Contact"),
}


def published_survey(setting: Setting, survey: str) -> str | None:
    """The name of a survey that has a folder among what is published, by its name or its declaration.

    A release may outlive its declaration. Raises Refused for a declaration with problems.
    """
    released = setting.home.released
    if NAME.fullmatch(survey) and on_disk("released", (released / survey).is_dir):
        return survey
    with suppress(WrongUse):
        name = read_survey(find_declaration(survey)).name
        if on_disk("released", (released / name).is_dir):
            return name
    return None


def finish_recalls(home: Home, root: Key, ledger: Ledger) -> None:
    """Put into effect what two persons agreed to and a killed command did not finish. Call with the lock held."""
    recalls = agreed(read_recalls((entry.event, entry.body) for entry in ledger.entries()))
    for recall in recalls.values():
        if not is_tombstone(home.released / recall.survey / recall.release):
            _carry_out(home, root, recall, {one.release for one in recalls.values() if one.survey == recall.survey})


def _carry_out(home: Home, root: Key, recall: Recall, recalled: set[str]) -> None:
    """Seal the release where that is still to be done, and put the notice in its place.

    ``recalled``: every release of the survey that was taken back, this one included.
    """
    folder = home.released / recall.survey
    if on_disk("released", (folder / recall.release).is_dir):
        seal_folder(home, root, recall.survey, recall.release)
    there = on_disk("released", lambda: [path.name for path in folder.iterdir() if path.is_dir()])
    standing = sorted(set(there) - recalled)
    files = _notice(recall, _statement(home, root, recall))
    bury(home, recall.survey, recall.release, files, standing[-1] if standing else None)


def tombstone_findings(folder: Path) -> list[Finding]:
    """That a folder, whole as it is, stands for a release that was taken back; nothing for any other."""
    if not is_tombstone(folder):
        return []
    release = read_notice(folder).get("release")
    known = isinstance(release, str) and NAME.fullmatch(release)
    return [Finding(place=NOTICE, rule="release_recalled", facts={"release": release if known else "?"})]


def _statement(home: Home, root: Key, recall: Recall) -> Mapping[str, Any]:
    """What the release said of itself; empty where it said it in a way that cannot be read."""
    with suppress(ValueError, RecursionError):
        told = json.loads(unseal(home, root, recall.survey, recall.release, STATEMENT))
        if isinstance(told, dict):
            return told
    return {}


def _notice(recall: Recall, statement: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of the notice. The same recall gives the same bytes."""
    reason = REASONS[recall.reason]
    controller = statement.get("controller")
    content = {
        "survey": recall.survey,
        "title": statement.get("title"),
        "release": recall.release,
        "recalled_on": str(recall.agreed_on),
        "reason": recall.reason.value,
        "reason_text": {"ja": reason.ja, "en": reason.en},
        "controller": controller if isinstance(controller, dict) else None,
    }
    page = _page(content)
    return {NOTICE: json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n", "index.html": page.encode()}


def _page(content: Mapping[str, Any]) -> str:
    lines = [
        "<!doctype html>",
        '<html lang="ja">',
        '<meta charset="utf-8">',
        f"<title>{HEADING.ja} / {HEADING.en}</title>",
    ]
    for language in ("ja", "en"):
        told = {
            "release": f"{_said(content['title'], language)} {content['release']}".strip(),
            "recalled_on": content["recalled_on"],
            "reason": _said(content["reason_text"], language),
            "contact": _contact(content["controller"], language),
        }
        lines += [f'<section lang="{language}">', f"<h1>{HEADING[language]}</h1>", "<dl>"]
        lines += [f"<dt>{LABELS[name][language]}</dt><dd>{escape(value)}</dd>" for name, value in told.items() if value]
        lines += ["</dl>", f"<p>{ASKED[language]}</p>", "</section>"]
    return "\n".join([*lines, "</html>"]) + "\n"


def _contact(controller: Mapping[str, Any] | None, language: str) -> str:
    if controller is None:
        return ""
    names = [_said(controller.get(part), language) for part in ("name", "division")]
    return " ".join([*filter(None, names), str(controller.get("contact", ""))])


def _said(texts: Any, language: str) -> str:
    return str(texts.get(language, "")) if isinstance(texts, dict) else ""

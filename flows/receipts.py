"""What a person is handed who asked what is held about her."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from storage.disk import make_folder, on_disk, write_new
from storage.home import Home
from terms.requests import SubjectRequest
from terms.survey import Column, Survey
from terms.words import Text

PLACE = "receipts"
NOTHING = Text(
    ja="お預かりしている回答はありません。",
    en="We hold no answers of yours.",
)
HELD = Text(
    ja="お預かりしている回答は次のとおりです。氏名・連絡先は回答と一緒には保管していません。",
    en="These are the answers we hold. Names and contact details are not kept with them.",
)
PUBLISHED = Text(
    ja="公表済みの集計結果から、あなたを特定することはできません。集計結果は変わりません。",
    en="Published results do not identify you, and do not change.",
)
CONTACT = Text(ja="お問い合わせ", en="Contact")


def write_receipt(home: Home, request: SubjectRequest, survey: Survey, held: Sequence[Mapping[str, Any]]) -> str:
    """Write ``receipts/<survey>/<request>/``: ``data.txt`` for reading, ``data.json`` to take away; owner only.

    Returns the folder. A folder of an earlier attempt is written over.
    """
    folder = home.path / "receipts" / survey.name / f"{request.number:04d}"
    rows = [_readable(survey, row) for row in held]
    text = "\n".join(_lines(survey, rows)) + "\n"
    content = {"survey": survey.name, "notice_version": survey.notice_version, "answers": [dict(row) for row in held]}
    files = {
        "data.txt": ("\ufeff" + text).encode(),
        "data.json": json.dumps(content, ensure_ascii=False, indent=1, default=str).encode(),
    }

    def write() -> None:
        for part in (folder.parent.parent, folder.parent, folder):
            make_folder(part)
        for name, bytes_ in files.items():
            (folder / name).unlink(missing_ok=True)
            write_new(folder / name, bytes_)

    on_disk(PLACE, write)
    return str(folder)


def _lines(survey: Survey, rows: Sequence[Sequence[tuple[Text, str]]]) -> list[str]:
    lines = [f"{survey.title['ja']} / {survey.title['en']}", ""]
    for language in ("ja", "en"):
        lines.append((HELD if rows else NOTHING)[language])
    for number, row in enumerate(rows, start=1):
        lines += ["", f"[{number}]"]
        lines += [f"{label['ja']} / {label['en']}: {value}" for label, value in row]
    controller = survey.controller
    lines += ["", PUBLISHED["ja"], PUBLISHED["en"], ""]
    lines.append(f"{CONTACT['ja']} / {CONTACT['en']}: {controller.division['ja']} / {controller.division['en']}")
    lines.append(controller.contact)
    return lines


def _readable(survey: Survey, row: Mapping[str, Any]) -> list[tuple[Text, str]]:
    """Labels of questions and answers in the order of the declaration."""
    told = []
    if row.get("answered_at") is not None:
        told.append((Text(ja="回答日時", en="Answered at"), str(row["answered_at"])))
    for column in survey.columns:
        if column.kind is not None and (value := _answer(column, row)):
            told.append((column.label or Text(ja=column.name, en=column.name), value))
    return told


def _answer(column: Column, row: Mapping[str, Any]) -> str:
    labels = {option.code: f"{option.label['ja']} / {option.label['en']}" for option in column.options}
    if column.name in row:
        value = row[column.name]
        return "" if value is None else labels.get(str(value), str(value))
    chosen = [label for code, label in labels.items() if row.get(f"{column.name}__{code}") == 1]
    return ", ".join(chosen)

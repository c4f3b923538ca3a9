"""``shoji rewards``: hand the list of those who are to be sent something to whoever sends it."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

from flows.acts import act
from flows.setting import find_declaration, read_setting
from flows.voice import Voice
from governance.retention import is_over, keep_until
from storage.disk import on_disk, write_new
from storage.keys import load_root_key
from storage.rewards import Line, read_rewards
from terms.findings import refuse, wrong_use
from terms.reading import read_survey
from terms.words import Text

TAKEN = "rewards_taken"
NUMBER = re.compile(r"[+-]?[\d ()-]+")

WORDS: dict[str, Text] = {
    "written": Text(
        ja="書き出しました: {path}\n送付が済んだら削除してください。保管の期限は {until} です。",
        en="written: {path}\nDelete it once everything is sent. The list is kept until {until}.",
    ),
}


def rewards(survey: str, by: str, out: str, home: str | None, voice: Voice) -> int:
    """Write the list as a CSV file for its owner alone. Who took it is an entry of the ledger, signed."""
    setting, path = read_setting(home), Path(out).absolute()
    declared = read_survey(find_declaration(survey))
    if declared.rewards is None:
        raise refuse("rewards", "rewards_undeclared")
    if Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(setting.home.path)):
        raise wrong_use("--out", "rewards_out_inside_home")
    with act(setting, by) as doing:
        until = keep_until(declared).rewards
        if is_over(until, doing.day):
            raise refuse("rewards", "rewards_over", day=str(until))
        lines = read_rewards(setting.home, load_root_key(setting.keys, setting.home.path), declared)
        if on_disk("--out", lambda: os.path.lexists(path)):
            raise refuse("--out", "rewards_out_exists")
        doing.note(TAKEN, {"survey": declared.name, "on": doing.day.isoformat()})
        on_disk("--out", lambda: write_new(path, _csv(lines)))
    voice.tell({"survey": declared.name, "file": str(path), "until": str(until)}, _said(voice, path, str(until)))
    return 0


def _said(voice: Voice, path: Path, until: str) -> list[str]:
    return WORDS["written"][voice.language].format(path=path, until=until).split("\n")


def _csv(lines: list[Line]) -> bytes:
    """UTF-8 with BOM. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") and cell and not NUMBER.fullmatch(cell) else cell

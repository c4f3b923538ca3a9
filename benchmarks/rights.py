"""What people's rights cost: erasing one person of many, proving it, taking the same file in again, reading the ledger.

python benchmarks/rights.py [--people 1000000] [--lines 100000] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flows import person, road, roles
from flows.setting import Setting, read_setting
from storage.disk import write_new
from storage.keys import Key, load_root_key, make_root_key
from storage.ledger import Ledger
from storage.people import respondent_of
from storage.roles import OperatingRole
from storage.warehouse import Warehouse
from terms.query import Query
from terms.reading import read_survey
from terms.requests import Proof, RequestKind

DECLARATION = """\
survey: many_2026
title: {ja: 多数, en: Many}
controller:
  company: shoji_press
  name: {ja: しょうじ出版株式会社, en: "Shoji Press, Ltd."}
  division: {ja: 読者調査室, en: Reader Research Office}
  contact: reader-research@example.jp
purpose: questionnaire_survey
notice_version: "2026-04"
consent: {basis: consent, column: agreed, accepted: ["1"]}
fieldwork: {from: 2026-05-11, to: 2026-06-14}
preset: once
respondents: {key: member, confirmed_by: account, repeat: first}
sources: [{name: responses, file: responses.csv}]
columns:
  member: {header: member, role: direct_identifier}
  answered_at: {header: answered_at, role: timestamp}
  agreed: {header: agreed, role: consent}
  area: {header: area, role: quasi_identifier, type: single, options: {north: n, south: s}}
  how: {header: how, role: question, type: single, options: {post: p, shop: s, web: w}}
tables: [{rows: "*", by: [area]}]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = (
            erasure(Path(folder) / "many", asked.people),
            strangers(Path(folder) / "few", min(asked.people, 10_000)),
            ledger(Path(folder), asked.lines),
            edits(Path(folder), min(asked.lines, 1_000)),
        )
        for line in lines:
            print(json.dumps(line) if asked.json else "  ".join(f"{name} {value}" for name, value in line.items()))


def erasure(folder: Path, people: int) -> dict[str, object]:
    """Seconds to erase one of ``people``, bytes read to prove it, rows found after the file is read again."""
    survey, setting = _town(folder, people)
    ingest = seconds(lambda: _ingest(setting, survey))
    roles.add(setting, "hanako", OperatingRole.OPERATOR, None)
    roles.add(setting, "taro", OperatingRole.OPERATOR, "hanako")
    who = f"M{people // 2:08d}"
    request = person.open_request(setting, str(survey), RequestKind.ERASE, "hanako", None)
    person.identify(setting, request.number, "hanako", Proof.ACCOUNT, who)
    answers: list[person.Answer] = []
    erase = seconds(lambda: answers.append(person.carry_out(setting, request.number, RequestKind.ERASE, "taro", who)))
    with survey.parent.joinpath("responses.csv").open("a") as file:
        file.write(f"M{people:08d},2026-06-01 10:00:00,1,n,p\n")
    again = seconds(lambda: _ingest(setting, survey))
    return {
        "benchmark": "erasure",
        "people": people,
        "ingest_seconds": ingest,
        "erase_seconds": erase,
        "rows_erased": answers[0].rows,
        "bytes_searched": answers[0].bytes_searched,
        "reingest_seconds": again,
        "rows_after_reingest": _rows(setting, survey, who),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def strangers(folder: Path, people: int) -> dict[str, object]:
    """Seconds from the request to the receipt for people who are held and for people who are not, by turns."""
    survey, setting = _town(folder, people)
    _ingest(setting, survey)
    roles.add(setting, "hanako", OperatingRole.OPERATOR, None)
    roles.add(setting, "taro", OperatingRole.OPERATOR, "hanako")
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(14):
        kind = ("known", "unknown")[turn % 2]
        who = f"M{turn + (people if kind == 'unknown' else 0):08d}"
        request = person.open_request(setting, str(survey), RequestKind.ERASE, "hanako", None)
        person.identify(setting, request.number, "hanako", Proof.ACCOUNT, who)
        erase = partial(person.carry_out, setting, request.number, RequestKind.ERASE, "taro", who)
        spent[kind].append(seconds(erase))
    return {
        "benchmark": "strangers",
        "people": people,
        "known_median_seconds": median(spent["known"]),
        "unknown_median_seconds": median(spent["unknown"]),
        "known_spread": round(max(spent["known"]) - min(spent["known"]), 3),
    }


def _town(folder: Path, people: int) -> tuple[Path, Setting]:
    survey = folder / "survey" / "survey.yaml"
    survey.parent.mkdir(parents=True)
    survey.write_text(DECLARATION)
    with (survey.parent / "responses.csv").open("w") as file:
        file.write("member,answered_at,agreed,area,how\n")
        for number in range(people):
            file.write(f"M{number:08d},2026-05-20 10:00:00,1,{'ns'[number % 2]},{'psw'[number % 3]}\n")
    os.environ["SHOJI_KEYS"] = str(folder / "keys")
    make_root_key(folder / "keys")
    return survey, read_setting(str(folder / "home"))


def _ingest(setting: Setting, survey: Path) -> None:
    run = road.prepare(setting, str(survey), None)
    road.walk(run, "clean")
    assert run.outcome is None, run.reasons


def _rows(setting: Setting, survey: Path, who: str) -> int:
    pseudonym = respondent_of(load_root_key(setting.keys, setting.home.path), read_survey(survey), who)
    counted = Query(sql="SELECT count(*) FROM raw.many_2026 WHERE respondent = $who", parameters={"who": pseudonym})
    with Warehouse.open(setting.home, read_only=True) as warehouse:
        return warehouse.run(counted).item()


def ledger(folder: Path, lines: int) -> dict[str, object]:
    """Seconds to verify a ledger of ``lines`` entries."""
    ours = _chain(folder / "ledger.jsonl", lines)
    assert ours.verify().n == lines
    return {"benchmark": "ledger", "lines": lines, "verify_seconds": seconds(ours.verify)}


def edits(folder: Path, lines: int) -> dict[str, object]:
    """Every byte of a ledger of ``lines`` entries changed in turn: how many changes, and how many nobody finds.

    A change shows in its own line, read with the line before known, or, of a line end, in the two lines it joins.
    """
    path = folder / "edited.jsonl"
    ours, prev, changes, unseen = _chain(path, lines), "0" * 64, 0, 0
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), start=1):
        for position in range(len(line)):
            changed = line[:position] + bytes([line[position] ^ 1]) + line[position + 1 :]
            changes += 1
            unseen += ours._read(changed.rstrip(b"\n"), number, prev) is not None and changed.endswith(b"\n")
        prev = json.loads(line)["hash"]
    return {"benchmark": "ledger_edits", "lines": lines, "changes": changes, "unseen": unseen}


def _chain(path: Path, lines: int) -> Ledger:
    key = Key(bytes(32))
    body = {"survey": "reader_2026", "as_of": "2026-11-01", "outcome": "published", "rules": []}
    # Entry by entry with an fsync each would take minutes: the chain is made here, as the ledger makes it.
    content, prev = [], "0" * 64
    for number in range(1, lines + 1):
        entry = {"n": number, "at": "2026-11-01T00:00:00+00:00", "event": "run_ended", "body": body}
        sealed = _canonical(entry)
        entry |= {"prev": prev, "hash": key.sign(prev.encode() + sealed)}
        prev = str(entry["hash"])
        content.append(_canonical(entry) + b"\n")
    write_new(path, b"".join(content))
    return Ledger(path, key)


def _canonical(content: dict[str, object]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def seconds(work: Callable[[], object]) -> float:
    begin = time.monotonic()
    work()
    return round(time.monotonic() - begin, 3)


if __name__ == "__main__":
    main()

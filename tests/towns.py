"""A small town that answers: declaration, export and codebook, for tests that walk the whole road.

>>> town = townspeople()
>>> len(town), list(town[0])[:2], len({row["会員番号"] for row in town})
(200, ['会員番号', '氏名'], 200)
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter

from storage.home import Home
from storage.keys import ROOT_KEY, make_root_key
from terms.codebook_file import codebook_text, make_codebook
from terms.reading import read_survey

SURVEY = "town_2026"
LAST_DAY = "2026-06-14"
AFTER = "2026-07-01"
"""A day after fieldwork."""

LEVELS = {"age": 2, "area": 0}
"""What the plan of a good town freezes."""

DECLARATION = """\
survey: town_2026
title: {ja: 町のアンケート, en: Town questionnaire}
controller:
  company: shoji_press
  name: {ja: 町の出版, en: Town Press}
  division: {ja: 読者調査室, en: Reader Research Office}
  contact: reader-research@example.jp
purpose: questionnaire_survey
notice_version: "2026-04"
consent: {basis: consent, column: agreed, accepted: ["1"]}
fieldwork: {from: 2026-05-11, to: 2026-06-14}
preset: once
respondents: {key: member, confirmed_by: account, repeat: first}
sources:
  - {name: responses, file: responses.csv}
columns:
  member: {header: 会員番号, role: direct_identifier}
  name: {header: 氏名, role: direct_identifier}
  mail: {header: メール, role: direct_identifier}
  cookie: {header: Cookie ID, role: direct_identifier}
  answered_at: {header: 回答日時, role: timestamp}
  device: {header: 端末, role: ignored}
  agreed: {header: 同意, role: consent}
  age:
    header: 年齢
    role: quasi_identifier
    type: integer
    range: [15, 99]
    hierarchy:
      - {intervals: [15, 30, 45, 60]}
      - {intervals: [15, 45]}
  area:
    header: 地区
    role: quasi_identifier
    type: single
    options:
      north: {value: 北, ja: 北, en: North}
      south: {value: 南, ja: 南, en: South}
      hills: {value: 丘, ja: 丘・無回答, en: Hills or not given, includes_no_answer: true}
  how:
    header: 【問1】入手方法
    role: question
    type: single
    options: {post: 郵送, shop: 書店, web: 電子版, loan: 図書館}
  reads:
    header: 【問2】読む記事
    role: question
    type: multiple
    separator: 、
    options: {food: 料理, trips: 旅、おでかけ, money: お金}
  channels:
    role: question
    type: multiple
    options:
      site: {header: 【問3】サイト, ja: サイト, en: Site}
      line: {header: 【問3】LINE, ja: LINE, en: LINE}
      other: {header: 【問3】その他, ja: その他, en: Other, free_text: true}
  income:
    header: 【問4】年収
    role: sensitive
    type: single
    options: {low: "1", middle: "2", high: "3"}
  opinion: {header: 【問5】ご意見, role: open_text}
  weight: {header: ウェイト, role: weight, decimals: 1}
tables:
  - {rows: [age, area]}
  - {rows: "*", by: [age, area]}
"""

Row = dict[str, str]
"""Header -> cell."""


def townspeople(people: int = 200, seed: int = 2026) -> list[Row]:
    """One good row a person; few chose ``図書館``, so that a release has something to hide."""
    dice = random.Random(seed)
    return [_person(number, dice) for number in range(people)]


def _person(number: int, dice: random.Random) -> Row:
    stamp = datetime(2026, 5, 11, 6, 3, 7) + timedelta(minutes=41 * number)
    age = dice.randrange(18, 75)
    reads = [words for words in ("料理", "旅、おでかけ", "お金") if dice.random() < 0.5]
    return {
        "会員番号": f"M{number:05d}",
        "氏名": f"町田 {number}号",
        "メール": f"reader{number}@example.jp",
        "Cookie ID": f"ck-{number:06x}",
        "回答日時": stamp.isoformat(sep=" "),
        "端末": dice.choice(["iPhone", "PC"]),
        "同意": "1",
        "年齢": str(age),
        "地区": dice.choice(["北", "南", "丘"]),
        "【問1】入手方法": dice.choices(["郵送", "書店", "電子版", "図書館"], [40, 30, 26, 4])[0],
        "【問2】読む記事": "、".join(reads),
        "【問3】サイト": str(int(dice.random() < 0.6)),
        "【問3】LINE": str(int(dice.random() < 0.4)),
        "【問3】その他": dice.choice(["0", "0", "0", "新聞の記事で"]),
        "【問4】年収": dice.choice("123"),
        "【問5】ご意見": dice.choice(["", "いつも楽しみにしています"]),
        "ウェイト": "0.8" if age < 45 else "1.3",
    }


def csv_bytes(rows: Sequence[Mapping[str, str]], encoding: str = "utf-8-sig") -> bytes:
    """The rows as a CSV export."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def write_workbook(path: Path, rows: Sequence[Mapping[str, str]], sheet: str = "回答") -> None:
    """The rows as a workbook of text cells."""
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet(sheet)
        for line, cells in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            for position, cell in enumerate(cells):
                page.write_string(line, position, cell)


@dataclass(frozen=True, kw_only=True)
class Town:
    """A survey folder, and a home and keys of its own."""

    folder: Path
    home: Home
    keys: Path

    @classmethod
    def found(cls, root: Path, name: str = SURVEY, home: Path | None = None, keys: Path | None = None) -> Town:
        """Make the folder, the keys, a good export and its codebook; the home may be shared with other towns."""
        town = cls(folder=root / "survey", home=Home(home or root / "home"), keys=keys or root / "keys")
        town.folder.mkdir(parents=True)
        if not (town.keys / ROOT_KEY).exists():
            make_root_key(town.keys)
        town.declaration.write_text(DECLARATION.replace(SURVEY, name), encoding="utf-8")
        town.freeze()
        town.answer(townspeople())
        return town

    @property
    def declaration(self) -> Path:
        return self.folder / "survey.yaml"

    @property
    def codebook(self) -> Path:
        return self.folder / "codebook-1.yaml"

    @property
    def export(self) -> Path:
        return self.folder / "responses.csv"

    def answer(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Put these rows into the export."""
        self.export.write_bytes(csv_bytes(rows))

    def declare(self, old: str, new: str) -> None:
        """Change the declaration."""
        text = self.declaration.read_text(encoding="utf-8")
        assert old in text
        self.declaration.write_text(text.replace(old, new), encoding="utf-8")

    def freeze(self, **levels: int) -> None:
        """Write the codebook that ``shoji plan --freeze`` writes, or one with other levels."""
        codebook = make_codebook(read_survey(self.declaration), LEVELS | levels)
        self.codebook.write_text(codebook_text(codebook), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """What a command finds this town by."""
        return {"SHOJI_HOME": str(self.home.path), "SHOJI_KEYS": str(self.keys)}

    def releases(self) -> list[Path]:
        """Release folders, oldest first."""
        return sorted(path for path in (self.home.released / SURVEY).glob("*") if path.is_dir())

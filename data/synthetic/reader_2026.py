"""Make the export that `shoji demo` publishes: a magazine's reader questionnaire, every person of it invented.

    python data/synthetic/reader_2026.py [FILE]

The same bytes on every machine: one seed, `Random.random()` only (its sequence is guaranteed by Python), weights in
whole numbers. Names, addresses, numbers and cookies are made up; the mail domains are reserved for examples (RFC 2606
and JPRS). What a real export would bring along is in it on purpose: people who answered twice, who did not agree, a
few bad rows, missing ages, an option that contains the separator, words in a 0/1 column.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20260511
PEOPLE = 1_600
ON_TOP = 10_000
"""Numbers of the people who are left out: no consent, bad rows."""
TARGET = Path(__file__).parent.parent / "surveys" / "reader_2026" / "responses.csv"
FIRST_DAY = datetime(2026, 5, 11)
DAYS = 35

HEADER = [
    *("会員番号", "氏名", "メールアドレス", "Cookie ID", "回答日時", "回答端末", "統計利用への同意"),
    *("年齢", "性別", "お住まいの都道府県"),
    *("【問1】主な入手方法", "【問2】読む頻度", "【問3】よく読む記事（いくつでも）"),
    *("【問4】公式サイト", "【問4】メールマガジン", "【問4】Instagram"),
    *("【問4】LINE", "【問4】YouTube", "【問4】その他"),
    *("【問5】満足度", "【問6】薦めたい度合い（0〜10）", "【問7】来年も読みたいか", "【問8】1冊の上限価格"),
    *("【問9】世帯年収", "【問10】ご意見", "ウェイト"),
]
STAMP, AGREED, AGE, GENDER = 4, 6, 7, 8
OFTEN, SATISFACTION, RENEW, WEIGHT = map(
    HEADER.index, ("【問2】読む頻度", "【問5】満足度", "【問7】来年も読みたいか", "ウェイト")
)

# Six bands of age, two of gender, four of country: shares in per cent and per mille of the readers.
BANDS = ((15, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 88))
WOMEN_BY_BAND = (13, 16, 21, 22, 17, 11)
OTHERS_BY_BAND = (12, 15, 18, 21, 19, 15)
WOMEN_PCT = 63
SMALLEST_STRATUM = 16
BLOCKS = (
    (14, "北海道 40 青森県 9 岩手県 9 宮城県 18 秋田県 7 山形県 8 福島県 13"),
    (35, "茨城県 20 栃木県 14 群馬県 14 埼玉県 52 千葉県 45 東京都 110 神奈川県 68"),
    (
        31,
        "新潟県 16 富山県 8 石川県 9 福井県 6 山梨県 6 長野県 15 岐阜県 14 静岡県 26 愛知県 54 "
        "三重県 12 滋賀県 10 京都府 20 大阪府 66 兵庫県 42 奈良県 10 和歌山県 7",
    ),
    (
        20,
        "鳥取県 5 島根県 6 岡山県 16 広島県 24 山口県 11 徳島県 6 香川県 9 愛媛県 12 高知県 6 "
        "福岡県 46 佐賀県 7 長崎県 11 熊本県 15 大分県 9 宮崎県 9 鹿児島県 13 沖縄県 13 海外 5",
    ),
)
# The panel leans towards the middle ages; the weight (a function of age and gender alone) sets that right.
WEIGHTS = (
    ("1.12", "1.05", "0.92", "0.86", "0.98", "1.24"),
    ("1.30", "1.16", "1.02", "0.90", "0.94", "1.06"),
)

HOW = ("定期購読", "書店", "コンビニ・スーパー", "電子版", "図書館・職場・美容院など")
HOW_BY_BAND = (
    (8, 22, 14, 44, 12),
    (12, 26, 16, 34, 12),
    (22, 28, 16, 22, 12),
    (32, 30, 14, 12, 12),
    (44, 30, 10, 6, 10),
    (54, 26, 8, 4, 8),
)
OFTEN_BY_HOW = ((70, 20, 7, 3), (34, 36, 22, 8), (14, 34, 36, 16), (30, 32, 24, 14), (12, 26, 36, 26))
# "旅、おでかけ" contains the separator of the joined answers: it must be split against the known options.
ARTICLES = {
    "料理・食": ((46, 52, 56, 58, 58, 54), 12),
    "健康・からだ": ((18, 26, 38, 50, 60, 64), 0),
    "旅、おでかけ": ((40, 36, 34, 38, 36, 28), 0),
    "暮らし・片づけ": ((34, 42, 40, 34, 28, 22), 12),
    "お金・制度": ((16, 24, 30, 34, 28, 18), -6),
    "人物インタビュー": ((26, 26, 28, 30, 30, 28), 0),
    "連載小説": ((12, 14, 16, 20, 26, 30), 4),
    "本と映画": ((30, 26, 24, 24, 22, 20), 0),
}
CHANNELS = (
    (46, 44, 40, 34, 26, 18),
    (10, 14, 22, 30, 34, 30),
    (62, 50, 36, 22, 12, 8),
    (30, 38, 36, 30, 24, 16),
    (44, 34, 26, 22, 20, 16),
    (9, 9, 9, 10, 11, 12),
)
CHANNEL_WORDS = ("1", "ラジオ", "友人の紹介", "店頭のちらし")
# From very satisfied (5) to very dissatisfied (1), by reading frequency.
SATISFACTION_BY_OFTEN = ((36, 42, 12, 6, 4), (22, 46, 18, 8, 6), (14, 40, 26, 12, 8), (10, 30, 34, 15, 11))
RECOMMEND_BY_SATISFACTION = (
    (1, 0, 1, 1, 1, 4, 6, 12, 26, 22, 26),
    (1, 1, 1, 2, 3, 10, 12, 24, 26, 12, 8),
    (2, 2, 3, 5, 7, 26, 20, 18, 10, 4, 3),
    (6, 6, 9, 13, 14, 24, 14, 8, 4, 1, 1),
    (24, 12, 14, 14, 12, 14, 5, 3, 1, 0, 1),
)
RENEW_BY_SATISFACTION = ((72, 20, 6, 2), (46, 36, 13, 5), (22, 36, 30, 12), (10, 24, 38, 28), (5, 13, 32, 50))
PRICE_BY_INCOME = (
    (30, 38, 20, 8, 4),
    (22, 38, 24, 11, 5),
    (14, 34, 30, 15, 7),
    (9, 28, 34, 19, 10),
    (6, 22, 34, 24, 14),
    (14, 32, 30, 16, 8),
)
PRICE_SKIPPED_PCT = 16
# Under 3, 3 to 5, 5 to 8, 8 to 12 million yen, 12 or more, rather not say (written 9).
INCOME_BY_BAND = (
    (34, 28, 15, 6, 3, 14),
    (14, 28, 30, 13, 4, 11),
    (10, 22, 32, 20, 6, 10),
    (10, 20, 28, 22, 9, 11),
    (24, 30, 20, 9, 5, 12),
    (38, 30, 12, 5, 3, 12),
)
OPINIONS = (
    "特集が毎号楽しみです。",
    "文字がもう少し大きいと助かります。",
    "電子版の検索を使いやすくしてください。",
    "地方の記事を増やしてほしいです。",
    "料理のページを切り取って使っています。",
)


def main(target: Path = TARGET) -> None:
    """Write the export."""
    target.write_bytes(export())


def export() -> bytes:
    """The whole file: UTF-8 with BOM, one header row, CRLF."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows()])
    return text.getvalue().encode("utf-8-sig")


def rows() -> list[list[str]]:
    """Every answer in the order it came in."""
    rng = Random(SEED)
    people = [_person(rng, number, stratum) for number, stratum in enumerate(_strata())]
    answers = [(_moment(rng), person) for person in people]
    # A member who answers again some days later: her first answer counts.
    again = [(moment + timedelta(days=1 + rng.random() * 12), p) for moment, p in answers if rng.random() < 0.04]
    answers += [answer for answer in again if answer[0] < FIRST_DAY + timedelta(days=DAYS)]
    table = sorted(_answer(rng, moment, person) for moment, person in answers)
    _leave_blank(table)
    return sorted([*table, *_left_out(rng)], key=lambda row: (row[STAMP], row[0]))


def _strata() -> list[tuple[int, int, int]]:
    """(gender, band, block) of everyone, with no stratum too small to be published."""
    found = []
    for gender, (share, by_band) in enumerate(((WOMEN_PCT, WOMEN_BY_BAND), (100 - WOMEN_PCT, OTHERS_BY_BAND))):
        for band, band_share in enumerate(by_band):
            for block, (block_share, _) in enumerate(BLOCKS):
                size = PEOPLE * share * band_share * block_share // 1_000_000
                found += [(gender, band, block)] * max(size, SMALLEST_STRATUM)
    return found


@dataclass(frozen=True)
class _Person:
    """Who somebody is, as far as it stays the same when she answers again."""

    member: str
    gender: int
    band: int
    block: int
    age: str
    gender_name: str
    prefecture: str
    cookie: str
    device: str
    income: int


def _person(rng: Random, number: int, stratum: tuple[int, int, int]) -> _Person:
    gender, band, block = stratum
    youngest, oldest = BANDS[band]
    return _Person(
        # All different: a prime step around 900,000 numbers.
        member=str(100_000 + (271_828 + number * 514_229) % 900_000),
        gender=gender,
        band=band,
        block=block,
        age=str(youngest + int(rng.random() * (oldest - youngest + 1))),
        gender_name="女性" if gender == 0 else _pick(rng, "男性 90 その他 4 答えたくない 6"),
        prefecture=_pick(rng, BLOCKS[block][1]),
        cookie=f"{int(rng.random() * 16**10):010x}",
        device=_pick(rng, "スマートフォン 70 PC 22 タブレット 8"),
        income=_draw(rng, INCOME_BY_BAND[band]),
    )


def _answer(rng: Random, moment: datetime, person: _Person) -> list[str]:
    band = person.band
    how = _draw(rng, _how_weights(person))
    often = _draw(rng, OFTEN_BY_HOW[how])
    satisfaction = _draw(rng, SATISFACTION_BY_OFTEN[often])
    chosen = [_chance(rng, by_band[band]) for by_band in CHANNELS]
    channels = ["1" if yes else "0" for yes in chosen[:-1]]
    channels.append(CHANNEL_WORDS[int(rng.random() * len(CHANNEL_WORDS))] if chosen[-1] else "0")
    price = str(_draw(rng, PRICE_BY_INCOME[person.income]) + 1)
    return [
        *(f"M{person.member}", f"見本{person.member}", _mail(person), person.cookie),
        *(moment.strftime("%Y-%m-%d %H:%M:%S"), person.device, "1"),
        *(person.age, person.gender_name, person.prefecture),
        *(HOW[how], str(often + 1), _articles(rng, person), *channels),
        str(5 - satisfaction),
        str(_draw(rng, RECOMMEND_BY_SATISFACTION[satisfaction])),
        str(_draw(rng, RENEW_BY_SATISFACTION[satisfaction]) + 1),
        "" if _chance(rng, PRICE_SKIPPED_PCT) else price,
        "9" if person.income == 5 else str(person.income + 1),
        OPINIONS[int(rng.random() * len(OPINIONS))] if _chance(rng, 7) else "",
        WEIGHTS[person.gender][person.band],
    ]


def _mail(person: _Person) -> str:
    return f"m{person.member}@example.{'jp' if int(person.member) % 2 else 'com'}"


def _how_weights(person: _Person) -> list[int]:
    """Towns read on screens, the north subscribes."""
    weights = list(HOW_BY_BAND[person.band])
    if person.block == 1:
        weights[3] += 6
    if person.block == 0:
        weights[0] += 10
    return weights


def _articles(rng: Random, person: _Person) -> str:
    chosen = [
        name
        for name, (by_band, women_more) in ARTICLES.items()
        if _chance(rng, by_band[person.band] + (women_more if person.gender == 0 else 0))
    ]
    return "、".join(chosen or ["特にない"])


def _leave_blank(table: list[list[str]]) -> None:
    """Some ages are missing; so few left question 7 open that the strict rule has something to hide."""
    for place, row in enumerate(table):
        if place % 61 == 7:
            # Weighted like the band they are published in: a rare weight would be recognised.
            row[AGE], row[WEIGHT] = "", WEIGHTS[row[GENDER] != "女性"][3]
        if place % 270 == 100:
            row[RENEW] = ""


def _left_out(rng: Random) -> list[list[str]]:
    """Answers that must never reach a table: not agreed to, or broken, one row for each thing that goes wrong."""
    wrong = (
        *((AGE, "203"), (AGE, "7"), (AGE, "四十"), (OFTEN, "7"), (SATISFACTION, "8"), (SATISFACTION, "たぶん")),
        *((STAMP, "2026-06-31 10:15:00"), (STAMP, "2026-07-03 21:40:12")),
    )
    table = []
    for number, (column, value) in enumerate([(AGREED, "0")] * 13 + list(wrong)):
        person = _person(rng, ON_TOP + number, (number % 2, number % 6, number % 4))
        row = _answer(rng, _moment(rng), person)
        row[column] = value
        table.append(row)
    return table


def _moment(rng: Random) -> datetime:
    """Most answer in the first days, and in the evening."""
    day = int(DAYS * rng.random() * rng.random())
    hour = 6 + int(18 * (1 - rng.random() * rng.random()))
    return FIRST_DAY + timedelta(days=day, hours=min(hour, 23), seconds=int(rng.random() * 3_600))


def _chance(rng: Random, pct: int) -> bool:
    return rng.random() * 100 < pct


def _draw(rng: Random, weights: Sequence[int]) -> int:
    """A position, drawn by whole-number weights."""
    left = int(rng.random() * sum(weights))
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return place
    raise AssertionError("the weights are all zero")


def _pick(rng: Random, names_and_weights: str) -> str:
    words = names_and_weights.split()
    return words[::2][_draw(rng, [int(weight) for weight in words[1::2]])]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))

"""Japanese ladders: ages as national statistics band them, prefectures by region, postal codes."""

from __future__ import annotations

import re
import unicodedata

from transforms.ladders.groupings import bands, equal_bands, named, prefix
from transforms.ladders.table import Grouping

OLDEST = 120
"""Years. More is no age."""

REGIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "hokkaido": (("01", "hokkaido", "北海道"),),
    "tohoku": (
        ("02", "aomori", "青森"),
        ("03", "iwate", "岩手"),
        ("04", "miyagi", "宮城"),
        ("05", "akita", "秋田"),
        ("06", "yamagata", "山形"),
        ("07", "fukushima", "福島"),
    ),
    "kanto": (
        ("08", "ibaraki", "茨城"),
        ("09", "tochigi", "栃木"),
        ("10", "gunma", "群馬"),
        ("11", "saitama", "埼玉"),
        ("12", "chiba", "千葉"),
        ("13", "tokyo", "東京"),
        ("14", "kanagawa", "神奈川"),
    ),
    "chubu": (
        ("15", "niigata", "新潟"),
        ("16", "toyama", "富山"),
        ("17", "ishikawa", "石川"),
        ("18", "fukui", "福井"),
        ("19", "yamanashi", "山梨"),
        ("20", "nagano", "長野"),
        ("21", "gifu", "岐阜"),
        ("22", "shizuoka", "静岡"),
        ("23", "aichi", "愛知"),
    ),
    "kinki": (
        ("24", "mie", "三重"),
        ("25", "shiga", "滋賀"),
        ("26", "kyoto", "京都"),
        ("27", "osaka", "大阪"),
        ("28", "hyogo", "兵庫"),
        ("29", "nara", "奈良"),
        ("30", "wakayama", "和歌山"),
    ),
    "chugoku": (
        ("31", "tottori", "鳥取"),
        ("32", "shimane", "島根"),
        ("33", "okayama", "岡山"),
        ("34", "hiroshima", "広島"),
        ("35", "yamaguchi", "山口"),
    ),
    "shikoku": (
        ("36", "tokushima", "徳島"),
        ("37", "kagawa", "香川"),
        ("38", "ehime", "愛媛"),
        ("39", "kochi", "高知"),
    ),
    "kyushu": (
        ("40", "fukuoka", "福岡"),
        ("41", "saga", "佐賀"),
        ("42", "nagasaki", "長崎"),
        ("43", "kumamoto", "熊本"),
        ("44", "oita", "大分"),
        ("45", "miyazaki", "宮崎"),
        ("46", "kagoshima", "鹿児島"),
        ("47", "okinawa", "沖縄"),
    ),
}
"""The usual eight regions, a convention: a survey with another one uses ``groupings.named``. JIS X 0401 number, romaji
and kanji without 都, 府 or 県."""
POSTAL = re.compile(r"([0-9]{3})-?([0-9]{4})")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー─"), "-")


def ages_in_five_years(top: int = 85) -> Grouping:
    """``0-4`` ... ``80-84``, ``85+``: the five-year classes (5歳階級) of the census, with its usual open class."""
    return equal_bands(5, 0, OLDEST, top)


def ages_in_ten_years(top: int = 80) -> Grouping:
    """``0-9`` ... ``70-79``, ``80+`` (年代). Five-year classes that end at the same age or later nest in them."""
    return equal_bands(10, 0, OLDEST, top)


def ages_in_four() -> Grouping:
    """Children, working age, and the elderly below and from 75 (年齢4区分)."""
    return bands((0, 15, 65, 75))


def ages_in_three() -> Grouping:
    """Children, working age, elderly (年齢3区分)."""
    return bands((0, 15, 65))


def prefecture() -> Grouping:
    """Municipality codes (JIS X 0402, five digits or six) by their prefecture: ``18``."""
    known = {number for places in REGIONS.values() for number, _, _ in places}
    shape = re.compile(r"[0-9]{5,6}")
    return lambda value: value[:2] if shape.fullmatch(value) and value[:2] in known else None


def region() -> Grouping:
    """Prefectures by region, written as JIS number, romaji, or kanji with or without 都, 府, 県.

    >>> [region()(written) for written in ("18", "fukui", "福井県", "北海道")]
    ['chubu', 'chubu', 'chubu', 'hokkaido']
    """
    return named({name: [way for place in places for way in _ways(*place)] for name, places in REGIONS.items()})


def region_of_municipality() -> Grouping:
    """Municipality codes (JIS X 0402) by region."""
    by_prefecture, by_region = prefecture(), region()
    return lambda value: by_region(by_prefecture(value) or "")


def postal(digits: int) -> Grouping:
    """Postal codes by their first digits, in any of the usual ways of writing them.

    Raises Refused where there is no digit left.

    >>> [postal(3)(written) for written in ("910-0001", "９１０－０００１", "〒9100001")]
    ['910', '910', '910']
    """

    first = prefix(digits)

    def group(value: str) -> str | None:
        plain = unicodedata.normalize("NFKC", value).translate(DASHES).removeprefix("〒").strip()
        found = POSTAL.fullmatch(plain)
        return None if found is None else first(found[1] + found[2])

    return group


def _ways(number: str, romaji: str, kanji: str) -> list[str]:
    ending = {"東京": "都", "大阪": "府", "京都": "府", "北海道": ""}.get(kanji, "県")
    return list(dict.fromkeys([number, romaji, kanji, kanji + ending]))

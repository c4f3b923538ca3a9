"""Groupings of days, and Japanese dates read as days.

Years of an era nest in eras but not in calendar years or months (January 1989 lies in two eras), so a ladder is either
day, month, quarter, year, decade, or day, year of the era, era.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from transforms.ladders.table import Grouping

ERAS = (
    ("reiwa", "R", "令和", date(2019, 5, 1)),
    ("heisei", "H", "平成", date(1989, 1, 8)),
    ("showa", "S", "昭和", date(1926, 12, 25)),
    ("taisho", "T", "大正", date(1912, 7, 30)),
    ("meiji", "M", "明治", date(1868, 1, 25)),
)
"""Name, letter, kanji and first day, latest first. Before 1873 the calendar itself was another."""
GREGORIAN = date(1873, 1, 1)
WRITTEN = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|[RHSTM])?\s*(?P<year>[0-9]{1,4}|元)\s*[-/.年]\s*"
    r"(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*日?",
    re.IGNORECASE,
)


def read_day(written: str) -> date | None:
    """A day as Japanese forms have it: 2019-05-01, 2019年5月1日, 令和元年5月1日, R1.5.1, ㋿元年5月1日, full width too.

    ``None`` where it is no such day, or a day that its era did not have. Two-digit years need an era.

    >>> read_day("令和元年５月１日"), read_day("H31.4.30"), read_day("平成31年5月1日")
    (datetime.date(2019, 5, 1), datetime.date(2019, 4, 30), None)
    """
    found = WRITTEN.fullmatch(unicodedata.normalize("NFKC", written).strip())
    if found is None or (found["era"] is None) != (len(found["year"]) == 4):
        return None
    era = next((era for era in ERAS if (found["era"] or "").upper() in era[1:3]), None)
    year = 1 if found["year"] == "元" else int(found["year"])
    try:
        day = date(year + (era[3].year - 1 if era else 0), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return day if era is None or (day >= GREGORIAN and _era(day) == era) else None


def by_month() -> Grouping:
    """``2026-05``."""
    return _grouping(lambda day: f"{day.year:04}-{day.month:02}")


def by_quarter() -> Grouping:
    """Calendar quarters: ``2026-Q2``."""
    return _grouping(lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}")


def by_year() -> Grouping:
    """Calendar years: ``2026``."""
    return _grouping(lambda day: f"{day.year:04}")


def by_fiscal_year() -> Grouping:
    """Years from April to March, by the year they begin in: ``FY2026``. Months and quarters nest in them."""
    return _grouping(lambda day: f"FY{day.year - (day.month < 4):04}")


def by_decade() -> Grouping:
    """``2020s``."""
    return _grouping(lambda day: f"{day.year // 10 * 10:04}s")


def by_era_year() -> Grouping:
    """Years of an era: ``R8``; 1989 is ``S64`` and ``H1``."""
    return _grouping(lambda day: None if day < GREGORIAN else f"{_era(day)[1]}{day.year - _era(day)[3].year + 1}")


def by_era() -> Grouping:
    """``reiwa``, ``heisei``, ``showa``, ``taisho``, ``meiji`` (from 1873, when the calendar became ours)."""
    return _grouping(lambda day: None if day < GREGORIAN else _era(day)[0])


def _era(day: date) -> tuple[str, str, str, date]:
    return next(era for era in ERAS if day >= era[3])


def _grouping(name: Callable[[date], str | None]) -> Grouping:
    def group(value: str) -> str | None:
        day = read_day(value)
        return None if day is None else name(day)

    return group

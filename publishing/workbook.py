"""``tables.xlsx``: cover, contents, notes, and one banner table a sheet, Japanese and English.

No merged cell, no formula, no chart cache, no hidden sheet. Numbers are numbers, ``x`` is text.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from publishing.edition import SYMBOLS, Edition
from publishing.sheet import Styles, for_paper, internal_link, safe, write_banner
from publishing.wording import once
from terms.release import ReleaseContent
from terms.words import Text

COVER, CONTENTS, NOTES = "表紙 Cover", "目次 Contents", "注記 Notes"
_EXCEL_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'\"#!&<>|", " "))


def workbook(content: ReleaseContent, edition: Edition) -> bytes:
    """The workbook's bytes, the same on any machine."""
    packed = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(packed, options)
    book.set_properties(
        {
            "title": safe(once(edition.title)),
            "author": safe(once(edition.controller)),
            "company": safe(once(edition.controller)),
            # The file's own date is the release's, never the clock's.
            "created": datetime.combine(content.released_on, time()),
        }
    )
    styles = Styles(book)
    names = [sheet_name(banner.number, banner.label) for banner in edition.banners]
    _cover(book.add_worksheet(COVER), edition, styles)
    _contents(book.add_worksheet(CONTENTS), edition, names, styles)
    _notes(book.add_worksheet(NOTES), edition, styles)
    for banner, name in zip(edition.banners, names, strict=True):
        write_banner(book.add_worksheet(name), banner, CONTENTS, styles)
    book.close()
    return _repacked(packed.getvalue())


def sheet_name(number: int, label: Text) -> str:
    """A name that Excel accepts: at most 31 UTF-16 units, no sign it forbids, unique by its number.

    >>> sheet_name(7, Text(ja="来館/目的[複数]", en="Purpose"))
    '07 来館 目的 複数'
    """
    name = " ".join(f"{number:02d} {label.ja.translate(_FORBIDDEN)}".split())
    while len(name.encode("utf-16-le")) > 2 * _EXCEL_NAME:
        name = name[:-1]
    return name.rstrip()


def _cover(sheet: Worksheet, edition: Edition, styles: Styles) -> None:
    for_paper(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 56)
    _pair(sheet, 0, edition.title, styles.title)
    sheet.write_string(2, 0, once(edition.badge), styles.accent)
    contact = Text(ja=f"{edition.division.ja}　{edition.contact}", en=f"{edition.division.en}, {edition.contact}")
    row = 4
    for label, value in (*edition.facts, (Text(ja="問い合わせ先", en="Contact"), contact)):
        sheet.write_string(row, 0, once(label), styles.muted)
        sheet.write_string(row, 1, safe(value.ja), styles.text)
        if value.en != value.ja:
            sheet.write_string(row, 2, safe(value.en), styles.text)
        row += 1
    _pair(sheet, row + 1, edition.citation, styles.text, column=1)
    sheet.write_string(row + 1, 0, "引用 / Cite as", styles.muted)
    sheet.write_url(row + 3, 0, internal_link(CONTENTS), styles.link, CONTENTS)


def _contents(sheet: Worksheet, edition: Edition, names: list[str], styles: Styles) -> None:
    for_paper(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 2, 70)
    sheet.write_string(0, 0, CONTENTS, styles.title)
    sheet.write_url(2, 1, internal_link(COVER), styles.link, COVER)
    sheet.write_url(3, 1, internal_link(NOTES), styles.link, NOTES)
    for row, (banner, name) in enumerate(zip(edition.banners, names, strict=True), start=4):
        sheet.write_number(row, 0, banner.number, styles.text)
        sheet.write_url(row, 1, internal_link(name), styles.link, safe(banner.label.ja))
        if banner.label.en != banner.label.ja:
            sheet.write_string(row, 2, safe(banner.label.en), styles.text)
    sheet.freeze_panes(2, 0)


def _notes(sheet: Worksheet, edition: Edition, styles: Styles) -> None:
    for_paper(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 2, 76)
    sheet.write_string(0, 0, NOTES, styles.title)
    row = 2
    parts: tuple[tuple[str, Any], ...] = (
        ("記号 / Symbols", SYMBOLS),
        ("作り方 / Method", [("", line) for line in edition.method]),
        ("保証すること / What is guaranteed", [("", line) for line in edition.guaranteed]),
        ("保証しないこと / What is not guaranteed", [("", line) for line in edition.not_guaranteed]),
    )
    for heading, lines in parts:
        sheet.write_string(row, 0, heading, styles.heading)
        row += 1
        for symbol, line in lines:
            sheet.write_string(row, 0, symbol, styles.hidden)
            _pair(sheet, row, line, styles.wrapped, column=1, below=False)
            row += 1
        row += 1
    sheet.write_url(row, 0, internal_link(CONTENTS), styles.link, CONTENTS)


def _pair(sheet: Worksheet, row: int, text: Text, style: Any, column: int = 0, below: bool = True) -> None:
    """Japanese, and where it differs English, below or to the right."""
    sheet.write_string(row, column, safe(text.ja), style)
    if text.en != text.ja:
        sheet.write_string(row + below, column + (not below), safe(text.en), style)


def _repacked(packed: bytes) -> bytes:
    """The same members, stored: what deflate makes of them, and the mark of the system, differ by machine."""
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 0
            member.external_attr = 0
            target.writestr(member, source.read(name))
    return stored.getvalue()

"""One sheet of the workbook: answers down the side, total and breaks across."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from publishing.banner import Banner, Figure, Line, Mark
from publishing.edition import ABSENT_SYMBOL, HIDDEN_SYMBOL
from publishing.phrases import (
    ASKED,
    BASE,
    BASES,
    COUNTS,
    NO_WEIGHTED,
    NOTHING,
    ROW_SHARE,
    SEVERAL,
    SHARE,
    SHARES,
    WEIGHTED,
)
from publishing.wording import once
from terms.words import Text

STUB = 2
"""Columns of labels: Japanese, English."""
HEADER = 6
"""Rows above the figures that stay in sight."""
_LONGEST = 8_000


class Styles:
    """The formats of the workbook: paper, warm grey lines, one deep accent."""

    def __init__(self, book: Workbook) -> None:
        def style(**given: Any) -> Any:
            return book.add_format({"font_name": "Yu Gothic", "font_size": 10, "valign": "vcenter"} | given)

        head = {"bg_color": "#F3EEE4", "text_wrap": True, "align": "center", "bottom": 1}
        line = {"bottom": 4, "bottom_color": "#CFC6B6"}
        self.text = style()
        self.muted = style(font_color="#6A6054")
        self.accent = style(font_color="#1F3F5F", bold=True)
        self.title = style(font_size=16, bold=True, font_color="#1F3F5F")
        self.heading = style(bold=True, font_color="#1F3F5F", bottom=1, bottom_color="#1F3F5F")
        self.link = style(font_color="#1F3F5F", underline=1)
        self.wrapped = style(text_wrap=True, valign="top")
        self.head = style(**head)
        self.head_opens = style(**head, left=1, bold=True)
        self.stub = style(**line, text_wrap=True)
        self.hidden = style(**line, align="right", font_color="#6A6054")
        self.people = style(**line, num_format="#,##0")
        self.percent = style(**line, num_format='0"%"')


def safe(text: str) -> str:
    """Text as a cell takes it.

    The library passes text between ``<r>`` and ``</r>`` on as markup; a space before it keeps it text. Excel
    takes 32,767 UTF-16 units a cell; what is longer than a label could be is cut.
    """
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f" {cut}" if cut.startswith("<r>") else cut


def internal_link(sheet: str) -> str:
    """The address of a sheet of this workbook (:func:`publishing.workbook.sheet_name` leaves no quote in it)."""
    return f"internal:'{sheet}'!A1"


def write_banner(sheet: Worksheet, banner: Banner, contents: str, styles: Styles) -> None:
    """Everything published about one question."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, STUB - 1, 30)
    sheet.write_string(0, 0, safe(banner.label.ja), styles.title)
    if banner.label.en != banner.label.ja:
        sheet.write_string(1, 0, safe(banner.label.en), styles.accent)
    sheet.write_url(2, 0, internal_link(contents), styles.link, contents)
    if banner.withheld:
        sheet.write_string(HEADER - 2, 0, once(NOTHING), styles.text)
        return
    if banner.several:
        sheet.write_string(2, 1, once(SEVERAL), styles.muted)
    sheet.set_column(STUB, STUB + len(banner.heads) - 1, 13)
    _heads(sheet, banner, styles)
    row = HEADER
    for heading, lines, style in _blocks(banner, styles):
        sheet.write_string(row, 0, once(heading), styles.heading)
        row += 1
        for line in lines:
            _line(sheet, row, line, style, styles)
            row += 1
        row += 1
    if banner.weighted_withheld:
        sheet.write_string(row, 0, once(NO_WEIGHTED), styles.text)
    sheet.freeze_panes(HEADER, STUB)
    for_paper(sheet)
    sheet.repeat_rows(0, HEADER - 1)


def _heads(sheet: Worksheet, banner: Banner, styles: Styles) -> None:
    for column, head in enumerate(banner.heads, start=STUB):
        style = styles.head_opens if head.opens else styles.head
        sheet.write_string(HEADER - 3, column, safe(once(head.break_label, "\n") if head.opens else ""), style)
        sheet.write_string(HEADER - 2, column, safe(once(head.label, "\n")), style)
        basis = SHARE[head.share] if banner.mixed else Text.same("")
        sheet.write_string(HEADER - 1, column, once(basis, "\n"), style)
    for row in range(HEADER - 3, HEADER):
        for column in range(STUB):
            sheet.write_string(row, column, "", styles.head)


def _blocks(banner: Banner, styles: Styles) -> list[tuple[Text, list[Line], Any]]:
    share = SHARES if banner.mixed or not banner.is_answer else SHARE["percent"]
    blocks = [
        (BASES, _bases(banner), styles.people),
        (share, [line for line in banner.shares if not line.empty], styles.percent),
        (COUNTS, list(banner.counts), styles.people),
        (WEIGHTED, list(banner.weighted), styles.percent),
        (ROW_SHARE, list(banner.row_shares), styles.percent),
    ]
    return [block for block in blocks if block[1]]


def _bases(banner: Banner) -> list[Line]:
    asked = ASKED if banner.is_answer else COUNTS
    pairs = ((asked, banner.asked), (BASE, banner.base))
    return [Line(code=line.code, label=label, figures=line.figures) for label, line in pairs if line]


def _line(sheet: Worksheet, row: int, line: Line, style: Any, styles: Styles) -> None:
    sheet.write_string(row, 0, safe(line.label.ja), styles.stub)
    sheet.write_string(row, 1, safe("" if line.label.en == line.label.ja else line.label.en), styles.stub)
    for column, figure in enumerate(line.figures, start=STUB):
        _figure(sheet, row, column, figure, style, styles)


def _figure(sheet: Worksheet, row: int, column: int, figure: Figure, style: Any, styles: Styles) -> None:
    if isinstance(figure, Mark):
        symbol = HIDDEN_SYMBOL if figure is Mark.HIDDEN else ABSENT_SYMBOL
        sheet.write_string(row, column, symbol, styles.hidden)
    else:
        sheet.write_number(row, column, figure, style)


def for_paper(sheet: Worksheet) -> None:
    """A4, landscape, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)

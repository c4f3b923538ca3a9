"""One sheet of an Excel workbook to records: the texts that a CSV export of the sheet would hold."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from typing import Any

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from storage.delimited import Row
from storage.snapshot import LARGEST, too_large
from terms.findings import refuse

ZIP_MARK = b"PK\x03\x04"
OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An .xls, or an .xlsx behind a password."""

_DATE_TIME = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$"
_BATCH = 1 << 14

# What the readers log could quote a cell. Refusals say what is needed.
for _name in ("calamine", "fastexcel"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Workbook:
    """One sheet, all cells as text.

    Whole numbers have no ``.0`` and numbers no more than Excel's 15 digits; a date is ``2026-05-01``, with a
    time other than midnight ``2026-05-01 10:00:00``, a time alone ``10:00:00``; truth values are ``TRUE`` and
    ``FALSE``; a formula is its last calculated result. An error cell (``#N/A``) is empty here and listed in
    ``error_cells``: what it should have said is unknown, which is not "no answer". Columns count from the
    first one used, rows as Excel numbers them.

    Raises :class:`terms.findings.Refused` where the bytes are no sound .xlsx or the sheet is not clear.
    """

    def __init__(self, place: str, data: bytes, sheet: str | None) -> None:
        _check(place, data)
        loaded = _loaded(place, data, sheet)
        self._columns, self.error_cells = loaded

    def records(self) -> Iterator[Row]:
        """The rows in sheet order, blank ones included, each with its number."""
        height = len(self._columns[0]) if self._columns else 0
        for start in range(0, height, _BATCH):
            cells = (column.slice(start, _BATCH).to_pylist() for column in self._columns)
            for number, row in enumerate(zip(*cells, strict=True), start=start + 1):
                yield number, list(row)


def _check(place: str, data: bytes) -> None:
    """Refuse what is no zip file, too large once unpacked, or damaged: the reader would not always notice."""
    if data.startswith(OLD_OFFICE_MARK):
        raise refuse(place, "workbook_old_or_locked")
    damaged, size = False, 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            damaged = size <= LARGEST and archive.testzip() is not None
    except Exception:
        # zipfile answers damaged bytes with half a dozen kinds of error, and its texts name members.
        damaged = True
    if damaged:
        raise refuse(place, "workbook_unreadable")
    if size > LARGEST:
        raise too_large(place)


def _loaded(place: str, data: bytes, sheet: str | None) -> tuple[list[pa.Array], dict[int, list[int]]]:
    problem = None
    try:
        reader = fastexcel.read_excel(data)
        names = reader.sheet_names
        if sheet is None and len(names) != 1:
            problem = refuse(place, "sheet_not_declared", sheets=len(names))
        elif sheet is not None and sheet not in names:
            problem = refuse(place, "sheet_missing", sheet=sheet, sheets=len(names))
        else:
            return _texts(reader, names[0] if sheet is None else sheet)
    except Exception:
        problem = refuse(place, "workbook_unreadable")
    except BaseException as error:
        # A panic in the Rust reader is no Exception, on purpose; it is still only a workbook we cannot read.
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        problem = refuse(place, "workbook_unreadable")
    raise problem


def _texts(reader: Any, sheet: str) -> tuple[list[pa.Array], dict[int, list[int]]]:
    """Every cell as text, and row number -> positions (from 0) of its error cells."""
    loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    if not loaded.height or not loaded.width:
        return [], {}
    batch, errors = loaded.to_arrow_with_errors()
    columns = list(batch.columns)
    # The reader writes a truth value and a date just as a text cell with the same letters: ask for the types.
    if any(_any(pc.is_in(column, pa.array(["true", "false"]))) for column in columns):
        columns = _with_truth_values(columns, _typed(reader, sheet, "boolean"))
    if any(_any(pc.match_substring_regex(column, _DATE_TIME)) for column in columns):
        columns = _with_dates(columns, _typed(reader, sheet, "datetime"))
    error_cells: dict[int, list[int]] = {}
    for error in errors.errors if errors is not None else ():
        row, column = error.position
        error_cells.setdefault(row + 1, []).append(column)
    return [pc.fill_null(column, "") for column in columns], error_cells


def _typed(reader: Any, sheet: str, dtype: str) -> list[pa.Array]:
    """The same cells as one type, null where a cell is of none that can be turned into it."""
    loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=dtype)
    return list(loaded.to_arrow().columns)


def _with_truth_values(texts: list[pa.Array], truths: list[pa.Array]) -> list[pa.Array]:
    # A text cell "true" is no truth value (null there); a number is, but never reads "true".
    return [
        pc.if_else(
            pc.and_(pc.is_in(text, pa.array(["true", "false"])), pc.is_valid(truth)),
            pc.utf8_upper(text),
            text,
        )
        for text, truth in zip(texts, truths, strict=True)
    ]


def _with_dates(texts: list[pa.Array], dates: list[pa.Array]) -> list[pa.Array]:
    shown = []
    for text, date in zip(texts, dates, strict=True):
        is_date = pc.and_(pc.is_valid(date), pc.match_substring_regex(text, _DATE_TIME))
        # To the second, as Excel shows it: the fraction of a day that it stores is seldom a whole second.
        seconds = pc.round_temporal(date, unit="second").cast(pa.timestamp("s"))
        short = pc.strftime(seconds, "%Y-%m-%d %H:%M:%S")
        # Day 0 of Excel's calendar: the cell holds a time alone.
        short = pc.replace_substring_regex(short, r"^1899-12-31 ", "")
        short = pc.replace_substring_regex(short, r" 00:00:00$", "")
        shown.append(pc.if_else(is_date, short, text))
    return shown


def _any(mask: pa.Array) -> bool:
    return bool(pc.any(mask).as_py())

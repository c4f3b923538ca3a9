"""An export file opened: whatever its format, rows of text cells with the lines they begin on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from itertools import dropwhile, islice
from pathlib import Path

from storage.decoding import encoding_of
from storage.delimited import DELIMITERS, Row, is_delimiter, records
from storage.layout import MOST_HEADER_ROWS, matches
from storage.workbook import OLD_OFFICE_MARK, ZIP_MARK, Workbook
from terms.findings import Refused, refuse
from terms.survey import Field, Source

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls")
HEAD = MOST_HEADER_ROWS + 2


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file opened: its rows can be had, from the first that is not blank, as often as needed."""

    every_row: Callable[[], Iterator[Row]]
    error_cells: Mapping[int, Sequence[int]] = attribute(default_factory=dict)
    """Row number -> positions of cells that hold an error instead of a value (workbooks)."""

    def rows(self) -> Iterator[Row]:
        return dropwhile(lambda row: is_blank("".join(row[1])), self.every_row())

    def head(self, place: str) -> list[list[str]]:
        """The first rows, enough for every possible header; refused where there are none, or quotes break."""
        head = [cells for _, cells in islice(self.rows(), HEAD)]
        if not head:
            raise refuse(place, "source_empty")
        return head

    def readable_head(self) -> list[list[str]]:
        """The first rows as far as they can be read."""
        head = []
        with contextlib.suppress(Refused):
            for _, cells in islice(self.rows(), HEAD):
                head.append(cells)
        return head


def open_export(source: Source, fields: Sequence[Field], data: bytes, path: Path) -> Export:
    """The workbook or the delimited text that ``data`` is; the content decides, then the name of the file.

    Raises :class:`terms.findings.Refused` where encoding, delimiter, workbook or sheet are not clear.
    """
    if (
        data.startswith((ZIP_MARK, OLD_OFFICE_MARK))
        or Path(path.name.lower().removesuffix(".gz")).suffix in WORKBOOK_SUFFIXES
    ):
        return _of_workbook(source, data)
    return _of_text(source, fields, data)


def is_blank(text: str) -> bool:
    return not text or text.isspace()


def _of_workbook(source: Source, data: bytes) -> Export:
    workbook = Workbook(source.name, data, source.sheet)
    return Export(every_row=workbook.records, error_cells=workbook.error_cells)


def _of_text(source: Source, fields: Sequence[Field], data: bytes) -> Export:
    """The file under its delimiter: the declared one, or the one under which most headers are declared ones.

    Under a wrong delimiter quotes may seem to match or not, so only the chosen one may refuse.
    """
    if source.delimiter is not None and not is_delimiter(source.delimiter):
        raise refuse(source.name, "delimiter_not_one_character")
    encoding = encoding_of(source.name, data, source.encoding)

    def under(delimiter: str) -> Export:
        return Export(every_row=lambda: records(source.name, data, encoding, delimiter))

    def fit(export: Export) -> tuple[int, int, float]:
        head = export.readable_head()
        declared = matches(fields, head[: source.header_rows])
        with_other_header_rows = max(matches(fields, head[:rows]) for rows in range(1, MOST_HEADER_ROWS + 1))
        # Where no header is a declared one: broken quotes are likelier than one column, less than several.
        return declared, with_other_header_rows, max(map(len, head), default=1.5)

    return under(source.delimiter) if source.delimiter else max(map(under, DELIMITERS), key=fit)

"""Delimited text (CSV, TSV) to records."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from storage.decoding import Encoding
from terms.findings import refuse

DELIMITERS = (",", "\t", ";")
"""What is tried where the declaration names none, the likeliest first."""

LONGEST_FIELD = 2**31 - 1
"""The csv module stops at 131,072 characters unless told; too long a cell is a bad row, not the end of a file."""

Row = tuple[int, list[str]]
"""The line a record begins on (from 1), and its cells."""


def records(place: str, data: bytes, encoding: Encoding, delimiter: str) -> Iterator[Row]:
    """The records in file order, blank ones included, each with the line it begins on.

    CR, LF and CRLF end a line, mixed as they come; inside quotes they belong to the cell. A record whose
    quotation marks do not match ends the reading with :class:`terms.findings.Refused`: where the next record
    begins cannot be known then, and half a record may look like a whole one.
    """
    csv.field_size_limit(LONGEST_FIELD)
    raw = io.BytesIO(data)
    raw.seek(encoding.mark)
    # newline="": line ends stay as they are, which the csv module needs to tell cell from record.
    text = io.TextIOWrapper(raw, encoding=encoding.codec, errors="strict", newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line, broken = 1, False
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        broken = True
    if broken:
        raise refuse(f"{place}: line {line}", "quotes_broken")


def is_delimiter(text: str) -> bool:
    """Whether the csv module can separate cells by it.

    >>> is_delimiter(";"), is_delimiter(", "), is_delimiter('"')
    (True, False, False)
    """
    return len(text) == 1 and text not in '"\r\n\0 '

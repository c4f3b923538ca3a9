"""The canonical figures and their codes as CSV: every other file of a release says the same numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from publishing.banner import COLUMNS, labels_of
from publishing.wording import clean, neutral, neutral_code
from terms.hierarchy import TOTAL
from terms.release import ReleaseContent

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Excel takes a CSV file without it for the system's own encoding."""
CODE_COLUMNS = ("variable", "code", "label_ja", "label_en")


def cells_csv(content: ReleaseContent) -> bytes:
    """``data/cells.csv``: the frame as it is, a hidden value empty. UTF-8 with BOM, lines end in LF."""
    lines = content.cells.select(COLUMNS).iter_rows()
    return _csv(
        COLUMNS,
        ([*map(_code, words), "" if value is None else value, status] for *words, value, status in lines),
    )


def codes_csv(content: ReleaseContent) -> bytes:
    """``data/codes.csv``: the label of every code that a table may use, ``_T`` and ``_NA`` included."""
    return _csv(
        CODE_COLUMNS,
        (
            [_code(variable), _code(code), neutral(label.ja), neutral(label.en)]
            for variable in variables(content)
            for code, label in labels_of(content, variable).items()
        ),
    )


def variables(content: ReleaseContent) -> tuple[str, ...]:
    """The variables of the published tables in declared order, after ``_T``, the column of one-way tables."""
    used = {*content.cells["row_var"].to_list(), *content.cells["col_var"].to_list()}
    return (TOTAL, *(column.name for column in content.survey.columns if column.name in used))


def _code(code: str) -> str:
    return neutral_code(clean(code))


def _csv(header: Sequence[str], lines: Iterable[Sequence[str | int]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return BYTE_ORDER_MARK + text.getvalue().encode("utf-8")

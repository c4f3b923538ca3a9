"""One small survey, and the same answers written the ways that exports are written."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from storage.reading import ReadResult, read_source
from terms.findings import Finding, ShojiError
from terms.messages import MESSAGES, render
from terms.survey import Role, Source, Survey
from tests.builders import integer_qi, multiple, plain, single, survey

Rows = Sequence[Sequence[str]]

READERS = survey(
    [
        plain("member_no", Role.DIRECT_IDENTIFIER, header="会員番号"),
        plain("email", Role.DIRECT_IDENTIFIER, header="メール"),
        plain("answered_at", Role.TIMESTAMP, header="回答日時"),
        integer_qi("age", 10, 99, [10, 50, 100], header="年齢"),
        single("region", ["福井市", "鯖江市"], role=Role.QUASI_IDENTIFIER, header="居住地"),
        single("q1", ["はい", "いいえ"], header="【問１】 読みましたか"),
        multiple("q2", ["紙", "電子"], header="問2"),
        plain("why", Role.OPEN_TEXT, header="理由"),
        plain("idx", Role.IGNORED, header="メモ", optional=True),
    ]
)
HEADER = ["会員番号", "メール", "回答日時", "年齢", "居住地", "【問１】\n読みましたか"]
HEADER += ["問2: 紙", "問2: 電子", "理由", "メモ"]
ANSWERS = [
    ["M001", "a@example.org", "2026-05-01 10:00:00", "34", "福井市", "はい", "1", "0", "紙が\n好き", "1"],
    ["M002", "b@example.org", "2026-05-02", " 71 ", "鯖江市", "", "0", "1", "", "2"],
    ["", "", "", "", "", "", "", "", "", ""],
    ["M002", "b@example.org", "2026-05-02", "71", "鯖江市", "いいえ", "", "　", 'とても"良い"', "2"],
]
DELIVERED = ["line", "member_no", "answered_at", "age", "region", "q1", "q2__紙", "q2__電子"]
FRAME = [
    ["M001", "2026-05-01 10:00:00", "34", "福井市", "はい", "1", "0"],
    ["M002", "2026-05-02", "71", "鯖江市", None, "0", "1"],
    ["M002", "2026-05-02", "71", "鯖江市", "いいえ", None, None],
]
"""What the answers come to, by hand: one line each, ends trimmed, blank as null."""


def delimited(rows: Rows, *, delimiter: str = ",", end: str = "\r\n", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(rows: Sequence[Sequence[Any]], *, above: int = 0, sheets: Sequence[str] = ("Sheet",)) -> bytes:
    """The rows on the first sheet, ``above`` empty rows on top; an empty text leaves the cell empty."""
    book = openpyxl.Workbook()
    book.active.title = sheets[0]
    for name in sheets[1:]:
        book.create_sheet(name)
    for number, row in enumerate(rows, start=1 + above):
        for position, value in enumerate(row, start=1):
            if value != "":
                book.worksheets[0].cell(number, position, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WRITTEN = {
    "utf8.csv": delimited([HEADER, *ANSWERS]),
    "utf8_with_mark.csv": codecs.BOM_UTF8 + delimited([HEADER, *ANSWERS]),
    "utf16_le.csv": codecs.BOM_UTF16_LE + delimited([HEADER, *ANSWERS], encoding="utf-16-le"),
    "utf16_be.csv": codecs.BOM_UTF16_BE + delimited([HEADER, *ANSWERS], encoding="utf-16-be"),
    "utf16_le_without_mark.csv": delimited([HEADER, *ANSWERS], encoding="utf-16-le"),
    "utf16_be_without_mark.csv": delimited([HEADER, *ANSWERS], encoding="utf-16-be"),
    "cp932.csv": delimited([HEADER, *ANSWERS], encoding="cp932"),
    "cr_only.csv": delimited([HEADER, *ANSWERS], end="\n").replace(b"\n", b"\r"),
    "lf_only.csv": delimited([HEADER, *ANSWERS], end="\n"),
    "tab.tsv": delimited([HEADER, *ANSWERS], delimiter="\t"),
    "semicolon.csv": delimited([HEADER, *ANSWERS], delimiter=";"),
    "packed.csv.gz": gzip.compress(delimited([HEADER, *ANSWERS])),
    "book.xlsx": workbook([HEADER, *ANSWERS]),
}


def read(survey: Survey, folder: Path, content: bytes, name: str = "responses.csv", **source: Any) -> ReadResult:
    """Write the bytes to a file of that name, and read it as the source ``june``."""
    path = folder / name
    path.write_bytes(content)
    return read_source(survey, Source(name="june", path=name, **source), path)


def answers(result: ReadResult) -> list[list[str | None]]:
    """The frame without its line numbers, row by row."""
    return [list(row.values()) for row in result.frame.drop_columns(["line"]).to_pylist()]


def lines(result: ReadResult) -> list[int]:
    return result.frame["line"].to_pylist()


def rules(error: ShojiError) -> list[tuple[str, str]]:
    """Places and rules, every one of which has its sentence in both languages with every slot filled."""
    for finding in error.findings:
        assert finding.rule in MESSAGES
        assert not {"{", "}"} & set(render(finding, "ja") + render(finding, "en"))
    return [(finding.place, finding.rule) for finding in error.findings]


def everything_said(error: BaseException) -> str:
    """Every text that whoever handles the error could print, of it and of whatever is chained to it."""
    said: list[str] = []
    for one in _chain(error):
        said += [str(one), repr(one), repr(one.args), repr(vars(one))]
        for finding in getattr(one, "findings", ()):
            assert isinstance(finding, Finding)
            said += [render(finding, "ja"), render(finding, "en"), repr(finding)]
    return "\n".join(said)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    if error is not None:
        yield error
        yield from _chain(error.__cause__)
        yield from _chain(error.__context__)

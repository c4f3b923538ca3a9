"""Nothing that a file holds is in what is said about it."""

import gzip
from functools import cache

import pytest

from storage.reading import LONGEST_CELL
from terms.findings import Refused, ShojiError
from terms.messages import MESSAGES
from tests.storage.exports import HEADER, READERS, delimited, everything_said, read, rules, workbook

CANARY = "カナリア7f3a"
"""It stands in cells, headers and sheet names, wherever a reader can stumble."""


@cache
def spoiled() -> dict[str, tuple[bytes, dict]]:
    cell = f"{CANARY}, {CANARY}"
    good = [f"{cell}-{position}" for position in range(len(HEADER))]
    wide = delimited([HEADER, good])
    return {
        "ragged": (delimited([HEADER, good, [cell], [*good, cell]]), {}),
        "nul": (delimited([HEADER, [f"{cell}\0", *good[1:]]]), {}),
        "too_long": (delimited([HEADER, [cell * LONGEST_CELL, *good[1:]]]), {}),
        "unknown_header": (delimited([[*HEADER, cell], [*good, cell]]), {}),
        "no_known_header": (delimited([good, good]), {}),
        "one_column": (delimited([[cell], [cell]], delimiter="|"), {}),
        "quotes": (wide + f'"{CANARY}"{CANARY}\n'.encode(), {}),
        "quotes_in_the_header": (f'"{CANARY}"{CANARY}\n'.encode(), {}),
        "open_quote": (wide + f'"{CANARY}\n'.encode(), {}),
        "not_utf8": (wide + CANARY.encode("cp932") + b"\xff", {"encoding": "utf-8"}),
        "not_cp932": (wide + b"\xff\xff", {"encoding": "cp932"}),
        "not_utf16": (wide + b"\xd8", {"encoding": "utf-16"}),
        "no_encoding": (wide + b"\xff" + CANARY.encode("cp932"), {}),
        "two_headers": (delimited([HEADER, HEADER, good]), {"header_rows": 2}),
        "sheet": (workbook([HEADER, good], sheets=("Sheet", CANARY)), {}),
        "wrong_sheet": (workbook([HEADER, good], sheets=(CANARY, "Other")), {"sheet": "None"}),
        "workbook_header": (workbook([[*HEADER, cell], [*good, cell]]), {}),
        "workbook_error": (workbook([HEADER, [*good[:3], "#N/A", *good[4:]]]), {}),
        "workbook_damaged": (workbook([HEADER, good])[:-30] + CANARY.encode(), {}),
        "workbook_cut": (b"PK\x03\x04" + wide, {}),
        "gzip_cut": (gzip.compress(wide)[:-5], {}),
        "keep": (wide, {"keep_field": "region", "keep_values": ("福井市",)}),
    }


@pytest.mark.parametrize("name", spoiled())
def test_what_a_file_holds_is_in_no_finding_and_no_reject(tmp_path, name, capfd, caplog):
    content, source = spoiled()[name]
    said = ""
    try:
        result = read(READERS, tmp_path, content, **source)
    except ShojiError as error:
        said = everything_said(error)
        assert error.__cause__ is None
        assert error.__context__ is None
        assert {rule for _, rule in rules(error)} <= set(MESSAGES)
    else:
        assert result.rejects
        said = repr(result) + repr(result.rejects)
        assert {reject.rule for reject in result.rejects} <= set(MESSAGES)
    printed = capfd.readouterr()
    said += printed.out + printed.err + caplog.text
    assert said
    assert "カナリア" not in said
    assert "7f3a" not in said


def test_the_canary_would_be_found_where_an_error_is_chained():
    def leak():
        try:
            CANARY.encode("ascii")
        except UnicodeEncodeError:
            raise Refused from None

    with pytest.raises(Refused) as refusal:
        leak()
    assert CANARY in everything_said(refusal.value)

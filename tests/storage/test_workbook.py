"""A sheet of a workbook reads like the CSV export of that sheet."""

import io
import random
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from storage import workbook as module
from storage.workbook import Workbook
from terms.findings import Refused
from terms.survey import Role
from tests.builders import plain, single, survey
from tests.storage.exports import answers, everything_said, lines, read, rules, workbook

ANY = survey([plain("a", Role.QUESTION), plain("b", Role.IGNORED)])


def cells(*values):
    return [row[0] for _, row in Workbook("june", workbook([[value] for value in values]), None).records()]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(3, "3", id="whole_number"),
        pytest.param(3.0, "3", id="whole_number_kept_as_a_fraction"),
        pytest.param(-2.5, "-2.5", id="fraction"),
        pytest.param(0.1 + 0.2, "0.3", id="the_15_digits_of_excel"),
        pytest.param(123456789012345, "123456789012345", id="long_number"),
        pytest.param("0001", "0001", id="text_of_digits"),
        pytest.param("1.0", "1.0", id="text_like_a_number"),
        pytest.param(True, "TRUE", id="true"),
        pytest.param(False, "FALSE", id="false"),
        pytest.param("true", "true", id="text_like_a_truth_value"),
        pytest.param(date(2026, 5, 1), "2026-05-01", id="date"),
        pytest.param(datetime(2026, 5, 1), "2026-05-01", id="midnight"),
        pytest.param(datetime(2026, 5, 1, 10, 0), "2026-05-01 10:00:00", id="date_and_time"),
        pytest.param(datetime(2026, 5, 1, 23, 59, 59, 600_000), "2026-05-02", id="rounded_to_the_second"),
        pytest.param(time(9, 30), "09:30:00", id="time_alone"),
        pytest.param("2026-05-01 00:00:00", "2026-05-01 00:00:00", id="text_like_a_date"),
        pytest.param("2026/5/1", "2026/5/1", id="text_of_another_date"),
        pytest.param("紙\nと電子", "紙\nと電子", id="line_break"),
        pytest.param("=HYPERLINK(1)", "", id="formula_never_calculated"),
    ],
)
def test_a_cell_reads_as_a_csv_export_would_write_it(value, text):
    # The other cells make the column hold every type at once.
    assert cells(value, True, date(2020, 2, 2), "x", 1.5) == [text, "TRUE", "2020-02-02", "x", "1.5"]


@pytest.mark.parametrize("above", [0, 1, 5])
def test_rows_have_the_numbers_that_excel_shows(tmp_path, above):
    book = workbook([["a", "b"], ["x", ""], ["", ""], ["y", "z"]], above=above)
    result = read(ANY, tmp_path, book, "book.xlsx")
    assert lines(result) == [above + 2, above + 4]
    assert result.rows_empty == 1


def test_columns_left_of_the_first_used_one_do_not_count(tmp_path):
    book = workbook([["", "a", "b"], ["", "x", ""]])
    assert answers(read(ANY, tmp_path, book)) == [["x"]]


def test_more_rows_than_one_batch_keep_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 7)
    book = workbook([["a", "b"], *[[str(number), ""] for number in range(30)]])
    assert answers(read(ANY, tmp_path, book)) == [[str(number)] for number in range(30)]


def test_an_error_cell_makes_the_row_bad_where_it_is_an_answer(tmp_path):
    made = survey([single("a", "xy"), plain("b", Role.IGNORED)])
    book = workbook([["a", "b"], ["#N/A", "1"], ["x", "#DIV/0!"], ["#REF!", ""], ["", "#N/A"], ["y", ""]])
    result = read(made, tmp_path, book)
    assert answers(result) == [["x"], ["y"]]
    assert [(reject.line, reject.column, reject.rule) for reject in result.rejects] == [
        (2, "a", "cell_is_an_error"),
        (4, "a", "cell_is_an_error"),
    ]
    assert result.rows_empty == 1


# --- sheets ---------------------------------------------------------------------------------------


def two_sheets() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "表紙"
    book.active.append(["nothing"])
    answers_sheet = book.create_sheet("回答")
    answers_sheet.append(["a", "b"])
    answers_sheet.append(["x", "y"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_declared_sheet_is_read(tmp_path):
    assert answers(read(ANY, tmp_path, two_sheets(), sheet="回答")) == [["x"]]


@pytest.mark.parametrize(("sheet", "rule"), [(None, "sheet_not_declared"), ("回答2", "sheet_missing")])
def test_a_sheet_that_is_not_clear_is_refused_without_naming_the_others(tmp_path, sheet, rule):
    with pytest.raises(Refused) as refusal:
        read(ANY, tmp_path, two_sheets(), sheet=sheet)
    assert rules(refusal.value) == [("june", rule)]
    assert refusal.value.findings[0].facts["sheets"] == 2
    assert "表紙" not in everything_said(refusal.value)


# --- no workbook ----------------------------------------------------------------------------------


def damaged(change) -> bytes:
    """A sound zip file, one member of which was changed."""
    sound, changed = zipfile.ZipFile(io.BytesIO(workbook([["a", "b"], ["x", "y"]]))), io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name in sound.namelist():
            content = change(name, sound.read(name))
            if content is not None:
                archive.writestr(name, content)
    return changed.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        pytest.param(b"a,b\nx,y\n", "book.xlsx", "workbook_unreadable", id="text_named_xlsx"),
        pytest.param(workbook([["a", "b"], ["x", "y"]])[:-100], "book.xlsx", "workbook_unreadable", id="cut_off"),
        pytest.param(b"PK\x03\x04", "book.csv", "workbook_unreadable", id="mark_alone"),
        pytest.param(
            damaged(lambda name, content: None if "sheet1" in name else content),
            "book.xlsx",
            "workbook_unreadable",
            id="sheet_lost",
        ),
        pytest.param(
            damaged(lambda name, content: b"<oops" if name == "xl/workbook.xml" else content),
            "book.xlsx",
            "workbook_unreadable",
            id="no_xml",
        ),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "book.xls", "workbook_old_or_locked", id="xls"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "book.csv", "workbook_old_or_locked", id="xls_named_csv"
        ),
    ],
)
def test_what_is_no_sound_workbook_is_refused_with_one_line(tmp_path, content, name, rule):
    with pytest.raises(Refused) as refusal:
        read(ANY, tmp_path, content, name)
    assert rules(refusal.value) == [("june", rule)]
    assert refusal.value.__context__ is None


def test_a_workbook_that_unpacks_to_more_than_any_survey_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 2000)
    with pytest.raises(Refused) as refusal:
        read(ANY, tmp_path, workbook([["a", "b"], ["x", "y"]]))
    assert rules(refusal.value) == [("june", "source_too_large")]


def test_a_flipped_byte_never_changes_an_answer(tmp_path):
    sound = workbook([["a", "b"], *[["x", "y"]] * 50])
    random_bytes = random.Random(20261123)
    outcomes = set()
    for _ in range(300):
        flipped = bytearray(sound)
        flipped[random_bytes.randrange(len(flipped))] ^= 1 << random_bytes.randrange(8)
        try:
            result = read(ANY, tmp_path, bytes(flipped), "book.xlsx")
        except Refused as refusal:
            assert len(refusal.findings) == 1
            outcomes.add("refused")
        else:
            assert answers(result) == [["x"]] * 50
            outcomes.add("read")
    # Bytes that say nothing (times of members) may flip; most say something.
    assert outcomes == {"refused", "read"}

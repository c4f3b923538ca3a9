"""The workbook, read back with other code than wrote it."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.release import build_release
from publishing.workbook import sheet_name
from terms.words import Text
from tests.publishing.golden import DRINK_SHEET, golden


@pytest.fixture(scope="module")
def packed() -> bytes:
    return build_release(golden())["tables.xlsx"]


@pytest.fixture(scope="module")
def book(packed) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(packed))


def grid(sheet) -> list[list[object]]:
    return [[value if value != "" else None for value in row] for row in sheet.iter_rows(values_only=True)]


def test_a_question_is_a_banner_table_with_bases_shares_and_counts(book):
    assert grid(book["01 好きな飲み物"]) == DRINK_SHEET


def test_a_hidden_figure_is_text_and_a_shown_one_a_number(book):
    sheet = book["01 好きな飲み物"]
    assert (sheet["D12"].value, sheet["D12"].data_type) == ("x", "s")
    assert (sheet["C12"].value, sheet["C12"].data_type, sheet["C12"].number_format) == (75, "n", '0"%"')
    assert (sheet["C16"].value, sheet["C16"].data_type, sheet["C16"].number_format) == (45, "n", "#,##0")


def test_a_column_without_a_base_says_that_its_shares_are_of_everyone_asked(book):
    rows = grid(book["02 使うミルク"])
    assert rows[5][2] == "尋ねた人全員に占める%\n% of everyone asked"
    # Those who answered are hidden; a third of everyone asked chose cow's milk.
    assert ["回答した人", "Those who answered", "x"] in rows
    assert ["牛乳", "Cow", 33] in rows
    assert ["Oat", None, "x"] in rows


def test_a_withheld_question_has_a_sheet_and_no_figure(book):
    words = [value for row in grid(book["03 収入"]) for value in row if value is not None]
    assert words == [
        "収入",
        "Income",
        "目次 Contents",
        "この設問の数値は公表しません / No figures are published for this question",
    ]


def test_every_sheet_is_visible_plain_and_linked_from_the_contents(book):
    assert book.sheetnames == [
        "表紙 Cover",
        "目次 Contents",
        "注記 Notes",
        "01 好きな飲み物",
        "02 使うミルク",
        "03 収入",
    ]
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert all(link.target is None for link in links)
    linked = [link.location for link in links]
    assert {location.partition("'!")[0].strip("'") for location in linked} == set(book.sheetnames)
    assert book["01 好きな飲み物"].freeze_panes == "C7"


def test_the_file_says_the_release_date_and_the_controller_and_no_clock(book):
    assert book.properties.creator == "障子出版 / Shoji Press"
    assert book.properties.created == book.properties.modified == datetime(2026, 11, 23)


def test_the_archive_is_stored_and_dated_alike_everywhere(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for member in archive.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert member.create_system == 0
        names = archive.namelist()
    assert [name for name in names if "chart" in name or "comment" in name or "external" in name.lower()] == []


@given(st.integers(1, 200), st.text(max_size=60))
def test_a_sheet_name_is_one_that_excel_accepts(number, label):
    name = sheet_name(number, Text.same(label.replace("\ud800", "")))
    assert 0 < len(name.encode("utf-16-le", "surrogatepass")) // 2 <= 31
    assert not set(name) & set("[]:*?/\\'")
    assert name.startswith(f"{number:02d}")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        pytest.param("あ" * 28, "01 " + "あ" * 28, id="exactly_31"),
        pytest.param("あ" * 29, "01 " + "あ" * 28, id="one_too_many"),
        pytest.param("😀" * 14, "01 " + "😀" * 14, id="two_units_each"),
        pytest.param("😀" * 15, "01 " + "😀" * 14, id="half_a_sign_does_not_fit"),
        pytest.param("[a]:b*?/\\'c'", "01 a b c", id="forbidden"),
    ],
)
def test_a_long_or_forbidden_label_is_cut_or_blanked(label, name):
    assert sheet_name(1, Text.same(label)) == name

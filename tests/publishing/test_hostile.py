"""Hostile words in every declared place come out as plain text, or as U+FFFD, in every file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.release import build_release
from publishing.wording import clean, neutral, neutral_code
from terms.release import ReleaseContent
from terms.survey import Controller
from terms.words import Text
from tests import builders
from tests.publishing.golden import LINES, golden, labelled
from tests.publishing.reading import Page
from tests.publishing.samples import content, frame

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "element": "</title></style></svg><img src=x onerror=alert(1)>",
    "attribute": '" onload="alert(1)" x="',
    "formula": '=HYPERLINK("//example.org","click")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-1+1",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "full_width": "＝1+1",
    "template": "{{7*7}}{% include 'page.css' %}",
    "path": "../../etc/passwd",
    "direction": "abc\u202edcba\u2067x\u200f",
    "nul": "a\x00b\x07\x1b[2Jc\x85d",
    "half_a_pair": "a\ud800b",
    "rich_text": "<r><t>bold</t></r>",
    "excel_escape": "_x0041_",
    "link": "internal:'Sheet'!A1",
    "sheet": "[]:*?/\\'",
    "long": "あ" * 40_000,
    "lines": "one\ntwo\u2028three",
    "cdata": "]]><!--",
    "json": '"},"k":1,{"',
}
UNSEEN = [*map(chr, range(0x20)), "\x7f", "\x85", "\u202e", "\u2067", "\u200f", "\u2028", "\ud800"]


def hostile(text: str) -> ReleaseContent:
    """The golden release with this text in every place that takes words."""
    release = golden()
    word = Text.same(text)
    columns = []
    for column in release.survey.columns:
        named = labelled(column, word, *(word for _ in column.options))
        if named.hierarchy is not None:
            levels = tuple(replace(level, labels=dict.fromkeys(level.labels, word)) for level in named.hierarchy.levels)
            named = replace(named, hierarchy=replace(named.hierarchy, levels=levels))
        columns.append(named)
    controller = Controller(company="shoji_press", name=word, division=word, contact=text)
    survey = replace(release.survey, title=word, controller=controller, licence=word, columns=tuple(columns))
    return replace(release, survey=survey, software_version=text)


@pytest.fixture(scope="module", params=HOSTILE.values(), ids=HOSTILE)
def files(request) -> dict[str, bytes]:
    return build_release(hostile(request.param))


def cells_of(data: bytes) -> list[str]:
    return [cell for line in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in line]


def test_the_page_has_the_elements_of_the_honest_page(files):
    honest, page = Page(build_release(golden())["index.html"]), Page(files["index.html"])
    assert page.tags <= honest.tags
    assert {name for _, given in page.elements for name in given} <= {
        name for _, given in honest.elements for name in given
    }
    assert page.attribute("href") == honest.attribute("href")


def test_no_cell_of_a_csv_file_starts_a_formula(files):
    starting = [
        cell
        for path in ("data/cells.csv", "data/codes.csv")
        for cell in cells_of(files[path])
        if cell.lstrip()[:1] in set("=+-@＝＋－＠\t\r") - {""} and cell
    ]
    assert starting == []


def test_the_workbook_computes_nothing_and_links_nowhere_else(files):
    with zipfile.ZipFile(io.BytesIO(files["tables.xlsx"])) as archive:
        members = archive.namelist()
        sheets = [archive.read(name) for name in members if name.startswith("xl/worksheets/")]
        strings = archive.read("xl/sharedStrings.xml")
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    assert [name for name in members if name.startswith("xl/worksheets/_rels")] == []
    assert b"<r>" not in strings
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_nothing_invisible_is_left_in_any_file(files):
    texts = {path: data.decode("utf-8") for path, data in files.items() if path != "tables.xlsx"}
    with zipfile.ZipFile(io.BytesIO(files["tables.xlsx"])) as archive:
        texts |= {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    for path, text in texts.items():
        assert [sign for sign in UNSEEN if sign in text and sign not in "\n\r"] == [], path
        assert "\r" not in text or path.endswith((".xml", ".rels")), path


def test_the_statement_and_the_package_still_parse_and_say_what_they_said(files):
    statement, honest = (json.loads(given["privacy-statement.json"]) for given in (files, build_release(golden())))
    assert statement.keys() == honest.keys()
    assert (statement["k"], statement["cells"], statement["hidden"]) == (10, honest["cells"], honest["hidden"])
    assert json.loads(files["datapackage.json"])["licenses"][0]["name"]


@pytest.mark.parametrize("name", ["template", "script", "path"])
def test_words_are_shown_and_not_obeyed(name):
    files = build_release(hostile(HOSTILE[name]))
    assert HOSTILE[name] in "".join(Page(files["index.html"]).words)
    assert sorted(files) == sorted(build_release(golden()))


def test_what_the_library_would_take_for_markup_is_text():
    book = openpyxl.load_workbook(io.BytesIO(build_release(hostile(HOSTILE["rich_text"]))["tables.xlsx"]))
    assert book["表紙 Cover"]["A1"].value == " <r><t>bold</t></r>"
    escaped = openpyxl.load_workbook(io.BytesIO(build_release(hostile("_x0041_"))["tables.xlsx"]))
    assert escaped["表紙 Cover"]["A1"].value in {"_x0041_", "_x005F_x0041_"}


def test_a_hostile_code_is_neutral_in_cells_and_codes_alike():
    question = builders.single("q", ["=1+1", "-5"])
    survey = builders.survey([question])
    lines = [
        ("q", "q", code, "_T", "_T", measure, value)
        for code in ("=1+1", "-5")
        for measure, value in (("respondents", 20), ("percent", 50))
    ]
    files = build_release(content(survey, builders.codebook(survey), frame(lines)))
    assert "q,q,'=1+1,_T,_T,respondents,20,shown" in files["data/cells.csv"].decode()
    assert "q,'=1+1,'=1+1,'=1+1" in files["data/codes.csv"].decode()
    # A negative code computes nothing and stays the number it is.
    assert "q,q,-5,_T,_T,respondents,20,shown" in files["data/cells.csv"].decode()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(categories=None), max_size=30))
def test_any_word_gives_a_well_formed_release(text):
    files = build_release(hostile(text))
    Page(files["index.html"])
    openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    assert len(cells_of(files["data/cells.csv"])) == 8 * (len(LINES) + 1)


@given(st.text(st.characters(categories=None)))
def test_clean_text_is_one_visible_line_and_stays_as_it_is(text):
    once = clean(text)
    assert clean(once) == once
    assert not set(UNSEEN) & set(once)
    once.encode("utf-8")


@given(st.text())
def test_a_neutral_text_starts_no_formula(text):
    assert neutral(clean(text)).lstrip(" \u3000")[:1] not in tuple("=+-@＝＋－＠")


@pytest.mark.parametrize(
    ("code", "neutralised"),
    [
        pytest.param("-5", "-5", id="a_number"),
        pytest.param("+5", "+5", id="a_signed_number"),
        pytest.param("-5+A1", "'-5+A1", id="a_formula"),
        pytest.param("-", "'-", id="a_sign"),
        pytest.param("5-9", "5-9", id="a_range"),
    ],
)
def test_only_a_plain_number_may_keep_its_sign(code, neutralised):
    assert neutral_code(code) == neutralised

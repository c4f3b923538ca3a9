"""Every number in every file is a displayed figure or a declared constant: planted ones are found."""

from __future__ import annotations

import io
import json
import random
import zipfile

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.release import build_release
from terms.release import ReleaseContent
from tests import builders
from tests.publishing.golden import AGE, DRINK, MILK, golden
from tests.publishing.reading import Page, json_numbers, numbers, workbook_numbers
from tests.publishing.samples import content, displayed

CONSTANTS = {0, 100}
"""``0 nobody``, and what percentages may not add up to."""


def declared_numbers(release: ReleaseContent) -> set[int]:
    """What may be said besides figures: declared words, dates, the policy's public constants, question numbers."""
    survey = release.survey
    words = [survey.name, str(survey.title), str(survey.controller), str(survey.licence), release.name]
    words += [str(column.label) for column in survey.columns]
    words += [str(option.label) for column in survey.columns for option in column.options]
    words += [str(release.codebook.categories(survey, name)) for name in {*release.cells["row_var"]}]
    words += [day.isoformat() for day in (survey.fieldwork_from, survey.fieldwork_to, release.released_on)]
    public = {survey.policy.k, survey.policy.rounding, release.codebook.version, release.number}
    questions = set(range(1, len({table.row for table in survey.tables}) + 1))
    return CONSTANTS | public | questions | set().union(*map(numbers, words))


def strays(release: ReleaseContent, files: dict[str, bytes]) -> dict[str, set[int]]:
    """Numbers that no reader should see, by file."""
    displayed_figures = set(release.cells["value"].drop_nulls().to_list())
    allowed = displayed_figures | declared_numbers(release)
    cells = pl.read_csv(files["data/cells.csv"])
    shown = {"cells": len(cells), "hidden": int((cells["status"] == "hidden").sum())}
    found = {
        "data/cells.csv": set(cells["value"].drop_nulls().to_list()) - displayed_figures,
        "data/codes.csv": numbers(files["data/codes.csv"].decode("utf-8")) - declared_numbers(release),
        "index.html": Page(files["index.html"]).numbers() - allowed,
        "tables.xlsx": workbook_numbers(files["tables.xlsx"]) - allowed,
        # The version of the format and of the time zone, the name of the encoding.
        "datapackage.json": json_numbers(files["datapackage.json"], {"hash", "bytes", "$schema", "created"})
        - declared_numbers(release)
        - {8},
        # Test A1 is named so; the counts of lines are compared in test_statement.
        "privacy-statement.json": json_numbers(files["privacy-statement.json"], {"files", "software_version", *shown})
        - declared_numbers(release),
    }
    return {path: numbers_found for path, numbers_found in found.items() if numbers_found}


def test_no_file_says_a_number_that_is_not_displayed_or_declared():
    release = golden()
    assert strays(release, build_release(release)) == {}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("data/cells.csv", ",respondents,45,", ",respondents,43,", id="cells"),
        pytest.param("data/codes.csv", ",Tea\n", ",Tea (43)\n", id="codes"),
        pytest.param("index.html", "<td>75%", "<td>71%", id="page_cell"),
        pytest.param("index.html", 'width="75%"', 'width="71%"', id="page_bar"),
        pytest.param("index.html", "</desc>", " 43</desc>", id="page_description"),
        pytest.param("index.html", '<abbr title="', '<abbr title="17 ', id="page_title_attribute"),
        pytest.param("privacy-statement.json", '"k": 10', '"k": 10, "width": 8', id="statement"),
        pytest.param("datapackage.json", '"title": "', '"title": "43 ', id="package"),
    ],
)
def test_a_planted_number_is_found(path, before, after):
    release = golden()
    files = build_release(release)
    text = files[path].decode("utf-8")
    assert before in text
    files[path] = text.replace(before, after, 1).encode("utf-8")
    assert list(strays(release, files)) == [path]


def planted_in_workbook(xlsx: bytes, member: str, before: str, after: str) -> bytes:
    planted = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as source, zipfile.ZipFile(planted, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode("utf-8")
            if name == member:
                assert before in text
                text = text.replace(before, after, 1)
            target.writestr(name, text)
    return planted.getvalue()


@pytest.mark.parametrize(
    ("member", "before", "after"),
    [
        pytest.param("xl/worksheets/sheet4.xml", "<v>45</v>", "<v>43</v>", id="cell"),
        pytest.param("xl/sharedStrings.xml", "<t>x</t>", "<t>x43</t>", id="string"),
        pytest.param("docProps/core.xml", "</dc:title>", " 43</dc:title>", id="property"),
        pytest.param("xl/workbook.xml", 'name="03 ', 'name="43 ', id="sheet_name"),
    ],
)
def test_a_number_planted_in_the_workbook_is_found(member, before, after):
    release = golden()
    files = build_release(release)
    files["tables.xlsx"] = planted_in_workbook(files["tables.xlsx"], member, before, after)
    assert list(strays(release, files)) == ["tables.xlsx"]


def random_release(seed: int, k: int, people: int) -> ReleaseContent:
    choice = random.Random(seed).choices
    survey = builders.survey([AGE, DRINK, MILK], policy=builders.Policy(k=k, rounding=1 if k % 5 else 5))
    crowd = [
        {
            "age": choice(["young", "old", "_NA"], [6, 3, 1])[0],
            "drink": choice(["tea", "coffee", "_NA"], [8, 3, 1])[0],
            "milk": choice(["_NA", ("cow",), ("cow", "oat"), ()], [1, 5, 3, 2])[0],
        }
        for _ in range(people)
    ]
    book = builders.codebook(survey)
    return content(survey, book, displayed(survey, book, crowd))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 20), st.integers(0, 150))
def test_page_and_workbook_say_what_the_cells_say(seed, k, people):
    release = random_release(seed, k, people)
    files = build_release(release)
    assert strays(release, files) == {}
    # Each shown count is in the workbook as often as the banner shows it, and no hidden one is a number.
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    sheet = book[book.sheetnames[3]]
    column = list(sheet.iter_rows(min_row=1, max_col=3, values_only=True))
    counts = column[[row[0] for row in column].index("人数 / People") + 1 :][:2]
    total = {
        (row[2], row[6])
        for row in release.cells.iter_rows()
        if row[:2] == ("drink", "drink") and row[5] == "respondents"
    }
    assert [
        ("tea" if row[0] == "お茶" else "coffee", None if row[2] == "x" else row[2]) in total for row in counts
    ] == [
        True,
        True,
    ]


def test_the_statement_counts_cells_and_hidden_cells():
    statement = json.loads(build_release(golden())["privacy-statement.json"])
    # By hand: drink 5, by age 12, milk 5, income 2; hidden are 4 by age, 3 of milk, 2 of income.
    assert (statement["cells"], statement["hidden"]) == (24, 9)

"""A bad export: one clear line a problem, the right exit code, nothing half-written, no value in any line."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from storage import snapshot
from tests.faults.telling import CANARY, Shoji
from tests.faults.trees import leftovers, tree
from tests.towns import AFTER, SURVEY, Town, townspeople

Cells = list[list[str]]
ANSWERS = 200


def cells(people: int = ANSWERS) -> Cells:
    """A good export as a grid, the canary in every place whose words must not travel."""
    rows = [row | {"氏名": CANARY, "【問5】ご意見": CANARY} for row in townspeople(people)]
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def export(grid: Iterable[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(grid)
    return text.getvalue().encode(encoding)


def with_column(header: str, value: str, rows: int = ANSWERS) -> bytes:
    """A good export whose first rows say this in one column."""
    grid = cells()
    place = grid[0].index(header)
    for row in grid[1 : rows + 1]:
        row[place] = value
    return export(grid)


def renamed(header: str, new: str) -> bytes:
    grid = cells()
    grid[0][grid[0].index(header)] = new
    return export(grid)


def western() -> bytes:
    """CP1252, which says nowhere that it is."""
    grid = [["café €", "crème"], [CANARY.encode("ascii", "ignore").decode(), "naïve"]]
    return export(grid, encoding="cp1252")


Makes = Callable[[], bytes]
Problems = list[tuple[str, str]]
MANY: Problems = [("town_2026", "too_many_rejects")]


def case(name: str, make: Makes, *problems: tuple[str, str]) -> ParameterSet:
    return pytest.param(make, list(problems) or MANY, id=name)


BY_SHAPE = [
    case("empty", lambda: b"", ("responses", "source_empty")),
    case("blank_lines", lambda: b"\xef\xbb\xbf\r\n  \r\n", ("responses", "source_empty")),
    case("header_only", lambda: export(cells()[:1]), ("responses", "source_has_no_rows")),
    case("cp1252", western, ("responses: line 1", "encoding_unknown")),
    case("random_bytes", lambda: b"\xff\x00\xfe\x81" * 999, ("responses: line 1", "encoding_unknown")),
    case(
        "cut_in_a_character",
        lambda: export(cells())[:-2] + "漢".encode()[:2],
        ("responses: line 201", "encoding_does_not_fit"),
    ),
    case("pipes_between_cells", lambda: export(cells(), delimiter="|"), ("responses", "delimiter_wrong")),
    case("a_web_page", lambda: f"<html><p>{CANARY}</p></html>".encode(), ("responses", "delimiter_wrong")),
    case(
        "a_quote_that_never_closes",
        lambda: export(cells()[:5]) + f'"{CANARY}'.encode(),
        ("responses: line 6", "quotes_broken"),
    ),
    case("a_broken_workbook", lambda: b"PK\x03\x04" + CANARY.encode(), ("responses", "workbook_unreadable")),
    case(
        "an_old_workbook",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999),
        ("responses", "workbook_old_or_locked"),
    ),
    case("broken_gzip", lambda: b"\x1f\x8b" + CANARY.encode(), ("responses", "gzip_broken")),
    case(
        "a_column_too_many",
        lambda: export([*row, CANARY] for row in cells()),
        ("responses: column 18", "column_undeclared"),
    ),
    case("a_column_too_few", lambda: export(row[:-1] for row in cells()), ("responses: weight", "column_missing")),
    case(
        "a_header_twice",
        lambda: export([*row, row[7]] for row in cells()),
        ("responses: column 18", "column_undeclared"),
    ),
    case(
        "a_header_misspelt",
        lambda: renamed("年齢", CANARY),
        ("responses: column 8", "column_undeclared"),
        ("responses: age", "column_missing"),
    ),
    case("another_survey", lambda: export([["a", "b"], [CANARY, "1"]]), ("responses", "no_declared_column")),
    case("every_row_ragged", lambda: export([cells()[0], *(row[:-1] for row in cells()[1:])])),
    case("every_row_with_a_nul", lambda: with_column("【問5】ご意見", f"{CANARY}\0")),
]

BY_CONTENT = [
    case("every_date_impossible", lambda: with_column("回答日時", "2026-02-30 10:00:00")),
    case("every_age_impossible", lambda: with_column("年齢", "999")),
    case("every_age_in_words", lambda: with_column("年齢", CANARY)),
    case("every_weight_in_words", lambda: with_column("ウェイト", CANARY)),
    case("every_key_empty", lambda: with_column("会員番号", "")),
    case("nobody_agreed", lambda: with_column("同意", "0"), ("town_2026", "nobody_answered")),
    case(
        "an_undeclared_area",
        lambda: with_column("地区", CANARY, rows=1),
        ("columns.area", "undeclared_quasi_identifier"),
    ),
    case(
        "everybody_is_one_member",
        lambda: with_column("会員番号", CANARY),
        ("town_2026", "every_class_holds_k"),
        ("town_2026.income", "every_class_holds_l"),
    ),
]


@pytest.mark.parametrize(("make", "problems"), BY_SHAPE)
def test_a_bad_file_is_refused_in_one_line_a_problem(
    make: Makes, problems: Problems, published: Town, told: Shoji, shoji: Shoji
):
    before = tree(published.home.released)
    published.export.write_bytes(make())
    for said in (told("check", published.declaration), shoji("release", published.declaration, "--json")):
        assert (said.code, said.reads_clearly().rules) == (1, problems)
    assert tree(published.home.released) == before
    assert leftovers(published) == []


@pytest.mark.parametrize(("make", "problems"), BY_CONTENT)
def test_bad_answers_are_refused_in_one_line_a_problem(make: Makes, problems: Problems, published: Town, shoji: Shoji):
    before = tree(published.home.released)
    published.export.write_bytes(make())
    said = shoji("release", published.declaration, "--as-of", AFTER, "--json").reads_clearly()
    assert (said.code, said.rules) == (1, problems)
    assert (said.json["release"], said.json["verdict"]) == (str(published.releases()[0]), "FAIL")
    assert tree(published.home.released) == before
    assert leftovers(published) == []


def no_file(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("verb", ["check", "ingest", "release"])
@pytest.mark.parametrize(
    ("make", "rule"),
    [(no_file, "source_missing"), (a_folder, "source_is_a_folder"), (a_pipe, "source_not_a_file")],
)
def test_what_is_no_file_is_refused(verb: str, make: Callable, rule: str, published: Town, told: Shoji):
    make(published.export)
    said = told(verb, published.declaration)
    assert (said.code, said.rules) == (1, [("responses", rule)])


def test_a_source_that_changes_while_it_is_read_is_a_fault(published: Town, told: Shoji, monkeypatch):
    before, read = tree(published.home.released), snapshot._read

    def read_and_append(file: io.BufferedReader) -> bytes:
        data = read(file)
        with published.export.open("ab") as export:
            export.write(CANARY.encode())
        return data

    monkeypatch.setattr(snapshot, "_read", read_and_append)
    said = told("release", published.declaration, "--as-of", AFTER)
    assert (said.code, said.rules) == (3, [("responses", "source_changed")])
    assert tree(published.home.released) == before


@pytest.mark.parametrize("encoding", ["utf-16", "cp932"])
def test_another_encoding_is_found_out(encoding: str, planned: Town, shoji: Shoji):
    planned.export.write_bytes(export(cells(), encoding=encoding))
    said = shoji("release", planned.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"]) == (0, "published"), said
    assert len(rejected(planned)) == 0


BAD_ROWS = [
    ("年齢", "-5", "age,out_of_range"),
    ("年齢", "9" * 400, "age,out_of_range"),
    ("年齢", CANARY, "age,out_of_range"),
    ("回答日時", "2026-02-30 10:00:00", "answered_at,date_impossible"),
    ("回答日時", "infinity", "answered_at,date_impossible"),
    ("回答日時", "1066-10-14 09:00:00", "answered_at,outside_fieldwork"),
    ("【問1】入手方法", "'; DROP TABLE raw.town_2026; --", "how,undeclared_code"),
    ("【問5】ご意見", CANARY + "x" * 10_000_000, "opinion,cell_too_long"),
    ("【問5】ご意見", f"{CANARY}\0", "opinion,nul_in_row"),
]
"""Header, what the row says there, and what the reject report says of it."""


def test_a_few_bad_rows_are_left_out_and_reported_without_their_values(planned: Town, shoji: Shoji):
    grid = cells()
    for line, (header, value, _) in enumerate(BAD_ROWS, start=1):
        grid[line][grid[0].index(header)] = value
    grid[len(BAD_ROWS) + 1].pop()
    planned.export.write_bytes(export(grid))
    said = shoji("release", planned.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"]) == (0, "published"), said
    told = [f"responses,{line},{rule}" for line, (_, _, rule) in enumerate(BAD_ROWS, start=2)]
    assert sorted(rejected(planned)) == sorted([*told, f"responses,{len(BAD_ROWS) + 2},,ragged_row"])


def rejected(town: Town) -> list[str]:
    """The lines of the reject report."""
    return (town.home.rejects / f"{SURVEY}.csv").read_text(encoding="utf-8-sig").splitlines()[1:]


def test_check_counts_bad_rows_and_says_where_they_are(planned: Town, shoji: Shoji):
    planned.export.write_bytes(with_column("【問5】ご意見", f"{CANARY}\0", rows=3))
    said = shoji("check", planned.declaration, "--lang", "en")
    report = planned.home.rejects / "town_2026.csv"
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "town_2026: ok",
        f"  rows left out: 3; where and why (no values): {report}",
    ]
    assert report.read_text(encoding="utf-8-sig").splitlines()[1:] == [
        f"responses,{line},opinion,nul_in_row" for line in (2, 3, 4)
    ]


def test_after_any_bad_export_the_good_one_finds_everything_as_it_was(published: Town, shoji: Shoji):
    good, before = published.export.read_bytes(), tree(published.home.released)
    makes = {one.id: one.values[0] for one in (*BY_SHAPE, *BY_CONTENT)}
    for name in ("header_only", "a_column_too_many", "every_row_ragged", "an_undeclared_area"):
        published.export.write_bytes(makes[name]())
        assert shoji("release", published.declaration, "--as-of", AFTER).code == 1
    published.export.write_bytes(good)
    said = shoji("release", published.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"]) == (0, "unchanged")
    assert tree(published.home.released) == before

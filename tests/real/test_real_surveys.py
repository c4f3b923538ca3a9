"""The four public data sets: what is counted is what their publishers say, or what plain Python counts in the file."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from storage.warehouse import Warehouse
from terms.query import Query
from tests.real.conftest import REAL

pytestmark = pytest.mark.real


def data(*parts: str) -> Path:
    return Path(os.environ["SHOJI_DATA"]).joinpath("datasets", *parts)


def rows_of(*parts: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file: the csv module, none of our readers."""
    path = data(*parts)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def facts(name: str) -> dict:
    return json.loads(data(name, "facts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REAL)
def test_a_real_survey_is_published(name, walked):
    run = walked(name).run
    assert (run.outcome.value, run.reasons, run.exit_code) == ("published", [], 0)
    assert run.rejects == []
    assert (run.release / "index.html").is_file() and (run.release / "tables.xlsx").is_file()


# --- United Kingdom: frequency tables of the publisher ---------------------------------------------


def published_figures(file: str) -> dict[str, int]:
    """Label -> people, as the publisher printed them; an answer that nobody gave is printed without a figure."""
    with data("rse_uk_2016", "published", file).open(encoding="utf-8-sig", newline="") as figures:
        _, *lines = csv.reader(figures)
    return {label: int(float(figure)) for label, figure in lines if figure}


def test_the_68_published_cells_equal_ours_before_protection(walked):
    rse = walked("rse_uk_2016")
    compared = 0
    for file, told in facts("rse_uk_2016")["published_vs_public_data (published,ours)"].items():
        column = rse.run.survey.column(Path(file).stem.lower())
        code_of = {value: option.code for option in column.options for value in option.values}
        blank = next((option.code for option in column.options if option.includes_no_answer), "_NA")
        figures = {code_of.get(label, blank): people for label, people in published_figures(file).items()}
        assert len(figures) == told["cells"]
        ours = rse.one_way(column.name) if column.role.is_answer else in_clean(rse.run, column.name)
        assert {code: ours.get(code, 0) for code in figures} == figures, column.name
        assert sum(ours.values()) == 273
        compared += len(figures)
    assert compared == 68


def in_clean(run, variable: str) -> dict[str, int]:
    """Code -> people of a quasi-identifier at its finest: tables have it at the level of the codebook."""
    with Warehouse.open(run.setting.home, read_only=True) as warehouse:
        query = Query(sql=f'SELECT "{variable}" AS code, count(*) AS people FROM clean."{run.survey.name}" GROUP BY 1')
        return dict(warehouse.run(query).iter_rows())


@pytest.mark.parametrize("variable", ["socio2", "socio3"])
def test_generalised_groups_are_sums_of_the_published_cells(variable, walked):
    rse = walked("rse_uk_2016")
    column = rse.run.survey.column(variable)
    group_of = column.hierarchy.levels[1].group_of
    code_of = {value: option.code for option in column.options for value in option.values}
    sums: Counter[str] = Counter()
    blank = next((option.code for option in column.options if option.includes_no_answer), "_NA")
    for label, people in published_figures(f"{variable}.csv").items():
        sums[group_of[code_of.get(label, blank)]] += people
    assert {code: people for code, people in rse.one_way(variable).items() if people} == dict(sums)


def test_a_question_that_everybody_answered_alike_is_withheld(walked):
    rse = walked("rse_uk_2016")
    told = [line for line in rse.cells if line["row_var"] == "socio1" and line["row"] != "_T"]
    assert told and {line["status"] for line in told} == {"hidden"}


# --- Fukui, visitors: members who answered more than once ------------------------------------------

KANKO = ("202207.csv", "202303.csv", "202304.csv")
MEMBER, STAMP = "会員ID", "回答日時"


def first_answers() -> tuple[list[dict[str, str]], int, int]:
    """Each member's first answer; rows read; members who answered more than once."""
    lines = []
    for name in KANKO:
        header, rows = rows_of("fukui_kanko_survey", "monthly", name)
        lines += [dict(zip(header, row, strict=True)) for row in rows]
    times = Counter(line[MEMBER] for line in lines)
    first: dict[str, dict[str, str]] = {}
    for line in sorted(lines, key=lambda line: line[STAMP]):
        first.setdefault(line[MEMBER], line)
    return list(first.values()), len(lines), sum(count > 1 for count in times.values())


def test_the_first_answer_of_every_member_counts(walked):
    kanko, (people, rows, repeated) = walked("fukui_kanko_survey"), first_answers()
    assert (rows, len(people), repeated) == (2_027, 1_314, 275)
    assert kanko.run.respondents == {"read": 2_027, "people": 1_314}
    for name in ("income", "nights", "satisfaction", "companion", "gender", "age"):
        column = kanko.run.survey.column(name)
        code_of = {value: option.code for option in column.options for value in option.values}
        blank = next((option.code for option in column.options if option.includes_no_answer), "_NA")
        (header,) = {header for header in column.headers if header in people[0]}
        counted = Counter(code_of.get(line[header].strip(), blank) for line in people)
        ours = kanko.one_way(name) if column.role.is_answer else in_clean(kanko.run, name)
        assert {code: people for code, people in ours.items() if people} == dict(counted), name


def test_the_last_answer_would_have_given_other_counts():
    """The control: were it all the same which answer counts, the test above would show nothing."""
    first, _, _ = first_answers()
    last: dict[str, str] = {}
    for name in KANKO:
        header, rows = rows_of("fukui_kanko_survey", "monthly", name)
        place = {text: number for number, text in enumerate(header)}
        for row in sorted(rows, key=lambda row: row[place[STAMP]]):
            last[row[place[MEMBER]]] = row[place["満足度"]]
    assert Counter(line["満足度"] for line in first) != Counter(last.values())


def test_every_option_of_a_multiple_question_counts_its_members(walked):
    kanko, (people, _, _) = walked("fukui_kanko_survey"), first_answers()
    column = kanko.run.survey.column("purpose")
    ours = kanko.one_way("purpose")
    assert sum(ours.values()) > len(people)  # options do not add up
    said = [{part.strip() for part in line["訪問目的ALL"].splitlines()} for line in people]
    declared = {value for option in column.options for value in option.values}
    for option in column.options:
        # Words of the respondent's own stand where no option does.
        mine = [bool(parts & {*option.values} or (option.free_text and parts - declared - {""})) for parts in said]
        assert ours[option.code] == sum(mine), option.code


# --- Fukui, residents: joined answers, repeated headers ---------------------------------------------


def test_the_civic_wave_is_counted_town_by_town_and_answer_by_answer(walked):
    civic = walked("fukui_civic_voice")
    header, rows = rows_of("fukui_civic_voice", "kanko_20240117-1.csv")
    texts = [" ".join(text.split()) for text in header]
    assert civic.run.respondents == {"read": len(rows), "people": len(rows)} == {"read": 1_314, "people": 1_314}
    towns = Counter(row[0] for row in rows)
    assert len(towns) == len(civic.run.survey.column("town").options) == 17
    for name in ("q2", "q5", "q8", "q12", "q13", "q14"):
        column = civic.run.survey.column(name)
        place = texts.index(column.headers[0])
        code_of = {value: option.code for option in column.options for value in option.values}
        counted = Counter(code_of[row[place].strip()] for row in rows)
        assert {code: people for code, people in civic.one_way(name).items() if people} == dict(counted), name


@pytest.mark.parametrize("question", ["q10", "q11"])
def test_a_joined_answer_is_taken_apart_option_by_option(question, walked):
    civic = walked("fukui_civic_voice")
    header, rows = rows_of("fukui_civic_voice", "kanko_20240117-1.csv")
    column = civic.run.survey.column(question)
    place = [" ".join(text.split()) for text in header].index(column.headers[0])
    chosen = Counter(part.strip() for row in rows for part in row[place].split(", "))
    ours = civic.one_way(question)
    assert {option.code: ours[option.code] for option in column.options} == {
        option.code: chosen[option.values[0]] for option in column.options
    }
    assert sum(chosen.values()) > len(rows) == civic.exact[(question, "_ANS", "_T")] + ours["_NA"]


# --- United States: one year, weighted --------------------------------------------------------------


def test_one_year_of_the_general_social_survey_is_counted(walked):
    gss, known = walked("gss_1972_2024"), facts("gss_1972_2024")
    assert gss.run.respondents["people"] == known["rows_by_year"]["2018"] == 2_348
    happy, told = gss.one_way("happy"), known["unweighted_happy_2018"]
    assert happy == {"very": 701, "pretty": 1_307, "not_too": 336, "_NA": 4}
    assert sorted(happy.values()) == sorted(told.values())


def test_weighted_shares_are_the_known_ones_to_the_percent(walked):
    gss, known = walked("gss_1972_2024"), facts("gss_1972_2024")["weighted_happy_2018_wtssall"]
    shown = {
        line["row"]: int(line["value"])
        for line in gss.cells
        if (line["table"], line["col"], line["measure"], line["status"]) == ("happy", "_T", "weighted_percent", "shown")
    }
    for code, answer in (("very", "Very Happy"), ("pretty", "Pretty Happy"), ("not_too", "Not Too Happy")):
        assert abs(shown[code] - 100 * known[answer]) <= 1, code
    unweighted = {code: 100 * people / 2_344 for code, people in gss.one_way("happy").items()}
    assert abs(unweighted["not_too"] - 100 * known["Not Too Happy"]) > 1  # the control: weights make a difference

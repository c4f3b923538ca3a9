"""The shipped declarations say what the files say. Expected figures: the data sets' own published tables and facts."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from terms import shapes
from terms.findings import Refused
from terms.reading import read_survey
from tests.data.exports import (
    ROOT,
    SURVEYS,
    classes_of,
    code_of,
    data_folder,
    day_of,
    declared,
    headers_of,
    lines_of,
    parts_of,
    people_of,
    problems_of,
    undeclared,
)

SHIPPED = sorted(path.parent.name for path in SURVEYS.glob("*/survey.yaml"))
REAL = [
    pytest.param(name, marks=pytest.mark.real)
    for name in ("rse_uk_2016", "fukui_kanko_survey", "fukui_civic_voice", "gss_1972_2024")
]
README = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)[1]
GOOD_LEVELS = {
    # Levels that an analyst would choose, and the smallest class of their cross, counted outside this code.
    "reader_2026": ({"age": 2, "gender": 2, "region": 2}, 15),
    "rse_uk_2016": ({"socio2": 1, "socio3": 1}, 10),
    "fukui_kanko_survey": ({"gender": 2, "age": 2, "prefecture": 2}, 14),
    "fukui_civic_voice": ({"town": 2, "age": 2, "gender": 1}, 14),
    "gss_1972_2024": ({"age": 2, "sex": 0, "race": 1, "bigregion": 0}, 11),
}


def test_the_house_ships_the_demo_and_four_public_data_sets():
    assert set(SHIPPED) >= set(GOOD_LEVELS)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_declaration_reads_without_a_problem(name):
    assert declared(name).name == name


@pytest.mark.parametrize("name", SHIPPED)
def test_whatever_readers_see_is_labelled_in_japanese_and_in_english(name):
    survey = declared(name)
    texts = [survey.title, survey.controller.name, survey.controller.division]
    for column in survey.columns:
        if column.kind is not None:
            texts += [column.label, *(option.label for option in column.options)]
            levels = column.hierarchy.levels if column.hierarchy else ()
            texts += [label for level in levels for label in level.labels.values()]
    assert [text for text in texts if _japanese(text.en) or (_english(text.en) and not _japanese(text.ja))] == []


def test_a_label_in_one_language_only_would_be_noticed():
    assert _japanese("Kyoto 京都") and _english("Very happy") and not _english("Instagram") and not _english("18-29")


def _japanese(text: str) -> bool:
    return bool(re.search(r"[ぁ-ヿ一-鿿]", text))


def _english(text: str) -> bool:
    """Whether a text has words that would have to be translated (a proper name or a figure need not be)."""
    return bool(re.search(r"\b[a-z]{3,}\b", text))


def test_the_example_in_the_readme_is_a_whole_declaration(tmp_path):
    (tmp_path / "survey.yaml").write_text(EXAMPLE, encoding="utf-8")
    names = [table.name for table in read_survey(tmp_path / "survey.yaml").tables]
    assert names == ["age", "satisfaction", "satisfaction_by_age"]


def test_a_misspelt_field_in_the_example_would_be_noticed(tmp_path):
    (tmp_path / "survey.yaml").write_text(EXAMPLE.replace("purpose:", "porpoise:"), encoding="utf-8")
    with pytest.raises(Refused):
        read_survey(tmp_path / "survey.yaml")


def test_the_readme_explains_every_field_a_declaration_can_have():
    models = [model for name, model in vars(shapes).items() if name.endswith("Shape") and name != "CodebookShape"]
    fields = {field.alias or name for model in models for name, field in model.model_fields.items()}
    assert len(fields) > 40
    assert [name for name in sorted(fields) if not re.search(rf"`{re.escape(name)}\b", README)] == []


@pytest.mark.parametrize("name", ["reader_2026", *REAL])
def test_a_declaration_names_every_column_of_every_file(name):
    survey = declared(name)
    for headers in headers_of(survey):
        assert undeclared(survey, headers) == set()
        assert [f.name for f in survey.fields() if not (f.optional or set(f.headers) & headers)] == []


@pytest.mark.real
def test_a_column_that_nobody_declared_would_be_noticed():
    survey = declared("fukui_kanko_survey")
    assert undeclared(survey, headers_of(survey)[0] | {"新しい列"}) == {"新しい列"}


@pytest.mark.parametrize("name", REAL)
def test_every_answer_in_the_data_is_declared(name):
    survey = declared(name)
    assert Counter(problem for line in lines_of(survey) for problem in problems_of(survey, line)) == {}


@pytest.mark.real
def test_an_answer_that_nobody_declared_would_be_noticed():
    survey = declared("fukui_civic_voice")
    line = {**lines_of(survey)[0], "town": "東京", "q9": lines_of(survey)[0]["q9"] + ", 新しい選択肢", "age": ""}
    assert list(problems_of(survey, line)) == ["town", "q9"]


@pytest.mark.parametrize("name", REAL)
def test_every_declared_answer_of_a_question_occurs_in_the_data(name):
    """A misspelt option would go unnoticed: nobody would ever have chosen it."""
    survey = declared(name)
    unused = []
    for column in survey.questions:
        if not column.in_own_columns:
            written = {part for line in lines_of(survey) for part in parts_of(column, line[column.name])}
            unused += [(column.name, option.code) for option in column.options if not set(option.values) & written]
    assert unused == []


@pytest.mark.parametrize("name", ["reader_2026", *REAL])
def test_the_hierarchies_offer_levels_at_which_every_class_has_k_people(name):
    survey = declared(name)
    levels, smallest = GOOD_LEVELS[name]
    people = people_of(survey)
    assert min(classes_of(survey, people, levels).values()) == smallest >= survey.policy.k
    assert min(classes_of(survey, people, dict.fromkeys(levels, 0)).values()) < survey.policy.k


@pytest.mark.real
def test_the_published_figures_of_the_rse_survey_are_the_counts_of_the_declared_answers():
    survey, folder = declared("rse_uk_2016"), data_folder() / "rse_uk_2016"
    files = json.loads((folder / "facts.json").read_text(encoding="utf-8"))["published_vs_public_data (published,ours)"]
    cells = 0
    for file in files:
        column = survey.column(Path(file).stem.lower())
        ours = Counter(code_of(column, line[column.name]) for line in lines_of(survey))
        with (folder / "published" / file).open(encoding="utf-8-sig", newline="") as published:
            _, *figures = csv.reader(published)
        for label, figure in figures:
            if figure:  # an answer that nobody gave is printed without one
                assert ours[code_of(column, label)] == int(float(figure)), (column.name, label)
                cells += 1
        assert ours.total() == 273
        assert column.name in {table.row for table in survey.tables}
    assert (len(files), cells) == (12, 68)


@pytest.mark.real
def test_the_tourism_survey_has_more_answers_than_people():
    survey = declared("fukui_kanko_survey")
    answers = Counter(line["member"] for line in lines_of(survey))
    assert (answers.total(), len(answers), sum(times > 1 for times in answers.values())) == (2_027, 1_314, 275)
    days = {day_of(line) for line in lines_of(survey)}
    assert (min(days), max(days)) == (survey.fieldwork_from, survey.fieldwork_to)


@pytest.mark.real
def test_the_civic_wave_has_its_people_and_towns():
    survey = declared("fukui_civic_voice")
    towns = Counter(code_of(survey.column("town"), line["town"]) for line in lines_of(survey))
    assert (towns.total(), len(towns), len(survey.column("town").options)) == (1_314, 17, 17)


@pytest.mark.real
def test_one_year_of_the_general_social_survey_has_its_known_counts():
    survey, facts = declared("gss_1972_2024"), _gss_facts()
    happy = Counter(code_of(survey.column("happy"), line["happy"]) for line in lines_of(survey))
    assert len(lines_of(survey)) == len({line["id"] for line in lines_of(survey)}) == facts["rows_by_year"]["2018"]
    known = facts["unweighted_happy_2018"]
    assert [happy[code] for code in ("very", "pretty", "not_too", "_NA")] == [
        known[answer] for answer in ("Very Happy", "Pretty Happy", "Not Too Happy", "nan")
    ]


@pytest.mark.real
def test_the_weight_classes_of_the_general_social_survey_keep_its_known_percentages():
    survey, known = declared("gss_1972_2024"), _gss_facts()["weighted_happy_2018_wtssall"]
    classes = [float(weight) for weight in survey.weight.weight_classes]
    totals: Counter[str] = Counter()
    for line in lines_of(survey):
        if line["happy"]:
            totals[line["happy"]] += min(classes, key=lambda weight, own=float(line["weight"]): abs(weight - own))
    shares = {answer: round(100 * total / totals.total()) for answer, total in totals.items()}
    assert shares == {answer: round(100 * share) for answer, share in known.items()}


def _gss_facts() -> dict:
    return json.loads((data_folder() / "gss_1972_2024" / "facts.json").read_text(encoding="utf-8"))

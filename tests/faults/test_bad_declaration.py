"""A bad or hostile declaration: refused in one line a problem, or published with its hostile words made harmless."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.telling import Shoji
from tests.faults.trees import leftovers, tree
from tests.towns import AFTER, DECLARATION, Town

HOSTILE_NAMES = {
    "up": "../../x",
    "absolute": "/etc/x",
    "sql": "x'; DROP TABLE raw.town_2026; --",
    "markup": "<script>",
    "formula": "=HYPERLINK(1)",
    "upper": "Town",
    "empty": "",
    "long": "a" * 70,
    "line_end": "town\\n",
    "nul": "to\\0wn",
}
PLACES = {
    "survey": ("survey: town_2026", "survey: {}"),
    "controller.company": ("company: shoji_press", "company: {}"),
    "sources[0].name": ("name: responses", "name: {}"),
    "respondents.scope": ("repeat: first", "repeat: first, scope: {}"),
    "columns": ("  income:\n", "  {}:\n"),
    "columns.how.options": ("{post: 郵送", "{{ {}: 郵送"),
}


def changed(old: str, new: str) -> str:
    assert old in DECLARATION
    return DECLARATION.replace(old, new)


@pytest.mark.parametrize("hostile", HOSTILE_NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_name_is_refused_where_it_stands(place: str, hostile: str, planned: Town, told: Shoji):
    old, new = PLACES[place]
    if place == "columns.how.options" and hostile in {"upper", "long"}:
        hostile = "up"  # codes may be long and begin with a capital
    text = changed(old, new.format(f'"{HOSTILE_NAMES[hostile]}"'))
    planned.declaration.write_text(text, encoding="utf-8")
    said = told("release", planned.declaration)
    assert said.code == 1
    assert {at.startswith(place) for at, _ in said.rules} == {True}
    assert {rule for _, rule in said.rules} <= {"name_malformed", "code_malformed", "control_character"}
    assert not planned.home.path.exists()


POLICY = "preset: once\npolicy: "
LADDER = "      - {intervals: [15, 45]}"
AREA = "    options:\n      north:"

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefgh")
)
"""Nine to the eighth power, in eight lines."""

REFUSED = [
    ("k_of_one", changed("preset: once", POLICY + "{k: 1}"), [("policy.k", "policy_k_too_small")]),
    ("k_in_words", changed("preset: once", POLICY + "{k: ten}"), [("policy.k", "number_malformed")]),
    (
        "rules_that_protect_nobody",
        changed("preset: once", POLICY + "{k: 2, s: 0, rounding: 0, reject_limit_pct: 101}"),
        [
            ("policy.k", "policy_k_too_small"),
            ("policy.s", "policy_s_too_small"),
            ("policy.rounding", "policy_rounding_too_small"),
            ("policy.reject_limit_pct", "percent_out_of_range"),
        ],
    ),
    (
        "rounding_above_k",
        changed("preset: once", POLICY + "{k: 10, rounding: 11}"),
        [("policy.rounding", "policy_rounding_above_k")],
    ),
    (
        "a_width_of_nothing",
        changed("preset: once", POLICY + "{width: 0}"),
        [("policy.width", "policy_width_not_promised")],
    ),
    (
        "a_hierarchy_that_misses_a_value",
        changed(AREA, f"    hierarchy: [{{groups: {{flat: {{codes: [north, hills]}}}}}}]\n{AREA}"),
        [("columns.area.hierarchy[1]", "hierarchy_misses_code")],
    ),
    (
        "a_level_that_misses_83_values",
        changed(LADDER, "      - {groups: {young: {codes: [15, 16]}}}"),
        [("columns.age.hierarchy[2]", "hierarchy_misses_code")],
    ),
    (
        "a_hierarchy_with_a_gap",
        changed(LADDER, "      - {intervals: [16, 45]}"),
        [("columns.age.hierarchy[2]", "hierarchy_intervals_do_not_cover")],
    ),
    (
        "a_hierarchy_file_that_is_not_there",
        changed(LADDER, "      - {file: ../../../etc/none.csv}"),
        [("columns.age.hierarchy[2]", "hierarchy_file_unreadable")],
    ),
    ("a_range_backwards", changed("[15, 99]", "[99, 15]"), [("columns.age", "integer_needs_range")]),
    ("a_range_without_end", changed("[15, 99]", "[0, 99999999]"), [("columns.age", "integer_needs_range")]),
    ("a_role_left_open", changed("role: sensitive", "label: x"), [("columns.income.role", "role_open")]),
    ("30_february", changed("from: 2026-05-11", "from: 2026-02-30"), [("fieldwork.from", "date_malformed")]),
    ("fieldwork_backwards", changed("from: 2026-05-11", "from: 2027-05-11"), [("fieldwork", "fieldwork_backwards")]),
    ("a_word_misspelt", changed("preset: once", "preset: once\npolcy: {k: 3}"), [("polcy", "field_unknown")]),
    (
        "a_break_that_is_a_question",
        changed("by: [age, area]", "by: [how]"),
        [("tables[1].by", "break_not_quasi_identifier")],
    ),
    ("a_key_twice", DECLARATION + "preset: once\n", [("survey.yaml: line 68", "declaration_key_repeated")]),
    ("a_raw_nul", DECLARATION + "x: a\0b\n", [("survey.yaml", "declaration_not_yaml")]),
    ("code_in_a_tag", DECLARATION + "x: !!python/name:os.system\n", [("survey.yaml: line 68", "declaration_not_yaml")]),
    ("nothing", "", [("survey.yaml", "declaration_not_a_mapping")]),
    ("a_table_instead", "a,b\n1,2\n", [("survey.yaml", "declaration_not_a_mapping")]),
    ("too_deep", "[" * 5000, [("survey.yaml", "declaration_unfolds_too_far")]),
    ("aliases_of_aliases", LAUGHS, [("survey.yaml", "declaration_unfolds_too_far")]),
    (
        "three_problems_at_once",
        changed("role: sensitive", "role: secret").replace("from: 2026-05-11", "from: never") + "policy: {k: x}\n",
        [
            ("fieldwork.from", "date_malformed"),
            ("policy.k", "number_malformed"),
            ("columns.income.role", "choice_unknown"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "problems"), [pytest.param(*rest, id=name) for name, *rest in REFUSED])
def test_a_bad_declaration_is_refused_before_anything_is_opened(text: str, problems: list, planned: Town, told: Shoji):
    planned.declaration.write_text(text, encoding="utf-8")
    for verb in ("check", "release"):
        said = told(verb, planned.declaration)
        assert (said.code, said.rules) == (1, problems)
    assert not planned.home.path.exists()


OF_THE_FILE = [
    ("cp932_for_utf_8", "encoding: cp932", 1, [("responses: line 1", "encoding_does_not_fit")]),
    ("utf_16_for_utf_8", "encoding: utf-16", 1, [("responses: line 1", "encoding_does_not_fit")]),
    ("no_such_encoding", "encoding: ../../x", 1, [("responses", "encoding_name_unknown")]),
    ("no_encoding_of_files", "encoding: rot13", 1, [("responses", "encoding_name_unknown")]),
    ("another_delimiter", 'delimiter: "|"', 1, [("responses", "delimiter_wrong")]),
    ("a_quote_as_delimiter", "delimiter: '\"'", 1, [("responses", "delimiter_not_one_character")]),
    ("a_second_header_row", "header_rows: 2", 1, [("responses", "header_rows_wrong")]),
    ("nothing_to_keep", "keep: {column: agreed, values: [x]}", 1, [("responses", "keep_leaves_nothing")]),
    ("data_that_lie_nowhere", "from_data: true", 1, [("sources.responses", "data_folder_unknown")]),
]


@pytest.mark.parametrize(("says", "code", "problems"), [pytest.param(*rest, id=name) for name, *rest in OF_THE_FILE])
def test_a_declaration_that_does_not_fit_its_file_is_refused(
    says: str, code: int, problems: list, published: Town, told: Shoji
):
    before = tree(published.home.released)
    published.declare("file: responses.csv", f"file: responses.csv, {says}")
    said = told("release", published.declaration, "--as-of", AFTER)
    assert (said.code, said.rules) == (code, problems)
    assert tree(published.home.released) == before


FORMULA = '=HYPERLINK("http://evil.example";"click")'
HOSTILE_LABELS = [
    FORMULA,
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "'; DROP TABLE raw.town_2026; --",
    "a\u202eb",
]


def test_hostile_labels_are_published_as_harmless_words(planned: Town, shoji: Shoji):
    labels = iter(HOSTILE_LABELS)
    text = re.sub(
        r"ja: (町のアンケート|北|南|郵送|サイト)(?=[,}])", lambda _: f"ja: {quoted(next(labels))}", DECLARATION
    )
    text = text.replace("post: 郵送", f"post: {{value: 郵送, ja: {quoted(next(labels))}}}")
    assert list(labels) == []
    planned.declaration.write_text(text, encoding="utf-8")
    planned.freeze()
    said = shoji("release", planned.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"]) == (0, "published"), said
    (folder,) = planned.releases()
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert formulas(folder / "tables.xlsx") == 0
    assert not any(cell.startswith("=") for line in codes(folder) for cell in line.split(","))
    assert leftovers(planned) == []
    assert shoji("audit", folder, "--json").json["verdict"] == "PASS"


def quoted(label: str) -> str:
    """A YAML scalar."""
    return "'" + label.replace("'", "''") + "'"


def formulas(workbook: Path) -> int:
    """How many cells of a workbook would be calculated."""
    with zipfile.ZipFile(workbook) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
    return sum(len(re.findall(r"<f[ >]|<hyperlink [^>]*r:id", sheet)) for sheet in sheets)


def codes(folder: Path) -> list[str]:
    return (folder / "data" / "codes.csv").read_text(encoding="utf-8-sig").splitlines()


UNKNOWN = {
    "up": "../../x",
    "a_folder": "/etc",
    "nul": "a\0b",
    "sql": "'; DROP TABLE raw.x; --",
    "long": "x" * 5000,
    "far_up": "../" * 2000,
    "somebodys_home": "~root",
    "empty": "",
    "blank": "reader 2026",
}


@pytest.mark.parametrize("survey", UNKNOWN)
@pytest.mark.parametrize("verb", ["check", "release", "plan", "run"])
def test_an_unknown_survey_is_wrong_use(verb: str, survey: str, planned: Town, told: Shoji):
    said = told(verb, UNKNOWN[survey])
    assert (said.code, said.rules) == (2, [("SURVEY", "survey_unknown")])
    assert not planned.home.path.exists()

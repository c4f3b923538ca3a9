"""The frozen plan as a file: what is written is read back, and whatever does not fit any more is refused."""

from __future__ import annotations

import re

import pytest

from terms.codebook_file import codebook_path, codebook_text, hierarchies_hash, make_codebook, read_codebook
from terms.findings import Refused
from terms.reading import read_survey
from tests.terms.declarations import GONE, breaking

LEVELS = {"age": 2, "region": 1}


@pytest.fixture
def survey(tmp_path):
    return read_survey(breaking(tmp_path, {}))


@pytest.fixture
def path(tmp_path, survey):
    path = codebook_path(tmp_path / "survey.yaml")
    path.write_text(codebook_text(make_codebook(survey, LEVELS)), encoding="utf-8")
    return path


def problems_of(path, survey) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read_codebook(path, survey)
    return [(finding.rule, finding.place) for finding in refused.value.findings]


def edit(path, pattern, replacement):
    text = path.read_text(encoding="utf-8")
    edited = re.sub(pattern, replacement, text)
    assert edited != text
    path.write_text(edited, encoding="utf-8")


def test_it_lies_beside_the_declaration(path, tmp_path):
    assert path == tmp_path / "codebook-1.yaml"


def test_what_was_frozen_is_read_back(path, survey):
    assert read_codebook(path, survey) == make_codebook(survey, LEVELS)
    assert [survey.column(name).hierarchy.height for name in LEVELS] == [3, 2]


def test_the_coarsest_level_can_be_frozen(path, survey):
    edit(path, "age: 2", "age: 3")
    assert read_codebook(path, survey).levels["age"] == 3


def test_the_same_levels_give_the_same_bytes(path, survey):
    assert codebook_text(read_codebook(path, survey)) == path.read_text(encoding="utf-8")


def test_without_a_file_there_is_no_plan(survey, tmp_path):
    assert problems_of(tmp_path / "codebook-1.yaml", survey) == [("codebook_missing", "codebook-1.yaml")]


@pytest.mark.parametrize(
    ("pattern", "replacement", "rule", "place"),
    [
        ("age: 2", "age: 4", "codebook_level_unknown", "codebook-1.yaml: levels.age"),
        ("age: 2", "age: -1", "codebook_malformed", "codebook-1.yaml"),
        ("age: 2", "age: fine", "codebook_malformed", "codebook-1.yaml"),
        ("age: 2", "aeg: 2", "codebook_outdated", "codebook-1.yaml"),
        (r"\n  age: 2", "", "codebook_outdated", "codebook-1.yaml"),
        ("age: 2", "age: 2\n  q1: 0", "codebook_outdated", "codebook-1.yaml"),
        ("age: 2", "age: 2\n  age: 1", "declaration_key_repeated", "codebook-1.yaml: line 7"),
        ("hash: .", "hash: x", "codebook_outdated", "codebook-1.yaml"),
        ("survey: reader_2026\n", "survey: reader_2025\n", "codebook_malformed", "codebook-1.yaml"),
        ("version: 1\n", "version: 0\n", "codebook_malformed", "codebook-1.yaml"),
        ("version: 1\n", "version: 1\nnote: x\n", "codebook_malformed", "codebook-1.yaml"),
        ("(?s).*", "", "declaration_not_a_mapping", "codebook-1.yaml"),
    ],
)
def test_an_edited_plan_is_refused(pattern, replacement, rule, place, path, survey):
    edit(path, pattern, replacement)
    assert problems_of(path, survey) == [(rule, place)]


CHANGES = [
    {"columns.age.hierarchy.0.intervals": ["10", "20", "29"], "columns.age.hierarchy.1.intervals": ["10", "20"]},
    {"columns.age.range": ["10", "40"]},
    {"columns.age.hierarchy.1.intervals": ["10", "20"]},
    {
        "columns.region.options.tsuruga": "敦賀市",
        "columns.region.hierarchy.0.groups.plain.codes": ["fukui", "sabae", "tsuruga"],
    },
    {"columns.region.hierarchy.0.groups": {"plain": {"codes": ["fukui"]}, "hills": {"codes": ["sabae", "ono"]}}},
    {"columns.region.role": "question", "columns.region.hierarchy": GONE, "tables.0.by": ["age"], "tables.1.by": []},
]


@pytest.mark.parametrize("edits", CHANGES)
def test_a_hierarchy_that_changed_since_needs_a_new_plan(edits, path, survey, tmp_path):
    changed = read_survey(breaking(tmp_path, edits))
    assert hierarchies_hash(changed) != hierarchies_hash(survey)
    assert problems_of(path, changed) == [("codebook_outdated", "codebook-1.yaml")]


def test_what_has_nothing_to_do_with_hierarchies_leaves_the_plan_alone(path, tmp_path):
    edits = {"title": "別名", "policy.k": "15", "columns.q1.options.low": "0", "sources.0.file": "other.csv"}
    assert read_codebook(path, read_survey(breaking(tmp_path, edits))).levels == LEVELS

"""The survey of `shoji demo`: invented, remade byte for byte, and with the traps of a real export."""

from __future__ import annotations

import re
import runpy
from collections import Counter

import pytest

from tests.data.exports import ROOT, SURVEYS, declared, lines_of, problems_of

EXPORT = SURVEYS / "reader_2026" / "responses.csv"
GENERATOR = ROOT / "data" / "synthetic" / "reader_2026.py"


@pytest.fixture(scope="module")
def survey():
    return declared("reader_2026")


def test_the_generator_makes_the_committed_export_again_byte_for_byte():
    assert runpy.run_path(str(GENERATOR))["export"]() == EXPORT.read_bytes()


def test_another_seed_would_make_another_export():
    generator = runpy.run_path(str(GENERATOR))
    generator["rows"].__globals__["SEED"] += 1
    assert generator["export"]() != EXPORT.read_bytes()


def test_the_committed_export_is_small():
    assert EXPORT.stat().st_size < 400_000


def test_nobody_in_it_can_be_mistaken_for_a_real_person(survey):
    lines = lines_of(survey)
    assert {re.sub(r"^m\d{6}@", "", line["mail"]) for line in lines} == {"example.com", "example.jp"}
    assert all(re.fullmatch(r"見本\d{6}", line["name"]) for line in lines)
    assert all(re.fullmatch(r"[0-9a-f]{10}", line["cookie"]) for line in lines)


def test_people_without_consent_and_bad_rows_are_in_it(survey):
    agreed = [line for line in lines_of(survey) if line["agreed"] == "1"]
    bad = Counter(name for line in agreed for name in problems_of(survey, line))
    assert len(lines_of(survey)) - len(agreed) == 13
    assert bad == {"age": 3, "often": 1, "satisfaction": 2, "answered_at": 2}
    assert 100 * bad.total() < survey.policy.reject_limit_pct * len(agreed)


def test_some_people_answered_twice(survey):
    good = [line for line in lines_of(survey) if line["agreed"] == "1" and not list(problems_of(survey, line))]
    answers = Counter(line["member"] for line in good)
    assert 1_550 <= len(answers) <= 1_650
    assert set(answers.values()) == {1, 2}
    assert 3 <= 100 * sum(times == 2 for times in answers.values()) / len(answers) <= 5


def test_few_left_one_question_open_and_many_another(survey):
    blank = Counter(name for line in lines_of(survey) for name, text in line.items() if not text)
    assert blank["age"] >= survey.policy.k > blank["renew"] > 0
    assert blank["price"] > 10 * survey.policy.k
    assert not any(blank[name] for name in ("how", "often", "articles", "satisfaction", "recommend", "income"))


def test_an_option_contains_the_separator_and_a_flag_column_holds_words(survey):
    lines = lines_of(survey)
    assert any("旅、おでかけ、" in line["articles"] for line in lines)
    assert {line["channels__other"] for line in lines} > {"0", "1"}

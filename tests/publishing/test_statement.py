"""The privacy statement and the data package, by hand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from publishing import promise
from publishing.release import build_release
from terms.policy import NoAnswer, Policy
from terms.release import ReleaseContent
from terms.words import Text
from tests.publishing.golden import MILK, golden


def statement(release: ReleaseContent) -> dict:
    return json.loads(build_release(release)["privacy-statement.json"])


def with_policy(**given: object) -> ReleaseContent:
    release = golden()
    return replace(release, survey=replace(release.survey, policy=Policy(**given)))


def test_the_statement_says_what_the_contract_names():
    said = statement(golden())
    promises = {name: said.pop(name) for name in ("guaranteed", "not_guaranteed", "files", "rules")}
    assert said == {
        "survey": "reader_2026",
        "title": {"ja": "読者調査", "en": "Reader survey"},
        "controller": {
            "company": "shoji_press",
            "name": {"ja": "障子出版", "en": "Shoji Press"},
            "division": {"ja": "読者調査室", "en": "Reader research"},
            "contact": "privacy@example.org",
        },
        "release": "0007-2026-11-23",
        "released_on": "2026-11-23",
        "fieldwork": {"from": "2026-05-01", "to": "2026-06-30"},
        "codebook_version": 1,
        "preset": "once",
        "k": 10,
        "cells": 24,
        "hidden": 9,
        "verdict": "PASS",
        "tests": {"A1": "PASS", "A2": "PASS"},
        "suites": {"raw": "PASS", "released": "PASS"},
        "software_version": "0.1.0",
    }
    assert all(text.keys() == {"ja", "en"} for name in ("guaranteed", "not_guaranteed") for text in promises[name])


def test_the_rules_an_audit_needs_are_stated_and_no_other():
    plain = {"both_sides": False, "chose_one": False}
    assert statement(golden())["rules"] == {
        "k": 10,
        "rounding": 5,
        "no_answer": "cell",
        "variables": {
            "drink": {"kind": "single", "s": 2, **plain},
            "milk": {"kind": "multiple", "s": 2, **plain},
            "income": {"kind": "single", "s": 3, **plain},
            "age": {"kind": "quasi_identifier"},
        },
    }


def test_the_hashes_are_those_of_every_other_file():
    files = build_release(golden())
    said = json.loads(files.pop("privacy-statement.json"))["files"]
    assert said == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}


@pytest.mark.parametrize("secret", ["width", "hash", "seed", "interval", "s_sensitive", "source"])
def test_nothing_that_helps_an_attacker_is_said(secret):
    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | set().union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    assert secret not in keys(statement(golden()))


def test_the_protection_width_changes_no_byte():
    assert build_release(with_policy(width=4)) == build_release(with_policy(width=8))


@pytest.mark.parametrize(
    ("no_answer", "said"),
    [
        pytest.param(NoAnswer.RESIDUAL, True, id="residual"),
        pytest.param(NoAnswer.CELL, False, id="cell"),
    ],
)
def test_a_residual_no_answer_is_named_among_what_is_not_guaranteed(no_answer, said):
    limits = statement(with_policy(no_answer=no_answer))["not_guaranteed"]
    assert ({"ja": promise.WHETHER_ANSWERED.ja, "en": promise.WHETHER_ANSWERED.en} in limits) is said


@pytest.mark.parametrize(
    ("both_sides", "said"),
    [pytest.param(False, True, id="one_sided"), pytest.param(True, False, id="both_sides_protected")],
)
def test_a_one_sided_option_says_that_nobody_chose_it_may_be_read(both_sides, said):
    release = golden()
    columns = tuple(
        replace(column, both_sides_sensitive=both_sides) if column.name == MILK.name else column
        for column in release.survey.columns
    )
    limits = statement(replace(release, survey=replace(release.survey, columns=columns)))["not_guaranteed"]
    assert ({"ja": promise.NOBODY_CHOSE.ja, "en": promise.NOBODY_CHOSE.en} in limits) is said


def test_k_is_part_of_the_promise():
    said = statement(with_policy(k=15))["guaranteed"][0]
    assert said == {
        "ja": "人数の欄は、0でない限り15人以上を表します。",
        "en": "Every number of people stands for at least 15 people, unless it is 0.",
    }


# --- datapackage.json -------------------------------------------------------------------------------


def test_the_package_describes_the_files_that_are_there():
    files = build_release(golden())
    package = json.loads(files["datapackage.json"])
    assert package["name"] == "reader_2026-0007-2026-11-23"
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "CC BY 4.0"}]
    for resource in package["resources"]:
        data = files[resource["path"]]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        header = data.decode("utf-8-sig").splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert {"name": "drink", "label_ja": "好きな飲み物", "label_en": "Favourite drink"} in package["variables"]


@pytest.mark.parametrize(
    ("declared", "licences"),
    [
        pytest.param(None, None, id="none_declared"),
        pytest.param(
            Text(ja="出典を示せば自由に使えます", en="Free with attribution"),
            [{"name": "notspecified", "title": "出典を示せば自由に使えます / Free with attribution"}],
            id="words",
        ),
        pytest.param(Text.same("ODbL-1.0"), [{"name": "ODbL-1.0", "title": "ODbL-1.0"}], id="identifier"),
    ],
)
def test_a_licence_is_said_only_where_one_is_declared(declared, licences):
    release = golden()
    release = replace(release, survey=replace(release.survey, licence=declared))
    assert json.loads(build_release(release)["datapackage.json"]).get("licenses") == licences

"""``privacy-statement.json``: what was checked, what is guaranteed and what is not, for people and programs.

Nothing here helps an attacker: no protection width, no seed, no interval, no hash of a source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from publishing.edition import Edition
from publishing.package import as_json
from publishing.wording import clean
from terms.findings import Verdict
from terms.hierarchy import TOTAL
from terms.release import ReleaseContent
from terms.survey import Kind, Role
from terms.words import Text

SUITES = ("raw", "clean", "anonymised", "released")
"""The four shores; every other name among the tests is a test of the attacker."""
COUNTS = ("respondents", "base")
"""The measures of a cell; percentages repeat it."""


def privacy_statement(content: ReleaseContent, edition: Edition, files: Mapping[str, bytes]) -> bytes:
    """The statement over ``files``: every file of the release but itself and the checksums."""
    survey = content.survey
    statement: dict[str, Any] = {
        "survey": survey.name,
        "title": _both(edition.title),
        "controller": {
            "company": clean(survey.controller.company),
            "name": _both(edition.controller),
            "division": _both(edition.division),
            "contact": edition.contact,
        },
        "release": content.name,
        "released_on": content.released_on.isoformat(),
        "fieldwork": {"from": survey.fieldwork_from.isoformat(), "to": survey.fieldwork_to.isoformat()},
        "codebook_version": content.codebook.version,
        "preset": clean(survey.policy.preset),
        "k": survey.policy.k,
        "rules": _rules(content),
        **_cells(content),
        "verdict": Verdict.worst(content.tests.values()).value,
        "tests": {clean(name): verdict.value for name, verdict in content.tests.items() if name not in SUITES},
        "suites": {name: verdict.value for name, verdict in content.tests.items() if name in SUITES},
        "guaranteed": [_both(promise) for promise in edition.guaranteed],
        "not_guaranteed": [_both(limit) for limit in edition.not_guaranteed],
        "software_version": clean(content.software_version),
        "files": {path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
    }
    return as_json(statement)


def _cells(content: ReleaseContent) -> dict[str, int]:
    """How many cells the tables have, and how many of them are hidden."""
    lines = content.cells.select("measure", "status").iter_rows()
    statuses = [status for measure, status in lines if measure in COUNTS]
    return {"cells": len(statuses), "hidden": statuses.count("hidden")}


def _rules(content: ReleaseContent) -> dict[str, Any]:
    """The rules that anyone may know, an attacker included: what an audit of this folder has to be told."""
    policy = content.survey.policy
    variables: dict[str, dict[str, Any]] = {}
    named = [*content.cells["row_var"].to_list(), *content.cells["col_var"].to_list()]
    for name in dict.fromkeys(name for name in named if name != TOTAL):
        column = content.survey.column(name)
        if column.kind is None or column.hierarchy is not None:
            variables[name] = {"kind": "quasi_identifier"}
            continue
        bar = policy.s_sensitive if column.role is Role.SENSITIVE else policy.s
        variables[name] = {
            "kind": column.kind.value,
            "s": bar,
            "both_sides": column.both_sides_sensitive,
            "chose_one": column.kind is Kind.MULTIPLE and not column.in_own_columns,
        }
    return {
        "k": policy.k,
        "rounding": policy.rounding,
        "no_answer": policy.no_answer.value,
        "variables": variables,
    }


def _both(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}

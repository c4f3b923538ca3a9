"""The attacker on a release folder, as anybody who downloaded it could be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flows.voice import finding_json, problem_lines
from storage.textfile import read_text
from terms.findings import refuse
from terms.policy import NoAnswer
from terms.words import Language
from transforms.attack import attack, cells_from_csv

CELLS = "data/cells.csv"
STATEMENT = "privacy-statement.json"


def audit_folder(folder: Path) -> Any:
    """The attacker's report on a release, from its cells and its published rules alone.

    Raises Refused where the folder is not a release or its files are malformed.
    """
    terms = None
    statement = read_text(folder / STATEMENT, STATEMENT)
    try:
        terms = _terms(json.loads(statement)["rules"])
    except (ValueError, KeyError, TypeError, AttributeError):
        terms = None
    if terms is None:
        raise refuse(STATEMENT, "statement_malformed")
    return attack(cells_from_csv(read_text(folder / CELLS, CELLS)), **terms)


def _terms(rules: dict[str, Any]) -> dict[str, Any]:
    """The attacker's arguments from the rules a release states."""
    variables = rules["variables"]
    k = int(rules["k"])
    return {
        "k": k,
        "rounding": int(rules["rounding"]),
        "width": max(k - 2, 1),
        "no_answer": NoAnswer(rules["no_answer"]),
        "kinds": {name: variable["kind"] for name, variable in variables.items()},
        "bars": {name: int(variable["s"]) for name, variable in variables.items() if "s" in variable},
        "both_sides": [name for name, variable in variables.items() if variable.get("both_sides")],
        "chose_one": [name for name, variable in variables.items() if variable.get("chose_one")],
    }


def audit_json(report: Any) -> dict[str, Any]:
    """The contract of ``audit --json``."""
    return {
        "verdict": report.verdict.value,
        "tests": {name: {"verdict": verdict.value} for name, verdict in report.tests.items()},
        "findings": [finding_json(finding) for finding in report.findings],
    }


def audit_lines(report: Any, language: Language) -> list[str]:
    """The verdict and what it rests on."""
    tests = ", ".join(f"{name} {verdict.value}" for name, verdict in report.tests.items())
    return [f"{report.verdict.value}: {tests}", *problem_lines(report.findings, language)]

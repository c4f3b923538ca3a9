"""The attacker on a release folder, as anybody who downloaded it could be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flows.voice import finding_json, problem_lines
from storage.home import Home
from storage.keys import Key
from storage.sealed import unseal
from storage.textfile import read_text
from terms.findings import Finding, refuse
from terms.policy import NoAnswer
from terms.words import Language
from transforms.attack import attack, cells_from_csv

CELLS = "data/cells.csv"
STATEMENT = "privacy-statement.json"


def audit_folder(folder: Path) -> Any:
    """The attacker's report on a release, from its cells and its published rules alone.

    Raises Refused where the folder is not a release or its files are malformed.
    """
    return _audit(read_text(folder / CELLS, CELLS), read_text(folder / STATEMENT, STATEMENT))


def audit_sealed(home: Home, root: Key, survey: str, release: str) -> Any:
    """The same on a release that was taken back: whoever downloaded it has it still."""
    cells, statement = (unseal(home, root, survey, release, name) for name in (CELLS, STATEMENT))
    return _audit(cells.decode("utf-8-sig", "replace"), statement.decode("utf-8", "replace"))


def _audit(cells: str, statement: str) -> Any:
    terms = None
    try:
        terms = _terms(json.loads(statement)["rules"])
    except (ValueError, KeyError, TypeError, AttributeError):
        terms = None
    if terms is None:
        raise refuse(STATEMENT, "statement_malformed")
    return attack(cells_from_csv(cells), **terms)


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


def audit_json(report: Any, findings: tuple[Finding, ...] | None = None) -> dict[str, Any]:
    """The contract of ``audit --json``; ``findings`` in place of the report's own."""
    return {
        "verdict": report.verdict.value,
        "tests": {name: {"verdict": verdict.value} for name, verdict in report.tests.items()},
        "findings": [finding_json(finding) for finding in (report.findings if findings is None else findings)],
    }


def audit_lines(report: Any, language: Language) -> list[str]:
    """The verdict and what it rests on."""
    tests = ", ".join(f"{name} {verdict.value}" for name, verdict in report.tests.items())
    return [f"{report.verdict.value}: {tests}", *problem_lines(report.findings, language)]

"""At each shore: measure the class tables, hand them to the suite, stop where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

import expectations
from flows.run import Run
from terms.findings import Refused, Verdict, refuse
from terms.survey import Role
from transforms.clean import codes_query, population_query
from transforms.door import detectors_query, option_columns, stored_columns
from transforms.generalise import classes_query


def judge(run: Run, shore: expectations.Shore, frames: Mapping[str, Any], **more: Any) -> None:
    """Run a suite, note its verdict, refuse where it is not ``PASS``."""
    result = expectations.check(shore, frames, survey=run.survey, policy=run.survey.policy, **more)
    run.tests[shore] = result.verdict
    run.ledger.append("suite", {"survey": run.survey.name, "shore": shore, "verdict": result.verdict.value})
    if result.verdict is not Verdict.PASS:
        raise (
            Refused(*result.findings)
            if result.findings
            else refuse(shore, "expectation_failed", suite=shore, promise="?")
        )


def raw(run: Run) -> None:
    """What is stored, by role, and whether any of it looks like a person."""
    fields = {
        name: column.role.value for column in run.survey.columns for name in option_columns(column) or [column.name]
    }
    declared = stored_columns(run.survey)
    stored = run.warehouse.columns("raw", run.survey.name)
    names = [declared.get(name, name) for name in stored]
    columns = pa.table({"column": names, "role": [fields.get(name, "") for name in names]})
    judge(run, "raw", {"columns": columns, "detectors": run.warehouse.run(detectors_query(run.survey))})


def clean(run: Run) -> None:
    """Codes and their people; rows and people."""
    codes = run.warehouse.run(codes_query(run.survey))
    population = run.warehouse.run(population_query(run.survey))
    judge(run, "clean", {"codes": codes, "population": population})


def anonymised(run: Run) -> None:
    """Equivalence classes."""
    classes = run.warehouse.run(classes_query(run.survey))
    judge(run, "anonymised", {"classes": classes}, clean_rows=run.respondents["people"])


def released(run: Run) -> None:
    """The displayed figures."""
    judge(run, "released", {"cells": run.cells}, codebook=run.codebook)


def kinds(run: Run) -> dict[str, str]:
    """What every row variable is, as the disclosure rules see it."""
    columns = [run.survey.column(row) for row in run.tables.rows()]
    return {
        column.name: "quasi_identifier" if column.hierarchy is not None else column.kind.value for column in columns
    }


def bars(run: Run) -> dict[str, int]:
    """Question -> how many people must differ from the commonest answer (R3)."""
    policy = run.survey.policy
    return {
        column.name: policy.s_sensitive if column.role is Role.SENSITIVE else policy.s
        for column in run.survey.questions
    }

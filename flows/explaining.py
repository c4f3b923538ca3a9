"""``shoji explain``: why counts of one table are hidden. True counts: for an operator's terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows import road, shores
from flows.run import Run
from terms.codebook import RESERVED_LABELS, TOTAL, Codebook
from terms.codebook_file import codebook_path, read_codebook
from terms.findings import refuse, wrong_use
from terms.survey import Survey, TableSpec
from terms.words import Text
from transforms.explain import explain, hidden_measures
from transforms.tabulate import Tables

LAST = "protect"
"""The last step that is walked: nothing is published."""

SKIPPED = ("wait", "gate")
"""Neither fieldwork nor an earlier release keeps an operator from asking."""

Line = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One table, its hidden counts and why. Holds true counts."""

    run: Run
    spec: TableSpec
    hidden: list[Line]
    """Lines of :data:`transforms.explain.EXPLAIN_SCHEMA`: those asked about."""
    shown: list[Line]
    """Counts asked about that are shown, each with the percentages it lacks (``lacks``: measure -> why)."""
    counts: int
    counts_hidden: int
    release: str | None
    """The current release."""
    same_population: bool
    """Whether the answers, codebook and policy are those of that release."""

    @property
    def withheld(self) -> str | None:
        """Why the whole question is withheld, where it is."""
        if self.spec.row in self.run.withheld:
            return "group_disclosure"
        return "joint" if self.spec.row in self.run.narrow else None

    @property
    def bar(self) -> int:
        """How many people of a group must differ from its commonest answer (R3); 0 where it is no question."""
        return shores.bars(self.run).get(self.spec.row, 0)

    def label(self, variable: str, code: str) -> Text:
        """What a code of a variable is called."""
        if code == TOTAL:
            return RESERVED_LABELS[TOTAL]
        return _codebook(self.run).categories(self.run.survey, variable)[code]


def refuse_in_flow() -> None:
    """Raises WrongUse inside a Prefect flow run: Prefect keeps what a flow prints and returns."""
    context = sys.modules.get("prefect.context")  # a flow of this process has imported it
    inside = bool(os.environ.get("PREFECT__FLOW_RUN_ID"))
    if context is not None:
        inside |= context.FlowRunContext.get() is not None or context.TaskRunContext.get() is not None
    if inside:
        raise wrong_use("explain", "inside_a_flow")


def make_explanation(run: Run, table: str, cell: str | None) -> Explanation:
    """Walk to the protected tables and explain one of them, or the cells of it that ``cell`` names.

    Raises WrongUse for an unknown table or cell and inside a flow run, before anything is opened; Refused and Fault
    as the road does.
    """
    refuse_in_flow()
    run.codebook = read_codebook(codebook_path(run.declaration), run.survey)
    spec = _spec(run, table)
    asked = _asked(run, spec, cell)
    with road.opened(run):
        # That somebody asked, and about which table: neither the cell nor the answer.
        run.ledger.append("explained", {"survey": run.survey.name, "table": spec.name})
        for step in steps_walked():
            road.take(run, step)
            if run.outcome is not None:  # fieldwork has begun and nobody has answered yet
                raise refuse(run.survey.name, "nobody_answered")
        explanation = _explained(run, spec, asked, run.warehouse.releases(run.survey.name))
    return explanation


def steps_walked() -> list[road.Step]:
    """The steps that lead to protected tables, in order."""
    names = [step.name for step in road.ROAD]
    return [step for step in road.ROAD[: names.index(LAST) + 1] if step.name not in SKIPPED]


def _explained(run: Run, spec: TableSpec, asked: set[tuple[str, str]], releases: Any) -> Explanation:
    run.say("explain")
    frame = explain(run.protected, spec.name, run.survey, disclosing=[*run.withheld], joint=run.narrow)
    hidden = [line for line in frame.iter_rows(named=True) if (line["row"], line["col"]) in asked]
    mine = [line for line in run.protected.iter_rows(named=True) if line["table"] == spec.name]
    shown = [
        {**line, "lacks": dict(hidden_measures(run.protected, spec.name, line["row"], line["col"]))}
        for line in mine
        if line["status"] == "shown" and (line["row"], line["col"]) in asked
    ]
    last = releases[-1] if releases else None
    return Explanation(
        run=run,
        spec=spec,
        hidden=hidden,
        shown=shown if len(asked) == 1 else [],
        counts=sum(line["row"] != TOTAL for line in mine),
        counts_hidden=frame.height,
        release=last.name if last else None,
        same_population=last is not None and last.population_hash == run.population,
    )


def _codebook(run: Run) -> Codebook:
    assert run.codebook is not None
    return run.codebook


def _spec(run: Run, table: str) -> TableSpec:
    specs = {spec.name: spec for spec in Tables.of(run.survey, _codebook(run)).specs}
    if table not in specs:
        raise wrong_use("TABLE", "table_unknown", known=", ".join(specs))
    return specs[table]


def _asked(run: Run, spec: TableSpec, cell: str | None) -> set[tuple[str, str]]:
    """The cells asked about: ``ROW``, ``ROW,COL`` or ``ROW/COL``; all where nothing was named."""
    rows = _codes(run.survey, _codebook(run), spec.row)
    cols = _codes(run.survey, _codebook(run), spec.col) if spec.col else [TOTAL]
    if cell is None:
        return {(row, col) for row in rows for col in cols}
    row, *rest = cell.replace("/", ",").split(",")
    if row not in rows or len(rest) > 1 or (rest and rest[0] not in cols):
        raise wrong_use("CELL", "cell_unknown", rows=", ".join(rows), cols=", ".join(cols))
    return {(row, col) for col in (rest or cols)}


def _codes(survey: Survey, codebook: Codebook, variable: str) -> list[str]:
    return [*codebook.categories(survey, variable), TOTAL]


def explanation_json(explanation: Explanation, *, operator: bool) -> dict[str, Any]:
    """The explanation for machines. Without ``operator`` no true count, nor what follows from true counts."""
    run, spec = explanation.run, explanation.spec
    return {
        "survey": run.survey.name,
        "table": spec.name,
        "row_var": spec.row,
        "col_var": spec.col or TOTAL,
        "k": run.survey.policy.k,
        "width": run.survey.policy.interval_width,
        "counts": explanation.counts,
        "hidden": explanation.counts_hidden,
        "withheld": explanation.withheld,
        "withheld_in": list(run.withheld.get(spec.row, ())),
        "weights_withheld": spec.row in run.weights_withheld,
        "release": explanation.release,
        "same_population": explanation.same_population,
        "cells": [_cell_json(line, operator) for line in explanation.hidden]
        + [_shown_json(line) for line in explanation.shown],
    }


def _cell_json(line: Line, operator: bool) -> dict[str, Any]:
    told = {name: line[name] for name in ("row", "col", "measure", "cause", "scope")}
    told |= {"status": "hidden", "published_interval": _interval(line, "displayed_")}
    told["protects"] = [_protected_json(one, operator) for one in line["protects"]]
    if operator:
        told |= {"respondents": line["respondents"], "interval": _interval(line, "")}
    return told


def _protected_json(one: Line, operator: bool) -> dict[str, Any]:
    told = {name: one[name] for name in ("table", "row", "col", "measure")}
    if operator:
        told |= {"respondents": one["respondents"], "interval_if_shown": _interval(one, "")}
    return told


def _interval(line: Line, prefix: str) -> list[int | None] | None:
    low, high = line[f"{prefix}low"], line[f"{prefix}high"]
    return None if low is None else [low, high]


def _shown_json(line: Line) -> dict[str, Any]:
    return {"row": line["row"], "col": line["col"], "status": "shown", "hidden_measures": line["lacks"]}

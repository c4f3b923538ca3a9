"""``shoji plan``: the levels that hold, what they would hide, and in words what would bring figures back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flows import road, steps
from flows.memory import known_releases
from flows.run import Run
from storage.textfile import write_text
from terms.codebook import Codebook
from terms.codebook_file import codebook_path, codebook_text, make_codebook
from terms.findings import refuse
from terms.words import Language, Text
from transforms.generalise import tuples_query
from transforms.plan import Plan, search_plan


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A plan and what the tables would look like under it. True counts: for an operator's terminal only."""

    run: Run
    plan: Plan
    codebook: Codebook
    hidden: dict[str, tuple[int, int]]
    """Row variable -> hidden cells, all cells, over its tables (counts of people only)."""
    withheld: dict[str, tuple[str, ...]]
    """Question that fails the group-disclosure rule -> the tables it fails in."""
    frozen: bool


def make_plan(run: Run, freeze: bool) -> Proposal:
    """Walk to ``clean``, search the levels, try the tables under them, and write the codebook where asked."""
    proposal = None
    with road.opened(run):
        road.take(run, road.ROAD[0])
        road.take(run, road.ROAD[1])
        if run.outcome is not None:  # fieldwork has begun and nobody has answered yet
            raise refuse(run.survey.name, "nobody_answered")
        tuples = run.warehouse.run(tuples_query(run.survey))
        plan = search_plan(run.survey, tuples, lambda done, of: run.say(f"plan {done}/{of}"))
        run.codebook = make_codebook(run.survey, dict(plan.levels))
        hidden = _try_tables(run)
        if freeze:
            _freeze(run)
        proposal = Proposal(
            run=run, plan=plan, codebook=run.codebook, hidden=hidden, withheld=run.withheld, frozen=freeze
        )
    return proposal


def _try_tables(run: Run) -> dict[str, tuple[int, int]]:
    steps.anonymise(run)
    steps.tabulate(run)
    steps.protect_tables(run)
    hidden: Counter[str] = Counter()
    cells: Counter[str] = Counter()
    for cell in run.protected.iter_rows(named=True):
        cells[cell["row_var"]] += 1
        hidden[cell["row_var"]] += cell["status"] == "hidden"
    return {variable: (hidden[variable], cells[variable]) for variable in cells}


def _freeze(run: Run) -> None:
    if known_releases(run):
        raise refuse(run.survey.name, "codebook_in_use")
    write_text(codebook_path(run.declaration), codebook_text(run.codebook), mode=0o644)
    run.ledger.append(
        "frozen", {"survey": run.survey.name, "levels": {k: int(v) for k, v in run.codebook.levels.items()}}
    )


WORDS = {
    "level": Text(ja="{name}: 段 {level}/{height}  {groups}", en="{name}: level {level} of {height}  {groups}"),
    "classes": Text(
        ja="同値類 {classes} 個、最小 {smallest} 人(k = {k})、情報の損失 {loss} %",
        en="{classes} equivalence classes, the smallest of {smallest} people (k = {k}), "
        "{loss} % of the detail given up",
    ),
    "hidden": Text(
        ja="{variable}: {cells} セル中 {hidden} 個を秘匿", en="{variable}: {hidden} of {cells} cells hidden"
    ),
    "withheld": Text(
        ja="{question}: 公表できません(群内の回答が揃いすぎ: {tables})。"
        "その切り口を tables から外すか、群をまとめてください。",
        en="{question}: cannot be published (a group agrees too much in {tables}). "
        "Leave that break out of tables, or merge its groups.",
    ),
    "narrow": Text(
        ja="{question}: 公表できません(切り口を合わせると伏せた数が分かります)。切り口を一つ外してください。",
        en="{question}: cannot be published (its breaks together give hidden counts back). Leave one of them out.",
    ),
    "gone": Text(
        ja="{name} は「すべて」まで粗くなり、切り口に使えません。群をまとめた段を階層に足してください。",
        en="{name} is generalised to * and gives no break. Add a level with larger groups to its hierarchy.",
    ),
    "frozen": Text(ja="凍結しました: {path}", en="frozen: {path}"),
    "not_frozen": Text(
        ja="凍結するには: shoji plan {survey} --freeze", en="to freeze it: shoji plan {survey} --freeze"
    ),
}


def plan_json(proposal: Proposal) -> dict[str, Any]:
    """The proposal for machines."""
    return {
        "survey": proposal.codebook.survey,
        "levels": dict(proposal.codebook.levels),
        "classes": proposal.plan.classes,
        "smallest_class": proposal.plan.smallest_class,
        "loss_pct": round(100 * proposal.plan.loss, 1),
        "hidden": {name: {"hidden": hidden, "cells": cells} for name, (hidden, cells) in proposal.hidden.items()},
        "withheld": {question: list(tables) for question, tables in proposal.withheld.items()},
        "narrow": list(proposal.run.narrow),
        "frozen": proposal.frozen,
    }


def plan_lines(proposal: Proposal, language: Language) -> list[str]:
    """The proposal for people."""

    def say(key: str, **facts: object) -> str:
        return WORDS[key][language].format(**facts)

    survey, plan = proposal.run.survey, proposal.plan
    loss = round(100 * plan.loss)
    lines = [say("classes", classes=plan.classes, smallest=plan.smallest_class, k=survey.policy.k, loss=loss)]
    for column in survey.quasi_identifiers:
        labels = proposal.codebook.level(column).labels.values()
        groups = " | ".join(label[language] for label in labels)
        height = column.hierarchy.height if column.hierarchy else 0
        lines.append(
            "  " + say("level", name=column.name, level=plan.levels[column.name], height=height, groups=groups)
        )
        if not proposal.codebook.categories(survey, column.name):
            lines.append("  " + say("gone", name=column.name))
    for variable, (hidden, cells) in proposal.hidden.items():
        if hidden and variable not in {*proposal.withheld, *proposal.run.narrow}:
            lines.append("  " + say("hidden", variable=variable, hidden=hidden, cells=cells))
    for question, tables in proposal.withheld.items():
        lines.append("  " + say("withheld", question=question, tables=", ".join(tables)))
    lines += ["  " + say("narrow", question=question) for question in proposal.run.narrow]
    path = codebook_path(proposal.run.declaration)
    lines.append(say("frozen", path=path) if proposal.frozen else say("not_frozen", survey=survey.name))
    return lines

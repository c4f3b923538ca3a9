"""What ``shoji plan`` says: the best plans side by side, the tables under the best, what merging would bring back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from flows.plan_words import WORDS
from flows.run import Run
from terms.codebook import Codebook
from terms.codebook_file import codebook_path
from terms.survey import Role
from terms.words import Language
from transforms.plan import Plan
from transforms.planning.merging import Merge
from transforms.planning.outlook import Outlook

MOST_MERGES = 3
"""Merges that are advised in words."""

PAGE = 200
"""Columns of the page that a table is laid out on; it takes as many as it needs."""

NOTHING = "-"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Plans and what the tables would look like under them. True counts: for an operator's terminal only."""

    run: Run
    plans: tuple[Plan, ...]
    """The best first."""
    outlooks: tuple[Outlook | None, ...]
    """Of each plan; ``None`` where it leaves no table."""
    codebook: Codebook
    """Of the best plan, as what follows."""
    hidden: dict[str, tuple[int, int]]
    """Row variable -> hidden cells, all cells, over its tables (counts of people only)."""
    merges: tuple[Merge, ...]
    withheld: dict[str, tuple[str, ...]]
    """Question that fails the group-disclosure rule -> the tables it fails in."""
    frozen: bool

    @property
    def plan(self) -> Plan:
        """The best plan: what is frozen."""
        return self.plans[0]


def plan_json(proposal: Proposal) -> dict[str, Any]:
    """The proposal for machines."""
    return {
        "survey": proposal.codebook.survey,
        **_plan_json(proposal.plan, proposal.outlooks[0]),
        "hidden": {name: {"hidden": hidden, "cells": cells} for name, (hidden, cells) in proposal.hidden.items()},
        "withheld": {question: list(tables) for question, tables in proposal.withheld.items()},
        "narrow": list(proposal.run.narrow),
        "frozen": proposal.frozen,
        "plans": [_plan_json(plan, seen) for plan, seen in zip(proposal.plans, proposal.outlooks, strict=True)],
        "merges": [
            {
                "break": merge.variable,
                "groups": list(merge.groups),
                "small_cells": {"now": merge.small_now, "then": merge.small_then},
                "freed": list(merge.freed),
            }
            for merge in proposal.merges
        ],
    }


def _plan_json(plan: Plan, seen: Outlook | None) -> dict[str, Any]:
    fewest, loss = plan.bound
    return {
        "levels": dict(plan.levels),
        "classes": plan.classes,
        "smallest_class": plan.smallest_class,
        "l": dict(plan.reached.l),
        "t": {name: round(distance, 4) for name, distance in plan.reached.t.items()},
        "loss_pct": round(100 * plan.loss, 1),
        "breaks_lost": plan.breaks_lost,
        "proven": plan.proven,
        "bound": {"breaks_lost": fewest, "loss_pct": round(100 * loss, 1)},
        "tables": None
        if seen is None
        else {"cells": seen.cells, "small_cells": seen.small, "withheld": list(seen.withheld)},
        "smallest_groups": {} if seen is None else dict(seen.groups),
    }


def plan_lines(proposal: Proposal, language: Language) -> list[str]:
    """The proposal for people."""
    return list(_Teller(proposal, language).lines())


class _Teller:
    """One proposal in one language."""

    def __init__(self, proposal: Proposal, language: Language) -> None:
        self._of, self._language = proposal, language
        self._survey = proposal.run.survey

    def _say(self, key: str, **facts: object) -> str:
        return WORDS[key][self._language].format(**facts)

    def lines(self) -> Iterator[str]:
        plan = self._of.plan
        yield self._say(
            "classes",
            classes=plan.classes,
            smallest=plan.smallest_class,
            k=self._survey.policy.k,
            loss=round(100 * plan.loss),
        )
        if not plan.proven:
            yield self._say("not_proven", breaks=plan.bound[0], loss=round(100 * plan.bound[1]))
        yield from self._levels()
        yield from self._side_by_side()
        yield from self._hidden()
        yield from self._merges()
        path = codebook_path(self._of.run.declaration)
        yield self._say("frozen", path=path) if self._of.frozen else self._say("not_frozen", survey=self._survey.name)

    def _levels(self) -> Iterator[str]:
        of = self._of
        for column in self._survey.quasi_identifiers:
            groups = " | ".join(label[self._language] for label in of.codebook.level(column).labels.values())
            height = column.hierarchy.height if column.hierarchy else 0
            level = of.plan.levels[column.name]
            yield "  " + self._say("level", name=column.name, level=level, height=height, groups=groups)
            if not of.codebook.categories(self._survey, column.name):
                yield "  " + self._say("gone", name=column.name)

    def _side_by_side(self) -> Iterator[str]:
        """Nothing where there is no other plan."""
        if len(self._of.plans) < 2:
            return
        # Names are the declaration's words: nothing in them is markup.
        console = Console(file=io.StringIO(), width=PAGE, markup=False, emoji=False, highlight=False, color_system=None)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("")
        for number in range(1, len(self._of.plans) + 1):
            table.add_column(self._say("plan", number=number), justify="right")
        for name, cells in self._figures():
            table.add_row(name, *cells)
        console.print(table)
        yield from (line.rstrip() for line in console.file.getvalue().splitlines() if line.strip())
        yield self._say("small_only")

    def _figures(self) -> Iterator[tuple[str, list[str]]]:
        plans, policy = self._of.plans, self._survey.policy
        for column in self._survey.quasi_identifiers:
            yield self._say("of_level", name=column.name), [str(plan.levels[column.name]) for plan in plans]
        yield self._say("of_loss"), [f"{100 * plan.loss:.1f}" for plan in plans]
        yield self._say("of_breaks"), [str(plan.breaks_lost) for plan in plans]
        yield self._say("of_k", k=policy.k), [str(plan.smallest_class) for plan in plans]
        for column in self._survey.by_role(Role.SENSITIVE):
            yield self._say("of_l", name=column.name, l=policy.l), [str(plan.reached.l[column.name]) for plan in plans]
            yield self._say("of_t", name=column.name), [f"{plan.reached.t[column.name]:.2f}" for plan in plans]
        for name in self._survey.breaks:
            yield self._say("of_group", name=name), self._seen(lambda seen, name=name: seen.groups.get(name, NOTHING))
        yield self._say("of_small"), self._seen(lambda seen: f"{seen.small}/{seen.cells}")
        yield self._say("of_withheld"), self._seen(lambda seen: len(seen.withheld))

    def _seen(self, figure: Any) -> list[str]:
        return [NOTHING if seen is None else str(figure(seen)) for seen in self._of.outlooks]

    def _hidden(self) -> Iterator[str]:
        narrow = self._of.run.narrow
        for variable, (hidden, cells) in self._of.hidden.items():
            if hidden and variable not in {*self._of.withheld, *narrow}:
                yield "  " + self._say("hidden", variable=variable, hidden=hidden, cells=cells)
        for question, tables in self._of.withheld.items():
            yield "  " + self._say("withheld", question=question, tables=", ".join(tables))
        yield from ("  " + self._say("narrow", question=question) for question in narrow)

    def _merges(self) -> Iterator[str]:
        if not self._of.merges:
            return
        yield self._say("merges")
        for merge in self._of.merges[:MOST_MERGES]:
            labels = self._of.codebook.level(self._survey.column(merge.variable)).labels
            one, other = (labels[group][self._language] for group in merge.groups)
            now, then = merge.small_now, merge.small_then
            place = {"variable": merge.variable, "one": one, "other": other}
            if then < now:
                yield "  " + self._say("merge", **place, back=now - then, now=now, then=then)
            if merge.freed:
                yield "  " + self._say("freed", **place, questions=", ".join(merge.freed))

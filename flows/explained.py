"""What ``shoji explain`` says in a terminal: a table of cells and short reasons, then what the reasons mean."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from flows.explaining import Explanation, Line
from flows.reasons import WORDS
from terms.codebook import TOTAL
from terms.words import Language

MOST_NAMED = 3
"""Protected cells named in a sentence; the others are counted."""

NARROWEST = 60
"""Columns of a terminal below which a table cannot be read anyway."""


def explanation_lines(explanation: Explanation, language: Language, *, counts: bool) -> list[str]:
    """The explanation for people; true counts and what follows from them only where ``counts``."""
    width = max(shutil.get_terminal_size((100, 24)).columns, NARROWEST)
    paper = io.StringIO()
    # Labels are the declaration's words: nothing in them is markup.
    console = Console(file=paper, width=width, markup=False, emoji=False, highlight=False, force_terminal=False)
    for part in _Teller(explanation, language, counts).parts():
        console.print(part)
    return [line.rstrip() for line in paper.getvalue().splitlines()]


class _Teller:
    """One explanation in one language."""

    def __init__(self, explanation: Explanation, language: Language, counts: bool) -> None:
        self._of, self._language, self._counts = explanation, language, counts
        self._policy = explanation.run.survey.policy

    def _say(self, key: str, **facts: object) -> str:
        return WORDS[key][self._language].format(**facts)

    def parts(self) -> Iterator[str | Table]:
        of = self._of
        yield self._say("head", title=self._title(), table=of.spec.name, hidden=of.counts_hidden, counts=of.counts)
        if of.release and not of.same_population:
            yield self._say("another", release=of.release)
        if of.hidden:
            yield self._table()
            yield self._say("legend" if self._counts else "legend_blind", width=self._policy.interval_width)
            yield from self._meanings()
            yield from self._no_base()
        elif not of.shown:
            yield self._say("nothing")
        for line in of.shown:
            yield from self._shown(line)
        if of.spec.row in of.run.weights_withheld and of.withheld is None:
            yield self._say("weights")

    def _title(self) -> str:
        survey, spec = self._of.run.survey, self._of.spec
        labels = [survey.column(name).label[self._language] for name in (spec.row, spec.col) if name]
        return " × ".join(labels)

    def _table(self) -> Table:
        table = Table(box=box.SIMPLE_HEAD, show_lines=False, pad_edge=False, expand=True)
        table.add_column(self._say("cell"), ratio=3, overflow="fold")
        if self._counts:
            table.add_column(self._say("people"), justify="right", no_wrap=True)
        table.add_column(self._say("could_be"), no_wrap=True)
        table.add_column(self._say("why"), ratio=6, overflow="fold")
        for line in self._of.hidden:
            people = [str(line["respondents"])] if self._counts else []
            table.add_row(f"{self._name(line)}\n[{_codes(line)}]", *people, self._could_be(line), self._why(line))
        return table

    def _name(self, line: Line) -> str:
        """What a cell is called, in words; with its table where that is another one."""
        spec = next(spec for spec in self._of.run.tables.specs if spec.name == line["table"])
        label = self._of.label(spec.row, line["row"])[self._language]
        row = self._say("base") if line["measure"] == "base" else label
        if line["measure"] == "not_chosen":
            row = self._say("not_chosen", row=row)
        name = f"{row} × {self._of.label(spec.col, line['col'])[self._language]}" if spec.col else row
        return name if spec.name == self._of.spec.name else f"{name} [{spec.name}]"

    def _could_be(self, line: Line) -> str:
        published = _interval(line, "displayed_")
        exact = _interval(line, "")
        return f"{exact}\n({published})" if self._counts and exact != published else published

    def _why(self, line: Line) -> str:
        facts: dict[str, object] = {"k": self._policy.k}
        if line["cause"] == "no_pattern":
            facts["scope"] = self._say(line["scope"])
        if line["protects"]:
            facts["cells"] = self._given_away(line["protects"])
        return self._say(_sentence(line), **facts)

    def _given_away(self, protects: Sequence[Line]) -> str:
        most = len(protects) if len(self._of.hidden) == 1 else MOST_NAMED
        named = [self._learnt(one) for one in protects[:most]]
        if len(protects) > most:
            named.append(self._say("more", more=len(protects) - most))
        return self._say("apart").join(named)

    def _meanings(self) -> Iterator[str]:
        """What the short reasons of the table mean, and what would bring the counts back."""
        failing = self._of.run.withheld.get(self._of.spec.row, ())
        facts = {"k": self._policy.k, "most": self._policy.k - 1, "s": self._of.bar, "tables": ", ".join(failing)}
        everybody = any(spec.name in failing and spec.col is None for spec in self._of.run.tables.specs)
        told = [
            self._say(_meaning(line, everybody), scope=self._say(line["scope"] or "column"), **facts)
            for line in self._of.hidden
        ]
        yield from dict.fromkeys(told)

    def _learnt(self, one: Line) -> str:
        cell = self._name(one)
        if not self._counts:
            return cell
        key = "exactly" if one["low"] == one["high"] else "between"
        return self._say(key, cell=cell, low=one["low"], high=one["high"])

    def _no_base(self) -> Iterator[str]:
        spec = self._of.spec
        cols = [line["col"] for line in self._of.hidden if line["measure"] == "base"]
        if cols and self._of.withheld is None:
            named = [self._of.label(spec.col or TOTAL, col)[self._language] for col in cols]
            yield self._say("no_base", cols=", ".join(named))

    def _shown(self, line: Line) -> Iterator[str]:
        yield self._say("shown", cell=self._name({**line, "measure": "respondents"}))
        for measure, why in line["lacks"].items():
            yield self._say(why, measure=measure)


def _sentence(line: Line) -> str:
    """The key of the short reason of a hidden count."""
    return "secondary_spare" if line["cause"] == "secondary" and not line["protects"] else line["cause"]


def _meaning(line: Line, everybody: bool) -> str:
    """The key of the full explanation of that reason; ``everybody``: the group that agrees too much is all of them."""
    if line["cause"] == "group_disclosure" and everybody:
        return "everybody_means"
    return f"{_sentence(line)}_means"


def _codes(line: Line) -> str:
    """How a cell is addressed: ``ROW`` or ``ROW,COL``."""
    return line["row"] if line["col_var"] == TOTAL else f"{line['row']},{line['col']}"


def _interval(line: Line, prefix: str) -> str:
    low, high = line[f"{prefix}low"], line[f"{prefix}high"]
    return "-" if low is None else f"{low}–{'' if high is None else high}"

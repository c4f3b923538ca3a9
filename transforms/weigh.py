"""Weighted percentages that give nobody away (R8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from terms.hierarchy import NO_ANSWER
from terms.query import Query
from terms.survey import Column, Kind, Survey
from transforms import sql
from transforms.tabulate import Tables


def weight_classes_query(survey: Survey, tables: Tables, question: str) -> Query:
    """People by weight and answer in every published group of a question.

    Columns: ``mask``, one column a break, ``weight``, ``answer`` (a single question's code, or the pattern of a
    multiple question's options), ``people``. Only those who answered count.
    """
    column = survey.column(question)
    breaks = [sql.name(name) for name in tables.breaks_of(question)]
    mask = f"GROUPING({', '.join(breaks)})" if breaks else "0"
    answer = _answer(column)
    sets = ", ".join(f"({', '.join([*one, 'weight', 'answer'])})" for one in [[], *([name] for name in breaks)])
    selected = [*breaks, f"{mask} AS mask", "weight", "answer", "count(*) AS people"]
    inner = sql.comma([*breaks, "weight", f"{answer} AS answer"])
    return Query(
        sql=f"SELECT {sql.comma(selected)}\nFROM (SELECT {inner} FROM {sql.table('anonymised', survey.name)})\n"
        f"WHERE answer IS NOT NULL\nGROUP BY GROUPING SETS ({sets})"
    )


def _answer(column: Column) -> str:
    if column.kind is Kind.MULTIPLE:
        fields = [sql.name(f"{column.name}__{option.code}") for option in column.options]
        return " || ".join(f"CAST({field} AS TEXT)" for field in fields)
    return f"nullif({sql.name(column.name)}, {sql.text(NO_ANSWER)})"


def weights_readable(classes: Sequence[Mapping[str, object]], bar: int, rounding: int) -> bool:
    """Whether weighted percentages of a question could give a person's answer away.

    ``classes`` are the lines of :func:`weight_classes_query`. Every weight is taken as known. Two things are
    asked of every published group: no one's weight may move the displayed weighted numerator by more than half
    a rounding step (the heaviest person counts for at most ``rounding / 2`` average people), and among those who
    share a weight at least ``bar`` differ from their commonest answer, so that exchanging two of them changes no
    weighted sum and nobody's answer is forced, not even for ``bar - 1`` of them together (R3 within a weight class).

    A class whose members all agree fails. The test is sufficient, not necessary: it withholds too much, never
    too little.
    """
    groups: dict[tuple, dict[Decimal, dict[str, int]]] = {}
    for line in classes:
        breaks = tuple(line[name] for name in line if name not in {"weight", "answer", "people"})
        answers = groups.setdefault(breaks, {}).setdefault(line["weight"], {})  # type: ignore[arg-type]
        answers[line["answer"]] = answers.get(line["answer"], 0) + line["people"]  # type: ignore[index,operator]
    return any(_group_readable(by_weight, bar, rounding) for by_weight in groups.values())


def _group_readable(by_weight: Mapping[Decimal, Mapping[str, int]], bar: int, rounding: int) -> bool:
    people = sum(sum(answers.values()) for answers in by_weight.values())
    total = sum(weight * sum(answers.values()) for weight, answers in by_weight.items())
    if 2 * max(by_weight) * people > rounding * total:
        return True
    return any(sum(answers.values()) - max(answers.values()) < bar for answers in by_weight.values())

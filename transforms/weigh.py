"""Weighted percentages that give nobody away (R8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from terms.hierarchy import NO_ANSWER
from terms.query import Query
from terms.survey import Column, Kind, Survey
from transforms import sql
from transforms.tabulate import Tables

OPTION = "option?"
"""No break can have this name."""


def weight_classes_query(survey: Survey, tables: Tables, question: str) -> Query:
    """People by weight and answer in every published group of a question. Only those who answered count.

    Columns: the breaks, ``mask``, ``weight``, ``answer``, ``people``, and for a multiple question ``option?``: each of
    its options is a question of its own. ``answer`` is null for those who did not choose an option that is
    protected on one side only.
    """
    column = survey.column(question)
    breaks = [sql.name(name) for name in tables.breaks_of(question)]
    mask = f"GROUPING({', '.join(breaks)})" if breaks else "0"
    answered, answers = _answers(column)
    keys = ["weight", *(sql.name(name) for name in answers)]
    sets = ", ".join(f"({', '.join([*one, *keys])})" for one in [[], *([name] for name in breaks)])
    selected = [*breaks, f"{mask} AS mask", *keys, "count(*) AS people"]
    inner = sql.comma([*breaks, "weight", *(f"{value} AS {sql.name(name)}" for name, value in answers.items())])
    source = sql.table("anonymised", survey.name)
    return Query(
        sql=f"SELECT {sql.comma(selected)}\nFROM (SELECT {inner} FROM {source} WHERE {answered})\n"
        f"GROUP BY GROUPING SETS ({sets})"
    )


def _answers(column: Column) -> tuple[str, dict[str, str]]:
    """SQL: whether a person answered, and the columns that say what."""
    if column.kind is not Kind.MULTIPLE:
        field = sql.name(column.name)
        return f"{field} <> {sql.text(NO_ANSWER)}", {"answer": field}
    fields = {option.code: sql.name(f"{column.name}__{option.code}") for option in column.options}
    not_chosen = "'0'" if column.both_sides_sensitive else "NULL"
    choices = [f"CASE WHEN {field} = 1 THEN '1' ELSE {not_chosen} END" for field in fields.values()]
    return f"{next(iter(fields.values()))} IS NOT NULL", {
        OPTION: f"unnest([{', '.join(sql.text(code) for code in fields)}])",
        "answer": f"unnest([{', '.join(choices)}])",
    }


def weights_readable(classes: Sequence[Mapping[str, object]], bar: int, rounding: int) -> bool:
    """Whether weighted percentages of a question could give a person's answer away.

    ``classes`` are the lines of :func:`weight_classes_query`. Every weight is taken as known. Two things are
    asked of every published group: no one's weight may move the displayed weighted numerator by more than half
    a rounding step (the heaviest person counts for at most ``rounding / 2`` average people), and among those who
    share a weight at least ``bar`` differ from their commonest answer, so that exchanging two of them changes no
    weighted sum and nobody's answer is forced, not even for ``bar - 1`` of them together (R3 within a weight class;
    of an option protected on one side, ``bar + 1`` did not choose it or nobody did choose it).

    Where a class agrees, or where nobody answered, the answer is yes. Each group is looked at alone: the joint test
    over crossing groups (rule b) is not made.
    """
    groups: dict[tuple, dict[Decimal, dict[str | None, int]]] = {}
    for line in classes:
        group = tuple(line[name] for name in line if name not in {"weight", "answer", "people"})
        answers = groups.setdefault(group, {}).setdefault(line["weight"], {})  # type: ignore[arg-type]
        answers[line["answer"]] = answers.get(line["answer"], 0) + line["people"]  # type: ignore[index,operator]
    return not groups or any(_group_readable(by_weight, bar, rounding) for by_weight in groups.values())


def _group_readable(by_weight: Mapping[Decimal, Mapping[str | None, int]], bar: int, rounding: int) -> bool:
    people = sum(sum(answers.values()) for answers in by_weight.values())
    total = sum(weight * sum(answers.values()) for weight, answers in by_weight.items())
    if 2 * max(by_weight) * people > rounding * total:
        return True
    return any(_agree(answers, bar) for answers in by_weight.values())


def _agree(answers: Mapping[str | None, int], bar: int) -> bool:
    one_sided = None in answers
    commonest = max((people for answer, people in answers.items() if answer is not None), default=0)
    return commonest > 0 and sum(answers.values()) - commonest < bar + one_sided

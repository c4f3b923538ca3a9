"""Counting people: every cell of every declared table, exactly, zeros included. Never published as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from terms.codebook import Codebook
from terms.hierarchy import ANSWERED, NO_ANSWER, TOTAL
from terms.query import Query
from terms.survey import Column, Kind, Survey, TableSpec
from transforms import sql

COUNTS_SCHEMA = {
    "table": pl.String,
    "row_var": pl.String,
    "row": pl.String,
    "col_var": pl.String,
    "col": pl.String,
    "respondents": pl.Int64,
    "weighted_total": pl.Decimal(38, 6),
}

Tally = tuple[int, Decimal | None]
"""People, and the sum of their weights where the survey has any."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The declared tables that the codebook leaves something of."""

    specs: tuple[TableSpec, ...]

    @classmethod
    def of(cls, survey: Survey, codebook: Codebook) -> Tables:
        """Tables whose row variable and break still have categories (``*`` says nothing)."""

        def speaks(variable: str | None) -> bool:
            return variable is None or bool(codebook.categories(survey, variable))

        return cls(specs=tuple(spec for spec in survey.tables if speaks(spec.row) and speaks(spec.col)))

    def rows(self) -> list[str]:
        """The row variables, in order."""
        return list(dict.fromkeys(spec.row for spec in self.specs))

    def breaks_of(self, row: str) -> list[str]:
        """The breaks one row variable is crossed with."""
        return [spec.col for spec in self.specs if spec.row == row and spec.col is not None]


def count_query(survey: Survey, tables: Tables, row: str) -> Query:
    """One pass over the anonymised layer that counts a row variable alone and by each of its breaks.

    Columns: the breaks, ``mask`` (bit i set where break i is rolled up, first break highest), then for a single
    question ``code, people, weight`` and for a multiple one ``people, weight, answered, answered_weight`` and
    ``chosen <code>, weight <code>`` an option.
    """
    column = survey.column(row)
    breaks = [sql.name(name) for name in tables.breaks_of(row)]
    mask = f"GROUPING({', '.join(breaks)})" if breaks else "0"
    weight = "sum(weight)" if survey.weight else "CAST(NULL AS DECIMAL(38, 6))"
    multiple = column.kind is Kind.MULTIPLE
    measures = ["count(*) AS people", f"{weight} AS weight"]
    if multiple:
        measures += _option_measures(column, weighted=survey.weight is not None)
    keys = [] if multiple else [sql.name(row)]
    sets = [keys, *([*keys, one] for one in breaks)]
    grouping = ", ".join(f"({', '.join(keys)})" for keys in sets)
    selected = [*breaks, f"{mask} AS mask", *(f"{key} AS code" for key in keys), *measures]
    source = sql.table("anonymised", survey.name)
    return Query(sql=f"SELECT {sql.comma(selected)}\nFROM {source}\nGROUP BY GROUPING SETS ({grouping})")


def profiles_query(survey: Survey, tables: Tables, row: str) -> Query:
    """How many people share each combination of a row variable's breaks and a weight: the breaks, ``weight``
    (null where there is none), ``people``. No answer takes part: whoever has the roster knows as much."""
    breaks = [sql.name(name) for name in tables.breaks_of(row)]
    weight = "weight" if survey.weight else "CAST(NULL AS DECIMAL(18, 6)) AS weight"
    source = sql.table("anonymised", survey.name)
    return Query(sql=f"SELECT {sql.comma([*breaks, weight, 'count(*) AS people'])}\nFROM {source}\nGROUP BY ALL")


def _option_measures(column: Column, *, weighted: bool) -> list[str]:
    fields = {option.code: sql.name(f"{column.name}__{option.code}") for option in column.options}
    any_field = next(iter(fields.values()))

    def weight_where(condition: str, name: str) -> str:
        total = f"sum(CASE WHEN {condition} THEN weight ELSE 0 END)" if weighted else "NULL"
        return f"CAST({total} AS DECIMAL(38, 6)) AS {name}"

    measures = [
        f"count({any_field}) AS answered",
        weight_where(f"{any_field} IS NOT NULL", "answered_weight"),
    ]
    for code, field in fields.items():
        measures.append(f"CAST(coalesce(sum({field}), 0) AS BIGINT) AS {sql.name(f'chosen {code}')}")
        measures.append(weight_where(f"{field} = 1", sql.name(f"weight {code}")))
    return measures


def counts_frame(
    survey: Survey, codebook: Codebook, tables: Tables, counted: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The dense exact counts of all tables (:data:`COUNTS_SCHEMA`), in codebook order.

    ``counted`` holds the result of :func:`count_query` for every row variable. Rows of a table: the categories,
    ``_ANS`` (answering base; questions only), ``_T`` (everyone of the column).
    """
    lines: list[dict[str, object]] = []
    for spec in tables.specs:
        tallies = _tallies(survey, tables, spec, counted[spec.row])
        cols = [TOTAL] if spec.col is None else [*codebook.categories(survey, spec.col), TOTAL]
        categories = codebook.categories(survey, spec.row)
        rows = [*categories, *([ANSWERED] if survey.column(spec.row).hierarchy is None else []), TOTAL]
        for row in rows:
            for col in cols:
                people, weight = tallies.get((row, col), (0, Decimal(0) if survey.weight else None))
                lines.append(
                    {
                        "table": spec.name,
                        "row_var": spec.row,
                        "row": row,
                        "col_var": spec.col or TOTAL,
                        "col": col,
                        "respondents": people,
                        "weighted_total": weight,
                    }
                )
    return pl.DataFrame(lines, schema=COUNTS_SCHEMA)


def _tallies(survey: Survey, tables: Tables, spec: TableSpec, counted: pl.DataFrame) -> dict[tuple[str, str], Tally]:
    """(row, col) -> tally of one table."""
    breaks = tables.breaks_of(spec.row)
    all_rolled_up = (1 << len(breaks)) - 1
    tallies: dict[tuple[str, str], Tally] = {}
    for line in counted.iter_rows(named=True):
        if line["mask"] == all_rolled_up:
            col = TOTAL
        elif spec.col is not None and line["mask"] == all_rolled_up ^ (1 << (len(breaks) - 1 - breaks.index(spec.col))):
            col = line[spec.col]
        else:
            continue
        column = survey.column(spec.row)
        pairs = _multiple_rows(column, line) if column.kind is Kind.MULTIPLE else _single_rows(column, line)
        for row, tally in pairs:
            tallies[row, col] = _plus(tallies.get((row, col)), tally)
    return tallies


def _single_rows(column: Column, line: Mapping[str, object]) -> Iterable[tuple[str, Tally]]:
    tally = (line["people"], line["weight"])
    yield line["code"], tally
    yield TOTAL, tally
    if column.hierarchy is None and line["code"] != NO_ANSWER:
        yield ANSWERED, tally


def _multiple_rows(column: Column, line: Mapping[str, object]) -> Iterable[tuple[str, Tally]]:
    everyone: Tally = (line["people"], line["weight"])
    answered: Tally = (line["answered"], None if line["weight"] is None else line["answered_weight"])
    yield TOTAL, everyone
    yield ANSWERED, answered
    yield (
        NO_ANSWER,
        (
            everyone[0] - answered[0],
            None if everyone[1] is None or answered[1] is None else everyone[1] - answered[1],
        ),
    )
    for option in column.options:
        weight = None if line["weight"] is None else line[f"weight {option.code}"]
        yield option.code, (line[f"chosen {option.code}"], weight)


def _plus(one: Tally | None, other: Tally) -> Tally:
    if one is None:
        return other
    weight = None if one[1] is None or other[1] is None else one[1] + other[1]
    return one[0] + other[0], weight

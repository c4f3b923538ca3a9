"""From exact quasi-identifiers to the groups of the frozen codebook."""

from __future__ import annotations

from terms.codebook import Codebook
from terms.hierarchy import Level
from terms.query import Query
from terms.survey import Column, Kind, Role, Survey
from transforms import sql
from transforms.door import coded_columns


def generalise_query(survey: Survey, codebook: Codebook) -> Query:
    """The anonymised layer: generalised quasi-identifiers, answers, weight; no person, no date.

    A tuple depends on the person's own record and the codebook alone.
    """
    quasi = {column.name: column for column in survey.quasi_identifiers}
    columns = [
        _generalised(quasi[name], codebook.level(quasi[name])) if name in quasi else sql.name(name)
        for name in coded_columns(survey)
    ]
    if survey.weight is not None:
        columns.append("weight")
    return Query(sql=f"SELECT {sql.comma(columns)}\nFROM {sql.table('clean', survey.name)}")


def _generalised(column: Column, level: Level) -> str:
    field = sql.name(column.name)
    # A code without a group would be a gap in the hierarchy, which the hierarchy refuses; NULL fails every suite.
    return f"{sql.decode(field, level.group_of, 'NULL')} AS {field}"


def classes_query(survey: Survey) -> Query:
    """Equivalence classes of the anonymised layer: ``people`` and ``distinct_<sensitive>``, one row a class."""
    keys = [sql.name(column.name) for column in survey.quasi_identifiers]
    distinct = [
        f"count(DISTINCT {value}) AS {sql.name(f'distinct_{name}')}"
        for name, value in _sensitive_values(survey).items()
    ]
    grouping = f"\nGROUP BY {', '.join(keys)}\nORDER BY {', '.join(keys)}" if keys else ""
    columns = sql.comma(["count(*) AS people", *distinct])
    return Query(sql=f"SELECT {columns}\nFROM {sql.table('anonymised', survey.name)}{grouping}")


def tuples_query(survey: Survey) -> Query:
    """Distinct base codes and sensitive values of the clean layer with their ``people``: all a plan search needs."""
    keys = [sql.name(column.name) for column in survey.quasi_identifiers]
    values = [f"{value} AS {sql.name(name)}" for name, value in _sensitive_values(survey).items()]
    return Query(
        sql=f"SELECT {sql.comma([*keys, *values, 'count(*) AS people'])}\n"
        f"FROM {sql.table('clean', survey.name)}\nGROUP BY ALL\nORDER BY ALL"
    )


def _sensitive_values(survey: Survey) -> dict[str, str]:
    """Sensitive column -> SQL of its value; two answers of a multiple question differ when any option does."""
    values = {}
    for column in survey.by_role(Role.SENSITIVE):
        fields = [column.name]
        if column.kind is Kind.MULTIPLE:
            fields = [f"{column.name}__{option.code}" for option in column.options]
        values[column.name] = " || '|' || ".join(f"coalesce(CAST({sql.name(f)} AS TEXT), '')" for f in fields)
    return values

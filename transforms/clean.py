"""From the coded rows of the raw layer to one row a person: only good rows whose consent fits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from terms.query import Query
from terms.survey import Kind, Repeat, Survey
from transforms import sql
from transforms.door import BAD, coded_columns


def clean_query(survey: Survey, as_of: date, restricted: Collection[str] = ()) -> Query:
    """The clean layer: ``person, answered_on``, one code a variable, 0/1/null an option, ``weight``.

    Answers stamped after ``as_of`` do not exist; answers without consent and bad rows stay out, and so do all answers
    of the ``restricted`` pseudonyms; where a person answered more than once the declared answer counts. The result does
    not depend on the order of raw rows.
    """
    stored = [sql.name(column) for column in coded_columns(survey)]
    columns = ["person", "answered_on", *stored] + (["weight"] if survey.weight else [])
    body = f"SELECT {sql.comma(columns)}\nFROM valid"
    if survey.respondents.key is not None:
        direction = "DESC" if survey.respondents.repeat is Repeat.LATEST else "ASC"
        # Every column takes part, so that ties in time are broken by content and never by row order.
        when = [f"answered_at {direction}"] if survey.timestamp else []
        order = sql.comma([*when, *stored] + (["weight"] if survey.weight else []))
        body += f"\nQUALIFY row_number() OVER (PARTITION BY person ORDER BY {order}) = 1"
    return _query(survey, as_of, restricted, body)


def rejects_query(survey: Survey, as_of: date, restricted: Collection[str] = ()) -> Query:
    """The bad rows: ``source, line, column, rule``, one line a broken rule, never a value."""
    body = """SELECT source, line, split_part(broken, '|', 1) AS "column", split_part(broken, '|', 2) AS rule
FROM (SELECT source, line, unnest(problems) AS broken FROM judged WHERE consented)
ORDER BY source, line, "column", rule"""
    return _query(survey, as_of, restricted, body)


def census_query(survey: Survey, as_of: date, restricted: Collection[str] = ()) -> Query:
    """One row that says where the raw rows that may be used went: ``read, without_consent, bad, valid, people``."""
    body = """SELECT (SELECT count(*) FROM judged) AS read,
    (SELECT count(*) FROM judged WHERE NOT consented) AS without_consent,
    (SELECT count(*) FROM judged WHERE consented AND len(problems) > 0) AS bad,
    (SELECT count(*) FROM valid) AS valid,
    (SELECT count(DISTINCT person) FROM valid) AS people"""
    return _query(survey, as_of, restricted, body)


def codes_query(survey: Survey) -> Query:
    """How many people of the clean layer have each code: ``variable, code, people``."""
    counts = [
        f"SELECT {sql.text(name)} AS variable, CAST({sql.name(name)} AS TEXT) AS code, count(*) AS people "
        f"FROM {sql.table('clean', survey.name)} GROUP BY ALL"
        for name in coded_columns(survey)
    ]
    return Query(sql="\nUNION ALL\n".join(counts) + "\nORDER BY ALL")


def population_query(survey: Survey) -> Query:
    """One line: ``rows`` of the clean layer and the ``people`` in them."""
    source = sql.table("clean", survey.name)
    return Query(sql=f"SELECT count(*) AS rows, count(DISTINCT person) AS people FROM {source}")


def _query(survey: Survey, as_of: date, restricted: Collection[str], body: str) -> Query:
    parameters = {"as_of": as_of.isoformat(), "restricted": sorted(restricted)}
    return Query(sql=_with_rows(survey, body), parameters=parameters)


def _with_rows(survey: Survey, body: str) -> str:
    """The steps every clean query shares: name what is wrong, keep what is good."""
    problems = sql.comma(_problems(survey))
    stamped = survey.timestamp is not None
    answered_on = "CAST(answered_at AS DATE)" if stamped else _day(survey.fieldwork_to)
    consented = "" if survey.consent.column is not None else "TRUE AS consented, "
    # After the as-of date nothing exists; an unreadable date does exist and is a bad row.
    return f"""WITH judged AS (
  SELECT *, {consented}{_person(survey)}, {answered_on} AS answered_on,
    list_filter([{problems}], lambda problem: problem IS NOT NULL) AS problems
  FROM {sql.table("raw", survey.name)}
  WHERE coalesce({answered_on} <= CAST($as_of AS DATE), TRUE)
    AND coalesce(respondent NOT IN (SELECT unnest(CAST($restricted AS VARCHAR[]))), TRUE)
), valid AS (
  SELECT * FROM judged WHERE consented AND len(problems) = 0
)
{body}"""


def _day(day: date) -> str:
    return f"CAST({sql.text(day.isoformat())} AS DATE)"


def _person(survey: Survey) -> str:
    if survey.respondents.key is not None:
        return "respondent AS person"
    return "source || ':' || CAST(line AS TEXT) AS person"


def _problems(survey: Survey) -> Iterator[str]:
    """SQL texts, each null or ``column|rule``."""

    def when(condition: str, column: str, rule: str) -> str:
        return f"CASE WHEN {condition} THEN {sql.text(f'{column}|{rule}')} END"

    if survey.timestamp is not None:
        stamp = survey.timestamp.name
        first, last = _day(survey.fieldwork_from), _day(survey.fieldwork_to)
        yield when("answered_at IS NULL", stamp, "date_impossible")
        yield when(f"CAST(answered_at AS DATE) NOT BETWEEN {first} AND {last}", stamp, "outside_fieldwork")
    if survey.weight is not None:
        yield when("weight IS NULL OR weight <= 0 OR weight > 1000", survey.weight.name, "weight_impossible")
    for column in survey.columns:
        rule = "out_of_range" if column.kind is Kind.INTEGER else "undeclared_code"
        if column.kind is Kind.MULTIPLE:
            options = [sql.name(f"{column.name}__{option.code}") for option in column.options]
            yield when(" OR ".join(f"{option} = -1" for option in options), column.name, rule)
        elif column.kind is not None:
            yield when(f"{sql.name(column.name)} = {sql.text(BAD)}", column.name, rule)
    yield "CAST(NULL AS TEXT)"

"""The door: what an export says becomes declared codes before anything is stored.

Whatever is not a declared code becomes a mark, so words that a respondent typed where a code belongs reach no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from terms.hierarchy import NO_ANSWER
from terms.query import Query
from terms.survey import Column, Kind, Option, Role, Survey
from transforms import sql

BAD = "?"
"""What a value that breaks its column's rule becomes; no code can be ``?``. Options of their own become -1."""

MOMENT = (
    r"^(\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?)?)"
    r" ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$"
)
"""A date or a date and time, then the zone where there is one. Whatever else DuckDB takes for a time is refused."""

TRUE = ("1", "TRUE", "True", "true")
FALSE = "'0', 'FALSE', 'False', 'false'"
"""How tools write a 0/1 column; as a tuple of values, and as an SQL list."""

JST = 9 * 60
"""Minutes ahead of UTC."""


def coded_columns(survey: Survey) -> list[str]:
    """The answer and quasi-identifier columns of every layer, in declared order."""
    names = []
    for column in survey.columns:
        if column.kind is not None:
            names += option_columns(column) or [column.name]
    return names


def option_columns(column: Column) -> list[str]:
    """The 0/1 columns of a multiple question, one an option; none for any other column."""
    multiple = column.kind is Kind.MULTIPLE
    return [f"{column.name}__{option.code}" for option in column.options] if multiple else []


def stored_columns(survey: Survey) -> dict[str, str]:
    """Columns of the raw layer beside ``source, line, respondent`` -> the declared field each comes from."""
    stored = {}
    if survey.consent.column is not None:
        stored["consented"] = survey.consent.column
    if survey.timestamp is not None:
        stored["answered_at"] = survey.timestamp.name
    stored |= {name: name for name in coded_columns(survey)}
    if survey.weight is not None:
        stored["weight"] = survey.weight.name
    return stored


def door_query(survey: Survey) -> Query:
    """What may be stored of an export held in memory as ``incoming`` (``line, respondent``, every field as text).

    Columns: ``line, respondent`` and :func:`stored_columns`: ``consented`` yes or no, ``answered_at`` (null where
    it is no date), one code a variable (:data:`BAD` where the value breaks the column's rule), 0/1/null (or -1) an
    option, ``weight`` (null where it is no number).
    """
    steps = ["line", "respondent"]
    if survey.consent.column is not None:
        steps.append(_consented(survey))
    if survey.timestamp is not None:
        steps.append(_answered_at(survey))
    for column in survey.columns:
        steps += _coded(column)
    kept = ["line", "respondent", *(sql.name(name) for name in stored_columns(survey))]
    return Query(sql=f"SELECT {sql.comma(kept)}\nFROM (SELECT {sql.comma(steps)}\n  FROM incoming) AS coded")


DETECTORS = {
    "looks_like_email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "looks_like_number_of_a_person": r"\d[\d -]{8,}\d",
}
"""Content rules: what no stored answer may look like, unless it is a declared code."""


def detectors_query(survey: Survey) -> Query:
    """How many stored values of each answer column match a content rule, and how many respondents are no pseudonym:
    ``column, rule, rows``."""
    counts = []
    if survey.respondents.key is not None:
        plain = "NOT regexp_full_match(coalesce(respondent, ''), '[0-9a-f]{64}')"
        counts.append(
            "SELECT 'respondent' AS \"column\", 'is_no_pseudonym' AS rule, "
            f"count(*) FILTER (WHERE {plain}) AS rows FROM {sql.table('raw', survey.name)}"
        )
    for column in survey.columns:
        declared = ", ".join(sql.text(option.code) for option in column.options) or "''"
        names = [name for name in coded_columns(survey) if name == column.name or name in option_columns(column)]
        for name, (rule, pattern) in product(names, DETECTORS.items()):
            value = f"CAST({sql.name(name)} AS TEXT)"
            matches = f"regexp_matches({value}, {sql.text(pattern)}) AND {value} NOT IN ({declared})"
            counts.append(
                f'SELECT {sql.text(name)} AS "column", {sql.text(rule)} AS rule, '
                f"count(*) FILTER (WHERE {matches}) AS rows FROM {sql.table('raw', survey.name)}"
            )
    return Query(sql="\nUNION ALL\n".join(counts))


def _consented(survey: Survey) -> str:
    accepted = ", ".join(sql.text(value.strip()) for value in survey.consent.accepted)
    return f"coalesce({sql.name(survey.consent.column or '')} IN ({accepted}), FALSE) AS consented"


def _answered_at(survey: Survey) -> str:
    """Japanese time: what names a zone is moved there (DuckDB's own cast would drop it), the rest stands as written."""
    assert survey.timestamp is not None
    parts = f"regexp_extract(replace({sql.name(survey.timestamp.name)}, '/', '-'), {sql.text(MOMENT)}, %d)"
    moment, zone = f"TRY_CAST({parts % 1} AS TIMESTAMP)", f"rpad(replace({parts % 2}, ':', ''), 5, '0')"
    minutes = f"60 * TRY_CAST(left({zone}, 3) AS INTEGER) + TRY_CAST(left({zone}, 1) || right({zone}, 2) AS INTEGER)"
    return (
        f"CASE WHEN {parts % 2} = '' THEN {moment} "
        f"WHEN {parts % 2} IN ('Z', 'UTC') THEN {moment} + INTERVAL {JST} MINUTE "
        f"ELSE {moment} + to_minutes({JST} - ({minutes})) END AS answered_at"
    )


def _coded(column: Column) -> Iterator[str]:
    field = sql.name(column.name)
    if column.role is Role.WEIGHT:
        yield f"{_weight(column, field)} AS weight"
    elif column.kind is Kind.INTEGER:
        whole = f"TRY_CAST(regexp_extract({field}, '^(\\d{{1,18}})(\\.0+)?$', 1) AS BIGINT)"
        yield (
            f"CASE WHEN {field} IS NULL THEN {sql.text(NO_ANSWER)} "
            f"WHEN {whole} BETWEEN {column.least} AND {column.most} THEN CAST({whole} AS TEXT) "
            f"ELSE {sql.text(BAD)} END AS {field}"
        )
    elif column.kind is Kind.SINGLE:
        merged = next((option.code for option in column.options if option.includes_no_answer), NO_ANSWER)
        undeclared = merged if column.undeclared_as_no_answer else BAD
        code_of = {value: option.code for option in column.options for value in option.values}
        coded = sql.decode(field, code_of, sql.text(undeclared))
        yield f"CASE WHEN {field} IS NULL THEN {sql.text(merged)} ELSE {coded} END AS {field}"
    elif column.kind is Kind.MULTIPLE and column.in_own_columns:
        yield from _own_columns(column)
    elif column.kind is Kind.MULTIPLE:
        yield from _joined(column)


def _own_columns(column: Column) -> Iterator[str]:
    """0/1 columns: all empty means the question was not answered; -1 marks a bad value."""
    fields = {option.code: sql.name(f"{column.name}__{option.code}") for option in column.options}
    silent = " AND ".join(f"{field} IS NULL" for field in fields.values())
    chosen = {
        option.code: ", ".join(sql.text(value) for value in dict.fromkeys((*TRUE, *option.values)))
        for option in column.options
    }
    if column.undeclared_as_no_answer:
        # The whole question then: a gap among its options would be neither an answer nor none.
        undeclared = [f"{fields[o.code]} NOT IN ({FALSE}, {chosen[o.code]})" for o in column.options if not o.free_text]
        silent = " OR ".join([f"({silent})", *undeclared])
    for option in column.options:
        field = fields[option.code]
        yield (
            f"CASE WHEN {silent} THEN NULL WHEN {field} IS NULL OR {field} IN ({FALSE}) THEN 0 "
            f"WHEN {field} IN ({chosen[option.code]}) THEN 1 ELSE {1 if option.free_text else -1} END AS {field}"
        )


def _joined(column: Column) -> Iterator[str]:
    """One cell with several options in it: known options are taken out, the longest first.

    What is left over is nobody's option: free text of an option that allows it, else a bad value.
    """
    assert column.separator is not None
    separator, twice = sql.text(column.separator), sql.text(column.separator * 2)
    # Every part gets separators of its own, so that the same option twice in a row is found twice; what is taken
    # out leaves an empty part, so that its neighbours do not become an option together.
    left = f"{separator} || replace({sql.name(column.name)}, {separator}, {twice}) || {separator}"
    mentions = [(value, option) for option in column.options for value in option.values]
    chosen: dict[str, list[str]] = {option.code: [] for option in column.options}
    for number, (value, option) in enumerate(sorted(mentions, key=lambda m: (-len(m[0]), m[0]))):
        # No field can have this name.
        step = sql.name(f"{column.name}?{number}")
        parts = column.separator + value.replace(column.separator, column.separator * 2) + column.separator
        yield f"replace({left}, {sql.text(parts)}, {twice}) AS {step}"
        chosen[option.code].append(f"{left} <> {step}")
        left = step
    surplus = f"trim(replace({left}, {separator}, '')) <> ''"
    free = next((option.code for option in column.options if option.free_text), None)
    for option in column.options:
        yield _joined_option(column, option, chosen[option.code], surplus, free)


def _joined_option(column: Column, option: Option, tests: list[str], surplus: str, free: str | None) -> str:
    cell, separator = sql.name(column.name), sql.text(column.separator or "")
    # Separators with nothing between them name no option: who answered such a question chose something.
    blank = f"WHEN {cell} IS NULL OR trim(replace({cell}, {separator}, '')) = '' THEN NULL "
    bad = ""
    if option.code == free:
        tests = [*tests, surplus]
    elif free is None:
        bad = f"WHEN {surplus} THEN {'NULL' if column.undeclared_as_no_answer else '-1'} "
    field = sql.name(f"{column.name}__{option.code}")
    return f"CASE {blank}{bad}WHEN {' OR '.join(tests)} THEN 1 ELSE 0 END AS {field}"


def _weight(column: Column, field: str) -> str:
    """The weight as a decimal; where classes are declared, the nearest of them (the lower one in the middle)."""
    # The cast alone would read 1_0 as ten.
    number = f"TRY_CAST(CASE WHEN NOT contains({field}, '_') THEN {field} END AS DECIMAL(18, 6))"
    if not column.weight_classes:
        # No weight is that large; a telephone number is.
        possible = f"CASE WHEN {number} > 0 AND {number} <= 1000 THEN {number} END"
        return f"CAST(round({possible}, {column.decimals}) AS DECIMAL(18, 6))"
    arms = [
        f"WHEN {number} <= {(one + other) / 2:f} THEN {one:f}"
        for one, other in zip(column.weight_classes, column.weight_classes[1:], strict=False)
    ]
    nearest = f"CASE WHEN {number} <= 0 OR {number} > 1000 THEN NULL {' '.join(arms)} "
    return f"CAST({nearest}WHEN {number} > 0 THEN {column.weight_classes[-1]:f} END AS DECIMAL(18, 6))"

"""Quoting for the SQL that transforms write: declared names and values only, never a respondent's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

DIALECT = "duckdb"


def name(identifier: str) -> str:
    """A quoted identifier.

    >>> name('a"b')
    '"a""b"'
    """
    return exp.to_identifier(identifier, quoted=True).sql(DIALECT)


def text(value: str) -> str:
    """A quoted text literal.

    >>> text("it's")
    "'it''s'"
    """
    return exp.Literal.string(value).sql(DIALECT)


def decode(subject: str, code_of: Mapping[str, str], otherwise: str) -> str:
    """``CASE subject WHEN value THEN code ... ELSE otherwise END``; ``otherwise`` is SQL."""
    if not code_of:
        return otherwise
    arms = " ".join(f"WHEN {text(value)} THEN {text(code)}" for value, code in code_of.items())
    return f"CASE {subject} {arms} ELSE {otherwise} END"


def comma(parts: Iterable[str]) -> str:
    """The parts as an SQL list, one a line."""
    return ",\n    ".join(parts)


def table(layer: str, survey: str) -> str:
    """The table of a survey in one of the layers."""
    return f"{name(layer)}.{name(survey)}"

"""Surveys built by hand, for tests that need a declaration without a YAML file.

>>> age = integer_qi("age", 10, 39, [10, 20, 30, 40])
>>> region = single("region", ["north", "south"], role=Role.QUASI_IDENTIFIER)
>>> [table.name for table in survey([age, region, single("q1", "abc")]).tables]
['q1', 'q1_by_age', 'q1_by_region']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from terms.codebook import Codebook
from terms.hierarchy import ANY, NO_ANSWER, Hierarchy, Level
from terms.policy import Policy
from terms.survey import (
    Column,
    ConfirmedBy,
    Consent,
    ConsentBasis,
    Controller,
    Kind,
    Option,
    Purpose,
    Respondents,
    Role,
    Source,
    Survey,
    TableSpec,
)
from terms.words import Text

Codes = Iterable[str] | Mapping[str, str]
"""Codes that the export writes as they are, or code -> the text it writes."""


def plain(name: str, role: Role, *, header: str | None = None, **overrides: Any) -> Column:
    """A column without options: an identifier, a weight, a timestamp, consent, open text, ignored."""
    given = {"headers": (header or name,), "label": Text.same(name)} | overrides
    return Column(name=name, role=role, **given)


def single(
    name: str,
    codes: Codes,
    *,
    role: Role = Role.QUESTION,
    header: str | None = None,
    groups: Sequence[Mapping[str, Iterable[str]]] = (),
    **overrides: Any,
) -> Column:
    """A column with one of ``codes``; for a quasi-identifier, ``groups`` are its coarser levels."""
    written = codes if isinstance(codes, Mapping) else {code: code for code in codes}
    options = tuple(Option(code=c, label=Text.same(c), values=(value,)) for c, value in written.items())
    if role is Role.QUASI_IDENTIFIER:
        overrides.setdefault("hierarchy", hierarchy(name, list(written), groups))
    return plain(name, role, header=header, kind=Kind.SINGLE, options=options, **overrides)


def multiple(
    name: str,
    codes: Codes,
    *,
    role: Role = Role.QUESTION,
    separator: str | None = None,
    header: str | None = None,
    **overrides: Any,
) -> Column:
    """Any number of ``codes``: joined by ``separator``, or one 0/1 column an option headed ``q2: a``."""
    written = codes if isinstance(codes, Mapping) else {code: code for code in codes}
    options = tuple(
        Option(
            code=code,
            label=Text.same(code),
            values=(value,),
            header=None if separator else f"{header or name}: {code}",
        )
        for code, value in written.items()
    )
    return plain(name, role, header=header, kind=Kind.MULTIPLE, options=options, separator=separator, **overrides)


def integer_qi(
    name: str, least: int, most: int, *bounds: Sequence[int], header: str | None = None, **overrides: Any
) -> Column:
    """A whole-number quasi-identifier; ``[10, 20, 30]`` is a level of the intervals 10-19 and 20-29."""
    codes = [str(value) for value in range(least, most + 1)]
    levels = [
        {f"{low}-{high - 1}": [str(value) for value in range(low, high)] for low, high in pairwise(ends)}
        for ends in bounds
    ]
    given = {"hierarchy": hierarchy(name, codes, levels)} | overrides
    return plain(
        name,
        Role.QUASI_IDENTIFIER,
        header=header,
        kind=Kind.INTEGER,
        least=least,
        most=most,
        **given,
    )


def hierarchy(name: str, codes: Sequence[str], groups: Sequence[Mapping[str, Iterable[str]]] = ()) -> Hierarchy:
    """Exact codes, then ``groups``, then ``*``; ``_NA`` stays a category of its own below ``*``."""
    levels = []
    for level in ({code: [code] for code in codes}, *groups):
        group_of = {code: group for group, members in level.items() for code in members}
        labels = {group: Text.same(group) for group in (*level, NO_ANSWER)}
        levels.append(Level(group_of={NO_ANSWER: NO_ANSWER} | group_of, labels=labels))
    levels.append(Level(group_of=dict.fromkeys((*codes, NO_ANSWER), ANY), labels={ANY: Text(ja="すべて", en="Any")}))
    return Hierarchy(variable=name, levels=tuple(levels))


def survey(columns: Iterable[Column], **overrides: Any) -> Survey:
    """A survey of these columns: every question in a one-way table and by every quasi-identifier.

    The first direct identifier is the respondent key; every other attribute may be named in ``overrides``.
    """
    columns = tuple(columns)
    identifiers = [column.name for column in columns if column.role is Role.DIRECT_IDENTIFIER]
    consents = [column.name for column in columns if column.role is Role.CONSENT]
    breaks = [column.name for column in columns if column.role is Role.QUASI_IDENTIFIER]
    defaults: dict[str, Any] = {
        "name": "reader_2026",
        "title": Text(ja="読者調査", en="Reader survey"),
        "controller": Controller(
            company="shoji_press",
            name=Text(ja="障子出版", en="Shoji Press"),
            division=Text(ja="読者調査室", en="Reader research"),
            contact="privacy@example.org",
        ),
        "purpose": Purpose.QUESTIONNAIRE_SURVEY,
        "notice_version": "2026-04",
        "consent": Consent(basis=ConsentBasis.CONSENT, column=consents[0], accepted=("1",))
        if consents
        else Consent(basis=ConsentBasis.INFORMED_PARTICIPATION),
        "fieldwork_from": date(2026, 5, 1),
        "fieldwork_to": date(2026, 6, 30),
        "licence": None,
        "respondents": Respondents(key=identifiers[0], confirmed_by=ConfirmedBy.ACCOUNT)
        if identifiers
        else Respondents(key=None, confirmed_by=ConfirmedBy.NONE),
        "sources": (Source(name="june", path="responses.csv"),),
        "columns": columns,
        "tables": tuple(
            TableSpec(name=f"{column.name}_by_{by}" if by else column.name, row=column.name, col=by)
            for column in columns
            if column.role.is_answer
            for by in (None, *breaks)
        ),
        "policy": Policy(),
        "declaration_hash": "0" * 64,
    }
    return Survey(**(defaults | overrides))


def codebook(survey: Survey, levels: Mapping[str, int] | None = None, version: int = 1) -> Codebook:
    """A codebook at these levels; every quasi-identifier that is not named stays exact (level 0)."""
    chosen = {column.name: 0 for column in survey.quasi_identifiers} | dict(levels or {})
    return Codebook(survey=survey.name, version=version, levels=chosen, hierarchies_hash="0" * 64)

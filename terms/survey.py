"""A survey as its owner declares it: whose it is, what it asks, what may be said about the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from terms.hierarchy import Hierarchy
from terms.policy import Policy
from terms.purposes import Consent, ConsentBasis, Controller, Grounds, Pooling, Purpose
from terms.retention import UNDECLARED, Retention
from terms.rewards import Rewards
from terms.words import Text


class Role(Enum):
    """What a column is to the person who filled it in. Roles decide everything that happens to it."""

    DIRECT_IDENTIFIER = "direct_identifier"
    """Names a person, device or browser. Stops at the door; the respondent key becomes a pseudonym there."""
    QUASI_IDENTIFIER = "quasi_identifier"
    """What somebody who knows the person may know too. Generalised; may be a break."""
    QUESTION = "question"
    """An answer."""
    SENSITIVE = "sensitive"
    """An answer that needs the stricter bars (``s_sensitive`` and distinct ``l``)."""
    WEIGHT = "weight"
    CONSENT = "consent"
    TIMESTAMP = "timestamp"
    OPEN_TEXT = "open_text"
    """Words of the respondent. Dropped at the door."""
    IGNORED = "ignored"
    """Dropped at the door."""

    @property
    def passes_the_door(self) -> bool:
        """Whether values of such a column may be stored at all."""
        return self not in {Role.DIRECT_IDENTIFIER, Role.OPEN_TEXT, Role.IGNORED}

    @property
    def is_answer(self) -> bool:
        """Whether the column holds an answer that tables may be made of."""
        return self in {Role.QUESTION, Role.SENSITIVE}


class Kind(Enum):
    """The shape of the values of a quasi-identifier or a question."""

    SINGLE = "single"
    """One of the declared options."""
    MULTIPLE = "multiple"
    """Any number of the declared options: joined in one cell, or one 0/1 column an option."""
    INTEGER = "integer"
    """A whole number within a declared range (quasi-identifiers only: banded by an interval hierarchy)."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer that can be chosen."""

    code: str
    label: Text
    values: tuple[str, ...]
    """How the export writes it (compared after trimming white space)."""
    header: str | None = None
    """For a 0/1 column of its own: that column's header."""
    free_text: bool = False
    """The 0/1 column also holds words: whatever is neither empty nor ``0`` counts as chosen."""
    includes_no_answer: bool = False
    """Those who did not answer are counted here (a declared merge)."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One declared column of the export."""

    name: str
    headers: tuple[str, ...]
    """The header texts it may carry (normalised, see :func:`terms.headers.normalise`); the first is the usual one."""
    role: Role
    label: Text
    optional: bool = False
    """May be missing from a source; its answers are then ``_NA``."""
    kind: Kind | None = None
    options: tuple[Option, ...] = ()
    separator: str | None = None
    """Between the options of a joined multiple answer."""
    both_sides_sensitive: bool = False
    """Not choosing an option of a multiple question is protected like choosing it (R3)."""
    least: int | None = None
    most: int | None = None
    """Range of an integer column, both ends included."""
    hierarchy: Hierarchy | None = None
    decimals: int = 2
    """Decimals of a weight that are kept: fewer decimals, fewer weight classes (R8)."""
    weight_classes: tuple[Decimal, ...] = ()
    """Where declared, a weight becomes the nearest of these (R8: few classes)."""
    undeclared_as_no_answer: bool = False
    """An undeclared code of a question counts as no answer instead of making the row bad."""

    @property
    def in_own_columns(self) -> bool:
        """Whether every option has a 0/1 column of its own."""
        return self.kind is Kind.MULTIPLE and self.separator is None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One physical column: what a reader delivers under ``name``."""

    name: str
    headers: tuple[str, ...]
    column: Column
    option: Option | None = None

    @property
    def optional(self) -> bool:
        return self.column.optional


@dataclass(frozen=True, kw_only=True)
class Source:
    """One export file."""

    name: str
    """What messages, ledger and warehouse call it."""
    path: str
    """Relative to the declaration, or to ``SHOJI_DATA/datasets`` where ``from_data`` is set."""
    from_data: bool = False
    encoding: str = "auto"
    header_rows: int = 1
    sheet: str | None = None
    delimiter: str | None = None
    """Of a CSV file; ``None`` means detected among comma, tab and semicolon."""
    keep_field: str | None = None
    keep_values: tuple[str, ...] = ()
    """Only rows whose column ``keep_field`` holds one of these belong to the survey."""
    grounds: tuple[Grounds, ...] = ()
    """Its own grounds, oldest first, without a gap over the fieldwork; none where the survey's hold."""


class ConfirmedBy(Enum):
    """How one knows that a respondent is a person who was asked (R11)."""

    ACCOUNT = "account"
    INVITATION = "invitation"
    PANEL = "panel"
    NONE = "none"


class Repeat(Enum):
    """Which answer counts when a person answered more than once."""

    FIRST = "first"
    LATEST = "latest"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class Respondents:
    """Who answered, and how two answers are known to be one person's."""

    key: str | None
    """The column (a direct identifier) that names a respondent; ``None`` where every row is a person."""
    confirmed_by: ConfirmedBy
    repeat: Repeat = Repeat.FIRST
    scope: str | None = None
    """Surveys that declare the same scope share pseudonyms; default: this survey alone."""


@dataclass(frozen=True, kw_only=True)
class TableSpec:
    """One published table: a question, alone or by a break."""

    name: str
    row: str
    """The variable down the side: a question, or a quasi-identifier."""
    col: str | None = None
    """The break: a quasi-identifier; ``None`` for a one-way table."""


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Everything the owner declared about one survey."""

    name: str
    title: Text
    controller: Controller
    purpose: Purpose
    notice_version: str
    consent: Consent
    fieldwork_from: date
    fieldwork_to: date
    licence: Text | None
    respondents: Respondents
    sources: tuple[Source, ...]
    columns: tuple[Column, ...]
    tables: tuple[TableSpec, ...]
    policy: Policy
    declaration_hash: str
    """SHA-256 of the declaration's content (layout and comments aside)."""
    processor: str | None = None
    """Who asked on the controller's behalf, by its id in the register of processors."""
    pooling: Pooling | None = None
    retention: Retention = UNDECLARED
    rewards: Rewards | None = None

    def column(self, name: str) -> Column:
        """The declared column of that name."""
        return next(column for column in self.columns if column.name == name)

    def grounds_of(self, source: Source) -> tuple[Grounds, ...]:
        """What the answers of a source were collected under, oldest first: its own grounds, or the survey's."""
        own = Grounds(
            since=self.fieldwork_from,
            until=self.fieldwork_to,
            controller=self.controller,
            purpose=self.purpose,
            notice_version=self.notice_version,
            consent=self.consent,
            processor=self.processor,
        )
        return source.grounds or (own,)

    def by_role(self, *roles: Role) -> tuple[Column, ...]:
        """The columns with one of these roles, in declared order."""
        return tuple(column for column in self.columns if column.role in roles)

    @property
    def quasi_identifiers(self) -> tuple[Column, ...]:
        return self.by_role(Role.QUASI_IDENTIFIER)

    @property
    def questions(self) -> tuple[Column, ...]:
        """Questions, sensitive ones included."""
        return self.by_role(Role.QUESTION, Role.SENSITIVE)

    @property
    def weight(self) -> Column | None:
        return next(iter(self.by_role(Role.WEIGHT)), None)

    @property
    def timestamp(self) -> Column | None:
        return next(iter(self.by_role(Role.TIMESTAMP)), None)

    @property
    def breaks(self) -> tuple[str, ...]:
        """The quasi-identifiers that some table is broken down by, in declared order."""
        used = {table.col for table in self.tables}
        return tuple(column.name for column in self.quasi_identifiers if column.name in used)

    def fields(self) -> Iterator[Field]:
        """Every physical column a reader has to deliver, in declared order."""
        for column in self.columns:
            if column.in_own_columns:
                for option in column.options:
                    yield Field(
                        name=f"{column.name}__{option.code}",
                        headers=(option.header or "",),
                        column=column,
                        option=option,
                    )
            else:
                yield Field(name=column.name, headers=column.headers, column=column)


__all__ = [
    "Column",
    "ConfirmedBy",
    "Consent",
    "ConsentBasis",
    "Controller",
    "Field",
    "Grounds",
    "Kind",
    "Option",
    "Pooling",
    "Purpose",
    "Repeat",
    "Respondents",
    "Role",
    "Source",
    "Survey",
    "TableSpec",
]

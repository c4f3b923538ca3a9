"""The shape of ``survey.yaml``: what pydantic checks before the nouns are made."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from terms.policy import NoAnswer
from terms.purposes import PURPOSES_OF_SURVEYS, ConsentBasis, PoolingBasis, Purpose
from terms.survey import ConfirmedBy, Kind, Repeat, Role
from terms.words import Text

CODE = r"^[A-Za-z0-9][A-Za-z0-9_+.-]{0,63}$"
NAME = r"^[a-z][a-z0-9_]{0,63}$"
DAY = r"\d{4}-\d{2}-\d{2}"


def _to_text(value: Any) -> Any:
    both = {"ja": value, "en": value} if isinstance(value, str) else value
    if isinstance(both, dict) and set(both) == {"ja", "en"} and all(map(_is_words, both.values())):
        return Text(**both)
    raise PydanticCustomError("label_malformed", "not a label")


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _to_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _to_option(value: Any) -> Any:
    return {"value": value} if isinstance(value, str) else value


def _to_day(value: Any) -> Any:
    # pydantic would take a bare number for seconds since 1970.
    if isinstance(value, str) and re.fullmatch(DAY, value, re.ASCII):
        return value
    raise PydanticCustomError("day_malformed", "not a day")


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True, hide_input_in_errors=True)


Label = Annotated[Text, BeforeValidator(_to_text)]
Texts = Annotated[list[str], BeforeValidator(_to_list)]
Name = Annotated[str, Field(pattern=NAME)]
Words = Annotated[str, Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_to_day)]
Days = Annotated[int, Field(ge=1, le=3660)]


class ControllerShape(Shape):
    company: Name
    name: Label
    division: Label
    contact: Words


class ConsentShape(Shape):
    basis: ConsentBasis
    column: str | None = None
    accepted: Texts = []


class FieldworkShape(Shape):
    from_: Day = Field(alias="from")
    to: Day


class RespondentsShape(Shape):
    key: str | None = None
    confirmed_by: ConfirmedBy
    repeat: Repeat = Repeat.FIRST
    scope: Name | None = None


class KeepShape(Shape):
    column: str
    values: Annotated[Texts, Field(min_length=1)]


class GroundsShape(Shape):
    from_: Day | None = Field(alias="from", default=None)
    to: Day | None = None
    controller: ControllerShape | None = None
    purpose: Purpose | None = None
    notice_version: Words | None = None
    consent: ConsentShape | None = None
    processor: Name | None = None


class PoolingShape(Shape):
    basis: PoolingBasis
    companies: Annotated[list[Name], Field(min_length=2)]


class RetentionShape(Shape):
    answers_days: Days | None = None
    rewards_days: Days | None = None
    sources_days: Days | None = None


class WantedShape(Shape):
    column: str
    accepted: Annotated[Texts, Field(min_length=1)]


class RewardsShape(Shape):
    columns: Annotated[Texts, Field(min_length=1)]
    wanted: WantedShape


class SourceShape(Shape):
    name: Name | None = None
    file: Words
    from_data: bool = False
    encoding: str = "auto"
    header_rows: Annotated[int, Field(ge=1, le=3)] = 1
    sheet: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    keep: KeepShape | None = None
    grounds: list[GroundsShape] = []


class OptionShape(Shape):
    value: str | None = None
    values: Texts = []
    ja: str | None = None
    en: str | None = None
    header: str | None = None
    free_text: bool = False
    includes_no_answer: bool = False


class GroupShape(Shape):
    codes: Annotated[Texts, Field(min_length=1)]
    ja: str | None = None
    en: str | None = None


class LevelShape(Shape):
    intervals: list[int] | None = None
    groups: dict[str, GroupShape] | None = None
    of: Literal["base", "previous"] = "base"
    prefix: Annotated[int, Field(ge=1)] | None = None
    file: str | None = None


class ColumnShape(Shape):
    role: Role
    header: Texts = []
    label: Label | None = None
    optional: bool = False
    type: Kind | None = None
    options: dict[str, Annotated[OptionShape, BeforeValidator(_to_option)]] = {}
    separator: Words | None = None
    both_sides_sensitive: bool = False
    range: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    hierarchy: list[LevelShape] = []
    undeclared: Literal["reject", "no_answer"] = "reject"
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    classes: list[Annotated[Decimal, Field(gt=0, le=1000)]] = []


class TableShape(Shape):
    rows: Annotated[Texts, Field(min_length=1)]
    by: Texts = []


class PolicyShape(Shape):
    k: int = 10
    s: int = 2
    s_sensitive: int | None = None
    l: int = 2
    width: int | None = None
    rounding: int = 5
    no_answer: NoAnswer = NoAnswer.CELL
    reject_limit_pct: int = 5


class SurveyShape(Shape):
    survey: Name
    title: Label
    controller: ControllerShape
    # The list stands once, in terms.purposes; pydantic reads it when this module is imported.
    purpose: Literal[tuple(purpose.value for purpose in PURPOSES_OF_SURVEYS)]
    notice_version: Words
    consent: ConsentShape
    fieldwork: FieldworkShape
    licence: Label | None = None
    preset: Literal["once"]
    processor: Name | None = None
    pooling: PoolingShape | None = None
    retention: RetentionShape = RetentionShape()
    rewards: RewardsShape | None = None
    policy: PolicyShape = PolicyShape()
    respondents: RespondentsShape
    sources: Annotated[list[SourceShape], Field(min_length=1)]
    columns: Annotated[dict[Name, ColumnShape], Field(min_length=1)]
    tables: Annotated[list[TableShape], Field(min_length=1)]


class CodebookShape(Shape):
    survey: Name
    version: Annotated[int, Field(ge=1)]
    levels: dict[str, Annotated[int, Field(ge=0)]]
    hierarchies_hash: str

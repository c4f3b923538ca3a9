"""The ``columns`` part of a declaration: roles, options, hierarchies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from terms.findings import Finding, Refused
from terms.headers import normalise
from terms.hierarchy import NO_ANSWER, Hierarchy
from terms.ladders import NO_ANSWER_LABEL, build_hierarchy
from terms.loading import one_line
from terms.shapes import CODE, ColumnShape
from terms.survey import Column, Field, Kind, Option, Role
from terms.words import Text

HOUSEKEEPING = {
    *("source", "line", "respondent", "consented", "answered_at", "answered_on", "weight", "person", "people"),
    *("problems", "mask", "code", "answer", "answered", "answered_weight"),
}
"""What the layers and the counts call their own columns. A consent, timestamp or weight column may have such a
name, for it becomes that one; but none may have these two, which stand beside it when a file is delivered."""

BESIDE_FIELDS = {"line", "respondent"}

WIDEST_RANGE = 100_000
"""Values. A wider integer column is not a category that people could be counted in."""


def read_columns(declared: Mapping[str, ColumnShape], folder: Path) -> tuple[tuple[Column, ...], list[Finding]]:
    """The columns in declared order, and every problem found in them."""
    columns: list[Column] = []
    problems: list[Finding] = []
    for name, shape in declared.items():
        column, found = _column(name, shape, folder)
        columns.append(column)
        problems += found
    return tuple(columns), [*problems, *_repeated_headers(columns), *_clashing_names(columns)]


def _column(name: str, shape: ColumnShape, folder: Path) -> tuple[Column, list[Finding]]:
    place = f"columns.{name}"
    options, problems = _options(place, shape)
    problems += _role_problems(place, shape, options)
    hierarchy = None
    if shape.role is Role.QUASI_IDENTIFIER and not problems:
        try:
            hierarchy = _hierarchy(name, shape, options, folder)
        except Refused as refused:
            problems += refused.findings
    column = Column(
        name=name,
        headers=tuple(normalise(header) for header in shape.header) or (name,),
        role=shape.role,
        label=shape.label or Text.same(normalise(shape.header[0]) if shape.header else name),
        optional=shape.optional,
        kind=shape.type,
        options=options,
        separator=shape.separator,
        both_sides_sensitive=shape.both_sides_sensitive,
        least=shape.range[0] if shape.range else None,
        most=shape.range[1] if shape.range else None,
        hierarchy=hierarchy,
        decimals=shape.decimals,
        weight_classes=tuple(shape.classes),
        undeclared_as_no_answer=shape.undeclared == "no_answer",
    )
    return column, problems


def _options(place: str, shape: ColumnShape) -> tuple[tuple[Option, ...], list[Finding]]:
    options: list[Option] = []
    problems: list[Finding] = []
    taken: set[str] = set()
    for code, option in shape.options.items():
        at = f"{place}.options.{code}"
        if not re.fullmatch(CODE, code):
            problems.append(Finding(place=one_line(at), rule="code_malformed", facts={"code": one_line(code)}))
        values = [option.value] if option.value is not None else option.values
        values = [value.strip() for value in values] or [code]
        if not all(values):
            problems.append(Finding(place=at, rule="option_value_empty"))
        # Columns of their own may all say the same: each is read alone.
        others = set() if option.header else taken
        if len({*values}) != len(values) or others & {*values}:
            problems.append(Finding(place=at, rule="option_value_repeated"))
        taken |= {*values}
        label = Text(ja=option.ja or values[0], en=option.en or values[0])
        options.append(
            Option(
                code=code,
                label=label,
                values=tuple(values),
                header=normalise(option.header) if option.header else None,
                free_text=option.free_text,
                includes_no_answer=option.includes_no_answer,
            )
        )
    if sum(option.includes_no_answer for option in options) > 1:
        problems.append(Finding(place=f"{place}.options", rule="no_answer_merged_twice"))
    return tuple(options), problems


def _role_problems(place: str, shape: ColumnShape, options: tuple[Option, ...]) -> list[Finding]:
    """What the role and the type of a column ask for, and what they forbid."""
    rules: list[str] = []
    counted = shape.role.is_answer or shape.role is Role.QUASI_IDENTIFIER
    if counted:
        rules += _kind_rules(shape, options)
    elif shape.type is not None or options or shape.separator is not None:
        rules.append("type_not_for_role")
    if shape.classes and (shape.role is not Role.WEIGHT or shape.classes != sorted(set(shape.classes))):
        rules.append("weight_classes_unordered")
    if shape.hierarchy and shape.role is not Role.QUASI_IDENTIFIER:
        rules.append("hierarchy_not_for_role")
    if shape.undeclared == "no_answer" and not shape.role.is_answer:
        rules.append("undeclared_only_for_questions")
    return [Finding(place=place, rule=rule, facts={"role": shape.role.value}) for rule in rules]


def _kind_rules(shape: ColumnShape, options: tuple[Option, ...]) -> list[str]:
    if shape.type is None:
        return ["type_missing"]
    if shape.type is Kind.INTEGER:
        if shape.role is not Role.QUASI_IDENTIFIER:
            return ["integer_only_for_quasi_identifiers"]
        ordered = shape.range and shape.range[0] <= shape.range[1] <= shape.range[0] + WIDEST_RANGE
        return [] if ordered and shape.range[0] >= 0 and not options else ["integer_needs_range"]
    if not options:
        return ["options_missing"]
    free_text = sum(option.free_text for option in options)
    if shape.type is Kind.SINGLE:
        rules = ["single_has_own_columns"] if any(option.header for option in options) or shape.separator else []
        return [*rules, "free_text_only_for_multiple"] if free_text else rules
    rules = ["free_text_twice"] if free_text > 1 and shape.separator is not None else []
    if shape.role is Role.QUASI_IDENTIFIER:
        rules.append("multiple_not_for_quasi_identifiers")
    with_header = [option for option in options if option.header]
    if shape.separator is None and len(with_header) != len(options):
        rules.append("multiple_needs_separator_or_headers")
    if shape.separator is not None and with_header:
        rules.append("multiple_has_both_forms")
    if any(option.includes_no_answer for option in options):
        rules.append("no_answer_merge_only_for_single")
    return rules


def _hierarchy(name: str, shape: ColumnShape, options: tuple[Option, ...], folder: Path) -> Hierarchy:
    if shape.type is Kind.INTEGER:
        assert shape.range is not None
        base = {str(value): Text.same(str(value)) for value in range(shape.range[0], shape.range[1] + 1)}
    else:
        base = {option.code: option.label for option in options}
    if not any(option.includes_no_answer for option in options):
        base[NO_ANSWER] = NO_ANSWER_LABEL
    value_range = (shape.range[0], shape.range[1]) if shape.range else None
    return build_hierarchy(name, base, shape.hierarchy, value_range, folder)


def _clashing_names(columns: list[Column]) -> list[Finding]:
    """Columns that the layers could not tell apart: the engine ignores case, options become columns."""
    owner: dict[str, str] = {}
    problems = []
    for column in columns:
        if column.role in {Role.OPEN_TEXT, Role.IGNORED}:
            continue
        if column.name in (BESIDE_FIELDS if column.kind is None else HOUSEKEEPING):
            problems.append(Finding(place=f"columns.{column.name}", rule="name_reserved"))
        options = [f"{column.name}__{option.code}" for option in column.options]
        for name in options if column.kind is Kind.MULTIPLE else [column.name]:
            if name.lower() in owner:
                other = owner[name.lower()]
                problems.append(Finding(place=f"columns.{column.name}", rule="name_clash", facts={"other": other}))
            owner.setdefault(name.lower(), name)
    return problems


def _repeated_headers(columns: list[Column]) -> list[Finding]:
    """A header text that two fields lay claim to."""
    owner: dict[str, str] = {}
    problems = []
    for column in columns:
        if column.in_own_columns:
            fields = [
                Field(name=f"{column.name}.options.{option.code}", headers=(option.header or "",), column=column)
                for option in column.options
            ]
        else:
            fields = [Field(name=column.name, headers=column.headers, column=column)]
        for field in fields:
            for header in filter(None, field.headers):  # a missing one is a problem of its own
                if owner.setdefault(header, field.name) != field.name:
                    problems.append(
                        Finding(
                            place=f"columns.{field.name}.header",
                            rule="header_claimed_twice",
                            facts={"other": owner[header]},
                        )
                    )
    return problems

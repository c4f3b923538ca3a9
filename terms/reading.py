"""``survey.yaml`` to a :class:`terms.survey.Survey`: every problem at once, each with its address."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from terms import shapes
from terms.columns import read_columns
from terms.findings import Finding, Refused
from terms.fingerprints import fingerprint
from terms.grounds import consent_of, controller_of, ground_problems, grounds_of, pooling_of
from terms.loading import load_mapping, one_line, unprintable
from terms.policy import Policy
from terms.purposes import ConsentBasis, Purpose
from terms.retention import Retention
from terms.rewards import Rewards
from terms.survey import (
    Column,
    Repeat,
    Respondents,
    Role,
    Source,
    Survey,
    TableSpec,
)

PYDANTIC_RULES = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "enum": "choice_unknown",
    "literal_error": "choice_unknown",
    "string_pattern_mismatch": "name_malformed",
    "day_malformed": "date_malformed",
    "date_from_datetime_parsing": "date_malformed",
    "int_parsing": "number_malformed",
    "int_type": "number_malformed",
    "bool_parsing": "yes_no_malformed",
    "bool_type": "yes_no_malformed",
    "label_malformed": "label_malformed",
}


def read_survey(path: Path) -> Survey:
    """The survey a declaration describes.

    Raises:
        Refused: with one finding for each problem.
    """
    loaded = load_mapping(path, path.name)
    problems = list(unprintable(loaded))
    shape = None
    try:
        shape = shapes.SurveyShape.model_validate(loaded)
    except ValidationError as error:
        problems += [shape_finding(detail) for detail in error.errors(include_url=False)]
    if shape is None:
        raise Refused(*problems, *_further_problems(loaded, path.parent))
    columns, column_problems = read_columns(shape.columns, path.parent)
    policy, policy_problems = _policy(shape.policy)
    tables, table_problems = _tables(shape.tables, columns)
    problems += [*column_problems, *policy_problems, *table_problems, *_cross_checks(shape, columns)]
    if problems or policy is None:
        raise Refused(*problems)
    respondents = Respondents(
        key=shape.respondents.key,
        confirmed_by=shape.respondents.confirmed_by,
        repeat=shape.respondents.repeat,
        scope=shape.respondents.scope,
    )
    return Survey(
        name=shape.survey,
        title=shape.title,
        controller=controller_of(shape.controller),
        purpose=Purpose(shape.purpose),
        notice_version=shape.notice_version,
        consent=consent_of(shape.consent),
        fieldwork_from=shape.fieldwork.from_,
        fieldwork_to=shape.fieldwork.to,
        licence=shape.licence,
        respondents=respondents,
        sources=tuple(
            replace(_source(number, source), grounds=grounds_of(shape, source))
            for number, source in enumerate(shape.sources)
        ),
        columns=columns,
        tables=tables,
        policy=policy,
        declaration_hash=fingerprint({"yaml": loaded, "columns": columns}),
        processor=shape.processor,
        pooling=pooling_of(shape.pooling),
        retention=Retention(**shape.retention.model_dump()),
        rewards=_rewards(shape.rewards),
    )


def _rewards(shape: shapes.RewardsShape | None) -> Rewards | None:
    if shape is None:
        return None
    wanted = shape.wanted
    return Rewards(columns=tuple(shape.columns), wanted=wanted.column, accepted=tuple(wanted.accepted))


def shape_finding(detail: Any) -> Finding:
    """A pydantic error as a finding: the address and the rule, never what was written there."""
    rule = PYDANTIC_RULES.get(detail["type"], "field_malformed")
    facts: dict[str, int | str] = {}
    location = [part for part in detail["loc"] if part != "[key]"]
    if detail["type"] in {"enum", "literal_error"}:
        facts["choices"] = str(detail["ctx"]["expected"]).replace("'", "")
    is_role = len(location) == 3 and (location[0], location[2]) == ("columns", "role")
    if is_role and (rule == "field_missing" or detail["input"] is None):
        rule, facts = "role_open", {}
    return Finding(place=_address(location), rule=rule, facts=facts)


def _address(location: list[int | str]) -> str:
    place = ""
    for number, part in enumerate(location):
        if isinstance(part, int):
            # Level 0 of a hierarchy is the value itself; the first one declared is level 1.
            place += f"[{part + 1}]" if location[number - 1] == "hierarchy" and number == 3 else f"[{part}]"
        else:
            place += f".{part}" if place else part
    return one_line(place)


def _further_problems(loaded: dict[str, Any], folder: Path) -> list[Finding]:
    """What is wrong with the columns and the policy whose own shape is right, while other parts' is not."""
    declared = loaded.get("columns")
    sound = {}
    for name, column in declared.items() if isinstance(declared, dict) else ():
        with contextlib.suppress(ValidationError):
            sound[name] = shapes.ColumnShape.model_validate(column)
    problems = read_columns(sound, folder)[1]
    with contextlib.suppress(ValidationError):
        problems += _policy(shapes.PolicyShape.model_validate(loaded.get("policy", {})))[1]
    return problems


def _policy(shape: shapes.PolicyShape) -> tuple[Policy | None, list[Finding]]:
    given = shape.model_dump()
    given["s_sensitive"] = max(3, shape.s) if shape.s_sensitive is None else shape.s_sensitive
    if shape.width not in (None, shape.k - 2):
        # The promise and every audit count on k - 2: a survey may write it out, not weaken it.
        facts = {"width": shape.k - 2}
        return None, [Finding(place="policy.width", rule="policy_width_not_promised", facts=facts)]
    try:
        return Policy(preset="once", **given), []
    except Refused as refused:
        return None, list(refused.findings)


def _source(number: int, shape: shapes.SourceShape) -> Source:
    stem = re.sub(r"[^a-z0-9_]+", "_", Path(shape.file).name.split(".")[0].lower()).strip("_")
    name = shape.name or (stem if re.fullmatch(shapes.NAME, stem) else f"source_{number + 1}")
    return Source(
        name=name,
        path=shape.file,
        from_data=shape.from_data,
        encoding=shape.encoding,
        header_rows=shape.header_rows,
        sheet=shape.sheet,
        delimiter=shape.delimiter,
        keep_field=shape.keep.column if shape.keep else None,
        keep_values=tuple(shape.keep.values) if shape.keep else (),
    )


def _tables(
    declared: list[shapes.TableShape], columns: tuple[Column, ...]
) -> tuple[tuple[TableSpec, ...], list[Finding]]:
    by_name = {column.name: column for column in columns}
    questions = [column.name for column in columns if column.role.is_answer]
    tables: dict[str, TableSpec] = {}
    problems: list[Finding] = []
    for number, shape in enumerate(declared):
        for row in questions if shape.rows == ["*"] else shape.rows:
            column = by_name.get(row)
            if column is None or not (column.role.is_answer or column.role is Role.QUASI_IDENTIFIER):
                problems.append(Finding(place=f"tables[{number}].rows", rule="row_not_a_question", facts={"name": row}))
                continue
            tables.setdefault(row, TableSpec(name=row, row=row))
            for col in shape.by:
                if col not in by_name or by_name[col].role is not Role.QUASI_IDENTIFIER:
                    problems.append(
                        Finding(
                            place=f"tables[{number}].by",
                            rule="break_not_quasi_identifier",
                            facts={"name": col},
                        )
                    )
                elif col != row:
                    spec = TableSpec(name=f"{row}_by_{col}", row=row, col=col)
                    if spec.name in by_name or tables.setdefault(spec.name, spec) != spec:
                        problems.append(Finding(place="tables", rule="table_name_clash", facts={"name": spec.name}))
    order = {column.name: place for place, column in enumerate(columns)}
    in_order = sorted(tables.values(), key=lambda t: (order[t.row], -1 if t.col is None else order[t.col]))
    return tuple(in_order), _unique(problems)


def _unique(problems: list[Finding]) -> list[Finding]:
    """The findings without repetitions, first come first."""
    seen: dict[tuple, Finding] = {}
    for finding in problems:
        seen.setdefault((finding.place, finding.rule, tuple(finding.facts.items())), finding)
    return list(seen.values())


def _cross_checks(shape: shapes.SurveyShape, columns: tuple[Column, ...]) -> list[Finding]:
    """What must fit together across the parts of a declaration."""
    by_name = {column.name: column for column in columns}
    problems = []

    def problem(place: str, rule: str, **facts: int | str) -> None:
        problems.append(Finding(place=place, rule=rule, facts=facts))

    if shape.fieldwork.from_ > shape.fieldwork.to:
        problem("fieldwork", "fieldwork_backwards")
    _check_consent(shape, by_name, problem)
    _check_rewards(shape, by_name, problem)
    problems += ground_problems(shape)
    key = shape.respondents.key
    if key is not None:
        if key not in by_name or by_name[key].role is not Role.DIRECT_IDENTIFIER:
            problem("respondents.key", "key_not_direct_identifier")
        timestamps = [column for column in columns if column.role is Role.TIMESTAMP]
        if shape.respondents.repeat is not Repeat.REFUSE and not timestamps:
            problem("respondents.repeat", "repeat_needs_timestamp")
    elif shape.respondents.repeat is not Repeat.FIRST:
        problem("respondents.repeat", "repeat_needs_key")
    for role, rule in ((Role.WEIGHT, "one_weight_only"), (Role.TIMESTAMP, "one_timestamp_only")):
        for column in [column for column in columns if column.role is role][1:]:
            problem(f"columns.{column.name}.role", rule)
    names = [_source(number, source).name for number, source in enumerate(shape.sources)]
    for number, source in enumerate(shape.sources):
        if names.index(names[number]) != number:
            problem(f"sources[{number}].name", "source_name_repeated")
        if source.keep and source.keep.column not in by_name:
            problem(f"sources[{number}].keep.column", "column_unknown")
    return problems


def _check_rewards(shape: shapes.SurveyShape, by_name: dict[str, Column], problem: Any) -> None:
    if shape.rewards is None:
        return
    for name in shape.rewards.columns:
        if name not in by_name or by_name[name].role is not Role.DIRECT_IDENTIFIER:
            problem("rewards.columns", "rewards_not_direct_identifier", name=name)
        elif name == shape.respondents.key:
            problem("rewards.columns", "rewards_name_the_respondent", name=name)
    wanted = shape.rewards.wanted.column
    if wanted not in by_name or by_name[wanted].role is not Role.IGNORED:
        problem("rewards.wanted.column", "rewards_wanted_not_ignored")


def _check_consent(shape: shapes.SurveyShape, by_name: dict[str, Column], problem: Any) -> None:
    asked = shape.consent.basis is ConsentBasis.CONSENT
    column = shape.consent.column
    if asked and (column is None or not shape.consent.accepted):
        problem("consent", "consent_column_missing")
    elif asked and (column not in by_name or by_name[column].role is not Role.CONSENT):
        problem("consent.column", "consent_column_wrong_role")
    elif not asked and column is not None:
        problem("consent", "consent_basis_has_no_column")
    for name, declared in by_name.items():
        if declared.role is Role.CONSENT and name != column:
            problem(f"columns.{name}.role", "consent_column_unused")

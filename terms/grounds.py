"""The ``grounds`` of a source and the ``pooling`` of a survey: what answers were collected under, and since when."""

from __future__ import annotations

from collections.abc import Iterator

from terms import shapes
from terms.findings import Finding
from terms.purposes import Consent, Controller, Grounds, Pooling, Purpose
from terms.survey import Role


def controller_of(shape: shapes.ControllerShape) -> Controller:
    """The controller that a declaration names."""
    return Controller(company=shape.company, name=shape.name, division=shape.division, contact=shape.contact)


def consent_of(shape: shapes.ConsentShape) -> Consent:
    """The consent that a declaration names."""
    return Consent(basis=shape.basis, column=shape.column, accepted=tuple(shape.accepted))


def pooling_of(shape: shapes.PoolingShape | None) -> Pooling | None:
    """The declared pooling, if any."""
    return None if shape is None else Pooling(basis=shape.basis, companies=tuple(shape.companies))


def grounds_of(survey: shapes.SurveyShape, source: shapes.SourceShape) -> tuple[Grounds, ...]:
    """The grounds of a source; what an item leaves out is the survey's."""
    return tuple(
        Grounds(
            since=item.from_ or survey.fieldwork.from_,
            until=item.to or survey.fieldwork.to,
            controller=controller_of(item.controller or survey.controller),
            purpose=item.purpose or Purpose(survey.purpose),
            notice_version=item.notice_version or survey.notice_version,
            consent=consent_of(item.consent or survey.consent),
            processor=item.processor or survey.processor,
        )
        for item in source.grounds
    )


def ground_problems(survey: shapes.SurveyShape) -> Iterator[Finding]:
    """Every answer needs exactly one item, and the door must be able to tell which.

    The items of a source therefore cover the fieldwork from its first to its last day, one after the other; more than
    one needs a timestamp; and there is one consent column, because the door asks the same question of every row.
    """
    asked = survey.consent
    timed = any(column.role is Role.TIMESTAMP for column in survey.columns.values())
    for number, source in enumerate(survey.sources):
        place = f"sources[{number}].grounds"
        grounds = grounds_of(survey, source)
        if grounds and not _cover(survey, grounds):
            yield Finding(place=place, rule="grounds_leave_days_open")
        if len(grounds) > 1 and not timed:
            yield Finding(place=place, rule="grounds_need_timestamp")
        for position, item in enumerate(source.grounds):
            own = item.consent or asked
            if (own.column, own.accepted) != (asked.column, asked.accepted):
                yield Finding(place=f"{place}[{position}].consent", rule="grounds_consent_column")


def _cover(survey: shapes.SurveyShape, grounds: tuple[Grounds, ...]) -> bool:
    # Ordinals: there is no date before the first day of the calendar.
    begins = [*(item.since.toordinal() for item in grounds), survey.fieldwork.to.toordinal() + 1]
    ends = [survey.fieldwork.from_.toordinal() - 1, *(item.until.toordinal() for item in grounds)]
    in_order = all(item.since <= item.until for item in grounds)
    return in_order and begins == [end + 1 for end in ends]

"""``shoji incident``: the clocks that start when personal data leak, are lost or damaged, and the reports due."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from flows.acts import Act, Event, act, events, published, read_date
from flows.incident_draft import Affected, write_draft
from flows.provision import chosen
from flows.setting import find_declaration, read_setting, today
from flows.voice import Voice
from governance import incidents as judgement
from terms.findings import Fault, Refused, WrongUse, wrong_use
from terms.incidents import Incident, IncidentKind, IncidentOutcome, ReportStage
from terms.reading import read_survey
from terms.survey import Survey
from terms.words import Language, Text
from transforms.clean import census_query

WORDS: dict[str, Text] = {
    "opened": Text(
        ja="事案 {number} を開きました。速報の期限 {prompt_from} 〜 {prompt_by}、確報の期限 {final_by}。",
        en="incident {number} is open. Prompt report due {prompt_from} to {prompt_by}, final report by {final_by}.",
    ),
    "affected": Text(
        ja="  {survey}: 約 {people} 人  公表物: {releases}", en="  {survey}: about {people} people; {releases}"
    ),
    "draft": Text(ja="  下書き(9項目、日本語と英語): {path}", en="  draft of the nine items (ja, en): {path}"),
    "made": Text(
        ja="事案 {number}: 報告({stage})を記録しました。", en="incident {number}: the {stage} report is noted."
    ),
    "closed": Text(ja="事案 {number} を閉じました({outcome})。", en="incident {number} is closed ({outcome})."),
    "line": Text(
        ja="{number}  {kind}  {known}  {state}  {surveys}", en="{number}  {kind}  {known}  {state}  {surveys}"
    ),
    "clock": Text(
        ja="事案 {incident}: 報告({stage})の期限 {due}(あと {left} 日)",
        en="incident {incident}: {stage} report due {due} ({left} days left)",
    ),
    "late": Text(
        ja="事案 {incident}: 報告({stage})の期限 {due} を {left} 日過ぎています",
        en="incident {incident}: {stage} report OVERDUE since {due} ({left} days)",
    ),
    "none": Text(ja="事案はありません。", en="there are no incidents."),
}


def open_incident(
    kind: str, surveys: list[str], known: str | None, malicious: bool, by: str | None, home: str | None, voice: Voice
) -> int:
    """Start the clocks. Needs no key: whoever finds something out must not have to look for one first."""
    setting, what = read_setting(home), chosen(IncidentKind, kind, "--kind")
    known_on = read_date(known, "--known") if known else today()
    if known_on > today():
        raise wrong_use("--known", "day_in_future")
    concerned = [read_survey(find_declaration(name)) for name in dict.fromkeys(surveys)]
    with act(setting, by) as doing:
        told = doing.events()
        incident = Incident(
            number=len(judgement.read_incidents(told)) + 1,
            kind=what,
            malicious=malicious,
            known_on=known_on,
            surveys=tuple(survey.name for survey in concerned),
        )
        doing.note(judgement.OPENED, judgement.body_of(incident))
        affected = [_affected(doing, told, survey) for survey in concerned]
        draft = write_draft(setting.home, incident, ReportStage.PROMPT, affected)
    due = judgement.deadlines(incident)
    days = {"prompt_from": due.prompt_from, "prompt_by": due.prompt_by, "final_by": due.final_by}
    lines = [_say("opened", voice.language, number=incident.number, **days), *_affected_lines(affected, voice.language)]
    lines.append(_say("draft", voice.language, path=draft))
    counted = [{"survey": one.survey.name, "people": one.people, "releases": list(one.releases)} for one in affected]
    voice.tell({**incident_json(incident), "affected": counted, "draft": draft}, lines)
    return 0


def report(number: int, stage: str, made: bool, by: str | None, home: str | None, voice: Voice) -> int:
    """Draft a report; with ``made``, note in somebody's name that it was made today."""
    setting, which = read_setting(home), chosen(ReportStage, stage, "--stage")
    if made and by is None:
        raise wrong_use("--by", "incident_needs_name")
    with act(setting, by) as doing:
        told = doing.events()
        incident = _find(told, number)
        lines = []
        if made:
            incident = judgement.report(incident, which, doing.day)
            body = {"number": number, "stage": which.value, "on": doing.day.isoformat()}
            doing.note(judgement.REPORTED, body)
            lines.append(_say("made", voice.language, number=number, stage=which.value))
        affected = [_affected(doing, told, survey) for survey in _declared(incident)]
        draft = write_draft(setting.home, incident, which, affected)
    lines += [*_affected_lines(affected, voice.language), _say("draft", voice.language, path=draft)]
    voice.tell({**incident_json(incident), "draft": draft}, lines)
    return 0


def close(number: int, outcome: str, by: str, home: str | None, voice: Voice) -> int:
    """End an incident: both reports were made, or somebody answers for it that none is due."""
    why = chosen(IncidentOutcome, outcome, "--outcome")
    with act(read_setting(home), by) as doing:
        ended = judgement.close(_find(doing.events(), number), why, doing.day)
        body = {"number": number, "outcome": outcome, "on": doing.day.isoformat()}
        doing.note(judgement.CLOSED, body)
    voice.tell(incident_json(ended), [_say("closed", voice.language, number=number, outcome=outcome)])
    return 0


def list_incidents(home: str | None, voice: Voice) -> int:
    """Every incident, then the clocks that run."""
    told = events(read_setting(home))
    incidents = judgement.read_incidents(told)
    lines = [
        _say(
            "line",
            voice.language,
            number=one.number,
            kind=one.kind.value,
            known=one.known_on,
            state=one.outcome.value if one.outcome else "open",
            surveys=", ".join(one.surveys),
        )
        for one in incidents
    ]
    running = clock_lines(told, today(), voice.language)
    content = {"incidents": [incident_json(one) for one in incidents], "clocks": clocks_json(told, today())}
    voice.tell(content, [*lines, *running] or [_say("none", voice.language)])
    return 0


def clock_lines(told: list[Event], day: date, language: Language) -> list[str]:
    """One line for each report that is due, for ``status`` too."""
    return [
        _say(
            "late" if clock.days_left < 0 else "clock",
            language,
            incident=clock.incident,
            stage=clock.stage.value,
            due=clock.due_on,
            left=abs(clock.days_left),
        )
        for clock in judgement.clocks(judgement.read_incidents(told), day)
    ]


def clocks_json(told: list[Event], day: date) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "incident": clock.incident,
            "stage": clock.stage.value,
            "due_on": clock.due_on.isoformat(),
            "days_left": clock.days_left,
        }
        for clock in judgement.clocks(judgement.read_incidents(told), day)
    ]


def incident_json(incident: Incident) -> dict[str, Any]:
    """An incident for machines."""
    due = judgement.deadlines(incident)
    return {
        **judgement.body_of(incident),
        "prompt_from": due.prompt_from.isoformat(),
        "prompt_by": due.prompt_by.isoformat(),
        "final_by": due.final_by.isoformat(),
        "reports": {stage.value: day.isoformat() for stage, day in incident.reports.items()},
        "closed_on": incident.closed_on.isoformat() if incident.closed_on else None,
        "outcome": incident.outcome.value if incident.outcome else None,
    }


def _affected(doing: Act, told: list[Event], survey: Survey) -> Affected:
    """People held and releases out. A count that cannot be had stops no clock."""
    people = None
    with suppress(Fault):
        held = doing.warehouse.exists("raw", survey.name)
        people = doing.warehouse.run(census_query(survey, doing.day)).row(0, named=True)["people"] if held else 0
    releases = tuple(name.split("/")[1] for name in published(told) if name.startswith(f"{survey.name}/"))
    return Affected.counted(survey, people, releases)


def _affected_lines(affected: list[Affected], language: Language) -> list[str]:
    return [
        _say(
            "affected",
            language,
            survey=one.survey.name,
            people="?" if one.people is None else one.people,
            releases=", ".join(one.releases) or "-",
        )
        for one in affected
    ]


def _declared(incident: Incident) -> list[Survey]:
    """The surveys of an incident whose declarations are still there and right."""
    known = []
    for name in incident.surveys:
        with suppress(WrongUse, Refused):
            known.append(read_survey(find_declaration(name)))
    return known


def _find(told: list[Event], number: int) -> Incident:
    for incident in judgement.read_incidents(told):
        if incident.number == number:
            return incident
    raise wrong_use("INCIDENT", "incident_unknown", number=number)


def _say(key: str, language: Language, **facts: object) -> str:
    return WORDS[key][language].format(**facts)

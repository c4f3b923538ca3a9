"""Judgement about incidents: which reports are due, and when an incident may be closed.

Sources: Act on the Protection of Personal Information, article 26; its enforcement rules, article 7 (the four reasons
for a report) and article 8 (nine items; a final report within 30 days, within 60 where a wrongful purpose is
suspected); guidelines (general part) 3-5-3: the prompt report within about three to five days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from terms.findings import Finding, Refused
from terms.incidents import Incident, IncidentKind, IncidentOutcome, ReportStage
from terms.words import Text

PROMPT_DAYS = (3, 5)
FINAL_DAYS = 30
FINAL_DAYS_MALICIOUS = 60
MANY_PEOPLE = 1_000
"""More people than this are a reason for a report by themselves."""

OPENED, REPORTED, CLOSED = "incident_opened", "incident_reported", "incident_closed"
"""The events of the ledger that incidents are read from."""

ITEMS = (
    Text(ja="概要", en="Outline"),
    Text(ja="漏えい等が発生し、又は発生したおそれがある個人データの項目", en="Items of personal data concerned"),
    Text(ja="漏えい等が発生し、又は発生したおそれがある個人データに係る本人の数", en="Number of people concerned"),
    Text(ja="原因", en="Cause"),
    Text(ja="二次被害又はそのおそれの有無及びその内容", en="Secondary damage, or the risk of it, and what it is"),
    Text(ja="本人への対応の実施状況", en="What has been done for the people concerned"),
    Text(ja="公表の実施状況", en="What has been made public"),
    Text(ja="再発防止のための措置", en="Measures against a repetition"),
    Text(ja="その他参考となる事項", en="Other matters of use"),
)
"""The nine items of both reports (article 8, paragraph 1 of the rules)."""

REASONS = (
    Text(ja="要配慮個人情報が含まれる", en="Data that need special care are among them"),
    Text(ja="財産的被害が生じるおそれがある", en="They may be used to cause damage to property"),
    Text(ja="不正の目的によるおそれがある", en="A wrongful purpose is suspected"),
    Text(ja="本人の数が1,000人を超える", en="More than 1,000 people are concerned"),
)
"""One of these makes an incident reportable (article 7 of the rules)."""


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """Last days, in Japan."""

    prompt_from: date
    prompt_by: date
    final_by: date


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A report that is still due."""

    incident: int
    stage: ReportStage
    due_on: date
    days_left: int
    """Negative once it is late."""


def deadlines(incident: Incident) -> Deadlines:
    """When the reports are due. The day of learning is the first day, and no holiday moves a deadline: never too late.

    >>> found = Incident(number=1, kind=IncidentKind.LEAKAGE, malicious=False, known_on=date(2026, 11, 23), surveys=())
    >>> deadlines(found)
    Deadlines(prompt_from=datetime.date(2026, 11, 25), prompt_by=datetime.date(2026, 11, 27),
      final_by=datetime.date(2026, 12, 22))
    """
    final = FINAL_DAYS_MALICIOUS if incident.malicious else FINAL_DAYS
    begin, latest, end = (incident.known_on + timedelta(days=days - 1) for days in (*PROMPT_DAYS, final))
    return Deadlines(prompt_from=begin, prompt_by=latest, final_by=end)


def clocks(incidents: Iterable[Incident], as_of: date) -> list[Clock]:
    """The reports that are still due, the most urgent first."""
    running = []
    for incident in incidents:
        if incident.closed_on is not None:
            continue
        due = deadlines(incident)
        for stage, day in ((ReportStage.PROMPT, due.prompt_by), (ReportStage.FINAL, due.final_by)):
            if stage not in incident.reports:
                left = (day - as_of).days
                running.append(Clock(incident=incident.number, stage=stage, due_on=day, days_left=left))
    return sorted(running, key=lambda clock: (clock.due_on, clock.incident))


def round_people(count: int) -> int:
    """People to the nearest ten, halves up.

    >>> round_people(4), round_people(5), round_people(1_685)
    (0, 10, 1690)
    """
    return (count + 5) // 10 * 10


def report(incident: Incident, stage: ReportStage, on: date) -> Incident:
    """The incident once a report was made. Raises Refused ``incident_closed``, ``incident_report_made``,
    ``incident_report_order``."""
    if incident.closed_on is not None:
        raise Refused(_problem(incident, "incident_closed"))
    if stage in incident.reports:
        raise Refused(_problem(incident, "incident_report_made"))
    if stage is ReportStage.FINAL and ReportStage.PROMPT not in incident.reports:
        raise Refused(_problem(incident, "incident_report_order"))
    return replace(incident, reports={**incident.reports, stage: on})


def close(incident: Incident, outcome: IncidentOutcome, on: date) -> Incident:
    """The incident once nothing is due any more. Raises Refused ``incident_closed``, ``incident_report_due``."""
    if incident.closed_on is not None:
        raise Refused(_problem(incident, "incident_closed"))
    if outcome is IncidentOutcome.REPORTED and set(incident.reports) != set(ReportStage):
        raise Refused(_problem(incident, "incident_report_due"))
    return replace(incident, closed_on=on, outcome=outcome)


def body_of(incident: Incident) -> dict[str, Any]:
    """What the ledger keeps of an opened incident."""
    return {
        "number": incident.number,
        "kind": incident.kind.value,
        "malicious": incident.malicious,
        "known_on": incident.known_on.isoformat(),
        "surveys": list(incident.surveys),
    }


def read_incidents(events: Iterable[tuple[str, Mapping[str, Any]]]) -> Sequence[Incident]:
    """The incidents as the ledger's events tell them, oldest first."""
    found: dict[int, Incident] = {}
    for event, body in events:
        if event == OPENED:
            found[body["number"]] = _read(body)
        elif event == REPORTED:
            before = found[body["number"]]
            made = {ReportStage(body["stage"]): date.fromisoformat(body["on"])}
            found[body["number"]] = replace(before, reports={**before.reports, **made})
        elif event == CLOSED:
            ended = {"closed_on": date.fromisoformat(body["on"]), "outcome": IncidentOutcome(body["outcome"])}
            found[body["number"]] = replace(found[body["number"]], **ended)
    return list(found.values())


def _read(body: Mapping[str, Any]) -> Incident:
    return Incident(
        number=body["number"],
        kind=IncidentKind(body["kind"]),
        malicious=body["malicious"],
        known_on=date.fromisoformat(body["known_on"]),
        surveys=tuple(body["surveys"]),
    )


def _problem(incident: Incident, rule: str) -> Finding:
    return Finding(place=f"incidents.{incident.number}", rule=rule, facts={"number": incident.number})

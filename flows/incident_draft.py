"""The draft of a report about an incident: the nine items, filled in as far as this software knows, in both languages.

It holds declared words, dates and counts rounded to ten; a person fills in the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.incidents import ITEMS, MANY_PEOPLE, REASONS, deadlines, round_people
from storage.disk import make_folder, on_disk, write_new
from storage.home import Home
from terms.incidents import Incident, IncidentKind, ReportStage
from terms.survey import Role, Survey
from terms.words import Language, Text

PLACE = "incidents"


@dataclass(frozen=True, kw_only=True)
class Affected:
    """What an incident may concern of one survey."""

    survey: Survey
    people: int | None
    """People whose answers are held, rounded to ten; ``None`` where nobody could count them."""
    releases: tuple[str, ...]

    @classmethod
    def counted(cls, survey: Survey, people: int | None, releases: tuple[str, ...]) -> Affected:
        """With the exact count rounded."""
        return cls(survey=survey, people=None if people is None else round_people(people), releases=releases)


KINDS = {
    IncidentKind.LEAKAGE: Text(ja="漏えい(またはそのおそれ)", en="leakage, or the risk of it"),
    IncidentKind.LOSS: Text(ja="滅失(またはそのおそれ)", en="loss, or the risk of it"),
    IncidentKind.DAMAGE: Text(ja="毀損(またはそのおそれ)", en="damage, or the risk of it"),
}
STAGES = {
    ReportStage.PROMPT: Text(ja="速報", en="Prompt report"),
    ReportStage.FINAL: Text(ja="確報", en="Final report"),
}
WORDS = {
    "title": Text(ja="漏えい等の報告({stage}、下書き) 事案 {number}", en="{stage} of incident {number}, draft"),
    "due": Text(
        ja="知った日: {known}(日本時間)。速報は {prompt_from} から {prompt_by} まで、確報は {final_by} まで。",
        en="Known since {known} (Japan). Prompt report: {prompt_from} to {prompt_by}. Final report: by {final_by}.",
    ),
    "reasons": Text(ja="報告の要否(一つでも当てはまれば要):", en="Reportable if one of these holds:"),
    "perhaps": Text(ja="[ ] {reason}{hint}", en="[ ] {reason}{hint}"),
    "likely": Text(ja=" ← 当てはまる可能性", en=" <- perhaps so"),
    "outline": Text(
        ja="{kind}。関係する調査: {surveys}。[いつ、どこで、何が起き、どう分かったかを書く]",
        en="{kind}. Surveys concerned: {surveys}. [Write when, where and what happened, and how it was found]",
    ),
    "held": Text(
        ja="{survey}: {columns}。氏名・連絡先・会員番号は保存していない(仮名のみ)。",
        en="{survey}: {columns}. Names, contact data and member numbers are not stored (pseudonyms only).",
    ),
    "people": Text(ja="{survey}: 約 {people} 人(10人単位)", en="{survey}: about {people} people (to the nearest 10)"),
    "uncounted": Text(ja="{survey}: 数えられなかった", en="{survey}: could not be counted"),
    "releases": Text(
        ja="{survey} の公表物(集計のみ): {releases}。取り下げの要否を書く。",
        en="Releases of {survey} (aggregates only): {releases}. Write whether they are recalled.",
    ),
    "no_release": Text(ja="{survey}: 公表物なし", en="{survey}: nothing published"),
    "to_fill": Text(ja="[書く]", en="[write]"),
    "contact": Text(ja="問い合わせ先: {company} {division} {contact}", en="Contact: {company}, {division}, {contact}"),
}


def draft_text(incident: Incident, stage: ReportStage, affected: Sequence[Affected]) -> str:
    """The whole draft: Japanese first, then English."""
    return "\n\n".join("\n".join(_lines(incident, stage, affected, language)) for language in ("ja", "en")) + "\n"


def write_draft(home: Home, incident: Incident, stage: ReportStage, affected: Sequence[Affected]) -> str:
    """Write ``incidents/<number>-<stage>.txt`` under the home, owner only; the path.

    A draft that is there stays: somebody may have written in it.
    """
    path = home.path / "incidents" / f"{incident.number:04d}-{stage.value}.txt"
    text = "\ufeff" + draft_text(incident, stage, affected)

    def write() -> None:
        make_folder(path.parent)
        if not path.exists():
            write_new(path, text.encode())

    on_disk(PLACE, write)
    return str(path)


def _lines(incident: Incident, stage: ReportStage, affected: Sequence[Affected], language: Language) -> list[str]:
    def say(key: str, **facts: object) -> str:
        return WORDS[key][language].format(**facts)

    due = deadlines(incident)
    days = {"known": incident.known_on, "prompt_from": due.prompt_from, "prompt_by": due.prompt_by}
    lines = [say("title", stage=STAGES[stage][language], number=incident.number)]
    lines += [say("due", **days, final_by=due.final_by), "", say("reasons")]
    for reason, hint in zip(REASONS, _hints(incident, affected), strict=True):
        lines.append(say("perhaps", reason=reason[language], hint=say("likely") if hint else ""))
    for number, (item, content) in enumerate(zip(ITEMS, _contents(incident, affected, language), strict=True), start=1):
        lines += ["", f"{number}. {item[language]}", *content]
    lines.append("")
    for one in affected:
        controller = one.survey.controller
        facts = {"company": controller.name[language], "division": controller.division[language]}
        lines.append(say("contact", **facts, contact=controller.contact))
    return lines


def _hints(incident: Incident, affected: Sequence[Affected]) -> tuple[bool, bool, bool, bool]:
    """Which of the four reasons may hold, as far as the declarations tell. Property is for a person to judge."""
    special = any(one.survey.by_role(Role.SENSITIVE) for one in affected)
    unknown = any(one.people is None for one in affected)
    many = unknown or sum(one.people or 0 for one in affected) >= MANY_PEOPLE
    return special, False, incident.malicious, many


def _contents(incident: Incident, affected: Sequence[Affected], language: Language) -> list[list[str]]:
    def say(key: str, **facts: object) -> str:
        return WORDS[key][language].format(**facts)

    names = "、".join if language == "ja" else ", ".join
    titles = {one.survey.name: one.survey.title[language] for one in affected}
    concerned = names(titles.get(name, name) for name in incident.surveys) or "-"
    outline = say("outline", kind=KINDS[incident.kind][language], surveys=concerned)
    held = [
        say(
            "held",
            survey=titles[one.survey.name],
            columns=names(column.label[language] for column in _held(one.survey)),
        )
        for one in affected
    ]
    people = [
        say("uncounted", survey=titles[one.survey.name])
        if one.people is None
        else say("people", survey=titles[one.survey.name], people=one.people)
        for one in affected
    ]
    releases = [
        say("releases", survey=titles[one.survey.name], releases=names(one.releases))
        if one.releases
        else say("no_release", survey=titles[one.survey.name])
        for one in affected
    ]
    fill = [say("to_fill")]
    return [[outline], held or fill, people or fill, fill, fill, fill, [*releases, *fill], fill, fill]


def _held(survey: Survey) -> list:
    return [column for column in survey.columns if column.role.passes_the_door and column.kind is not None]

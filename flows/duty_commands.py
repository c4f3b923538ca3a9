"""``shoji provide`` and ``shoji incident``: what the controller owes when data go to others, meant to or not."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Annotated

import typer

from flows.options import Home, Json, Lang, voice_of

provide = typer.Typer(
    name="provide",
    help="The register of what third parties were given. It hands nothing over.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
incident = typer.Typer(
    name="incident",
    help="Leaks, losses and damage: clocks, drafts of the reports, and their end.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who acts: a name with a role key.")]
Perhaps = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who acts: a name with a role key.")]
Survey = Annotated[str, typer.Option("--survey", metavar="SURVEY", help="A declared survey.")]
Surveys = Annotated[
    list[str] | None, typer.Option("--survey", metavar="SURVEY", help="A survey it may concern; may be repeated.")
]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As `list` shows it.")]


def _recall() -> ModuleType:
    return importlib.import_module("flows.recall")


def _retention() -> ModuleType:
    return importlib.import_module("flows.retention")


def _rewards() -> ModuleType:
    return importlib.import_module("flows.rewards")


def _register() -> ModuleType:
    return importlib.import_module("flows.provision")


def _clock() -> ModuleType:
    return importlib.import_module("flows.incident")


@provide.command("list")
def list_provisions(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """What was provided, to whom, until when; and what was published."""
    raise typer.Exit(_register().list_provisions(home, voice_of(lang, json)))


@provide.command()
def record(
    basis: Annotated[str, typer.Option("--basis", help="consent, statistical, emergency or law.")],
    recipient: Annotated[str, typer.Option("--recipient", metavar="ID", help="An id of recipients.yaml.")],
    survey: Survey,
    release: Annotated[str | None, typer.Option("--release", metavar="NAME", help="A published release.")] = None,
    what: Annotated[str | None, typer.Option("--what", help="Anything else: answers or contact_data.")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="When it was provided (today).")] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="DATE", help="Last day it may be held.")] = None,
    by: Perhaps = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Note a provision. A release needs nobody's decision; anything more waits for a second person."""
    voice = voice_of(lang, json)
    raise typer.Exit(_register().record(basis, recipient, survey, what, release, on, expires, by, home, voice))


@provide.command()
def agree(number: Number, by: By, home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Agree, as the second person."""
    raise typer.Exit(_register().agree(number, by, home, voice_of(lang, json)))


@provide.command("end")
def end_provision(number: Number, by: By, home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Note that the recipient holds nothing any more, or that nothing was handed over."""
    raise typer.Exit(_register().end(number, by, home, voice_of(lang, json)))


@incident.command("open")
def open_incident(
    kind: Annotated[str, typer.Option("--kind", help="leakage, loss or damage; a suspicion is enough.")],
    survey: Surveys = None,
    known: Annotated[str | None, typer.Option("--known", metavar="DATE", help="Day it became known (today).")] = None,
    malicious: Annotated[bool, typer.Option("--malicious", help="A wrongful purpose is suspected.")] = False,
    by: Perhaps = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Start the clocks and draft the prompt report. Needs no key."""
    opened = _clock().open_incident(kind, survey or [], known, malicious, by, home, voice_of(lang, json))
    raise typer.Exit(opened)


@incident.command("list")
def list_incidents(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Every incident, and the reports that are due."""
    raise typer.Exit(_clock().list_incidents(home, voice_of(lang, json)))


@incident.command()
def report(
    number: Number,
    stage: Annotated[str, typer.Option("--stage", help="prompt or final.")],
    made: Annotated[bool, typer.Option("--made", help="The report was made today.")] = False,
    by: Perhaps = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Draft the nine items of a report; with --made, note that it was made."""
    raise typer.Exit(_clock().report(number, stage, made, by, home, voice_of(lang, json)))


@incident.command()
def close(
    number: Number,
    outcome: Annotated[str, typer.Option("--outcome", help="reported or not_reportable.")],
    by: By,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """End an incident."""
    raise typer.Exit(_clock().close(number, outcome, by, home, voice_of(lang, json)))


def recall(
    survey: Annotated[str, typer.Argument(metavar="SURVEY", help="A name under data/surveys/ or a survey.yaml.")],
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="A published release, as its folder is called.")],
    by: By,
    reason: Annotated[str | None, typer.Option("--reason", help="error, basis, disclosure or order.")] = None,
    agree: Annotated[bool, typer.Option("--agree", help="Agree, as the second person: it is carried out.")] = False,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Take a published release back: a notice in its place, a sealed copy for the attacker. Two named persons."""
    raise typer.Exit(_recall().recall(survey, release, by, reason, agree, home, voice_of(lang, json)))


def rewards(
    survey: Annotated[str, typer.Argument(metavar="SURVEY", help="A name under data/surveys/ or a survey.yaml.")],
    by: By,
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="A CSV file that is not there yet.")],
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Write the list of those who are to be sent something. Whoever takes it signs the ledger."""
    raise typer.Exit(_rewards().rewards(survey, by, out, home, voice_of(lang, json)))


def retention(
    surveys: Annotated[
        list[str] | None, typer.Argument(metavar="[SURVEY]...", help="Declarations that lie elsewhere.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted.")] = False,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Delete what is kept longer than was declared: answers, sources, receipts, marks."""
    raise typer.Exit(_retention().retention(surveys or [], dry_run, home, voice_of(lang, json)))

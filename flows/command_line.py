"""The command ``shoji``: verbs, options, exit codes. Scripts and schedules call it, so it stays as it is."""

from __future__ import annotations

import importlib
import os
import sys
from itertools import pairwise
from types import ModuleType
from typing import Annotated, NoReturn, TextIO

import typer
from typer.exceptions import TyperException

from flows import table_options as tables
from flows.duty_commands import incident, provide, recall, retention, rewards
from flows.options import Home, Json, Lang, voice_of
from flows.person_commands import person, role
from flows.voice import as_json, default_language, finding_json, hush, problem_lines, unexpected
from terms.findings import Finding, ShojiError
from terms.words import Language, Text

INTERRUPTED = 130
"""The exit code of a command stopped with Ctrl-C, as shells have it."""

INTERRUPTION = Text(
    ja="中断しました。次の実行が後始末をします。", en="interrupted; the next run puts everything in order."
)

app = typer.Typer(
    name="shoji",
    help="Questionnaire responses to published statistics in which no one who answered can be found.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(person)
app.add_typer(role)
app.add_typer(provide)
app.add_typer(incident)

Survey = Annotated[str, typer.Argument(metavar="SURVEY", help="A name under data/surveys/ or a survey.yaml.")]
Source = Annotated[str | None, typer.Option("--source", metavar="FILE", help="Replaces the declared sources.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Later answers do not exist (today, JST).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything but publish.")]
Operator = Annotated[bool, typer.Option("--operator", help="True counts of respondents in the JSON.")]
Freeze = Annotated[bool, typer.Option("--freeze", help="Write the codebook that runs will follow.")]


def _verbs() -> ModuleType:
    """The rooms take seconds to import: only a verb needs them, not ``--help`` and not a wrong flag."""
    return importlib.import_module("flows.verbs")


@app.command()
def demo(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """The shipped synthetic reader survey, all the way to a release folder; prints where it is."""
    raise typer.Exit(_verbs().demo(home, voice_of(lang, json)))


@app.command()
def check(survey: Survey, home: Home = None, source: Source = None, lang: Lang = None, json: Json = False) -> None:
    """Validate the declaration and the data's shape; every problem at once, each with its address."""
    raise typer.Exit(_verbs().check(survey, home, source, voice_of(lang, json)))


@app.command()
def plan(
    survey: Survey,
    freeze: Freeze = False,
    as_of: AsOf = None,
    home: Home = None,
    source: Source = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Search the generalisation; show what would be hidden. --freeze writes the codebook."""
    raise typer.Exit(_verbs().plan(survey, freeze, as_of, home, source, voice_of(lang, json)))


@app.command()
def ingest(
    survey: Survey, as_of: AsOf = None, home: Home = None, source: Source = None, lang: Lang = None, json: Json = False
) -> None:
    """The road up to one clean row a person."""
    raise typer.Exit(_verbs().walk_to("clean", survey, as_of, home, source, voice_of(lang, json)))


@app.command()
def anonymise(
    survey: Survey, as_of: AsOf = None, home: Home = None, source: Source = None, lang: Lang = None, json: Json = False
) -> None:
    """The road up to equivalence classes that are large enough."""
    raise typer.Exit(_verbs().walk_to("anonymise", survey, as_of, home, source, voice_of(lang, json)))


@app.command()
def release(
    survey: Survey, as_of: AsOf = None, home: Home = None, source: Source = None, lang: Lang = None, json: Json = False
) -> None:
    """The whole road without the orchestrator: like run, in this process alone."""
    raise typer.Exit(_verbs().walk_to(None, survey, as_of, home, source, voice_of(lang, json)))


@app.command()
def run(
    survey: Survey,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    home: Home = None,
    source: Source = None,
    operator: Operator = False,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Ingest, clean, anonymise, protect, attack, publish: a release, or the reason why nothing was published."""
    raise typer.Exit(_verbs().run(survey, as_of, dry_run, home, source, voice_of(lang, json, operator)))


@app.command()
def explain(
    survey: Survey,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A table, as cells.csv names it.")],
    cell: Annotated[
        str | None, typer.Argument(metavar="[CELL]", help="ROW or ROW,COL, in the codes of cells.csv.")
    ] = None,
    as_of: AsOf = None,
    home: Home = None,
    source: Source = None,
    operator: Annotated[
        bool, typer.Option("--operator", help="True counts also where the output is no terminal, or JSON.")
    ] = False,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Why counts of a table are hidden. For operators: true counts, to a terminal or with --operator."""
    raise typer.Exit(_verbs().explain(survey, table, cell, as_of, home, source, voice_of(lang, json, operator)))


@app.command()
def audit(
    target: Annotated[str, typer.Argument(metavar="SURVEY|FOLDER|CSV", help="A survey, a release folder, a table.")],
    width: tables.Width = None,
    k: tables.Threshold = None,
    rounding: tables.Rounding = None,
    total: tables.Total = None,
    no_total: tables.NoTotal = None,
    hierarchy: tables.HierarchyFiles = None,
    zeros_shown: tables.ZerosShown = None,
    fractions: tables.Fractions = False,
    home: Home = None,
    operator: tables.Intervals = False,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """The attacker on everything published, or on a table d1,...,dn,value,status that somebody else protected."""
    options = tables.TableOptions(
        width=width,
        k=k,
        rounding=rounding,
        total=total,
        without_total=tuple(no_total or ()),
        hierarchies=tuple(hierarchy or ()),
        zeros_shown=zeros_shown,
        fractions=fractions,
    )
    raise typer.Exit(_verbs().audit(target, home, options, voice_of(lang, json, operator)))


app.command()(recall)
app.command()(retention)
app.command()(rewards)


@app.command()
def status(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """What is published under this home, and whether its ledger is whole."""
    raise typer.Exit(_verbs().status(home, voice_of(lang, json)))


@app.command("list")
def list_(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """The declared surveys and their current releases."""
    raise typer.Exit(_verbs().list_surveys(home, voice_of(lang, json)))


@app.command()
def verify(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A release folder.")],
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Compare a release folder with its SHA256SUMS."""
    raise typer.Exit(_verbs().verify(folder, voice_of(lang, json)))


def main() -> NoReturn:
    """Run the command. Whatever goes wrong is one clear line a problem and an exit code, never a traceback."""
    hush()
    code = _main(sys.argv[1:])
    if code == INTERRUPTED:
        # What was under way still holds objects of libraries, which would complain on the terminal at a proper exit.
        os._exit(code)
    sys.exit(code)


def _main(arguments: list[str]) -> int:
    findings: tuple[Finding, ...] = ()
    code = 0
    try:
        code = app(args=arguments, standalone_mode=False) or 0
    except ShojiError as error:
        findings, code = error.findings, error.exit_code
    except TyperException as error:  # a wrong flag, a missing argument, no arguments at all
        _say(_usage(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except SystemExit:
        raise
    except BaseException as error:  # its text may hold values; its type's name does not
        findings, code = (unexpected(error),), 3
    if findings:
        _report(findings, arguments)
    if code == INTERRUPTED:  # Typer answers Ctrl-C with this code and not a word
        _say(f"shoji: {INTERRUPTION[_language(arguments)]}")
    return int(code)


def _usage(error: TyperException) -> str:
    told = getattr(error, "format_message", None)
    message = told() if told is not None else str(error)
    return message if message.startswith("Usage") else f"shoji: {message} (shoji --help)"


def _report(findings: tuple[Finding, ...], arguments: list[str]) -> None:
    if "--json" in arguments:
        _say(as_json({"error": [finding_json(finding) for finding in findings]}), sys.stdout)
    for line in problem_lines(findings, _language(arguments)):
        _say(f"shoji: {line.removeprefix('shoji: ')}")


def _say(line: str, stream: TextIO | None = None) -> None:
    """One line on standard error (or ``stream``); where nobody can hear it, the exit code must do."""
    stream = sys.stderr if stream is None else stream
    wipe = "\r\x1b[K" if stream.isatty() else ""  # the progress line that stands there
    try:
        print(f"{wipe}{line}", file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _language(arguments: list[str]) -> Language:
    language = default_language()
    for flag, value in pairwise(arguments):
        if flag == "--lang" and value in ("ja", "en"):
            language = value  # type: ignore[assignment]
    return language

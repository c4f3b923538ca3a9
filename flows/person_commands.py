"""``shoji person`` and ``shoji role``: requests of the people whose data are held, and who may handle them."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Annotated

import typer

from flows.options import Home, Json, Lang, voice_of

person = typer.Typer(
    name="person",
    help="Requests of people about their own data: confirm, correct, erase, withdraw, object.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
role = typer.Typer(
    name="role", help="Who may act here: one key file a person.", no_args_is_help=True, rich_markup_mode=None
)

Request = Annotated[int, typer.Argument(metavar="REQUEST", help="The number that `shoji person open` gave.")]
Operator = Annotated[bool, typer.Option("--operator", help="Also say how many rows there were.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who acts: a name with a role key.")]


def _desk() -> ModuleType:
    return importlib.import_module("flows.person_verbs")


@person.command("open")
def open_(
    survey: Annotated[str, typer.Argument(metavar="SURVEY", help="A name under data/surveys/ or a survey.yaml.")],
    kind: Annotated[str, typer.Option("--kind", help="confirm, correct, erase, withdraw or object.")],
    by: By,
    received: Annotated[str | None, typer.Option("--received", metavar="DATE", help="When it came in (today).")] = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Note that a request came in: its number, due date and the division it goes to."""
    raise typer.Exit(_desk().open_request(survey, kind, by, received, home, voice_of(lang, json)))


@person.command()
def identify(
    request: Request,
    by: By,
    proof: Annotated[str, typer.Option("--proof", help="account, document, callback or letter.")],
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Record that you made sure who asks. The identifier is asked for, never an argument."""
    raise typer.Exit(_desk().identify(request, by, proof, home, voice_of(lang, json)))


@person.command()
def confirm(
    request: Request,
    by: By,
    operator: Operator = False,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Write a file for the person: what is held about her."""
    raise typer.Exit(_desk().carry_out("confirm", request, by, home, voice_of(lang, json, operator)))


@person.command()
def correct(
    request: Request,
    by: By,
    column: Annotated[str, typer.Option("--column", help="The declared column (an option: column__code).")],
    code: Annotated[str, typer.Option("--code", help="The declared code it should have (an option: 0 or 1).")],
    operator: Operator = False,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Put an answer right, now and whenever the source is read again. What is published stays."""
    raise typer.Exit(_desk().carry_out("correct", request, by, home, voice_of(lang, json, operator), column, code))


@person.command()
def erase(
    request: Request,
    by: By,
    operator: Operator = False,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Delete what is held, keep it out from now on, and read every byte back. What is published stays."""
    raise typer.Exit(_desk().carry_out("erase", request, by, home, voice_of(lang, json, operator)))


@person.command()
def withdraw(
    request: Request,
    by: By,
    operator: Operator = False,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Consent taken back: the answers are used for nothing from the next run on."""
    raise typer.Exit(_desk().carry_out("withdraw", request, by, home, voice_of(lang, json, operator)))


@person.command("object")
def object_(
    request: Request,
    by: By,
    operator: Operator = False,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """The person objects to the use: the answers are used for nothing from the next run on."""
    raise typer.Exit(_desk().carry_out("object", request, by, home, voice_of(lang, json, operator)))


@person.command()
def refuse(request: Request, by: By, home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Close a request without doing what it asks: nobody could be identified, or it was taken back."""
    raise typer.Exit(_desk().refuse_request(request, by, home, voice_of(lang, json)))


@person.command("list")
def list_(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Every request, what is due first on top."""
    raise typer.Exit(_desk().list_requests(home, voice_of(lang, json)))


@role.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits, - and _.")],
    role: Annotated[str, typer.Option("--role", help="operator, approver or auditor.")],
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who gives it; not for the first.")] = None,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """Make a person's key file under SHOJI_KEYS and enter her in the ledger."""
    raise typer.Exit(_desk().add_role(name, role, by, home, voice_of(lang, json)))


@role.command("end")
def end(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    by: By,
    home: Home = None,
    lang: Lang = None,
    json: Json = False,
) -> None:
    """From now on this key may do nothing here; what it signed stays."""
    raise typer.Exit(_desk().end_role(name, by, home, voice_of(lang, json)))


@role.command("list")
def list_roles(home: Home = None, lang: Lang = None, json: Json = False) -> None:
    """Who may act."""
    raise typer.Exit(_desk().list_roles(home, voice_of(lang, json)))

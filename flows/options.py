"""Options that many verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.voice import Voice, default_language
from terms.words import Language

Home = Annotated[str | None, typer.Option("--home", metavar="DIR", help="Warehouse, ledger and releases (./var).")]
Lang = Annotated[str | None, typer.Option("--lang", metavar="ja|en", help="Language (default: from LANG).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document for machines.")]


def voice_of(lang: str | None, json: bool = False, operator: bool = False) -> Voice:
    """How the answer is wanted. Raises a usage error for any language but ``ja`` and ``en``."""
    if lang not in (None, "ja", "en"):
        raise typer.BadParameter("--lang is ja or en")
    spoken: dict[str | None, Language] = {None: default_language(), "ja": "ja", "en": "en"}
    return Voice(language=spoken[lang], json=json, operator=operator)

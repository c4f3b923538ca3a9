"""Where a command works: which survey, which home, which keys, which day."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from storage.home import Home
from terms.findings import refuse, wrong_use
from terms.survey import Source, Survey

CHECKOUT = Path(__file__).resolve().parent.parent
JAPAN = timezone(timedelta(hours=9), "JST")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The surroundings of one command."""

    home: Home
    keys: Path
    data: Path | None
    """The folder that holds ``datasets/`` for sources with ``from_data``; ``None`` where it is not given."""
    source: Path | None = None
    """A file that replaces the declared sources."""


def read_setting(home: str | None = None, source: str | None = None, env: Mapping[str, str] = os.environ) -> Setting:
    """The setting from options first, the environment second, the defaults last."""
    keys = Path(env["SHOJI_KEYS"]) if env.get("SHOJI_KEYS") else Path.home() / ".config" / "shoji" / "keys"
    given = source or env.get("SHOJI_SOURCE")
    return Setting(
        home=Home(Path(home or env.get("SHOJI_HOME") or "var").absolute()),
        keys=keys.expanduser().absolute(),
        data=Path(env["SHOJI_DATA"]).absolute() if env.get("SHOJI_DATA") else None,
        source=Path(given).absolute() if given else None,
    )


def export_setting(setting: Setting) -> None:
    """Hand the setting to a flow through the environment: paths are not parameters, for Prefect keeps those."""
    os.environ["SHOJI_HOME"] = str(setting.home.path)
    os.environ.pop("SHOJI_SOURCE", None)
    if setting.source is not None:
        os.environ["SHOJI_SOURCE"] = str(setting.source)


def today() -> date:
    """The calendar date in Japan."""
    return datetime.now(JAPAN).date()


def read_day(text: str | None) -> date:
    """A date as ``2026-05-01``; today in Japan where none is given. Raises WrongUse on anything else.

    A day that has not come is refused too: answers of that day may still arrive.
    """
    if text is None:
        return today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None:
        raise wrong_use("--as-of", "day_malformed")
    if day > today():
        raise wrong_use("--as-of", "day_in_future")
    return day


def is_path(survey: str) -> bool:
    """Whether SURVEY is a path and no name."""
    return survey.endswith((".yaml", ".yml")) or "/" in survey or os.sep in survey


def find_declaration(survey: str) -> Path:
    """The ``survey.yaml`` of a name under ``data/surveys/`` or of a path. Raises WrongUse where there is none."""
    folder = CHECKOUT / "data" / "surveys"
    path = Path(survey).absolute() if is_path(survey) else folder / survey / "survey.yaml"
    found = False
    with suppress(OSError, ValueError):  # a name too long for the disk, a folder that is closed to us, a NUL
        path = path / "survey.yaml" if path.is_dir() else path
        found = path.is_file()
    if not found:
        known = sorted(found.parent.name for found in folder.glob("*/survey.yaml"))
        raise wrong_use("SURVEY", "survey_unknown", known=", ".join(known))
    return path


def source_path(setting: Setting, declaration: Path, source: Source) -> Path:
    """Where a declared source lies.

    Raises Refused where the source is one of the real data sets and nobody said where those are.
    """
    if not source.from_data:
        return declaration.parent / source.path
    if setting.data is None:
        raise refuse(f"sources.{source.name}", "data_folder_unknown")
    return setting.data / "datasets" / source.path


def with_source(survey: Survey, setting: Setting) -> Survey:
    """The survey with ``--source`` in place of its declared sources, read as its first source is read."""
    if setting.source is None:
        return survey
    from dataclasses import replace

    given = replace(survey.sources[0], path=str(setting.source), from_data=False)
    return replace(survey, sources=(given,))

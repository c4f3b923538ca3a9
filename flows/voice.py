"""What the command line says: one clear line a thing, in Japanese or English, or JSON for machines."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from terms.findings import Finding, fault
from terms.messages import render
from terms.words import Language

CODE = Path(__file__).resolve().parent.parent
"""Where our own code lies."""


def default_language(environment: Mapping[str, str] = os.environ) -> Language:
    """``ja`` where LANG (or LC_ALL) says so, else ``en``."""
    spoken = environment.get("LC_ALL") or environment.get("LANG") or ""
    return "ja" if spoken.startswith("ja") else "en"


def problem_lines(findings: Iterable[Finding], language: Language) -> list[str]:
    """One line a finding; the same finding once."""
    return list(dict.fromkeys(render(finding, language) for finding in findings))


def as_json(content: Any) -> str:
    """One JSON document, keys in English."""
    return json.dumps(content, ensure_ascii=False, indent=None)


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding for machines."""
    return {"place": finding.place, "rule": finding.rule, "facts": dict(finding.facts), "message": render(finding)}


@dataclass(frozen=True, kw_only=True)
class Voice:
    """How the answer is wanted."""

    language: Language
    json: bool = False
    operator: bool = False

    def tell(self, content: Any, lines: list[str], err: bool = False) -> None:
        """The content as JSON on standard output, or the lines (where ``err``, on standard error).

        Raises Fault where they cannot be written; a reader who has gone is no fault, and the exit code stands.
        """
        code = 0
        try:
            typer.echo(as_json(content) if self.json else "\n".join(lines), err=err and not self.json)
        except OSError as error:
            code = error.errno or errno.EIO
        if code == errno.EPIPE:
            stream = sys.stderr if err and not self.json else sys.stdout
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        elif code:
            raise fault("shoji", "answer_unwritten", code=errno.errorcode.get(code, "unknown"))

    def progress(self, line: str) -> None:
        """A step, on the terminal only: it overwrites the one before."""
        if sys.stderr.isatty():
            typer.echo(f"\r\x1b[K… {line}", nl=False, err=True)

    def done(self) -> None:
        """Wipe the progress line."""
        if sys.stderr.isatty():
            typer.echo("\r\x1b[K", nl=False, err=True)


def unexpected(error: BaseException) -> Finding:
    """An exception nobody foresaw, by its type's name and the line it came from: its text may hold values."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(CODE))]
    own = [frame for frame in frames if ".venv" not in frame.filename]
    at = f"{Path(own[-1].filename).relative_to(CODE)}:{own[-1].lineno}" if own else "?"
    return Finding(place="shoji", rule="unexpected_error", facts={"type": type(error).__name__, "at": at})


def is_interruption(error: BaseException) -> bool:
    """Somebody stopped us (Ctrl-C, a cancelled flow): nothing broke. A panic of a Rust library is no interruption."""
    stopped = isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | asyncio.CancelledError)
    return stopped or type(error).__module__.startswith("prefect.")


def hush() -> None:
    """Keep the words of libraries off the terminal: their warnings, logs and dying threads may quote values."""
    warnings.simplefilter("ignore")
    # Prefect's own loggers have handlers of their own: what reaches the root is everybody else's.
    logging.getLogger().handlers = [logging.NullHandler()]
    threading.excepthook = lambda _dying: None
    sys.unraisablehook = lambda _lost: None

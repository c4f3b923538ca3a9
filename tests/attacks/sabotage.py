"""A process of its own that walks the road again and again, each time with something broken inside.

Reads ``[[arguments of shoji, what to break], ...]`` from a file and writes the exit codes to another.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

from flows import command_line
from terms.query import Query
from tests.attacks.canaries import CANARY


class Panic(BaseException):
    """As libraries written in Rust panic: no ``Exception``."""


def crash(*_: Any, **__: Any) -> NoReturn:
    """Fail as badly as possible: values in the text, the arguments, the notes, the causes, the log and a warning."""
    logging.getLogger("somebody.elses").error("row %s", CANARY)
    warnings.warn(f"could not convert {CANARY}", stacklevel=1)
    dying = threading.Thread(target=int, args=[CANARY])
    dying.start()
    dying.join()
    try:
        int(CANARY)
    except ValueError as inner:
        try:
            _ = {}[CANARY]
        except KeyError:
            error = RuntimeError(CANARY, {"row": [CANARY]})
            error.add_note(CANARY)
            raise error from inner
    raise AssertionError


def panic(*_: Any, **__: Any) -> NoReturn:
    raise Panic(CANARY)


def killed(*_: Any, **__: Any) -> NoReturn:
    """As by ``kill -9``: no block is left in order, no file is closed."""
    os._exit(137)


def engine_error(*_: Any, **__: Any) -> Query:
    return Query(sql=f"SELECT CAST('{CANARY}' AS INTEGER) AS person, $as_of", parameters={"as_of": CANARY})


def wrong_codes(*_: Any, **__: Any) -> Query:
    """A class table that no suite passes: codes and variables nobody declared."""
    return Query(sql=f"SELECT '{CANARY}' AS variable, '{CANARY}' AS code, 3 AS people UNION ALL SELECT 'how', '?', 1")


def unguarded(token: str, work: Callable[[Any], None]) -> None:
    """A task as anybody would write it: the control."""
    flow = importlib.import_module("flows.survey")
    work(flow.RUNS[token])


COUNTS = "flows.steps.counts_frame"
BREAK: dict[str, dict[str, Callable[..., Any]]] = {
    # What is broken -> the name that the code looks up, and what it finds there.
    "": {},
    "crash": {COUNTS: crash},
    "panic": {COUNTS: panic},
    "opening": {"flows.road.settle": crash},
    "engine": {"flows.steps.clean_query": engine_error},
    "suite_fails": {"flows.shores.codes_query": wrong_codes},
    "suite_errors": {"expectations.clean.lines": crash},
    "killed": {"flows.steps.clean_query": killed},
    "control": {COUNTS: crash, "flows.survey._guarded": unguarded},
}


def main(script: Path, report: Path) -> None:
    """Run every line of the script through the entry point of the command."""
    codes = []
    for arguments, broken in json.loads(script.read_text()):
        sys.argv = ["shoji", *arguments]
        with ExitStack() as broken_things:
            for name, instead in BREAK[broken].items():
                broken_things.enter_context(patch(name, instead))
            try:
                command_line.main()
            except SystemExit as end:
                codes.append(end.code)
    report.write_text(json.dumps(codes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

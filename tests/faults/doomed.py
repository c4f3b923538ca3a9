"""Commands that meet with an accident: each runs in a process of its own, forked from one that has imported everything.

``python -m tests.faults.doomed`` reads one JSON request a line and answers with one a line. An accident is an act at a
moment: ``{"act": "kill", "at": "storage.folders:Staged.commit", "when": "before", "call": 1}``.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOMS = (
    "flows.verbs",
    "great_expectations.core.batch",
    "great_expectations.expectations.core",
    "great_expectations.execution_engine",
    "publishing.release",
)
LONGEST_RUN = 60
"""Seconds. A command that takes longer hangs."""


def serve() -> None:
    """Answer every request of standard input."""
    from flows import command_line

    for name in ROOMS:
        with suppress(ImportError):
            importlib.import_module(name)
    _tell({"ready": os.getpid()})
    for line in sys.stdin:
        request = json.loads(line)
        _tell(_answer(request, command_line._main))


def _tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _answer(request: dict[str, Any], main: Callable[[list[str]], int]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _be_the_command(request, main, out.fileno(), err.fileno())
        code = _wait(child)
        return {"code": code, "out": _read(out), "err": _read(err)}


def _wait(child: int) -> int | str:
    """The exit code, or the name of the signal that ended it."""
    for _ in range(LONGEST_RUN * 50):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else signal.Signals(-code).name
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "hung"


def _read(file: Any) -> str:
    file.seek(0)
    return file.read().decode()


def _be_the_command(request: dict[str, Any], main: Callable[[list[str]], int], out: int, err: int) -> None:
    code = 99
    try:
        os.dup2(out, 1)
        os.dup2(err, 2)
        for name in ("SHOJI_HOME", "SHOJI_KEYS", "SHOJI_SOURCE", "SHOJI_DATA", "LC_ALL", "LANG"):
            os.environ.pop(name, None)
        os.environ.update(request["env"])
        if request["plain"]:
            _drop_privileges()
        for accident in request.get("accidents", ()):
            _plan(accident)
        code = main(request["argv"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _drop_privileges() -> None:
    """Be root no more than in name: what belongs to somebody else is closed to us, as it is to any user."""
    version_3 = 0x20080522
    header, nothing = (ctypes.c_uint32 * 2)(version_3, 0), (ctypes.c_uint32 * 6)()
    if os.getuid() == 0 and ctypes.CDLL(None, use_errno=True).capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _plan(accident: dict[str, Any]) -> None:
    """Let it happen before or after the given call of a function of ours (or of ``os``)."""
    module, _, path = accident["at"].partition(":")
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, importlib.import_module(module))
    original, calls = getattr(owner, name), 0

    @functools.wraps(original)
    def doomed(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls != accident.get("call", 1):
            return original(*args, **kwargs)
        if accident.get("when", "before") == "before":
            _act(accident, args)
            return original(*args, **kwargs)
        result = original(*args, **kwargs)
        _act(accident, args)
        return result

    setattr(owner, name, doomed)


def _act(accident: dict[str, Any], args: tuple[Any, ...]) -> None:
    if accident["act"] in {"SIGKILL", "SIGINT", "SIGTERM"}:
        os.kill(os.getpid(), signal.Signals[accident["act"]])
    elif accident["act"] == "tear":  # the power goes off in the middle of a write
        descriptor, content = args
        os.write(descriptor, content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    elif accident["act"] == "fill":
        _fill(Path(accident["disk"]) / "ballast")
    else:
        raise ValueError(accident["act"])


def _fill(ballast: Path) -> None:
    """Take all the space that is left on a disk."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        piece = 1 << 20
        while piece:
            try:
                file.write(bytes(piece))
            except OSError:
                piece //= 2


if __name__ == "__main__":
    # A shell starts its background jobs deaf to SIGINT; the tests may be one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    serve()

"""Starting Prefect quietly: its home inside ours, its telemetry off, its words off our terminal."""

from __future__ import annotations

import logging
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from flows.run import Run
from storage.home import Home

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}
"""What keeps Prefect and Great Expectations to themselves. ``prefect.yaml`` gives the same to workers."""


def configure(home: Home) -> None:
    """Set what Prefect reads at import. Call before anything imports it; what an operator set stays."""
    os.environ.setdefault("PREFECT_HOME", str(home.prefect))
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


WATCHED = """\
import os, runpy, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)
"""
"""Prefect's server, watching a pipe that we hold: it closes when we end, however we end."""


def _tie_server() -> None:
    """Let Prefect's own server end with us, even where we are killed; Ctrl-C is for us, not for it."""
    from prefect.server.api.server import SubprocessASGIServer

    start = SubprocessASGIServer._run_uvicorn_command

    def tied(server: SubprocessASGIServer) -> subprocess.Popen[bytes]:
        with _started_by(_popen):
            return start(server)

    if start.__name__ != tied.__name__:
        SubprocessASGIServer._run_uvicorn_command = tied  # type: ignore[method-assign]


def _popen(args: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    python, _module, _uvicorn, *options = args
    quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([python, "-c", WATCHED, *options], env=env, start_new_session=True, **quiet)


@contextmanager
def _started_by(popen: Callable[..., subprocess.Popen[bytes]]) -> Iterator[None]:
    """Inside the block Prefect's server module starts processes with ``popen``."""
    from prefect.server.api import server

    before = server.subprocess
    server.subprocess = SimpleNamespace(**{**vars(before), "Popen": popen})  # type: ignore[attr-defined]
    try:
        yield
    finally:
        server.subprocess = before  # type: ignore[attr-defined]


def run_flow(run: Run, as_of: str | None, dry_run: bool) -> None:
    """Walk a prepared run inside the Prefect flow. How it ended is in the run; nothing escapes."""
    run.setting.home.create(run.setting.keys)
    configure(run.setting.home)
    begin = time.monotonic()
    failed = ""
    try:
        failed = _hand_over(run, as_of, dry_run)
    except Exception as error:  # Prefect itself failed; its text is its own affair
        failed = type(error).__name__
    if run.outcome is None:
        run.orchestrator_failed(failed)
    total = time.monotonic() - begin
    run.seconds["orchestrator"] = round(total - sum(run.seconds.values()), 3)
    run.seconds["total"] = round(total, 3)


def _hand_over(run: Run, as_of: str | None, dry_run: bool) -> str:
    """Start the flow on the run; returns the type of what Prefect's last state holds, an exception or none."""
    from flows import survey as flow_module

    _tie_server()
    logging.getLogger("prefect").setLevel(logging.CRITICAL)
    token = f"prepared-{os.getpid()}"
    flow_module.RUNS[token] = run
    flow_module.PREPARED.append(token)
    try:
        # The declared name, not what was typed: Prefect keeps parameters, and a path may tell more than a name.
        state = flow_module.survey(run.survey.name, as_of=as_of, dry_run=dry_run, return_state=True)
    finally:
        flow_module.RUNS.pop(token, None)
        flow_module.PREPARED.clear()
    return type(state.data).__name__

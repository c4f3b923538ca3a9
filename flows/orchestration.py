"""Starting Prefect quietly: its home inside ours, its telemetry off, its words off our terminal."""

from __future__ import annotations

import logging
import os
import time

from flows.run import Run
from storage.home import Home


def configure(home: Home) -> None:
    """Set what Prefect reads at import. Call before anything imports it; what an operator set stays."""
    os.environ.setdefault("PREFECT_HOME", str(home.prefect))
    for name, value in {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    }.items():
        os.environ.setdefault(name, value)


def run_flow(run: Run, as_of: str | None, dry_run: bool) -> None:
    """Walk a prepared run inside the Prefect flow. How it ended is in the run; nothing escapes."""
    run.setting.home.create(run.setting.keys)
    configure(run.setting.home)
    begin = time.monotonic()
    from flows import survey as flow_module

    logging.getLogger("prefect").setLevel(logging.CRITICAL)
    token = f"prepared-{os.getpid()}"
    flow_module.RUNS[token] = run
    flow_module.PREPARED.append(token)
    try:
        # The declared name, not what was typed: Prefect keeps parameters, and a path may tell more than a name.
        flow_module.survey(run.survey.name, as_of=as_of, dry_run=dry_run, return_state=True)
    except Exception as error:  # Prefect itself failed; its text is its own affair
        run.fail(error)
    finally:
        flow_module.RUNS.pop(token, None)
        flow_module.PREPARED.clear()
    total = time.monotonic() - begin
    run.seconds["orchestrator"] = round(total - sum(run.seconds.values()), 3)
    run.seconds["total"] = round(total, 3)

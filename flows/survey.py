"""The Prefect flow: the whole road of one survey, as schedules and operators start it.

Prefect keeps parameters, exception texts and results. So the flow takes names only, state travels in memory under a
token, tasks return nothing, and what escapes them is a rule's name, raised outside every ``except``.
"""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import road
from flows.run import Run
from flows.setting import read_setting
from flows.voice import hush, is_interruption
from terms.findings import ShojiError

RUNS: dict[str, Run] = {}
"""Runs of this process by token. Whoever starts the flow in this process may put a run of its own here and name
its token in :data:`PREPARED`. No run stays here when its flow has ended: it holds exact counts."""

PREPARED: list[str] = []
"""Tokens of runs that wait for the next flow of this process."""


class Stopped(Exception):
    """How a run ended, in rule names alone: all that Prefect may keep."""


def _guarded(token: str, work: Callable[[Run], None]) -> None:
    run = RUNS[token]
    stopped = ""
    try:
        work(run)
    except BaseException as error:
        if is_interruption(error):
            raise
        run.fail(error)
        stopped = describe(run)
    if stopped:
        raise Stopped(stopped)


def describe(run: Run) -> str:
    """The outcome and the rules behind it; no place, no fact."""
    outcome = run.outcome.value if run.outcome else "fault"
    rules = ", ".join(sorted({reason.rule for reason in run.reasons}))
    return f"{outcome}: {rules}" if rules else outcome


def _task(step: road.Step) -> Callable[[str], None]:
    def work(token: str) -> None:
        _guarded(token, lambda run: road.take(run, step))

    work.__name__ = work.__qualname__ = step.name
    work.__doc__ = step.work.__doc__
    return task(name=step.name, persist_result=False, cache_policy=NO_CACHE, log_prints=False)(work)


TASKS = [_task(step) for step in road.ROAD]


@flow(name="survey", persist_result=False, log_prints=False)
def survey(survey_name: str, as_of: str | None = None, dry_run: bool = False) -> str:
    """From the declared export files to a published release, or the reason why nothing was published.

    ``survey_name``: a name under ``data/surveys/``; ``as_of``: a JST calendar date such as ``2026-11-23`` (today by
    default); ``dry_run``: do everything but publish. Home, keys and sources come from ``SHOJI_HOME``, ``SHOJI_KEYS``,
    ``SHOJI_DATA`` and ``SHOJI_SOURCE``. Returns the outcome.
    """
    hush()
    token = PREPARED.pop() if PREPARED else begin(survey_name, as_of, dry_run)
    try:
        return walk(token)
    finally:
        RUNS.pop(token, None)


def begin(survey_name: str, as_of: str | None, dry_run: bool) -> str:
    """Make a run and its token. Raises :class:`Stopped` where there is no such survey or its declaration is wrong."""
    stopped = ""
    try:
        run = road.prepare(read_setting(), survey_name, as_of, dry_run)
    except ShojiError as error:
        stopped = ", ".join(sorted({finding.rule for finding in error.findings}))
    except BaseException as error:
        if is_interruption(error):
            raise
        stopped = type(error).__name__
    if stopped:
        raise Stopped(f"refused: {stopped}")
    token = secrets.token_hex(8)
    RUNS[token] = run
    return token


def walk(token: str) -> str:
    """Take every step until the run has ended."""
    run = RUNS[token]
    stopped = ""
    try:
        with road.opened(run):
            for step in TASKS:
                if run.outcome is None:
                    _ask(step, token)
    except Stopped as stop:
        traceback.clear_frames(stop.__traceback__)  # Prefect keeps the exception, and its frames hold the run
        stopped = describe(run)
    except BaseException as error:
        if is_interruption(error):
            raise
        run.fail(error)
        stopped = describe(run)
    ended = describe(run)
    del run
    if stopped:
        raise Stopped(stopped)
    return ended


def _ask(step: Callable[[str], None], token: str) -> None:
    """Have Prefect take a step. Steps raise :class:`Stopped` alone: anything else is Prefect's own failure."""
    failed = ""
    try:
        step(token)
    except Stopped:
        raise
    except BaseException as error:
        if is_interruption(error):
            raise
        failed = type(error).__name__
    if failed:
        RUNS[token].orchestrator_failed(failed)
        raise Stopped(f"fault: {failed}")

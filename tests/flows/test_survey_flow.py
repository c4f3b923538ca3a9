"""The flow as Prefect runs it: what it keeps of a run, and the deployments that analysts and schedules use."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import yaml

from flows import road
from flows.orchestration import QUIET
from flows.run import Run
from flows.setting import read_setting
from terms.findings import Finding
from terms.release import Outcome
from tests.towns import AFTER, LAST_DAY, SURVEY, Town, townspeople

CHECKOUT = Path(__file__).resolve().parents[2]
PREFECT_YAML = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text(encoding="utf-8"))
DEPLOYMENTS = {deployment["name"]: deployment for deployment in PREFECT_YAML["deployments"]}


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A server of our own, and a client of it."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_HOME, PREFECT_LOCAL_STORAGE_PATH, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    home = tmp_path_factory.mktemp("prefect")
    hooks = logging.getLogger().handlers, threading.excepthook, sys.unraisablehook
    settings = {PREFECT_HOME: home, PREFECT_LOCAL_STORAGE_PATH: home / "storage"}
    with (
        temporary_settings(settings),
        prefect_test_harness(server_startup_timeout=120),
        get_client(sync_client=True) as client,
    ):
        yield client
    # The flow hushes the process it runs in.
    logging.getLogger().handlers, threading.excepthook, sys.unraisablehook = hooks


def last_run(prefect):
    """The flow run that began last."""
    from prefect.client.schemas.sorting import FlowRunSort

    return prefect.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]


def test_the_flow_takes_and_returns_names_alone(town: Town, prefect):
    from flows.survey import survey

    assert survey(str(town.declaration), as_of=LAST_DAY) == "waiting: fieldwork_not_over"
    assert survey(str(town.declaration), as_of=AFTER, dry_run=True) == "candidate: dry_run"
    assert town.releases() == []
    assert survey(str(town.declaration), as_of=AFTER) == "published"
    assert survey(str(town.declaration), as_of=AFTER) == "unchanged: nothing_new"
    assert len(town.releases()) == 1
    run = last_run(prefect)
    assert run.state_name == "Completed"
    assert run.parameters == {"survey_name": str(town.declaration), "as_of": AFTER, "dry_run": False}


def test_a_refused_run_fails_and_tells_prefect_the_rules_alone(town: Town, prefect):
    from flows.survey import Stopped, survey

    town.answer([row | {"地区": "西"} for row in townspeople()])
    with pytest.raises(Stopped) as stopped:
        survey(str(town.declaration), as_of=AFTER)
    assert str(stopped.value) == "refused: too_many_rejects, undeclared_quasi_identifier"
    assert (stopped.value.__cause__, stopped.value.__context__) == (None, None)
    run = last_run(prefect)
    assert run.state_name == "Failed"
    assert run.state.message.endswith("Stopped: refused: too_many_rejects, undeclared_quasi_identifier")
    states = [str(state.message) for state in prefect.read_flow_run_states(run.id)]
    tasks = [task for task in prefect.read_task_runs() if task.flow_run_id == run.id]
    assert sorted(task.name.partition("-")[0] for task in tasks) == ["clean", "ingest"]
    assert "西" not in " ".join([*states, *(str(task.state.message) for task in tasks)])


def test_a_task_that_breaks_tells_prefect_no_word_of_it(town: Town, prefect, monkeypatch):
    from flows import steps
    from flows.survey import Stopped, survey

    def break_down(*_):
        try:
            int("町田 7号")
        except ValueError as cause:
            raise RuntimeError("町田 7号") from cause

    monkeypatch.setattr(steps, "counts_frame", break_down)
    with pytest.raises(Stopped, match=r"^fault: unexpected_error$"):
        survey(str(town.declaration), as_of=AFTER)
    run = last_run(prefect)
    deadline = time.monotonic() + 30
    while not (logs := [log.message for log in prefect.read_logs() if log.flow_run_id == run.id]):
        assert time.monotonic() < deadline, "Prefect sends its log in the background, but sooner than that"
        time.sleep(0.2)
    kept = " ".join([*logs, *(str(state) for state in prefect.read_flow_run_states(run.id))])
    assert "unexpected_error" in kept
    assert "町田" not in kept


@pytest.mark.parametrize(
    ("survey_name", "as_of", "stopped"),
    [
        ("nobody_2026", None, "refused: survey_unknown"),
        ("reader_2026", "tomorrow", "refused: day_malformed"),
        ("reader_2026", "2999-01-01", "refused: day_in_future"),
    ],
)
def test_a_run_that_cannot_begin_fails_with_its_rule(town: Town, prefect, survey_name, as_of, stopped):
    from flows.survey import Stopped, survey

    with pytest.raises(Stopped) as error:
        survey(survey_name, as_of=as_of)
    assert str(error.value) == stopped
    assert last_run(prefect).state_name == "Failed"


def test_no_run_outlives_its_flow_in_the_memory_of_a_worker(town: Town, prefect):
    from flows import survey as flows

    def alive() -> list[Run]:
        gc.collect()
        return [thing for thing in gc.get_objects() if type(thing) is Run and thing.declaration == town.declaration]

    control = road.prepare(read_setting(), str(town.declaration), AFTER)
    assert alive() == [control]
    del control
    flows.survey(str(town.declaration), as_of=AFTER, dry_run=True)
    assert (flows.RUNS, flows.PREPARED, alive()) == ({}, [], [])
    town.answer([row | {"地区": "西"} for row in townspeople()])
    with pytest.raises(flows.Stopped) as stopped:  # kept, as Prefect keeps it
        flows.survey(str(town.declaration), as_of=AFTER)
    assert (flows.RUNS, flows.PREPARED, alive()) == ({}, [], []), stopped


def test_prefect_that_breaks_between_two_steps_is_told_apart_from_our_own_faults(town: Town, prefect, monkeypatch):
    from flows import survey as flows

    def unreachable(_token: str) -> None:
        raise ConnectionError("町田 7号")

    monkeypatch.setattr(flows, "TASKS", [*flows.TASKS[:1], unreachable])
    with pytest.raises(flows.Stopped) as stopped:
        flows.survey(str(town.declaration), as_of=AFTER)
    assert str(stopped.value) == "fault: orchestrator_failed"
    assert (stopped.value.__cause__, stopped.value.__context__) == (None, None)


@pytest.mark.parametrize(
    ("ended", "rule"),
    [pytest.param(None, "orchestrator_failed", id="none"), pytest.param("unchanged", "nothing_new", id="its_own")],
)
def test_a_run_that_has_ended_is_not_ended_again_by_the_orchestrator(town: Town, monkeypatch, ended, rule):
    from flows import orchestration
    from flows import survey as flows

    def breaks(*_, **__):
        if ended:
            run.end(Outcome(ended), Finding(place=SURVEY, rule=rule))
        raise ConnectionError("町田 7号")

    run = road.prepare(read_setting(), str(town.declaration), AFTER)
    monkeypatch.setattr(flows, "survey", breaks)
    monkeypatch.setattr(orchestration, "_tie_server", lambda: None)
    monkeypatch.setattr(orchestration, "configure", lambda _home: None)
    monkeypatch.setattr(orchestration, "logging", SimpleNamespace(getLogger=lambda _: logging.Logger("x"), CRITICAL=50))
    orchestration.run_flow(run, AFTER, False)
    assert [reason.rule for reason in run.reasons] == [rule]
    assert run.exit_code == (0 if ended else 3)
    assert (flows.RUNS, flows.PREPARED) == ({}, [])


# --- prefect.yaml ---------------------------------------------------------------------------------


def test_there_is_a_deployment_on_demand_and_a_nightly_one():
    assert {*DEPLOYMENTS} == {"on-demand", "nightly"}
    assert "schedules" not in DEPLOYMENTS["on-demand"]
    (schedule,) = DEPLOYMENTS["nightly"]["schedules"]
    assert ZoneInfo(schedule["timezone"]).key == "Asia/Tokyo"
    assert PREFECT_YAML["prefect-version"] == version("prefect")


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_deployment_starts_the_flow_and_passes_names_alone(name):
    from prefect.flows import load_flow_from_entrypoint

    flow = load_flow_from_entrypoint(str(CHECKOUT / DEPLOYMENTS[name]["entrypoint"]))
    assert flow.name == "survey"
    flow.validate_parameters(DEPLOYMENTS[name]["parameters"])
    survey = CHECKOUT / "data" / "surveys" / DEPLOYMENTS[name]["parameters"]["survey_name"] / "survey.yaml"
    assert survey.is_file()
    assert (flow.persist_result, flow.log_prints) == (False, False)


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_worker_is_as_quiet_as_the_command_line(name):
    assert DEPLOYMENTS[name]["work_pool"] == {"name": "shoji", "job_variables": {"env": QUIET}}
    assert {type(value) for value in QUIET.values()} == {str}


def test_what_is_deployed_runs_when_a_worker_picks_it_up(town: Town, prefect):
    """As the head of ``prefect.yaml`` says: a pool, ``prefect deploy --all``, a worker."""
    from prefect.client.schemas.actions import WorkPoolCreate

    environment = os.environ | town.environment()
    environment |= {"PREFECT_API_URL": str(prefect.api_url), "PREFECT_HOME": str(town.folder / "worker")}

    def command(*arguments: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    prefect.create_work_pool(WorkPoolCreate(name="shoji", type="process"))
    command("deploy", "--all")
    nightly = prefect.read_deployment_by_name("survey/nightly")
    assert nightly.job_variables == {"env": QUIET}
    (schedule,) = nightly.schedules
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("30 2 * * *", "Asia/Tokyo")
    on_demand = prefect.read_deployment_by_name("survey/on-demand")
    assert (nightly.global_concurrency_limit.limit, on_demand.global_concurrency_limit.limit) == (1, 1)
    parameters = {"survey_name": str(town.declaration), "as_of": AFTER}
    run = prefect.create_flow_run_from_deployment(on_demand.id, parameters=parameters)
    said = command("worker", "start", "--pool", "shoji", "--run-once")
    assert prefect.read_flow_run(run.id).state_name == "Completed"
    assert [release.name for release in town.releases()] == [f"0001-{AFTER}"]
    assert "町田" not in said

"""The order of the day: which steps a run takes, and what is open while it takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from flows import expiring, judging, publication, steps
from flows.person import finish_under_way
from flows.recalling import finish_recalls
from flows.run import Run
from flows.setting import Setting, find_declaration, read_day, with_source
from flows.voice import is_interruption
from storage.heads import read_heads, write_head
from storage.keys import ledger_key, load_root_key
from storage.ledger import Ledger
from storage.locks import writer
from storage.publication import settle
from storage.warehouse import Warehouse
from terms.reading import read_survey
from terms.release import Outcome


@dataclass(frozen=True)
class Step:
    """One step of the road."""

    name: str
    work: Callable[[Run], None]


def ingest(run: Run) -> None:
    """Judge the purpose; then read every declared source. Nothing of it where the answers' time is over."""
    if expiring.stop(run):
        return
    judging.permit(run)
    steps.ingest(run)


ROAD = (
    Step("ingest", ingest),
    Step("clean", steps.clean),
    Step("wait", steps.wait),
    Step("anonymise", steps.anonymise),
    Step("tabulate", steps.tabulate),
    Step("gate", steps.gate),
    Step("protect", steps.protect_tables),
    Step("attack", publication.attack_exact),
    Step("publish", publication.publish),
)


def prepare(setting: Setting, survey_name: str, as_of: str | None, dry_run: bool = False) -> Run:
    """A run that has not begun: the declaration is read, nothing is opened.

    Raises WrongUse for an unknown survey, a malformed or future date, Refused for a declaration with problems.
    """
    declaration = find_declaration(survey_name)
    survey = with_source(read_survey(declaration), setting)
    return Run(setting=setting, declaration=declaration, survey=survey, as_of=read_day(as_of), dry_run=dry_run)


@contextmanager
def opened(run: Run) -> Iterator[Run]:
    """Hold the writer's lock, the warehouse and the ledger while the block runs; note the end in the ledger."""
    home = run.setting.home.create(run.setting.keys)
    run.root = load_root_key(run.setting.keys, home.path)
    with ExitStack() as stack:
        stack.enter_context(writer(home))
        run.ledger = Ledger(home.ledger, ledger_key(run.root))
        finish_under_way(run.setting, run.ledger)
        run.warehouse = warehouse = stack.enter_context(Warehouse.open(home))
        run.ledger.verify(warehouse.anchor(), *read_heads(home))
        for record in settle(warehouse, home):
            run.ledger.append("settled", {"survey": record.survey, "release": record.name})
        finish_recalls(home, run.root, run.ledger)
        without_outcome = "interrupted"
        try:
            yield run
            without_outcome = "partial"  # ingest, anonymise and plan go a part of the road
        except BaseException as error:
            run.fail(error)
            raise
        finally:
            steps.note_end(run, without_outcome)
            end = run.ledger.verify()
            warehouse.anchor_ledger(end)
            if run.outcome is Outcome.PUBLISHED:
                write_head(home, run.survey.name, end)
            run.warehouse = run.ledger = None


def take(run: Run, step: Step) -> None:
    """Take one step and count its seconds."""
    with run.timed(step.name):
        step.work(run)


def walk(run: Run, until: str | None = None) -> None:
    """Take the steps one after the other, without an orchestrator; errors end the run instead of escaping."""
    try:
        with opened(run):
            for step in ROAD:
                take(run, step)
                if run.outcome is not None or step.name == until:
                    return
    except BaseException as error:  # the run keeps its findings, or its type's name
        run.fail(error)
        if is_interruption(error):
            raise

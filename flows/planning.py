"""``shoji plan``: the levels that hold, what they would hide, and what merging would bring back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from flows import road, shores, steps
from flows.memory import known_releases
from flows.planned import Proposal, plan_json, plan_lines
from flows.run import Run
from storage.textfile import write_text
from terms.codebook_file import codebook_path, codebook_text, make_codebook
from terms.findings import fault, refuse
from transforms.generalise import classes_query, generalise_query, tuples_query
from transforms.plan import Plan, search_plans
from transforms.planning.merging import suggest_merges
from transforms.planning.outlook import Outlook, outlook
from transforms.tabulate import Tables

__all__ = ["Proposal", "make_plan", "plan_json", "plan_lines"]

SIDE_BY_SIDE = 3
"""Plans that are shown."""


def make_plan(run: Run, freeze: bool) -> Proposal:
    """Walk to ``clean``, search the levels, try the tables under the best, and write the codebook where asked."""
    proposal = None
    with road.opened(run):
        road.take(run, road.ROAD[0])
        road.take(run, road.ROAD[1])
        if run.outcome is not None:  # fieldwork has begun and nobody has answered yet
            raise refuse(run.survey.name, "nobody_answered")
        with run.timed("search"):
            plans = search_plans(run.survey, run.warehouse.run(tuples_query(run.survey)), SIDE_BY_SIDE)
        others = [_look_ahead(run, plan) for plan in plans[1:]]
        proposal = _propose(run, plans, others)
        if freeze:
            _freeze(run)
            proposal = replace(proposal, frozen=True)
    return proposal


def _look_ahead(run: Run, plan: Plan) -> Outlook | None:
    """What counts alone say of the tables under another plan; ``None`` where it leaves no table."""
    trial = replace(run, codebook=make_codebook(run.survey, dict(plan.levels)))
    trial.tables = Tables.of(trial.survey, trial.codebook)
    if not trial.tables.specs:
        return None
    # The best plan's layer takes its place, and passes the shore, before anything else is asked of it.
    run.warehouse.replace_table("anonymised", run.survey.name, generalise_query(run.survey, trial.codebook))
    steps.tabulate(trial)
    return outlook(trial.counts, shores.kinds(trial), run.survey)


def _propose(run: Run, plans: list[Plan], others: list[Outlook | None]) -> Proposal:
    """The tables under the best plan, protected as a release would be."""
    run.codebook = make_codebook(run.survey, dict(plans[0].levels))
    steps.anonymise(run)
    _count_anew(run, plans[0])
    steps.tabulate(run)
    kinds = shores.kinds(run)
    seen = outlook(run.counts, kinds, run.survey)
    with run.timed("merge"):
        merges = suggest_merges(run.counts, kinds, run.survey, run.codebook, seen)
    steps.protect_tables(run)
    return Proposal(
        run=run,
        plans=tuple(plans),
        outlooks=(seen, *others),
        codebook=run.codebook,
        hidden=_hidden(run),
        merges=tuple(merges),
        withheld=run.withheld,
        frozen=False,
    )


def _count_anew(run: Run, plan: Plan) -> None:
    """The shore counts people in SQL, apart from the search and the risk measures; raises Fault where they disagree."""
    counted = run.warehouse.run(classes_query(run.survey))
    numbers = {"classes": counted.height} | {name: counted[name].min() for name in counted.columns}
    distinct = {f"distinct_{name}": fewest for name, fewest in plan.reached.l.items()}
    if numbers != {"classes": plan.classes, "people": plan.smallest_class, **distinct}:
        raise fault(run.survey.name, "plan_measures_differ")


def _hidden(run: Run) -> dict[str, tuple[int, int]]:
    hidden: Counter[str] = Counter()
    cells: Counter[str] = Counter()
    for cell in run.protected.iter_rows(named=True):
        cells[cell["row_var"]] += 1
        hidden[cell["row_var"]] += cell["status"] == "hidden"
    return {variable: (hidden[variable], cells[variable]) for variable in cells}


def _freeze(run: Run) -> None:
    if known_releases(run):
        raise refuse(run.survey.name, "codebook_in_use")
    write_text(codebook_path(run.declaration), codebook_text(run.codebook), mode=0o644)
    run.ledger.append(
        "frozen", {"survey": run.survey.name, "levels": {k: int(v) for k, v in run.codebook.levels.items()}}
    )

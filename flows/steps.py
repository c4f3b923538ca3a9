"""The road of the data, a step at a time. Each step asks one or two rooms and notes in the run what they said."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flows import shores
from flows.contacts import keep_contacts
from flows.memory import known_releases, recalled
from flows.run import Run
from flows.setting import source_path
from storage.keys import ledger_key
from storage.reading import Reject, read_source, write_rejects
from terms.codebook_file import codebook_path, read_codebook
from terms.findings import Finding, Refused, refuse
from terms.fingerprints import fingerprint
from terms.release import Outcome
from terms.requests import RequestKind, RequestState
from terms.survey import Repeat, Survey
from transforms.attack import Proof, forced_answers, narrow_questions, published_rules
from transforms.clean import census_query, clean_query, rejects_query
from transforms.display import display
from transforms.door import door_query
from transforms.families import failing_questions
from transforms.generalise import generalise_query
from transforms.protect import protect
from transforms.tabulate import Tables, count_query, counts_frame, profiles_query
from transforms.weigh import weight_classes_query, weights_readable

Line = Mapping[str, Any]


def ingest(run: Run) -> None:
    """Read every declared source; what may be stored goes to ``raw``, pseudonyms in place of identifiers."""
    readings = []
    for source in run.survey.sources:
        run.say(f"read {source.name}")
        readings.append(read_source(run.survey, source, source_path(run.setting, run.declaration, source)))
    keep_contacts(run, readings)
    report = run.warehouse.ingest(run.survey, run.root, readings, door_query(run.survey))
    run.rejects = [reject for reading in readings for reject in reading.rejects] + list(report.rejects)
    run.respondents["read"] = sum(reading.rows_read - reading.rows_filtered for reading in readings)
    hashes = {reading.source.name: reading.sha256 for reading in readings}
    run.ledger.append("ingested", {"survey": run.survey.name, "sources": hashes})
    shores.raw(run)


def clean(run: Run) -> None:
    """One row a person in ``clean``: good rows whose consent fits, the declared one of several answers."""
    barred = run.warehouse.desk().restricted(run.survey, run.root)
    where = run.warehouse.run(census_query(run.survey, run.as_of, barred)).row(0, named=True)
    bad = run.warehouse.run(rejects_query(run.survey, run.as_of, barred)).rows(named=True)
    coded = [Reject(source=row["source"], line=row["line"], column=row["column"], rule=row["rule"]) for row in bad]
    run.rejects = [*run.rejects, *coded]
    write_rejects(run.rejects, run.setting.home.rejects / f"{run.survey.name}.csv")
    _judge_census(run, where, bad)
    if where["people"] == 0:
        return wait(run)
    run.warehouse.replace_table("clean", run.survey.name, clean_query(run.survey, run.as_of, barred))
    run.respondents["people"] = where["people"]
    shores.clean(run)


def _judge_census(run: Run, where: Line, bad: Sequence[Line]) -> None:
    """Refuse what the reject report cannot put right: undeclared quasi-identifiers, too many bad rows, nobody."""
    survey, problems = run.survey, []
    undeclared = Counter(row["column"] for row in bad if row["rule"] == "undeclared_code")
    for column in survey.quasi_identifiers:
        if undeclared[column.name]:
            facts = {"rows": undeclared[column.name]}
            problems.append(Finding(place=f"columns.{column.name}", rule="undeclared_quasi_identifier", facts=facts))
    problems += too_many_rejects(survey, run.rejects, run.respondents["read"])
    refuses_repeats = survey.respondents.key is not None and survey.respondents.repeat is Repeat.REFUSE
    if refuses_repeats and where["people"] != where["valid"]:
        problems.append(Finding(place="respondents.repeat", rule="respondents_repeat"))
    if where["people"] == 0 and not problems and not _fieldwork_runs(run):
        problems.append(Finding(place=survey.name, rule="nobody_answered"))
    if problems:
        raise Refused(*problems)


def too_many_rejects(survey: Survey, rejects: Sequence[Reject], read: int) -> list[Finding]:
    """The problem, where more of the rows read are bad than the policy allows."""
    rows, limit = bad_rows(rejects), survey.policy.reject_limit_pct
    if rows * 100 <= limit * max(read, 1):
        return []
    return [Finding(place=survey.name, rule="too_many_rejects", facts={"rows": rows, "limit": limit})]


def bad_rows(rejects: Sequence[Reject]) -> int:
    """Rows that break one rule or more."""
    return len({(reject.source, reject.line) for reject in rejects})


def wait(run: Run) -> None:
    """Until fieldwork is over: whatever the answers are too few for may still come."""
    if _fieldwork_runs(run):
        after = (run.survey.fieldwork_to + timedelta(days=1)).isoformat()
        run.end(Outcome.WAITING, Finding(place="fieldwork.to", rule="fieldwork_not_over", facts={"after": after}))


def _fieldwork_runs(run: Run) -> bool:
    return run.as_of <= run.survey.fieldwork_to


def anonymise(run: Run) -> None:
    """Generalise to the frozen codebook; every equivalence class must be large enough."""
    if run.codebook is None:
        run.codebook = read_codebook(codebook_path(run.declaration), run.survey)
    run.tables = Tables.of(run.survey, run.codebook)
    if not run.tables.specs:
        raise refuse("tables", "no_table_left")
    run.warehouse.replace_table("anonymised", run.survey.name, generalise_query(run.survey, run.codebook))
    shores.anonymised(run)


def tabulate(run: Run) -> None:
    """Count every declared table exactly."""
    counted = {row: run.warehouse.run(count_query(run.survey, run.tables, row)) for row in run.tables.rows()}
    run.counts = counts_frame(run.survey, run.codebook, run.tables, counted)
    # Keyed: a plain hash of small counts could be found again by trying.
    content = fingerprint(run.codebook) + fingerprint(run.survey.policy) + run.counts.write_csv()
    run.population = ledger_key(run.root).derive("population").sign(content.encode())


def gate(run: Run) -> None:
    """Published once: change nothing after."""
    survey = run.survey
    earlier = known_releases(run)
    if not earlier:
        return
    last = earlier[-1]
    if last.name in recalled(run):
        raise refuse(survey.name, "release_recalled", release=last.name)
    changed = last.population_hash != run.population
    if changed and not _rights_used(run):
        raise refuse(survey.name, "published_once", release=last.name)
    # Whoever left, or had something put right, after publication changes no published byte (R10).
    rule = "published_before_requests" if changed else "nothing_new"
    run.release = run.setting.home.released / survey.name / last.name
    run.end(Outcome.UNCHANGED, Finding(place=survey.name, rule=rule, facts={"release": last.name}))


def _rights_used(run: Run) -> bool:
    """Whether a request changed which answers of this survey are held or used."""
    carried_out = {RequestState.UNDER_WAY, RequestState.DONE}
    return any(
        request.survey == run.survey.name and request.kind is not RequestKind.CONFIRM and request.state in carried_out
        for request in run.warehouse.desk().requests()
    )


def protect_tables(run: Run) -> None:
    """Withhold failing families (R3), hide small cells and what would give them back (R1, R2), withhold what the roster
    sees through all the same (R4b), judge weights (R8)."""
    survey = run.survey
    questions = [row for row in run.tables.rows() if survey.column(row).role.is_answer]
    run.rosters = {row: run.warehouse.run(profiles_query(survey, run.tables, row)) for row in questions}
    run.withheld = failing_questions(run.counts, survey)
    _protect(run)
    seen_through = {*still_narrow(run), *still_forced(run)}
    run.narrow = tuple(question for question in questions if question in seen_through)
    if run.narrow:
        _protect(run)
    if survey.weight is not None:
        readable = {question for question in questions if _weights_readable(run, question)}
        readable |= set(still_narrow(run, displayed(run, set(questions) - readable)))
        run.weights_withheld = tuple(question for question in questions if question in readable)


def _protect(run: Run) -> None:
    run.protected = protect(
        run.counts,
        shores.kinds(run),
        run.survey.policy,
        frozenset({*run.withheld, *run.narrow}),
        progress=lambda done, of: run.say(f"protect {done}/{of}"),
    )


def still_narrow(run: Run, weighted: Any = None) -> tuple[str, ...]:
    """Questions whose hidden counts the roster gives back, all breaks taken together, and weighted figures if given."""
    terms = {**published_rules(run.survey), "rounding": 1}
    rounding = run.survey.policy.rounding
    exact = display(run.protected, 1)
    return narrow_questions(exact, run.rosters, weighted=weighted, weighted_rounding=rounding, **terms)


def still_forced(run: Run) -> tuple[str, ...]:
    """Questions that do not leave everybody two answers against s - 1 others and the roster (R4b).

    Judged on the worst case, the true counts of all that is shown: a world that fits them fits the rounded figures
    too. What nobody can decide counts as forced. The same cells are not judged twice.
    """
    cells = display(run.protected, 1)
    seen = hashlib.sha256(cells.write_csv().encode()).hexdigest()
    if seen not in run.proofs:
        terms = {**published_rules(run.survey), "rounding": 1}
        run.proofs[seen] = forced_answers(cells, run.rosters, **terms)
    return tuple(question for question, proof in run.proofs[seen].items() if proof is not Proof.NONE)


def displayed(run: Run, weights_shown: Collection[str]) -> Any:
    """The cells as they are published, with the weighted percentages of these questions."""
    survey = run.survey
    asked = [row for row in run.tables.rows() if survey.column(row).role.is_answer] if survey.weight else []
    return display(run.protected, survey.policy.rounding, set(weights_shown), asked)


def _weights_readable(run: Run, question: str) -> bool:
    classes = run.warehouse.run(weight_classes_query(run.survey, run.tables, question)).rows(named=True)
    return weights_readable(classes, shores.bars(run)[question], run.survey.policy.rounding)


def note_end(run: Run, without_outcome: str) -> None:
    """The ledger's line about how the run ended."""
    outcome = run.outcome.value if run.outcome else without_outcome
    rules = sorted({reason.rule for reason in run.reasons})
    ended = {"survey": run.survey.name, "as_of": run.as_of.isoformat(), "outcome": outcome, "rules": rules}
    run.ledger.append("run_ended", ended)

"""The last steps: the attacker's verdict, the release folder, the ledger's last word."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from flows import shores
from flows.run import Run
from flows.steps import displayed, still_forced, still_narrow
from publishing.release import build_release
from storage.folders import staged_release, verify_folder
from storage.publication import recorded
from terms.findings import Finding, Refused, Verdict, refuse
from terms.fingerprints import fingerprint
from terms.release import Batch, Outcome, ReleaseContent
from transforms.attack import attack, cells_from_csv, published_rules, self_test
from transforms.display import display

CELLS = "data/cells.csv"


def attack_exact(run: Run) -> None:
    """The worst case first: an attacker who knows every shown count to the person, then one with the roster too."""
    exact = display(run.protected, 1)
    _judge(run, "exact", exact, rounding=1)
    narrow = still_narrow(run, displayed(run, _weights_standing(run)))
    run.tests["attack_joint"] = Verdict.FAIL if narrow else Verdict.PASS
    if narrow:
        raise Refused(*(Finding(place=question, rule="joint_interval_narrow") for question in narrow))
    forced = still_forced(run)
    run.tests["attack_roster"] = Verdict.FAIL if forced else Verdict.PASS
    if forced:
        raise Refused(*(Finding(place=question, rule="answer_forced") for question in forced))
    verdict = self_test(exact, **_terms(run, 1))
    run.tests["attack_self_test"] = verdict
    if verdict is not Verdict.PASS:
        raise Refused(Finding(place=run.survey.name, rule="attacker_broken"))


def _judge(run: Run, name: str, cells: object, rounding: int) -> None:
    report = attack(cells, **_terms(run, rounding))
    run.tests[f"attack_{name}"] = report.verdict
    seen = {"mode": name, "verdict": report.verdict.value, "solver_runs": report.solver_runs}
    run.ledger.append("attack", {"survey": run.survey.name, **seen})
    if report.verdict is not Verdict.PASS:
        raise Refused(*report.findings)


def _terms(run: Run, rounding: int) -> dict[str, object]:
    """What the attacker is told beside the cells: the published rules, and how the counts were rounded."""
    return {**published_rules(run.survey), "rounding": rounding}


def _weights_standing(run: Run) -> set[str]:
    """The questions whose weighted percentages may be shown."""
    if run.survey.weight is None:
        return set()
    questions = {row for row in run.tables.rows() if run.survey.column(row).role.is_answer}
    return questions - {*run.weights_withheld, *run.withheld, *run.narrow}


def publish(run: Run) -> None:
    """Build the folder, attack it as it lies on disk, and only then rename it into place."""
    survey, policy = run.survey, run.survey.policy
    run.cells = displayed(run, _weights_standing(run))
    shores.released(run)
    number = len(run.warehouse.releases(survey.name)) + 1
    # The verdict on the folder is written inside it: it is tried on the same cells first, then on the bytes on disk.
    _judge(run, "published", run.cells, policy.rounding)
    content = ReleaseContent(
        survey=survey,
        codebook=run.codebook,
        number=number,
        released_on=run.as_of,
        cells=run.cells,
        withheld_questions=tuple(dict.fromkeys((*run.withheld, *run.narrow))),
        weights_withheld=run.weights_withheld,
        tests=dict(run.tests),
        software_version=version("shoji-survey"),
    )
    files = build_release(content)
    if run.dry_run:
        run.end(Outcome.CANDIDATE, Finding(place=survey.name, rule="dry_run"))
        return
    with staged_release(run.setting.home, survey.name, content.name, files) as staged:
        _judge_staged(run, staged.path)
        content_hash = hashlib.sha256(staged.sums()).hexdigest()
        batch = _batch(run)
        hashes = {"population_hash": run.population, "content_hash": content_hash}
        with recorded(run.warehouse, staged, content, batch, **hashes):
            _note(run, content, batch, content_hash)
            run.release = staged.commit()
    run.end(Outcome.PUBLISHED)


def _batch(run: Run) -> Batch:
    """Everybody at once: a survey that is published once has one batch."""
    return Batch(
        number=0,
        closed_on=run.as_of,
        codebook_version=run.codebook.version,
        codebook_hash=fingerprint(run.codebook),
        policy_hash=fingerprint(run.survey.policy),
    )


def _note(run: Run, content: ReleaseContent, batch: Batch, content_hash: str) -> None:
    """The ledger's line about a release, written before anybody can see it."""
    run.ledger.append(
        "release",
        {
            "survey": run.survey.name,
            "release": content.name,
            "batch": batch.number,
            "members": run.warehouse.note_members(run.survey.name, batch.number),
            "codebook": batch.codebook_hash,
            "policy": batch.policy_hash,
            "declaration": run.survey.declaration_hash,
            "content": content_hash,
        },
    )


def _judge_staged(run: Run, folder: object) -> None:
    """What is on disk must be whole, and the attacker who reads it must find nothing."""
    damage = verify_folder(folder)
    if damage:
        raise Refused(*damage)
    cells = cells_from_csv((folder / CELLS).read_text(encoding="utf-8-sig"))
    if not cells.equals(run.cells.select(cells.columns).cast(dict(cells.schema))):
        raise refuse(run.survey.name, "staged_cells_differ")
    _judge(run, "published", cells, run.survey.policy.rounding)

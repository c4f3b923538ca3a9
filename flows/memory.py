"""What was published before, as three witnesses tell it: the warehouse, the ledger and the released folder."""

from __future__ import annotations

import re
from typing import Any

from flows.run import Run
from governance.recall import agreed, read_recalls
from storage.disk import on_disk
from storage.folders import latest, point_latest, verify_folder
from storage.tombstones import is_tombstone
from terms.findings import fault

RELEASE = re.compile(r"\d{4}-\d{4}-\d{2}-\d{2}")
"""How a release folder is called: its number and its date."""


def known_releases(run: Run) -> tuple[Any, ...]:
    """The releases of the survey, oldest first, also those taken back; ``latest.json`` names the newest that stands.

    A survey is published once. So a warehouse that was lost or put back too old must not look like a survey that
    was never published: raises ``release_forgotten`` (:class:`terms.findings.Fault`) where the ledger or the
    released folder tells of a release that the warehouse does not know, and ``release_damaged`` where the folder of
    a known one is gone or altered, or a notice stands in its place that nobody answers for (or none does that should);
    ``not_writable`` and relatives where the folder is closed to us.
    """
    return on_disk("released", lambda: _in_accord(run))


def recalled(run: Run) -> set[str]:
    """The survey's releases that two persons took back."""
    told = [(entry.event, entry.body) for entry in run.ledger.entries()]
    return {recall.release for recall in agreed(read_recalls(told)).values() if recall.survey == run.survey.name}


def _in_accord(run: Run) -> tuple[Any, ...]:
    survey, home = run.survey.name, run.setting.home
    records = run.warehouse.releases(survey)
    folder = home.released / survey
    known = {record.name for record in records}
    for name in sorted((_told(run) | _lying(run)) - known):
        raise fault(f"released/{survey}", "release_forgotten", release=name)
    taken_back = recalled(run)
    for record in records:
        path = folder / record.name
        if not path.is_dir() or verify_folder(path) or is_tombstone(path) is not (record.name in taken_back):
            raise fault(f"released/{survey}", "release_damaged", release=record.name)
    standing = [record.name for record in records if record.name not in taken_back]
    if standing and latest(home, survey) != standing[-1]:
        point_latest(home, survey, standing[-1])
    return records


def _told(run: Run) -> set[str]:
    """The releases that the ledger says appeared: noted before, and the run ended published or was settled."""
    noted, appeared = "", set()
    for entry in run.ledger.entries():
        if entry.body.get("survey") != run.survey.name:
            continue
        if entry.event == "release":
            noted = entry.body["release"]
        if entry.event == "settled":
            appeared.add(entry.body["release"])
        if entry.event == "run_ended" and entry.body["outcome"] == "published":
            appeared.add(noted)
    return appeared


def _lying(run: Run) -> set[str]:
    """The release folders that are there."""
    folder = run.setting.home.released / run.survey.name
    if not folder.is_dir():
        return set()
    return {path.name for path in folder.iterdir() if path.is_dir() and RELEASE.fullmatch(path.name)}

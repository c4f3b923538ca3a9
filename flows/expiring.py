"""What has been kept for its time: finding it, deleting it, and taking none of it in again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any

from flows.memory import known_releases, recalled
from flows.run import Run
from governance import retention as judgement
from storage.disk import on_disk, sync_folder
from storage.home import Home
from storage.warehouse import Warehouse
from terms.findings import Finding, Refused, refuse
from terms.release import Outcome
from terms.retention import Kept
from terms.survey import Survey


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something whose time is over."""

    what: str
    """``answers``, ``rejects``, ``rewards``, ``sources``, ``receipts`` or ``marks``."""
    survey: str
    """Empty for marks."""
    names: tuple[str, ...] = ()
    """Layers, or declared sources."""
    paths: tuple[Path, ...] = ()

    def body(self, day: date) -> dict[str, Any]:
        """What the ledger keeps of it: declared names and a number of files."""
        named = {"what": self.what, "survey": self.survey, "names": list(self.names)}
        return {**named, "files": len(self.paths), "on": day.isoformat()}


def stop(run: Run) -> bool:
    """End a run of a survey whose time is over: what is published stays, and nothing is taken in again.

    Raises Refused ``answers_expired`` where nothing is published or nothing was to be, ``release_recalled``.
    """
    events = [(entry.event, entry.body) for entry in run.ledger.entries()]
    day = judgement.expired_on(events, run.survey.name)
    if day is None:
        return False
    over = Finding(place=run.survey.name, rule="answers_expired", facts={"day": day.isoformat()})
    releases = known_releases(run)
    if releases and releases[-1].name in recalled(run):
        raise refuse(run.survey.name, "release_recalled", release=releases[-1].name)
    if run.dry_run or not releases:
        raise Refused(over)
    run.release = run.setting.home.released / run.survey.name / releases[-1].name
    run.end(Outcome.UNCHANGED, over)
    return True


def find_due(
    home: Home, warehouse: Warehouse, kept: dict[str, Kept], declared: dict[str, tuple[Path, Survey]], day: date
) -> Iterator[Due]:
    """Everything under the home, and every declared source, whose time is over on this day.

    ``kept``: survey -> until when; ``declared``: survey -> its folder and declaration, where they are known.
    """
    holding = warehouse.holding()
    for survey, until in sorted(kept.items()):
        if judgement.is_over(until.answers, day):
            if survey in holding:
                yield Due(what="answers", survey=survey, names=holding[survey])
            rejects = home.rejects / f"{survey}.csv"
            if on_disk("rejects", rejects.is_file):
                yield Due(what="rejects", survey=survey, paths=(rejects,))
        contacts = home.rewards / f"{survey}.list"
        if judgement.is_over(until.rewards, day) and on_disk("rewards", contacts.is_file):
            yield Due(what="rewards", survey=survey, paths=(contacts,))
        if survey in declared and judgement.is_over(until.sources, day):
            yield from _sources(*declared[survey])
    ended = {request.number: request.ended_on for request in warehouse.desk().requests()}
    receipts: dict[str, list[Path]] = {}
    for path in on_disk("receipts", lambda: sorted((home.path / "receipts").glob("*/*"))):
        number = int(path.name) if path.name.isdecimal() else 0
        if number not in ended or judgement.receipt_is_over(ended[number], day):
            receipts.setdefault(path.parent.name, []).append(path)
    for survey, paths in receipts.items():
        yield Due(what="receipts", survey=survey, paths=tuple(paths))
    if warehouse.desk().expired_marks(day):
        yield Due(what="marks", survey="")


def _sources(folder: Path, survey: Survey) -> Iterator[Due]:
    found = {
        source.name: folder / source.path
        for source in survey.sources
        if _is_own(folder, source.path, source.from_data) and on_disk("sources", (folder / source.path).is_file)
    }
    if found:
        yield Due(what="sources", survey=survey.name, names=tuple(found), paths=tuple(dict.fromkeys(found.values())))


def sources_outside(folder: Path, survey: Survey) -> list[Finding]:
    """The declared files that are not ours to delete and are still there: links, and whatever lies elsewhere."""
    return [
        Finding(place=f"sources.{source.name}", rule="source_kept_outside")
        for source in survey.sources
        if not source.from_data and not _is_own(folder, source.path, False)
        if on_disk("sources", (folder / source.path).exists)
    ]


def _is_own(folder: Path, path: str, from_data: bool) -> bool:
    file = folder / path
    return not from_data and not file.is_symlink() and file.resolve().is_relative_to(folder.resolve())


def delete_files(due: Due) -> None:
    """Remove what lies in files. The disk may keep their blocks until it uses them again."""

    def remove(path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            rmtree(path)
        else:
            path.unlink(missing_ok=True)
        sync_folder(path.parent)

    for path in due.paths:
        on_disk(due.what, lambda path=path: remove(path))

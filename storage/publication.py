"""A release in the warehouse and in its folder: both, or none, wherever the power goes off.

The warehouse notes a release that is about to appear, the folder appears by a rename, the warehouse confirms. A
run that is killed in between is settled at the next start: the folder is there (then it was public, and counts
as published) or it is not (then the note goes).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storage.folders import Staged, clear_staging, latest, point_latest, verify_folder
from storage.home import Home
from storage.releases import ReleaseRecord
from storage.warehouse import Warehouse
from terms.findings import fault
from terms.release import Batch, ReleaseContent


@contextmanager
def recorded(
    warehouse: Warehouse,
    staged: Staged,
    content: ReleaseContent,
    batch: Batch,
    *,
    population_hash: str,
    content_hash: str,
) -> Iterator[None]:
    """The warehouse knows of the release while the block runs; the block writes the ledger and commits ``staged``.

    At the end it is confirmed; where the block failed it is forgotten, unless the folder had appeared already:
    then :func:`settle` looks at the next start what the disk has kept. Call inside
    :func:`storage.folders.staged_release`, outside any transaction.
    """
    survey = content.survey.name
    warehouse.record_release(survey, content, batch, population_hash=population_hash, content_hash=content_hash)
    try:
        yield
    finally:
        if not staged.committed:
            warehouse.drop_unpublished(survey, content.number)
    if staged.committed:
        warehouse.confirm_release(survey, content.number)


def settle(warehouse: Warehouse, home: Home) -> tuple[ReleaseRecord, ...]:
    """Tidy up after a run that was killed; call at every start, with the writer's lock held.

    Empties staging. Returns the releases that turned out to be published, so that the ledger can be told.

    Raises ``release_damaged`` (:class:`Fault`) where the folder of such a release is not whole.
    """
    clear_staging(home)
    confirmed = []
    for record in warehouse.releases(None):
        if record.published:
            continue
        folder = home.released / record.survey / record.name
        if not folder.is_dir():
            warehouse.drop_unpublished(record.survey, record.number)
            continue
        if verify_folder(folder):
            raise fault(f"released/{record.survey}", "release_damaged", release=record.name)
        if latest(home, record.survey) != record.name:
            point_latest(home, record.survey, record.name)
        warehouse.confirm_release(record.survey, record.number)
        confirmed.append(record)
    return tuple(confirmed)

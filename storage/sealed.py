"""Releases that were taken back: kept encrypted for the attacker, who must know everything that was ever published.

One file a file of the release, under its own name: a nonce of 12 bytes and AES-256-GCM (NIST SP 800-38D) under a key
derived for this release alone. Survey, release and path are authenticated with it, so no file can be put in another's
place.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from storage.disk import make_folder, on_disk, sync_folder, write_new
from storage.home import Home
from storage.keys import Key
from terms.findings import fault

PLACE = "sealed"


def seal_folder(home: Home, root: Key, survey: str, release: str) -> None:
    """Keep a sealed copy of a published folder. One that is there already stays as it is.

    Call with the writer's lock held. Killed at any moment it leaves a whole copy or none. Links are not followed.
    Raises Fault ``sealed_release_missing`` where there is nothing to seal, ``disk_full`` and relatives.
    """
    target = home.sealed / survey / release
    if on_disk(PLACE, target.is_dir):
        return
    source = home.released / survey / release
    if not on_disk(PLACE, source.is_dir):
        raise fault(PLACE, "sealed_release_missing", release=release)
    room = home.staging / f"{survey}.{release}.sealed"
    key = _key(root, survey, release)

    def seal() -> None:
        shutil.rmtree(room, ignore_errors=True)
        make_folder(room)
        for name in _names(source):
            _make_folders(room, Path(name).parent)
            write_new(room / name, key.seal((source / name).read_bytes(), _about(survey, release, name)))
        for folder in (*(path for path in room.rglob("*") if path.is_dir()), room):
            sync_folder(folder)
        for folder in (home.sealed, target.parent):
            make_folder(folder)
        os.rename(room, target)
        sync_folder(target.parent)

    on_disk(PLACE, seal)


def unseal(home: Home, root: Key, survey: str, release: str, name: str) -> bytes:
    """The bytes of one file of a release that was taken back.

    Raises Fault ``sealed_release_missing`` where it is not there, ``sealed_release_damaged`` where it is not what was
    sealed under this name and key.
    """
    path = home.sealed / survey / release / name
    if not on_disk(PLACE, path.is_file):
        raise fault(PLACE, "sealed_release_missing", release=release)
    content = _key(root, survey, release).unseal(on_disk(PLACE, path.read_bytes), _about(survey, release, name))
    if content is None:
        raise fault(PLACE, "sealed_release_damaged", release=release)
    return content


def sealed_releases(home: Home, survey: str) -> tuple[str, ...]:
    """The names of a survey's releases that were taken back, oldest first."""
    folder = home.sealed / survey
    if not on_disk(PLACE, folder.is_dir):
        return ()
    return tuple(sorted(on_disk(PLACE, lambda: [path.name for path in folder.iterdir() if path.is_dir()])))


def _names(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _make_folders(room: Path, parts: Path) -> None:
    for depth in range(len(parts.parts)):
        make_folder(room.joinpath(*parts.parts[: depth + 1]))


def _key(root: Key, survey: str, release: str) -> Key:
    return root.derive("sealed", survey, release)


def _about(survey: str, release: str, name: str) -> bytes:
    return f"{survey}/{release}/{name}".encode()

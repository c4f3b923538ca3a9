"""Release folders: staged, on the disk to the last byte, then there at once, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from storage.disk import make_folder, on_disk, sync_folder, uninterrupted, write_new
from storage.home import Home
from terms.findings import Fault, Finding, fault, refuse

SUMS = "SHA256SUMS"
LATEST = "latest.json"
PUBLIC_FOLDER = 0o755
PUBLIC_FILE = 0o644
"""A release is made to be copied elsewhere; while it lies in the home, the home's own folders guard it."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
"""Survey and release names, and every part of a file's path: nothing that a shell, a URL, a checksum file or
another operating system reads differently."""
SUM_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class Staged:
    """A release that is complete on disk and not published yet: look at it, then :meth:`commit`."""

    def __init__(self, home: Home, survey: str, release: str, path: Path) -> None:
        self._target = home.released / survey / release
        self._latest = path.parent / LATEST
        self.path = path
        self.committed = False

    def sums(self) -> bytes:
        """The release's ``SHA256SUMS``: all it says in one small file."""
        return on_disk("staging", (self.path / SUMS).read_bytes)

    def commit(self) -> Path:
        """Publish: one rename for the folder, one for ``latest.json``; returns where the release is.

        Everything that needs space was written before, so a full disk cannot stop it half-way. Where the second
        rename fails, the first is undone; Ctrl-C waits until both are done.
        """
        folder = self._target.parent
        on_disk("released", lambda: make_folder(folder))
        if self._target.exists():
            raise refuse("released", "release_exists")
        descriptor = on_disk("released", lambda: os.open(folder, os.O_RDONLY | os.O_DIRECTORY))
        try:
            with uninterrupted():
                on_disk("released", lambda: os.rename(self.path, self._target))
                try:
                    on_disk("released", lambda: os.rename(self._latest, folder / LATEST))
                    self.committed = True
                finally:
                    if not self.committed:
                        with suppress(OSError):
                            os.rename(self._target, self.path)
            on_disk("released", lambda: os.fsync(descriptor))
        finally:
            os.close(descriptor)
        return self._target


@contextmanager
def staged_release(home: Home, survey: str, release: str, files: Mapping[str, bytes]) -> Iterator[Staged]:
    """Write a release where nobody looks, with ``SHA256SUMS``, every byte on the disk; publish on request.

    ``files`` maps relative POSIX paths to contents. Call with the writer's lock held. Whatever ends the block
    without :meth:`Staged.commit` leaves nothing behind; what a killed process left is removed first.

    Raises ``release_exists`` (:class:`Refused`), ``unsafe_file_name`` (:class:`Fault`), ``disk_full`` and
    relatives (:class:`Fault`).
    """
    _check_names(survey, release, files)
    if (home.released / survey / release).exists():
        raise refuse("released", "release_exists")
    clear_staging(home)
    room = home.staging / f"{survey}.{release}"
    staged = Staged(home, survey, release, room / release)
    try:
        on_disk("staging", lambda: write_release(staged.path, files))
        on_disk("staging", lambda: write_new(room / LATEST, _latest_json(release), PUBLIC_FILE))
        on_disk("staging", lambda: sync_folder(room))
        yield staged
    finally:
        shutil.rmtree(room, ignore_errors=True)


def publish_folder(home: Home, survey: str, release: str, files: Mapping[str, bytes]) -> Path:
    """Stage and publish in one go; see :func:`staged_release`."""
    with staged_release(home, survey, release, files) as staged:
        return staged.commit()


def clear_staging(home: Home) -> None:
    """Remove what a killed process left in staging. Call with the writer's lock held."""
    if home.staging.is_dir():
        for leftover in home.staging.iterdir():
            if leftover.is_dir() and not leftover.is_symlink():
                on_disk("staging", lambda path=leftover: shutil.rmtree(path))
            else:
                on_disk("staging", leftover.unlink)


def point_latest(home: Home, survey: str, release: str) -> None:
    """Make ``latest.json`` name this release (after a crash between the two renames of a commit)."""
    room = home.staging / f"{survey}.latest"
    target = home.released / survey / LATEST

    def move() -> None:
        make_folder(room)
        write_new(room / LATEST, _latest_json(release), PUBLIC_FILE)
        os.rename(room / LATEST, target)
        sync_folder(target.parent)
        room.rmdir()

    on_disk("released", move)


def latest(home: Home, survey: str) -> str | None:
    """The name of the current release, or None where nothing was published yet.

    Raises ``latest_broken`` (:class:`Fault`) where ``latest.json`` is not what :meth:`Staged.commit` writes.
    """
    path = home.released / survey / LATEST
    if not on_disk("released", path.exists):
        return None
    content = on_disk("released", path.read_bytes)
    try:
        name = json.loads(content)["release"]
    except (ValueError, TypeError, KeyError, RecursionError):
        name = None
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise fault("released", "latest_broken")
    return name


def verify_folder(path: Path) -> list[Finding]:
    """Compare a release folder with its ``SHA256SUMS``: every file missing, changed, surplus or a link.

    An empty list says that the folder is whole. File names outside the house's own alphabet are not repeated:
    the folder may be anybody's.
    """
    sums = path / SUMS
    if sums.is_symlink() or not sums.is_file():
        return [Finding(place=SUMS, rule="sums_missing")]
    expected, findings = _read_sums(on_disk(SUMS, sums.read_bytes))
    present = on_disk(SUMS, lambda: _walk(path))
    for name, digest in expected.items():
        rule = _compare(path / name, digest) if name in present else "file_missing"
        findings += [Finding(place=_shown(name), rule=rule)] if rule else []
    surplus = sorted(present - set(expected) - {SUMS})
    return findings + [Finding(place=_shown(name), rule="file_surplus") for name in surplus]


def _compare(path: Path, digest: str) -> str:
    if path.is_symlink() or not path.is_file():
        return "file_is_link"
    return "" if on_disk(SUMS, lambda: _digest(path)) == digest else "file_changed"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_sums(content: bytes) -> tuple[dict[str, str], list[Finding]]:
    expected: dict[str, str] = {}
    findings = []
    for number, line in enumerate(content.decode("utf-8", "replace").removesuffix("\n").split("\n"), start=1):
        match = SUM_LINE.fullmatch(line)
        if match and _is_safe(match[2]):
            expected[match[2]] = match[1]
        else:
            findings.append(Finding(place=SUMS, rule="sums_broken", facts={"line": number}))
    return expected, findings


def _walk(path: Path) -> set[str]:
    """Every file below, and every link, which is never followed."""
    found = set()
    for folder, folders, files in os.walk(path):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        found |= {(Path(folder) / name).relative_to(path).as_posix() for name in [*files, *links]}
    return found


def _check_names(survey: str, release: str, files: Mapping[str, bytes]) -> None:
    for name in (survey, release):
        if not NAME.fullmatch(name) or name == LATEST:
            raise _unsafe("release", 0)
    for position, name in enumerate(files, start=1):
        if name in {SUMS, LATEST} or not _is_safe(name):
            raise _unsafe("release", position)
    folded = {name.casefold() for name in (*files, SUMS)}
    parents = {str(parent) for name in folded for parent in PurePosixPath(name).parents}
    if len(folded) <= len(files) or folded & parents:
        raise _unsafe("release", 0)


def _unsafe(place: str, position: int) -> Fault:
    return fault(place, "unsafe_file_name", position=position)


def _is_safe(name: str) -> bool:
    return all(NAME.fullmatch(part) for part in name.split("/"))


def _shown(name: str) -> str:
    return name if _is_safe(name) else "?"


def _with_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files and, over all of them, the list that ``sha256sum --check`` reads."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return {**files, SUMS: "".join(lines).encode()}


def _latest_json(release: str) -> bytes:
    return json.dumps({"release": release}).encode() + b"\n"


def write_release(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder as it is published, ``SHA256SUMS`` included, and wait until the disk has it."""
    files = _with_sums(files)
    make_folder(path.parent)
    make_folder(path, PUBLIC_FOLDER)
    folders = {path / parent for name in files for parent in PurePosixPath(name).parents}
    for folder in sorted(folders - {path}):
        make_folder(folder, PUBLIC_FOLDER)
    for name, content in files.items():
        write_new(path / name, content, PUBLIC_FILE)
    for folder in sorted(folders | {path}, reverse=True):
        sync_folder(folder)

"""A sealed copy: nobody reads it without the key, no file passes for another, and it is there whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage import sealed, tombstones
from storage.folders import latest, publish_folder, verify_folder
from storage.home import Home
from storage.keys import Key
from storage.sealed import seal_folder, sealed_releases, unseal
from storage.tombstones import NOTICE, bury, is_tombstone, read_notice
from terms.findings import Fault

ROOT = Key(bytes(range(32)))
SURVEY, RELEASE = "town_2026", "0001-2026-07-01"
FILES = {"index.html": b"<p>a page</p>", "data/cells.csv": b"table,row\n", "data/codes.csv": b"variable,code\n"}
TOMB = {NOTICE: b'{"release": "0001-2026-07-01"}', "index.html": b"<p>gone</p>"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").create()
    publish_folder(home, SURVEY, RELEASE, FILES)
    return home


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_sealed_comes_back_the_same_and_lies_there_unreadable(home):
    published = files_of(home.released / SURVEY / RELEASE)
    seal_folder(home, ROOT, SURVEY, RELEASE)
    assert sealed_releases(home, SURVEY) == (RELEASE,)
    assert {name: unseal(home, ROOT, SURVEY, RELEASE, name) for name in published} == published
    for path in (home.sealed / SURVEY / RELEASE).rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
        assert path.is_dir() or not any(content in path.read_bytes() for content in FILES.values())
    assert home.sealed.stat().st_mode & 0o777 == 0o700


def test_another_key_another_place_or_another_bit_opens_nothing(home):
    seal_folder(home, ROOT, SURVEY, RELEASE)
    folder = home.sealed / SURVEY / RELEASE
    with pytest.raises(Fault, match="sealed_release_damaged"):
        unseal(home, Key(bytes(32)), SURVEY, RELEASE, "index.html")
    shutil.copytree(folder, folder.with_name("0002-2026-07-01"))
    with pytest.raises(Fault, match="sealed_release_damaged"):
        unseal(home, ROOT, SURVEY, "0002-2026-07-01", "index.html")
    codes = folder / "data" / "codes.csv"
    codes.write_bytes((folder / "data" / "cells.csv").read_bytes())
    with pytest.raises(Fault, match="sealed_release_damaged"):
        unseal(home, ROOT, SURVEY, RELEASE, "data/codes.csv")
    content = bytearray((folder / "index.html").read_bytes())
    content[-1] ^= 1
    (folder / "index.html").write_bytes(content)
    with pytest.raises(Fault, match="sealed_release_damaged"):
        unseal(home, ROOT, SURVEY, RELEASE, "index.html")
    for cut in (b"", b"short"):
        (folder / "index.html").write_bytes(cut)
        with pytest.raises(Fault, match="sealed_release_damaged"):
            unseal(home, ROOT, SURVEY, RELEASE, "index.html")


def test_a_copy_that_is_there_is_not_written_over(home):
    seal_folder(home, ROOT, SURVEY, RELEASE)
    before = files_of(home.sealed)
    seal_folder(home, ROOT, SURVEY, RELEASE)
    assert files_of(home.sealed) == before


def test_a_copy_that_was_cut_off_is_none(home, monkeypatch):
    monkeypatch.setattr(sealed, "sync_folder", _stop)
    with pytest.raises(KeyboardInterrupt):
        seal_folder(home, ROOT, SURVEY, RELEASE)
    monkeypatch.undo()
    assert sealed_releases(home, SURVEY) == ()
    seal_folder(home, ROOT, SURVEY, RELEASE)
    assert unseal(home, ROOT, SURVEY, RELEASE, "index.html") == FILES["index.html"]


def test_there_is_nothing_to_seal_or_to_read_where_nothing_was(home):
    with pytest.raises(Fault, match="sealed_release_missing"):
        seal_folder(home, ROOT, SURVEY, "0002-2026-07-01")
    with pytest.raises(Fault, match="sealed_release_missing"):
        unseal(home, ROOT, SURVEY, RELEASE, "index.html")


def test_a_tombstone_is_a_whole_folder_and_latest_names_none_such(home):
    second = "0002-2026-08-01"
    publish_folder(home, SURVEY, second, FILES)
    assert not is_tombstone(home.released / SURVEY / second)
    bury(home, SURVEY, second, TOMB, RELEASE)
    folder = home.released / SURVEY / second
    assert is_tombstone(folder) and verify_folder(folder) == [] and read_notice(folder)["release"] == RELEASE
    assert latest(home, SURVEY) == RELEASE
    assert set(files_of(folder)) == {NOTICE, "index.html", "SHA256SUMS"}
    assert list(home.staging.iterdir()) == []
    bury(home, SURVEY, RELEASE, TOMB, None)
    assert latest(home, SURVEY) is None


@pytest.mark.parametrize("stop_at", [1, 2])
def test_a_burial_that_was_cut_off_can_be_repeated(home, monkeypatch, stop_at):
    renames, rename = [], tombstones.os.rename

    def stopping(old, new):
        renames.append(old)
        if len(renames) == stop_at:
            raise KeyboardInterrupt
        rename(old, new)

    monkeypatch.setattr(tombstones.os, "rename", stopping)
    with pytest.raises(KeyboardInterrupt):
        bury(home, SURVEY, RELEASE, TOMB, None)
    monkeypatch.undo()
    assert latest(home, SURVEY) is None  # never names what is about to go
    bury(home, SURVEY, RELEASE, TOMB, None)
    assert is_tombstone(home.released / SURVEY / RELEASE)
    assert list(home.staging.iterdir()) == []


def test_a_notice_that_is_not_ours_says_nothing(home):
    folder = home.released / SURVEY / RELEASE
    for content in (b"[]", b"{", b"\xff"):
        (folder / NOTICE).write_bytes(content)
        assert read_notice(folder) == {}


def _stop(*_):
    raise KeyboardInterrupt

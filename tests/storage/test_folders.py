"""Release folders: all of it or nothing, whatever the disk does, and every later change is noticed."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import disk
from storage.folders import (
    clear_staging,
    latest,
    publish_folder,
    staged_release,
    verify_folder,
)
from storage.home import Home
from terms.findings import Fault, Refused
from tests.storage.disks import on_a_disk

FILES = {"index.html": b"<html>", "data/cells.csv": b"a,b\n", "data/codes.csv": b"", "charts/deep/q1.svg": b"<svg>"}
NAME = "0001-2026-11-23"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def tree(path: Path) -> set[str]:
    return {str(entry.relative_to(path)) for entry in path.rglob("*")}


def contents(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def rules(path: Path) -> list[tuple[str, str]]:
    return [(finding.place, finding.rule) for finding in verify_folder(path)]


# --- publishing -----------------------------------------------------------------------------------


def test_a_published_folder_holds_the_files_their_sums_and_nothing_else(home):
    folder = publish_folder(home, "reader_2026", NAME, FILES)
    assert folder == home.released / "reader_2026" / NAME
    found = contents(folder)
    sums = found.pop("SHA256SUMS").decode()
    assert found == FILES
    assert sums == "".join(f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}\n" for name in sorted(FILES))
    assert verify_folder(folder) == []
    assert tree(home.staging) == set()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed here")
def test_sha256sum_agrees(home):
    folder = publish_folder(home, "reader_2026", NAME, FILES)
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, capture_output=True).returncode == 0
    (folder / "index.html").write_bytes(b"<html >")
    assert subprocess.run(check, cwd=folder, capture_output=True).returncode != 0


def test_latest_names_the_release_that_came_last(home):
    assert latest(home, "reader_2026") is None
    publish_folder(home, "reader_2026", NAME, FILES)
    assert latest(home, "reader_2026") == NAME
    publish_folder(home, "reader_2026", "0002-2026-12-01", FILES)
    assert latest(home, "reader_2026") == "0002-2026-12-01"
    publish_folder(home, "other_2026", NAME, FILES)
    assert latest(home, "reader_2026") == "0002-2026-12-01"
    assert (home.released / "reader_2026" / "latest.json").read_bytes() == b'{"release": "0002-2026-12-01"}\n'


def test_a_release_can_be_copied_and_read_by_others_while_the_home_guards_it(home):
    before = os.umask(0o077)
    try:
        folder = publish_folder(home, "reader_2026", NAME, FILES)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o644}
    assert stat.S_IMODE((folder / "charts" / "deep").stat().st_mode) == 0o755
    assert stat.S_IMODE(home.released.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.staging.stat().st_mode) == 0o700


def test_a_staged_release_is_whole_and_nobody_sees_it(home):
    with staged_release(home, "reader_2026", NAME, FILES) as staged:
        assert verify_folder(staged.path) == []
        assert staged.sums() == (staged.path / "SHA256SUMS").read_bytes()
        assert latest(home, "reader_2026") is None
        assert tree(home.released) == set()
    assert tree(home.released) == tree(home.staging) == set()


def test_a_release_that_fails_its_audit_leaves_the_previous_one_as_it_was(home):
    publish_folder(home, "reader_2026", NAME, FILES)
    before = contents(home.path)
    with pytest.raises(ZeroDivisionError), staged_release(home, "reader_2026", "0002-2026-12-01", FILES):
        _ = 1 / 0
    assert contents(home.path) == before


def test_an_existing_release_is_never_overwritten(home):
    publish_folder(home, "reader_2026", NAME, FILES)
    before = contents(home.path)
    with pytest.raises(Refused) as caught:
        publish_folder(home, "reader_2026", NAME, {"index.html": b"other"})
    assert caught.value.findings[0].rule == "release_exists"
    assert contents(home.path) == before


def test_a_release_that_appears_while_another_is_staged_is_not_overwritten(home):
    with staged_release(home, "reader_2026", NAME, FILES) as staged:
        (home.released / "reader_2026" / NAME).mkdir(parents=True)
        with pytest.raises(Refused) as caught:
            staged.commit()
    assert caught.value.findings[0].rule == "release_exists"
    assert not staged.committed


@pytest.mark.parametrize(
    "name",
    [
        "../escape",
        "/etc/passwd",
        "data/../../escape",
        "a//b",
        "./a",
        "a/",
        "",
        "a\\b",
        "a\nb",
        "a\0b",
        "-rf",
        ".hidden",
        "日本.csv",
        "=HYPERLINK(1)",
        "a b",
        "\u202etxt.exe",
        "x" * 101,
        "SHA256SUMS",
        "latest.json",
    ],
)
def test_a_file_name_that_could_go_elsewhere_is_refused_and_not_repeated(home, name):
    with pytest.raises(Fault) as caught:
        publish_folder(home, "reader_2026", NAME, {"index.html": b"", name: b"x"})
    (finding,) = caught.value.findings
    assert (finding.rule, dict(finding.facts)) == ("unsafe_file_name", {"position": 2})
    assert tree(home.released) == tree(home.staging) == set()


@pytest.mark.parametrize(
    "files",
    [{"a": b"", "A": b""}, {"a": b"", "a/b": b""}, {"a/b": b"", "A": b""}, {"SHA256SUMS/x": b""}, {"sha256sums": b""}],
)
def test_names_that_are_one_name_on_another_system_are_refused(home, files):
    with pytest.raises(Fault) as caught:
        publish_folder(home, "reader_2026", NAME, files)
    assert caught.value.findings[0].rule == "unsafe_file_name"
    assert tree(home.released) == tree(home.staging) == set()


@pytest.mark.parametrize(
    ("survey", "release"), [("../x", NAME), ("reader_2026", ".."), ("a/b", NAME), ("s", "latest.json")]
)
def test_a_release_name_that_could_go_elsewhere_is_refused(home, survey, release):
    with pytest.raises(Fault) as caught:
        publish_folder(home, survey, release, FILES)
    assert caught.value.findings[0].rule == "unsafe_file_name"


def test_what_a_killed_run_left_in_staging_goes_at_the_next_start(home, tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from storage.home import Home;"
        "from storage.folders import staged_release\n"
        "with staged_release(Home(Path(sys.argv[1])), 'reader_2026', '0001-2026-11-23', {'a': b'x'}):\n"
        "    print('staged', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, home.path], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"staged\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert tree(home.staging)
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_bytes(b"")
    (home.staging / "link").symlink_to(tmp_path / "precious")
    clear_staging(home)
    assert tree(home.staging) == tree(home.released) == set()
    assert (tmp_path / "precious" / "file").exists()


# --- a disk that does not play along --------------------------------------------------------------


class Disk:
    """Fails the n-th call of one system call, with one error, and leaves the others alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, call: str, code: int, at: int) -> None:
        real, self.calls = getattr(os, call), 0

        def failing(*args, **options):
            self.calls += 1
            if self.calls == at:
                raise OSError(code, os.strerror(code), "/the/path/nobody/should/read")
            return real(*args, **options)

        monkeypatch.setattr(os, call, failing)


@pytest.mark.parametrize("call", ["write", "fsync", "open", "mkdir", "rename"])
@pytest.mark.parametrize(
    ("code", "rule"),
    [(errno.ENOSPC, "disk_full"), (errno.EACCES, "not_writable"), (errno.EIO, "disk_failed")],
)
def test_wherever_the_disk_fails_nothing_is_half_published(home, monkeypatch, call, code, rule):
    """Every single system call fails once; the release before it stays, byte for byte."""
    publish_folder(home, "reader_2026", NAME, FILES)
    before, faults = contents(home.path), 0
    for at in range(1, 100):
        name, fault = f"{at:04d}-2026-12-01", None
        with monkeypatch.context() as patched:
            disk_ = Disk(patched, call, code, at)
            try:
                publish_folder(home, "reader_2026", name, FILES)
            except Fault as caught:
                fault = caught
        if disk_.calls < at:
            break
        if fault is not None:
            faults += 1
            assert [finding.rule for finding in fault.findings] == [rule]
            assert fault.__context__ is None
            assert "nobody" not in str(fault)
            assert tree(home.staging) == set()
        if contents(home.path) != before:
            # Cleaning up staging may fail after the fact, and so may the last fsync: the release is there, whole.
            assert fault is None or call == "fsync"
            assert latest(home, "reader_2026") == name
            assert verify_folder(home.released / "reader_2026" / name) == []
            before = contents(home.path)
    assert disk_.calls < at
    assert faults >= 2


def test_short_writes_are_continued(home, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, bytes(content[:3])))
    folder = publish_folder(home, "reader_2026", NAME, {"long.txt": b"0123456789"})
    monkeypatch.undo()
    assert (folder / "long.txt").read_bytes() == b"0123456789"
    assert verify_folder(folder) == []


ON_A_TINY_DISK = """
import sys
from pathlib import Path
from storage.folders import latest, publish_folder, verify_folder
from storage.home import Home
from terms.findings import Fault
home = Home(Path(sys.argv[1]) / "home").create()
publish_folder(home, "reader_2026", "0001-2026-11-23", {"small": b"x" * 1000})
try:
    publish_folder(home, "reader_2026", "0002-2026-12-01", {"a": b"x" * 1000, "large": b"x" * 10_000_000})
except Fault as fault:
    print(str(fault), fault.exit_code)
print(latest(home, "reader_2026"), sorted(p.name for p in (home.released / "reader_2026").iterdir()))
print(verify_folder(home.released / "reader_2026" / "0001-2026-11-23"), list(home.staging.iterdir()))
"""


def test_a_really_full_disk_keeps_the_release_before(tmp_path):
    done = on_a_disk(tmp_path, "size=1m", sys.executable, "-c", ON_A_TINY_DISK, tmp_path)
    assert done.stderr == ""
    first, second, third = done.stdout.splitlines()
    assert first == "staging: disk_full 3"
    assert second == "0001-2026-11-23 ['0001-2026-11-23', 'latest.json']"
    assert third == "[] []"


def test_a_folder_is_synced_before_its_parent_names_it(home, monkeypatch):
    """The order that survives a power cut: contents, folders, rename, parent."""
    synced: list[str] = []
    real_sync, real_rename = os.fsync, os.rename

    def sync(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real_sync(descriptor)

    def rename(source, target) -> None:
        synced.append(f"rename {Path(target).name}")
        real_rename(source, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc to see which file is synced")
    monkeypatch.setattr(disk.os, "fsync", sync)
    monkeypatch.setattr(disk.os, "rename", rename)
    publish_folder(home, "reader_2026", NAME, {"data/cells.csv": b"x"})
    staged = str(home.staging / f"reader_2026.{NAME}" / NAME)
    order = [
        synced.index(f"{staged}/data/cells.csv"),
        synced.index(f"{staged}/data", synced.index(f"{staged}/data/cells.csv")),
        synced.index(staged, synced.index(f"{staged}/SHA256SUMS")),
        synced.index(f"rename {NAME}"),
        synced.index("rename latest.json"),
    ]
    assert order == sorted(order)
    assert synced[-1] == str(home.released / "reader_2026")


# --- verifying ------------------------------------------------------------------------------------


@pytest.fixture
def folder(home: Home) -> Path:
    return publish_folder(home, "reader_2026", NAME, FILES)


def test_missing_changed_and_surplus_files_are_named(folder):
    (folder / "index.html").unlink()
    (folder / "data" / "cells.csv").write_bytes(b"a,c\n")
    (folder / "data" / "more.csv").write_bytes(b"")
    assert rules(folder) == [
        ("data/cells.csv", "file_changed"),
        ("index.html", "file_missing"),
        ("data/more.csv", "file_surplus"),
    ]


def test_links_are_not_followed(folder, tmp_path):
    (tmp_path / "index.html").write_bytes(FILES["index.html"])
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(tmp_path / "index.html")
    (folder / "more").symlink_to(tmp_path)
    assert rules(folder) == [("index.html", "file_is_link"), ("more", "file_surplus")]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("0" * 64 + "  ../../../etc/passwd", id="escape"),
        pytest.param("0" * 64 + "  /etc/passwd", id="absolute"),
        pytest.param("0" * 64 + " *index.html", id="binary_marker"),
        pytest.param("0" * 63 + "  index.html", id="short_hash"),
        pytest.param("no hash at all", id="words"),
        pytest.param("", id="empty"),
    ],
)
def test_a_line_of_the_sums_that_is_none_is_named_by_its_number(folder, line):
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text() + line + "\n")
    (finding,) = verify_folder(folder)
    assert (finding.place, finding.rule, dict(finding.facts)) == ("SHA256SUMS", "sums_broken", {"line": 5})


def test_hostile_names_are_not_repeated(folder):
    (folder / "\x1b[2J=HYPERLINK(1)").write_bytes(b"")
    assert rules(folder) == [("?", "file_surplus")]


def test_a_folder_without_sums_is_no_release(tmp_path):
    assert rules(tmp_path) == [("SHA256SUMS", "sums_missing")]
    assert rules(tmp_path / "nowhere") == [("SHA256SUMS", "sums_missing")]


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=20))
def test_any_other_content_is_found(tmp_path_factory, name, content):
    home = Home(tmp_path_factory.mktemp("home")).create()
    folder = publish_folder(home, "reader_2026", NAME, FILES)
    (folder / name).write_bytes(content)
    assert rules(folder) == ([] if content == FILES[name] else [(name, "file_changed")])


@pytest.mark.parametrize("content", [b"", b"[]", b'{"release": 1}', b'{"release": "../x"}', b"\xff", b"{}"])
def test_a_latest_that_names_no_release_is_a_fault(home, content):
    publish_folder(home, "reader_2026", NAME, FILES)
    (home.released / "reader_2026" / "latest.json").write_bytes(content)
    with pytest.raises(Fault) as caught:
        latest(home, "reader_2026")
    assert caught.value.findings[0].rule == "latest_broken"
    assert caught.value.__context__ is None

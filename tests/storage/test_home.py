"""The home: private, writable, and never mixed with the keys."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from storage.home import Home
from terms.findings import Fault, Refused
from tests.storage.disks import on_a_disk


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_for_its_owner_alone(tmp_path):
    before = os.umask(0)
    try:
        home = Home(tmp_path / "deep" / "home").create()
    finally:
        os.umask(before)
    folders = [home.path, home.released, home.staging, home.rejects, home.prefect]
    assert [mode(folder) for folder in folders] == [0o700] * 5
    assert sorted(path.name for path in home.path.iterdir()) == ["prefect", "rejects", "released", "staging"]


def test_making_a_home_again_changes_nothing(tmp_path):
    home = Home(tmp_path / "home").create()
    (home.rejects / "report.csv").write_bytes(b"x")
    home.released.chmod(0o755)
    assert home.create() == home
    assert (home.rejects / "report.csv").read_bytes() == b"x"
    assert mode(home.released) == 0o755


def test_what_may_hold_answers_is_closed_again(tmp_path):
    home = Home(tmp_path / "home").create()
    for folder in (home.staging, home.rejects, home.prefect):
        folder.chmod(0o755)
    home.create()
    assert [mode(folder) for folder in (home.staging, home.rejects, home.prefect)] == [0o700] * 3


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home").chmod(0o755)
    assert mode(Home(tmp_path / "home").create().path) == 0o755


def test_a_relative_home_stays_where_it_was_meant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    home = Home(Path("var"))
    monkeypatch.chdir("/")
    assert home.path == tmp_path / "var"


@pytest.mark.parametrize("at", ["home", "home/released", "home/staging", "home/prefect"])
def test_a_file_where_a_folder_should_be_is_a_home_that_cannot_be_written(tmp_path, at):
    (tmp_path / at).parent.mkdir(exist_ok=True)
    (tmp_path / at).write_bytes(b"precious")
    with pytest.raises(Fault) as caught:
        Home(tmp_path / "home").create()
    (finding,) = caught.value.findings
    assert (finding.place, finding.rule, dict(finding.facts)) == ("SHOJI_HOME", "home_not_writable", {})
    assert caught.value.exit_code == 3
    assert caught.value.__context__ is None
    assert (tmp_path / at).read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("code", "rule"),
    [(errno.EACCES, "home_not_writable"), (errno.EROFS, "home_not_writable"), (errno.ENOSPC, "disk_full")],
)
def test_a_home_that_refuses_the_first_byte_is_found_out_at_once(tmp_path, monkeypatch, code, rule):
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(Fault) as caught:
        Home(tmp_path / "home").create()
    assert caught.value.findings[0].rule == rule


READ_ONLY = """
import os, sys
from pathlib import Path
from storage.home import Home
from terms.findings import Fault
home = Home(Path(sys.argv[1]) / "home").create()
os.system(f"mount -o remount,ro {sys.argv[1]}")
try:
    home.create()
except Fault as fault:
    print(fault)
"""


def test_a_really_read_only_home_is_found_out(tmp_path):
    done = on_a_disk(tmp_path, "size=1m", sys.executable, "-c", READ_ONLY, tmp_path)
    assert (done.stdout, done.stderr) == ("SHOJI_HOME: home_not_writable\n", "")


@pytest.mark.parametrize(
    ("home", "keys", "rule"),
    [
        ("a", "a", "keys_inside_home"),
        ("a", "a/keys", "keys_inside_home"),
        ("a", "a/b/../keys", "keys_inside_home"),
        ("a/home", "a", "home_inside_keys"),
        ("link/home", "a", "home_inside_keys"),
    ],
)
def test_home_and_keys_are_kept_apart_before_anything_is_made(tmp_path, home, keys, rule):
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(Refused) as caught:
        Home(tmp_path / home).create(tmp_path / keys)
    assert caught.value.findings[0].rule == rule
    assert not (tmp_path / "a").exists()


def test_home_and_keys_may_be_neighbours(tmp_path):
    Home(tmp_path / "var").create(tmp_path / "var.keys")

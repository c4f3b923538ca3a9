"""A file is read at rest, or not at all."""

import gzip
import os
from pathlib import Path

import pytest

from storage import snapshot
from storage.snapshot import take
from terms.findings import Fault, Refused
from tests.storage.exports import everything_said, rules

SECRET = "山田太郎"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / f"{SECRET}.csv"
    path.write_bytes(b"a,b\nx,y\n")
    return path


def test_a_file_at_rest_is_read(export):
    assert take("june", export).data == b"a,b\nx,y\n"


def test_a_packed_file_is_unpacked_and_hashed_as_it_lies_there(export):
    plain = take("june", export)
    export.write_bytes(gzip.compress(plain.data))
    packed = take("june", export)
    assert packed.data == plain.data
    assert packed.sha256 != plain.sha256


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"y,x\n")


def rewrite_in_place(path: Path) -> None:
    """Other answers of the same length, and the clock turned back: only the bytes tell."""
    before = path.stat()
    path.write_bytes(b"a,b\ny,x\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def move_another_over_it(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_bytes(path.read_bytes())
    other.replace(path)


@pytest.mark.parametrize("meanwhile", [append, rewrite_in_place, move_another_over_it, Path.unlink])
def test_a_file_that_changes_while_it_is_read_is_a_fault(export, monkeypatch, meanwhile):
    read = snapshot._read

    def read_and_then_it_changes(file):
        data = read(file)
        meanwhile(export)
        return data

    monkeypatch.setattr(snapshot, "_read", read_and_then_it_changes)
    with pytest.raises(Fault) as fault:
        take("june", export)
    assert rules(fault.value) == [("june", "source_changed")]


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def below_a_file(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
    path.parent.write_bytes(b"")


def a_circle_of_links(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("becomes", "error", "rule"),
    [
        pytest.param(Path.unlink, Refused, "source_missing", id="missing"),
        pytest.param(below_a_file, Refused, "source_missing", id="below_a_file"),
        pytest.param(a_folder, Refused, "source_is_a_folder", id="folder"),
        pytest.param(a_pipe, Refused, "source_not_a_file", id="pipe"),
        pytest.param(a_circle_of_links, Fault, "source_unreadable", id="circle_of_links"),
    ],
)
def test_what_is_no_file_ends_in_one_finding_without_its_name(tmp_path, becomes, error, rule):
    path = tmp_path / "exports" / f"{SECRET}.csv"
    path.parent.mkdir()
    path.write_bytes(b"a\n")
    becomes(path)
    with pytest.raises(error) as refusal:
        take("june", path)
    assert rules(refusal.value) == [("june", rule)]
    assert SECRET not in everything_said(refusal.value)
    assert refusal.value.__context__ is None


@pytest.mark.parametrize("error", [PermissionError(13, SECRET), OSError(5, SECRET)])
def test_a_file_that_may_not_be_read_is_a_fault(export, monkeypatch, error):
    # Raised by hand: a test that runs as root may read everything.
    def refuse(file):
        raise error

    monkeypatch.setattr(snapshot, "_read", refuse)
    with pytest.raises(Fault) as fault:
        take("june", export)
    assert rules(fault.value) == [("june", "source_unreadable")]
    assert SECRET not in everything_said(fault.value)


def test_a_name_with_nul_in_it_is_a_fault(tmp_path):
    with pytest.raises(Fault) as fault:
        take("june", tmp_path / "a\0b")
    assert rules(fault.value) == [("june", "source_unreadable")]


@pytest.mark.parametrize("write", [lambda content: content, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("over", [0, 1])
def test_a_file_larger_than_any_survey_is_refused(export, monkeypatch, write, over):
    monkeypatch.setattr(snapshot, "LARGEST", 5000)
    export.write_bytes(write(b"x" * (5000 + over)))
    if not over:
        assert len(take("june", export).data) == 5000
        return
    with pytest.raises(Refused) as refusal:
        take("june", export)
    assert rules(refusal.value) == [("june", "source_too_large")]

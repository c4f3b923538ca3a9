"""One writer at a time: the second is told who, a dead one blocks nobody."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from storage.home import Home
from storage.locks import writer
from terms.findings import Fault

HOLD = """
import sys, time
from pathlib import Path
from storage.home import Home
from storage.locks import writer
with writer(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def holder(home: Home):
    process = subprocess.Popen([sys.executable, "-c", HOLD, home.path], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_writer_lets_the_next_one_in_when_it_has_ended(home):
    for _ in range(2):
        with writer(home):
            assert stat.S_IMODE(home.lock.stat().st_mode) == 0o600


def test_a_writer_that_fails_lets_the_next_one_in(home):
    with pytest.raises(ZeroDivisionError), writer(home):
        _ = 1 / 0
    with writer(home):
        pass


def test_a_second_writer_is_told_which_process_and_since_when(home, holder):
    with pytest.raises(Fault) as caught, writer(home):
        pass
    (finding,) = caught.value.findings
    assert caught.value.exit_code == 3
    assert finding.rule == "writer_busy"
    assert finding.facts["pid"] == holder.pid
    since = datetime.fromisoformat(str(finding.facts["since"]))
    assert abs((datetime.now(since.tzinfo) - since).total_seconds()) < 60


def test_a_second_writer_in_the_same_process_is_refused_too(home):
    with writer(home), pytest.raises(Fault) as caught, writer(home):
        pass
    assert caught.value.findings[0].facts["pid"] == os.getpid()


def test_a_killed_writer_blocks_nobody(home, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert home.lock.read_bytes()
    with writer(home):
        pass


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"pid": "x", "since": "y"}', b"\xff\xfe", b"{" * 5000])
def test_a_lock_file_that_names_nobody_still_locks(home, holder, content):
    home.lock.write_bytes(content)
    with pytest.raises(Fault) as caught, writer(home):
        pass
    assert caught.value.findings[0].rule == "writer_busy_unnamed"


def test_rubbish_in_a_free_lock_file_does_not_matter(home):
    home.lock.write_bytes(b"\0" * 100)
    with writer(home):
        assert b"\0" not in home.lock.read_bytes()


def test_a_lock_behind_a_link_is_not_followed(home, tmp_path):
    (tmp_path / "precious").write_bytes(b"precious")
    home.lock.symlink_to(tmp_path / "precious")
    with pytest.raises(Fault), writer(home):
        pass
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_a_missing_home_is_a_fault_of_one_line(tmp_path):
    with pytest.raises(Fault) as caught, writer(Home(tmp_path / "nowhere")):
        pass
    assert caught.value.findings[0].rule == "disk_failed"
    assert caught.value.__context__ is None

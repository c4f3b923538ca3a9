"""The ledger: every change of what was written is found, and a crash in mid-line costs nothing."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keys import Key
from storage.ledger import FIRST, Anchor, Ledger
from terms.findings import Fault

KEY = Key(b"k" * 32)
INFINITE = b'{"at":1e999,"body":{},"event":"x","hash":"x","n":2,"prev":"x"}\n'
NOT_ASCII = '{"at":"","body":{},"event":"x","hash":"あ","n":2,"prev":"あ"}\n'.encode()
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


def written(path: Path, events: int = 3) -> Ledger:
    ledger = Ledger(path, KEY)
    for number in range(1, events + 1):
        ledger.append("run_ended", {"survey": "reader_2026", "number": number}, at=NOON)
    return ledger


def broken(ledger: Ledger, anchor: Anchor | None = None) -> tuple[str, dict]:
    with pytest.raises(Fault) as caught:
        ledger.verify(anchor)
    assert caught.value.__context__ is None
    (finding,) = caught.value.findings
    return finding.rule, dict(finding.facts)


# --- what is written ------------------------------------------------------------------------------


def test_a_line_is_canonical_json_sealed_with_the_line_before(path):
    """The two lines are made by hand, with ``hmac``."""
    written(path, 2)
    lines, prev = [], "0" * 64
    for number in (1, 2):
        sealed = (
            f'{{"at":"2026-11-23T12:00:00+00:00","body":{{"number":{number},"survey":"reader_2026"}},'
            f'"event":"run_ended","n":{number}}}'
        )
        digest = hmac.new(b"k" * 32, (prev + sealed).encode(), hashlib.sha256).hexdigest()
        lines.append(
            f'{{"at":"2026-11-23T12:00:00+00:00","body":{{"number":{number},"survey":"reader_2026"}},'
            f'"event":"run_ended","hash":"{digest}","n":{number},"prev":"{prev}"}}\n'
        )
        prev = digest
    assert path.read_text() == "".join(lines)


def test_an_empty_ledger_is_whole(path):
    assert Ledger(path, KEY).verify() == Anchor(n=0, hash=FIRST)
    assert list(Ledger(path, KEY).entries()) == []
    assert not path.exists()


def test_entries_read_back_as_they_were_written(path):
    ledger = written(path)
    ends = [Anchor(n=entry.n, hash=entry.hash) for entry in ledger.entries()]
    assert [(entry.n, entry.event, entry.body["number"]) for entry in ledger.entries()] == [
        (1, "run_ended", 1),
        (2, "run_ended", 2),
        (3, "run_ended", 3),
    ]
    assert ledger.verify() == ends[-1] == Ledger(path, KEY).verify()


def test_append_returns_the_end_that_verify_finds(path):
    ledger = Ledger(path, KEY)
    assert ledger.append("begin", {}) == ledger.verify()
    assert ledger.append("end", {}) == ledger.verify()


def test_the_ledger_is_for_its_owner_alone(path):
    written(path, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_times_are_universal(path):
    tokyo = datetime(2026, 11, 23, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    Ledger(path, KEY).append("begin", {}, at=tokyo)
    assert next(Ledger(path, KEY).entries()).at == "2026-11-23T12:00:00+00:00"


bodies = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=8), bodies, max_size=3), max_size=4))
def test_any_safe_body_reads_back(tmp_path_factory, contents):
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.jsonl", KEY)
    for body in contents:
        ledger.append("event", body)
    assert [entry.body for entry in ledger.entries()] == contents


@pytest.mark.parametrize(
    "body",
    [{"share": 0.5}, {"raw": b"x"}, {"nested": [{"x": {1, 2}}]}, {1: "x"}, {"long": "x" * 60_000}, {"e": ValueError()}],
)
def test_what_does_not_read_back_the_same_is_not_written(path, body):
    ledger = written(path, 1)
    before = path.read_bytes()
    with pytest.raises(Fault) as caught:
        ledger.append("event", body)
    assert caught.value.findings[0].rule == "ledger_body"
    assert path.read_bytes() == before


# --- what is found out ----------------------------------------------------------------------------


def test_every_changed_byte_is_found(path):
    """Each byte of the middle line in turn; the line's own number is named, or the next one's."""
    ledger = written(path)
    content = path.read_bytes()
    start = content.index(b"\n") + 1
    end = content.index(b"\n", start)
    for position in range(start, end):
        path.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :])
        rule, facts = broken(ledger)
        assert (rule, facts["line"]) == ("ledger_broken", 2)


@pytest.mark.parametrize(
    ("order", "line"),
    [
        pytest.param([0, 2], 2, id="line_removed"),
        pytest.param([1, 2], 1, id="first_line_removed"),
        pytest.param([0, 2, 1], 2, id="lines_swapped"),
        pytest.param([0, 1, 1, 2], 3, id="line_doubled"),
        pytest.param([0, 1, 2, 2], 4, id="last_line_doubled"),
    ],
)
def test_lines_that_were_moved_are_found(path, order, line):
    ledger = written(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[number] for number in order))
    assert broken(ledger) == ("ledger_broken", {"line": line})


def test_a_line_forged_without_the_key_is_found(path):
    ledger = written(path)
    Ledger(path.with_name("forged"), Key(b"x" * 32)).append("run_ended", {}, at=NOON)
    with path.open("ab") as file:
        file.write(path.with_name("forged").read_bytes())
    assert broken(ledger) == ("ledger_broken", {"line": 4})


def test_another_key_reads_nothing(path):
    written(path)
    assert broken(Ledger(path, Key(b"x" * 32))) == ("ledger_broken", {"line": 1})


def test_the_same_content_in_other_words_is_found(path):
    """Canonical form is part of the promise: a reformatted ledger is not the one that was written."""
    ledger = written(path, 1)
    path.write_text(json.dumps(json.loads(path.read_text())) + "\n")
    assert broken(ledger) == ("ledger_broken", {"line": 1})


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[" * 100_000 + b"\n", b"\xff\n", INFINITE, NOT_ASCII, b"null\n"])
def test_a_line_that_is_no_entry_is_found(path, line):
    ledger = written(path, 1)
    with path.open("ab") as file:
        file.write(line)
    assert broken(ledger) == ("ledger_broken", {"line": 2})


def test_nothing_is_appended_to_a_ledger_whose_end_is_not_ours(path):
    written(path)
    before = path.read_bytes()
    with pytest.raises(Fault) as caught:
        Ledger(path, Key(b"x" * 32)).append("event", {})
    assert caught.value.findings[0].rule == "ledger_broken_end"
    assert path.read_bytes() == before


def test_a_ledger_cut_short_is_found_by_its_anchor(path):
    ledger = written(path)
    anchor = ledger.verify()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]))
    assert ledger.verify().n == 2, "without the anchor a shorter chain is a whole one"
    assert broken(ledger, anchor) == ("ledger_rewound", {"found": 2, "expected": 3})
    path.unlink()
    assert broken(ledger, anchor) == ("ledger_rewound", {"found": 0, "expected": 3})


def test_a_ledger_rewound_and_written_anew_is_found_by_its_anchor(path):
    ledger = written(path)
    anchor = ledger.verify()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    ledger.append("another", {})
    ledger.append("story", {})
    assert broken(ledger, anchor) == ("ledger_rewound", {"found": 4, "expected": 3})


def test_a_ledger_may_be_ahead_of_its_anchor(path):
    ledger = written(path)
    anchor = ledger.verify()
    ledger.append("event", {})
    assert ledger.verify(anchor).n == 4
    assert ledger.verify(Anchor(n=0, hash=FIRST)).n == 4


# --- crashes --------------------------------------------------------------------------------------


def test_a_line_cut_off_anywhere_was_never_written(path):
    """Whatever part of a line a crash leaves: what was reported as written stays, the next append repairs."""
    written(path, 3)
    content = path.read_bytes()
    start = content[:-1].rindex(b"\n") + 1
    for end in range(start + 1, len(content) - 1):
        path.write_bytes(content[:end])
        ledger = Ledger(path, KEY)
        assert ledger.verify().n == 2
        assert ledger.append("event", {}).n == 4
        repaired, event = list(ledger.entries())[2:]
        assert (repaired.event, repaired.body) == ("ledger_repaired", {"bytes": end - start})
        assert event.event == "event"


def test_a_first_line_cut_off_is_repaired_too(path):
    path.write_bytes(b'{"at":"2026')
    ledger = Ledger(path, KEY)
    assert ledger.verify().n == 0
    assert ledger.append("event", {}).n == 2


def test_a_last_line_that_lacks_its_line_end_alone_is_kept(path):
    ledger = written(path, 3)
    end = ledger.verify()
    path.write_bytes(path.read_bytes()[:-1])
    assert ledger.verify() == end
    assert ledger.append("event", {}).n == 4
    assert [entry.event for entry in ledger.entries()] == ["run_ended"] * 3 + ["event"]


def test_a_cut_that_goes_behind_the_anchor_is_no_crash(path):
    ledger = written(path, 3)
    anchor = ledger.verify()
    path.write_bytes(path.read_bytes()[:-10])
    assert broken(ledger, anchor) == ("ledger_rewound", {"found": 2, "expected": 3})


@pytest.mark.parametrize(
    ("call", "code", "rule"), [("write", errno.ENOSPC, "disk_full"), ("fsync", errno.EIO, "disk_failed")]
)
def test_a_line_that_does_not_reach_the_disk_is_taken_back(path, monkeypatch, call, code, rule):
    ledger = written(path, 2)
    before = path.read_bytes()
    real = getattr(os, call)

    def failing(descriptor, *content):
        if content:
            real(descriptor, content[0][:5])
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing)
        with pytest.raises(Fault) as caught:
            ledger.append("event", {})
    assert caught.value.findings[0].rule == rule
    assert caught.value.__context__ is None
    assert path.read_bytes() == before
    assert ledger.append("event", {}).n == 3


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from storage.keys import Key
from storage.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]), Key(b"k" * 32))
while True:
    print(ledger.append("event", {"writer": int(sys.argv[2])}).n, flush=True)
"""


def test_two_writers_killed_in_the_middle_lose_nothing_they_reported(path):
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(path)]
    writers = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE) for n in (1, 2)]
    reported = []
    for writer in writers:
        assert writer.stdout is not None
        reported.append([int(writer.stdout.readline()) for _ in range(5)])
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    for writer, numbers in zip(writers, reported, strict=True):
        assert writer.stdout is not None
        rest = writer.stdout.read().splitlines(keepends=True)
        numbers += [int(line) for line in rest if line.endswith(b"\n")]
        writer.wait()
        writer.stdout.close()
    ledger = Ledger(path, KEY)
    owner = {entry.n: entry.body.get("writer") for entry in ledger.entries()}
    assert set(owner) == set(range(1, len(owner) + 1))
    assert all(owner[n] == writer for writer, numbers in enumerate(reported, start=1) for n in numbers)
    assert ledger.append("event", {}).n > len(owner)


def test_a_ledger_behind_a_link_is_not_written(path, tmp_path):
    (tmp_path / "precious").write_bytes(b"")
    path.symlink_to(tmp_path / "precious")
    with pytest.raises(Fault):
        Ledger(path, KEY).append("event", {})
    assert (tmp_path / "precious").read_bytes() == b""

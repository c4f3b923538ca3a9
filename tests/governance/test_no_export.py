"""No path leads microdata out: who writes files at all, and what the only public writer is given.

Read from the code itself. A new module that writes files has to be entered here, with the reason.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import flows
from flows import provision
from publishing.release import build_release
from storage import disk
from terms.release import ReleaseContent

HOUSE = Path(flows.__file__).resolve().parent.parent
ROOMS = ("terms", "transforms", "expectations", "governance", "storage", "publishing", "flows")

WRITERS = {
    "write_new",
    "write_text",
    "write_bytes",
    "write_all",
    "copyfile",
    "copytree",
    "copy2",
    "mkstemp",
    "sink_csv",
}
FRAME_WRITERS = {"write_csv", "write_parquet", "write_excel", "write_ipc", "write_json", "to_csv", "to_parquet"}
"""Of a frame: into a file where they are given one, into a text where they are not."""

ALLOWED = {
    "storage/disk.py": "the one function that makes a file",
    "storage/folders.py": "releases: staged in the home, then renamed within it",
    "storage/heads.py": "the ledger's end beside the releases: a number and a hash",
    "storage/home.py": "a probe in the home",
    "storage/keys.py": "keys, in the key folder",
    "storage/roles.py": "role keys, in the key folder",
    "storage/ledger.py": "the ledger, in the home",
    "storage/sealed.py": "recalled releases, encrypted, in the home",
    "storage/rewards.py": "contact data, encrypted and apart from answers, in the home",
    "flows/rewards.py": "contact data, without any answer, to whoever sends rewards; signed in the ledger",
    "storage/locks.py": "the lock, in the home",
    "storage/reading.py": "positions and rules of bad rows, in the home",
    "storage/textfile.py": "small text files of declared words",
    "flows/planning.py": "the codebook, beside the declaration: levels and hashes",
    "flows/receipts.py": "what a person is handed about herself, in the home",
    "flows/incident_draft.py": "drafts of reports, in the home",
}


def written_by(code: str) -> Iterator[str]:
    """The names of calls that write a file."""
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in WRITERS or (name in FRAME_WRITERS and (call.args or call.keywords)):
            yield name
        if name == "open" and _writes(call):
            yield "open"


def _writes(call: ast.Call) -> bool:
    """Whether an ``open`` is for writing: a mode of ``w``, ``a``, ``x`` or ``+``, or the flags of ``os.open``."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    modes = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    flags = {node.attr for one in given for node in ast.walk(one) if isinstance(node, ast.Attribute)}
    return any(set(mode) & set("wax+") and len(mode) < 4 for mode in modes) or bool(
        flags & {"O_CREAT", "O_APPEND", "O_TRUNC"}
    )


def writers() -> dict[str, set[str]]:
    found = {}
    for room in ROOMS:
        for file in (HOUSE / room).rglob("*.py"):
            calls = set(written_by(file.read_text(encoding="utf-8")))
            if calls:
                found[str(file.relative_to(HOUSE))] = calls
    return found


def test_whoever_writes_a_file_is_known_here():
    assert {module: calls for module, calls in writers().items() if module not in ALLOWED} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "rows.write_csv('out.csv')",
        "Path('out').write_text(str(rows))",
        "open('out', 'w')",
        "path.open(mode='ab')",
        "os.open(path, os.O_WRONLY | os.O_CREAT)",
        "write_new(path, content)",
        "shutil.copyfile(home.warehouse, 'out')",
    ],
)
def test_a_new_writer_would_be_noticed(planted):
    assert list(written_by(planted))


@pytest.mark.parametrize(
    "harmless", ["rows.write_csv()", "path.open('rb')", "open(path)", "os.open(path, os.O_RDONLY)"]
)
def test_reading_is_not_writing(harmless):
    assert list(written_by(harmless)) == []


def test_no_statement_lets_the_database_write_a_file_of_rows():
    for room in ROOMS:
        for file in (HOUSE / room).rglob("*.py"):
            texts = [node.value for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if _is_text(node)]
            assert [text for text in texts if text.lstrip().upper().startswith(("COPY (", "EXPORT DATABASE"))] == []


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def callers(name: str) -> set[str]:
    """The modules that call a function of this name."""
    return {
        str(file.relative_to(HOUSE))
        for room in ROOMS
        for file in (HOUSE / room).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and (getattr(call.func, "id", "") or getattr(call.func, "attr", "")) == name
    }


def test_one_place_makes_a_release_and_gives_it_protected_cells():
    assert callers("build_release") == callers("ReleaseContent") == {"flows/publication.py"}
    # storage/folders.py stages and publishes in one go for its own tests; no other room calls that.
    assert callers("staged_release") == {"flows/publication.py", "storage/folders.py"}
    assert callers("publish_folder") == set()
    assert list(inspect.signature(build_release).parameters) == ["content"]
    frames = [name for name in ReleaseContent.__dataclass_fields__ if name in {"cells", "rows", "answers", "frame"}]
    assert frames == ["cells"]


def test_what_is_staged_is_what_was_built_of_the_displayed_cells():
    publish = next(
        node
        for node in ast.walk(ast.parse((HOUSE / "flows/publication.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "publish"
    )
    text = ast.unparse(publish)
    assert "run.cells = displayed(" in text and "cells=run.cells" in text
    assert "files = build_release(content)" in text and "content.name, files)" in text


def test_files_are_for_their_owner_alone_but_for_what_is_published():
    assert disk.PRIVATE_FILE == 0o600
    opened = {
        str(file.relative_to(HOUSE))
        for room in ROOMS
        for file in (HOUSE / room).rglob("*.py")
        if "0o644" in file.read_text(encoding="utf-8")
    }
    assert opened == {"storage/folders.py", "storage/heads.py", "flows/planning.py"}


def test_the_register_of_provisions_reads_no_answer():
    """Neither it nor its judgement can ask the warehouse for rows: both know the ledger, and declared names."""
    for module in ("flows/provision.py", "governance/provision.py"):
        code = (HOUSE / module).read_text(encoding="utf-8")
        tree = ast.parse(code)
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not any(str(name).startswith(("storage", "transforms", "publishing")) for name in imported)
        called = {
            node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "attr")
        }
        assert not called & {"run", "rows", "execute", "held"}
    assert not {name for name, _ in inspect.getmembers(provision, inspect.isfunction)} & {"export", "write", "send"}

"""Home, keys, ledger, warehouse and releases as a bad night leaves them: one clear line, and nothing is published."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage.keys import ROOT_KEY
from storage.locks import writer
from tests.faults.telling import Shoji
from tests.faults.trees import leftovers, tree
from tests.towns import AFTER, SURVEY, Town, townspeople

Does = Callable[[Town], object]
LATER = (date.fromisoformat(AFTER) + timedelta(days=1)).isoformat()
RELEASED = f"released/{SURVEY}"


def scribble(path: Path, at: int, length: int = 4096) -> None:
    """Overwrite some bytes in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[at : at + length] = b"\xa5" * length
    path.write_bytes(content)


def a_file_instead(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


def a_folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def key(town: Town) -> Path:
    return town.keys / ROOT_KEY


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def keys_in_the_home(town: Town) -> None:
    shutil.move(town.keys, town.home.path / "keys")
    town.keys.symlink_to(town.home.path / "keys")


def a_linked_key(town: Town) -> None:
    key(town).rename(town.keys / "elsewhere")
    key(town).symlink_to("elsewhere")


KEYS = {
    "gone": (lambda town: shutil.rmtree(town.keys), "key_missing"),
    "open_to_others": (lambda town: key(town).chmod(0o644), "key_open_to_others"),
    "in_an_open_folder": (lambda town: town.keys.chmod(0o755), "key_open_to_others"),
    "empty": (lambda town: key(town).write_bytes(b""), "key_wrong_size"),
    "with_a_line_end": (lambda town: key(town).write_bytes(key(town).read_bytes() + b"\n"), "key_wrong_size"),
    "a_folder": (lambda town: a_folder_instead(key(town)), "key_unreadable"),
    "a_link": (a_linked_key, "key_is_link"),
    "inside_the_home": (keys_in_the_home, "keys_inside_home"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_bad_key_is_refused(name: str, published: Town, told: Shoji):
    before, (do, rule) = tree(published.home.released), KEYS[name]
    do(published)
    said = told("release", published.declaration, "--as-of", AFTER)
    assert (said.code, said.rules) == (1, [("SHOJI_KEYS", rule)])
    assert tree(published.home.released) == before


def test_a_home_inside_the_keys_is_refused(planned: Town, told: Shoji):
    said = told("release", planned.declaration, "--home", planned.keys / "home")
    assert (said.code, said.rules) == (1, [("SHOJI_HOME", "home_inside_keys")])
    assert list(planned.keys.iterdir()) == [key(planned)]


FAULTS: dict[str, tuple[Does, str, str]] = {
    "the_key_is_another": (lambda town: key(town).write_bytes(bytes(32)), "ledger", "ledger_broken"),
    "the_home_is_a_file": (lambda town: a_file_instead(town.home.path), "SHOJI_HOME", "home_not_writable"),
    "staging_is_a_file": (lambda town: a_file_instead(town.home.staging), "SHOJI_HOME", "home_not_writable"),
    "released_is_a_file": (lambda town: a_file_instead(town.home.released), "SHOJI_HOME", "home_not_writable"),
    "the_lock_is_a_folder": (lambda town: a_folder_instead(town.home.lock), "writer.lock", "disk_failed"),
    "the_warehouse_is_text": (
        lambda town: town.home.warehouse.write_text("x" * 9999),
        "warehouse",
        "warehouse_corrupt",
    ),
    "the_warehouse_is_cut_off": (lambda town: os.truncate(town.home.warehouse, 4096), "warehouse", "warehouse_corrupt"),
    "the_warehouse_begins_wrongly": (lambda town: scribble(town.home.warehouse, 0), "warehouse", "warehouse_corrupt"),
    "the_warehouse_is_a_folder": (lambda town: a_folder_instead(town.home.warehouse), "warehouse", "warehouse_corrupt"),
    "the_warehouse_is_gone": (lambda town: town.home.warehouse.unlink(), RELEASED, "release_forgotten"),
    "the_warehouse_is_empty": (lambda town: os.truncate(town.home.warehouse, 0), RELEASED, "release_forgotten"),
    "the_ledger_is_gone": (lambda town: town.home.ledger.unlink(), "ledger", "ledger_rewound"),
    "the_ledger_is_empty": (lambda town: os.truncate(town.home.ledger, 0), "ledger", "ledger_rewound"),
    "the_ledger_lacks_a_line": (
        lambda town: town.home.ledger.write_bytes(b"".join(lines(town.home.ledger)[:-1])),
        "ledger",
        "ledger_rewound",
    ),
    "the_ledger_is_cut_in_a_line": (
        lambda town: os.truncate(town.home.ledger, town.home.ledger.stat().st_size - 20),
        "ledger",
        "ledger_rewound",
    ),
    "the_ledger_was_edited": (
        lambda town: town.home.ledger.write_bytes(town.home.ledger.read_bytes().replace(b"PASS", b"FAIL", 1)),
        "ledger",
        "ledger_broken",
    ),
    "the_ledger_is_a_folder": (lambda town: a_folder_instead(town.home.ledger), "ledger", "disk_failed"),
    "the_release_is_gone": (lambda town: shutil.rmtree(town.home.released), RELEASED, "release_damaged"),
    "the_release_was_edited": (
        lambda town: (town.releases()[0] / "data" / "cells.csv").write_text("x"),
        RELEASED,
        "release_damaged",
    ),
    "latest_is_not_json": (
        lambda town: (town.home.released / SURVEY / "latest.json").write_text("x"),
        "released",
        "latest_broken",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_damaged_house_is_a_fault_and_nothing_is_published(name: str, published: Town, shoji: Shoji):
    do, place, rule = FAULTS[name]
    do(published)
    before = tree(published.home.released) if published.home.released.is_dir() else {}
    published.answer(townspeople(198))  # other people: a second release would be a leak
    said = shoji("release", published.declaration, "--as-of", LATER, "--json").reads_clearly()
    assert (said.code, said.rules) == (3, [(place, rule)])
    assert (tree(published.home.released) if published.home.released.is_dir() else {}) == before


@pytest.mark.parametrize("name", [name for name in FAULTS if name.startswith(("the_release", "latest"))])
def test_a_release_that_is_not_as_it_was_published_is_never_called_unchanged(name: str, published: Town, shoji: Shoji):
    do, place, rule = FAULTS[name]
    do(published)
    said = shoji("release", published.declaration, "--as-of", AFTER, "--json").reads_clearly()
    assert (said.code, said.rules) == (3, [(place, rule)])


def test_a_lost_warehouse_is_no_reason_to_publish_again(published: Town, shoji: Shoji):
    shutil.rmtree(published.home.released)
    published.home.warehouse.unlink()
    published.answer(townspeople(198))
    said = shoji("release", published.declaration, "--as-of", LATER, "--json").reads_clearly()
    assert (said.code, said.rules) == (3, [(RELEASED, "release_forgotten")])
    assert published.releases() == []


def test_what_can_be_mended_is_mended(published: Town, shoji: Shoji):
    """``latest.json`` gone, leftovers in staging, a scribbled lock, and zeros where the power went off."""
    home, before = published.home, tree(published.home.released)
    (home.released / SURVEY / "latest.json").unlink()
    (home.staging / "old" / "data").mkdir(parents=True)
    home.lock.write_bytes(b"\xff" * 99)
    with home.ledger.open("ab") as ledger:
        ledger.write(bytes(99))
    shutil.rmtree(home.rejects)
    shutil.rmtree(home.prefect)
    said = shoji("release", published.declaration, "--as-of", AFTER, "--json")
    assert (said.code, said.json["outcome"]) == (0, "unchanged"), said
    assert tree(home.released) == before
    assert leftovers(published) == []


CODEBOOKS: dict[str, tuple[Does, int, list[tuple[str, str]]]] = {
    "gone": (lambda town: town.codebook.unlink(), 1, [("codebook-1.yaml", "codebook_missing")]),
    "of_another_survey": (
        lambda town: town.codebook.write_text(town.codebook.read_text().replace("survey: town", "survey: down")),
        1,
        [("codebook-1.yaml", "codebook_malformed")],
    ),
    "outdated": (lambda town: town.declare("[15, 45]", "[15, 60]"), 1, [("codebook-1.yaml", "codebook_outdated")]),
    "a_level_that_is_not_there": (
        lambda town: town.codebook.write_text(town.codebook.read_text().replace("age: 2", "age: 9")),
        1,
        [("codebook-1.yaml: levels.age", "codebook_level_unknown")],
    ),
    "a_level_too_fine": (
        lambda town: town.freeze(age=0),
        1,
        [(SURVEY, "every_class_holds_k"), (f"{SURVEY}.income", "every_class_holds_l")],
    ),
}


@pytest.mark.parametrize("name", CODEBOOKS)
def test_a_codebook_that_does_not_hold_is_refused(name: str, published: Town, shoji: Shoji):
    before, (do, code, problems) = tree(published.home.released), CODEBOOKS[name]
    do(published)
    said = shoji("release", published.declaration, "--as-of", AFTER, "--json").reads_clearly()
    assert (said.code, said.rules) == (code, problems)
    assert tree(published.home.released) == before


CHANGES: dict[str, Does] = {
    "the_people": lambda town: town.answer(townspeople(199)),
    "the_policy": lambda town: town.declare("preset: once", "preset: once\npolicy: {k: 9}"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_published_once_is_not_published_again(name: str, published: Town, shoji: Shoji):
    before = tree(published.home.released)
    CHANGES[name](published)
    said = shoji("release", published.declaration, "--as-of", LATER, "--json").reads_clearly()
    assert (said.code, said.rules) == (1, [(SURVEY, "published_once")])
    assert tree(published.home.released) == before


def test_a_second_writer_is_told_who_is_at_work(published: Town, told: Shoji):
    before = tree(published.home.released)
    with writer(published.home):
        said = told("release", published.declaration, "--as-of", AFTER)
    assert (said.code, said.rules) == (3, [("writer.lock", "writer_busy")])
    assert said.findings[0]["facts"]["pid"] == os.getpid()
    assert tree(published.home.released) == before


USES = {
    "a_day_that_never_was": (["--as-of", "2026-02-30"], [("--as-of", "day_malformed")]),
    "a_day_in_words": (["--as-of", "yesterday"], [("--as-of", "day_malformed")]),
}


@pytest.mark.parametrize("name", USES)
def test_a_malformed_option_is_wrong_use(name: str, planned: Town, told: Shoji):
    options, problems = USES[name]
    said = told("release", planned.declaration, *options)
    assert (said.code, said.rules) == (2, problems)
    assert not planned.home.path.exists()


@pytest.mark.parametrize(
    "arguments", [["release"], ["relase", "x"], ["release", "x", "--frobnicate"], ["list", "--lang", "fr"], []]
)
def test_a_wrong_command_is_wrong_use(arguments: list[str], planned: Town, shoji: Shoji):
    said = shoji(*arguments)
    assert said.code == 2
    assert said.out == "" and said.err.startswith(("shoji: ", "Usage"))
    assert not planned.home.path.exists()


@pytest.mark.parametrize(
    ("day", "outcome"), [("2026-05-01", "waiting"), ("2026-05-12", "waiting"), (AFTER, "published")]
)
def test_before_the_close_few_answers_are_waited_for_and_not_refused(
    day: str, outcome: str, planned: Town, shoji: Shoji
):
    said = shoji("release", planned.declaration, "--as-of", day, "--json")
    assert (said.code, said.json["outcome"]) == (0, outcome), said

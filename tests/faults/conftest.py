"""A town with a published release, and a careful ear for what a command says when something is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.command_line import _main
from tests.faults.telling import Ear, Shoji
from tests.faults.trees import surroundings
from tests.faults.ward import Ward
from tests.towns import AFTER, Town

NEIGHBOUR = "old_town_2025"


@pytest.fixture(scope="session")
def first_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town whose answers are published."""
    town = Town.found(tmp_path_factory.mktemp("first"))
    with pytest.MonkeyPatch.context() as patch:
        surroundings(patch, town)
        assert _main(["release", str(town.declaration), "--as-of", AFTER, "--json"]) == 0
    return town


@pytest.fixture(scope="session")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Another survey, published in a home that other surveys may move into."""
    town = Town.found(tmp_path_factory.mktemp("neighbour"), name=NEIGHBOUR)
    with pytest.MonkeyPatch.context() as patch:
        surroundings(patch, town)
        assert _main(["release", str(town.declaration), "--as-of", AFTER, "--json"]) == 0
    return town


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town with keys, a good export and a frozen plan: nothing has run yet."""
    town = Town.found(tmp_path)
    surroundings(monkeypatch, town)
    return town


@pytest.fixture
def published(first_town: Town, planned: Town) -> Town:
    """The same with a release of before: a copy of the first town's home and keys."""
    shutil.copytree(first_town.home.path, planned.home.path)
    shutil.rmtree(planned.keys)
    shutil.copytree(first_town.keys, planned.keys)
    return planned


@pytest.fixture
def shoji(capfd: pytest.CaptureFixture[str]) -> Shoji:
    """Run a command here; what it says goes nowhere else."""

    def run(*arguments: object) -> Ear:
        capfd.readouterr()
        code = _main([str(argument) for argument in arguments])
        said = capfd.readouterr()
        return Ear(code=code, out=said.out, err=said.err)

    return run


@pytest.fixture
def told(shoji: Shoji) -> Shoji:
    """Run a command three times - JSON, English, Japanese - and hold every line to the house's promises."""

    def run(*arguments: object) -> Ear:
        ear = shoji(*arguments, "--json")
        for language in ("en", "ja"):
            ear.agrees_with(shoji(*arguments, "--lang", language), language)
        return ear

    return run


@pytest.fixture(scope="session")
def ward() -> Iterator[Ward]:
    """Where commands run that are killed, or have a disk of their own."""
    ward = Ward()
    yield ward
    ward.close()

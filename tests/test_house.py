"""The house itself: what is installed is what was locked, and the walls between the rooms stand."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (HOUSE / "requirements.lock").read_text(encoding="utf-8")
PYTHONS = ("3.11", "3.12", "3.13")
ROOMS = PROJECT["tool"]["importlinter"]["root_packages"]


# --- the lock -------------------------------------------------------------------------------------

LOCKED = re.compile(
    r"(?P<requirement>[a-z0-9-]+==[A-Za-z0-9.+!]+( ; [^\\/]+?)?)(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)


def lock_lines(text: str) -> list[str]:
    """The lock with continued lines joined and single spaces."""
    joined = re.sub(r"\\\n", " ", text)
    return [" ".join(line.split()) for line in joined.splitlines() if line.strip()]


def lock_faults(text: str) -> list[str]:
    """Every line that is more or less than a pinned name and its hashes.

    Options, comments, addresses and paths have no place in that grammar, so nothing can smuggle one in.
    """
    lines = lock_lines(text)
    return [line for line in lines if not LOCKED.fullmatch(line)] if lines else ["the lock is empty"]


def locked_requirements(text: str) -> Iterator[Requirement]:
    for line in lock_lines(text):
        match = LOCKED.fullmatch(line)
        if match:
            yield Requirement(match["requirement"])


def pin_faults(declared: list[str], lock: str) -> list[str]:
    """Every declared requirement that the lock does not answer once, within its range, on each Python."""
    locked = list(locked_requirements(lock))
    faults = []
    for requirement in map(Requirement, declared):
        same_name = [entry for entry in locked if canonicalize_name(entry.name) == canonicalize_name(requirement.name)]
        for python in PYTHONS:
            here = {"python_version": python, "python_full_version": f"{python}.0"}
            answers = [entry for entry in same_name if entry.marker is None or entry.marker.evaluate(here)]
            if len(answers) != 1:
                faults.append(f"{requirement.name} on {python}: {len(answers)} locked versions")
                continue
            version = str(answers[0].specifier).removeprefix("==")
            if not requirement.specifier.contains(version, prereleases=True):
                faults.append(f"{requirement.name} on {python}: {version} is not {requirement.specifier}")
    return faults


def declared_requirements() -> list[str]:
    return [
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]


def test_the_lock_is_names_versions_and_hashes_and_nothing_else():
    assert lock_faults(LOCK) == []
    assert len(lock_lines(LOCK)) > len(declared_requirements())


HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    "doctored",
    [
        pytest.param("", id="nothing_locked"),
        pytest.param("polars==2.1.0", id="no_hash"),
        pytest.param("polars==2.1.0 --hash=md5:" + "0" * 32, id="weak_hash"),
        pytest.param("polars==2.1.0 --hash=sha256:" + "0" * 63, id="short_hash"),
        pytest.param(f"polars>=2.1 {HASH}", id="not_pinned"),
        pytest.param(f"--index-url https://example.org/simple\npolars==2.1.0 {HASH}", id="index_address"),
        pytest.param(f"--find-links wheels\npolars==2.1.0 {HASH}", id="find_links"),
        pytest.param(f"polars @ https://example.org/polars.whl {HASH}", id="address_of_a_wheel"),
        pytest.param(f"polars @ file:///wheels/polars.whl {HASH}", id="path_of_a_wheel"),
        pytest.param(f"./polars-2.1.0-py3-none-any.whl {HASH}", id="relative_path"),
        pytest.param(f"-e . {HASH}", id="editable"),
        pytest.param(f"polars==2.1.0 {HASH}\n    # via /home/someone/pyproject.toml", id="comment_with_a_path"),
    ],
)
def test_a_doctored_lock_is_refused(doctored):
    assert lock_faults(doctored)


def test_the_lock_answers_every_declared_range_on_every_python():
    assert pin_faults(declared_requirements(), LOCK) == []


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param("prefect==3.9.0", id="another_version"),
        pytest.param("duckdb<2", id="below_the_locked_version"),
        pytest.param("shoji-survey-is-not-locked", id="not_locked"),
    ],
)
def test_a_range_that_the_lock_does_not_answer_is_found(declared):
    assert len(pin_faults([declared], LOCK)) == len(PYTHONS)


def test_every_dependency_says_why_it_is_here():
    lines = (HOUSE / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    wanted = {*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]}
    unexplained = [
        line.strip()
        for above, line in pairwise(lines)
        if line.strip().strip('",') in wanted and line.startswith("    ") and not above.strip().startswith("#")
    ]
    assert unexplained == []


# --- the rooms ------------------------------------------------------------------------------------


def rooms_on_disk() -> list[str]:
    return sorted(path.parent.name for path in HOUSE.glob("*/__init__.py") if path.parent.name != "tests")


def test_every_room_is_packaged_and_behind_the_walls():
    assert sorted(ROOMS) == rooms_on_disk()
    assert sorted(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == rooms_on_disk()


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_stands_outside_the_walls(room):
    # import-linter does not see a folder that is no package: what lies in one could import anything.
    folders = {module.parent for module in (HOUSE / room).rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is_for(room):
    source = (HOUSE / room / "__init__.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), f"{room}/__init__.py has no docstring"


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the walls of one copy of the house, which comes before the installed one on the path."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", "pyproject.toml"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "300", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_walls_stand():
    result = lint_imports(HOUSE)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rooms, to break walls in. It passes as it is, or a failure would prove nothing."""
    copy = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(HOUSE / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "pyproject.toml", copy)
    untouched = lint_imports(copy)
    assert untouched.returncode == 0, untouched.stdout + untouched.stderr
    return copy


@pytest.mark.parametrize(
    ("planted", "forbidden"),
    [
        pytest.param("terms.planted", "storage", id="a_noun_that_remembers"),
        pytest.param("transforms.planted", "storage", id="a_verb_that_does_io"),
        pytest.param("expectations.planted", "transforms", id="a_promise_that_computes_what_it_checks"),
        pytest.param("governance.planted", "storage", id="a_judge_who_carries_out"),
        pytest.param("storage.planted", "governance", id="memory_that_judges"),
        pytest.param("storage.planted", "publishing", id="memory_that_speaks"),
        pytest.param("publishing.planted", "flows", id="the_voice_that_orders_the_day"),
        pytest.param("transforms.planted", "prefect", id="prefect_outside_flows"),
        pytest.param("storage.planted", "typer", id="typer_outside_flows"),
        pytest.param("transforms.planted", "duckdb", id="duckdb_outside_storage"),
        pytest.param("flows.planted", "cryptography.fernet", id="cryptography_outside_storage"),
        pytest.param("publishing.planted", "fastexcel", id="fastexcel_outside_storage"),
        pytest.param("flows.planted", "great_expectations", id="great_expectations_outside_expectations"),
        pytest.param("publishing.planted", "pandas", id="pandas_outside_expectations"),
        pytest.param("transforms.planted", "pydantic", id="pydantic_outside_terms"),
        pytest.param("storage.planted", "yaml", id="yaml_outside_terms"),
        pytest.param("storage.planted", "jinja2", id="jinja2_outside_publishing"),
        pytest.param("flows.planted", "xlsxwriter", id="xlsxwriter_outside_publishing"),
        pytest.param("storage.planted", "highspy", id="solver_outside_transforms"),
        pytest.param("storage.planted", "sqlglot", id="sqlglot_outside_transforms"),
        pytest.param("publishing.planted", "numpy", id="numpy_outside_transforms"),
        pytest.param("flows.planted", "polars", id="a_flow_that_takes_frames"),
        pytest.param("governance.planted", "polars", id="a_judge_who_takes_frames"),
        pytest.param("governance.planted", "yaml", id="a_judge_who_reads_files"),
    ],
)
def test_a_broken_wall_is_found(copied_house, planted, forbidden):
    module = copied_house.joinpath(*planted.split(".")).with_suffix(".py")
    module.write_text(f"import {forbidden}\n", encoding="utf-8")
    try:
        result = lint_imports(copied_house)
    finally:
        module.unlink()
    assert result.returncode == 1
    assert f"{planted} -> {forbidden.split('.')[0]}" in result.stdout


def attackers() -> list[str]:
    return sorted(f"transforms.{path.stem}" for path in (HOUSE / "transforms").glob("attack*"))


def test_every_attacker_is_walled_off_from_the_defenders():
    walled = [
        contract["source_modules"]
        for contract in PROJECT["tool"]["importlinter"]["contracts"]
        if contract.get("forbidden_modules") == ["transforms.*"] and not contract.get("allow_indirect_imports")
    ]
    assert sorted(name for names in walled for name in names) == attackers()


@pytest.mark.parametrize("attacker", attackers())
def test_an_attacker_that_borrows_from_a_defender_is_found(copied_house, attacker):
    defender = copied_house / "transforms" / "planted.py"
    module = copied_house.joinpath(*attacker.split("."))
    module = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    honest = module.read_text(encoding="utf-8")
    defender.write_text("", encoding="utf-8")
    module.write_text(f"{honest}\nimport transforms.planted\n", encoding="utf-8")
    try:
        result = lint_imports(copied_house)
    finally:
        module.write_text(honest, encoding="utf-8")
        defender.unlink()
    assert result.returncode == 1
    assert f"{attacker} -> transforms.planted" in result.stdout


# --- the façade -----------------------------------------------------------------------------------

SILENT = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "GX_ANALYTICS_ENABLED": "false"}


@pytest.mark.parametrize("name", SILENT)
def test_nothing_reports_home(name):
    assert os.environ[name] == SILENT[name]
    assert f"export {name} := {SILENT[name]}\n" in (HOUSE / "Makefile").read_text(encoding="utf-8")


def test_ci_without_the_real_data_stops_with_one_clear_line(tmp_path):
    missing = tmp_path / "nowhere"
    result = subprocess.run(
        [HOUSE / ".ci" / "run"],
        env={**os.environ, "SHOJI_DATA": str(missing)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert str(missing) in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""

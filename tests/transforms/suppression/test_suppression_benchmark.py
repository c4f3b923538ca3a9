"""The benchmark reads tables that others made, or says in one line why it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GOOD = """d1,d2,freq,primary,inner
Total,Total,20,0,0
Total,a,9,0,0
Total,b,11,0,0
x,Total,8,0,0
x,a,1,1,1
x,b,7,0,1
y,Total,12,0,0
y,a,8,0,1
y,b,4,0,1
"""


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "benchmarks" / "suppression.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."})


def _table(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_protected_and_attacked(tmp_path):
    """By hand: in a 2x2 table one hidden cell needs the other three, or a row and a column with their totals."""
    ran = _run(_table(tmp_path, GOOD), "--json")
    found = json.loads(ran.stdout)
    assert (ran.returncode, found["audit"], found["proven"]) == (0, "PASS", True)
    assert (found["cells"], found["primary"], found["secondary"], found["bound"]) == (9, 1, 3, 3)


@pytest.mark.parametrize("style", ["g;Total\nx;g\ny;g\n", "g\n@x\n@y\n"])
def test_a_hierarchy_may_be_given(tmp_path, style):
    """A group that is everything: one more code, with the same figures as the total."""
    group = [line.replace("Total", "g", 1) for line in GOOD.splitlines() if line.startswith("Total")]
    (tmp_path / "groups.txt").write_text(style, encoding="utf-8")
    table = _table(tmp_path, GOOD + "\n".join(group) + "\n")
    ran = _run(table, "--hierarchy", f"d1={tmp_path / 'groups.txt'}", "--json")
    assert json.loads(ran.stdout)["audit"] == "PASS"
    assert _run(table).returncode == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("x,b,7,0,1\n", "x,b,-7,0,1\n"), "negative"),
        (("x,b,7,0,1\n", "x,b,many,0,1\n"), "not a whole number"),
        (("x,b,7,0,1\n", "x,b,,0,1\n"), "not a whole number"),
        (("x,b,7,0,1\n", "x,b,nan,0,1\n"), "not a whole number"),
        (("x,b,7,0,1\n", "x,b,6,0,1\n"), "not the sum"),
        (("x,b,7,0,1\n", ""), "no cell"),
        (("x,b,7,0,1\n", "x,a,7,0,1\n"), "before"),
        (("x,b,7,0,1\n", "x,b,7,2,1\n"), "neither 0 nor 1"),
        (("x,b,7,0,1\n", "x,b\n"), "not a whole number"),
        (("d1,d2,freq,primary,inner\n", ""), "no column"),
        ((GOOD, ""), "no header"),
        (("Total", "All"), "code Total"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_table_is_one_clear_line(tmp_path, change, said):
    ran = _run(_table(tmp_path, GOOD.replace(*change)))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path):
    ran = _run(tmp_path / "nothing.csv")
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1


@pytest.mark.real
@pytest.mark.parametrize(("table", "secondary"), [("t2d_30x20", 3), ("t3d_6x6x6", 18)])
def test_the_tables_of_the_race_are_proven(table, secondary):
    """No more secondaries than the peers' best (3, and 20 for the cube), and nothing below the bound."""
    folder = Path(os.environ["SHOJI_DATA"]) / "tabular_cases" / "own_tables"
    found = json.loads(_run(folder / f"{table}.csv", "--json").stdout)
    assert (found["secondary"], found["bound"], found["proven"], found["audit"]) == (secondary, secondary, True, "PASS")

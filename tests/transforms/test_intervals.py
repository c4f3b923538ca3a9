"""Feasibility intervals: proven in whole numbers, whatever the solver says, and in silence."""

import subprocess
import sys

import highspy
import numpy as np
import pytest

from terms.findings import Fault
from transforms import programs
from transforms.intervals import Worlds
from transforms.programs import Program, System


def system(*rows: dict[int, int], unknowns: int) -> System:
    """Rows of unknown -> coefficient, each summing to zero."""
    start = np.cumsum([0, *(len(row) for row in rows)])
    index = np.array([unknown for row in rows for unknown in row])
    value = np.array([sign for row in rows for sign in row.values()])
    return System(start, index, value, unknowns)


def worlds(of: System, counts: list[int], width: int) -> Worlds:
    true = np.array(counts)
    return Worlds(of, floor=1 - true, ceiling=1000 - true, width=width)


# Two rows and two columns, margins known: cells 0 1 / 2 3.
SQUARE = system({0: 1, 1: 1}, {2: 1, 3: 1}, {0: 1, 2: 1}, {1: 1, 3: 1}, unknowns=4)
ALL = np.ones(4, dtype=bool)


def test_the_interval_of_a_two_by_two_table_is_found_by_hand():
    # 4 5 / 20 20: the first cell can be 1 to 8, since the second must stay at least 1; that is 7 wide.
    assert worlds(SQUARE, [4, 5, 20, 20], width=7).narrow(range(4), ALL) == []
    assert worlds(SQUARE, [4, 5, 20, 20], width=8).narrow(range(4), ALL) == [0, 1, 2, 3]


def test_primary_suppression_alone_is_caught():
    only = np.array([True, False, False, False])
    assert worlds(SQUARE, [4, 30, 20, 20], width=1).narrow([0], only) == [0]


def test_a_pattern_with_one_cell_too_few_is_caught():
    three = np.array([True, True, True, False])
    assert worlds(SQUARE, [4, 30, 20, 20], width=1).narrow([0], three) == [0]
    assert worlds(SQUARE, [4, 30, 20, 20], width=8).narrow([0], ALL) == []


def test_width_in_fractions_of_people_is_no_width():
    # 2 d0 = d1 and d1 within -1..1: d0 is within -0.5..0.5, but the only whole number there is 0.
    halves = system({0: 2, 1: -1}, unknowns=2)
    tight = Worlds(halves, floor=np.array([-1, -1]), ceiling=np.array([1, 1]), width=1)
    assert tight.narrow([0], np.array([True, True])) == [0]
    # With d1 within -2..2 there are the whole numbers -1 and 1, found although the corners are halves of odd ones.
    loose = Worlds(halves, floor=np.array([-3, -3]), ceiling=np.array([3, 3]), width=2)
    assert loose.narrow([0], np.array([True, True])) == []


def test_a_world_that_breaks_an_equation_or_a_bound_is_not_believed():
    square = worlds(SQUARE, [4, 30, 20, 20], width=8)
    assert not square.add(np.array([1, -1, -1, 2]))
    assert not square.add(np.array([-4, 4, 4, -4]))  # the first cell would be 0
    assert square.add(np.array([-3, 3, 3, -3]))
    assert [int(each[0]) for each in square.reach(ALL)] == [-3, 0]


def test_worlds_of_one_pattern_say_nothing_about_a_smaller_one():
    square = worlds(SQUARE, [4, 30, 20, 20], width=8)
    square.add(np.array([8, -8, -8, 8]))
    assert square.wide(ALL).all()
    assert not square.wide(np.array([True, True, True, False])).any()


def test_a_program_without_solution_is_none_and_the_next_one_is_solved():
    program = Program(SQUARE)
    low, high = np.array([1, 0, 0, 0]), np.array([1, 0, 0, 0])
    program.bound(low, high)
    assert program.minimise(np.zeros(4, dtype=np.int64)) is None
    program.bound(np.array([1, -9, -9, -9]), np.full(4, 9))
    assert program.minimise(np.array([1, 0, 0, 0])).tolist() == [1, -1, -1, 1]
    assert program.whole_numbers().tolist() == [1, -1, -1, 1]
    assert program.runs == 3


def test_a_solver_that_fails_is_a_fault(monkeypatch):
    program = Program(SQUARE)
    monkeypatch.setattr(program._solver, "getModelStatus", lambda: highspy.HighsModelStatus.kUnknown)
    with pytest.raises(Fault, match="solver_failed"):
        program.minimise(np.zeros(4, dtype=np.int64))


def test_a_solver_that_lies_hides_too_much_and_never_too_little(monkeypatch):
    """Whatever the solver proposes, only worlds that hold in whole numbers count."""
    monkeypatch.setattr(programs.Program, "minimise", lambda self, cost: np.array([50.0, 50.0, 50.0, 50.0]))
    square = worlds(SQUARE, [4, 30, 20, 20], width=8)
    assert square.narrow([0], np.array([True, False, False, False])) == [0]


def test_the_solver_says_nothing_on_standard_output():
    code = (
        "import numpy as np; from transforms.programs import Program, System;"
        "one = np.array([0]); p = Program(System(np.array([0, 1]), one, one + 1, 1));"
        "p.bound(one, one); p.minimise(one); p.whole_numbers()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")

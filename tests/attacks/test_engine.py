"""The engine under the attacker: unknown whole numbers and sums, whatever they stand for."""

import csv
import os
from collections import defaultdict
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacks.press import HIDDEN, column, frame, rules, rules_broken
from transforms.attack import attack, intervals
from transforms.attack.intervals import Aim, Standing, conclude
from transforms.attack.solver import Answer, Program, Status
from transforms.attack.system import Contradiction, Relation, System, parts, sums_to, tighten

# --- random systems against enumeration ---------------------------------------------------------------


@st.composite
def systems(draw):
    """Up to five unknowns in 0..4, up to four relations with weights -2..2, and room around a true world."""
    size = draw(st.integers(1, 5))
    truth = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    relations = []
    for _ in range(draw(st.integers(0, 4))):
        members = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True))
        weights = [draw(st.sampled_from([-2, -1, 1, 2])) for _ in members]
        total = sum(weight * truth[member] for member, weight in zip(members, weights, strict=True))
        least = total - draw(st.integers(0, 1)) if draw(st.booleans()) else None
        most = total + draw(st.integers(0, 1)) if least is None or draw(st.booleans()) else None
        relations.append(Relation(tuple(members), tuple(weights), least, most))
    return System((0,) * size, (4,) * size, tuple(relations)), truth


def enumerated(system):
    """Every world, by trying all."""
    ranges = [range(low, high + 1) for low, high in zip(system.low, system.high, strict=True)]
    return [
        world
        for world in product(*ranges)
        if all(
            (relation.least is None or relation.least <= total) and (relation.most is None or total <= relation.most)
            for relation in system.relations
            for total in [sum(w * world[u] for u, w in zip(relation.unknowns, relation.weights, strict=True))]
        )
    ]


@settings(max_examples=200, deadline=None)
@given(drawn=systems(), width=st.integers(1, 4))
def test_no_world_is_missed_and_narrow_means_narrow(drawn, width):
    system, _ = drawn
    worlds = enumerated(system)
    aims = [Aim(unknown, width) for unknown in range(len(system.low))]
    quick, thorough = conclude(system, aims), conclude(system, aims, evidence=True)
    for unknown, reach in thorough.reaches.items():
        values = {world[unknown] for world in worlds}
        assert reach.low <= min(values)
        assert max(values) <= reach.high
        narrow = max(values) - min(values) < width
        assert (reach.standing is not Standing.WIDE) is narrow
        assert (quick.reaches[unknown].standing is not Standing.WIDE) is narrow


@settings(max_examples=100, deadline=None)
@given(drawn=systems())
def test_a_world_that_is_asked_for_is_a_world(drawn):
    system, _ = drawn
    assert conclude(system, [], world=True).world in enumerated(system)


@settings(max_examples=100, deadline=None)
@given(drawn=systems())
def test_arithmetic_alone_loses_no_world(drawn):
    system, _ = drawn
    narrowed = tighten(system)
    assert not isinstance(narrowed, Contradiction)
    for world in enumerated(system):
        assert all(low <= n <= high for low, n, high in zip(narrowed.low, world, narrowed.high, strict=True))


@settings(max_examples=100, deadline=None)
@given(drawn=systems(), shift=st.integers(1, 30))
def test_what_no_numbers_fit_is_a_contradiction_or_at_least_never_safe(drawn, shift):
    system, truth = drawn
    wrong = Relation(tuple(range(len(truth))), (1,) * len(truth), sum(truth) + shift, sum(truth) + shift)
    broken = System(system.low, system.high, (*system.relations, wrong))
    if enumerated(broken):
        return
    knowledge = conclude(broken, [Aim(0, 1)])
    assert knowledge.contradiction or knowledge.reaches[0].standing is not Standing.WIDE


# --- by hand ------------------------------------------------------------------------------------------


def test_whole_numbers_are_narrower_than_the_linear_programme_says():
    # 2x + 2y + z = 7 with x, y in 0..3, z in 0..1: z is odd, so 1, though the programme allows 0.
    system = System((0, 0, 0), (3, 3, 1), (Relation((0, 1, 2), (2, 2, 1), 7, 7),))
    knowledge = conclude(system, [Aim(2, 1)])
    assert knowledge.reaches[2].standing is Standing.NARROW


def test_numbers_that_share_no_sum_fall_apart():
    system = System((0, 0, 0, 0, 5, 0), (9, 9, 9, 9, 5, 9), (sums_to([0, 1], 4), sums_to([2], 3)))
    split = parts(system)
    assert [part.unknowns for part in split] == [(0, 1), (2, 3), (5,)]
    assert split[0].relations == (Relation((0, 1), (1, 1), 5, 5),)


def test_sums_that_push_one_another_up_for_ever_are_a_contradiction():
    # x >= 2y and y >= 2x + 1: every bound doubles the other.
    endless = (Relation((0, 1), (1, -2), 0, None), Relation((0, 1), (-2, 1), 1, None))
    assert isinstance(tighten(System((0, 0), (None, None), endless)), Contradiction)


def test_a_solver_that_fails_is_not_good_news(monkeypatch):
    cells = frame(column("q", "q", {"a": 50, "b": HIDDEN, "c": HIDDEN, "_ANS": 90, "_T": 90}))
    assert rules_broken(attack(cells, **rules())) == set()
    monkeypatch.setattr(Program, "largest", lambda *_: Answer(Status.BROKEN, None))
    assert "attack_solver_failed" in rules_broken(attack(cells, **rules()))


@pytest.mark.parametrize("numbers", [[0.0, 1000.0], [20.4, 19.6], [-5.0, 45.0]], ids=["far", "fractions", "below"])
def test_a_solver_that_lies_proves_nothing(monkeypatch, numbers):
    cells = frame(column("q", "q", {"a": 50, "b": HIDDEN, "c": HIDDEN, "_ANS": 90, "_T": 90}))
    monkeypatch.setattr(Program, "largest", lambda *_: Answer(Status.BEST, np.array(numbers)))
    report = attack(cells, **rules())
    assert {cell.standing for cell in report.intervals}.isdisjoint({Standing.WIDE})
    assert rules_broken(report) & {"cell_interval_unproven", "cell_interval_narrow"}


def test_without_two_worlds_nothing_is_proven(monkeypatch):
    system = System((0, 0), (9, 9), (Relation((0, 1), (1, 1), 9, 9),))
    assert conclude(system, [Aim(0, 3)]).reaches[0].standing is Standing.WIDE
    monkeypatch.setattr(intervals._Hunt, "_fits", lambda *_: False)
    assert conclude(system, [Aim(0, 3)]).reaches[0].standing is Standing.UNPROVEN


def test_the_solver_says_nothing_on_standard_output(capfd):
    # HiGHS greets on standard output when it is made: that would end up inside `--json`.
    conclude(System((0, 0), (9, 9), (Relation((0, 1), (1, 1), 9, 9),)), [Aim(0, 1)])
    assert capfd.readouterr().out == ""


# --- tables that others protected ------------------------------------------------------------------------


def read(name):
    with open(Path(os.environ["SHOJI_DATA"]) / "tabular_cases" / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cube(table, method):
    """A table of up to three dimensions with its totals, as one system; nothing is known of hidden cells but >= 0."""
    dims = [name for name in read(f"own_tables/{table}.csv")[0] if name.startswith("d")]
    counts = {tuple(line[d] for d in dims): line for line in read(f"own_tables/{table}.csv")}
    status = {
        tuple(line[d] for d in dims): line["sdcStatus"] for line in read(f"own_tables/result_{table}_{method}.csv")
    }
    return system_of({key: int(line["freq"]) for key, line in counts.items()}, status, "Total"), status


def system_of(counts, status, total):
    index = {key: number for number, key in enumerate(counts)}
    hidden = [status[key] in "ux" for key in counts]
    relations = []
    for axis in range(len(next(iter(counts)))):
        lines = defaultdict(list)
        for key in counts:
            lines[*key[:axis], total, *key[axis + 1 :]].append(key)
        relations += [sums_to([index[key] for key in line if key != head], index[head]) for head, line in lines.items()]
    low = tuple(0 if hide else count for hide, count in zip(hidden, counts.values(), strict=True))
    high = tuple(None if hide else count for hide, count in zip(hidden, counts.values(), strict=True))
    return System(low, high, tuple(relations)), index


@pytest.mark.real
def test_the_unsafe_pattern_of_the_old_heuristic_is_found():
    (system, index), status = cube("t3d_10x10x10", "SIMPLEHEURISTIC_OLD")
    primary = [key for key, letter in status.items() if letter == "u"]
    knowledge = conclude(system, [Aim(index[key], 1) for key in primary], evidence=True)
    known = [key for key in primary if knowledge.reaches[index[key]].standing is not Standing.WIDE]
    assert len(primary) == 153
    assert known == [("a07", "b07", "c04")]
    reach = knowledge.reaches[index[known[0]]]
    assert reach.low == reach.high == 1


@pytest.mark.real
@pytest.mark.parametrize(
    ("table", "method"),
    [
        ("t3d_10x10x10", "GAUSS"),
        ("t3d_10x10x10", "GS"),
        ("t3d_10x10x10", "SIMPLEHEURISTIC"),
        ("t3d_6x6x6", "HYPERCUBE"),
        ("t3d_6x6x6", "SIMPLEHEURISTIC_OLD"),
        ("t2d_30x20", "OPT"),
        ("t2d_30x20", "HITAS"),
    ],
)
def test_safe_patterns_pass(table, method):
    (system, index), status = cube(table, method)
    primary = [key for key, letter in status.items() if letter == "u"]
    knowledge = conclude(system, [Aim(index[key], 1) for key in primary])
    assert {reach.standing for reach in knowledge.reaches.values()} == {Standing.WIDE}
    # Worlds are shared: asking about each cell alone would be two programmes a cell.
    assert knowledge.runs < len(primary)


@pytest.mark.real
@pytest.mark.parametrize("method", ["primary_only", "protected", "OPT", "HITAS", "GAUSS"])
def test_intervals_equal_those_of_another_attacker(method):
    table = read("sdcTable/expected_4x4_w_b_OPT.csv")
    pattern = {"primary_only": "SIMPLEHEURISTIC_OLD", "protected": "SIMPLEHEURISTIC"}.get(method, method)
    keys = [(line["v1"], line["v2"]) for line in table]
    letters = [line["sdcStatus"] for line in read(f"sdcTable/expected_4x4_w_b_{pattern}.csv")]
    counts = {key: int(line["Freq"]) for key, line in zip(keys, table, strict=True)}
    system, _ = system_of(counts, dict(zip(keys, letters, strict=True)), "tot")
    theirs = {
        int(line["id"]) - 1: (int(line["low"]), int(line["up"])) for line in read(f"sdcTable/attack_4x4_{method}.csv")
    }
    knowledge = conclude(system, [Aim(unknown, 1) for unknown in theirs], evidence=True)
    assert {unknown: (r.low, r.high) for unknown, r in knowledge.reaches.items()} == theirs
    exactly_known = [keys[u] for u, r in knowledge.reaches.items() if r.low == r.high]
    assert exactly_known == ([("w", "b")] if method == "primary_only" else [])

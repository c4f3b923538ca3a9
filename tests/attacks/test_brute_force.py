"""No miss and no false alarm: on small tables the attacker says exactly what trying out every world says."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.attacks.small_tables import Case, draw
from transforms.attack import Mark, Ratio, audit_tables
from transforms.attack.table_attack import TableReport
from transforms.attack.table_board import board_of_tables

SECRET = (Mark.PRIMARY, Mark.HIDDEN)
NARROW = {"table_cell_determined", "table_cell_narrow"}


def found(report: TableReport, rules: set[str]) -> Counter:
    """How many cells were found under these rules."""
    return Counter(finding.rule for finding in report.findings if finding.rule in rules)


def expected(case: Case, spans: dict, width: int) -> Counter:
    """What must be found, by the spans over all worlds."""
    counted: Counter = Counter()
    hidden = case.hidden
    for key in case.cells:
        marks = hidden.get(key, set())
        low, high = spans[key]
        if marks & set(SECRET) and high - low < width:
            counted["table_cell_determined" if low == high else "table_cell_narrow"] += 1
        elif Mark.SECONDARY in marks and not marks & set(SECRET) and low == high:
            counted["table_secondary_determined"] += 1
    return counted


def compare(seed: int) -> str:
    """One random case; what became of it."""
    case = draw(seed)
    width = random.Random(seed).choice([1, 1, 2, 3])
    spans = case.spans()
    assert spans, "the truth is a world"
    report = audit_tables(case.tables, width=width, evidence=bool(seed % 2))
    rules = NARROW | {"table_secondary_determined", "table_cell_unproven", "table_contradicts"}
    assert found(report, rules) == expected(case, spans, width), seed
    for interval in report.intervals:
        low, high = spans[interval.key]
        if interval.exact:
            assert interval.low <= low and (interval.high is None or high <= interval.high), seed
        else:
            assert low <= interval.low and interval.high <= high, seed
    return report.verdict.value


def compare_insiders(seed: int) -> int:
    """Everybody alone in a hidden cell, one after the other; how many cells somebody learns."""
    case = draw(seed)
    if any(table.prior.rounding for table in case.tables):
        return 0
    public = case.spans()
    alone = {f"person {n}": {key: 1} for n, key in enumerate(case.hidden) if case.true(key) == 1}
    learned = set()
    secret = {key for key, marks in case.hidden.items() if marks & set(SECRET)}
    for known in alone.values():
        hers = case.spans(lambda world, known=known: all(world[key] == 1 for key in known))
        for key in secret - set(known):
            (low, high), (her_low, her_high) = public[key], hers[key]
            if high - low >= 1 and her_low == her_high:
                learned.add(key)
    report = audit_tables(case.tables, insiders=alone)
    assert found(report, {"table_cell_open_to_contributor"}).total() == len(learned), seed
    return len(learned)


def compare_shares(seed: int) -> str:
    """A share with few decimals of one hidden cell in another, printed beside."""
    dice = random.Random(seed)
    case = draw(seed)
    whole = (case.tables[0].measure, frozenset())
    part = dice.choice(sorted((key for key in case.hidden if key[1]), key=lambda key: sorted(key[1])) or [whole])
    if part == whole or not case.true(whole):
        return "none"
    decimals = dice.choice([0, 1])
    share = f"{100 * case.true(part) / case.true(whole):.{decimals}f}"
    half = Fraction(1, 2 * 10**decimals)

    def printed(world: dict) -> bool:
        return abs(100 * world[part] - Fraction(share) * world[whole]) <= half * world[whole]

    spans = case.spans(printed)
    report = audit_tables(case.tables, ratios=[Ratio.printed(part, whole, share, percent=True)])
    rules = NARROW | {"table_secondary_determined", "table_cell_unproven", "table_contradicts"}
    assert found(report, rules) == expected(case, spans, 1), seed
    return report.verdict.value


def compare_fractions(seed: int) -> str:
    """True figures that need not be whole: SciPy's linear programmes on the same bounds."""
    case = draw(seed)
    if any(table.prior.rounding for table in case.tables):
        return "rounded"
    report = audit_tables(case.tables, integral=False)
    board = board_of_tables(case.tables, integral=False)
    matrix = np.zeros((len(board.sums), len(board.keys)))
    for row, (parts, total) in enumerate(board.sums):
        matrix[row, list(parts)] = 1
        matrix[row, total] = -1
    bounds = list(zip(board.low, board.high, strict=True))
    narrow = 0
    for unknown in range(len(board.keys)):
        if not board.marks[unknown] & set(SECRET):
            continue
        cost = np.zeros(len(board.keys))
        cost[unknown] = 1
        ends = [linprog(sign * cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds).fun for sign in (1, -1)]
        narrow += -ends[1] - ends[0] < board.grain - 1e-4
    assert found(report, {*NARROW, "table_cell_unproven"}).total() == narrow, seed
    return report.verdict.value


@pytest.mark.parametrize("first", range(0, 240, 60))
def test_the_attacker_finds_what_enumeration_finds(first):
    outcomes = Counter(compare(seed) for seed in range(first, first + 60))
    assert min(outcomes["PASS"], outcomes["FAIL"]) >= 5


def test_a_contributor_who_knows_her_own_cell_learns_what_enumeration_says_she_learns():
    assert sum(compare_insiders(seed) for seed in range(120)) >= 10


def test_a_printed_share_gives_away_what_enumeration_says_it_does():
    outcomes = Counter(compare_shares(seed) for seed in range(120))
    assert min(outcomes["PASS"], outcomes["FAIL"]) >= 5


def test_fractions_are_found_as_linear_programmes_find_them():
    outcomes = Counter(compare_fractions(seed) for seed in range(180))
    assert min(outcomes["PASS"], outcomes["FAIL"]) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1_000, 5_000, 500))
def test_the_attacker_finds_what_enumeration_finds_thousands_of_times(first):
    for seed in range(first, first + 500):
        compare(seed)
        compare_insiders(seed)
        compare_shares(seed)


@pytest.mark.slow
def test_fractions_are_found_as_linear_programmes_find_them_a_thousand_times():
    for seed in range(1_000, 2_000):
        compare_fractions(seed)

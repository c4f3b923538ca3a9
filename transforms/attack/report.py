"""What the attacker reports: verdicts and findings for everyone, intervals for the operator alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from terms.findings import Finding, Verdict
from transforms.attack.intervals import Standing
from transforms.attack.release import Address

TEST_OF_RULE = {
    "nothing_to_attack": "A1",
    "kind_unknown": "A1",
    "cell_malformed": "A1",
    "cell_differs": "A1",
    "figures_contradict": "A1",
    "cell_interval_narrow": "A1",
    "cell_interval_unproven": "A1",
    "small_count_derived": "A1",
    "attack_solver_failed": "A1",
    "group_below_k": "R1",
    "shown_below_k": "R2",
    "hidden_with_value": "R2",
    "shown_and_hidden": "R2",
    "group_disclosure": "R3",
    "figure_not_rounded": "R7",
    "measure_unknown": "R7",
    "percent_of_hidden": "R7",
    "weighted_of_hidden": "R7",
    "percent_not_from_displayed": "R7",
}
"""Which test a finding fails. A rule that is missing here fails all of them."""

BLINDING = {"nothing_to_attack", "kind_unknown", "figures_contradict", "attack_solver_failed"}
"""Where these are found nothing else can be judged: every test fails."""


@dataclass(frozen=True, kw_only=True)
class CellInterval:
    """How far one hidden cell can move (operators only: the narrowest interval helps an attacker)."""

    address: Address
    low: int
    high: int | None
    """``None``: nothing bounds it."""
    standing: Standing
    exact: bool
    """The ends are exact; else the cell is known to take these two values, and may move further."""


@dataclass(frozen=True, kw_only=True)
class AttackReport:
    """The outcome of one attack."""

    tests: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    """Table names and numbers of cells; no row, no column, no figure."""
    intervals: tuple[CellInterval, ...] = ()
    solver_runs: int = 0

    @property
    def verdict(self) -> Verdict:
        """``PASS`` only where every test passed."""
        return Verdict.worst(self.tests.values())


def summarise(faults: Iterable[tuple[str, str]], **facts: int) -> tuple[Finding, ...]:
    """One finding for each table and rule, with the number of cells.

    >>> [dict(finding.facts) for finding in summarise([("q1", "shown_below_k"), ("q1", "shown_below_k")], k=10)]
    [{'cells': 2, 'k': 10}]
    """
    counted = Counter(faults)
    return tuple(
        Finding(place=table, rule=rule, facts={"cells": cells, **facts}) for (table, rule), cells in counted.items()
    )


def verdicts(findings: Iterable[Finding], tests: Iterable[str]) -> dict[str, Verdict]:
    """Every test fails that a finding belongs to, all of them where one blinds the attacker."""
    found = {finding.rule for finding in findings}
    blind = any(rule in BLINDING or rule not in TEST_OF_RULE for rule in found)
    failed = {TEST_OF_RULE.get(rule) for rule in found}
    return {test: Verdict.FAIL if blind or test in failed else Verdict.PASS for test in tests}

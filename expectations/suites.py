"""Judging one shore: frames of counts in, a verdict and findings out."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from expectations import anonymised, clean, quiet, raw, released
from expectations.promises import Promise
from terms.codebook import Codebook
from terms.findings import Fault, Finding, Verdict, fault
from terms.policy import Policy
from terms.survey import Survey

Shore = Literal["raw", "clean", "anonymised", "released"]

SHORES: dict[Shore, Any] = {"raw": raw, "clean": clean, "anonymised": anonymised, "released": released}

# Great Expectations keeps one current project a process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class SuiteResult:
    """What came of one shore's suite."""

    shore: Shore
    checks: Mapping[str, Verdict]
    """Promise -> whether it holds."""
    findings: tuple[Finding, ...]
    """Every broken promise, with the declared column or table it is broken in; never a value, never a code."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "checks", MappingProxyType(dict(self.checks)))

    def __reduce__(self) -> tuple:
        return (_suite_result, (self.shore, dict(self.checks), self.findings))

    @property
    def verdict(self) -> Verdict:
        """``PASS`` where there is at least one promise and every one holds."""
        return Verdict.worst(self.checks.values())


def _suite_result(shore: Shore, checks: dict[str, Verdict], findings: tuple[Finding, ...]) -> SuiteResult:
    return SuiteResult(shore=shore, checks=checks, findings=findings)


def check(
    shore: Shore,
    frames: Mapping[str, Any],
    *,
    survey: Survey,
    policy: Policy,
    clean_rows: int | None = None,
    codebook: Codebook | None = None,
) -> SuiteResult:
    """Judge one shore on its class tables.

    ``frames`` are Polars, Arrow or pandas frames, by name, with at least these columns:

    * raw: ``columns`` (``column, role``), ``detectors`` (``column, rule, rows``)
    * clean: ``codes`` (``variable, code, people``), ``population`` (``rows, people``, one line)
    * anonymised: ``classes`` (``people``, and ``distinct_<column>`` for each sensitive column); ``clean_rows`` says
      how many people they must hold
    * released: ``cells`` (the columns of ``data/cells.csv``)

    With a codebook, released groups must be those of its levels; without, of any level.

    Raises Fault where a suite comes to no verdict: it errored (``expectation_errored``), or what it is judged on was
    not handed over. What the library said is dropped, since it may quote a value.
    """
    place = f"{survey.name}.{shore}"
    if shore not in SHORES:
        raise fault(survey.name, "expectation_suite_unknown")
    expected = SHORES[shore].tables(survey)
    if set(frames) != set(expected):
        raise fault(place, "expectation_frames_differ", expected=", ".join(expected))
    if shore == "anonymised" and clean_rows is None:
        raise fault(place, "expectation_rows_missing")
    given = {"policy": policy, "clean_rows": clean_rows, "codebook": codebook}
    result = None
    problem = fault(place, "expectation_errored", suite=shore)
    with _ONE_AT_A_TIME, quiet.hushed():
        from expectations import machinery  # slow; and an import that fails has seen no value, so it may say why

        try:
            result = _judge(machinery, shore, frames, survey, given)
        except Fault as known:
            problem = known
        except Exception:
            result = None
    # Raised here and not where it was caught: nothing is chained that may quote a value.
    if result is None:
        raise problem
    return result


def _judge(
    machinery: Any, shore: Shore, frames: Mapping[str, Any], survey: Survey, given: dict[str, Any]
) -> SuiteResult:
    place = f"{survey.name}.{shore}"
    tables = {
        name: machinery.class_table(frames[name], columns, place)
        for name, columns in SHORES[shore].tables(survey).items()
    }
    promises: list[Promise] = SHORES[shore].promises(survey, tables, **given)
    checks: dict[str, Verdict] = {}
    for name, table in tables.items():
        about = [promise for promise in promises if promise.table == name]
        checks |= machinery.verdicts(f"{shore}.{name}", table, about)
    findings: list[Finding] = []
    for promise in promises:
        if checks[promise.name] is not Verdict.PASS:
            findings += _broken(shore, survey, promise, machinery.breaches(promise, tables[promise.table]))
    # What no promise of ours accounts for (an empty table, a missing result) is said of the shore as a whole.
    own = {promise.name for promise in promises}
    for name, verdict in checks.items():
        if name not in own and verdict is not Verdict.PASS:
            findings.append(_finding(survey.name, "expectation_failed", suite=shore, promise=name))
    return SuiteResult(shore=shore, checks=checks, findings=tuple(findings))


def _broken(shore: Shore, survey: Survey, promise: Promise, addresses: list[str]) -> Iterator[Finding]:
    """One finding a declared column or table, and one for everything that has no declared name."""
    if not addresses:
        yield _finding(survey.name, "expectation_failed", suite=shore, promise=promise.name)
    declared = _declared_names(survey)
    counted = Counter(address if address in declared else "" for address in addresses)
    for address, count in sorted(counted.items()):
        place = f"{survey.name}.{address}" if address else survey.name
        yield _finding(place, promise.rule, suite=shore, lines=count, **promise.facts)


def _finding(place: str, rule: str, **facts: int | str) -> Finding:
    return Finding(place=place, rule=rule, facts=facts)


def _declared_names(survey: Survey) -> set[str]:
    columns = {column.name for column in survey.columns}
    options = {f"{column.name}__{option.code}" for column in survey.columns for option in column.options}
    return columns | options | {table.name for table in survey.tables}

"""The attacker on a table that somebody else protected, given as a plain CSV.

What it says are addresses of cells. Intervals follow from the printed figures alone, so the file's owner may see them,
on a terminal or with ``--operator``; values that the file gives for hidden cells are never repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from flows.audit import audit_json
from flows.table_options import TableOptions
from flows.voice import problem_lines
from storage.decoding import AUTO, encoding_of
from terms.findings import Finding, Refused, refuse, wrong_use
from terms.words import Language, Text
from transforms.attack import (
    TableFile,
    TableInterval,
    TableReport,
    audit_tables,
    compare_with_truth,
    read_hierarchy,
    read_table,
)

MOST_BYTES = 200_000_000
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
OF_ONE_CELL = ("table_cell_determined", "table_cell_narrow", "table_cell_unproven", "table_secondary_determined")

ASKED = Text(
    ja="非公表の欄 {cells} 件: 公表値すべてと両立し、{width} 以上離れた二つの値があるか",
    en="asked of {cells} hidden cells: are there two values at least {width} apart that fit every figure shown",
)
KNOWN = Text(ja="読み手が知るとしたこと: 負の値はない", en="readers were taken to know: no figure is negative")
KNOWN_K = Text(ja="しきい値は {k}", en="the threshold is {k}")
KNOWN_ZEROS = Text(ja="隠した欄は 0 でない", en="hidden cells are not empty")
KNOWN_ROUNDING = Text(ja="{rounding} の倍数に丸めてある", en="figures were rounded to {rounding}")


@dataclass(frozen=True, kw_only=True)
class TableAudit:
    """An attack on a file, with what is needed to speak of it."""

    options: TableOptions
    file: TableFile
    report: TableReport
    width: str
    findings: tuple[Finding, ...]


def audit_csv(path: Path, options: TableOptions, *, evidence: bool = False) -> TableAudit:
    """Attack the table in a CSV.

    The width asked for is ``options.width`` in units of the file; without it, the house's own where the threshold is
    public (k - 2: readers must not be able to rule out any of 1..k-1), else the smallest unit (nothing may follow
    exactly). Raises Refused for a file that is no such table, WrongUse for options that make no sense.
    """
    _refuse_nonsense(options)
    file = read_table(
        _text(path, path.name),
        hierarchies=_hierarchies(options),
        total=options.total,
        without_total=options.without_total,
        k=options.k,
        rounding=options.rounding,
        zeros_shown=options.zeros_shown,
    )
    smallest = Fraction(1, 10**file.decimals)
    asked = Fraction(options.width) if options.width else Fraction(max(options.k - 2, 1)) if options.k else smallest
    # Figures rounded to the last digit they are printed with stand for fractions.
    fractions = options.fractions or (file.decimals > 0 and file.table.prior.rounding == 1)
    report = audit_tables(
        [file.table],
        width=max(int(asked / smallest), 1),
        insiders=file.insiders,
        integral=not fractions,
        evidence=evidence,
    )
    right, wrong = compare_with_truth(report, file.truth)
    afterwards = [
        Finding(place=path.name, rule=rule, facts={"cells": cells})
        for rule, cells in (("table_truth_found", right), ("table_readers_mislead_themselves", wrong))
        if cells
    ]
    return TableAudit(
        options=options,
        file=file,
        report=report,
        width=str(float(asked)).removesuffix(".0"),
        findings=(*report.findings, *afterwards),
    )


def _refuse_nonsense(options: TableOptions) -> None:
    if options.k is not None and options.k < 2:
        raise wrong_use("--k", "option_number_malformed")
    for name, number in (("--width", options.width), ("--rounding", options.rounding)):
        if number is not None and not (NUMBER.fullmatch(number) and float(number) > 0):
            raise wrong_use(name, "option_number_malformed")


def _hierarchies(options: TableOptions) -> dict[str, Any]:
    """By variable, read from the files that ``--hierarchy`` names."""
    trees: dict[str, Any] = {}
    for pair in options.hierarchies:
        variable, separator, name = pair.partition("=")
        if not separator or not variable or variable in trees:
            raise wrong_use("--hierarchy", "hierarchy_option_malformed")
        file = Path(name)
        trees[variable] = read_hierarchy(_text(file, file.name), file.name, options.total)
    return trees


def _text(path: Path, place: str) -> str:
    """A file's text in whatever common encoding it is; Refused with the line that is in none."""
    data: bytes | None = None
    try:
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            data = path.read_bytes()
    except OSError:
        data = None
    if data is None:
        raise refuse(place, "table_file_unreadable", megabytes=MOST_BYTES // 1_000_000)
    where: str | None = None
    try:
        encoding = encoding_of(place, data, AUTO)
    except Refused as refused:
        where = refused.findings[0].place
    if where is not None:
        raise refuse(where, "table_encoding_unknown")
    return data[encoding.mark :].decode(encoding.codec)


def table_audit_json(audit: TableAudit, *, operator: bool) -> dict[str, Any]:
    """The contract of ``audit --json``; intervals only for operators."""
    content = audit_json(audit.report, audit.findings) | {"hidden": audit.report.hidden, "width": audit.width}
    if operator:
        content["intervals"] = [
            {"cell": interval.place, "low": _written(audit, interval.low), "high": _written(audit, interval.high)}
            for interval in audit.report.intervals
        ]
    return content


def table_audit_lines(audit: TableAudit, language: Language, *, intervals: bool) -> list[str]:
    """The verdict, what was asked, and every finding, with its interval for those who may see it."""
    tests = ", ".join(f"{name} {verdict.value}" for name, verdict in audit.report.tests.items())
    asked = ASKED[language].format(cells=audit.report.hidden, width=audit.width)
    known = {interval.place: interval for interval in audit.report.intervals} if intervals else {}
    lines = [f"{audit.report.verdict.value}: {tests}", asked, _known(audit, language)]
    for finding in audit.findings:
        (line,) = problem_lines([finding], language)
        interval = known.get(finding.place) if finding.rule in OF_ONE_CELL else None
        lines.append(line if interval is None else f"{line} {_span(audit, interval)}")
    return lines


def _known(audit: TableAudit, language: Language) -> str:
    prior, options = audit.file.table.prior, audit.options
    known = [KNOWN[language]]
    if options.k is not None:
        known.append(KNOWN_K[language].format(k=options.k))
    if prior.zeros_shown:
        known.append(KNOWN_ZEROS[language])
    if options.rounding is not None:
        known.append(KNOWN_ROUNDING[language].format(rounding=options.rounding))
    return ", ".join(known)


def _span(audit: TableAudit, interval: TableInterval) -> str:
    low, high = _written(audit, interval.low), _written(audit, interval.high)
    return f"[{low}]" if low == high else f"[{low} .. {high or '∞'}]"


def _written(audit: TableAudit, units: int | None) -> str | None:
    """In the units of the file; fractions to two digits more than it prints."""
    if units is None:
        return None
    value = Fraction(units, audit.report.grain * 10**audit.file.decimals)
    return str(value) if value.denominator == 1 else f"{float(value):.{audit.file.decimals + 2}f}"

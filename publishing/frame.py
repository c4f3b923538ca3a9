"""Looking at what is about to be published, once more: a frame that is not what it promises is published nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from publishing.banner import COLUMNS, MEASURES, labels_of
from terms.findings import Finding, Refused, Verdict, fault, refuse
from terms.hierarchy import TOTAL
from terms.release import ReleaseContent

STATUSES = ("shown", "hidden")


def check(content: ReleaseContent) -> None:
    """Raise unless every verdict is ``PASS`` and every line of the frame is a displayed or a hidden figure.

    Refuses content without a verdict or with one that is not ``PASS``. A malformed frame is a fault: a hidden
    line with a value, a shown one without, a code or measure nobody declared, a line said twice.
    """
    failed = [name for name, verdict in content.tests.items() if verdict is not Verdict.PASS]
    if failed:
        raise Refused(*(Finding(place=f"tests.{name}", rule="release_test_failed") for name in failed))
    if not content.tests:
        raise refuse("tests", "release_without_verdict")
    if missing := [name for name in COLUMNS if name not in content.cells.columns]:
        raise fault(f"cells.{missing[0]}", "release_column_missing")
    for number, rule in _wrong_lines(content):
        raise fault(f"cells: line {number}", rule)


def _wrong_lines(content: ReleaseContent) -> Iterator[tuple[int, str]]:
    declared = {column.name for column in content.survey.columns} | {TOTAL}
    tables = {table.name for table in content.survey.tables}
    known: dict[str, frozenset[str]] = {}
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(content.cells.select(COLUMNS).iter_rows(), start=1):
        table, row_var, row, col_var, col, measure, value, status = line
        if table not in tables or row_var not in declared or col_var not in declared or row_var == TOTAL:
            yield number, "release_line_undeclared"
            continue
        for variable in (row_var, col_var):
            if variable not in known:
                known[variable] = frozenset(labels_of(content, variable))
        if row not in known[row_var] or col not in known[col_var] or measure not in MEASURES:
            yield number, "release_line_undeclared"
        if line[:6] in seen:
            yield number, "release_line_repeated"
        seen.add(line[:6])
        if not _value_fits(value, status):
            yield number, "release_value_and_status_disagree"
        # How many people are in a group, and which share of all, is no answer of theirs: it may stand beside a
        # withheld question.
        group_size = row == TOTAL and measure in {"respondents", "row_percent"}
        if row_var in content.withheld_questions and status != "hidden" and not group_size:
            yield number, "release_withheld_question_shown"
        if row_var in content.weights_withheld and measure == "weighted_percent" and status != "hidden":
            yield number, "release_withheld_question_shown"


def _value_fits(value: object, status: str) -> bool:
    """A figure is a whole number; a hidden one is no number at all."""
    if status == "hidden":
        return value is None
    return status == "shown" and isinstance(value, int) and not isinstance(value, bool) and value >= 0

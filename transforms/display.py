"""From protected counts to the figures people see: rounded counts, whole percentages (R7, R8).

Every derived figure is a function of displayed figures only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from terms.hierarchy import ANSWERED, TOTAL

DISPLAY_SCHEMA = {
    "table": pl.String,
    "row_var": pl.String,
    "row": pl.String,
    "col_var": pl.String,
    "col": pl.String,
    "measure": pl.String,
    "value": pl.Int64,
    "status": pl.String,
}

SHOWN = "shown"
HIDDEN = "hidden"

Displayed = Mapping[str, int | None]
"""Row code -> displayed count of one column; ``None`` where hidden."""


def round_half_up(count: int, base: int) -> int:
    """The nearest multiple of ``base``, halves up.

    >>> [round_half_up(n, 5) for n in (12, 13, 17, 18)]
    [10, 15, 15, 20]
    """
    return (2 * count + base) // (2 * base) * base


def whole_percent(part: int, whole: int) -> int | None:
    """100 part / whole, halves up, never above 100; ``None`` where there is no whole.

    A part can exceed its whole by the rounding base only.

    >>> [whole_percent(1, 3), whole_percent(1, 8), whole_percent(15, 10), whole_percent(0, 0)]
    [33, 13, 100, None]
    """
    return min((200 * part + whole) // (2 * whole), 100) if whole else None


def display(
    protected: pl.DataFrame,
    rounding: int,
    weights_shown: Collection[str] = (),
    questions: Collection[str] = (),
) -> pl.DataFrame:
    """The published cells (:data:`DISPLAY_SCHEMA`) of a protected frame, in its order.

    ``weights_shown`` names the questions whose weighted percentages may be shown, ``questions`` those that have
    a line for the weighted percentage at all. Measures: ``respondents`` and, on row ``_T`` of a question,
    ``base``; ``percent`` of the displayed answering base; ``percent_of_all`` of the displayed number of people in
    the column; ``row_percent`` of the displayed total of the row; ``weighted_percent`` = m*/n* with
    m* = round(n p_w) (R8). A figure any part of which is hidden is hidden.
    """
    lines: list[dict[str, object]] = []
    for (_table, row_var), cells in protected.group_by("table", "row_var", maintain_order=True):
        lines += _table_lines(cells, rounding, row_var in weights_shown, row_var in questions)
    return pl.DataFrame(lines, schema=DISPLAY_SCHEMA)


def _table_lines(cells: pl.DataFrame, rounding: int, weights_shown: bool, weighted: bool) -> list[dict[str, object]]:
    shown = {
        (cell["row"], cell["col"]): round_half_up(cell["respondents"], rounding)
        for cell in cells.iter_rows(named=True)
        if cell["status"] == SHOWN
    }
    exact = {(cell["row"], cell["col"]): cell for cell in cells.iter_rows(named=True)}
    has_base = any(row == ANSWERED for row, _ in exact)
    lines = []
    for cell in cells.iter_rows(named=True):
        row, col = cell["row"], cell["col"]
        weighted_share = None
        if weights_shown and has_base and (row, col) in shown and (ANSWERED, col) in shown:
            weighted_share = _weighted_percent(cell, exact[ANSWERED, col], shown[ANSWERED, col], rounding)
        for measure, value in _measures(row, col, cell["col_var"], shown, has_base):
            lines.append(_line(cell, measure, value))
        if weighted and has_base and row not in {TOTAL, ANSWERED} and cell["row"] != "_NA":
            lines.append(_line(cell, "weighted_percent", weighted_share))
    return lines


def _measures(
    row: str, col: str, col_var: str, shown: Mapping[tuple[str, str], int], has_base: bool
) -> Iterator[tuple[str, int | None]]:
    count = shown.get((row, col))

    def share(of: tuple[str, str]) -> int | None:
        whole = shown.get(of)
        return None if count is None or whole is None else whole_percent(count, whole)

    if row == ANSWERED:
        yield "base", count
        return
    yield "respondents", count
    if row != TOTAL:
        if has_base and row != "_NA":
            yield "percent", share((ANSWERED, col))
        yield "percent_of_all", share((TOTAL, col))
    if col_var != TOTAL and col != TOTAL:
        yield "row_percent", share((row, TOTAL))


def _weighted_percent(
    cell: Mapping[str, object], base: Mapping[str, object], displayed_base: int, rounding: int
) -> int | None:
    """m*/n* with m* = round(n p_w): the weighted share in steps that the displayed base allows (R8)."""
    weight, whole = cell["weighted_total"], base["weighted_total"]
    people = base["respondents"]
    if not isinstance(weight, Decimal) or not isinstance(whole, Decimal) or not isinstance(people, int) or not whole:
        return None
    scaled = (weight * people / whole / rounding).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return whole_percent(int(scaled) * rounding, displayed_base)


def _line(cell: Mapping[str, object], measure: str, value: int | None) -> dict[str, object]:
    # The answering base is a measure of the total row, not a row of its own.
    row = TOTAL if cell["row"] == ANSWERED else cell["row"]
    keys = {name: cell[name] for name in ("table", "row_var", "col_var", "col")}
    status = HIDDEN if value is None else SHOWN
    return {**keys, "row": row, "measure": measure, "value": value, "status": status}

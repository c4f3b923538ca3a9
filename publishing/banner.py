"""From the long frame of displayed figures to banner tables: answers down the side, breaks side by side.

Page and workbook both read these, so they cannot say different numbers. Nothing is computed here: every figure is
a line of ``data/cells.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from publishing.wording import cleaned
from terms.codebook import RESERVED_LABELS
from terms.findings import fault
from terms.hierarchy import TOTAL
from terms.release import ReleaseContent
from terms.survey import Kind
from terms.words import Text


class Mark(Enum):
    """What stands where no figure does."""

    HIDDEN = "hidden"
    """Not shown, to protect somebody."""
    ABSENT = "absent"
    """There is no such figure (the share of those without an answer among those with one)."""


Figure = int | Mark

COLUMNS = ("table", "row_var", "row", "col_var", "col", "measure", "value", "status")
"""The columns of the displayed frame and of ``data/cells.csv``."""
SHARES = ("percent", "percent_of_all")
MEASURES = ("respondents", "base", *SHARES, "row_percent", "weighted_percent")


@dataclass(frozen=True, kw_only=True)
class Head:
    """One column: the total, or one category of a break."""

    break_label: Text
    label: Text
    opens: bool
    """First column of its break."""
    share: str
    """Which of :data:`SHARES` the column shows; ``percent_of_all`` where the answering base is hidden."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row: a category, or a base. ``figures`` are in the order of the heads."""

    code: str
    label: Text
    figures: tuple[Figure, ...]

    @property
    def empty(self) -> bool:
        """No column has such a figure, not even a hidden one."""
        return all(figure is Mark.ABSENT for figure in self.figures)


@dataclass(frozen=True, kw_only=True)
class Banner:
    """Everything published about one question (or one demographic variable)."""

    number: int
    label: Text
    is_answer: bool
    several: bool
    """People could choose more than one option: options do not add up."""
    withheld: bool
    """No figures are published; then everything below is empty."""
    heads: tuple[Head, ...] = ()
    asked: Line | None = None
    """Everyone in the column's group."""
    base: Line | None = None
    """Everyone in the group who answered."""
    shares: tuple[Line, ...] = ()
    """As many lines as ``counts``, in the same order."""
    counts: tuple[Line, ...] = ()
    weighted: tuple[Line, ...] = ()
    """Empty unless some weighted figure is shown."""
    weighted_withheld: bool = False
    row_shares: tuple[Line, ...] = ()

    @property
    def mixed(self) -> bool:
        """Some columns show percentages of everyone asked, beside others or alone."""
        return self.is_answer and any(head.share == "percent_of_all" for head in self.heads)


def make_banners(content: ReleaseContent) -> tuple[Banner, ...]:
    """One banner for every variable down the side, in the order the survey declares its tables.

    Raises a fault where two tables of the release say different things about the same people.
    """
    figures = _Figures(content.cells.select(COLUMNS).iter_rows())
    declared = [table.row for table in content.survey.tables]
    order = dict.fromkeys([*declared, *figures.rows])
    published = [name for name in order if name in figures.rows or name in content.withheld_questions]
    return tuple(_banner(content, figures, name, number) for number, name in enumerate(published, start=1))


class _Figures:
    """The frame by cell. The total column of every table of a variable is one and the same column.

    Groups without people, which say nothing about answers, are left to ``data/cells.csv``.
    """

    def __init__(self, lines: Iterable[tuple]) -> None:
        self.figures: dict[tuple[str, ...], Figure] = {}
        self.rows: dict[str, dict[str, None]] = {}
        self.columns: dict[str, dict[tuple[str, str], None]] = {}
        for _, row_var, row, col_var, col, measure, value, _ in lines:
            column = (TOTAL, TOTAL) if col == TOTAL else (col_var, col)
            figure = Mark.HIDDEN if value is None else value
            self.rows.setdefault(row_var, {})[row] = None
            self.columns.setdefault(row_var, {(TOTAL, TOTAL): None})[column] = None
            if self.figures.setdefault((row_var, row, *column, measure), figure) != figure:
                raise fault(f"tables.{row_var}", "release_figures_disagree")
        for variable, columns in self.columns.items():
            self.columns[variable] = {column: None for column in columns if not self._empty(variable, column)}

    def _empty(self, variable: str, column: tuple[str, str]) -> bool:
        """Whether nobody is in this category of a break."""
        group = self.figures.get((variable, TOTAL, *column, "respondents"))
        return column != (TOTAL, TOTAL) and group == 0

    def line(self, variable: str, row: str, measure: str) -> tuple[Figure, ...]:
        return tuple(
            self.figures.get((variable, row, *column, measure), Mark.ABSENT) for column in self.columns[variable]
        )


def _banner(content: ReleaseContent, figures: _Figures, variable: str, number: int) -> Banner:
    column = content.survey.column(variable)
    withheld = variable in content.withheld_questions
    known = {
        "number": number,
        "label": cleaned(column.label),
        "is_answer": column.role.is_answer,
        "several": column.kind is Kind.MULTIPLE,
        "withheld": withheld,
        "weighted_withheld": not withheld and variable in content.weights_withheld,
    }
    if withheld:
        return Banner(**known)
    labels = labels_of(content, variable)
    rows = [row for row in figures.rows[variable] if row != TOTAL]
    if not column.role.is_answer:
        rows = [row for row in rows if any(figures.line(variable, row, "respondents"))]
    share = _shares_shown(figures, variable, rows)

    def lines(*measures: str) -> tuple[Line, ...]:
        """The rows in one measure, or in the measure of each column."""
        wanted = measures if len(measures) > 1 else measures * len(share)
        return tuple(Line(code=row, label=labels[row], figures=_pick(figures, variable, row, wanted)) for row in rows)

    return Banner(
        **known,
        heads=_heads(content, figures.columns[variable], share),
        asked=_total(figures, variable, "respondents"),
        base=_total(figures, variable, "base"),
        shares=lines(*share),
        counts=lines("respondents"),
        weighted=_if_any_shown(lines("weighted_percent")),
        row_shares=_if_any_shown(lines("row_percent")),
    )


def labels_of(content: ReleaseContent, variable: str) -> Mapping[str, Text]:
    """Published codes of a variable with harmless labels, in codebook order, ``_T`` last."""
    if variable == TOTAL:
        return {TOTAL: RESERVED_LABELS[TOTAL]}
    categories = content.codebook.categories(content.survey, variable)
    return {code: cleaned(label) for code, label in categories.items()} | {TOTAL: RESERVED_LABELS[TOTAL]}


def _shares_shown(figures: _Figures, variable: str, rows: Iterable[str]) -> list[str]:
    """The share that each column shows: of those who answered, unless only that of all is there."""
    lines = {measure: [figures.line(variable, row, measure) for row in rows] for measure in SHARES}

    def shown(measure: str, place: int) -> bool:
        return any(isinstance(line[place], int) for line in lines[measure])

    return [
        "percent_of_all" if shown("percent_of_all", place) and not shown("percent", place) else "percent"
        for place in range(len(figures.columns[variable]))
    ]


def _pick(figures: _Figures, variable: str, row: str, measures: Sequence[str]) -> tuple[Figure, ...]:
    lines = {measure: figures.line(variable, row, measure) for measure in dict.fromkeys(measures)}
    return tuple(lines[measure][place] for place, measure in enumerate(measures))


def _heads(content: ReleaseContent, columns: Iterable[tuple[str, str]], shares: Iterable[str]) -> tuple[Head, ...]:
    heads = []
    before = None
    for (variable, code), share in zip(columns, shares, strict=True):
        total = variable == TOTAL
        heads.append(
            Head(
                break_label=Text.same("") if total else cleaned(content.survey.column(variable).label),
                label=labels_of(content, variable)[code],
                opens=variable != before,
                share=share,
            )
        )
        before = variable
    return tuple(heads)


def _total(figures: _Figures, variable: str, measure: str) -> Line | None:
    line = Line(code=TOTAL, label=RESERVED_LABELS[TOTAL], figures=figures.line(variable, TOTAL, measure))
    return None if line.empty else line


def _if_any_shown(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    shown = any(isinstance(figure, int) for line in lines for figure in line.figures)
    return tuple(line for line in lines if not line.empty) if shown else ()

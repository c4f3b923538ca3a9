"""What is published of the real surveys gives nobody away: tried with plain subtraction, and with a solver not ours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy
import pytest
from scipy.optimize import linprog

from flows.audit import audit_folder
from terms.findings import Verdict
from terms.policy import NoAnswer
from terms.survey import Kind, Survey
from tests.real.conftest import REAL, Cell, Walked

pytestmark = pytest.mark.real


@pytest.mark.parametrize("name", REAL)
def test_no_published_figure_stands_for_one_to_nine_people(name, walked):
    shown = [line for line in walked(name).cells if line["status"] == "shown"]
    people = [int(line["value"]) for line in shown if line["measure"] in {"respondents", "base"}]
    assert len(people) > 300
    assert [count for count in people if 0 < count < 10 or count % 5] == []


@pytest.mark.parametrize("name", REAL)
def test_a_hidden_figure_is_empty_and_a_small_one_is_hidden(name, walked):
    real = walked(name)
    for line in real.cells:
        assert (line["value"] == "") is (line["status"] == "hidden")
    shown = shown_cells(real)
    small = [cell for cell, people in real.exact.items() if 0 < people < 10]
    assert len(small) > 20
    assert [cell for cell in small if cell in shown] == []


@pytest.mark.parametrize("name", REAL)
def test_the_attacker_finds_nothing_in_the_folder_as_it_lies_there(name, walked):
    report = audit_folder(walked(name).run.release)
    assert report.verdict is Verdict.PASS
    assert len(report.tests) > 1 and set(report.tests.values()) == {Verdict.PASS}


# --- by hand: subtraction ---------------------------------------------------------------------------


def shown_cells(real: Walked) -> set[Cell]:
    """Cells whose count is published, ``_ANS`` the base; each counts as if it were published to the person."""
    return {
        (line["table"], "_ANS" if line["measure"] == "base" else line["row"], line["col"])
        for line in real.cells
        if line["measure"] in {"respondents", "base"} and line["status"] == "shown"
    }


def sums(survey: Survey, exact: dict[Cell, int]) -> Iterator[list[Cell]]:
    """Every line of a table that adds up: its parts, and last their total."""
    down: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    across: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for table, row, col in exact:
        down[table, col].append((table, row, col))
        across[table, row].append((table, row, col))
    for (table, row), cells in across.items():
        parts = [cell for cell in cells if cell[2] != "_T"]
        if parts:
            yield [*parts, (table, row, "_T")]
    kinds = {spec.name: survey.column(spec.row) for spec in survey.tables}
    for (table, col), cells in down.items():
        column, everyone, base = kinds[table], (table, "_T", col), (table, "_ANS", col)
        options = [cell for cell in cells if cell[1] not in {"_T", "_ANS", "_NA"}]
        blank = [cell for cell in cells if cell[1] == "_NA"]
        if not column.role.is_answer:
            yield [*options, *blank, everyone]
            continue
        if column.kind is Kind.SINGLE:
            yield [*options, base]
            yield [*options, *blank, everyone]
        yield [*blank, base, everyone]


def alone(real: Walked, shown: set[Cell]) -> list[Cell]:
    """Hidden cells that are what one line's other cells leave over."""
    survey = real.run.survey
    residual = survey.policy.no_answer is NoAnswer.RESIDUAL
    found = []
    for line in sums(survey, real.exact):
        hidden = [cell for cell in line if cell not in shown]
        if len(hidden) == 1 and not (residual and hidden[0][1] == "_NA"):  # declared to be no secret
            found += hidden
    return found


@pytest.mark.parametrize("name", REAL)
def test_no_hidden_figure_is_what_the_shown_ones_leave_over(name, walked):
    real = walked(name)
    for line in sums(real.run.survey, real.exact):
        *parts, total = line
        assert sum(real.exact[part] for part in parts) == real.exact[total], line
    assert alone(real, shown_cells(real)) == []


@pytest.mark.parametrize("name", REAL)
def test_hiding_the_small_figures_alone_would_not_do(name, walked):
    """The control: without the second, complementary, cells the subtraction finds something."""
    real = walked(name)
    primary_only = {cell for cell, people in real.exact.items() if not 0 < people < 10}
    assert alone(real, primary_only) != []


# --- by a solver that is not ours: intervals --------------------------------------------------------


@dataclass(frozen=True)
class Programme:
    """What an attacker knows of one question, over all tables that show it."""

    cells: list[Cell]
    equalities: list[tuple[dict[Cell, int], int]]
    """Coefficients of unknown cells, and what they come to."""
    bounds: dict[Cell, tuple[int, int]]

    def interval(self, cell: Cell) -> tuple[int, int]:
        """The least and the most people that a cell can stand for."""
        place = {cell: number for number, cell in enumerate(self.cells)}
        matrix = numpy.zeros((len(self.equalities), len(self.cells)))
        for number, (coefficients, _) in enumerate(self.equalities):
            for unknown, factor in coefficients.items():
                matrix[number, place[unknown]] = factor
        right = [value for _, value in self.equalities]
        ends = []
        for sign in (1, -1):
            goal = numpy.zeros(len(self.cells))
            goal[place[cell]] = sign
            solved = linprog(goal, A_eq=matrix, b_eq=right, bounds=[self.bounds[one] for one in self.cells])
            assert solved.status == 0, solved.message
            ends.append(sign * solved.fun)
        return math.ceil(ends[0] - 1e-6), math.floor(ends[1] + 1e-6)


def programme(real: Walked, question: str, shown: set[Cell]) -> Programme:
    """The hidden cells of a question's tables, tied by every sum, within what each can be at all."""
    tables = {spec.name for spec in real.run.survey.tables if spec.row == question}
    exact = {cell: people for cell, people in real.exact.items() if cell[0] in tables}
    same = {cell: (question, cell[1], "_T") if cell[2] == "_T" else cell for cell in exact}  # one cell, many tables
    known = {same[cell]: exact[cell] for cell in exact if cell in shown}
    everyone = {(table, col): exact[table, "_T", col] for table, _, col in exact}
    unknown = sorted({same[cell] for cell in exact} - set(known))
    withheld = question in real.run.withheld
    residual = real.run.survey.policy.no_answer is NoAnswer.RESIDUAL
    # A nought is shown, so what is hidden is at least one; but for what is hidden whatever it is.
    least = {cell: 0 if withheld or (residual and cell[1] == "_NA") else 1 for cell in unknown}
    bounds = {cell: (least[cell], everyone[cell[0], cell[2]]) for cell in unknown}
    equalities = []
    for line in sums(real.run.survey, exact):
        coefficients: dict[Cell, int] = defaultdict(int)
        value = 0
        for cell, factor in zip(line, [1] * (len(line) - 1) + [-1], strict=True):
            if same[cell] in known:
                value -= factor * known[same[cell]]
            else:
                coefficients[same[cell]] += factor
        if coefficients:
            equalities.append((dict(coefficients), value))
    return Programme(cells=unknown, equalities=equalities, bounds=bounds)


def protected(real: Walked, question: str) -> list[Cell]:
    """The cells of a question that stand for one to nine people and are to be kept from everyone."""
    survey = real.run.survey
    residual = survey.policy.no_answer is NoAnswer.RESIDUAL
    tables = {spec.name for spec in survey.tables if spec.row == question}
    small = [cell for cell, people in real.exact.items() if cell[0] in tables and 0 < people < survey.policy.k]
    return sorted(
        {
            (question, row, "_T") if col == "_T" else (table, row, col)
            for table, row, col in small
            if not (residual and row == "_NA")
        }
    )


@pytest.mark.parametrize("name", REAL)
def test_every_small_figure_stays_within_an_interval_of_eight_or_more(name, walked):
    real, checked = walked(name), 0
    shown = shown_cells(real)
    for column in real.run.survey.questions:
        secrets = protected(real, column.name)
        if not secrets:
            continue
        puzzle = programme(real, column.name, shown)
        for cell in secrets:
            least, most = puzzle.interval(cell)
            assert least <= real.exact[cell] <= most, cell
            assert most - least >= 8, (cell, least, most)
            checked += 1
    assert checked >= 3


@pytest.mark.parametrize("name", REAL)
def test_the_solver_would_find_a_figure_that_is_hidden_alone(name, walked):
    real = walked(name)
    primary_only = {cell for cell, people in real.exact.items() if not 0 < people < 10}
    narrow = 0
    for column in real.run.survey.questions:
        secrets = protected(real, column.name)
        if secrets and column.name not in real.run.withheld:
            puzzle = programme(real, column.name, primary_only)
            least, most = puzzle.interval(secrets[0])
            narrow += most - least < 8
    assert narrow > 0

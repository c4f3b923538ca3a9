"""An oracle with the roster: whoever knows how many people share each profile (one category of every break).

Whole numbers of people by profile and answer, found by SciPy. Nothing is shared with the attacker who asks the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

from terms.policy import NoAnswer
from terms.survey import Kind
from tests.attacks import counting
from tests.attacks.short_road import Published

Cell = tuple[str, str, str, str]
"""Question, row, break and category."""


def known_with_the_roster(published: Published) -> set[Cell]:
    """Hidden cells of the questions that are not withheld that leave less than the width to such a reader."""
    survey = published.survey
    return {
        (question, *cell)
        for question in dict.fromkeys(published.counts["row_var"].to_list())
        if counting.is_question(survey.column(question)) and question not in published.withheld
        for answers in _looks(published, question)
        for cell in _Profiles(published, question, answers).narrow()
    }


def _looks(published: Published, question: str) -> Iterator[list[str]]:
    """All answers of a single question; of a multiple one, each option and its absence."""
    column = published.survey.column(question)
    codes = [option.code for option in column.options]
    yield from [[code, f"!{code}"] for code in codes] if column.kind is Kind.MULTIPLE else [codes]


class _Profiles:
    """People of one question by profile and answer."""

    def __init__(self, published: Published, question: str, answers: list[str]) -> None:
        self.policy, self.answers = published.survey.policy, answers
        roster = counting.roster(published.fieldwork, published.codebook.levels, published.counts, question)
        self.breaks = [name for name in roster.columns if name not in {"weight", "people"}]
        people: Counter[tuple[str, ...]] = Counter()
        for line in roster.iter_rows(named=True):
            people[tuple(line[name] for name in self.breaks)] += line["people"]
        self.lines = published.protected.filter((pl.col("row_var") == question) & (pl.col("row") != "_T"))
        self.rows = [*answers, *(["_NA"] if "_NA" in self.lines["row"].to_list() else [])]
        self.cells = [(profile, row) for profile in sorted(people) for row in self.rows]
        self.sums = [
            (np.array([float(mine == profile) for mine, _ in self.cells]), size, size)
            for profile, size in people.items()
        ]
        self.secrets: dict[tuple[str, str, str], np.ndarray] = {}
        for line in self.lines.iter_rows(named=True):
            if line["row"] in [*self.rows, "_ANS"]:
                self._read(line)

    def _read(self, line: dict[str, object]) -> None:
        row, by, code, people = line["row"], line["col_var"], line["col"], line["respondents"]
        rows = self.answers if row == "_ANS" else [row]
        counted = np.array(
            [
                float(mine in rows and (code == "_T" or profile[self.breaks.index(by)] == code))
                for profile, mine in self.cells
            ]
        )
        if line["status"] == "shown":
            self.sums.append((counted, people, people))
            return
        self.sums.append((counted, 0 if line["reason"] == "withheld" else 1, np.inf))
        # A base of k or more may repeat the group's size; zeros may follow from zeros that are shown.
        blank = row == "_NA" and self.policy.no_answer is NoAnswer.RESIDUAL
        if people and not blank and not (row == "_ANS" and people >= self.policy.k):
            self.secrets[row, by, code] = counted

    def narrow(self) -> Iterator[tuple[str, str, str]]:
        for cell, counted in self.secrets.items():
            if self._most(counted) + self._most(-counted) < self.policy.interval_width:
                yield cell

    def _most(self, counted: np.ndarray) -> int:
        matrix, least, most = zip(*self.sums, strict=True)
        answer = milp(
            -counted,
            integrality=np.ones(len(counted)),
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(np.array(matrix), least, most),
        )
        assert answer.success, "the true world always is one"
        return round(float(counted @ np.rint(answer.x)))

"""The attacker's own way to the solver: one thread, quiet, every status looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import highspy
import numpy as np

from transforms.attack.system import Part, System

NODES = 2_000
"""Branches a whole-number search may open: a budget of work, so that load decides nothing."""

LARGE = 1_000
"""Unknowns beyond which a whole-number search may open a hundredth of that: each branch costs that much more."""

OPTIONS = {
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "log_to_console": False,
    # The next question differs only in the objective: start from the last corner, which presolve would lose.
    "presolve": "off",
    "solver": "simplex",
    # 4 is the primal method: a corner stays feasible when only the objective changes.
    "simplex_strategy": 4,
}

WHOLE_OPTIONS = {
    "presolve": "on",
    "solver": "choose",
    "simplex_strategy": 1,
    "mip_max_nodes": NODES,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
}


class Status(Enum):
    """How one run of the solver ended."""

    BEST = "best"
    IMPOSSIBLE = "impossible"
    STOPPED = "stopped"
    """The budget ran out; the numbers, if any, fit but need not be the best."""
    BROKEN = "broken"
    """Anything else. Never read as good news."""


@dataclass(frozen=True)
class Answer:
    """A status, and one number an unknown where the solver has numbers that fit."""

    status: Status
    numbers: np.ndarray | None


class _Quiet(highspy.Highs):
    """HiGHS without the banner that its constructor would print on standard output."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class Program:
    """One part of a system, ready to be asked for its largest and smallest sums."""

    def __init__(self, part: Part, system: System, *, whole: bool = False) -> None:
        """``whole`` asks for whole numbers (branch and bound); every bound must be finite."""
        self.size = len(part.unknowns)
        self.runs = 0
        self._highs = _Quiet()
        self._sound = all(self._accepted(self._highs.setOptionValue(*option)) for option in OPTIONS.items())
        if whole:
            for option in WHOLE_OPTIONS.items():
                self._sound &= self._accepted(self._highs.setOptionValue(*option))
            if self.size > LARGE:
                self._sound &= self._accepted(self._highs.setOptionValue("mip_max_nodes", NODES // 100))
        self._sound &= self._accepted(self._highs.passModel(_model(part, system, whole)))
        self._columns = np.arange(self.size, dtype=np.int32)

    @staticmethod
    def _accepted(status: highspy.HighsStatus) -> bool:
        return status == highspy.HighsStatus.kOk

    def largest(self, weights: np.ndarray) -> Answer:
        """Numbers that fit and make ``sum(weights * numbers)`` as large as possible."""
        self.runs += 1
        sound = self._sound and self._accepted(
            self._highs.changeColsCost(self.size, self._columns, -np.asarray(weights, dtype=float))
        )
        answer = self._run() if sound else Answer(Status.BROKEN, None)
        if answer.status is Status.BROKEN and sound:
            # The primal method, started at the last corner, sometimes ends without a word: once more from nothing.
            answer = self._afresh()
        return answer

    def _run(self) -> Answer:
        if self._highs.run() == highspy.HighsStatus.kError:
            return Answer(Status.BROKEN, None)
        return Answer(self._status(), self._numbers())

    def _afresh(self) -> Answer:
        changed = {"presolve": "on", "simplex_strategy": 1}
        before = {name: self._highs.getOptionValue(name)[1] for name in changed}
        ready = [self._accepted(self._highs.clearSolver())]
        ready += [self._accepted(self._highs.setOptionValue(*option)) for option in changed.items()]
        answer = self._run() if all(ready) else Answer(Status.BROKEN, None)
        self._sound &= all(self._accepted(self._highs.setOptionValue(*option)) for option in before.items())
        return answer

    def _status(self) -> Status:
        ended = self._highs.getModelStatus()
        if ended == highspy.HighsModelStatus.kOptimal:
            return Status.BEST
        if ended == highspy.HighsModelStatus.kInfeasible:
            return Status.IMPOSSIBLE
        # With every bound finite nothing can grow for ever, so "unbounded or infeasible" would be a fault.
        return Status.STOPPED if ended == highspy.HighsModelStatus.kSolutionLimit else Status.BROKEN

    def _numbers(self) -> np.ndarray | None:
        fits = self._highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return np.array(self._highs.getSolution().col_value) if fits else None


def _model(part: Part, system: System, whole: bool) -> highspy.HighsLp:
    place = {unknown: position for position, unknown in enumerate(part.unknowns)}
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(part.unknowns), len(part.relations)
    model.col_cost_ = np.zeros(len(part.unknowns))
    model.col_lower_ = np.array([system.low[unknown] for unknown in part.unknowns], dtype=float)
    model.col_upper_ = np.array([system.high[unknown] for unknown in part.unknowns], dtype=float)
    infinity = highspy.kHighsInf
    # Relations of weights have coefficients of many digits, which would drown the solver's tolerances.
    scale = np.array([1 / max(map(abs, r.weights), default=1) for r in part.relations], float)
    model.row_lower_ = np.array([-infinity if r.least is None else r.least for r in part.relations], float) * scale
    model.row_upper_ = np.array([infinity if r.most is None else r.most for r in part.relations], float) * scale
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(relation.unknowns) for relation in part.relations)])
    matrix.index_ = np.array([place[u] for r in part.relations for u in r.unknowns], dtype=np.int32)
    matrix.value_ = np.array(
        [w * by for r, by in zip(part.relations, scale, strict=True) for w in r.weights], dtype=float
    )
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(part.unknowns)
    return model

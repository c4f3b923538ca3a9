"""Linear programs over deviations from the true counts, answered by HiGHS: one thread, fixed seed, status checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from terms.findings import fault
from transforms.relations import Relations

Numbers = NDArray[np.int64]
Marks = NDArray[np.bool_]

NODES = 1_000
"""Most nodes of one integer program: work is counted, never timed, so a busy machine decides the same."""


@dataclass(frozen=True)
class System:
    """The equations among some unknowns as ``M d = 0``, where d = other world - true world, one row an equation.

    Row r holds ``value[i]`` at unknown ``index[i]`` for i from ``start[r]`` up to ``start[r + 1]``.
    """

    start: Numbers
    index: Numbers
    value: Numbers
    unknowns: int

    @classmethod
    def among(cls, relations: Relations, members: Numbers) -> System:
        """The equations that ``members`` (numbers of unknowns) stand in; what is known deviates by nothing."""
        local = {int(unknown): place for place, unknown in enumerate(members)}
        start, index, value = [0], [], []
        for equation in relations.equations:
            row = [(local[part], 1) for part in equation.parts if part in local]
            row += [(local[equation.total], -1)] if equation.total in local else []
            if row:
                index += [place for place, _ in row]
                value += [sign for _, sign in row]
                start.append(len(index))
        numbers = (np.array(each, dtype=np.int64) for each in (start, index, value))
        return cls(*numbers, unknowns=len(members))

    def holds(self, deviation: Numbers) -> bool:
        """Whether every equation holds, in whole numbers."""
        if not len(self.index):
            return True
        return not np.add.reduceat(self.value * deviation[self.index], self.start[:-1]).any()

    def hidden_in_rows(self, hidden: Marks) -> Numbers:
        """How many hidden unknowns stand in each equation."""
        if not len(self.index):
            return np.zeros(0, dtype=np.int64)
        return np.add.reduceat(hidden[self.index].astype(np.int64), self.start[:-1])

    def rows_of(self, unknown: int) -> Numbers:
        """The equations that an unknown stands in."""
        return np.searchsorted(self.start, np.flatnonzero(self.index == unknown), side="right") - 1

    def split(self) -> System:
        """The same equations with every deviation as a rise minus a fall: unknowns 0..n-1 rise, n..2n-1 fall."""
        pieces = [(self.start[r], self.start[r + 1]) for r in range(len(self.start) - 1)]
        index = [np.r_[self.index[a:b], self.index[a:b] + self.unknowns] for a, b in pieces]
        value = [np.r_[self.value[a:b], -self.value[a:b]] for a, b in pieces]
        return System(2 * self.start, _join(index), _join(value), 2 * self.unknowns)


def _join(pieces: Sequence[Numbers]) -> Numbers:
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64)


class _Quiet(highspy.Highs):
    """A solver without a voice: standard output belongs to the command line."""

    def enableCallbacks(self) -> None:
        # The first call of any kind prints a banner unless this option came before it.
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class Program:
    """One system with changing bounds and objective; each answer starts from the basis of the one before."""

    def __init__(self, system: System) -> None:
        self.runs = 0
        """Programs solved so far: the unit in which work is budgeted."""
        self._all = np.arange(system.unknowns, dtype=np.int32)
        self._solver = _Quiet()
        for option, setting in (
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", 0),
            ("presolve", "off"),
            ("solver", "simplex"),
            ("mip_max_nodes", NODES),
            # Counts are small: a gap below one person is no gap.
            ("mip_rel_gap", 0.0),
        ):
            self._check(self._solver.setOptionValue(option, setting))
        self._check(self._solver.passModel(_model(system)))

    def bound(self, low: Numbers, high: Numbers) -> None:
        """Set the bounds of all unknowns."""
        given = low.astype(np.float64), high.astype(np.float64)
        self._check(self._solver.changeColsBounds(len(self._all), self._all, *given))

    def minimise(self, cost: Numbers) -> NDArray[np.float64] | None:
        """A solution of least cost; ``None`` where there is no solution. Raises Fault ``solver_failed``."""
        self._check(self._solver.changeColsCost(len(self._all), self._all, cost.astype(np.float64)))
        return self._run()

    def whole_numbers(self) -> NDArray[np.float64] | None:
        """The same program again, in whole numbers; ``None`` also where the node budget ends first."""
        self._integrality(highspy.HighsVarType.kInteger)
        try:
            return self._run(budgeted=True)
        finally:
            self._integrality(highspy.HighsVarType.kContinuous)

    def _integrality(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(len(self._all), int(kind), dtype=np.uint8)
        self._check(self._solver.changeColsIntegrality(len(self._all), self._all, kinds))

    def _run(self, *, budgeted: bool = False) -> NDArray[np.float64] | None:
        self.runs += 1
        status = self._solver.run()
        found = self._solver.getModelStatus()
        if found == highspy.HighsModelStatus.kInfeasible:
            return None
        if found == highspy.HighsModelStatus.kSolutionLimit and budgeted:
            return None
        if status != highspy.HighsStatus.kOk or found != highspy.HighsModelStatus.kOptimal:
            raise fault("transforms.secondary", "solver_failed")
        return np.array(self._solver.getSolution().col_value)

    @staticmethod
    def _check(status: highspy.HighsStatus) -> None:
        if status != highspy.HighsStatus.kOk:
            raise fault("transforms.secondary", "solver_failed")


def _model(system: System) -> highspy.HighsLp:
    model = highspy.HighsLp()
    rows = len(system.start) - 1
    model.num_col_, model.num_row_ = system.unknowns, rows
    model.col_cost_ = model.col_lower_ = model.col_upper_ = np.zeros(system.unknowns)
    model.row_lower_ = model.row_upper_ = np.zeros(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = system.start.astype(np.int32)
    model.a_matrix_.index_ = system.index.astype(np.int32)
    model.a_matrix_.value_ = system.value.astype(np.float64)
    return model

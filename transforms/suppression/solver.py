"""HiGHS as suppression uses it: linear programs over worlds, and the covering program that chooses a pattern.

One thread, fixed seed, the status of every run checked. Work is counted in units that grow with the size of a program,
so that a budget of work takes about as long on a small table as on a large one; seconds decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from terms.findings import Fault, fault
from transforms.programs import Numbers, System

Reals = NDArray[np.float64]

STEP, START = 600, 16
"""A simplex iteration costs half of its program's rows and columns plus ``STEP``; a run ``START`` iterations more."""
BRANCHING, ROOT = 9, 100
"""An iteration of an integer program costs so many of a linear one: it cuts, probes and dives as well; and so much
is done before the first."""


def solver_failed() -> Fault:
    """The one way in which this room reports a solver that did not do as told."""
    return fault("transforms.suppression", "suppression_solver_failed")


@dataclass
class Work:
    """A budget in units of simplex work, and what of it is spent."""

    limit: int
    spent: int = field(default=0)

    def charge(self, iterations: int, size: int) -> None:
        """Count one run of a program with so many rows and columns."""
        self.spent += (max(iterations, 0) + START) * (size // 2 + STEP)

    def charge_branching(self, info: highspy.HighsInfo, size: int) -> None:
        """Count one run of an integer program with so many rows and columns."""
        iterations = max(int(info.simplex_iteration_count), 0) + START * max(int(info.mip_node_count), 0)
        self.charge(BRANCHING * (iterations + ROOT), size)

    def charge_entries(self, units: float) -> None:
        """Count what is done without a program."""
        self.spent += int(units)

    @property
    def over(self) -> bool:
        return self.spent >= self.limit


class _Quiet(highspy.Highs):
    """A solver without a voice: standard output belongs to the command line."""

    def enableCallbacks(self) -> None:
        # The first call of any kind prints a banner unless this option came before it.
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class Linear:
    """The equations of a system over changing bounds; every answer starts from the basis of the one before."""

    def __init__(self, system: System, work: Work, *, primal: bool) -> None:
        self.columns, self.rows = system.unknowns, len(system.start) - 1
        self._work = work
        self._all = np.arange(self.columns, dtype=np.int32)
        self._solver = _quiet(presolve="off", solver="simplex", simplex_strategy=4 if primal else 1)
        _check(self._solver.passModel(_equations(system)))

    def bound(self, low: Reals, high: Reals) -> None:
        """Set the bounds of all unknowns."""
        _check(self._solver.changeColsBounds(self.columns, self._all, low.astype(float), high.astype(float)))

    def bound_one(self, column: int, low: float, high: float) -> None:
        """Set the bounds of one unknown."""
        _check(self._solver.changeColBounds(int(column), float(low), float(high)))

    def cost(self, cost: Reals) -> None:
        """Set the objective, to be minimised."""
        _check(self._solver.changeColsCost(self.columns, self._all, cost.astype(float)))

    def cost_one(self, column: int, cost: float) -> None:
        """Change the objective at one unknown."""
        _check(self._solver.changeColCost(int(column), float(cost)))

    def forget(self) -> None:
        """Start the next run from nothing."""
        _check(self._solver.clearSolver())

    def run(self) -> Reals | None:
        """A solution of least cost; ``None`` where there is none. Raises Fault ``suppression_solver_failed``."""
        found = self._solved(highspy.HighsModelStatus.kInfeasible)
        return None if found else np.array(self._solver.getSolution().col_value)

    def prices(self) -> Reals:
        """The multipliers of the equations at the last solution."""
        return np.array(self._solver.getSolution().row_dual)

    def whole(self, nodes: int) -> tuple[Reals | None, bool]:
        """The same program in whole numbers: a solution, and whether the answer is final.

        ``(None, True)``: there is none. ``(None, False)``: the nodes ran out first.
        """
        self._integrality(highspy.HighsVarType.kInteger)
        _check(self._solver.setOptionValue("mip_max_nodes", nodes))
        _check(self._solver.setOptionValue("presolve", "on"))
        try:
            ends = highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kSolutionLimit
            ended = self._solved(*ends, whole=True)
            if ended is not None:
                return None, ended == highspy.HighsModelStatus.kInfeasible
            return np.array(self._solver.getSolution().col_value), True
        finally:
            self._integrality(highspy.HighsVarType.kContinuous)
            _check(self._solver.setOptionValue("presolve", "off"))

    def _integrality(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(self.columns, int(kind), dtype=np.uint8)
        _check(self._solver.changeColsIntegrality(self.columns, self._all, kinds))

    def _solved(self, *expected: highspy.HighsModelStatus, whole: bool = False) -> highspy.HighsModelStatus | None:
        """``None`` when solved to the optimum, else which of the expected other ends it came to."""
        for attempt in range(2):
            status, found = self._solver.run(), self._solver.getModelStatus()
            info, size = self._solver.getInfo(), self.columns + self.rows
            if whole:
                self._work.charge_branching(info, size)
            else:
                self._work.charge(info.simplex_iteration_count, size)
            if status != highspy.HighsStatus.kError and found == highspy.HighsModelStatus.kOptimal:
                return None
            if status != highspy.HighsStatus.kError and found in expected:
                return found
            # A basis can be numerically hopeless: once more from nothing.
            if not attempt:
                _check(self._solver.clearSolver())
        raise solver_failed()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the covering program chose."""

    chosen: Reals
    """One number a column: 0 or 1 when whole."""
    bound: float
    """No choice that satisfies the rows costs less."""


class Cover:
    """Minimise the cost of chosen columns subject to ``sum coefficient x >= least``; rows come one after the other."""

    def __init__(self, cost: Numbers, work: Work) -> None:
        self.columns, self.rows = len(cost), 0
        self.cost, self._work = cost, work
        self._all = np.arange(self.columns, dtype=np.int32)
        self._solver = _quiet(mip_rel_gap=0.0, mip_abs_gap=1e-6, mip_feasibility_tolerance=1e-7)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, 0
        model.col_cost_, model.col_lower_ = cost.astype(float), np.zeros(self.columns)
        model.col_upper_ = np.ones(self.columns)
        model.a_matrix_.start_ = np.zeros(self.columns + 1, dtype=np.int32)
        _check(self._solver.passModel(model))

    def add(self, columns: Numbers, coefficients: Reals, least: float) -> None:
        """One more row."""
        self.rows += 1
        row = len(columns), columns.astype(np.int32), coefficients.astype(float)
        _check(self._solver.addRow(float(least), highspy.kHighsInf, *row))

    def relaxed(self) -> Choice | None:
        """The optimum of the linear relaxation; ``None`` where no choice satisfies the rows."""
        self._prepare(highspy.HighsVarType.kContinuous, presolve="off", solver="simplex")
        ends = (
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kModelEmpty,
        )
        ended = self._run(*ends)
        self._work.charge(self._solver.getInfo().simplex_iteration_count, self.columns + self.rows)
        if ended == highspy.HighsModelStatus.kInfeasible:
            return None
        value = float(self._solver.getInfo().objective_function_value)
        return Choice(chosen=np.array(self._solver.getSolution().col_value), bound=value)

    def whole(self, nodes: int) -> Choice | None:
        """The best whole choice within so many nodes; ``None`` where none was found."""
        self._prepare(highspy.HighsVarType.kInteger, presolve="on", solver="choose", mip_max_nodes=nodes)
        self._run(
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kSolutionLimit,
            highspy.HighsModelStatus.kInfeasible,
        )
        info, solution = self._solver.getInfo(), self._solver.getSolution()
        self._work.charge_branching(info, self.columns + self.rows)
        if not solution.value_valid:
            return None
        chosen = np.rint(np.array(solution.col_value))
        return Choice(chosen=chosen, bound=min(float(info.mip_dual_bound), float(self.cost @ chosen)))

    def _prepare(self, kind: highspy.HighsVarType, **options: object) -> None:
        for option, setting in options.items():
            _check(self._solver.setOptionValue(option, setting))
        kinds = np.full(self.columns, int(kind), dtype=np.uint8)
        _check(self._solver.changeColsIntegrality(self.columns, self._all, kinds))

    def _run(self, *expected: highspy.HighsModelStatus) -> highspy.HighsModelStatus:
        status, found = self._solver.run(), self._solver.getModelStatus()
        if status == highspy.HighsStatus.kError or found not in expected:
            raise solver_failed()
        return found


def _quiet(**options: object) -> _Quiet:
    solver = _Quiet()
    for option, setting in {"threads": 1, "parallel": "off", "random_seed": 0, **options}.items():
        _check(solver.setOptionValue(option, setting))
    return solver


def _check(status: highspy.HighsStatus) -> None:
    if status != highspy.HighsStatus.kOk:
        raise solver_failed()


def _equations(system: System) -> highspy.HighsLp:
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

"""Reading the cases of other software (``tabular_cases``, explained in its README) into our tables."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl

from transforms.programs import Marks, Numbers
from transforms.suppression.audit import Audit
from transforms.suppression.hierarchies import Cut, Tree, Variable
from transforms.suppression.linked import lay_out
from transforms.suppression.problem import Problem
from transforms.suppression.solver import Work
from transforms.suppression.tables import Layout, Table, variables_of

CASES = Path(os.environ.get("SHOJI_DATA", "")) / "tabular_cases"


def nested(name: str, rows: pl.DataFrame, *levels: tuple[str, ...], total: str = "Total") -> Variable:
    """A variable whose hierarchies are columns of the data, each from coarse to fine, the last its finest codes."""
    trees = tuple(
        Tree.of_paths(
            "_".join(columns),
            [(total, *path) for path in rows.select(columns).cast(pl.String).unique().sort(columns).rows()],
        )
        for columns in levels
    )
    return Variable(name=name, trees=trees)


def leading(name: str, file: Path, lead: str = "@", total: str = "Total") -> Variable:
    """A variable from a tau-ARGUS hierarchy file: a code for each line, led by one ``@`` for each level."""
    path, links = [total], [(total, None)]
    for line in filter(str.strip, file.read_text(encoding="utf-8").splitlines()):
        code = line.lstrip(lead)
        del path[1 + len(line) - len(code) :]
        links.append((code.strip(), path[-1]))
        path.append(code.strip())
    return Variable(name=name, trees=(Tree(name="file", links=tuple(links)),))


def crossed(*variables: Variable, name: str = "table") -> Layout:
    """One table of all the variables."""
    return lay_out([Table(name=name, cuts=tuple(Cut(variable=variable) for variable in variables))])


def marks(layout: Layout, cells: pl.DataFrame, of: pl.Series) -> Marks:
    """The unknowns that a peer marks, by its codes; each of its lines must be one of ours."""
    names = list(variables_of(layout.tables))
    everything = [table.lines().with_columns(unknown=pl.Series(layout.lines[table.name])) for table in layout.tables]
    lines = pl.concat(everything, how="diagonal").with_columns(pl.col(names).fill_null("Total")).unique([*names])
    codes = [pl.col(name).cast(pl.String).str.strip_chars() for name in names]
    joined = cells.select(codes).with_columns(marked=of).join(lines, on=names, how="left")
    assert joined["unknown"].null_count() == 0
    found = np.zeros(layout.cells, dtype=bool)
    found[joined.filter("marked")["unknown"].to_numpy()] = True
    return found


def unmet(problem: Problem, hidden: Marks) -> list[int]:
    """The cells whose protection a pattern misses."""
    return Audit(problem, Work(10**10)).unmet(hidden | problem.unprinted | problem.primary)


def secondary(problem: Problem, hidden: Marks) -> int:
    """How many cells a pattern hides beside the primary ones."""
    return int((hidden & ~problem.primary & ~problem.unprinted).sum())


def one_more_or_less(marked: Marks) -> Numbers:
    """The least level there is: no cell may be worked out exactly."""
    return marked.astype(np.int64)

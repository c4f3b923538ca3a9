"""Secondary suppression: what is hidden, what the bound is, how long it took, whether an attacker gets in.

    python benchmarks/suppression.py [TABLE.csv ...] [--protect 1] [--budget SECONDS] [--cost cells|value]
                                     [--method optimal|guided] [--hierarchy VARIABLE=FILE ...] [--json]

A table has the columns d1, d2, ... (codes, with ``Total``), freq and primary (0 or 1); others are not read. Every
primary cell must be able to lie PROTECT higher and min(PROTECT, value) lower; the attacker knows that figures are not
negative and which cells are empty, and nothing else. A hierarchy file has lines ``code;parent``, or codes indented by
``@`` as tau-ARGUS writes them; without one a variable is a list under ``Total``. Without a table, three are drawn from
a fixed seed, the last one with hierarchies and 20,000 cells. ``--budget`` is turned into work at a fixed rate: the
result does not depend on how busy the machine is, the seconds do.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from terms.findings import ShojiError, refuse
from terms.messages import render
from transforms.programs import Marks, Numbers, System
from transforms.suppression.audit import Audit
from transforms.suppression.engine import protect_cells
from transforms.suppression.problem import Pattern, Problem
from transforms.suppression.solver import Work

WORK_A_SECOND = 45_000_000
"""Units of work that one core of 2026 does in a second, about."""
TOTAL = "Total"
SEED = 20_261_123

Parents = Mapping[str, str]
"""Code -> the code that it is part of; every code but the total has one."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: a place in the product of its variables' codes for every cell."""

    name: str
    parents: tuple[Parents, ...]
    cells: Mapping[tuple[str, ...], int]
    values: Numbers
    primary: Marks

    def system(self) -> System:
        """One equation for every inner code of a variable and all codes of the others."""
        start, index, value = [0], [], []
        for axis, parents in enumerate(self.parents):
            children: dict[str, list[str]] = {}
            for code, parent in parents.items():
                children.setdefault(parent, []).append(code)
            others = [[TOTAL, *each] for place, each in enumerate(self.parents) if place != axis]
            for rest, (parent, parts) in product(product(*others), children.items()):
                line = [self.cells[(*rest[:axis], code, *rest[axis:])] for code in (parent, *parts)]
                index += line
                value += [-1] + [1] * len(parts)
                start.append(len(index))
        return System(*(np.array(each, dtype=np.int64) for each in (start, index, value)), len(self.values))

    def problem(self, protect: int, cost: str) -> Problem:
        """The demands: movable by ``protect`` upwards and by as much as there is, at most ``protect``, downwards."""
        values, nothing = self.values, np.zeros_like(self.values)
        level = np.where(self.primary, protect, 0)
        # No bound from above: more than all figures together changes nothing.
        above = values.sum() + 1_000 * protect
        return Problem(
            values=values,
            system=self.system(),
            low=nothing,
            high=np.where((values > 0) | self.primary, values + above, 0),
            primary=self.primary,
            unprinted=np.zeros_like(self.primary),
            candidate=values > 0,
            up=level,
            down=np.minimum(level, values),
            slide=nothing,
            width=nothing,
            cost=np.maximum(values, 1) if cost == "value" else nothing + 1,
        )


def read(path: Path, hierarchies: Mapping[str, Parents]) -> Table:
    """A table from a file. Raises Refused with what is wrong with it, and in which line."""
    place = path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise refuse(place, "suppression_file_unreadable") from None
    if not lines:
        raise refuse(place, "suppression_table_empty")
    variables = [name for name in lines[0] if name and name[0] == "d" and name[1:].isdigit()]
    for column in ("freq", "primary") if variables else ("d1",):
        if column not in lines[0]:
            raise refuse(place, "suppression_column_missing", column=column)
    cells: dict[tuple[str, ...], int] = {}
    values, primary = [], []
    for number, line in enumerate(lines, start=2):
        where = f"{place}: line {number}"
        key = tuple(line[name] or "" for name in variables)
        if not all(key):
            raise refuse(where, "suppression_code_missing")
        if cells.setdefault(key, len(cells)) != len(values):
            raise refuse(where, "suppression_cell_twice")
        values.append(_count(line["freq"], where))
        if line["primary"] not in ("0", "1"):
            raise refuse(where, "suppression_primary_unknown")
        primary.append(line["primary"] == "1")
    parents = tuple(_parents(name, place, cells, at, hierarchies) for at, name in enumerate(variables))
    expected = int(np.prod([len(each) + 1 for each in parents]))
    if expected != len(cells) or any(key not in cells for key in product(*([TOTAL, *each] for each in parents))):
        raise refuse(place, "suppression_cells_missing", cells=max(expected - len(cells), 1))
    figures = np.array(values, dtype=np.int64)
    table = Table(name=path.stem, parents=parents, cells=cells, values=figures, primary=np.array(primary))
    if not table.system().holds(figures):
        raise refuse(place, "suppression_sums_differ")
    return table


def _count(text: str | None, where: str) -> int:
    try:
        number = float(text or "")
        whole = int(number)
    except (ValueError, OverflowError):
        raise refuse(where, "suppression_not_a_count") from None
    if whole != number or abs(whole) > 2**40:
        raise refuse(where, "suppression_not_a_count")
    if whole < 0:
        raise refuse(where, "suppression_negative")
    return whole


def _parents(
    name: str, place: str, cells: Mapping[tuple[str, ...], int], at: int, given: Mapping[str, Parents]
) -> Parents:
    codes = dict.fromkeys(key[at] for key in cells)
    if TOTAL not in codes:
        raise refuse(f"{place}: {name}", "suppression_total_missing")
    parents = given.get(name, {code: TOTAL for code in codes if code != TOTAL})
    if unknown := [code for code in codes if code != TOTAL and code not in parents]:
        raise refuse(f"{place}: {name}", "suppression_code_without_parent", cells=len(unknown))
    return parents


def read_hierarchy(path: Path) -> Parents:
    """``code;parent`` lines, or codes indented by ``@``. Raises Refused where it is neither, or no tree."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        raise refuse(path.name, "suppression_file_unreadable") from None
    parents: dict[str, str] = {}
    above = [TOTAL]
    for number, line in enumerate(lines, start=1):
        code, parent = line, above[-1]
        if ";" in line:
            code, parent = (part.strip() for part in line.split(";", 1))
        else:
            depth = len(line) - len(line.lstrip("@"))
            code = line[depth:].strip()
            if depth >= len(above):
                raise refuse(f"{path.name}: line {number}", "suppression_hierarchy_broken")
            parent = above[depth]
            above = [*above[: depth + 1], code]
        if code == TOTAL and parent in ("", TOTAL):
            continue
        if not code or code == TOTAL or code in parents:
            raise refuse(f"{path.name}: line {number}", "suppression_hierarchy_broken")
        parents[code] = parent or TOTAL
    for code in parents:
        seen = {code}
        while (code := parents.get(code, TOTAL)) != TOTAL:
            if code in seen:
                raise refuse(path.name, "suppression_hierarchy_broken")
            seen.add(code)
    if any(parent != TOTAL and parent not in parents for parent in parents.values()):
        raise refuse(path.name, "suppression_hierarchy_broken")
    return parents


def drawn() -> Iterator[Table]:
    """Three tables: two ways, three ways, and five levels crossed with three (20,525 cells)."""
    yield draw("flat_30x20", [tree(30), tree(20)], share=0.15, mean=3.0)
    yield draw("cube_6x6x6", [tree(6)] * 3, share=0.10, mean=3.0)
    yield draw("five_levels", [tree(4, 4, 5, 9), tree(4, 5)], share=0.10, mean=2.5)


def tree(*branches: int) -> Parents:
    """A hierarchy in which every code of one level has so many parts in the next."""
    parents: dict[str, str] = {}
    level = [TOTAL]
    for branch in branches:
        deeper = [(f"{'' if code == TOTAL else code}{part:02}", code) for code in level for part in range(branch)]
        parents.update(deeper)
        level = [code for code, _ in deeper]
    return parents


def draw(name: str, trees: list[Parents], *, share: float, mean: float) -> Table:
    """Counts of the finest cells from a fixed seed, summed up; the smallest ``share`` of all cells is primary."""
    generator = np.random.default_rng(SEED)
    inner = [[code for code in each if code not in set(each.values())] for each in trees]
    codes = [[TOTAL, *each] for each in trees]
    place = [{code: number for number, code in enumerate(each)} for each in codes]
    cube = np.zeros([len(each) for each in codes], dtype=np.int64)
    shape = [len(each) for each in inner]
    scale = np.exp(generator.normal(mean, 1.2, size=shape))
    cube[np.ix_(*([place[axis][code] for code in each] for axis, each in enumerate(inner)))] = generator.poisson(scale)
    for axis, parents in enumerate(trees):
        moved = np.moveaxis(cube, axis, 0)
        for code in reversed(parents):
            moved[place[axis][parents[code]]] += moved[place[axis][code]]
    values = cube.ravel()
    cells = {key: number for number, key in enumerate(product(*codes))}
    smallest = np.flatnonzero(values)
    primary = np.zeros(len(values), dtype=bool)
    primary[smallest[np.argsort(values[smallest], kind="stable")][: int(share * len(values))]] = True
    return Table(name=name, parents=tuple(trees), cells=cells, values=values, primary=primary)


def measure(table: Table, protect: int, budget: float, cost: str, method: str) -> dict[str, object]:
    """Protect a table, then attack the pattern with what the table alone says."""
    begin, busy = time.perf_counter(), time.process_time()
    pattern = protect_cells(table.problem(protect, cost), method=method, work=int(budget * WORK_A_SECOND))
    verdict = attack(table, protect, pattern)
    return {
        "benchmark": "suppression",
        "table": table.name,
        "cells": len(table.values),
        "primary": int(table.primary.sum()),
        "secondary": int((pattern.hidden & ~table.primary).sum()),
        "cost": pattern.cost,
        "bound": pattern.bound,
        "proven": pattern.proven,
        "seconds": round(time.perf_counter() - begin, 3),
        "cpu_seconds": round(time.process_time() - busy, 3),
        "audit": verdict,
    }


def attack(table: Table, protect: int, pattern: Pattern) -> str:
    """``PASS`` where worlds in whole numbers prove every demand, found anew from the table and what is hidden."""
    allowed = (table.values > 0) | table.primary
    if (table.primary & ~pattern.hidden).any() or (pattern.hidden & ~allowed).any():
        return "FAIL"
    unmet = Audit(table.problem(protect, "cells"), Work(0)).unmet(pattern.hidden)
    return "FAIL" if unmet else "PASS"


def main() -> int:
    """Measure the tables that were named, or the drawn ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", type=Path, metavar="TABLE.csv")
    parser.add_argument("--protect", type=_positive, default=1)
    parser.add_argument("--budget", type=float, default=9.0, metavar="SECONDS")
    parser.add_argument("--cost", choices=("cells", "value"), default="cells")
    parser.add_argument("--method", choices=("optimal", "guided"), default="optimal")
    parser.add_argument("--hierarchy", action="append", default=[], metavar="VARIABLE=FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    failed = False
    try:
        pairs = (each.partition("=") for each in given.hierarchy)
        hierarchies = {name: read_hierarchy(Path(file)) for name, _, file in pairs}
        for table in (read(path, hierarchies) for path in given.tables) if given.tables else drawn():
            found = measure(table, given.protect, given.budget, given.cost, given.method)
            failed |= found["audit"] != "PASS"
            print(json.dumps(found) if given.json else _line(found), flush=True)
    except ShojiError as error:
        print("; ".join(render(finding) for finding in error.findings), file=sys.stderr)
        return error.exit_code
    return 1 if failed else 0


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _line(found: Mapping[str, object]) -> str:
    said = "{table}: {cells} cells, {primary} primary, {secondary} secondary, bound {bound}, "
    return (said + "{seconds} s, audit {audit}").format(**found) + (", proven" if found["proven"] else "")


if __name__ == "__main__":
    sys.exit(main())

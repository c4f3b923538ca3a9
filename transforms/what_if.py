"""What else could be worked out if one hidden count more were shown: what a secondary count is needed for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from terms.findings import fault
from terms.hierarchy import ANSWERED, TOTAL
from terms.policy import Policy
from transforms.intervals import Worlds
from transforms.primary import left_over, primary_cells
from transforms.programs import Marks, Numbers, System
from transforms.protect import HIDDEN, WITHHELD
from transforms.relations import Key, Part, Relations, key_of, relate

NOT_CHOSEN = "not_chosen"
"""Measure of the people who answered and did not choose an option: in no table, but a difference of two counts."""

SLACK = 1e-6
"""People. Closer than this to a whole number is that number."""


def key_of_line(line: Mapping[str, Any]) -> Key:
    """The key of the count that stands in a line of a counts frame."""
    return key_of((line["row_var"], line["row"]), (line["col_var"], line["col"]))


def address_of_line(line: Mapping[str, Any]) -> dict[str, str]:
    """Where ``data/cells.csv`` has the count of a line: a base is a measure of the total row."""
    is_base = line["row"] == ANSWERED
    place = {name: line[name] for name in ("table", "row_var", "col_var", "col")}
    return place | {"row": TOTAL if is_base else line["row"], "measure": "base" if is_base else "respondents"}


class WhatIf:
    """What could be worked out if one hidden count more were shown; of questions that are not withheld whole."""

    def __init__(self, told: pl.DataFrame, policy: Policy, kinds: Mapping[str, Any], table: str) -> None:
        self._told, self._policy, self._kinds, self._table = told, policy, kinds, table
        self._parts: dict[int, _Component] = {}

    @cached_property
    def _relations(self) -> Relations:
        return relate(self._told, self._kinds)

    @cached_property
    def _number(self) -> dict[Key, int]:
        return {key: unknown for unknown, key in enumerate(self._relations.keys)}

    @cached_property
    def _component_of(self) -> dict[int, Numbers]:
        return {int(unknown): members for members in self._relations.components() for unknown in members}

    def shown(self, key: Key) -> list[dict[str, Any]]:
        """The small counts that become narrow when the count of this key alone is shown too, nearest first.

        Each with its address (``measure`` :data:`NOT_CHOSEN` where no table has it), its ``respondents`` and the
        interval (``low`` to ``high``) it would have.
        """
        unknown = self._number[key]
        members = self._component_of[unknown]
        leader = int(members[0])
        if leader not in self._parts:
            self._parts[leader] = _Component(self._relations, members, *self._marks(), self._policy)
        protects = [self._protected(*one) for one in self._parts[leader].without(unknown)]
        return sorted(protects, key=lambda one: one["table"] != self._table)

    def _marks(self) -> tuple[Marks, Marks]:
        """The unknowns that are hidden, and those of withheld columns."""
        hidden = self._relations.of(Part.NOT_CHOSEN, Part.MENTIONS)
        withheld = np.zeros_like(hidden)
        hidden[self._relations.lines[(self._told["status"] == HIDDEN).to_numpy()]] = True
        withheld[self._relations.lines[(self._told["reason"] == WITHHELD).to_numpy()]] = True
        return hidden, withheld

    def _protected(self, unknown: int, low: int, high: int) -> dict[str, Any]:
        key, measure = self._relations.keys[unknown], None
        if self._relations.parts[unknown] is Part.NOT_CHOSEN:
            # It has no line of its own: it is told by the option that was not chosen.
            key, measure = frozenset((variable, code.removeprefix("!")) for variable, code in key), NOT_CHOSEN
        place = self._place_of(key)
        told = {name: place[name] for name in ("table", "row", "col")} | {"measure": measure or place["measure"]}
        return told | {"respondents": int(self._relations.counts[unknown]), "low": low, "high": high}

    def _place_of(self, key: Key) -> dict[str, str]:
        """Where a count stands: in the table that is asked about, or else where it is printed first."""
        places = np.flatnonzero(self._relations.lines == self._number[key])
        lines = [self._told.row(int(place), named=True) for place in places]
        return address_of_line(min(lines, key=lambda line: line["table"] != self._table))


class _Component:
    """One group of linked unknowns under the pattern that is published. Masks are over its own unknowns."""

    def __init__(self, relations: Relations, members: Numbers, hidden: Marks, withheld: Marks, policy: Policy) -> None:
        self._members = members
        self._counts = relations.counts[members]
        self._hidden = hidden[members]
        undisplayed = (relations.of(Part.NOT_CHOSEN, Part.MENTIONS) | left_over(relations, policy))[members]
        withheld = withheld[members] & ~undisplayed
        zero_possible = undisplayed | withheld | (self._counts == 0)
        floor = np.where(zero_possible, -self._counts, 1 - self._counts)
        ceiling = relations.counts.max() * len(members) - self._counts
        self._worlds = Worlds(System.among(relations, members), floor, ceiling, policy.interval_width)
        self._guarded = primary_cells(relations, policy)[members] | withheld
        # What is shown anyway fixes some counts of a withheld column: nothing hangs on those.
        self._guarded[self._narrow(self._hidden)] = False

    def without(self, unknown: int) -> list[tuple[int, int, int]]:
        """What is given away when an unknown is shown: the numbers of small counts, their least and most people."""
        hidden = self._hidden & (self._members != unknown)
        return [(int(self._members[cell]), *self._reach(cell, hidden)) for cell in self._narrow(hidden)]

    def _narrow(self, hidden: Marks) -> list[int]:
        return self._worlds.narrow(np.flatnonzero(self._guarded & hidden), hidden)

    def _reach(self, cell: int, hidden: Marks) -> tuple[int, int]:
        """Least and most people of a count when exactly ``hidden`` is hidden (the linear program's ends, inward)."""
        program, worlds = self._worlds.program, self._worlds
        program.bound(np.where(hidden, worlds.floor, 0), np.where(hidden, worlds.ceiling, 0))
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(hidden), dtype=np.int64)
            cost[cell] = sign
            found = program.minimise(cost)
            if found is None:  # the true world always is a solution
                raise fault("transforms.explain", "solver_failed")
            ends.append(float(found[cell]))
        people = int(self._counts[cell])
        return people + int(np.ceil(ends[0] - SLACK)), people + int(np.floor(ends[1] + SLACK))

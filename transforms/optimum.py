"""One component of a survey's linked tables as a suppression problem, for the search that proves its bound."""

from __future__ import annotations

import numpy as np

from transforms.programs import Marks, Numbers, System
from transforms.relations import Relations
from transforms.suppression.problem import Problem


def problem_of(
    relations: Relations,
    members: Numbers,
    *,
    must: Marks,
    unprinted: Marks,
    candidate: Marks,
    floor: Numbers,
    width: int,
    cost: Numbers,
) -> Problem:
    """The problem of hiding as little as possible among ``members`` so that every hidden cell is ``width`` wide.

    Masks and numbers have one entry a member: ``must`` is hidden and protected, ``unprinted`` hidden and not,
    ``candidate`` may be hidden and is protected then. ``floor``: the lowest deviation an attacker thinks possible. The
    cells that are always shown come after the members.
    """
    inside = set(members.tolist())
    equations = [one for one in relations.equations if inside & {one.total, *one.parts}]
    known = sorted({unknown for one in equations for unknown in (one.total, *one.parts)} - inside)
    everyone = np.r_[members, np.array(known, dtype=np.int64)]
    local = {int(unknown): place for place, unknown in enumerate(everyone)}
    rows = [[(local[part], 1) for part in one.parts] + [(local[one.total], -1)] for one in equations]
    shown, nothing = np.zeros(len(known), dtype=bool), np.zeros(len(everyone), dtype=np.int64)
    values = relations.counts[everyone]
    return Problem(
        values=values,
        system=System(
            np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64),
            np.array([place for row in rows for place, _ in row], dtype=np.int64),
            np.array([sign for row in rows for _, sign in row], dtype=np.int64),
            len(everyone),
        ),
        low=np.r_[values[: len(members)] + floor, values[len(members) :]],
        # Wide enough for mentions too; the equations bound everything else more narrowly.
        high=np.full(len(everyone), relations.counts.max() * len(members), dtype=np.int64),
        primary=np.r_[must, shown],
        unprinted=np.r_[unprinted, shown],
        candidate=np.r_[candidate, shown],
        up=nothing,
        down=nothing,
        slide=np.where(np.r_[must, shown], width, 0),
        width=np.where(np.r_[candidate, shown], width, 0),
        cost=np.r_[np.maximum(cost, 1), np.ones(len(known), dtype=np.int64)],
    )

"""Every world of a tiny survey, listed: who can be proven to have answered what, by the definition of R4b itself."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, combinations_with_replacement, pairwise, product
from typing import Any

import numpy as np
import polars as pl

from terms.policy import NoAnswer
from tests.attacks.press import Line, column, frame

SILENT = "_NA"
Type = str | frozenset[str]
"""What a person says: a code, ``_NA``, or the set of options she chose."""


@dataclass(frozen=True)
class Tiny:
    """People by profile, what they may say, and which printed counts are hidden."""

    breaks: tuple[str, ...]
    profiles: tuple[tuple[str, ...], ...]
    said: tuple[tuple[Type, ...], ...]
    """Profile -> what each of its people said."""
    codes: tuple[str, ...]
    types: tuple[Type, ...]
    has_silent: bool
    hidden: frozenset[tuple[str, str, str]]
    """(row, break or ``_T``, category or ``_T``)."""
    withheld: frozenset[tuple[str, str]] = frozenset()
    """(break, category) of which nothing is shown."""
    no_answer: NoAnswer = NoAnswer.CELL
    nets: tuple[frozenset[str], ...] = ()
    rules: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[str, ...]:
        return (*self.codes, *((SILENT,) if self.has_silent else ()), "_ANS")

    @property
    def columns(self) -> list[tuple[str, str]]:
        crossed = [
            (by, code)
            for place, by in enumerate(self.breaks)
            for code in sorted({profile[place] for profile in self.profiles})
        ]
        return [("_T", "_T"), *crossed]

    def is_in(self, profile: int, by: str, code: str) -> bool:
        return by == "_T" or self.profiles[profile][self.breaks.index(by)] == code

    def count(self, row: str, by: str, code: str) -> int:
        return sum(counts(row, kind) for p, kinds in enumerate(self.said) if self.is_in(p, by, code) for kind in kinds)

    def cells(self) -> pl.DataFrame:
        return frame(*(self._column(by, code) for by, code in self.columns))

    def _column(self, by: str, code: str) -> list[Line]:
        shown = {row: None if self.is_hidden(row, by, code) else self.count(row, by, code) for row in self.rows}
        return column(f"q_{by}", "q", shown, by, code)

    def is_hidden(self, row: str, by: str, code: str) -> bool:
        return (by, code) in self.withheld or (row, by, code) in self.hidden

    def may_be_zero(self, row: str, by: str, code: str) -> bool:
        return (by, code) in self.withheld or (row == SILENT and self.no_answer is NoAnswer.RESIDUAL)

    def roster(self) -> pl.DataFrame:
        lines = [(*profile, None, len(kinds)) for profile, kinds in zip(self.profiles, self.said, strict=True)]
        schema = {**dict.fromkeys(self.breaks, pl.String), "weight": pl.Float64, "people": pl.Int64}
        return pl.DataFrame(lines, schema=schema, orient="row")

    def worlds(self) -> np.ndarray:
        """World x profile x type: everything that fits what is printed."""
        people = [len(kinds) for kinds in self.said]
        ways = [list(_ways(number, len(self.types))) for number in people]
        worlds = np.array(list(product(*ways)), dtype=np.int64)
        for by, code in self.columns:
            inside = [p for p in range(len(people)) if self.is_in(p, by, code)]
            for row in self.rows:
                number = worlds[:, inside][:, :, [counts(row, kind) for kind in self.types]].sum(axis=(1, 2))
                if not self.is_hidden(row, by, code):
                    worlds = worlds[number == self.count(row, by, code)]
                elif not self.may_be_zero(row, by, code):
                    worlds = worlds[number >= 1]
        return worlds

    def outsiders(self, members: int) -> Iterator[set[Type]]:
        """What is left for some outsider to have said, for every possible coalition of at most so many."""
        worlds = self.worlds()
        cells = list(product(range(len(self.said)), range(len(self.types))))
        for coalition in chain(*(combinations_with_replacement(cells, size) for size in range(members + 1))):
            taken = np.zeros(worlds.shape[1:], dtype=np.int64)
            for profile, kind in coalition:
                taken[profile, kind] += 1
            left = worlds[(worlds >= taken).all(axis=(1, 2))] - taken
            for profile in range(len(self.said)) if len(left) else ():
                open_ = {kind for n, kind in enumerate(self.types) if (left[:, profile, n] >= 1).any()}
                if open_:
                    yield open_


def counts(row: str, kind: Type) -> bool:
    """Whether somebody who says this is counted in this row."""
    if row == "_ANS":
        return kind != SILENT
    return kind == row if isinstance(kind, str) else row in kind


def _ways(people: int, kinds: int) -> Iterator[tuple[int, ...]]:
    for bars in combinations(range(people + kinds - 1), kinds - 1):
        ends = (-1, *bars, people + kinds - 1)
        yield tuple(after - before - 1 for before, after in pairwise(ends))


def answer_is_proven(tiny: Tiny, members: int) -> bool:
    """Whether some coalition leaves somebody one answer, or one side of a net."""
    return any(_is_one_sided(tiny, open_) for open_ in tiny.outsiders(members))


def _is_one_sided(tiny: Tiny, open_: set[Type]) -> bool:
    spoken = open_ - {SILENT}
    if tiny.no_answer is NoAnswer.RESIDUAL:
        # Whether she answered is not protected; if she did, two real answers must be left.
        open_ = spoken
    if not open_:
        return False
    return len(open_) == 1 or any(open_ <= net or (open_ == spoken and not open_ & net) for net in tiny.nets)


def choice_is_proven(tiny: Tiny, members: int) -> bool:
    """Whether some coalition leaves somebody only sets of options that hold one and the same option."""
    return any(all(code in kind for kind in open_) for open_ in tiny.outsiders(members) for code in tiny.codes)


# --- random ones ---------------------------------------------------------------------------------------


def random_tiny(dice: random.Random, *, multiple: bool = False, people: int = 9) -> Tiny:
    """A random survey of a few people with random hidden counts."""
    breaks = tuple("abc"[: dice.choice([1, 2, 2, 3])])
    categories = [[f"{name}{n}" for n in range(dice.choice([2, 2, 3]) if name == "a" else 2)] for name in breaks]
    profiles = tuple(
        dice.sample(everyone := list(product(*categories)), min(len(everyone), dice.choice([2, 2, 3, 3, 4])))
    )
    codes = tuple("xyz"[: dice.choice([2, 2, 3])] if multiple else "xyzw"[: dice.choice([2, 3, 3, 4])])
    has_silent = dice.random() < 0.4
    chose_one = multiple and dice.random() < 0.5
    sets = [frozenset(s) for n in range(chose_one, len(codes) + 1) for s in combinations(codes, n)]
    spoken: list[Type] = sets if multiple else list(codes)
    types = (*spoken, SILENT) if has_silent else tuple(spoken)
    sizes = _sizes(dice, len(profiles), people)
    odds = [dice.choice([1, 1, 2, 5]) if dice.random() < 0.3 else 1 for _ in types]
    said = tuple(_deal(dice, types, odds, size) for size in sizes)
    no_answer = NoAnswer.RESIDUAL if has_silent and dice.random() < 0.5 else NoAnswer.CELL
    nets = (frozenset(dice.sample(codes, 2)),) if not multiple and len(codes) > 2 and dice.random() < 0.4 else ()
    bare = Tiny(tuple(breaks), profiles, said, codes, types, has_silent, frozenset(), frozenset(), no_answer, nets)
    hidden, withheld = _hide(dice, bare)
    rules = {"chose_one": ["q"] if chose_one else []}
    return Tiny(tuple(breaks), profiles, said, codes, types, has_silent, hidden, withheld, no_answer, nets, rules=rules)


def _deal(dice: random.Random, types: Sequence[Type], odds: Sequence[int], size: int) -> tuple[Type, ...]:
    """Sometimes anything, mostly every answer about as often: only then nobody's is proven."""
    if dice.random() < 0.2:
        return tuple(dice.choices(types, odds, k=size))
    order = dice.sample(types, len(types))
    return tuple(order[n % len(order)] for n in range(size))


def _sizes(dice: random.Random, profiles: int, people: int) -> list[int]:
    sizes = Counter(n % profiles if dice.random() < 0.8 else dice.randrange(profiles) for n in range(people - profiles))
    return [1 + sizes[number] for number in range(profiles)]


def _hide(dice: random.Random, tiny: Tiny) -> tuple[frozenset, frozenset]:
    share = dice.choice([0.2, 0.5, 0.8])
    hidden = {
        (row, by, code)
        for by, code in tiny.columns
        for row in tiny.rows
        if dice.random() < share and (tiny.count(row, by, code) or tiny.may_be_zero(row, by, code))
    }
    withheld = {place for place in tiny.columns[1:] if dice.random() < 0.1}
    full = {place for place in tiny.columns if all((row, *place) in hidden for row in tiny.rows)}
    return frozenset(hidden), frozenset(withheld | full)


def rules_of(tiny: Tiny, kind: str, members: int) -> dict[str, Any]:
    """The keyword arguments of the attack."""
    kinds = {"q": kind, **dict.fromkeys(tiny.breaks, "quasi_identifier")}
    nets: dict[str, Collection[Sequence[str]]] = {"q": [sorted(net) for net in tiny.nets]} if tiny.nets else {}
    known = {"k": 3, "rounding": 1, "kinds": kinds, "no_answer": tiny.no_answer, "bars": {"q": members + 1}}
    return known | {"nets": nets} | tiny.rules

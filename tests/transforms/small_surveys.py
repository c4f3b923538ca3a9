"""Small surveys for the tests of suppression: their people, their counts, and every world that the shown figures allow.

Nothing here is shared with what it tests: counts come from people one by one, intervals from plain enumeration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl
from hypothesis import strategies as st

COUNTS = ["table", "row_var", "row", "col_var", "col", "respondents"]


@dataclass(frozen=True)
class People:
    """One question and the breaks of everyone asked.

    ``groups``: break -> category of each person. ``answers``: of each person the chosen options, ``None`` for no
    answer; exactly one option where the question is single.
    """

    kind: str
    options: Sequence[str]
    groups: Mapping[str, Sequence[str]]
    answers: Sequence[frozenset[str] | None]
    no_answer_row: bool = True

    @property
    def must_choose(self) -> bool:
        """Whether the form may have asked for at least one option: mentions are no fewer than people anywhere."""
        columns = [(None, None), *((break_, col) for break_, members in self.groups.items() for col in set(members))]
        return all(
            sum(len(answer) for answer in inside if answer is not None) >= sum(answer is not None for answer in inside)
            for break_, col in columns
            for inside in [[a for p, a in enumerate(self.answers) if break_ is None or self.groups[break_][p] == col]]
        )

    def counts(self, name: str = "q") -> pl.DataFrame:
        """The question alone and by every break, counted person by person."""
        lines = []
        rows = [*self.options, *(["_NA"] if self.no_answer_row else []), "_ANS", "_T"]
        for break_ in (None, *self.groups):
            cols = [*sorted(set(self.groups[break_])), "_T"] if break_ else ["_T"]
            for row, col in product(rows, cols):
                inside = [
                    answer
                    for person, answer in enumerate(self.answers)
                    if col == "_T" or self.groups[break_][person] == col
                ]
                table = f"{name}_by_{break_}" if break_ else name
                lines.append((table, name, row, break_ or "_T", col, sum(_is_in(row, answer) for answer in inside)))
        return pl.DataFrame(lines, schema=COUNTS, orient="row")


def _is_in(row: str, answer: frozenset[str] | None) -> bool:
    if row == "_T":
        return True
    if row == "_ANS":
        return answer is not None
    return answer is None if row == "_NA" else answer is not None and row in answer


@st.composite
def people(draw: st.DrawFn, k: int, most: int, kind: str | None = None) -> People:
    """Groups of ``k`` to ``most`` people; small enough that :func:`intervals` can go through every world."""
    kind = kind or draw(st.sampled_from(["single", "multiple"]))
    no_answer_row = kind == "multiple" or draw(st.booleans())
    options = ["a", "b", "c"][: draw(st.integers(2, 3 if kind == "single" else 2))]
    wide = len(options) + no_answer_row > 3
    sizes = draw(st.lists(st.integers(k, most), min_size=2, max_size=2 if wide or kind == "multiple" else 3))
    everyone = sum(sizes)
    groups = {"sex": [f"g{number}" for number, size in enumerate(sizes) for _ in range(size)]}
    if draw(st.booleans()):
        cut = draw(st.integers(k, everyone - k))
        groups["age"] = draw(st.permutations(["old"] * cut + ["young"] * (everyone - cut)))
    one = st.sampled_from(options).map(lambda option: frozenset([option]))
    some = one if kind == "single" else st.frozensets(st.sampled_from(options))
    # Answers lean to the first option, as real ones do: small cells are what this is about.
    answer = st.one_of(st.just(frozenset(options[:1])), some, *([st.none()] if no_answer_row else []))
    answers = draw(st.lists(answer, min_size=everyone, max_size=everyone))
    return People(kind, options, groups, answers, no_answer_row)


Interval = tuple[int, int]
Cell = tuple[str, str, str]
"""Row, break, category; ``!a`` for those who answered and did not choose a."""


def intervals(protected: pl.DataFrame, people: People) -> dict[Cell, Interval]:
    """Least and most of every cell over all worlds in whole numbers that agree with everything shown.

    A world is a count for every cell such that groups have their known sizes, categories add up and shown cells have
    their value; a hidden cell is at least 1, in a withheld column at least 0.
    """
    columns: dict[tuple[str, str], dict[str, tuple[int, int | None]]] = {}
    for line in protected.filter(pl.col("row") != "_T").iter_rows(named=True):
        value = line["respondents"] if line["status"] == "shown" else None
        # Zeros are hidden in withheld columns only, or where no answer is never shown.
        least = 0 if line["reason"] == "withheld" else 1
        break_ = line["col_var"] if line["col"] != "_T" else "_T"
        columns.setdefault((break_, line["col"]), {})[line["row"]] = (least, value)
    totals = set(_states(columns["_T", "_T"], people, len(people.answers)))
    crossings = {}
    for break_, members in people.groups.items():
        cols = sorted(set(members))
        choices = [list(_states(columns[break_, col], people, members.count(col))) for col in cols]
        crossings[break_] = cols, [(world, tuple(map(sum, zip(*world, strict=True)))) for world in product(*choices)]
        totals &= {total for _, total in crossings[break_][1]}
    found: dict[Cell, Interval] = {}
    for total in totals:
        _widen(found, people, total, "_T", "_T")
    for break_, (cols, worlds) in crossings.items():
        for world, total in worlds:
            if total in totals:
                for col, state in zip(cols, world, strict=True):
                    _widen(found, people, state, break_, col)
    assert found, "the true world is always one"
    return found


def _states(rules: Mapping[str, tuple[int, int | None]], people: People, size: int) -> Iterator[tuple[int, ...]]:
    """Every (no answer, option, option, ...) one column may hold."""
    for state in product(range(size + 1), repeat=1 + len(people.options)):
        silent, chosen = state[0], state[1:]
        answered = size - silent
        if (people.kind == "single" and sum(chosen) != answered) or max(chosen) > answered:
            continue
        if (people.must_choose and sum(chosen) < answered) or (not people.no_answer_row and silent):
            continue
        cells = {"_NA": silent, "_ANS": answered} | dict(zip(people.options, chosen, strict=True))
        if all(
            cells[row] == value if value is not None else cells[row] >= least for row, (least, value) in rules.items()
        ):
            yield state


def _widen(found: dict[Cell, Interval], people: People, state: tuple[int, ...], break_: str, col: str) -> None:
    size = len(people.answers) if col == "_T" else people.groups[break_].count(col)
    cells = {"_NA": state[0], "_ANS": size - state[0]}
    for option, count in zip(people.options, state[1:], strict=True):
        cells |= {option: count, f"!{option}": size - state[0] - count}
    for row, count in cells.items():
        low, high = found.get((row, break_, col), (count, count))
        found[row, break_, col] = min(low, count), max(high, count)

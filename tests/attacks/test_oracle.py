"""The attacker against a brute-force oracle: every whole-number world that would print the same tables.

What is claimed, exactly: an interval contains every value a cell takes in some world; a cell is called narrow if
and only if those values span less than the width (k = 4, width = 2). The oracle enumerates worlds of counts, table
by table, tied by their shared totals; it knows nothing of linear programmes or of the attacker's equations.
"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Verdict
from terms.policy import NoAnswer
from tests.attacks.press import column, frame, measure, round_half_up, rules, rules_broken
from transforms.attack import attack

K, WIDTH = 4, 2
OPTIONS = ("a", "b", "c")
BREAKS = {"sex": ("f", "m"), "age": ("y", "o")}


# --- what is printed -----------------------------------------------------------------------------------


def column_of(kind, answers):
    """Counts of one group of people; an answer is a set of options, empty for no answer."""
    rows = {option: sum(option in answer for answer in answers) for option in OPTIONS[: 3 if kind == "single" else 2]}
    silent = sum(not answer for answer in answers)
    return {**rows, "_NA": silent, "_ANS": len(answers) - silent}


def is_allowed(printed, true, rounding, may_be_zero):
    """Whether a true count may stand behind what is printed (the published rules: zeros and k)."""
    if printed is None:
        return true >= 1 or may_be_zero
    return printed == round_half_up(true, rounding) and (true == 0 or true >= K)


@st.composite
def surveys(draw):
    """People with an answer and a group in each break; the columns printed; what is hidden."""
    kind = draw(st.sampled_from(["single", "multiple"]))
    breaks = draw(st.sampled_from([(), ("sex",), ("sex", "age")]))
    answer = (
        st.sampled_from([frozenset(), *(frozenset({option}) for option in OPTIONS)])
        if kind == "single"
        else st.frozensets(st.sampled_from(OPTIONS[:2]))
    )
    people = draw(st.lists(answer, min_size=K, max_size=9))
    residual = draw(st.booleans())
    columns = {("_T", "_T"): people}
    # Groups are empty or of at least k people (R1).
    cuts = [cut for cut in range(len(people) + 1) if all(not n or n >= K for n in (cut, len(people) - cut))]
    for by in breaks:
        order, cut = draw(st.permutations(people)), draw(st.sampled_from(cuts))
        columns |= {(by, BREAKS[by][0]): order[:cut], (by, BREAKS[by][1]): order[cut:]}
    true = {where: column_of(kind, answers) for where, answers in columns.items()}
    sizes = {where: len(answers) for where, answers in columns.items()}
    withheld = {where for where in true if where[0] != "_T" and draw(st.integers(0, 5)) == 0}
    hidden = {
        (where, row)
        for where, counts in true.items()
        for row, count in counts.items()
        if where in withheld or 0 < count < K or (residual and row == "_NA") or (count and draw(st.integers(0, 3)) == 0)
    }
    return kind, true, sizes, hidden, residual


def press(kind, true, sizes, hidden, rounding):
    """The frame and, for the oracle, what is printed of each cell."""
    variable = "q" if kind == "single" else "m"
    printed = {
        (where, row): None if (where, row) in hidden else round_half_up(count, rounding)
        for where, counts in true.items()
        for row, count in counts.items()
    }
    lines = []
    for where, counts in true.items():
        rows = {row: printed[where, row] for row in counts} | {"_T": round_half_up(sizes[where], rounding)}
        lines += column(f"{variable}_{where[0]}", variable, rows, *where)
    return frame(lines), printed


# --- the oracle ----------------------------------------------------------------------------------------


def group_worlds(kind, people):
    """Every column of counts that so many people can make."""
    size = 3 if kind == "single" else 2
    for silent in range(people + 1):
        for counts in product(range(people - silent + 1), repeat=size):
            if kind == "multiple" or sum(counts) == people - silent:
                yield (*counts, silent, people - silent)


def worlds(kind, true, sizes, printed, residual, rounding):
    """Column -> its rows' values in every world that prints the same."""
    rows = list(true["_T", "_T"])
    closed = {where for where in true if all(printed[where, row] is None for row in rows)}

    def fits(where, world):
        return all(
            is_allowed(printed[where, row], count, rounding, where in closed or (residual and row == "_NA"))
            for row, count in zip(rows, world, strict=True)
        )

    of_column = {where: [world for world in group_worlds(kind, sizes[where]) if fits(where, world)] for where in true}
    totals = set(of_column["_T", "_T"])
    pairs = {}
    for by, labels in BREAKS.items():
        if (by, labels[0]) in of_column:
            pairs[by] = [
                (tuple(map(sum, zip(*both, strict=True))), both)
                for both in product(*(of_column[by, label] for label in labels))
            ]
            totals &= {total for total, _ in pairs[by]}
    found = {("_T", "_T"): sorted(totals)}
    for by, sums in pairs.items():
        fitting = [both for total, both in sums if total in totals]
        for place, label in enumerate(BREAKS[by]):
            found[by, label] = sorted({both[place] for both in fitting})
    return rows, found


def is_nothing_new(where, row, true, hidden, sizes):
    """Known to be empty from a total or base that is shown as zero."""
    wider = [(("_T", "_T"), row), (where, "_ANS"), (("_T", "_T"), "_ANS")]
    return (
        sizes[where] == 0
        or sizes["_T", "_T"] == 0
        or any(cell != (where, row) and cell not in hidden and true[cell[0]][cell[1]] == 0 for cell in wider)
    )


def is_group_again(where, row, true, hidden, sizes, residual):
    """A base where no answer is no secret: nobody's for all to see, or left over by rule."""
    empty = is_nothing_new(where, "_NA", true, hidden, sizes)
    return row == "_ANS" and (residual or empty)


@pytest.mark.parametrize("rounding", [1, 2, 3])
@settings(max_examples=60, deadline=None)
@given(drawn=surveys())
def test_intervals_hold_every_world_and_narrow_means_narrow(rounding, drawn):
    kind, true, sizes, hidden, residual = drawn
    cells, printed = press(kind, true, sizes, hidden, rounding)
    report = attack(
        cells,
        **rules(
            k=K,
            width=WIDTH,
            rounding=rounding,
            exact=sizes,
            no_answer=NoAnswer.RESIDUAL if residual else NoAnswer.CELL,
        ),
        evidence=True,
    )
    rows, found = worlds(kind, true, sizes, printed, residual, rounding)
    assert "figures_contradict" not in rules_broken(report)
    seen = {}
    for cell in report.intervals:
        where = (cell.address.col_var, cell.address.col)
        row = "_ANS" if cell.address.measure == "base" else cell.address.row
        seen[where, row] = cell
    for where, row in hidden:
        if (residual and row == "_NA") or is_nothing_new(where, row, true, hidden, sizes):
            assert (where, row) not in seen
            continue
        values = {world[rows.index(row)] for world in found[where]}
        cell = seen[where, row]
        assert cell.low <= min(values)
        assert max(values) <= cell.high
        narrow = max(values) - min(values) < WIDTH
        if is_group_again(where, row, true, hidden, sizes, residual):
            narrow = narrow and max(values) < K and min(values) >= 1
        assert (cell.standing.value != "wide") is narrow
    if kind == "multiple":
        expected = {
            row
            for where, columns in found.items()
            for row in OPTIONS[:2]
            if is_small({world[rows.index("_ANS")] - world[rows.index(row)] for world in columns})
        }
        assert ("small_count_derived" in rules_broken(report)) is bool(expected)


def is_small(values):
    """A number nobody printed, known to be of few people and known too well."""
    return min(values) >= 1 and max(values) < K and max(values) - min(values) < WIDTH


@settings(max_examples=60, deadline=None)
@given(answers=st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=K, max_size=12), rounding=st.integers(1, 4))
def test_rounded_totals_leave_the_worlds_that_round_alike(answers, rounding):
    # Without a roster the number of people is itself an interval.
    true = column_of("single", [frozenset(answer) for answer in answers])
    hidden = {row for row, count in true.items() if 0 < count < K}
    printed = {row: None if row in hidden else round_half_up(count, rounding) for row, count in true.items()}
    shown_total = round_half_up(len(answers), rounding)
    cells = frame(column("q", "q", printed | {"_T": shown_total}))
    report = attack(cells, **rules(k=K, width=WIDTH, rounding=rounding), evidence=True)
    fitting = [
        dict(zip(true, world, strict=True))
        for people in range(K, len(answers) + rounding + 1)
        if round_half_up(people, rounding) == shown_total
        for world in group_worlds("single", people)
        if all(is_allowed(printed[row], count, rounding, False) for row, count in zip(true, world, strict=True))
    ]
    if hidden == set(true):
        return
    for cell in report.intervals:
        row = "_ANS" if cell.address.measure == "base" else cell.address.row
        values = {world[row] for world in fitting}
        assert (cell.low, cell.high) == (min(values), max(values))
    assert measure("_ANS") == "base"


def test_the_oracle_sees_a_leak_and_its_absence():
    # By hand: a = 5 shown, b and c hidden, 5 + 2 people: b = c = 1; with 5 + 4 people 1..3.
    for rest, values in ((2, {1}), (4, {1, 2, 3})):
        true = {("_T", "_T"): {"a": 5, "b": 1, "c": rest - 1, "_NA": 0, "_ANS": 5 + rest}}
        printed = {(("_T", "_T"), row): n for row, n in true["_T", "_T"].items()}
        printed |= {(("_T", "_T"), "b"): None, (("_T", "_T"), "c"): None}
        rows, found = worlds("single", true, {("_T", "_T"): 5 + rest}, printed, False, 1)
        assert {world[rows.index("b")] for world in found["_T", "_T"]} == values
        report = attack(
            frame(column("q", "q", {row: printed[("_T", "_T"), row] for row in rows} | {"_T": 5 + rest})),
            **rules(k=K, width=WIDTH),
        )
        assert report.verdict is (Verdict.FAIL if rest == 2 else Verdict.PASS)

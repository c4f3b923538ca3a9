"""All breaks together, and weights: what a reader with the roster adds to what margins say. Numbers by hand."""

import polars as pl
import pytest

from tests.attacks.press import column, frame, grid, line, rules
from transforms.attack import attack, narrow_questions


def roster(*profiles: tuple, breaks: tuple[str, ...] = ("age", "sex")) -> pl.DataFrame:
    """Profiles as (category of each break, weight, people)."""
    schema = {**dict.fromkeys(breaks, pl.String), "weight": pl.Float64, "people": pl.Int64}
    return pl.DataFrame(list(profiles), schema=schema, orient="row")


# Towns a1 and a2 lie in the north, b1 in the south: 14 in the north less 12 in a2 are 2 in a1.
TOWNS = grid("q_age", "q", "age", "a1 a2 b1 _T", {"x": "? 12 ? 34", "y": "? 28 ? 46", "_ANS": "20 40 20 80"})
SIDES = grid("q_sex", "q", "sex", "n s _T", {"x": "14 20 34", "y": "46 0 46", "_ANS": "60 20 80"})
SIZES = [
    *grid("q_age", "q", "age", "a1 a2 b1 _T", {"_T": "20 40 20 80"}),
    *grid("q_sex", "q", "sex", "n s _T", {"_T": "60 20 80"}),
]
NESTED = roster(("a1", "n", None, 20), ("a2", "n", None, 40), ("b1", "s", None, 20))
CROSSED = roster(
    *((town, side, None, people) for town, people in (("a1", 10), ("a2", 20), ("b1", 10)) for side in ("n", "s"))
)


def test_a_break_that_follows_from_another_gives_a_hidden_count_back():
    cells = frame(TOWNS, SIDES, SIZES)
    known = rules()
    assert attack(cells, **known).tests["A1"].value == "PASS"  # margin by margin nothing is found
    assert narrow_questions(cells, {"q": NESTED}, **known) == ("q",)


def test_breaks_that_cross_freely_give_nothing_back():
    sides = grid("q_sex", "q", "sex", "n s _T", {"x": "17 17 34", "y": "23 23 46", "_ANS": "40 40 80"})
    sizes = grid("q_sex", "q", "sex", "n s _T", {"_T": "40 40 80"})
    cells = frame(TOWNS, sides, SIZES[:4], sizes)
    assert narrow_questions(cells, {"q": CROSSED}, **rules()) == ()


# 50 women of weight 1.8 and 50 men of weight 0.2; 36 women and 8 men say a: a weighs 66.4 of 100, displayed as 65 %.
ANSWERS = grid(
    "q_sex",
    "q",
    "sex",
    "f m _T",
    {"a": "? ? 44", "b": "? ? 30", "c": "13 13 26", "_ANS": "50 50 100", "_T": "50 50 100"},
)
WEIGHTS = roster(("f", 1.8, 50), ("m", 0.2, 50), breaks=("sex",))


def weighted(percent: int) -> pl.DataFrame:
    share = [line("q_sex", "q", "a", "sex", "_T", "weighted_percent", percent)]
    return frame(share, column("q_sex", "q", {"_ANS": 100}, "sex", "_T"))


def test_counts_alone_leave_seven_to_thirty_six_women():
    assert narrow_questions(frame(ANSWERS), {"q": WEIGHTS}, **rules()) == ()


def test_a_weighted_total_narrows_a_hidden_count():
    # (8.8 + 1.6 f) / 100 lies between 125/205 and 135/195: f is 33 to 36.
    assert narrow_questions(frame(ANSWERS), {"q": WEIGHTS}, weighted=weighted(65), **rules()) == ("q",)


def test_weights_that_do_not_follow_the_break_tell_nothing():
    same = roster(("f", 1.0, 50), ("m", 1.0, 50), breaks=("sex",))
    # With equal weights the weighted share is the plain one, which is shown anyway.
    assert narrow_questions(frame(ANSWERS), {"q": same}, weighted=weighted(45), **rules()) == ()


@pytest.mark.parametrize(
    "rosters",
    [
        pytest.param({}, id="no_roster"),
        pytest.param({"q": roster(("f", None, 40), ("m", None, 50), breaks=("sex",))}, id="roster_contradicts"),
    ],
)
def test_what_cannot_be_judged_counts_as_narrow(rosters):
    assert narrow_questions(frame(ANSWERS), rosters, **rules()) == ("q",)

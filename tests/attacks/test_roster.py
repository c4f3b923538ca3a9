"""A2 and A3: proofs about one person, with the roster, all breaks together and accomplices. Numbers by hand."""

from __future__ import annotations

import polars as pl
import pytest

from terms.policy import NoAnswer
from tests.attacks.press import column, frame, grid, rules
from transforms.attack import attack
from transforms.attack.coalition import Proof
from transforms.attack.roster import forced_answers
from transforms.attack.worlds_walk import Walk


def proof(cells: pl.DataFrame, roster: pl.DataFrame, question: str = "q", **changed) -> Proof:
    known = rules(bars={question: 2}) | changed
    return forced_answers(cells, {question: roster}, **known)[question]


def roster(*profiles: tuple, breaks: tuple[str, ...] = ()) -> pl.DataFrame:
    schema = {**dict.fromkeys(breaks, pl.String), "people": pl.Int64}
    return pl.DataFrame(list(profiles), schema=schema, orient="row")


def alone(question: str = "q", **rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A one-way table and its roster, in which all are of one profile."""
    people = rows["_ANS"] + rows.get("_NA", 0)
    return frame(column(question, question, rows)), roster((people,))


# Towns a1 (10 people) and b2 (20) are withheld whole; with a2 (30) and b1 (20) they make up the north and the south.
def towns(y_in_a1: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """In a2 18 of 30 say x, in b1 12 of 20, in b2 10 of 20."""
    north, everyone = 12 + y_in_a1, 30 + y_in_a1
    by_town = {"x": f"? 18 12 ? {80 - everyone}", "y": f"? 12 8 ? {everyone}", "_ANS": "? 30 20 ? 80"}
    by_side = {"x": f"{40 - north} 22 {80 - everyone}", "y": f"{north} 18 {everyone}", "_ANS": "40 40 80"}
    cells = frame(grid("q_age", "q", "age", "a1 a2 b1 b2 _T", by_town), grid("q_sex", "q", "sex", "n s _T", by_side))
    north_south = ("a1", "n", 10), ("a2", "n", 30), ("b1", "s", 20), ("b2", "s", 20)
    return cells, roster(*north_south, breaks=("age", "sex"))


def test_a_withheld_town_that_its_region_gives_away_is_found():
    cells, people = towns(y_in_a1=0)
    assert attack(cells, **rules()).tests["A1"].value == "PASS"  # margin by margin there is nothing to see
    assert proof(cells, people) is Proof.SOMEBODY


@pytest.mark.parametrize(
    ("others", "s", "expected"), [(1, 2, "somebody"), (2, 2, "none"), (2, 3, "somebody"), (3, 3, "none")]
)
def test_s_less_one_accomplices_who_differ_give_the_rest_of_the_town_away(others, s, expected):
    cells, people = towns(y_in_a1=others)
    assert proof(cells, people, bars={"q": s}).value == expected


def test_towns_that_lie_in_no_region_keep_their_answers():
    cells, people = towns(y_in_a1=0)
    assert proof(cells.filter(pl.col("col_var") == "age"), people.drop("sex")) is Proof.NONE


def test_a_net_is_protected_like_an_answer():
    cells, people = alone(x=10, y=10, z=1, _ANS=21)
    assert proof(cells, people) is Proof.NONE
    assert proof(cells, people, nets={"q": [["x", "y"]]}) is Proof.SOMEBODY
    assert proof(cells, people, nets={"q": [["y", "z"]]}) is Proof.NONE


def test_the_other_side_of_a_net_is_protected_too():
    cells, people = alone(x=1, y=10, z=10, _ANS=21)
    assert proof(cells, people, nets={"q": [["x"]]}) is Proof.SOMEBODY


def test_no_answer_is_an_answer_unless_it_is_what_is_left_over():
    cells, people = alone(x=20, y=0, _NA=3, _ANS=20)
    assert proof(cells, people) is Proof.NONE
    assert proof(cells, people, no_answer=NoAnswer.RESIDUAL) is Proof.SOMEBODY
    assert proof(cells, people, bars={"q": 5}) is not Proof.NONE  # four of three


def test_that_somebody_did_not_answer_is_protected_only_as_a_cell():
    silent = alone(x=1, y=0, _NA=20, _ANS=1)
    assert proof(*silent) is Proof.SOMEBODY
    both = alone(x=4, y=4, _NA=0, _ANS=8)
    assert proof(*both, no_answer=NoAnswer.RESIDUAL) is Proof.NONE


@pytest.mark.parametrize(
    ("chose", "sides", "expected"),
    [
        pytest.param(19, (), Proof.SOMEBODY, id="all_but_an_accomplice_chose"),
        pytest.param(18, (), Proof.NONE, id="two_did_not"),
        pytest.param(0, (), Proof.NONE, id="nobody_chose_may_be_read"),
        pytest.param(0, ("m",), Proof.SOMEBODY, id="unless_both_sides_are_protected"),
        pytest.param(2, ("m",), Proof.NONE, id="two_chose"),
    ],
)
def test_an_option_is_protected_on_its_declared_sides(chose, sides, expected):
    cells, people = alone("m", x=chose, y=10, _ANS=20)
    assert proof(cells, people, "m", both_sides=sides) is expected


def test_options_are_tied_by_those_who_must_have_chosen_one():
    # Everybody chose exactly one of two options: there are no mentions to spare for an accomplice who chose both.
    cells, people = alone("m", x=10, y=10, _ANS=20)
    assert proof(cells, people, "m", chose_one=["m"]) is Proof.NONE
    # With 2 to 19 who chose y, nobody can rely on x. With one who did, she knows that all others chose x.
    cells, people = alone("m", x=18, y=2, _ANS=20)
    assert proof(cells, people, "m", chose_one=["m"]) is Proof.NONE
    cells, people = alone("m", x=19, y=1, _ANS=20)
    assert proof(cells, people, "m", chose_one=["m"]) is not Proof.NONE


def test_options_of_people_who_may_be_silent_are_judged_together():
    cells, people = alone("m", x=8, y=9, _NA=5, _ANS=20)
    assert proof(cells, people, "m") is Proof.NONE
    cells, people = alone("m", x=19, y=9, _NA=5, _ANS=20)
    assert proof(cells, people, "m") is not Proof.NONE


def test_both_sexes_and_ages_keep_two_answers_against_two_accomplices():
    by_sex = grid("q_sex", "q", "sex", "f m _T", {"x": "15 ? 31", "y": "? 14 29", "_ANS": "30 30 60"})
    by_age = grid("q_age", "q", "age", "y o _T", {"x": "16 15 31", "y": "14 15 29", "_ANS": "30 30 60"})
    four = roster(*(("fm"[n // 2], "yo"[n % 2], 15) for n in range(4)), breaks=("sex", "age"))
    assert proof(frame(by_sex, by_age), four, bars={"q": 3}) is Proof.NONE
    assert proof(frame(by_age, by_sex), four, bars={"q": 3}) is Proof.NONE


SAFE = alone(x=10, y=10, _ANS=20)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"bars": {}}, id="no_bar"),
        pytest.param({"bars": {"q": 1}}, id="bar_without_accomplices"),
        pytest.param({"bars": {"q": 4}}, id="more_accomplices_than_are_looked_at"),
        pytest.param({"programmes": 0}, id="no_work_allowed"),
        pytest.param({"roster": roster((19,))}, id="roster_contradicts"),
        pytest.param({"roster": roster((0,))}, id="roster_of_nobody"),
        pytest.param({"roster": roster((20,)).clear()}, id="empty_roster"),
        pytest.param({"roster": roster((2,)), "bars": {"q": 3}}, id="no_more_people_than_accomplices"),
    ],
)
def test_what_cannot_be_judged_is_undecided(changed):
    cells, people = SAFE
    assert proof(cells, people) is Proof.NONE
    assert proof(cells, changed.pop("roster", people), **changed) is Proof.UNDECIDED


def test_a_question_without_a_roster_or_with_one_of_other_breaks_is_undecided():
    cells, people = towns(3)
    assert forced_answers(cells, {}, **rules(bars={"q": 2})) == {"q": Proof.UNDECIDED}
    assert proof(cells, people.drop("sex")) is Proof.UNDECIDED


def test_a_question_of_which_nothing_is_shown_is_not_judged():
    hidden = frame(column("q", "q", {"x": None, "y": None, "_ANS": None}))
    assert forced_answers(hidden, {}, **rules(bars={"q": 2})) == {}


def test_worlds_that_do_not_fit_count_for_nothing(monkeypatch):
    cells, people = towns(y_in_a1=0)

    def cheat(walk: Walk, _number: int) -> None:
        walk.worlds = walk.worlds[:, :, ::-1].copy()

    monkeypatch.setattr(Walk, "steps", cheat)
    assert proof(cells, people) is Proof.SOMEBODY

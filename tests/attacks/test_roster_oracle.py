"""The joint test against a list of every world, on random tiny surveys; and what it is built from."""

from __future__ import annotations

import random
from math import comb, prod

import numpy as np
import pytest

from tests.attacks.all_worlds import Tiny, answer_is_proven, choice_is_proven, random_tiny, rules_of
from transforms.attack.coalition import Proof
from transforms.attack.roster import forced_answers
from transforms.attack.worlds import Figures, Search, Sum
from transforms.attack.worlds_walk import Taste, Walk

MOST_WORLDS = 60_000


def listable(seed: int, *, multiple: bool, most: int) -> tuple[Tiny, int] | None:
    """A random survey small enough to list its worlds, and how many accomplices to try."""
    dice = random.Random(seed)
    members = dice.choice([1, 1, 2])
    tiny = random_tiny(dice, multiple=multiple, people=dice.randint(4, most))
    ways = prod(comb(len(said) + len(tiny.types) - 1, len(said)) for said in tiny.said)
    return (tiny, members) if ways <= MOST_WORLDS and sum(map(len, tiny.said)) > members else None


def found(tiny: Tiny, kind: str, members: int) -> Proof | None:
    return forced_answers(tiny.cells(), {"q": tiny.roster()}, **rules_of(tiny, kind, members)).get("q")


def compare(seeds: range, *, multiple: bool, most: int) -> list[tuple[Proof, bool]]:
    """What was found and what is so, survey by survey."""
    kind, is_proven = ("multiple", choice_is_proven) if multiple else ("single", answer_is_proven)
    pairs = []
    for seed in seeds:
        if (drawn := listable(seed, multiple=multiple, most=most)) and (proof := found(drawn[0], kind, drawn[1])):
            pairs.append((proof, is_proven(*drawn)))
    return pairs


def judge_single(seeds: range) -> None:
    pairs = compare(seeds, multiple=False, most=14)
    assert {proof for proof, proven in pairs if proven} == {Proof.SOMEBODY}
    assert {proof for proof, proven in pairs if not proven} == {Proof.NONE}


def judge_multiple(seeds: range) -> None:
    """Never good news where somebody is proven; that good news comes at all is for larger groups to show."""
    pairs = compare(seeds, multiple=True, most=12)
    assert Proof.NONE not in {proof for proof, proven in pairs if proven}
    assert Proof.SOMEBODY not in {proof for proof, proven in pairs if not proven}
    assert (Proof.NONE, False) in pairs


def test_an_answer_is_proven_exactly_where_a_list_of_all_worlds_says_so():
    judge_single(range(80))


def test_a_choice_is_never_called_safe_where_a_list_of_all_worlds_proves_it():
    judge_multiple(range(60))


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1000, 4000, 500))
def test_thousands_of_lists_agree(start: int):
    judge_single(range(start, start + 500))
    judge_multiple(range(start, start + 250))


# --- what it is built from -----------------------------------------------------------------------------


def crossed(seed: int) -> tuple[Figures, np.ndarray]:
    """Figures of a random world of 2 x 3 profiles, some counts shown and some only bounded from below."""
    dice = np.random.default_rng(seed)
    places = np.array([(a, b) for a in range(2) for b in range(3)])
    world = dice.integers(0, 5, size=(6, 3))
    sums = []
    for by in range(2):
        for code in range(places[:, by].max() + 1):
            for answer in range(3):
                cells = tuple(int(p) * 3 + answer for p in np.flatnonzero(places[:, by] == code))
                number = int(world.reshape(-1)[list(cells)].sum())
                shown = dice.random() < 0.7
                sums.append(
                    Sum(cells, (1,) * len(cells), number if shown else min(number, 1), number if shown else None)
                )
    return Figures(world.sum(axis=1), places, 3, tuple(sums)), world


TASTE = Taste(1 - np.eye(3, dtype=np.int64), 1)


def test_walks_stay_among_the_worlds_and_most_of_them_move():
    moved = 0
    for seed in range(12):
        figures, world = crossed(seed)
        walk = Walk(figures, np.repeat(world[None], 8, axis=0), np.random.default_rng(seed), TASTE)
        walk.steps(60)
        assert figures.fits(walk.worlds).all()
        moved += len(np.unique(walk.worlds, axis=0)) > 1
    assert moved > 6


def test_a_walk_leaves_those_alone_who_are_told_to_stay():
    figures, world = crossed(3)
    floor = np.minimum(world, 2)
    walk = Walk(figures, np.repeat(world[None], 8, axis=0), np.random.default_rng(0), TASTE, floor.reshape(-1))
    walk.steps(60)
    assert (walk.worlds >= floor).all()


@pytest.mark.parametrize("seed", range(12))
def test_no_world_is_called_impossible_that_is_there(seed):
    figures, world = crossed(seed)
    search = Search(figures, 100)
    for cell in range(0, figures.size, 4):
        floor = np.zeros(figures.size, dtype=np.int64)
        floor[cell] = world.reshape(-1)[cell]
        assert not (floor.any() and search.is_impossible(floor))
        more = floor.copy()
        more[cell] = figures.top[cell] + 1
        assert search.world(more)[1] is None
    assert figures.fits(world[None])[0]
    assert not figures.fits(world[None] + 1)[0]


def test_what_two_breaks_exclude_together_is_proven_impossible():
    # Two of a and none of it among the first: both are in the second; one of them in each of its two profiles at most.
    figures = Figures(np.array([1, 1]), np.array([[0], [1]]), 2, (Sum((0, 2), (1, 1), 1, 1),))
    both = np.array([1, 0, 1, 0])
    assert Search(figures, 10).is_impossible(both)
    assert not Search(figures, 10).is_impossible(np.array([1, 0, 0, 0]))
    assert not Search(figures, 0).is_impossible(both)

"""What must hold of every published cell, checked by a reader with the answers beside her: one complaint a breach.

Each promise is held against the people and the displayed lines by code of its own, never by that of the house.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from terms.policy import NoAnswer
from terms.survey import Column, Kind, Role
from tests.attacks import counting
from tests.attacks.short_road import Published
from tests.attacks.whole_numbers import Question

COUNTS = ("respondents", "base")

Place = tuple[str, str, str, str, str]
"""Table, row variable, row, break and category."""


def complaints(published: Published) -> set[str]:
    """The names of the promises that the published cells break."""
    return {promise.__name__ for promise in PROMISES if any(True for _ in promise(published))}


def small_counts(published: Published) -> Iterator[Place]:
    """Shown counts that stand for 1 to k - 1 people, or that read as if they did."""
    k, true = published.survey.policy.k, published.people_in
    for (place, measure), value in _shown(published).items():
        if measure in COUNTS and (0 < true[_counted(place, measure)] < k or 0 < value < k):
            yield place


def wrong_counts(published: Published) -> Iterator[Place]:
    """Shown counts that are not the nearest multiple of the rounding, halves up."""
    step, true = published.survey.policy.rounding, published.people_in
    for (place, measure), value in _shown(published).items():
        if measure in COUNTS and value != _half_up(Fraction(true[_counted(place, measure)], step)) * step:
            yield place


def hidden_values(published: Published) -> Iterator[Place]:
    """Hidden lines with a value, shown ones without."""
    for *place, _, value, status in published.cells.iter_rows():
        if status not in {"shown", "hidden"} or (status == "shown") is (value is None):
            yield tuple(place)


def wrong_percentages(published: Published) -> Iterator[Place]:
    """Percentages that are no function of the displayed counts; weighted ones: of their displayed base (R7, R8)."""
    shown = _shown(published)
    for (place, measure), value in shown.items():
        if measure in COUNTS:
            continue
        part, whole = shown.get((place, "respondents")), shown.get(_whole(place, measure))
        if measure == "weighted_percent" and part is not None and whole is not None:
            part = _weighted_part(published, place)
        if part is None or not whole or value != min(_half_up(Fraction(100 * part, whole)), 100):
            yield place


def talking_questions(published: Published) -> Iterator[Place]:
    """Figures about the answers to a question that is withheld, and weighted ones where only those are."""
    for place, measure in _shown(published):
        _, question, row, _, _ = place
        if question in published.withheld and (row != "_T" or measure not in {"respondents", "row_percent"}):
            yield place
        if question in published.weights_withheld and measure == "weighted_percent":
            yield place


def uneven_counts(published: Published) -> Iterator[Place]:
    """Counts of the same people that are shown here and hidden there, or differ."""
    seen: dict[frozenset[tuple[str, str]], tuple[object, ...]] = {}
    for *place, measure, value, status in published.cells.iter_rows():
        if measure in COUNTS:
            _, row_var, row, by, code = _counted(tuple(place), measure)
            cell = frozenset(pair for pair in ((row_var, row), (by, code)) if pair[1] != "_T")
            if seen.setdefault(cell, (value, status)) != (value, status):
                yield tuple(place)


def known_cells(published: Published) -> Iterator[object]:
    """Hidden counts that everything shown of their question, to the person, leaves too little room (R2)."""
    survey, policy = published.survey, published.survey.policy
    for name, kind in counting.kinds_of(survey, published.counts).items():
        if kind != "quasi_identifier":
            question = Question.of(published.protected, name, kind, survey.column(name).separator is not None)
            yield from question.given_away(policy.k, policy.interval_width, policy.no_answer is NoAnswer.RESIDUAL)


def agreeing_groups(published: Published) -> Iterator[Place]:
    """Groups, of a question that is not withheld, in which a few people can tell what all others answered (R3)."""
    survey, levels = published.survey, published.codebook.levels
    for place in dict.fromkeys((line[0], line[1], "_T", line[3], line[4]) for line in published.cells.iter_rows()):
        _, question, _, by, code = place
        column = survey.column(question)
        if not counting.is_question(column) or question in published.withheld:
            continue
        answers = [
            person.answers[question]
            for person in published.fieldwork.people
            if code == "_T" or counting.belongs(person, survey.column(by), code, levels)
        ]
        few = survey.policy.s_sensitive if column.role is Role.SENSITIVE else survey.policy.s
        if answers and _tells(column, answers, few - 1):
            yield place


PROMISES = (
    small_counts,
    wrong_counts,
    hidden_values,
    wrong_percentages,
    talking_questions,
    uneven_counts,
    known_cells,
    agreeing_groups,
)


def _shown(published: Published) -> dict[tuple[Place, str], int]:
    """Every figure that has a value, whatever its status says."""
    return {
        (tuple(place), measure): value for *place, measure, value, _ in published.cells.iter_rows() if value is not None
    }


def _counted(place: Place, measure: str) -> Place:
    """The line of the counts that a figure displays: the base stands in row ``_T``, and counts who answered."""
    return (*place[:2], "_ANS", *place[3:]) if measure == "base" else place


def _whole(place: Place, measure: str) -> tuple[Place, str]:
    """The figure that a percentage is of."""
    table, row_var, row, by, _ = place
    if measure == "row_percent":
        return (table, row_var, row, by, "_T"), "respondents"
    return (table, row_var, "_T", *place[3:]), "respondents" if measure == "percent_of_all" else "base"


def _half_up(number: Fraction) -> int:
    return int(number + Fraction(1, 2))  # towards zero, and nothing here is below it


def _weighted_part(published: Published, place: Place) -> int:
    """The people who would make the same share without weights, as many as the rounding can tell apart."""
    step, weight = published.survey.policy.rounding, published.weight_in
    base = _counted(place, "base")
    share = Fraction(weight[place]) / Fraction(weight[base])
    return _half_up(published.people_in[base] * share / step) * step


def _tells(column: Column, answers: Sequence[frozenset[str] | None], friends: int) -> bool:
    """Whether some ``friends`` of these people, who tell each other, know what all the others answered."""
    answered = [answer for answer in answers if answer is not None]
    if _agree([answer is None for answer in answers], friends, {True}):
        return True
    if column.kind is not Kind.MULTIPLE:
        return _agree(answers, friends) or bool(answered and _agree(answered, friends))
    for option in column.options:
        chose = [option.code in answer for answer in answered]
        # One-sided: whoever did not choose learns from the withheld question that all others did, hence one more.
        if chose and (_agree(chose, friends) if column.both_sides_sensitive else _agree(chose, friends + 1, {True})):
            return True
    return False


def _agree(answers: Sequence[Hashable], friends: int, telling: Collection[Hashable] | None = None) -> bool:
    """Whether, ``friends`` of them set apart, the others all gave one answer (one of ``telling``, if given)."""
    people = Counter(answers)
    if len(answers) <= friends:
        return True
    teams = (Counter(team) for team in combinations_with_replacement(people, friends))
    others = (set(people - team) for team in teams if team <= people)
    return any(len(rest) == 1 and (telling is None or rest <= set(telling)) for rest in others)

"""Long frame to banner tables: one total, whole breaks, and nobody's group left out."""

from __future__ import annotations

import pytest

from publishing.banner import Line, Mark, make_banners
from terms.survey import TableSpec
from terms.words import Text
from tests import builders
from tests.publishing.golden import AGE, DRINK, LINES, golden
from tests.publishing.samples import content, frame


def groups(*sizes: tuple[str, int | None]) -> list[tuple]:
    """Age groups of these sizes with a one-way table of age and tea drinkers by age."""
    lines = [("age", "age", code, "_T", "_T", "respondents", size) for code, size in sizes]
    for code, size in (*sizes, ("_T", 100)):
        at = ("drink_by_age", "drink", "{}", "age", code)
        lines += [(*at[:2], "tea", *at[3:], "respondents", size), (*at[:2], "_T", *at[3:], "respondents", size)]
    return lines


def banners(lines: list[tuple]):
    survey = builders.survey(
        [AGE, DRINK],
        tables=(TableSpec(name="age", row="age"), TableSpec(name="drink_by_age", row="drink", col="age")),
    )
    return make_banners(content(survey, builders.codebook(survey), frame(lines)))


def test_the_total_of_every_table_of_a_question_is_one_column():
    drink = make_banners(golden())[0]
    assert [(head.break_label.en, head.label.en, head.opens) for head in drink.heads] == [
        ("", "Total", True),
        ("Age", "Young", True),
        ("Age", "Old", False),
    ]
    assert drink.counts[0] == Line(code="tea", label=Text(ja="お茶", en="Tea"), figures=(45, Mark.HIDDEN, Mark.HIDDEN))
    assert drink.base.figures == (60, 40, 20)


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        pytest.param(0, False, id="nobody"),
        pytest.param(10, True, id="somebody"),
        pytest.param(None, True, id="hidden"),
    ],
)
def test_a_group_without_people_has_no_row_and_no_column(size, kept):
    age, drink = banners(groups(("young", 60), ("old", 40), ("_NA", size)))
    assert [line.code for line in age.counts] == ["young", "old"] + ["_NA"] * kept
    assert len(drink.heads) == 3 + kept


def test_an_answer_that_nobody_gave_keeps_its_row():
    assert [line.code for line in make_banners(golden())[0].counts] == ["tea", "coffee", "_NA"]
    assert make_banners(golden())[0].counts[2].figures[0] == 0


def test_a_share_of_all_stands_in_only_where_no_share_of_those_who_answered_is_shown():
    drink, milk, _ = make_banners(golden())
    assert [head.share for head in drink.heads] == ["percent"] * 3
    assert [head.share for head in milk.heads] == ["percent_of_all"]
    assert (drink.mixed, milk.mixed) == (False, True)
    # The share of oat and of no answer are hidden in either measure.
    assert [line.figures[0] for line in milk.shares] == [33, Mark.HIDDEN, Mark.HIDDEN]


def test_weighted_shares_stand_apart_and_only_where_one_is_shown():
    assert make_banners(golden())[0].weighted == ()
    lines = [*LINES, ("drink", "drink", "tea", "_T", "_T", "weighted_percent", 70)]
    shown = make_banners(golden(cells=frame(lines)))[0].weighted
    assert [(line.code, line.figures) for line in shown] == [("tea", (70, Mark.ABSENT, Mark.ABSENT))]
    lines[-1] = (*lines[-1][:6], None)
    assert make_banners(golden(cells=frame(lines)))[0].weighted == ()


def test_a_withheld_question_holds_no_figure():
    income = make_banners(golden())[2]
    assert (income.withheld, income.heads, income.counts, income.base) == (True, (), (), None)

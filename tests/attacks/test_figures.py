"""What a reader sees in single figures and percentages, each rule with its boundary and its control."""

import pytest

from terms.findings import Verdict
from terms.messages import MESSAGES, render
from tests.attacks.press import HIDDEN, column, frame, grid, interval, line, rules, rules_broken
from transforms.attack import attack
from transforms.attack.report import BLINDING, TEST_OF_RULE


def one_way(extra=(), **rows):
    return frame(column("q", "q", rows), extra)


def shown(measure, value, row="a", by="_T", col="_T", table="q"):
    return line(table, "q", row, by, col, measure, value)


# --- counts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "rounding", "broken"),
    [
        pytest.param(0, 1, set(), id="zero"),
        pytest.param(1, 1, {"shown_below_k"}, id="one"),
        pytest.param(9, 1, {"shown_below_k"}, id="one_below_k"),
        pytest.param(10, 1, set(), id="exactly_k"),
        pytest.param(5, 5, {"shown_below_k"}, id="stands_for_seven_at_most"),
        pytest.param(10, 5, set(), id="stands_for_ten_to_twelve"),
        pytest.param(12, 5, {"figure_not_rounded"}, id="no_multiple_of_five"),
        pytest.param(7, 5, {"figure_not_rounded", "shown_below_k"}, id="seven_as_it_is"),
    ],
)
def test_no_count_below_k_is_shown(count, rounding, broken):
    cells = one_way(a=50, b=count, _ANS=50 + count, _T=50 + count)
    found = rules_broken(attack(cells, **rules(rounding=rounding)))
    assert found - {"figures_contradict"} == broken


def test_a_group_below_k_is_named_as_a_group():
    cells = frame(
        grid("q_by_sex", "q", "sex", "f m _T", {"a": "? ? ?", "b": "? ? ?", "_ANS": "? ? ?", "_T": "9 91 100"})
    )
    report = attack(cells, **rules())
    assert rules_broken(report) == {"shown_below_k", "group_below_k"}
    assert (report.tests["R1"], report.tests["R2"]) == (Verdict.FAIL, Verdict.FAIL)


def test_demographics_may_know_of_a_small_group():
    cells = one_way(a=50, b=30, _ANS=80, _T=80)
    assert attack(cells, **rules(exact={("sex", "f"): 10})).verdict is Verdict.PASS
    assert rules_broken(attack(cells, **rules(exact={("sex", "f"): 9}))) == {"group_below_k"}


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        pytest.param(line("q", "q", "b", "_T", "_T", "respondents", 20, "hidden"), "hidden_with_value", id="left_in"),
        pytest.param(line("q", "q", "b", "_T", "_T", "respondents", None, "shown"), "cell_malformed", id="no_value"),
        pytest.param(line("q", "q", "b", "_T", "_T", "respondents", -1, "shown"), "cell_malformed", id="negative"),
        pytest.param(line("q", "q", "b", "_T", "_T", "respondents", 20, "SHOWN"), "cell_malformed", id="status"),
        pytest.param(line("q", "q", "b", "_T", "_T", "mean", 3), "measure_unknown", id="what_it_cannot_judge"),
        pytest.param(line("x", "new", "b", "_T", "_T", "respondents", 20), "kind_unknown", id="variable"),
        pytest.param(line("q", "q", "a", "q2", "b", "respondents", 20), "kind_unknown", id="break"),
        pytest.param(line("t", "q", "a", "_T", "_T", "respondents", 51), "cell_differs", id="two_values"),
        pytest.param(line("t", "q", "a", "_T", "_T", "respondents", None), "shown_and_hidden", id="two_statuses"),
    ],
)
def test_a_line_that_cannot_be_judged_or_gives_itself_away_fails(bad, rule):
    good = column("q", "q", {"a": 50, "b": HIDDEN, "c": HIDDEN, "_ANS": 90, "_T": 90})
    assert attack(frame(good), **rules()).verdict is Verdict.PASS
    report = attack(frame([cell for cell in good if cell[2:6] != bad[2:6] or cell[0] != bad[0]], [bad]), **rules())
    assert rule in rules_broken(report)
    assert report.verdict is Verdict.FAIL


def test_a_cell_hidden_in_one_place_is_read_in_the_other():
    cells = frame(
        column("q", "q", {"a": 50, "b": HIDDEN, "c": HIDDEN, "_ANS": 90, "_T": 90}),
        column("t", "q", {"b": 25}),
    )
    report = attack(cells, **rules())
    assert interval(report, "c") == (15, 15)
    assert {"shown_and_hidden", "cell_interval_narrow"} <= rules_broken(report)


def test_nothing_to_read_is_no_pass():
    assert rules_broken(attack(frame([]), **rules())) == {"nothing_to_attack"}


# --- percentages (attacks 11 and 14) -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "value", "broken"),
    [
        pytest.param("percent", 63, set(), id="fifty_of_eighty_half_up"),  # 62.5
        pytest.param("percent", 62, {"percent_not_from_displayed"}, id="half_down"),
        pytest.param("percent_of_all", 50, set(), id="fifty_of_everyone"),
        pytest.param("percent_of_all", 63, {"percent_not_from_displayed"}, id="of_the_base_instead"),
        pytest.param("row_percent", 100, set(), id="of_its_own_row"),
        # Rounded to 1, every whole number of people over a base of 80 is possible.
        pytest.param("weighted_percent", 60, set(), id="weighted"),
    ],
)
def test_a_percentage_follows_from_displayed_figures(measure, value, broken):
    cells = one_way([shown(measure, value)], a=50, b=30, _NA=20, _ANS=80, _T=100)
    assert rules_broken(attack(cells, **rules())) == broken


@pytest.mark.parametrize(
    ("value", "broken"),
    [
        # 40, 45 and 50 of 60 are 67, 75 and 83 %; a weighted share of 71 % is of no rounded number of people.
        pytest.param(67, set(), id="forty_of_sixty"),
        pytest.param(75, set(), id="forty_five_of_sixty"),
        pytest.param(71, {"percent_not_from_displayed"}, id="in_between"),
    ],
)
def test_weighted_percentages_are_of_rounded_people(value, broken):
    cells = one_way([shown("weighted_percent", value)], a=40, b=20, _ANS=60, _T=60)
    assert rules_broken(attack(cells, **rules(rounding=5))) == broken


def test_a_weighted_share_of_nobody_is_zero():
    for value, broken in ((0, set()), (1, {"percent_not_from_displayed"})):
        cells = one_way([shown("weighted_percent", value, row="b")], a=60, b=0, _ANS=60, _T=60)
        assert rules_broken(attack(cells, **rules())) == broken


def test_percentages_of_an_empty_base_are_zero():
    for value, broken in ((0, set()), (1, {"percent_not_from_displayed"})):
        cells = one_way([shown("percent", value)], a=0, b=0, _NA=20, _ANS=0, _T=20)
        assert rules_broken(attack(cells, **rules())) == broken


HIDING = {"a": HIDDEN, "b": HIDDEN, "_ANS": 80, "_T": 80}


@pytest.mark.parametrize(
    ("measure", "value", "by_hand"),
    [
        # 200 x / 160: 13 % is 10.0..10.79 people of 80, so 10; 12 % (half up) is 9.2..9.99: no count at all.
        pytest.param("percent", 13, (10, 10), id="percent"),
        pytest.param("percent_of_all", 50, (40, 40), id="percent_of_all"),
    ],
)
def test_a_percentage_of_a_hidden_count_gives_it_away(measure, value, by_hand):
    assert attack(one_way(**HIDING), **rules()).verdict is Verdict.PASS
    report = attack(one_way([shown(measure, value)], **HIDING), **rules(), evidence=True)
    assert {"percent_of_hidden", "cell_interval_narrow"} <= rules_broken(report)
    assert interval(report, "a") == by_hand


def test_the_percentages_that_fit_a_hidden_count_are_those_that_round_so():
    # Brute force over the base: which counts of 160 print 7 %?
    fitting = [n for n in range(161) if (2 * 100 * n + 160) // (2 * 160) == 7]
    cells = one_way([shown("percent", 7)], a=HIDDEN, b=HIDDEN, _ANS=160, _T=160)
    assert interval(attack(cells, **rules(), evidence=True), "a") == (min(fitting), max(fitting))


def test_a_percentage_of_a_rounded_hidden_count_says_as_much_as_the_rounded_count():
    # 13 % of 80: only 10 among the multiples of five, so 8..12, of which hidden counts may be any.
    report = attack(one_way([shown("percent", 13)], **HIDING), **rules(rounding=5), evidence=True)
    assert interval(report, "a") == (8, 12)
    assert {"percent_of_hidden", "cell_interval_narrow"} <= rules_broken(report)


def test_a_percentage_of_a_hidden_base_gives_the_base_away():
    # 40 people are 80 % of 49.69..50.3 people: the base is 50, and no answer is 10.
    rows = {"a": 40, "b": HIDDEN, "_NA": HIDDEN, "_ANS": HIDDEN, "_T": 100}
    assert attack(one_way(**rows), **rules()).verdict is Verdict.PASS
    report = attack(one_way([shown("percent", 80)], **rows), **rules(), evidence=True)
    assert interval(report, "b") == (10, 10)
    assert "percent_of_hidden" in rules_broken(report)


def test_a_row_percentage_of_a_hidden_cell_gives_it_away():
    rows = {"a": "? ? 40", "b": "? ? 60", "_ANS": "50 50 100", "_T": "50 50 100"}
    cells = frame(
        grid("q_by_sex", "q", "sex", "f m _T", rows),
        [shown("row_percent", 75, "a", "sex", "f", "q_by_sex")],
    )
    report = attack(cells, **rules(), evidence=True)
    assert interval(report, "a", "f") == (30, 30)


def test_percentages_of_hidden_count_over_hidden_base_tie_both():
    # a / base = 25 %, both hidden: 200 a >= 49 base and 200 a < 51 base, and 60 <= base - a by b and c.
    rows = {"a": HIDDEN, "b": 30, "c": 30, "_NA": HIDDEN, "_ANS": HIDDEN, "_T": 100}
    report = attack(one_way([shown("percent", 25)], **rows), **rules(), evidence=True)
    fitting = [a for a in range(1, 40) if (200 * a + 60 + a) // (2 * (60 + a)) == 25]
    assert interval(report, "a") == (min(fitting), max(fitting))


def test_a_weighted_share_of_a_hidden_count_is_refused():
    cells = one_way([shown("weighted_percent", 50)], **HIDING)
    assert rules_broken(attack(cells, **rules())) == {"weighted_of_hidden"}


def test_a_wrong_percentage_does_not_blind_the_attacker():
    # 99 % of 80 and an interval that must be found all the same: c = 80 - 50 - 25.
    cells = one_way([shown("percent", 99)], a=50, b=25, c=HIDDEN, _ANS=80, _T=80)
    report = attack(cells, **rules())
    assert interval(report, "c") == (5, 5)
    assert rules_broken(report) == {"percent_not_from_displayed", "cell_interval_narrow"}


def test_percentages_of_exact_counts_beside_rounded_ones_are_used():
    # 50 of 100, rounded to 5, but 52 %: made of true counts, such as 52 of 100.
    rows = {"a": 50, "b": HIDDEN, "c": HIDDEN, "_ANS": 100, "_T": 100}
    plain = attack(one_way(**rows), **rules(rounding=5), evidence=True)
    telling = attack(one_way([shown("percent", 52)], **rows), **rules(rounding=5), evidence=True)
    assert interval(plain, "b") == (1, 53)  # 102 - 48 - 1
    fitting = [(a, n) for a in range(48, 53) for n in range(98, 103) if (200 * a + n) // (2 * n) == 52]
    assert interval(telling, "b") == (1, max(n - a - 1 for a, n in fitting))
    assert "percent_not_from_displayed" in rules_broken(telling)


# --- what is said about it ------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [*TEST_OF_RULE, "cells_csv_malformed"])
def test_every_finding_has_its_sentence_in_both_languages(rule):
    assert all(MESSAGES[rule][part][language] for part in (0, 1) for language in ("ja", "en"))


def test_findings_name_the_table_and_numbers_alone():
    cells = one_way(a=50, b=30, c=HIDDEN, _ANS=87, _T=87)
    for finding in attack(cells, **rules()).findings:
        assert set(finding.facts) == {"cells", "k"}
        assert "{" not in render(finding, "ja") + render(finding, "en")


def test_what_blinds_the_attacker_fails_every_test():
    assert set(TEST_OF_RULE) >= BLINDING
    report = attack(one_way(a=50, b=30, _ANS=81, _T=81), **rules(bars={"q": 2}))
    assert set(report.tests.values()) == {Verdict.FAIL}

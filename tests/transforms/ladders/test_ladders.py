"""Ladders cover every value, only merge groups, and say what is wrong without saying whose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terms.findings import Refused
from terms.hierarchy import ANY
from terms.messages import render
from terms.reading import read_survey
from tests.terms.declarations import breaking
from transforms.ladders import days, japan
from transforms.ladders.groupings import bands, equal_bands, named, prefix, priorities, runs
from transforms.ladders.table import Grouping, LadderTable, build_ladder, read_ladder
from transforms.search.ladders import Ladder

AGES = [str(age) for age in range(121)]


def groups(grouping: Grouping, values: list[str]) -> list[str | None]:
    return [grouping(value) for value in values]


def refused(make) -> list[tuple[str, str]]:
    """Place and rule of every problem; no message says any of the secret values."""
    with pytest.raises(Refused) as found:
        make()
    for finding in found.value.findings:
        assert "secret" not in render(finding, "en") + render(finding, "ja") + finding.place
    return [(finding.place, finding.rule) for finding in found.value.findings]


# --- tables ---------------------------------------------------------------------------------------


def test_a_ladder_is_the_hierarchy_file_of_a_declaration(tmp_path):
    grouping = named({"plain": ["fukui", "sabae"], "hills": ["ono"]})
    table = build_ladder("region", ["fukui", "sabae", "ono", "_NA"], [grouping])
    (tmp_path / "region.csv").write_text(table.to_csv(), encoding="utf-8")
    declared = read_survey(breaking(tmp_path, {"columns.region.hierarchy": [{"file": "region.csv"}]}))
    levels = declared.column("region").hierarchy.levels
    assert [tuple(level.group_of.values()) for level in levels] == list(table.columns)


def test_a_ladder_is_searched():
    table = build_ladder("age", AGES, [japan.ages_in_five_years(), japan.ages_in_four(), japan.ages_in_three()])
    assert Ladder.of_table("age", table.columns).groups == (121, 18, 4, 3, 1)


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True), st.integers(1, 4), st.integers(1, 4))
def test_what_is_written_is_read_again(values, size, times):
    table = build_ladder("v", values, [runs(values, size), runs(values, size * times)])
    assert read_ladder("v", table.to_csv()) == table
    with_everybody = "\n".join(";".join([*row, ANY]) for row in zip(*table.columns, strict=True))
    assert read_ladder("v", with_everybody, ";") == table


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(
            lambda: build_ladder("v", ["secret1", "b"], [named({"x": ["b"]}), bands([0])]),
            [
                ("columns.v.hierarchy[1]", "ladder_value_not_covered"),
                ("columns.v.hierarchy[2]", "ladder_value_not_covered"),
            ],
            id="gaps_of_every_level_at_once",
        ),
        pytest.param(
            lambda: build_ladder("v", ["secret1", "secret2"], [lambda _: "x", lambda value: value]),
            [("columns.v.hierarchy[2]", "hierarchy_not_nested")],
            id="a_group_is_split",
        ),
        pytest.param(
            lambda: build_ladder("v", ["secret1", "secret1"], []),
            [("columns.v", "ladder_value_repeated")],
            id="repeated",
        ),
        pytest.param(lambda: build_ladder("v", [], []), [("columns.v", "ladder_empty")], id="nothing"),
        pytest.param(
            lambda: build_ladder("v", ["secret1"], [lambda value: f"*{value}"]),
            [("columns.v.hierarchy[1]", "ladder_group_malformed")],
            id="no_code",
        ),
        pytest.param(
            lambda: LadderTable(variable="v", values=("secret1", "b"), levels=(("x",),)),
            [("columns.v.hierarchy[1]", "ladder_uneven")],
            id="a_level_too_short",
        ),
        pytest.param(
            lambda: read_ladder("v", "secret,x\nb"), [("columns.v", "ladder_file_malformed")], id="uneven_lines"
        ),
        pytest.param(lambda: read_ladder("v", '"secret'), [("columns.v", "ladder_file_malformed")], id="an_open_quote"),
        pytest.param(lambda: read_ladder("v", "\n"), [("columns.v", "ladder_file_malformed")], id="an_empty_file"),
    ],
)
def test_what_is_wrong_is_named_by_column_and_rule(make, expected):
    assert refused(make) == expected


# --- groupings ------------------------------------------------------------------------------------


@given(st.integers(1, 30), st.integers(0, 20), st.integers(0, 90))
def test_equal_bands_cover_their_range_once_and_nest_in_multiples(width, least, span):
    most = least + span
    values = [str(number) for number in range(least, most + 1)]
    table = build_ladder("v", values, [equal_bands(width, least, most), equal_bands(2 * width, least, most)])
    for value, band in zip(values, table.levels[0], strict=True):
        first, last = map(int, band.split("-") if "-" in band else (band, band))
        assert first <= int(value) <= last <= most and (first - least) % width == 0
    assert groups(equal_bands(width, least, most), [str(least - 1), str(most + 1), "x", ""]) == [None] * 4


@pytest.mark.parametrize(
    ("grouping", "values", "expected"),
    [
        pytest.param(
            bands([0, 15, 65]),
            ["0", "14", "15", "64", "65", "999"],
            ["0-14"] * 2 + ["15-64"] * 2 + ["65+"] * 2,
            id="open",
        ),
        pytest.param(
            bands([3, 4, 9], 9), ["2", "3", "4", "8", "9", "10"], [None, "3", "4-8", "4-8", "9", None], id="closed"
        ),
        pytest.param(equal_bands(5, 0, 120, 85), ["84", "85", "120", "121"], ["80-84", "85+", "85+", None], id="top"),
        pytest.param(runs(["a", "b", "c"], 2), ["a", "b", "c", "d"], ["a-b", "a-b", "c", None], id="runs"),
        pytest.param(priorities(["a"]), ["a", "b", "c"], ["a", "other", "other"], id="priorities"),
        pytest.param(prefix(2), ["18201", "18", "1"], ["18", "18", None], id="prefix"),
        pytest.param(named({"x": ["a"]}), ["a", "b"], ["x", None], id="named"),
    ],
)
def test_a_grouping_at_its_edges(grouping, values, expected):
    assert groups(grouping, values) == expected


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        pytest.param(lambda: bands([]), "ladder_bands_disordered", id="no_bands"),
        pytest.param(lambda: bands([0, 0]), "ladder_bands_disordered", id="an_empty_band"),
        pytest.param(lambda: bands([5, 9], 8), "ladder_bands_disordered", id="an_end_before_the_last"),
        pytest.param(lambda: bands([-5, 9]), "ladder_bands_disordered", id="below_zero_is_no_code"),
        pytest.param(lambda: equal_bands(0, 0, 9), "ladder_bands_disordered", id="no_width"),
        pytest.param(lambda: equal_bands(5, 9, 0), "ladder_bands_disordered", id="turned_round"),
        pytest.param(lambda: equal_bands(5, 0, 99, 83), "ladder_bands_disordered", id="a_top_inside_a_band"),
        pytest.param(lambda: equal_bands(5, 0, 99, 0), "ladder_bands_disordered", id="all_in_the_top"),
        pytest.param(lambda: runs(["a"], 0), "ladder_size_too_small", id="runs_of_nothing"),
        pytest.param(lambda: prefix(0), "ladder_size_too_small", id="a_prefix_of_nothing"),
        pytest.param(lambda: japan.postal(0), "ladder_size_too_small", id="no_digits"),
        pytest.param(lambda: named({"x": ["a"], "y": ["a"]}), "ladder_value_in_two_groups", id="twice"),
    ],
)
def test_a_grouping_refuses_nonsense(make, rule):
    assert [found for _, found in refused(make)] == [rule]


def test_no_answer_stays_a_group_of_its_own():
    table = build_ladder("age", ["20", "_NA"], [equal_bands(10, 0, 99)])
    assert table.levels == (("20-29", "_NA"),)


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("2019-05-01", date(2019, 5, 1), id="iso"),
        pytest.param("2019/5/1", date(2019, 5, 1), id="slashes"),
        pytest.param("２０１９年５月１日", date(2019, 5, 1), id="full_width"),
        pytest.param("令和元年5月1日", date(2019, 5, 1), id="first_year"),
        pytest.param("㋿元年5月1日", date(2019, 5, 1), id="one_character_era"),
        pytest.param("㍻31年4月30日", date(2019, 4, 30), id="last_day_of_heisei"),
        pytest.param("平成31年5月1日", None, id="heisei_had_ended"),
        pytest.param("平成元年1月7日", None, id="heisei_had_not_begun"),
        pytest.param("S64.1.7", date(1989, 1, 7), id="last_day_of_showa"),
        pytest.param("h1.1.8", date(1989, 1, 8), id="first_day_of_heisei"),
        pytest.param("大正15年12月24日", date(1926, 12, 24), id="last_day_of_taisho"),
        pytest.param("昭和元年12月25日", date(1926, 12, 25), id="first_day_of_showa"),
        pytest.param("明治5年1月1日", None, id="another_calendar"),
        pytest.param("明治6年1月1日", date(1873, 1, 1), id="first_day_of_this_calendar"),
        pytest.param("31.4.30", None, id="which_era"),
        pytest.param("令和2019年5月1日", None, id="two_eras"),
        pytest.param("2023-02-29", None, id="no_such_day"),
        pytest.param("R0.5.1", None, id="no_year_zero"),
        pytest.param("", None, id="nothing"),
        pytest.param("2019-05", None, id="a_month"),
    ],
)
def test_a_day_is_read_as_japanese_forms_write_it(written, expected):
    assert days.read_day(written) == expected


def test_days_nest_in_months_quarters_years_and_decades():
    every = [str(date(2018, 1, 1) + timedelta(days=day)) for day in range(900)]
    table = build_ladder("born", every, [days.by_month(), days.by_quarter(), days.by_year(), days.by_decade()])
    assert [column[0] for column in table.levels] == ["2018-01", "2018-Q1", "2018", "2010s"]
    assert len(set(table.levels[0])) == 30 and len(set(table.levels[1])) == 10
    by_fiscal_year = build_ladder("born", every, [days.by_month(), days.by_quarter(), days.by_fiscal_year()])
    for day, year in zip(every, by_fiscal_year.levels[2], strict=True):
        assert year == f"FY{int(day[:4]) - (day[5:7] in ('01', '02', '03'))}"


def test_years_of_an_era_nest_in_eras_and_calendar_months_do_not():
    every = [str(date(1989, 1, 1) + timedelta(days=day)) for day in range(365)]
    table = build_ladder("born", every, [days.by_era_year(), days.by_era()])
    assert list(dict.fromkeys(table.levels[0])) == ["S64", "H1"]
    assert table.levels[0].count("S64") == 7 and list(dict.fromkeys(table.levels[1])) == ["showa", "heisei"]
    for coarse in (days.by_month(), days.by_year()):
        place = ("columns.born.hierarchy[2]", "hierarchy_not_nested")
        assert refused(lambda coarse=coarse: build_ladder("born", every, [coarse, days.by_era()])) == [place]


def test_eras_begin_with_the_calendar():
    assert groups(days.by_era(), ["1872-12-31", "1873-01-01", "1912-07-29", "1912-07-30"]) == [
        None,
        "meiji",
        "meiji",
        "taisho",
    ]
    assert groups(days.by_era_year(), ["1872-12-31", "1873-01-01", "2026-11-23"]) == [None, "M6", "R8"]


# --- Japan ----------------------------------------------------------------------------------------


def test_ages_are_banded_as_national_statistics_do():
    five, ten = groups(japan.ages_in_five_years(), AGES), groups(japan.ages_in_ten_years(), AGES)
    assert list(dict.fromkeys(five)) == [*(f"{age}-{age + 4}" for age in range(0, 85, 5)), "85+"]
    assert list(dict.fromkeys(ten)) == [*(f"{age}-{age + 9}" for age in range(0, 80, 10)), "80+"]
    assert list(dict.fromkeys(groups(japan.ages_in_four(), AGES))) == ["0-14", "15-64", "65-74", "75+"]
    assert list(dict.fromkeys(groups(japan.ages_in_three(), AGES))) == ["0-14", "15-64", "65+"]


def test_five_years_nest_in_ten_and_in_four_but_ten_do_not_nest_in_four():
    for coarser in (japan.ages_in_ten_years(), japan.ages_in_four()):
        assert build_ladder("age", AGES, [japan.ages_in_five_years(), coarser])
    ladder = [japan.ages_in_ten_years(), japan.ages_in_four()]
    assert refused(lambda: build_ladder("age", AGES, ladder)) == [("columns.age.hierarchy[2]", "hierarchy_not_nested")]


def test_the_forty_seven_prefectures_lie_in_eight_regions():
    numbers = [f"{number:02}" for number in range(1, 48)]
    table = build_ladder("prefecture", numbers, [japan.region()])
    counts = {region: table.levels[0].count(region) for region in dict.fromkeys(table.levels[0])}
    assert counts == {
        "hokkaido": 1,
        "tohoku": 6,
        "kanto": 7,
        "chubu": 9,
        "kinki": 7,
        "chugoku": 5,
        "shikoku": 4,
        "kyushu": 8,
    }


@pytest.mark.parametrize("code", ["13", "tokyo", "東京", "東京都"])
def test_a_prefecture_is_known_by_number_and_name(code):
    assert japan.region()(code) == "kanto"


def test_kyoto_is_a_prefecture_and_nothing_else_is():
    written = ["京都", "京都府", "大阪府", "北海道", "京都県", "北海道県", "48", "1", "FUKUI", ""]
    assert groups(japan.region(), written) == ["kinki"] * 3 + ["hokkaido"] + [None] * 6


def test_municipalities_climb_to_prefecture_and_region():
    table = build_ladder("town", ["18201", "182079", "13101"], [japan.prefecture(), japan.region_of_municipality()])
    assert table.levels == (("18", "18", "13"), ("chubu", "chubu", "kanto"))
    assert groups(japan.region_of_municipality(), ["48201", "1820", "x8201"]) == [None] * 3


@pytest.mark.parametrize("written", ["910-0001", "9100001", "９１０－０００１", "〒910-0001", "910ー0001", "910−0001"])
def test_a_postal_code_is_read_however_it_is_written(written):
    assert groups(japan.postal(3), [written]) == ["910"]


def test_no_postal_code_has_no_group():
    assert groups(japan.postal(3), ["910", "91-00001", "91000011", "abc-defg", ""]) == [None] * 5
    assert build_ladder("zip", ["910-0001", "9100002", "911-0001"], [japan.postal(5), japan.postal(3), japan.postal(1)])

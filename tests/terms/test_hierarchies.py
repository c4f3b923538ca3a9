"""Hierarchies: every level covers every code, only merges groups of the one before, and ends in everybody."""

from __future__ import annotations

import pytest

from terms.codebook import Codebook
from terms.findings import Refused
from terms.hierarchy import Hierarchy, Level
from terms.reading import read_survey
from terms.survey import Role
from terms.words import Text
from tests.builders import codebook, single, survey
from tests.builders import hierarchy as built
from tests.terms.declarations import breaking


def declared(folder, levels, column="region", **edits) -> Hierarchy:
    edits = {f"columns.{column}.{name}": value for name, value in edits.items()}
    return read_survey(breaking(folder, {f"columns.{column}.hierarchy": levels, **edits})).column(column).hierarchy


def groups(hierarchy: Hierarchy, level: int) -> dict[str, list[str]]:
    """Group -> its base codes, in codebook order."""
    found = {group: [] for group in hierarchy.levels[level].labels}
    for code, group in hierarchy.levels[level].group_of.items():
        found[group].append(code)
    return found


def test_without_levels_there_are_the_codes_and_everybody(tmp_path):
    hierarchy = declared(tmp_path, [])
    assert hierarchy.height == 1
    assert groups(hierarchy, 0) == {"fukui": ["fukui"], "sabae": ["sabae"], "ono": ["ono"], "_NA": ["_NA"]}
    assert groups(hierarchy, 1) == {"*": ["fukui", "sabae", "ono", "_NA"]}


def test_intervals_run_from_their_start_to_the_next(tmp_path):
    hierarchy = declared(tmp_path, [{"intervals": ["10", "12", "13", "30"]}, {"intervals": ["10", "13"]}], "age")
    assert hierarchy.height == 3
    assert {band: (members[0], members[-1], len(members)) for band, members in groups(hierarchy, 1).items()} == {
        "10-11": ("10", "11", 2),
        "12": ("12", "12", 1),
        "13-29": ("13", "29", 17),
        "30-39": ("30", "39", 10),
        "_NA": ("_NA", "_NA", 1),
    }
    assert list(groups(hierarchy, 2)) == ["10-12", "13-39", "_NA"]
    assert hierarchy.levels[1].labels["13-29"] == Text(ja="13-29", en="13-29")


@pytest.mark.parametrize("range_", [["0", "0"], ["7", "9"]])
def test_a_range_of_few_values_is_covered_too(range_, tmp_path):
    hierarchy = declared(tmp_path, [{"intervals": range_[:1]}], "age", range=range_)
    band = range_[0] if range_[0] == range_[1] else f"{range_[0]}-{range_[1]}"
    assert list(groups(hierarchy, 1)) == [band, "_NA"]


def test_groups_are_listed_over_the_values_or_over_the_level_before(tmp_path):
    hierarchy = declared(
        tmp_path,
        [
            {"groups": {"plain": {"codes": ["fukui", "sabae"], "ja": "平野"}, "ono": {"codes": "ono"}}},
            {"of": "previous", "groups": {"known": {"codes": ["plain", "ono"]}, "_NA": {"codes": ["_NA"]}}},
        ],
    )
    assert groups(hierarchy, 1) == {"plain": ["fukui", "sabae"], "ono": ["ono"], "_NA": ["_NA"]}
    assert groups(hierarchy, 2) == {"known": ["fukui", "sabae", "ono"], "_NA": ["_NA"]}
    assert hierarchy.levels[1].labels["plain"] == Text(ja="平野", en="平野")
    assert hierarchy.levels[1].labels["ono"] == Text(ja="大野市", en="大野市")


def test_no_answer_can_join_a_group(tmp_path):
    hierarchy = declared(
        tmp_path, [{"groups": {"fukui": {"codes": ["fukui"]}, "rest": {"codes": ["sabae", "ono", "_NA"]}}}]
    )
    assert groups(hierarchy, 1) == {"fukui": ["fukui"], "rest": ["sabae", "ono", "_NA"]}


def test_a_prefix_groups_codes_that_begin_alike(tmp_path):
    options = {"18201": "福井市", "18207": "鯖江市", "17201": "金沢市"}
    hierarchy = declared(tmp_path, [{"prefix": "2"}], options=options)
    assert groups(hierarchy, 1) == {"18": ["18201", "18207"], "17": ["17201"], "_NA": ["_NA"]}
    assert hierarchy.levels[1].labels["18"] == Text(ja="18", en="18")


def test_a_group_is_not_called_by_one_of_its_members(tmp_path):
    """Code ``18`` is Fukui with no municipality given; the group ``18`` is the whole prefecture."""
    hierarchy = declared(tmp_path, [{"prefix": "2"}], options={"18": "福井県(市町村不明)", "18201": "福井市"})
    assert hierarchy.levels[1].labels["18"] == Text(ja="18", en="18")
    alone = declared(tmp_path, [{"prefix": "2"}], options={"18": "福井県", "17201": "金沢市"})
    assert alone.levels[1].labels["18"] == Text(ja="福井県", en="福井県")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"], ids=ascii)
def test_a_file_adds_all_its_levels(mark, line_end, tmp_path):
    lines = [b"sabae,plain,mainland", b'fukui,"plain",mainland', b"", b"ono,hills,mainland", b"tsuruga,coast,wakasa"]
    (tmp_path / "region.csv").write_bytes(mark + line_end.join(lines))
    hierarchy = declared(tmp_path, [{"file": "region.csv"}])
    assert hierarchy.height == 3
    assert groups(hierarchy, 1) == {"plain": ["fukui", "sabae"], "hills": ["ono"], "_NA": ["_NA"]}
    assert groups(hierarchy, 2) == {"mainland": ["fukui", "sabae", "ono"], "_NA": ["_NA"]}


def test_a_file_says_where_no_answer_goes(tmp_path):
    (tmp_path / "region.csv").write_text("fukui,a\nsabae,a\nono,b\n_NA,b\n")
    assert groups(declared(tmp_path, [{"file": "region.csv"}]), 1) == {"a": ["fukui", "sabae"], "b": ["ono", "_NA"]}


def test_everybody_in_a_file_means_everybody(tmp_path):
    """``*`` beside another group would be a published category that nobody declared."""
    (tmp_path / "region.csv").write_text("fukui,a,*\nsabae,a,*\nono,b,*\n")
    hierarchy = declared(tmp_path, [{"file": "region.csv"}])
    assert (hierarchy.height, list(groups(hierarchy, 2))) == (2, ["*"])


@pytest.mark.parametrize("name", ["region\0.csv", ".", "../region.csv"])
def test_a_hierarchy_file_that_cannot_be_opened_is_refused_without_a_crash(name, tmp_path):
    (tmp_path / "survey").mkdir()
    with pytest.raises(Refused) as refused:
        declared(tmp_path / "survey", [{"file": name}])
    assert "hierarchy_file_unreadable" in {finding.rule for finding in refused.value.findings}


def test_the_address_of_a_level_is_its_number(tmp_path):
    """After a file with two levels the next item is level 3, as in the codebook."""
    (tmp_path / "region.csv").write_text("fukui,a,x\nsabae,a,x\nono,b,x\n")
    with pytest.raises(Refused) as refused:
        declared(tmp_path, [{"file": "region.csv"}, {"of": "previous", "groups": {"all": {"codes": ["y"]}}}])
    assert {finding.place for finding in refused.value.findings} == {
        "columns.region.hierarchy[3]",
        "columns.region.hierarchy[3].groups.all",
    }


def level(**group_of: str) -> Level:
    return Level(group_of=group_of, labels={group: Text.same(group) for group in group_of.values()})


@pytest.mark.parametrize(
    ("coarser", "rule"),
    [
        (level(a="x", b="x"), "hierarchy_misses_code"),
        (level(a="x", b="y", c="x"), "hierarchy_not_nested"),
    ],
)
def test_a_hierarchy_refuses_gaps_and_splits(coarser, rule):
    finer = level(a="ab", b="ab", c="c")
    assert Hierarchy(variable="v", levels=(finer, level(a="x", b="x", c="x"))).height == 1
    with pytest.raises(Refused) as refused:
        Hierarchy(variable="v", levels=(finer, coarser))
    assert [(f.rule, f.place) for f in refused.value.findings] == [(rule, "columns.v.hierarchy[1]")]


def test_categories_are_the_groups_of_the_frozen_level():
    region = single("region", "abc", role=Role.QUASI_IDENTIFIER, groups=[{"ab": "ab", "c": "c"}])
    town = survey([region, single("q1", "xy"), single("q2", "xy")])
    assert list(codebook(town).categories(town, "region")) == ["a", "b", "c", "_NA"]
    assert list(codebook(town, {"region": 1}).categories(town, "region")) == ["ab", "c", "_NA"]
    assert codebook(town, {"region": 2}).categories(town, "region") == {}
    assert list(codebook(town).categories(town, "q1")) == ["x", "y", "_NA"]


def test_the_builders_of_these_tests_make_the_same_hierarchy(tmp_path):
    ours = built("region", ["fukui", "sabae", "ono"], [{"plain": ["fukui", "sabae"], "hills": ["ono"]}])
    theirs = read_survey(breaking(tmp_path, {})).column("region").hierarchy
    assert [dict(level.group_of) for level in ours.levels] == [dict(level.group_of) for level in theirs.levels]
    assert isinstance(codebook(read_survey(tmp_path / "survey.yaml")), Codebook)

"""Every hidden count of a real survey is explained, and what is said of it is true of the people behind it."""

from __future__ import annotations

import os

import pytest

from flows import road
from flows.explaining import steps_walked
from flows.setting import read_setting
from storage.keys import make_root_key
from transforms.explain import explain

pytestmark = pytest.mark.real

AFTER = "2024-02-01"


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """The run of a survey of 273 people, with much to hide, and all lines of all its tables."""
    folder = tmp_path_factory.mktemp("explained")
    make_root_key(folder / "keys")
    env = {"SHOJI_KEYS": str(folder / "keys"), "SHOJI_DATA": os.environ["SHOJI_DATA"]}
    run = road.prepare(read_setting(str(folder / "home"), env=env), "rse_uk_2016", AFTER, True)
    with road.opened(run):
        for step in steps_walked():
            road.take(run, step)
    names = [spec.name for spec in run.tables.specs]
    frames = [explain(run.protected, name, run.survey, disclosing=run.withheld, joint=run.narrow) for name in names]
    return run, [line for frame in frames for line in frame.iter_rows(named=True)]


def test_every_hidden_count_has_its_line(explained):
    run, lines = explained
    hidden = [line for line in run.protected.iter_rows(named=True) if line["status"] == "hidden"]
    assert len(lines) == len(hidden) > 500
    # Everybody works in the country that the survey is about: nothing can be said of it.
    assert {line["row_var"] for line in lines if line["cause"] == "group_disclosure"} == {"socio1"}
    assert {line["row"] for line in lines if line["cause"] == "residual"} == {"_NA"}


def test_every_interval_holds_the_true_count_and_is_wide_enough(explained):
    run, lines = explained
    width = run.survey.policy.interval_width
    known = [line for line in lines if line["low"] is not None]
    assert len(known) > 400
    for line in known:
        assert line["low"] <= line["respondents"] <= line["high"]
        assert line["high"] - line["low"] >= width
        # Whoever reads rounded figures knows no more than whoever knows the figures.
        assert line["displayed_low"] <= line["low"] and line["high"] <= line["displayed_high"]
    assert {line["cause"] for line in lines if line["low"] is None} == {"residual", "group_disclosure"}


def test_a_count_is_primary_exactly_where_it_stands_for_one_to_nine_people(explained):
    _, lines = explained
    decided = [line for line in lines if line["cause"] in {"primary", "secondary"}]
    assert all((line["cause"] == "primary") == (1 <= line["respondents"] <= 9) for line in decided)


def test_every_partner_would_give_a_small_count_away(explained):
    run, lines = explained
    partners = [line for line in lines if line["cause"] == "secondary"]
    assert len(partners) > 100
    for line in partners:
        assert line["protects"]
        for small in line["protects"]:
            assert (
                small["low"] <= small["respondents"] <= small["high"] < small["low"] + run.survey.policy.interval_width
            )
            assert 1 <= small["respondents"] <= 9

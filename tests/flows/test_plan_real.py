"""The plans of the real surveys are the ones that were frozen."""

from __future__ import annotations

import os

import pytest

from flows import road
from flows.setting import read_setting
from storage.keys import make_root_key
from terms.codebook_file import codebook_path, read_codebook
from transforms.generalise import tuples_query
from transforms.plan import search_plans

pytestmark = pytest.mark.real

AFTER = "2026-11-01"
"""A day after the fieldwork of all of them."""


@pytest.mark.parametrize(
    "name", ["fukui_civic_voice", "fukui_kanko_survey", "gss_1972_2024", "reader_2026", "rse_uk_2016"]
)
def test_the_frozen_codebook_comes_out_of_the_search(name, tmp_path):
    make_root_key(tmp_path / "keys")
    env = {"SHOJI_KEYS": str(tmp_path / "keys"), "SHOJI_DATA": os.environ["SHOJI_DATA"]}
    run = road.prepare(read_setting(str(tmp_path / "home"), env=env), name, AFTER, True)
    with road.opened(run):
        for step in road.ROAD[:2]:
            road.take(run, step)
        plans = search_plans(run.survey, run.warehouse.run(tuples_query(run.survey)), 3)
    frozen = read_codebook(codebook_path(run.declaration), run.survey)
    assert dict(plans[0].levels) == dict(frozen.levels)
    assert all(plan.proven for plan in plans)

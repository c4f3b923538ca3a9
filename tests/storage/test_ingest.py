"""Ingest: exactly what was read, whatever was there before, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terms.findings import Fault
from terms.query import Query
from tests.storage.answers import (
    CANARY,
    DOOR,
    JULY,
    JUNE,
    READERS,
    ROOT,
    Reading,
    everything,
    read,
    rows,
    rule,
)


def test_what_was_read_is_what_is_stored(warehouse):
    report = warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    assert (report.added, report.rows, report.rejects) == (("june", "july"), 4, ())
    assert rows(warehouse) == [
        ("july", 2, "n", "b"),
        ("july", 3, "n", "b"),
        ("june", 2, "n", "a"),
        ("june", 3, "s", "b"),
    ]
    assert warehouse.columns("raw", "reader_2026") == ("source", "line", "respondent", "region", "q1")


def test_the_same_files_again_add_nothing(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    before = rows(warehouse, "*")
    report = warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    assert (report.unchanged, report.added, report.replaced, report.rows) == (("june", "july"), (), (), 4)
    assert rows(warehouse, "*") == before


def test_a_corrected_file_replaces_its_rows_and_no_others(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    corrected = read(READERS, "june", [("M1", "n", "b")])
    report = warehouse.ingest(READERS, ROOT, [corrected, JULY], DOOR)
    assert (report.replaced, report.unchanged, report.rows) == (("june",), ("july",), 3)
    assert rows(warehouse)[2:] == [("june", 2, "n", "b")]


def test_a_source_that_is_no_longer_declared_goes(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    shorter = replace(READERS, sources=READERS.sources[:1])
    report = warehouse.ingest(shorter, ROOT, [JUNE], DOOR)
    assert (report.removed, report.unchanged, report.rows) == (("july",), ("june",), 2)


def test_a_copy_of_another_source_adds_nothing(warehouse):
    copy = Reading(READERS.sources[1], JUNE.sha256, JUNE.frame)
    report = warehouse.ingest(READERS, ROOT, [JUNE, copy], DOOR)
    assert (report.added, dict(report.same_as), report.rows) == (("june",), {"july": "june"}, 2)
    again = warehouse.ingest(READERS, ROOT, [JUNE, copy], DOOR)
    assert (again.unchanged, dict(again.same_as), again.rows) == (("june",), {"july": "june"}, 2)


def test_a_copy_whose_original_is_gone_has_rows_of_its_own(warehouse):
    copy = Reading(READERS.sources[1], JUNE.sha256, JUNE.frame)
    warehouse.ingest(READERS, ROOT, [JUNE, copy], DOOR)
    warehouse.ingest(replace(READERS, sources=READERS.sources[1:]), ROOT, [copy], DOOR)
    assert {source for source, *_ in rows(warehouse)} == {"july"}


def test_two_slices_of_one_file_are_no_copies(warehouse):
    """One long file with a column ``year`` is declared twice, for two years."""
    years = (
        replace(READERS.sources[0], keep_field="year", keep_values=("2018",)),
        replace(READERS.sources[1], keep_field="year", keep_values=("2021",)),
    )
    declared = replace(READERS, sources=years)
    slices = [Reading(years[0], "f" * 64, JUNE.frame), Reading(years[1], "f" * 64, JULY.frame)]
    assert warehouse.ingest(declared, ROOT, slices, DOOR).rows == 4


def test_another_slice_of_the_same_file_is_read_again(warehouse):
    one = replace(READERS, sources=(replace(READERS.sources[0], keep_field="year", keep_values=("2018",)),))
    warehouse.ingest(one, ROOT, [Reading(one.sources[0], "f" * 64, JUNE.frame)], DOOR)
    other = replace(READERS, sources=(replace(READERS.sources[0], keep_field="year", keep_values=("2021",)),))
    report = warehouse.ingest(other, ROOT, [Reading(other.sources[0], "f" * 64, JULY.frame)], DOOR)
    assert report.reread == ("june",)
    assert [answer for *_, answer in rows(warehouse)] == ["b", "b"]


def test_another_door_makes_the_table_anew(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    wider = Query(sql="SELECT line, respondent, region, q1, upper(q1) AS loud, 7 AS n FROM incoming")
    report = warehouse.ingest(READERS, ROOT, [JUNE, JULY], wider)
    assert (report.reread, report.unchanged, report.rows) == (("june", "july"), (), 4)
    assert rows(warehouse, "loud, n")[0] == ("B", 7)


def test_a_door_may_bind_values(warehouse):
    door = Query(sql="SELECT line, respondent, region, q1 FROM incoming WHERE q1 = $keep", parameters={"keep": "b"})
    assert warehouse.ingest(READERS, ROOT, [JUNE, JULY], door).rows == 3


def test_identical_answers_stay_two_rows(warehouse):
    twins = read(READERS, "june", [("M1", "n", "a"), ("M1", "n", "a")])
    assert warehouse.ingest(READERS, ROOT, [twins, JULY], DOOR).rows == 4


def test_a_file_without_rows_is_stored_as_such(warehouse):
    empty = read(READERS, "june", [])
    assert warehouse.ingest(READERS, ROOT, [empty, JULY], DOOR).rows == 2


def test_surveys_do_not_touch_each_other(warehouse):
    other = replace(READERS, name="other_2026")
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    warehouse.ingest(other, ROOT, [JULY, JUNE][::-1], DOOR)
    warehouse.ingest(replace(other, sources=READERS.sources[:1]), ROOT, [JUNE], DOOR)
    assert len(rows(warehouse)) == 4


def test_readings_must_be_those_of_the_declared_sources(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    for readings in ([JUNE], [JULY, JUNE], [JUNE, JULY, JULY], []):
        with pytest.raises(Fault) as caught:
            warehouse.ingest(READERS, ROOT, readings, DOOR)
        assert rule(caught) == "readings_incomplete"
    assert len(rows(warehouse)) == 4


ANSWER = st.tuples(st.sampled_from(["M1", "M2", "M3"]), st.sampled_from("ns"), st.sampled_from("ab"))
ANSWERS = st.lists(ANSWER, max_size=4)
HISTORY = st.lists(st.tuples(ANSWERS, ANSWERS, st.booleans()), min_size=1, max_size=4)


def test_the_result_depends_on_the_last_readings_alone(warehouse):
    """Whatever was ingested before, the layer is what the last readings make of an empty one."""
    club = replace(READERS, respondents=replace(READERS.respondents, scope="club"))
    example = 0

    @settings(max_examples=30, deadline=None)
    @given(HISTORY)
    def hold(history):
        nonlocal example
        layers = []
        for steps in (history, history[-1:]):
            example += 1
            declared = replace(club, name=f"survey_{example}")
            for june, july, both in steps:
                now = declared if both else replace(declared, sources=declared.sources[:1])
                readings = [read(READERS, "june", june), read(READERS, "july", july)][: len(now.sources)]
                warehouse.ingest(now, ROOT, readings, DOOR)
            layers.append(rows(warehouse, "*", declared.name))
        assert layers[0] == layers[1]

    hold()


def test_an_ingest_that_fails_half_way_changes_nothing(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    before = rows(warehouse, "*")
    door = Query(sql="SELECT line, respondent, region, CAST(CAST(q1 AS INTEGER) AS VARCHAR) AS q1 FROM incoming")
    june, july = read(READERS, "june", [("M1", "n", "1")]), read(READERS, "july", [("M3", "n", CANARY)])
    with pytest.raises(Fault) as caught:
        warehouse.ingest(READERS, ROOT, [june, july], door)
    assert (rule(caught), dict(caught.value.findings[0].facts)) == ("engine_failed", {"error": "ConversionException"})
    assert CANARY not in everything(caught.value)
    assert rows(warehouse, "*") == before
    assert warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR).unchanged == ("june", "july")


def test_a_frame_that_lacks_a_column_changes_nothing(warehouse):
    warehouse.ingest(READERS, ROOT, [JUNE, JULY], DOOR)
    lacking = replace_frame(JULY, JULY.frame.drop_columns(["q1"]))
    with pytest.raises(Fault):
        warehouse.ingest(READERS, ROOT, [JUNE, lacking], DOOR)
    assert len(rows(warehouse)) == 4


def replace_frame(reading: Reading, frame: pa.Table) -> Reading:
    return Reading(reading.source, "0" * 64, frame)

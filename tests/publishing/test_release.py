"""The folder as a whole: what is in it, the same bytes everywhere, and when there is none."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from publishing.release import build_release
from terms.findings import Fault, Refused, Verdict
from terms.messages import MESSAGES
from tests.publishing.golden import CODES, LINES, golden
from tests.publishing.samples import frame

HOUSE = Path(__file__).parents[2]
BYTE_ORDER_MARK = "\ufeff"


def rules(error: pytest.ExceptionInfo) -> list[str]:
    return [finding.rule for finding in error.value.findings]


def test_the_folder_has_these_files_and_no_others():
    assert list(build_release(golden())) == [
        "data/cells.csv",
        "data/codes.csv",
        "datapackage.json",
        "index.html",
        "privacy-statement.json",
        "tables.xlsx",
    ]


def test_cells_csv_is_the_frame_line_by_line():
    text = build_release(golden())["data/cells.csv"].decode("utf-8")
    assert text.startswith(BYTE_ORDER_MARK + "table,row_var,row,col_var,col,measure,value,status\n")
    lines = list(csv.reader(io.StringIO(text[1:])))[1:]
    expected = [
        [*line[:6], "" if line[6] is None else str(line[6]), "hidden" if line[6] is None else "shown"] for line in LINES
    ]
    assert lines == expected


def test_codes_csv_labels_every_code_a_table_may_use():
    assert build_release(golden())["data/codes.csv"].decode("utf-8") == BYTE_ORDER_MARK + CODES


def test_the_same_content_gives_the_same_bytes_twice():
    assert build_release(golden()) == build_release(golden())


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"TZ": "Asia/Tokyo", "LANG": "ja_JP.UTF-8", "PYTHONHASHSEED": "1"}, id="tokyo"),
        pytest.param(
            {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}, id="c_locale"
        ),
    ],
)
def test_the_same_content_gives_the_same_bytes_on_another_machine(environment, tmp_path):
    program = (
        "import hashlib, json; from tests.publishing.golden import golden\n"
        "from publishing.release import build_release\n"
        "print(json.dumps({p: hashlib.sha256(b).hexdigest() for p, b in build_release(golden()).items()}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(HOUSE)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {path: hashlib.sha256(data).hexdigest() for path, data in build_release(golden()).items()}
    assert json.loads(ran.stdout) == ours


def test_one_figure_more_or_less_changes_the_bytes():
    lines = [(*LINES[0][:6], 50), *LINES[1:]]
    lines = [
        (*line[:6], 50) if line[:6] == ("drink_by_age", "drink", "tea", "age", "_T", "respondents") else line
        for line in lines
    ]
    changed = build_release(golden(cells=frame(lines)))
    before = build_release(golden())
    assert [path for path in before if changed[path] != before[path]] == [
        "data/cells.csv",
        "datapackage.json",
        "index.html",
        "privacy-statement.json",
        "tables.xlsx",
    ]


# --- refusals ---------------------------------------------------------------------------------------


def test_a_release_without_a_verdict_is_refused():
    with pytest.raises(Refused) as error:
        build_release(golden(tests={}))
    assert rules(error) == ["release_without_verdict"]


def test_a_release_that_failed_a_test_is_refused_and_says_which():
    with pytest.raises(Refused) as error:
        build_release(golden(tests={"A1": Verdict.FAIL, "raw": Verdict.PASS}))
    assert [(finding.place, finding.rule) for finding in error.value.findings] == [("tests.A1", "release_test_failed")]


def replaced(number: int, **values: object) -> pl.DataFrame:
    """The golden frame with other values in one line."""
    rows = frame(LINES).to_dicts()
    rows[number] |= values
    return pl.DataFrame(rows, schema=frame(LINES).schema)


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        pytest.param(replaced(0, status="hidden"), "release_value_and_status_disagree", id="hidden_with_a_value"),
        pytest.param(replaced(0, value=None), "release_value_and_status_disagree", id="shown_without_a_value"),
        pytest.param(replaced(0, value=-5), "release_value_and_status_disagree", id="negative"),
        pytest.param(replaced(0, status="primary"), "release_value_and_status_disagree", id="a_reason"),
        pytest.param(replaced(0, row="cocoa"), "release_line_undeclared", id="undeclared_code"),
        pytest.param(replaced(0, row="_ANS"), "release_line_undeclared", id="code_of_the_house"),
        pytest.param(replaced(0, row_var="shoe_size"), "release_line_undeclared", id="undeclared_variable"),
        pytest.param(replaced(0, table="drink_by_name"), "release_line_undeclared", id="undeclared_table"),
        pytest.param(replaced(0, measure="mean"), "release_line_undeclared", id="undeclared_measure"),
        pytest.param(pl.concat([frame(LINES), frame(LINES[:1])]), "release_line_repeated", id="said_twice"),
        pytest.param(replaced(14, value=50), "release_figures_disagree", id="two_totals_of_the_same_people"),
        pytest.param(
            replaced(38, value=10, status="shown"), "release_withheld_question_shown", id="withheld_yet_shown"
        ),
        pytest.param(frame(LINES).drop("status"), "release_column_missing", id="column_missing"),
        pytest.param(
            frame(LINES).with_columns(pl.col("value").cast(pl.Float64)),
            "release_value_and_status_disagree",
            id="a_fraction",
        ),
    ],
)
def test_a_frame_that_is_not_what_it_promises_is_a_fault(cells, rule):
    with pytest.raises(Fault) as error:
        build_release(golden(cells=cells))
    assert rules(error) == [rule]
    assert rule in MESSAGES


def test_a_weighted_figure_that_is_withheld_yet_shown_is_a_fault():
    cells = frame([*LINES, ("drink", "drink", "tea", "_T", "_T", "weighted_percent", 70)])
    build_release(golden(cells=cells))
    with pytest.raises(Fault) as error:
        build_release(golden(cells=cells, weights_withheld=("drink",)))
    assert rules(error) == ["release_withheld_question_shown"]


def test_the_size_of_a_group_may_stand_beside_a_withheld_question():
    cells = frame([*LINES, ("income", "income", "_T", "_T", "_T", "respondents", 60)])
    assert "index.html" in build_release(golden(cells=cells))

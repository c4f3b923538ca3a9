"""Reading: whatever wrote the file, the same answers come in; what is bad is named by place, never by value."""

import csv
import gzip
import io
import random
import stat

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.reading import LONGEST_CELL, ReadResult, Reject, read_source, write_rejects
from terms.findings import Fault, Refused
from terms.survey import Role, Source
from tests.builders import plain, single, survey
from tests.storage.exports import (
    ANSWERS,
    DELIVERED,
    FRAME,
    HEADER,
    READERS,
    WRITTEN,
    answers,
    delimited,
    lines,
    read,
    rules,
    workbook,
)

TWO = survey([single("a", "xy"), single("b", "xy")])


# --- one survey, many files -----------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_answers_come_in_whatever_wrote_the_file(tmp_path, name):
    result = read(READERS, tmp_path, WRITTEN[name], name)
    assert result.frame.column_names == DELIVERED
    assert answers(result) == FRAME
    assert (result.rows_read, result.rows_empty, result.rows_filtered, result.rejects) == (3, 1, 0, ())


def test_the_frame_is_numbers_of_lines_and_texts(tmp_path):
    frame = read(READERS, tmp_path, WRITTEN["utf8.csv"]).frame
    assert frame.schema == pa.schema([("line", pa.int64()), *((name, pa.string()) for name in DELIVERED[1:])])


def test_the_line_is_where_the_row_begins(tmp_path):
    # The header takes lines 1-2 (a line break in a cell), the first answer 3-4, the second 5, a blank row 6.
    assert lines(read(READERS, tmp_path, WRITTEN["utf8.csv"])) == [3, 5, 7]
    assert lines(read(READERS, tmp_path, WRITTEN["cr_only.csv"])) == [3, 5, 7]
    assert lines(read(READERS, tmp_path, WRITTEN["book.xlsx"], "book.xlsx")) == [2, 3, 5]


def test_line_ends_may_be_mixed_and_the_last_may_be_missing(tmp_path):
    result = read(TWO, tmp_path, b"a,b\rx,y\ny,x\r\n\r\n\n\rx,x\r\rx,y")
    assert answers(result) == [["x", "y"], ["y", "x"], ["x", "x"], ["x", "y"]]
    assert lines(result) == [2, 3, 7, 9]
    assert result.rows_empty == 4


def test_rows_that_say_the_same_are_different_people(tmp_path):
    assert len(answers(read(TWO, tmp_path, b"a,b\n" + b"x,y\n" * 5))) == 5


def test_the_hash_is_of_the_file_on_the_disk(tmp_path):
    content = b"a,b\nx,y"
    # What sha256sum says of these seven bytes.
    known = "9a824a0cd730bbb26a3cb273d45cb3402ecd30d72e09c784092d7fde0d13ec4d"
    assert read(TWO, tmp_path, content).sha256 == known
    assert read(TWO, tmp_path, gzip.compress(content)).sha256 != known


# --- what is delivered ----------------------------------------------------------------------------


def test_only_the_key_and_what_passes_the_door_is_delivered(tmp_path):
    frame = read(READERS, tmp_path, WRITTEN["utf8.csv"]).frame
    assert not {"email", "why", "idx"} & set(frame.column_names)
    assert "example.org" not in str(frame.to_pylist())


def test_without_a_respondent_key_no_identifier_is_delivered(tmp_path):
    keyless = survey(READERS.columns, respondents=survey([]).respondents)
    assert read(keyless, tmp_path, WRITTEN["utf8.csv"]).frame.column_names == [
        name for name in DELIVERED if name != "member_no"
    ]


def test_an_optional_field_that_is_absent_is_all_null(tmp_path):
    made = survey([single("a", "xy"), single("new", "xy", optional=True)])
    result = read(made, tmp_path, b"a\nx\ny\n")
    assert answers(result) == [["x", None], ["y", None]]
    assert result.frame.schema.field("new").type == pa.string()


def test_the_order_of_columns_in_the_file_does_not_matter(tmp_path):
    order = random.Random(0).sample(range(len(HEADER)), len(HEADER))
    shuffled = delimited([[row[position] for position in order] for row in (HEADER, *ANSWERS)])
    assert answers(read(READERS, tmp_path, shuffled)) == FRAME


def test_a_line_break_in_a_cell_is_lf_whoever_wrote_it(tmp_path):
    made = survey([plain("a", Role.QUESTION), plain("b", Role.QUESTION)])
    result = read(made, tmp_path, b'a,b\n"1\r\n2\r3\n4\r\n",x\n')
    assert answers(result) == [["1\n2\n3\n4", "x"]]


def test_the_text_of_a_result_shows_no_answer(tmp_path):
    assert "M001" not in repr(read(READERS, tmp_path, WRITTEN["utf8.csv"]))


# --- keep -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.IGNORED, Role.QUESTION, Role.OPEN_TEXT])
def test_keep_leaves_out_and_counts_the_other_rows(tmp_path, role):
    made = survey([plain("year", role), single("a", "xy")])
    content = b"year,a\n2016,x\n 2018 ,y\n2018,x\n,x\n2018\n"
    result = read(made, tmp_path, content, keep_field="year", keep_values=("2018", "2020"))
    assert result.frame["a"].to_pylist() == ["y", "x"]
    assert (result.rows_read, result.rows_filtered, len(result.rejects)) == (5, 2, 1)
    assert ("year" in result.frame.column_names) == (role is Role.QUESTION)


def test_keep_that_matches_nothing_is_refused(tmp_path):
    made = survey([plain("year", Role.IGNORED), single("a", "xy")])
    with pytest.raises(Refused) as refusal:
        read(made, tmp_path, b"year,a\n2016,x\n", keep_field="year", keep_values=("2018",))
    assert rules(refusal.value) == [("june", "keep_leaves_nothing")]


# --- bad rows -------------------------------------------------------------------------------------


def rejected(result: ReadResult) -> list[tuple[int, str, str]]:
    assert all(reject.source == "june" for reject in result.rejects)
    assert result.rows_read == result.frame.num_rows + len(result.rejects) + result.rows_filtered
    return [(reject.line, reject.column, reject.rule) for reject in result.rejects]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(b"x", [(3, "", "ragged_row")], id="a_cell_too_few"),
        pytest.param(b"x,y,x", [(3, "", "ragged_row")], id="a_cell_too_many"),
        pytest.param(b"x,y,", [], id="an_empty_cell_too_many"),
        pytest.param(b"x,y, ,\xe3\x80\x80", [], id="blank_cells_too_many"),
        pytest.param(b"x,\0y", [(3, "b", "nul_in_row")], id="nul"),
        pytest.param(b"x," + b"y" * LONGEST_CELL, [], id="exactly_as_long_as_allowed"),
        pytest.param(b"x," + b"y" * (LONGEST_CELL + 1), [(3, "b", "cell_too_long")], id="one_character_too_long"),
        pytest.param(b'"' + b"x\n" * 5_000_000 + b'",y', [(3, "a", "cell_too_long")], id="ten_megabytes"),
    ],
)
def test_a_bad_row_is_reported_and_the_others_come_in(tmp_path, row, expected):
    result = read(TWO, tmp_path, b"a,b\nx,y\n" + row + b"\ny,x\n")
    assert rejected(result) == expected
    assert answers(result)[0] == ["x", "y"]
    assert answers(result)[-1] == ["y", "x"]


def test_a_cell_of_a_dropped_column_can_spoil_a_row_too(tmp_path):
    made = survey([plain("why", Role.OPEN_TEXT), single("a", "xy")])
    result = read(made, tmp_path, b"why,a\n\0,x\nok,y\n")
    assert [(reject.line, reject.column) for reject in result.rejects] == [(2, "why")]
    assert answers(result) == [["y"]]


def test_when_every_row_is_bad_the_report_still_comes(tmp_path):
    assert rejected(read(TWO, tmp_path, b"a,b\nx\ny\n")) == [(2, "", "ragged_row"), (3, "", "ragged_row")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b'a,b\nx,y\nx,"y\ny,x\n', 3, id="never_closed"),
        pytest.param(b'a,b\nx,y\n"x"x,y\ny,x\n', 3, id="closed_too_early"),
        pytest.param(b'a,b\n"x\n\n",y\n"x" ,y\n', 5, id="after_a_cell_of_several_lines"),
        pytest.param(b'a,"b\nx,y\n', 1, id="in_the_header"),
    ],
)
def test_quotes_that_do_not_match_end_the_reading(tmp_path, content, line):
    with pytest.raises(Refused) as refusal:
        read(TWO, tmp_path, content)
    assert rules(refusal.value) == [(f"june: line {line}", "quotes_broken")]


# --- files that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param(b"", "source_empty", id="no_bytes"),
        pytest.param(b"\xef\xbb\xbf", "source_empty", id="a_mark_alone"),
        pytest.param(b"\r\n \r\n,,\n", "source_empty", id="blank_rows_alone"),
        pytest.param(gzip.compress(b""), "source_empty", id="nothing_packed"),
        pytest.param(b"a,b", "source_has_no_rows", id="header_alone"),
        pytest.param(b"a,b\n\n , \n", "source_has_no_rows", id="header_and_blank_rows"),
        pytest.param(workbook([]), "source_empty", id="empty_workbook"),
        pytest.param(workbook([["a", "b"]]), "source_has_no_rows", id="workbook_with_a_header_alone"),
        pytest.param(gzip.compress(b"a,b\nx,y\n")[:-9], "gzip_broken", id="gzip_cut_off"),
    ],
)
def test_a_file_without_answers_is_refused_with_one_line(tmp_path, content, rule):
    with pytest.raises(Refused) as refusal:
        read(TWO, tmp_path, content)
    assert rules(refusal.value) == [("june", rule)]


@pytest.mark.parametrize(
    ("delimiter", "content", "rule"),
    [
        pytest.param(";", b"a,b\nx,y\n", "delimiter_wrong", id="declared_wrong"),
        pytest.param(None, b"a|b\nx|y\n", "delimiter_wrong", id="not_among_those_tried"),
        pytest.param("|", b"a|b\nx|y\n", None, id="declared_right"),
        pytest.param(", ", b"a, b\nx, y\n", "delimiter_not_one_character", id="two_characters"),
    ],
)
def test_a_wrong_delimiter_is_refused(tmp_path, delimiter, content, rule):
    if rule is None:
        assert answers(read(TWO, tmp_path, content, delimiter=delimiter)) == [["x", "y"]]
        return
    with pytest.raises(Refused) as refusal:
        read(TWO, tmp_path, content, delimiter=delimiter)
    assert rules(refusal.value) == [("june", rule)]


def test_one_column_is_enough_for_a_survey_of_one(tmp_path):
    assert answers(read(survey([single("a", "xy")]), tmp_path, b"a\nx\n")) == [["x"]]


def test_delimiters_inside_cells_do_not_decide(tmp_path):
    made = survey([plain("a;b;c;d", Role.QUESTION), plain("e\t,f", Role.QUESTION)])
    assert answers(read(made, tmp_path, b'"a;b;c;d","e\t,f"\nx;x,y\n')) == [["x;x", "y"]]


# --- the reject report ----------------------------------------------------------------------------


def test_the_reject_report_names_file_line_column_and_rule(tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_text("older", encoding="utf-8")
    rejects = [
        Reject(source="june", line=14, column="age", rule="nul_in_row"),
        Reject(source="june", line=20, column="", rule="ragged_row"),
    ]
    write_rejects(rejects, path)
    assert path.read_bytes() == (b"\xef\xbb\xbffile,line,column,rule\njune,14,age,nul_in_row\njune,20,,ragged_row\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["rejects.csv"]


def test_a_reject_report_that_cannot_be_written_is_a_fault(tmp_path):
    with pytest.raises(Fault):
        write_rejects([], tmp_path / "nowhere" / "rejects.csv")


# --- any table ------------------------------------------------------------------------------------

CELLS = st.text(
    st.one_of(
        st.sampled_from('",;\t\r\n ="\'#あ①髙﨑～　\ufeff\u2028\x85\x0b\u202e'),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=6,
)
SHAPES = st.tuples(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.booleans(),
)


def as_delivered(cell: str) -> str | None:
    """The promise, in Python's own words: LF inside, ends trimmed, blank is null."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip() or None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), shape=SHAPES, width=st.integers(1, 4))
def test_any_table_comes_back_as_it_was_written(tmp_path, data, shape, width):
    encoding, delimiter, end, declared = shape
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8))
    made = survey([plain(f"c{number}", Role.QUESTION) for number in range(width)])
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([[f"c{number}" for number in range(width)], *rows])
    # Without a mark the byte order has to be declared; a mark or UTF-8 may be left to be found.
    has_mark = encoding in {"utf-8", "utf-8-sig", "utf-16"}
    known = {} if has_mark and not declared else {"encoding": encoding, "delimiter": delimiter}
    expected = [cells for row in rows if any(cells := [as_delivered(cell) for cell in row])]
    if not expected:
        return
    result = read(made, tmp_path, text.getvalue().encode(encoding), **known)
    assert answers(result) == expected
    assert result.rejects == ()
    assert result.rows_empty == len(rows) - len(expected)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Refused) as refusal:
        read_source(TWO, Source(name="june", path="no.csv"), tmp_path / "no.csv")
    assert rules(refusal.value) == [("june", "source_missing")]

"""Headers against the declaration: exactly the declared columns, each once, and no header text in a finding."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.layout import header_texts, layout_of
from terms.findings import Finding, Refused
from terms.survey import Role
from tests.builders import multiple, plain, single, survey
from tests.storage.exports import answers, everything_said, read, rules


def fields(*columns):
    return list(survey(columns).fields())


def positions(columns, *head, header_rows=1):
    return dict(layout_of("june", fields(*columns), head, header_rows).positions)


def problems(columns, *head, header_rows=1):
    with pytest.raises(Refused) as refusal:
        layout_of("june", fields(*columns), head, header_rows)
    return rules(refusal.value)


A, B = single("a", "xy"), single("b", "xy")

# --- header texts ---------------------------------------------------------------------------------

SURVEYMONKEY = [
    ["RespondentID", "Do you fly?", "Which of these?", "", "", "Why?", ""],
    ["", "Response", "Sea", "Hills", "Other (please specify)", "Open-Ended Response", ""],
]
QUALTRICS = [
    ["StartDate", "Q1", "Q1"],
    ["Start Date", "How\nold?", "Where?"],
    ['{"ImportId":"startDate"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2"}'],
]


def test_a_question_written_once_covers_the_columns_of_its_options():
    assert header_texts(SURVEYMONKEY) == [
        "RespondentID",
        "Do you fly? / Response",
        "Which of these? / Sea",
        "Which of these? / Hills",
        "Which of these? / Other (please specify)",
        "Why? / Open-Ended Response",
        "#7",
    ]


def test_three_rows_are_joined_as_they_stand():
    assert header_texts(QUALTRICS) == [
        'StartDate / Start Date / {"ImportId":"startDate"}',
        'Q1 / How old? / {"ImportId":"QID1"}',
        'Q1 / Where? / {"ImportId":"QID2"}',
    ]


def test_repeated_and_empty_headers_are_told_apart():
    assert header_texts([["why?", "id", " why?\r\n", "", "why?"]]) == ["why?", "id", "why? #2", "#4", "why? #3"]


@given(st.lists(st.lists(st.sampled_from(["", " ", "a", "b", "a\n"]), max_size=5), max_size=3))
def test_every_column_has_a_text_of_its_own(rows):
    texts = header_texts(rows)
    assert len(set(texts)) == len(texts) == max(map(len, rows), default=0)


# --- what fits ------------------------------------------------------------------------------------


def test_columns_are_found_by_header_in_any_order_and_white_space():
    assert positions([A, B], [" b\n", "\ta"]) == {"a": 1, "b": 0}


def test_one_of_several_headers_is_enough():
    area = single("area", "xy", headers=("登録施設", "登録エリア"))
    assert positions([area], ["登録エリア"]) == positions([area], ["登録施設"]) == {"area": 0}


def test_the_same_header_twice_is_declared_with_its_number():
    assert positions([plain("why", Role.OPEN_TEXT, header="理由"), plain("x", Role.IGNORED, header="理由 #2")],
                     ["理由", "理由"]) == {"why": 0, "x": 1}  # fmt: skip


def test_an_unnamed_column_is_declared_by_its_place():
    index = plain("index", Role.IGNORED, header="#1")
    last = plain("last", Role.IGNORED, header="#3")
    assert positions([index, A], ["", "a"]) == {"index": 0, "a": 1}
    assert positions([index, A, last], ["", "a", ""]) == {"index": 0, "a": 1, "last": 2}


def test_options_with_columns_of_their_own_are_found():
    assert positions([multiple("q", "ab")], ["q: b", "q: a"]) == {"q__a": 1, "q__b": 0}


def test_an_optional_field_may_be_absent():
    assert positions([A, plain("new", Role.IGNORED, optional=True)], ["a"]) == {"a": 0}


def test_blank_columns_at_the_end_do_not_count():
    assert layout_of("june", fields(A), [["a", "", " "]], 1).width == 1


def test_a_note_below_a_blank_header_makes_its_row_ragged(tmp_path):
    result = read(survey([A]), tmp_path, b"a,,\nx,,\ny,,note\n")
    assert answers(result) == [["x"]]
    assert [(reject.line, reject.rule) for reject in result.rejects] == [(3, "ragged_row")]


# --- what does not --------------------------------------------------------------------------------


def test_every_problem_comes_at_once():
    header = ["a", "secret", "one", "b", "b", ""]
    columns = [A, B, single("c", "xy"), single("d", "xy", headers=("one", "b #2")), plain("last", Role.IGNORED)]
    assert problems(columns, [*header, "a"]) == [
        ("june: column 2", "column_undeclared"),
        ("june: column 6", "column_undeclared"),
        ("june: column 7", "column_undeclared"),
        ("june: c", "column_missing"),
        ("june: d", "column_twice"),
        ("june: last", "column_missing"),
    ]


def test_two_declarations_of_one_column_are_a_problem():
    with pytest.raises(Refused) as refusal:
        layout_of("june", fields(A, single("again", "xy", header="a")), [["a"]], 1)
    assert refusal.value.findings == (
        Finding(place="june: column 1", rule="column_declared_twice", facts={"fields": "a, again"}),
    )


def test_header_texts_of_the_file_are_withheld():
    with pytest.raises(Refused) as refusal:
        layout_of("june", fields(A, B), [["a", "山田太郎"]], 1)
    assert "山田" not in everything_said(refusal.value)


def test_a_file_of_another_survey_is_one_problem():
    assert problems([A, B], ["1", "2", "3", "4"], ["x", "y", "z", "w"]) == [("june", "no_declared_column")]


# --- header rows ----------------------------------------------------------------------------------

FLYERS = [
    plain("id", Role.DIRECT_IDENTIFIER, header="RespondentID"),
    single("fly", ["Yes", "No"], header="Do you fly? / Response"),
    multiple("which", ["Sea", "Hills"], header="Which of these?"),
    plain("other", Role.OPEN_TEXT, header="Which of these? / Other (please specify)"),
    plain("why", Role.OPEN_TEXT, header="Why? / Open-Ended Response"),
]


def of_surveymonkey():
    which = FLYERS[2]
    options = tuple(replace(option, header=f"Which of these? / {option.code}") for option in which.options)
    return [*FLYERS[:2], replace(which, options=options), *FLYERS[3:]]


@pytest.mark.parametrize("declared", [1, 2, 3])
def test_a_wrong_number_of_header_rows_is_told_with_the_right_one(declared):
    head = [*SURVEYMONKEY, ["1", "Yes", "Sea", "", "", "sun", ""], ["2", "No", "", "", "", "", ""]]
    if declared == 2:
        assert len(positions(of_surveymonkey(), *head, header_rows=2)) == 6
        return
    with pytest.raises(Refused) as refusal:
        layout_of("june", fields(*of_surveymonkey()), head, declared)
    assert refusal.value.findings == (
        Finding(place="june", rule="header_rows_wrong", facts={"declared": declared, "found": 2}),
    )


@pytest.mark.parametrize("declared", [1, 2])
def test_header_rows_of_qualtrics_never_pass_for_respondents(declared):
    head = [["StartDate", "Q1", "Q2"], *QUALTRICS[1:], ["2026-05-01", "34", "x"]]
    columns = [plain(name, Role.QUESTION, header=name) for name in ("StartDate", "Q1", "Q2")]
    with pytest.raises(Refused) as refusal:
        layout_of("june", fields(*columns), head, declared)
    assert refusal.value.findings == (
        Finding(place="june", rule="header_rows_wrong", facts={"declared": declared, "found": 3}),
    )


def test_a_header_declared_of_more_rows_than_it_has_does_not_swallow_answers(tmp_path):
    with pytest.raises(Refused) as refusal:
        read(survey([A, B]), tmp_path, b"a,b\nx,y\ny,x\n", header_rows=2)
    assert rules(refusal.value) == [("june", "header_rows_wrong")]


def test_header_rows_are_joined_when_reading(tmp_path):
    made = survey(of_surveymonkey())
    content = (
        b"RespondentID,Do you fly?,Which of these?,,,Why?\n"
        b',Response,Sea,Hills,Other (please specify),"Open-Ended\nResponse"\n'
        b"77,Yes,1,0,,sun\n"
    )
    result = read(made, tmp_path, content, header_rows=2)
    assert answers(result) == [["77", "Yes", "1", "0"]]
    assert result.frame["line"].to_pylist() == [4]

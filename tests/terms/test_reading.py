"""A declaration means what it looks like: no text is taken for a number, a truth value or a command."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from terms.findings import Refused
from terms.fingerprints import fingerprint
from terms.policy import NoAnswer, Policy
from terms.reading import read_survey
from terms.survey import ConfirmedBy, ConsentBasis, Kind, Purpose, Repeat, Role, Source, TableSpec
from terms.words import Text
from tests.terms.declarations import GONE, breaking


@pytest.fixture
def whole(tmp_path):
    return read_survey(breaking(tmp_path, {}))


def read_yaml(folder, text):
    (folder / "survey.yaml").write_text(text, encoding="utf-8")
    return read_survey(folder / "survey.yaml")


def test_whose_survey_it_is_and_under_which_rules(whole):
    assert (whole.name, whole.title) == ("reader_2026", Text(ja="読者調査", en="Reader survey"))
    assert whole.controller.company == "shoji_press"
    assert whole.controller.division == Text(ja="読者調査室", en="Reader research")
    assert whole.purpose is Purpose.QUESTIONNAIRE_SURVEY
    assert (whole.consent.basis, whole.consent.column) == (ConsentBasis.CONSENT, "agreed")
    assert whole.consent.accepted == ("1",)
    assert (whole.fieldwork_from, whole.fieldwork_to) == (date(2026, 5, 1), date(2026, 6, 30))
    assert whole.licence == Text(ja="CC BY 4.0", en="CC BY 4.0")
    assert whole.policy == Policy(k=10, s=2, s_sensitive=3, l=2, width=None, rounding=5, no_answer=NoAnswer.CELL)
    assert whole.policy.interval_width == 8
    assert (whole.respondents.key, whole.respondents.repeat) == ("member_no", Repeat.FIRST)
    assert whole.respondents.confirmed_by is ConfirmedBy.ACCOUNT
    assert whole.sources == (Source(name="june", path="responses.csv", keep_field="year", keep_values=("2026",)),)


def test_what_every_column_is(whole):
    region, q1, q2, q3 = (whole.column(name) for name in ("region", "q1", "q2", "q3"))
    assert [column.role for column in whole.columns[:4]] == [
        Role.IGNORED,
        Role.DIRECT_IDENTIFIER,
        Role.TIMESTAMP,
        Role.CONSENT,
    ]
    assert region.headers == ("登録施設", "登録 エリア")
    assert region.label == Text(ja="居住地", en="Residence")
    assert [(option.code, option.values) for option in region.options] == [
        ("fukui", ("福井市",)),
        ("sabae", ("鯖江市",)),
        ("ono", ("大野市",)),
    ]
    assert region.options[1].label == Text(ja="鯖江市", en="Sabae")
    assert (q1.kind, q1.options[0].values) == (Kind.SINGLE, ("5", "4"))
    assert q1.label == Text(ja="【問１】満足度", en="【問１】満足度")
    assert (q2.separator, q2.options[1].values, q2.headers) == (", ", ("B, or not",), ("q2",))
    assert q3.in_own_columns and q3.both_sides_sensitive and q3.options[1].free_text
    assert (whole.column("age").least, whole.column("age").most) == (10, 39)
    assert whole.weight.weight_classes == (Decimal("0.5"), Decimal("1"), Decimal("2"))
    assert whole.timestamp.name == "answered_at"


def test_the_fields_a_reader_delivers(whole):
    assert [(field.name, field.headers) for field in whole.fields()][6:10] == [
        ("q1", ("【問１】満足度",)),
        ("q2", ("q2",)),
        ("q3__x", ("問３ x",)),
        ("q3__y", ("問３ y",)),
    ]


def test_each_row_has_one_table_alone_and_one_by_each_break(whole):
    assert whole.tables == (
        TableSpec(name="age", row="age"),
        TableSpec(name="age_by_region", row="age", col="region"),
        *(
            TableSpec(name=f"{row}_by_{col}" if col else row, row=row, col=col)
            for row in ("q1", "q2", "q3")
            for col in (None, "age", "region")
        ),
    )
    assert whole.breaks == ("age", "region")


@pytest.mark.parametrize(("written", "strict"), [("5", 5), ("2", 3), (GONE, 3)])
def test_the_bar_of_sensitive_questions_is_never_below_the_common_one(written, strict, tmp_path):
    policy = {} if written is GONE else {"s": written}
    assert read_survey(breaking(tmp_path, {"policy": policy})).policy.s_sensitive == strict


# --- what a text is taken for -----------------------------------------------------------------------

NORWAY = """\
survey: norway
title: {ja: 国, en: no}
controller: {company: yes, name: off, division: on, contact: y}
purpose: opinions
notice_version: 01
consent: {basis: informed_participation}
fieldwork: {from: 2026-05-01, to: 2026-06-30}
preset: once
respondents: {key: ~, confirmed_by: none}
licence:
sources: [{file: 1e3.csv, sheet: null, delimiter: "|"}]
columns:
  no:
    role: question
    type: single
    optional: no
    options: {no: NO, yes: yes, 01: 1, 1: 1.0, 1e3: 1_000, 0x1f: .inf, 12: 2026-05-01, "on": "null"}
tables: [{rows: no}]
"""


def test_no_plain_text_is_taken_for_something_else(tmp_path):
    survey = read_yaml(tmp_path, NORWAY)
    question = survey.column("no")
    assert {option.code: option.values[0] for option in question.options} == {
        "no": "NO",
        "yes": "yes",
        "01": "1",
        "1": "1.0",
        "1e3": "1_000",
        "0x1f": ".inf",
        "12": "2026-05-01",
        "on": "null",
    }
    assert (survey.title.en, survey.controller.company, survey.controller.name.en) == ("no", "yes", "off")
    assert (survey.notice_version, survey.controller.contact) == ("01", "y")
    assert question.optional is False


def test_a_field_left_blank_is_a_field_left_out(tmp_path):
    survey = read_yaml(tmp_path, NORWAY)
    assert (survey.respondents.key, survey.licence, survey.sources[0].sheet) == (None, None, None)


def test_a_code_may_read_null_but_an_option_says_how_it_is_written(tmp_path):
    with pytest.raises(Refused) as refused:
        read_yaml(tmp_path, NORWAY.replace("no: NO", "null: ~"))
    assert str(refused.value) == "columns.no.options.null: field_malformed"


@pytest.mark.parametrize(("written", "meant"), [("no", False), ("NO", False), ("off", False), ("yes", True)])
def test_yes_and_no_are_words_for_true_and_false_where_that_is_asked(written, meant, tmp_path):
    assert read_survey(breaking(tmp_path, {"columns.why.optional": written})).column("why").optional is meant


def test_an_alias_repeats_a_scale_and_a_merge_can_be_overridden(tmp_path):
    text = NORWAY.replace("options: {", "options: &scale {")
    more = """\
  q2: {role: sensitive, type: single, options: *scale}
  q3: {role: question, type: single, options: {<<: *scale, no: nein, x: X}}
"""
    survey = read_yaml(tmp_path, text.replace("tables:", more + "tables:"))
    assert survey.column("q2").options == survey.column("no").options
    values = {option.code: option.values[0] for option in survey.column("q3").options}
    assert (values["no"], values["yes"], values["x"], len(values)) == ("nein", "yes", "X", 9)


def test_a_byte_order_mark_is_no_part_of_the_declaration(tmp_path):
    path = breaking(tmp_path, {})
    plain = read_survey(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_survey(path) == plain


HOSTILE = [
    '=HYPERLINK("https://example.org","click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "'; DROP TABLE raw.reader_2026; --",
    '"',
    "\u202eright to left\u202c\u200f",
    "｡ﾟ髙﨑①\u3000",
    "line one\nline two\tand a tab",
    "{place} {0} %s $as_of ?",
    "🗾",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_label_is_a_label(text, tmp_path):
    label = {"ja": text, "en": text}
    edits = {"title": label, "columns.region.label": label, "columns.q1.options.low": {"value": text, **label}}
    survey = read_survey(breaking(tmp_path, edits))
    low = survey.column("q1").options[1]
    assert survey.title == survey.column("region").label == low.label == Text(ja=text, en=text)
    assert low.values == (text.strip(),)


NOT_PRINTABLE = ["\0", "\x01", "\b", "\x0b", "\r", "\x1b[31m", "\x7f", "\x9b", "\ufffe", "\uffff"]
PLACES = {
    "title": "title.ja",
    "columns.region.label": "columns.region.label.ja",
    "columns.region.header": "columns.region.header",
    "columns.q1.options.low": "columns.q1.options.low",
    "columns.q2.separator": "columns.q2.separator",
    "sources": "sources[0].file",
    "respondents.scope": "respondents.scope",
}


@pytest.mark.parametrize("character", NOT_PRINTABLE, ids=ascii)
@pytest.mark.parametrize("address", PLACES)
def test_a_control_character_is_refused_wherever_it_stands(address, character, tmp_path):
    text = f"a{character}b"
    value = {"ja": text, "en": "a"} if PLACES[address].endswith(".ja") else text
    path = breaking(tmp_path, {address: [{"file": text}] if address == "sources" else value})
    # As an escape: YAML itself refuses most of them when they stand there raw.
    raw = path.read_text(encoding="utf-8").replace("\x7f", "\\x7f").replace("\x9b", "\\x9b")
    path.write_text(raw.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_survey(path)
    found = [(finding.place, finding.rule) for finding in refused.value.findings]
    assert (PLACES[address], "control_character") in found
    assert all(finding.place.isprintable() for finding in refused.value.findings)


@pytest.mark.parametrize("key", ["a\0b", "a\nb", "a\tb", "a\x1b[2J"])
@pytest.mark.parametrize("address", ["columns", "columns.q1.options", "columns.region.hierarchy.0.groups"])
def test_a_key_is_one_printable_line(address, key, tmp_path):
    with pytest.raises(Refused) as refused:
        read_survey(breaking(tmp_path, {address: {key: {"role": "ignored"}}}))
    place = address.replace("hierarchy.0", "hierarchy[1]")
    assert ("control_character", place) in [(finding.rule, finding.place) for finding in refused.value.findings]
    for finding in refused.value.findings:
        assert finding.place.isprintable() and all(str(fact).isprintable() for fact in finding.facts.values())


# --- what a declaration is called in the ledger -----------------------------------------------------


def test_layout_and_comments_do_not_change_the_hash_of_a_declaration(tmp_path):
    text = NORWAY
    plain = read_yaml(tmp_path, text).declaration_hash
    assert (
        read_yaml(
            tmp_path, "# a comment\n" + text.replace("{ja: 国, en: no}", '\n  ja: "国"\n  en: no')
        ).declaration_hash
        == plain
    )
    assert read_yaml(tmp_path, text.replace("国", "国々")).declaration_hash != plain


def test_a_hierarchy_file_belongs_to_the_hash_of_its_declaration(tmp_path):
    path = breaking(tmp_path, {"columns.region.hierarchy": [{"file": "region.csv"}]})
    (tmp_path / "region.csv").write_text("fukui,a\nsabae,a\nono,b\n", encoding="utf-8")
    before = read_survey(path).declaration_hash
    (tmp_path / "region.csv").write_text("fukui,a\nsabae,b\nono,b\n", encoding="utf-8")
    assert read_survey(path).declaration_hash != before


def test_the_order_of_options_is_codebook_order_and_counts():
    assert fingerprint({"a": 1, "b": 2}) != fingerprint({"b": 2, "a": 1})
    assert len(fingerprint({})) == 64

"""Every rule a declaration can break, each broken alone, each found at its address."""

from __future__ import annotations

from typing import Any

import pytest

from terms.findings import Refused
from terms.messages import declaration
from terms.reading import read_survey
from tests.terms.declarations import GONE, breaking, changed

Case = tuple[str, str, dict[str, Any]]

ONE_INTERVAL = [{"intervals": ["10", "20"]}]
OTHER_GROUPS = {"all": {"codes": ["fukui", "sabae", "ono"]}}

CASES: list[Case] = [
    # rule, address, what is changed in a whole declaration
    ("field_missing", "controller.contact", {"controller.contact": GONE}),
    ("field_missing", "respondents.confirmed_by", {"respondents.confirmed_by": GONE}),
    ("field_unknown", "columns.q1.lable", {"columns.q1.lable": "満足度"}),
    ("field_unknown", "columns.q1.options.high.label", {"columns.q1.options.high.label": "満足"}),
    ("field_malformed", "columns.q2.separator", {"columns.q2.separator": ""}),
    ("field_malformed", "columns.q1.options.high", {"columns.q1.options.high": ["5"]}),
    ("field_malformed", "columns.region.hierarchy[1].prefix", {"columns.region.hierarchy": [{"prefix": "0"}]}),
    ("field_malformed", "tables", {"tables": []}),
    ("field_malformed", "columns.w.decimals", {"columns.w.decimals": "7"}),
    ("choice_unknown", "purpose", {"purpose": "marketing"}),
    ("choice_unknown", "columns.q1.role", {"columns.q1.role": "answer"}),
    ("choice_unknown", "preset", {"preset": "batch"}),
    ("name_malformed", "survey", {"survey": "Reader-2026"}),
    ("name_malformed", "columns.Q9", {"columns.Q9": {"role": "ignored"}}),
    ("name_malformed", "columns.a?b", {"columns": {"a\tb": {"role": "ignored"}}}),
    ("name_reserved", "columns.line", {"columns.line": {"role": "question", "type": "single", "options": {"a": "A"}}}),
    ("name_reserved", "columns.respondent", {"columns.respondent": {"role": "direct_identifier"}}),
    ("name_clash", "columns.q3", {"columns.q3.options": {"x": {"header": "1"}, "X": {"header": "2"}}}),
    ("name_clash", "columns.q2__a", {"columns.q2__a": {"role": "sensitive", "type": "single", "options": {"a": "A"}}}),
    ("date_malformed", "fieldwork.from", {"fieldwork.from": "2026-02-30"}),
    ("date_malformed", "fieldwork.from", {"fieldwork.from": "0"}),
    ("date_malformed", "fieldwork.from", {"fieldwork.from": "2026-05-01T00:00:00"}),
    ("date_malformed", "fieldwork.to", {"fieldwork.to": "２０２６-06-30"}),
    ("number_malformed", "policy.k", {"policy.k": "ten"}),
    ("number_malformed", "columns.age.range[1]", {"columns.age.range": ["10", "3.5"]}),
    ("number_malformed", "columns.age.hierarchy[2].intervals[0]", {"columns.age.hierarchy.1.intervals": ["x"]}),
    ("yes_no_malformed", "columns.why.optional", {"columns.why.optional": "maybe"}),
    ("label_malformed", "title", {"title": {"ja": "読者調査"}}),
    ("label_malformed", "columns.region.label", {"columns.region.label": {"ja": "あ", "en": "a", "fr": "à"}}),
    ("label_malformed", "controller.name", {"controller.name": " "}),
    ("role_open", "columns.q1.role", {"columns.q1.role": GONE}),
    ("role_open", "columns.why.role", {"columns.why.role": None}),
    ("control_character", "title.en", {"title.en": "Reader\0survey"}),
    ("control_character", "columns.q1.options.low", {"columns.q1.options.low": "1\x1b[2J"}),
    ("control_character", "columns.region.header[0]", {"columns.region.header": ["登録\r施設"]}),
    ("type_missing", "columns.q1", {"columns.q1.type": GONE}),
    ("type_not_for_role", "columns.why", {"columns.why.type": "single"}),
    ("type_not_for_role", "columns.w", {"columns.w.options": {"a": "A"}}),
    ("hierarchy_not_for_role", "columns.q1", {"columns.q1.hierarchy": ONE_INTERVAL}),
    ("options_missing", "columns.q1", {"columns.q1.options": {}}),
    (
        "integer_only_for_quasi_identifiers",
        "columns.q1",
        {"columns.q1": {"role": "question", "type": "integer", "range": ["0", "9"]}},
    ),
    ("integer_needs_range", "columns.age", {"columns.age.range": GONE}),
    ("integer_needs_range", "columns.age", {"columns.age.range": ["39", "10"]}),
    ("integer_needs_range", "columns.age", {"columns.age.range": ["-1", "39"]}),
    ("integer_needs_range", "columns.age", {"columns.age.range": ["0", "100001"]}),
    ("single_has_own_columns", "columns.q1", {"columns.q1.separator": ","}),
    ("single_has_own_columns", "columns.q1", {"columns.q1.options.low": {"header": "低い"}}),
    (
        "multiple_not_for_quasi_identifiers",
        "columns.region",
        {"columns.region.type": "multiple", "columns.region.separator": ","},
    ),
    ("multiple_needs_separator_or_headers", "columns.q2", {"columns.q2.separator": GONE}),
    ("multiple_needs_separator_or_headers", "columns.q3", {"columns.q3.options.x": {"header": " "}}),
    ("multiple_has_both_forms", "columns.q2", {"columns.q2.options.a": {"header": "A"}}),
    ("no_answer_merge_only_for_single", "columns.q2", {"columns.q2.options.a": {"includes_no_answer": "yes"}}),
    (
        "no_answer_merged_twice",
        "columns.q1.options",
        {"columns.q1.options": {code: {"includes_no_answer": "true"} for code in "ab"}},
    ),
    ("code_malformed", "columns.q1.options._NA", {"columns.q1.options._NA": "無回答"}),
    ("code_malformed", "columns.q1.options._T", {"columns.q1.options._T": "T"}),
    ("code_malformed", "columns.q1.options._ANS", {"columns.q1.options._ANS": "A"}),
    ("code_malformed", "columns.q1.options.*", {"columns.q1.options.*": "x"}),
    ("code_malformed", "columns.q1.options.", {"columns.q1.options": {"": "x"}}),
    ("code_malformed", "columns.q1.options.a b", {"columns.q1.options.a b": "x"}),
    (
        "code_malformed",
        "columns.region.hierarchy[1].groups",
        {"columns.region.hierarchy": [{"groups": {"_T": OTHER_GROUPS["all"]}}]},
    ),
    (
        "code_undeclared",
        "columns.region.hierarchy[1].groups.hills",
        {"columns.region.hierarchy.0.groups.hills.codes": ["ono", "katsuyama"]},
    ),
    (
        "code_repeated",
        "columns.region.hierarchy[1].groups.hills",
        {"columns.region.hierarchy.0.groups.hills.codes": ["ono", "fukui"]},
    ),
    ("option_value_repeated", "columns.q1.options.low", {"columns.q1.options.low": " 4 "}),
    ("option_value_repeated", "columns.q1.options.high", {"columns.q1.options.high": {"values": ["5", "5"]}}),
    ("option_value_empty", "columns.q1.options.low", {"columns.q1.options.low": " "}),
    ("free_text_only_for_multiple", "columns.q1", {"columns.q1.options.low": {"free_text": "true"}}),
    ("free_text_twice", "columns.q2", {"columns.q2.options": {code: {"free_text": "true"} for code in "ab"}}),
    ("undeclared_only_for_questions", "columns.region", {"columns.region.undeclared": "no_answer"}),
    ("header_claimed_twice", "columns.why.header", {"columns.why.header": "年齢"}),
    ("header_claimed_twice", "columns.q3.options.y.header", {"columns.q3.options.y.header": "問３  x"}),
    ("hierarchy_kind_unclear", "columns.age.hierarchy[1]", {"columns.age.hierarchy": [{"of": "base"}]}),
    ("hierarchy_kind_unclear", "columns.age.hierarchy[2]", {"columns.age.hierarchy.1.prefix": "1"}),
    ("hierarchy_intervals_need_integer", "columns.region.hierarchy[1]", {"columns.region.hierarchy": ONE_INTERVAL}),
    *(
        ("hierarchy_intervals_do_not_cover", "columns.age.hierarchy[1]", {"columns.age.hierarchy": [{"intervals": i}]})
        for i in (["11", "20"], ["10", "40"], ["10", "30", "20"], ["10", "10"], [])
    ),
    (
        "hierarchy_misses_code",
        "columns.region.hierarchy[1]",
        {"columns.region.hierarchy.0.groups.plain.codes": ["fukui"]},
    ),
    ("hierarchy_not_nested", "columns.age.hierarchy[2]", {"columns.age.hierarchy.1.intervals": ["10", "25"]}),
    ("hierarchy_file_unreadable", "columns.region.hierarchy[1]", {"columns.region.hierarchy": [{"file": "no.csv"}]}),
    ("weight_classes_unordered", "columns.w", {"columns.w.classes": ["2", "1"]}),
    ("weight_classes_unordered", "columns.q1", {"columns.q1.classes": ["1"]}),
    ("one_weight_only", "columns.w2.role", {"columns.w2": {"role": "weight"}}),
    ("one_timestamp_only", "columns.begun_at.role", {"columns.begun_at": {"role": "timestamp"}}),
    ("row_not_a_question", "tables[1].rows", {"tables.1.rows": ["q9"]}),
    ("row_not_a_question", "tables[1].rows", {"tables.1.rows": ["why"]}),
    ("break_not_quasi_identifier", "tables[0].by", {"tables.0.by": ["age", "q1"]}),
    ("table_name_clash", "tables", {"columns.q1_by_age": {"role": "ignored"}}),
    ("fieldwork_backwards", "fieldwork", {"fieldwork.to": "2026-04-30"}),
    ("key_not_direct_identifier", "respondents.key", {"respondents.key": "why"}),
    ("key_not_direct_identifier", "respondents.key", {"respondents.key": "nobody"}),
    ("repeat_needs_timestamp", "respondents.repeat", {"columns.answered_at.role": "ignored"}),
    ("repeat_needs_key", "respondents.repeat", {"respondents": {"confirmed_by": "none", "repeat": "latest"}}),
    ("consent_column_missing", "consent", {"consent.accepted": []}),
    ("consent_column_wrong_role", "consent.column", {"columns.agreed.role": "ignored"}),
    ("consent_basis_has_no_column", "consent", {"consent.basis": "informed_participation"}),
    ("consent_column_unused", "columns.agreed_2.role", {"columns.agreed_2": {"role": "consent"}}),
    ("source_name_repeated", "sources[1].name", {"sources": [{"file": "2026/a.csv"}, {"file": "2025/a.csv"}]}),
    ("column_unknown", "sources[0].keep.column", {"sources.0.keep.column": "month"}),
    ("policy_k_too_small", "policy.k", {"policy.k": "2"}),
    ("policy_k_too_small", "policy.k", {"policy": {"k": "1"}}),
    ("policy_s_too_small", "policy.s", {"policy.s": "1"}),
    ("policy_s_too_small", "policy.s_sensitive", {"policy": {"s": "4", "s_sensitive": "3"}}),
    ("policy_l_too_small", "policy.l", {"policy.l": "0"}),
    ("policy_rounding_too_small", "policy.rounding", {"policy.rounding": "0"}),
    ("policy_rounding_above_k", "policy.rounding", {"policy.rounding": "11"}),
    ("policy_rounding_below_k", "policy.rounding", {"policy.rounding": "4", "policy.k": "13"}),
    ("policy_rounding_below_k", "policy.rounding", {"policy": {"k": "12"}}),
    ("policy_width_not_promised", "policy.width", {"policy.width": "9"}),
    ("policy_width_not_promised", "policy.width", {"policy.width": "0"}),
    ("percent_out_of_range", "policy.reject_limit_pct", {"policy.reject_limit_pct": "101"}),
]

DEEP = "[" * 500_000
BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)

FILES: list[tuple[str, str, bytes | None]] = [
    # rule, place, the file's bytes
    ("declaration_missing", "survey.yaml", None),
    ("declaration_unreadable", "survey.yaml", "title: 調査".encode("cp932")),
    ("declaration_too_large", "survey.yaml", b"#" * 2_000_001),
    ("declaration_unfolds_too_far", "survey.yaml", BOMB.encode()),
    ("declaration_unfolds_too_far", "survey.yaml", f"a: {DEEP}".encode()),
    ("declaration_unfolds_too_far", "survey.yaml", f"a: {DEEP.replace('[', '{a: ')}"[:1_900_000].encode()),
    ("declaration_unfolds_too_far", "survey.yaml", f"a:\n {DEEP.replace('[', '- ')}"[:1_900_000].encode()),
    ("declaration_not_yaml", "survey.yaml: line 2", b"title: x\nsurvey: ]\n"),
    ("declaration_not_yaml", "survey.yaml: line 1", b"a: &a [*a]"),
    ("declaration_not_yaml", "survey.yaml: line 1", b"a: !!python/object/apply:os.getcwd []"),
    ("declaration_not_yaml", "survey.yaml: line 1", b"a: !!int secret"),
    ("declaration_not_yaml", "survey.yaml: line 1", b"? [a, b]\n: x"),
    ("declaration_not_yaml", "survey.yaml: line 2", b"a: 1\n---\nb: 2"),
    ("declaration_not_yaml", "survey.yaml", b"title: a\0b"),
    ("declaration_key_repeated", "survey.yaml: line 3", b"a: 1\nb: 2\na: 3\n"),
    ("declaration_key_repeated", "survey.yaml: line 2", b"columns:\n  {q: {x: 1, y: 2, x: 3}}\n"),
    ("declaration_not_a_mapping", "survey.yaml", b""),
    ("declaration_not_a_mapping", "survey.yaml", b"- a\n- b\n"),
]

TABLES: list[tuple[str, bytes]] = [
    # rule, region.csv; the declaration has the codes fukui, sabae, ono
    ("hierarchy_file_unreadable", "fukui,嶺北\n".encode("cp932")),
    ("hierarchy_file_malformed", b""),
    ("hierarchy_file_malformed", b"fukui\nsabae\nono\n"),
    ("hierarchy_file_malformed", b"fukui,north\nsabae,north\nono,hills,east\n"),
    ("hierarchy_file_malformed", b"fukui,north\nsabae,north\nono,hills\nono,north\n"),
    ("hierarchy_file_malformed", b'fukui,"north\nsabae,north\nono,hills\n'),
    ("hierarchy_misses_code", b"fukui,north\nsabae,north\n"),
    ("hierarchy_not_nested", b"fukui,north,a\nsabae,north,b\nono,hills,a\n"),
    ("code_malformed", b"fukui,north\nsabae,north\nono,_T\n"),
    ("code_malformed", b"fukui,north\nsabae,north\nono,*\n"),
    ("code_malformed", b"fukui,north\nsabae,north\nono,\x1b[2J\n"),
]


def problems_of(path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read_survey(path)
    return [(finding.rule, finding.place) for finding in refused.value.findings]


@pytest.mark.parametrize(("rule", "place", "edits"), CASES)
def test_a_broken_rule_is_found_alone_and_at_its_address(rule, place, edits, tmp_path):
    expected = [(rule, place)]
    if any("\t" in key for value in edits.values() if isinstance(value, dict) for key in value):
        expected.insert(0, ("control_character", "columns"))
    if edits.keys() == {"columns"}:  # the rest of the declaration speaks of columns that are gone
        assert problems_of(breaking(tmp_path, edits))[:2] == expected
    else:
        assert problems_of(breaking(tmp_path, edits)) == expected


@pytest.mark.parametrize(("rule", "place", "content"), FILES)
def test_a_file_that_is_no_declaration_is_refused(rule, place, content, tmp_path):
    if content is not None:
        (tmp_path / "survey.yaml").write_bytes(content)
    assert problems_of(tmp_path / "survey.yaml") == [(rule, place)]


@pytest.mark.parametrize(("rule", "content"), TABLES)
def test_a_hierarchy_file_that_does_not_fit_is_refused(rule, content, tmp_path):
    (tmp_path / "region.csv").write_bytes(content)
    path = breaking(tmp_path, {"columns.region.hierarchy": [{"file": "region.csv"}]})
    level = 2 if rule == "hierarchy_not_nested" else 1
    assert problems_of(path) == [(rule, f"columns.region.hierarchy[{level}]")]


def test_every_rule_of_the_catalogue_has_a_case():
    broken = {rule for rule, *_ in (*CASES, *FILES, *TABLES)}
    assert broken == set(declaration.MESSAGES)


def test_the_declaration_that_all_cases_break_is_whole(tmp_path):
    assert read_survey(breaking(tmp_path, {})).name == "reader_2026"


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "survey.yaml").mkdir()
    assert problems_of(tmp_path / "survey.yaml") == [("declaration_unreadable", "survey.yaml")]


def test_all_problems_are_named_at_once(tmp_path):
    """What has the wrong form, and what has the right form but makes no sense."""
    edits = {
        "title": GONE,
        "policy.k": "1",
        "columns.q1.role": GONE,
        "columns.q2.separator": GONE,
        "columns.region.hierarchy.0.groups.hills.codes": ["ono", "nowhere"],
        "columns.region.hierarchy.0.groups.plain.codes": ["fukui"],
        "columns.w.classes": ["2", "1"],
        "fieldwork.to": "someday",
        "colums": {},
    }
    assert set(problems_of(breaking(tmp_path, edits))) == {
        ("field_missing", "title"),
        ("date_malformed", "fieldwork.to"),
        ("role_open", "columns.q1.role"),
        ("field_unknown", "colums"),
        ("policy_k_too_small", "policy.k"),
        ("multiple_needs_separator_or_headers", "columns.q2"),
        ("code_undeclared", "columns.region.hierarchy[1].groups.hills"),
        ("hierarchy_misses_code", "columns.region.hierarchy[1]"),
        ("weight_classes_unordered", "columns.w"),
    }


def test_a_level_of_a_broken_level_is_not_judged(tmp_path):
    levels = [
        {"groups": {"plain": {"codes": ["fukui"]}, "hills": {"codes": ["ono"]}}},
        {"of": "previous", "groups": {"all": {"codes": ["plain", "hills"]}}},
    ]
    path = breaking(tmp_path, {"columns.region.hierarchy": levels})
    assert problems_of(path) == [("hierarchy_misses_code", "columns.region.hierarchy[1]")]


@pytest.mark.parametrize(("policy", "least"), [({"k": "1"}, 3), ({"k": "2"}, 3), ({"s": "1"}, 2)])
def test_a_refused_policy_says_the_least_that_would_do(policy, least, tmp_path):
    with pytest.raises(Refused) as refused:
        read_survey(breaking(tmp_path, {"policy": policy}))
    assert refused.value.findings[0].facts["least"] == least


def test_two_pairs_of_table_names_that_read_the_same_are_refused(tmp_path):
    """``a`` by ``b_by_c`` and ``a_by_b`` by ``c`` are both called ``a_by_b_by_c``."""
    single = {"type": "single", "options": {"x": "X"}}
    declaration = {
        "columns.a": {"role": "question", **single},
        "columns.a_by_b": {"role": "question", **single},
        "columns.c": {"role": "quasi_identifier", **single},
        "columns.b_by_c": {"role": "quasi_identifier", **single},
        "tables": [{"rows": ["a"], "by": ["b_by_c"]}, {"rows": ["a_by_b"], "by": ["c"]}],
    }
    assert problems_of(breaking(tmp_path, declaration)) == [("table_name_clash", "tables")]


def test_an_edit_of_what_is_not_there_would_be_noticed():
    with pytest.raises(KeyError):
        changed({"columns.nobody.type": "single"})

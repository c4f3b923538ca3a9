"""Whatever was declared is quoted: the engine reads back the same name and the same text, and runs nothing else."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms import sql

CONNECTION = duckdb.connect()
# A NUL ends a text in the engine; a surrogate is no character. Declarations refuse both.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=100, deadline=None)
@given(texts)
@example("'; DROP TABLE x; --")
@example("\\'")
@example("'' ' '''")
@example("$as_of ?1 %s {x}")
@example("line\r\nline\ttab")
@example("\u202e")
def test_a_text_is_read_back_as_it_was(text):
    assert CONNECTION.execute(f"SELECT {sql.text(text)}").fetchall() == [(text,)]


@settings(max_examples=100, deadline=None)
@given(texts.filter(len))
@example('"; --')
@example('a"b')
@example("select")
def test_a_name_is_read_back_as_it_was(name):
    (described,) = CONNECTION.execute(f"DESCRIBE SELECT 1 AS {sql.name(name)}").fetchall()
    assert described[0] == name


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(texts, texts, max_size=4), texts)
def test_a_text_is_decoded_by_its_whole_value(code_of, text):
    query = f"SELECT {sql.decode(sql.text(text), code_of, 'NULL')}"
    assert CONNECTION.execute(query).fetchall() == [(code_of.get(text),)]


@pytest.mark.parametrize(("layer", "survey", "table"), [("raw", "a", '"raw"."a"'), ("x", 'a"b', '"x"."a""b"')])
def test_a_table_is_named_by_layer_and_survey(layer, survey, table):
    assert sql.table(layer, survey) == table

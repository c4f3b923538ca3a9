"""The searcher of the canary test finds what was hidden from it on purpose, and nothing where nothing is."""

import base64
import bz2
import gzip
import json
import lzma
import pickle
import sqlite3
import zipfile
import zlib
from urllib.parse import quote

import duckdb
import pytest
import xlsxwriter

from tests.attacks.seeker import Seeker

WORD = "zqx7f3a"
KANJI = "金糸雀"
CANARY = f"{KANJI}-{WORD}"
SEEKER = Seeker(WORD, KANJI)


def a_workbook(path):
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet().write(0, 0, CANARY)


def a_sqlite_row(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE state (data)")
        # Long enough to be cut up over several pages.
        connection.execute("INSERT INTO state VALUES (?)", ("x" * 4090 + CANARY + "x" * 9000,))
    connection.close()


def a_pickle_in_sqlite(path):
    packed = base64.b64encode(gzip.compress(pickle.dumps(ValueError(CANARY)))).decode()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE state (data)")
        connection.execute("INSERT INTO state VALUES (?)", (json.dumps({"data": packed}),))
    connection.close()


def a_packed_duckdb_row(path):
    with duckdb.connect(str(path)) as connection:
        # Many similar long strings are stored in a compressed form.
        connection.execute(
            "CREATE TABLE t AS SELECT concat('answer number ', i, ' by ', $c, ' or so') AS c FROM range(20000) r(i)",
            {"c": CANARY},
        )


def a_duckdb_log(path):
    connection = duckdb.connect(str(path))
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.execute("CREATE TABLE t (c TEXT)")
    connection.execute("INSERT INTO t VALUES ($c)", {"c": CANARY})
    connection.close()
    assert path.with_name(path.name + ".wal").exists()


def a_zip(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep.gz", gzip.compress(CANARY.encode("utf-16")))


BYTES = {
    "plain": CANARY.encode(),
    "capitals": CANARY.upper().encode(),
    "utf-16": CANARY.encode("utf-16"),
    "utf-16-be": CANARY.encode("utf-16-be"),
    "kanji_cp932": KANJI.encode("cp932"),
    "kanji_iso2022": f"あ{KANJI}い".encode("iso2022_jp"),
    "kanji_json": json.dumps(KANJI).encode(),
    "kanji_repr_of_bytes": repr(KANJI.encode()).encode(),
    "kanji_percent": quote(KANJI).encode(),
    "kanji_html": KANJI.encode("ascii", "xmlcharrefreplace"),
    "hex": CANARY.encode().hex().upper().encode(),
    "pickle": pickle.dumps({"row": [CANARY]}),
    "base64_0": base64.b64encode(b"" + WORD.encode() + b"..."),
    "base64_1": base64.b64encode(b"." + WORD.encode() + b"..."),
    "base64_2": base64.b64encode(b".." + WORD.encode() + b"..."),
    "base64_url": base64.urlsafe_b64encode(b"\xff\xfe\xfb" + KANJI.encode("utf-16-le")),
    "base64_pickle": json.dumps({"data": base64.b64encode(pickle.dumps(ValueError(CANARY))).decode()}).encode(),
    "base64_twice": base64.b64encode(base64.b64encode(CANARY.encode() * 4)),
    "gzip": gzip.compress(CANARY.encode()),
    "gzip_inside_other_bytes": b"\0" * 100 + gzip.compress(CANARY.encode()),
    "gzip_cut": gzip.compress((CANARY * 50).encode())[:-9],
    "zlib": b"blob " + zlib.compress(CANARY.encode()),
    "bz2": bz2.compress(CANARY.encode()),
    "xz": lzma.compress(CANARY.encode()),
}

FILES = {
    "zip": a_zip,
    "workbook": a_workbook,
    "sqlite_row": a_sqlite_row,
    "pickle_in_sqlite": a_pickle_in_sqlite,
    "packed_duckdb_row": a_packed_duckdb_row,
    "duckdb_log": a_duckdb_log,
}


@pytest.mark.parametrize("kind", BYTES)
def test_a_planted_canary_is_found(tmp_path, kind):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"harmless " + BYTES[kind] if kind not in {"bz2", "xz"} else BYTES[kind])
    (hit, *_) = SEEKER.under(tmp_path)
    assert hit.startswith("deep/file: ")


@pytest.mark.parametrize("kind", FILES)
def test_a_canary_planted_in_a_container_is_found(tmp_path, kind):
    FILES[kind](tmp_path / "file")
    assert SEEKER.under(tmp_path)


def test_the_packed_row_would_not_be_seen_without_opening_the_database(tmp_path):
    a_packed_duckdb_row(tmp_path / "file")
    assert CANARY.encode() not in (tmp_path / "file").read_bytes()


def test_names_of_files_and_links_are_searched(tmp_path):
    (tmp_path / f"{CANARY}.csv").write_text("")
    (tmp_path / "link").symlink_to(f"/nowhere/{CANARY}")
    assert len(SEEKER.under(tmp_path)) == 2


def test_what_was_found_is_not_repeated(tmp_path):
    (tmp_path / f"{CANARY}.csv").write_bytes(b"".join(BYTES.values()))
    assert not any(WORD in hit or KANJI in hit for hit in SEEKER.under(tmp_path))


def test_nothing_is_found_where_nothing_is(tmp_path):
    (tmp_path / "text").write_text("zqx7f3 a canary 金糸 雀")
    (tmp_path / "packed").write_bytes(gzip.compress(b"canary"))
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 1000)
    with duckdb.connect(str(tmp_path / "db")) as connection:
        connection.execute("CREATE TABLE t AS SELECT i FROM range(1000) r(i)")
    assert SEEKER.under(tmp_path) == []

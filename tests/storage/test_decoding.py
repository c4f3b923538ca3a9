"""Bytes become text strictly; what the encoding is, is found or declared, and never guessed."""

import codecs
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.decoding import Encoding, _looks_japanese, codec_named, encoding_of
from terms.findings import Refused
from tests.storage.exports import delimited, everything_said, rules

JAPANESE = "会員番号,年齢,居住地\nＭ００１,34,福井市\n"
FRENCH = "nom,ville,avis\nHélène,Orléans,très bien aimé\nFrançois,Besançon,déçu après l’été\n"


def text(data: bytes, encoding: Encoding) -> str:
    return data[encoding.mark :].decode(encoding.codec)


# --- found ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"a,b\n1,2\n", Encoding("utf-8"), id="ascii"),
        pytest.param(JAPANESE.encode(), Encoding("utf-8"), id="utf8"),
        pytest.param(codecs.BOM_UTF8 + JAPANESE.encode(), Encoding("utf-8", 3), id="utf8_with_mark"),
        pytest.param(JAPANESE.encode("utf-16"), Encoding("utf-16-le", 2), id="utf16_with_mark"),
        pytest.param(
            codecs.BOM_UTF16_BE + JAPANESE.encode("utf-16-be"), Encoding("utf-16-be", 2), id="utf16_be_with_mark"
        ),
        pytest.param(JAPANESE.encode("utf-32"), Encoding("utf-32-le", 4), id="utf32_with_mark"),
        pytest.param(JAPANESE.encode("utf-16-le"), Encoding("utf-16-le"), id="utf16_le"),
        pytest.param(JAPANESE.encode("utf-16-be"), Encoding("utf-16-be"), id="utf16_be"),
        pytest.param("id,n\n1,2\n".encode("utf-16-be"), Encoding("utf-16-be"), id="utf16_of_ascii"),
        pytest.param("あ,い\n".encode("utf-16-le"), Encoding("utf-16-le"), id="utf16_that_is_utf8_too"),
        pytest.param(b"a,b\n1,\0\n2,3\n", Encoding("utf-8"), id="utf8_with_a_stray_nul"),
        pytest.param(JAPANESE.encode("cp932"), Encoding("cp932"), id="cp932"),
        pytest.param("年齢\n男\n".encode("cp932"), Encoding("cp932"), id="cp932_of_three_kanji"),
        pytest.param("メールアドレス,ﾌﾘｶﾞﾅ\nx,ﾔﾏﾀﾞ\n".encode("cp932"), Encoding("cp932"), id="cp932_katakana"),
        pytest.param("最寄駅①,氏名～\n東京駅,髙橋\n".encode("cp932"), Encoding("cp932"), id="beyond_shift_jis"),
    ],
)
def test_the_encoding_is_found(data, expected):
    assert encoding_of("june", data, "auto") == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(FRENCH.encode("cp1252"), id="windows_french"),
        pytest.param(FRENCH.encode("mac_roman"), id="mac_french"),
        pytest.param("id,price\n1,£20\n2,£30\n".encode("latin-1"), id="pounds"),
        pytest.param("id,say\n1,don’t\n2,“so”x\n".encode("mac_roman"), id="mac_quotes"),
        pytest.param("fan of the Universe?ŒÊ,id\nYes,1\n".encode("mac_roman"), id="one_kanji_by_chance"),
        pytest.param("nação,opção\nfunção,1\n".encode("latin-1"), id="portuguese"),
        pytest.param("père,Élan\nHéléna,Noël\n".encode("mac_roman"), id="accents_before_letters"),
        pytest.param("Côte d'Ivoire,été1\n".encode("mac_roman"), id="mac_country"),
        pytest.param(JAPANESE.encode("euc_jp"), id="euc"),
        pytest.param("привет,мир\n".encode("cp1251"), id="russian"),
        pytest.param(bytes(range(256)), id="every_byte"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", id="picture"),
        pytest.param("外\ue000字\n会員番号\n".encode("cp932"), id="user_defined_characters"),
    ],
)
def test_what_cannot_be_told_is_refused(data):
    with pytest.raises(Refused) as refusal:
        encoding_of("june", data, "auto")
    assert [rule for _, rule in rules(refusal.value)] == ["encoding_unknown"]
    assert refusal.value.__context__ is None


def test_every_character_of_cp932_can_be_judged():
    # Decoding and encoding again must not fail on the characters that CP932 holds twice.
    for lead in range(256):
        for trail in (None, *range(0x40, 0xFD)):
            pair = bytes([lead] if trail is None else [lead, trail])
            try:
                characters = pair.decode("cp932")
            except UnicodeDecodeError:
                continue
            _looks_japanese(Counter(characters))


KANA_AND_KANJI = st.text(
    st.sampled_from("会員番号年齢居住地福井市男女回答紙電子あいうえおかきくけこアイウエオ、。"), min_size=8
)


@given(rows=st.lists(st.lists(KANA_AND_KANJI, min_size=2, max_size=2), min_size=1))
def test_ordinary_japanese_is_found_in_each_of_its_encodings(rows):
    for encoding in ("utf-8", "cp932", "utf-16-le", "utf-16-be"):
        data = delimited([["年齢", "回答日時"], *rows], encoding=encoding)
        found = encoding_of("june", data, "auto")
        assert text(data, found) == data.decode(encoding)


@settings(max_examples=100)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data):
    try:
        found = encoding_of("june", data, "auto")
    except Refused:
        return
    assert isinstance(text(data, found), str)


# --- declared -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cp932", "CP932", "ms932", "Shift_JIS", "shift-jis", "SJIS", "Windows-31J", "x-sjis"])
def test_every_name_of_windows_japanese_is_cp932(name):
    data = "駅①,髙﨑～\n".encode("cp932")
    assert text(data, encoding_of("june", data, name)) == "駅①,髙﨑～\n"


@pytest.mark.parametrize(
    ("declared", "data", "expected"),
    [
        ("utf-8", codecs.BOM_UTF8 + b"a", Encoding("utf-8", 3)),
        ("utf-8-sig", b"a", Encoding("utf-8")),
        ("UTF-16", "a\n".encode("utf-16-be"), Encoding("utf-16-be")),
        ("UTF-16", "a\n".encode("utf-16"), Encoding("utf-16-le", 2)),
        ("utf-16-le", "a\n".encode("utf-16"), Encoding("utf-16-le", 2)),
        ("mac_roman", FRENCH.encode("mac_roman"), Encoding("mac-roman")),
        ("latin1", FRENCH.replace("’", "'").encode("latin1"), Encoding("iso8859-1")),
    ],
)
def test_a_declared_encoding_is_taken_and_its_mark_left_out(declared, data, expected):
    assert encoding_of("june", data, declared) == expected


@pytest.mark.parametrize("name", ["", "no-such", "rot13", "hex", "idna", "undefined", "unicode_escape", "a\0b", "ü"])
def test_a_name_that_is_no_encoding_of_files_is_refused(name):
    assert codec_named(name) is None
    with pytest.raises(Refused) as refusal:
        encoding_of("june", b"a", name)
    assert rules(refusal.value) == [("june", "encoding_name_unknown")]


@pytest.mark.parametrize(
    ("declared", "data", "line"),
    [
        pytest.param("utf-8", b"a\nb\r\n\xff\n", 3, id="utf8"),
        pytest.param("utf-8", b"a\rb\r\xe3\x81", 3, id="utf8_cut_off"),
        pytest.param("cp932", "年齢\n".encode("cp932") + b"\x81\x00", 2, id="cp932"),
        pytest.param("utf-16-le", "あ\nい\n".encode("utf-16-le") + b"\x00\xd8a\x00", 3, id="half_a_pair"),
        pytest.param("utf-16-le", "あ\n".encode("utf-16-le") + b"a", 2, id="half_a_character"),
        pytest.param("euc_jp", "あ\nい\nう\n".encode("euc_jp") + b"\xff", 4, id="euc"),
        pytest.param("iso2022_jp", "あ\n".encode("iso2022_jp") + b"\xff", 2, id="jis"),
        pytest.param("cp1252", b"a\n\x81", 2, id="windows"),
        pytest.param("auto", codecs.BOM_UTF8 + b"a\n\xff", 2, id="against_its_mark"),
    ],
)
@pytest.mark.parametrize("before", [0, 1, (1 << 20) - 3, 1 << 20])
def test_a_byte_that_does_not_fit_is_named_by_its_line(declared, data, line, before):
    mark = 3 if declared == "auto" else 0
    encoding = "utf-8" if declared == "auto" else declared
    filler = ("x" * before).encode(encoding)
    with pytest.raises(Refused) as refusal:
        encoding_of("june", data[:mark] + filler + data[mark:], declared)
    assert rules(refusal.value) == [(f"june: line {line}", "encoding_does_not_fit")]
    assert "\\xff" not in everything_said(refusal.value)
    assert refusal.value.__context__ is None

"""Bytes to text, strictly: a byte that does not fit is never replaced, skipped or guessed."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from terms.findings import refuse

AUTO = "auto"

_MARKS = (
    # The mark of UTF-32-LE begins with that of UTF-16-LE, so it is looked for first.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WINDOWS_JAPANESE = {"shift_jis": "cp932"}
"""What calls itself Shift_JIS comes from Windows: the letter of the standard has no ①, 髙, 﨑 or ～."""
_NAMES_OF_CP932 = {"windows-31j", "windows31j", "cswindows31j", "x-sjis"}
_NO_FILE_ENCODING = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
_PIECE = 1 << 20
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Encoding:
    """A codec of Python, and how many bytes of mark stand before the text."""

    codec: str
    mark: int = 0


def encoding_of(place: str, data: bytes, declared: str) -> Encoding:
    """The encoding that all of ``data`` is in: the declared one, or with ``auto`` the one that is found.

    Found is: what a byte order mark says, else UTF-16 without a mark, else UTF-8, else CP932 where the result
    looks like Japanese. CP932 takes almost any bytes, so when in doubt nothing is found: to declare the
    encoding costs one line.

    Raises :class:`terms.findings.Refused` with the line of the first byte that does not fit.
    """
    marked = next((Encoding(codec, len(mark)) for mark, codec in _MARKS if data.startswith(mark)), None)
    if declared.strip().lower() == AUTO:
        if marked is None:
            return _found(place, data)
        encoding = marked
    else:
        encoding = _declared(place, data, declared, marked)
    line = _misfit(data, encoding)
    if line is not None:
        raise refuse(f"{place}: line {line}", "encoding_does_not_fit", encoding=encoding.codec)
    return encoding


def codec_named(name: str) -> str | None:
    """The codec a declaration means by ``name``; ``None`` where there is none for files.

    >>> codec_named("Shift_JIS"), codec_named("UTF8"), codec_named("Mac Roman"), codec_named("rot13")
    ('cp932', 'utf-8', 'mac-roman', None)
    """
    wanted = re.sub(r"[\s_]+", "-", name.strip().lower())
    if wanted in _NAMES_OF_CP932:
        return "cp932"
    try:
        info = codecs.lookup(wanted)
    except (LookupError, ValueError):
        return None
    codec = info.name.removesuffix("-sig")
    if not info._is_text_encoding or codec in _NO_FILE_ENCODING:
        return None
    return _WINDOWS_JAPANESE.get(codec, codec)


def _declared(place: str, data: bytes, declared: str, marked: Encoding | None) -> Encoding:
    codec = codec_named(declared)
    if codec is None:
        raise refuse(place, "encoding_name_unknown", encoding=declared)
    if marked is not None and marked.codec.startswith(codec):
        return marked
    if marked is not None:
        raise refuse(f"{place}: line 1", "encoding_does_not_fit", encoding=codec)
    if codec == "utf-16":
        return Encoding(_likelier_utf16(data))
    return Encoding("utf-32-le" if codec == "utf-32" else codec)


def _found(place: str, data: bytes) -> Encoding:
    utf8 = Encoding("utf-8")
    line = _misfit(data, utf8)
    if _is_utf16(data, also_utf8=line is None):
        return Encoding(_likelier_utf16(data))
    if line is None:
        return utf8
    cp932 = Encoding("cp932")
    if _misfit(data, cp932) is None and _looks_japanese(_characters(data, cp932)):
        return cp932
    raise refuse(f"{place}: line {line}", "encoding_unknown")


def _likelier_utf16(data: bytes) -> str:
    """The byte order: the high byte of a delimiter or line end is zero."""
    return "utf-16-le" if data[1::2].count(0) >= data[0::2].count(0) else "utf-16-be"


def _is_utf16(data: bytes, *, also_utf8: bool) -> bool:
    """Whether text without a mark is UTF-16: line ends in place, no NUL, enough of ASCII.

    A UTF-8 file with a stray NUL must not pass for UTF-16, so bytes that are UTF-8 too need an ASCII
    character in every second place; other bytes one in fifty (delimiters and line ends).
    """
    zeros = max(data[1::2].count(0), data[0::2].count(0))
    pairs = len(data) // 2
    if len(data) % 2 or not zeros or zeros * (2 if also_utf8 else 50) < pairs:
        return False
    encoding = Encoding(_likelier_utf16(data))
    if _misfit(data, encoding) is not None:
        return False
    characters = _characters(data, encoding)
    return "\0" not in characters and ("\n" in characters or "\r" in characters)


def _looks_japanese(characters: Counter[str]) -> bool:
    """Whether text that CP932 accepts was written in it, and not in a Western encoding.

    In Japanese most characters take two bytes; the second is an ASCII letter in under a third of the kanji, in
    no hiragana and in 60 % of the katakana; few begin with 0xE0 or more (rare kanji, extensions). Accented
    letters of Mac Roman turn into characters whose second byte is the ASCII letter behind them; those of
    Latin-1 into rare kanji or half-width katakana. Control characters, user-defined characters and the bytes
    0x80, 0xA0 and 0xFD to 0xFF stand in no ordinary export.
    """
    double = letter_second = rare = single = 0
    for character, times in characters.items():
        if character.isascii():
            continue
        code = character.encode("cp932")
        if (len(code) == 1 and not 0xA1 <= code[0] <= 0xDF) or "\ue000" <= character <= "\uf8ff":
            return False
        if len(code) == 1:
            single += times
            continue
        double += times
        # Full-width punctuation (lead byte 0x81) is no letter of any other alphabet with an accent.
        letter_second += times * (code[0] != 0x81 and chr(code[1]).isascii() and chr(code[1]).isalpha())
        rare += times * (code[0] >= 0xE0)
    return double >= 2 and letter_second * 4 <= double * 3 and rare * 5 <= double and single <= double * 3


def _misfit(data: bytes, encoding: Encoding) -> int | None:
    """The line (from 1) of the first byte that is not of this encoding; ``None`` where all are."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    start = encoding.mark
    at: int | None = None
    try:
        for start, piece in _pieces(data, encoding.mark):
            decoder.decode(piece, final=start + len(piece) >= len(data))
    except UnicodeDecodeError as error:
        # The decoder kept the unfinished bytes of the piece before and puts them in front.
        at = start + len(data[start : start + _PIECE]) - len(error.object) + error.start
    if at is None:
        return None
    return 1 + len(_LINE_END.findall(data[encoding.mark : at].decode(encoding.codec, "replace")))


def _characters(data: bytes, encoding: Encoding) -> Counter[str]:
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    characters: Counter[str] = Counter()
    for _, piece in _pieces(data, encoding.mark):
        characters.update(decoder.decode(piece))
    return characters


def _pieces(data: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    for at in range(start, len(data), _PIECE):
        yield at, data[at : at + _PIECE]

"""Making declared words harmless: whatever a label holds, it comes out as plain text in every format."""

from __future__ import annotations

import re

from terms.words import Text

REPLACEMENT = "\ufffd"

# Ranges, not Unicode categories: those differ between versions of Python, and with them the published bytes.
_LINE_BREAKS = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks, embeddings, overrides, isolates
    "\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible signs
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of a pair, and what is no character
    "\U000e0000-\U000e007f"  # invisible copies of ASCII
    "]"
)
# Japanese spreadsheets take the full-width signs for formulas too.
_FORMULA_START = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)


def clean(text: str) -> str:
    """Text of one line in which nothing is hidden: each invisible or direction-changing sign shows as U+FFFD.

    >>> clean("north\\x00\\u202e") == "north\\ufffd\\ufffd"
    True
    >>> clean("two\\nlines")
    'two lines'
    """
    return _UNSEEN.sub(REPLACEMENT, _LINE_BREAKS.sub(" ", text))


def cleaned(text: Text) -> Text:
    """The same in both languages."""
    return Text(ja=clean(text.ja), en=clean(text.en))


def once(text: Text, between: str = " / ") -> str:
    """Japanese and English in one line; a label that reads the same in both is said once.

    >>> once(Text(ja="地域", en="Region")), once(Text.same("A"))
    ('地域 / Region', 'A')
    """
    return text.ja if text.ja == text.en else f"{text.ja}{between}{text.en}"


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a dangerous first sign gets an apostrophe before it.

    >>> neutral("=HYPERLINK(1)"), neutral("-5"), neutral("a=b")
    ("'=HYPERLINK(1)", "'-5", 'a=b')
    """
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA_START) else text


def neutral_code(code: str) -> str:
    """The same for a code, except that a plain number stays what it is: it computes nothing.

    >>> neutral_code("-5"), neutral_code("-5+A1")
    ('-5', "'-5+A1")
    """
    return code if _NUMBER.fullmatch(code) else neutral(code)

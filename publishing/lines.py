"""Breaking a label into lines without measuring a font: the same on any machine."""

from __future__ import annotations

import re

# A word of narrow letters with the blanks after it, or one wide character.
_PIECES = re.compile("[^\\s\u2e80-\uff60\uffe0-\uffe6\U0001f000-\U0003ffff]+\\s*|\\s+|.", re.DOTALL)
_NARROW, _WIDE = 58, 100
_NOT_FIRST = "、。，．・：；？！）」』】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ％"


def width(text: str) -> int:
    """How wide the text is, about, in hundredths of the font size."""
    return sum(_WIDE if _is_wide(sign) else _NARROW for sign in text)


def wrap(text: str, ems: int, most: int = 3) -> tuple[str, ...]:
    """The text in lines of at most ``ems`` font sizes; what does not fit in ``most`` lines ends in an ellipsis.

    >>> wrap("旅行の目的は何ですか。", 5)
    ('旅行の目的', 'は何ですか。')
    >>> wrap("To see family or friends", 8)
    ('To see family', 'or friends')
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        for part in _parts(piece, ems):
            # A closing mark hangs over the edge rather than open the next line.
            if lines[-1] and width((lines[-1] + part).rstrip()) > 100 * ems and part not in _NOT_FIRST:
                lines.append("")
            lines[-1] += part
    lines = [line.strip() for line in lines]
    return tuple(lines) if len(lines) <= most else (*lines[: most - 1], f"{lines[most - 1][:-1]}…")


def _parts(piece: str, ems: int) -> list[str]:
    """A word longer than a line in pieces."""
    signs = max(1, 100 * ems // _WIDE)
    if width(piece.rstrip()) <= 100 * ems:
        return [piece]
    return [piece[start : start + signs] for start in range(0, len(piece), signs)]


def _is_wide(sign: str) -> bool:
    return "\u2e80" <= sign <= "\uff60" or "\uffe0" <= sign <= "\uffe6" or sign >= "\U0001f000"

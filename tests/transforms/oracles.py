"""What plain Python makes of a cell, and options to declare."""

from __future__ import annotations

from terms.survey import Option
from terms.words import Text


def option(code: str, *values: str, **more) -> Option:
    return Option(code=code, label=Text.same(code), values=values or (code,), **more)


def taken_apart(cell: str, options: dict[str, str], separator: str) -> tuple[set[str], str]:
    """The codes in a cell, longest text first, and what is left over. Plain Python, on a list of parts."""
    parts: list[str | None] = list(cell.split(separator))
    codes = set()
    for code, text in sorted(options.items(), key=lambda item: (-len(item[1]), item[1])):
        wanted = text.split(separator)
        at = 0
        while at + len(wanted) <= len(parts):
            if parts[at : at + len(wanted)] == wanted:
                codes.add(code)
                parts[at : at + len(wanted)] = [None] * len(wanted)
                at += len(wanted)
            else:
                at += 1
    return codes, "".join(part or "" for part in parts).strip(" ")

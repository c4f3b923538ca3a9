"""Header texts as declarations and readers both write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable


def normalise(text: str) -> str:
    """White space of any kind, line breaks included, becomes one blank; the ends are trimmed.

    >>> normalise(" Q1\\n(choose one) ")
    'Q1 (choose one)'
    """
    return re.sub(r"\s+", " ", text.replace("\ufeff", "")).strip()


def number_repeats(headers: Iterable[str]) -> list[str]:
    """Make header texts unique: the second ``why?`` becomes ``why? #2``; an empty one is named by its place.

    >>> number_repeats(["id", "why?", "why?", ""])
    ['id', 'why?', 'why? #2', '#4']
    """
    seen: Counter[str] = Counter()
    unique = []
    for place, header in enumerate((normalise(header) for header in headers), start=1):
        if not header:
            unique.append(f"#{place}")
            continue
        seen[header] += 1
        unique.append(header if seen[header] == 1 else f"{header} #{seen[header]}")
    return unique

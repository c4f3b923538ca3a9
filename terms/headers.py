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
    texts = [normalise(header) for header in headers]
    taken = set(texts)
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for place, header in enumerate(texts, start=1):
        seen[header] += 1
        name = header
        if not header or seen[header] > 1:
            name = f"{header} #{seen[header]}" if header else f"#{place}"
            # A header may really read "why? #2".
            while name in taken:
                name += " #2"
        taken.add(name)
        unique.append(name)
    return unique

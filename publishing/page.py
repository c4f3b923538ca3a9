"""``index.html``: one static page, Japanese and English, that loads nothing and needs no script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publishing import phrases
from publishing.banner import Banner, Mark
from publishing.chart import charts
from publishing.edition import ABSENT_SYMBOL, HIDDEN_SYMBOL, SYMBOLS, Edition
from publishing.wording import once

TEMPLATES = Path(__file__).parent / "templates"
MOST_COLUMNS = 10
"""Columns beside the total in one table; more continue in a table of their own, which also prints."""


def page(edition: Edition) -> bytes:
    """The page of one release."""
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    text = (
        _environment()
        .get_template("page.html.j2")
        .render(
            edition=edition,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii"),
            symbols=SYMBOLS,
        )
    )
    return text.encode("utf-8")


def table_blocks(banner: Banner, most: int = MOST_COLUMNS) -> tuple[tuple[int, ...], ...]:
    """The columns of each table on the page: the total, then whole breaks while they fit.

    A break with more than ``most`` categories is cut into tables of about equal width.
    """
    blocks: list[list[int]] = [[]]
    for group in _breaks(banner):
        pieces = -(-len(group) // most)
        size = -(-len(group) // pieces)
        if pieces > 1 or len(blocks[-1]) + len(group) > most:
            blocks.extend([] for _ in range(bool(blocks[-1])))
        for start in range(0, len(group), size):
            if start:
                blocks.append([])
            blocks[-1].extend(group[start : start + size])
    return tuple((0, *block) for block in blocks)


def spans(banner: Banner, block: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The breaks of a block: first column, and how many columns it has there."""
    opening = [place for place, column in enumerate(block) if place and (place == 1 or banner.heads[column].opens)]
    return tuple((block[place], end - place) for place, end in pairwise([*opening, len(block)]))


def _breaks(banner: Banner) -> list[list[int]]:
    groups: list[list[int]] = []
    for place, head in enumerate(banner.heads[1:], start=1):
        if head.opens:
            groups.append([])
        groups[-1].append(place)
    return groups


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        charts=charts,
        table_blocks=table_blocks,
        spans=spans,
        once=once,
        zip=zip,
        phrases=phrases,
        HIDDEN=Mark.HIDDEN,
        ABSENT=Mark.ABSENT,
        HIDDEN_SYMBOL=HIDDEN_SYMBOL,
        ABSENT_SYMBOL=ABSENT_SYMBOL,
    )
    return environment

"""One bar chart a question, laid out here and drawn by a template: displayed shares of the total column."""

from __future__ import annotations

from dataclasses import dataclass

from publishing.banner import Banner, Figure, Mark
from publishing.lines import wrap
from terms.words import Language

LINE, BAR, GAP = 20, 10, 16
"""Pixels: a line of a label, a bar, and the space under it."""
WIDE, NARROW = 44, 17
"""Font sizes that a label may take, beside its value, on a wide and on a narrow screen."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One answer: its label in lines, the bar under it."""

    label: str
    lines: tuple[tuple[int, str], ...]
    """Base line in pixels, and text."""
    top: int
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture as wide as its place, ``height`` pixels high."""

    language: Language
    for_narrow: bool
    height: int
    bars: tuple[Bar, ...]


def charts(banner: Banner, language: Language) -> tuple[Chart, ...]:
    """The chart of one question: one for all screens, or one for wide and one for narrow ones.

    Empty where there is nothing to draw.
    """
    if not any(isinstance(line.figures[0], int) for line in banner.shares):
        return ()
    wide, narrow = (_chart(banner, language, ems) for ems in (WIDE, NARROW))
    return (wide,) if wide.bars == narrow.bars else (wide, narrow)


def _chart(banner: Banner, language: Language, ems: int) -> Chart:
    bars = []
    top = 0
    for line in banner.shares:
        figure = line.figures[0]
        if figure is Mark.ABSENT:
            continue
        label = line.label[language]
        lines = wrap(label, ems)
        places = tuple((top + LINE * number - 6, text) for number, text in enumerate(lines, start=1))
        bars.append(Bar(label=label, lines=places, top=top + LINE * len(lines), figure=figure))
        top = bars[-1].top + BAR + GAP
    return Chart(language=language, for_narrow=ems == NARROW, height=top - GAP + 1, bars=tuple(bars))

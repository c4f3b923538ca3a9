"""The recall of a published release: why, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from terms.words import Text


class RecallReason(Enum):
    """Why a release is taken back. Closed: whoever reads the notice in its place reads one of these sentences."""

    ERROR = "error"
    """Its figures are wrong."""
    BASIS = "basis"
    """Answers are in it that might not have been used."""
    DISCLOSURE = "disclosure"
    """It may say more about people than it should."""
    ORDER = "order"
    """A court or an authority ordered it."""


REASONS: dict[RecallReason, Text] = {
    RecallReason.ERROR: Text(ja="数値に誤りがあったため", en="Its figures were wrong."),
    RecallReason.BASIS: Text(
        ja="使用できない回答が含まれていたため", en="It held answers that might not have been used for it."
    ),
    RecallReason.DISCLOSURE: Text(
        ja="回答者の保護が十分でないおそれがあるため", en="It may not have protected those who answered well enough."
    ),
    RecallReason.ORDER: Text(ja="裁判所又は行政機関の命令のため", en="A court or an authority ordered it."),
}


@dataclass(frozen=True, kw_only=True)
class Recall:
    """A release that somebody wants taken back, and once a second person agrees, is."""

    survey: str
    release: str
    reason: RecallReason
    asked_by: str
    agreed_by: str | None = None
    agreed_on: date | None = None
    """The day in Japan on which it became a recall; ``None`` while it waits for a second person."""

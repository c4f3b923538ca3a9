"""Text in the two languages every reader may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["ja", "en"]


@dataclass(frozen=True)
class Text:
    """One label in Japanese and English."""

    ja: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en

    @classmethod
    def same(cls, text: str) -> Text:
        """A label that reads the same in both languages."""
        return cls(ja=text, en=text)

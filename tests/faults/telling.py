"""What a command said, and what every line of it must keep."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from terms.findings import Finding
from terms.messages import render

CANARY = "水無月ZQXJ7731"
"""What a respondent wrote, in every bad export: no message may repeat it."""

LONGEST = 500
"""Characters of one clear line."""

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龯]")
SLOT = re.compile(r"\{[a-z_]+\}")
REPORT = re.compile(r"rejects/\w+\.csv$")


@dataclass(frozen=True)
class Ear:
    """One command: its exit code, and what it said."""

    code: int
    out: str
    err: str

    @cached_property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Every problem, as machines are told."""
        return self.json["error"] if "error" in self.json else self.json["reasons"]

    @property
    def rules(self) -> list[tuple[str, str]]:
        """Place and rule of every problem."""
        return [(finding["place"], finding["rule"]) for finding in self.findings]

    def problem_lines(self) -> list[str]:
        """The lines that name a problem, without the sentence above them and the pointer to the reject report."""
        lines = [line for line in self.err.splitlines() if not REPORT.search(line)]
        if lines and lines[0].startswith("shoji: "):
            return [line.removeprefix("shoji: ") for line in lines]
        return [line.strip() for line in lines[1:]]

    def agrees_with(self, other: Ear, language: str) -> None:
        """The same command told to a person: one clear line a problem, the same problems, the same exit code."""
        assert other.code == self.code
        for text in (self.out, self.err, other.out, other.err):
            assert CANARY not in text
            assert "Traceback" not in text and 'File "' not in text
        self._are_clear(other.problem_lines(), language)

    def reads_clearly(self) -> Ear:
        """Hold the lines that these findings become in both languages to the same promises, without running again."""
        assert CANARY not in self.out + self.err and "Traceback" not in self.out + self.err
        for language in ("en", "ja"):
            findings = [Finding(place=one["place"], rule=one["rule"], facts=one["facts"]) for one in self.findings]
            self._are_clear([render(finding, language) for finding in findings], language)
        return self

    def _are_clear(self, lines: list[str], language: str) -> None:
        assert len(lines) == len({finding["message"] for finding in self.findings}), lines
        for line, finding in zip(lines, self.findings, strict=False):
            place = finding["place"].removeprefix("shoji")
            assert line.startswith(f"{place}: " if place else ""), (line, finding)
            assert len(line) < LONGEST and line.isprintable(), line
            assert not SLOT.search(line), line
            assert bool(JAPANESE.search(line.removeprefix(place))) is (language == "ja"), line


Shoji = Callable[..., Ear]

"""One run of one survey: what it has found out so far, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flows.setting import Setting
from flows.voice import is_interruption, unexpected
from terms.codebook import Codebook
from terms.findings import Finding, ShojiError, Verdict
from terms.release import Outcome
from terms.survey import Survey
from transforms.tabulate import Tables


@dataclass(kw_only=True)
class Run:
    """The state of one run; steps read it and add to it. Lives in memory only."""

    setting: Setting
    declaration: Path
    survey: Survey
    as_of: date
    dry_run: bool = False
    say: Callable[[str], None] = lambda _line: None
    """Where progress goes: step names and numbers of steps, never figures."""

    root: Any = None
    warehouse: Any = None
    ledger: Any = None
    codebook: Codebook | None = None
    tables: Tables | None = None
    counts: Any = None
    protected: Any = None
    cells: Any = None
    population: str = ""
    withheld: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions that fail R3, with the tables they fail in."""
    narrow: tuple[str, ...] = ()
    """Questions of which hidden counts, or somebody's answer, follow from all breaks together."""
    weights_withheld: tuple[str, ...] = ()
    rosters: dict[str, Any] = field(default_factory=dict)
    """Question -> people by profile."""
    proofs: dict[str, Any] = field(default_factory=dict)
    """Hash of exact cells -> what accomplices with the roster can prove of each question."""
    tests: dict[str, Verdict] = field(default_factory=dict)
    respondents: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    outcome: Outcome | None = None
    reasons: list[Finding] = field(default_factory=list)
    release: Path | None = None
    rejects: list = field(default_factory=list)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Count the seconds of a step."""
        begin = time.monotonic()
        self.say(step)
        try:
            yield
        finally:
            self.seconds[step] = round(self.seconds.get(step, 0) + time.monotonic() - begin, 3)

    def end(self, outcome: Outcome, *reasons: Finding) -> None:
        """Say how the run ended; the first end counts."""
        if self.outcome is None:
            self.outcome = outcome
            self.reasons.extend(reasons)

    def fail(self, error: BaseException) -> None:
        """End with what an exception says: its findings where it is ours, else its type's name alone.

        An interruption is no end.
        """
        if is_interruption(error):
            return
        if isinstance(error, ShojiError):
            self.end(Outcome.REFUSED if error.exit_code == 1 else Outcome.FAULT, *error.findings)
        else:
            self.end(Outcome.FAULT, unexpected(error))

    def orchestrator_failed(self, error: str) -> None:
        """End because Prefect broke, with the name of its exception's type; an end of our own stands."""
        self.end(Outcome.FAULT, Finding(place="prefect", rule="orchestrator_failed", facts={"type": error}))

    @property
    def exit_code(self) -> int:
        """0 published, unchanged, waiting, candidate; 1 refused; 3 fault. A run without an end is a fault."""
        return {None: 3, Outcome.FAULT: 3, Outcome.REFUSED: 1}.get(self.outcome, 0)

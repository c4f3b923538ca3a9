"""What is published, and what is remembered about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from terms.codebook import Codebook
from terms.findings import Verdict
from terms.survey import Survey


class Outcome(Enum):
    """How a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    WAITING = "waiting"
    CANDIDATE = "candidate"
    REFUSED = "refused"
    FAULT = "fault"

    @property
    def verdict(self) -> Verdict:
        """What ``run --json`` calls the verdict."""
        return Verdict.FAIL if self in {Outcome.REFUSED, Outcome.FAULT} else Verdict.PASS


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The people who enter the published population together. Releases are sums of batches."""

    number: int
    closed_on: date
    codebook_version: int
    codebook_hash: str
    policy_hash: str


@dataclass(frozen=True, kw_only=True)
class ReleaseContent:
    """Everything the publishing room may know: displayed figures and declared words, no hidden figure.

    ``cells`` is a Polars frame in codebook order with the columns of ``data/cells.csv``:
    ``table, row_var, row, col_var, col, measure`` (text), ``value`` (whole number, null where hidden) and
    ``status`` (``shown`` or ``hidden``).
    """

    survey: Survey
    codebook: Codebook
    number: int
    released_on: date
    cells: Any
    withheld_questions: tuple[str, ...]
    """Questions whose family failed: "no figures" is all that is said."""
    weights_withheld: tuple[str, ...]
    """Questions whose weighted figures are withheld while the unweighted ones stand."""
    tests: Mapping[str, Verdict] = field(default_factory=dict)
    """Name of each test or suite -> verdict."""
    software_version: str = ""

    @property
    def name(self) -> str:
        """The folder's name: number and date.

        The number has four digits so that names sort.
        """
        return f"{self.number:04d}-{self.released_on.isoformat()}"

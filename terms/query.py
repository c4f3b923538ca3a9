"""Work for the engine: built in transforms, run in storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Query:
    """SQL text (DuckDB dialect) with its bound parameters.

    ``parameters`` are bound by name (``$name``) and never become part of the text.
    """

    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

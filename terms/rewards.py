"""Whom to send a prize or a document: contact data that are kept apart from answers, for a while."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rewards:
    """Which columns a reward is sent by, and who asked for one."""

    columns: tuple[str, ...]
    """Direct identifiers; never the respondent key."""
    wanted: str
    """An ignored column: whether a person wants a reward is stored with no answer."""
    accepted: tuple[str, ...]
    """What it says where she does."""

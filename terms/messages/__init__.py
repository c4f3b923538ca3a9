"""Every sentence a finding can become, in Japanese and English: one small catalogue a room.

A message says what is wrong, a hint what to do. ``{name}`` slots are filled from the finding's facts, which
are whole numbers and declared names only.
"""

from __future__ import annotations

from terms.findings import Finding
from terms.messages import (
    attack,
    data,
    declaration,
    duties,
    explain,
    files,
    gate,
    governance,
    house,
    judgement,
    people,
    plan,
    risk,
    roster,
    search,
    suppression,
    tables,
    tables_attack,
)
from terms.words import Language, Text

Message = tuple[Text, Text]
"""What is wrong, and what to do about it."""

MESSAGES: dict[str, Message] = {
    **declaration.MESSAGES,
    **files.MESSAGES,
    **data.MESSAGES,
    **house.MESSAGES,
    **judgement.MESSAGES,
    **attack.MESSAGES,
    **gate.MESSAGES,
    **suppression.MESSAGES,
    **governance.MESSAGES,
    **explain.MESSAGES,
    **people.MESSAGES,
    **plan.MESSAGES,
    **duties.MESSAGES,
    **risk.MESSAGES,
    **roster.MESSAGES,
    **search.MESSAGES,
    **tables.MESSAGES,
    **tables_attack.MESSAGES,
}


def render(finding: Finding, language: Language = "en") -> str:
    """One clear line: place, what is wrong, what to do.

    A rule without a catalogue entry is shown by its name: an unknown rule must never hide a refusal.
    """
    if finding.rule not in MESSAGES:
        return f"{finding.place}: {finding.rule}"
    what, hint = MESSAGES[finding.rule]
    facts = dict(finding.facts)
    line = f"{finding.place}: {what[language].format_map(_Known(facts))}"
    return f"{line} {hint[language].format_map(_Known(facts))}".rstrip()


class _Known(dict):
    """A missing fact shows as its slot instead of raising while an error is being reported."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"

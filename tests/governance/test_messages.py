"""Every rule that this room can raise has its sentence, in both languages, and every slot is filled."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import governance
from terms.messages import MESSAGES

ROOM = Path(governance.__file__).parent


def raised() -> Iterator[str]:
    """Rules written as literals where a finding is made."""
    for file in sorted(ROOM.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                for rule in [keyword.value for keyword in call.keywords if keyword.arg == "rule"]:
                    if isinstance(rule, ast.Constant):
                        yield rule.value


RAISED = sorted(set(raised()))


def test_the_rules_are_found():
    assert {"company_unknown", "pooling_undeclared", "purpose_not_in_notice"} <= set(RAISED)


@pytest.mark.parametrize("rule", RAISED)
def test_a_rule_says_what_is_wrong_and_what_to_do_in_both_languages(rule):
    for text in MESSAGES[rule]:
        assert text.ja.endswith(("。", "`")) and text.en.endswith((".", "`"))
        assert slots(text.ja) == slots(text.en)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

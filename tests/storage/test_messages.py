"""Every rule that storage can raise has its sentence, in both languages, with every slot filled."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage
from terms.messages import MESSAGES

RAISERS = {"fault", "refuse", "wrong_use", "Finding", "Reject"}


def raised() -> Iterator[tuple[str, frozenset[str] | None]]:
    """Rules written as literals in storage, each with the facts that go with it (None: not known here)."""
    for file in sorted(Path(storage.__file__).parent.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in RAISERS:
                continue
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            rule = named.get("rule", call.args[1] if len(call.args) > 1 else None)
            if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                yield rule.value, _facts(named)


def _facts(named: dict[str | None, ast.expr]) -> frozenset[str] | None:
    facts = named.get("facts", ast.Dict(keys=[], values=[]))
    if None in named or not isinstance(facts, ast.Dict):
        return None
    literal = {key.value for key in facts.keys if isinstance(key, ast.Constant)}
    return frozenset(literal | {name for name in named if name}) - {"place", "rule", "facts"}


RAISED = sorted(set(raised()), key=str)


def test_the_rules_are_found():
    assert {"writer_busy", "disk_full", "respondent_key_missing", "engine_failed"} <= {rule for rule, _ in RAISED}


@pytest.mark.parametrize(("rule", "facts"), RAISED)
def test_a_rule_has_its_sentences(rule, facts):
    for text in MESSAGES[rule]:
        for language in ("ja", "en"):
            assert text[language].endswith(("。", ".", "`"))
            slots = {name for _, name, _, _ in string.Formatter().parse(text[language]) if name}
            assert facts is None or slots <= facts, f"{rule} in {language} has a slot that nobody fills"

"""Every finding becomes a sentence and a hint, in Japanese and in English, about the same facts."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import terms
from terms import messages
from terms.messages import MESSAGES

ROOT = Path(terms.__file__).parent.parent
ROOMS = ("terms", "transforms", "expectations", "governance", "storage", "publishing", "flows")
MODULES = [
    importlib.import_module(f"terms.messages.{module.name}") for module in pkgutil.iter_modules(messages.__path__)
]
CATALOGUES = [module for module in MODULES if hasattr(module, "MESSAGES")]
RAISERS = {"refuse", "fault", "wrong_use"}
"""Called with a place and a rule; everything else that makes a finding names its ``rule``."""

NEEDS_NO_HINT = {"nothing_new"}
JAPANESE = "[ぁ-ヿ一-鿿]"


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


Facts = frozenset[str] | None
"""Names of the facts a finding is made with; ``None`` where the code does not spell them out."""


def rules_in(code: str) -> Iterator[tuple[str, Facts]]:
    """The rules that a module writes as a literal where a finding is made."""
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        facts = None if None in named else frozenset(named) - {"rule"}
        rules = [named["rule"]] if "rule" in named else []
        if isinstance(call.func, ast.Name) and call.func.id in RAISERS:
            rules += call.args[1:2]
        else:
            facts = _facts(named.get("facts", ast.Dict(keys=[], values=[])))
        for rule in rules:
            yield from ((literal, facts) for literal in _literals(rule))


def _facts(written: ast.expr) -> Facts:
    if not isinstance(written, ast.Dict) or not all(isinstance(key, ast.Constant) for key in written.keys):
        return None
    return frozenset(key.value for key in written.keys)


def _literals(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from (*_literals(value.body), *_literals(value.orelse))


USED = sorted(
    {
        (str(file.relative_to(ROOT)), rule, facts)
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        for rule, facts in rules_in(file.read_text(encoding="utf-8"))
    },
    key=str,
)


def test_a_rule_says_what_is_wrong_and_what_to_do_in_both_languages():
    unclear = []
    for rule, (what, hint) in MESSAGES.items():
        texts = [what] if rule in NEEDS_NO_HINT else [what, hint]
        if not all(re.search("(。|`)$", text.ja) and re.search(r"(\.|`)$", text.en) for text in texts):
            unclear.append(rule)
        # A sentence in the language it claims: kana or kanji in one, none in the other.
        if not re.search(JAPANESE, what.ja) or re.search(JAPANESE, what.en + hint.en):
            unclear.append(rule)
    assert unclear == []


def test_both_languages_tell_the_same_facts():
    different = [rule for rule, texts in MESSAGES.items() if any(slots(text.ja) != slots(text.en) for text in texts)]
    assert different == []
    named = {slot for texts in MESSAGES.values() for text in texts for slot in slots(text.en)}
    assert len(named) > 20 and all(slot.isidentifier() for slot in named)


def test_a_rule_is_in_one_catalogue_only():
    counted = Counter(rule for catalogue in CATALOGUES for rule in catalogue.MESSAGES)
    assert {rule: times for rule, times in counted.items() if times > 1} == {}
    assert set(counted) == set(MESSAGES)


def test_no_catalogue_writes_a_rule_twice():
    """Of two entries in one dictionary the first would silently be lost."""
    for catalogue in MODULES:
        tree = ast.parse(Path(catalogue.__file__).read_text(encoding="utf-8"))
        for literal in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
            keys = Counter(key.value for key in literal.keys if isinstance(key, ast.Constant))
            assert [key for key, times in keys.items() if times > 1] == []


def test_the_rules_in_the_code_are_found():
    assert list(rules_in('refuse("p", "a" if x else "b", n=1)')) == [("a", frozenset("n")), ("b", frozenset("n"))]
    assert list(rules_in('Finding(place="p", rule="c", facts={"m": 1})\nfault(p, r)')) == [("c", frozenset("m"))]
    assert list(rules_in('Finding(place="p", rule="d", facts=known)\nother("p", "e")')) == [("d", None)]
    assert {room for room in ROOMS if any(file.startswith(room) for file, *_ in USED)} == set(ROOMS)
    assert len(USED) > 100


def test_a_rule_that_the_code_raises_has_its_sentences():
    assert [(file, rule) for file, rule, _ in USED if rule not in MESSAGES] == []


def test_every_slot_of_a_sentence_is_filled_where_the_code_raises_it():
    unfilled = [
        (file, rule)
        for file, rule, facts in USED
        # A Promise only names its rule; the findings it becomes have the facts.
        if facts is not None and not file.startswith("expectations")
        if not set().union(*(slots(text.en) for text in MESSAGES.get(rule, ()))) <= facts
    ]
    assert unfilled == []

"""A whole declaration as plain data, and ways to break one part of it.

>>> changed({"columns.q1.type": None})["columns"]["q1"]["type"] is None
True
>>> "type" in changed({"columns.q1.type": GONE})["columns"]["q1"]
False
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

GONE = object()
"""Instead of a value: the field is left out."""

WHOLE: dict[str, Any] = {
    "survey": "reader_2026",
    "title": {"ja": "読者調査", "en": "Reader survey"},
    "controller": {
        "company": "shoji_press",
        "name": {"ja": "障子出版", "en": "Shoji Press"},
        "division": {"ja": "読者調査室", "en": "Reader research"},
        "contact": "privacy@example.org",
    },
    "purpose": "questionnaire_survey",
    "notice_version": "2026-04",
    "consent": {"basis": "consent", "column": "agreed", "accepted": ["1"]},
    "fieldwork": {"from": "2026-05-01", "to": "2026-06-30"},
    "licence": "CC BY 4.0",
    "preset": "once",
    "policy": {"k": "10", "s": "2"},
    "respondents": {"key": "member_no", "confirmed_by": "account", "repeat": "first"},
    "sources": [{"name": "june", "file": "responses.csv", "keep": {"column": "year", "values": ["2026"]}}],
    "columns": {
        "year": {"role": "ignored"},
        "member_no": {"header": "会員番号", "role": "direct_identifier"},
        "answered_at": {"header": "回答日時", "role": "timestamp"},
        "agreed": {"header": "同意", "role": "consent"},
        "age": {
            "header": "年齢",
            "role": "quasi_identifier",
            "type": "integer",
            "range": ["10", "39"],
            "hierarchy": [{"intervals": ["10", "20", "30"]}, {"intervals": ["10", "30"]}],
        },
        "region": {
            "header": ["登録施設", "登録\nエリア"],
            "role": "quasi_identifier",
            "type": "single",
            "label": {"ja": "居住地", "en": "Residence"},
            "options": {"fukui": "福井市", "sabae": {"value": "鯖江市", "en": "Sabae"}, "ono": "大野市"},
            "hierarchy": [{"groups": {"plain": {"codes": ["fukui", "sabae"]}, "hills": {"codes": ["ono"]}}}],
        },
        "q1": {
            "header": "【問１】満足度",
            "role": "question",
            "type": "single",
            "options": {"high": {"values": ["5", "4"], "ja": "満足", "en": "Satisfied"}, "low": "1"},
        },
        "q2": {"role": "question", "type": "multiple", "separator": ", ", "options": {"a": "A", "b": "B, or not"}},
        "q3": {
            "role": "sensitive",
            "type": "multiple",
            "both_sides_sensitive": "yes",
            "options": {"x": {"header": "問３ x"}, "y": {"header": "問３ y", "free_text": "true"}},
        },
        "why": {"header": "理由", "role": "open_text", "optional": "no"},
        "w": {"role": "weight", "classes": ["0.5", "1", "2"]},
    },
    "tables": [{"rows": "*", "by": ["age", "region"]}, {"rows": ["age"], "by": ["age", "region"]}],
}


def changed(edits: Mapping[str, Any]) -> dict[str, Any]:
    """The whole declaration with some addresses (``columns.q1.type``) set to other values."""
    declaration = copy.deepcopy(WHOLE)
    for address, value in edits.items():
        *way, last = address.split(".")
        holder = declaration
        for step in way:
            holder = holder[int(step)] if step.isdigit() else holder[step]
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value
    return declaration


def write(folder: Path, declaration: Mapping[str, Any]) -> Path:
    """``survey.yaml`` in the folder. JSON is YAML with every text quoted."""
    path = folder / "survey.yaml"
    path.write_text(json.dumps(declaration, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def breaking(folder: Path, edits: Mapping[str, Any]) -> Path:
    """The declaration with these edits, written."""
    return write(folder, changed(edits))

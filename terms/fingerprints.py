"""Hashes of what was declared, so that a ledger can say which declaration a release was made under."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any


def plain(value: Any) -> Any:
    """The value as JSON can write it: dataclasses and mappings become objects, enums their value.

    >>> plain({"b": (1, 2)})
    {'b': [1, 2]}
    """
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (date, Decimal)):
        return str(value)
    return value


def fingerprint(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of a term; the order of mapping keys counts, for it is codebook order.

    >>> fingerprint({"a": 1}) == fingerprint({"a": 2})
    False
    """
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

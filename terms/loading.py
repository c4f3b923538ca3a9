"""YAML as declarations use it: every scalar is text, a repeated key is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from terms.findings import Finding, Refused

LARGEST_DECLARATION = 2_000_000
"""Bytes. Anything larger is not a declaration."""


class _TextLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """All scalars stay text, so ``no``, ``01`` and ``2026-05-01`` mean what they look like."""


class _RepeatedKey(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


def _text(loader: yaml.Loader, node: yaml.ScalarNode) -> str | None:
    return None if node.style is None and node.value in {"", "~", "null"} else node.value


def _mapping(loader: yaml.Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (dict, list)) or key in found:
            raise _RepeatedKey(key_node.start_mark.line + 1)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_TextLoader.yaml_implicit_resolvers = {
    first: [entry for entry in entries if entry[0] == "tag:yaml.org,2002:merge"]
    for first, entries in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_TextLoader.add_constructor("tag:yaml.org,2002:str", _text)
_TextLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load_mapping(path: Path, place: str) -> dict[str, Any]:
    """The mapping a YAML file holds; every scalar is text or ``None``.

    Raises:
        Refused: the file is missing, unreadable, too large, not UTF-8, not YAML, not a mapping, or repeats a key.
    """
    text, rule, line = None, "", 0
    try:
        if path.stat().st_size > LARGEST_DECLARATION:
            rule = "declaration_too_large"
        else:
            text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        rule = "declaration_missing"
    except (OSError, UnicodeDecodeError):
        rule = "declaration_unreadable"
    loaded = None
    if text is not None:
        try:
            # A SafeLoader subclass: it builds text, lists and mappings only.
            loaded = yaml.load(text, Loader=_TextLoader)
        except _RepeatedKey as repeated:
            rule, line = "declaration_key_repeated", repeated.line
        except yaml.MarkedYAMLError as broken:
            mark = broken.problem_mark
            rule, line = "declaration_not_yaml", mark.line + 1 if mark else 0
        except (yaml.YAMLError, RecursionError):
            rule = "declaration_not_yaml"
    if not rule and not isinstance(loaded, dict):
        rule = "declaration_not_a_mapping"
    if rule:
        raise Refused(Finding(place=f"{place}: line {line}" if line else place, rule=rule))
    return loaded

"""YAML as declarations use it: every scalar is text, a repeated key is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from terms.findings import Finding, Refused

LARGEST_DECLARATION = 2_000_000
"""Bytes. Anything larger is not a declaration."""

MOST_NODES = 200_000
"""Scalars, lists and mappings once every alias is written out: aliases of aliases multiply."""

DEEPEST = 30
"""Lists and mappings inside each other. Thousands of them overflow libyaml's stack and end the process."""

NOT_PRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no label, value, header or code may hold: control characters but tab and line feed, and what is no character."""

_MERGE = "tag:yaml.org,2002:merge"


class _TextLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """All scalars stay text, so ``no``, ``01`` and ``2026-05-01`` mean what they look like."""


class _RepeatedKey(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


class _UnfoldsTooFar(Exception):
    pass


def _text(loader: yaml.Loader, node: yaml.ScalarNode) -> str | None:
    # A plain scalar has no style; the C parser says so with an empty text.
    return None if not node.style and node.value in {"", "~", "null"} else node.value


def _list(loader: yaml.Loader, node: yaml.SequenceNode) -> list[Any]:
    return loader.construct_sequence(node, deep=True)


def _mapping(loader: yaml.Loader, node: yaml.MappingNode) -> dict[str, Any]:
    own: set[str] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key is text", key_node.start_mark)
        if key_node.value in own:
            raise _RepeatedKey(key_node.start_mark.line + 1)
        own.add(key_node.value)
    # Puts what is merged in (<<) first: the mapping's own keys override it.
    loader.flatten_mapping(node)
    return {key_node.value: loader.construct_object(value_node, deep=True) for key_node, value_node in node.value}


_TextLoader.yaml_implicit_resolvers = {"<": [(_MERGE, re.compile("^<<$"))]}
_TextLoader.yaml_constructors = {
    "tag:yaml.org,2002:str": _text,
    "tag:yaml.org,2002:seq": _list,
    "tag:yaml.org,2002:map": _mapping,
    None: yaml.SafeLoader.construct_undefined,
}


def load_mapping(path: Path, place: str) -> dict[str, Any]:
    """The mapping a YAML file holds; every scalar is text or ``None``, every key text.

    Raises:
        Refused: the file is missing, unreadable, too large, not UTF-8, not YAML, not a mapping, repeats a key, or
            unfolds into more than a declaration can be.
    """
    loaded, rule, line = None, "", 0
    text, rule = _read(path)
    if text is not None:
        try:
            _check_size(text)
            # A SafeLoader subclass: it builds text, lists and mappings only.
            loaded = yaml.load(text, Loader=_TextLoader)
        except _UnfoldsTooFar:
            rule = "declaration_unfolds_too_far"
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


def _read(path: Path) -> tuple[str | None, str]:
    """The file's text, or the rule that reading it breaks."""
    try:
        if path.stat().st_size > LARGEST_DECLARATION:
            return None, "declaration_too_large"
        return path.read_text(encoding="utf-8-sig"), ""
    except FileNotFoundError:
        return None, "declaration_missing"
    except (OSError, ValueError):  # no permission, a folder, not UTF-8, a NUL in the path
        return None, "declaration_unreadable"


@dataclass
class _Extent:
    """How much a node holds with its aliases written out."""

    anchor: str | None = None
    nodes: int = 1
    height: int = 0


def _check_size(text: str) -> None:
    """Raise where the text nests too deeply or its aliases stand for too much, before anything is built."""
    anchors: dict[str, _Extent] = {}
    open_nodes = [_Extent()]
    for event in yaml.parse(text, Loader=_TextLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append(_Extent(anchor=event.anchor))
            done = _Extent(nodes=0)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = open_nodes.pop()
        elif isinstance(event, yaml.AliasEvent):
            # Unknown or not closed yet (it would contain itself): the loader says so.
            done = anchors.get(event.anchor, _Extent())
        elif isinstance(event, yaml.ScalarEvent):
            done = _Extent(anchor=event.anchor)
        else:
            continue
        if done.anchor is not None:
            anchors[done.anchor] = done
        holder = open_nodes[-1]
        holder.nodes += done.nodes
        holder.height = max(holder.height, done.height + 1)
        if holder.nodes > MOST_NODES or len(open_nodes) + holder.height > DEEPEST:
            raise _UnfoldsTooFar


def unprintable(loaded: Any, place: str = "") -> Iterator[Finding]:
    """A finding for every text, and every mapping with a key, that holds what cannot be printed."""
    if isinstance(loaded, str) and NOT_PRINTABLE.search(loaded):
        yield Finding(place=place, rule="control_character")
    elif isinstance(loaded, dict):
        if any(NOT_PRINTABLE.search(key) or "\n" in key or "\t" in key for key in loaded):
            yield Finding(place=place, rule="control_character")
        for key, value in loaded.items():
            yield from unprintable(value, one_line(f"{place}.{key}" if place else key))
    elif isinstance(loaded, list):
        # Level 0 of a hierarchy is the value itself; the first one declared is level 1.
        for number, value in enumerate(loaded, start=int(place.endswith(".hierarchy"))):
            yield from unprintable(value, f"{place}[{number}]")


def one_line(address: str) -> str:
    """An address whose declared parts cannot break the line it is printed on."""
    return re.sub("[\n\t]", "?", NOT_PRINTABLE.sub("?", address))

"""Hierarchy files: which codes are parts of which, as ``code,parent`` lines or in the indentation of tau-ARGUS."""

from __future__ import annotations

import csv
import io
import re

from terms.findings import refuse
from terms.hierarchy import TOTAL
from transforms.attack.table import Tree

TOTALS = ("total", "_t", "t", "合計", "総数", "計")
"""What is taken for the total where nothing else is said, in any case."""

HEADERS = (["code", "parent"], ["child", "parent"])
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What no code may contain: it could make a terminal show another one."""


def read_hierarchy(text: str, place: str, total: str | None = None) -> Tree:
    """The tree of one variable: code -> the code it is part of, ``_T`` where that is the total.

    Lines ``code,parent`` (a header of these names is passed over; parent empty or the total at the top), or,
    where some line begins with ``@``, one code a line, a leading ``@`` for each level below the top.
    ``place`` names the file in findings; ``total`` replaces the codes taken for the total.

    Raises Refused with the number of the line: ``hierarchy_line_malformed``, ``hierarchy_code_twice``,
    ``hierarchy_parent_missing``, ``hierarchy_cycle``.

    >>> read_hierarchy("Nr\\n@1\\n@2\\nOs\\n@3\\n", "region")
    {'Nr': '_T', '1': 'Nr', '2': 'Nr', 'Os': '_T', '3': 'Os'}
    >>> read_hierarchy("Nr,Total\\n1,Nr\\n", "region")
    {'Nr': '_T', '1': 'Nr'}
    """
    lines = text.removeprefix("\ufeff").splitlines()
    indented = any(line.startswith("@") for line in lines)
    tree, line_of = (_indented if indented else _pairs)(lines, place, total)
    for code, parent in tree.items():
        if parent != TOTAL and parent not in tree:
            raise refuse(place, "hierarchy_parent_missing", line=line_of[code])
    _refuse_cycles(tree, line_of, place)
    return tree


def is_code(code: str) -> bool:
    """Whether a code can be shown on a terminal as it is."""
    return bool(code) and CONTROL.search(code) is None


def is_total(code: str, given: str | None) -> bool:
    """Whether a code stands for the total: the one that was given, or a common one.

    >>> is_total("TOTAL", None), is_total("all", None), is_total("all", "all"), is_total("Total", "all")
    (True, False, True, False)
    """
    return code == TOTAL or (code.lower() in TOTALS if given is None else code == given)


def _pairs(lines: list[str], place: str, given: str | None) -> tuple[dict[str, str], dict[str, int]]:
    tree: dict[str, str] = {}
    line_of: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        fields = [field.strip() for field in next(csv.reader(io.StringIO(line)), [])]
        if not any(fields) or (number == 1 and [field.lower() for field in fields] in HEADERS):
            continue
        if is_total(fields[0], given) and not any(fields[1:]):
            continue
        if len(fields) != 2 or not is_code(fields[0]) or CONTROL.search(fields[1]) or is_total(fields[0], given):
            raise refuse(place, "hierarchy_line_malformed", line=number)
        code, parent = fields
        _note(tree, line_of, code, TOTAL if not parent or is_total(parent, given) else parent, number, place)
    return tree, line_of


def _indented(lines: list[str], place: str, given: str | None) -> tuple[dict[str, str], dict[str, int]]:
    tree: dict[str, str] = {}
    line_of: dict[str, int] = {}
    above: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        code = line.lstrip("@")
        level = len(line) - len(code)
        code = code.strip()
        if level > len(above) or not is_code(code) or is_total(code, given):
            raise refuse(place, "hierarchy_line_malformed", line=number)
        del above[level:]
        _note(tree, line_of, code, above[-1] if above else TOTAL, number, place)
        above.append(code)
    return tree, line_of


def _note(tree: dict[str, str], line_of: dict[str, int], code: str, parent: str, number: int, place: str) -> None:
    if code in tree:
        raise refuse(place, "hierarchy_code_twice", line=number)
    tree[code], line_of[code] = parent, number


def _refuse_cycles(tree: Tree, line_of: dict[str, int], place: str) -> None:
    sound = {TOTAL}
    for start in tree:
        way: dict[str, None] = {}
        code = start
        while code not in sound:
            if code in way:
                raise refuse(place, "hierarchy_cycle", line=line_of[code])
            way[code] = None
            code = tree[code]
        sound.update(way)

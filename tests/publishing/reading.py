"""Reading a release back with other code than wrote it: numbers in text, HTML, workbook and JSON."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

VOID = {"meta", "input", "br", "link", "img", "hr"}
GEOMETRY = {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "colspan", "rowspan", "tabindex"}
"""Attributes that place things; the length of a bar is read apart."""
NAMES = {"id", "href", "for", "aria-labelledby", "class", "charset"}


def numbers(text: str) -> set[int]:
    """Every run of digits, thousands separators taken out.

    >>> sorted(numbers("about 1,245 of 2026-11-23"))
    [11, 23, 1245, 2026]
    """
    return {int(run) for run in re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3})", "", text))}


class Page(HTMLParser):
    """A page as its parts; refuses one whose elements do not balance."""

    def __init__(self, html: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        """Element, and text in it."""
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html.decode("utf-8"))
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice on {tag}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))

    @property
    def words(self) -> list[str]:
        """What is written; the name of the file of checksums holds a number that says nothing."""
        return [text for element, text in self.texts if element != "style" and text != "SHA256SUMS"]

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def attribute(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def numbers(self) -> set[int]:
        """Every number a reader or a program may see: in text, in attributes that are words, in bars."""
        found = set().union(*map(numbers, self.words))
        for tag, attributes in self.elements:
            for name, value in attributes.items():
                bar = tag == "rect" and attributes.get("class") == "bar" and name == "width"
                security = tag == "meta" and attributes.get("name") != "description"
                if bar or not (name in GEOMETRY | NAMES or security):
                    found |= numbers(value)
        return found


def workbook_numbers(xlsx: bytes) -> set[int]:
    """Every number in cells, shared strings, sheet names, defined names and properties."""
    found: set[int] = set()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        for member in archive.namelist():
            root = ElementTree.fromstring(archive.read(member))
            if member == "docProps/app.xml":
                # Beside the names of the sheets it holds how many there are, and a version of the format.
                found |= set().union(*(numbers(text) for text in _texts(root, "lpstr")))
                continue
            positions = _positions(root)
            for element in root.iter():
                if element not in positions:
                    # The rows repeated on every printed page are no figures.
                    found |= numbers((element.text or "").removesuffix("!$1:$6"))
                if element.tag.endswith("}sheet"):
                    found |= numbers(element.get("name", ""))
    return found


def _positions(root: ElementTree.Element) -> set[ElementTree.Element]:
    """The values of a sheet that are places in the table of shared strings."""
    cells = (cell for cell in root.iter() if cell.tag.endswith("}c") and cell.get("t") == "s")
    return {value for cell in cells for value in cell}


def _texts(root: ElementTree.Element, name: str) -> Iterator[str]:
    return (element.text or "" for element in root.iter() if element.tag.endswith(f"}}{name}"))


def json_numbers(data: bytes, without: Iterable[str] = ()) -> set[int]:
    """Every number in values, but not under the keys ``without``."""
    found: set[int] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in set(without):
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        else:
            found.update(numbers(str(value)))

    walk(json.loads(data))
    return found

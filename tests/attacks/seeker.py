"""Looks for words in everything under a folder, however they were written down.

A word is found in any letter case, in names of files, in the usual encodings and escapes, inside archives, compressed
and base64 pieces (one inside the other), and in every table of a database: DuckDB packs strings so that no plain
search would see them.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import html
import io
import lzma
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

DEEPEST = 5
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|BZh[1-9]|\xfd7zXZ\x00")
CODECS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp932", "euc-jp", "iso2022_jp")


class Seeker:
    """The words, in every form they may have been written in."""

    def __init__(self, *words: str) -> None:
        self._folded: dict[bytes, str] = {}
        """Lower-case forms: looked for in lower-cased bytes."""
        self._exact: dict[bytes, str] = {}
        for word in words:
            for name, form in _written(word):
                self._folded.setdefault(form.lower(), name)
            for codec in ("utf-8", "utf-16-le"):
                self._exact |= dict.fromkeys(_inside_base64(word.encode(codec)), "base64")

    def under(self, *roots: Path) -> list[str]:
        """Where a word is: ``file: form``; no line repeats what was found."""
        return [hit for root in roots for path in sorted([root, *root.rglob("*")]) for hit in self._at(path, root)]

    def _at(self, path: Path, root: Path) -> Iterator[str]:
        where = str(path.relative_to(root)) if path != root else root.name
        if any(self._inside(where.encode("utf-8", "surrogateescape"))):
            where = "a file whose name is not repeated"
            yield f"{where}: name"
        if path.is_symlink() and any(self._inside(str(path.readlink()).encode())):
            yield f"{where}: link"
        elif path.is_file():
            yield from dict.fromkeys(f"{where}: {form}" for form in self._in_file(path))

    def _in_file(self, path: Path) -> Iterator[str]:
        data = path.read_bytes()
        yield from self._inside(data)
        for mark, dump in (
            (data[:16] == b"SQLite format 3\0", _sqlite_values),
            (data[8:12] == b"DUCK", _duckdb_values),
        ):
            if mark:
                for table, value in _copied(path, dump):
                    for form in self._inside(value if isinstance(value, bytes) else str(value).encode()):
                        yield f"{table}: {form}"

    def _inside(self, data: bytes, depth: int = 0) -> Iterator[str]:
        folded = data.lower()
        yield from (name for form, name in self._folded.items() if form in folded)
        yield from (name for form, name in self._exact.items() if form in data)
        if depth < DEEPEST:
            for kind, piece in _unpacked(data):
                yield from (f"{kind}: {form}" for form in self._inside(piece, depth + 1))


def _written(word: str) -> Iterator[tuple[str, bytes]]:
    """The word in every encoding that has it, and escaped as JSON, Python, URLs, HTML, mail and hex dumps do."""
    for codec in CODECS:
        try:
            encoded = word.encode(codec)
        except UnicodeEncodeError:
            continue
        if codec == "iso2022_jp":  # shift sequences belong to the text around
            encoded = encoded.removeprefix(b"\x1b$B").removesuffix(b"\x1b(B")
        if len(encoded) >= 4:
            yield codec, encoded
    plain = word.encode()
    yield "escaped (JSON)", word.encode("unicode_escape")
    yield "escaped (bytes)", repr(plain)[2:-1].encode()
    yield "escaped (URL)", quote(word).encode()
    yield "escaped (HTML)", "".join(f"&#{ord(letter)};" for letter in word).encode()
    yield "escaped (HTML, hex)", "".join(f"&#x{ord(letter):x};" for letter in word).encode()
    yield "escaped (HTML, names)", html.escape(word).encode()
    yield "escaped (mail)", quote(word).replace("%", "=").encode()
    yield "hex", plain.hex().encode()
    yield "hex, UTF-16", word.encode("utf-16-le").hex().encode()


def _inside_base64(plain: bytes) -> Iterator[bytes]:
    """What base64 of any text around it shows of the word, for each of the three places it may begin at."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        # Characters that mix bits of the word with its neighbours' are cut off.
        first, last = -(-8 * before // 6), 8 * (before + len(plain)) // 6
        yield whole[first:last]
        yield whole[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Archives, compressed and base64 pieces, wherever in the data they begin."""
    if b"PK\x03\x04" in data[:4] and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield "zip", member.filename.encode() + b"\n" + archive.read(member)
    for match in PACKED.finditer(data):
        for unpack in (lambda: zlib.decompressobj(47), bz2.BZ2Decompressor, lzma.LZMADecompressor):
            piece = _decompressed(unpack, data[match.start() :])
            if piece:
                yield "compressed", piece
    for match in BASE64.finditer(data):
        text = match[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        text = text[: len(text) - (len(text) % 4 == 1)]
        try:
            yield "base64", base64.b64decode(text + b"=" * (-len(text) % 4))
        except binascii.Error:
            continue


def _decompressed(unpack: Callable[[], Any], data: bytes) -> bytes:
    """What can be decompressed: also of a stream that ends early."""
    worker, pieces = unpack(), []
    try:
        for start in range(0, len(data), 65536):
            pieces.append(worker.decompress(data[start : start + 65536]))
            if worker.eof:
                break
    except (zlib.error, OSError, EOFError, lzma.LZMAError):
        pass
    return b"".join(pieces)


def _copied(path: Path, dump: Callable[[Path], Iterator[tuple[str, Any]]]) -> Iterator[tuple[str, Any]]:
    """Dump a copy of a database together with its log: opening the original could change it."""
    with tempfile.TemporaryDirectory() as folder:
        for file in path.parent.glob(f"{path.name}*"):
            shutil.copy(file, folder)
        yield from dump(Path(folder) / path.name)


def _sqlite_values(path: Path) -> Iterator[tuple[str, Any]]:
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    tables = [name.decode() for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        yield from _values(table, connection.execute(f'SELECT * FROM "{table}"'))
    connection.close()


def _duckdb_values(path: Path) -> Iterator[tuple[str, Any]]:
    with duckdb.connect(str(path)) as connection:
        tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        for schema, table in tables:
            yield from _values(f"{schema}.{table}", connection.execute(f'FROM "{schema}"."{table}"').fetchall())


def _values(table: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, Any]]:
    """One piece a row, so that a search is made once a row and not once a cell."""
    for row in rows:
        yield table, b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in row)

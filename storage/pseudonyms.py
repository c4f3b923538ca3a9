"""From an identifier to a pseudonym: at the door, in DuckDB, with the key bound and never written."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from storage.keys import Key

EXPRESSION = "sha256($opad || unhex(sha256($ipad || encode({identifier}))))"
"""HMAC-SHA256 (RFC 2104) as SQL over ``identifier``, hex; the pads are bound BLOB parameters."""


def normalise(identifiers: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Identifiers as they are compared: Unicode NFKC, then trimmed of white space; null stays null.

    ``Ａ１２　`` and ``A12`` are one person. Case and inner blanks are kept: some ids differ in nothing else.
    """
    return pc.utf8_trim_whitespace(pc.utf8_normalize(identifiers.cast(pa.string()), form="NFKC"))


def is_missing(normalised: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """True where there is nothing to make a pseudonym of."""
    return pc.fill_null(pc.equal(normalised, ""), True)


def pseudonym(key: Key, identifier: str) -> str:
    """The pseudonym of one person who comes back with her identifier: what DuckDB made of it at the door."""
    (normalised,) = normalise(pa.array([identifier], pa.string())).to_pylist()
    return key.sign(normalised.encode())

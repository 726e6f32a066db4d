"""The chain's hash in Python: the twin of what the database computes, so that a chain can be verified apart from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

GENESIS = bytes(32)  # what the first entry of a chain is linked to


def entry_text(fields: Sequence[str | int | None]) -> str:
    """Return the fields as PostgreSQL prints json_build_array(...)::text.

    PostgreSQL and Python agree on the escapes of strings (quote, backslash, \\b \\f \\n \\r \\t, other controls as four
    lower-case hexadecimal digits, everything else as it is); they would not agree on fractions, so none are taken.

    :raises TypeError: when a field is neither text, whole number, truth value nor nothing
    :raises ValueError: when a text holds what a PostgreSQL text cannot hold: NUL or half a surrogate pair
    """
    for field in fields:
        if not isinstance(field, str | int | None):
            raise TypeError(f"an entry holds text, whole numbers or nothing, not {type(field).__name__}")
        if isinstance(field, str) and "\x00" in field:
            raise ValueError("an entry cannot hold the character NUL")
    return json.dumps(list(fields), ensure_ascii=False, separators=(", ", ": "))


def entry_hash(prev: bytes, fields: Sequence[str | int | None]) -> bytes:
    """Return sha256 of the previous hash followed by the fields' text in UTF-8.

    :raises TypeError, ValueError: see entry_text
    """
    return hashlib.sha256(prev + entry_text(fields).encode("utf-8")).digest()

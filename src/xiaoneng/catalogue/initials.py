"""The first letters of the syllables of a name: what people type who are quicker with letters than with characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
BREAK = "\ue001"  # between two texts, so that their letters do not run together


@lru_cache(maxsize=65_536)
def initials(text: str) -> str:
    """Return the initials of a text: one letter for each character that is read aloud, Latin letters and digits as they are.

    A character of several readings is read as in the words around it; what is read by nobody is left out.
    """
    from pypinyin import Style, lazy_pinyin  # its dictionaries take half a second to load, and few processes need them

    read = lazy_pinyin(unicodedata.normalize("NFKC", text), style=Style.FIRST_LETTER, errors=_plain)
    return "".join(read).lower()


def _plain(unread: str) -> str:
    return "".join(character for character in unread if character.isascii() and character.isalnum())


def of_item(name: str, aliases: Iterable[str]) -> str:
    """Return the initials of an item's name and aliases, each apart from the other."""
    return BREAK.join(initials(text) for text in (name, *aliases))

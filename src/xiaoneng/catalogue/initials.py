"""The first letters of the syllables of a name: what people type who are quicker with letters than with characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_ONE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])"
    r"(?:iong|iang|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v)"
    r"(?![aeiouv])(?:(?<=[aeiouv])|(?=[^aeiouv]|$))"
)
_SYLLABLE = re.compile(_ONE)
_SYLLABLES = re.compile(f"(?:{_ONE}){{2,}}")
BREAK = "\ue001"  # between two texts, so that their letters do not run together


@lru_cache(maxsize=65_536)
def initials(text: str) -> str:
    """Return the initials of a text: one letter for each character that is read aloud, Latin letters and digits as they are.

    A character of several readings is read as in the words around it; what is read by nobody is left out.
    """
    from pypinyin import Style, lazy_pinyin  # its dictionaries take half a second to load, and few processes need them

    read = lazy_pinyin(unicodedata.normalize("NFKC", text), style=Style.FIRST_LETTER, errors=_plain)
    return "".join(read).lower()


@lru_cache(maxsize=8_192)
def sounds(text: str) -> str:
    """Return how a text is read aloud, in letters without tones or blanks: 公积金 is gongjijin."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(unicodedata.normalize("NFKC", text), style=Style.NORMAL, errors=_plain)).lower()


def of_syllables(letters: str) -> str:
    """Return the initials of what is typed by its sounds, or nothing where the letters are no syllables: gongjijin is gjj."""
    found = _SYLLABLES.fullmatch(letters)
    return "".join(each[0] for each in _SYLLABLE.findall(letters)) if found else ""


def _plain(unread: str) -> str:
    return "".join(character for character in unread if character.isascii() and character.isalnum())


def of_item(name: str, aliases: Iterable[str]) -> str:
    """Return the initials of an item's name and aliases, each apart from the other."""
    return BREAK.join(initials(text) for text in (name, *aliases))

"""Texts as they come in from outside, without what nobody sees."""

from __future__ import annotations

import unicodedata

BLANK = frozenset({"Cc", "Zl", "Zp"})  # controls and separators stand for a space
# Format characters, the private use area (which the search keeps for its own marks) and halves of pairs.
INVISIBLE = frozenset({"Cf", "Co", "Cs"})


class _Seen(dict[int, int | str]):
    """What stands for each character, found out when it is first met."""

    def __missing__(self, code: int) -> int | str:
        kind = unicodedata.category(chr(code))
        self[code] = " " if kind in BLANK else "" if kind in INVISIBLE else code
        return self[code]


_SEEN = _Seen()


def one_line(text: str) -> str:
    """Return a text on one line, its blanks single, without invisible characters."""
    return " ".join(text.translate(_SEEN).split())


def some_lines(text: str) -> str:
    """Return a text whose lines stay, each cleaned, without blank ones."""
    lines = (one_line(line) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)

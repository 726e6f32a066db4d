"""Rows of sources that do not say what type their values are: everything becomes clean text or lists of clean text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

_TAG = re.compile(
    r"<(/?)(br|p|div|li|ul|ol|tr|td|table|h[1-6]|span|a|b|i|strong|em|u|font|img|section|sup|sub)\b[^>]*>",
    re.IGNORECASE,
)
_BREAKING = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
# The key under which an object says its name: MATERIAL_NAME, materialName, 材料名称, nome, title, norma.
_NAME = re.compile(
    r"(?:name|nome|nom|nombre|title|titulo|titre|titel|label|bezeichnung|norma|lei|nimi|nimetus|名称|名|mc|text|value)$",
    re.IGNORECASE,
)
DEPTH = 4
_ACCENTS = re.compile("[\u0300-\u036f]")


def flat(row: Mapping[str, object], prefix: str = "", depth: int = DEPTH) -> dict[str, object]:
    """Return a row without objects inside: {"a": {"b": 1}} -> {"a.b": "1"}; lists of objects become lists of names."""
    found: dict[str, object] = {}
    for name, value in row.items():
        column = f"{prefix}{name}"
        if isinstance(value, Mapping) and depth:
            found.update(flat(value, f"{column}.", depth - 1))
        elif isinstance(value, list):
            found[column] = [text for each in value if (text := _member(each))]
        else:
            found[column] = scalar(value)
    return found


class Told(str):
    """A member of a list that was an object: its name, and what else it said, by its keys."""

    about: Mapping[str, str]


def told(name: str, about: Mapping[str, str]) -> Told:
    """Return a name with what else is said of it."""
    found = Told(name)
    found.about = about
    return found


def whole(member: object) -> str:
    """Return a member of a list with everything that is said of it."""
    return " ".join([str(member), *member.about.values()]) if isinstance(member, Told) else str(member)


def _member(value: object) -> str:
    if not isinstance(value, Mapping):
        return value if isinstance(value, Told) else scalar(value)
    plain = {str(key): text for key, each in flat(value).items() if (text := _joined(each))}
    named = next((key for key in plain if _NAME.search(key.replace("_", ""))), None)
    if named is None:
        return "；".join(plain.values())
    return told(plain.pop(named), plain)


def _joined(value: object) -> str:
    return "；".join(str(each) for each in value) if isinstance(value, list) else str(value)


def unaccented(text: str) -> str:
    """Return Latin letters without their accents: whoever types them often leaves these out."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def scalar(value: object) -> str:
    """Return a single value as clean text: no markup, no entities, numbers as people write them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    if "&" in text:
        text = html.unescape(html.unescape(text))  # entities are often escaped twice
    if "<" in text:
        text = _TAG.sub(lambda found: "\n" if found[2].casefold() in _BREAKING else "", text)
    # What only looks like a number's end, and halves of pairs that cannot be kept.
    return text.replace("\xa0", " ").replace("\u3000", " ").encode("utf-8", "ignore").decode().strip()

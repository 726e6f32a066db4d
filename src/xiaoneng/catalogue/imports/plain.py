"""Rows of sources that do not say what type their values are: everything becomes clean text or lists of clean text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

_TAG = re.compile(
    r"<(/?)(br|p|div|li|ul|ol|tr|td|table|h[1-6]|span|a|b|i|strong|em|u|font|img|section|sup|sub)\b[^>]*>",
    re.IGNORECASE,
)
_BREAKING = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
NAMES = ("name", "title", "label", "text", "value", "材料名称", "名称", "mc", "clmc", "materialName", "material_name")
DEPTH = 4


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


def _member(value: object) -> str:
    if isinstance(value, Mapping):
        named = next((value[name] for name in NAMES if value.get(name)), None)
        return (
            scalar(named) if named is not None else "；".join(scalar(each) for each in value.values() if scalar(each))
        )
    return scalar(value)


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

"""How like the heading of a column is to those that sources are known to use for a field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from xiaoneng.catalogue.imports.plain import unaccented

HEADINGS: Mapping[str, Sequence[str]] = tomllib.loads(
    Path(__file__).with_name("headings.toml").read_text(encoding="utf-8")
)
SURE = 88.0  # a heading that is at least as like as this is meant
_GENERIC = frozenset({
    "name", "title", "label", "text", "value", "en", "zh", "zh_cn", "cn", "eng", "es", "fr", "de", "pt", "et", "ko", "ja",
    "displayname", "display_name", "#text", "description", "number", "n", "default",
})  # fmt: skip


def likeness(heading: str, known: Sequence[str]) -> float:
    """Return how like a heading is to the known ones of a field, 0 to 100."""
    plain = _plain(heading)
    return max((_like(plain, each) for each in known), default=0.0)


def is_label(words: str) -> bool:
    """Tell whether some words are surely the heading of a field."""
    return 1 < len(words) <= 30 and any(likeness(words, known) >= SURE for known in HEADINGS.values())


def _plain(heading: str) -> str:
    above, _, last = heading.rpartition(".")
    parent = above.rpartition(".")[2]
    if parent and last.casefold() in _GENERIC:  # organization.name is an organization, title.en is a title
        last = parent
    elif parent:
        last = f"{parent} {last}"
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last)
    apart = re.sub(r"[（(].*?[）)]", " ", apart) if re.match(r"[^（(]", apart) else apart
    return " ".join(re.sub(r"[_\-/:：*·\s]+", " ", unaccented(apart)).casefold().split())


def _like(plain: str, known: str) -> float:
    if plain == known:
        return 100.0
    if not plain.isascii() or not known.isascii():
        return 90.0 if known in plain and len(known) >= 4 else fuzz.ratio(plain, known) * 0.95
    return max(fuzz.ratio(plain, known) * 0.95, 85.0 if f" {known} " in f" {plain} " and len(known) > 3 else 0.0)

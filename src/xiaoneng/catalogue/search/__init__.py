"""Finding items that are in force: by words, or by leafing through."""

from xiaoneng.catalogue.search.browse import (
    Count,
    Theme,
    browse,
    counts_by_audience,
    counts_by_department,
    counts_by_kind,
    counts_by_theme,
    departments,
    headings,
    headings_of,
    themes,
    total,
)
from xiaoneng.catalogue.search.keys import normalised, normalised_text
from xiaoneng.catalogue.search.rows import (
    EX_OFFICIO,
    NO_LIMIT,
    RANKED,
    Choice,
    Found,
    ItemLine,
    closed_reason,
    lines,
)
from xiaoneng.catalogue.search.said import like_words
from xiaoneng.catalogue.search.words import every, search

__all__ = [
    "EX_OFFICIO", "NO_LIMIT", "RANKED", "Choice", "Count", "Found", "ItemLine", "Theme", "browse", "closed_reason",
    "counts_by_audience", "counts_by_department", "counts_by_kind", "counts_by_theme", "departments", "every", "headings",
    "headings_of", "like_words", "lines", "normalised", "normalised_text", "search", "themes", "total",
]  # fmt: skip

"""Charts as SVG: horizontal bars with a goal, and bars before and after; no figure stands in a chart alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LABEL, ROW, BAR, TOP, TAIL = 460, 156, 28, 16, 22, 52  # all in user units
CHARACTERS = 11  # of a label that fit


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its share from 0 to 1 (None: nothing to show), its words, and where it leads."""

    label: str
    share: float | None
    words: str
    href: str = ""
    is_low: bool = False


def bars(rows: Sequence[Bar], title: str, *, goal: float | None = None) -> SafeString:
    """Return bars of shares, one a row, with the goal as a line."""
    high = TOP + ROW * len(rows) + 4
    full = WIDTH - LABEL - TAIL
    lines = format_html_join("", "{}", ((_bar(row, TOP + ROW * n, full),) for n, row in enumerate(rows)))
    mark = _goal(goal, LABEL + full * goal, high) if goal is not None else SafeString("")
    return _svg(title, high, lines + mark)


def _bar(row: Bar, y: int, full: int) -> SafeString:
    wide = full * min(1.0, max(0.0, row.share or 0.0))
    drawn = format_html(
        '<title>{}　{}</title><text class="label" x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="{}" y="{}" width="{}" height="{}"/>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/><text class="value" x="{}" y="{}">{}</text>',
        row.label, row.words, LABEL - 10, y + 13, _short(row.label), LABEL, y, full, BAR,
        "bar is-low" if row.is_low else "bar", LABEL, y, f"{wide:.1f}", BAR, LABEL + full + 8, y + 13, row.words,
    )  # fmt: skip
    return format_html('<a href="{}">{}</a>', row.href, drawn) if row.href else format_html("<g>{}</g>", drawn)


def _goal(goal: float, x: float, high: int) -> SafeString:
    return format_html(
        '<line class="goal" x1="{x}" x2="{x}" y1="{top}" y2="{low}"/><text class="goal-words" x="{x}" y="12" '
        'text-anchor="middle">目标 {goal}</text>',
        x=f"{x:.1f}", top=TOP - 5, low=high - 8, goal=f"{goal:.0%}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A measure before and after, with its words and where it leads."""

    label: str
    before: float
    after: float
    words: str
    href: str = ""


def pairs(rows: Sequence[Pair], title: str) -> SafeString:
    """Return two bars for each measure, what was before in full width and what is after against it."""
    high = ROW * 2 * len(rows) + 4
    full = WIDTH - LABEL - TAIL * 2 + 8
    return _svg(
        title, high, format_html_join("", "{}", ((_pair(row, ROW * 2 * n, full),) for n, row in enumerate(rows)))
    )


def _pair(row: Pair, y: int, full: int) -> SafeString:
    most = max(row.before, row.after) or 1.0
    drawn = format_html(
        '<title>{}　{}</title><text class="label" x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="before" x="{}" y="{}" width="{}" height="{}"/><rect class="bar" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="value" x="{}" y="{}">{}</text>',
        row.label, row.words, LABEL - 10, y + 26, _short(row.label), LABEL, y + 4, f"{full * row.before / most:.1f}", BAR,
        LABEL, y + 24, f"{full * row.after / most:.1f}", BAR, LABEL + full + 8, y + 26, row.words,
    )  # fmt: skip
    return format_html('<a href="{}">{}</a>', row.href, drawn) if row.href else format_html("<g>{}</g>", drawn)


def _svg(title: str, high: int, inside: SafeString) -> SafeString:
    return format_html(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg">{}</svg>',
        title, WIDTH, high, inside,
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= CHARACTERS else f"{text[: CHARACTERS - 1]}…"

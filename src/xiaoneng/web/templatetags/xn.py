"""What the templates say and draw again and again: days, counts, lights, bars. Of a page, its year alone is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import template
from django.core.paginator import Page, Paginator
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from xiaoneng.web import this_year

register = template.Library()

NOTHING = "—"
ROWS = 50  # of a long table on one page: more would be an endless roll on a phone
WEEKDAYS = "一二三四五六日"
LIGHT_WORDS = {
    "green": "正常",
    "yellow": "将到期",
    "red": "超期",
    "paused": "暂停",
    "done": "已办结",
    "refused": "不予",
    "ended": "没有决定就结束",
    "none": "未计时",
}
# A stacked bar is drawn in percent; a label is written only where this many pixels of a bar of usual width hold it.
BAR_PIXELS = 330
DIGIT_PIXELS = 8
DIALLED = re.compile(r"(\d{3,4}-\d{7,8}|1[3-9]\d{9}|[48]00-?\d{3}-?\d{4}|\d{7,8}|1[12]\d{3}|9\d{4,5})")


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: Any) -> Any:
    """write a date as 3月25日, of another year with it; what is no date stays as it is, nothing becomes a dash."""
    value = _local(value)
    if not isinstance(value, date):
        return value or NOTHING
    return full_day(value) if value.year != (this_year.current() or value.year) else f"{value.month}月{value.day}日"


@register.filter
def full_day(value: Any) -> Any:
    """write a date with its year, 2026年3月25日."""
    value = _local(value)
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else (value or NOTHING)


@register.filter
def weekday(value: Any) -> str:
    """name the day of the week, 星期三."""
    value = _local(value)
    return f"星期{WEEKDAYS[value.weekday()]}" if isinstance(value, date) else ""


@register.filter
def moment(value: Any) -> Any:
    """write an instant as 3月1日 20:14 in the local time."""
    value = _local(value)
    return f"{day(value)} {value:%H:%M}" if isinstance(value, datetime) else day(value)


@register.filter
def full_moment(value: Any) -> Any:
    """write an instant with its year and second, for receipts and proofs."""
    value = _local(value)
    return f"{full_day(value)} {value:%H:%M:%S}" if isinstance(value, datetime) else full_day(value)


@register.filter
def machine_day(value: Any) -> str:
    """write a date or instant for the datetime attribute of a time element."""
    value = _local(value)
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def cell_day(value: Any, with_month: Any = False) -> Any:
    """write a calendar cell's day, with its month on the first of a month and where asked."""
    if not isinstance(value, date):
        return value or ""
    return f"{value.month}/{value.day}" if with_month or value.day == 1 else str(value.day)


@register.filter
def count(value: Any) -> str:
    """write a number with thousands commas; no number is a dash."""
    if value is None or value == "":
        return NOTHING
    return f"{value:,}" if isinstance(value, int | float) else str(value)


@register.filter
def percent(value: Any, digits: int = 1) -> str:
    """write a share between 0 and 1 as 99.4%; a share of nothing is a dash."""
    return NOTHING if value is None else f"{value * 100:.{digits}f}%"


@register.filter
def file_size(value: Any) -> str:
    """write a number of bytes as people read it, 1.5 MB."""
    if not isinstance(value, int | float):
        return NOTHING
    if value < 1024:
        return f"{value:.0f} 字节"
    return f"{value / 1024:.0f} KB" if value < 1024 * 1024 else f"{value / 1024 / 1024:.1f} MB"


@register.filter
def as_list(value: Any) -> list[Any]:
    """hand out a list: a text is split into its lines, a list stays one."""
    if isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    return list(value or [])


@register.filter
def light_name(value: Any) -> str:
    """reduce a light (an enum, a row or a word) to its plain name: green, yellow, red, paused, done, refused, ended, none."""
    name = str(getattr(value, "name", value) or "none").lower()
    return name if name in LIGHT_WORDS else "none"


@register.filter
def light_word(value: Any) -> str:
    """say a light in Chinese."""
    return getattr(value, "word", "") or LIGHT_WORDS[light_name(value)]


@register.filter
def light_mark(value: Any) -> SafeString:
    """show a light with its shape and its word, made once: parts/light.html for lists of many rows."""
    return _light_mark(light_name(value), light_word(value))


@lru_cache(maxsize=50)
def _light_mark(name: str, word: str) -> SafeString:
    return SafeString(get_template("parts/light.html").render({"light": name, "text": word}))


@register.filter
def runs(boxes: Iterable[str]) -> list[tuple[str, int]]:
    """gather neighbouring pauses into one box with their number; every other box stays one working day."""
    gathered: list[tuple[str, int]] = []
    for kind, same in groupby(str(box) for box in boxes or ()):
        size = len(list(same))
        gathered.extend([(kind, size)] if kind == "paused" else [(kind, 1)] * size)
    return gathered


@register.filter
def widest(rows: Iterable[Any]) -> int:
    """find the largest sum of red, yellow and paused among the rows, the full width of the stacked bars."""
    return max((row.red + row.yellow + row.paused for row in rows), default=0)


@register.simple_tag
def stacked_bar(red: int, yellow: int, paused: int, full: int) -> SafeString:
    """draw the stacked counts of what needs attention in true proportion, labelled where the label fits."""
    parts = [("red", red), ("yellow", yellow), ("paused", paused)]
    at, drawn = 0.0, []
    for kind, number in parts:
        if number and full:
            width = 100 * number / full
            drawn.append(_segment(kind, number, at, width))
            at += width
    words = f"超期 {red}，将到期 {yellow}，暂停 {paused}"
    inside = format_html_join("", "{}", ((segment,) for segment in drawn))
    return format_html('<svg class="stack" role="img" aria-label="{}">{}</svg>', words, inside)


def _segment(kind: str, number: int, at: float, width: float) -> SafeString:
    # a white gap of two pixels between two segments: the nested drawing is shortened, not the proportion
    label = _label(kind, number, width * BAR_PIXELS / 100)
    return format_html(
        '<svg x="{}%" width="{}%" height="22"><rect class="s-{}" width="100%" height="22"/>'
        '<rect class="s-gap" x="100%" width="2" height="22" transform="translate(-2 0)"/>{}</svg>',
        f"{at:.3f}",
        f"{width:.3f}",
        kind,
        label,
    )


def _label(kind: str, number: int, pixels: float) -> SafeString:
    digits = len(str(number)) * DIGIT_PIXELS
    if pixels < digits + 6:
        return format_html("")
    if kind == "red" or pixels < digits + 26:
        return format_html('<text class="t-{}" x="50%" y="16" text-anchor="middle">{}</text>', kind, number)
    shapes = {"yellow": "M-10 15L-5 6.5L0 15Z", "paused": "M-9 7h3v8h-3ZM-4 7h3v8h-3Z"}
    start = -(digits - 10) / 2
    return format_html(
        '<svg x="50%" overflow="visible" class="t-{}"><path d="{}" transform="translate({} 0)"/>'
        '<text x="{}" y="16">{}</text></svg>',
        kind,
        shapes[kind],
        f"{start:.1f}",
        f"{start + 3:.1f}",
        number,
    )


@register.simple_tag(takes_context=True)
def paged(context: Any, rows: Iterable[Any], parameter: str = "page", size: int = ROWS) -> Page[Any]:
    """give one page of a long table; its number stands in the address under the parameter, beside every filter."""
    whole = rows if isinstance(rows, Sequence) else list(rows)
    page: Page[Any] = Paginator(whole, size).get_page(context["request"].GET.get(parameter))
    page.parameter = parameter  # type: ignore[attr-defined]
    return page


@register.simple_tag(takes_context=True)
def page_address(context: Any, page: Any, number: int) -> str:
    """give the address of another page of a table: all that was asked stays, and other tables stay where they are."""
    asked = context["request"].GET.copy()
    asked[getattr(page, "parameter", "page")] = str(number)
    return f"?{asked.urlencode()}"


@register.simple_tag
def pages_around(page: Any) -> Sequence[int | str]:
    """list the page numbers to offer: the first, the last, the neighbours, and … between."""
    last, here = page.paginator.num_pages, page.number
    wanted = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)})
    shown: list[int | str] = []
    for number in wanted:
        if shown and number - int(wanted[wanted.index(number) - 1]) > 1:
            shown.append("…")
        shown.append(number)
    return shown


@register.filter
def marked(text: Any, query: str) -> SafeString:
    """mark the searched words where they occur in a name."""
    text, query = str(text or ""), (query or "").strip()
    if not query or query.lower() not in text.lower():
        return format_html("{}", text)
    start = text.lower().index(query.lower())
    end = start + len(query)
    return format_html("{}<mark>{}</mark>{}", text[:start], text[start:end], text[end:])


@register.filter
def input_kind(field: Any) -> str:
    """tell how a form field is drawn: tick, choices, file or box."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    if kind == "checkbox" and not hasattr(widget, "choices"):
        return "tick"
    if getattr(widget, "use_fieldset", False) or kind in {"radio", "checkbox"}:
        return "choices"
    return "file" if kind == "file" else "box"


@register.filter
def phones(text: Any) -> SafeString:
    """make what can be dialled a link: `12345 转 801` dials 12345, and the words around stay."""
    parts = DIALLED.split(str(text or ""))
    return format_html_join("", "{}", ((_phone(part) if at % 2 else part,) for at, part in enumerate(parts)))


def _phone(number: str) -> SafeString:
    return format_html('<a href="tel:{}">{}</a>', number.replace("-", "").replace(" ", ""), number)

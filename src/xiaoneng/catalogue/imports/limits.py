"""From the words of a source, 30(工作日), to a limit."""

from __future__ import annotations

import re
import unicodedata

from xiaoneng.rules.units import CalendarDays, Limit, WorkingDays, limit

UNITS = {
    "工作日": "working_day",
    "个工作日": "working_day",
    "自然日": "calendar_day",
    "个自然日": "calendar_day",
    "日历日": "calendar_day",
    "小时": "hour",
    "个小时": "hour",
    "月": "month",
    "个月": "month",
}
LONGEST = 3650  # ten years in days; a longer limit is a slip of the keyboard
LONGEST_BY_UNIT = {"hour": LONGEST, "month": 120}
ON_THE_SPOT = frozenset({"当场办结", "即时办结", "即办", "当场", "即时"})
_WRITTEN = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*\(?\s*([^\d()\s]*)\s*\)?")


class NotALimit(ValueError):
    """The words are no limit; the message says why and what to write instead."""


def parse(words: str) -> Limit:
    """Return the limit that the words set: 30(工作日), 90（自然日）, 24小时, 6个月, 当场办结.

    :raises NotALimit: number or unit is missing, unknown or absurd
    """
    plain = unicodedata.normalize("NFKC", words).strip()
    if plain in ON_THE_SPOT:
        return WorkingDays(0)
    found = _WRITTEN.fullmatch(plain)
    if not found:
        raise NotALimit("读不懂这个时限，未采用；请写成“20(工作日)”“90(自然日)”这样的形式。")
    number, unit = found[1], UNITS.get(found[2])
    if unit is None:
        raise NotALimit(_about_unit(found[2]))
    if not number.isascii() or not number.isdigit():
        raise NotALimit("时限应为不小于 0 的整数，未采用；请更正数字。")
    longest = LONGEST_BY_UNIT.get(unit, LONGEST)
    if len(number) > 6 or int(number) > longest:
        raise NotALimit(f"时限长得不合常理（超过 {longest}），未采用；请核对数字。")
    try:
        return limit(unit, int(number))
    except ValueError as error:
        raise NotALimit(f"{str(error).rstrip('。，')}。该时限未采用。") from None


def _about_unit(word: str) -> str:
    if word in ("", "天", "日"):
        return "没有写明是工作日还是自然日，未采用；请写成“20(工作日)”或“20(自然日)”。"
    return f"不认识的时限单位“{word}”，未采用；请改用工作日、自然日、小时或月。"


def is_longer(promised: Limit, statutory: Limit) -> bool:
    """Tell whether a promise is surely longer than the statutory limit; units that cannot be compared are let pass."""
    if type(promised) is type(statutory):
        return promised.n > statutory.n
    # So many working days never take fewer calendar days.
    return isinstance(promised, WorkingDays) and isinstance(statutory, CalendarDays) and promised.n > statutory.n

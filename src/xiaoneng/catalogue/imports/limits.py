"""From the words of a source, 30(工作日) or "10 business days", to a limit."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from xiaoneng.catalogue.imports.plain import unaccented
from xiaoneng.rules.units import CalendarDays, Limit, WorkingDays, limit

UNITS = {
    "工作日": "working_day",
    "个工作日": "working_day",
    "工作天": "working_day",
    "自然日": "calendar_day",
    "个自然日": "calendar_day",
    "日历日": "calendar_day",
    "日历天": "calendar_day",
    "小时": "hour",
    "个小时": "hour",
    "月": "month",
    "个月": "month",
    "business day": "working_day",
    "working day": "working_day",
    "work day": "working_day",
    "weekday": "working_day",
    "calendar day": "calendar_day",
    "hour": "hour",
    "hr": "hour",
    "month": "month",
}
ABROAD: Mapping[str, Sequence[str]] = tomllib.loads(Path(__file__).with_name("units.toml").read_text(encoding="utf-8"))
_ABROAD = {word: unit for unit, words in ABROAD.items() for word in words}
# Units that stand for so many of another one.
MULTIPLES = {
    "周": (7, "calendar_day"),
    "星期": (7, "calendar_day"),
    "个星期": (7, "calendar_day"),
    "week": (7, "calendar_day"),
    "年": (12, "month"),
    "year": (12, "month"),
}
BARE = frozenset({"", "天", "日", "个日", "day"})
# How the tables of sources number the units of limits.
CODED = {"1": "working_day", "2": "calendar_day", "3": "hour", "4": "month"}
LONGEST = 3650  # ten years in days; a longer limit is a slip of the keyboard
LONGEST_BY_UNIT = {"hour": LONGEST, "month": 120}
ON_THE_SPOT = frozenset({
    "当场办结", "即时办结", "即办", "当场", "即时", "即来即办", "即办件", "即刻", "当场办理", "即时办理", "立即办理", "立即",
    "现场办结", "立等可取", "当日办结", "当天办结", "当日", "当天", "immediate", "immediately", "instant",
    "same day", "on the spot", "while you wait", *ABROAD["at_once"],
})  # fmt: skip
_WRITTEN = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*\(?\s*([^\d()\s]*)\s*\)?")
_SPOKEN = re.compile(
    r"(?:within|up to|maximum(?: of)?|max\.?|about|around|approx(?:imately|\.)?|approval in|usually|normally|ca\.?|circa|etwa|"
    r"rund|bis zu|maximal|innerhalb von|in der regel|ate|em ate|em|hasta|en|environ|sous|entro|kuni|약)?\s*"
    r"(?:\d+(?:\.0)?\s*(?:-|–|to|至|~|bis|a|e|y|ou|or|und|kuni)\s*)?(\d+(?:\.\d+)?)\s*-?\s*\(?([^\d()]+?)\)?\.?"
)
_NOTE = re.compile(r"\s*\(([^()]*)\)$")  # 7日(不含节假日)
_WITHOUT_HOLIDAYS = re.compile(r"不含(?:法定)?节假|除节假|不计节假|공휴일\s*제외|excluding|ohne", re.IGNORECASE)
_BOTH = re.compile(r"(法定|承诺)(?:办结|办理)?(?:时限|期限|时间)?\s*[:为是]?")
_ONE_AND_OTHER = re.compile(r"([^/]+)/([^/]+)")
_RANGE = re.compile(r"\d+\s*(?:-|–|~|至|到)\s*(\d+)\s*([^\d\s]*)")


# What is written around a limit: 自受理之日起5个工作日内办结.
_AROUND = re.compile(
    r"^(?:自|从|在)?(?:正式)?(?:受理|收到|接到|提交|材料齐全)(?:申请|材料|之日|之时|当日|次日)*(?:起算?|后)?[,，、]?|^(?:法定|承诺)(?:时限|期限)?[:：]?"
    r"|(?:以?内)?(?:办结|办完|办理完毕|完成|作出(?:审批)?决定|办理)[。.]?$"
)
_NUMERAL = re.compile(r"^[一二两三四五六七八九十百]+")
_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"两": 2}


def _counted(numeral: str) -> int:
    """Return what a Chinese numeral below a thousand counts: 二十 is 20, 一百八十 is 180."""
    total = digit = 0
    for sign in numeral:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _DIGITS[sign]
    return total + digit


class NotALimit(ValueError):
    """The words are no limit; the message says why and what to write instead."""


def parse(words: str, bare: str = "") -> Limit:
    """Return the limit that the words set: 30(工作日), 90（自然日）, 24小时, 6个月, 当场办结, 10 business days.

    :param bare: the unit meant where the words say days and not which, or give a number alone.
    :raises NotALimit: number or unit is missing, unknown or absurd
    """
    plain = _AROUND.sub("", unicodedata.normalize("NFKC", words).strip()) or words.strip()
    if at_once(plain):
        return WorkingDays(0)
    plain = _NUMERAL.sub(lambda found: str(_counted(found[0])), plain)
    if (note := _NOTE.search(plain)) and not unit_named(note[1]) and re.search(r"\d\s*[^\d\s(]", plain):
        bare = "working_day" if _WITHOUT_HOLIDAYS.search(note[1]) else bare
        plain = plain[: note.start()]
    number, word = _apart(plain)
    unit, times = _unit(word, bare)
    if not number.isascii() or not number.isdigit():
        raise NotALimit("时限应为不小于 0 的整数，未采用；请更正数字。")
    longest = LONGEST_BY_UNIT.get(unit, LONGEST)
    if len(number) > 6 or int(number) * times > longest:
        raise NotALimit(f"时限长得不合常理（超过 {longest}），未采用；请核对数字。")
    try:
        return limit(unit, int(number) * times)
    except ValueError as error:
        raise NotALimit(f"{str(error).rstrip('。，')}。该时限未采用。") from None


def at_once(words: str) -> bool:
    """Tell whether words say that it is done while one waits, whatever follows in brackets."""
    return unaccented(_NOTE.sub("", words).strip().casefold()) in ON_THE_SPOT


def both(words: str) -> tuple[str, str]:
    """Return what a cell says of the statutory and of the promised limit, 法定：20；承诺：10; nothing where it says one."""
    plain = unicodedata.normalize("NFKC", words).strip()
    said = _BOTH.split(plain)
    if len(said) == 5 and not said[0].strip() and {said[1], said[3]} == {"法定", "承诺"}:
        told = {said[1]: said[2].strip(" ;,、/。\n"), said[3]: said[4].strip(" ;,、/。\n")}
        return told["法定"], told["承诺"]
    found = _ONE_AND_OTHER.fullmatch(plain)
    if found and all(re.search(r"\d", each) or at_once(each) for each in found.groups()):
        return found[1].strip(), found[2].strip()
    return "", ""


def _apart(plain: str) -> tuple[str, str]:
    for pattern, text in ((_WRITTEN, plain), (_RANGE, plain), (_SPOKEN, unaccented(plain.casefold()))):
        if found := pattern.fullmatch(text):
            return found[1].removesuffix(".0"), found[2]
    raise NotALimit("读不懂这个时限，未采用；请写成“20(工作日)”“90(自然日)”这样的形式。")


def _unit(word: str, bare: str) -> tuple[str, int]:
    plain = unaccented(word.strip().casefold().removesuffix("以内").removesuffix("内"))
    for each in (plain, plain.removesuffix("s")):
        each = _OURS.get(_ABROAD.get(each, ""), each)
        if each in UNITS:
            return UNITS[each], 1
        if each in MULTIPLES:
            return MULTIPLES[each][1], MULTIPLES[each][0]
        if each in BARE and bare:
            return bare, 1
        if each in BARE:
            raise NotALimit(
                "没有写明是工作日还是自然日，未采用；请写成“20(工作日)”或“20(自然日)”，或者在对照时选定按哪种算。"
            )
    raise NotALimit(f"不认识的时限单位“{word}”，未采用；请改用工作日、自然日、小时或月。")


_OURS = {
    "working_day": "工作日", "calendar_day": "自然日", "hour": "小时", "month": "月", "week": "周", "year": "年", "bare": "日",
}  # fmt: skip


def unit_named(words: str) -> str:
    """Return the unit that a cell of its own or the heading of a column names, or nothing."""
    plain = unicodedata.normalize("NFKC", words).strip().casefold()
    if plain in CODED:
        return CODED[plain]
    if (abroad := _ABROAD.get(unaccented(plain), "")) in UNITS.values():
        return abroad
    for word, unit in UNITS.items():
        if word in plain and not (word == "月" and "日" in plain):
            return unit
    return ""


def is_unit(words: str) -> bool:
    """Tell whether a cell of its own says the unit of a limit."""
    plain = unicodedata.normalize("NFKC", words).strip().casefold()
    known = unaccented(plain) in _ABROAD or plain in BARE - {""}
    return known or bool(unit_named(plain)) or {plain, plain.removesuffix("s")} & set(MULTIPLES) != set()


def is_longer(promised: Limit, statutory: Limit) -> bool:
    """Tell whether a promise is surely longer than the statutory limit; units that cannot be compared are let pass."""
    if type(promised) is type(statutory):
        return promised.n > statutory.n
    # So many working days never take fewer calendar days.
    return isinstance(promised, WorkingDays) and isinstance(statutory, CalendarDays) and promised.n > statutory.n

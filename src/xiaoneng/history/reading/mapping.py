"""Mappings: small declarative files that say which attribute of a foreign log means what, and how its days count."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from xiaoneng.history.reading.raw import RawCase
from xiaoneng.history.reading.trouble import Unreadable

HERE = Path(__file__).parents[1] / "mappings"
GENERAL = "xes"
UNITS = ("working_day", "calendar_day", "hour", "month")
_NEUTRAL = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class LogMapping:
    """What the attributes of a log mean, by meaning; the first name that is there counts."""

    name: str
    title: str
    fits: tuple[str, ...]
    zone: ZoneInfo
    day_unit: str
    warning_days: int
    case: Mapping[str, tuple[str, ...]]
    event: Mapping[str, tuple[str, ...]]

    def suits(self, sample: Iterable[RawCase]) -> bool:
        """Tell whether what this mapping is known by stands in some of these cases or their events."""
        seen = {neutral(key) for each in sample for key in (*each.attributes, *each.columns)}
        return bool(self.fits) and all(neutral(name) in seen for name in self.fits)


def neutral(name: str) -> str:
    """Return an attribute's name as names are compared."""
    return _NEUTRAL.sub("", name).lower()


@cache
def built_in() -> Mapping[str, LogMapping]:
    """Return the mappings that come with the platform, by name."""
    found = (from_text(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml")))
    return {each.name: each for each in found}


def chosen(asked: str, sample: Iterable[RawCase]) -> LogMapping:
    """Return the mapping of a name or a file; without one, that which suits, or the general one.

    :raises Unreadable: there is none of this name, or the file is no mapping.
    """
    if asked.endswith(".toml"):
        try:
            return from_text(Path(asked).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise Unreadable(f"读不到对照表文件 {asked}。请检查路径。") from None
    if asked and asked not in built_in():
        raise Unreadable(f"没有名为“{asked}”的日志对照表。现有：{known()}；也可以给出 .toml 文件。")
    if asked:
        return built_in()[asked]
    sample = list(sample)
    return next((each for each in built_in().values() if each.suits(sample)), built_in()[GENERAL])


def known() -> str:
    """Return the known mappings for a message."""
    return "、".join(f"{each.name}（{each.title}）" for each in built_in().values())


def from_text(text: str) -> LogMapping:
    """Return the mapping that a declarative file describes.

    :raises Unreadable: it describes none; says what is wrong.
    """
    try:
        told = tomllib.loads(text)
        case, event = (_names(told.get(part, {}), part) for part in ("case", "event"))
        unit = told.get("day_unit", "calendar_day")
        if unit not in UNITS:
            raise Unreadable(f"对照表里的 day_unit 是“{unit}”，只能是：{'、'.join(UNITS)}。")
        return LogMapping(
            str(told["name"])[:60], str(told.get("title", told["name"])), tuple(told.get("fits", ())),
            ZoneInfo(told.get("zone", "Asia/Shanghai")), unit, int(told.get("warning_days", 7)), case, event,
        )  # fmt: skip
    except tomllib.TOMLDecodeError as broken:
        raise Unreadable(f"对照表不是 TOML：{broken}。") from None
    except KeyError as missing:
        raise Unreadable(f"对照表里缺少 {missing}。至少要有 name、[case] name、[event] activity 和 at。") from None
    except (ZoneInfoNotFoundError, ValueError, TypeError) as odd:
        raise Unreadable(f"对照表里有看不懂的值：{odd}。") from None


def _names(told: Mapping[str, object], part: str) -> dict[str, tuple[str, ...]]:
    needed = ("name",) if part == "case" else ("activity", "at")
    for each in needed:
        if each not in told:
            raise KeyError(f"[{part}] {each}")
    return {
        meaning: (names,) if isinstance(names, str) else tuple(map(str, names))  # type: ignore[call-overload]
        for meaning, names in told.items()
    }

"""A mark stands for what somebody has read of a row: whoever writes on an older reading is refused, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from xiaoneng.kit.amiss import Amiss

SHOWN = 60  # characters of a value that a refusal repeats


class Overtaken(Amiss):
    """Somebody changed the row after it was read; what was to be written over it is not written."""

    now = ""  # the mark of what the refusal says stands now


def mark(values: Mapping[str, Any]) -> str:
    """Return the mark of a row's values, the same for the same values."""
    plain = json.dumps({name: _plain(each) for name, each in values.items()}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:16]


def require(seen: str, values: Mapping[str, Any], removing: str = "") -> None:
    """Let nothing pass whose writer has read other values than stand now; who says nothing is not compared.

    :param values: what stands now, by the names that people know; nothing where there is no row any more.
    :param removing: what whoever comes second wanted to do with the row, where nothing was filled in.
    :raises Overtaken: they differ; says what stands now
    """
    if not seen or seen == mark(values):
        return
    now = "；".join(f"{name}：{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}" for name, text in _told(values))
    stands = f"现在是：{now}。" if now else "现在已经没有这一条。"
    told = f"您打开以后，别人改过这里，所以没有保存，您填的还在。{stands}核对以后再保存，就以您的为准。"
    if removing:
        told = f"您打开以后，别人改过这一条，所以没有{removing}。{stands}核对以后仍要{removing}的，请再点一次。"
    refused = Overtaken([("", told)])
    refused.now = mark(values)
    raise refused


def _told(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    # A name that begins with _ is compared and not told: nobody could read it in a sentence.
    return [(name, text) for name, each in values.items() if not name.startswith("_") and (text := _plain(each))]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)

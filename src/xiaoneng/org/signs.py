"""The short sign (机关代字) under which a department's documents are numbered, made from its name."""

from __future__ import annotations

import re
from collections.abc import Container

LONGEST = 10

# The one-character names that documents of a province carry, by the first two digits of the division code.
_ABBREVIATED = (
    "11京12津13冀14晋15蒙21辽22吉23黑31沪32苏33浙34皖35闽36赣37鲁41豫42鄂"
    "43湘44粤45桂46琼50渝51川52黔53云54藏61陕62甘63青64宁65新71台81港82澳"
)
PROVINCES = {_ABBREVIATED[at : at + 2]: _ABBREVIATED[at + 2] for at in range(0, len(_ABBREVIATED), 3)}
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_HEAD = re.compile(r"^(中华人民共和国|中国共产党|中共|中国)")
_REGION_TAIL = re.compile(
    r"(维吾尔自治区|壮族自治区|回族自治区|特别行政区|自治区|自治州|自治县|省|市|区|县|旗|街道|乡|镇)$"
)
_TAIL = re.compile(
    r"(监督管理局|管理委员会|有限责任公司|委员会|办公室|管理局|研究所|研究院|有限公司|公司|集团|中心|总队|协会|厅|局|委|办|处|所|院|会|室)$"
)
_UNWRITTEN = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")


def sign(name: str, region_code: str, region: str, taken: Container[str]) -> str:
    """Return a sign that is not taken yet: 广东省司法厅 becomes 粤司法, a second one with the same core gets longer.

    The same names in the same order give the same signs.
    """
    head, core = _place(region_code, region), _core(name, region)
    for length in range(2, LONGEST - len(head) + 1):
        if (short := head + core[:length]) not in taken:
            return short
    return _numbered(head + core, taken)


def _place(code: str, region: str) -> str:
    if code.rstrip("0")[2:] == "":
        return PROVINCES.get(code[:2], region[:1])
    return _REGION_TAIL.sub("", region)[:4] or region[:4]


def _core(name: str, region: str) -> str:
    core = _HEAD.sub("", _BRACKETED.sub("", name))
    for place in (region, _REGION_TAIL.sub("", region)):
        core = core.removeprefix(place) if place and len(core) > len(place) + 1 else core
    core = re.sub(r"^[省市区县]?委?(?=..)", "", _UNWRITTEN.sub("", core))
    plain = _TAIL.sub("", core)
    return (plain if len(plain) >= 2 else core) or "机关"


def _numbered(sign: str, taken: Container[str]) -> str:
    number = 2
    while (numbered := f"{sign[: LONGEST - len(str(number))]}{number}") in taken:
        number += 1
    return numbered

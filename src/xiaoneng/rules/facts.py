"""Which held fact may stand for a material: a certificate of the same name, or a paper handed in and verified before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from xiaoneng.rules.grounds import BUSINESS_CLIMATE, Basis, Obstacle

NOT_ASKED_AGAIN = Basis(
    BUSINESS_CLIMATE,
    37,
    "",
    "国家建立电子证照共享服务系统，实现电子证照跨地区、跨部门共享和全国范围内互信互认",
)
CONSENT = Basis("个人信息保护法", 13, "一款一项", "处理个人信息应当取得个人的同意")
KEPT_GOOD = timedelta(days=365)  # a verified paper older than this is asked for anew: a rule of the platform
_OF_THIS_CASE = ("申请书", "申请表", "登记表", "承诺书", "委托书", "委托", "声明")
_NOISE = re.compile(r"[（(].*?[）)]|复印件|原件|电子件|副本|正本|[\s“”\"、，。]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A material as an item asks for it, and what its guide says may replace it."""

    slot: str
    name: str
    replaceable: str = ""


def core(name: str) -> str:
    """Return a name without what does not tell papers apart: brackets, copies and punctuation."""
    return _NOISE.sub("", name)


def is_reusable(name: str) -> bool:
    """Tell whether a paper is worth more than one application: not what was written for this one alone."""
    return bool(core(name)) and not any(word in name for word in _OF_THIS_CASE)


def satisfies(certificate: str, wanted: Wanted) -> bool:
    """Tell whether a certificate of a name stands for a material: by its name, or by what may replace it."""
    title = core(certificate)
    return len(title) > 2 and (title == core(wanted.name) or title in core(wanted.replaceable))


def same_paper(earlier: str, wanted: Wanted) -> bool:
    """Tell whether a paper handed in earlier is the one asked for now."""
    return is_reusable(wanted.name) and core(earlier) == core(wanted.name)


def is_fresh(verified_on: date, today: date) -> bool:
    """Tell whether a verified paper is young enough to be used again."""
    return today - verified_on <= KEPT_GOOD


def gone(label: str, slot: str) -> Obstacle:
    """Return the obstacle of a fact that does not hold any more: what stood for a material is to be handed in now."""
    message = f"“{label}”现在不能代替材料了（已失效、暂扣或者查不到）。"
    return Obstacle(f"material-{slot}", message, NOT_ASKED_AGAIN, "请改为上传这项材料，或者选用另一份有效的证照。")

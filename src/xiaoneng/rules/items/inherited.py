"""What a local item takes over from the basic catalogue and may not change: localities may only shorten, cut and ease.

Source: 行政许可法 art. 16 par. 4, and the uniform elements of an item at all levels (name, code, kind, basis).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle
from xiaoneng.rules.items.content import Content
from xiaoneng.rules.items.lawful import longer
from xiaoneng.rules.units import Limit

SAME_AT_ALL_LEVELS = Basis(
    "国务院办公厅关于印发进一步深化“互联网+政务服务”推进政务服务“一网、一门、一次”改革实施方案的通知", "", "国办发〔2018〕45号",
    "推动同一事项名称、编码、依据、类型等基本要素在国家、省、市、县四级统一。",
)  # fmt: skip
NOTHING_ADDED = Basis(
    LICENSING, 16, "四款", "对行政许可条件作出的具体规定，不得增设违反上位法的其他条件。"
)  # fmt: skip
LOCKED = ("name", "kind", "statutory_n", "statutory_unit")


@dataclass(frozen=True, slots=True)
class Basics:
    """What the basic catalogue fixes of an item; an empty part fixes nothing."""

    code: str
    name: str
    kind: str
    statutory: Limit | None = None
    bases: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    free_of_charge: bool = False


def obstacles_to_localising(content: Content, basics: Basics) -> tuple[Obstacle, ...]:
    """Return everything in which a local item departs from the basic catalogue otherwise than by easing."""
    return (*_same(content, basics), *_not_longer(content, basics), *_not_more(content, basics))


def _same(content: Content, basics: Basics) -> Iterable[Obstacle]:
    for field, here, above in (("name", content.name, basics.name), ("kind", content.kind, basics.kind)):
        if here != above:
            yield Obstacle(
                field, f"“{here}”与基本目录 {basics.code} 的“{above}”不一致。", SAME_AT_ALL_LEVELS,
                f"这一项由上级统一，请改回“{above}”；本地另有叫法的，写在俗称里。",
            )  # fmt: skip
    cited = " ".join(str(each) for each in content.legal_bases) or content.basis
    for basis in basics.bases:
        if basis not in cited:
            yield Obstacle(
                "legal_bases", f"缺少基本目录写明的依据：{basis}。", SAME_AT_ALL_LEVELS, "请把这条依据加进设定依据。"
            )


def _not_longer(content: Content, basics: Basics) -> Iterable[Obstacle]:
    if basics.statutory is None:
        return
    for field, word, here in (("statutory_n", "法定", content.statutory), ("promised_n", "承诺", content.promised)):
        if here and longer(here, basics.statutory):
            yield Obstacle(
                field, f"{word}时限（{here}）长于基本目录的 {basics.statutory}。", SAME_AT_ALL_LEVELS,
                f"时限只能缩短，请改到 {basics.statutory}以内。",
            )  # fmt: skip


def _not_more(content: Content, basics: Basics) -> Iterable[Obstacle]:
    if basics.materials:
        for paper in content.materials:
            if paper.name not in basics.materials:
                yield Obstacle(
                    "materials", f"材料“{paper.name}”不在基本目录的材料清单里。", NOTHING_ADDED,
                    "材料只能减少，请删去；名称不同的，改成基本目录的名称。",
                )  # fmt: skip
    if basics.free_of_charge and content.fees:
        yield Obstacle("fees", "基本目录规定不收费。", NOTHING_ADDED, "请删去收费项目。")

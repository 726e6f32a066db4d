"""Licences of limited number: who was accepted first is decided first (行政许可法 art. 57)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle

IN_ORDER = Basis(
    LICENSING, 57, "",
    "有数量限制的行政许可，两个或者两个以上申请人的申请均符合法定条件、标准的，行政机关应当根据受理行政许可申请的先后顺序"
    "作出准予行政许可的决定。但是，法律、行政法规另有规定的，依照其规定",
)  # fmt: skip
_NONE = re.compile(r"无|不限|没有|否|不受")


def is_limited(published: str) -> bool:
    """Tell whether what an item publishes of its number is a limit: 无 and 不限 are none."""
    text = published.strip()
    return bool(text) and _NONE.match(text) is None


def to_granting(earlier: Sequence[str], reason: str) -> tuple[Obstacle, ...]:
    """Return what stands against granting before those who were accepted earlier; a reason of law removes it.

    :param earlier: the numbers of the cases of the same item that were accepted earlier and are not decided.
    """
    if not earlier or reason.strip():
        return ()
    message = f"这个事项有数量限制，先受理的还没有决定：{'、'.join(earlier)}。"
    remedy = (
        "请先决定先受理的；先受理的不符合条件、依法暂停，或者法律、行政法规另有规定（招标、拍卖等）的，"
        "写明不按先后的理由，会记入日志。"
    )
    return (Obstacle("out_of_order", message, IN_ORDER, remedy),)

"""Ways of service, what proves each of them, and on which day a document counts as served.

The licensing law names no ways of its own; those of civil procedure are used, as its practice is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from xiaoneng.rules.grounds import DELIVERY_TIME, Basis, Obstacle

CIVIL_PROCEDURE = "民事诉讼法"
SIGNED = Basis(CIVIL_PROCEDURE, 87, "", "送达诉讼文书必须有送达回证，由受送达人在送达回证上记明收到日期，签名或者盖章")
LEFT = Basis(
    CIVIL_PROCEDURE,
    89,
    "",
    "受送达人拒绝接收的，送达人可以邀请有关基层组织或者所在单位的代表到场，说明情况，在送达回证上记明拒收事由和日期，"
    "由送达人、见证人签名或者盖章，把文书留在住所；也可以采用拍照、录像等方式记录送达过程，即视为送达",
)
ELECTRONIC = Basis(
    CIVIL_PROCEDURE, 90, "", "经受送达人同意，可以采用能够确认其收悉的电子方式送达；以到达特定系统的日期为送达日期"
)
POSTED = Basis(
    CIVIL_PROCEDURE,
    91,
    "",
    "直接送达有困难的，可以委托送达，或者邮寄送达；邮寄送达的，以回执上注明的收件日期为送达日期",
)
PUBLIC = Basis(
    CIVIL_PROCEDURE,
    95,
    "一款",
    "下落不明，或者用其他方式无法送达的，公告送达；自发出公告之日起，经过三十日，即视为送达",
)
IN_TRANSIT = Basis(CIVIL_PROCEDURE, 85, "四款", "期间不包括在途时间")

PUBLIC_DAYS = 30
LONGEST_TRANSIT = 20  # working days until a letter's result must be on record: a rule of the platform
PUBLIC_WATCH = 30  # working days after which a public notice that did not close its case is looked at

DIRECT, LEAVING, ENTRUSTED, POST, BY_WIRE, PUBLIC_NOTICE = (
    "direct", "left", "entrusted", "post", "electronic", "public_notice",
)  # fmt: skip
WAYS: Mapping[str, str] = {
    DIRECT: "直接送达",
    LEAVING: "留置送达",
    ENTRUSTED: "委托送达",
    POST: "邮寄送达",
    BY_WIRE: "电子送达",
    PUBLIC_NOTICE: "公告送达",
}
SENT_FIRST = (POST, PUBLIC_NOTICE)  # what is sent, and served on a later day


@dataclass(frozen=True, slots=True)
class Served:
    """A service as it would be put on record: how, to whom, what proves it, and when it happened."""

    way: str
    recipient: str = ""
    tracking: str = ""
    refusal: str = ""
    witnesses: str = ""
    consent: str = ""
    place: str = ""
    served_on: date | None = None


def served_on(service: Served, today: date, sent_on: date | None) -> date:
    """Return the lawful day of service: of the signature, of arrival, or the thirtieth day of a public notice."""
    if service.way == PUBLIC_NOTICE and sent_on is not None:
        return sent_on + timedelta(days=PUBLIC_DAYS)
    return service.served_on or today


def transit(way: str) -> int:
    """Return within how many working days the result of what was sent must be on record."""
    return PUBLIC_WATCH if way == PUBLIC_NOTICE else LONGEST_TRANSIT


def to_dispatch(way: str, tracking: str, place: str, reason: str) -> tuple[Obstacle, ...]:
    """Return what stands against sending a document."""
    if way not in SENT_FIRST:
        return (Obstacle("way", "只有邮寄和公告是先发出、后送达。", POSTED, "其他方式请直接登记送达。"),)
    found: tuple[Obstacle, ...] = ()
    if way == POST and not tracking.strip():
        found += (Obstacle("tracking", "还没有写邮件号。", POSTED, "请填写邮政特快专递等的邮件号。"),)
    if way == PUBLIC_NOTICE and not place.strip():
        found += (Obstacle("place", "还没有写在哪里公告。", PUBLIC, "请写明网站或者张贴的地点。"),)
    if way == PUBLIC_NOTICE and not reason.strip():
        message = "还没有写为什么公告送达。"
        found += (Obstacle("reason", message, PUBLIC, "请写明下落不明的情况，或者用过哪些方式都送不到。"),)
    return found


def to_service(service: Served, today: date, decided_on: date, sent_on: date | None) -> tuple[Obstacle, ...]:
    """Return everything that a service lacks to be lawful and proved."""
    if service.way not in WAYS:
        return (Obstacle("way", "请选择送达方式。", DELIVERY_TIME, "六种方式选一种。"),)
    found = _proof(service, sent_on)
    if service.way != PUBLIC_NOTICE and not service.recipient.strip():
        found += (Obstacle("recipient", "还没有写签收人。", SIGNED, "请写明谁签收；留置的写受送达人。"),)
    if service.served_on and not decided_on <= service.served_on <= today:
        message = "送达日期应在决定之日以后，不能晚于今天。"
        found += (Obstacle("served_on", message, SIGNED, "请按送达回证上签收的日期填写。"),)
    if service.way == PUBLIC_NOTICE and sent_on is not None and today <= sent_on + timedelta(days=PUBLIC_DAYS):
        message = f"公告还没有满 {PUBLIC_DAYS} 日，{sent_on + timedelta(days=PUBLIC_DAYS)} 视为送达。"
        found += (Obstacle("early", message, PUBLIC, "期满以后平台会自动登记。"),)
    return found


def _proof(service: Served, sent_on: date | None) -> tuple[Obstacle, ...]:
    if service.way == LEAVING:
        return _left(service)
    if service.way == PUBLIC_NOTICE and sent_on is None:
        return (Obstacle("way", "公告送达要先发出公告。", PUBLIC, "请先用“发出（邮寄、公告）”登记公告的地点和日期。"),)
    if service.way == POST and sent_on is None and not service.tracking.strip():
        return (Obstacle("tracking", "还没有写邮件号。", POSTED, "请填写邮件号，或者先登记寄出。"),)
    if service.way == BY_WIRE and not service.consent.strip():
        message = "还没有写受送达人怎样同意电子送达。"
        return (Obstacle("consent", message, ELECTRONIC, "请写明在哪里、何时同意；没有同意的，换一种方式。"),)
    return ()


def _left(service: Served) -> tuple[Obstacle, ...]:
    found: tuple[Obstacle, ...] = ()
    if not service.refusal.strip():
        found += (Obstacle("refusal", "还没有写拒收的事由。", LEFT, "请写明谁在何时何地拒收、怎么说的。"),)
    if not service.witnesses.strip():
        message = "留置送达要有见证人，或者拍照、录像。"
        found += (Obstacle("witnesses", message, LEFT, "请写明见证人的姓名和单位，或者写明已拍照、录像。"),)
    return found

"""Urging and supervised handling: a notice that asks for an answer, an order with a due day, its reply and acceptance."""

from __future__ import annotations

from xiaoneng.rules.grounds import BUSINESS_CLIMATE, Basis
from xiaoneng.rules.procedures.card import SUPERVISION
from xiaoneng.rules.procedures.table import ClockName, Document, Move, Procedure, State, start, stop
from xiaoneng.rules.roles import Role

DRAFT = "draft"
URGED = "urged"
ORDERED = "ordered"
REPLIED = "replied"
ANSWERED = "answered"
ACCEPTED = "accepted"
CANCELLED = "cancelled"

URGING_NOTICE = Document("urging_notice", "催办单", "效催", of_region=True)
ORDER = Document("supervision_order", "督办单", "效督", of_region=True)

IN_TIME = Basis(
    BUSINESS_CLIMATE,
    36,
    "二款",
    "各地区可以在国家规定的政务服务事项办理时限内进一步压减时间，并应当向社会公开；超过办理时间的，办理单位应当公开说明理由。",
)
REPLIES = Basis(SUPERVISION, "", "", "承办单位在督办单载明的期限内回复办理结果；回复不清、问题没有解决的，退回重办")
CALLED_OFF = Basis(SUPERVISION, "", "", "督办的事项已经没有必要的，写明理由后撤销，记录保留")
_UNIT = (Role.HEAD, Role.REVIEWER, Role.WINDOW)
_OPEN = (URGED, ORDERED, REPLIED)
_NEXT = stop(ClockName.REPLY, ClockName.VERIFICATION) + start(ClockName.REPLY)

PROCEDURE = Procedure(
    kind="supervision_order",
    label="催办督办",
    mark="D",
    initial=DRAFT,
    states=(
        State(DRAFT, "拟办", Role.SUPERVISOR),
        State(URGED, "已催办，待答复", Role.HEAD),
        State(ORDERED, "督办中，待回复", Role.HEAD),
        State(REPLIED, "已回复，待核验", Role.SUPERVISOR),
        State(ANSWERED, "已答复", None, closed=True),
        State(ACCEPTED, "已办结", None, closed=True),
        State(CANCELLED, "已撤销", None, closed=True),
    ),
    moves=(
        Move(
            "urge", "催办", (DRAFT,), (URGED,), (Role.SUPERVISOR,), IN_TIME, clock=start(ClockName.REPLY),
            document=URGING_NOTICE, numbers=("number",),
        ),
        Move(
            "order", "督办", (DRAFT,), (ORDERED,), (Role.SUPERVISOR,), IN_TIME, clock=start(ClockName.REPLY),
            document=ORDER, numbers=("number",),
        ),
        Move("answer", "答复催办", (URGED,), (ANSWERED,), _UNIT, REPLIES, clock=stop(ClockName.REPLY), key="s"),
        Move("escalate", "转为督办", (URGED,), (ORDERED,), (Role.SUPERVISOR,), REPLIES, clock=_NEXT, document=ORDER, key="t"),
        Move(
            "reply", "回复督办", (ORDERED,), (REPLIED,), _UNIT, REPLIES,
            clock=stop(ClockName.REPLY) + start(ClockName.VERIFICATION), key="s",
        ),
        Move("return_reply", "退回重办", (REPLIED,), (ORDERED,), (Role.SUPERVISOR,), REPLIES, clock=_NEXT, key="n"),
        Move(
            "accept_reply", "核验通过，办结", (REPLIED,), (ACCEPTED,), (Role.SUPERVISOR,), REPLIES,
            clock=stop(ClockName.VERIFICATION), key="g",
        ),
        Move(
            "cancel", "撤销督办", _OPEN, (CANCELLED,), (Role.SUPERVISOR,), CALLED_OFF,
            clock=stop(ClockName.REPLY, ClockName.VERIFICATION), key="w",
        ),
        Move(
            "recalculate", "日历变动，重算期限", _OPEN, _OPEN, (Role.PLATFORM,),
            Basis("全国年节及纪念日放假办法", 7, "", "具体放假安排由国务院办公厅通知公布，期限随之重算"),
        ),
    ),
)  # fmt: skip

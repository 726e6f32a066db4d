"""Calling somebody to account: the platform proposes, the person speaks, somebody decides, the person may appeal."""

from __future__ import annotations

from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.procedures.card import SUPERVISION
from xiaoneng.rules.procedures.table import ClockName, Document, Move, Procedure, State, start, stop
from xiaoneng.rules.roles import Role

DRAFT = "draft"
PROPOSED = "proposed"
HEARD = "heard"
DECIDED = "decided"
APPEALED = "appealed"
FINAL = "final"
DISMISSED = "dismissed"
REVOKED = "revoked"

DECISION = Document("accountability_decision", "效能问责决定书", "效问", of_region=True)
REVIEW_DECISION = Document("accountability_review", "效能问责复核决定书", "效复", of_region=True)

MINOR = Basis(
    "公职人员政务处分法",
    12,
    "一款",
    "公职人员违法行为情节轻微，且具有本法第十一条规定的情形之一的，可以对其进行谈话提醒、批评教育、责令检查或者予以诫勉，"
    "免予或者不予政务处分。",
)
PROPOSES = Basis(SUPERVISION, "", "", "平台只按累计规则提出建议，由人决定；没有听取本人陈述申辩的，不作决定")
SPEAKS = Basis(
    SUPERVISION, "", "", "拟问责的，告知本人事实、依据和拟作的处理，本人可以陈述和申辩；逾期不陈述的，视为放弃"
)
APPEALS = Basis(SUPERVISION, "", "", "本人对决定不服的，可以申诉一次，由没有作出原决定的人复核")
FALLEN = Basis(SUPERVISION, "", "", "据以问责的牌撤销的，问责随之撤销，恢复扣分，记录保留")
_ALL = (ClockName.STATEMENT, ClockName.VERIFICATION, ClockName.APPEAL)
_OPEN = (PROPOSED, HEARD, DECIDED, APPEALED)

PROCEDURE = Procedure(
    kind="accountability",
    label="效能问责",
    mark="W",
    initial=DRAFT,
    states=(
        State(DRAFT, "拟提出", Role.SUPERVISOR),
        State(PROPOSED, "已告知，待陈述", Role.CONCERNED),
        State(HEARD, "已陈述，待决定", Role.SUPERVISOR),
        State(DECIDED, "已决定，可以申诉", Role.CONCERNED),
        State(APPEALED, "已申诉，待复核", Role.SUPERVISOR),
        State(FINAL, "已生效", None, closed=True),
        State(DISMISSED, "不予问责", None, closed=True),
        State(REVOKED, "已撤销", None, closed=True),
    ),
    moves=(
        Move(
            "propose", "提出问责建议", (DRAFT,), (PROPOSED,), (Role.SUPERVISOR, Role.PLATFORM), PROPOSES,
            clock=start(ClockName.STATEMENT), numbers=("number",),
        ),
        Move(
            "speak", "陈述申辩", (PROPOSED,), (HEARD,), (Role.CONCERNED,), SPEAKS,
            clock=stop(ClockName.STATEMENT) + start(ClockName.VERIFICATION), key="s",
        ),
        Move(
            "decide", "作出问责决定", (PROPOSED, HEARD), (DECIDED,), (Role.SUPERVISOR,), MINOR,
            clock=stop(*_ALL) + start(ClockName.APPEAL), document=DECISION, key="g",
        ),
        Move(
            "dismiss", "决定不予问责", (PROPOSED, HEARD), (DISMISSED,), (Role.SUPERVISOR,), PROPOSES, clock=stop(*_ALL), key="n",
        ),
        Move(
            "appeal_decision", "申诉", (DECIDED,), (APPEALED,), (Role.CONCERNED,), APPEALS,
            clock=stop(*_ALL) + start(ClockName.VERIFICATION), key="a",
        ),
        Move(
            "uphold", "复核，维持", (APPEALED,), (FINAL,), (Role.SUPERVISOR,), APPEALS, clock=stop(*_ALL),
            document=REVIEW_DECISION, key="g",
        ),
        Move(
            "revoke", "复核，撤销", (APPEALED,), (REVOKED,), (Role.SUPERVISOR,), APPEALS, clock=stop(*_ALL),
            document=REVIEW_DECISION, key="w",
        ),
        Move("settle", "申诉期满，生效", (DECIDED,), (FINAL,), (Role.PLATFORM,), APPEALS, clock=stop(*_ALL)),
        Move("fall", "依据的牌已撤，撤销", (*_OPEN, FINAL), (REVOKED,), (Role.PLATFORM,), FALLEN, clock=stop(*_ALL)),
        Move(
            "recalculate", "日历变动，重算期限", _OPEN, _OPEN, (Role.PLATFORM,),
            Basis("全国年节及纪念日放假办法", 7, "", "具体放假安排由国务院办公厅通知公布，期限随之重算"),
        ),
    ),
)  # fmt: skip

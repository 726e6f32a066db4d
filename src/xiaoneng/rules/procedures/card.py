"""A yellow or red card: issued with its evidence, explained, appealed, verified; confirmed or withdrawn, never erased."""

from __future__ import annotations

from xiaoneng.rules.grounds import LICENSING, Basis
from xiaoneng.rules.procedures.table import ClockName, Document, Move, Procedure, State, start, stop
from xiaoneng.rules.roles import Role

DRAFT = "draft"
ISSUED = "issued"
EXPLAINED = "explained"
APPEALED = "appealed"
WITHDRAWING = "withdrawing"
UPHELD = "upheld"
FINAL = "final"
WITHDRAWN = "withdrawn"

SUPERVISION = "平台效能监察规则"
YELLOW_CARD = Document("yellow_card", "黄牌通知书", "效黄", of_region=True)
RED_CARD = Document("red_card", "红牌通知书", "效红", of_region=True)
WITHDRAWAL = Document("card_withdrawal", "撤牌通知书", "效撤", of_region=True)

ORDERED_TO_MEND = Basis(
    LICENSING,
    74,
    "",
    "行政机关实施行政许可，有下列情形之一的，由其上级行政机关或者监察机关责令改正，"
    "对直接负责的主管人员和其他直接责任人员依法给予行政处分",
)
ANSWERS = Basis(SUPERVISION, "", "", "被发牌的单位在期限内书面说明原因和整改情况；逾期不说明的，按现有证据核实")
HEARD = Basis(SUPERVISION, "", "", "单位对牌不服的，可以申诉一次；申诉期间不停止整改，由效能办复核")
TWO_PERSONS = Basis(SUPERVISION, "", "", "撤牌由一名监察员提出、另一名监察员复核，写明理由；撤牌恢复扣分，记录保留")
UNTRUE = Basis(SUPERVISION, "", "", "期限依法重算后不再超期的，平台撤回据此发出的牌，恢复扣分，记录保留")

_UNIT = (Role.HEAD, Role.REVIEWER, Role.WINDOW)
_OPEN = (ISSUED, EXPLAINED, APPEALED, WITHDRAWING, UPHELD)
_ALL = (ClockName.REPLY, ClockName.VERIFICATION, ClockName.APPEAL)

PROCEDURE = Procedure(
    kind="card",
    label="监察牌",
    mark="P",
    initial=DRAFT,
    states=(
        State(DRAFT, "拟发牌", Role.SUPERVISOR),
        State(ISSUED, "已发牌，待说明", Role.HEAD),
        State(EXPLAINED, "已说明，待核实", Role.SUPERVISOR),
        State(APPEALED, "已申诉，待复核", Role.SUPERVISOR),
        State(WITHDRAWING, "拟撤牌，待另一人复核", Role.SUPERVISOR),
        State(UPHELD, "已维持，可以申诉", Role.HEAD),
        State(FINAL, "已生效", None, closed=True),
        State(WITHDRAWN, "已撤牌", None, closed=True),
    ),
    moves=(
        Move(
            "issue_yellow", "发黄牌", (DRAFT,), (ISSUED,), (Role.SUPERVISOR, Role.PLATFORM), ORDERED_TO_MEND,
            clock=start(ClockName.REPLY), document=YELLOW_CARD, numbers=("number",),
        ),
        Move(
            "issue_red", "发红牌", (DRAFT,), (ISSUED,), (Role.SUPERVISOR, Role.PLATFORM), ORDERED_TO_MEND,
            clock=start(ClockName.REPLY), document=RED_CARD, numbers=("number",),
        ),
        Move(
            "explain", "说明情况", (ISSUED,), (EXPLAINED,), _UNIT, ANSWERS,
            clock=stop(ClockName.REPLY) + start(ClockName.VERIFICATION), key="s",
        ),
        Move(
            "appeal", "申诉", (ISSUED, EXPLAINED, UPHELD), (APPEALED,), (Role.HEAD,), HEARD,
            clock=stop(*_ALL) + start(ClockName.VERIFICATION), key="a",
        ),
        Move(
            "confirm", "核实，维持", (ISSUED, EXPLAINED), (UPHELD,), (Role.SUPERVISOR,), ANSWERS,
            clock=stop(*_ALL) + start(ClockName.APPEAL), key="g",
        ),
        Move(
            "reject_appeal", "驳回申诉，维持", (APPEALED,), (FINAL,), (Role.SUPERVISOR,), HEARD, clock=stop(*_ALL), key="g",
        ),
        Move(
            "propose_withdrawal", "提出撤牌", (ISSUED, EXPLAINED, APPEALED, UPHELD), (WITHDRAWING,), (Role.SUPERVISOR,),
            TWO_PERSONS, clock=stop(*_ALL) + start(ClockName.VERIFICATION), key="t",
        ),
        Move(
            "withdraw_card", "复核同意，撤牌", (WITHDRAWING,), (WITHDRAWN,), (Role.SUPERVISOR,), TWO_PERSONS,
            clock=stop(*_ALL), document=WITHDRAWAL, key="w",
        ),
        Move(
            "decline_withdrawal", "复核不同意，维持", (WITHDRAWING,), (UPHELD, FINAL), (Role.SUPERVISOR,), TWO_PERSONS,
            clock=stop(*_ALL) + start(ClockName.APPEAL), key="n",
        ),
        Move("settle", "申诉期满，生效", (UPHELD,), (FINAL,), (Role.PLATFORM,), HEARD, clock=stop(*_ALL)),
        Move(
            "withdraw_untrue", "期限重算，撤回", (*_OPEN, FINAL), (WITHDRAWN,), (Role.PLATFORM,), UNTRUE,
            clock=stop(*_ALL), document=WITHDRAWAL,
        ),
        Move(
            "recalculate", "日历变动，重算期限", _OPEN, _OPEN, (Role.PLATFORM,),
            Basis("全国年节及纪念日放假办法", 7, "", "具体放假安排由国务院办公厅通知公布，期限随之重算"),
        ),
    ),
)  # fmt: skip

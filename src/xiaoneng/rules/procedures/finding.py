"""A finding: something that looks like a trick. The department is asked and explains; a supervisor decides what it was."""

from __future__ import annotations

from xiaoneng.rules.grounds import Basis
from xiaoneng.rules.procedures.card import SUPERVISION
from xiaoneng.rules.procedures.table import ClockName, Move, Procedure, State, start, stop
from xiaoneng.rules.roles import Role

DRAFT = "draft"
FOUND = "found"
ASKED = "asked"
EXPLAINED = "explained"
CONFIRMED = "confirmed"
RECTIFIED = "rectified"
DISMISSED = "dismissed"

FINDS = Basis(SUPERVISION, "", "", "平台按公开的规则发现疑点，只作线索；暗访、自查和抽查发现的，写明事实并附证据")
ASKS = Basis(SUPERVISION, "", "", "疑点由监察员核看后发给单位，单位在期限内书面说明；逾期不说明的，按现有证据认定")
DECIDES = Basis(SUPERVISION, "", "", "听取单位说明以后，由监察员认定属实或者不成立，写明理由，记录保留")
MENDS = Basis(SUPERVISION, "", "", "认定属实的，单位在期限内整改并报告结果，列入整改清单")
_UNIT = (Role.HEAD, Role.REVIEWER, Role.WINDOW)
_ALL = stop(ClockName.REPLY, ClockName.VERIFICATION)
WAITING_FOR_UNIT = (ASKED, CONFIRMED)
_OPEN = (FOUND, ASKED, EXPLAINED, CONFIRMED)

PROCEDURE = Procedure(
    kind="finding",
    label="监察发现",
    mark="X",
    initial=DRAFT,
    states=(
        State(DRAFT, "拟登记", Role.SUPERVISOR),
        State(FOUND, "疑点，待核看", Role.SUPERVISOR),
        State(ASKED, "已发单位，待说明", Role.HEAD),
        State(EXPLAINED, "已说明，待认定", Role.SUPERVISOR),
        State(CONFIRMED, "属实，待整改", Role.HEAD),
        State(RECTIFIED, "属实，已整改", None, closed=True),
        State(DISMISSED, "不成立", None, closed=True),
    ),
    moves=(
        Move(
            "find", "发现疑点", (DRAFT,), (FOUND,), (Role.PLATFORM, Role.SUPERVISOR, Role.HEAD), FINDS,
            numbers=("number",),
        ),
        Move("ask", "发单位说明", (FOUND,), (ASKED,), (Role.SUPERVISOR,), ASKS, clock=start(ClockName.REPLY), key="t"),
        Move(
            "explain", "书面说明", (ASKED,), (EXPLAINED,), _UNIT, ASKS,
            clock=stop(ClockName.REPLY) + start(ClockName.VERIFICATION), key="s",
        ),
        Move(
            "confirm", "认定属实", (ASKED, EXPLAINED), (CONFIRMED,), (Role.SUPERVISOR,), DECIDES,
            clock=_ALL + start(ClockName.REPLY), key="g",
        ),
        Move("dismiss", "认定不成立", (FOUND, ASKED, EXPLAINED), (DISMISSED,), (Role.SUPERVISOR,), DECIDES, clock=_ALL, key="n"),
        Move("rectify", "报告整改结果", (CONFIRMED,), (RECTIFIED,), _UNIT, MENDS, clock=_ALL, key="s"),
        Move(
            "recalculate", "日历变动，重算期限", _OPEN, _OPEN, (Role.PLATFORM,),
            Basis("全国年节及纪念日放假办法", 7, "", "具体放假安排由国务院办公厅通知公布，期限随之重算"),
        ),
    ),
)  # fmt: skip

"""Tricks put together from what is allowed piece by piece: rules of the same form as the others."""

from __future__ import annotations

from xiaoneng.rules.delivery import IN_TRANSIT
from xiaoneng.rules.findings_form import Rule, local
from xiaoneng.rules.grounds import LICENSING, Basis

_WHERE_TO = Basis(LICENSING, 32, "一款二项", "依法不属于本行政机关职权范围的，应当告知申请人向有关行政机关申请")

COMBINED = (
    Rule(
        "F-SHUTTLED", 1, "互相推诿", "同一申请说应当向另一单位申请，那个单位却早已说过不归它办", _WHERE_TO, {"days": 60},
    ),
    Rule(
        "F-BORROWED-KEY", 1, "借申请人的账号撤回", "转黄以后，窗口给申请人发了新密码，不久就以申请人的账号撤回",
        local("只有申请人可以撤回申请"), {"within": 24},
    ),
    Rule(
        "F-POSTED-AWAY", 1, "到期日寄出就脱手",
        "送达期限最后一天才登记寄出，随即把件转给别人或者放回；信一直没有结果，转红落在别人手里",
        IN_TRANSIT, {"before": 24, "held": 3, "days": 120},
    ),
    Rule(
        "F-SAME-ANSWER", 1, "答复千篇一律", "同一个人用完全相同的话答复催办、督办、提醒，报告整改",
        local("对催办的答复要兑现，不得以答复代替办理"), {"times": 10, "days": 90},
    ),
    Rule(
        "F-WARNED-LATE", 1, "改预警遮停表",
        "预警一度改晚，不久又改了回来；其间停表、终止、撤回、告知补正的件，按原来的规则早已转黄",
        local("预警的规则不得为遮掩临近到期的停表、终止临时改动"), {"days": 31},
    ),
    Rule(
        "F-LIMIT-MEANWHILE", 1, "收件以后延长承诺期限",
        "收件以后、受理以前公布了更长的承诺期限，件按长的期限办，按收件时的承诺早已超期",
        local("承诺的期限公布以后不得为遮掩超期临时延长"), {"days": 120},
    ),
)  # fmt: skip

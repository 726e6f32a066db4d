"""Which breach calls for which card, on which ground; and whether a card still rests on something true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from xiaoneng.rules.grounds import BUSINESS_CLIMATE, DELIVERY_TIME, LICENSING, ONE_TIME_NOTICE, Basis
from xiaoneng.rules.procedures.card import SUPERVISION
from xiaoneng.rules.procedures.table import ClockName


class Level(StrEnum):
    """How grave a card is. A warning is a light and a reminder, no card."""

    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        """Return the card's Chinese name."""
        return {"yellow": "黄牌", "red": "红牌"}[self.value]


@dataclass(frozen=True, slots=True)
class Rule:
    """A breach: its code, the version of its wording, the level it calls for, its ground, and since when it holds.

    `clocks` are those whose red light is this breach; a rule without any is found by people or by detectors.
    """

    code: str
    version: int
    label: str
    level: Level
    basis: Basis
    since: date
    clocks: tuple[ClockName, ...] = ()


_FROM = date(2020, 1, 1)
_LATE = Basis(LICENSING, 74, "第二项", "对符合法定条件的申请人不予行政许可或者不在法定期限内作出准予行政许可决定的")
_PROMISED = Basis(BUSINESS_CLIMATE, 36, "二款", "超过办理时间的，办理单位应当公开说明理由")
_FEES = Basis(LICENSING, 59, "", "行政机关实施行政许可，依照法律、行政法规收取费用的，应当按照公布的法定项目和标准收费")
_LOCAL = Basis(SUPERVISION, "", "", "一次性告知、首问负责、限时办结和实时录入由效能办监察")

RULES = (
    Rule("V-LATE-P", 1, "超过承诺期限", Level.YELLOW, _PROMISED, _FROM, (ClockName.PROMISED,)),
    Rule("V-LATE-S", 1, "超过法定期限", Level.RED, _LATE, _FROM, (ClockName.STATUTORY,)),
    Rule("V-DEEMED", 1, "五个工作日内没有告知，视为受理", Level.RED, ONE_TIME_NOTICE, _FROM, (ClockName.PRE_ACCEPTANCE,)),
    Rule("V-DELIV", 1, "超过送达期限", Level.YELLOW, DELIVERY_TIME, _FROM, (ClockName.DELIVERY,)),
    Rule(
        "V-SUSP", 1, "特别程序或者等待超过书面告知的时间", Level.YELLOW,
        Basis(LICENSING, 45, "", "行政机关应当将所需时间书面告知申请人"), _FROM, (ClockName.SPECIAL, ClockName.WAIT),
    ),
    Rule(
        "V-HEAR", 1, "没有按期组织听证", Level.YELLOW,
        Basis(LICENSING, 47, "一款", "行政机关应当在二十日内组织听证"), _FROM, (ClockName.HEARING,),
    ),
    Rule("V-TASK", 1, "其他事项超过规定期限", Level.YELLOW, _LOCAL, _FROM),
    Rule("V-STAGE", 1, "环节超时", Level.YELLOW, _PROMISED, _FROM),
    Rule("V-ACC", 1, "拒收、不予受理没有理由", Level.RED,
         Basis(LICENSING, 72, "第一项", "对符合法定条件的行政许可申请不予受理的"), _FROM),
    Rule("V-ONCE", 1, "没有一次性告知", Level.YELLOW,
         Basis(LICENSING, 72, "第四项", "申请人提交的申请材料不齐全、不符合法定形式，不一次告知申请人必须补正的全部内容的"),
         _FROM),
    Rule("V-REASON", 1, "不予许可没有说明理由", Level.RED,
         Basis(LICENSING, 72, "第七项", "未依法说明不受理行政许可申请或者不予行政许可的理由的"), _FROM),
    Rule("V-FEE", 1, "违规收费", Level.RED, _FEES, _FROM),
    Rule("V-OUT", 1, "体外循环、先办后录", Level.RED, _LOCAL, _FROM),
    Rule("V-ABS", 1, "脱岗、窗口无人", Level.YELLOW, _LOCAL, _FROM),
    Rule("V-OTHER", 1, "其他影响效能的情形", Level.YELLOW, _LOCAL, _FROM),
)  # fmt: skip
_BY_CODE = {rule.code: rule for rule in RULES}
# A card about a card, or about the office's own verification, would chase its own tail.
NEVER_ABOUT = ("card", "accountability", "red_light_register", "record_register", "imported_case")


def rule(code: str) -> Rule | None:
    """Return the rule of a code, or nothing."""
    return _BY_CODE.get(code)


def rule_for(kind: str, clock: str) -> Rule | None:
    """Return the rule that a red light of this clock of such a matter breaks, or nothing.

    What the office itself has to verify in time is no department's breach; any other clock has at least the general rule.
    """
    if kind in NEVER_ABOUT or clock == ClockName.VERIFICATION:
        return None
    return next((each for each in RULES if clock in each.clocks), _BY_CODE["V-TASK"])


def is_untrue(since: datetime, red_at: datetime | None) -> bool:
    """Tell whether a red light said to have come true at an instant is no longer what its clock says.

    :param red_at: the clock's red instant now; none when it was taken out of the count.
    """
    return red_at != since


def points(level: str, yellow: int, red: int) -> int:
    """Return the points that a card of a level takes off."""
    return red if level == Level.RED else yellow

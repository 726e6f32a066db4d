"""Tricks that cover lateness up: rules of the same form as the others, each with its ground and thresholds."""

from __future__ import annotations

from xiaoneng.rules.delivery import PUBLIC, SIGNED
from xiaoneng.rules.findings_form import Rule, local
from xiaoneng.rules.grounds import DELIVERY_TIME, TIME_NOT_COUNTED

COVERING = (
    Rule(
        "F-PAUSE-IDLE", 1, "有了结论还停着表",
        "听证笔录、评审意见早已登记，或者停表以前就有，却过了几个工作日才恢复计时", TIME_NOT_COUNTED, {"working_days": 3},
    ),
    Rule(
        "F-OTHER-ITEM", 2, "换个事项重报", "转黄以后撤回、终止、不予受理，不久内容相同的申请又按本单位的另一个事项重报",
        local("不得以撤回重报重新起算期限"), {"days": 30},
    ),
    Rule(
        "F-OLDER-ENDED", 1, "以重复为由终止先报的", "两件重复的，终止了先收件、已经受理的一件，留下后报的，期限因此重新起算",
        local("重复的申请留先收件的一件，期限从它起算"),
    ),
    Rule(
        "F-ASKED-AGAIN", 1, "反复征求意见", "同一件反复征求同一部门的意见，没有等到答复又重新征求，答复期限因此重新起算",
        local("被征求的部门在约定的期限内答复，不得以重新征求延长"), {"times": 2},
    ),
    Rule(
        "F-OWN-HANDS", 1, "本单位的人代签收", "直接送达，签收人却是经办人或者本单位工作人员", SIGNED,
    ),
    Rule(
        "F-NOTICE-FIRST", 1, "没有试过就公告送达", "没有用别的方式送过就公告送达，送达期限因此不再计算", PUBLIC,
    ),
    Rule(
        "F-ONE-LETTER", 1, "一个邮件号寄许多人", "同一个邮件号登记给住处不同的许多申请人", DELIVERY_TIME,
        {"days": 30, "times": 3},
    ),
    Rule(
        "F-LENT", 2, "将超期时借手",
        "领办几天没有办理，临近转红转给别人，转红以后又收回；其间本人照常在办别的件，最后一天装样子办的不算",
        local("谁领办谁负责，不得临近到期推给别人"), {"before": 24, "held": 3},
    ),
    Rule(
        "F-PADDED", 1, "重复办件充数", "同一申请人内容、材料完全相同的申请一再准予，像是为了凑件数、拉高按期办结率",
        local("一件事项只能受理一次"), {"days": 30, "times": 5},
    ),
    Rule(
        "F-CALENDAR-LATE", 1, "事后补放假遮超期", "一天到了或者过了以后才改成放假，那天却照常办了许多件，有的件因此没有超期",
        local("工作日按国家公布的放假安排计算，不得为遮掩超期改动日历"), {"days": 90, "least_cases": 5},
    ),
    Rule(
        "F-SPARED", 1, "专撤一个单位的牌", "一个单位的牌大多由监察员撤销，别的单位的牌却大多维持",
        local("牌的撤销对各单位一个尺度"), {"days": 90, "least_cases": 10, "share": 0.5},
    ),
)  # fmt: skip

"""What else than lateness the office looks for: each trick with its ground, its thresholds, and how it is met."""

from __future__ import annotations

from collections.abc import Mapping

from xiaoneng.rules.findings_combined import COMBINED
from xiaoneng.rules.findings_cover import COVERING
from xiaoneng.rules.findings_form import Met, Rule, Source
from xiaoneng.rules.findings_form import local as _local
from xiaoneng.rules.grounds import DELIVERY_TIME, LICENSING, ONE_TIME_NOTICE, TIME_NOT_COUNTED, Basis
from xiaoneng.rules.in_order import IN_ORDER

__all__ = ["BY_HAND", "RULES", "Met", "Rule", "Source", "comparable", "rose", "rule", "stands_out"]

_IN_REAL_TIME = _local("办理什么、何时办理，即时录入；不得体外循环、先办后录")
_LOOKED = _local("退回环节应当一次说清")
_SEPARATE = _local("受理、审查、决定由不同的人办理")
_REASONS = Basis(LICENSING, 38, "二款", "行政机关依法作出不予行政许可的书面决定的，应当说明理由")
_TWO = Basis(LICENSING, 34, "三款", "需要对申请材料的实质内容进行核实的，应当指派两名以上工作人员进行核查")
_READ = Basis(LICENSING, 34, "一款", "行政机关应当对申请人提交的申请材料进行审查")
_IN_TURN = _local("同一事项按受理先后办理，优先办理的写明理由")
_CALENDAR = _local("工作日按国家公布的放假安排计算，不得为遮掩超期改动日历")
_FEES = Basis(LICENSING, 59, "", "应当按照公布的法定项目和标准收费；所收取的费用必须全部上缴国库")
_EXTENDS = Basis(LICENSING, 42, "一款", "经本行政机关负责人批准，可以延长十日，并应当将延长期限的理由告知申请人")
_AT_WINDOW = _local("授权窗口办理的事项在窗口办，窗口不得只收件、不办理")
_ACCEPTS = Basis(LICENSING, 72, "第一项", "对符合法定条件的行政许可申请不予受理的")
_PEERS: dict[str, float] = {
    "days": 90,
    "sigmas": 2,
    "least_cases": 30,
    "least_peers": 3,
    "least_above": 0.1,
    "past": 180,
}

RULES = (
    Rule("F-LATE-ENTRY", 1, "事后补录", "所称发生、送达的时间比记入的时间早得多", _IN_REAL_TIME, {"hours": 4, "days": 3}),
    Rule(
        "F-OUT", 1, "先办后录", "从受理到决定只有几分钟，而事项有审查环节，像是办完才录入", _IN_REAL_TIME, {"minutes": 15}
    ),
    Rule("F-NIGHT", 1, "深夜登记窗口收件", "窗口收件登记在深夜，像是事后补登", _IN_REAL_TIME, {"from": 22, "to": 6}),
    Rule(
        "F-PAUSE-LATE", 1, "临近到期停表", "转黄以后才启动特别程序或者登记等待，期限因此后移", TIME_NOT_COUNTED
    ),
    Rule("F-PAUSE-AGAIN", 1, "反复停表", "同一件多次启动同一种特别程序或者等待", TIME_NOT_COUNTED, {"times": 2}),
    Rule("F-PAUSE-LONG", 2, "停表时间过长",
        "告知申请人的特别程序、等待时间特别长，或者几次加起来特别长", TIME_NOT_COUNTED, {"working_days": 60}),
    Rule(
        "F-PAUSE-EMPTY", 1, "停表没有实际办理",
        "以听证、专家评审停表，结束时没有听证笔录、评审意见", TIME_NOT_COUNTED,
    ),
    Rule("F-SECOND-NOTICE", 1, "再次告知补正", "同一件告知补正两次以上", ONE_TIME_NOTICE, {"times": 2}),
    Rule(
        "F-FIRST-ASKED", 1, "没有尽到首问、一次性告知", "再次告知的内容，第一次收件时就看得出来", ONE_TIME_NOTICE
    ),
    Rule(
        "F-REFILED", 2, "撤回重报、重置期限",
        "前一件由窗口代为撤回、由单位终止，或者转黄以后撤回，不久同一申请人就同一事项重报；"
        "换了名字，而材料相同或者电话、地址都相同的也算", _local("不得以撤回重报重新起算期限"),
        {"days": 30},
    ),
    Rule(
        "F-ENDED-LATE", 2, "将要超期时不了了之", "转黄以后由窗口代为撤回或者由单位终止，没有作出决定",
        _local("不得以撤回、终止代替按期办结"),
    ),
    Rule(
        "F-PRETEXT", 2, "借补正拖延", "要求补正的材料第一次就交了，补正时没有补交任何文件，却照样受理；分办件也一样",
        ONE_TIME_NOTICE,
    ),
    Rule(
        "F-SAME-AGAIN", 2, "先不予、后照办",
        "转黄以后不予受理、不予许可，或者受理以后让申请人撤回，不久内容相同的申请又受理、准予；材料也完全相同的，何时不予许可都算",
        _local("不得以不予、撤回重新起算期限"), {"days": 30},
    ),
    Rule("F-PAUSE-CHAIN", 1, "接连停表", "同一件以不同名目接连停表", TIME_NOT_COUNTED, {"times": 4}),
    Rule("F-STEP-RESET", 1, "环节将超时退回", "环节期限转黄以后退回前面的环节，环节期限重新起算", _LOOKED),
    Rule("F-SENT-AROUND", 1, "反复改送达方式", "同一件多次登记寄出、公告，送达期限因此不再计算", DELIVERY_TIME, {"times": 3}),
    Rule(
        "F-SESSION-MOVED", 1, "听证、核查一再改期", "同一件的听证、现场核查、公示一再取消重排", TIME_NOT_COUNTED, {"times": 2}
    ),
    Rule(
        "F-DATE-CORRECTED", 1, "更正文书日期", "以更正文书的方式改动已经发出的文书里的日期", _IN_REAL_TIME
    ),
    Rule(
        "F-PASSED-OVER", 1, "有数量限制的不按受理先后准予",
        "有数量限制的许可越过先受理的准予，写了理由；理由是否属实，请核对", IN_ORDER,
    ),
    Rule("F-SENT-BACK", 1, "反复退回环节", "同一件多次退回前面的环节，环节期限重新起算", _LOOKED, {"times": 3}),
    Rule("F-NO-REASON", 1, "不予决定理由空泛", "不予受理、不予许可的理由或者依据只有几个字", _REASONS, {"characters": 6}),
    Rule(
        "F-SAME-REASON", 2, "理由千件一面", "同一个人用完全相同的理由不予受理、不予许可、延长期限多件", _REASONS,
        {"times": 10, "days": 90},
    ),
    Rule(
        "F-RETURNS", 2, "补正率明显高于同类单位",
        "本单位要求补正的比例比其他单位高出许多；没有单位可比的，与本单位以往比，或者过了设定的比例",
        ONE_TIME_NOTICE, _PEERS,
    ),
    Rule(
        "F-REFUSALS", 2, "不予率明显高于同类单位",
        "本单位不予受理、不予许可的比例比其他单位高出许多；没有单位可比的，与本单位以往比，或者过了设定的比例",
        _ACCEPTS, _PEERS,
    ),
    Rule(
        "F-PAUSES", 2, "停表率明显高于同类单位",
        "本单位启动特别程序、等待的比例比其他单位高出许多；没有单位可比的，与本单位以往比，或者过了设定的比例",
        TIME_NOT_COUNTED, _PEERS,
    ),
    Rule(
        "F-EXTENSIONS", 2, "延期率明显高于同类单位",
        "本单位延长期限的比例比其他单位高出许多；没有单位可比的，与本单位以往比，或者过了设定的比例",
        _EXTENDS, _PEERS,
    ),
    Rule("F-ONE-PERSON", 1, "一人包办", "同一个人受理又审查，或者审查又决定；窗口当场办结的除外", _SEPARATE),
    Rule("F-GHOST-CHECK", 1, "核查人员分身", "同一个人的两次现场核查时间重叠而地点不同，或者一次不足两人", _TWO, {"minutes": 30}),
    Rule(
        "F-MONTH-END", 1, "月末突击办结", "一个月的决定大多集中在最后几天", _local("均衡办理，不得压件到月末突击办结"),
        {"least_cases": 20, "share": 0.6, "days": 3},
    ),
    Rule("F-DOUBLE", 1, "两头受理", "同一申请人的同一事项由两处同时受理在办", _local("一件事项只能受理一次")),
    Rule(
        "F-MAILBOX", 1, "窗口收发室", "事项授权窗口当场办结，却件件拿回单位决定", _AT_WINDOW, {"days": 90, "least_cases": 10}
    ),
    Rule(
        "F-QUEUE-JUMP", 1, "插队办理",
        "同一单位同一事项，一件后受理的越过许多件先受理、没有停表的先作了决定，而这些件没有被别的件越过", _IN_TURN,
        {"later": 1, "passed": 5, "looked_back": 30},
    ),
    Rule(
        "F-HANDED-ON", 2, "将超期时脱手",
        "领办几天没有办理，临近转红才把这一件转交别人或者放回，没有同时交出手里全部的件；接着就转红了，最后一天装样子办的不算",
        _local("谁领办谁负责，不得临近到期推给别人"), {"before": 24, "held": 3},
    ),
    Rule(
        "F-UNREAD", 1, "不看就批", "同一个人在极短的时间里接连决定许多件，来不及看", _READ, {"minutes": 1, "signed": 20}
    ),
    Rule(
        "F-SELF-ANSWERED", 1, "自己要、自己补",
        "转黄以后才告知补正，再由告知的人代为补正：没有文件，也没有看过原件，五个工作日因此重新起算", ONE_TIME_NOTICE,
    ),
    Rule(
        "F-HELD-BACK", 3, "收件压着不登记",
        "材料在窗口早就录齐了，过了几天才登记收件，这几天没有计入期限；先录的草稿搁着或者删掉、用同样的文件另录一份的，"
        "由另一个人登记的，也算", _IN_REAL_TIME,
        {"days": 5},
    ),
    Rule(
        "F-TURNED", 1, "以更正改动结论", "以更正笔误的名义，把准予改成不予，或者把不予改成准予",
        _local("决定本身要改的，应当依法撤销后重新作出"),
    ),
    Rule(
        "F-CALENDAR-BACK", 1, "改日历遮超期",
        "日历里的一天改动几版以后又改了回来，其间有的件因此没有转红，或者已经转红又变回未超期", _CALENDAR, {"days": 90},
    ),
    Rule(
        "F-LIMIT-BACK", 2, "改承诺期限遮超期",
        "承诺的期限延长没有多久又一次或者分几次改了回来，换了计算单位的折算成工作日比较；其间受理的件都按长的期限办",
        _local("承诺的期限公布以后不得为遮掩超期临时延长"), {"days": 30, "back": 0.8},
    ),
    Rule(
        "F-HOURS-BACK", 4, "改下班时间遮超期",
        "下班时间推迟一阵又改了回来，其间的件在到期日多出来的时间里才办，因此没有转红：或者临到期才改的，或者多出来的时间大多只办了这些件；"
        "申请人自己办的、没有把件往前办的，拿搁了一天以上的件凑数的，都不算",
        _local("期限算到到期日下班为止，不得为遮掩超期临时改动办公时间"),
        {"days": 31, "minutes": 30, "notice": 3, "among": 0.2, "least_cases": 3, "share": 0.5},
    ),
    Rule(
        "F-PASSED-AROUND", 1, "轮流转手", "一件在几个人手里转来转去，几天里谁也没有办，也没有停表",
        _local("谁领办谁负责，不得互相推诿"), {"times": 4, "days": 3},
    ),
    Rule(
        "F-BRINK", 2, "踩点受理",
        "同一个人经手的件，大多拖到五个工作日的最后一小时才受理、不予受理、告知补正，期限因此晚起算",
        _local("申请齐全的应当及时受理，不得一律拖到最后时刻"), {"days": 30, "minutes": 60, "least_cases": 10, "share": 0.5},
    ),
    Rule(
        "F-EMPTY-ANSWER", 1, "答复了不办", "催办以后答复会办，之后什么也没有办，没有停表，接着转红",
        _local("对催办的答复要兑现，不得以答复代替办理"), {"days": 7},
    ),
    *COVERING,
    *COMBINED,
    Rule(
        "F-BACK-DATED", 1, "倒签受理、决定时间", "记入的时间由数据库的时钟写下，谁也不能指定", _IN_REAL_TIME,
        met=Met.PREVENTED, shown_by="tests/matters/test_kernel.py::test_a_moment_more_than_two_seconds_off_must_be_claimed",
    ),
    Rule(
        "F-REWRITTEN", 1, "改动、删除办理日志", "日志只增不改，数据库的主人也不行", _IN_REAL_TIME, met=Met.PREVENTED,
        shown_by="tests/matters/test_kernel.py::test_not_even_the_owner_rewrites_the_journal_or_moves_a_state_without_an_entry",
    ),
    Rule(
        "F-UNLISTED-PAUSE", 1, "以法律没有列明的理由停表", "只有八种特别程序和事项公布的等待可以停表，且一律出具告知书",
        TIME_NOT_COUNTED, met=Met.PREVENTED,
        shown_by="tests/approval/test_special_procedures.py::test_nothing_but_the_eight_pauses_a_statutory_limit",
    ),
    Rule(
        "F-WRONG-EXTENSION", 1, "超期以后延期、无权的人延期", "期限届满以前、由没有审查过的负责人批准，只能一次", _EXTENDS,
        met=Met.PREVENTED,
        shown_by="tests/approval/test_extension.py::test_who_reviewed_the_case_does_not_approve_its_extension",
    ),
    Rule(
        "F-FEE", 1, "清单以外收费", "没有公布、没有法定依据的费用开不出缴款通知", _FEES, met=Met.PREVENTED,
        shown_by="tests/approval/test_fees.py::"
        "test_what_is_not_published_or_has_no_lawful_basis_or_no_lower_bound_cannot_be_demanded",
    ),
    Rule(
        "F-TILL", 1, "窗口直接收钱", "窗口和承办人没有收款这个动作，开单的人不能收款", _FEES, met=Met.PREVENTED,
        shown_by="tests/approval/test_fees.py::test_nobody_of_a_window_takes_money_and_nobody_takes_what_he_demanded",
    ),
    Rule(
        "F-ONE-OFFICER", 1, "一人核查", "不足两名工作人员的核查登记不了", _TWO, met=Met.PREVENTED,
        shown_by="tests/approval/test_hearings_and_checks.py::test_one_officer_checks_no_site",
    ),
    Rule(
        "F-WITHDRAWN", 1, "冒充申请人撤回", "窗口代为撤回，要有申请人手里的查询码", _local("只有申请人可以撤回申请"),
        met=Met.PREVENTED,
        shown_by="tests/approval/test_ends_without_a_decision.py::test_the_window_withdraws_only_with_the_applicants_code",
    ),
    Rule(
        "F-SELF-RATING", 1, "自评好评", "好差评还没有接入本平台，没有评价可以自评", _local("评价由办事人本人作出"),
        met=Met.NOT_APPLICABLE,
    ),
    Rule("F-PATROL", 1, "明查暗访发现", "脱岗、态度、环境和秩序等现场问题", _local("不定期明查暗访，发现问题的写明事实、附证据")),
    Rule("F-SELF", 1, "自查发现", "单位对照清单自查出来的问题", _local("单位定期自查，发现问题的列入整改清单")),
    Rule("F-AUDIT", 1, "抽查发现", "随机抽出的办件经查阅有问题", _local("抽查按公开的种子随机抽取，可以重算")),
)  # fmt: skip
_BY_CODE = {rule.code: rule for rule in RULES}
BY_HAND = {Source.PATROL: "F-PATROL", Source.SELF_EXAMINATION: "F-SELF", Source.AUDIT_SAMPLE: "F-AUDIT"}


def rule(code: str) -> Rule:
    """Return the rule of a code.

    :raises KeyError: there is none.
    """
    return _BY_CODE[code]


def stands_out(share: float, others: tuple[float, ...], thresholds: Mapping[str, float]) -> bool:
    """Tell whether a share is far above those of its peers: above their mean plus k standard deviations, and not by a hair.

    Whoever stands out is left out of the mean, or nobody among few could ever stand out.
    """
    if not comparable(others, thresholds):
        return False
    mean = sum(others) / len(others)
    deviation = (sum((each - mean) ** 2 for each in others) / len(others)) ** 0.5
    return bool(share > mean + max(thresholds["sigmas"] * deviation, thresholds["least_above"]))


def comparable(others: tuple[float, ...], thresholds: Mapping[str, float]) -> bool:
    """Tell whether there are peers enough to be compared with."""
    return len(others) >= thresholds["least_peers"]


def rose(share: float, cases: int, before: float, thresholds: Mapping[str, float]) -> bool:
    """Tell whether a share of so many cases is far above what the same office had before: by more than chance, and a hair."""
    deviation = (before * (1 - before) / cases) ** 0.5
    return bool(share > before + max(thresholds["sigmas"] * deviation, thresholds["least_above"]))

"""Acceptance with deferred documents (容缺受理): what may be promised, until when, and what a broken promise comes to.

No national statute regulates it. The rules follow two published local texts, 安阳市政务服务条例 art. 24 and 29 and
滨州市工程建设项目并联审批管理规定 art. 11; where the two differ, it is a setting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiaoneng.rules.acceptance import Handed
from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.proceedings import needed

PLATFORM_RULE = "平台办件规则"
PROMISED = Basis(
    PLATFORM_RULE, "", "",
    "基本条件具备、主要材料齐全，只缺次要材料的，申请人书面承诺限期补交后先予受理（参照安阳市政务服务条例第二十四条）",
)  # fmt: skip
ONLY_DEFERRABLE = Basis(PLATFORM_RULE, "", "", "可以容缺的材料由事项公布；没有公布可以容缺的，是主要材料，不能容缺")
COMPLETE_BEFORE_DECISION = Basis(
    PLATFORM_RULE,
    "",
    "",
    "容缺受理的，材料补齐后才作准予决定；事项公布可以先发证的除外（参照安阳市政务服务条例第二十四条）",
)
DEFAULTED = Basis(
    PLATFORM_RULE, "", "",
    "承诺期满没有补交的，视为撤回申请（参照安阳市政务服务条例第二十四条）或者不予许可（参照滨州市并联审批管理规定第十一条），"
    "由各地设定；已经先发证的，转撤销处理",
)  # fmt: skip
BARRED = Basis(
    PLATFORM_RULE, "", "", "承诺没有履行的，一定期间内不再适用容缺受理和告知承诺（参照安阳市政务服务条例第二十九条）"
)
POSTPONED = Basis(
    PLATFORM_RULE, "", "", "因不可抗力不能按期补交的，经部门负责人批准延长补交期限，一次为限（参照民法典第一百八十条）"
)
EXCUSED = Basis(
    PLATFORM_RULE, "", "",
    "因不可抗力、行政机关的原因或者其他不能归责于申请人的理由没有按期补交的，不作为没有履行承诺：经部门负责人写明理由批准，"
    "重新给出补交期限，一次为限，不再限制适用容缺受理和告知承诺（参照民法典第一百八十条、行政诉讼法第四十八条）",
)  # fmt: skip
EXCUSES = {
    "force_majeure": "不可抗力", "organ": "行政机关的原因，例如应当由机关出具的材料没有按期出具",
    "other": "其他不能归责于申请人的正当理由",
}  # fmt: skip
ORDERED = Basis(
    PLATFORM_RULE, "", "",
    "先发证后逾期没有补交的，负责人可以责令限期补齐，一次为限，补齐后核查；仍不补齐的，撤销（参照安阳市政务服务条例第二十八条）",
)  # fmt: skip
DEFAULT_DAYS = 10  # working days, where the version publishes none for a material
WITHDRAWN, TO_REFUSAL = "withdrawn", "refused"
CONSEQUENCES = {WITHDRAWN: "视为撤回申请，终止办理", TO_REFUSAL: "不予许可"}


@dataclass(frozen=True, slots=True)
class Deferrable:
    """A material that a version lets an applicant hand in later, and within how many working days."""

    slot: str
    name: str
    days: int | None = None


def outstanding(handed: Iterable[Handed]) -> tuple[Handed, ...]:
    """Return the required materials of which nothing was handed in."""
    return tuple(each for each in handed if each.required and each.count == 0)


def covered(handed: Iterable[Handed], promised: Collection[str], deferrable: Collection[str]) -> frozenset[str]:
    """Return the names of what is missing now and may come later, as it was promised."""
    return frozenset(each.name for each in outstanding(handed) if each.name in promised and each.name in deferrable)


def length(days: Sequence[int | None], promised: int | None) -> WorkingDays:
    """Return how long an applicant has: the shortest of the materials' days, and never longer than the promise.

    :param promised: the item's promised limit in working days, where it has one; nothing where the item issues early.
    """
    shortest = min((each or DEFAULT_DAYS for each in days), default=DEFAULT_DAYS)
    return WorkingDays(max(1, min(shortest, promised) if promised is not None else shortest))


def to_promise(
    promised: Collection[str],
    deferrable: Collection[str],
    agreed: bool,
    barred_until: date | None,
    *,
    known: bool = True,
) -> tuple[Obstacle, ...]:
    """Return what stands against a promise to hand materials in later; both collections hold names of materials.

    :param known: whether who asks is known to be the applicant.
    """
    if not promised:
        return ()
    found = [
        Obstacle("deferred", f"“{name}”是主要材料，不能容缺。", ONLY_DEFERRABLE, f"请现在提交“{name}”。")
        for name in promised
        if name not in deferrable
    ]
    if not agreed:
        remedy = "请勾选承诺，或者现在提交这些材料。"
        found.append(Obstacle("promise", "还没有作出补交承诺。", PROMISED, remedy))
    return (*found, *barred(barred_until, known=known))


def barred(until: date | None, *, known: bool = True) -> tuple[Obstacle, ...]:
    """Return the obstacle of who broke an earlier promise, as long as it holds.

    :param known: whether who asks is known to be the applicant; nobody else is told why and how long.
    """
    if until is None:
        return ()
    if not known:
        message = "这位申请人现在不能用容缺受理和告知承诺。"
        remedy = (
            "请按一般方式申请，材料一次交齐。原因请申请人用本人的账号查看，或者带身份证件到窗口查询；"
            "证件号填错的，请改正后再试。"
        )
        return (Obstacle("barred", message, BARRED, remedy),)
    message = f"申请人此前作出的承诺没有履行，{until} 以前不能再用容缺受理和告知承诺。"
    return (Obstacle("barred", message, BARRED, "请按一般方式申请，材料一次交齐。"),)


def barred_until(defaulted_on: date | None, days: int, today: date) -> date | None:
    """Return until when a default bars its applicant from promising again, or nothing where it does not any more."""
    if defaulted_on is None or days <= 0:
        return None
    until = defaulted_on + timedelta(days=days)
    return until if until > today else None


def to_decision(names: Collection[str], *, early: bool) -> tuple[Obstacle, ...]:
    """Return what stands against granting while promised materials have not come."""
    if not names or early:
        return ()
    message = f"容缺的材料还没有补齐：{'、'.join(names)}。"
    return (
        Obstacle("deferred", message, COMPLETE_BEFORE_DECISION, "请等申请人补齐；期满没有补交的，平台按规则处理。"),
    )


def to_order(owed: bool, delivered: bool, again: bool, days: int, text: str) -> tuple[Obstacle, ...]:
    """Return what stands against ordering what did not come to be put right, instead of revoking at once.

    :param owed: a document promised for later did not come; a commitment found untrue is no such case.
    :param again: it was to be put right once already.
    """
    if not owed or not delivered:
        message = "只有先发证并已送达、容缺材料逾期没有补交的，才能责令限期补齐。"
        return (Obstacle("order", message, ORDERED, "请作出撤销或者不予撤销的决定。"),)
    if again:
        return (Obstacle("again", "已经责令改正过一次。", ORDERED, "请作出撤销或者不予撤销的决定。"),)
    wrong = Obstacle("days", "改正期限应为 1 至 60 个工作日。", ORDERED, "请写明几个工作日内改正。")
    return (*(() if 1 <= days <= 60 else (wrong,)), *needed(text, "text", "责令改正的内容", ORDERED))


def to_excuse(broken: bool, again: bool, ground: str, days: int, reason: str, *, goes_on: bool) -> tuple[Obstacle, ...]:
    """Return what stands against excusing a default: there must be one, and a ground that is not the applicant's.

    :param again: it was excused once already, and the new time has passed too.
    :param goes_on: the case is open, so that there must be days in which the documents come after all.
    """
    if not broken:
        message = "本件没有逾期未补交的容缺材料，或者已经免责。"
        return (Obstacle("excuse", message, EXCUSED, "还在期限内的，用延长补交期限；已经责令改正的，按核查结果办理。"),)
    if again:
        return (Obstacle("excuse", "已经免责过一次，重新给出的期限也过了。", EXCUSED, "请按承诺未履行的后果办理。"),)
    found = []
    if ground not in EXCUSES:
        found.append(Obstacle("ground", "还没有选免责的情形。", EXCUSED, f"请选一种：{'；'.join(EXCUSES.values())}。"))
    if goes_on and not 1 <= days <= 30:
        found.append(Obstacle("days", "重新给出的补交期限应为 1 至 30 个工作日。", EXCUSED, "请写明几个工作日内补交。"))
    return (*found, *needed(reason, "reason", "不能按期补交的事实和证明", EXCUSED))


def to_postponement(postponed: bool, over: bool, days: int, reason: str) -> tuple[Obstacle, ...]:
    """Return what stands against giving an applicant longer: once, before the end, by force majeure."""
    found = []
    if postponed:
        found.append(Obstacle("postponed", "补交期限已经延长过一次。", POSTPONED, "请等期满，按规则处理。"))
    if over:
        found.append(Obstacle("over", "补交期限已经届满。", POSTPONED, "期满的按承诺处理，不能再延长。"))
    if not 1 <= days <= 30:
        found.append(Obstacle("days", "延长天数应为 1 至 30 个工作日。", POSTPONED, "请改写天数。"))
    return (*found, *needed(reason, "reason", "不可抗力的情况", POSTPONED))

"""Notify and commit (告知承诺): told what is required, an applicant commits to it and is decided at once; checked after.

It follows 安阳市政务服务条例 art. 25-29 and 滨州市并联审批管理规定 art. 12; the State Council's guidance of 2020
(国办发〔2020〕42号) regulates the same for proofs. No national statute sets the periods: they are the item's own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from xiaoneng.rules.deferred import PLATFORM_RULE, barred
from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.proceedings import needed

COMMITTED = Basis(
    PLATFORM_RULE, "", "",
    "公布可以告知承诺的事项，申请人自愿选择，书面承诺符合条件后当场作出决定（参照安阳市政务服务条例第二十五条至第二十七条）",
)  # fmt: skip
FREE_CHOICE = Basis(PLATFORM_RULE, "", "", "申请人可以不选告知承诺，也可以在决定前收回承诺，按一般程序办理")
CHECKED_AFTER = Basis(
    LICENSING,
    61,
    "一款",
    "行政机关应当建立健全监督制度，通过核查反映被许可人从事行政许可事项活动情况的有关材料，履行监督责任。",
)
RECTIFIED = Basis(
    PLATFORM_RULE, "", "",
    "核查发现与承诺不符的，责令限期改正，一次为限；逾期不改或者仍不符的，撤销（参照安阳市政务服务条例第二十八条）",
)  # fmt: skip
REVOKED = Basis(LICENSING, 69, "二款", "被许可人以欺骗、贿赂等不正当手段取得行政许可的，应当予以撤销")
KEPT = Basis(LICENSING, 69, "三款", "依照前两款的规定撤销行政许可，可能对公共利益造成重大损害的，不予撤销")
TWO_CHECK = Basis(LICENSING, 34, "三款", "需要对实质内容进行核实的，应当指派两名以上工作人员进行核查")
CHECK_DAYS = 60  # working days, where the version publishes none
HANDLING = WorkingDays(10)  # for the authority to revoke or to say why not; a rule of the platform
AT_ONCE = WorkingDays(0)
TRUE, CORRECTABLE, FALSE = "true", "correctable", "false"
RESULTS = {TRUE: "与承诺相符", CORRECTABLE: "与承诺不符，可以限期改正", FALSE: "承诺不实或者不能改正，转撤销处理"}
DEFAULT_TEXT = (
    "本人（本单位）已知悉办理本事项应当具备的条件、标准和应当提交的材料，承诺已经符合告知的条件、标准，"
    "所填信息真实有效，愿意接受核查，并承担承诺不实、没有履行承诺的法律责任。"
)


def to_commit(open_: bool, agreed: bool, barred_until: date | None, *, known: bool = True) -> tuple[Obstacle, ...]:
    """Return what stands against applying by commitment.

    :param known: whether who asks is known to be the applicant.
    """
    found: list[Obstacle] = []
    if not open_:
        found.append(Obstacle("commitment", "这个事项没有公布可以告知承诺。", COMMITTED, "请改选“一般办理”。"))
    if not agreed:
        remedy = "请阅读承诺书后勾选同意，或者改选“一般办理”。"
        found.append(Obstacle("promise", "还没有同意承诺书。", COMMITTED, remedy))
    return (*found, *barred(barred_until, known=known))


def to_check(
    officers: Collection[int], serve: bool, result: str, days: int, findings: str, again: bool
) -> tuple[Obstacle, ...]:
    """Return what stands against recording a check after the decision.

    :param again: it was to be put right once already, so that a second time is out of question.
    """
    found: list[Obstacle] = []
    if len(set(officers)) < 2 or not serve:
        found.append(Obstacle("officers", "核查人员不足两名本部门工作人员。", TWO_CHECK, "请选两名以上。"))
    if result not in RESULTS:
        found.append(Obstacle("result", "还没有选核查结果。", CHECKED_AFTER, "三种结果选一种。"))
    if result == CORRECTABLE and again:
        found.append(Obstacle("result", "已经责令改正过一次，仍不符合。", RECTIFIED, "请选“转撤销处理”。"))
    if result == CORRECTABLE and not 1 <= days <= 60:
        found.append(Obstacle("days", "改正期限应为 1 至 60 个工作日。", RECTIFIED, "请写明几个工作日内改正。"))
    return (*found, *needed(findings, "findings", "核查情况", CHECKED_AFTER))

"""What follows from a false application: it is turned down with a warning, and for a while some licences are closed.

The time counts from the day of the decision to the corresponding day (民法典 arts. 201, 202). It is no period in which
something is to be done, so that its last day does not roll forward: that would only lengthen it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle
from xiaoneng.rules.workdays import local_day

FALSE = "false"  # the ground, as a journal writes it
BARRED = "barred"  # not accepted because the time of an earlier one is not over
BARRED_ITEM = "barred_item"  # the code of the obstacle that it is to a later application
GROUND = "隐瞒有关情况或者提供虚假材料"
SAFETY = "直接关系公共安全、人身健康、生命财产安全"
FALSE_MATERIAL = Basis(
    LICENSING, 78, "",
    "行政许可申请人隐瞒有关情况或者提供虚假材料申请行政许可的，行政机关不予受理或者不予行政许可，并给予警告；"
    "行政许可申请属于直接关系公共安全、人身健康、生命财产安全事项的，申请人在一年内不得再次申请该行政许可",
)  # fmt: skip
GOT_BY_FRAUD = Basis(
    LICENSING, 79, "",
    "被许可人以欺骗、贿赂等不正当手段取得行政许可的，行政机关应当依法给予行政处罚；取得的行政许可属于直接关系公共安全、"
    "人身健康、生命财产安全事项的，申请人在三年内不得再次申请该行政许可",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A time in which somebody may not apply for an item again: from which decision, of which case, how long."""

    since: datetime
    called: str  # the number of the case
    fraud: bool  # the licence had been got, and was revoked

    @property
    def basis(self) -> Basis:
        """Return the provision that closes the licence."""
        return GOT_BY_FRAUD if self.fraud else FALSE_MATERIAL

    @property
    def until(self) -> date:
        """Return its last day."""
        return last_day(local_day(self.since), fraud=self.fraud)

    def holds(self, applied_at: datetime) -> bool:
        """Tell whether an application made at this moment falls into it; one made before the decision does not."""
        return self.since < applied_at and local_day(applied_at) <= self.until


def last_day(decided_on: date, *, fraud: bool) -> date:
    """Return the last day on which an applicant may not apply again: one year after a refusal, three after fraud."""
    year = decided_on.year + (3 if fraud else 1)
    return date(year, 2, 28) if (decided_on.month, decided_on.day) == (2, 29) else decided_on.replace(year=year)


def to_applying(bar: Bar | None, item: str, *, known: bool = True) -> tuple[Obstacle, ...]:
    """Return what stands against applying for an item while its time is not over.

    :param known: whether who asks is known to be the applicant; nobody else is told why, from which case and how long.
    """
    if bar is None:
        return ()
    if not known:
        message = f"这位申请人现在不能申请“{item}”。"
        remedy = "请申请人用本人的账号查看原因，或者带身份证件到窗口查询；证件号填错的，请改正后再试。"
        return (Obstacle(BARRED_ITEM, message, bar.basis, remedy),)
    why = "以欺骗、贿赂等不正当手段取得的许可被撤销" if bar.fraud else f"因{GROUND}没有获得许可"
    message = f"申请人此前{why}（办件 {bar.called}），{bar.until} 以前（含当日）不能再次申请“{item}”。"
    remedy = (
        f"请在 {bar.until} 以后申请。对原决定不服的，可以按决定书写明的期限申请行政复议或者提起行政诉讼；"
        "证件号填错的，请改正后再试。"
    )
    return (Obstacle(BARRED_ITEM, message, bar.basis, remedy),)


def to_ground(ground: str, falsehood: str) -> tuple[Obstacle, ...]:
    """Return what stands against turning an application down as false: the material or fact must be named."""
    if ground == FALSE and not falsehood.strip():
        message = "还没有写明哪一份材料虚假，或者隐瞒了什么情况。"
        return (Obstacle("falsehood", message, FALSE_MATERIAL, "请写材料名称或者具体情况，会写进决定书。"),)
    if ground != FALSE and falsehood.strip():
        message = f"写了虚假的材料或者隐瞒的情况，但是情形没有选“{GROUND}”。"
        return (Obstacle("ground", message, FALSE_MATERIAL, "请改选情形，或者去掉这一栏。"),)
    return ()


def to_barred(ground: str, bar: Bar | None) -> tuple[Obstacle, ...]:
    """Return what stands against not accepting because of an earlier decision: there must be one."""
    if ground != BARRED or bar is not None:
        return ()
    message = "没有查到这位申请人被限制再次申请这个事项。"
    return (Obstacle("ground", message, FALSE_MATERIAL, "请选别的情形；材料不齐的，告知补正。"),)

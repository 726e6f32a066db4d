"""What may be charged: only what the item's version publishes, the lower bound of a range, in whole fen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle
from xiaoneng.rules.items.content import Fee, Rank
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures.fee import CHARGED, RETURNED, SEPARATED
from xiaoneng.rules.roles import Role

LICENCE = "行政许可"
PAY_WITHIN = WorkingDays(15)  # a rule of the platform; no statute gives a number
MOST_UNITS = 1_000_000
FREE_UNLESS = Basis(
    LICENSING,
    58,
    "一款",
    "行政机关实施行政许可和对行政许可事项进行监督检查，不得收取任何费用。但是，法律、行政法规另有规定的，依照其规定。",
)
_MAY_CHARGE = (Rank.LAW, Rank.ADMINISTRATIVE_REGULATION)


def fen(yuan: Decimal) -> int:
    """Return an amount of yuan in whole fen.

    :raises ValueError: it is no whole number of fen.
    """
    exact = yuan * 100
    if exact != exact.to_integral_value():
        raise ValueError(f"{yuan} 元不是整数分")
    return int(exact)


def yuan(amount: int) -> str:
    """Return an amount in fen as people read it: 12345 as 123.45 元."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}.{rest:02d} 元"


def price(tariff: Fee) -> int | None:
    """Return what one unit costs in fen: the published amount, the lower bound of a range; nothing where none is told.

    Where only an upper bound is published the lower one is nought, and what is not told is not charged.
    """
    return fen(tariff.low) if tariff.low is not None else None


def amount(tariff: Fee, units: int) -> int:
    """Return what so many units cost in fen; nought where the tariff tells no lower bound."""
    return (price(tariff) or 0) * units


def to_demand(tariff: Fee | None, units: int, kind: str) -> tuple[Obstacle, ...]:
    """Return what stands against demanding a fee of an item of this kind."""
    if tariff is None:
        message = "这个事项公布的收费项目里没有这一项，不能收。"
        return (Obstacle("tariff", message, CHARGED, "请从公布的收费项目里选；没有公布收费的事项不收费。"),)
    found: tuple[Obstacle, ...] = ()
    if not tariff.basis.strip():
        found += (
            Obstacle("basis", f"“{tariff.name}”没有公布依据，不能收。", FREE_UNLESS, "请先在事项版本里补上依据。"),
        )
    elif kind == LICENCE and tariff.basis_rank not in _MAY_CHARGE:
        message = f"“{tariff.name}”的依据不是法律、行政法规，办理行政许可不能收。"
        found += (Obstacle("basis", message, FREE_UNLESS, "请按不收费办理；事项版本里的收费应当清理。"),)
    if not price(tariff):
        message = f"“{tariff.name}”没有公布金额下限，按下限收费就是不收。"
        found += (Obstacle("amount", message, CHARGED, "不用开单，继续办理。"),)
    if not 1 <= units <= MOST_UNITS:
        found += (Obstacle("units", "数量应为 1 到 1000000 的整数。", CHARGED, "请按计费单位填写数量。"),)
    return found


def to_exemption(ground: str, published: str) -> tuple[Obstacle, ...]:
    """Return what stands against an exemption; it needs its ground, and a ground that the version publishes or a basis."""
    if not ground.strip():
        remedy = f"公布的减免情形：{published}。" if published else "没有公布减免情形的，请写明政策依据和文号。"
        return (Obstacle("ground", "还没有写减免的理由和依据。", CHARGED, remedy),)
    return ()


def to_refund(reason: str, basis: str, amount: int, left: int) -> tuple[Obstacle, ...]:
    """Return what stands against ordering a refund; one of a part says on which basis just that part goes back.

    :param amount: what is to be paid back, in fen.
    :param left: what was paid and has not been paid back yet, in fen.
    """
    found: tuple[Obstacle, ...] = ()
    if not reason.strip():
        found += (Obstacle("reason", "还没有写退费的理由。", RETURNED, "请写明为什么退、依据是什么。"),)
    if not 1 <= amount <= left:
        message = f"退 {yuan(amount)}，已缴而没有退的是 {yuan(left)}。"
        found += (Obstacle("amount", message, RETURNED, f"请填 0.01 元到 {yuan(left)}。"),)
    elif amount < left and not basis.strip():
        message = "只退一部分，还没有写依据。"
        found += (Obstacle("basis", message, RETURNED, "请写明按哪条规定、怎样算出这个金额。"),)
    return found


def to_collection(roles: Sequence[Role], demanded_by: int, account: int) -> tuple[Obstacle, ...]:
    """Return what stands against somebody's taking the money: whoever sits at a window or wrote the note may not."""
    found: tuple[Obstacle, ...] = ()
    if Role.WINDOW in roles:
        message = "窗口人员不经手钱款。"
        found += (Obstacle("window", message, SEPARATED, "请申请人到统一收费处缴，或者网上缴。"),)
    if demanded_by == account:
        found += (Obstacle("separation", "开单的人不能收这一笔。", SEPARATED, "请另一位收费人员办理。"),)
    return found

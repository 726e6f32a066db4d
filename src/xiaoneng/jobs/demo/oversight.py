"""How supervision goes about its days in 安澜: cards by rule, answers, appeals, an order, somebody called to account."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from xiaoneng.jobs.demo.city import City
from xiaoneng.matters import reads as matters
from xiaoneng.matters import thresholds
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.rules.procedures import card as states
from xiaoneng.rules.units import Threshold
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability, cards, models, orders, urging
from xiaoneng.supervision.responsible import Person
from xiaoneng.trail.actions import By

TOLD = 40  # cards whose story is told, at most
RECENT = 28  # working days on which the office and the departments see to them
LONG_AGO = timedelta(days=6)


def look_after(at: datetime) -> None:
    """Do what the worker does for supervision."""
    cards.issue_what_is_called_for(lambda: at)
    urging.remind_who_is_due(lambda: at)
    cards.settle_what_is_final(lambda: at)
    accountability.settle_what_is_final(lambda: at)


def morning(city: City, at: datetime) -> None:
    """Let the office and the departments do their day's work on the first cards of the story."""
    office = city.actors["supervisor"]
    second = _another(office, at)
    rows = (
        models.Card.objects.filter(by_hand=False, issued_at__lt=at)
        .select_related("matter")
        .order_by("matter_id")[:TOLD]
    )
    for place, row in enumerate(rows):
        _one(place, row, office, second, at)


def _another(office: Actor, at: datetime) -> Actor:
    others = org.colleagues_at("supervisor", 0, local_day(at))
    return Actor(*next(each for each in others.items() if each[0] != office.account))


def _one(place: int, row: models.Card, office: Actor, second: Actor, at: datetime) -> None:
    number, state, way = row.matter_id, row.matter.state, place % 6
    old = at - row.issued_at > LONG_AGO or way in (0, 1)
    if state == states.ISSUED and way in (0, 2, 5):
        head = _head(row.matter.department_id, at)
        cards.explain(number, text="专家评审排期晚于预计，已调整人手，今后提前一周预约。", by=head, at=at)
    elif state == states.ISSUED and way in (1, 4):
        head = _head(row.matter.department_id, at)
        cards.appeal(number, text="当日机房停电四小时，有停电公告为证，请予核实。", by=head, at=at)
    elif state == states.EXPLAINED and old:
        cards.confirm(number, opinion="情况属实，超期的事实清楚，维持。", by=office, at=at)
    elif state == states.APPEALED and way == 1:
        cards.propose_withdrawal(number, reason="停电公告与申诉一致，受影响的半天应当扣除。", by=office, at=at)
    elif state == states.APPEALED and old:
        cards.reject_appeal(number, opinion="停电不足半天，不影响按期办结，维持。", by=second, at=at)
    elif state == states.WITHDRAWING:
        cards.withdraw(number, opinion="证据充分，同意撤牌。", by=second, at=at)


def _head(department: int, at: datetime) -> Actor:
    return Actor(*next(iter(org.nearest_at("head", department, local_day(at)).items())))


def warn_of_some_earlier(city: City, at: datetime) -> None:
    """Let the administrator set that the lights of the first item warn earlier than others."""
    _warn(
        city,
        at,
        Threshold(30, 2),
        city.codes["gas"],
        local_day(at) + timedelta(days=1),
        "办理环节多，提前预警",
    )


def warn_of_all_earlier(city: City, at: datetime) -> None:
    """Let the administrator set that all lights warn earlier from next month on."""
    first = (local_day(at).replace(day=28) + timedelta(days=4)).replace(day=1)
    _warn(city, at, Threshold(25, 2), "", first, "安效办〔2026〕11号：预警提前到两个工作日")


def _warn(city: City, at: datetime, threshold: Threshold, item: str, since: date, reason: str) -> None:
    who = city.actors["sysadmin"]
    by = By(who.account, who.name)
    thresholds.change(kind="", item=item, threshold=threshold, since=since, reason=reason, by=by, at=at)


def spot_check(city: City, at: datetime) -> None:
    """Issue a card by hand about a late case, an order and an urging notice about two others."""
    office = city.actors["supervisor"]
    late = list(
        models.RedLight.objects.filter(matter__closed=False, matter__kind="application", since__lt=at)
        .order_by("-since").values_list("matter_id", flat=True).distinct()[:3]
    )  # fmt: skip
    for matter, act in zip(late, (_card_by_hand, _order, _urge), strict=False):
        act(matter, office, at)


def _card_by_hand(matter: int, office: Actor, at: datetime) -> None:
    department = matters.file(matter).department
    who = next(iter(org.nearest_at("reviewer", department, local_day(at)).items()))
    grounds = "上午十点暗访，窗口连续三十分钟无人值守，有照片。"
    cards.issue(matter, "V-ABS", level="red", grounds=grounds, person=Person(*who), by=office, at=at)


def _order(matter: int, office: Actor, at: datetime) -> None:
    orders.order(matter, wants="查明超期原因，五个工作日内办结，并书面回复。", days=5, by=office, at=at)


def _urge(matter: int, office: Actor, at: datetime) -> None:
    moved = orders.urge(matter, wants="申请人已两次来电询问，请答复何时办结。", by=office, at=at)
    head = _head(matters.file(matter).department, at)
    orders.answer(moved.matter, text="已与申请人联系，本周内办结。", by=head, at=at)


def call_to_account(city: City, at: datetime) -> None:
    """Let the card by hand become final, which leads to a proposal that waits for the person to speak."""
    row = models.Card.objects.filter(by_hand=True).select_related("matter").first()
    if row is None or row.matter.state != states.ISSUED:
        return
    second = _another(city.actors["supervisor"], at)
    cards.appeal(row.matter_id, text="当时在后台取件，请求从轻。", by=_head(row.matter.department_id, at), at=at)
    cards.reject_appeal(row.matter_id, opinion="监控显示窗口无人，申诉理由不能成立，维持。", by=second, at=at)

"""What every page knows: the city, the installation, who is signed in, a fresh key for its form."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from xiaoneng.approval.consulting import ANSWERS, for_my_department
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.org.stand_ins import standing_in
from xiaoneng.people.lifetimes import WARNED
from xiaoneng.people.models import Account
from xiaoneng.rules.roles import AT_THE_TILL, GRANTED, ON_LISTS, ON_PROJECTS, Onlooker, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision.issued_reads import UNIT
from xiaoneng.web import in_force
from xiaoneng.web.access import administrator
from xiaoneng.web.manage import sections


@lru_cache(maxsize=1)
def installation_kind() -> str:
    """Return what this installation declared itself; asked once, since a declaration is made once."""
    return matters.installation() or "undeclared"


def site(request: HttpRequest) -> dict[str, Any]:
    """Return what every page knows."""
    account = getattr(request, "user", None)
    known = in_force.values()
    signed_in: Any = account if isinstance(account, Account) or getattr(account, "is_authenticated", False) else None
    return {
        "site": {
            "name": known["site_name"],
            "city": known["city"],
            "address": known["hall_address"],
            "installation_kind": SimpleLazyObject(installation_kind),
        },
        "me": _me(signed_in),
        "nav": _nav(request, signed_in, held := _held(signed_in)),
        "seek": _seek(held),
        "stand_in": SimpleLazyObject(lambda: _stand_in(signed_in)),
        "last_days": SimpleLazyObject(lambda: _last_days(signed_in)),
        "large_print": request.COOKIES.get("large") == "1",
        "form_key": str(uuid4()),
    }


def _oversight(account: int, held: frozenset[Role]) -> list[tuple[str, str]]:
    """Return the places where supervision is read, or answered."""
    inspects = not held and org.holds_any(account, [Onlooker.DISCIPLINE], local_day(clock.now()))
    if inspects or held & {Role.SUPERVISOR, Role.LEADER}:
        records = [] if Role.LEADER in held else [("问责", "supervise:records")]
        board = [] if held else [("监察看板", "supervise:board")]
        return [
            *board,
            ("发现", "supervise:findings"),
            ("发牌", "supervise:cards"),
            ("督办", "supervise:orders"),
            *records,
        ]
    return [("监察事项", "staff:supervised")] if held & set(UNIT) else []


def _stand_in(account: Any) -> str:
    if account is None or account.kind != Account.Kind.STAFF:
        return ""
    return "；".join(str(each) for each in standing_in(account.pk, local_day(clock.now())))


def _last_days(account: Any) -> str:
    """Tell whose account ends soon on which day, and what to do about it."""
    last, today = getattr(account, "expires_on", None), local_day(clock.now())
    if last is None or last > today + WARNED:
        return ""
    left = f"还有 {(last - today).days} 天" if last > today else "今天是最后一天"
    return f"您的账号有效期到 {last:%-m月%-d日}为止，{left}。要延期的请找安全管理员；手上的件请提前交接。"


def _me(account: Any) -> dict[str, str] | None:
    if account is None:
        return None
    card = org.staff_card(account.pk) if account.kind == Account.Kind.STAFF else None
    return {"name": account.name, "post": f"{card.department} {card.post}" if card else ""}


def _held(account: Any) -> frozenset[Role] | None:
    """Return the roles somebody of the staff holds today; None for everybody else."""
    if account is None or account.kind != Account.Kind.STAFF:
        return None
    return org.all_roles_of(account.pk, local_day(clock.now()))


def _seek(held: frozenset[Role] | None) -> dict[str, str] | None:
    """Return what the field in the head looks for: cases where somebody sees any, items for who keeps the lists."""
    if held and held & set(GRANTED):
        return {"label": "查办件", "words": "编号、申请人、事项", "url": reverse("staff:worklist")}
    if held and held & set(ON_LISTS):
        return {"label": "查清单", "words": "清单上的事项", "url": reverse("powers:powers")}
    return None


def _nav(request: HttpRequest, account: Any, held: frozenset[Role] | None) -> list[tuple[str, str, bool]]:
    if held is None:
        return []
    if not held and administrator(account):
        return sections.nav(request, administrator(account))
    match = request.resolver_match
    here = match.view_name if match else ""
    return [(label, reverse(name), name == here) for label, name in _places(account.pk, held)]


def first_place(account: int, held: frozenset[Role]) -> str:
    """Return the name of the page on which the day of somebody with such roles begins: the first place of the head."""
    return next((name for _, name in _places(account, held)), "staff:worklist")


def _runs_the_centre(account: int, held: frozenset[Role]) -> bool:
    """Tell whether somebody runs the service centre; most of the staff are no heads and are not asked about."""
    asked = not held or (Role.HEAD in held and not held & {Role.SUPERVISOR, Role.LEADER})
    return bool(asked) and org.holds_any(account, [Onlooker.CENTRE], local_day(clock.now()))


def _places(account: int, held: frozenset[Role]) -> list[tuple[str, str]]:
    boards = [("看板", "supervise:board"), ("办理情况", "supervise:period")] if _runs_the_centre(account, held) else []
    elsewhere = {Role.SUPERVISOR, *ON_LISTS, *AT_THE_TILL, *ON_PROJECTS}
    places = [*boards, *([("工作台", "staff:worklist"), ("全部办件", "staff:all")] if held - elsewhere else [])]
    places += (
        [("监察看板", "supervise:board"), ("办理情况", "supervise:period")]
        if held & {Role.SUPERVISOR, Role.LEADER}
        else []
    )
    places += [("并联件", "staff:joints")] if held & {Role.WINDOW, Role.REVIEWER, Role.HEAD, Role.LEADER} else []
    places += [("代办", "staff:projects")] if held & {Role.AGENT, Role.LEADER} else []
    places += [("窗口收件", "staff:intake")] if Role.WINDOW in held else []
    asked = held & set(ANSWERS) and for_my_department(account, clock.now())
    places += [("征求意见", "staff:consultations")] if asked else []
    places += [("收费窗口", "till:home"), ("日对账", "till:day")] if Role.CASHIER in held else []
    places += [("证照", "staff:certificates")] if held & {Role.HEAD, Role.WINDOW, Role.REVIEWER} else []
    places += [("办理流程", "supervise:process")] if Role.SUPERVISOR in held else []
    places += [("清单", "lists:home")] if held & set(ON_LISTS) else []
    places += [("改革成效", "lists:reforms")] if held & {*ON_LISTS, Role.SUPERVISOR} else []
    return places + _oversight(account, held)

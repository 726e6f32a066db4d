"""The first page of each administrator: what wants looking after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xiaoneng.kit import clock
from xiaoneng.org import registers
from xiaoneng.people import reads as people
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local, local_day
from xiaoneng.trail import reads as trail
from xiaoneng.web import in_force, observe
from xiaoneng.web.access import Policy, account_of, administrator, policy

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look after, with where to do it; `grave` things come first."""

    what: str
    why: str
    url: str
    link: str
    grave: bool = False


@policy(Policy.ADMINISTRATOR)
@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Show what wants looking after."""
    roles, now = administrator(account_of(request)), clock.now()
    concerns: list[Concern] = []
    if Administrator.SYSTEM in roles:
        concerns += _of_the_system(now)
    if Administrator.SECURITY in roles:
        concerns += _of_security(now)
    shown = {
        "concerns": sorted(concerns, key=lambda each: not each.grave),
        "role": "、".join(each.label for each in roles),
        "checks": _checks() if Administrator.SYSTEM in roles else [],
        "counts": _counts(now) if Administrator.AUDIT in roles else [],
        "is_audit": Administrator.AUDIT in roles,
    }
    return render(request, "manage/home.html", shown)


def _of_the_system(now: datetime) -> list[Concern]:
    found, today = [], local_day(now)
    for each in registers.calendars():
        if today.year not in each.years:
            found.append(_provisional(each, today.year, grave=True))
        if local(now).month >= 11 and today.year + 1 not in each.years:
            found.append(_provisional(each, today.year + 1))
        if each.recalculated < each.version:
            text = "日历或者办公时间刚改过，后台正在把在办件的期限重算一遍，通常一分钟内完成。"
            found.append(Concern("在办件的期限正在重算", text, reverse("manage:calendars"), "看日历"))
    idle = registers.staff(state="idle", on=today).count()
    if idle:
        where = f"{reverse('manage:people')}?state=idle"
        found.append(
            Concern(
                f"{idle} 个账号没有任何角色",
                "没有角色就不能办件。新人请安全管理员授予角色，离岗的请停用。",
                where,
                "看名单",
            )
        )
    return found


def _provisional(each: registers.Almanac, year: int, *, grave: bool = False) -> Concern:
    return Concern(
        f"{each.name}日历还没有 {year} 年的放假安排",
        "跨到这一年的期限都是暂定。国务院办公厅的通知公布以后，请把放假和调休的日子录进来。",
        reverse("manage:year", args=[each.id, year]), f"看 {year} 年", grave,
    )  # fmt: skip


def _of_security(now: datetime) -> list[Concern]:
    found, today = [], local_day(now)
    if locked := people.closed_names(at=now, **in_force.lock()):
        found.append(
            Concern(
                f"{len(locked)} 个登录名被锁定",
                "连续输错密码。先弄清是本人忘了还是有人在试。",
                reverse("manage:locked"),
                "查看",
                True,
            )
        )
    ending = [each for each in registers.held_on(today) if each.last and today <= each.last <= today + SOON]
    if ending:
        text = "到期以后他们就不能再以这个角色办件。要接着用的，请凭新的文书再授一次。"
        found.append(
            Concern(f"{len(ending)} 个授权将在 30 天内到期", text, f"{reverse('manage:roles')}?ending=1", "看是哪些")
        )
    if soon := people.expiring(today, today + SOON):
        names = "、".join(f"{each.name}（{each.expires_on:%-m月%-d日}）" for each in soon[:8] if each.expires_on)
        text = (
            f"{names}{'等' if len(soon) > 8 else ''}。到期自动退出停用；要延的请凭新的文书设有效期，手上的件请先交接。"
        )
        found.append(
            Concern(f"{len(soon)} 个账号将在 30 天内到期", text, f"{reverse('manage:people')}?state=ending", "看名单")
        )
    if not in_force.values()["second_factor"]:
        text = "现在工作人员只凭密码登录。正式使用前请打开“工作人员必须双因素登录”。"
        found.append(Concern("双因素登录没有强制", text, reverse("manage:settings"), "去设置"))
    held = {each.code for each in registers.held_on(today) if each.state == "now"}
    for role in Administrator:
        if role.value not in held:
            text = "三员缺一，互相监督就不成立。"
            found.append(Concern(f"没有人担任{role.label}", text, reverse("manage:people"), "选人授权", True))
    return found


_PARTS = {
    "database": "数据库", "worker": "后台任务", "backlog": "待办的后台任务", "disk": "磁盘", "clock": "时钟",
    "findings": "监察发现",
}  # fmt: skip


def _checks() -> list[tuple[str, bool, str]]:
    found = observe.examined()
    said = {
        "database": f"应答 {found['database'].get('ms', '—')} 毫秒",
        "worker": f"{found['worker'].get('seconds') or '—'} 秒前报过平安",
        "backlog": f"{found['backlog'].get('jobs', '—')} 个在等",
        "disk": f"还剩 {found['disk']['share']:.0%}",
        "clock": f"与数据库相差 {found['clock'].get('seconds', '—')} 秒",
    }
    late = "、".join(found["findings"].get("unfinished", ()))
    said["findings"] = f"这些规则上次没有查完，下次再查：{late}" if late else "各条规则上次都查完了"
    return [(_PARTS[name], bool(found[name]["ok"]), said[name]) for name in _PARTS]


def _counts(now: datetime) -> list[tuple[str, int, str]]:
    since = now - timedelta(days=7)
    return [
        (label, trail.records(kind=kind, since=since).count(), f"{reverse('manage:records')}?kind={kind}")
        for kind, label in trail.KINDS.items()
    ]

"""What the demo's hall announces, what is set, and whose account ends soon: the administrators' own deeds."""

from __future__ import annotations

from datetime import datetime, timedelta

from xiaoneng.jobs.demo import staff
from xiaoneng.jobs.demo.city import City
from xiaoneng.org import announcements, preferences
from xiaoneng.people import lifetimes
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail.actions import By

OFFICE = "安澜市政务服务管理局"
# Title, text, how many days ago it began, for how many days.
_NOTICES = (
    (
        "市民中心周六上午照常办事",
        "市民中心综合受理窗口每周六上午 9 点到 12 点照常收件。\n\n"
        "期限仍按工作日计算，周六收到的申请，从下一个工作日起算。",
        20, 120,
    ),
    (
        "燃气经营许可改为一套材料并联办理",
        "开办燃气供应站要办的几项许可，已经整合成一件事：一次申请、一套材料，牵头部门统一受理。\n\n"
        "正在单独办理的申请不受影响，可以照常办完。",
        6, 90,
    ),
    ("自助区打印机检修", "市民中心一楼自助区的两台打印机检修，需要打印的请到咨询导办台，不收费。", 1, 7),
)  # fmt: skip
ENDS_IN = timedelta(days=12)


def lay(city: City, now: datetime) -> None:
    """Announce what the hall has to say, name the item that agents serve, set the last day of a member of staff on loan."""
    system, security = (By(city.actors[login].account, city.actors[login].name) for login in ("sysadmin", "secadmin"))
    for title, text, ago, days in _NOTICES:
        at = now - timedelta(days=ago)
        since = local_day(at)
        announcements.announce(
            title=title, text=text, office=OFFICE, since=since, until=since + timedelta(days=days), by=system, at=at
        )
    preferences.change(
        "agency_item", city.codes["helper"], current={"agency_item": ""}, roles=frozenset({Administrator.SYSTEM}),
        by=system, at=now,
    )  # fmt: skip
    on_loan = next(post for post in staff.posts() if any(held.role == "hotline_operator" for held in post.holds))
    lifetimes.set_last_day(
        city.actors[on_loan.login].account, local_day(now + ENDS_IN), by=security, at=now, reason="借调协议到期"
    )

"""The demo: a city with nine weeks of history, built by the real moves on a clock that stands where it is told.

The whole city is one transaction, so a start that is killed leaves either nothing or everything; what may stay behind is
a clock that could still be moved, and the next start puts the real one back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db import connections, transaction

from xiaoneng.jobs import time_machine
from xiaoneng.jobs.demo import announced, at_window, city, joint, walk
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.people.models import Account

KIND = "demo"
SIZE = 400  # applications


def is_empty() -> bool:
    """Tell whether a demo can be loaded: nobody lives here yet and nothing else was declared. Items may be there."""
    undeclared = matters.installation() in ("", KIND)
    return undeclared and not Account.objects.exists() and not Matter.objects.exists()


def load(tell: Callable[[str], None] = lambda text: None, now: datetime | None = None, size: int = SIZE) -> None:
    """Build the demo city as it would stand at a moment, with so many applications, and put the real clock back.

    :raises CannotRun: somebody lives here already, or this is no demo.
    """
    if not is_empty():
        raise CannotRun(
            "这个数据库不是空的演示库：已有账号、办件，或者已登记为别的用途，不能装入演示城市。"
            "要重建演示城市请用 xiaoneng demo --reset；正式库请另设 XIAONENG_HOME 后再看演示。"
        )
    time_machine.declare(KIND, settings.CITY)
    time_machine.make_movable()
    try:
        with transaction.atomic():
            build(now or clock.now(), tell, size)
    finally:
        time_machine.make_fixed()
        connections["owner"].close()  # nothing that serves keeps the owner's connection


def build(now: datetime, tell: Callable[[str], None] = lambda text: None, size: int = SIZE) -> None:
    """Build the city and let its story happen; belongs into one transaction, on a clock that can be moved."""
    tell("正在建立区划、部门、人员和事项……")
    built = city.build(now)
    joint.lay(built, now)
    announced.lay(built, now)
    at_window.lay(built, now)
    tell("正在办理近九周的演示办件……")
    walk.walk(built, now, size, tell)


def ensure(tell: Callable[[str], None] = lambda text: None) -> list[str]:
    """Load the demo into an empty city, finish what a killed start left, and return what to tell the person."""
    if is_empty():
        tell("首次启动，正在建立演示城市……")
        load(tell)
    elif matters.installation() == KIND and _left_movable():
        time_machine.make_fixed()
    connections["owner"].close()
    return greeting()


def _left_movable() -> bool:
    # Whoever moves the clock on purpose has a row in the table; a killed start has left it without one.
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('xn.clock_shift') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT NOT EXISTS (SELECT FROM clock_shift)")
        return bool(cursor.fetchone()[0])


def greeting() -> list[str]:
    """Return the accounts of a demo, a line for each group of them; nothing in any other installation."""
    if matters.installation() != KIND:
        return []
    lines = [
        f"  {group}：" + "，".join(f"{known['login']} {known['name']}" for known in of_group)
        for group, of_group in groupby(settings.DEMO_ACCOUNTS, key=itemgetter("group"))
    ]
    return [f"演示账号（密码都是 {settings.DEMO_PASSWORD}，各人做什么见登录页）：", *lines]

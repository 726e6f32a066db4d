"""`xiaoneng demo`: the demo city loaded into an empty database, or built anew."""

from __future__ import annotations

import argparse

NAME = "demo"
HELP = "装入演示城市；--reset 清空演示库并重建"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whether to begin anew."""
    parser.add_argument("--reset", action="store_true", help="删除演示数据库中的一切，重新装入（正式库拒绝）")


def execute(args: argparse.Namespace) -> int:
    """Load the demo and print its accounts.

    :raises CannotRun: the platform is running, or this database is no demo and not empty.
    """
    from django.conf import settings

    from xiaoneng.jobs import demo
    from xiaoneng.jobs.cli import tell
    from xiaoneng.jobs.commands.serve import sole_start

    with sole_start(settings.HOME, "正在装入演示城市"):
        if args.reset:
            _clear()
        demo.load(tell)
    print("\n".join(["演示城市已建好，用 xiaoneng serve 启动。", *demo.greeting()]))
    return 0


def _clear() -> None:
    from django.conf import settings
    from django.db import connections

    from xiaoneng.jobs import database, demo
    from xiaoneng.jobs.cli import tell
    from xiaoneng.jobs.commands.doctor import KINDS
    from xiaoneng.jobs.trouble import CannotRun
    from xiaoneng.matters import reads as matters

    kind = matters.installation()
    if kind != demo.KIND:
        if demo.is_empty():
            return  # nothing to clear
        raise CannotRun(
            f"这个数据库登记为“{KINDS.get(kind, kind)}”，不是演示库，不能清空。"
            "要看演示城市，请把环境变量 XIAONENG_HOME 设为另一个目录后再执行 xiaoneng demo。"
        )
    if not settings.EMBEDDED:
        raise CannotRun(
            "使用外部数据库时不能由本命令清空。请数据库管理员删除并重建这个数据库，再执行 xiaoneng demo（不带 --reset）。"
        )
    tell("正在清空演示数据库……")
    connections.close_all()
    database.drop(settings.DATABASE_NAME)
    database.prepare(tell)

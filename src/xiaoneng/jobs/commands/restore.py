"""`xiaoneng restore`: an empty home filled from a backup, examined, and noted for good."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "restore"
HELP = "恢复：把一份备份放进空的数据库与目录，并做全面体检（有问题返回 1）"
NEEDS_DATABASE = False  # it must meet the database before it is what the program expects


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where from, and what to compare with."""
    parser.add_argument("dir", type=Path, metavar="DIR", help="xiaoneng backup 写好的目录")
    parser.add_argument(
        "--witness",
        type=Path,
        metavar="FILE",
        help="平台以外保存的检查点（/evidence/checkpoints.json），用来算出丢失了多少条日志",
    )


def execute(args: argparse.Namespace) -> int:
    """Start the server, bring the backup back, say what is missing, and return what the doctor returns.

    :raises CannotRun: the backup is damaged, or somebody works here already
    """
    from contextlib import ExitStack

    import django
    from django.conf import settings

    from xiaoneng.jobs import postgres

    with ExitStack() as until_done:
        if settings.EMBEDDED:
            until_done.enter_context(postgres.running())
        django.setup()
        return bring_back(args)


def bring_back(args: argparse.Namespace) -> int:
    """Fill the database that Django points at, and return what the doctor returns.

    :raises CannotRun: the backup is damaged, or somebody works here already
    """
    from xiaoneng.jobs import doctor
    from xiaoneng.jobs.backups import returning
    from xiaoneng.jobs.cli import tell
    from xiaoneng.jobs.commands.doctor import FINDINGS, SOUND, summary

    witness = returning.witnessed(args.witness) if args.witness else None
    manifest = returning.bring_back(args.dir.resolve())
    print(
        f"已恢复到 {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC 的状态：日志 {manifest.entries} 条。恢复一事已记入管理记录。"
    )
    if witness is not None:
        lost = returning.missing(witness)
        print(
            f"与所给检查点相比，缺少其后的 {lost} 条日志，请据原始凭证补录。"
            if lost
            else "与所给检查点相比，没有缺少。"
        )
    report = doctor.examine(tell=tell)
    print(summary(report))
    return SOUND if report.sound else FINDINGS

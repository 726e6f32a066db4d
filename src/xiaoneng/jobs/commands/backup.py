"""`xiaoneng backup`: everything of one moment in a folder, while the city goes on working."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

NAME = "backup"
HELP = "备份：数据库、上传的文件与密钥，同一时刻的一整份（不必停机）"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to."""
    parser.add_argument("dir", type=Path, metavar="DIR", help="写到这个目录；须不存在或者是空的。内含密钥，请妥善保管")
    parser.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")


def execute(args: argparse.Namespace) -> int:
    """Write the backup beside its place, check it, put it there whole, and say what it holds.

    :raises CannotRun: there is something at the place already, or it does not read back
    """
    from xiaoneng.jobs import drafts
    from xiaoneng.jobs.backups import folder as folders
    from xiaoneng.jobs.backups import making

    with drafts.whole(args.dir.resolve()) as draft:
        made = making.make(draft)
        folders.check(draft)
    making.note_success()
    said = {"dir": str(args.dir.resolve()), "entries": made.entries, "log_size": made.log_size}
    text = f"已备份到 {args.dir.resolve()}：日志 {made.entries} 条，存证日志 {made.log_size} 条，并已逐字节核对。"
    print(json.dumps(said, ensure_ascii=False) if args.json else f"{text}\n恢复：xiaoneng restore {args.dir}")
    return 0

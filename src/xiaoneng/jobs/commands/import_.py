"""`xiaoneng import`: files from elsewhere taken in, with a report of what could not be used."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xiaoneng.catalogue.imports import Report

NAME = "import"
HELP = "导入数据文件；重复导入同一文件不会产生变化"
NEEDS_DATABASE = True
SHOWN = 20  # problems that the summary lists


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be imported, each with its own arguments."""
    kinds = parser.add_subparsers(title="导入什么", metavar="种类", dest="kind", required=True)
    text = "导入政务服务事项目录（.jsonl 或 .jsonl.gz），作为自现在起有效的事项版本"
    catalogue = kinds.add_parser("catalogue", help=text, description=text)
    catalogue.add_argument("file", type=Path, metavar="FILE", help="要导入的文件")
    catalogue.add_argument("--mapping", default="", metavar="NAME", help="栏目对照表的名称；不给出时自动选择对得上的")
    catalogue.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")


def execute(args: argparse.Namespace) -> int:
    """Import the file and print the report.

    :raises CannotRun: the file as a whole cannot be used; nothing was changed
    """
    from xiaoneng.catalogue.imports import Unreadable, import_catalogue
    from xiaoneng.jobs.cli import tell
    from xiaoneng.jobs.trouble import CannotRun
    from xiaoneng.kit import clock

    try:
        report = import_catalogue(args.file, at=clock.now(), mapping=args.mapping, tell=tell)
    except Unreadable as refusal:
        raise CannotRun(str(refusal)) from None
    print(json.dumps(report.as_json(), ensure_ascii=False) if args.json else summary(report))
    return 0


def summary(report: Report) -> str:
    """Return the report as a person reads it, with the first problems."""
    lines = [
        f"读取 {report.read} 行（对照表 {report.mapping}），用时 {report.seconds} 秒。",
        f"新增 {report.created} 项，变更 {report.updated} 项，未变 {report.unchanged} 项。",
    ]
    if report.without_limit:
        lines.append(f"其中 {report.without_limit} 项未设期限，暂不开放申请。")
    if report.vanished:
        lines.append(f"以前导入、这次文件中没有的 {report.vanished} 项保持原样；确需停止实施的，请另行办理。")
    return "\n".join(lines + _problems(report))


def _problems(report: Report) -> list[str]:
    from xiaoneng.catalogue.text import one_line  # a value from a file must not steer the terminal

    if not report.problems:
        return ["没有发现问题。"]
    shown = [
        f"  第 {problem.row} 行{' ' + problem.field if problem.field else ''}"
        f"{'“' + one_line(problem.value) + '”' if problem.value else ''}：{problem.message}"
        for problem in report.problems[:SHOWN]
    ]
    more = len(report.problems) - SHOWN
    rest = [f"  还有 {more} 处，用 --json 可看到全部。"] if more > 0 else []
    return [f"有 {len(report.problems)} 处不能直接使用：", *shown, *rest]

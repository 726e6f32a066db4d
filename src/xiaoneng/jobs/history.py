"""`xiaoneng import log`: somebody else's history taken in from a log, with a report of what is odd in it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xiaoneng.history.actions import Report

SHOWN = 20  # problems that the summary lists
TEXT = "导入历史办件的流程日志（XES 或 CSV，可以用 gzip 压缩），单独成类，写明来源，单独统计"


def add_arguments(kinds: Any) -> None:
    """Declare the arguments of the import of a log."""
    log = kinds.add_parser("log", help=TEXT, description=TEXT)
    log.add_argument("file", type=Path, metavar="FILE", help="日志文件：.xes、.xes.gz、.csv、.csv.gz")
    log.add_argument(
        "--mapping",
        default="",
        metavar="NAME",
        help="对照表的名称或 .toml 文件；不给出时自动选择对得上的，否则用通用的",
    )
    log.add_argument("--name", default="", metavar="TEXT", help="这份日志的名称；不给出时用文件名")
    log.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")


def execute(args: argparse.Namespace) -> int:
    """Import the log and print the report.

    :raises CannotRun: the file as a whole cannot be used
    """
    from xiaoneng.history.actions import import_log
    from xiaoneng.history.reading.trouble import Unreadable
    from xiaoneng.jobs.cli import tell
    from xiaoneng.jobs.trouble import CannotRun
    from xiaoneng.kit import clock

    try:
        report = import_log(args.file, now=clock.now, mapping=args.mapping, name=args.name, tell=tell)
    except Unreadable as refusal:
        raise CannotRun(str(refusal)) from None
    print(json.dumps(as_json(report), ensure_ascii=False) if args.json else summary(report))
    return 0


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as the command prints it."""
    return asdict(report)


def summary(report: Report) -> str:
    """Return the report as a person reads it, with the first problems."""
    from xiaoneng.catalogue.text import one_line  # a value from a file must not steer the terminal

    lines = [
        f"日志 {report.log}（对照表 {report.mapping}）：{report.cases} 件，{report.events} 步，用时 {report.seconds} 秒。",
        f"新增 {report.created} 件，更新 {report.updated} 件，未变 {report.unchanged} 件。",
    ]
    if report.by_day:
        lines.append("有些时间只记到日：同一天的各步不分先后。")
    total = len(report.problems) + report.more_problems
    if not total:
        return "\n".join([*lines, "没有发现问题。"])
    lines.append(f"有 {total} 处要留意：")
    for each in report.problems[:SHOWN]:
        where = f"{each.case} 第 {each.event} 步" if each.event else each.case
        lines.append(f"  {one_line(where)} {one_line(each.field)} {one_line(each.value)}：{each.message}")
    if total > SHOWN:
        lines.append(f"  还有 {total - SHOWN} 处，用 --json 可以看到。")
    return "\n".join(lines)

"""`xiaoneng import`: files from elsewhere taken in, with a report of what could not be used."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xiaoneng.jobs import history

if TYPE_CHECKING:
    from xiaoneng.catalogue.imports import Report

NAME = "import"
HELP = "导入数据文件；重复导入同一文件不会产生变化"
NEEDS_DATABASE = True
SHOWN = 20  # problems that the summary lists
DAYS = {"工作日": "working_day", "自然日": "calendar_day"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be imported, each with its own arguments."""
    kinds = parser.add_subparsers(title="导入什么", metavar="种类", dest="kind", required=True)
    text = "导入政务服务事项目录（CSV、Excel、JSON，可以压缩），作为自现在起有效的事项版本"
    catalogue = kinds.add_parser("catalogue", help=text, description=text)
    catalogue.add_argument("file", type=Path, metavar="FILE", help="要导入的文件")
    catalogue.add_argument(
        "--mapping",
        default="",
        metavar="NAME",
        help="对照表的名称或 .toml 文件；不给出时自动选择对得上的，都对不上就按栏目推测",
    )
    catalogue.add_argument("--region", default="", metavar="NAME", help="文件没有区划栏时，这些事项属于哪个区划")
    catalogue.add_argument("--region-code", default="", metavar="CODE", help="该区划的行政区划代码")
    catalogue.add_argument("--department", default="", metavar="NAME", help="文件没有部门栏时，由哪个部门实施")
    catalogue.add_argument(
        "--kind",
        default="",
        metavar="NAME",
        help="文件没有类型栏时，属于哪种事项，例如：行政许可",
        dest="kind_of_items",
    )
    catalogue.add_argument(
        "--days",
        choices=tuple(DAYS),
        help="只写“日”“天”“days”的时限按哪种算；不给出时这样的时限不采用，列为问题",
    )
    catalogue.add_argument("--sheet", default="", metavar="NAME", help="Excel 文件的哪一张工作表；不给出时自动选")
    catalogue.add_argument("--show-mapping", action="store_true", help="只打印会用的对照表（TOML），不导入")
    catalogue.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")
    text = "导入行政区划（provinces.csv、cities.csv、areas.csv、streets.csv 所在的目录）的一版"
    divisions = kinds.add_parser("divisions", help=text, description=text)
    divisions.add_argument("file", type=Path, metavar="DIR", help="目录")
    divisions.add_argument(
        "--valid-from", type=date.fromisoformat, required=True, metavar="DAY", help="这一版自哪一天起有效"
    )
    divisions.add_argument("--source", default="", metavar="TEXT", help="来源，记在每一条上")
    divisions.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")
    history.add_arguments(kinds)


def execute(args: argparse.Namespace) -> int:
    """Import the file and print the report.

    :raises CannotRun: the file as a whole cannot be used; nothing was changed
    """
    from xiaoneng.catalogue.imports import Unreadable, import_catalogue
    from xiaoneng.jobs.cli import tell
    from xiaoneng.jobs.trouble import CannotRun
    from xiaoneng.kit import clock

    if args.kind == "divisions":
        return take_in_divisions(args)
    if args.kind == "log":
        return history.execute(args)
    given = {
        "region": args.region, "region_code": args.region_code, "department": args.department, "kind": args.kind_of_items,
    }  # fmt: skip
    try:
        if args.show_mapping:
            print(mapping_text(args.file, args.mapping, given), end="")
            return 0
        report = import_catalogue(
            args.file, at=clock.now(), mapping=args.mapping, tell=tell, constants=given,
            bare_days=DAYS.get(args.days or "", ""), sheet=args.sheet,
        )  # fmt: skip
    except Unreadable as refusal:
        raise CannotRun(str(refusal)) from None
    print(json.dumps(report.as_json(), ensure_ascii=False) if args.json else summary(report))
    return 0


def take_in_divisions(args: argparse.Namespace) -> int:
    """Take in an edition of the register of divisions and print what it changed.

    :raises CannotRun: it cannot be used; nothing was changed
    """
    from xiaoneng.catalogue import divisions
    from xiaoneng.catalogue.imports import Unreadable
    from xiaoneng.jobs.trouble import CannotRun

    try:
        told = divisions.take_in(args.file, valid_from=args.valid_from, source=args.source or str(args.file.name))
    except Unreadable as refusal:
        raise CannotRun(str(refusal)) from None
    words = f"读取 {told.read} 个区划：新增 {told.fresh}，更名 {told.renamed}，撤销 {told.abolished}，未变 {told.unchanged}。"
    print(json.dumps(asdict(told)) if args.json else words)
    return 0


def mapping_text(path: Path, mapping: str, given: dict[str, str]) -> str:
    """Return the mapping under which a file would be imported, as its declarative file."""
    from xiaoneng.catalogue.imports import chosen_layout, reading
    from xiaoneng.catalogue.sources.layout import to_text

    return to_text(chosen_layout(reading.read(path), mapping).with_constants(**given))


def summary(report: Report) -> str:
    """Return the report as a person reads it, with the first problems."""
    from xiaoneng.catalogue.text import one_line

    lines = [
        f"读取 {report.read} 行（对照表 {report.mapping}），用时 {report.seconds} 秒。",
        f"新增 {report.created} 项，变更 {report.updated} 项，未变 {report.unchanged} 项。",
    ]
    if report.without_limit:
        lines.append(f"其中 {report.without_limit} 项未设期限，暂不开放申请。")
    if report.left_out:
        lines.append(f"没有用的工作表：{'、'.join(report.left_out)}；需要的，用 --sheet 指定后再导入一次。")
    if report.vanished:
        lines.append(f"以前导入、这次文件中没有的 {report.vanished} 项保持原样；确需停止实施的，请另行办理。")
        lines += [f"  {one_line(name)}（{code}）" for code, name in report.gone[:SHOWN]]
    return "\n".join(lines + _problems(report))


def _problems(report: Report) -> list[str]:
    from xiaoneng.catalogue.text import one_line  # a value from a file must not steer the terminal

    if not report.problems:
        return ["没有发现问题。"]
    shown = [
        f"  {problem.sheet}{' ' if problem.sheet else ''}第 {problem.row} 行{' ' + problem.field if problem.field else ''}"
        f"{'“' + one_line(problem.value) + '”' if problem.value else ''}：{problem.message}"
        for problem in report.problems[:SHOWN]
    ]
    more = len(report.problems) - SHOWN
    rest = [f"  还有 {more} 处，用 --json 可看到全部。"] if more > 0 else []
    return [f"有 {len(report.problems)} 处不能直接使用：", *shown, *rest]

"""`xiaoneng doctor`: proof that every record is whole, lawful and in step with its journal."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xiaoneng.jobs.doctor import Report

NAME = "doctor"
HELP = "体检：重放每本日志、核对哈希、逐日重算期限、检查权限（没有问题返回 0，有问题返回 1）"
NEEDS_DATABASE = True
SOUND, FINDINGS = 0, 1
SHOWN = 20
KINDS = {"production": "正式", "demo": "演示", "test": "测试", "bench": "压测", "": "未登记"}
COUNTED = {
    "heads": "链头",
    "matters": "办件", "entries": "日志", "clocks": "时钟", "documents": "文书", "files": "文件",
    "red_lights": "红灯登记",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how much is examined and how the result is printed."""
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true", help="只查一天以内有变动的办件，以及全部办件的链头")
    extent.add_argument("--full", action="store_true", help="查全部办件（默认）")
    parser.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")


def execute(args: argparse.Namespace) -> int:
    """Examine, print the report, and return 0 if nothing is wrong, else 1."""
    from xiaoneng.jobs import doctor
    from xiaoneng.jobs.cli import tell

    report = doctor.examine(full=not args.quick, tell=tell)
    print(json.dumps(report.as_json(), ensure_ascii=False) if args.json else summary(report))
    return SOUND if report.sound else FINDINGS


def summary(report: Report) -> str:
    """Return the report as a person reads it, with the first findings."""
    name = f"（{report.name}）" if report.name else ""
    clock = "真实时钟" if report.real_clock else "可拨动的时钟，不是真实时钟"
    counts = "，".join(f"{word} {report.checked[what]}" for what, word in COUNTED.items() if what in report.checked)
    lines = [
        f"本库登记为：{KINDS.get(report.installation, report.installation)}{name}；留痕时钟：{clock}。",
        f"检查了：{counts}。",
    ]
    return "\n".join([*lines, *_findings(report), *(f"提醒（{w.where}）：{w.what}。" for w in report.warnings)])


def _findings(report: Report) -> list[str]:
    if report.sound:
        return ["没有发现问题。"]
    found = list(report.findings)
    lines = [f"发现 {len(found)} 处问题（方括号内是所违反规则的编号）：" if found else ""]
    lines += [f"  [{each.id}] {each.where}：{each.what}。" for each in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"  还有 {len(found) - SHOWN} 处，用 --json 可看到全部。")
    return [*lines, "请保留现场，不要改动数据；先做一次备份，再由系统管理员和效能监察员一起查明。"]

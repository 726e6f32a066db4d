"""`xiaoneng export`: everything that happened, for the stand-alone verifier or for other people's tools."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

NAME = "export"
HELP = "导出办件与日志：存证（proof）、流程挖掘（xes、ocel）、数据分析（lake）"
NEEDS_DATABASE = True
KINDS = {
    "proof": "全部日志与签名检查点，附独立核验程序 verify.py，不依赖本平台",
    "xes": "流程日志 XES（IEEE 1849），一件一条轨迹",
    "ocel": "面向对象的流程日志 OCEL 2.0，JSON 与 SQLite 各一份",
    "lake": "日志、办件、时钟三张表，Parquet 按月分区",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is exported and where to."""
    kinds = parser.add_subparsers(title="导出什么", metavar="种类", dest="kind", required=True)
    for name, text in KINDS.items():
        kind = kinds.add_parser(name, help=text, description=text)
        kind.add_argument("dir", type=Path, metavar="DIR", help="写到这个目录；须不存在或者是空的")
        kind.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")


def execute(args: argparse.Namespace) -> int:
    """Write the export beside its place, put it there whole, note it, and say what it holds.

    :raises CannotRun: there is something at the place already
    """
    from xiaoneng.jobs import drafts

    folder: Path = args.dir.resolve()
    with drafts.whole(folder) as draft:
        counts = _write(args.kind, draft)
    _note(args.kind, folder, sum(counts.values()))
    print(json.dumps({"dir": str(folder), "counts": counts}) if args.json else summary(args.kind, folder, counts))
    return 0


def _write(kind: str, folder: Path) -> dict[str, int]:
    from xiaoneng.jobs.exports import lake, ocel, proof, xes

    writers = {"proof": proof.write, "xes": xes.write, "ocel": ocel.write, "lake": lake.write}
    return writers[kind](folder)


def _note(kind: str, folder: Path, rows: int) -> None:
    from xiaoneng.kit import clock
    from xiaoneng.trail import actions as trail

    trail.note_export(
        trail.PLATFORM, KINDS[kind].split("，")[0], rows=rows, form=kind, filters={"目录": folder}, at=clock.now()
    )


def summary(kind: str, folder: Path, counts: dict[str, int]) -> str:
    """Return what was written as a person reads it."""
    lines = [f"已导出到 {folder}：{'，'.join(f'{name} {count}' for name, count in counts.items())}。"]
    if kind == "proof":
        lines.append(f"核验：python3 {folder / 'verify.py'}")
    return "\n".join(lines)

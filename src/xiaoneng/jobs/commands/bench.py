"""`xiaoneng bench NAME`: measured figures beside their goals."""

from __future__ import annotations

import argparse
import importlib
import json

SIZES = {
    "lifecycle": 200,
    "search": 100_000,
    "pages": 2_000,
    "deadlines": 1_000_000,
    "joint": 120,
    "supervision": 1_000_000,
    "log": 60_000,
}
NAME = "bench"
HELP = "压测：在单独的数据库里测速，对照目标（用完即删，不碰本城数据）"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which bench, how large, and how to answer."""
    known = "、".join(f"{name}（默认规模 {size}）" for name, size in SIZES.items())
    parser.add_argument("name", choices=sorted(SIZES), metavar="名称", help=f"哪一项：{known}")
    what = (
        "lifecycle 办多少件，search 有多少事项，joint 办多少个分办件，pages 每页请求多少次，supervision 有多少在办件，"
        "log 有多少步；至少 8，默认见上"
    )
    parser.add_argument("--size", type=_size, metavar="件数", help=what)
    parser.add_argument("--json", action="store_true", help="在标准输出给出一个 JSON 对象")


def execute(args: argparse.Namespace) -> int:
    """Run the bench and print what it came to; 0 when every goal is reached, else 1."""
    from xiaoneng.jobs.cli import tell

    bench = importlib.import_module(f"xiaoneng.jobs.bench.{args.name}")
    report = bench.run(args.size or SIZES[args.name], tell)
    print(json.dumps(report.as_json(), ensure_ascii=False) if args.json else report.as_text())
    return 0 if all(goal.ok for goal in report.goals) else 1


def _size(text: str) -> int:
    if not text.isdigit() or not 8 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"“{text}”不是规模，请给 8 到 10000000 之间的整数")
    return int(text)

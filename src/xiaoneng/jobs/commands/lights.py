"""`xiaoneng lights`: how many matters showed which light at an instant, told from the journal alone."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

NAME = "lights"
HELP = "按留痕重算某一时刻未办结办件的灯"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the instant and the form of the answer."""
    parser.add_argument(
        "--as-of",
        type=instant,
        metavar="ISO-TIME",
        help="时刻，如 2026-03-09T17:00；不写时区按北京时间，不给出则为现在",
    )
    parser.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")
    parser.add_argument(
        "--recount", action="store_true", help="先把看板用的汇总按留痕全部重数一遍（doctor 报汇总不符时用）"
    )


def instant(text: str) -> datetime:
    """Return the instant that a text names; without a zone it is meant in China.

    :raises ArgumentTypeError: it names none.
    """
    from xiaoneng.rules.workdays import CHINA

    try:
        named = datetime.fromisoformat(text.strip())
        return (named if named.tzinfo else named.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "请写成 2026-03-09T17:00 或 2026-03-09T17:00:00+08:00 的样子"
        raise argparse.ArgumentTypeError(f"“{text[:40]}”不是一个时刻，{example}") from None


def execute(args: argparse.Namespace) -> int:
    """Count the lights and print them."""
    from xiaoneng.kit import clock
    from xiaoneng.rules.workdays import local
    from xiaoneng.supervision import reads, tally

    if args.recount:
        tally.recount(clock.now())
    at = args.as_of or clock.now()
    counts = reads.lights_as_of(at)
    moment = local(at)
    if args.json:
        print(json.dumps({"as_of": moment.isoformat()} | counts))
    else:
        print(f"{moment:%Y-%m-%d %H:%M:%S}（北京时间）未办结 {sum(counts.values())} 件：{in_words(counts)}")
    return 0


def in_words(counts: dict[str, int]) -> str:
    """Return the counts with the shape and the word of each light."""
    from xiaoneng.rules.limits import Light

    return "　".join(f"{light.shape} {light.word} {counts[light.value]}" for light in Light)

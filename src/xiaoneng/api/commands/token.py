"""`xiaoneng token`: tokens for programs, made, listed and revoked by whoever runs the server."""

from __future__ import annotations

import argparse
import json
import sys

NAME = "token"
HELP = "开放接口的令牌：新建、列出、停用"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    does = parser.add_subparsers(dest="do", metavar="做什么", required=True)
    make = does.add_parser("make", help="为一个账号新建令牌；令牌只打印这一次")
    make.add_argument("login", metavar="登录名")
    make.add_argument("--name", required=True, metavar="用途", help="给哪个程序用")
    make.add_argument("--scopes", required=True, metavar="权限", help="逗号分隔，如 cases:read,cases:move")
    make.add_argument("--days", type=int, default=90, metavar="天数", help="有效期，1 到 365，默认 90")
    listing = does.add_parser("list", help="列出令牌")
    listing.add_argument("--json", action="store_true", help="在标准输出上只打印一个 JSON 对象")
    revoke = does.add_parser("revoke", help="停用一个令牌，马上生效")
    revoke.add_argument("prefix", metavar="前缀", help="如 xn_1a2b3c4d")


def execute(args: argparse.Namespace) -> int:
    """Do it; 2 when it is refused, with the reason on standard error."""
    from xiaoneng.rules.grounds import NotAllowed, NotFound

    try:
        return {"make": _make, "list": _list, "revoke": _revoke}[args.do](args)
    except (NotAllowed, NotFound) as refusal:
        print(refusal, file=sys.stderr)
        return 2


def _make(args: argparse.Namespace) -> int:
    from xiaoneng.api.actions import tokens
    from xiaoneng.kit import clock
    from xiaoneng.people.models import Account
    from xiaoneng.rules.grounds import NotFound

    account = Account.objects.filter(username=args.login).values_list("pk", flat=True).first()
    if account is None:
        raise NotFound(f"没有登录名为“{args.login}”的账号，请核对。")
    scopes = [each.strip() for each in args.scopes.split(",") if each.strip()]
    print(tokens.make(account, name=args.name, scopes=scopes, days=args.days, at=clock.now()))
    return 0


def _list(args: argparse.Namespace) -> int:
    from xiaoneng.api import reads
    from xiaoneng.kit import clock
    from xiaoneng.rules.workdays import local

    now = clock.now()
    rows = [
        {
            "prefix": each.prefix, "login": each.login, "name": each.name, "state": each.state(now),
            "scopes": [scope.value for scope in each.scopes], "expires_at": local(each.expires_at).isoformat(),
        }
        for each in reads.tokens()
    ]  # fmt: skip
    if args.json:
        print(json.dumps({"tokens": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        print(
            f"{row['prefix']}  {row['state']}  {row['login']}  {row['name']}  {','.join(row['scopes'])}  至 {row['expires_at']}"
        )
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from xiaoneng.api.actions import tokens
    from xiaoneng.kit import clock

    tokens.revoke(args.prefix, at=clock.now())
    print("已停用。")
    return 0

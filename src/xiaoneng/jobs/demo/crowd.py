"""The many who live in 安澜 beside those in `people`: invented names, and numbers that have valid form only."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from stdnum.cn import ric, uscc

# The prefix 339900 of the identity numbers and the segment 154 of the telephones belong to nobody.
PREFIX = "339900"

# Such a firm's name is whole by itself; any other is followed by 有限公司.
WHOLE = ("店", "馆", "楼", "超市", "学校", "幼儿园", "门诊部", "诊所", "基金会", "护理院", "药房", "客栈", "会所", "寺")


@cache
def names() -> dict[str, Any]:
    """Return the invented names of people, streets and firms."""
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Citizen:
    """A natural person who signs in under `login` and applies online."""

    login: str
    name: str
    number: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise; `agent` is the login of the person who acts for it online."""

    key: str
    name: str
    code: str
    head: str
    agent: str
    address: str
    trade: str = ""


@cache
def citizens() -> dict[str, Citizen]:
    """Return the crowd by login."""
    rows = (_citizen(n, name) for n, name in enumerate(names()["citizens"], start=1))
    return {row.login: row for row in rows}


def _citizen(n: int, name: str) -> Citizen:
    born = f"{1958 + n * 7 % 47}{1 + n * 5 % 12:02d}{1 + n * 11 % 28:02d}"
    plain = f"{PREFIX}{born}{500 + n:03d}"
    return Citizen(
        f"citizen{n:02d}", name, plain + ric.calc_check_digit(plain + "0"), f"154000{100 + n:05d}", _address(n * 3)
    )


def _address(n: int) -> str:
    streets = names()["streets"]
    return f"安澜市{streets[n % len(streets)]} {3 + n * 13 % 180} 号"


@cache
def firms() -> dict[str, Firm]:
    """Return the crowd's firms by key."""
    people, numbers = list(citizens().values()), count(1)
    rows = [_firm(trade, name, next(numbers), people) for trade, group in names()["firms"].items() for name in group]
    return {row.key: row for row in rows}


def _firm(trade: str, name: str, n: int, people: list[Citizen]) -> Firm:
    place = f"91{PREFIX}MA7XB{n:04d}"
    return Firm(
        key=f"firm{n:02d}",
        name=f"安澜{name}" if name.endswith(WHOLE) else f"安澜{name}有限公司",
        code=place + uscc.calc_check_digit(place),
        head=people[n * 7 % len(people)].name,
        agent=people[n % len(people)].login,
        address=_address(n * 5 + 1),
        trade=trade,
    )


@cache
def firms_in(trade: str) -> tuple[str, ...]:
    """Return the keys of the firms of a trade, or of those whose names say it: 药房|药店; of all where none does."""
    pieces = trade.split("|") if trade else []
    found = [f.key for f in firms().values() if f.trade in pieces or any(piece in f.name for piece in pieces)]
    return tuple(found or firms())

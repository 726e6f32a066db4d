"""Values of an item as the words of a cell, and back: 是 and 否, 工作日, ranks by name, lists with 、 between."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any

from xiaoneng.rules.items.content import RANK_LABELS, ROWS, Rank
from xiaoneng.rules.items.labels import PARTS, UNITS

RANKS = {label: rank.value for rank, label in RANK_LABELS.items()}
STEP_KINDS = {"accept": "受理", "review": "审查", "decide": "决定"}
ROLES = {"window": "窗口人员", "reviewer": "审查人员", "head": "部门负责人"}
YES, NO = frozenset({"是", "1", "√", "true"}), frozenset({"否", "0", "", "false"})
WORDS: Mapping[str, Mapping[str, str]] = {
    "rank": {value: label for label, value in RANKS.items()},
    "basis_rank": {value: label for label, value in RANKS.items()},
    "unit": UNITS,
    "kind": STEP_KINDS,
    "role": ROLES,
}
_APART = re.compile(r"[、,，;；\n]+")


class Wrong(ValueError):
    """A cell that cannot be read; the message says what it should be."""


def flat_words(name: str, value: Any) -> str:
    """Return a flat part of an item as the words of its cell."""
    if PARTS[name].sort == "unit":
        return UNITS.get(value, "")
    return _plain(value)


def flat_value(name: str, words: str) -> Any:
    """Return the value that the words of a cell of a flat part mean.

    :raises Wrong: they mean nothing
    """
    part = PARTS[name]
    if part.sort == "unit":
        return _among(words, {label: value for value, label in UNITS.items()} | {"": ""}, part.label)
    if part.sort == "number":
        return _number(words, part.label)
    if part.sort == "mark":
        return _mark(words, part.label)
    if part.sort == "words":
        return tuple(dict.fromkeys(each.strip() for each in _APART.split(words) if each.strip()))
    if part.choices and words and words not in part.choices:
        raise Wrong(f"{part.label}应为：{'、'.join(part.choices)}。请从中选一个，或者留空。")
    if part.sort in ("line", "kind") and len(words) > part.longest:
        raise Wrong(f"{part.label}超过 {part.longest} 字。请缩短。")
    return words


def row_words(part: str, name: str, value: Any) -> str:
    """Return a value of a row of an item as the words of its cell."""
    if name in WORDS and (name != "kind" or part == "steps"):
        return WORDS[name].get(value, str(value))
    return _plain(value)


def row_of(part: str, cells: Mapping[str, str]) -> Any:
    """Return the row that the words of its cells mean; an empty cell keeps the default.

    :raises Wrong: a cell means nothing, or the first one is empty
    """
    kind = ROWS[part]
    values = {}
    for each in fields(kind):
        words = cells.get(each.name, "").strip()
        if words:
            values[each.name] = _row_value(part, each.name, str(each.type), words)
    try:
        return kind(**values)
    except TypeError:
        raise Wrong("这一行缺少必填的第一栏。请补上，或者删去整行。") from None


def _row_value(part: str, name: str, kind: str, words: str) -> Any:
    if name in ("rank", "basis_rank"):
        return _among(words, RANKS | {value: value for value in Rank}, "层级")
    if name == "unit" and part == "steps":
        return _among(
            words, {label: value for value, label in UNITS.items()} | {value: value for value in UNITS}, "单位"
        )
    if part == "steps" and name in ("kind", "role"):
        known = WORDS[name]
        return _among(
            words, {label: value for value, label in known.items()} | {value: value for value in known}, "环节或岗位"
        )
    if "bool" in kind:
        return _mark(words, name)
    if "Decimal" in kind:
        return _money(words)
    if kind.startswith("int"):
        return _number(words, "数字")
    if "tuple" in kind:
        return tuple(each.strip() for each in _APART.split(words) if each.strip())
    if name in ("valid_from", "valid_to") and not re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        raise Wrong("日期应写成 2026-03-02 的样子。请更正。")
    return words


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple | list) else str(value)


def _among(words: str, known: Mapping[str, str], what: str) -> str:
    if words not in known:
        names = "、".join(dict.fromkeys(label for label in known if label and not label.isascii()))
        raise Wrong(f"{what}应为：{names}。请从中选一个。")
    return known[words]


def _number(words: str, what: str) -> int | None:
    if not words:
        return None
    if not re.fullmatch(r"\d{1,4}", words, re.ASCII):
        raise Wrong(f"{what}应为 0 到 9999 的整数。请更正。")
    return int(words)


def _mark(words: str, what: str) -> bool:
    if words.casefold() in YES:
        return True
    if words.casefold() not in NO:
        raise Wrong("应为“是”或者“否”。请更正。")
    return False


def _money(words: str) -> Decimal:
    try:
        amount = Decimal(words)
    except InvalidOperation:
        raise Wrong("金额应为数字，例如 10 或者 10.50。请更正。") from None
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 12 or amount != round(amount, 2):
        raise Wrong("金额应为不小于 0、最多两位小数的数字。请更正。")
    return amount

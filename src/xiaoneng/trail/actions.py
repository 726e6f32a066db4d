"""Verbs of the record: note it. There is no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiaoneng.trail.models import Record

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, from where, in which request."""

    account: int | None
    name: str
    whence: str = ""
    request: str = ""


PLATFORM = By(None, "平台")


def note_change(
    by: By, what: str, about: str, *, key: str, at: datetime, before: Values | None = None, after: Values | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """Note an act of administration; of values that stayed the same nothing is kept."""
    before, after = dict(before or {}), dict(after or {})
    same = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    _note(
        Record.Kind.CHANGE, by, what, about, key, at, reason,
        {name: value for name, value in before.items() if name not in same},
        {name: value for name, value in after.items() if name not in same},
    )  # fmt: skip


def note_export(by: By, what: str, *, rows: int, form: str, filters: Values, at: datetime) -> None:
    """Note that a list left the platform: which, how many rows, in which form, under which conditions."""
    after = {
        "行数": rows,
        "格式": form,
        **{name: str(value) for name, value in filters.items() if value not in ("", None)},
    }
    _note(Record.Kind.EXPORT, by, "导出", what, "", at, "", {}, after)


def note_unmask(by: By, about: str, *, key: str, fields: str, reason: str, at: datetime) -> None:
    """Note that somebody looked at personal data in full, and why."""
    _note(Record.Kind.UNMASK, by, "查看完整个人信息", about, key, at, reason, {}, {"内容": fields})


def note_sign_in(by: By, what: str, about: str, *, key: str, at: datetime) -> None:
    """Note a success or failure at the door."""
    _note(Record.Kind.SIGN_IN, by, what, about, key, at, "", {}, {})


def _note(
    kind: str, by: By, what: str, about: str, key: str, at: datetime, reason: str, before: Values, after: Values
) -> None:
    Record.objects.create(
        kind=kind, at=at, actor=by.account, name=by.name[:60], what=what[:60], about=about[:200], key=key[:80],
        before=_plain(before), after=_plain(after), reason=reason[:300], whence=by.whence[:45], request=by.request[:40],
    )  # fmt: skip


def _plain(values: Values) -> dict[str, Any]:
    return {name: value if isinstance(value, (int, float, bool)) else str(value) for name, value in values.items()}

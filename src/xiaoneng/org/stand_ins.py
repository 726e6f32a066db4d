"""Whose place somebody takes today, and on which authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from xiaoneng.org import models


@dataclass(frozen=True, slots=True)
class StandingIn:
    """A role held in somebody else's place: whose, on which document, until which day."""

    role: str
    whose: str
    authority: str
    until: date | None

    def __str__(self) -> str:
        end = f"，到 {self.until:%-m月%-d日}为止" if self.until else ""
        return f"您代 {self.whose} 行使{self.role}的职权{end}；每一笔都按代理记入日志：{self.authority}"


def standing_in(account: int, on: date) -> tuple[StandingIn, ...]:
    """Return in whose places somebody stands on a day."""
    rows = models.Holding.objects.filter(account_id=account, during__contains=on, stands_in_for__isnull=False)
    found = rows.order_by("id").values_list("role__name", "stands_in_for__name", "authority", "during")
    return tuple(
        StandingIn(role, whose, authority, during.upper - timedelta(1) if during.upper else None)
        for role, whose, authority, during in found
    )

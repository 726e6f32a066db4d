"""The catalogue of themes (一件事): what people want done, with the items that it takes; kept by the list office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from xiaoneng.approval import models
from xiaoneng.catalogue import reads as catalogue
from xiaoneng.catalogue.models import Item, ItemVersion
from xiaoneng.kit import marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import reads as org
from xiaoneng.rules import parallel
from xiaoneng.rules.grounds import JOINT_DECISION_TIME, NotAllowed, NotFound
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

NO_SUCH_THEME = "没有找到这件事。请从“一件事”目录重新选择。"


@dataclass(frozen=True, slots=True)
class Choice:
    """An item of a theme as somebody who applies meets it."""

    position: int
    item: int
    code: str
    name: str
    department: str
    condition: str
    after: tuple[int, ...]
    version: int | None
    promised: str
    has_limit: bool
    on_application: bool

    @property
    def plan(self) -> catalogue.Plan:
        """Return what the item demands.

        :raises ValueError: no version of it is in force.
        """
        if self.version is None:
            raise ValueError(f"{self.name} is not in force")
        return catalogue.plan(self.version)

    def following(self, after: Sequence[int]) -> Choice:
        """Return the same item after others."""
        return replace(self, after=tuple(after))


@dataclass(frozen=True, slots=True)
class ThemeShown:
    """A theme with its items."""

    id: int
    code: str
    name: str
    summary: str
    lead: int
    lead_name: str
    days: int
    basis: str
    stage: int | None
    after: int | None
    after_name: str
    active: bool
    items: tuple[Choice, ...]


def themes(at: datetime, *, closed: bool = False) -> tuple[ThemeShown, ...]:
    """Return every theme that is open, or all of them; construction stages after the rest, in their order."""
    rows = models.Theme.objects.select_related("lead", "after").order_by("stage", "id")
    found = [_shown(row, at) for row in (rows if closed else rows.filter(active=True))]
    return tuple(sorted(found, key=lambda each: (each.stage or 0, each.id)))


def theme(code: str, at: datetime) -> ThemeShown:
    """Return a theme.

    :raises NotFound: there is none of this code.
    """
    row = models.Theme.objects.select_related("lead", "after").filter(code=code).first()
    if row is None:
        raise NotFound(NO_SUCH_THEME)
    return _shown(row, at)


def _shown(row: models.Theme, at: datetime) -> ThemeShown:
    parts = list(row.items.select_related("item__department").order_by("position"))
    in_force = ItemVersion.objects.filter(item_id__in=[part.item_id for part in parts], in_force__contains=at)
    versions = dict(in_force.values_list("item_id", "id"))
    return ThemeShown(
        row.pk, row.code, row.name, row.summary, row.lead_id, row.lead.name, row.days, row.basis, row.stage, row.after_id,
        row.after.name if row.after else "", row.active, tuple(_choice(part, versions.get(part.item_id)) for part in parts),
    )  # fmt: skip


def _choice(part: models.ThemeItem, version: int | None) -> Choice:
    plan = catalogue.plan(version) if version else None
    promised = (plan.promised or plan.statutory) if plan else None
    return Choice(
        part.position, part.item_id, part.item.code, plan.name if plan else part.item.code, part.item.department.name,
        part.condition, tuple(part.after), version, str(promised) if promised else "",
        bool(plan and plan.has_limit), bool(plan and plan.on_application),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A theme as somebody wants it: one line an item, `编码 | 条件 | 前置序号`."""

    code: str
    name: str
    summary: str
    lead: int
    days: int
    basis: str
    active: bool
    lines: str


def mark_of(shown: ThemeShown) -> str:
    """Return the mark of what a theme says now."""
    return marks.mark(_values(shown))


def _values(shown: ThemeShown) -> dict[str, Any]:
    return {
        "名称": shown.name, "说明": shown.summary, "牵头部门": shown.lead_name, "全程工作日": shown.days, "依据": shown.basis,
        "开放": shown.active, "事项": as_lines(shown).replace("\n", "，"),
    }  # fmt: skip


@transaction.atomic
def keep(wish: Wish, *, by: By, account: int, at: datetime, seen: str = "") -> None:
    """Keep a theme, new or changed; joint cases that were filed keep what they were filed with.

    :param seen: the mark of what was read; whoever gives none is not compared with others.
    :raises Overtaken: somebody changed it after it was read.
    :raises NotAllowed: the account is not of the list office.
    :raises Amiss: what does not fit, line by line.
    """
    held = org.all_roles_of(account, local_day(at))
    if Role.LIST_OFFICE not in held:
        raise NotAllowed("“一件事”目录由清单管理人员维护；您没有这个岗位。")
    amiss, parts = _read(wish)
    if amiss:
        raise Amiss(amiss)
    standing = models.Theme.objects.select_for_update().filter(code=wish.code).exists()
    before = _values(theme(wish.code, at)) if standing else {}
    marks.require(seen, before)
    told = {"summary": wish.summary[:200], "lead_id": wish.lead, "days": wish.days, "basis": wish.basis[:300]}
    told |= {"name": wish.name.strip(), "active": wish.active, "changed_at": at, "changed_by": by.name}
    row, _ = models.Theme.objects.update_or_create(code=wish.code, defaults=told)
    row.items.all().delete()
    models.ThemeItem.objects.bulk_create(
        models.ThemeItem(theme=row, position=place, item_id=item, condition=condition, after=after)
        for place, (item, condition, after) in enumerate(parts, start=1)
    )
    trail.note_change(
        by,
        "修改一件事" if before else "新增一件事",
        row.name,
        key=f"theme:{row.code}",
        at=at,
        before=before,
        after=_values(theme(wish.code, at)),
    )


def _read(wish: Wish) -> tuple[list[tuple[str, str]], list[tuple[int, str, list[int]]]]:
    amiss: list[tuple[str, str]] = []
    if not wish.name.strip() or len(wish.name) > 60:
        amiss.append(("name", "名称应为 1 到 60 个字。"))
    if slugify(wish.code) != wish.code or not wish.code:
        amiss.append(("code", "代码只用小写字母、数字和短横线。"))
    if not 1 <= wish.days <= parallel.WHOLE.n:
        amiss.append(("days", f"全程期限应为 1 到 {parallel.WHOLE.n} 个工作日（{JOINT_DECISION_TIME}）。"))
    if wish.lead not in org.departments_named([wish.lead]):
        amiss.append(("lead", "没有这个牵头部门。"))
    parts: list[tuple[int, str, list[int]]] = []
    for place, line in enumerate((text for text in wish.lines.splitlines() if text.strip()), start=1):
        code, condition, after = [*(part.strip() for part in line.replace("｜", "|").split("|")), "", ""][:3]
        item = Item.objects.filter(code=code).values_list("id", flat=True).first()
        numbers = [part for part in after.replace("，", ",").replace("、", ",").split(",") if part.strip()]
        if item is None:
            amiss.append(("lines", f"第 {place} 行：没有编码为“{code}”的事项。"))
        if any(not each.strip().isdecimal() for each in numbers):
            amiss.append(("lines", f"第 {place} 行：前置写行号，多个用逗号分开。"))
        else:
            parts.append((item or 0, condition[:120], [int(each) for each in numbers]))
    chain = {place: set(after) for place, (_, _, after) in enumerate(parts, start=1)}
    amiss += [("lines", each.message) for each in parallel.to_chain(chain, {n: f"第 {n} 行" for n in chain})]
    if len({item for item, _, _ in parts}) < len(parts):
        amiss.append(("lines", "同一个事项只写一行。"))
    return amiss, parts


def as_lines(shown: ThemeShown) -> str:
    """Return a theme's items as they are typed."""
    return "\n".join(
        f"{each.code} | {each.condition} | {','.join(str(place) for place in each.after)}" for each in shown.items
    )

"""Questions about the past of the list: versions, decisions, what was in force on any day, what stands against an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiaoneng.catalogue import models
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.reads import Plan, plan
from xiaoneng.catalogue.reads import why_off_the_list as why_off_the_list
from xiaoneng.rules.acceptance import OFF_LIST
from xiaoneng.rules.grounds import Basis, NotFound, Obstacle, Obstructed
from xiaoneng.rules.items.content import Content
from xiaoneng.rules.items.differences import Difference, differences

NO_FEE_OFF_LIST = Basis("优化营商环境条例", 25, "一款", "没有依据的涉企收费，企业有权拒绝缴纳；收费实行目录清单制度")
NO_PENALTY_OFF_LIST = Basis("行政处罚法", 38, "一款", "行政处罚没有依据的，行政处罚无效")
ACTS = {"case": ("办理", OFF_LIST), "fee": ("收费", NO_FEE_OFF_LIST), "penalty": ("处罚", NO_PENALTY_OFF_LIST)}


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """A decision about an item as a page shows it."""

    code: str
    item: str
    department: str
    disposition: str
    label: str
    document: str
    reason: str
    ground: str
    approver: str
    notice: str
    on_running: str
    target: str
    target_code: str
    effective_at: datetime
    recorded_at: datetime
    begins: int | None
    ends: int | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of an item as a history shows it."""

    id: int
    serial: int
    name: str
    since: datetime
    until: datetime | None
    source: str
    adjustment: AdjustmentLine | None

    def stands_at(self, at: datetime) -> bool:
        """Tell whether this version is in force at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


def history(code: str) -> tuple[VersionLine, ...]:
    """Return every version of an item, newest first.

    :raises NotFound: there is no such item.
    """
    rows = models.ItemVersion.objects.filter(item__code=code, in_force__isempty=False).order_by("-serial")
    versions = list(rows.select_related("begun_by__item__department", "begun_by__target_item"))
    if not versions:
        raise NotFound("没有找到这个事项。请检查地址，或者回首页搜索。")
    return tuple(
        VersionLine(
            row.pk, row.serial, row.name, row.in_force.lower, row.in_force.upper, row.source,
            adjustment_line(row.begun_by, row.name) if hasattr(row, "begun_by") else None,
        )
        for row in versions
    )  # fmt: skip


def adjustment_line(row: models.Adjustment, name: str) -> AdjustmentLine:
    """Return a decision as a page shows it."""
    return AdjustmentLine(
        row.item.code, name, row.item.department.name, row.disposition, row.get_disposition_display(), row.document,
        row.reason, row.ground, row.approver, row.notice, row.on_running, row.target,
        row.target_item.code if row.target_item else "", row.effective_at, row.recorded_at, row.begins_id, row.ends_id,
    )  # fmt: skip


def adjustments(*, code: str = "", limit: int = 200) -> tuple[AdjustmentLine, ...]:
    """Return the decisions about one item, or the latest about all, newest first."""
    rows = models.Adjustment.objects.select_related("item__department", "target_item", "begins", "ends")
    if code:
        rows = rows.filter(item__code=code)
    found = ((row, row.begins or row.ends) for row in rows.order_by("-effective_at", "-id")[:limit])
    return tuple(adjustment_line(row, version.name) for row, version in found if version is not None)


def version_as_of(code: str, at: datetime) -> Plan | None:
    """Return the plan of an item as it stood at an instant, or nothing where it was not on the list."""
    found = models.ItemVersion.objects.filter(item__code=code, in_force__contains=at).values_list("id", flat=True)
    return plan(found[0]) if found else None


def last_version(code: str) -> int:
    """Return the latest version of an item, in force or not.

    :raises NotFound: there is no such item.
    """
    found = models.ItemVersion.objects.filter(item__code=code).order_by("-serial").values_list("id", flat=True).first()
    if found is None:
        raise NotFound(f"没有编码为 {code} 的事项。请核对编码。")
    return found


def compared(code: str, before: int, after: int) -> tuple[Content, Content, tuple[Difference, ...]]:
    """Return two versions of an item by their serial numbers, and in what they differ.

    :raises NotFound: the item has no such version.
    """
    ids = dict(
        models.ItemVersion.objects.filter(item__code=code, serial__in=[before, after]).values_list("serial", "id")
    )
    if before not in ids or after not in ids:
        raise NotFound("这个事项没有您要比较的版本。请从版本列表里选择两个版本。")
    old, new = content_of(ids[before]), content_of(ids[after])
    return old, new, differences(old, new)


def require_in_force(code: str, at: datetime, act: str) -> Plan:
    """Return the plan of an item in force, for a case, a fee or a penalty (`act`) that is to rest on it.

    :raises Obstructed: the item is not published and in force at that instant, and why.
    """
    standing = version_as_of(code, at)
    if standing is not None:
        return standing
    verb, basis = ACTS[act]
    known = models.Item.objects.filter(code=code).exists()
    why = why_off_the_list(code, at) if known else f"没有编码为 {code} 的事项。"
    raise Obstructed(
        [
            Obstacle(
                "item", f"{why}清单之外无权力，不能{verb}。", basis, "请核对现行清单；应当列入的，请先按程序调整清单。"
            )
        ]
    )

"""Verbs about places: regions with their office hours, departments, windows; each leaves its record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models as django_models
from django.db import transaction
from django.db.models import ProtectedError

from xiaoneng.kit import marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import models, reads
from xiaoneng.org.actions import ensure_national_calendar, level_of
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.workdays import OfficeHours, local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

GONE = "没有找到，可能刚被别人改过。请从列表重新打开。"
REGION = {"code": "行政区划代码", "name": "名称", "sign": "编号代字", "parent": "上级"}
DEPARTMENT = {
    "region": "所属地区",
    "name": "名称",
    "code": "机构代码",
    "sign": "机关代字",
    "phone": "电话",
    "address": "地址",
}
WINDOW = {"region": "所在地区", "name": "名称", "place": "位置"}
_KINDS: dict[str, tuple[type[django_models.Model], str, Mapping[str, str], str]] = {
    "region": (models.Region, "地区", REGION, "parent"),
    "department": (models.Department, "部门", DEPARTMENT, "region"),
    "window": (models.Window, "窗口", WINDOW, "region"),
}


@transaction.atomic
def save_region(pk: int | None, values: Mapping[str, Any], *, by: By, at: datetime, seen: str = "") -> int:
    """Make a region or change it, and return its id; the level follows from the code.

    :param seen: the mark of what was read, here and below; whoever gives none is not compared with others.
    :raises Amiss: names every fault.
    :raises Overtaken: somebody changed it after it was read.
    """
    row = _row(models.Region, pk) or models.Region(calendar=ensure_national_calendar())
    if not _clean_code(values["code"]):
        raise Amiss([("code", "行政区划代码是 6、9 或 12 位数字，例如 339902。")])
    faults = [*_taken(models.Region, row, "code", values["code"], "这个区划代码已经有了。")]
    parent = values.get("parent")
    above = models.Region.objects.filter(pk=parent).first() if parent else None
    if parent and above is None:
        faults.append(("parent", "没有这个上级地区，请从地区列表里选。"))
    elif parent and _is_below(parent, row.pk):
        faults.append(("parent", "上级不能是自己，也不能是自己下面的地区。"))
    if row.pk and row.sign != values["sign"] and row.departments.exists():
        faults.append(("sign", f"编号代字已经用在办件编号里（{row.sign}），不能再改。"))
    if faults:
        raise Amiss(faults)
    values = {**values, "parent": above}
    row.level = level_of(values["code"])
    return _save(row, values, REGION, "地区", by, at, seen)


def _clean_code(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) in (6, 9, 12)


def _is_below(parent: int, region: int | None) -> bool:
    return region is not None and parent in reads.regions_below(region)


@transaction.atomic
def save_department(pk: int | None, values: Mapping[str, Any], *, by: By, at: datetime, seen: str = "") -> int:
    """Make a department or change it, and return its id.

    :raises Amiss: names every fault.
    """
    row = _row(models.Department, pk) or models.Department()
    region = models.Region.objects.filter(pk=values["region"]).first()
    if region is None:
        raise Amiss([("region", "请选择所属地区。")])
    faults = [*_taken(models.Department, row, "name", values["name"], "这个地区已经有同名的部门。", region=region)]
    faults += _taken(models.Department, row, "sign", values["sign"], "这个机关代字已经有部门在用，文书编号会混淆。")
    if row.pk and row.region_id != region.pk:
        faults.append(("region", "部门不能换地区：它的办件按原地区的日历计时。请另建一个部门。"))
    if faults:
        raise Amiss(faults)
    return _save(row, {**values, "region": region}, DEPARTMENT, "部门", by, at, seen)


@transaction.atomic
def close_department(pk: int, successor: int | None, *, on: date, by: By, at: datetime, reason: str) -> None:
    """Mark a department as closed from a day on, and by whom it is succeeded.

    :raises NotAllowed: it is closed already, or succeeded by itself or by one that is closed too.
    """
    row = _row(models.Department, pk)
    if row is None or row.closed_on is not None:
        raise NotAllowed(f"“{row}”已经撤销，不用再撤销。" if row else GONE)
    heir = models.Department.objects.filter(pk=successor).first() if successor else None
    if successor and (heir is None or heir.pk == pk or heir.closed_on is not None):
        raise NotAllowed("接续的部门要选另一个在用的部门。")
    row.closed_on, row.succeeded_by = on, heir
    row.save(update_fields=["closed_on", "succeeded_by"])
    after = {"撤销日": on, "接续部门": str(heir or "")}
    trail.note_change(by, "撤销部门", str(row), key=f"department:{pk}", at=at, after=after, reason=reason.strip())


@transaction.atomic
def reopen_department(pk: int, *, by: By, at: datetime) -> None:
    """Take back that a department was closed."""
    row = _row(models.Department, pk)
    if row is None or row.closed_on is None:
        raise NotAllowed("这个部门没有撤销。请刷新页面。")
    before = {"撤销日": row.closed_on}
    row.closed_on, row.succeeded_by = None, None
    row.save(update_fields=["closed_on", "succeeded_by"])
    trail.note_change(by, "恢复部门", str(row), key=f"department:{pk}", at=at, before=before)


@transaction.atomic
def save_window(pk: int | None, values: Mapping[str, Any], *, by: By, at: datetime, seen: str = "") -> int:
    """Make a window or change it, and return its id.

    :raises Amiss: names every fault.
    """
    row = _row(models.Window, pk) or models.Window()
    region = models.Region.objects.filter(pk=values["region"]).first()
    if region is None:
        raise Amiss([("region", "请选择所在地区。")])
    faults = [*_taken(models.Window, row, "name", values["name"], "这个地区已经有同名的窗口。", region=region)]
    if faults:
        raise Amiss(faults)
    return _save(row, {**values, "region": region}, WINDOW, "窗口", by, at, seen)


def remove(kind: str, pk: int, *, by: By, at: datetime) -> None:
    """Remove a place that nothing stands on, such as one made by mistake.

    :raises NotAllowed: something stands on it.
    """
    model, label, known, _ = _KINDS[kind]
    with transaction.atomic():
        row = _row(model, pk)
        assert row is not None
        before, about = _values(row, known), str(row)
        try:
            row.delete()
        except ProtectedError:
            raise NotAllowed(f"{label}“{about}”下面已经有部门、人员、事项或者办件，不能删除；可以改名称。") from None
        trail.note_change(by, f"删除{label}", about, key=f"{kind}:{pk}", at=at, before=before)


def marks_of(kind: str) -> dict[int, str]:
    """Return the marks of all regions, departments or windows by their ids."""
    model, _, known, beside = _KINDS[kind]
    return {row.pk: marks.mark(_values(row, known)) for row in model._default_manager.select_related(beside)}


def _save(
    row: Any, values: Mapping[str, Any], known: Mapping[str, str], label: str, by: By, at: datetime, seen: str
) -> int:
    before = _values(row, known) if row.pk else {}
    marks.require(seen, before)
    for name in known:
        if name in values:
            setattr(row, name, values[name])
    row.save()
    after = _values(row, known)
    if before != after:
        kind = row._meta.model_name
        what = f"{'修改' if before else '新建'}{label}"
        trail.note_change(by, what, str(row), key=f"{kind}:{row.pk}", at=at, before=before, after=after)
    return int(row.pk)


def _values(row: Any, known: Mapping[str, str]) -> dict[str, str]:
    return {label: "" if (value := getattr(row, name)) is None else str(value) for name, label in known.items()}


def _row(model: type[django_models.Model], pk: int | None) -> Any:
    if pk is None:
        return None
    row = model._default_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(GONE)
    return row


def _taken(model: Any, row: Any, name: str, value: str, say: str, **within: Any) -> list[tuple[str, str]]:
    if not value.strip():
        return [(name, "这一项要填。")]
    others = model.objects.filter(**{name: value}, **within)
    return [(name, say)] if others.exclude(pk=row.pk).exists() else []


# --- office hours -----------------------------------------------------------------------------------------------------


def hours_from(text: str) -> str:
    """Return office hours as typed, `9:00-12:00 13:30-17:30`, in the form in which they are kept.

    :raises Amiss: they cannot be read.
    """
    cleaned = text.replace("：", ":").replace("—", "-").replace("－", "-").replace("～", "-").replace("~", "-")
    parts = cleaned.replace("，", ",").replace("、", ",").replace("；", ",").replace(" ", ",").split(",")
    try:
        sessions = tuple(_session(part) for part in parts if part)
        OfficeHours(sessions)
    except ValueError:
        raise Amiss(
            [("hours", "办公时间看不懂。请写成 9:00-12:00 13:30-17:30，按先后排列，每一段开始早于结束，互不重叠。")]
        ) from None
    if len(sessions) > 3:
        raise Amiss([("hours", "一天最多写三段。")])
    return ",".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in sessions)


def _session(text: str) -> tuple[time, time]:
    opens, closes = text.split("-")
    return _clock(opens), _clock(closes)


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


@transaction.atomic
def change_hours(region: int, text: str, *, since: date, by: By, at: datetime, reason: str) -> int:
    """Let other office hours hold in a region from a day to come, and return the calendar's new version.

    Days that have begun keep theirs, so no light that has fallen moves; open matters due later are counted anew.

    :raises Amiss: the hours cannot be read, the day has begun, or no ground is given.
    """
    hours = hours_from(text)
    row = models.Region.objects.select_for_update().get(pk=region)
    faults = []
    if since <= local_day(at):
        faults.append(("since", "只能从明天或以后起改：已经过去的日子，期限按当时的办公时间算，不能倒改。"))
    if since > local_day(at) + timedelta(366):
        faults.append(("since", "日期太远，请在生效前一年内来改。"))
    if not reason.strip():
        faults.append(("reason", "请写明依据，例如“关于调整夏季作息时间的通知”。"))
    now, *changes = row.office_hours.split(";")
    standing = [each for each in changes if each.partition("=")[0] < str(since)]
    if reads.office_hours(row.office_hours).on(since - timedelta(1)) == OfficeHours(reads.office_hours(hours).sessions):
        faults.append(("hours", "与这一天之前的办公时间一样，不用改。"))
    if faults:
        raise Amiss(faults)
    return _put_hours(row, _pruned(now, [*standing, f"{since}={hours}"], local_day(at)), "调整办公时间", by, at, reason)


@transaction.atomic
def withdraw_hours(region: int, *, by: By, at: datetime, reason: str) -> int:
    """Take back those changes of the office hours whose day has not begun, and return the calendar's new version.

    :raises NotAllowed: there is none.
    """
    row = models.Region.objects.select_for_update().get(pk=region)
    now, *changes = row.office_hours.split(";")
    standing = [each for each in changes if each.partition("=")[0] <= str(local_day(at))]
    if len(standing) == len(changes):
        raise NotAllowed("没有还没生效的办公时间调整，不用撤销。")
    return _put_hours(row, ";".join([now, *standing]), "撤销办公时间调整", by, at, reason)


def _pruned(now: str, changes: list[str], today: date) -> str:
    # Years of changes would not fit; doctors read what stood before from the versions.
    while len(changes) > 8 and changes[0].partition("=")[0] < str(today - timedelta(400)):
        now, changes = changes[0].partition("=")[2], changes[1:]
    return ";".join([now, *changes])


def _put_hours(row: models.Region, hours: str, what: str, by: By, at: datetime, reason: str) -> int:
    calendar = models.Calendar.objects.select_for_update().get(pk=row.calendar_id)
    if not row.hours_versions.exists():
        models.HoursVersion.objects.create(region=row, since=1, office_hours=row.office_hours)
    before, row.office_hours = row.office_hours, hours
    row.save(update_fields=["office_hours"])
    calendar.version += 1
    calendar.save(update_fields=["version"])
    models.HoursVersion.objects.create(region=row, since=calendar.version, office_hours=hours)
    trail.note_change(
        by, what, row.name, key=f"region:{row.pk}", at=at, before={"办公时间": said(before)}, after={"办公时间": said(hours)},
        reason=reason.strip(),
    )  # fmt: skip
    return calendar.version


def said(text: str) -> str:
    """Return office hours in words: 09:00-12:00、13:00-17:00；自2027年6月1日起……"""
    now, *changes = text.split(";")
    words = [now.replace(",", "、")]
    for each in changes:
        day, _, hours = each.partition("=")
        words.append(f"{day} 起 {hours.replace(',', '、')}")
    return "；".join(words)

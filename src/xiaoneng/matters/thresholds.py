"""From when lights warn, as data: for all, by kind of matter, by item; from a day to come on, and never backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from xiaoneng.catalogue.models import Item, ItemVersion
from xiaoneng.kit import asking, marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.matters.models import WarningRule
from xiaoneng.matters.reads import PROCEDURES
from xiaoneng.rules.units import Threshold
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

KEY = "warnings"
_LOCK = 7892513  # whoever lays a rule down waits for whoever does so now
WIDER = "不再单独规定，按上一级的规则"


@dataclass(frozen=True, slots=True)
class WarningLine:
    """A rule as its page shows it."""

    scope: str
    item: str
    said: str
    since: date
    stage: str
    reason: str
    set_by: str
    set_at: datetime


def kinds() -> tuple[tuple[str, str], ...]:
    """Return the kinds of matters that a rule may be for, by code and label: those that any move gives a clock."""
    timed = (each for each in PROCEDURES.values() if any(move.clock for move in each.moves))
    return tuple((each.kind, each.label) for each in timed)


@transaction.atomic
def change(
    *, kind: str, item: str, threshold: Threshold | None, since: date, reason: str, by: By, at: datetime, seen: str = ""
) -> None:
    """Say from when the lights of clocks warn that start on a day or later, in all matters, those of a kind, or of an item.

    :param kind: a kind of matter; empty for all. An item's code goes before it.
    :param threshold: nothing lets the wider rule hold again.
    :param seen: the mark of the rules that were read; whoever gives none is not compared with others.
    :raises Overtaken: somebody laid down another rule after they were read.
    :raises Amiss: the day is not to come, there is no such kind or item, no reason is given, or nothing would change.
    """
    code, reason = item.strip(), reason.strip()
    found = Item.objects.filter(code=code).first() if code else None
    faults = list(_faults(kind, code, found, threshold, since, reason, at))
    if faults:
        raise Amiss(faults)
    asking.first("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    marks.require(seen, _standing())
    scope = {"item": found} if found else {"item": None, "kind": kind}
    earlier = WarningRule.objects.filter(**scope).order_by("-since", "-id")
    before = next((row.threshold for row in earlier if row.since <= since), None)
    if before == threshold:
        raise Amiss([("", "那一天本来就是这样规定的，没有要改的。")])
    WarningRule.objects.create(
        item=found, kind="" if found else kind, since=since, reason=reason, set_by=by.name, set_at=at,
        percent=threshold.percent if threshold else None, least=threshold.least if threshold else None,
    )  # fmt: skip
    trail.note_change(
        by, "修改预警规则", _name_of(kind, found), key=KEY, at=at, reason=reason,
        before={"预警": str(before or WIDER)}, after={"预警": str(threshold or WIDER), "起施行": since.isoformat()},
    )  # fmt: skip


def mark() -> str:
    """Return the mark of all rules there are, which says whether another was laid down."""
    return marks.mark(_standing())


def _standing() -> dict[str, object]:
    last = WarningRule.objects.select_related("item").order_by("-id").first()
    if last is None:
        return {}
    name = _name_of(last.kind, last.item)
    return {"最近定的": f"{name}从 {last.since} 起{last.threshold or WIDER}（{last.set_by}）", "_": last.pk}


def _faults(
    kind: str, code: str, item: Item | None, threshold: Threshold | None, since: date, reason: str, at: datetime
) -> Iterator[tuple[str, str]]:
    tomorrow = local_day(at) + timedelta(days=1)
    if kind and kind not in dict(kinds()):
        yield "kind", "请从列表里选择一类事"
    if code and item is None:
        yield "item", "没有这个编码的事项；请从事项页面复制实施编码，不分事项的留空"
    if threshold and threshold.least < 1:
        # Findings look at what was done once a light had turned yellow; without a yellow day they would find nothing.
        yield "least", "至少提前 1 日预警：到期当天还不转黄，就没有人来得及办"
    if since < tomorrow:
        yield "since", f"最早从 {tomorrow} 起：不追溯，已经起算的时钟照原来的规则"
    if not reason:
        yield "reason", "请写明理由或者依据文件"


def _name_of(kind: str, item: Item | None) -> str:
    return f"事项 {item.code}" if item else dict(kinds()).get(kind, kind) if kind else "所有的事"


def lines(today: date) -> tuple[WarningLine, ...]:
    """Return every rule there was, those to come and in force first."""
    rows = list(WarningRule.objects.select_related("item").order_by("-since", "-id"))
    names = _names({row.item_id for row in rows if row.item_id})
    holding, found = set[tuple[str, int | None]](), []
    for row in rows:
        scope = (row.kind, row.item_id)
        stage = "将施行" if row.since > today else "已被代替" if scope in holding else "施行中"
        if row.since <= today:
            holding.add(scope)
        label = names.get(row.item_id, "") if row.item_id else _name_of(row.kind, None)
        found.append(
            WarningLine(
                label, row.item.code if row.item else "", str(row.threshold or WIDER), row.since, stage, row.reason,
                row.set_by, row.set_at,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: ("将施行", "施行中", "已被代替").index(each.stage)))


def _names(items: set[int]) -> dict[int, str]:
    rows = ItemVersion.objects.filter(item_id__in=items).order_by("serial").values_list("item_id", "name")
    return dict(rows)

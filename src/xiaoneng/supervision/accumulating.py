"""Changing the rules of accumulation: another version of a rule from a day to come, a new rule, or the end of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from xiaoneng.kit import marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.rules.accountability import Measure, Source
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision.models import Accumulation
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

KEY = "accumulations"
MOST_COUNT, MOST_MONTHS, MOST_POINTS = 99, 60, 100
_NAMES = {
    "label": "规则", "source": "数什么", "rule": "限于", "count": "几件", "months": "几个月以内", "measure": "建议",
    "points": "扣分", "basis": "依据文件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """What a rule says: so many of what (`rule` narrows it) within so many months call for which measure."""

    label: str
    source: str
    rule: str
    count: int
    months: int
    measure: str
    points: int
    basis: str


@transaction.atomic
def change(code: str, wording: Wording, *, since: date, by: By, at: datetime, seen: str = "") -> None:
    """Let a rule say this from a day to come; until the day before, what it said before holds and stays on record.

    :param seen: the mark of the rule that was read; whoever gives none is not compared with others.
    :raises Overtaken: somebody changed the rule after it was read.
    :raises Amiss: the day is not to come, a number does not fit, no document is named, or it says so already.
    """
    code = code.strip()
    faults = list(_faults(code, wording, since, at))
    before = _standing(code)
    marks.require(seen, _values(before) if before else {})
    if before is not None and _said(before) == wording:
        faults.append(("", "这条规则现在就是这样规定的，没有要改的。"))
    if before is not None and before.since >= since:
        faults.append(("since", f"这条规则已经定了 {before.since} 起的新版本，请从那天以后改。"))
    if faults:
        raise Amiss(faults)
    if before is not None:
        _end(before, since - timedelta(days=1))
    try:
        with transaction.atomic():
            Accumulation.objects.create(code=code, since=since, **asdict(wording))
    except IntegrityError:
        raise Amiss([("", "刚刚有人改过这条规则。请刷新以后再看。")]) from None
    _note(by, at, "修改累计规则" if before else "增加累计规则", code, before, wording, since)


def _standing(code: str) -> Accumulation | None:
    """Return the rule as it stands, held; whoever waited for somebody else's change sees what that one wrote."""
    held = list(Accumulation.objects.select_for_update().filter(code=code).values_list("pk", flat=True))
    return Accumulation.objects.filter(code=code, until__isnull=True).first() if held else None


@transaction.atomic
def end(code: str, *, last: date, reason: str, by: By, at: datetime, seen: str = "") -> None:
    """Let a rule hold for the last time on a day, today at the earliest.

    :param seen: the mark of the rule that was read; whoever gives none is not compared with others.
    :raises Overtaken: somebody changed the rule after it was read.
    :raises Amiss: the day is over, no reason is given, or the rule has ended.
    """
    row = _standing(code.strip())
    marks.require(seen, _values(row) if row else {})
    today = local_day(at)
    if row is None:
        raise Amiss([("", "没有这条规则，或者已经停用。请刷新以后再看。")])
    if last < max(today, row.since):
        raise Amiss([("last", f"最早到 {max(today, row.since)} 为止；已经按它提出的建议不变。")])
    if not reason.strip():
        raise Amiss([("reason", "请写明停用的理由或者依据文件。")])
    _end(row, last)
    trail.note_change(
        by, "停用累计规则", f"{row.code} {row.label}", key=KEY, at=at, reason=reason.strip(), before={"最后一天": "长期"},
        after={"最后一天": last.isoformat()},
    )  # fmt: skip


def _end(row: Accumulation, last: date) -> None:
    row.until = last
    row.save(update_fields=["until"])


def _faults(code: str, w: Wording, since: date, at: datetime) -> Iterator[tuple[str, str]]:
    tomorrow = local_day(at) + timedelta(days=1)
    if not (code.isascii() and code.replace("-", "").isalnum() and code.isupper() and len(code) <= 20):
        yield "code", "代码用大写字母、数字和短横，最多 20 个，例如 A-RED-3"
    if w.source not in set(Source):
        yield "source", "请从列表里选择数什么"
    if w.measure not in set(Measure):
        yield "measure", "请从列表里选择建议的处理"
    bounds = (
        ("count", w.count, 1, MOST_COUNT),
        ("months", w.months, 1, MOST_MONTHS),
        ("points", w.points, 0, MOST_POINTS),
    )
    for name, value, least, most in bounds:
        if not least <= value <= most:
            yield name, f"{_NAMES[name]}应为 {least} 到 {most} 之间的整数"
    for name in ("label", "basis"):
        if not getattr(w, name).strip():
            yield name, f"请填写{_NAMES[name]}"
    if since < tomorrow:
        yield "since", f"最早从 {tomorrow} 起：已经提出的建议不变"


def mark_of(row: Accumulation) -> str:
    """Return the mark of what a rule says."""
    return marks.mark(_values(row))


def _values(row: Accumulation) -> dict[str, object]:
    return {_NAMES[name]: value for name, value in asdict(_said(row)).items()} | {"起施行": row.since.isoformat()}


def _said(row: Accumulation) -> Wording:
    return Wording(**{name: getattr(row, name) for name in _NAMES})


def _note(
    by: By, at: datetime, what: str, code: str, before: Accumulation | None, wording: Wording, since: date
) -> None:
    old = asdict(_said(before)) if before else {}
    trail.note_change(
        by, what, f"{code} {wording.label}", key=KEY, at=at, reason=wording.basis,
        before={_NAMES[name]: value for name, value in old.items()},
        after={_NAMES[name]: value for name, value in asdict(wording).items()} | {"起施行": since.isoformat()},
    )  # fmt: skip

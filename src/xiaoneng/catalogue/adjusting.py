"""Verbs that change the list: a new version, or the end of one; each rests on a decision that is on record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from xiaoneng.catalogue import models
from xiaoneng.catalogue.actions import index_versions
from xiaoneng.catalogue.contents import columns_of, content_of, write_rows
from xiaoneng.org.models import Department
from xiaoneng.rules.grounds import BUSINESS_CLIMATE, Basis, NotAllowed, NotFound, Obstacle, Obstructed
from xiaoneng.rules.items.content import Content
from xiaoneng.rules.items.inherited import Basics, obstacles_to_localising
from xiaoneng.rules.items.lawful import obstacles_to_publishing
from xiaoneng.rules.units import limit
from xiaoneng.rules.workdays import local_day

Disposition = models.Adjustment.Disposition
ENDING = frozenset(
    {Disposition.CANCEL, Disposition.TRANSFER, Disposition.FREEZE, Disposition.MERGE, Disposition.DELEGATE}
)
ON_RECORD = Basis(BUSINESS_CLIMATE, 40, "", "行政许可等权力实行清单管理，调整应当依法进行并向社会公布")
RUNNING_STAYS = "已受理的办件按受理时的版本办完；尚未受理的，自生效之时起按新的规定办理。"


@dataclass(frozen=True, slots=True)
class Decision:
    """Why the list changes: which disposition, by which document, on which ground, by whom, and what was announced."""

    disposition: str
    document: str
    reason: str
    ground: str
    approver: str
    notice: str
    on_running: str = RUNNING_STAYS
    target: str = ""
    target_code: str = ""


def obstacles_to_deciding(decision: Decision, effective_at: datetime, at: datetime) -> tuple[Obstacle, ...]:
    """Return what a decision lacks before it can change the list."""
    asked = (
        ("document", decision.document, "文号", "请填写批准调整的文件的文号。"),
        ("reason", decision.reason, "理由", "请写明为什么调整。"),
        ("ground", decision.ground, "依据", "请写明调整依据的法律、法规或者文件。"),
        ("approver", decision.approver, "批准机关", "请填写批准调整的机关或者会议。"),
        ("notice", decision.notice, "公告", "请写明向社会公布的内容或者网址。"),
    )
    found = [
        Obstacle(code, f"还没有填写{what}。", ON_RECORD, remedy)
        for code, value, what, remedy in asked
        if not value.strip()
    ]
    if decision.disposition in (Disposition.TRANSFER, Disposition.DELEGATE) and not decision.target.strip():
        found.append(Obstacle("target", "还没有写明交给谁。", ON_RECORD, "请填写承接的组织或者下级机关。"))
    if decision.disposition == Disposition.MERGE and not decision.target_code.strip():
        found.append(Obstacle("target_code", "还没有写明并入哪个事项。", ON_RECORD, "请填写并入的事项的编码。"))
    if effective_at < at:
        found.append(
            Obstacle(
                "effective_at", "生效时间早于现在，会改变已经办过的事。", ON_RECORD, "请选择今后的时间，或者立即生效。"
            )
        )
    return tuple(found)


@transaction.atomic
def publish(
    code: str, content: Content, decision: Decision, *, effective_at: datetime, by: int, at: datetime,
    department: int | None = None, basic: str = "", parent: str = "",
) -> int:  # fmt: skip
    """Put a new version of an item into force and return its id; an unknown code with a department is a new item.

    :raises Obstructed: the decision lacks something, the content is not lawful, or it departs from what is fixed above.
    :raises NotFound: there is no such item and no department is given.
    :raises NotAllowed: a version for later is already fixed.
    """
    item = _item(code, department, basic, parent)
    obstacles = (
        *obstacles_to_deciding(decision, effective_at, at),
        *obstacles_to_content(content, basics_of(item), effective_at),
    )
    if obstacles:
        raise Obstructed(obstacles)
    before = _ended(item, effective_at)
    last = item.versions.order_by("-serial").first()
    version = models.ItemVersion.objects.create(
        item=item, serial=last.serial + 1 if last else 1, in_force=DateTimeTZRange(effective_at, None),
        kind=models.PowerKind.objects.get(name=content.kind), source=decision.document[:200],
        fingerprint=fingerprint(content), **columns_of(content),
    )  # fmt: skip
    write_rows([(version.pk, content)])
    index_versions([version.pk])
    _record(item, decision, effective_at, by, at, begins=version, ends=before)
    return version.pk


@transaction.atomic
def end(code: str, decision: Decision, *, effective_at: datetime, by: int, at: datetime) -> None:
    """Take an item off the list: cancelled, transferred, frozen, merged or delegated; accepted cases run on.

    :raises Obstructed: the decision lacks something.
    :raises NotAllowed: the item is not on the list, or its end is already fixed.
    """
    item = _item(code, None, "", "")
    obstacles = obstacles_to_deciding(decision, effective_at, at)
    if decision.disposition not in ENDING:
        raise NotAllowed("这种调整要写明新的内容，请改用“变更要素”。")
    if obstacles:
        raise Obstructed(obstacles)
    before = _ended(item, effective_at)
    if before is None:
        raise NotAllowed(f"事项 {code} 现在不在清单内，不能再{Disposition(decision.disposition).label}。请核对编码。")
    _record(item, decision, effective_at, by, at, begins=None, ends=before)


def thaw(code: str, decision: Decision, *, effective_at: datetime, by: int, at: datetime) -> int:
    """Put a frozen item back into force as it stood, and return its new version.

    :raises NotAllowed: the item is not frozen.
    :raises Obstructed: the decision lacks something, or the content is not lawful any more.
    """
    last = models.Adjustment.objects.filter(item__code=code).order_by("-effective_at", "-id").first()
    if last is None or last.disposition != Disposition.FREEZE or last.ends_id is None:
        raise NotAllowed(f"事项 {code} 没有被冻结，不需要解冻。")
    return publish(code, content_of(last.ends_id), decision, effective_at=effective_at, by=by, at=at)


def obstacles_to_content(content: Content, basics: Basics | None, on: datetime) -> tuple[Obstacle, ...]:
    """Return everything that stands against a content: the law of lists, and what is fixed above."""
    known = set(models.PowerKind.objects.values_list("name", flat=True))
    kinds: tuple[Obstacle, ...] = ()
    if content.kind not in known:
        kinds = (
            Obstacle(
                "kind", f"没有“{content.kind}”这种事项类型。", ON_RECORD, f"请从这些里选：{'、'.join(sorted(known))}。"
            ),
        )
    inherited = obstacles_to_localising(content, basics) if basics else ()
    return (*kinds, *obstacles_to_publishing(content, local_day(on)), *inherited)


def basics_of(item: models.Item) -> Basics | None:
    """Return what the basic catalogue fixes of an item, if it stands in one."""
    row = item.basic
    if row is None:
        return None
    statutory = limit(row.statutory_unit, row.statutory_n) if row.statutory_n is not None else None
    return Basics(
        row.code, row.name, row.kind.name, statutory, tuple(row.bases), tuple(row.materials), row.free_of_charge
    )


def fingerprint(content: Content) -> str:
    """Return the SHA-256 of a content: the same for a repetition, another for a change."""
    text = json.dumps(content.as_json(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _item(code: str, department: int | None, basic: str, parent: str) -> models.Item:
    found = models.Item.objects.select_for_update().filter(code=code).first()
    if found is not None:
        return found
    if department is None:
        raise NotFound(f"没有编码为 {code} 的事项。请核对编码。")
    whose = Department.objects.get(id=department)
    if whose.closed_on is not None:
        raise NotAllowed(f"{whose.name}已经撤销，不能再有新的事项。请改由接续的部门提出。")
    return models.Item.objects.create(
        code=code,
        department=whose,
        basic=models.BasicItem.objects.filter(code=basic).first() if basic else None,
        parent=models.Item.objects.filter(code=parent).first() if parent else None,
    )


def _ended(item: models.Item, effective_at: datetime) -> models.ItemVersion | None:
    """End the version in force at an instant and return it, or nothing where none is."""
    later = item.versions.filter(in_force__startswith__gte=effective_at, in_force__isempty=False).exists()
    standing = item.versions.filter(in_force__contains=effective_at).first()
    if later or (standing is not None and standing.in_force.upper is not None):
        raise NotAllowed("这个事项已经排定了日后生效或者失效的版本。请先处理已排定的版本，再作新的调整。")
    if standing is not None:
        standing.in_force = DateTimeTZRange(standing.in_force.lower, effective_at)
        standing.save(update_fields=["in_force"])
    return standing


def _record(
    item: models.Item, decision: Decision, effective_at: datetime, by: int, at: datetime,
    begins: models.ItemVersion | None, ends: models.ItemVersion | None,
) -> None:  # fmt: skip
    target = models.Item.objects.filter(code=decision.target_code).first() if decision.target_code else None
    if decision.target_code and target is None:
        raise NotFound(f"没有编码为 {decision.target_code} 的事项，不能并入。请核对编码。")
    models.Adjustment.objects.create(
        item=item, disposition=decision.disposition, document=decision.document.strip(), reason=decision.reason.strip(),
        ground=decision.ground.strip(), approver=decision.approver.strip(), notice=decision.notice.strip(),
        on_running=decision.on_running.strip(), target=decision.target.strip(), target_item=target,
        effective_at=effective_at, recorded_at=at, recorded_by=by, begins=begins, ends=ends,
    )  # fmt: skip


def ensure_kind(code: str, name: str, *, on_application: bool) -> None:
    """Add a kind of power, or change its name and whether anybody can apply for it."""
    models.PowerKind.objects.update_or_create(code=code, defaults={"name": name, "on_application": on_application})


def ensure_basics(rows: Iterable[models.BasicItem]) -> None:
    """Write entries of the basic catalogue; the same code again replaces what it fixes."""
    fixed = [
        "name",
        "kind",
        "statutory_n",
        "statutory_unit",
        "bases",
        "materials",
        "free_of_charge",
        "levels",
        "source",
    ]
    models.BasicItem.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=fixed, batch_size=1000
    )

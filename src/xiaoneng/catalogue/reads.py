"""Questions about items; hands out frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from xiaoneng.catalogue import models
from xiaoneng.kit import asking
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Limit, limit
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local

INSTANT = "即办件"
DEFAULT_CHAIN = (("accept", "受理", Role.WINDOW), ("review", "审查", Role.REVIEWER), ("decide", "决定", Role.HEAD))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a review chain; `limit` is None where the version sets no days for it."""

    position: int
    kind: str
    name: str
    role: Role
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Material:
    """A material that an application must or may bring."""

    slot: str
    name: str
    required: bool
    form: str
    copies: int
    note: str
    source: str
    deferrable: bool = False
    deferred_days: int | None = None
    scenarios: tuple[str, ...] = ()  # in which it is asked for; none: in all


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation that an applicant recognises, and the question to which it is an answer."""

    name: str
    question: str
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What one version of an item demands: everything the procedure needs to know of it."""

    version_id: int
    serial: int
    item_id: int
    code: str
    name: str
    kind: str
    department_id: int
    department: str
    statutory: Limit | None
    promised: Limit | None
    steps: tuple[Step, ...]
    materials: tuple[Material, ...]
    in_force_since: datetime
    conditions: str
    basis: str
    audience: tuple[str, ...]
    themes: tuple[str, ...]
    location: str
    phone: str
    complaint_phone: str
    result: str
    online: bool
    source: str
    on_application: bool
    instant: bool = False
    authorised: bool = False
    special: bool = False  # an inspection, an expert review or a hearing belongs to it
    early_issue: bool = False
    committable: bool = False
    commitment_text: str = ""
    check_days: int | None = None
    bears_on_safety: bool = False
    quantity_limit: str = ""
    season: str = ""
    scenarios: tuple[Scenario, ...] = ()

    @property
    def has_limit(self) -> bool:
        """Tell whether any limit binds this version; without one it is shown but not open."""
        return self.statutory is not None or self.promised is not None

    def step_after(self, position: int) -> Step | None:
        """Return the step that follows a position, or None after the last."""
        return next((step for step in self.steps if step.position > position), None)

    def step_at(self, position: int) -> Step | None:
        """Return the step at a position, or None."""
        return next((step for step in self.steps if step.position == position), None)


@lru_cache(maxsize=8192)
def plan(version_id: int) -> Plan:
    """Return the plan of a version; versions never change, so each is read once per process.

    :raises NotFound: there is no such version.
    """
    try:
        row = models.ItemVersion.objects.select_related("item__department", "kind").get(id=version_id)
    except models.ItemVersion.DoesNotExist:
        raise NotFound("没有这个事项版本。请回到事项列表重新选择。") from None
    return _plan_of(row)


def _plan_of(row: models.ItemVersion) -> Plan:
    return Plan(
        version_id=row.pk,
        serial=row.serial,
        item_id=row.item_id,
        code=row.item.code,
        name=row.name,
        kind=row.kind.name,
        department_id=row.item.department_id,
        department=row.item.department.name,
        statutory=limit(row.statutory_unit, row.statutory_n) if row.statutory_n is not None else None,
        promised=limit(row.promised_unit, row.promised_n) if row.promised_n is not None else None,
        steps=_steps_of(row),
        materials=_materials_of(row),
        in_force_since=row.in_force.lower,
        conditions=row.conditions,
        basis=row.basis,
        audience=tuple(row.audience),
        themes=tuple(row.themes),
        location=row.location,
        phone=row.phone,
        complaint_phone=row.complaint_phone,
        result=row.result,
        online=row.online,
        source=row.source,
        on_application=row.kind.on_application,
        instant=row.case_type == INSTANT,
        authorised=row.window_authorised,
        special=row.specialstep_rows.exists(),
        early_issue=row.early_issue,
        committable=row.committable,
        commitment_text=row.commitment_text,
        check_days=row.check_days,
        bears_on_safety=row.bears_on_safety,
        quantity_limit=row.quantity_limit,
        season=row.season,
        scenarios=tuple(Scenario(s.name, s.question, s.note) for s in row.scenario_rows.order_by("position")),
    )


def _steps_of(row: models.ItemVersion) -> tuple[Step, ...]:
    steps = tuple(
        Step(s.position, s.kind, s.name, Role(s.role), limit(s.unit, s.days) if s.days is not None else None)
        for s in row.steps.order_by("position")
    )
    # What is decided on the spot has no review between acceptance and decision.
    chain = (each for each in DEFAULT_CHAIN if row.case_type != INSTANT or each[0] != "review")
    return steps or tuple(Step(n, kind, name, role, None) for n, (kind, name, role) in enumerate(chain))


def _materials_of(row: models.ItemVersion) -> tuple[Material, ...]:
    return tuple(
        Material(
            str(m.position),
            m.name,
            m.required,
            m.form,
            m.copies,
            m.note,
            m.source,
            m.deferrable,
            m.deferred_days,
            tuple(m.scenarios),
        )
        for m in row.materials.order_by("position")
    )


def in_force(at: datetime) -> QuerySet[models.ItemVersion]:
    """Return the versions in force at an instant."""
    return models.ItemVersion.objects.filter(in_force__contains=at)


_IN_FORCE = """SELECT v.id FROM catalogue_itemversion v JOIN catalogue_item i ON i.id = v.item_id
WHERE i.code = %s AND v.in_force @> %s::timestamptz"""


def version_in_force(code: str, at: datetime) -> Plan:
    """Return the plan of the item of this code that is in force at an instant.

    :raises NotFound: no such item, or none of its versions is in force.
    """
    found = asking.first(_IN_FORCE, [code, at])
    if found is not None:
        return plan(found[0])
    if models.Item.objects.filter(code=code).exists():
        raise NotFound(f"{why_off_the_list(code, at)}不能申请。清单之外无权力，如有疑问请拨打 12345。")
    raise NotFound("没有找到这个事项。请检查地址，或者回首页搜索。")


def why_off_the_list(code: str, at: datetime) -> str:
    """Say in a sentence why an item that exists is not in force at an instant."""
    row = models.Adjustment.objects.filter(item__code=code, effective_at__lte=at, begins__isnull=True)
    last = row.select_related("target_item").order_by("-effective_at", "-id").first()
    if last is None:
        return "这个事项目前不在实施清单内。"
    where = f"，去向：{last.target or (last.target_item.code if last.target_item else '')}"
    words = {
        "cancel": "已取消", "transfer": "已转移", "freeze": "已冻结，未经政府同意不得行使", "merge": "已并入其他事项",
        "delegate": "已下放",
    }[last.disposition]  # fmt: skip
    day = f"{local(last.effective_at):%Y 年 %-m 月 %-d 日}"
    to = where if last.target or last.target_item else ""
    return f"这个事项自 {day}起{words}（{last.document}）{to}。"

"""The moves of agent service: ask for it, take it on with a plan, tick off, complete, decline, do without."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import models
from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import apply, drafts
from xiaoneng.approval.agency import reads
from xiaoneng.matters import actions as matters
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.rules import agency
from xiaoneng.rules.agency import PlannedStep
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.procedures import agency as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day, receipt_day


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its applicant describes it; figures in units of 10,000 yuan."""

    name: str
    capital: int = 0
    investment: int = 0


@transaction.atomic
def request(
    *,
    project: Project,
    form: Mapping[str, str],
    thresholds: Mapping[str, int],
    by: Actor,
    at: datetime,
    key: UUID | None,
) -> Moved:
    """Ask for agent service for a project; whoever takes it on answers within two working days.

    :param thresholds: the settings in force: capital and investment.
    :raises Obstructed: the project is below both thresholds, or has no name.
    :raises NotAllowed: the place has no agents.
    """
    found = list(agency.to_service(project.capital, project.investment, thresholds))
    if not project.name.strip():
        found.append(Obstacle("project", "还没有写项目名称。", agency.PLANNED, "请写明项目的名称。"))
    if found:
        raise Obstructed(found)
    office = reads.office()
    if office is None:
        raise NotAllowed("本地还没有设代办员。请拨打 12345，或者到政务大厅咨询台。")
    matter, fresh = matters.open_matter(
        kind=reads.KIND, state=procedure.DRAFT, department=office, item_version=None, title=f"代办：{project.name.strip()}",
        by=by.account, at=at, key=key,
    )  # fmt: skip
    if fresh:
        _lay(matter, project, form, by)
    file = reads.load(matter, key, by=by, at=at, lock=True)
    day = receipt_day(at, file.rules.calendar, file.rules.hours)
    facts = {
        "received_on": day.isoformat(), "channel": file.extra["channel"], "files": [], "capital": project.capital,
        "investment": project.investment, "thresholds": dict(thresholds), "agency_days": agency.ANSWER.n,
        "payload_hash": applications.payload_hash(file.extra["salt"], file.extra["payload"]),
    }  # fmt: skip
    change = Change(starts={ClockName.AGENCY: StartOf(agency.ANSWER, day)}, facts=facts)
    return move(file, "request", by=apply.as_applicant(file, by), at=at, change=change, key=key)


def _lay(matter: int, project: Project, form: Mapping[str, str], by: Actor) -> None:
    online = models.Application.Channel.ONLINE
    models.Application.objects.create(
        matter_id=matter, channel=online, filed_by=by.account, salt=secrets.token_bytes(16), **drafts.columns(form)
    )
    row = models.AgencyCase(matter_id=matter, project=project.name.strip()[:120])
    row.capital, row.investment = project.capital, project.investment
    row.save(force_insert=True)


@transaction.atomic
def take_on(which: int | str, *, by: Actor, at: datetime, key: UUID | None, steps: Sequence[PlannedStep]) -> Moved:
    """Take a project on with the plan of all its approvals; the clock runs to the plan's last day.

    :raises Obstructed: the plan is empty, names days gone by, or has a step due before one it waits for.
    """
    file = reads.load(which, key, by=by, at=at, lock=True)
    today = local_day(at)
    if file.replay is None and file.state == procedure.REQUESTED:
        obstacles = agency.to_plan(steps, today)
        if obstacles:
            raise Obstructed(obstacles)
    length = agency.length(steps, today, file.rules.calendar) if steps else agency.ANSWER
    plan = [asdict(each) | {"due_on": each.due_on.isoformat(), "after": list(each.after)} for each in steps]
    change = Change(
        starts={ClockName.AGENCY: StartOf(length, today)},
        facts={"plan": plan, "agent": by.account, "agency_days": length.n},
    )
    moved = move(file, "take_on", by=by, at=at, change=change, key=key)
    if not moved.replayed:
        models.AgencyCase.objects.filter(matter_id=file.id).update(agent=by.account)
        models.AgencyStep.objects.bulk_create(
            models.AgencyStep(
                agency_id=file.id, position=place, title=each.title.strip()[:120], department=each.department.strip()[:60],
                due_on=each.due_on, after=list(each.after),
            )
            for place, each in enumerate(steps, start=1)
        )  # fmt: skip
    return moved


@transaction.atomic
def tick(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, step: int, number: str = "", done: bool = False
) -> Moved:
    """Write down under which number an approval of the plan runs, or that it is done.

    :raises Obstructed: the plan has no such row, it is done already, or one it waits for is not; no case has the number.
    """
    file = reads.load(which, key, by=by, at=at, lock=True)
    row = models.AgencyStep.objects.filter(agency_id=file.id, position=step).first()
    if file.replay is None and file.state == procedure.SERVING:
        obstacles = _against_tick(file.id, row, number, done, file.extra["filed_by"])
        if obstacles:
            raise Obstructed(obstacles)
    facts: dict[str, Any] = {"step": step, "number": number.strip(), "done": done}
    change = Change(to=file.state, step=file.step, step_name=file.step_name, facts=facts)
    moved = move(file, "tick", by=by, at=at, change=change, key=key)
    if row is not None and not moved.replayed:
        row.number = number.strip() or row.number
        row.done_on = local_day(at) if done else None
        row.save(update_fields=["number", "done_on"])
    return moved


def _against_tick(
    matter: int, row: models.AgencyStep | None, number: str, done: bool, owner: int
) -> tuple[Obstacle, ...]:
    if row is None:
        return (Obstacle("step", "计划里没有这一项。", agency.PLANNED, "请刷新页面后重新选择。"),)
    found = []
    if row.done_on is not None:
        found.append(Obstacle("step", f"“{row.title}”已经办完。", agency.PLANNED, "请选还没有办完的一项。"))
    if not done and not number.strip():
        found.append(Obstacle("number", "还没有写办件编号。", agency.PLANNED, "请填办件编号，或者勾选已经办完。"))
    known = Matter.objects.filter(number=number.strip(), application__filed_by=owner) if number.strip() else None
    if known is not None and not known.exists():
        message = f"申请人没有编号为“{number.strip()}”的办件。"
        found.append(Obstacle("number", message, agency.PLANNED, "请核对受理通知书上的编号。"))
    waits = models.AgencyStep.objects.filter(agency_id=matter, position__in=row.after, done_on__isnull=True)
    if done and (first := waits.order_by("position").first()):
        found.append(Obstacle("step", f"它的前置“{first.title}”还没有办完。", agency.PLANNED, "请先登记前置的一项。"))
    return tuple(found)


def complete(which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str = "") -> Moved:
    """Close an agent case when every approval of its plan is done.

    :raises Obstructed: one is not.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state == procedure.SERVING:
        left = models.AgencyStep.objects.filter(agency_id=file.id, done_on__isnull=True).order_by("position")
        obstacles = [
            Obstacle("step", f"“{each.title}”还没有办完。", agency.PLANNED, "请先登记它的结果。") for each in left
        ]
        if obstacles:
            raise Obstructed(obstacles)
    return move(file, "complete", by=by, at=at, change=Change(facts={"note": note.strip()}), key=key)


def decline(which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str) -> Moved:
    """Decline agent service with the reason.

    :raises Obstructed: no reason is written.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state == procedure.REQUESTED and not reason.strip():
        raise Obstructed(
            [Obstacle("reason", "还没有写不予代办的理由。", agency.THRESHOLD, "请写明理由，申请人会看到。")]
        )
    return move(file, "decline", by=by, at=at, change=Change(facts={"reason": reason.strip()}), key=key)


def withdraw(which: int | str, *, by: Actor, at: datetime, key: UUID | None) -> Moved:
    """Do without the agent from now on; the approvals themselves go on."""
    file = reads.load(which, key, by=by, at=at)
    return move(file, "withdraw", by=apply.as_applicant(file, by), at=at, key=key)

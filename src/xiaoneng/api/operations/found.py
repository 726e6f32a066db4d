"""What people found themselves, the random samples that are read through, and what of supervision waits for a department."""

from __future__ import annotations

from django.http import HttpRequest

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.findings import room, told
from xiaoneng.api.operations.issued import told as issued_told
from xiaoneng.api.schemas import issued as schemas
from xiaoneng.api.schemas.cases import MovedTold
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import basis_told, moved_told
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import finding
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import issued_reads, models
from xiaoneng.supervision.findings import actions, draws, reads

READ, MOVE = Bearer(Scope.SUPERVISION_READ), Bearer(Scope.SUPERVISION_MOVE)
BOTH_SIDES = Bearer(Scope.SUPERVISION_MOVE, Scope.CASES_MOVE)
UNIT = Bearer(Scope.CASES_READ)
MOST = 50


def _reach(caller: Caller) -> Reach:
    return org.reach_of(caller.account, [Role.SUPERVISOR], local_day(caller.now))


@room.changes(
    "/supervision/findings", MovedTold, door=BOTH_SIDES, summary="登记明查暗访、抽查或者自查的发现", status=201
)
def enter_finding(request: HttpRequest, asked: schemas.FoundAsked) -> MovedTold:
    """Put on record what a patrol or the reading of a sample found, or as its head what a department found itself."""
    caller = caller_of(request)
    if asked.department not in org.departments_named([asked.department]):
        raise NotFound("没有这个部门。请用 GET /departments 查看有哪些。")
    cases = tuple(matters.file(each.upper()).id for each in asked.cases)
    moved = actions.find_by_hand(
        asked.source, asked.department, note=asked.note, by=caller.actor, at=clock.now(), key=key_of(request), cases=cases,
        person=asked.person,
    )  # fmt: skip
    return moved_told(matters.file(moved.matter), "find", moved)


@room.reads("/supervision/finding-rules", list[schemas.FindingRuleTold], door=READ, summary="监察规则目录")
def list_finding_rules(request: HttpRequest) -> list[schemas.FindingRuleTold]:
    """List every rule: what it looks for, from which numbers on, on which ground, and how many findings there are."""
    return [
        schemas.FindingRuleTold(
            code=each.rule.code, version=each.rule.version, label=each.rule.label, meaning=each.rule.meaning,
            measured=each.rule.measured, basis=basis_told(each.rule.basis), met=each.rule.met.value,
            met_label=each.rule.met.label, found=each.found, confirmed=each.confirmed, open=each.open,
        )
        for each in reads.catalogue(_reach(caller_of(request)))
    ]  # fmt: skip


# --- samples ----------------------------------------------------------------------------------------------------------
@room.reads("/supervision/samples", list[schemas.SampleTold], door=READ, summary="随机抽查")
def list_samples(request: HttpRequest) -> list[schemas.SampleTold]:
    """List the latest samples within reach with their seeds, the newest first."""
    return [_sample_told(each) for each in reads.draws(_reach(caller_of(request)))[:MOST]]


def _sample_told(row: models.AuditDraw) -> schemas.SampleTold:
    return schemas.SampleTold(
        id=row.pk, seed=row.seed, since=row.since, until=row.until, department=row.department_id, wanted=row.wanted,
        population=row.population, drawn_at=row.drawn_at, cases=[each.called for each in reads.cases_of(row.cases)],
    )  # fmt: skip


@room.changes("/supervision/samples", schemas.SampleTold, door=MOVE, summary="随机抽取已决定的办件", status=201)
def draw_sample(request: HttpRequest, asked: schemas.SampleAsked) -> schemas.SampleTold:
    """Draw a sample of the cases decided in a span of days, and keep it with its seed."""
    caller = caller_of(request)
    if asked.department is not None and not _reach(caller).covers(asked.department):
        raise NotAllowed("这个部门不在您的监察范围内。请换一个部门，或者不填。")
    return _sample_told(draws.draw(**asked.model_dump(), by=caller.actor, at=clock.now()))


# --- what waits for a department --------------------------------------------------------------------------------------
@room.reads("/supervision/waiting", schemas.WaitingTold, door=UNIT, summary="监察等我和本单位办的")
def list_waiting(request: HttpRequest) -> schemas.WaitingTold:
    """Tell what of supervision waits for the caller: reminders, cards and orders to answer, findings, own records."""
    caller = caller_of(request)
    waits = issued_reads.waiting_for(caller.account, caller.now)
    rows = reads.for_unit(issued_reads.unit_reach_of(caller.account, local_day(caller.now)))[:MOST]
    lines = zip(rows, reads.lines(rows, caller.now), strict=True)
    findings = sorted(lines, key=lambda each: each[1].state not in finding.WAITING_FOR_UNIT)
    return schemas.WaitingTold(
        reminders=[
            schemas.ReminderWaiting(
                id=each.id, about=each.about_called, about_title=each.about_title, rung=each.rung, who=each.who, due_at=each.due_at
            )
            for each in waits.reminders
        ],
        issued=[issued_told(each) for each in waits.lines],
        findings=[told(row, line) for row, line in findings],
        records=[each.number for each in waits.own],
    )  # fmt: skip

"""Verbs of a round: open it, compile, look back, argue, hear, clear, publish; each stage has its deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from xiaoneng.catalogue import adjusting
from xiaoneng.catalogue.adjusting import RUNNING_STAYS, Decision
from xiaoneng.catalogue.contents import contents_of
from xiaoneng.catalogue.imports import workbook
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.models import Adjustment, Item, ItemVersion
from xiaoneng.kit import marks
from xiaoneng.matters import actions as matters
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.models import Department
from xiaoneng.powerlists import models, reads
from xiaoneng.powerlists.reads import STAYING, Disposition
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.items.content import Content
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures import power_list as procedure
from xiaoneng.rules.procedures.power_list import ARGUED, DECIDED, HEARD, LAWFUL, LISTED, PROCEDURE
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

EDITABLE = (procedure.COMPILING, procedure.LOOKING_BACK)


@transaction.atomic
def open_round(
    *, name: str, departments: Sequence[int], by: Actor, at: datetime, compile_days: int = 20,
    stage_days: int = 10, notice_days: int = 7,
) -> int:  # fmt: skip
    """Open a round, put each department to work with its present list, and return the round.

    :raises NotAllowed: nothing is chosen, the name is taken, or the person does not keep the lists
    """
    if not name.strip() or not departments:
        raise NotAllowed("请填写这一轮的名称，并选择至少一个部门。")
    rows = list(Department.objects.filter(id__in=list(departments)).order_by("id"))
    regions = {each.region_id for each in rows}
    if len(regions) != 1:
        raise NotAllowed("请选择同一个地区的部门；不同地区各开一轮。")
    region = regions.pop()
    if models.Round.objects.filter(region_id=region, name=name.strip()).exists():
        raise NotAllowed(f"已经有一轮叫“{name.strip()}”。请换一个名称，例如加上年份。")
    row = models.Round.objects.create(
        region_id=region, name=name.strip()[:120], opened_at=at, opened_by=by.account, compile_days=compile_days,
        stage_days=stage_days, notice_days=notice_days,
    )  # fmt: skip
    for department in rows:
        _assign(row, department, by, at)
    return row.pk


def _assign(row: models.Round, department: Department, by: Actor, at: datetime) -> None:
    matter, _ = matters.open_matter(
        kind=PROCEDURE.kind, state=procedure.PLANNED, department=department.pk, item_version=None,
        title=f"{row.name}：{department.name}", by=by.account, at=at, key=None,
    )  # fmt: skip
    compilation = models.Compilation.objects.create(matter_id=matter, round=row, department=department)
    versions = ItemVersion.objects.filter(item__department=department, in_force__contains=at)
    known = {version.pk: version for version in versions.select_related("item")}
    models.Proposal.objects.bulk_create(
        models.Proposal(
            compilation=compilation, code=known[pk].item.code, item=known[pk].item, disposition=Disposition.KEEP,
            content=content.as_json(),
        )
        for pk, content in contents_of(known).items()
    )  # fmt: skip
    file = reads.file_of(matter, by=by, at=at)
    move(file, "assign", by=by, at=at, change=_stage(at, row.compile_days))


def _stage(at: datetime, days: int, facts: Mapping[str, Any] | None = None) -> Change:
    told = {"stage_days": days, **(facts or {})}
    return Change(starts={ClockName.STAGE: StartOf(WorkingDays(days), local_day(at))}, facts=told)


@transaction.atomic
def propose(
    matter: int, code: str, *, disposition: str, content: Content, by: Actor, at: datetime, reason: str = "",
    ground: str = "", on_running: str = "", target: str = "", target_code: str = "", seen: str = "",
) -> int:  # fmt: skip
    """Write down what is to become of an item and return the proposal; the same code again replaces it.

    :param seen: the mark of the proposal that was read; whoever gives none is not compared with others.
    :raises Overtaken: somebody wrote another one after it was read.
    :raises NotAllowed: the list is not being compiled, or the person does not compile for this department
    """
    file = editable(matter, by, at)
    if disposition not in Disposition.values:
        raise NotAllowed("请选择这个事项怎样处理：保留、新增、变更、取消等。")
    code = code.strip()[:40]
    if not code or not content.name.strip():
        raise NotAllowed("请填写事项的编码和名称。")
    item = Item.objects.filter(code=code).first()
    if item is not None and item.department_id != file.department and disposition != Disposition.TAKE_OVER:
        raise NotAllowed(f"编码 {code} 是别的部门的事项。请核对编码；要承接的，处理方式选“承接”。")
    standing = models.Proposal.objects.select_for_update().filter(compilation_id=matter, code=code).first()
    marks.require(seen, reads.values_of(reads.proposal_line(standing)) if standing else {})
    row, _ = models.Proposal.objects.update_or_create(
        compilation_id=matter, code=code,
        defaults={
            "item": item, "disposition": disposition, "content": content.as_json(), "reason": reason.strip(),
            "ground": ground.strip(), "on_running": on_running.strip(), "target": target.strip()[:200],
            "target_code": target_code.strip()[:40],
        },
    )  # fmt: skip
    return row.pk


def editable(matter: int, by: Actor, at: datetime) -> MatterFile:
    """Return a compilation that somebody may edit now.

    :raises NotAllowed: it is past compiling, or the person does not compile for this department
    """
    file = reads.file_of(matter, by=by, at=at)
    if file.state not in EDITABLE:
        raise NotAllowed(f"清单现在是“{PROCEDURE.state(file.state).label}”，不能再改。需要修改的，请清单管理人员退回。")
    held = {each.role for each in org.roles_of(by.account, file.department, local_day(at))}
    if Role.LIST_EDITOR not in held:
        raise NotAllowed(f"清单由{file.department_name}的清单编制人员填写；您没有这个岗位。")
    return file


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What a filled-in spreadsheet changed, and what of it could not be used."""

    changed: int
    added: int
    unchanged: int
    problems: tuple[Problem, ...]


@transaction.atomic
def take_spreadsheet(matter: int, data: bytes, *, by: Actor, at: datetime) -> Uploaded:
    """Take the department's spreadsheet in: changed items become amendments, new ones additions; nothing is left out half.

    :raises catalogue.imports.Unreadable: it is not the list's spreadsheet
    :raises NotAllowed: the list is not being compiled, or the person does not compile for this department
    """
    file = editable(matter, by, at)
    items, problems = workbook.read(data)
    known = {each.code: each for each in reads.proposals(matter)}
    changed = added = unchanged = 0
    for number, each in items.items():
        if not each.code:
            problems.append(Problem(number, "编码", "", "缺少编码，本行未采用；新增事项请先定编码。"))
            continue
        standing = known.get(each.code)
        if standing is not None and standing.content == each.content:
            unchanged += 1
            continue
        foreign = Item.objects.filter(code=each.code).exclude(department_id=file.department).exists()
        if foreign:
            problems.append(Problem(number, "编码", each.code, "这是别的部门的事项，本行未采用；请核对编码。"))
            continue
        kept = standing.disposition if standing and standing.disposition != Disposition.KEEP else ""
        disposition = kept or (Disposition.AMEND if standing and not standing.is_new else Disposition.ADD)
        propose(
            matter, each.code, disposition=disposition, content=each.content, by=by, at=at,
            reason=standing.reason if standing else "", ground=standing.ground if standing else "",
        )  # fmt: skip
        changed, added = changed + (standing is not None), added + (standing is None)
    return Uploaded(changed, added, unchanged, tuple(sorted(problems, key=lambda one: one.row)))


def report(matter: int, *, by: Actor, at: datetime) -> Moved:
    """Hand the compiled list in.

    :raises Obstructed: nothing stands in it
    """
    file = reads.file_of(matter, by=by, at=at)
    if not reads.counts_of(matter):
        raise Obstructed([Obstacle("items", "清单里还没有事项。", LISTED, "请先填写事项，或者上传填好的表格。")])
    facts = {"items": reads.counts_of(matter)}
    return move(file, "report", by=by, at=at, change=_stage(at, _days(matter), facts))


def _days(matter: int) -> int:
    return models.Round.objects.values_list("stage_days", flat=True).get(compilations__matter=matter)


def look_back(matter: int, *, by: Actor, at: datetime, statement: str) -> Moved:
    """Finish the look-back: every mechanical check passes, and the department says what it looked at.

    :raises Obstructed: everything that the checks find, item by item, and a statement that is missing
    """
    file = reads.file_of(matter, by=by, at=at)
    found = list(failings(matter, at))
    if not statement.strip():
        found.append(Obstacle("statement", "还没有写自查说明。", LISTED, "请写明核对了哪些内容、由谁负责。"))
    if found and file.state == procedure.LOOKING_BACK:
        raise Obstructed(found)
    return move(
        file, "look_back", by=by, at=at, change=_stage(at, _days(matter), {"statement": statement.strip()[:2000]})
    )


def failings(matter: int, at: datetime) -> tuple[Obstacle, ...]:
    """Return everything that the mechanical checks find against a list."""
    found = [obstacle for each in reads.proposals(matter) for obstacle in reads.obstacles_of(each, at)]
    for name in reads.duplicates_in(matter):
        found.append(Obstacle("name", f"有两个事项都叫“{name}”。", LISTED, "请归并，或者把名称区分开。"))
    return tuple(found)


@transaction.atomic
def argue(matter: int, *, by: Actor, at: datetime) -> Moved:
    """Finish the experts' review and open the public notice.

    :raises Obstructed: no expert has said anything
    """
    file = reads.file_of(matter, by=by, at=at)
    if file.state == procedure.EXPERT_REVIEW and not reads.remarks(matter, "expert"):
        raise Obstructed([Obstacle("expert", "还没有专家意见。", ARGUED, "请至少记入一份专家论证意见。")])
    notice = models.Round.objects.values_list("notice_days", flat=True).get(compilations__matter=matter)
    ends = local_day(at) + timedelta(days=notice)
    moved = move(
        file, "argue", by=by, at=at, change=_stage(at, _days(matter) + notice, {"notice_ends": ends.isoformat()})
    )
    models.Compilation.objects.filter(pk=matter).update(notice_ends=ends)
    return moved


def hear(matter: int, *, by: Actor, at: datetime) -> Moved:
    """Close the public notice: its days are over and every comment is answered.

    :raises Obstructed: it is too early, or comments have no answer
    """
    file = reads.file_of(matter, by=by, at=at)
    ends = models.Compilation.objects.values_list("notice_ends", flat=True).get(pk=matter)
    found = []
    if ends is not None and local_day(at) <= ends:
        found.append(Obstacle("notice", f"征求意见到 {ends} 才结束。", HEARD, "请在期满以后再送审。"))
    silent = [each for each in reads.remarks(matter, "public") if not each.answer]
    if silent:
        found.append(Obstacle("answer", f"还有 {len(silent)} 条意见没有答复。", HEARD, "请逐条写明是否采纳和理由。"))
    if found and file.state == procedure.PUBLIC_NOTICE:
        raise Obstructed(found)
    facts = {"comments": len(reads.remarks(matter, "public"))}
    return move(file, "hear", by=by, at=at, change=_stage(at, _days(matter), facts))


def clear(matter: int, *, by: Actor, at: datetime, opinion: str) -> Moved:
    """Find a list lawful.

    :raises Obstructed: a check fails, or no opinion is written
    """
    file = reads.file_of(matter, by=by, at=at)
    found = list(failings(matter, at))
    if not opinion.strip():
        found.append(Obstacle("opinion", "还没有写合法性审查意见。", LAWFUL, "请写明审查意见。"))
    if found and file.state == procedure.LEGALITY_REVIEW:
        raise Obstructed(found)
    return move(file, "clear", by=by, at=at, change=_stage(at, _days(matter), {"opinion": opinion.strip()[:2000]}))


def send_back(matter: int, *, by: Actor, at: datetime, reason: str) -> Moved:
    """Send a list back to its department to be put right.

    :raises Obstructed: no reason is given
    """
    return _with_reason(matter, "send_back", by, at, reason)


def drop(matter: int, *, by: Actor, at: datetime, reason: str) -> Moved:
    """End a compilation without publishing anything.

    :raises Obstructed: no reason is given
    """
    return _with_reason(matter, "drop", by, at, reason)


def _with_reason(matter: int, name: str, by: Actor, at: datetime, reason: str) -> Moved:
    if not reason.strip():
        raise Obstructed([Obstacle("reason", "还没有写明理由。", LISTED, "请写明理由，部门会看到。")])
    file = reads.file_of(matter, by=by, at=at)
    return move(file, name, by=by, at=at, change=_stage(at, _days(matter), {"reason": reason.strip()[:2000]}))


@transaction.atomic
def publish(
    matter: int,
    *,
    by: Actor,
    at: datetime,
    document: str,
    meeting: str,
    notice: str,
    effective_at: datetime | None = None,
) -> Moved:
    """Publish a list that the meeting has decided: every disposition takes effect, in one transaction with the move.

    :raises Obstructed: document, meeting or notice is missing, or an item can no longer be published
    """
    file = reads.file_of(matter, by=by, at=at)
    asked = (("document", document, "公布文号"), ("meeting", meeting, "审定的会议"), ("notice", notice, "公布方式"))
    lacking = [
        Obstacle(code, f"还没有填写{what}。", DECIDED, f"请填写{what}。")
        for code, value, what in asked
        if not value.strip()
    ]
    if lacking and file.state == procedure.MEETING:
        raise Obstructed(lacking)
    since = effective_at or at
    facts = {"document": document.strip(), "meeting": meeting.strip(), "items": reads.counts_of(matter)}
    moved = move(file, "publish", by=by, at=at, change=Change(facts=facts))
    for each in reads.proposals(matter):
        _carry_out(each, file, document, meeting, notice, since, by, at)
    return moved


def _carry_out(
    each: reads.ProposalLine, file: MatterFile, document: str, meeting: str, notice: str, since: datetime, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    if each.disposition == Disposition.KEEP and not reads.changes_of(each, since):
        return
    disposition = Disposition.AMEND if each.disposition == Disposition.KEEP else each.disposition
    decision = Decision(
        disposition, document, each.reason or "本轮清单编制核定", each.ground or meeting, meeting, notice,
        each.on_running or RUNNING_STAYS, each.target, each.target_code,
    )  # fmt: skip
    if each.disposition in STAYING:
        adjusting.publish(
            each.code, each.content, decision, effective_at=since, by=by.account, at=at, department=file.department
        )
    else:
        adjusting.end(each.code, decision, effective_at=since, by=by.account, at=at)
    made = Adjustment.objects.filter(item__code=each.code).order_by("-id").first()
    models.Proposal.objects.filter(pk=each.id).update(adjustment=made)

"""Asking another department, its answer, going on without it; and giving a case back to an earlier step."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import consulting, reads, words
from xiaoneng.approval.actions.acceptance import desk_of
from xiaoneng.approval.promises_models import Consultation
from xiaoneng.matters import clocks as clock_values
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import consulting as rules
from xiaoneng.rules.grounds import Basis, NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.proceedings import needed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

IN_SUBSTANCE = (procedure.REVIEWING, procedure.DECIDING)


@transaction.atomic
def consult(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, department: int, question: str, days: int
) -> Moved:
    """Ask another department for its opinion; the case's clocks go on, the answer has a day of its own.

    :raises Obstructed: it is one's own department, it is asked already, or question or days are missing.
    """
    file = reads.load(which, key, by=by, at=at)
    known = org.departments_named([department])
    open_ = any(each.department == department for each in consulting.waiting(file))
    found = rules.to_consultation(own=department == file.department, open_=open_, question=question, days=days)
    if department not in known:
        found = (Obstacle("department", "还没有选部门。", rules.ASKED, "请从名单里选一个部门。"), *found)
    if found and file.replay is None and file.state in IN_SUBSTANCE:
        raise Obstructed(found)
    round_ = max((each.round for each in file.clocks if each.name is ClockName.CONSULT), default=0) + 1
    start, said = StartOf(WorkingDays(min(max(days, 1), rules.LONGEST)), local_day(at)), {"question": question}
    facts = {"department": department, "days": days, "round": round_, **words.hashes_of(file, said)}
    change = _stays(file, starts={ClockName.CONSULT: start}, facts=facts)
    moved = words.keep(move(file, "consult", by=by, at=at, change=change, key=key), said)
    if not moved.replayed:
        due_on = clock_values.started(ClockName.CONSULT, start.limit, start.on, at, file.rules, round_=round_).due_on
        assert due_on is not None  # the limit is a number of days
        Consultation.objects.create(
            matter_id=file.id, seq=moved.seq, round=round_, department_id=department, due_on=due_on
        )
    return moved


def _stays(file: MatterFile, **more: object) -> Change:
    desk = Role(file.desk) if file.desk else None
    return Change(to=file.state, step=file.step, step_name=file.step_name, desk=desk, **more)  # type: ignore[arg-type]


@transaction.atomic
def answer_consultation(which: int | str, *, by: Actor, at: datetime, key: UUID | None, opinion: str) -> Moved:
    """Answer for one's own department what another one asked.

    :raises Obstructed: no opinion is written.
    :raises NotAllowed: one's department is not asked about this case.
    """
    file = reads.load(which, key, by=by, at=at)
    asked = consulting.mine(file, by.account, local_day(at))
    if asked is None and file.replay is None:
        raise NotAllowed(f"办件 {file.called} 没有征求您所在部门的意见，或者已经答复。请回到“征求意见”列表核对。")
    if file.replay is None and (found := needed(opinion, "opinion", "意见", rules.ASKED)):
        raise Obstructed(found)
    capacity = Actor(by.account, by.name, frozenset({Role.CONSULTED}))
    return _ended(file, "answer_consultation", capacity, at, key, asked, {"opinion": opinion}, "answered")


@transaction.atomic
def close_consultation(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str, round_: int | None = None
) -> Moved:
    """Go on without the answer of a department, with a reason; its silence counts for nothing.

    :param round_: which of several askings, if not the oldest.
    :raises Obstructed: no reason is written.
    :raises NotAllowed: nobody is asked.
    """
    file = reads.load(which, key, by=by, at=at)
    wanted = [each for each in consulting.waiting(file) if round_ in (None, each.round)]
    if not wanted and file.replay is None and file.state in IN_SUBSTANCE:
        raise NotAllowed(f"办件 {file.called} 没有等待答复的征求意见。")
    if file.replay is None and wanted and (found := needed(reason, "reason", "不再等候的理由", rules.NO_SILENCE)):
        raise Obstructed(found)
    return _ended(file, "close_consultation", by, at, key, wanted[0] if wanted else None, {"reason": reason}, "closed")


def _ended(
    file: MatterFile, name: str, by: Actor, at: datetime, key: UUID | None, asked: consulting.Asked | None,
    said: dict[str, str], state: str,
) -> Moved:  # fmt: skip
    facts = {
        "asked": asked.seq if asked else 0, "department": asked.department if asked else 0,
        **words.hashes_of(file, said),
    }  # fmt: skip
    change = _stays(file, rounds={ClockName.CONSULT: asked.round if asked else 0}, facts=facts)
    moved = words.keep(move(file, name, by=by, at=at, change=change, key=key), said)
    if not moved.replayed and asked:
        rows = Consultation.objects.filter(matter_id=file.id, seq=asked.seq)
        rows.update(state=state, closed_seq=moved.seq)
    return moved


def send_back(which: int | str, *, by: Actor, at: datetime, key: UUID | None, step: int, reason: str) -> Moved:
    """Give a case back to an earlier step of its review, with a reason; its limits go on.

    :param step: the position of the step to which it goes.
    :raises Obstructed: there is no such earlier step, or no reason.
    """
    file = reads.load(which, key, by=by, at=at)
    target = next((each for each in earlier_steps(file) if each[0] == step), None)
    if file.replay is None and file.state in IN_SUBSTANCE:
        found = needed(reason, "reason", "退回的理由", PASSED)
        if target is None:
            found = (Obstacle("step", "还没有选退回到哪个环节。", PASSED, "请选前面的一个审查环节。"), *found)
        if found:
            raise Obstructed(found)
    position, name = target or (file.step, file.step_name)
    row = file.plan.step_at(position)
    limit = row.limit if row else None
    change = Change(
        to=procedure.REVIEWING, step=position, step_name=name, desk=desk_of(file.plan, procedure.REVIEWING, position),
        starts={ClockName.STEP: StartOf(limit, local_day(at))} if limit else {},
        facts={"reason": reason.strip(), "from": file.step_name},
        roles=roles_at(file),
    )  # fmt: skip
    return move(file, "send_back", by=by, at=at, change=change, key=key)


PASSED = Basis("平台办件规则", "", "", "后面的环节认为前面的审查不够的，写明理由退回；期限照常计算")
EXTRA_REVIEW = "补充审查"


def earlier_steps(file: MatterFile) -> tuple[tuple[int, str], ...]:
    """Return the review steps to which a case may go back; one to be added where its chain has none."""
    before = file.state == procedure.DECIDING
    steps = tuple(
        (each.position, each.name) for each in file.plan.steps
        if each.kind == "review" and (before or each.position < file.step)
    )  # fmt: skip
    if steps or not before:
        return steps
    return ((next((each.position for each in file.plan.steps if each.kind == "accept"), 0), EXTRA_REVIEW),)


def roles_at(file: MatterFile) -> tuple[Role, ...]:
    """Return who may give a case back: those who have it now."""
    desk = Role(file.desk) if file.desk else Role.REVIEWER
    wanted = {desk, Role.DEPUTY} | ({Role.HEAD} if file.state == procedure.DECIDING else set())
    return tuple(role for role in file.procedure.move("send_back").roles if role in wanted) or (Role.REVIEWER,)

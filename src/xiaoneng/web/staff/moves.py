"""The moves on a case page: which are possible, what each will do, the form it asks for, the action it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse

from xiaoneng.approval import reads
from xiaoneng.approval.actions import accept, acceptance, apply, at_window, deliver, review
from xiaoneng.catalogue.reads import plan
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters.clocks import STOPPED
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, effects
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.limits import DELIVERY, PRE_ACCEPTANCE
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.procedures.table import ClockName, Effect
from xiaoneng.rules.roles import BY_NATURE, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.staff import forms

Form = type[forms.MoveForm]
FORMS: dict[str, tuple[Form, Callable[..., Moved]]] = {
    "accept": (forms.Accept, accept.accept),
    "request_correction": (forms.RequestCorrection, accept.request_correction),
    "not_accept": (forms.NotAccept, accept.not_accept),
    "supplement": (forms.Supplement, at_window.supplement),
    "withdraw": (forms.Withdraw, apply.withdraw),
    "review": (forms.Review, review.review),
    "grant": (forms.Grant, review.grant),
    "refuse": (forms.Refuse, review.refuse),
    "suspend": (forms.Suspend, review.suspend),
    "resume": (forms.Resume, review.resume),
    "extend": (forms.Extend, review.extend),
    "deliver": (forms.Deliver, deliver.deliver),
}


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A move as the case page offers it."""

    name: str
    label: str
    key: str
    basis: str
    possible: bool
    why: str
    effects: tuple[tuple[str, str], ...]
    fields: forms.MoveForm | None
    submit_label: str
    url: str
    open: bool
    form_key: str


def moves_of(
    file: MatterFile, by: Actor, at: datetime, bound: tuple[str, forms.MoveForm] | None = None
) -> tuple[ShownMove, ...]:
    """Return the moves that lead on from a case, possible or not, in the table's order."""
    held = {each.role for each in org.roles_of(by.account, file.department, local_day(at))}
    rows = [row for row in file.procedure.leaving(file.state) if row.name in FORMS]
    return tuple(_shown(file, row, by, at, held, bound) for row in rows)


def _shown(
    file: MatterFile, row: Move, by: Actor, at: datetime, held: set[Role], bound: tuple[str, forms.MoveForm] | None
) -> ShownMove:
    why = _why_not(file, row, by, at, held)
    form_class, _ = FORMS[row.name]
    is_bound = bound is not None and bound[0] == row.name
    form = bound[1] if is_bound and bound else form_class(initial=_initial(file, row))
    return ShownMove(
        row.name, row.label, row.key, str(row.basis), not why, why, () if why else _effects(file, row, at), form,
        _LABELS.get(row.name, row.label), reverse("staff:move", args=[file.called, row.name]), is_bound, str(uuid4()),
    )  # fmt: skip


_LABELS = {
    "accept": "受理并发通知书", "request_correction": "发出一次性告知书", "not_accept": "决定不予受理",
    "supplement": "收下补正材料", "withdraw": "登记撤回", "review": "提交审查意见", "grant": "准予并发出决定书",
    "refuse": "不予许可并发出决定书", "suspend": "启动并发告知书", "resume": "登记结果，恢复计时", "extend": "批准延长并告知",
    "deliver": "登记送达",
}  # fmt: skip


def _why_not(file: MatterFile, row: Move, by: Actor, at: datetime, held: set[Role]) -> str:
    if not held & set(row.roles):
        return f"要由{'或'.join(role.label for role in row.roles if role not in BY_NATURE)}来办"
    rule = _OBSTACLES.get(row.name)
    return _said(rule(file, by, at)) if rule else ""


def _said(found: tuple[Obstacle, ...] | str) -> str:
    return found if isinstance(found, str) else "".join(each.message for each in found)


def _is_paused(file: MatterFile) -> bool:
    return any(clock.state == "paused" for clock in file.clocks)


_OBSTACLES: dict[str, Callable[[MatterFile, Actor, datetime], tuple[Obstacle, ...] | str]] = {
    "accept": lambda file, by, at: accept.obstacles_to_acceptance(file),
    "review": lambda file, by, at: "特别程序还没有结束" if _is_paused(file) else "",
    "grant": lambda file, by, at: review.obstacles_to_decision(file, by.account),
    "refuse": lambda file, by, at: review.obstacles_to_decision(file, by.account),
    "extend": lambda file, by, at: review.obstacles_to_extension(file, at),
    "suspend": lambda file, by, at: "特别程序正在进行" if _is_paused(file) else "",
    "resume": lambda file, by, at: "" if _is_paused(file) else "没有进行中的特别程序",
}


def _initial(file: MatterFile, row: Move) -> dict[str, Any]:
    if row.name == "request_correction":
        missing = [each.remedy for each in accept.obstacles_to_acceptance(file) if each.code.startswith("material-")]
        return {"lacks": "\n".join(missing)}
    if row.name == "review":
        return {"step": file.step}
    if row.name == "deliver":
        return {"recipient": file.extra["applicant_name"]}
    return {}


def _effects(file: MatterFile, row: Move, at: datetime) -> tuple[tuple[str, str], ...]:
    told = [("计时", _clock_text(file, row, at))]
    if row.document:
        told.append(("发文书", row.document.title))
        told.append(("告知", f"{file.extra['applicant_name']}，进度页和文书"))
    told.append(("接着", _next(file, row)))
    return tuple(told)


def _change(file: MatterFile, row: Move, at: datetime) -> Change:
    today = local_day(at)
    if row.name == "accept":
        version = file.extra["version_in_force"]
        demands = plan(version) if version else file.plan
        return acceptance.acceptance(file, demands, acceptance.acceptance_day(file, at))
    if row.name in ("grant", "refuse"):
        return Change(starts={ClockName.DELIVERY: StartOf(DELIVERY, today)})
    if row.name == "request_correction":
        return Change(starts={ClockName.SUPPLEMENT: StartOf(accept.SUPPLEMENT, today)})
    return Change(starts={ClockName.PRE_ACCEPTANCE: StartOf(PRE_ACCEPTANCE, today)})


def _clock_text(file: MatterFile, row: Move, at: datetime) -> str:
    kinds = {each.effect for each in row.clock}
    if kinds == {Effect.PAUSE}:
        return "明天起暂停，不计入期限"
    if kinds == {Effect.RESUME}:
        return "明天起继续计算，到期日顺延"
    if kinds == {Effect.EXTEND}:
        return "承诺和法定期限同时延长"
    touched, _ = effects(file, row, at, _change(file, row, at))
    running = [clock for clock in touched if clock.state != STOPPED and clock.due_on]
    stopped = [clock for clock in touched if clock.state == STOPPED]
    words = [f"{clock.name.label}停止" for clock in stopped]
    words += [f"{clock.name.label}至 {chinese_date(clock.due_on)}" for clock in running if clock.due_on]
    return "；".join(words) or "不影响计时"


def _next(file: MatterFile, row: Move) -> str:
    if row.name == "accept":
        target, _, name, _ = acceptance.after_step(file.plan, acceptance.accept_position(file.plan))
        return f"{name}，由{_desk(file, target)}办理"
    if row.name == "review":
        target, _, name, _ = acceptance.after_step(file.plan, file.step)
        return f"{name}，由{_desk(file, target)}办理"
    if file.state in row.targets:
        return f"仍在“{file.step_name}”"
    state = file.procedure.state(row.target())
    return f"{state.label}" + (f"，由{state.desk.label}办理" if state.desk else "")


def _desk(file: MatterFile, state: str) -> str:
    desk = file.procedure.state(state).desk
    return desk.label if desk else ""


def act(number: str, name: str, form: forms.MoveForm, *, by: Actor, at: datetime, key: Any) -> Moved:
    """Make the move that a valid form asks for."""
    _, action = FORMS[name]
    return action(number, by=by, at=at, key=key, **form.arguments())


def visible_case(number: str, account: int, at: datetime) -> MatterFile:
    """Return a case that a member of staff may see.

    :raises NotFound: there is none, or it is beyond her reach.
    """
    file = reads.load(number)
    reads.require_visible(file, account, local_day(at))
    return file

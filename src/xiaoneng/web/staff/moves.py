"""The moves on a case page: which are possible, what each will do, the form it asks for, the action it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse

from xiaoneng.approval import authority, fees, in_order, reads, signing, waits
from xiaoneng.approval import promises as granting
from xiaoneng.approval.actions import (
    accept,
    acceptance,
    annulment,
    apply,
    at_window,
    commitment,
    consult,
    correcting,
    deliver,
    dispatch,
    extension,
    review,
    special,
)
from xiaoneng.approval.joint import following
from xiaoneng.catalogue.reads import plan
from xiaoneng.kit import clock
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import PAUSED, STOPPED, ClockState
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, effects
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.delivery import LONGEST_TRANSIT
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.in_order import to_granting
from xiaoneng.rules.limits import DELIVERY, PRE_ACCEPTANCE, WorkingDays, limit
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.procedures.promises import REVOKED
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import BY_NATURE, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.staff import beside, delivery_forms, forms, promise_forms, promises

Form = type[forms.MoveForm]
_STRAIGHT: dict[str, tuple[Form, Callable[..., Moved]]] = {
    "accept": (forms.Accept, accept.accept),
    "request_correction": (promise_forms.RequestCorrection, accept.request_correction),
    "not_accept": (forms.NotAccept, accept.not_accept),
    "supplement": (promise_forms.Supplement, at_window.supplement),
    "withdraw": (forms.Withdraw, apply.withdraw),
    "review": (forms.Review, review.review),
    "grant": (forms.Grant, review.grant),
    "refuse": (forms.Refuse, review.refuse),
    "suspend": (forms.Suspend, special.suspend),
    "resume": (forms.Resume, special.resume),
    "extend": (forms.Extend, extension.extend),
    "dispatch": (delivery_forms.Dispatch, dispatch.dispatch),
    "deliver": (delivery_forms.Deliver, deliver.deliver),
    "correct_document": (delivery_forms.CorrectDocument, correcting.correct_document),
    "annul_decision": (forms.Annulment, annulment.annul_decision),
}
FORMS: dict[str, tuple[Form, Callable[..., Moved]]] = _STRAIGHT | promises.FORMS | beside.FORMS


FOLDED = frozenset({"correct_document", "annul_decision"})  # of those above: offered folded up


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
    draft_url: str  # where its document can be read before it is sent; empty where it sends none
    beside: bool  # of those that are offered folded up: hearings, checks, publications and the like


def moves_of(
    file: MatterFile, by: Actor, at: datetime, bound: tuple[str, forms.MoveForm] | None = None
) -> tuple[ShownMove, ...]:
    """Return the moves that lead on from a case in the table's order; of those beside the way only the possible ones."""
    held = {each.role for each in org.roles_of(by.account, file.department, local_day(at))}
    held |= promises.natural(file, by.account, at)
    rows = [row for row in file.procedure.leaving(file.state) if row.name in FORMS]
    shown = (_shown(file, row, by, at, held, bound) for row in rows)
    return tuple(each for each in shown if each.possible or each.open or each.name not in _ONLY_IF_POSSIBLE)


def _shown(
    file: MatterFile, row: Move, by: Actor, at: datetime, held: set[Role], bound: tuple[str, forms.MoveForm] | None
) -> ShownMove:
    why = why_not(file, row, by, at, held)
    form_class, _ = FORMS[row.name]
    is_bound = bound is not None and bound[0] == row.name
    form = bound[1] if is_bound and bound else form_class(initial=_initial(file, row), auto_id=f"{row.name}_%s")
    if not (row.name in ("accept", "grant") and authority.is_to_be_shown(file, at)):
        form.fields.pop("authority", None)
    if row.name == "grant" and (first := () if why else in_order.earlier(file)):
        form.fields["out_of_order"].help_text = f"先受理的还没有决定：{'、'.join(first)}。不先决定它们的，写明理由"
    else:
        form.fields.pop("out_of_order", None)
    if not why:
        beside.prepare(row.name, form, file, at)
        promises.prepare(row.name, form, file)
    if row.name == "extend" and not why:
        url = reverse("staff:preview", args=[file.called, row.name])
        form.fields["days"].widget.attrs |= {
            "data-hx-get": url, "data-hx-trigger": "input changed delay:300ms", "data-hx-target": "#effects-extend",
            "data-hx-include": "closest form", "data-hx-params": "days",
        }  # fmt: skip
    return ShownMove(
        row.name, row.label, row.key, str(row.basis), not why, why, () if why else effects_of(file, row, at), form,
        LABELS.get(row.name, row.label), reverse("staff:move", args=[file.called, row.name]), is_bound, str(uuid4()),
        reverse("staff:draft", args=[file.called, row.name]) if row.document else "",
        row.name in beside.FORMS or row.name in promises.FOLDED or row.name in FOLDED,
    )  # fmt: skip


def written(form: forms.MoveForm) -> tuple[tuple[str, str], ...]:
    """Return what was typed into a form, to be read and copied where the move cannot be made any more."""
    typed = [(str(field.label), str(form.data.get(name, ""))) for name, field in form.fields.items()]
    return tuple((label, text) for label, text in typed if label != "None" and text.strip())


LABELS = {
    "accept": "受理并发通知书", "request_correction": "发出一次性告知书", "not_accept": "决定不予受理",
    "supplement": "收下补正材料", "withdraw": "登记撤回", "review": "提交审查意见", "grant": "准予并发出决定书",
    "refuse": "不予许可并发出决定书", "suspend": "启动并发告知书", "resume": "登记结果，恢复计时", "extend": "批准延长并告知",
    "deliver": "登记送达", "dispatch": "登记发出", "correct_document": "发出更正通知书",
    "annul_decision": "登记并告知申请人",
} | promises.LABELS | beside.LABELS  # fmt: skip


def why_not(file: MatterFile, row: Move, by: Actor, at: datetime, held: set[Role]) -> str:
    """Return why a move cannot be made by somebody now, or nothing if it can."""
    roles = set(_signers(row, file) or row.roles)
    if not held & roles:
        return f"要由{'或'.join(role.label for role in row.roles if role in roles - BY_NATURE)}来办"
    rule = _OBSTACLES.get(row.name)
    return _said(rule(file, by, at)) if rule else ""


def by_itself(file: MatterFile, row: Move, at: datetime) -> str:
    """Return what has to be answered for this case alone before a move, so that it cannot be made on many at once."""
    if row.name not in ("accept", "grant"):
        return ""
    found = authority.obstacles(file, at)
    return _said(found + to_granting(in_order.earlier(file), "") if row.name == "grant" else found)


def _signers(row: Move, file: MatterFile) -> tuple[Role, ...]:
    """Return who of those that the table names may sign this case, where not all of them may."""
    if row.name == "review":
        return signing.who_reviews(file)
    if row.name in ("grant", "refuse"):
        return signing.who_decides(file)
    return consult.roles_at(file) if row.name == "send_back" else ()


def _said(found: tuple[Obstacle, ...] | str) -> str:
    return found if isinstance(found, str) else "".join(each.message for each in found)


_OBSTACLES: dict[str, Callable[[MatterFile, Actor, datetime], tuple[Obstacle, ...] | str]] = (
    {
        "accept": lambda file, by, at: accept.obstacles_to_acceptance(file),
        "review": lambda file, by, at: (
            "特别程序还没有结束" if waits.is_held(file) else signing.obstacles_to_review(file, by.account)
        ),
        "grant": lambda file, by, at: (
            review.obstacles_to_decision(file, by.account, at)
            + granting.obstacles_to_grant(file)
            + fees.obstacles_to_grant(file)
        ),
        "refuse": lambda file, by, at: review.obstacles_to_decision(file, by.account, at),
        "extend": lambda file, by, at: extension.obstacles_to_extension(file, at, by.account),
        "annul_decision": lambda file, by, at: (
            "" if annulment.decision_against(file) else "没有可以登记撤销的不予受理、不予许可或者撤销决定"
        ),
        "resume": lambda file, by, at: "" if waits.is_held(file) else "没有进行中的特别程序",
    }
    | promises.OBSTACLES
    | beside.OBSTACLES
)
_ONLY_IF_POSSIBLE = frozenset(beside.FORMS) | promises.RARE | {"annul_decision"}


def _initial(file: MatterFile, row: Move) -> dict[str, Any]:
    if row.name == "request_correction":
        return {}
    if row.name == "accept":
        return dict(zip(("certificate", "expires_on"), matters.as_json(file.extra["renewal"]) or (), strict=False))
    if row.name == "review":
        return {"step": file.step}
    if row.name == "deliver":
        return {"recipient": file.extra["applicant_name"]}
    return beside.initial(row.name, file) or promises.initial(row.name, file)


def effects_of(
    file: MatterFile, row: Move, at: datetime, asked: Mapping[str, Any] | None = None
) -> tuple[tuple[str, str], ...]:
    """Return what a move will do, before it is done: to the clocks, by which notice, told to whom, what follows."""
    told = [("计时", _clock_text(file, row, at, asked or {}))]
    if row.document:
        told.append(("发文书", row.document.title))
        told.append(("告知", f"{file.extra['applicant_name']}，进度页和文书"))
    told.append(("接着", _next(file, row, at)))
    return tuple(told)


def preview(
    number: str, name: str, account: int, at: datetime, asked: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """Return what a move would do with what is typed so far; nothing where it cannot be made.

    :raises NotFound: there is no such case, or it is beyond this person's reach.
    """
    file = visible_case(number, account, at)
    row = file.procedure.move(name)
    return effects_of(file, row, at, asked) if file.state in row.sources else ()


def _change(file: MatterFile, row: Move, at: datetime, asked: Mapping[str, Any]) -> Change:
    today = local_day(at)
    if row.name == "accept":
        version = file.extra["version_in_force"]
        demands = plan(version) if version else file.plan
        return acceptance.acceptance(file, demands, acceptance.acceptance_day(file, at))
    if row.name == "review":
        target, step, name, length = acceptance.after_step(file.plan, file.step)
        starts = {ClockName.STEP: StartOf(length, today)} if length else {}
        return Change(to=target, step=step, step_name=name, starts=starts)
    if row.name == "annul_decision":
        return commitment.restored(file, Change(), at) if file.state == REVOKED else Change(to=file.state)
    change = promises.change(row.name, file, at) or beside.change(row.name, file, at)
    if change is not None:
        return change
    if row.name == "resume":
        return Change(resume_on=today)
    if row.name == "extend":
        given = extension.allowed(file)
        return Change(extension=limit(given.most.unit, _days(asked, given.most.n) or given.most.n) if given else None)
    begins = _STARTS.get(row.name)
    return Change(starts=begins(today) if begins else None)


_STARTS: dict[str, Callable[[date], dict[ClockName, StartOf]]] = {
    "grant": lambda day: {ClockName.DELIVERY: StartOf(DELIVERY, day)},
    "refuse": lambda day: {ClockName.DELIVERY: StartOf(DELIVERY, day)},
    "request_correction": lambda day: {ClockName.SUPPLEMENT: StartOf(accept.SUPPLEMENT, day)},
    "dispatch": lambda day: {ClockName.WAIT: StartOf(WorkingDays(LONGEST_TRANSIT), day)},
    "supplement": lambda day: {ClockName.PRE_ACCEPTANCE: StartOf(PRE_ACCEPTANCE, day)},
}


def _days(asked: Mapping[str, Any], most: int) -> int:
    text = str(asked.get("days", "")).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= most else 0


def _clock_text(file: MatterFile, row: Move, at: datetime, asked: Mapping[str, Any]) -> str:
    touched, _ = effects(file, row, at, _change(file, row, at, asked))
    before = {(clock.name, clock.round): clock for clock in file.clocks}
    words = [_clock_words(clock, before.get((clock.name, clock.round))) for clock in touched]
    if any(clock.state == PAUSED for clock in touched):
        return "、".join(clock.name.label for clock in touched) + "明天起暂停，不计入期限；结束后顺延"
    opening = "明天起继续计算；" if row.name == "resume" and touched else ""
    if row.name == "extend":
        given = extension.allowed(file)
        most = given.most.n if given else 0
        opening = f"延长 {_days(asked, most) or most} 日；" if touched else ""
    return opening + "；".join(words) if words else "不影响计时"


def _clock_words(clock: ClockState, before: ClockState | None) -> str:
    if clock.state == STOPPED:
        return f"{clock.name.label}停止"
    if not clock.due_on:
        return f"{clock.name.label}继续"
    if before is not None and before.due_on and before.due_on != clock.due_on:
        return f"{clock.name.label}由 {chinese_date(before.due_on)} 改为 {chinese_date(clock.due_on)}"
    return f"{clock.name.label}至 {chinese_date(clock.due_on)}"


def _next(file: MatterFile, row: Move, at: datetime) -> str:
    if row.name == "annul_decision":
        return "因它不得再次申请的限制不再适用" + ("；原准予决定和证照恢复效力" if file.state == REVOKED else "")
    if later := promises.after(row.name, file):
        return later
    if row.name in ("accept", "review"):
        position = acceptance.accept_position(file.plan) if row.name == "accept" else file.step
        target, _, name, _ = acceptance.after_step(file.plan, position)
        return f"{name}，由{_desk(file, target, at)}办理"
    if file.state in row.targets:
        return f"仍在“{file.step_name}”"
    desk = _desk(file, row.target(), at)
    return file.procedure.state(row.target()).label + (f"，由{desk}办理" if desk else "")


def _desk(file: MatterFile, state: str, at: datetime) -> str:
    desk = file.procedure.state(state).desk
    if desk is None or desk in BY_NATURE:
        return desk.label if desk else ""
    names = org.holders_of(desk, file.department, local_day(at))
    return desk.label + (f"（{'、'.join(names)}）" if names else "（没有人在岗）")


def act(number: str, name: str, form: forms.MoveForm, *, by: Actor, at: datetime, key: Any) -> Moved:
    """Make the move that a valid form asks for."""
    _, action = FORMS[name]
    moved = action(number, by=by, at=at, key=key, **form.arguments())
    following.follow_on(moved, clock.now())  # what it entails where it is a branch of a joint case
    return moved


def visible_case(number: str, account: int, at: datetime) -> MatterFile:
    """Return a case that a member of staff may see.

    :raises NotFound: there is none, or it is beyond her reach.
    """
    file = reads.load(number)
    reads.require_visible(file, account, local_day(at))
    return file

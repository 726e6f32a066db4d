"""The moves of promises, askings and giving back on a case page: forms, labels, what stands against them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as django_forms

from xiaoneng.approval import consulting, promises, reads, sessions
from xiaoneng.approval.actions import accept, acceptance, at_window, commitment, consult, deferred, in_branch
from xiaoneng.matters.move import Actor, Change, Moved, PauseOf, StartOf
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.acceptance import Handed
from xiaoneng.rules.limits import WorkingDays, limit
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.special import SUPPLEMENTED
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.staff import promise_forms as forms
from xiaoneng.web.staff.forms import MoveForm

FORMS: dict[str, tuple[type[MoveForm], Callable[..., Moved]]] = {
    "supply_deferred": (forms.SupplyDeferred, at_window.supply_deferred),
    "postpone_deferred": (forms.PostponeDeferred, deferred.postpone_deferred),
    "excuse_default": (forms.ExcuseDefault, deferred.excuse_default),
    "retract_commitment": (forms.Nothing, commitment.retract_commitment),
    "record_check": (forms.RecordCheck, commitment.record_check),
    "report_rectified": (forms.ReportRectified, commitment.report_rectified),
    "order_correction": (forms.OrderCorrection, commitment.order_correction),
    "revoke_on_promise": (forms.RevokeOnPromise, commitment.revoke_on_promise),
    "keep_on_promise": (forms.KeepOnPromise, commitment.keep_on_promise),
    "ask_in_branch": (forms.AskInBranch, in_branch.ask_in_branch),
    "answer_in_branch": (forms.Supplement, at_window.answer_in_branch),
    "consult": (forms.Consult, consult.consult),
    "answer_consultation": (forms.Answer, consult.answer_consultation),
    "close_consultation": (forms.CloseConsultation, consult.close_consultation),
    "send_back": (forms.SendBack, consult.send_back),
}
# Of those, which are offered folded up below the others.
FOLDED = frozenset(
    {"consult", "close_consultation", "send_back", "postpone_deferred", "retract_commitment", "excuse_default"}
)
# Shown only where they can be made: what most cases have nothing to do with.
RARE = frozenset(FORMS)
LABELS = {
    "supply_deferred": "收下容缺材料", "postpone_deferred": "延长并告知", "excuse_default": "批准免责并告知",
    "retract_commitment": "收回承诺，转一般程序",
    "record_check": "登记核查结果", "report_rectified": "登记改正情况", "revoke_on_promise": "撤销并发出决定书",
    "keep_on_promise": "决定不予撤销", "order_correction": "责令限期改正并发通知书",
    "consult": "发出征求意见函", "answer_consultation": "提交答复",
    "close_consultation": "不再等候", "send_back": "退回", "ask_in_branch": "发出一次性告知书",
    "answer_in_branch": "收下补正材料",
}  # fmt: skip


def _unless(needed: object, why: str) -> str:
    return "" if needed else why


OBSTACLES: dict[str, Callable[[MatterFile, Actor, datetime], str]] = {
    "supply_deferred": lambda file, by, at: _unless(promises.is_owing(file), "没有待补交的容缺材料"),
    "postpone_deferred": lambda file, by, at: _unless(
        promises.is_owing(file) and "postpone_deferred" not in file.actors, "没有待补交的容缺材料，或者已经延长过"
    ),
    "excuse_default": lambda file, by, at: _unless(
        promises.defaulted(file) and "excuse_default" not in file.actors, "没有逾期未补交的容缺材料，或者已经免责过"
    ),
    "retract_commitment": lambda file, by, at: _unless(promises.by_commitment(file), "不是按告知承诺办理的"),
    "order_correction": lambda file, by, at: "".join(
        each.message for each in commitment.obstacles_to_order(file, 1, "待写")
    ),
    "ask_in_branch": lambda file, by, at: "".join(each.message for each in in_branch.obstacles_to_asking(file, at)),
    "close_consultation": lambda file, by, at: _unless(consulting.is_open(file), "没有等待答复的征求意见"),
    "answer_consultation": lambda file, by, at: _unless(
        consulting.mine(file, by.account, local_day(at)), "没有征求您所在部门的意见"
    ),
    "send_back": lambda file, by, at: _unless(consult.earlier_steps(file), "前面没有审查环节"),
}


def natural(file: MatterFile, account: int, at: datetime) -> set[Role]:
    """Return the roles that somebody has in a case by what it asks of her department."""
    return {Role.CONSULTED} if consulting.mine(file, account, local_day(at)) else set()


def prepare(name: str, form: MoveForm, file: MatterFile) -> None:
    """Offer in a form what depends on the case: its materials, its colleagues, other departments, earlier steps."""
    if isinstance(form, forms.RequestCorrection):
        missing = {each.name for each in _missing(file)}
        form.offer([(m.slot, m.name, "没有提交" if m.name in missing else "") for m in reads.concerned(file)])
    if isinstance(form, forms.Supplement):
        form.offer([(m.slot, m.name) for m in reads.concerned(file)])
    if isinstance(form, forms.SupplyDeferred):
        form.offer([(each.slot, each.name) for each in promises.owed(file)])
    if name == "record_check":
        _choices(form, "officers", {str(pk): who for pk, who in sessions.who_may_serve(file).items()})
    if name == "consult":
        _choices(form, "department", {str(pk): who for pk, who in consulting.departments_to_ask(file).items()})
    if name == "send_back":
        _choices(form, "step", {str(position): step for position, step in consult.earlier_steps(file)})


def _missing(file: MatterFile) -> list[Handed]:
    found = accept.obstacles_to_acceptance(file)
    slots = {each.code.removeprefix("material-") for each in found if each.code.startswith("material-")}
    return [each for each in reads.handed(file) if each.slot in slots]


def _choices(form: MoveForm, name: str, offered: dict[str, str]) -> None:
    field = form.fields[name]
    assert isinstance(field, django_forms.ChoiceField)
    field.choices = list(offered.items())


def change(name: str, file: MatterFile, at: datetime) -> Change | None:
    """Return what a move would do to the clocks, as far as it is known before its form is filled in."""
    if name not in FORMS:
        return None
    today = local_day(at)
    if name == "report_rectified":
        return Change(starts={ClockName.POST_CHECK: StartOf(commitment.check_length(file), today)})
    if name == "retract_commitment":
        _, _, _, step = acceptance.after_step(file.plan, acceptance.accept_position(file.plan))
        promised = file.plan.promised or file.plan.statutory
        lengths = {ClockName.PROMISED: promised, ClockName.STEP: step}
        return Change(starts={clock: StartOf(length, today) for clock, length in lengths.items() if length})
    if name == "ask_in_branch":
        starts = {ClockName.SUPPLEMENT: StartOf(accept.SUPPLEMENT, today)}
        return Change(pause=PauseOf(today, SUPPLEMENTED), starts=starts)
    if name == "answer_in_branch":
        return Change(resume_on=today)
    if name == "postpone_deferred":
        return Change(extension=limit("working_day", 5))
    if name == "excuse_default":
        return deferred.excused(file, at, 5, {})
    if name == "order_correction":
        return Change(starts={ClockName.RECTIFY: StartOf(WorkingDays(10), today)})
    return Change(starts={ClockName.CONSULT: StartOf(WorkingDays(5), today)} if name == "consult" else None)


def after(name: str, file: MatterFile) -> str:
    """Return what follows a move that may lead to several places, in words."""
    if name == "supply_deferred":
        return "材料齐了就停止补交计时；不齐的继续等"
    if name == "record_check":
        return "相符的办结；可以改正的发责令改正通知书，等申请人改正；不实的转负责人处理"
    if name == "excuse_default":
        return "本件已经终止，申请人可以重新申请并再次承诺" if file.closed else "材料可以补交；不作为没有履行承诺"
    if name == "keep_on_promise":
        return "决定继续有效"
    if name == "order_correction":
        return "等申请人改正，改正后核查；逾期没有改正的回到这里"
    if name == "answer_in_branch":
        return in_branch.back_to(file)[1]
    if name == "deliver":
        return file.procedure.state(promises.after_delivery(file)).label
    return ""


def initial(name: str, file: MatterFile) -> dict[str, Any]:
    """Return what a form begins with."""
    return {"result": "true"} if name == "record_check" else {}

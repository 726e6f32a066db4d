"""The moves beside the straight way on a case page: their forms, labels, what stands against them, whom they offer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as django_forms

from xiaoneng.approval import sessions, waits
from xiaoneng.approval.actions import closing, inspections, proceedings, special
from xiaoneng.approval.sessions import Kind
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import STOPPED
from xiaoneng.matters.move import Actor, Change, Moved, PauseOf, StartOf
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import proceedings as rules
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.special import LOCAL_WAITS
from xiaoneng.rules.workdays import local_day, receipt_day
from xiaoneng.web.staff import beside_forms as forms
from xiaoneng.web.staff.forms import MoveForm

FORMS: dict[str, tuple[type[MoveForm], Callable[..., Moved]]] = {
    "wait": (forms.Wait, special.wait),
    "end_wait": (forms.Ending, special.end_wait),
    "terminate": (forms.Terminate, closing.terminate),
    "inform_parties": (forms.InformParties, proceedings.inform_parties),
    "record_statement": (forms.RecordStatement, proceedings.record_statement),
    "request_hearing": (forms.RequestHearing, proceedings.request_hearing),
    "decline_hearing": (forms.DeclineHearing, proceedings.decline_hearing),
    "schedule_hearing": (forms.ScheduleHearing, proceedings.schedule_hearing),
    "record_hearing": (forms.RecordHearing, proceedings.record_hearing),
    "schedule_site_check": (forms.ScheduleSiteCheck, inspections.schedule_site_check),
    "record_site_check": (forms.RecordSiteCheck, inspections.record_site_check),
    "record_expert_review": (forms.RecordExpertReview, inspections.record_expert_review),
    "record_legal_review": (forms.RecordLegalReview, inspections.record_legal_review),
    "publish": (forms.Publish, inspections.publish),
    "close_publication": (forms.ClosePublication, inspections.close_publication),
    "call_off": (forms.CallOff, inspections.call_off),
}
LABELS = {
    "wait": "登记并发告知书", "end_wait": "登记结果，恢复承诺计时", "terminate": "终止并发通知书",
    "inform_parties": "发出告知书", "record_statement": "登记笔录", "request_hearing": "登记听证申请",
    "decline_hearing": "发出不予听证通知书", "schedule_hearing": "发出听证通知书", "record_hearing": "登记听证笔录",
    "schedule_site_check": "发出核查通知书", "record_site_check": "登记核查笔录",
    "record_expert_review": "登记评审意见", "record_legal_review": "登记审核意见", "publish": "开始公示",
    "close_publication": "登记公示结果",
    "call_off": "取消并告知",
}  # fmt: skip


def _unless(needed: object, why: str) -> str:
    return "" if needed else why


def _hearing_asked(file: MatterFile) -> bool:
    clock = file.clock(ClockName.HEARING)
    return clock is not None and clock.state != STOPPED


OBSTACLES: dict[str, Callable[[MatterFile, Actor, datetime], str]] = {
    "wait": lambda file, by, at: _unless(waits.terms_of(file.item_version).waits, "这个事项没有不计入承诺的等待"),
    "end_wait": lambda file, by, at: _unless(waits.is_held(file, ClockName.WAIT), "没有进行中的等待"),
    "request_hearing": lambda file, by, at: _unless(not _hearing_asked(file), "已经登记了听证申请"),
    "decline_hearing": lambda file, by, at: _unless(_hearing_asked(file), "没有待答复的听证申请"),
    "schedule_hearing": lambda file, by, at: _unless(not sessions.open_session(file, Kind.HEARING), "听证已经安排"),
    "record_hearing": lambda file, by, at: _unless(sessions.open_session(file, Kind.HEARING), "没有安排听证"),
    "schedule_site_check": lambda file, by, at: _unless(
        not sessions.open_session(file, Kind.SITE_CHECK), "现场核查已经安排"
    ),
    "publish": lambda file, by, at: _unless(not sessions.open_session(file, Kind.PUBLICATION), "正在公示"),
    "close_publication": lambda file, by, at: _unless(sessions.open_session(file, Kind.PUBLICATION), "没有在公示"),
    "call_off": lambda file, by, at: _unless(
        any(each.state == sessions.State.OPEN for each in sessions.arranged(file)), "没有安排什么"
    ),
}


def prepare(name: str, form: MoveForm, file: MatterFile, at: datetime) -> None:
    """Offer in a form what depends on the case: its colleagues, what is running, what is arranged, the first day."""
    fields = form.fields
    if name in ("resume", "end_wait"):
        _offer_running(form, waits.running(file, ClockName.SPECIAL if name == "resume" else ClockName.WAIT))
    if name == "wait":
        _choices(form, "kind", {kind: LOCAL_WAITS.get(kind, kind) for kind in waits.terms_of(file.item_version).waits})
    if name == "call_off":
        opened = [each for each in sessions.arranged(file) if each.state == sessions.State.OPEN]
        _choices(form, "kind", {each.kind: each.label for each in opened})
    if name == "schedule_hearing":
        reviewers = set(file.actors.get("review", ()))
        people = sessions.who_may_serve(file).items()
        _choices(form, "chair", {str(account): who for account, who in people if account not in reviewers})
        first = proceedings.first_day_of_hearing(file, at)
        fields["day"].widget.attrs["min"] = first
        fields["day"].help_text = f"至少提前 7 个工作日通知，最早 {first}"
        fields["day"].initial = first
    if name == "correct_document":
        issued = [(each.number, f"{each.title} {each.number}") for each in matters.documents(file.id) if each.number]
        fields["document"].widget = django_forms.Select(choices=issued[::-1])
        fields["document"].label = "哪一份文书"
    if name in ("schedule_site_check", "record_site_check"):
        _choices(form, "officers", {str(account): who for account, who in sessions.who_may_serve(file).items()})


def _offer_running(form: MoveForm, running: tuple[waits.Running, ...]) -> None:
    if len(running) < 2:
        form.fields["procedure"].initial = running[0].round if running else None
        return
    offered = [(each.round, f"{each.label}（{each.since:%-m月%-d日}起）") for each in running]
    form.fields["procedure"].widget = django_forms.Select(choices=offered)
    form.fields["procedure"].label = "哪一项结束"


def _choices(form: MoveForm, name: str, offered: dict[str, str]) -> None:
    field = form.fields[name]
    assert isinstance(field, django_forms.ChoiceField)
    field.choices = list(offered.items())


def change(name: str, file: MatterFile, at: datetime) -> Change | None:
    """Return what a move would do to the clocks, as far as it is known before its form is filled in."""
    today = local_day(at)
    if name == "suspend":  # how long it will take is not known yet
        return Change(pause=PauseOf(today, ""))
    if name == "wait":
        return Change(pause=PauseOf(today, ""))
    if name == "end_wait":
        return Change(resume_on=today)
    starts: dict[ClockName, WorkingDays] = {
        "inform_parties": {ClockName.HEARING_REQUEST: rules.HEARING_REQUEST},
        "request_hearing": {ClockName.HEARING: rules.HEARING},
    }.get(name, {})
    day = receipt_day(at, file.rules.calendar, file.rules.hours) if name == "request_hearing" else today
    return Change(starts={clock: StartOf(length, day) for clock, length in starts.items()}) if name in FORMS else None


def initial(name: str, file: MatterFile) -> dict[str, Any]:
    """Return what a form begins with."""
    if name == "record_site_check":
        planned = sessions.open_session(file, Kind.SITE_CHECK)
        return {"place": planned.place, "officers": [str(each) for each in planned.people]} if planned else {}
    return {}

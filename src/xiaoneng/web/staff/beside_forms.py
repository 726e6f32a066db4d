"""The forms of the moves beside the straight way: waits, terminations, parties, hearings, site checks, publications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from xiaoneng.approval.actions.closing import GROUNDS
from xiaoneng.approval.actions.proceedings import ASKED_BY
from xiaoneng.approval.sessions import Kind
from xiaoneng.rules.proceedings import LEGAL_RESULTS
from xiaoneng.rules.special import LOCAL_WAITS
from xiaoneng.rules.workdays import CHINA
from xiaoneng.web.staff.forms import MoveForm, text


class People(forms.MultipleChoiceField):
    """Several members of staff; who of them may serve is for the action to judge."""

    def valid_value(self, value: str) -> bool:
        """Take every account number."""
        return str(value).isascii() and str(value).isdigit() and len(str(value)) < 12


class Person(forms.ChoiceField):
    """One member of staff; whether she may serve is for the action to judge."""

    def valid_value(self, value: str) -> bool:
        """Take every account number."""
        return str(value).isascii() and str(value).isdigit() and len(str(value)) < 12


def a_day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}", "invalid": "日期写成 2026-03-02 的样子"},
    )  # fmt: skip


def number(label: str, most: int, initial: int | None = None, least: int = 1) -> forms.IntegerField:
    """Return a field for a whole number."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, initial=initial,
        error_messages={"required": f"请填写{label}", "invalid": "请填写整数"},
    )  # fmt: skip


def line(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    """Return a field of one line."""
    return forms.CharField(
        label=label, max_length=200, help_text=hint, required=required, error_messages={"required": f"请填写{label}"}
    )


class Timed(MoveForm):
    """A form that asks for a day and an hour and hands on the moment."""

    def arguments(self) -> dict[str, Any]:
        """Return day and hour as one moment in China."""
        given = dict(self.cleaned_data)
        day, hour = given.pop("day"), given.pop("hour")
        return given | {"starts_at": datetime.combine(day, hour, CHINA)}


def an_hour() -> forms.TimeField:
    """Return a field for the hour of a day."""
    return forms.TimeField(
        label="时间", initial="09:30", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写时间", "invalid": "时间写成 09:30 的样子"},
    )  # fmt: skip


class Ending(MoveForm):
    """The result of what ends, and which of several it is."""

    result = text("结果", 2)
    procedure = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Wait(MoveForm):
    """Kind, estimate and reason of a wait that the promise leaves out."""

    kind = forms.ChoiceField(label="种类", choices=list(LOCAL_WAITS.items()))
    days = number("预计工作日", 365)
    reason = text("理由", 2, "会写进告知书")


class Terminate(MoveForm):
    """Ground and reason of a termination."""

    ground = forms.ChoiceField(label="情形", choices=[(code, each.label) for code, each in GROUNDS.items()])
    reason = text("理由", 2, "写明事实和证明材料；会写进通知书，可以依法删除")
    other = line("另一件的编号", "重复申请时填写", required=False)


class InformParties(MoveForm):
    """Who is told of what interest of theirs."""

    parties = text("利害关系人", 3, "一行一位")
    interest = text("涉及什么利益", 2)
    hearing = forms.BooleanField(label="同时告知听证权利（五个工作日内可以提出）", required=False, initial=True)


class RecordStatement(MoveForm):
    """Who stated what, and what came of it."""

    speaker = line("陈述人")
    statement = text("陈述申辩的内容")
    answer = text("是否采纳及理由", 2)


class RequestHearing(MoveForm):
    """Who asks for a hearing."""

    asked_by = forms.ChoiceField(label="谁提出", choices=list(ASKED_BY.items()))
    note = text("提出的内容", 2, required=False)


class DeclineHearing(MoveForm):
    """Why there will be no hearing."""

    reason = text("不予听证的理由", 2, "会写进通知书")
    given_up = forms.BooleanField(
        label="申请听证的人书面放弃听证", required=False, help_text="已经告知听证权利的，只有书面放弃才可以不听证"
    )


class ScheduleHearing(Timed):
    """When, where and by whom a hearing is led."""

    day = a_day("哪一天")
    hour = an_hour()
    place = line("地点")
    chair = Person(label="主持人", help_text="不能是审查本件的人")
    public = forms.BooleanField(label="公开举行", required=False, initial=True)
    reason = line("不公开的理由", required=False)

    def arguments(self) -> dict[str, Any]:
        """Return the chair as an account."""
        given = super().arguments()
        return given | {"chair": int(given["chair"])}


class RecordHearing(MoveForm):
    """Who was there and what was said."""

    attendees = text("参加人", 3, "一行一位，写明身份")
    transcript = text("听证笔录", 6, "各方意见、证据和质证情况")
    signed = forms.BooleanField(label="参加人已经核对并签字", required=False)


class _Officers(MoveForm):
    def arguments(self) -> dict[str, Any]:
        """Return the officers as accounts."""
        given = super().arguments()
        return given | {"officers": [int(each) for each in given["officers"]]}


class ScheduleSiteCheck(_Officers, Timed):
    """When, where and by which two officers a site is checked."""

    day = a_day("哪一天")
    hour = an_hour()
    place = line("地点")
    officers = People(label="核查人员", help_text="两名以上", widget=forms.CheckboxSelectMultiple)


class RecordSiteCheck(_Officers):
    """What at least two officers found."""

    place = line("地点")
    officers = People(label="核查人员", help_text="两名以上", widget=forms.CheckboxSelectMultiple)
    findings = text("核查情况", 4)
    passed = forms.BooleanField(label="符合要求", required=False)


class RecordExpertReview(MoveForm):
    """Who reviewed, and what they concluded."""

    experts = text("专家", 3, "一行一位：姓名、单位、职称；三位以上")
    conclusion = text("评审结论", 3)
    passed = forms.BooleanField(label="评审通过", required=False)


class RecordLegalReview(MoveForm):
    """What a legal review of the draft decision came to."""

    result = forms.ChoiceField(
        label="审核结论", choices=list(LEGAL_RESULTS.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选择审核结论"},
    )  # fmt: skip
    opinion = text("审核意见", 5, "主体、权限、程序、事实证据、法律适用；不同意的，写明怎样改正")


class Publish(MoveForm):
    """For how long, where and what is published."""

    days = number("公示几个工作日", 60, 5)
    place = line("公示地点", "网站或者张贴的地方")
    content = text("公示内容", 3)


class ClosePublication(MoveForm):
    """What objections a publication met."""

    objections = number("收到异议几件", 9999, 0, least=0)
    handling = text("处理情况", 2, required=False)


class CallOff(MoveForm):
    """What is called off, and why."""

    kind = forms.ChoiceField(label="取消什么", choices=Kind.choices)
    reason = text("理由", 2)

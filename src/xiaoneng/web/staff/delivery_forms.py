"""The forms of delivery: sending, serving with its proof, correcting a slip in what was issued."""

from __future__ import annotations

from typing import Any

from django import forms

from xiaoneng.rules.delivery import SENT_FIRST, WAYS
from xiaoneng.web.staff.forms import MoveForm, text


class Deliver(MoveForm):
    """Way and recipient of a delivery, and what proves it."""

    way = forms.ChoiceField(label="送达方式", choices=list(WAYS.items()))
    recipient = forms.CharField(label="签收人", max_length=120, required=False, help_text="留置、公告可以不填")
    served_on = forms.DateField(
        label="送达回证上的日期", required=False, help_text="今天签收的不用填",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-03-02 的样子"},
    )  # fmt: skip
    tracking = forms.CharField(
        label="邮件号", max_length=40, required=False, help_text="邮寄必填；登记过寄出的不用再填"
    )
    refusal = forms.CharField(label="拒收事由", max_length=500, required=False, help_text="留置必填")
    witnesses = forms.CharField(label="见证人，或者拍照录像", max_length=300, required=False, help_text="留置必填")
    consent = forms.CharField(
        label="怎样同意电子送达", max_length=200, required=False, help_text="申请表选了电子文书的不用填"
    )
    note = forms.CharField(label="备注", max_length=200, required=False)


class Dispatch(MoveForm):
    """How a decision is sent off."""

    way = forms.ChoiceField(
        label="怎样发出", choices=[(way, WAYS[way]) for way in SENT_FIRST], widget=forms.RadioSelect,
        error_messages={"required": "请选择邮寄还是公告"},
    )  # fmt: skip
    tracking = forms.CharField(label="邮件号", max_length=40, required=False, help_text="邮寄必填")
    place = forms.CharField(label="公告的地点", max_length=200, required=False, help_text="公告必填：网站或者张贴处")
    reason = text("为什么公告送达", 2, "公告必填：下落不明，或者哪些方式都送不到", required=False)


class CorrectDocument(MoveForm):
    """Which document has a slip, what is wrong in it, and what would be right."""

    document = forms.CharField(label="文书的文号", max_length=80, error_messages={"required": "请填写文号"})
    wrong = text("原文", 2, "照抄写错的那一句")
    right = text("更正为", 2)
    reason = text("理由", 2, "怎样写错的；决定本身不能用更正来改")

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {name: str(value) for name, value in self.cleaned_data.items()}

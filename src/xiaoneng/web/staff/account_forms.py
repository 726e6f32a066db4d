"""Forms with which the window opens accounts of applicants and writes down for whom they act."""

from __future__ import annotations

from typing import Any

from django import forms

from xiaoneng.kit.amiss import Amiss
from xiaoneng.people.applicants import CARDS, Newcomer
from xiaoneng.people.contacts import Contact
from xiaoneng.people.mandates import PAPERS, Authority
from xiaoneng.web.manage.forms import Faulted, choice, day, text


def _number(label: str, most: int, hint: str) -> forms.CharField:
    field = text(label, most, hint)
    field.widget.attrs |= {"inputmode": "text", "spellcheck": "false"}
    return field


def _chosen(form: forms.Form, name: str, rows: dict[str, str]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "请选择"), *rows.items()]


class Whole(Faulted):
    """A form that leaves what is missing to the action, which tells all that is wrong at once."""

    asks: tuple[str, ...] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in self.asks:
            self.fields[name].required = False
            self.fields[name].asked = True  # type: ignore[attr-defined]  # the label must not call it optional

    def blame(self, amiss: Amiss) -> None:
        """Put each fault beside its field, unless there is one already."""
        super().blame(Amiss(fault for fault in amiss.faults if fault[0] not in self.errors))


class Find(Faulted):
    """By which number somebody who has an account is found."""

    identity = _number("证件号", 40, "核对原件以后照着填")


class Open(Whole):
    """Who stands at the window."""

    asks = ("card", "name", "identity", "phone")

    card = choice("核对了哪种证件的原件", "只认原件，本人到场；会记入管理留痕")
    name = text("姓名", 60, "与证件一致")
    identity = _number("证件号", 40, "18 位")
    phone = _number("手机", 20, "11 位；就是登录名，办件时也用它联系")
    address = text("地址", 200, required=False)
    username = text("登录名", 30, "不填就用手机号；手机号被别人占用时才另定一个", required=False)
    renamed = forms.BooleanField(label="按证件更正姓名", required=False)

    def newcomer(self) -> Newcomer:
        """Return what the action takes; of a field that is no text at all, nothing."""
        return Newcomer(**(dict.fromkeys(self.fields, "") | {"renamed": False} | self.cleaned_data))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _chosen(self, "card", CARDS)


class Password(Faulted):
    """What was seen before a new password is given out."""

    card = choice("核对了哪种证件的原件", "只认原件，本人到场")
    lost_phone = forms.BooleanField(label="手机也丢了，一起停用双因素登录", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _chosen(self, "card", CARDS)


class Reached(Whole):
    """Under which number somebody is reached and how she signs in from now on."""

    asks = ("card",)

    card = choice("核对了哪种证件的原件", "只认原件，本人到场；会记入管理留痕")
    phone = _number("新手机", 20, "不换就不填；用手机号登录的，登录名跟着换")
    username = text("新登录名", 30, "不换就不填；也可以填本人的手机号", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["phone"].required = False
        _chosen(self, "card", CARDS)

    def contact(self) -> Contact:
        """Return what the action takes; of a field that is no text at all, nothing."""
        return Contact(**(dict.fromkeys(self.fields, "") | self.cleaned_data))


class Act(Whole):
    """For whom somebody may act, by which paper, until when."""

    asks = ("paper", "uscc", "company", "representative", "last")

    paper = choice("核对了哪种证明")
    uscc = _number("统一社会信用代码", 40, "18 位，在营业执照上")
    company = text("单位名称", 120, "与证照一致")
    representative = text("法定代表人（负责人）", 60)
    last = day("授权到哪一天", "含这一天，最晚十年以内；已经有授权的，就改到这一天")
    corrected = forms.BooleanField(label="按证照更正单位名称", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _chosen(self, "paper", PAPERS)

    def authority(self) -> Authority:
        """Return what the action takes; of a field that is no text or no day at all, nothing."""
        nothing = dict.fromkeys(self.fields, "") | {"last": None, "corrected": False}
        return Authority(**(nothing | self.cleaned_data))


class End(Faulted):
    """Why an authority ends."""

    mandate = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    reason = text("结束的原因", 200, "会记入管理留痕")

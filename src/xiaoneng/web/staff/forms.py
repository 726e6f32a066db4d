"""The forms of the moves: what each asks of the person who makes it."""

from __future__ import annotations

from typing import Any

from django import forms

from xiaoneng.approval.actions.accept import GROUNDS, Lack
from xiaoneng.approval.actions.deliver import WAYS
from xiaoneng.approval.actions.extension import LONGEST_EXTENSION
from xiaoneng.approval.actions.review import REFUSED_AS
from xiaoneng.rules.annulment import WAYS as ANNULLED_BY
from xiaoneng.rules.authority import PAPERS
from xiaoneng.rules.special import SPECIAL_PROCEDURES


def text(label: str, rows: int = 3, hint: str = "", required: bool = True, initial: str = "") -> forms.CharField:
    """Return a field for free text."""
    return forms.CharField(
        label=label, required=required, max_length=1000, help_text=hint, initial=initial,
        error_messages={"required": f"请填写{label}"}, widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class MoveForm(forms.Form):
    """A form of a move; its cleaned data are the action's own arguments."""

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes beside who, when and which."""
        return dict(self.cleaned_data)


def authority_seen() -> forms.ChoiceField:
    """Return the field that says which paper showed the authority to act; taken out where there is nothing to show."""
    return forms.ChoiceField(
        label="核对了哪种授权证明", choices=[("", "还没有核对"), *PAPERS.items()], required=False,
        help_text="提交申请的账号没有登记授权；没有交证明的，请一次性告知补正",
    )  # fmt: skip


BY_ITSELF = ("authority", "out_of_order")  # what is asked about one case, where it needs it, and never for many at once


class Accept(MoveForm):
    """Accepting asks for nothing more, unless the application renews a licence or who submitted it must show authority."""

    authority = authority_seen()
    certificate = forms.CharField(
        label="延续的许可证编号",
        max_length=80,
        required=False,
        help_text="申请延续许可的才填；到期没有决定的，依法视为准予延续",
    )
    expires_on = forms.DateField(
        label="该许可证有效期至", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-03-02 的样子"},
    )  # fmt: skip


ASKED_BASIS = "《行政许可法》第三十二条第一款第四项"


def lack(line: str) -> Lack:
    """Return what a line asks to be supplied: what, what would be right, on which basis."""
    parts = [part.strip() for part in line.replace("｜", "|").split("|")]
    text, standard, basis = (*parts, "", "")[:3]
    return Lack(text, standard, basis or ASKED_BASIS)


class Annulment(MoveForm):
    """By what, by whom, in which document, when and why a decision was annulled."""

    way = forms.ChoiceField(
        label="怎样被撤销", choices=list(ANNULLED_BY.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样被撤销"},
    )  # fmt: skip
    organ = forms.CharField(
        label="撤销的机关", max_length=120, help_text="复议机关、人民法院；自行纠正的写本机关",
        error_messages={"required": "请填写机关"},
    )  # fmt: skip
    decision = forms.CharField(
        label="撤销文书的文号", max_length=120, help_text="复议决定书、判决书或者纠正决定的文号",
        error_messages={"required": "请填写文号"},
    )  # fmt: skip
    made_on = forms.DateField(
        label="撤销文书的日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-03-02 的样子", "required": "请填写日期"},
    )  # fmt: skip
    reason = text("撤销的理由", 3, "照文书写；会写进告知书")


class NotAccept(MoveForm):
    """Ground, reason, and the right organ where there is one."""

    ground = forms.ChoiceField(
        label="情形", choices=list(GROUNDS.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选择不予受理的情形"},
    )  # fmt: skip
    reason = text("理由")
    right_organ = forms.CharField(
        label="应当向哪个机关申请", max_length=120, required=False, help_text="不属于本机关职权时必填"
    )
    falsehood = forms.CharField(
        label="哪一份材料虚假，或者隐瞒了什么", max_length=500, required=False,
        help_text="情形是隐瞒或者虚假时必填，会写进决定书",
    )  # fmt: skip


class Withdraw(MoveForm):
    """On whose request an application is taken back."""

    reason = text("撤回的依据", 2, "申请人何时以何种方式提出；书面申请请留存")
    code = forms.CharField(
        label="查询码", max_length=20, help_text="由申请人出示，在收件凭证上；表示撤回得到他本人确认",
        error_messages={"required": "请填写申请人出示的查询码"},
    )  # fmt: skip


class Review(MoveForm):
    """The opinion of a step."""

    opinion = text("审查意见", hint="写明审查了什么、结论是什么")
    step = forms.IntegerField(required=False, widget=forms.HiddenInput)  # of the page on which it was written


class Grant(MoveForm):
    """The reason of a grant."""

    opinion = text("决定意见", initial="符合法定条件、标准，准予。")
    authority = authority_seen()
    out_of_order = text("不按受理先后的理由", 2, "先受理的不符合条件、依法暂停，或者法律另有规定", required=False)


class Refuse(MoveForm):
    """Reason and basis of a refusal."""

    reason = text("不予许可的理由", hint="会写进决定书")
    basis = text("依据", 2, "法律、条、款")
    ground = forms.ChoiceField(
        label="情形", choices=list(REFUSED_AS.items()), required=False,
        help_text="选了隐瞒或者虚假的，决定书写明警告；关系安全的事项还限制再次申请",
    )  # fmt: skip
    falsehood = forms.CharField(
        label="哪一份材料虚假，或者隐瞒了什么", max_length=500, required=False, help_text="选了隐瞒或者虚假时必填"
    )


class Suspend(MoveForm):
    """Kind, estimate and reason of a special procedure."""

    kind = forms.ChoiceField(label="种类", choices=list(SPECIAL_PROCEDURES.items()))
    days = forms.IntegerField(
        label="预计工作日",
        min_value=1,
        max_value=365,
        error_messages={"required": "请填写预计天数", "invalid": "请填写整数"},
    )
    reason = text("理由", 2)


class Resume(MoveForm):
    """The result of a special procedure."""

    result = text("结果", 2)
    procedure = forms.IntegerField(required=False, widget=forms.HiddenInput)  # which of several ends


class Extend(MoveForm):
    """Days and reason of an extension."""

    days = forms.IntegerField(
        label="延长几日", min_value=1, max_value=366, initial=LONGEST_EXTENSION,
        error_messages={"required": "请填写延长几日", "invalid": "请填写整数"},
    )  # fmt: skip
    reason = text("理由", 2, "会写进告知书")


class Deliver(MoveForm):
    """Way and recipient of a delivery."""

    way = forms.ChoiceField(label="送达方式", choices=list(WAYS.items()))
    recipient = forms.CharField(label="签收人", max_length=120, error_messages={"required": "请填写谁签收"})
    note = forms.CharField(label="备注", max_length=200, required=False)

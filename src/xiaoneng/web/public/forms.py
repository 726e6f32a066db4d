"""Forms of the public pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from xiaoneng.approval import reads
from xiaoneng.kit.numbers import normalise_code
from xiaoneng.rules.acceptance import KINDS, to_declaration

WHO = [("person", "个人"), ("enterprise", "企业、个体工商户或其他组织")]


class Login(forms.Form):
    """Login name and password."""

    username = forms.CharField(
        label="登录名", max_length=60, error_messages={"required": "请填写登录名"},
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )  # fmt: skip
    password = forms.CharField(
        label="密码", max_length=128, strip=False, error_messages={"required": "请填写密码"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class ProgressQuery(forms.Form):
    """A number and the code that goes with it."""

    number = forms.CharField(
        label="收件编号或办件编号", max_length=40, help_text="在收件凭证或受理通知书上",
        error_messages={"required": "请填写编号"}, widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    code = forms.CharField(
        label="查询码", max_length=20, help_text="在收件凭证上，8 位", error_messages={"required": "请填写查询码"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


_RENEWING = (
    (
        "延续许可的填", "第一次申请的留空。在有效期届满三十日前提出，届满前没有作出决定的，依法视为准予延续",
        ("renews", "renews_until"),
    ),
)  # fmt: skip


class Declaration(forms.Form):
    """What an applicant declares; a draft may be saved with any of it missing."""

    kind = forms.ChoiceField(
        label="谁来申请", choices=WHO, initial="person",
        widget=forms.RadioSelect, error_messages={"required": "请选择个人还是单位", "invalid_choice": "请选择个人还是单位"},
    )  # fmt: skip
    name = forms.CharField(label="姓名或单位名称", max_length=120, help_text="与证件一致", required=False)
    identity = forms.CharField(
        label="身份证号或统一社会信用代码", max_length=30, help_text="18 位；只用于核对身份，页面上不全部显示", required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    contact = forms.CharField(label="联系人", max_length=60, required=False)
    phone = forms.CharField(
        label="手机", max_length=20, help_text="办件期间部门用这个号码联系您", required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    address = forms.CharField(label="地址", max_length=200, required=False)
    content = forms.CharField(
        label="申请内容", max_length=2000, help_text="用一两句话写明要办什么", required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    delivery = forms.ChoiceField(
        label="怎么拿结果", choices=[("self", "到窗口自取"), ("post", "邮寄到上面的地址"), ("electronic", "电子文书")],
        initial="self", widget=forms.RadioSelect, required=False,
    )  # fmt: skip

    renews = forms.CharField(label="要延续的许可证编号", max_length=80, required=False)
    renews_until = forms.DateField(
        label="该许可证有效期至", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-03-02 的样子"},
    )  # fmt: skip

    GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("申请人", "", ("kind", "name", "identity")),
        ("怎么联系您", "", ("contact", "phone", "address")),
        ("要办的事", "", ("content", "delivery")),
    )

    def __init__(
        self, *args: Any, complete: bool = False, kinds: Collection[str] = KINDS, renewable: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.renewable = renewable
        if not renewable:
            del self.fields["renews"], self.fields["renews_until"]
        self._offer(kinds)
        self.complete = complete
        for name in ("name", "identity", "contact", "phone", "content"):
            # Required in the end, but a draft may lack them; the label must not call them optional.
            self.fields[name].asked = True  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["aria-required"] = "true"

    def _offer(self, kinds: Collection[str]) -> None:
        """Offer those kinds of applicant that the item is for; where it is one, it is chosen already."""
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, label) for kind, label in WHO if kind in kinds]
        if len(kinds) == 1:
            self.initial = {**(self.initial or {}), "kind": next(iter(kinds))}

    def clean_identity(self) -> str:
        """Return the number without spaces and in capitals."""
        return normalise_code(self.cleaned_data["identity"])

    def clean_phone(self) -> str:
        """Return the number without spaces and dashes."""
        return normalise_code(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Put the rule's obstacles beside their fields, when the form must be complete."""
        cleaned = super().clean() or {}
        if self.complete:
            for obstacle in to_declaration(reads.declared({k: str(v) for k, v in cleaned.items()})):
                if obstacle.code not in self.errors:
                    self.add_error(obstacle.code, f"{obstacle.message}{obstacle.remedy}")
        return cleaned

    def groups(self) -> list[dict[str, Any]]:
        """Return the fields in the groups in which a page asks them."""
        return [
            {"title": title, "hint": hint, "fields": [self[name] for name in names]}
            for title, hint, names in (*self.GROUPS, *(_RENEWING if self.renewable else ()))
        ]


class Supplement(forms.Form):
    """What an applicant says with a supplement."""

    note = forms.CharField(
        label="补正说明", max_length=500, required=False, help_text="可以写明怎样补正的",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class Withdrawal(forms.Form):
    """Why an application is taken back."""

    reason = forms.CharField(
        label="撤回的原因", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

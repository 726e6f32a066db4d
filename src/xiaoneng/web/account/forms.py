"""Forms about one's own account."""

from __future__ import annotations

from django import forms


def _secret(label: str, complete: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=128, strip=False, help_text=hint, error_messages={"required": f"请填写{label}"},
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
    )  # fmt: skip


class ChangePassword(forms.Form):
    """The old password once and the new one twice."""

    old = _secret("现在的密码", "current-password")
    new = _secret("新密码", "new-password")
    again = _secret("再输一遍新密码", "new-password")

    def clean_again(self) -> str:
        """Compare the two."""
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError("两次输入的新密码不一样，请重新输入。")
        return str(self.cleaned_data["again"])


class Code(forms.Form):
    """A code from the phone; at the door also one from paper."""

    code = forms.CharField(
        label="验证码", max_length=20, help_text="手机验证器上现在的 6 位数字",
        error_messages={"required": "请填写验证码"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )  # fmt: skip

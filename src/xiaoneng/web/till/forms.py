"""What the cashier writes."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from xiaoneng.approval.actions.fees import PAID_BY
from xiaoneng.rules.fees import fen


class Collect(forms.Form):
    """How much was handed over, and how."""

    amount = forms.DecimalField(
        label="实收金额（元）", min_value=Decimal("0.01"), max_digits=14, decimal_places=2,
        error_messages={
            "required": "请填写实收多少元", "invalid": "金额写成 105.00 的样子", "min_value": "金额要大于零",
            "max_decimal_places": "金额最多两位小数",
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    way = forms.ChoiceField(
        label="怎样付的", choices=list(PAID_BY.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样付的", "invalid_choice": "请从列出的方式里选"},
    )  # fmt: skip

    def fen(self) -> int:
        """Return the amount in fen."""
        return fen(self.cleaned_data["amount"])


class Day(forms.Form):
    """The day whose account is asked for."""

    day = forms.DateField(
        label="哪一天", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期写成 2026-03-02 的样子"},
    )  # fmt: skip

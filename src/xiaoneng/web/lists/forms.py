"""The form in which an item is edited: its flat parts as fields, its rows as lines of cells, so that keys suffice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from xiaoneng.catalogue import upkeep
from xiaoneng.catalogue.imports.cellwords import Wrong, flat_value, flat_words, row_of, row_words
from xiaoneng.powerlists.reads import Disposition, ProposalLine
from xiaoneng.rules.items.content import FLAT, ROWS, Content
from xiaoneng.rules.items.labels import GROUPS, PARTS, ROW_COLUMNS, ROW_LABELS, UNITS, Part

BAR = " | "


def _kinds() -> list[tuple[str, str]]:
    return [(each.name, each.name) for each in upkeep.kinds()]


def _field(part: Part) -> forms.Field:
    common: dict[str, Any] = {"label": part.label, "required": part.name in ("name", "kind"), "help_text": part.help}
    if part.sort == "mark":
        return forms.BooleanField(**common)
    if part.sort == "kind":
        return forms.ChoiceField(choices=_kinds, **common)
    if part.sort == "unit":
        return forms.ChoiceField(choices=[("", "（无）"), *((label, label) for label in UNITS.values())], **common)
    if part.choices:
        return forms.ChoiceField(choices=[("", "（未填）"), *((each, each) for each in part.choices)], **common)
    if part.sort == "number":
        return forms.CharField(max_length=4, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **common)
    if part.sort == "text":
        return forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), **common)
    return forms.CharField(max_length=2000 if part.sort == "words" else part.longest, **common)


class Item(forms.Form):
    """Everything that an item says, and what is to become of it."""

    code = forms.CharField(label="编码", max_length=40, help_text="31 或 33 位实施编码；还没有国家编码的用本地编码")
    disposition = forms.ChoiceField(label="处理方式", choices=Disposition.choices)
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="保留以外必填",
    )
    ground = forms.CharField(
        label="调整依据",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="保留以外必填",
    )
    on_running = forms.CharField(
        label="对在办件的影响", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不填按：已受理的按原版本办完",
    )  # fmt: skip
    target = forms.CharField(label="去向", required=False, max_length=200, help_text="转移、下放给谁")
    target_code = forms.CharField(label="并入事项的编码", required=False, max_length=40)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in FLAT:
            self.fields[name] = _field(PARTS[name])
        for part, columns in ROW_COLUMNS.items():
            self.fields[part] = forms.CharField(
                label=ROW_LABELS[part], required=False, max_length=60_000, widget=forms.Textarea(attrs={"rows": 3}),
                help_text="每行一条，各栏用 | 隔开：" + BAR.join(label for _, label in columns),
            )  # fmt: skip

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields as the page groups them."""
        first = ("code", "disposition", "reason", "ground", "on_running", "target", "target_code")
        found = [("怎样处理", [self[name] for name in first])]
        found += [(title, [self[part.name] for part in parts]) for title, parts in GROUPS]
        return [*found, ("分条填写", [self[part] for part in ROW_COLUMNS])]

    def clean(self) -> dict[str, Any]:
        """Read every part; what cannot be read is told beside its field."""
        data = dict(super().clean() or self.cleaned_data)
        values: dict[str, Any] = {}
        for name in FLAT:
            given = data.get(name, "")
            words = (
                ("是" if given else "否") if PARTS[name].sort == "mark" else str(given).strip().replace("\r\n", "\n")
            )
            try:
                values[name] = flat_value(name, words)
            except Wrong as refusal:
                self.add_error(name, str(refusal))
        for part in ROWS:
            values[part] = self._rows(part, data.get(part, ""))
        self._check_limits(values)
        if not self.errors:
            data["content"] = Content(**values)
        return data

    def _rows(self, part: str, text: str) -> tuple[Any, ...]:
        found = []
        names = [name for name, _ in ROW_COLUMNS[part]]
        for number, line in enumerate(text.replace("｜", "|").splitlines(), start=1):
            if line.strip():
                cells = dict(zip(names, (cell.strip() for cell in line.split("|")), strict=False))
                try:
                    found.append(row_of(part, cells))
                except Wrong as refusal:
                    self.add_error(part, f"第 {number} 行：{refusal}")
        return tuple(found)

    def _check_limits(self, values: Mapping[str, Any]) -> None:
        for n, unit in (("statutory_n", "statutory_unit"), ("promised_n", "promised_unit")):
            if (values.get(n) is None) != (not values.get(unit)):
                self.add_error(n, "数字和单位要一起填。")


def initial_of(each: ProposalLine) -> dict[str, Any]:
    """Return what the form shows of a proposal."""
    content = each.content
    found: dict[str, Any] = {
        "code": each.code, "disposition": each.disposition, "reason": each.reason, "ground": each.ground,
        "on_running": each.on_running, "target": each.target, "target_code": each.target_code,
    }  # fmt: skip
    for name in FLAT:
        value = getattr(content, name)
        found[name] = value if PARTS[name].sort == "mark" else flat_words(name, value)
    for part, columns in ROW_COLUMNS.items():
        found[part] = "\n".join(_line(part, row, [name for name, _ in columns]) for row in getattr(content, part))
    return found


def _line(part: str, row: Any, names: list[str]) -> str:
    cells = [row_words(part, name, getattr(row, name)).replace("|", "｜").replace("\n", " ") for name in names]
    while cells and not cells[-1]:
        cells.pop()
    return BAR.join(cells)

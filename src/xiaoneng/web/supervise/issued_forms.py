"""The moves of cards, orders and accountability as forms: what each asks for and the action it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from xiaoneng.matters.move import Moved
from xiaoneng.rules.accountability import Measure
from xiaoneng.rules.cards import RULES, Level
from xiaoneng.supervision import accountability, cards, orders
from xiaoneng.supervision.findings import actions as findings


@dataclass(frozen=True, slots=True)
class Asked:
    """What a move asks for: its free text, whether days, whether a measure; and what its button says."""

    act: Callable[..., Moved]
    name: str
    label: str
    hint: str = ""
    days: int = 0
    measure: bool = False
    button: str = ""


ACTS: dict[tuple[str, str], Asked] = {
    ("card", "explain"): Asked(
        cards.explain, "text", "原因和整改情况", "写明为什么、已经怎样改、以后怎样防止", button="提交说明"
    ),
    ("card", "appeal"): Asked(cards.appeal, "text", "申诉理由", "只能申诉一次，请写全事实和证据", button="提交申诉"),
    ("card", "confirm"): Asked(cards.confirm, "opinion", "核实意见", button="维持这张牌"),
    ("card", "reject_appeal"): Asked(cards.reject_appeal, "opinion", "复核意见", button="驳回申诉"),
    ("card", "propose_withdrawal"): Asked(
        cards.propose_withdrawal, "reason", "撤牌理由", "提出以后由另一名监察员复核，才会撤牌", button="提出撤牌"
    ),
    ("card", "withdraw_card"): Asked(
        cards.withdraw, "opinion", "复核意见", "撤牌恢复扣分，记录保留", button="同意撤牌"
    ),
    ("card", "decline_withdrawal"): Asked(cards.decline_withdrawal, "opinion", "复核意见", button="不同意撤牌"),
    ("supervision_order", "answer"): Asked(orders.answer, "text", "答复", "为什么慢、哪天办完", button="答复"),
    ("supervision_order", "escalate"): Asked(orders.escalate, "wants", "督办要求", days=3, button="转为督办并发督办单"),
    ("supervision_order", "reply"): Asked(orders.reply, "text", "办理结果", button="回复"),
    ("supervision_order", "return_reply"): Asked(
        orders.return_reply, "reason", "退回理由和要求", days=3, button="退回重办"
    ),
    ("supervision_order", "accept_reply"): Asked(orders.accept_reply, "opinion", "核验意见", button="核验通过"),
    ("supervision_order", "cancel"): Asked(orders.cancel, "reason", "撤销理由", button="撤销"),
    ("finding", "ask"): Asked(findings.ask, "wants", "请单位说明什么", button="发单位说明"),
    ("finding", "explain"): Asked(
        findings.explain, "text", "情况说明", "写明经过、原因，附上能证明的记录", button="提交说明"
    ),
    ("finding", "confirm"): Asked(
        findings.confirm, "opinion", "认定意见", "认定以后单位要整改；责任人按累计规则提出问责建议", button="认定属实"
    ),
    ("finding", "dismiss"): Asked(findings.dismiss, "opinion", "不成立的理由", button="认定不成立"),
    ("finding", "rectify"): Asked(
        findings.rectify, "text", "整改情况", "怎样改的、以后怎样防止", button="报告整改结果"
    ),
    ("accountability", "speak"): Asked(accountability.speak, "text", "陈述和申辩", button="提交陈述"),
    ("accountability", "decide"): Asked(
        accountability.decide,
        "reason",
        "决定的理由",
        "写明事实、采纳和不采纳申辩的理由",
        measure=True,
        button="作出决定",
    ),
    ("accountability", "dismiss"): Asked(accountability.dismiss, "reason", "理由", button="不予问责"),
    ("accountability", "appeal_decision"): Asked(accountability.appeal, "text", "申诉理由", button="提交申诉"),
    ("accountability", "uphold"): Asked(accountability.uphold, "opinion", "复核意见", button="维持原决定"),
    ("accountability", "revoke"): Asked(accountability.revoke, "opinion", "复核意见", button="撤销原决定"),
}


def text(label: str, hint: str = "", rows: int = 3) -> forms.CharField:
    """Return a field for free text that has to be filled in."""
    return forms.CharField(
        label=label, max_length=2000, help_text=hint, error_messages={"required": f"请填写{label}"},
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def days(initial: int, label: str = "期限（工作日）") -> forms.IntegerField:
    """Return a field for a number of working days."""
    wrong = {
        "invalid": "天数应为整数",
        "min_value": "至少 1 个工作日",
        "max_value": "最多 60 个工作日",
        "required": "请填写天数",
    }
    return forms.IntegerField(label=label, min_value=1, max_value=60, initial=initial, error_messages=wrong)


class MoveForm(forms.Form):
    """A form made for one move."""

    def __init__(self, asked: Asked, *given: Any, proposed: tuple[str, int] = ("", 0), **more: Any) -> None:
        super().__init__(*given, **more)
        if asked.measure:
            self.fields["measure"] = forms.ChoiceField(
                label="处理", choices=[(each.value, each.label) for each in Measure], initial=proposed[0]
            )
            self.fields["points"] = forms.IntegerField(
                label="扣分", min_value=0, max_value=100, initial=proposed[1],
                error_messages={"invalid": "扣分应为整数", "required": "请填写扣分，不扣的填 0"},
            )  # fmt: skip
        self.fields[asked.name] = text(asked.label, asked.hint)
        if asked.days:
            self.fields["days"] = days(asked.days)


class Urge(forms.Form):
    """An urging notice or an order."""

    def __init__(self, label: str, initial: int, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["wants"] = text(label)
        self.fields["days"] = days(initial, "几个工作日内答复" if label == "催办要求" else "几个工作日内办理并回复")


class Card(forms.Form):
    """A card by hand."""

    rule = forms.ChoiceField(
        label="规则", choices=[(each.code, f"{each.level.label}　{each.label}（{each.code}）") for each in RULES]
    )
    level = forms.ChoiceField(
        label="等级", required=False, choices=[("", "按规则"), *((each.value, each.label) for each in Level)]
    )
    person = forms.ChoiceField(label="责任人", required=False, help_text="不确定的不要选，只发给单位")
    grounds = text("发牌的事实和理由", "写明时间、地点、经过；发出以后不能改动")

    def __init__(self, people: dict[int, str], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [("", "按经办记录确定"), *((str(pk), name) for pk, name in people.items())]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]


class Propose(forms.Form):
    """A proposal to call somebody to account, made by hand."""

    measure = forms.ChoiceField(label="拟作的处理", choices=[(each.value, each.label) for each in Measure])
    reason = text("问责理由", "写明事实和依据；提出以后由另一名监察员决定")

    def __init__(self, people: dict[int, str], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["person"] = forms.ChoiceField(
            label="责任人", choices=[(str(pk), name) for pk, name in people.items()],
            error_messages={"required": "请选择责任人"},
        )  # fmt: skip

"""The forms of promised documents, commitments, askings and cases given back; and of papers taken in slot by slot."""

from __future__ import annotations

from typing import Any

from django import forms

from xiaoneng.approval.actions.accept import Lack
from xiaoneng.rules.commitment import RESULTS
from xiaoneng.rules.consulting import DEFAULT
from xiaoneng.rules.deferred import EXCUSES
from xiaoneng.web.staff.beside_forms import People, Person, number
from xiaoneng.web.staff.forms import ASKED_BASIS, MoveForm, lack, text

PAPER, SEEN, WANT = "paper-", "seen", "want-"
LONGEST = 600


class TakesPapers(MoveForm):
    """A form to which each material adds a place for its scan and a tick that the original was seen."""

    def offer(self, materials: list[tuple[str, str]]) -> None:
        """Offer these materials: (slot, name)."""
        self.fields[SEEN] = forms.MultipleChoiceField(
            label="已收下并核对的纸质件", required=False, choices=materials, widget=forms.CheckboxSelectMultiple,
            help_text="只收纸质件、没有扫描的，在这里勾选",
        )  # fmt: skip
        for slot, name in materials:
            self.fields[PAPER + slot] = forms.FileField(label=f"扫描件：{name}", required=False)

    def papers(self) -> list[tuple[str, Any]]:
        """Return the scans with the material that each of them fills."""
        return [(name.removeprefix(PAPER), each) for name in self.files if name.startswith(PAPER)
                for each in self.files.getlist(name)]  # fmt: skip

    def seen(self) -> list[str]:
        """Return the slots of the originals that the window has seen."""
        return [each[:30] for each in self.data.getlist(SEEN)][:100] if hasattr(self.data, "getlist") else []


class Supplement(TakesPapers):
    """What the applicant brought to the window after a correction notice, material by material."""

    note = text("收到了什么", 3, "逐项写明补正的内容")
    paper = forms.FileField(
        label="其他扫描件", required=False, help_text="上面没有列出的；PDF、JPG、PNG、DOCX、XLSX、OFD，不超过 20 MB"
    )

    def arguments(self) -> dict[str, Any]:
        """Return the note, the scan of no material, and those of the materials."""
        return {**self.cleaned_data_of("note", "paper"), "papers": self.papers(), "seen": self.seen()}

    def cleaned_data_of(self, *names: str) -> dict[str, Any]:
        """Return some of what was typed."""
        return {name: self.cleaned_data.get(name) for name in names}


class SupplyDeferred(TakesPapers):
    """What the applicant brought of what was promised."""

    note = text("说明", 2, required=False)

    def arguments(self) -> dict[str, Any]:
        """Return the scans and the originals seen, by material."""
        return {"note": self.cleaned_data["note"], "papers": self.papers(), "seen": self.seen()}


class RequestCorrection(MoveForm):
    """Everything that is missing: for each material what is wrong with it, and whatever concerns none."""

    lacks = text("其他要补正的", 3, "不属于上面某一样材料的，一行一项；可写成“缺什么 | 要求 | 依据”", required=False)
    reason_again = text("再次告知的理由", 2, "本件已告知过一次时必填；会记入监察", required=False)

    def offer(self, materials: list[tuple[str, str, str]]) -> None:
        """Offer these materials: (slot, name, what is known to be missing)."""
        rest = dict(self.fields)
        self.fields.clear()
        for slot, name, missing in materials:
            self.fields[WANT + slot] = forms.CharField(
                label=name, required=False, max_length=LONGEST, initial=missing,
                help_text="不用补正的留空；要补正的写“缺什么 | 要求 | 依据”",
            )  # fmt: skip
        self.fields.update(rest)

    def arguments(self) -> dict[str, Any]:
        """Return what is asked for, each with the material that it concerns."""
        asked = [(name.removeprefix(WANT)[:30], str(self.data.get(name, "")).strip()[:LONGEST])
                 for name in self.data if name.startswith(WANT)]  # fmt: skip
        typed = [lack(line) for line in self.cleaned_data["lacks"].splitlines() if line.strip()]
        by_material = [_of_material(slot, words) for slot, words in asked if words]
        return {"lacks": by_material + typed, "reason_again": self.cleaned_data["reason_again"]}


def _of_material(slot: str, words: str) -> Lack:
    found = lack(words)
    return Lack(found.text, found.standard, found.basis or ASKED_BASIS, slot)


class AskInBranch(RequestCorrection):
    """Everything that a branch of a joint case lacks of its own part; there is no second time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason_again"]

    def arguments(self) -> dict[str, Any]:
        """Return what is asked for, each with the material that it concerns."""
        self.cleaned_data["reason_again"] = ""
        return {"lacks": super().arguments()["lacks"]}


class PostponeDeferred(MoveForm):
    """How much longer, and by which force majeure."""

    days = number("延长几个工作日", 30, 5)
    reason = text("不可抗力的情况", 2, "会写进告知书")


class ExcuseDefault(MoveForm):
    """Why a default is not the applicant's fault, and within how many days the documents come after all."""

    ground = forms.ChoiceField(
        label="情形", choices=list(EXCUSES.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选择免责的情形"},
    )  # fmt: skip
    reason = text("事实和证明", 3, "不能按期补交的情况，凭什么证明；会写进告知书")
    days = number("重新给出几个工作日补交", 30, 5)


class Nothing(MoveForm):
    """A move that asks for nothing."""


class RecordCheck(MoveForm):
    """What at least two officers found of a commitment."""

    officers = People(label="核查人员", help_text="两名以上", widget=forms.CheckboxSelectMultiple)
    result = forms.ChoiceField(label="结果", choices=list(RESULTS.items()), widget=forms.RadioSelect)
    findings = text("核查情况", 4)
    days = forms.IntegerField(
        label="几个工作日内改正", required=False, min_value=1, max_value=60, help_text="结果是“可以限期改正”时填写"
    )

    def arguments(self) -> dict[str, Any]:
        """Return the officers as accounts."""
        given = dict(self.cleaned_data)
        return given | {"officers": [int(each) for each in given["officers"]], "days": given["days"] or 0}


class ReportRectified(MoveForm):
    """How what was found was put right."""

    note = text("改正情况", 3)


class OrderCorrection(MoveForm):
    """What must be put right, and until when."""

    text = text("责令改正的内容", 3, "写明要补齐哪些材料、达到什么要求；会写进通知书")
    days = number("几个工作日内改正", 60, 10)


class RevokeOnPromise(MoveForm):
    """Why and on which basis a decision is revoked."""

    reason = text("撤销的理由", 3, "会写进决定书")
    basis = text("依据", 2, "法律、条、款", initial="《行政许可法》第六十九条第二款")


class KeepOnPromise(MoveForm):
    """Why a decision stays in force."""

    reason = text("不予撤销的理由", 3, "撤销会对公共利益造成什么重大损害")


class Consult(MoveForm):
    """Whom one asks, what, and until when."""

    department = Person(label="征求哪个部门")
    question = text("征求什么意见", 3)
    days = number("几个工作日内答复", 20, DEFAULT)

    def arguments(self) -> dict[str, Any]:
        """Return the department as its number."""
        given = dict(self.cleaned_data)
        return given | {"department": int(given["department"])}


class Answer(MoveForm):
    """What one's department says."""

    opinion = text("意见", 4, "写明同意、不同意或者不涉及，并说明理由；答复后由征求的部门采用")


class CloseConsultation(MoveForm):
    """Why nobody waits for an answer any more."""

    reason = text("不再等候的理由", 2)


class SendBack(MoveForm):
    """To which step a case goes back, and why."""

    step = Person(label="退回到哪个环节")
    reason = text("退回的理由", 2)

    def arguments(self) -> dict[str, Any]:
        """Return the step as its place."""
        return dict(self.cleaned_data) | {"step": int(self.cleaned_data["step"])}

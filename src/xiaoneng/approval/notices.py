"""What an outgoing document says, composed from its entry's facts and the application it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from xiaoneng.approval import (
    notices_annulment,
    notices_beside,
    notices_delivery,
    notices_falsehood,
    notices_promises,
    notices_things,
    reads,
    words,
)
from xiaoneng.approval.actions.accept import GROUNDS
from xiaoneng.approval.actions.review import LICENCE, REFUSED_AS
from xiaoneng.approval.agency import notices as agency_notices
from xiaoneng.approval.joint import notices as joint_notices
from xiaoneng.approval.notice_parts import Text, remedies
from xiaoneng.kit.numbers import chinese_date, masked_name
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import DocumentLine, EntryLine, MatterFile
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.special import SPECIAL_PROCEDURES
from xiaoneng.rules.workdays import local, local_day

FROM_APPLICANT = frozenset(
    {"withdrawal_request", "joint_withdrawal_request", "deferred_docs_commitment", "commitment_letter"}
)
TO_EVERYBODY = {"hearing_announcement": "公民、法人和其他组织"}
ERASED = "（个人信息已依法删除）"


@dataclass(frozen=True, slots=True)
class Notice:
    """A document as it is printed, on paper and on the page."""

    title: str
    organ: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    date: str
    verify_code: str
    hash: str
    items: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    closing: tuple[str, ...] = ()
    matter_called: str = ""
    document_id: int = 0
    sha256: str = field(default="")
    to_organ: bool = False  # what an applicant declares to the authority, or one authority tells another
    thing_code: str = (
        ""  # of the certificate that the document is, or is about: verified by it for as long as it exists
    )

    @property
    def addressee_shown(self) -> str:
        """Return to whom it goes as everybody may read it: an organ by its name, a person masked."""
        plain = self.to_organ or self.addressee in TO_EVERYBODY.values()
        return self.addressee if plain else masked_name(self.addressee)


def compose(document: DocumentLine) -> Notice:
    """Return what a document says; the same entry always gives the same text."""
    if document.kind in notices_things.KINDS:
        return _of_thing(document)
    file = reads.load(document.matter)
    entry = words.with_words(document.matter, [matters.entry_at(document.matter, document.seq)])[0]
    text = _KINDS[document.kind](file, entry)
    return Notice(
        title=document.title,
        organ=file.department_name,
        number=document.number,
        addressee=_addressee(file, document.kind),
        to_organ=document.kind in FROM_APPLICANT,
        paragraphs=text.paragraphs,
        items=text.items,
        rows=text.rows,
        closing=text.closing,
        date=chinese_date(local_day(document.issued_at)),
        verify_code=document.verify_code,
        hash=entry.hash,
        matter_called=_called(file, document),
        document_id=document.id,
        sha256=document.sha256,
    )


def _addressee(file: MatterFile, kind: str) -> str:
    if kind in FROM_APPLICANT:
        return file.department_name
    return TO_EVERYBODY.get(kind) or reads.form_of(file).get("name") or ERASED


def known_kinds() -> frozenset[str]:
    """Return the kinds of documents that this room writes."""
    return frozenset(_KINDS) | frozenset(notices_things.KINDS)


def _of_thing(document: DocumentLine) -> Notice:
    entry = words.with_words(document.matter, [matters.entry_at(document.matter, document.seq)])[0]
    thing = notices_things.spoken(document, entry)
    text = thing.text
    return Notice(
        title=document.title, organ=thing.organ, number=document.number, addressee=thing.addressee,
        paragraphs=text.paragraphs, items=text.items, rows=text.rows, closing=text.closing,
        date=chinese_date(local_day(document.issued_at)), verify_code=document.verify_code, hash=entry.hash,
        matter_called=thing.called, document_id=document.id, sha256=document.sha256, thing_code=thing.code,
    )  # fmt: skip


def _called(file: MatterFile, document: DocumentLine) -> str:
    early = document.kind in ("receipt_of_materials", "correction_notice", "non_acceptance_decision")
    return (file.intake_number or "") if early else file.called


def _facts(entry: EntryLine) -> dict[str, Any]:
    what: dict[str, Any] = entry.facts.get("what", {})
    return what


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def _moment(at: datetime) -> str:
    moment = local(at)
    return f"{chinese_date(moment.date())} {moment:%H:%M}"


def _clock(entry: EntryLine, name: ClockName) -> dict[str, Any] | None:
    clocks: list[dict[str, Any]] = entry.facts.get("clocks", [])
    return next((clock for clock in clocks if clock["name"] == name), None)


_UNITS = {"working_day": "个工作日", "calendar_day": "日", "hour": "小时", "month": "个月"}


def _limit_row(label: str, clock: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    if clock is None:
        return ()
    length = f"{clock['limit'] + clock['extension']} {_UNITS[clock['unit']]}"
    due = f"，至{_day(clock['due_on'])}" if clock["due_on"] else ""
    provisional = "（该年放假安排尚未公布，日期为暂定）" if clock["provisional"] else ""
    return ((label, f"{length}{due}{provisional}"),)


def _under(file: MatterFile, provision: str) -> str:
    # The licensing law is named for licences only; other services rest on the item's own basis, or on none.
    if file.plan.kind == LICENCE:
        return f"依照《中华人民共和国行政许可法》第{provision}，"
    return f"依照{file.plan.basis.rstrip('。；')}，" if 0 < len(file.plan.basis) <= 60 else ""


def _receipt(file: MatterFile, entry: EntryLine) -> Text:
    facts = _facts(entry)
    names = {material.slot: material.name for material in file.plan.materials}
    counts: dict[str, int] = {}
    for each in facts.get("files", []):
        counts[each["slot"]] = counts.get(each["slot"], 0) + 1
    listed = tuple((f"{names.get(slot, '其他材料')}，{count} 个文件", "") for slot, count in counts.items())
    again = entry.move == "supplement"
    first = "现收到你（单位）补交的材料" if again else f"现收到你（单位）关于“{file.title}”的申请及材料"
    return Text(
        paragraphs=(
            f"{first}，接收时间为{_moment(entry.at)}，按{_day(facts['received_on'])}收件计算期限。",
            "本机关将在五个工作日内决定是否受理，或者一次性告知需要补正的全部内容；逾期不告知的，自收件之日起即为受理。",
        ),
        items=listed or (("没有上传电子材料，纸质材料以窗口核对为准", ""),),
        rows=(
            ("收件编号", file.intake_number or ""),
            *_limit_row("受理前审核", _clock(entry, ClockName.PRE_ACCEPTANCE)),
        ),
        closing=("凭收件编号和查询码可以随时查询进度。",),
    )


def _acceptance(file: MatterFile, entry: EntryLine) -> Text:
    facts = _facts(entry)
    deemed = facts.get("deemed")
    day = _day(facts["accepted_on"])
    complete = "主要材料齐全" if "deferred" in facts else "申请材料齐全"
    reason = (
        f"本机关自收到申请材料之日起五个工作日内未告知补正，{_under(file, '三十二条第一款第四项')}自收到之日{day}起即为受理。"
        if deemed
        else f"经审查，{complete}、符合法定形式，{_under(file, '三十二条第一款第五项')}决定自{day}起予以受理。"
    )
    later = notices_promises.deferral(entry) if "deferred" in facts else Text(())
    return Text(
        paragraphs=(f"你（单位）提出的“{file.title}”申请收悉。", reason, *later.paragraphs),
        items=later.items,
        rows=(
            ("办件编号", _number(entry, file)),
            *_limit_row("承诺期限", _clock(entry, ClockName.PROMISED)),
            *_limit_row("法定期限", _clock(entry, ClockName.STATUTORY)),
            *_limit_row("容缺材料补交期限", _clock(entry, ClockName.DEFERRED)),
        ),
        closing=(
            *later.closing,
            "期限从受理的第二天起算，休息日、法定节假日和依法不计入的特别程序时间除外，算法可在进度页逐日核对。",
        ),
    )


def _number(entry: EntryLine, file: MatterFile) -> str:
    return file.number or file.intake_number or ""


def _correction(file: MatterFile, entry: EntryLine) -> Text:
    facts = _facts(entry)
    listed = tuple((_joined(each["text"], each["standard"]), each["basis"]) for each in facts["lacks"])
    again = (f"本次为再次告知，理由：{facts['reason_again']}",) if facts.get("again") else ()
    return Text(
        paragraphs=(
            f"你（单位）提出的“{file.title}”申请收悉。经审查，申请材料不齐全或者不符合法定形式，"
            f"{_under(file, '三十二条第一款第四项')}现将需要补正的全部内容一次告知如下：",
        ),
        items=listed,
        rows=_limit_row("请在此期限内补正", _clock(entry, ClockName.SUPPLEMENT)),
        closing=(
            *again,
            "补正齐全的，自补正之日起受理。等待补正的时间不计入本机关的期限。",
            "在上述期限内没有补正的，视为放弃本次申请，本机关终止办理并书面告知；以后可以重新申请，也可以随时撤回。",
        ),
    )


def _joined(text: str, standard: str) -> str:
    return f"{text.rstrip('。')}（要求：{standard.rstrip('。')}）" if standard else text.rstrip("。")


def _non_acceptance(file: MatterFile, entry: EntryLine) -> Text:
    facts, ground = _facts(entry), GROUNDS[_facts(entry)["ground"]]
    organ = (f"请向{facts['right_organ']}申请。",) if facts.get("right_organ") else ()
    clause = {"not_needed": "三十二条第一款第一项", "not_ours": "三十二条第一款第二项"}.get(facts["ground"])
    about = f"经审查，该事项{ground}。" if clause else f"经审查，{ground}。"
    return Text(
        paragraphs=(
            f"你（单位）提出的“{file.title}”申请收悉。{about}",
            *notices_falsehood.named(entry),
            f"理由：{facts['reason']}",
            *((f"{_under(file, clause)}决定不予受理。",) if clause else ()),
            *notices_falsehood.turned_down(entry, [file.plan], "不予受理"),
            *organ,
        ),
        rows=(("收件编号", file.intake_number or ""),),
        closing=(remedies(file),),
    )


def _special(file: MatterFile, entry: EntryLine) -> Text:
    facts = _facts(entry)
    kind = SPECIAL_PROCEDURES.get(facts["kind"], facts["kind"])
    return Text(
        paragraphs=(
            f"你（单位）的“{file.title}”申请（办件编号 {file.called}）依法需要进行{kind}。",
            f"理由：{facts['reason']}",
            f"预计需要 {facts['estimated_days']} 个工作日。依照《中华人民共和国行政许可法》第四十五条，"
            f"所需时间不计算在办理期限内，自{chinese_date(local_day(entry.at))}的次日起停止计算，结束的次日继续计算。",
        ),
    )


def _extension(file: MatterFile, entry: EntryLine) -> Text:
    facts = _facts(entry)
    basis = facts.get("basis") or "《行政许可法》第四十二条第一款"
    return Text(
        paragraphs=(
            f"你（单位）的“{file.title}”申请（办件编号 {file.called}）不能在原定期限内作出决定，"
            f"经本机关负责人批准，依照{basis}，延长 {facts['days']} {_UNITS[facts.get('unit') or 'working_day']}。",
            f"理由：{facts['reason']}",
        ),
        rows=(
            *_limit_row("延长后的承诺期限", _clock(entry, ClockName.PROMISED)),
            *_limit_row("延长后的法定期限", _clock(entry, ClockName.STATUTORY)),
        ),
    )


def _rests_on(entry: EntryLine) -> tuple[str, ...]:
    if not _facts(entry).get("hearing_record"):
        return ()
    return ("本机关就该申请举行了听证，本决定根据听证笔录作出（《中华人民共和国行政许可法》第四十八条第二款）。",)


def _grant(file: MatterFile, entry: EntryLine) -> Text:
    return Text(
        paragraphs=(
            f"你（单位）提出的“{file.title}”申请（办件编号 {file.called}），经审查符合法定条件、标准。",
            f"审查结论：{_facts(entry)['reason']}",
            *_rests_on(entry),
            f"{_under(file, '三十八条第一款')}决定准予。",
        ),
        rows=_limit_row("本决定的送达期限", _clock(entry, ClockName.DELIVERY)),
        closing=(remedies(file),),
    )


def _refusal(file: MatterFile, entry: EntryLine) -> Text:
    facts = _facts(entry)
    return Text(
        paragraphs=(
            f"你（单位）提出的“{file.title}”申请（办件编号 {file.called}），经审查{REFUSED_AS[facts.get('ground', '')]}。",
            *notices_falsehood.named(entry),
            f"理由：{facts['reason']}",
            f"依据：{facts['basis']}",
            *_rests_on(entry),
            *(
                notices_falsehood.turned_down(entry, [file.plan], "不予准许")
                or (f"{_under(file, '三十八条第二款')}决定不予准许。",)
            ),
        ),
        rows=_limit_row("本决定的送达期限", _clock(entry, ClockName.DELIVERY)),
        closing=(remedies(file),),
    )


_KINDS: dict[str, Callable[[MatterFile, EntryLine], Text]] = (
    {
        "receipt_of_materials": _receipt,
        "acceptance_notice": _acceptance,
        "correction_notice": _correction,
        "non_acceptance_decision": _non_acceptance,
        "special_procedure_notice": _special,
        "extension_notice": _extension,
        "grant_decision": _grant,
        "refusal_decision": _refusal,
    }
    | notices_beside.KINDS
    | notices_promises.KINDS
    | notices_delivery.KINDS
    | notices_annulment.KINDS
)
_KINDS |= joint_notices.KINDS_OF_NOTICES | agency_notices.KINDS_OF_NOTICES

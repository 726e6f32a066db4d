"""What the documents of charges and certificates say: matters of their own, that rest on a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xiaoneng.approval import certificates, fees, reads
from xiaoneng.approval.notice_parts import Text, day, facts_of, remedies
from xiaoneng.approval.notices_falsehood import closed
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import DocumentLine, EntryLine, MatterFile
from xiaoneng.rules.annulment import MOVE
from xiaoneng.rules.certificates import GROUNDS
from xiaoneng.rules.fees import yuan
from xiaoneng.rules.procedures import certificate, fee
from xiaoneng.rules.procedures.fee import CHARGED

ERASED = "（个人信息已依法删除）"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A document of a thing: from whom, to whom, what, about which number, and by which code the thing is verified."""

    organ: str
    addressee: str
    text: Text
    called: str
    code: str = ""


def spoken(document: DocumentLine, entry: EntryLine) -> Spoken:
    """Return what a document of a charge or of a certificate says."""
    return _of_charge(document, entry) if document.kind in _FEES else _of_certificate(document, entry)


# --- charges ------------------------------------------------------------------------------------------------------------
def _of_charge(document: DocumentLine, entry: EntryLine) -> Spoken:
    file = fees.load(document.matter)
    case = reads.load(file.extra["case_id"])
    text = _FEES[document.kind](file, case, entry)
    return Spoken(file.department_name, reads.form_of(case).get("name") or ERASED, text, case.called)


def _sum(entry: EntryLine) -> tuple[tuple[str, str], ...]:
    facts = facts_of(entry)
    return (
        ("收费项目", facts["tariff"]),
        ("计算", f"{yuan(facts['price'])} × {facts['units']}"),
        ("金额", yuan(facts["amount"])),
    )


def _demand(file: MatterFile, case: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    published = next((each for each in fees.tariffs(case) if each.name == facts["tariff"]), None)
    standard = f"，公布的标准是 {published.amount}，按下限收" if published and published.low != published.high else ""
    return Text(
        paragraphs=(
            f"你（单位）的“{case.title}”申请（办件编号 {case.called}）依法应当缴纳{facts['tariff']}{standard}。",
            f"请在{day(facts['due_on'])}以前，网上缴纳，或者凭本通知书到统一收费处缴纳。窗口不收取任何费用。",
        ),
        rows=(*_sum(entry), ("收费依据", facts["basis"]), ("收款单位", "国库（由统一收费处代收，全部上缴）")),
        closing=(
            "逾期没有缴的，本通知书失效；符合减免条件的，请向本机关提出。",
            f"依据：{CHARGED}。",
        ),
    )


def _exemption(file: MatterFile, case: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    basis = (("减免依据", facts["basis"]),) if facts.get("basis") else ()
    return Text(
        paragraphs=(
            f"你（单位）的“{case.title}”申请（办件编号 {case.called}），经审查，决定减免{facts['tariff']}，不用缴纳。",
            f"理由：{facts['ground']}",
        ),
        rows=(*_sum(entry), *basis),
    )


def _receipt(file: MatterFile, case: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    through = {"counter": f"收费窗口{facts.get('way', '')}", "test": "测试银行（不扣款）"}
    return Text(
        paragraphs=(f"收到“{case.title}”（办件编号 {case.called}）的缴款，缴款通知书 {file.called}。",),
        rows=(*_sum(entry), ("缴款渠道", through.get(facts["provider"], facts["provider"])),
              ("订单号", facts["order"])),
        closing=("款项全部上缴国库。需要财政电子票据的，凭本收据的编号换开。",),
    )  # fmt: skip


def _refund_order(file: MatterFile, case: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    part = "退回一部分" if _back(facts) < facts["amount"] - facts.get("before", 0) else "全部退回"
    return Text(
        paragraphs=(
            f"你（单位）为“{case.title}”（办件编号 {case.called}）缴纳的费用（缴款通知书 {file.called}），决定{part}。",
            f"理由：{facts['reason']}",
            *((f"依据：{facts['basis']}",) if facts.get("basis") else ()),
        ),
        rows=_sum_back(entry),
        closing=("由统一收费处按原渠道退回，不用申请人另交材料。",),
    )


def _refunded(file: MatterFile, case: MatterFile, entry: EntryLine) -> Text:
    return Text(
        paragraphs=(f"“{case.title}”（办件编号 {case.called}）的缴款已按原渠道退回，缴款通知书 {file.called}。",),
        rows=_sum_back(entry),
    )


def _back(facts: dict[str, Any]) -> int:
    """Return what goes back, in fen; orders of before there were parts say nothing else than all."""
    return int(facts.get("refund", facts["amount"]))


def _sum_back(entry: EntryLine) -> tuple[tuple[str, str], ...]:
    facts = facts_of(entry)
    back, before = _back(facts), facts.get("before", 0)
    rows = (*_sum(entry), ("本次退款", yuan(back)))
    return rows if back == facts["amount"] else (*rows, ("已缴而没有退的", yuan(facts["amount"] - before - back)))


_FEES: dict[str, Callable[[MatterFile, MatterFile, EntryLine], Text]] = {
    fee.PAYMENT_NOTICE.kind: _demand,
    fee.EXEMPTION_NOTICE.kind: _exemption,
    fee.FEE_RECEIPT.kind: _receipt,
    fee.REFUND_ORDER.kind: _refund_order,
    fee.REFUND_RECEIPT.kind: _refunded,
}


# --- certificates -------------------------------------------------------------------------------------------------------
def _of_certificate(document: DocumentLine, entry: EntryLine) -> Spoken:
    file = certificates.load(document.matter)
    code = str(file.extra["code"])
    if document.kind == certificate.LICENCE.kind:
        return Spoken(file.department_name, "", _licence(file, entry), "", code)
    return Spoken(file.department_name, file.extra["holder_name"] or ERASED, _changed(file, document, entry), "", code)


def _licence(file: MatterFile, entry: EntryLine) -> Text:
    # The licence says what it said when it was issued; what became of it stands under its code.
    facts, held = facts_of(entry), file.extra
    case = reads.load(facts["case"])
    until = day(facts["valid_until"]) if facts["valid_until"] else "长期"
    return Text(
        paragraphs=(f"经审查，准予{held['holder_name'] or ERASED}依照本证载明的内容从事活动。",),
        rows=(
            ("持有人", held["holder_name"] or ERASED),
            ("许可事项", case.title),
            ("许可内容", reads.form_of(case).get("content") or held["scope"]),
            ("有效期", f"{day(facts['valid_from'])}至{until}"),
            ("证照编码", facts["code"]),
            ("准予决定", f"办件 {facts['called']}"),
        ),
        closing=("扫二维码或者输入证照编码，可以查到本证现在是否有效。一证一码。",),
    )


_SAID = {
    "renew_certificate": "准予延续", "amend_certificate": "准予变更", "suspend_certificate": "决定暂扣",
    "reinstate_certificate": "恢复使用", "withdraw_certificate": "决定撤回", "revoke_certificate": "决定撤销",
    "rescind_certificate": "决定吊销", "cancel_certificate": "决定注销",
    MOVE: "使它失效的决定已经被撤销，自即日起恢复有效",
}  # fmt: skip
_WITH_REMEDIES = (
    "suspend_certificate", "withdraw_certificate", "revoke_certificate", "rescind_certificate", "cancel_certificate",
)  # fmt: skip


def _changed(file: MatterFile, document: DocumentLine, entry: EntryLine) -> Text:
    facts, held = facts_of(entry), file.extra
    ground = GROUNDS.get(entry.move, {}).get(facts.get("ground", ""), "")
    basis = file.procedure.move(entry.move).basis
    labels = {
        "valid_until": "新的有效期至", "until": "暂扣至", "decision": "撤销文书" if entry.move == MOVE else "行政处罚决定书",
        "organ": "撤销的机关", "made_on": "撤销文书的日期",
        "compensation": "赔偿" if entry.move == "revoke_certificate" else "补偿",
    }  # fmt: skip
    rows = [("证照", f"{held['title']} {file.called}"), *((("情形", ground),) if ground else ())]
    rows += [(label, _as_day(facts[name])) for name, label in labels.items() if facts.get(name)]
    if facts.get("amended"):
        rows.append(("变更后的许可内容", _scope_then(held, facts)))
    return Text(
        paragraphs=(
            f"本机关颁发给你（单位）的{held['title']}（{file.called}），{_SAID[entry.move]}。",
            f"事实和理由：{facts['reason']}",
            f"依据：{basis}。",
            *_closed(file, entry),
        ),
        rows=tuple(rows),
        closing=(remedies(file),) if entry.move in _WITH_REMEDIES else (),
    )


def _scope_then(held: Mapping[str, Any], facts: dict[str, Any]) -> str:
    """Return what a certificate permitted after an amendment; later amendments do not change what this one said."""
    if "scope" in facts:
        return str(facts["scope"])
    salt = reads.load(held["case_id"]).extra["salt"]  # amended before the words were kept: true only if nothing changed
    same = reads.payload_hash(salt, f"{held['holder_name']}|{held['scope']}") == facts["held_by"]
    return held["scope"] if same else "此后又有变更，这一次的内容见盖章的文书"


def _closed(file: MatterFile, entry: EntryLine) -> tuple[str, ...]:
    """Say for how long a licence got by fraud is closed to its holder."""
    if entry.move != "revoke_certificate" or facts_of(entry).get("ground") != "fraud" or not file.item_version:
        return ()
    return closed(entry, [file.plan], fraud=True)


def _as_day(text: str) -> str:
    try:
        return chinese_date(date.fromisoformat(text))
    except ValueError:
        return text


_CERTIFICATES = frozenset(row.document.kind for row in certificate.PROCEDURE.moves if row.document)


KINDS = _CERTIFICATES | set(_FEES)


def corrections_of(document: DocumentLine) -> tuple[str, ...]:
    """Return the numbers of the documents that correct this one, in order."""
    return tuple(
        each.number
        for each in matters.documents(document.matter)
        if each.kind == "document_correction"
        and matters.entry_at(document.matter, each.seq).facts["what"]["document"] == document.number
    )

"""Charges (25), certificates (8), held facts and services (8, 10): what lies beside the journals agrees with them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from xiaoneng.jobs.doctor.almanac import day_of
from xiaoneng.jobs.doctor.case import Case, Entry
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults

PUBLIC_DAYS = timedelta(days=30)  # 民事诉讼法第九十五条
ENDED = ("void", "expired")
LICENCE = "行政许可"
_RANKS = ("law", "administrative_regulation")  # 行政许可法第五十八条

_CHARGES = """
SELECT c.matter_id, m.state, c.case_id, c.tariff, c.units, c.price, c.amount, c.note, c.live, c.demanded_by,
  f.low, f.basis, f.basis_rank, k.name, c.refunding, c.refunded
FROM approval_charge c JOIN matter m ON m.id = c.matter_id
LEFT JOIN catalogue_fee f ON f.version_id = m.item_version_id AND f.name = c.tariff
LEFT JOIN catalogue_itemversion v ON v.id = m.item_version_id LEFT JOIN catalogue_powerkind k ON k.code = v.kind_id
ORDER BY c.matter_id"""
_PAYMENTS = 'SELECT charge_id, "order"::text, provider, amount, state FROM approval_payment ORDER BY id'
_CERTIFICATES = """
SELECT k.matter_id, k.case_id, k.code, k.number, k.holder_name, k.scope, k.valid_from, k.valid_until, a.salt
FROM approval_certificate k JOIN approval_application a ON a.matter_id = k.case_id ORDER BY k.matter_id"""
_HELD = "SELECT matter_id, slot, source, reference, agreed_by, agreed_at FROM approval_heldfact ORDER BY id"
_ENTRIES = """
SELECT e.matter_id, e.seq, e.move, e.actor, e.at, e.facts -> 'what', e.numbers::jsonb -> 'documents' ->> 0
FROM entry e JOIN matter m ON m.id = e.matter_id WHERE m.kind = %s ORDER BY e.matter_id, e.seq"""
_SUBMITTED = """
SELECT e.matter_id, e.seq, e.actor, e.at, e.facts -> 'what' -> 'held' FROM entry e
WHERE e.move = 'submit' AND (e.facts -> 'what' ? 'held' OR e.matter_id IN (SELECT matter_id FROM approval_heldfact))"""

Line = tuple[int, str, int, Any, dict[str, Any], str]


def check(case: Case, ground: Ground) -> Faults:
    """Check the services of a case: none before its decision, and a public notice only after its thirty days."""
    sent: dict[str, date] = {}
    decided = next((day_of(each.at) for each in case.entries if each.move in ("grant", "refuse", "deem_renewed")), None)
    for entry in case.entries:
        if entry.move == "dispatch":
            sent[entry.what["way"]] = day_of(entry.at)
            if entry.what["sent_on"] != day_of(entry.at).isoformat():
                yield Fault(16, "寄出或者公告的日期不是登记的那一天", entry.seq)
        if entry.move == "deliver":
            yield from _served(entry, sent, decided)


def _served(entry: Entry, sent: dict[str, date], decided: date | None) -> Faults:
    served = date.fromisoformat(entry.what["delivered_on"])
    if entry.what["way"] == "public_notice":
        noticed = sent.get("public_notice")
        if noticed is None or served != noticed + PUBLIC_DAYS or day_of(entry.at) <= served:
            yield Fault(10, "公告没有满三十日就登记为送达", entry.seq)
    elif served > day_of(entry.at) or (decided is not None and served < decided):
        yield Fault(16, f"送达日期 {served} 早于决定或者晚于登记", entry.seq)
    if entry.what["way"] == "left" and not {"refusal", "witnesses"} <= entry.what.get("words", {}).keys():
        yield Fault(10, "留置送达没有拒收事由和见证", entry.seq)


# --- charges ------------------------------------------------------------------------------------------------------------
def charges() -> list[tuple[str, Fault]]:
    """Check every charge against the version's tariff, its journal and its payments; each fault with what it is about."""
    told, found = _lines("fee"), []
    paid: dict[int, list[tuple[str, str, int, str]]] = defaultdict(list)
    for charge, *values in rows(_PAYMENTS):
        paid[charge].append(tuple(values))
    known = rows(_CHARGES)
    for row in known:
        faults = [
            *_by_tariff(row),
            *_by_journal(row, told[row[0]]),
            *_money(row, told[row[0]], paid[row[0]]),
            *_paid_back(row, told[row[0]]),
        ]
        found += [(row[7] or f"收费 #{row[0]}", fault) for fault in faults]
    for charge in sorted(told.keys() - {row[0] for row in known}):
        found.append((f"收费 #{charge}", Fault(25, "日志里有收费，收费表里没有")))
    return found


def _lines(kind: str) -> dict[int, list[Line]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    for matter, seq, move, actor, at, what, number in rows(_ENTRIES, kind):
        lines[matter].append((seq, move, actor, at, what or {}, number or ""))
    return lines


def _by_tariff(row: tuple[Any, ...]) -> Faults:
    units, price, amount, low, basis, rank, kind = row[4], row[5], row[6], row[10], row[11], row[12], row[13]
    if low is None or not Decimal(low):
        yield Fault(25, f"收了“{row[3]}”，事项版本没有公布这项收费或者没有下限")
    elif price != int(Decimal(low) * 100) or amount != price * units:
        yield Fault(25, f"收费 {amount} 分，按公布的下限应为 {int(Decimal(low) * 100) * units} 分")
    if not basis or (kind == LICENCE and rank not in _RANKS):
        yield Fault(25, f"“{row[3]}”没有法律、行政法规作依据")


def _by_journal(row: tuple[Any, ...], lines: list[Line]) -> Faults:
    state, note, live = row[1], row[7], row[8]
    for seq, _, _, _, what, _ in lines:
        if (what["case"], what["tariff"], what["units"], what["price"], what["amount"]) != (row[2], *row[3:7]):
            yield Fault(25, "收费表与日志不符", seq)
    demanded = next((number for _, move, _, _, _, number in lines if move == "demand"), "")
    if note != demanded:
        yield Fault(25, f"缴款通知书文号是 {note}，日志里是 {demanded}")
    if live != (state not in ENDED):
        yield Fault(25, "作废或者逾期的标记与日志不符")


def _money(row: tuple[Any, ...], lines: list[Line], paid: list[tuple[str, str, int, str]]) -> Faults:
    taken = sorted(what["order"] for _, move, _, _, what, _ in lines if move == "pay")
    returned = sorted(what["order"] for _, move, _, _, what, _ in lines if move == "return_surplus")
    if taken != sorted(order for order, _, _, state in paid if state == "paid"):
        yield Fault(25, "到账记录与收据不符")
    if returned != sorted(order for order, _, _, state in paid if state == "surplus"):
        yield Fault(25, "重复到账的记录与日志不符")
    if any(amount != row[6] for _, _, amount, _ in paid):
        yield Fault(25, "缴款订单的金额与应缴的不符")
    demander = next((actor for _, move, actor, _, _, _ in lines if move == "demand"), None)
    for seq, move, actor, _, _, _ in lines:
        if move in ("pay", "refund") and actor and actor == demander:
            yield Fault(13, "开单的人收了款或者退了款", seq)


def _paid_back(row: tuple[Any, ...], lines: list[Line]) -> Faults:
    """Check that no more went back than was paid, each refund as it was ordered, and that the table says the same."""
    ordered: int = 0
    back: int = 0
    for seq, move, _, _, what, _ in lines:
        if move == "order_refund":
            ordered = int(what.get("refund") or what["amount"])
        elif move == "refund":
            gone = int(what.get("refund") or what["amount"])
            if gone != ordered:
                yield Fault(25, "退的金额不是决定退的金额", seq)
            back, ordered = back + gone, 0
    if ordered + back > row[6]:
        yield Fault(25, f"退了 {ordered + back} 分，缴的只有 {row[6]} 分")
    if (ordered, back) != (row[14], row[15]):
        yield Fault(25, "收费表的退费金额与日志不符")


# --- certificates -------------------------------------------------------------------------------------------------------
def certificates() -> list[tuple[str, Fault]]:
    """Check what the register says of every certificate against its journal; each fault with what it is about."""
    told, found = _lines("certificate"), []
    known = rows(_CERTIFICATES)
    for row in known:
        found += [(row[3], fault) for fault in _certificate(row, told[row[0]])]
    for matter in sorted(told.keys() - {row[0] for row in known}):
        found.append((f"证照 #{matter}", Fault(8, "日志里有证照，证照库里没有")))
    return found


def _certificate(row: tuple[Any, ...], lines: list[Line]) -> Faults:
    _, case, code, number, holder, scope, since, until, salt = row
    first = lines[0][4] if lines else {}
    if not lines or (first["case"], first["code"], lines[0][5]) != (case, code, number):
        yield Fault(8, "证照库的编号、编码或者所依据的办件与日志不符")
        return
    ends = [what["valid_until"] for _, _, _, _, what, _ in lines if "valid_until" in what]
    if (since.isoformat(), until.isoformat() if until else "") != (first["valid_from"], ends[-1]):
        yield Fault(8, "证照库的有效期与日志不符")
    held = [what["held_by"] for _, _, _, _, what, _ in lines if "held_by" in what]
    if holder and hashlib.sha256(bytes(salt) + f"{holder}|{scope}".encode()).hexdigest() != held[-1]:
        yield Fault(34, "证照的持有人或者许可内容与日志记下的哈希不符")


# --- held facts ---------------------------------------------------------------------------------------------------------
def held_facts() -> list[tuple[str, Fault]]:
    """Check that what stood for a material at submission is what the journal says, agreed to by who submitted it."""
    kept: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for matter, *values in rows(_HELD):
        kept[matter].append(tuple(values))
    found = []
    for matter, seq, actor, at, told in rows(_SUBMITTED):
        written = sorted((each["slot"], each["source"], each["reference"]) for each in told or ())
        if written != sorted((slot, source, reference) for slot, source, reference, _, _ in kept[matter]):
            found.append((f"办件 #{matter}", Fault(8, "代替材料的事实与提交时日志记下的不一致", seq)))
        if any(by != actor or agreed > at for _, _, _, by, agreed in kept[matter]):
            found.append((f"办件 #{matter}", Fault(8, "代替材料没有得到申请人事先同意", seq)))
    return found

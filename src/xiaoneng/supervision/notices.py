"""What the documents of supervision say: cards, their withdrawal, urging notices, orders, decisions on accountability."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from xiaoneng.approval.notice_parts import Text, clock_of, day, facts_of, lines, moment
from xiaoneng.approval.notices import Notice
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import DocumentLine, EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import cards as rules
from xiaoneng.rules.accountability import Measure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability, models, said

RESTRICTED = ("accountability_decision", "accountability_review")


def compose(document: DocumentLine) -> Notice:
    """Return what a document of supervision says; the same entry always gives the same text."""
    file = matters.file(document.matter)
    entry = said.with_words(document.matter, [matters.entry_at(document.matter, document.seq)])[0]
    text = KINDS[document.kind](file, entry)
    return Notice(
        title=document.title, organ=organ_of(file), number=document.number, addressee=_addressee(file, document.kind),
        paragraphs=text.paragraphs, items=text.items, rows=text.rows, closing=text.closing,
        date=chinese_date(local_day(document.issued_at)), verify_code=document.verify_code, hash=entry.hash,
        matter_called=file.called, document_id=document.id, sha256=document.sha256,
        to_organ=document.kind not in RESTRICTED,
    )  # fmt: skip


def organ_of(file: MatterFile) -> str:
    """Return the office that issues the documents of supervision in a region."""
    return f"{file.region_name}效能办"


def may_read(document: DocumentLine, account: int, at: datetime) -> bool:
    """Tell whether somebody may read a document whose code she holds: some are for few eyes even so."""
    if document.kind not in RESTRICTED:
        return True
    row = models.Accountability.objects.select_related("matter").get(matter_id=document.matter)
    return bool(account) and accountability.may_see(row.person, row.matter.department_id, account, local_day(at))


def _addressee(file: MatterFile, kind: str) -> str:
    if kind not in RESTRICTED:
        return file.department_name
    person = models.Accountability.objects.values_list("person", flat=True).get(matter_id=file.id)
    card = org.staff_card(person)
    return card.name if card else ""


def _due(entry: EntryLine, name: ClockName) -> str:
    clock = clock_of(entry, name)
    return day(clock["due_on"]) if clock and clock["due_on"] else ""


def _card(file: MatterFile, entry: EntryLine) -> Text:
    row, facts = models.Card.objects.select_related("about__department").get(matter_id=file.id), facts_of(entry)
    rule = rules.rule(row.rule)
    said_why = facts.get("grounds", "")
    since = f"，自{moment(row.since)}起" if row.since else ""
    return Text(
        paragraphs=(
            f"你单位承办的“{row.about.title}”（编号 {row.about}）{since}存在下列情形：{rule.label if rule else row.rule}。",
            *lines(said_why),
            f"依照{rule.basis}，现予发{rules.Level(row.level).label}。" if rule else "",
        ),
        rows=(
            ("监察编号", file.called),
            ("规则", f"{row.rule} 第 {row.rule_version} 版　{rule.label if rule else ''}"),
            *((("责任人", row.person_name),) if row.person_name else ()),
            ("扣分", f"{row.points} 分"),
            ("请在此期限内说明", _due(entry, ClockName.REPLY)),
            ("证据摘要", facts["evidence_sha256"][:32]),
        ),
        closing=(
            "请在上述期限内书面说明原因和整改情况；不服的，可以申诉一次。逾期不说明的，按现有证据核实。",
            "证据已在发牌时固定，牌一经发出不能改动；经核实应当撤销的，恢复扣分，记录保留。",
        ),
    )  # fmt: skip


def _withdrawal(file: MatterFile, entry: EntryLine) -> Text:
    row, facts = models.Card.objects.select_related("about").get(matter_id=file.id), facts_of(entry)
    why = facts.get("opinion") or "据以发牌的期限已经依法重算，重算以后没有超期。"
    issued = next(each for each in matters.documents(file.id) if each.kind in ("yellow_card", "red_card"))
    return Text(
        paragraphs=(
            f"就“{row.about.title}”（编号 {row.about}）向你单位发出的{issued.title} {issued.number}，现予撤销。",
            *(f"理由：{line}" for line in lines(why)),
        ),
        rows=(("监察编号", file.called), ("恢复扣分", f"{row.points} 分")),
        closing=("原通知书和全部记录保留。",),
    )


def _wanted(file: MatterFile, entry: EntryLine) -> Text:
    row, facts = models.Order.objects.select_related("about").get(matter_id=file.id), facts_of(entry)
    urged = entry.move == "urge"
    about = f"你单位承办的“{row.about.title}”（编号 {row.about}），" if row.about else ""
    verb = "请抓紧办理，并在期限内答复原因和办结时间。" if urged else "现予督办，请按下列要求办理，并在期限内回复结果。"
    return Text(
        paragraphs=(about + verb, *lines(facts.get("wants", ""))),
        rows=(("监察编号", file.called), ("答复期限" if urged else "办理和回复期限", _due(entry, ClockName.REPLY))),
        closing=() if urged else ("回复不清、问题没有解决的，退回重办；逾期不回复的，依规则发牌。",),
    )


def _decision(file: MatterFile, entry: EntryLine) -> Text:
    row, facts = models.Accountability.objects.get(matter_id=file.id), facts_of(entry)
    measure = str(facts.get("measure", ""))
    known = Measure(measure).label if measure in set(Measure) else said.ERASED
    return Text(
        paragraphs=(f"经听取你的陈述申辩，决定对你作出下列处理：{known}。", *lines(facts.get("reason", ""))),
        rows=(("监察编号", file.called), ("扣分", f"{facts.get('points', '')} 分"), ("依据的规则", _rule(row))),
        closing=(f"对本决定不服的，可以在{_due(entry, ClockName.APPEAL)}以前申诉，由没有作出本决定的人复核。",),
    )


def _rule(row: models.Accountability) -> str:
    known = models.Accumulation.objects.filter(code=row.rule).order_by("-since").values_list("label", flat=True).first()
    return known or row.rule


def _review(file: MatterFile, entry: EntryLine) -> Text:
    row, facts = models.Accountability.objects.get(matter_id=file.id), facts_of(entry)
    upheld = entry.move == "uphold"
    decided = next((d for d in matters.documents(file.id) if d.kind == "accountability_decision"), None)
    about = f"{decided.title} {decided.number}" if decided else "原决定"
    measure = Measure(row.measure).label if row.measure else ""
    return Text(
        paragraphs=(
            f"你对{about}的申诉已经复核，决定{'维持' if upheld else '撤销'}原决定。", *lines(facts.get("opinion", "")),
        ),
        rows=(("监察编号", file.called), ("原处理", f"{measure}，扣 {row.points} 分")),
        closing=("原决定和全部记录保留。",),
    )  # fmt: skip


KINDS: dict[str, Callable[[MatterFile, EntryLine], Text]] = {
    "yellow_card": _card,
    "red_card": _card,
    "card_withdrawal": _withdrawal,
    "urging_notice": _wanted,
    "supervision_order": _wanted,
    "accountability_decision": _decision,
    "accountability_review": _review,
}

"""What the documents of promises say: receipts, reminders, defaults, checks, revocations; and letters of asking."""

from __future__ import annotations

from collections.abc import Callable

from xiaoneng.approval import promises, reads
from xiaoneng.approval.notice_parts import Text, about, clock_of, day, facts_of, lines, moment, remedies
from xiaoneng.approval.notices_falsehood import closed
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import commitment, deferred

BARRED = "在规定的期间内，不能再使用容缺受理和告知承诺，申请材料应当一次交齐。"


def deferral(entry: EntryLine) -> Text:
    """Return what a notice of acceptance adds where documents come later: which, until when, with which consequence."""
    facts, clock = facts_of(entry)["deferred"], clock_of(entry, "deferred")
    due = day(clock["due_on"]) if clock and clock["due_on"] else ""
    late = (
        "本事项可以先发证；发证以后逾期没有补交的，撤销已经作出的决定。"
        if facts["early"]
        else "材料补齐以后作出决定；逾期没有补交的，视为撤回申请或者不予许可。"
    )
    return Text(
        paragraphs=(
            f"你（单位）书面承诺补交下列材料，本机关先予受理。请在{due}以前交到窗口、寄送或者在网上补交，以到达时间为准。",
        ),
        items=tuple((each["name"], "") for each in facts["missing"]),
        closing=(late, f"逾期没有补交的，{BARRED}因不可抗力不能按期补交的，请在期满前提出。"),
    )


def _receipt(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    names = {material.slot: material.name for material in file.plan.materials}
    rest = "容缺的材料已经补齐。" if facts["complete"] else "还有容缺的材料没有补齐，请按通知书的期限继续补交。"
    return Text(
        paragraphs=(f"现收到{about(file)}补交的容缺材料，接收时间为{moment(entry.at)}。{rest}",),
        items=tuple((names.get(slot, "其他材料"), "") for slot in facts["supplied"]),
    )


def _reminder(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(f"{about(file)}承诺补交的材料，将在{day(facts['due_on'])}到期，请及时补交。",),
        items=tuple((name, "") for name in facts["missing"]),
    )


def _postponed(file: MatterFile, entry: EntryLine) -> Text:
    facts, clock = facts_of(entry), clock_of(entry, "deferred")
    until = f"，至{day(clock['due_on'])}" if clock and clock["due_on"] else ""
    return Text(
        paragraphs=(
            f"{about(file)}的容缺材料，补交期限延长 {facts['days']} 个工作日{until}。", f"理由：{facts['reason']}",
        )
    )  # fmt: skip


_ON = "请在{until}以前补交（{days} 个工作日）。逾期仍然没有补交的，按容缺受理通知书载明的后果处理。"


def _excused(file: MatterFile, entry: EntryLine) -> Text:
    facts, clock = facts_of(entry), clock_of(entry, "deferred")
    until = day(clock["due_on"]) if clock and clock["due_on"] else ""
    onward = (
        _ON.format(until=until, days=facts["days"]) if until else "本件已经终止，可以重新申请，并可以再次承诺容缺补交。"
    )
    return Text(
        paragraphs=(
            f"{about(file)}的容缺材料没有按期补交。经审查，属于{deferred.EXCUSES[facts['ground']]}，不作为没有履行承诺。",
            f"事实和证明：{facts['reason']}", onward,
        ),
        closing=("不再因此限制你（单位）使用容缺受理和告知承诺。", f"依据：{deferred.EXCUSED}。"),
    )  # fmt: skip


_NEXT = {
    "default_withdrawn": "按照容缺受理通知书载明的后果，视为撤回申请，本机关终止办理；以后可以重新申请。",
    "default_unsupplied": "按照容缺受理通知书载明的后果，本机关将作出不予许可的决定。",
    "default_issued": "本机关将对已经作出的决定进行撤销处理。你（单位）可以陈述、申辩。",
    "lapse_rectification": "责令改正的期限内没有收到改正情况，本机关将对已经作出的决定进行撤销处理。你（单位）可以陈述、申辩。",
}


def _default(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    told = "承诺补交的材料" if facts["ground"] == "deferred" else "责令改正的内容"
    return Text(
        paragraphs=(f"{about(file)}，{told}期限至{day(facts['due_on'])}，期满没有履行。", _NEXT[entry.move]),
        items=tuple((name, "") for name in facts.get("missing", ())),
        closing=(BARRED,),
    )


def _check(file: MatterFile, entry: EntryLine) -> Text:
    facts, clock = facts_of(entry), clock_of(entry, "rectify")
    until = ((f"请在{day(clock['due_on'])}以前改正并提交改正情况。"),) if clock and clock["due_on"] else ()
    known = org.names_of_accounts(facts["officers"])
    return Text(
        paragraphs=(f"本机关对{about(file)}中的承诺进行了核查。", *lines(facts.get("findings", "")), *until),
        rows=(
            ("核查时间", moment(entry.at)), ("核查人员", "、".join(known.get(each, "") for each in facts["officers"])),
            ("结果", commitment.RESULTS[facts["result"]]),
        ),
    )  # fmt: skip


def _revocation(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(
            f"{about(file)}已经作出的决定，因所作承诺没有履行，本机关决定予以撤销，自本决定之日起失去效力。",
            f"理由：{facts['reason']}", f"依据：{facts['basis']}",
            *(closed(entry, [file.plan], fraud=True) if promises.was_untrue(file) else ()),
        ),
        closing=(remedies(file), BARRED),
    )  # fmt: skip


def _kept(file: MatterFile, entry: EntryLine) -> Text:
    return Text(
        paragraphs=(
            f"{about(file)}所作承诺没有履行。经审查，撤销决定可能对公共利益造成重大损害，本机关决定不予撤销。",
            f"理由：{facts_of(entry)['reason']}",
        )
    )


def _asking(file: MatterFile, entry: EntryLine) -> Text:
    facts, clock = facts_of(entry), clock_of(entry, "consult")
    to = org.departments_named([facts["department"]]).get(facts["department"], "")
    until = f"请在{day(clock['due_on'])}以前书面答复。" if clock and clock["due_on"] else ""
    return Text(
        paragraphs=(
            f"{to}：本机关正在审查“{file.title}”申请（办件编号 {file.called}），就下列问题征求你单位意见：",
            *lines(facts.get("question", "")),
            f"{until}办理期限照常计算；没有答复的，不视为同意。",
        )
    )


_SIGNED = {"online": "在网上以本人账号阅读并同意", "window": "在窗口阅读后同意，由窗口登记"}


def _signature(file: MatterFile) -> tuple[tuple[str, str], ...]:
    by = _SIGNED.get(file.extra["channel"], _SIGNED["window"])
    return (("承诺人", reads.form_of(file).get("name") or "（个人信息已依法删除）"), ("承诺方式", by))


def _promise(file: MatterFile, entry: EntryLine) -> Text:
    facts, clock = facts_of(entry)["deferred"], clock_of(entry, "deferred")
    due = day(clock["due_on"]) if clock and clock["due_on"] else ""
    late = "已经作出的决定可以撤销，或者责令限期补齐" if facts["early"] else "视为撤回申请，或者不予许可"
    return Text(
        paragraphs=(
            f"本人（单位）申请“{file.title}”（办件编号 {file.called}），主要材料已经提交，下列材料暂时没有，"
            f"承诺在{due}以前补齐，并保证补交的材料真实、符合法定形式：",
        ),
        items=tuple((each["name"], "") for each in facts["missing"]),
        rows=(
            *_signature(file),
            ("补交期限", f"受理后 {facts['days']} 个工作日，至{due}"),
            ("补交方式", "交到窗口、寄送或者在网上补交，以到达时间为准"),
        ),
        closing=(f"本人（单位）知悉：逾期没有补交的，{late}；{BARRED}",),
    )


def _commitment(file: MatterFile, entry: EntryLine) -> Text:
    told = facts_of(entry)["commitment"]
    replaced = "、".join(told.get("replaced", ()))
    return Text(
        paragraphs=(
            f"一、{file.department_name}告知：办理“{file.title}”应当符合的条件和要求如下。",
            *lines(told.get("conditions", "") or "以办事指南公布的条件、标准为准。"),
            "二、申请人承诺：" + told["text"],
        ),
        rows=(
            *_signature(file), ("承诺时间", moment(entry.at)),
            *((("以承诺代替、暂不提交的材料", replaced),) if replaced else ()),
            *((("事后核查", f"作出决定后 {told['check_days']} 个工作日内"),) if "check_days" in told else ()),
        ),
        closing=(
            "三、法律后果：核查发现与承诺不符、可以改正的，责令限期改正；不能改正、逾期不改或者承诺不实的，撤销决定。"
            f"承诺没有履行的，{BARRED}",
            "四、选择告知承诺出于自愿；决定作出以前可以收回承诺，按一般程序办理。",
        ),
    )  # fmt: skip


def _order(file: MatterFile, entry: EntryLine) -> Text:
    facts, clock = facts_of(entry), clock_of(entry, "rectify")
    until = day(clock["due_on"]) if clock and clock["due_on"] else ""
    checked = entry.move == "record_check"
    basis = commitment.RECTIFIED if checked else deferred.ORDERED
    found = (
        f"本机关对{about(file)}中的承诺进行了核查，发现与承诺不符："
        if checked
        else f"{about(file)}，承诺补交的材料逾期没有补交。现责令你（单位）限期补齐："
    )
    return Text(
        paragraphs=(
            found,
            *lines(facts.get("findings", "") if checked else facts["text"]),
            f"请在{until}以前改正，并在网上或者到窗口提交改正情况；本机关收到后再次核查。",
        ),
        rows=(
            ("改正期限", f"{facts['days']} 个工作日，至{until}"),
            ("依据", f"{basis}：{basis.text}"),
        ),
        closing=(
            "逾期没有改正或者改正后仍然不符的，本机关将对已经作出的决定进行撤销处理。",
            "你（单位）可以陈述、申辩。责令改正一次为限。",
        ),
    )


KINDS: dict[str, Callable[[MatterFile, EntryLine], Text]] = {
    "deferred_docs_commitment": _promise,
    "commitment_letter": _commitment,
    "correction_order": _order,
    "deferred_receipt": _receipt,
    "deferred_reminder": _reminder,
    "deferred_postponement": _postponed,
    "promise_default_notice": _default,
    "default_excuse_notice": _excused,
    "post_check_record": _check,
    "promise_revocation_decision": _revocation,
    "promise_kept_decision": _kept,
    "consultation_letter": _asking,
}

"""What the documents of a joint case say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xiaoneng.approval import notices_annulment
from xiaoneng.approval.actions.accept import GROUNDS
from xiaoneng.approval.joint import reads
from xiaoneng.approval.joint.together import KINDS
from xiaoneng.approval.notice_parts import Text, about, clock_of, day, facts_of, moment, remedies
from xiaoneng.approval.notices_falsehood import named, turned_down
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import JOINT_DECISION_TIME
from xiaoneng.rules.parallel import RESULTS, TOGETHER, Outcome
from xiaoneng.rules.procedures import application
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.procedures.table import ClockName


def _items(entry: EntryLine) -> tuple[tuple[str, str], ...]:
    told = facts_of(entry).get("branches", [])
    names = {each["position"]: each["name"] for each in told}
    return tuple((f"{each['name']}，{_after([names.get(place, '') for place in each['after']])}", "") for each in told)


def _after(names: list[str]) -> str:
    return f"在“{'、'.join(names)}”准予以后办理" if names else "受理后即办理"


def _limit(label: str, clock: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    if clock is None:
        return ()
    due = f"，至{day(clock['due_on'])}" if clock["due_on"] else ""
    guess = "（该年放假安排尚未公布，日期为暂定）" if clock["provisional"] else ""
    return ((label, f"{clock['limit'] + clock['extension']} 个工作日{due}{guess}"),)


def _receipt(file: MatterFile, entry: EntryLine) -> Text:
    facts, again = facts_of(entry), entry.move == "supplement"
    first = "现收到你（单位）补交的材料" if again else f"现收到你（单位）关于“{file.title}”的申请，一次申请、一套材料"
    return Text(
        paragraphs=(
            f"{first}，接收时间为{moment(entry.at)}，按{day(facts['received_on'])}收件计算期限，共 {len(facts['files'])} 个文件。",
            "牵头部门将在五个工作日内决定是否受理，或者一次性告知各事项需要补正的全部内容；逾期不告知的，自收件之日起即为受理。",
        ),
        items=() if again else _items(entry),
        rows=(
            ("收件编号", file.intake_number or ""), *_limit("受理前审核", clock_of(entry, ClockName.PRE_ACCEPTANCE)),
        ),
    )  # fmt: skip


def _correction(file: MatterFile, entry: EntryLine) -> Text:
    lacks = facts_of(entry)["lacks"]
    items = tuple(
        (f"{each['text']}（要求：{each['standard']}）" if each["standard"] else each["text"], each["basis"])
        for each in lacks
    )
    return Text(
        paragraphs=(f"{about(file)}，经核对，全部事项需要补正的内容一次告知如下。",),
        items=items,
        rows=_limit("补正期限", clock_of(entry, ClockName.SUPPLEMENT)),
        closing=("补齐之日即为受理的起算日；逾期没有补正的，视为放弃申请，可以重新申请。",),
    )


def _branch_correction(file: MatterFile, entry: EntryLine) -> Text:
    items = tuple(
        (f"{each['text']}（要求：{each['standard']}）" if each["standard"] else each["text"], each["basis"])
        for each in facts_of(entry)["lacks"]
    )
    return Text(
        paragraphs=(
            f"{about(file)}是并联审批的一个分办事项，经核对，本事项需要补正的内容一次告知如下。同一件事的其他事项照常办理。",
        ),
        items=items,
        rows=_limit("补正期限", clock_of(entry, ClockName.SUPPLEMENT)),
        closing=(
            "自次日起本事项的办理期限暂停，补齐的次日继续计算。请在并联件的补正页一并提交，几个事项都要的材料只交一份。",
            "逾期没有补正的，视为放弃本事项的申请，可以重新申请。",
        ),
    )


def _branch_receipt(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    seen = f"，窗口核对纸质原件 {len(facts['papers'])} 项" if facts.get("papers") else ""
    return Text(
        paragraphs=(
            f"{about(file)}，现收到补交的材料，接收时间为{moment(entry.at)}，共 {len(facts['files'])} 个文件{seen}。"
            "本事项自次日起继续计算期限。",
            *((f"说明：{facts['note']}",) if facts.get("note") else ()),
        ),
        rows=_limit("承诺期限", clock_of(entry, ClockName.PROMISED)),
    )


def _acceptance(file: MatterFile, entry: EntryLine) -> Text:
    return Text(
        paragraphs=(
            f"你（单位）提出的“{file.title}”申请，自{day(facts_of(entry)['accepted_on'])}起由{file.department_name}统一受理，各有关部门并联办理。",
            f"依据{TOGETHER}、{JOINT_DECISION_TIME}，各事项分别作出决定，全程期限如下。",
        ),
        items=_items(entry),
        rows=_limit("全程期限", clock_of(entry, ClockName.JOINT)),
    )


def _non_acceptance(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    right = (f"请向{facts['right_organ']}提出申请。",) if facts["right_organ"] else ()
    plans = [line.plan for line in reads.branches(file.id)]
    return Text(
        paragraphs=(
            f"{about(file)}，{GROUNDS[facts['ground']]}，决定不予受理。", *named(entry), f"理由：{facts['reason']}",
            *turned_down(entry, plans, "不予受理"), *right,
        ),
        closing=(remedies(file),),
    )  # fmt: skip


def _extension(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(
            f"{about(file)}，不能在原全程期限内办结，经本级人民政府负责人批准，延长 {facts['days']} 个工作日。",
            f"理由：{facts['reason']}", f"依据：{facts['basis']}",
        ),
        rows=_limit("延长后的全程期限", clock_of(entry, ClockName.JOINT)),
    )  # fmt: skip


def _check(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    names = org.names_of_accounts(facts["people"])
    present = "、".join(names.get(each, str(each)) for each in facts["people"])
    label = KINDS[facts["kind"]]
    if entry.move == "record":
        verdict = "符合要求" if facts["passed"] else "不符合要求"
        return Text(
            paragraphs=(f"{about(file)}，有关部门进行了{label}，共同意见如下。", facts["findings"]),
            rows=(("地点", facts["place"]), ("参加人员", present), ("结论", verdict)),
        )
    return Text(
        paragraphs=(f"{about(file)}，定于{moment(facts['starts_at'])}由有关部门一起进行{label}，只来一次。",),
        rows=(("地点", facts["place"]), ("参加人员", present)),
    )


def _result(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    names = {line.position: line.plan.name for line in reads.branches(file.id)}
    items = tuple(
        (
            f"{names.get(each['position'], '')}：{Outcome(each['outcome']).label}",
            f"办件编号 {each['number']}" if each["number"] else "",
        )
        for each in facts["branches"]
    )
    return Text(
        paragraphs=(f"{about(file)}，各事项已经全部有了结果：{RESULTS[facts['result']]}。各决定书另行送达。",),
        items=items,
    )


def _termination(file: MatterFile, entry: EntryLine) -> Text:
    due = day(facts_of(entry)["due_on"])
    return Text(paragraphs=(f"{about(file)}，到{due}补正期限届满没有补正，视为放弃申请，终止办理。可以重新申请。",))


KINDS_OF_NOTICES: dict[str, Callable[[MatterFile, EntryLine], Text]] = {
    procedure.RECEIPT.kind: _receipt,
    procedure.CORRECTION_NOTICE.kind: _correction,
    procedure.ACCEPTANCE_NOTICE.kind: _acceptance,
    procedure.NON_ACCEPTANCE.kind: _non_acceptance,
    procedure.EXTENSION_NOTICE.kind: _extension,
    procedure.CHECK_NOTICE.kind: _check,
    procedure.CHECK_RECORD.kind: _check,
    procedure.RESULT_NOTICE.kind: _result,
    procedure.TERMINATION_NOTICE.kind: _termination,
    procedure.ANNULMENT_NOTICE.kind: notices_annulment.told,
    application.BRANCH_CORRECTION_NOTICE.kind: _branch_correction,
    application.BRANCH_RECEIPT.kind: _branch_receipt,
}

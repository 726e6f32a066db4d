"""What the documents beside the straight way say: waits, terminations, parties, hearings, site checks, publications."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xiaoneng.approval import reads
from xiaoneng.approval.actions.closing import GROUNDS
from xiaoneng.approval.notice_parts import Text, about, clock_of, day, facts_of, lines, moment
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.procedures.proceedings import LEGALLY_REVIEWED
from xiaoneng.rules.proceedings import LEGAL_RESULTS
from xiaoneng.rules.special import LOCAL_WAITS
from xiaoneng.rules.workdays import local_day


def _names(accounts: Iterable[int]) -> str:
    known = org.names_of_accounts(accounts)
    return "、".join(known.get(each, "") for each in accounts)


def _wait(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    kind = LOCAL_WAITS.get(facts["kind"], facts["kind"])
    basis = f"依照{facts['basis']}，" if facts.get("basis") else ""
    return Text(
        paragraphs=(
            f"{about(file)}需要{kind}。理由：{facts['reason']}",
            f"预计需要 {facts['estimated_days']} 个工作日。{basis}这段时间不计入承诺期限，"
            f"自{chinese_date(local_day(entry.at))}的次日起停止计算，结束的次日继续计算；法定期限照常计算。",
        ),
    )


def _termination(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    if facts["ground"] == "lapse":
        return Text(
            paragraphs=(
                f"你（单位）的“{file.title}”申请（收件编号 {file.intake_number}），本机关已一次告知需要补正的内容，"
                f"补正期限至{day(facts['due_on'])}。期限内没有收到补正材料。",
                "按照补正告知书载明的后果，视为你（单位）放弃本次申请，本机关终止办理。",
            ),
            closing=("已交的材料可以取回。以后需要办理的，可以重新申请。",),
        )
    ground = GROUNDS[facts["ground"]]
    other = (f"另一件的编号是 {facts['other']}，该件继续办理。",) if facts.get("other") else ()
    return Text(
        paragraphs=(
            f"{about(file)}，因{ground.label}，本机关终止办理。",
            f"理由：{facts.get('reason', '')}",
            *other,
        ),
        rows=(("依据", str(ground.basis)),),
        closing=("对终止办理有异议的，可以向本机关或者效能监察部门反映，也可以依法申请行政复议或者提起行政诉讼。",),
    )


def _parties(file: MatterFile, entry: EntryLine) -> Text:
    facts, clock = facts_of(entry), clock_of(entry, "hearing_request")
    until = f"，请在{day(clock['due_on'])}以前书面提出" if clock and clock["due_on"] else ""
    hearing = (f"你（单位）还有要求听证的权利{until}；听证不收取费用。",) if facts["hearing"] else ()
    return Text(
        paragraphs=(
            f"本机关正在审查“{file.title}”申请（办件编号 {file.called}），该事项涉及你（单位）的利益：{facts['interest']}",
            "依照《中华人民共和国行政许可法》第三十六条，你（单位）有权进行陈述和申辩。",
            *hearing,
        ),
        rows=tuple(("利害关系人", name) for name in lines(facts.get("parties", ""))),
    )


def _statement(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(f"办件 {file.called}“{file.title}”审查中听取的陈述申辩：", facts.get("statement", "")),
        rows=(
            ("陈述人", facts.get("speaker", "")), ("时间", moment(entry.at)), ("采纳情况", facts["answer"]),
        ),
    )  # fmt: skip


def _hearing(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    openly = "本次听证公开举行。" if facts["public"] else f"本次听证不公开举行。理由：{facts['reason']}"
    return Text(
        paragraphs=(
            f"关于“{file.title}”申请（办件编号 {file.called}），本机关决定举行听证。{openly}",
            "申请人、利害关系人可以申辩和质证；认为主持人与该事项有直接利害关系的，有权申请回避。不收取费用。",
        ),
        rows=(("时间", moment(facts["starts_at"])), ("地点", facts["place"]), ("主持人", _names([facts["chair"]]))),
        closing=("依照《中华人民共和国行政许可法》第四十八条，本通知至少于举行听证的七个工作日前发出。",),
    )


def _announced(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(
            f"本机关定于{moment(facts['starts_at'])}就“{file.title}”申请公开举行听证，现予公告。",
            "公民、法人和其他组织可以持有效证件到场旁听；与该事项有重大利益关系的，可以书面申请作为利害关系人参加。",
        ),
        rows=(
            ("事项", file.title), ("办件编号", file.called), ("时间", moment(facts["starts_at"])),
            ("地点", facts["place"]), ("主持人", _names([facts["chair"]])),
        ),
        closing=("听证不收取费用。依据：《中华人民共和国行政许可法》第四十六条、第四十八条。",),
    )  # fmt: skip


def _no_hearing(file: MatterFile, entry: EntryLine) -> Text:
    return Text(
        paragraphs=(f"关于{about(file)}的听证申请，本机关决定不予听证。", f"理由：{facts_of(entry)['reason']}"),
        closing=("仍可以向本机关陈述和申辩。",),
    )


def _transcript(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(f"关于“{file.title}”申请（办件编号 {file.called}）的听证笔录：", *lines(facts.get("transcript", ""))),
        rows=(
            ("主持人", _names([facts["chair"]])), ("地点", facts["place"]),
            ("参加人", "、".join(lines(facts.get("attendees", "")))),
        ),
        closing=("以上笔录已交参加人核对，确认无误后签字或者盖章；拒绝签字的，已在笔录中注明。",),
    )  # fmt: skip


def _site_check(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(f"{about(file)}需要现场核查，请届时到场并提供方便。", "核查人员将出示证件，人数不少于两名。"),
        rows=(("时间", moment(facts["starts_at"])), ("地点", facts["place"]), ("核查人员", _names(facts["officers"]))),
    )


def _checked(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(f"关于“{file.title}”申请（办件编号 {file.called}）的现场核查：", *lines(facts.get("findings", ""))),
        rows=(
            ("时间", moment(entry.at)), ("地点", facts["place"]), ("核查人员", _names(facts["officers"])),
            ("结论", "符合" if facts["passed"] else "不符合"),
        ),
        closing=("核查人员签字：　　　　　　　　被核查人签字：",),
    )  # fmt: skip


def _experts(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(f"关于“{file.title}”申请（办件编号 {file.called}）的专家评审：", facts["conclusion"]),
        rows=(
            *(("专家", name) for name in lines(facts.get("experts", ""))),
            ("结论", "通过" if facts["passed"] else "不通过"),
        ),
    )


def _legal_review(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(
            f"对“{file.title}”申请（办件编号 {file.called}）拟作出的决定进行法制审核，"
            "审查主体、权限、程序、事实证据和法律适用，意见如下。",
            *lines(facts.get("opinion", "")),
        ),
        rows=(
            ("申请人", file.extra["applicant_name"]), ("审核结论", LEGAL_RESULTS[facts["result"]]),
            ("审核人员", _names([facts["officer"]])), ("时间", moment(entry.at)), ("依据", str(LEGALLY_REVIEWED)),
        ),
        closing=("审核人员签字：",),
    )  # fmt: skip


def _withdrawal(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    confirmed = "本人账号在网上提出" if facts["by"] == "applicant" else "本人到窗口提出，以查询码确认，窗口代为登记"
    number = file.called or ""
    return Text(
        paragraphs=(f"本人（单位）申请撤回“{file.title}”的申请（编号 {number}），请终止办理。",),
        rows=(
            ("申请人", reads.form_of(file).get("name") or ""), ("提出时间", moment(entry.at)), ("提出方式", confirmed),
            ("撤回的原因", facts.get("reason") or "没有写"),
        ),
        closing=(
            "自登记撤回起，各项期限停止计算；撤回前已经超期的，记录仍然保留。",
            "以后需要办理的，可以重新申请，已交的材料可以取回。",
        ),
    )  # fmt: skip


def _published(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(f"现将“{file.title}”申请（办件编号 {file.called}）公示如下：", facts["content"]),
        rows=(
            ("公示期", f"{facts['days']} 个工作日，至{day(facts['until'])}"), ("公示地点", facts["place"]),
        ),
        closing=("公示期内有异议的，请书面向本机关反映。",),
    )  # fmt: skip


def _publication_result(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    met = f"收到异议 {facts['objections']} 件。{facts['handling']}" if facts["objections"] else "没有收到异议。"
    return Text(paragraphs=(f"“{file.title}”申请（办件编号 {file.called}）公示期满，{met}",))


# Who else was told, who stated what, which experts judged: for the file, not for the applicant's page.
FOR_THE_FILE = frozenset(
    {"interested_party_notice", "statement_record", "expert_opinion", "consultation_letter", "legal_review_opinion"}
)
KINDS: dict[str, Callable[[MatterFile, EntryLine], Text]] = {
    "wait_notice": _wait,
    "termination_notice": _termination,
    "interested_party_notice": _parties,
    "statement_record": _statement,
    "hearing_notice": _hearing,
    "hearing_announcement": _announced,
    "hearing_declined": _no_hearing,
    "hearing_record": _transcript,
    "site_check_notice": _site_check,
    "site_check_record": _checked,
    "expert_opinion": _experts,
    "legal_review_opinion": _legal_review,
    "withdrawal_request": _withdrawal,
    "joint_withdrawal_request": _withdrawal,
    "publication": _published,
    "publication_result": _publication_result,
}

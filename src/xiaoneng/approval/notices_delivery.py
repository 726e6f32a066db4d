"""What the documents about delivery say: what was sent, what was served and how, what was corrected."""

from __future__ import annotations

from collections.abc import Callable

from xiaoneng.approval import reads
from xiaoneng.approval.notice_parts import Text, about, day, facts_of
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.rules import delivery as rules

ERASED = "（个人信息已依法删除）"
DECISIONS = ("grant_decision", "refusal_decision")


def _served(file: MatterFile) -> str:
    """Name what is delivered: the decision with its number, and the certificate that comes with it."""
    decided = next((d for d in matters.documents(file.id) if d.kind in DECISIONS), None)
    return f"{decided.title} {decided.number}" if decided else ""


def _sent(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    if facts["way"] == rules.PUBLIC_NOTICE:
        return Text(
            paragraphs=(
                f"{about(file)}，本机关已经作出决定（{_served(file)}）。因用其他方式无法送达，现公告送达。",
                f"公告地点：{facts['place']}。自{day(facts['sent_on'])}发出公告之日起，经过三十日，即视为送达。",
                *((f"公告送达的原因：{facts['reason']}",) if facts.get("reason") else ()),
            ),
            closing=("请及时到本机关领取。不服决定的，可以在送达之后依法申请行政复议或者提起行政诉讼。",),
        )
    return Text(
        paragraphs=(f"{about(file)}，决定文书已于{day(facts['sent_on'])}交邮。", f"邮件号：{facts['tracking']}。"),
        rows=(("寄送文书", _served(file)),),
        closing=("以回执上注明的收件日期为送达日期。没有收到的，请凭邮件号向邮政企业查询，或者联系本机关。",),
    )


def _service(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    named = facts["recipient"] == "applicant"
    recipient = reads.form_of(file).get("name", "") if named else reads.recipient(file.id)
    rows = [
        ("送达文书", _served(file)),
        ("受送达人", reads.form_of(file).get("name", "") or ERASED),
        ("送达方式", rules.WAYS[facts["way"]]),
        ("送达日期", day(facts["delivered_on"])),
    ]
    if facts["way"] != rules.PUBLIC_NOTICE:
        rows.append(("签收人", recipient or ERASED))
    labels = {
        "tracking": "邮件号",
        "consent": "同意电子送达",
        "refusal": "拒收事由",
        "witnesses": "见证人",
        "note": "备注",
    }
    rows += [(label, facts[name]) for name, label in labels.items() if facts.get(name)]
    return Text(paragraphs=(f"办件 {file.called}“{file.title}”的决定书已送达，情况如下：",), rows=tuple(rows))


def _corrected(file: MatterFile, entry: EntryLine) -> Text:
    facts = facts_of(entry)
    return Text(
        paragraphs=(
            f"{about(file)}，本机关发出的{facts['title']}（{facts['document']}）有一处写错，现更正如下：",
            f"原文：“{facts['wrong']}”",
            f"更正为：“{facts['right']}”",
            f"理由：{facts['reason']}",
        ),
        closing=("其余内容不变。原文书和本通知一并有效，核验时都能查到。",),
    )


KINDS: dict[str, Callable[[MatterFile, EntryLine], Text]] = {
    "service_notice": _sent,
    "service_receipt": _service,
    "document_correction": _corrected,
}

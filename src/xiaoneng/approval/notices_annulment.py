"""What the notice says by which somebody learns that a decision against her was annulled."""

from __future__ import annotations

from xiaoneng.approval.notice_parts import Text, about, day, facts_of
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.rules.annulment import ANNULLED, WAYS

_NAMED = {"refuse": "不予许可决定", "not_accept": "不予受理决定", "revoke_on_promise": "撤销许可的决定"}
_FOLLOWS = {
    "revoke_on_promise": "原准予许可的决定恢复效力，由它颁发的证照一并恢复。",
}
AGAIN = "因该决定不得再次申请的限制不再适用，你（单位）现在可以重新申请；撤销文书责令重新作出决定的，按其期限办理。"


def told(file: MatterFile, entry: EntryLine) -> Text:
    """Return the words of the notice in a case or a joint case."""
    facts = facts_of(entry)
    number = next((each.number for each in matters.documents(file.id) if each.seq == facts["of"]), "")
    return Text(
        paragraphs=(
            f"{about(file)}，本机关此前作出的{_NAMED[facts['annulled']]}{f'（{number}）' if number else ''}已经被撤销。",
            f"理由：{facts['reason']}",
            _FOLLOWS.get(facts["annulled"], AGAIN),
        ),
        rows=rows(entry),
        closing=(f"依据：{ANNULLED.text}。",),
    )


def rows(entry: EntryLine) -> tuple[tuple[str, str], ...]:
    """Return by what, by whom and in which document it was annulled."""
    facts = facts_of(entry)
    return (
        ("怎样撤销", WAYS[facts["way"]]), ("撤销的机关", facts["organ"]),
        ("撤销文书", f"{facts['decision']}（{day(facts['made_on'])}）"),
    )  # fmt: skip


KINDS = {"annulment_notice": told}

"""A decision that has been annulled: by reconsideration, by a court or by the organ itself; what rested on it falls away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiaoneng.rules.grounds import Basis, Obstacle

RECONSIDERED, JUDGED, OWN = "reconsideration", "court", "own"
WAYS = {RECONSIDERED: "行政复议决定撤销", JUDGED: "人民法院判决撤销", OWN: "本机关自行纠正"}
# What an annulment is recorded as, in the journals of cases, joint cases and certificates.
MOVE = "annul_decision"
BASES = {
    RECONSIDERED: Basis(
        "行政复议法", 64, "一款", "行政复议机关决定撤销或者部分撤销该行政行为，并可以责令被申请人在一定期限内重新作出行政行为"
    ),
    JUDGED: Basis("行政诉讼法", 70, "", "人民法院判决撤销或者部分撤销，并可以判决被告重新作出行政行为"),
    OWN: Basis("行政诉讼法", 62, "", "被告改变其所作的行政行为；行政机关发现自己的决定违法或者不当的，自行纠正，书面告知"),
}  # fmt: skip
ANNULLED = Basis(
    "行政复议法、行政诉讼法", "", "",
    "决定被撤销的，自始不能再作为依据：因它不得再次申请的限制不再适用，因它撤销、吊销的许可和证照恢复效力",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Annulment:
    """By what, by whom, in which document, when and why a decision was annulled."""

    way: str
    organ: str
    decision: str
    made_on: date | None
    reason: str


def to_annulment(asked: Annulment, decided_on: date | None, today: date) -> tuple[Obstacle, ...]:
    """Return what stands against recording that a decision was annulled.

    :param decided_on: the day of the decision; nothing where there is none that can be annulled.
    """
    if decided_on is None:
        message = "本件没有可以登记撤销的不予受理、不予许可或者撤销决定，或者已经登记过。"
        remedy = "准予的决定有错的，按撤销许可办理；文书有笔误的，用更正文书。"
        return (Obstacle("decision", message, ANNULLED, remedy),)
    found = []
    if asked.way not in WAYS:
        found.append(Obstacle("way", "还没有选决定怎样被撤销。", ANNULLED, f"请选一种：{'；'.join(WAYS.values())}。"))
    basis = BASES.get(asked.way, ANNULLED)
    for code, text, what in (
        ("organ", asked.organ, "撤销决定的机关"), ("decision", asked.decision, "撤销文书的文号"),
        ("reason", asked.reason, "撤销的理由"),
    ):  # fmt: skip
        if not text.strip():
            found.append(Obstacle(code, f"还没有写{what}。", basis, f"请照复议决定书、判决书或者纠正决定填写{what}。"))
    if asked.made_on is None or not decided_on <= asked.made_on <= today:
        message = f"撤销文书的日期应当在原决定（{decided_on}）以后，最晚今天。"
        found.append(Obstacle("made_on", message, basis, "请照文书上的日期填写。"))
    return tuple(found)

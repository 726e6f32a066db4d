"""Correcting a document that was issued: the document stays as it is, a further one says what is wrong in it and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xiaoneng.approval import reads
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Change, Moved, move
from xiaoneng.rules.grounds import Basis, Obstacle, Obstructed
from xiaoneng.rules.procedures import application as procedure

WRITTEN = Basis("平台办件规则", "", "", "已经发出的文书不改动；有笔误的，书面更正并说明理由，原文书和更正一并可查")
DECIDED = (procedure.GRANTED, procedure.REFUSED, procedure.DELIVERED)


def correct_document(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, document: str, wrong: str, right: str, reason: str
) -> Moved:
    """Correct a slip in a document that was issued, by a further document; what was decided does not change.

    :param document: the number of the document.
    :raises Obstructed: the document is none of this case, or what is wrong, what is right or the reason is missing.
    """
    file = reads.load(which, key, by=by, at=at)
    found = next((each for each in matters.documents(file.id) if each.number == document.strip()), None)
    if file.replay is None and file.state in DECIDED:
        obstacles = [
            *([] if found else [Obstacle("document", "本件没有这个文号的文书。", WRITTEN, "请从本件的文书里选。")]),
            *_needed("wrong", wrong, "原文", "照抄文书里写错的那一句。"),
            *_needed("right", right, "更正为什么", "写出改正后的那一句。"),
            *_needed(
                "reason", reason, "更正的理由", "说明怎样写错的；决定本身要改的，不能用更正，应当依法撤销后重新作出。"
            ),
        ]
        if obstacles:
            raise Obstructed(obstacles)
    facts = {
        "document": document.strip(), "of": found.seq if found else 0, "title": found.title if found else "",
        "wrong": wrong.strip(), "right": right.strip(), "reason": reason.strip(),
    }  # fmt: skip
    change = Change(to=file.state, step=file.step, step_name=file.step_name, facts=facts)
    return move(file, "correct_document", by=by, at=at, change=change, key=key)


def _needed(code: str, text: str, what: str, remedy: str) -> list[Obstacle]:
    return [] if text.strip() else [Obstacle(code, f"还没有写{what}。", WRITTEN, f"请{remedy}")]

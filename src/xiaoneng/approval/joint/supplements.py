"""What the branches of a joint case asked for, on one page: a paper handed in once serves every branch that asked for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from django.db import transaction

from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import drafts, in_branch
from xiaoneng.approval.joint import following, reads
from xiaoneng.approval.joint.reads import BranchLine
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstacle, Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName


@dataclass(frozen=True, slots=True)
class Asked:
    """A branch that waits for its applicant: what it lacks, until when."""

    line: BranchLine
    due_on: date | None
    lacks: tuple[dict[str, str], ...]

    @property
    def matter(self) -> int:
        """Return the branch's own matter."""
        return self.line.matter or 0


def asked(joint: int) -> tuple[Asked, ...]:
    """Return the branches that wait for their applicant, with what each asked for."""
    waiting = [line for line in reads.branches(joint) if line.state == procedure.ASKED]
    dues = matters.dues_of([line.matter for line in waiting if line.matter])
    return tuple(
        Asked(line, dues.get(line.matter or 0, {}).get(ClockName.SUPPLEMENT), _lacks(line.matter or 0))
        for line in waiting
    )


def _lacks(matter: int) -> tuple[dict[str, str], ...]:
    notice = next(line for line in matters.journal(matter) if line.move == "ask_in_branch")
    return tuple(notice.facts["what"]["lacks"])


@dataclass(frozen=True, slots=True)
class Given:
    """A file handed in for the open supplements; in how many branches it lies makes no difference to who gave it."""

    id: int
    slot: str  # its place in the one set
    name: str
    size: int
    sha256: str
    matter: int


def given(waiting: Collection[Asked]) -> tuple[Given, ...]:
    """Return what was handed in so far for the branches that wait, each file once."""
    found: dict[tuple[str, str], Given] = {}
    for each in waiting:
        file = applications.load(each.matter)
        shared = {own: slot for slot, own in _slots(each.line).items()}
        for row in matters.attachments(each.matter):
            place = shared.get(row.slot, "")
            if place and row.round == drafts.round_of(file):
                found.setdefault((place, row.sha256), Given(row.id, place, row.name, row.size, row.sha256, each.matter))
    return tuple(found.values())


def _slots(line: BranchLine) -> dict[str, str]:
    """Return a branch's own place of each material, by its place in the one set."""
    return {shared.slot: own for shared in reads.materials([line]) for _, own in shared.asked_by} | {
        reads.OTHER: drafts.OTHER
    }


@transaction.atomic
def attach(joint: int, *, by: int, slot: str, name: str, stream: BinaryIO, at: datetime) -> None:
    """Put a file to a material for every branch that waits and asks for it; other papers go to all that wait.

    :raises NotFound: no branch that waits has such a material.
    :raises kit.files.Refused: the file cannot be taken; the message says why and what to do.
    """
    wanting = [(each, _slots(each.line)) for each in asked(joint)]
    chosen = [(each, slots[slot]) for each, slots in wanting if slot in slots]
    if not chosen:
        raise NotFound("没有分办件在等这一项材料。请刷新页面后重新选择。")
    for each, own in chosen:
        stream.seek(0)
        drafts.attach(each.matter, by=by, slot=own, name=name, stream=stream, at=at)


@transaction.atomic
def detach(joint: int, *, by: int, attachment: int, at: datetime) -> None:
    """Take a file off again, in every branch in which it lies.

    :raises NotFound: there is no such file in what may still be changed.
    """
    waiting = asked(joint)
    gone = next((each for each in given(waiting) if each.id == attachment), None)
    if gone is None:
        raise NotFound("没有找到这个文件，可能已经移除。请刷新页面。")
    for each in waiting:
        own, round_ = _slots(each.line).get(gone.slot), drafts.round_of(applications.load(each.matter))
        for row in matters.attachments(each.matter):
            if row.slot == own and row.sha256 == gone.sha256 and row.round == round_:
                drafts.detach(each.matter, by=by, attachment=row.id, at=at)


def answer(joint: int, *, by: Actor, at: datetime, key: UUID | None, branches: Collection[int], note: str = "") -> int:
    """Hand in at once what several branches asked for and tell how many go on; the others wait for what is still to come.

    :param branches: the places of the branches that are complete with it.
    :raises Obstructed: none is chosen, or for one of them nothing was handed in and nothing said; all at once.
    :raises NotAllowed: none of them waits for anything any more.
    """
    with transaction.atomic():
        reads.load(joint, lock=True)
        chosen = [each for each in asked(joint) if each.line.position in set(branches)]
        if not chosen:
            raise _nothing(joint)
        _refuse_empty([applications.load(each.matter) for each in chosen], note)
        for each in chosen:
            own: Any = uuid5(key, f"branch:{each.matter}") if key else None
            in_branch.answer_in_branch(each.matter, by=by, at=at, key=own, note=note)
    following.settle(joint, at)
    return len(chosen)


def _nothing(joint: int) -> NotAllowed | Obstructed:
    if not asked(joint):
        return NotAllowed("现在没有分办件在等补正，可能刚刚已经提交。请刷新页面看最新进度。")
    remedy = "请勾选这次补齐的事项；其余的可以以后再交，各算各的期限。"
    return Obstructed([Obstacle("branches", "还没有选这次补齐哪些事项。", procedure_basis(), remedy)])


def procedure_basis() -> Any:
    """Return the provision on which a supplement rests."""
    return procedure.PROCEDURE.move("answer_in_branch").basis


def _refuse_empty(files: Collection[MatterFile], note: str) -> None:
    empty = [file.title for file in files if not in_branch.files_of_round(file)]
    if empty and not note.strip():
        remedy = "请按补正告知书逐项上传，或者写明怎样补正的；还没有准备好的事项，这次先不勾选。"
        raise Obstructed(
            [Obstacle("files", f"“{name}”还没有补交任何材料。", procedure_basis(), remedy) for name in empty]
        )

"""A branch of a joint case asks once for what its own part lacks: its clocks stand still, those of the others go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads, words
from xiaoneng.approval.actions import apply
from xiaoneng.approval.actions.accept import SUPPLEMENT, Lack, check_notice
from xiaoneng.approval.actions.acceptance import desk_of
from xiaoneng.approval.actions.drafts import round_of
from xiaoneng.approval.actions.special import not_held
from xiaoneng.matters.move import Actor, Change, Moved, PauseOf, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import parallel
from xiaoneng.rules.grounds import Obstacle, Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.special import SUPPLEMENTED
from xiaoneng.rules.workdays import local_day

IN_SUBSTANCE = (procedure.REVIEWING, procedure.DECIDING)
KIND = "supplement"


def obstacles_to_asking(file: MatterFile, at: datetime) -> tuple[Obstacle, ...]:
    """Return what stands against a branch's asking for what its part lacks."""
    clock = file.clock(ClockName.STATUTORY) or file.clock(ClockName.PROMISED)
    ends = parallel.ends_asking(clock.started_on, file.rules.calendar, file.rules.hours) if clock else None
    branch, asked = "open_branch" in file.actors, "ask_in_branch" in file.actors
    return parallel.to_asking(branch=branch, asked=asked, ends_at=ends, at=at)


def ask_in_branch(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, lacks: Sequence[Lack]
) -> Moved:  # fmt: skip
    """Tell the applicant once what this branch lacks; only this branch stands still until it is supplied.

    :raises Obstructed: nothing is named, it asked before, or five working days have passed since the branch began.
    :raises NotAllowed: a special procedure is running.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state in IN_SUBSTANCE:
        found = obstacles_to_asking(file, at)
        if found:
            raise Obstructed(found)
        not_held(file)
        check_notice(lacks, False, "")
    today = local_day(at)
    round_ = max((clock.round for clock in file.clocks if clock.name is ClockName.SUPPLEMENT), default=0) + 1
    change = Change(
        step=file.step,
        starts={ClockName.SUPPLEMENT: StartOf(SUPPLEMENT, today)},
        pause=PauseOf(today, SUPPLEMENTED),
        facts={"lacks": [asdict(each) for each in lacks], "kind": KIND, "round": round_},
    )
    return move(file, "ask_in_branch", by=by, at=at, change=change, key=key)


@transaction.atomic
def answer_in_branch(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str = "", papers: Sequence[str] = ()
) -> Moved:
    """Hand in what a branch asked for; it goes on where it stood, counting from the next day.

    :param papers: the slots of which the window has seen the originals.
    :raises Obstructed: nothing was handed in and nothing said.
    """
    file = reads.load(which, key, by=by, at=at, lock=True)
    files, round_ = files_of_round(file), round_of(file)
    seen = set() if reads.is_applicant(file, by.account) else {each.slot for each in file.plan.materials} & set(papers)
    if file.replay is None and file.state == procedure.ASKED and not files and not note.strip():
        message = f"“{file.title}”还没有补交任何材料。"
        raise Obstructed(
            [Obstacle("files", message, apply.NOTHING_NEW, "请按补正告知书逐项上传，或者写明怎样补正的。")]
        )
    said, clock = {"note": note}, file.clock(ClockName.SUPPLEMENT)
    facts: dict[str, Any] = {"kind": KIND, "round": clock.round if clock else 0, "files_round": round_, "files": files}
    facts |= words.hashes_of(file, said)
    facts |= {"papers": sorted(seen)} if seen else {}
    moved = move(
        file, "answer_in_branch", by=apply.as_applicant(file, by), at=at, change=_back(file, at, facts), key=key
    )
    return words.keep(moved, said)


def files_of_round(file: MatterFile) -> list[dict[str, str]]:
    """Return what was handed in for the open supplement."""
    open_round = round_of(file)
    return [{"slot": slot, "sha256": sha} for slot, sha, number, _ in reads.attached(file) if number == open_round]


def _back(file: MatterFile, at: datetime, facts: dict[str, Any]) -> Change:
    target, name = back_to(file)
    return Change(
        to=target, step=file.step, step_name=name, resume_on=local_day(at), facts=facts,
        desk=desk_of(file.plan, target, file.step),
    )  # fmt: skip


def back_to(file: MatterFile) -> tuple[str, str]:
    """Return where a branch goes on that has been supplied: the state and the step's name."""
    step = file.plan.step_at(file.step)
    if step is not None and step.kind == "review":
        return procedure.REVIEWING, step.name
    return procedure.DECIDING, step.name if step is not None and step.kind == "decide" else "决定"

"""The applicant's moves on a joint case: submit, supplement, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import authority, bars, words
from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import apply
from xiaoneng.approval.actions.drafts import NOT_YOURS, round_of
from xiaoneng.approval.joint import reads
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.acceptance import missing_materials, to_application, to_declaration, to_kind
from xiaoneng.rules.grounds import NotFound, Obstacle, Obstructed
from xiaoneng.rules.limits import PRE_ACCEPTANCE
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import receipt_day


@transaction.atomic
def submit(which: int, *, by: Actor, at: datetime, key: UUID | None) -> Moved:
    """Submit a joint case: one receipt for all its items; the law's first clock runs.

    :raises Obstructed: something is missing or wrong in any of the items; every obstacle at once.
    :raises NotFound: it is not this account's draft.
    """
    file = reads.load(which, key, by=by, at=at, lock=True)
    if file.extra["filed_by"] != by.account:
        raise NotFound(NOT_YOURS)
    lines = reads.branches(file.id)
    if file.replay is None and file.version == 0:
        obstacles = obstacles_to_submission(file, lines, at)
        if obstacles:
            raise Obstructed(obstacles)
    received_on = receipt_day(at, file.rules.calendar, file.rules.hours)
    about = reads.about(file.id)
    acting = authority.of_submission(file, at) if file.replay is None else ""
    change = Change(
        starts={ClockName.PRE_ACCEPTANCE: StartOf(PRE_ACCEPTANCE, received_on)},
        facts={
            "channel": file.extra["channel"],
            "received_on": received_on.isoformat(),
            "payload_hash": applications.payload_hash(file.extra["salt"], file.extra["payload"]),
            "files": _files(file, 0),
            **({"authority": acting} if acting else {}),
            "theme": about.theme_code,
            "whole_days": about.days,
            "branches": [facts_of(line) for line in lines],
        },
    )
    moved = move(file, "submit", by=apply.as_applicant(file, by), at=at, change=change, key=key)
    if not moved.replayed:
        authority.keep(file, acting)
    return moved


def facts_of(line: reads.BranchLine) -> dict[str, Any]:
    """Return a branch as the journal writes it."""
    return {
        "position": line.position, "item": line.plan.code, "name": line.plan.name, "after": list(line.after),
        "version": line.version,
    }  # fmt: skip


def obstacles_to_submission(
    file: MatterFile, lines: tuple[reads.BranchLine, ...], at: datetime | None = None
) -> tuple[Obstacle, ...]:
    """Return everything that keeps a joint draft from being submitted, of all its items at once."""
    form = applications.form_of(file)
    found = list(to_declaration(applications.declared(form)))
    for line in lines:
        plan = line.plan
        found += to_application(
            in_force=True, has_limit=plan.has_limit, on_application=plan.on_application, item=plan.name
        )
        found += bars.obstacles(file, plan, at)
        found += to_kind(form.get("kind", "person"), plan.audience, plan.name)
    return (*found, *missing_materials(reads.handed(file, reads.materials(lines))))


@transaction.atomic
def supplement(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str = "", papers: Sequence[str] = ()
) -> Moved:
    """Hand in what the one notice asked for, whichever branches it concerns; the lead's five days begin anew.

    :param papers: the slots of which the window has seen the originals.
    :raises Obstructed: nothing was handed in and nothing said.
    """
    file = reads.load(which, key, by=by, at=at, lock=True)
    open_round = round_of(file)
    files = _files(file, open_round)
    shared = () if applications.is_applicant(file, by.account) else reads.materials(reads.branches(file.id))
    seen = sorted({each.slot for each in shared} & set(papers))
    if file.replay is None and file.state == procedure.CORRECTING and not files and not note.strip():
        message = "还没有补交任何材料。"
        raise Obstructed(
            [Obstacle("files", message, apply.NOTHING_NEW, "请按补正告知书逐项上传，或者写明怎样补正的。")]
        )
    received_on, said = receipt_day(at, file.rules.calendar, file.rules.hours), {"note": note}
    facts = {"received_on": received_on.isoformat(), "round": open_round, "files": files, **words.hashes_of(file, said)}
    facts |= {"papers": seen} if seen else {}
    change = Change(starts={ClockName.PRE_ACCEPTANCE: StartOf(PRE_ACCEPTANCE, received_on)}, facts=facts)
    moved = move(file, "supplement", by=apply.as_applicant(file, by), at=at, change=change, key=key)
    return words.keep(moved, said)


@transaction.atomic
def withdraw(which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str = "", code: str = "") -> Moved:
    """Take a joint case back before it is accepted; after that each branch is taken back by itself.

    :param code: the query code, by which the applicant confirms what the window records.
    :raises Obstructed: the window records it without the applicant's confirmation.
    """
    file = reads.load(which, key, by=by, at=at)
    in_person = applications.is_applicant(file, by.account)
    if file.replay is None and not in_person:
        obstacles = apply.unconfirmed(file, reason, code)
        if obstacles:
            raise Obstructed(obstacles)
    said = {"reason": reason}
    facts = {"by": "applicant" if in_person else "window", "confirmed": "account" if in_person else "code"}
    change = Change(facts=facts | words.hashes_of(file, said))
    return words.keep(move(file, "withdraw", by=apply.as_applicant(file, by), at=at, change=change, key=key), said)


def _files(file: MatterFile, round_: int) -> list[dict[str, str]]:
    rows = applications.attached(file)
    return [{"slot": slot, "sha256": sha} for slot, sha, number, _ in rows if number == round_]

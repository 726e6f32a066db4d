"""The applicant's moves: submit, supplement, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import authority, bars, promises, reads, refiled, words
from xiaoneng.approval import facts as held
from xiaoneng.approval.actions import renewal
from xiaoneng.approval.actions.drafts import NOT_YOURS, round_of
from xiaoneng.matters.clocks import instant
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.acceptance import missing_materials, to_application, to_declaration, to_kind
from xiaoneng.rules.grounds import Basis, NotFound, Obstacle, Obstructed
from xiaoneng.rules.items.scenarios import certain, obstacles_to_choosing, questions
from xiaoneng.rules.items.seasons import obstacles_out_of_season
from xiaoneng.rules.limits import PRE_ACCEPTANCE
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.promises import COMMITMENT_LETTER
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day, receipt_day

ON_REQUEST = Basis("平台办件规则", "", "", "只有申请人可以撤回申请；窗口凭申请人的书面请求代为登记")
NOTHING_NEW = Basis("行政许可法", 32, "一款五项", "申请人按照要求提交全部补正申请材料的，应当受理")


@transaction.atomic
def submit(matter: int, *, by: Actor, at: datetime, key: UUID | None) -> Moved:
    """Submit a draft: from now on the law's first clock runs, and a numbered receipt is issued.

    :raises Obstructed: something is missing or wrong; every obstacle at once.
    :raises NotFound: it is not this account's draft.
    """
    file = reads.load(matter, key, by=by, at=at, lock=True, bring=reads.FILING)
    if file.extra["filed_by"] != by.account:
        raise NotFound(NOT_YOURS)
    if file.replay is None and file.version == 0:
        obstacles = obstacles_to_submission(file, at) + held.obstacles(file, local_day(at))
        if obstacles:
            raise Obstructed(obstacles)
        renewal.keep_what_the_form_asks(file, by=by.account, at=at)
    known = reads.marks_of_filer(file, local_day(at))
    acting = authority.of_submission(file, at, known) if file.replay is None else ""
    received_on = receipt_day(at, file.rules.calendar, file.rules.hours)
    change = Change(
        starts={ClockName.PRE_ACCEPTANCE: StartOf(PRE_ACCEPTANCE, received_on)},
        facts={
            "channel": file.extra["channel"],
            "begun": instant(file.opened_at),
            "received_on": received_on.isoformat(),
            "payload_hash": reads.payload_hash(file.extra["salt"], file.extra["payload"]),
            "files": _files(file, 0),
            **({"authority": acting} if acting else {}),
            **held.as_facts(file),
            **refiled.facts_of(file),
            **(promises.facts_of(file, reads.handed(file)) if promises.any_made(file) else {}),
            **_situation(file),
        },
        further=(COMMITMENT_LETTER,) if promises.any_made(file) and promises.by_commitment(file) else (),
    )
    moved = move(file, "submit", by=as_applicant(file, by), at=at, change=change, key=key)
    if not moved.replayed:
        authority.keep(file, acting)
    return moved


def obstacles_to_submission(file: MatterFile, at: datetime | None = None) -> tuple[Obstacle, ...]:
    """Return everything that keeps a draft from being submitted."""
    plan = file.plan
    in_force = file.extra["version_in_force"] is not None
    handed, asked, chosen = reads.handed(file), questions(plan.scenarios), reads.situation(file)
    # Who has not said yet whether she opens or renews is not told that the papers of both are missing.
    sure = {each.slot for each in certain(plan.materials, asked, chosen)}
    excused = promises.excused(file, plan, handed)
    return (
        *to_application(
            in_force=in_force, has_limit=plan.has_limit, on_application=plan.on_application, item=plan.name
        ),
        *bars.obstacles(file, plan, at),
        *(obstacles_out_of_season(plan.season, local_day(at)) if at else ()),
        *to_kind(reads.form_of(file).get("kind", "person"), plan.audience, plan.name),
        *to_declaration(reads.declared(reads.form_of(file))),
        *obstacles_to_choosing(plan.materials, asked, chosen),
        *missing_materials(each for each in handed if each.slot in sure and each.name not in excused),
        *(renewal.obstacles_in_form(file, local_day(at)) if at else ()),
        *(promises.obstacles(file, plan, handed, local_day(at)) if at and promises.is_wanted(file) else ()),
    )


def _situation(file: MatterFile) -> dict[str, list[str]]:
    chosen = reads.situation(file)
    return {"situation": list(chosen)} if chosen else {}


@transaction.atomic
def supplement(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str = "", papers: Sequence[str] = ()
) -> Moved:
    """Hand in what a correction notice asked for; the authority's five days begin anew.

    :param papers: the slots of which the window has seen the originals.
    :raises Obstructed: nothing was handed in and nothing said.
    """
    file = reads.load(which, key, by=by, at=at, lock=True)
    open_round = round_of(file)
    files = _files(file, open_round)
    seen = set() if reads.is_applicant(file, by.account) else {each.slot for each in file.plan.materials} & set(papers)
    if file.replay is None and file.state == procedure.CORRECTING and not files and not note.strip():
        raise Obstructed(
            [Obstacle("files", "还没有补交任何材料。", NOTHING_NEW, "请按补正告知书逐项上传，或者写明怎样补正的。")]
        )
    received_on, said = receipt_day(at, file.rules.calendar, file.rules.hours), {"note": note}
    change = Change(
        starts={ClockName.PRE_ACCEPTANCE: StartOf(PRE_ACCEPTANCE, received_on)},
        facts={
            "received_on": received_on.isoformat(),
            "round": open_round,
            "files": files,
            **({"papers": sorted(seen)} if seen else {}),
            **words.hashes_of(file, said),
        },
    )
    moved = move(file, "supplement", by=as_applicant(file, by), at=at, change=change, key=key)
    return words.keep(moved, said)


@transaction.atomic
def withdraw(which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str = "", code: str = "") -> Moved:
    """Take an application back before it is decided; every clock stops, and a light that was red stays on record.

    :param code: the query code, by which the applicant confirms what the window records.
    :raises Obstructed: the window records it without saying on whose request, or the code does not fit.
    """
    file = reads.load(which, key, by=by, at=at)
    in_person = reads.is_applicant(file, by.account)
    if file.replay is None and not in_person:
        obstacles = unconfirmed(file, reason, code)
        if obstacles:
            raise Obstructed(obstacles)
    said = {"reason": reason}
    facts = {"by": "applicant" if in_person else "window", "confirmed": "account" if in_person else "code"}
    change = Change(facts=facts | words.hashes_of(file, said))
    moved = move(file, "withdraw", by=as_applicant(file, by), at=at, change=change, key=key)
    return words.keep(moved, said)


def unconfirmed(file: MatterFile, reason: str, code: str) -> tuple[Obstacle, ...]:
    """Return what a window still owes before it may record that an application is taken back."""
    found: tuple[Obstacle, ...] = ()
    if not reason.strip():
        remedy = "请写明申请人何时以何种方式提出撤回，并留存书面申请。"
        found += (Obstacle("reason", "还没有写明撤回的依据。", ON_REQUEST, remedy),)
    if not reads.fits_code(file, code):
        remedy = "请申请人出示收件凭证上的查询码；凭证遗失的，核验身份后补打。"
        found += (Obstacle("code", "查询码不对，撤回没有得到申请人确认。", ON_REQUEST, remedy),)
    return found


def as_applicant(file: MatterFile, by: Actor) -> Actor:
    """Return who acts: the applicant by nature where this account filed the application online."""
    if reads.is_applicant(file, by.account):
        return Actor(by.account, by.name, frozenset({Role.APPLICANT}))
    return by


def _files(file: MatterFile, round_: int) -> list[dict[str, str]]:
    return [{"slot": slot, "sha256": sha} for slot, sha, number, _ in reads.attached(file) if number == round_]

"""Verbs of urging and supervised handling: urge, order, answer, reply, return, accept, cancel. No case is changed by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads
from xiaoneng.matters.move import Actor, Moved, move
from xiaoneng.rules import cards as rules
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import supervision_order as procedure
from xiaoneng.rules.procedures.supervision_order import PROCEDURE
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models, responsible, said, terms

NO_SUCH_ORDER = "没有找到这份催办、督办。请从列表里打开。"
LONGEST_DAYS = 60


@transaction.atomic
def urge(about: int | str, *, wants: str, by: Actor, at: datetime, key: UUID | None = None, days: int = 0) -> Moved:
    """Urge a department about a matter: a notice that asks for an answer within some working days.

    :raises NotAllowed: nothing is asked for, or the matter has ended.
    """
    return _open(about, "urge", wants, by, at, key, days)


@transaction.atomic
def order(about: int | str, *, wants: str, by: Actor, at: datetime, key: UUID | None = None, days: int = 0) -> Moved:
    """Order a department to handle a matter and to reply by a due day.

    :raises NotAllowed: nothing is ordered, or the matter has ended.
    """
    return _open(about, "order", wants, by, at, key, days)


def _open(about: int | str, name: str, wants: str, by: Actor, at: datetime, key: UUID | None, days: int) -> Moved:
    file, texts = reads.file(about), {"wants": said.wanted("要求", wants)}
    if file.kind in rules.NEVER_ABOUT or not file.version:
        raise NotAllowed("牌、问责和草稿不能催办督办；请对办件或者任务来办。")
    matter, fresh = matters.open_matter(
        kind=PROCEDURE.kind, state=procedure.DRAFT, department=file.department, item_version=None,
        title=f"{PROCEDURE.move(name).label}：{file.title}", by=by.account, at=at, key=key,
    )  # fmt: skip
    if fresh:
        if file.closed:
            raise NotAllowed(f"{file.called} 已经办结，不能再{PROCEDURE.move(name).label}。有问题的可以发牌。")
        models.Order.objects.create(matter_id=matter, about_id=file.id, issued_at=at, salt=said.salt())
    row = models.Order.objects.get(matter_id=matter)
    facts = {"about": file.id, "about_called": file.called} | said.hashes(row.salt, texts)
    change = terms.starting(at, facts, reply=_days(days))
    return said.keep(move(reads.file(matter, key=key), name, by=by, at=at, change=change, key=key), texts)


def _days(days: int) -> int:
    if not 0 <= days <= LONGEST_DAYS:
        raise NotAllowed(f"期限应为 1 到 {LONGEST_DAYS} 个工作日。请更正。")
    return days or terms.in_force().reply_days


def _go(
    number: int | str, name: str, by: Actor, at: datetime, key: UUID | None, texts: Mapping[str, str], **days: int
) -> Moved:
    try:
        file = reads.file(number, key=key, by=by.account, on=local_day(at))
    except NotFound:
        raise NotFound(NO_SUCH_ORDER) from None
    row = models.Order.objects.filter(matter_id=file.id).first()
    if row is None:
        raise NotFound(NO_SUCH_ORDER)
    if file.replay is None:
        responsible.refuse_own(name, by.account, file.department, local_day(at))
    change = terms.starting(at, said.hashes(row.salt, texts), **days)
    return said.keep(move(file, name, by=by, at=at, change=change, key=key), texts)


@transaction.atomic
def answer(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Answer an urging notice: why it takes so long, and when it will be done."""
    return _go(number, "answer", by, at, key, {"text": said.wanted("答复", text)})


@transaction.atomic
def escalate(
    number: int | str, *, wants: str, by: Actor, at: datetime, key: UUID | None = None, days: int = 0
) -> Moved:
    """Turn an urging notice into a supervision order."""
    return _go(number, "escalate", by, at, key, {"wants": said.wanted("要求", wants)}, reply=_days(days))


@transaction.atomic
def reply(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Reply to a supervision order: what was done."""
    texts = {"text": said.wanted("办理结果", text)}
    return _go(number, "reply", by, at, key, texts, verification=terms.in_force().verify_days)


@transaction.atomic
def return_reply(
    number: int | str, *, reason: str, by: Actor, at: datetime, key: UUID | None = None, days: int = 0
) -> Moved:
    """Return a reply that does not settle the matter, with new days for the next."""
    return _go(number, "return_reply", by, at, key, {"reason": said.wanted("退回理由", reason)}, reply=_days(days))


@transaction.atomic
def accept_reply(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Accept a reply after verification: the order is done."""
    return _go(number, "accept_reply", by, at, key, {"opinion": said.wanted("核验意见", opinion)})


@transaction.atomic
def cancel(number: int | str, *, reason: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Call off urging or an order that is needed no more."""
    return _go(number, "cancel", by, at, key, {"reason": said.wanted("撤销理由", reason)})

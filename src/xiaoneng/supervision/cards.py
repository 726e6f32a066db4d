"""Verbs of cards: issue, explain, appeal, verify, withdraw, confirm; what the platform issues and withdraws by itself.

Nothing here touches the matter that a card is about: who supervises sees, urges and cards, and never changes a case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads
from xiaoneng.matters.clocks import as_facts, instant
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import cards as rules
from xiaoneng.rules.cards import Level, Rule
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import card as procedure
from xiaoneng.rules.procedures.card import PROCEDURE
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability, models, said, terms
from xiaoneng.supervision.responsible import Person, refuse_own, responsible, while_time_ran

NO_SUCH_CARD = "没有找到这张牌。请从牌的列表里打开。"
MOST = 500
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cause:
    """The red light that a card is issued for, and the desk at which the matter lay when it came true."""

    clock: str
    round: int
    since: datetime
    desk: str = ""


@transaction.atomic
def issue(
    about: int | str, rule: str, *, by: Actor, at: datetime, key: UUID | None = None, level: str = "", grounds: str = "",
    cause: Cause | None = None, person: Person | None = None, found: Mapping[str, Any] | None = None,
) -> Moved:  # fmt: skip
    """Issue a card about a matter, with its facts as they are at this instant, and return the card's first entry.

    :param rule: the code of a breach in rules.cards; `level` departs from the level it calls for.
    :param grounds: why, in words; a person who issues a card has to say it.
    :param person: who answers for it, where that is known better than by desk and claim.
    :param found: further facts to be frozen with it, as plain JSON values.
    :raises NotAllowed: there is no such breach, or such a card stands already.
    """
    file, known = reads.file(about), rules.rule(rule)
    if known is None or file.kind in rules.NEVER_ABOUT or not file.version:
        raise NotAllowed("请选择一条发牌规则；草稿、牌和问责本身不能发牌。")
    if by.account:
        grounds = said.wanted("发牌的事实和理由", grounds)
    chosen = Level(level) if level in set(Level) else known.level
    matter, fresh = matters.open_matter(
        kind=PROCEDURE.kind, state=procedure.DRAFT, department=file.department, item_version=None,
        title=f"{chosen.label}：{known.label}　{file.title}", by=by.account, at=at, key=key,
    )  # fmt: skip
    who = person or _answers(file, cause, at)
    row = _written(matter, file, known, chosen, at, by, cause, who, found) if fresh else _row(matter)
    facts = _facts(row, file.called) | said.hashes(row.salt, {"grounds": grounds})
    change = terms.starting(at, facts, reply=terms.in_force().reply_days)
    moved = move(reads.file(matter, key=key), f"issue_{chosen.value}", by=by, at=at, change=change, key=key)
    return said.keep(moved, {"grounds": grounds})


def _answers(file: MatterFile, cause: Cause | None, at: datetime) -> Person:
    clock = _clock_of(file, cause)
    if cause is None or clock is None:
        return responsible(file, cause.desk if cause else file.desk, local_day(at))
    return while_time_ran(file, clock.started_at, cause.since)


def _written(
    matter: int, file: MatterFile, rule: Rule, level: Level, at: datetime, by: Actor, cause: Cause | None, who: Person,
    found: Mapping[str, Any] | None,
) -> models.Card:  # fmt: skip
    known = terms.in_force()
    earlier = models.Card.objects.filter(about_id=file.id, standing=True, level=Level.YELLOW.value)
    before = earlier.order_by("-issued_at").first() if level is Level.RED else None
    try:
        with transaction.atomic():
            return models.Card.objects.create(
                matter_id=matter, about_id=file.id, rule=rule.code, rule_version=rule.version, level=level.value,
                clock=cause.clock if cause else "", round=cause.round if cause else None,
                since=cause.since if cause else None, person=who.account, person_name=who.name,
                points=rules.points(level.value, known.card_yellow_points, known.card_red_points),
                evidence=_evidence(file, rule, at, cause, who, found), issued_at=at, by_hand=bool(by.account),
                escalates=before, salt=said.salt(),
            )  # fmt: skip
    except IntegrityError:
        raise NotAllowed(
            f"办件 {file.called} 已经有一张按“{rule.label}”发出的{level.label}，同一规则同一等级只发一张。"
        ) from None


def _evidence(
    file: MatterFile, rule: Rule, at: datetime, cause: Cause | None, who: Person, found: Mapping[str, Any] | None
) -> str:
    clock = _clock_of(file, cause)
    frozen: dict[str, Any] = {
        "at": instant(at),
        "matter": {
            "id": file.id, "kind": file.kind, "called": file.called, "title": file.title, "department": file.department,
            "department_name": file.department_name, "state": file.state, "step": file.step_name, "desk": file.desk,
            "version": file.version, "head": file.head.hex(), "red_at": instant(file.red_at), "late": file.late,
        },
        "rule": {"code": rule.code, "version": rule.version, "label": rule.label, "basis": str(rule.basis)},
        "clock": as_facts(clock) if clock else None,
        "since": instant(cause.since) if cause else None,
        "responsible": {"account": who.account, "name": who.name},
        "found": dict(found or {}),
    }  # fmt: skip
    return json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _clock_of(file: MatterFile, cause: Cause | None) -> Any:
    return next((c for c in file.clocks if cause and (c.name, c.round) == (cause.clock, cause.round)), None)


def _facts(row: models.Card, called: str) -> dict[str, Any]:
    return {
        "about": row.about_id, "about_called": called, "rule": row.rule, "rule_version": row.rule_version,
        "level": row.level, "clock": row.clock, "round": row.round, "since": instant(row.since), "points": row.points,
        "evidence_sha256": hashlib.sha256(row.evidence.encode()).hexdigest(),
    }  # fmt: skip


def _row(matter: int) -> models.Card:
    row = models.Card.objects.filter(matter_id=matter).first()
    if row is None:
        raise NotFound(NO_SUCH_CARD)
    return row


def _load(number: int | str, by: Actor, at: datetime, key: UUID | None) -> tuple[MatterFile, models.Card]:
    try:
        file = reads.file(number, key=key, by=by.account, on=local_day(at))
    except NotFound:
        raise NotFound(NO_SUCH_CARD) from None
    return file, _row(file.id)


def _go(
    number: int | str, name: str, by: Actor, at: datetime, key: UUID | None, texts: Mapping[str, str],
    check: Callable[[MatterFile], str] = lambda file: "", **days: int,
) -> Moved:  # fmt: skip
    file, row = _load(number, by, at, key)
    if file.replay is None:
        refuse_own(name, by.account, file.department, local_day(at))
    if file.replay is None and (why := check(file)):
        raise NotAllowed(why)
    change = terms.starting(at, said.hashes(row.salt, texts), **days)
    return said.keep(move(file, name, by=by, at=at, change=change, key=key), texts)


@transaction.atomic
def explain(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Answer a card: what happened, and what is done about it.

    :raises NotAllowed: nothing is said, or the card does not wait for this unit's answer.
    """
    text = said.wanted("情况说明", text)
    return _go(number, "explain", by, at, key, {"text": text}, verification=terms.in_force().verify_days)


@transaction.atomic
def appeal(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Appeal against a card, once.

    :raises NotAllowed: it was appealed already, or the time for it has passed.
    """

    def check(file: MatterFile) -> str:
        window = file.clock(ClockName.APPEAL)
        if "appeal" in file.actors:
            return "这张牌已经申诉过一次，不能再次申诉。新的情况可以直接向效能办反映。"
        over = file.state == procedure.UPHELD and window and window.red_at and at > window.red_at
        return "申诉期限已经过了，这张牌即将生效。新的情况可以直接向效能办反映。" if over else ""

    text = said.wanted("申诉理由", text)
    return _go(number, "appeal", by, at, key, {"text": text}, check, verification=terms.in_force().verify_days)


@transaction.atomic
def confirm(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Find after verification that a card stands; the unit may appeal for some days.

    :raises NotAllowed: the unit's days for an answer are not over.
    """

    def check(file: MatterFile) -> str:
        reply = file.clock(ClockName.REPLY)
        waiting = file.state == procedure.ISSUED and reply and reply.red_at and at <= reply.red_at
        return "单位的说明期限还没有到，请等单位说明或者期限届满以后再核实。" if waiting else ""

    texts = {"opinion": said.wanted("核实意见", opinion)}
    return _go(number, "confirm", by, at, key, texts, check, appeal=terms.in_force().appeal_days)


@transaction.atomic
def reject_appeal(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Reject an appeal: the card is final.

    :raises NotAllowed: the same person confirmed the card.
    """
    moved = _go(
        number, "reject_appeal", by, at, key, {"opinion": said.wanted("复核意见", opinion)}, _not_again("confirm", by)
    )
    accountability.propose_from_card(_row(moved.matter), at=at)
    return moved


@transaction.atomic
def propose_withdrawal(number: int | str, *, reason: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Propose that a card be withdrawn; another supervisor decides.

    :raises NotAllowed: no reason is given.
    """
    texts = {"reason": said.wanted("撤牌理由", reason)}
    return _go(number, "propose_withdrawal", by, at, key, texts, verification=terms.in_force().verify_days)


@transaction.atomic
def withdraw(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Withdraw a card that another supervisor proposed to withdraw: its points are restored, its history stays.

    :raises NotAllowed: the same person proposed it.
    """
    texts = {"opinion": said.wanted("复核意见", opinion)}
    moved = _go(number, "withdraw_card", by, at, key, texts, _not_again("propose_withdrawal", by))
    _fell(moved.matter, at)
    return moved


@transaction.atomic
def decline_withdrawal(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Keep a card that another supervisor proposed to withdraw.

    :raises NotAllowed: the same person proposed it.
    """
    file, row = _load(number, by, at, key)
    texts = {"opinion": said.wanted("复核意见", opinion)}
    if file.replay is None:
        refuse_own("decline_withdrawal", by.account, file.department, local_day(at))
    if file.replay is None and (why := _not_again("propose_withdrawal", by)(file)):
        raise NotAllowed(why)
    final = "appeal" in file.actors
    days = {} if final else {"appeal": terms.in_force().appeal_days}
    to = procedure.FINAL if final else procedure.UPHELD
    change = replace(terms.starting(at, said.hashes(row.salt, texts), **days), to=to)
    moved = said.keep(move(file, "decline_withdrawal", by=by, at=at, change=change, key=key), texts)
    if final:
        accountability.propose_from_card(row, at=at)
    return moved


def _not_again(earlier: str, by: Actor) -> Callable[[MatterFile], str]:
    def check(file: MatterFile) -> str:
        same = by.account in file.actors.get(earlier, ())[-1:]
        return f"“{file.procedure.move(earlier).label}”是您办的，要由另一名监察员来复核。请转给同事。" if same else ""

    return check


def _fell(matter: int, at: datetime) -> None:
    models.Card.objects.filter(matter_id=matter, standing=True).update(standing=False)
    accountability.fall_with("card", matter, at=at)


# --- what the platform does by itself ---------------------------------------------------------------------------------
_CALLED_FOR = """
SELECT r.matter_id, m.kind, r.clock, r.round, r.since, r.desk
FROM supervision_redlight r JOIN matter m ON m.id = r.matter_id
WHERE r.since >= %(since)s AND r.clock <> 'verification' AND m.kind <> ALL (%(never)s)
  AND NOT EXISTS (
    SELECT 1 FROM supervision_card c WHERE c.about_id = r.matter_id
    AND (c.standing AND c.rule = coalesce(%(rules)s::jsonb ->> r.clock, 'V-TASK')
         OR c.clock = r.clock AND c.round = r.round AND c.since = r.since))
  AND ((m.clocks -> (r.clock || '/' || r.round)) ->> 'red_at')::timestamptz = r.since
ORDER BY r.since, r.matter_id LIMIT %(most)s"""
_RULE_OF_CLOCK = json.dumps({clock.value: each.code for each in rules.RULES for clock in each.clocks})


def issue_what_is_called_for(now: Callable[[], datetime], since: datetime = ALWAYS) -> int:
    """Issue the cards that red lights on record call for, and return how many; late or twice makes no difference.

    :param since: look only at lights that came true since.
    """
    if not terms.in_force().card_auto:
        return 0
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "since": since,
            "never": list(rules.NEVER_ABOUT),
            "rules": _RULE_OF_CLOCK,
            "most": MOST,
        }
        cursor.execute(_CALLED_FOR, values)
        found = cursor.fetchall()
    issued, seen = 0, set[tuple[int, str]]()
    for matter, kind, clock, round_, came_true, desk in found:
        rule = rules.rule_for(kind, clock)
        if rule is not None and (matter, rule.code) not in seen:
            seen.add((matter, rule.code))
            issued += _issue_one(matter, rule, Cause(clock, round_, came_true, desk), now())
    return issued


def _issue_one(matter: int, rule: Rule, cause: Cause, at: datetime) -> int:
    try:
        issue(matter, rule.code, by=PLATFORM, at=at, cause=cause)
    except NotAllowed:  # another worker was first
        return 0
    return 1


_UNTRUE = """
SELECT c.matter_id FROM supervision_card c JOIN matter m ON m.id = c.about_id
WHERE c.standing AND c.clock <> ''
  AND ((m.clocks -> (c.clock || '/' || c.round)) ->> 'red_at')::timestamptz IS DISTINCT FROM c.since
ORDER BY c.matter_id LIMIT %s"""


def withdraw_what_is_untrue(now: Callable[[], datetime]) -> int:
    """Withdraw the cards whose red light a recalculation made untrue, and return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTRUE, [MOST])
        found = [row[0] for row in cursor.fetchall()]
    return sum(_by_platform(matter, "withdraw_untrue", now(), _fell) for matter in found)


def settle_what_is_final(now: Callable[[], datetime]) -> int:
    """Let the cards become final that nobody appealed against in time, and return how many."""

    def follow(matter: int, at: datetime) -> None:
        accountability.propose_from_card(_row(matter), at=at)

    return sum(
        _by_platform(matter, "settle", now(), follow) for matter in terms.over(PROCEDURE.kind, procedure.UPHELD, now())
    )


def _by_platform(matter: int, name: str, at: datetime, follow: Callable[[int, datetime], None]) -> int:
    try:
        with transaction.atomic():
            move(reads.file(matter), name, by=PLATFORM, at=at, change=Change())
            follow(matter, at)
    except NotAllowed:  # somebody else was first
        return 0
    return 1

"""Verbs of calling to account: the platform proposes by rules that are data, a person decides, who is concerned speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import accountability as rules
from xiaoneng.rules.accountability import Accumulation, Happening, Measure, Source
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import accountability as procedure
from xiaoneng.rules.procedures import card as card_procedure
from xiaoneng.rules.procedures.accountability import PROCEDURE
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Onlooker, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models, responsible, said, terms

NO_SUCH = "没有找到这份问责记录，或者您无权查看。请从列表里打开。"
MOST_POINTS = 100


def accumulations_on(day: date) -> tuple[Accumulation, ...]:
    """Return the rules of accumulation in force on a day."""
    rows = models.Accumulation.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
    return tuple(
        Accumulation(r.code, r.label, r.source, r.rule, r.count, r.months, Measure(r.measure), r.points)
        for r in rows.order_by("code")
    )


def happenings_of(person: int) -> tuple[tuple[Happening, int], ...]:
    """Return what stands against a person, with the id of each: final cards, and what was proposed and decided."""
    cards = models.Card.objects.filter(person=person, standing=True, matter__state=card_procedure.FINAL)
    found = [
        (Happening(Source.CARD.value, level, local_day(changed_at)), pk)
        for pk, level, changed_at in cards.values_list("matter_id", "level", "matter__changed_at")
        if changed_at is not None
    ]
    others = models.Accountability.objects.filter(person=person, standing=True)
    for row in others.exclude(source_kind__in=(Source.CARD.value, Source.MEASURE.value)):
        found.append((Happening(row.source_kind, row.rule, local_day(row.proposed_at)), row.source_id))
    for row in others.filter(matter__state=procedure.FINAL, decided_on__isnull=False):
        found.append((Happening(Source.MEASURE.value, row.measure, row.decided_on), row.matter_id))  # type: ignore[arg-type]
    return tuple(found)


def propose_from_card(card: models.Card, *, at: datetime) -> Moved | None:
    """Propose to call to account who answers for a card that became final, if what has come together calls for it."""
    if card.person is None or not card.standing:
        return None
    return _by_rules(card.person, Source.CARD, card.matter_id, card.level, card.about.department_id, at)


def propose(
    source: str, source_id: int, rule: str, *, person: int, department: int, by: Actor, at: datetime,
    key: UUID | None = None, measure: str = "", reason: str = "",
) -> Moved | None:  # fmt: skip
    """Propose to call somebody to account for a card, a confirmed finding or a verified complaint.

    :param source: card, finding or complaint; `source_id` and `rule` name it for the rules of accumulation.
    :param measure: what is proposed; else what the rules of accumulation call for, which may be nothing at all.
    :return: the first entry of the proposal, or nothing where the rules call for nothing.
    :raises NotAllowed: somebody was called to account for the same already, or proposes without a reason.
    """
    if not measure:
        return _by_rules(person, Source(source), source_id, rule, department, at, by=by, key=key, reason=reason)
    if by.account:
        reason = said.wanted("问责理由", reason)
    if measure not in set(Measure):
        raise NotAllowed("请选择拟作的处理。")
    points = next((each.points for each in accumulations_on(local_day(at)) if each.measure == measure), 0)
    return _open(
        person, source, source_id, rule, department, Measure(measure), points, [], by=by, at=at, key=key, reason=reason
    )


def _by_rules(
    person: int, source: Source, source_id: int, rule: str, department: int, at: datetime, *, by: Actor = PLATFORM,
    key: UUID | None = None, reason: str = "",
) -> Moved | None:  # fmt: skip
    day = local_day(at)
    known = happenings_of(person)
    if (source.value, source_id) not in {(each.source, pk) for each, pk in known}:
        known = (*known, (Happening(source.value, rule, day), source_id))
    newest = {source.value} | ({Source.MEASURE.value} if source is Source.MEASURE else set())
    reached = [a for a in rules.called_for([h for h, _ in known], accumulations_on(day), day) if a.source in newest]
    fitting = next((each for each in reached if each.rule in ("", rule)), None)
    if fitting is None or _called_already(person, source, source_id):
        return None
    since = rules.months_before(day, fitting.months)
    counted = [
        {"source": h.source, "id": pk, "rule": h.rule, "on": h.on.isoformat()}
        for h, pk in known
        if h.source == fitting.source and fitting.rule in ("", h.rule) and since < h.on <= day
    ]
    why = reason or f"{fitting.label}，共 {len(counted)} 件。"
    return _open(
        person, source.value, source_id, fitting.code, department, fitting.measure, fitting.points, counted, by=by, at=at,
        key=key, reason=why,
    )  # fmt: skip


def _called_already(person: int, source: Source, source_id: int) -> bool:
    rows = models.Accountability.objects.filter(person=person, source_kind=source.value, source_id=source_id)
    return rows.filter(standing=True).exists()


@transaction.atomic
def _open(
    person: int, source: str, source_id: int, rule: str, department: int, measure: Measure, points: int,
    counted: Iterable[Mapping[str, Any]], *, by: Actor, at: datetime, key: UUID | None, reason: str,
) -> Moved:  # fmt: skip
    if org.staff_card(person) is None:
        raise NotAllowed("只能对工作人员提出问责。请核对责任人。")
    # No name in the title: lists of matters are seen by more people than this record may be.
    matter, fresh = matters.open_matter(
        kind=PROCEDURE.kind, state=procedure.DRAFT, department=department, item_version=None, title=PROCEDURE.label,
        by=by.account, at=at, key=key,
    )  # fmt: skip
    if fresh:
        _write(matter, person, source, source_id, rule, measure, points, counted, at)
    row = models.Accountability.objects.get(matter_id=matter)
    texts = {"person": str(person), "source": f"{source}:{source_id}", "measure": measure.value, "reason": reason}
    change = terms.starting(at, said.hashes(row.salt, texts), statement=terms.in_force().appeal_days)
    return said.keep(move(reads.file(matter, key=key), "propose", by=by, at=at, change=change, key=key), texts)


def _write(
    matter: int, person: int, source: str, source_id: int, rule: str, measure: Measure, points: int,
    counted: Iterable[Mapping[str, Any]], at: datetime,
) -> None:  # fmt: skip
    try:
        with transaction.atomic():
            models.Accountability.objects.create(
                matter_id=matter, person=person, source_kind=source, source_id=source_id, rule=rule,
                sources=list(counted), proposed=measure.value, proposed_points=points, proposed_at=at, salt=said.salt(),
            )  # fmt: skip
    except IntegrityError:
        raise NotAllowed("对同一个人、同一件事已经提出过问责，不能重复提出。请打开原来的记录。") from None


# --- who may see it ---------------------------------------------------------------------------------------------------
def may_see(person: int, department: int, account: int, on: date) -> bool:
    """Tell whether somebody may read a record: the person, her head, the efficiency office, discipline inspection."""
    if person == account:
        return True
    if org.reach_of(account, [Role.SUPERVISOR, Onlooker.DISCIPLINE], on).covers(department):
        return True
    return any(held.role is Role.HEAD for held in org.roles_of(account, department, on))


def load(
    number: int | str, by: Actor, at: datetime, key: UUID | None = None
) -> tuple[MatterFile, models.Accountability]:
    """Return a record that somebody may see.

    :raises NotFound: there is none, or it is not hers to see; the answer does not say which.
    """
    try:
        file = reads.file(number, key=key, by=by.account, on=local_day(at))
    except NotFound:
        raise NotFound(NO_SUCH) from None
    row = models.Accountability.objects.filter(matter_id=file.id).first()
    if row is None or not may_see(row.person, file.department, by.account, local_day(at)):
        raise NotFound(NO_SUCH)
    return file, row


def _acting(row: models.Accountability, by: Actor) -> Actor:
    return Actor(by.account, by.name, frozenset({Role.CONCERNED})) if row.person == by.account else by


def _go(
    number: int | str, name: str, by: Actor, at: datetime, key: UUID | None, texts: Mapping[str, str],
    check: Callable[[MatterFile, models.Accountability], str] = lambda file, row: "", **days: int,
) -> tuple[Moved, models.Accountability]:  # fmt: skip
    file, row = load(number, by, at, key)
    if file.replay is None:
        responsible.refuse_own(name, by.account, file.department, local_day(at))
    if file.replay is None and (why := check(file, row)):
        raise NotAllowed(why)
    change = terms.starting(at, said.hashes(row.salt, texts), **days)
    moved = move(file, name, by=_acting(row, by), at=at, change=change, key=key)
    return said.keep(moved, texts), row


@transaction.atomic
def speak(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """State one's case before a decision.

    :raises NotFound: the record is not about this person, or hers to see.
    """
    texts = {"text": said.wanted("陈述申辩", text)}
    return _go(number, "speak", by, at, key, texts, verification=terms.in_force().verify_days)[0]


def _not_yet(by: Actor, at: datetime) -> Callable[[MatterFile, models.Accountability], str]:
    def check(file: MatterFile, row: models.Accountability) -> str:
        window = file.clock(ClockName.STATEMENT)
        if row.person == by.account:
            return "不能决定对自己的问责。请转给另一名监察员。"
        if by.account in file.actors.get("propose", ()):
            return "建议是您提出的，要由另一名监察员来决定。请转给同事。"
        early = file.state == procedure.PROPOSED and window and window.red_at and at <= window.red_at
        return "本人的陈述申辩期限还没有到。请等本人陈述或者期限届满以后再决定。" if early else ""

    return check


@transaction.atomic
def decide(
    number: int | str, *, measure: str, points: int, reason: str, by: Actor, at: datetime, key: UUID | None = None
) -> Moved:
    """Decide on a measure, which may be another than the one proposed.

    :raises NotAllowed: the person has not been heard and may still speak, or the same person proposed it.
    """
    if measure not in set(Measure):
        raise NotAllowed("请选择处理方式。")
    if not 0 <= points <= MOST_POINTS:
        raise NotAllowed(f"扣分应为 0 到 {MOST_POINTS} 的整数。请更正。")
    texts = {"measure": measure, "points": str(points), "reason": said.wanted("决定的理由", reason)}
    moved, row = _go(number, "decide", by, at, key, texts, _not_yet(by, at), appeal=terms.in_force().appeal_days)
    if not moved.replayed:
        row.measure, row.points, row.decided_on = measure, points, local_day(at)
        row.save(update_fields=["measure", "points", "decided_on"])
    return moved


@transaction.atomic
def dismiss(number: int | str, *, reason: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Decide not to call somebody to account.

    :raises NotAllowed: no reason is given, or the same person proposed it.
    """
    moved, row = _go(number, "dismiss", by, at, key, {"reason": said.wanted("理由", reason)}, _others(by))
    _no_longer(row)
    return moved


def _others(by: Actor) -> Callable[[MatterFile, models.Accountability], str]:
    def check(file: MatterFile, row: models.Accountability) -> str:
        if row.person == by.account:
            return "不能决定对自己的问责。请转给另一名监察员。"
        done = by.account in (*file.actors.get("propose", ()), *file.actors.get("decide", ()))
        return "这份问责是您提出或者决定的，要由另一名监察员来办。请转给同事。" if done else ""

    return check


@transaction.atomic
def appeal(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Appeal against a decision about oneself.

    :raises NotAllowed: the time for it has passed.
    """

    def check(file: MatterFile, row: models.Accountability) -> str:
        window = file.clock(ClockName.APPEAL)
        over = window and window.red_at and at > window.red_at
        return "申诉期限已经过了，决定即将生效。新的情况可以直接向效能办反映。" if over else ""

    texts = {"text": said.wanted("申诉理由", text)}
    return _go(number, "appeal_decision", by, at, key, texts, check, verification=terms.in_force().verify_days)[0]


@transaction.atomic
def uphold(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Uphold a decision after an appeal; by another person than the one who decided."""
    moved, row = _go(number, "uphold", by, at, key, {"opinion": said.wanted("复核意见", opinion)}, _others(by))
    _follow(row, at)
    return moved


@transaction.atomic
def revoke(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Revoke a decision after an appeal: its points are restored, its history stays."""
    moved, row = _go(number, "revoke", by, at, key, {"opinion": said.wanted("复核意见", opinion)}, _others(by))
    _no_longer(row)
    return moved


def settle_what_is_final(now: Callable[[], datetime]) -> int:
    """Let the decisions become final that nobody appealed against in time, and return how many."""
    return sum(_settle(matter, now()) for matter in terms.over(PROCEDURE.kind, procedure.DECIDED, now()))


def _settle(matter: int, at: datetime) -> int:
    try:
        with transaction.atomic():
            move(reads.file(matter), "settle", by=PLATFORM, at=at, change=Change())
            _follow(models.Accountability.objects.get(matter_id=matter), at)
    except NotAllowed:  # somebody else was first
        return 0
    return 1


def fall_with(source: str, source_id: int, *, at: datetime) -> None:
    """Take back what rests on a source that no longer stands."""
    resting = Q(source_kind=source, source_id=source_id) | Q(sources__contains=[{"source": source, "id": source_id}])
    for row in models.Accountability.objects.filter(resting, standing=True).select_related("matter"):
        if row.matter.state in (*(state.code for state in PROCEDURE.states if not state.closed), procedure.FINAL):
            move(reads.file(row.matter_id), "fall", by=PLATFORM, at=at, change=Change())
            _no_longer(row)
            fall_with(Source.MEASURE.value, row.matter_id, at=at)


def _no_longer(row: models.Accountability) -> None:
    models.Accountability.objects.filter(matter_id=row.matter_id).update(standing=False)


def _follow(row: models.Accountability, at: datetime) -> None:
    """Look whether a measure that became final adds up with earlier ones to a graver one."""
    file = reads.file(row.matter_id)
    _by_rules(row.person, Source.MEASURE, row.matter_id, row.measure, file.department, at)

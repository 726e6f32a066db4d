"""Interested parties and hearings: who is told, who is heard, when, led by whom, and what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads, sessions
from xiaoneng.approval.actions import beside
from xiaoneng.approval.actions.apply import as_applicant
from xiaoneng.approval.sessions import Kind
from xiaoneng.matters.move import Actor, Moved, StartOf
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import proceedings as rules
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures.proceedings import HEARING_ANNOUNCEMENT, HEARING_ON_REQUEST, HEARING_PUBLIC
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day, receipt_day

PARTY, APPLICANT = "party", "applicant"
ASKED_BY = {APPLICANT: "申请人", PARTY: "利害关系人"}


@transaction.atomic
def inform_parties(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, parties: str, interest: str, hearing: bool = True
) -> Moved:
    """Tell those whose major interests a licence touches of their rights; the right to a hearing has its five days.

    :param parties: one a line; the names are kept beside the journal.
    :raises Obstructed: nobody is named, or not what touches them.
    """
    file = reads.load(which, key, by=by, at=at)
    named = beside.lines_of(parties)
    beside.refuse(
        file, rules.needed(parties, "parties", "利害关系人"), rules.needed(interest, "interest", "涉及的利益")
    )
    started = {ClockName.HEARING_REQUEST: StartOf(rules.HEARING_REQUEST, local_day(at))} if hearing else {}
    facts = {"count": len(named), "interest": interest.strip(), "hearing": hearing}
    said = {"parties": "\n".join(named)}
    return beside.made(file, "inform_parties", by, at, key, facts=facts, said=said, starts=started)


@transaction.atomic
def record_statement(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, speaker: str, statement: str, answer: str
) -> Moved:
    """Put on record what the applicant or an interested party states in defence, and what came of it.

    :raises Obstructed: speaker, statement or answer is missing.
    """
    file = reads.load(which, key, by=by, at=at)
    beside.refuse(
        file, rules.needed(speaker, "speaker", "谁陈述申辩"), rules.needed(statement, "statement", "陈述申辩的内容"),
        rules.needed(answer, "answer", "是否采纳及其理由"),
    )  # fmt: skip
    said = {"speaker": speaker, "statement": statement}
    return beside.made(file, "record_statement", by, at, key, facts={"answer": answer.strip()}, said=said)


@transaction.atomic
def request_hearing(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, asked_by: str = APPLICANT, note: str = ""
) -> Moved:
    """Put on record that somebody asks for a hearing: from the day of receipt there are twenty days to hold it.

    :raises Obstructed: the five days after being told are over.
    :raises NotAllowed: a hearing is asked for or arranged already.
    """
    file = reads.load(which, key, by=by, at=at)
    told, asked = file.clock(ClockName.HEARING_REQUEST), file.clock(ClockName.HEARING)
    if asked is not None and asked.state != "stopped" and file.replay is None:
        raise NotAllowed(f"办件 {file.called} 已经登记了听证申请，请安排听证或者决定不予听证。")
    beside.refuse(file, rules.to_hearing_request(told.red_at if told else None, at))
    day = receipt_day(at, file.rules.calendar, file.rules.hours)
    facts = {"asked_by": asked_by if asked_by in ASKED_BY else PARTY, "received_on": day.isoformat()}
    started = {ClockName.HEARING: StartOf(rules.HEARING, day)}
    person = as_applicant(file, by)
    return beside.made(file, "request_hearing", person, at, key, facts=facts, said={"note": note}, starts=started)


def decline_hearing(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str, given_up: bool = False
) -> Moved:
    """Tell whoever asked for a hearing why there will be none.

    :param given_up: whoever asked gave the hearing up in writing; else one told of the right to it must have it.
    :raises Obstructed: no reason is written, or the hearing must be held.
    :raises NotAllowed: nobody asked for one.
    """
    file = reads.load(which, key, by=by, at=at)
    asked = file.clock(ClockName.HEARING)
    if file.replay is None and (asked is None or asked.state == "stopped"):
        raise NotAllowed(f"办件 {file.called} 没有待答复的听证申请，不用作出不予听证的答复。")
    told = file.clock(ClockName.HEARING_REQUEST) is not None
    beside.refuse(
        file, rules.needed(reason, "reason", "不予听证的理由", HEARING_ON_REQUEST),
        rules.to_declining(told=told, given_up=given_up),
    )  # fmt: skip
    facts = {"reason": reason.strip()} | ({"given_up": True} if given_up else {})
    return beside.made(file, "decline_hearing", by, at, key, facts=facts)


@transaction.atomic
def schedule_hearing(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, starts_at: datetime | None, place: str, chair: int,
    public: bool = True, reason: str = "",
) -> Moved:  # fmt: skip
    """Arrange a hearing: seven working days' notice, and a chair who has not reviewed the case.

    :raises Obstructed: what stands against it; every obstacle at once.
    :raises NotAllowed: a hearing is arranged already.
    """
    file = reads.load(which, key, by=by, at=at)
    beside.refuse_second(file, Kind.HEARING)
    serving = sessions.who_may_serve(file)
    plan = rules.HearingPlan(starts_at, place, chair, chair in serving, file.actors.get("review", ()))
    needs = () if public else rules.needed(reason, "reason", "不公开举行的理由", HEARING_PUBLIC)
    beside.refuse(file, rules.to_hearing(plan, local_day(at), file.rules.calendar), needs)
    facts: dict[str, Any] = {
        "starts_at": beside.instant(starts_at or at), "place": place.strip(), "chair": chair, "public": public,
        "reason": reason.strip(),
    }  # fmt: skip
    announced = (HEARING_ANNOUNCEMENT,) if public else ()
    moved = beside.made(file, "schedule_hearing", by, at, key, facts=facts, further=announced)
    return beside.arrange(moved, Kind.HEARING, starts_at or at, place, [chair])


@transaction.atomic
def record_hearing(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, attendees: str, transcript: str, signed: bool
) -> Moved:
    """Put the signed transcript of a hearing on record; the decision must rest on it.

    :raises Obstructed: attendees, transcript or signatures are missing, or the hearing has not been held.
    :raises NotAllowed: none is arranged.
    """
    file = reads.load(which, key, by=by, at=at)
    held = beside.arranged(file, Kind.HEARING)
    present = beside.lines_of(attendees)
    beside.refuse(file, rules.to_transcript(transcript, present, signed, held is None or held.starts_at <= at))
    facts = {
        "held": held.seq if held else 0, "chair": held.people[0] if held else 0, "place": held.place if held else "",
        "count": len(present), "signed": signed,
    }  # fmt: skip
    said = {"attendees": "\n".join(present), "transcript": transcript}
    moved = beside.made(file, "record_hearing", by, at, key, facts=facts, said=said)
    return beside.ended(moved, Kind.HEARING, sessions.State.HELD)


def first_day_of_hearing(file: MatterFile, at: datetime) -> str:
    """Return the first day on which a hearing may be held whose notice goes out now, as a form's field wants it."""
    return rules.first_day_of_hearing(local_day(at), file.rules.calendar).isoformat()

"""The ladder of reminders: each rung is told once, whoever is late in telling it, and every answer is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from xiaoneng.approval.models import Claim
from xiaoneng.org import reads as org
from xiaoneng.people import reads as people
from xiaoneng.rules import cards as rules
from xiaoneng.rules import urging
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.roles import BY_NATURE
from xiaoneng.rules.urging import Call, Rung
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models, said, terms
from xiaoneng.trail import actions as records
from xiaoneng.trail.actions import By

LONGEST = 500
# Open matters that have turned yellow and have fewer reminders than rungs; who is paused is left in peace.
_BEHIND = """
SELECT m.id, m.department_id, m.desk, m.yellow_at, m.red_at FROM matter m
WHERE NOT m.closed AND m.version > 0 AND NOT m.paused AND m.red_at IS NOT NULL
  AND (m.yellow_at <= %(now)s OR m.red_at < %(now)s) AND m.kind <> ALL (%(never)s)
  AND (SELECT count(*) FROM supervision_reminder r WHERE r.about_id = m.id AND r.red_at = m.red_at)
      < CASE WHEN m.red_at < %(now)s THEN %(rungs)s ELSE 1 END
ORDER BY m.red_at, m.id"""
BATCH = 1000


def ladder() -> tuple[Rung, ...]:
    """Return the ladder as it is set; none while reminders are switched off."""
    known = terms.in_force()
    return urging.ladder(known.urge_deputy, known.urge_head, known.urge_supervisor) if known.urge_on else ()


@dataclass
class _Telling:
    """Who is to be told in one run: colleagues at a desk are asked for once."""

    day: date
    claims: dict[tuple[int, str], int]
    known: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def recipients(self, matter: int, department: int, desk: str, rung: Rung) -> list[int]:
        """Return the accounts that a rung is told by."""
        if rung.who == urging.HANDLER:
            claimed = self.claims.get((matter, desk))
            if claimed is not None:
                return [claimed]
        role = desk if rung.who == urging.HANDLER else rung.who
        if not role or role in BY_NATURE:
            return []
        if (role, department) not in self.known:
            self.known[role, department] = sorted(org.nearest_at(role, department, self.day))
        return self.known[role, department]


def remind_who_is_due(now: Callable[[], datetime]) -> int:
    """Put every reminder on record that has come due, with the instant at which it did, and return how many are new."""
    rungs = ladder()
    if not rungs:
        return 0
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, {"now": at, "never": list(rules.NEVER_ABOUT), "rungs": len(rungs)})
        behind = cursor.fetchall()
    return sum(_remind(behind[start : start + BATCH], rungs, at) for start in range(0, len(behind), BATCH))


Behind = tuple[int, int, str, datetime | None, datetime]


def _remind(behind: list[Behind], rungs: tuple[Rung, ...], at: datetime) -> int:
    ids = [row[0] for row in behind]
    told = set(models.Reminder.objects.filter(about_id__in=ids).values_list("about_id", "red_at", "rung"))
    claims = Claim.objects.filter(matter_id__in=ids, until__isnull=True).values_list("matter_id", "desk", "account_id")
    telling = _Telling(local_day(at), {(matter, desk): account for matter, desk, account in claims})
    calendars = org.calendars_of(row[1] for row in behind)
    fresh = [
        _reminder(matter, department, desk, red_at, call, telling, at)
        for matter, department, desk, yellow_at, red_at in behind
        for call in urging.called_for(rungs, yellow_at, red_at, at, *calendars[department])
        if (matter, red_at, call.rung.number) not in told
    ]
    # Two workers may be at it at once: the constraint lets each reminder stand once.
    models.Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _reminder(
    matter: int, department: int, desk: str, red_at: datetime, call: Call, telling: _Telling, at: datetime
) -> models.Reminder:
    return models.Reminder(
        about_id=matter, rung=call.rung.number, who=call.rung.who, red_at=red_at, due_at=call.due_at, recorded_at=at,
        recipients=telling.recipients(matter, department, desk, call.rung),
    )  # fmt: skip


def answer(reminder: int, *, text: str, by: int, at: datetime) -> None:
    """Answer a reminder: why, and what will be done by when; an answer is given once.

    :raises NotFound: there is no such reminder for this person.
    :raises NotAllowed: nothing is said, or somebody answered already.
    """
    text = said.wanted("答复", text)[:LONGEST]
    mine = models.Reminder.objects.filter(pk=reminder, recipients__contains=[by])
    if not mine.exists():
        raise NotFound("没有这条提醒，或者它不是发给您的。请刷新页面。")
    with transaction.atomic():
        if not mine.filter(answer="").update(answer=text, answered_by=by, answered_at=at):
            raise NotAllowed("这条提醒刚刚已经有人答复，不用再答。请刷新页面看最新情况。")
        records.note_change(
            By(by, people.login_of(by).name), "答复催办提醒", "", key=f"reminder:{reminder}", at=at,
            after={"答复的哈希": hashlib.sha256(text.encode()).hexdigest()},
        )  # fmt: skip

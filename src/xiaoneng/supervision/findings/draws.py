"""Random samples for checking: drawn by a seed that is on record, so that anybody can draw the same again."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.supervision import models

MOST = 100
# The order of the hashes is the order of the draw: sha256 of the seed, a colon and the number of the case's row.
_DRAWN = """
SELECT m.id, count(*) OVER () FROM matter m
WHERE m.kind = 'application' AND (%(department)s::bigint IS NULL OR m.department_id = %(department)s::bigint)
  AND (%(everywhere)s OR m.department_id = ANY (%(reach)s::bigint[]))
  AND EXISTS (SELECT 1 FROM entry e WHERE e.matter_id = m.id AND e.move IN ('grant', 'refuse')
    AND e.recorded_at >= %(since)s AND e.recorded_at < %(until)s)
ORDER BY sha256(convert_to(%(seed)s || ':' || m.id, 'UTF8')), m.id LIMIT %(wanted)s"""


@transaction.atomic
def draw(
    *, since: date, until: date, wanted: int, by: Actor, at: datetime, department: int | None = None, seed: str = ""
) -> models.AuditDraw:
    """Draw a sample of the cases decided in a span of days within a supervisor's reach, and keep it with its seed.

    :param seed: as agreed or announced; else one that nobody could foresee.
    :raises NotAllowed: the person is no supervisor, the span is none, or nothing was decided in it.
    """
    if not 0 < wanted <= MOST:
        raise NotAllowed(f"抽取件数应为 1 到 {MOST}。请更正。")
    if until < since or until > local_day(at):
        raise NotAllowed("起止日期不对：截止日不能早于起始日，也不能晚于今天。")
    reach = org.reach_of(by.account, [Role.SUPERVISOR], local_day(at))
    seed = seed.strip()[:64] or secrets.token_hex(8)
    cases, population = _drawn(reach, since, until, wanted, department, seed)
    if not cases:
        raise NotAllowed("这段时间里没有您可以抽查的已决定办件。请换一段时间或者换一个单位。")
    return models.AuditDraw.objects.create(
        seed=seed, wanted=wanted, since=since, until=until, department_id=department, population=population,
        cases=list(cases), drawn_at=at, drawn_by=by.account,
    )  # fmt: skip


def _drawn(
    reach: org.Reach, since: date, until: date, wanted: int, department: int | None, seed: str
) -> tuple[tuple[int, ...], int]:
    values = {
        "department": department, "everywhere": reach.everywhere, "reach": list(reach.departments), "seed": seed,
        "since": start_of_day(since), "until": start_of_day(until + timedelta(days=1)), "wanted": wanted,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, values)
        rows = cursor.fetchall()
    return tuple(row[0] for row in rows), int(rows[0][1]) if rows else 0

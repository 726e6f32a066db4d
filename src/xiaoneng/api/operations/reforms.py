"""The measures of the reform: rates by department with their goals, and what was cut since a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import Answer
from xiaoneng.api.scopes import Scope
from xiaoneng.catalogue import measures
from xiaoneng.org import reads as org
from xiaoneng.rules.roles import ON_LISTS, Role
from xiaoneng.rules.workdays import CHINA, local_day
from xiaoneng.supervision import on_the_spot
from xiaoneng.supervision.on_the_spot import OnTheSpot

room = Room(tags=["效能监察"])
DOOR = Bearer(Scope.SUPERVISION_READ)
EARLIEST = date(1949, 10, 1)


class RateTold(Answer):
    """So many of so many."""

    n: int
    of: int


class DepartmentMeasured(Answer):
    """A department's rates; what is exempt by law stands outside the denominators of the first three."""

    department: int
    name: str
    items: int
    exempt: int
    stationed: RateTold
    authorised: RateTold
    concentrated: RateTold
    compression: float | None = Field(description="承诺时限比法定时限平均缩短的比例；没有可比的为空")
    decided: int
    on_the_spot: int


class CutTold(Answer):
    """A measure before and after, over the items that changed."""

    name: str
    label: str
    before: float
    after: float
    items: int


class ReformsTold(Answer):
    """The measures since a day."""

    since: date
    departments: list[DepartmentMeasured]
    cuts: list[CutTold]


@room.reads(
    "/supervision/reforms", ReformsTold, door=DOOR, summary="改革成效：进驻、授权、集中、压缩、当场办结、三减一加"
)
def read_reforms(request: HttpRequest, since: Annotated[date | None, Query()] = None) -> ReformsTold:
    """Tell the rates of the departments within the caller's reach, and what was cut since a day (a year ago if none)."""
    caller = caller_of(request)
    begins = since_of(caller, since)
    reach = org.reach_of(caller.account, (*ON_LISTS, Role.SUPERVISOR), local_day(caller.now))
    within = None if reach.everywhere else reach.departments
    spots = {row.department: row for row in on_the_spot.by_department(begins, caller.now, within)}
    nothing = OnTheSpot(0, "", 0, 0)
    rows = [
        DepartmentMeasured(
            department=r.department, name=r.name, items=r.items, exempt=r.exempt, compression=r.compression,
            stationed=RateTold(n=r.stationed.n, of=r.stationed.of), authorised=RateTold(n=r.authorised.n, of=r.authorised.of),
            concentrated=RateTold(n=r.concentrated.n, of=r.concentrated.of),
            decided=spots.get(r.department, nothing).decided, on_the_spot=spots.get(r.department, nothing).on_the_spot,
        )
        for r in measures.by_department(measures.measures(caller.now, within))
    ]  # fmt: skip
    cuts = [
        CutTold(name=c.name, label=c.label, before=c.before, after=c.after, items=c.items)
        for c in measures.sums(measures.cuts(begins, caller.now, within))
    ]
    return ReformsTold(since=local_day(begins), departments=rows, cuts=cuts)


def since_of(caller: Caller, since: date | None) -> datetime:
    """Return the end of the day since which change is told: a year ago, where none or no possible one is named."""
    today = local_day(caller.now)
    day = since if since and EARLIEST <= since <= today else today - timedelta(days=365)
    return datetime.combine(day, time(23, 59, 59), CHINA)

"""Questions about imported history: its logs, its cases, their whole stories. Statistics of its own, never mixed with ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from xiaoneng.history.models import Case, Log
from xiaoneng.history.reading.meaning import unpacked
from xiaoneng.rules.grounds import NotFound

NO_LOG = "没有导入过这份日志。请从历史日志列表里选择。"
NO_CASE = "这份日志里没有这一件。请从办件列表里选择。"
DAY = 86400


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log as a list shows it."""

    id: int
    name: str
    mapping: str
    source: str
    taken_in_at: datetime
    by_day: bool
    cases: int
    events: int


def logs() -> tuple[LogLine, ...]:
    """Return the logs that were taken in, the newest first."""
    rows = Log.objects.annotate(n=Count("cases"), steps=Sum("cases__events")).order_by("-taken_in_at", "name")
    return tuple(
        LogLine(row.pk, row.name, row.mapping, row.source, row.taken_in_at, row.by_day, row.n, row.steps or 0)
        for row in rows
    )


def log(which: int) -> LogLine:
    """Return one log.

    :raises NotFound: there is none of this id.
    """
    for each in logs():
        if each.id == which:
            return each
    raise NotFound(NO_LOG)


@dataclass(frozen=True, slots=True)
class Story:
    """A case with its events as its source tells them; `at` stands beside the events, None where there was no stamp."""

    matter: int
    name: str
    attributes: dict[str, str]
    roles: dict[str, list[str]]
    columns: list[str]
    rows: list[list[str | None]]
    at: list[str | None]
    due: dict[str, str]
    times: dict[str, str]

    def column(self, meaning: str) -> list[str]:
        """Return for each event what it says of something: the best of the attributes that mean it."""
        places = [self.columns.index(name) for name in self.roles.get(meaning, ())]
        if len(places) == 1:
            only = places[0]
            return [row[only] or "" for row in self.rows]
        return [next((text for place in places if (text := row[place])), "") for row in self.rows]


_STORIES = """
SELECT m.id, e.body FROM history_case c JOIN matter m ON m.id = c.matter_id
JOIN entry e ON e.matter_id = m.id AND e.seq = m.version WHERE c.log_id = %s {more} ORDER BY m.id"""


def stories(which: int) -> Iterator[Story]:
    """Give the stories of a log's cases, in the order in which they were taken in."""
    yield from _stories("", [which])


def story(which: int, matter: int) -> Story:
    """Return the story of one case.

    :raises NotFound: the log has no such case.
    """
    found = next(_stories("AND m.id = %s", [which, matter]), None)
    if found is None:
        raise NotFound(NO_CASE)
    return found


def _stories(more: str, values: list[int]) -> Iterator[Story]:
    with connection.cursor() as cursor:
        cursor.execute(_STORIES.format(more=more), values)
        while rows := cursor.fetchmany(200):
            for matter, body in rows:
                yield story_of(matter, body)


def story_of(matter: int, body: str) -> Story:
    """Return the story that an entry tells."""
    what = orjson.loads(body)["what"]
    steps = unpacked(what["events"])
    return Story(
        matter, what["case"], what["attributes"], what["roles"], what["columns"], steps["rows"], steps["at"], steps["due"],
        what["times"],
    )  # fmt: skip


def cases(which: int) -> QuerySet[Case]:
    """Return the cases of a log."""
    return Case.objects.filter(log_id=which)


@dataclass(frozen=True, slots=True)
class AsOf:
    """A log's open cases at an instant, by their own deadlines: past it, within the warning days before it, others."""

    open: int
    red: int
    yellow: int


def as_of(which: int, at: datetime) -> AsOf:
    """Count the cases of a log that were open at an instant; a log that tells no ends has none to count."""
    rows = cases(which)
    days = Log.objects.values_list("warning_days", flat=True).get(pk=which)
    standing = rows.filter(started_at__lte=at).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
    found = standing.aggregate(
        open=Count("matter_id"),
        red=Count("matter_id", filter=Q(due_at__lt=at)),
        yellow=Count("matter_id", filter=Q(due_at__gte=at, due_at__lte=at + timedelta(days=days))),
    )
    return AsOf(**found)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a log says of its cases, by its own words and its own deadlines."""

    cases: int
    events: int
    ended: int
    still_open: int
    with_due: int
    ended_late: int
    ended_in_time: int
    median_days: float | None
    mean_days: float | None
    fees: int
    fee_sum: float
    incomplete: int
    several_parts: int
    status: dict[str, int]
    channels: dict[str, int]
    late_by_responsible: dict[str, int]


_DURATION = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d), avg(d) FROM (
  SELECT extract(epoch FROM ended_at - started_at) / 86400 AS d FROM history_case
  WHERE log_id = %s AND ended_at >= started_at) t"""


def figures(which: int) -> Figures:
    """Return the figures of a log's cases."""
    rows = cases(which)
    found = rows.aggregate(
        cases=Count("matter_id"),
        events=Sum("events"),
        ended=Count("matter_id", filter=Q(ended_at__isnull=False)),
        still_open=Count("matter_id", filter=Q(ended_at__isnull=True)),
        with_due=Count("matter_id", filter=Q(due_at__isnull=False)),
        ended_late=Count("matter_id", filter=Q(late=True)),
        ended_in_time=Count("matter_id", filter=Q(late=False, ended_at__isnull=False, due_at__isnull=False)),
        fees=Count("matter_id", filter=Q(told__has_key="fee")),
        incomplete=Count("matter_id", filter=Q(told__complete=False)),
        several_parts=Count("matter_id", filter=Q(told__parts__1__isnull=False)),
    )
    with connection.cursor() as cursor:
        cursor.execute(_DURATION, [which])
        half, mean = cursor.fetchone()
        cursor.execute("SELECT coalesce(sum((told ->> 'fee')::float), 0) FROM history_case WHERE log_id = %s", [which])
        fee_sum = cursor.fetchone()[0]
    return Figures(
        **found | {"events": found["events"] or 0},
        median_days=None if half is None else float(half),
        mean_days=None if mean is None else float(mean),
        fee_sum=fee_sum,
        status=_tally(rows, "status"),
        channels=_tally(rows, "channel"),
        late_by_responsible=_tally(rows.filter(late=True), "responsible"),
    )


def _tally(rows: QuerySet[Case], what: str) -> dict[str, int]:
    counted: Any = rows.filter(told__has_key=what).values(said=F(f"told__{what}")).annotate(n=Count("matter_id"))
    return {row["said"]: row["n"] for row in counted.order_by("-n", "said")}


def name_of_source(matter: int) -> str:
    """Return the source that an imported case's newest entry names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source FROM entry WHERE matter_id = %s ORDER BY seq DESC LIMIT 1", [matter])
        row = cursor.fetchone()
    return row[0] if row else ""

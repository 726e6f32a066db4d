"""The SQL that the tallies share: from what an entry says of a matter to what it adds to the lights, instant by instant.

An open matter is green or paused from the first instant on; an unpaused one turns yellow at its yellow instant, and any
one turns red right after its red instant, since deciding exactly then is on time. So the lights of any moment are the
sum of all turns up to it, and a matter that changes takes its old turns back and brings its new ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from xiaoneng.rules.milestones import Milestones, milestones, supervised

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # the first instant: before anything turns

# Of a matter's row `m`, and of an entry's facts `{e}.facts`.
OF_MATTER = """m.yellow_at, m.red_at, m.paused, (m.kind || '/' || m.state) <> ALL (%(after)s) AS undecided"""
OF_ENTRY = """({e}.facts ->> 'yellow_at')::timestamptz AS yellow_at, ({e}.facts ->> 'red_at')::timestamptz AS red_at,
  ({e}.facts ->> 'paused')::boolean AS paused, (m.kind || '/' || ({e}.facts ->> 'to')) <> ALL (%(after)s) AS undecided"""

# For rows `c` with a sign and the columns above: the turns that each contributes.
STEPS = """CROSS JOIN LATERAL (VALUES
  (%(epoch)s, (NOT c.paused)::int, 0, 0, c.paused::int, 0),
  (CASE WHEN NOT c.paused AND (c.red_at IS NULL OR c.yellow_at <= c.red_at) THEN c.yellow_at END, -1, 1, 0, 0, 0),
  (c.red_at + interval '1 microsecond', CASE WHEN c.paused OR c.yellow_at <= c.red_at THEN 0 ELSE -1 END,
   CASE WHEN NOT c.paused AND c.yellow_at <= c.red_at THEN -1 ELSE 0 END, 1, -c.paused::int, c.undecided::int)
) AS s (turns_at, green, yellow, red, paused, undecided_red)"""
TURNS = f"""SELECT CASE WHEN s.turns_at <= %(folded)s THEN %(epoch)s ELSE s.turns_at END AS turns_at, c.department_id, c.kind,
  sum(c.sign * s.green) AS green, sum(c.sign * s.yellow) AS yellow, sum(c.sign * s.red) AS red,
  sum(c.sign * s.paused) AS paused, sum(c.sign * s.undecided_red) AS undecided_red
FROM change c {STEPS} WHERE s.turns_at IS NOT NULL GROUP BY 1, 2, 3"""
ADD_TURNS = """INSERT INTO supervision_turn AS t
  (turns_at, department_id, kind, green, yellow, red, paused, undecided_red) {rows}
ON CONFLICT (turns_at, department_id, kind) DO UPDATE SET green = t.green + excluded.green,
  yellow = t.yellow + excluded.yellow, red = t.red + excluded.red, paused = t.paused + excluded.paused,
  undecided_red = t.undecided_red + excluded.undecided_red"""

# For entries `e` of matters `m`: what they add to the days and the months.
IN_CHINA = "(e.recorded_at AT TIME ZONE 'Asia/Shanghai')"
COUNTED = "(m.kind || '/' || e.move)"
DONE = f"""SELECT w.span, w.since, m.department_id, m.kind, count(*) FILTER (WHERE {COUNTED} = ANY (%(accepted)s)) AS accepted,
  count(*) FILTER (WHERE {COUNTED} = ANY (%(decided)s)) AS decided,
  count(*) FILTER (WHERE {COUNTED} = ANY (%(decided)s) AND NOT (e.facts ->> 'late')::boolean) AS on_time
FROM {{entries}} e JOIN matter m ON m.id = e.matter_id
CROSS JOIN LATERAL (VALUES ('day', {IN_CHINA}::date), ('month', date_trunc('month', {IN_CHINA})::date)) AS w (span, since)
WHERE {COUNTED} = ANY (%(accepted)s || %(decided)s) {{more}} GROUP BY 1, 2, 3, 4"""
ADD_DONE = """INSERT INTO supervision_done AS t (span, since, department_id, kind, accepted, decided, on_time) {rows}
ON CONFLICT (span, since, department_id, kind) DO UPDATE SET accepted = t.accepted + excluded.accepted,
  decided = t.decided + excluded.decided, on_time = t.on_time + excluded.on_time"""


@cache
def _told() -> dict[str, Milestones]:
    return {kind: milestones(procedure) for kind, procedure in supervised().items()}


def kinds_counted(kinds: Iterable[str] = ()) -> dict[str, Any]:
    """Return the values that every statement here needs: which kinds count, and which of their moves and states.

    :param kinds: these alone, as far as they carry a light; without any, all that do.
    """
    chosen = [kind for kind in kinds if kind in _told()] or list(_told())
    return {
        "kinds": chosen,
        "accepted": [f"{kind}/{move}" for kind in chosen for move in _told()[kind].accepted],
        "decided": [f"{kind}/{move}" for kind in chosen for move in _told()[kind].decided],
        "after": [f"{kind}/{state}" for kind, each in _told().items() for state in each.after],
        "epoch": EPOCH,
    }

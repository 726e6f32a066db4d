"""Further detectors: who is served out of turn, who passes a case on when it is too late, who signs unread, who answers or
holds back what is not his, and a calendar changed for a while.

Each answers what the others do: department, subject, cases, who acted, and facts.
"""

from __future__ import annotations

# An application that was overtaken by one other only, and that one overtook many: where many are overtaken by many, the
# office is slow with some; where one passes by a whole line, somebody was let through.
_QUEUE_JUMP = """
WITH decided AS MATERIALIZED (
  SELECT e.matter_id AS id, e.actor, e.at AS decided_at, e.recorded_at, m.department_id, v.item_id, a.at AS accepted_at
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN catalogue_itemversion v ON v.id = m.item_version_id
  JOIN entry a ON a.matter_id = e.matter_id AND a.move IN ('accept', 'deem_accepted')
  WHERE e.move IN ('grant', 'refuse') AND e.recorded_at <= %(now)s
    AND e.recorded_at > %(since)s - make_interval(days => %(looked_back)s)),
lines AS MATERIALIZED (SELECT DISTINCT department_id, item_id FROM decided WHERE recorded_at >= %(since)s),
waited AS MATERIALIZED (
  SELECT m.id, l.department_id, l.item_id, a.at AS accepted_at, %(now)s::timestamptz AS decided_at
  FROM lines l JOIN catalogue_itemversion v ON v.item_id = l.item_id
  JOIN matter m ON m.item_version_id = v.id AND m.department_id = l.department_id AND m.kind = 'application'
    AND NOT m.closed AND m.state IN ('reviewing', 'deciding')
  JOIN entry a ON a.matter_id = m.id AND a.move IN ('accept', 'deem_accepted')
  UNION ALL SELECT d.id, d.department_id, d.item_id, d.accepted_at, d.decided_at 
  FROM decided d JOIN lines USING (department_id, item_id)),
overtaken AS MATERIALIZED (
  SELECT w.id, min(d.id) AS by FROM waited w JOIN decided d USING (department_id, item_id)
  WHERE d.accepted_at > w.accepted_at + make_interval(days => %(later)s) AND d.decided_at < w.decided_at
  GROUP BY w.id HAVING count(*) = 1)
SELECT d.department_id, 'm:' || d.id, d.id || (array_agg(o.id ORDER BY o.id))[:50], nullif(d.actor, 0),
  jsonb_build_object('受理', d.accepted_at, '决定', d.decided_at, '越过的更早受理的件', count(*))
FROM overtaken o JOIN decided d ON d.id = o.by AND d.recorded_at >= %(since)s
WHERE NOT (SELECT (x.facts ->> 'paused')::boolean FROM entry x
           WHERE x.matter_id = o.id AND x.at <= d.decided_at ORDER BY x.seq DESC LIMIT 1)
GROUP BY d.department_id, d.id, d.actor, d.accepted_at, d.decided_at HAVING count(*) >= %(passed)s"""

# Whoever had a case for days and did nothing gives it away shortly before it turns red, that and no other, and it does.
# A token act on the last day is none, neither his nor his successor's; and one case more under it is not all that he has.
_HANDED_ON = """
WITH given AS MATERIALIZED (
  SELECT c.id, c.matter_id, c.account_id, c.since, c.until, m.department_id,
    (SELECT (p.facts ->> 'red_at')::timestamptz FROM entry p
     WHERE p.matter_id = c.matter_id AND p.at <= c.until ORDER BY p.seq DESC LIMIT 1) AS red_at
  FROM approval_claim c JOIN matter m ON m.id = c.matter_id AND m.kind = 'application'
  WHERE c.until >= %(since)s AND c.until <= %(now)s)
SELECT g.department_id, 'c:' || g.id, ARRAY[g.matter_id], g.account_id,
  jsonb_build_object('领办', g.since, '脱手', g.until, '转红', g.red_at)
FROM given g
WHERE g.red_at IS NOT NULL AND g.until > g.red_at - make_interval(hours => %(before)s)
  AND g.until - g.since >= make_interval(days => %(held)s) AND g.red_at <= %(now)s
  AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.matter_id = g.matter_id AND e.actor = g.account_id
                  AND e.at BETWEEN g.since AND g.red_at - make_interval(hours => %(before)s))
  AND (SELECT (x.facts ->> 'red_at')::timestamptz = g.red_at AND NOT (x.facts ->> 'closed')::boolean
         AND NOT (x.facts ->> 'paused')::boolean
       FROM entry x WHERE x.matter_id = g.matter_id AND x.at <= g.red_at ORDER BY x.seq DESC LIMIT 1)
  AND NOT (EXISTS (SELECT 1 FROM given o WHERE o.account_id = g.account_id AND o.until = g.until
                   AND (o.red_at IS NULL OR o.until <= o.red_at - make_interval(hours => %(before)s)))
           AND NOT EXISTS (SELECT 1 FROM approval_claim k JOIN matter n ON n.id = k.matter_id AND NOT n.closed AND n.desk = k.desk
                           WHERE k.account_id = g.account_id AND k.since <= g.until AND (k.until IS NULL OR k.until > g.until)))"""

# More decisions in a minute than anybody can read; one finding a person and day.
_UNREAD = """
WITH signed AS (
  SELECT e.actor, m.department_id, m.id, (e.recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
    count(*) OVER (PARTITION BY e.actor, m.department_id ORDER BY e.recorded_at
                   RANGE BETWEEN make_interval(mins => %(minutes)s) PRECEDING AND CURRENT ROW) AS close
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  WHERE e.move IN ('grant', 'refuse', 'not_accept') AND e.actor <> 0 AND e.recorded_at <= %(now)s
    AND e.recorded_at > %(since)s - make_interval(mins => %(minutes)s))
SELECT department_id, 'p:' || actor || ':' || day, (array_agg(DISTINCT id))[:200], actor,
  jsonb_build_object('日期', day, '最密的时候连着办了', max(close), '当天共办', count(*))
FROM signed GROUP BY department_id, actor, day HAVING max(close) >= %(signed)s"""

# A day that stood as a holiday, or not as a make-up day, for a few versions of a calendar only; and what that hid.
_CALENDAR_BACK = """
WITH flipped AS MATERIALIZED (
  SELECT d.calendar_id, d.day, d.since AS changed, d.until AS back FROM org_calendarday d
  WHERE d.kind = 'holiday' AND d.since > 1 AND d.until IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM org_calendarday s
    WHERE s.calendar_id = d.calendar_id AND s.day = d.day AND s.kind = d.kind AND s.since >= d.until)
  UNION ALL
  SELECT d.calendar_id, d.day, d.until, min(s.since) FROM org_calendarday d
  JOIN org_calendarday s ON s.calendar_id = d.calendar_id AND s.day = d.day AND s.kind = d.kind AND s.since > d.until
  WHERE d.kind = 'makeup' GROUP BY d.calendar_id, d.day, d.until)
SELECT m.department_id, 'k:' || f.calendar_id || ':' || f.day || ':' || f.changed || ':' || m.department_id,
  (array_agg(DISTINCT m.id))[:200], NULL::bigint, jsonb_build_object('日历', max(k.name), '改动的日子', f.day,
    '改于第几版', f.changed, '改回于第几版', f.back, '因此看不出超期的件', count(DISTINCT m.id))
FROM flipped f JOIN org_calendar k ON k.id = f.calendar_id JOIN org_region r ON r.calendar_id = k.id
JOIN org_department o ON o.region_id = r.id
JOIN matter m ON m.department_id = o.id AND m.kind = 'application'
JOIN entry e ON e.matter_id = m.id AND e.move = 'recalculate' AND e.calendar_version >= f.changed
  AND e.calendar_version < f.back AND e.recorded_at <= %(now)s AND e.recorded_at > %(now)s - make_interval(days => %(days)s)
JOIN entry p ON p.matter_id = m.id AND p.seq = e.seq - 1
CROSS JOIN LATERAL (SELECT (p.facts ->> 'red_at')::timestamptz AS old, (e.facts ->> 'red_at')::timestamptz AS new) red
WHERE EXISTS (SELECT 1 FROM flipped) AND red.new > red.old AND (red.old <= e.at AND red.new > e.at OR EXISTS (
  SELECT 1 FROM entry x WHERE x.matter_id = m.id AND x.seq > e.seq AND x.at > red.old AND x.at <= red.new
    AND x.move IN ('accept', 'not_accept', 'grant', 'refuse', 'terminate', 'withdraw')))
GROUP BY m.department_id, f.calendar_id, f.day, f.changed, f.back"""

# The window itself answers, with a word and no paper, what it asked for when its five days were nearly over.
_SELF_ANSWERED = """
SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], nullif(e.actor, 0),
  jsonb_build_object('告知补正', r.at, '当时转黄', p.facts ->> 'yellow_at', '代为补正', e.at)
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN entry r ON r.matter_id = e.matter_id AND r.seq = e.seq - 1 AND r.move = 'request_correction' AND r.actor = e.actor
JOIN entry p ON p.matter_id = e.matter_id AND p.seq = r.seq - 1 AND (p.facts ->> 'yellow_at')::timestamptz <= r.at
WHERE e.move = 'supplement' AND e.role = 'window' AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s
  AND jsonb_array_length(coalesce(e.facts -> 'what' -> 'files', '[]')) = 0 AND NOT e.facts -> 'what' ? 'papers'"""

# What lay complete at the window on the first day is handed in days later, by whomever: until then no clock ran. The first
# draft may have been left lying or thrown away, and the same files entered once more; where an item wants no papers,
# it was complete when it was begun.
_HELD_BACK = """
SELECT m.department_id, 'm:' || m.id, ARRAY[m.id], nullif(e.actor, 0),
  jsonb_build_object('窗口开始登记', m.opened_at, '材料录入', f.last, '登记收件', e.recorded_at)
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN approval_application p ON p.matter_id = m.id AND p.channel = 'window'
CROSS JOIN LATERAL (SELECT max(a.uploaded_at) AS own, count(DISTINCT a.sha256) AS files,
    string_agg(DISTINCT a.sha256, ',' ORDER BY a.sha256) AS said
  FROM matters_attachment a WHERE a.matter_id = m.id) o
CROSS JOIN LATERAL (SELECT least(coalesce(o.own, CASE WHEN NOT EXISTS (
    SELECT 1 FROM catalogue_material t WHERE t.version_id = m.item_version_id) THEN m.opened_at END), min(l.last)) AS last FROM (
  SELECT max(b.uploaded_at) AS last FROM matters_attachment a
  JOIN matters_attachment b ON b.sha256 = a.sha256 AND b.matter_id <> a.matter_id
  JOIN matter w ON w.id = b.matter_id AND w.version = 0 AND w.department_id = m.department_id
    AND w.item_version_id = m.item_version_id
  JOIN approval_application c ON c.matter_id = w.id AND c.channel = 'window'
  WHERE a.matter_id = m.id GROUP BY w.id, o.files HAVING count(DISTINCT b.sha256) = o.files
  UNION ALL SELECT (r.before ->> '开始登记')::timestamptz FROM trail_record r
  WHERE p.identity_mark <> '' AND r.key = 'draft:' || p.identity_mark AND r.before ->> '文件' = o.said
    AND r.at <= e.recorded_at) l) f
WHERE e.move = 'submit' AND e.role = 'window' AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s
  AND f.last < e.recorded_at - make_interval(days => %(days)s)"""

# A correction of a slip that turns the decision round.
_TURNED = """
SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], nullif(e.actor, 0),
  jsonb_build_object('文书', w.what ->> 'document', '原文', w.what ->> 'wrong', '更正为', w.what ->> 'right')
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application' CROSS JOIN LATERAL (SELECT e.facts -> 'what' AS what) w
WHERE e.move = 'correct_document' AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s
  AND (w.what ->> 'wrong' ~ '不予|不准|不同意|不批准|驳回') <> (w.what ->> 'right' ~ '不予|不准|不同意|不批准|驳回')"""

CASE = {
    "F-QUEUE-JUMP": _QUEUE_JUMP,
    "F-HANDED-ON": _HANDED_ON,
    "F-UNREAD": _UNREAD,
    "F-SELF-ANSWERED": _SELF_ANSWERED,
    "F-HELD-BACK": _HELD_BACK,
    "F-TURNED": _TURNED,
}
HABIT = {"F-CALENDAR-BACK": _CALENDAR_BACK}

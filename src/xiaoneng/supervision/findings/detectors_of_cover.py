"""Detectors of what covers lateness up: pauses that outlast what they are for, the same thing begun under another item or
as the newer of two, deliveries that reach nobody, a holiday declared after people worked on it, cases lent out, and
supervisors who spare one office.

Each answers what the others do: department, subject, cases, who acted, and facts.
"""

from __future__ import annotations

# Working days of a region's calendar after one day, up to another.
WORKING = """(SELECT count(*) FROM generate_series({after}::date + 1, {until}::date, interval '1 day') AS t (d)
  LEFT JOIN org_calendarday k ON k.calendar_id = g.calendar_id AND k.day = t.d::date AND k.until IS NULL
  WHERE coalesce(k.kind = 'makeup', extract(isodow FROM t.d) < 6))"""
LOCAL = "({at} AT TIME ZONE 'Asia/Shanghai')"

# The experts have spoken, or the hearing was held, and the clocks still stand still; where it was all over before the
# pause began, the whole pause was for nothing.
_PAUSE_IDLE = f"""
SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], nullif(e.actor, 0), jsonb_build_object(
  '种类', e.facts -> 'what' ->> 'kind', '停表', s.at, '结论登记', r.at, '恢复计时', e.at)
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN org_department o ON o.id = m.department_id JOIN org_region g ON g.id = o.region_id
CROSS JOIN LATERAL (SELECT max(r.at) AS at FROM entry r WHERE r.matter_id = e.matter_id AND r.seq < e.seq AND r.move =
  CASE e.facts -> 'what' ->> 'kind' WHEN 'hearing' THEN 'record_hearing' ELSE 'record_expert_review' END) r
CROSS JOIN LATERAL (SELECT max(s.at) AS at FROM entry s WHERE s.matter_id = e.matter_id AND s.seq < e.seq
  AND s.move = 'suspend' AND s.facts -> 'what' ->> 'kind' = e.facts -> 'what' ->> 'kind') s
WHERE e.move = 'resume' AND e.facts -> 'what' ->> 'kind' IN ('hearing', 'expert_review') AND r.at IS NOT NULL
  AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s
  AND {WORKING.format(after=LOCAL.format(at="greatest(r.at, s.at)"), until=LOCAL.format(at="e.at"))} > %(working_days)s"""

# What ended when it was nearly late comes again word for word under another item of the same office.
_OTHER_ITEM = """
WITH fresh AS MATERIALIZED (
  SELECT e.matter_id, e.at, m.department_id, v.item_id, a.identity_mark, a.payload::jsonb ->> 'content' AS content
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN approval_application a ON a.matter_id = m.id AND a.identity_mark <> ''
  JOIN catalogue_itemversion v ON v.id = m.item_version_id
  WHERE e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s AND e.move = 'submit')
SELECT f.department_id, 'm:' || f.matter_id, (array_agg(x.id ORDER BY x.at DESC))[:1] || f.matter_id,
  nullif((array_agg(x.actor ORDER BY x.at DESC))[1], 0), jsonb_build_object(
    '前一件', (array_agg(x.called ORDER BY x.at DESC))[1], '怎样结束', (array_agg(x.move ORDER BY x.at DESC))[1],
    '结束时间', max(x.at), '重报时间', f.at)
FROM fresh f CROSS JOIN LATERAL (
  SELECT w.id, coalesce(w.number, w.intake_number) AS called
  FROM approval_application b JOIN matter w ON w.id = b.matter_id AND w.department_id = f.department_id
    AND w.state IN ('withdrawn', 'terminated', 'not_accepted')
  JOIN catalogue_itemversion u ON u.id = w.item_version_id AND u.item_id <> f.item_id
  WHERE b.identity_mark = f.identity_mark AND b.identity_mark <> '' AND b.matter_id <> f.matter_id
    AND b.payload::jsonb ->> 'content' = f.content
  OFFSET 0) w CROSS JOIN LATERAL (
  SELECT w.id, w.called, x.move, x.actor, x.at FROM entry x JOIN entry p ON p.matter_id = w.id AND p.seq = x.seq - 1
  WHERE x.matter_id = w.id AND x.move IN ('withdraw', 'terminate', 'not_accept') AND x.actor <> 0
    AND x.at <= f.at AND x.at > f.at - make_interval(days => %(days)s)
    AND (p.facts ->> 'yellow_at')::timestamptz <= x.at OFFSET 0) x
GROUP BY f.department_id, f.matter_id, f.at"""

# Of two of the same, the accepted one is ended that was filed first: with the other, every clock began anew.
_OLDER_ENDED = """
SELECT m.department_id, 'm:' || m.id, ARRAY[m.id, w.id], nullif(e.actor, 0), jsonb_build_object(
  '终止的', coalesce(m.number, m.intake_number), '收件', s.at, '留下的', coalesce(w.number, w.intake_number), '后收件', t.at)
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application' AND m.number IS NOT NULL
JOIN matter w ON w.number = e.facts -> 'what' ->> 'other' OR w.intake_number = e.facts -> 'what' ->> 'other'
JOIN entry s ON s.matter_id = m.id AND s.move = 'submit' JOIN entry t ON t.matter_id = w.id AND t.move = 'submit'
WHERE e.move = 'terminate' AND e.facts -> 'what' ->> 'ground' = 'duplicate' AND t.at > s.at
  AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s"""

# The same department is asked, given up before it answers, and asked again: its delay and this one's can no more be told.
_ASKED_AGAIN = """
SELECT m.department_id, 'm:' || m.id || ':' || (e.facts -> 'what' ->> 'department'), ARRAY[m.id], nullif(max(e.actor), 0),
  jsonb_build_object('没有等到答复的次数', count(*), '起', min(e.at), '止', max(e.at))
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
WHERE e.move = 'close_consultation' AND e.recorded_at <= %(now)s AND e.matter_id IN (
  SELECT s.matter_id FROM entry s WHERE s.recorded_at >= %(since)s AND s.move = 'close_consultation')
GROUP BY m.department_id, m.id, e.facts -> 'what' ->> 'department' HAVING count(*) >= %(times)s"""

# Signed for by one of the office itself.
_OWN_HANDS = """
SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], nullif(e.actor, 0),
  jsonb_build_object('送达', e.at, '签收人的单位', coalesce(max(o.name), '经办人本人'))
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN approval_application a ON a.matter_id = m.id AND a.recipient <> ''
JOIN people_account c ON c.name = btrim(a.recipient) AND c.kind = 'staff'
LEFT JOIN org_staff s ON s.account_id = c.id AND s.department_id = m.department_id
LEFT JOIN org_department o ON o.id = s.department_id
WHERE e.move = 'deliver' AND e.facts -> 'what' ->> 'recipient' = 'other'
  AND (s.id IS NOT NULL OR c.id = e.actor) AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s
GROUP BY m.department_id, m.id, e.seq, e.actor, e.at"""

# A public notice is for whom nothing else reaches; here nothing else was tried.
_NOTICE_FIRST = """
SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], nullif(e.actor, 0),
  jsonb_build_object('公告', e.at, '地点', e.facts -> 'what' ->> 'place')
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
WHERE e.move = 'dispatch' AND e.facts -> 'what' ->> 'way' = 'public_notice'
  AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s AND NOT EXISTS (
    SELECT 1 FROM entry p WHERE p.matter_id = e.matter_id AND p.move = 'dispatch' AND p.seq < e.seq)"""

# Lent to a colleague just before it turns red, and taken back when the red light is his; the lender was there meanwhile.
_LENT = """
SELECT m.department_id, 'c:' || c.id, ARRAY[m.id], c.account_id,
  jsonb_build_object('领办', c.since, '转出', c.until, '转红', red.at, '收回', b.until)
FROM approval_claim b JOIN approval_claim c ON c.matter_id = b.matter_id AND c.until = b.since AND c.account_id <> b.account_id
JOIN approval_claim d ON d.matter_id = b.matter_id AND d.since = b.until AND d.account_id = c.account_id
JOIN matter m ON m.id = b.matter_id AND m.kind = 'application'
CROSS JOIN LATERAL (SELECT (p.facts ->> 'red_at')::timestamptz AS at FROM entry p
  WHERE p.matter_id = c.matter_id AND p.at <= c.until ORDER BY p.seq DESC LIMIT 1) red
WHERE b.until >= %(since)s AND b.until <= %(now)s AND c.until - c.since >= make_interval(days => %(held)s)
  AND red.at BETWEEN c.until AND c.until + make_interval(hours => %(before)s) AND b.until >= red.at
  AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.matter_id = m.id AND e.actor <> 0
                  AND e.at BETWEEN c.since AND red.at - make_interval(hours => %(before)s))
  AND (SELECT (x.facts ->> 'red_at')::timestamptz = red.at AND NOT (x.facts ->> 'paused')::boolean FROM entry x
       WHERE x.matter_id = m.id AND x.at <= red.at ORDER BY x.seq DESC LIMIT 1)
  AND EXISTS (SELECT 1 FROM entry e WHERE e.recorded_at > c.until AND e.recorded_at < b.until AND e.actor = c.account_id)"""

CASE = {
    "F-PAUSE-IDLE": _PAUSE_IDLE,
    "F-OTHER-ITEM": _OTHER_ITEM,
    "F-OLDER-ENDED": _OLDER_ENDED,
    "F-ASKED-AGAIN": _ASKED_AGAIN,
    "F-OWN-HANDS": _OWN_HANDS,
    "F-NOTICE-FIRST": _NOTICE_FIRST,
    "F-LENT": _LENT,
}

# One letter cannot go to several people at several places.
_ONE_LETTER = """
SELECT m.department_id, 't:' || md5(upper(e.facts -> 'what' ->> 'tracking')) || ':' || m.department_id,
  (array_agg(DISTINCT m.id))[:200], nullif((array_agg(e.actor ORDER BY e.id))[1], 0),
  jsonb_build_object('邮件号', max(e.facts -> 'what' ->> 'tracking'), '不同的申请人', count(DISTINCT a.identity_mark))
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN approval_application a ON a.matter_id = m.id
WHERE e.move = 'dispatch' AND e.facts -> 'what' ->> 'tracking' <> ''
  AND e.recorded_at <= %(now)s AND e.recorded_at > %(now)s - make_interval(days => %(days)s)
GROUP BY m.department_id, upper(e.facts -> 'what' ->> 'tracking')
HAVING count(DISTINCT a.identity_mark) >= %(times)s AND count(DISTINCT a.payload::jsonb ->> 'address') >= %(times)s"""

# The same application with the same papers, granted again and again to the same applicant: it fills figures and nothing else.
_PADDED = """
WITH granted AS MATERIALIZED (
  SELECT m.department_id, m.id, v.item_id, a.identity_mark, md5(a.payload) AS said
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN approval_application a ON a.matter_id = m.id AND a.identity_mark <> ''
  JOIN catalogue_itemversion v ON v.id = m.item_version_id
  WHERE e.move = 'grant' AND e.recorded_at <= %(now)s AND e.recorded_at > %(now)s - make_interval(days => %(days)s)),
alike AS (
  SELECT *, count(*) OVER (PARTITION BY department_id, item_id, identity_mark, said) AS n FROM granted)
SELECT department_id, 'i:' || item_id || ':' || min(id), (array_agg(id ORDER BY id))[:200], NULL::bigint,
  jsonb_build_object('同一申请人内容、材料都相同的件', count(*))
FROM (SELECT l.*, (SELECT string_agg(f.sha256, ',' ORDER BY f.sha256) FROM matters_attachment f WHERE f.matter_id = l.id) AS files
      FROM alike l WHERE l.n >= %(times)s) s
GROUP BY department_id, item_id, identity_mark, said, files HAVING count(*) >= %(times)s"""

# A day that was made a holiday when it had come or was over, though people worked on it; and what turned on time by that.
_CALENDAR_LATE = """
WITH made AS MATERIALIZED (
  SELECT d.calendar_id, d.day, d.since AS changed FROM org_calendarday d
  WHERE d.kind = 'holiday' AND d.since > 1 AND d.until IS NULL AND NOT EXISTS (
    SELECT 1 FROM org_calendarday s WHERE s.calendar_id = d.calendar_id AND s.day = d.day AND s.kind = d.kind
      AND s.until = d.since)
  UNION ALL SELECT d.calendar_id, d.day, d.until FROM org_calendarday d
  WHERE d.kind = 'makeup' AND d.until IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM org_calendarday s WHERE s.calendar_id = d.calendar_id AND s.day = d.day AND s.kind = d.kind
      AND s.since >= d.until)),
worked AS (
  SELECT f.*, (SELECT count(DISTINCT x.matter_id) FROM entry x
    JOIN matter n ON n.id = x.matter_id JOIN org_department q ON q.id = n.department_id
    JOIN org_region z ON z.id = q.region_id AND z.calendar_id = f.calendar_id
    WHERE x.actor <> 0 AND x.role <> 'applicant' AND x.recorded_at >= f.day::timestamp AT TIME ZONE 'Asia/Shanghai'
      AND x.recorded_at < (f.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AS cases FROM made f)
SELECT m.department_id, 'l:' || f.calendar_id || ':' || f.day || ':' || f.changed || ':' || m.department_id,
  (array_agg(DISTINCT m.id))[:200], NULL::bigint, jsonb_build_object('日历', max(k.name), '改成放假的日子', f.day,
    '改于第几版', f.changed, '那天照常办了的件', f.cases, '因此看不出超期的件', count(DISTINCT m.id))
FROM worked f JOIN org_calendar k ON k.id = f.calendar_id JOIN org_region r ON r.calendar_id = k.id
JOIN org_department o ON o.region_id = r.id
JOIN matter m ON m.department_id = o.id AND m.kind = 'application'
JOIN entry e ON e.matter_id = m.id AND e.move = 'recalculate' AND e.calendar_version >= f.changed
  AND e.recorded_at >= f.day::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND e.recorded_at <= %(now)s AND e.recorded_at > %(now)s - make_interval(days => %(days)s)
JOIN entry p ON p.matter_id = m.id AND p.seq = e.seq - 1 AND p.calendar_version < f.changed
CROSS JOIN LATERAL (SELECT (p.facts ->> 'red_at')::timestamptz AS old, (e.facts ->> 'red_at')::timestamptz AS new) red
WHERE f.cases >= %(least_cases)s AND red.new > red.old AND (red.old <= e.at AND red.new > e.at OR EXISTS (
  SELECT 1 FROM entry x WHERE x.matter_id = m.id AND x.seq > e.seq AND x.at > red.old AND x.at <= red.new
    AND x.move IN ('accept', 'not_accept', 'grant', 'refuse', 'terminate', 'withdraw')))
GROUP BY m.department_id, f.calendar_id, f.day, f.changed, f.cases"""

# Most cards of one office are withdrawn, and those of the others stand.
_SPARED = """
WITH issued AS (
  SELECT m.department_id, c.about_id, w.actor FROM supervision_card c
  JOIN matter m ON m.id = c.matter_id JOIN entry i ON i.matter_id = m.id AND i.seq = 1
  LEFT JOIN entry w ON w.matter_id = m.id AND w.move = 'withdraw_card' AND w.actor <> 0
  WHERE i.recorded_at <= %(now)s AND i.recorded_at > %(now)s - make_interval(days => %(days)s)),
counted AS (
  SELECT department_id, count(*) AS n, count(actor) AS fell, array_agg(DISTINCT about_id) FILTER (WHERE actor IS NOT NULL) AS ids,
    mode() WITHIN GROUP (ORDER BY actor) AS who FROM issued GROUP BY department_id)
SELECT c.department_id, 'd:' || c.department_id || ':' || to_char(%(now)s AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), c.ids[:200],
  c.who, jsonb_build_object('发出的牌', c.n, '由人撤销', c.fell, '其他单位发出的牌', coalesce(o.n, 0),
    '其他单位撤销', coalesce(o.fell, 0))
FROM counted c CROSS JOIN LATERAL (
  SELECT sum(x.n) AS n, sum(x.fell) AS fell FROM counted x WHERE x.department_id <> c.department_id) o
WHERE c.fell >= %(least_cases)s AND c.fell >= %(share)s * c.n
  AND coalesce(o.fell, 0) * c.n * 2 <= c.fell * coalesce(nullif(o.n, 0), 1)"""

HABIT = {
    "F-ONE-LETTER": _ONE_LETTER,
    "F-PADDED": _PADDED,
    "F-CALENDAR-LATE": _CALENDAR_LATE,
    "F-SPARED": _SPARED,
}

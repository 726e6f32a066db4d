"""Detectors of what makes late work seem in time: rules lengthened for a while, cases that go from hand to hand, the last
hour of the first clock, and answers after which nothing is done.

Each answers what the others do: department, subject, cases, who acted, and facts.
"""

from __future__ import annotations

# A promise that was lengthened for a few weeks and then taken back, at once or by steps, and the cases accepted meanwhile.
# Another unit is no way out: all are compared as working days.
_LIMIT_BACK = """
WITH promised AS MATERIALIZED (
  SELECT v.id, v.item_id, v.serial, v.name, v.in_force, coalesce(v.promised_n, v.statutory_n) AS n,
    coalesce(v.promised_n, v.statutory_n) * CASE coalesce(nullif(v.promised_unit, ''), v.statutory_unit)
      WHEN 'calendar_day' THEN 5 / 7.0 WHEN 'hour' THEN 1 / 8.0 WHEN 'month' THEN 21 WHEN 'year' THEN 250 ELSE 1 END AS long
  FROM catalogue_itemversion v WHERE v.item_id IN (
    SELECT b.item_id FROM catalogue_itemversion b WHERE b.serial > 1 AND upper(b.in_force) <= %(now)s
      AND upper(b.in_force) - lower(b.in_force) <= make_interval(days => %(days)s)))
SELECT m.department_id, 'v:' || b.id || ':' || m.department_id, (array_agg(m.id ORDER BY m.id))[:200], NULL::bigint,
  jsonb_build_object('事项', b.name, '第几版', b.serial, '原期限', a.n, '延长到', b.n, '改回', c.n, '起', lower(b.in_force),
    '止', lower(c.in_force), '其间受理的件', count(*))
FROM promised b JOIN promised a ON a.item_id = b.item_id AND a.serial = b.serial - 1 AND a.long < b.long
CROSS JOIN LATERAL (
  SELECT c.* FROM promised c WHERE c.item_id = b.item_id AND c.serial > b.serial
    AND c.long <= b.long - %(back)s::float * (b.long - a.long) AND lower(c.in_force) <= %(now)s
    AND lower(c.in_force) - lower(b.in_force) <= make_interval(days => %(days)s) ORDER BY c.serial LIMIT 1) c
JOIN matter m ON m.item_version_id = b.id AND m.kind = 'application'
WHERE upper(b.in_force) <= %(now)s
  AND EXISTS (SELECT 1 FROM entry e WHERE e.matter_id = m.id AND e.move IN ('accept', 'deem_accepted'))
GROUP BY m.department_id, b.id, b.name, b.serial, b.in_force, a.n, b.n, c.n, c.in_force"""

# Office hours that ended later for a while and were then set back, and the cases that were kept from being late by that:
# done on their last day, in the hours added. Longer hours are a service, and one who uses them for his last day does
# nothing wrong. They were a cover where they were ordered when the case was nearly due, or served little else: `worked` is
# whatever brought a case forward in the hours added and could not have been done the day before: what had lain for longer
# fills the evening and serves nobody. What the applicant does himself saves nobody.
_HOURS_BACK = """
WITH parts AS MATERIALIZED (
  SELECT *, lag(closes) OVER (PARTITION BY region ORDER BY n) AS before FROM (
    SELECT r.id AS region, s.n, CASE WHEN s.n > 1 THEN split_part(s.text, '=', 1)::date END AS day,
      right(s.text, 5)::time AS closes,
      replace(replace(s.text, '=', ' 起 '), ',', '、') AS said
    FROM org_region r CROSS JOIN LATERAL regexp_split_to_table(r.office_hours, ';') WITH ORDINALITY AS s (text, n)
    WHERE strpos(r.office_hours, ';') > 0) p),
short AS MATERIALIZED (
  SELECT p.*, back.until, coalesce((
      SELECT min(t.at) FROM trail_record t WHERE t.key = 'region:' || p.region AND strpos(t.after ->> '办公时间', p.said) > 0),
    p.day::timestamp AT TIME ZONE 'Asia/Shanghai') AS ordered
  FROM parts p CROSS JOIN LATERAL (
    SELECT min(l.day) AS until FROM parts l
    WHERE l.region = p.region AND l.n > p.n AND l.closes <= p.before + make_interval(mins => %(minutes)s)) back
  WHERE p.closes > p.before AND back.until - p.day <= %(days)s),
worked AS (
  SELECT s.region, s.day, m.department_id, m.id, e.at,
    e.move IN ('accept', 'not_accept', 'grant', 'refuse', 'terminate', 'withdraw')
      AND (p.facts ->> 'red_at')::timestamptz >= e.at
      AND ((p.facts ->> 'red_at')::timestamptz AT TIME ZONE 'Asia/Shanghai')::date
        = (e.at AT TIME ZONE 'Asia/Shanghai')::date AS saved,
    (SELECT max(x.at) FROM entry x WHERE x.matter_id = m.id AND x.seq < e.seq AND x.actor <> 0) AS came
  FROM short s JOIN entry e ON e.recorded_at >= s.day::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND e.recorded_at < s.until::timestamp AT TIME ZONE 'Asia/Shanghai' AND e.recorded_at <= %(now)s
    AND e.actor <> 0 AND e.role <> 'applicant' AND e.move IN ('submit', 'request_correction', 'supplement', 'accept', 'not_accept',
      'review', 'grant', 'refuse', 'deliver', 'terminate', 'withdraw') AND (e.at AT TIME ZONE 'Asia/Shanghai')::time > s.before
  JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN org_department o ON o.id = m.department_id AND o.region_id = s.region
  LEFT JOIN entry p ON p.matter_id = m.id AND p.seq = e.seq - 1),
served AS (
  SELECT * FROM worked WHERE saved OR came IS NULL
    OR (at AT TIME ZONE 'Asia/Shanghai')::date - (came AT TIME ZONE 'Asia/Shanghai')::date
      <= CASE extract(isodow FROM at AT TIME ZONE 'Asia/Shanghai') WHEN 1 THEN 3 ELSE 1 END)
SELECT w.department_id, 'o:' || s.region || ':' || s.day || ':' || w.department_id,
  (array_agg(DISTINCT w.id) FILTER (WHERE w.saved))[:200], NULL::bigint, jsonb_build_object('改自', s.day, '改回于', s.until,
    '哪天改的', (s.ordered AT TIME ZONE 'Asia/Shanghai')::date,
    '原来下班', s.before, '改为', s.closes, '因此看不出超期的件', count(DISTINCT w.id) FILTER (WHERE w.saved),
    '多出来的时间里办过的件', count(DISTINCT w.id))
FROM short s JOIN served w USING (region, day)
GROUP BY w.department_id, s.region, s.day, s.until, s.before, s.closes, s.ordered
HAVING count(DISTINCT w.id) FILTER (WHERE w.saved) >= count(DISTINCT w.id) * CASE
  WHEN min(w.at) FILTER (WHERE w.saved) - s.ordered <= make_interval(days => %(notice)s) THEN %(among)s
  WHEN count(DISTINCT w.id) FILTER (WHERE w.saved) >= %(least_cases)s THEN %(share)s ELSE 2 END
  AND count(*) FILTER (WHERE w.saved) > 0"""

# From hand to hand for days, and none of those who had it did anything, nor anybody between them: whose delay it is can no
# more be told. `worked` is the same for all hands between which nobody did anything.
_PASSED_AROUND = """
WITH touched AS (
  SELECT DISTINCT c.matter_id FROM approval_claim c WHERE c.until >= %(since)s AND c.until <= %(now)s),
idle AS (
  SELECT c.matter_id, c.account_id, c.since, c.until,
    (SELECT count(*) FROM entry e WHERE e.matter_id = c.matter_id AND e.actor <> 0 AND e.at < c.since) AS worked
  FROM touched t JOIN approval_claim c USING (matter_id)
  WHERE c.until <= %(now)s
    AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.matter_id = c.matter_id AND e.actor <> 0 AND e.at BETWEEN c.since AND c.until)
    AND NOT (SELECT (p.facts ->> 'paused')::boolean FROM entry p
             WHERE p.matter_id = c.matter_id AND p.at <= c.until ORDER BY p.seq DESC LIMIT 1))
SELECT DISTINCT ON (m.id) m.department_id, 'm:' || m.id, ARRAY[m.id], NULL::bigint, jsonb_build_object(
  '转手次数', count(*), '经手人数', count(DISTINCT i.account_id), '起', min(i.since), '止', max(i.until))
FROM idle i JOIN matter m ON m.id = i.matter_id AND m.kind = 'application'
GROUP BY m.department_id, m.id, i.worked
HAVING count(*) >= %(times)s AND count(DISTINCT i.account_id) > 1
  AND max(i.until) - min(i.since) >= make_interval(days => %(days)s)
ORDER BY m.id, i.worked"""

# Most of what somebody accepts, turns away or asks papers for he does so in the last hour in which he may: the days before
# it are a habit, not a need.
_BRINK = """
WITH taken AS (
  SELECT e.actor, m.department_id, m.id, e.at, (p.facts ->> 'red_at')::timestamptz AS red_at
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN entry p ON p.matter_id = m.id AND p.seq = e.seq - 1
  WHERE e.move IN ('accept', 'request_correction', 'not_accept') AND e.actor <> 0 AND e.recorded_at <= %(now)s
    AND e.recorded_at > %(now)s - make_interval(days => %(days)s)),
counted AS (
  SELECT actor, department_id, count(*) AS n, array_agg(DISTINCT id) FILTER (WHERE late) AS ids,
    count(*) FILTER (WHERE late) AS hits
  FROM (SELECT *, red_at >= at AND red_at - at < make_interval(mins => %(minutes)s) AS late FROM taken) t
  GROUP BY actor, department_id)
SELECT department_id, 'p:' || actor || ':' || to_char(%(now)s AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), ids[:200], actor,
  jsonb_build_object('受理、不予受理、告知补正', n, '踩着最后时刻', hits)
FROM counted WHERE hits >= %(least_cases)s AND hits >= n * %(share)s"""

# Urged, it is answered that it will be done; then nothing is done, and the case turns red.
_EMPTY_ANSWER = """
WITH answers AS (
  SELECT 'e:' || a.id AS subject, o.about_id, a.actor, a.at FROM supervision_order o
  JOIN entry a ON a.matter_id = o.matter_id AND a.move = 'answer'
  WHERE a.recorded_at > %(now)s - interval '90 days'
  UNION ALL SELECT 'r:' || r.id, r.about_id, r.answered_by, r.answered_at FROM supervision_reminder r
  WHERE r.answered_at > %(now)s - interval '90 days')
SELECT m.department_id, a.subject, ARRAY[m.id], nullif(a.actor, 0),
  jsonb_build_object('答复', a.at, '转红', m.red_at)
FROM answers a JOIN matter m ON m.id = a.about_id AND m.kind = 'application' AND NOT m.closed AND NOT m.paused
  AND m.red_at > a.at AND m.red_at <= %(now)s
WHERE a.at <= %(now)s - make_interval(days => %(days)s)
  AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.matter_id = m.id AND e.actor <> 0 AND e.at > a.at)"""

CASE = {"F-PASSED-AROUND": _PASSED_AROUND}
HABIT = {
    "F-LIMIT-BACK": _LIMIT_BACK,
    "F-HOURS-BACK": _HOURS_BACK,
    "F-BRINK": _BRINK,
    "F-EMPTY-ANSWER": _EMPTY_ANSWER,
}

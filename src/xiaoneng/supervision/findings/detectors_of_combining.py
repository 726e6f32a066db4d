"""Detectors of what is allowed piece by piece and a trick together: applicants sent to and fro, pauses in pieces, a key
borrowed from the applicant, letters posted on the last day and passed on, answers from a stamp, lights that warn later.

Each answers what the others do: department, subject, cases, who acted, and facts.
"""

from __future__ import annotations

from xiaoneng.supervision.findings.detectors_of_cover import LOCAL, WORKING

# Long pauses in pieces, none of which is long: counted are the days on which the clocks stood still for the office.
PAUSED_IN_PIECES = """
UNION ALL SELECT department_id, 'm:' || id, ARRAY[id], NULL::bigint, jsonb_build_object('停表次数', max(times), '停表的自然日',
  round(extract(epoch FROM sum(until - at)) / 86400))
FROM (
  SELECT m.department_id, m.id, e.at, lead(e.at, 1, %(now)s) OVER (PARTITION BY m.id ORDER BY e.seq) AS until,
    (e.facts ->> 'paused')::boolean AND e.facts ->> 'desk' <> 'applicant' AS paused,
    count(*) FILTER (WHERE e.move = ANY (%(pausing)s)) OVER (PARTITION BY m.id) AS times,
    bool_or((e.facts -> 'what' ->> 'estimated_days')::int > %(working_days)s AND e.move = ANY (%(pausing)s))
      OVER (PARTITION BY m.id) AS long
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  WHERE e.recorded_at <= %(now)s AND e.matter_id IN (
    SELECT s.matter_id FROM entry s WHERE s.recorded_at >= %(since)s AND s.recorded_at <= %(now)s
      AND (s.move = ANY (%(pausing)s) OR s.move IN ('resume', 'end_wait')))) t
WHERE paused AND NOT long GROUP BY department_id, id, times
HAVING times > 1 AND sum(until - at) > make_interval(days => (%(working_days)s * 7 / 5)::int)"""

# Not ours but theirs, and theirs had said before that it is not theirs: nobody takes the applicant in.
_SHUTTLED = """
WITH denied AS MATERIALIZED (
  SELECT e.actor, e.at, e.facts -> 'what' ->> 'right_organ' AS organ, m.id, m.department_id, a.identity_mark,
    a.payload::jsonb ->> 'content' AS content
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN approval_application a ON a.matter_id = m.id AND a.identity_mark <> ''
  WHERE e.move = 'not_accept' AND e.facts -> 'what' ->> 'ground' = 'not_ours'
    AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s)
SELECT DISTINCT ON (d.id) d.department_id, 'm:' || d.id, ARRAY[w.id, d.id], nullif(d.actor, 0), jsonb_build_object(
  '先不予受理', o.name, '时间', x.at, '又不予受理', d.at, '说应当向哪里申请', d.organ)
FROM denied d JOIN approval_application b ON b.identity_mark = d.identity_mark AND b.identity_mark <> ''
  AND b.payload::jsonb ->> 'content' = d.content
JOIN matter w ON w.id = b.matter_id AND w.department_id <> d.department_id
JOIN org_department o ON o.id = w.department_id AND strpos(d.organ, o.name) > 0
JOIN entry x ON x.matter_id = w.id AND x.move = 'not_accept' AND x.facts -> 'what' ->> 'ground' = 'not_ours'
  AND x.at < d.at AND x.at > d.at - make_interval(days => %(days)s)
ORDER BY d.id, x.at DESC"""

# The window gives the applicant a new password, and hours later her application is taken back in her name, nearly late.
_BORROWED_KEY = """
SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], s.by_id, jsonb_build_object(
  '窗口发给新密码', s.at, '以申请人的账号撤回', e.at, '当时转黄', p.facts ->> 'yellow_at')
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN entry p ON p.matter_id = e.matter_id AND p.seq = e.seq - 1 AND (p.facts ->> 'yellow_at')::timestamptz <= e.at
CROSS JOIN LATERAL (SELECT s.by_id, s.at FROM people_slip s WHERE s.account_id = e.actor AND s.at <= e.at
  AND s.at > e.at - make_interval(hours => %(within)s) ORDER BY s.at DESC LIMIT 1) s
WHERE e.move = 'withdraw' AND e.facts -> 'what' ->> 'by' = 'applicant'
  AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s"""

CASE = {"F-SHUTTLED": _SHUTTLED, "F-BORROWED-KEY": _BORROWED_KEY}

# A letter's number is written down on the last of the days for delivery, and the case given away; the letter never arrives.
_POSTED_AWAY = """
SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], e.actor, jsonb_build_object(
  '送达期限', p.facts ->> 'red_at', '登记寄出', e.at, '脱手', c.until, '没有结果，转红', e.facts ->> 'red_at')
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN entry p ON p.matter_id = e.matter_id AND p.seq = e.seq - 1
JOIN approval_claim c ON c.matter_id = m.id AND c.account_id = e.actor AND c.since <= e.at
  AND c.until BETWEEN e.at AND e.at + make_interval(days => %(held)s)
WHERE e.move = 'dispatch' AND e.recorded_at <= %(now)s AND e.recorded_at > %(now)s - make_interval(days => %(days)s)
  AND e.at > (p.facts ->> 'red_at')::timestamptz - make_interval(hours => %(before)s)
  AND (e.facts ->> 'red_at')::timestamptz <= %(now)s
  AND NOT EXISTS (SELECT 1 FROM entry d WHERE d.matter_id = m.id AND d.seq > e.seq AND d.move IN ('dispatch', 'deliver')
                  AND d.at <= (e.facts ->> 'red_at')::timestamptz)"""

# One person answers whatever is asked with the same words.
_SAME_ANSWER = """
WITH answered AS (
  SELECT m.department_id, e.actor, btrim(s.text) AS text, m.id
  FROM supervision_said s JOIN entry e ON e.matter_id = s.matter_id AND e.seq = s.seq JOIN matter m ON m.id = e.matter_id
  WHERE e.move IN ('answer', 'reply', 'rectify') AND s.name = 'text' AND e.recorded_at <= %(now)s
    AND e.recorded_at > %(now)s - make_interval(days => %(days)s)
  UNION ALL SELECT m.department_id, r.answered_by, btrim(r.answer), m.id FROM supervision_reminder r
  JOIN matter m ON m.id = r.about_id
  WHERE r.answered_at <= %(now)s AND r.answered_at > %(now)s - make_interval(days => %(days)s))
SELECT department_id, 'p:' || actor || ':' || md5(text), (array_agg(DISTINCT id))[:200], nullif(actor, 0),
  jsonb_build_object('答复', left(text, 80), '次数', count(*))
FROM answered GROUP BY department_id, actor, text HAVING count(*) >= %(times)s"""

# Lights were made to warn later for a while; what was stopped or ended meanwhile would have been yellow before. The share is
# one of time here and one of whole days there: a day more is allowed for.
_WARNED_LATE = """
WITH stood AS (
  SELECT r.id, r.item_id, r.kind, r.since, r.percent, r.least,
    lag(coalesce(r.percent, 20), 1, 20) OVER scope AS percent_before, lag(coalesce(r.least, 1), 1, 1) OVER scope AS least_before,
    lead(r.since) OVER scope AS back, lead(coalesce(r.percent, 20)) OVER scope AS percent_after,
    lead(coalesce(r.least, 1)) OVER scope AS least_after
  FROM matters_warningrule r WINDOW scope AS (PARTITION BY r.item_id, r.kind ORDER BY r.since, r.id)),
eased AS MATERIALIZED (
  SELECT * FROM stood WHERE back - since <= %(days)s AND percent <= percent_before AND least <= least_before
    AND (percent, least) <> (percent_before, least_before) AND percent_after >= percent AND least_after >= least
    AND (percent_after, least_after) <> (percent, least))
SELECT m.department_id, 'w:' || r.id || ':' || m.department_id, (array_agg(DISTINCT m.id))[:200], NULL::bigint,
  jsonb_build_object('起', r.since, '改回', r.back, '原来', r.percent_before || '%% / ' || r.least_before || ' 日',
    '改为', r.percent || '%% / ' || r.least || ' 日', '其间停表、终止、撤回的件', count(DISTINCT m.id))
FROM eased r JOIN matter m ON (r.kind = '' OR m.kind = r.kind) AND m.kind = 'application'
LEFT JOIN catalogue_itemversion v ON v.id = m.item_version_id
JOIN entry e ON e.matter_id = m.id AND e.recorded_at >= r.since::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND e.recorded_at <= %(now)s AND (e.move = ANY (%(pausing)s) OR e.move IN ('request_correction', 'terminate', 'withdraw'))
JOIN entry p ON p.matter_id = m.id AND p.seq = e.seq - 1 AND (p.facts ->> 'yellow_at')::timestamptz > e.at
CROSS JOIN LATERAL (SELECT max(s.at) AS began FROM entry s WHERE s.matter_id = m.id AND s.seq < e.seq
  AND s.move IN ('submit', 'supplement', 'accept', 'deem_accepted', 'open_branch')) b
CROSS JOIN LATERAL (SELECT (p.facts ->> 'red_at')::timestamptz AS red) x
CROSS JOIN LATERAL (SELECT x.red - e.at AS remains, x.red - b.began AS whole) t
WHERE (r.item_id IS NULL OR v.item_id = r.item_id) AND b.began >= r.since::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND b.began < r.back::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND t.remains <= greatest(t.whole * r.percent_before / 100, make_interval(days => r.least_before)) + interval '1 day'
GROUP BY m.department_id, r.id, r.since, r.back, r.percent, r.least, r.percent_before, r.least_before"""

# Filed under one promise and accepted under a longer one that was published meanwhile: on time only by that.
_LIMIT_MEANWHILE = f"""
SELECT m.department_id, 'v:' || c.id || ':' || m.department_id, (array_agg(m.id ORDER BY m.id))[:200], NULL::bigint,
  jsonb_build_object('事项', c.name, '收件时承诺的工作日', min(a.promised_n), '受理时的', c.promised_n, '公布', lower(c.in_force),
    '按收件时的承诺已经超期的件', count(*))
FROM catalogue_itemversion c JOIN catalogue_itemversion a ON a.item_id = c.item_id AND a.serial < c.serial
  AND a.promised_unit = 'working_day' AND c.promised_unit = 'working_day' AND a.promised_n < c.promised_n
JOIN matter m ON m.item_version_id = c.id AND m.kind = 'application'
JOIN org_department o ON o.id = m.department_id JOIN org_region g ON g.id = o.region_id
JOIN entry s ON s.matter_id = m.id AND s.move = 'submit' AND s.item_version_id = a.id
JOIN entry t ON t.matter_id = m.id AND t.move IN ('accept', 'deem_accepted')
LEFT JOIN entry d ON d.matter_id = m.id AND d.move IN ('grant', 'refuse')
WHERE lower(c.in_force) <= %(now)s AND lower(c.in_force) > %(now)s - make_interval(days => %(days)s)
  AND t.recorded_at <= %(now)s AND (d.at IS NOT NULL OR NOT m.closed)
  AND NOT EXISTS (SELECT 1 FROM entry x WHERE x.matter_id = m.id AND (x.move = 'extend' OR x.move = ANY (%(pausing)s)))
  AND {WORKING.format(after=LOCAL.format(at="t.at"), until=LOCAL.format(at="coalesce(d.at, %(now)s)"))} > a.promised_n
GROUP BY m.department_id, c.id, c.name, c.promised_n, c.in_force"""

HABIT = {
    "F-LIMIT-MEANWHILE": _LIMIT_MEANWHILE,
    "F-POSTED-AWAY": _POSTED_AWAY,
    "F-SAME-ANSWER": _SAME_ANSWER,
    "F-WARNED-LATE": _WARNED_LATE,
}

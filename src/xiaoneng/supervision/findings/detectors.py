"""The detectors: each a question over journal and matters that answers department, subject, cases, who acted, and facts.

Those of a case look at what was recorded since an instant; those of a habit look back over as many days as their rule says.
"""

from __future__ import annotations

from xiaoneng.rules.procedures.application import PROCEDURE
from xiaoneng.rules.procedures.table import Effect
from xiaoneng.supervision.findings import (
    detectors_of_combining,
    detectors_of_cover,
    detectors_of_order,
    detectors_of_seeming,
)

PAUSING = tuple(move.name for move in PROCEDURE.moves if any(each.effect is Effect.PAUSE for each in move.clock))
DECIDING = ("grant", "refuse")
ACCEPTING = ("accept", "deem_accepted")

# One entry of an application, with the one before it: what the light was when somebody acted.
_ENTRY = """
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
LEFT JOIN entry p ON p.matter_id = e.matter_id AND p.seq = e.seq - 1
WHERE e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s AND """
_SUBJECT = "SELECT m.department_id, 'm:' || m.id || ':' || e.seq, ARRAY[m.id], nullif(e.actor, 0), "
_WHAT = "e.facts -> 'what'"
_YELLOW = "(p.facts ->> 'yellow_at')::timestamptz <= e.at"

# A thing that happens again and again in one case, found as soon as it does so in the time looked at.
_AGAIN = """
SELECT m.department_id, 'm:' || m.id, ARRAY[m.id], nullif(max(e.actor), 0), jsonb_build_object('次数', count(*))
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
WHERE e.move {moves} AND e.recorded_at <= %(now)s
  AND e.matter_id IN (SELECT s.matter_id FROM entry s WHERE s.recorded_at >= %(since)s AND s.move {moves})
GROUP BY m.department_id, m.id HAVING count(*) >= %(times)s"""

CASE = {
    "F-LATE-ENTRY": _SUBJECT + "jsonb_build_object('动作', e.move, '所称时间', e.claimed_at,"
    " '所称送达日', e.facts -> 'what' ->> 'delivered_on',"
    " '记入时间', e.recorded_at)"
    + _ENTRY + """(e.claimed_at IS NOT NULL AND e.recorded_at - e.claimed_at > make_interval(hours => %(hours)s)
      OR e.move = 'deliver' AND e.facts -> 'what' ->> 'way' = 'direct' AND (e.facts -> 'what' ->> 'delivered_on')::date
        < (e.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - %(days)s)""",
    "F-OUT": _SUBJECT + "jsonb_build_object('受理', a.recorded_at, '决定', e.recorded_at)" + _ENTRY.replace(
        "WHERE",
        "JOIN entry a ON a.matter_id = e.matter_id AND a.move = 'accept' AND a.actor <> 0 WHERE", 1,
    ) + "e.move IN ('grant', 'refuse') AND e.recorded_at - a.recorded_at < make_interval(mins => %(minutes)s)"
    " AND EXISTS (SELECT 1 FROM entry r WHERE r.matter_id = e.matter_id AND r.move = 'review')",
    "F-NIGHT": _SUBJECT + "jsonb_build_object('登记时间', e.recorded_at)" + _ENTRY
    + """e.move IN ('submit', 'supplement') AND e.role = 'window'
      AND (extract(hour FROM e.recorded_at AT TIME ZONE 'Asia/Shanghai') >= %(from)s
        OR extract(hour FROM e.recorded_at AT TIME ZONE 'Asia/Shanghai') < %(to)s)""",
    "F-PAUSE-LATE": _SUBJECT + "jsonb_build_object('种类', e.facts -> 'what' ->> 'kind', '理由', e.facts -> 'what' ->> 'reason',"
    " '当时转黄', p.facts ->> 'yellow_at', '当时转红', p.facts ->> 'red_at')"
    + _ENTRY + f"e.move = ANY (%(pausing)s) AND {_YELLOW}",
    "F-PAUSE-AGAIN": """
SELECT m.department_id, 'm:' || m.id || ':' || (e.facts -> 'what' ->> 'kind'), ARRAY[m.id], nullif(e.actor, 0),
  jsonb_build_object('种类', e.facts -> 'what' ->> 'kind', '第几次', count(*))
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN entry b ON b.matter_id = e.matter_id AND b.move = ANY (%(pausing)s) AND b.seq <= e.seq
  AND b.facts -> 'what' ->> 'kind' = e.facts -> 'what' ->> 'kind'
WHERE e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s AND e.move = ANY (%(pausing)s)
GROUP BY m.department_id, m.id, e.seq, e.facts, e.actor HAVING count(*) >= %(times)s""",
    "F-PAUSE-LONG": _SUBJECT + "jsonb_build_object('种类', e.facts -> 'what' ->> 'kind', '告知的工作日',"
    " e.facts -> 'what' -> 'estimated_days')" + _ENTRY
    + f"e.move = ANY (%(pausing)s) AND ({_WHAT} ->> 'estimated_days')::int > %(working_days)s"
    + detectors_of_combining.PAUSED_IN_PIECES,
    "F-PAUSE-EMPTY": _SUBJECT + "jsonb_build_object('种类', e.facts -> 'what' ->> 'kind', '结果', e.facts -> 'what' ->> 'result')"
    + _ENTRY + """e.move = 'resume' AND e.facts -> 'what' ->> 'kind' IN ('hearing', 'expert_review') AND NOT EXISTS (
      SELECT 1 FROM entry r WHERE r.matter_id = e.matter_id AND r.seq < e.seq AND r.move =
        CASE e.facts -> 'what' ->> 'kind' WHEN 'hearing' THEN 'record_hearing' ELSE 'record_expert_review' END)""",
    "F-SECOND-NOTICE": _SUBJECT + "jsonb_build_object('理由', e.facts -> 'what' ->> 'reason_again')" + _ENTRY
    + """e.move = 'request_correction' AND (SELECT count(*) FROM entry r
      WHERE r.matter_id = e.matter_id AND r.move = 'request_correction' AND r.seq <= e.seq) >= %(times)s""",
    "F-FIRST-ASKED": _SUBJECT + "jsonb_build_object('第一次就看得出来的材料', e.facts -> 'what' -> 'visible_before')" + _ENTRY
    + f"e.move = 'request_correction' AND jsonb_array_length(coalesce({_WHAT} -> 'visible_before', '[]')) > 0",
    "F-ENDED-LATE": _SUBJECT + "jsonb_build_object('动作', e.move, '当时转黄', p.facts ->> 'yellow_at')" + _ENTRY
    + f"(e.move = 'terminate' OR e.move = 'withdraw' AND {_WHAT} ->> 'by' = 'window') AND {_YELLOW}",
    "F-SENT-BACK": _AGAIN.format(moves="= 'send_back'"),
    "F-SENT-AROUND": _AGAIN.format(moves="= 'dispatch'"),
    "F-PAUSE-CHAIN": _AGAIN.format(moves="= ANY (%(pausing)s)"),
    "F-SESSION-MOVED": _AGAIN.format(moves="= 'call_off'"),
    "F-STEP-RESET": _SUBJECT + "jsonb_build_object('理由', e.facts -> 'what' ->> 'reason', '从', e.facts -> 'what' ->> 'from')"
    + _ENTRY + """e.move = 'send_back' AND EXISTS (SELECT 1 FROM jsonb_array_elements(e.facts -> 'clocks') c
      WHERE c ->> 'name' = 'step' AND c ->> 'state' = 'stopped' AND (c ->> 'yellow_at')::timestamptz <= e.at)""",
    "F-PRETEXT": _SUBJECT + "jsonb_build_object('受理', e.at)" + _ENTRY + """e.move IN ('accept', 'answer_in_branch') AND EXISTS (
      SELECT 1 FROM entry r CROSS JOIN jsonb_array_elements(r.facts -> 'what' -> 'lacks') l
      JOIN matters_attachment f ON f.matter_id = r.matter_id AND f.slot = l ->> 'slot' AND f.uploaded_at < r.at
      WHERE r.matter_id = e.matter_id AND r.move IN ('request_correction', 'ask_in_branch'))
    AND NOT EXISTS (SELECT 1 FROM matters_attachment g WHERE g.matter_id = e.matter_id AND g.round > 0)""",
    "F-PASSED-OVER": _SUBJECT + "jsonb_build_object('先受理而未决定的', e.facts -> 'what' -> 'passed_over',"
    " '理由', e.facts -> 'what' ->> 'out_of_order')" + _ENTRY + "e.move = 'grant' AND e.facts -> 'what' ? 'passed_over'",
    "F-DATE-CORRECTED": _SUBJECT + "jsonb_build_object('文书', e.facts -> 'what' ->> 'document',"
    " '原文', e.facts -> 'what' ->> 'wrong', '更正为', e.facts -> 'what' ->> 'right')" + _ENTRY
    + rf"""e.move = 'correct_document' AND {_WHAT} ->> 'wrong' ~ '[0-9一二三四五六七八九十]\s*日|\d-\d\d?-\d'
      AND {_WHAT} ->> 'right' ~ '[0-9一二三四五六七八九十]\s*日|\d-\d\d?-\d'""",
    "F-SAME-AGAIN": """
WITH fresh AS MATERIALIZED (
  SELECT e.matter_id, e.move, e.at, m.department_id, v.item_id, a.identity_mark, a.payload::jsonb ->> 'content' AS content,
    (SELECT string_agg(DISTINCT f.sha256, ',' ORDER BY f.sha256) FROM matters_attachment f WHERE f.matter_id = m.id) AS files
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN approval_application a ON a.matter_id = m.id AND a.identity_mark <> ''
  JOIN catalogue_itemversion v ON v.id = m.item_version_id
  WHERE e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s AND e.move IN ('accept', 'grant'))
SELECT e.department_id, 'm:' || e.matter_id, (array_agg(x.id ORDER BY x.at DESC))[:1] || e.matter_id,
  nullif((array_agg(x.actor ORDER BY x.at DESC))[1], 0), jsonb_build_object(
    '前一件', (array_agg(x.called ORDER BY x.at DESC))[1],
    '怎样结束', (array_agg(x.move ORDER BY x.at DESC))[1], '结束时间', max(x.at), '又办', e.move, '又办时间', e.at)
FROM fresh e CROSS JOIN LATERAL (
  SELECT w.id, w.number, coalesce(w.number, w.intake_number) AS called
  FROM approval_application b JOIN matter w ON w.id = b.matter_id
  JOIN catalogue_itemversion u ON u.id = w.item_version_id AND u.item_id = e.item_id
  WHERE b.identity_mark = e.identity_mark AND b.identity_mark <> '' AND b.matter_id <> e.matter_id
    AND b.payload::jsonb ->> 'content' = e.content
  OFFSET 0) w CROSS JOIN LATERAL (
  SELECT w.id, w.called, x.move, x.actor, x.at FROM entry x LEFT JOIN entry p ON p.matter_id = w.id AND p.seq = x.seq - 1
  WHERE x.matter_id = w.id AND x.at < e.at AND x.at > e.at - make_interval(days => %(days)s)
    AND (e.move = 'grant' AND x.move = 'refuse' AND ((p.facts ->> 'yellow_at')::timestamptz <= x.at OR e.files = (
        SELECT string_agg(DISTINCT f.sha256, ',' ORDER BY f.sha256) FROM matters_attachment f WHERE f.matter_id = w.id))
      OR e.move = 'accept' AND x.move = 'not_accept' AND (p.facts ->> 'yellow_at')::timestamptz <= x.at
      OR e.move = 'accept' AND x.move = 'withdraw' AND w.number IS NOT NULL
        AND x.facts -> 'what' ->> 'by' IS DISTINCT FROM 'window') OFFSET 0) x
GROUP BY e.department_id, e.matter_id, e.move, e.at""",
    "F-NO-REASON": _SUBJECT + "jsonb_build_object('理由', e.facts -> 'what' ->> 'reason', '依据', e.facts -> 'what' ->> 'basis')"
    + _ENTRY + f"""(e.move IN ('refuse', 'not_accept') AND char_length({_WHAT} ->> 'reason') < %(characters)s
      OR e.move = 'refuse' AND char_length({_WHAT} ->> 'basis') < %(characters)s)""",
    "F-ONE-PERSON": _SUBJECT + "jsonb_build_object('前一步', b.move, '后一步', e.move)" + _ENTRY.replace(
        "WHERE", "JOIN entry b ON b.matter_id = e.matter_id AND b.actor = e.actor AND b.seq < e.seq WHERE", 1
    ) + "e.actor <> 0 AND (b.move = 'accept' AND e.move = 'review' OR b.move = 'review' AND e.move IN ('grant', 'refuse'))",
    "F-REFILED": """
WITH ended AS MATERIALIZED (
  SELECT w.id, coalesce(w.number, w.intake_number) AS called, u.item_id, o.identity_mark, x.move, x.actor, x.at,
    CASE WHEN (p.facts ->> 'yellow_at')::timestamptz <= x.at THEN o.payload::jsonb ->> 'phone' END AS phone,
    o.payload::jsonb ->> 'address' AS address
  FROM entry x JOIN matter w ON w.id = x.matter_id AND w.kind = 'application' AND w.state IN ('withdrawn', 'terminated')
  JOIN catalogue_itemversion u ON u.id = w.item_version_id JOIN approval_application o ON o.matter_id = w.id
  LEFT JOIN entry p ON p.matter_id = w.id AND p.seq = x.seq - 1
  WHERE x.move IN ('withdraw', 'terminate') AND x.actor <> 0
    AND x.recorded_at > %(since)s - make_interval(days => %(days)s) AND x.recorded_at <= %(now)s
    AND (x.move = 'terminate' OR x.facts -> 'what' ->> 'by' = 'window' OR (p.facts ->> 'yellow_at')::timestamptz <= x.at))
SELECT m.department_id, 'm:' || m.id, (array_agg(w.id ORDER BY w.at DESC))[:1] || m.id,
  nullif((array_agg(w.actor ORDER BY w.at DESC))[1], 0), jsonb_build_object(
    '前一件', (array_agg(w.called ORDER BY w.at DESC))[1], '怎样结束', (array_agg(w.move ORDER BY w.at DESC))[1],
    '结束时间', max(w.at), '重报时间', e.at)
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN approval_application a ON a.matter_id = m.id
JOIN catalogue_itemversion v ON v.id = m.item_version_id
JOIN ended w ON w.item_id = v.item_id AND w.id <> m.id AND w.at <= e.at AND w.at > e.at - make_interval(days => %(days)s)
WHERE e.move = 'submit' AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s
  AND (a.identity_mark <> '' AND a.identity_mark = w.identity_mark OR EXISTS (
    SELECT 1 FROM matters_attachment f JOIN matters_attachment g ON g.sha256 = f.sha256
    WHERE f.matter_id = m.id AND g.matter_id = w.id)
    OR w.phone <> '' AND w.address <> '' AND a.payload::jsonb ->> 'phone' = w.phone
      AND a.payload::jsonb ->> 'address' = w.address)
GROUP BY m.department_id, m.id, e.at""",
    # First what is new, then the others of those few applicants by their index, which knows no empty marks: whatever the
    # city's size, little is read.
    "F-DOUBLE": """
WITH later AS MATERIALIZED (
  SELECT e.matter_id, e.actor, e.recorded_at, m.department_id, a.identity_mark, v.item_id, v.name,
    a.payload::jsonb ->> 'content' AS content
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  JOIN approval_application a ON a.matter_id = m.id AND a.identity_mark <> ''
  JOIN catalogue_itemversion v ON v.id = m.item_version_id
  WHERE e.move = 'accept' AND e.recorded_at >= %(since)s AND e.recorded_at <= %(now)s),
twice AS MATERIALIZED (
  SELECT later.*, earlier.before, earlier.before_at, earlier.before_content
  FROM later CROSS JOIN LATERAL (
    SELECT b.matter_id AS before, x.recorded_at AS before_at, b.payload::jsonb ->> 'content' AS before_content
    FROM approval_application b JOIN matter n ON n.id = b.matter_id AND n.kind = 'application'
    JOIN catalogue_itemversion u ON u.id = n.item_version_id AND (u.item_id = later.item_id OR u.name = later.name)
    JOIN entry x ON x.matter_id = n.id AND x.move IN ('accept', 'deem_accepted') AND x.recorded_at < later.recorded_at
      AND x.actor <> later.actor
    WHERE b.identity_mark = later.identity_mark AND b.identity_mark <> '' AND b.matter_id <> later.matter_id OFFSET 0) earlier)
SELECT t.department_id, 'm:' || t.before || ':' || t.matter_id, ARRAY[t.before, t.matter_id], nullif(t.actor, 0),
  jsonb_build_object('先受理', t.before_at, '后受理', t.recorded_at)
FROM twice t
WHERE NOT EXISTS (SELECT 1 FROM entry d WHERE d.matter_id = t.before AND d.recorded_at < t.recorded_at
    AND (d.facts ->> 'closed' = 'true' OR d.move IN ('grant', 'refuse')))
  AND (t.content = t.before_content OR EXISTS (
    SELECT 1 FROM matters_attachment f JOIN matters_attachment g ON g.sha256 = f.sha256
    WHERE f.matter_id = t.matter_id AND g.matter_id = t.before))""",
    "F-GHOST-CHECK": """
SELECT m.department_id, 's:' || least(s.id, t.id) || ':' || greatest(s.id, t.id), ARRAY[s.matter_id, t.matter_id],
  (SELECT min(one) FROM unnest(s.people) one WHERE one = ANY (t.people)),
  jsonb_build_object('一处', s.place, '另一处', t.place, '时间', s.starts_at, '另一时间', t.starts_at)
FROM approval_session s JOIN matter m ON m.id = s.matter_id
JOIN approval_session t ON t.kind = 'site_check' AND t.people && s.people AND t.place <> s.place AND t.state <> 'called_off'
  AND (t.starts_at, t.id) > (s.starts_at, s.id) AND t.starts_at < s.starts_at + make_interval(mins => %(minutes)s)
WHERE s.kind = 'site_check' AND s.state <> 'called_off' AND s.starts_at >= %(since)s - interval '90 days'
UNION ALL
SELECT m.department_id, 's:' || s.id, ARRAY[m.id], nullif(e.actor, 0),
  jsonb_build_object('安排在', s.starts_at, '登记于', e.recorded_at)
FROM approval_session s JOIN matter m ON m.id = s.matter_id
JOIN entry e ON e.matter_id = s.matter_id AND e.seq = s.closed_seq AND e.move = 'record_site_check'
WHERE s.kind = 'site_check' AND e.recorded_at >= %(since)s AND e.recorded_at < s.starts_at""",
} | detectors_of_order.CASE | detectors_of_seeming.CASE | detectors_of_cover.CASE | detectors_of_combining.CASE  # fmt: skip

HABIT = (
    {
        "F-SAME-REASON": """
SELECT m.department_id, 'p:' || e.actor || ':' || md5(e.facts -> 'what' ->> 'reason'),
  (array_agg(m.id ORDER BY m.id))[:200], e.actor, jsonb_build_object('理由', e.facts -> 'what' ->> 'reason', '件数', count(*))
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
WHERE e.move IN ('refuse', 'not_accept', 'extend') AND e.recorded_at <= %(now)s
  AND e.recorded_at > %(now)s - make_interval(days => %(days)s)
GROUP BY m.department_id, e.actor, e.facts -> 'what' ->> 'reason' HAVING count(*) >= %(times)s""",
        "F-MONTH-END": """
WITH decided AS (
  SELECT m.department_id, m.id, (e.recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  WHERE e.move IN ('grant', 'refuse') AND e.recorded_at <= %(now)s AND e.recorded_at > %(now)s - interval '62 days'
    AND EXISTS (SELECT 1 FROM entry r WHERE r.matter_id = m.id AND r.move = 'review')),
late AS (
  SELECT *, date_trunc('month', day)::date AS month,
    day > (date_trunc('month', day) + interval '1 month')::date - 1 - %(days)s::int AS at_end FROM decided)
SELECT department_id, 'd:' || department_id || ':' || to_char(month, 'YYYY-MM'),
  (array_agg(id ORDER BY id) FILTER (WHERE at_end))[:200], NULL::bigint,
  jsonb_build_object('月份', to_char(month, 'YYYY-MM'), '全月决定', count(*), '最后几天决定', count(*) FILTER (WHERE at_end))
FROM late
WHERE month + interval '1 month' <= (%(now)s AT TIME ZONE 'Asia/Shanghai') + interval '1 day'
  AND month > (%(now)s AT TIME ZONE 'Asia/Shanghai')::date - 62
GROUP BY department_id, month
HAVING count(*) >= %(least_cases)s AND count(*) FILTER (WHERE at_end) >= %(share)s * count(*)""",
        "F-MAILBOX": """
SELECT m.department_id, 'i:' || v.item_id || ':' || to_char(%(now)s AT TIME ZONE 'Asia/Shanghai', 'YYYY"-Q"Q'),
  (array_agg(m.id ORDER BY m.id))[:200], NULL::bigint,
  jsonb_build_object('事项', max(v.name), '决定件数', count(*), '窗口当场决定', 0)
FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
JOIN catalogue_itemversion v ON v.id = m.item_version_id AND (v.window_authorised OR v.case_type = '即办件')
  AND NOT EXISTS (SELECT 1 FROM catalogue_specialstep t WHERE t.version_id = v.id)
WHERE e.move IN ('grant', 'refuse') AND e.recorded_at <= %(now)s
  AND e.recorded_at > %(now)s - make_interval(days => %(days)s)
GROUP BY m.department_id, v.item_id
HAVING count(*) >= %(least_cases)s AND count(*) FILTER (WHERE e.role = 'chief_representative' OR EXISTS (
  SELECT 1 FROM entry a WHERE a.matter_id = m.id AND a.move = 'accept'
    AND (a.recorded_at AT TIME ZONE 'Asia/Shanghai')::date = (e.recorded_at AT TIME ZONE 'Asia/Shanghai')::date)) = 0""",
    }
    | detectors_of_order.HABIT
    | detectors_of_seeming.HABIT
    | detectors_of_cover.HABIT
    | detectors_of_combining.HABIT
)

# Rates are judged against peers: what is counted as one of them, by the rule's code.
RATED = {
    "F-RETURNS": ("request_correction",),
    "F-REFUSALS": ("refuse", "not_accept"),
    "F-PAUSES": PAUSING,
    "F-EXTENSIONS": ("extend",),
}
# Beside each share the same office's of the time before. A pause that the guide announces is nobody's idea: it counts
# where offices are compared, and not where the share itself is judged.
RATES = """
WITH taken AS (
  SELECT m.id, m.department_id, e.recorded_at > %(now)s - make_interval(days => %(days)s) AS fresh, m.item_version_id
  FROM entry e JOIN matter m ON m.id = e.matter_id AND m.kind = 'application'
  WHERE e.move = 'submit' AND e.recorded_at <= %(now)s
    AND e.recorded_at > %(now)s - make_interval(days => %(days)s + %(past)s))
SELECT t.department_id, count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE fresh AND h.hit),
  (array_agg(t.id ORDER BY t.id) FILTER (WHERE fresh AND h.hit))[:200],
  count(*) FILTER (WHERE NOT fresh), count(*) FILTER (WHERE NOT fresh AND h.hit),
  count(*) FILTER (WHERE fresh AND h.hit AND NOT (%(announced)s AND EXISTS (
    SELECT 1 FROM catalogue_specialstep s WHERE s.version_id = t.item_version_id)))
FROM taken t CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT 1 FROM entry e WHERE e.matter_id = t.id AND e.move = ANY (%(moves)s)) AS hit) h
GROUP BY t.department_id HAVING count(*) FILTER (WHERE fresh) >= %(least_cases)s"""

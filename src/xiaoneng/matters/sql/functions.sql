-- The kernel's functions: the only way in which a matter, its clocks, its documents and its journal ever change.
-- pg_temp stands last in every search path: left out it would come first, and a temporary table of the caller's would be
-- taken for the journal.

-- The functions that only others of these call have no search path of their own: they run under their caller's, and setting
-- it anew each time was a tenth of a move.

-- The time of record. Only the owner may replace it, and only in a demo, test or bench installation.
CREATE OR REPLACE FUNCTION xn_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT pg_catalog.clock_timestamp() $$;

-- Stable, as extract() is: only so the planner puts it in its caller's place instead of calling it.
CREATE OR REPLACE FUNCTION micros(t timestamptz) RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT (extract(epoch FROM t) * 1000000)::bigint $$;

-- What an entry's hash covers: every column but its id, as a JSON array, behind the hash of the entry before. The body comes
-- as the JSON string that stands in the array, which many entries have in common.
-- One expression, which the planner puts in its caller's place as well.
CREATE OR REPLACE FUNCTION entry_hash_of(
  p_prev bytea, p_matter bigint, p_seq int, p_move text, p_actor bigint, p_role text, p_authority text,
  p_at timestamptz, p_claimed timestamptz, p_recorded timestamptz, p_quoted text, p_numbers text,
  p_item_version bigint, p_calendar int, p_source text, p_key uuid)
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(p_prev || convert_to(
    left(json_build_array(p_matter, p_seq, p_move, p_actor, p_role, p_authority, micros(p_at), micros(p_claimed),
                          micros(p_recorded))::text, -1) || ', ' || p_quoted || ', '
    || substr(json_build_array(p_numbers, p_item_version, p_calendar, p_source, p_key)::text, 2), 'UTF8'))
$$;
CREATE OR REPLACE FUNCTION entry_hash(
  p_prev bytea, p_matter bigint, p_seq int, p_move text, p_actor bigint, p_role text, p_authority text,
  p_at timestamptz, p_claimed timestamptz, p_recorded timestamptz, p_body text, p_numbers text,
  p_item_version bigint, p_calendar int, p_source text, p_key uuid)
RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(p_prev || convert_to(json_build_array(
    p_matter, p_seq, p_move, p_actor, p_role, p_authority, micros(p_at), micros(p_claimed), micros(p_recorded),
    p_body, p_numbers, p_item_version, p_calendar, p_source, p_key)::text, 'UTF8'))
$$;

-- Draws the next number of a series: gap-free, because it is drawn in the transaction that uses it.
CREATE OR REPLACE FUNCTION draw(p_how jsonb) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE drawn text;
BEGIN
  UPDATE series AS s SET last = s.last + 1 WHERE s.key = p_how ->> 'series' RETURNING s.last INTO drawn;
  IF NOT FOUND THEN  -- the first number of a year or a day
    INSERT INTO series AS s (key, last) VALUES (p_how ->> 'series', 1)
    ON CONFLICT (key) DO UPDATE SET last = s.last + 1 RETURNING s.last INTO drawn;
  END IF;
  RETURN (p_how ->> 'prefix') || lpad(drawn, greatest((p_how ->> 'width')::int, length(drawn)), '0')
         || coalesce(p_how ->> 'suffix', '');
END$$;

-- Opens a matter as a draft: nothing has happened to it yet, so it has no entry.
CREATE OR REPLACE FUNCTION open_matter(
  p_kind text, p_state text, p_department bigint, p_item_version bigint, p_title text, p_by bigint, p_at timestamptz,
  p_key uuid)
RETURNS TABLE (id bigint, fresh boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp AS $$
DECLARE g bytea := sha256(uuid_send(gen_random_uuid()));
BEGIN
  INSERT INTO matter AS m (kind, state, department_id, item_version_id, title, opened_by, opened_at, open_key, genesis, head)
  VALUES (p_kind, p_state, p_department, p_item_version, p_title, p_by, p_at, p_key, g, g)
  ON CONFLICT (open_key) DO NOTHING RETURNING m.id INTO id;
  fresh := FOUND;
  IF NOT fresh THEN
    -- Somebody else's key opens nothing: the id stays empty.
    SELECT m.id INTO id FROM matter m WHERE m.open_key = p_key AND m.opened_by = p_by;
  END IF;
  RETURN NEXT;
END$$;

-- The set-based twin: many matters of one kind, in the order given, each with a key. Answers each by its place in the
-- arrays; a key that was used already opens nothing and answers the matter that it opened, or none if it is another's.
CREATE OR REPLACE FUNCTION open_many(
  p_kind text, p_state text, p_department bigint, p_item_version bigint, p_titles text[], p_by bigint, p_at timestamptz,
  p_keys uuid[])
RETURNS TABLE (place bigint, id bigint, fresh boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp AS $$
#variable_conflict use_column
DECLARE opened bigint[];
BEGIN
  WITH asked AS MATERIALIZED (
    SELECT w.title, w.key, w.place, sha256(uuid_send(gen_random_uuid())) AS g
    FROM unnest(p_titles, p_keys) WITH ORDINALITY AS w (title, key, place) WHERE w.key IS NOT NULL
  ), made AS (
    INSERT INTO matter AS m (kind, state, department_id, item_version_id, title, opened_by, opened_at, open_key, genesis, head)
    SELECT p_kind, p_state, p_department, p_item_version, a.title, p_by, p_at, a.key, a.g, a.g FROM asked a ORDER BY a.place
    ON CONFLICT (open_key) DO NOTHING RETURNING m.id
  )
  SELECT array_agg(made.id) INTO opened FROM made;
  RETURN QUERY
  SELECT w.place, m.id, o.id IS NOT NULL AND row_number() OVER (PARTITION BY w.key ORDER BY w.place) = 1
  FROM unnest(p_keys) WITH ORDINALITY AS w (key, place)
  LEFT JOIN matter m ON m.open_key = w.key AND m.opened_by = p_by LEFT JOIN unnest(opened) AS o (id) ON o.id = m.id
  ORDER BY w.place;
END$$;

-- Throws a draft away; what has an entry stays for good.
CREATE OR REPLACE FUNCTION discard_draft(p_matter bigint, p_by bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp AS $$
BEGIN
  DELETE FROM matter m WHERE m.id = p_matter AND m.opened_by = p_by AND m.version = 0;
  RETURN FOUND;
END$$;

-- Gives the clocks of a journal line by name and round, as their matter keeps them; each is given whole.
CREATE OR REPLACE FUNCTION clocks_by_name(p_clocks jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN  -- not in SQL, whose plans are kept on the newest servers only
  RETURN coalesce((SELECT jsonb_object_agg((c ->> 'name') || '/' || (c ->> 'round'), c)
                   FROM jsonb_array_elements(p_clocks) c), '{}');
END$$;

-- Writes the pauses of a matter's clocks, united by clock; the table holds them apart.
CREATE OR REPLACE FUNCTION project_pauses(p_matter bigint, p_clocks jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pause WHERE pause.matter_id = p_matter;
  INSERT INTO pause (matter_id, clock, round, during, kind)
  SELECT p_matter, k.value ->> 'name', (k.value ->> 'round')::int,
         daterange((p ->> 'from')::date + 1, (p ->> 'to')::date + 1), p ->> 'kind'
  FROM jsonb_each(p_clocks) k, jsonb_array_elements(k.value -> 'pauses') p;
END$$;

-- One move: compare and set, draw numbers, append the chained entry, project row, clocks and documents. One statement,
-- one transaction. outcome: moved | replayed (same key: the same answer) | key_reused | lost (somebody was first) | gone.
CREATE OR REPLACE FUNCTION move(
  p_matter bigint, p_version int, p_from text[], p_move text, p_actor bigint, p_role text, p_authority text,
  p_at timestamptz, p_claimed timestamptz, p_body text, p_item_version bigint, p_calendar int, p_source text, p_key uuid)
RETURNS TABLE (outcome text, seq int, recorded_at timestamptz, numbers text, hash bytea, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp AS $$
DECLARE
  m matter%ROWTYPE; earlier entry%ROWTYPE; b jsonb; d jsonb; drawn jsonb := '{}'; titles text[] := '{}'; n int := 0;
  ticking jsonb;
BEGIN
  SELECT * INTO m FROM matter WHERE matter.id = p_matter FOR UPDATE;
  IF NOT FOUND THEN outcome := 'gone'; RETURN NEXT; RETURN; END IF;
  IF m.version <> p_version OR m.state <> ALL (p_from) THEN
    -- Only a repeated request can find its key here: had it not moved the matter, its version would still be this one.
    SELECT * INTO earlier FROM entry e WHERE e.key = p_key;
    IF NOT FOUND THEN
      outcome := 'lost'; seq := m.version; state := m.state;
    ELSIF earlier.matter_id = p_matter AND earlier.move = p_move AND earlier.actor = p_actor THEN
      outcome := 'replayed'; seq := earlier.seq; recorded_at := earlier.recorded_at; numbers := earlier.numbers;
      hash := earlier.hash; state := earlier.facts ->> 'to';
    ELSE
      outcome := 'key_reused';
    END IF;
    RETURN NEXT; RETURN;
  END IF;

  recorded_at := xn_clock();
  IF recorded_at < m.changed_at - interval '2 seconds' THEN
    RAISE EXCEPTION '数据库时钟倒退：上一条日志记于 %，现在是 %。请系统管理员校正时钟后再办。', m.changed_at, recorded_at
      USING ERRCODE = 'XN003';
  END IF;
  recorded_at := greatest(recorded_at, m.changed_at);
  IF p_claimed IS NULL AND abs(extract(epoch FROM recorded_at - p_at)) > 2 THEN
    RAISE EXCEPTION '服务器时间 % 与数据库时间 % 相差超过两秒；事后补录须写明发生时间。', p_at, recorded_at
      USING ERRCODE = 'XN002';
  END IF;

  b := p_body::jsonb;
  ticking := clocks(m) || clocks_by_name(b -> 'clocks');
  IF b ? 'intake_number' THEN drawn := drawn || jsonb_build_object('intake_number', draw(b -> 'intake_number')); END IF;
  IF b ? 'number' THEN drawn := drawn || jsonb_build_object('number', draw(b -> 'number')); END IF;
  IF b ? 'documents' THEN
    FOR d IN SELECT value FROM jsonb_array_elements(b -> 'documents') LOOP titles := titles || draw(d); END LOOP;
    drawn := drawn || jsonb_build_object('documents', to_jsonb(titles));
  END IF;

  seq := p_version + 1; numbers := drawn::text; state := b ->> 'to'; outcome := 'moved';
  hash := entry_hash(m.head, p_matter, seq, p_move, p_actor, p_role, p_authority, p_at, p_claimed, recorded_at,
                     p_body, numbers, p_item_version, p_calendar, p_source, p_key);
  INSERT INTO entry (matter_id, seq, move, actor, role, authority, at, claimed_at, recorded_at, body, numbers,
                     item_version_id, calendar_version, source, key, prev, hash)
  VALUES (p_matter, move.seq, p_move, p_actor, p_role, p_authority, p_at, p_claimed, move.recorded_at, p_body,
          move.numbers, p_item_version, p_calendar, p_source, p_key, m.head, move.hash);
  UPDATE matter SET
    state = move.state, version = move.seq, head = move.hash, changed_at = move.recorded_at,
    item_version_id = coalesce(p_item_version, matter.item_version_id),
    intake_number = coalesce(drawn ->> 'intake_number', matter.intake_number),
    number = coalesce(drawn ->> 'number', matter.number),
    step = (b ->> 'step')::int, step_name = b ->> 'step_name', desk = b ->> 'desk',
    yellow_at = (b ->> 'yellow_at')::timestamptz, red_at = (b ->> 'red_at')::timestamptz,
    paused = (b ->> 'paused')::boolean, late = (b ->> 'late')::boolean, closed = (b ->> 'closed')::boolean,
    clocks_moved = ticking, clocks_recounted = NULL
  WHERE matter.id = p_matter;
  -- Most matters never pause, and then nothing is looked for.
  IF ticking @? '$.*.pauses[0]' OR m.clocks_moved @? '$.*.pauses[0]' THEN PERFORM project_pauses(p_matter, ticking); END IF;
  IF b ? 'documents' THEN
    FOR d IN SELECT value FROM jsonb_array_elements(b -> 'documents') LOOP
      n := n + 1;
      INSERT INTO document (matter_id, seq, kind, title, number, verify_code, issued_at)
      VALUES (p_matter, move.seq, d ->> 'kind', d ->> 'title', titles[n], d ->> 'verify_code', p_at);
    END LOOP;
  END IF;
  RETURN NEXT;
END$$;

-- Many moves at once draw no numbers and issue no documents.
CREATE OR REPLACE FUNCTION refuse_numbers() RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION '成批办理不编号、不出文书；要编号的请逐件办理。' USING ERRCODE = 'XN004';
END$$;

-- The set-based twin: many matters, one entry each, no numbers and no documents. For recalculation and imports.
-- The arrays of matters stand beside each other; a body that many have in common comes once, and p_body_of names it by its
-- place. Planned anew each time, for as many as there are. Answers the matters moved.
CREATE OR REPLACE FUNCTION move_many(
  p_matters bigint[], p_versions int[], p_from text[], p_bodies text[], p_body_of int[], p_items bigint[], p_calendars int[],
  p_move text, p_actor bigint, p_role text, p_authority text, p_at timestamptz, p_source text)
RETURNS TABLE (matter_id bigint, seq int, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp
SET work_mem = '64MB' SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE t timestamptz;
BEGIN
  PERFORM 1 FROM matter m WHERE m.id = ANY (p_matters) ORDER BY m.id FOR UPDATE;
  t := xn_clock();
  IF abs(extract(epoch FROM t - p_at)) > 2 THEN
    RAISE EXCEPTION '服务器时间 % 与数据库时间 % 相差超过两秒。', p_at, t USING ERRCODE = 'XN002';
  END IF;
  RETURN QUERY
  WITH said AS MATERIALIZED (  -- each body read once
    SELECT w.place, w.body, to_json(w.body)::text AS quoted, b.*, clocks_by_name(b.clocks) AS told
    FROM unnest(p_bodies) WITH ORDINALITY AS w (body, place)
    CROSS JOIN LATERAL (SELECT w.body::jsonb AS facts OFFSET 0) f
    CROSS JOIN LATERAL jsonb_to_record(
      CASE WHEN f.facts ?| ARRAY['intake_number', 'number', 'documents'] THEN refuse_numbers() ELSE f.facts END) AS b (
      "to" text, step int, step_name text, desk text, yellow_at timestamptz, red_at timestamptz, paused boolean,
      late boolean, closed boolean, clocks jsonb, recounted jsonb)
  ), moving AS MATERIALIZED (
    SELECT m.id, m.version + 1 AS seq, w.body_of, w.item_version, w.calendar, m.head AS prev,
           greatest(t, m.changed_at) AS recorded
    FROM unnest(p_matters, p_versions, p_body_of, p_items, p_calendars)
           AS w (matter, version, body_of, item_version, calendar)
    JOIN matter m ON m.id = w.matter AND m.version = w.version AND m.state = ANY (p_from)
  ), hashed AS MATERIALIZED (
    SELECT v.*, entry_hash_of(v.prev, v.id, v.seq, p_move, p_actor, p_role, p_authority, p_at, NULL, v.recorded, s.quoted,
                              '{}', v.item_version, v.calendar, p_source, NULL) AS hash
    FROM moving v JOIN said s ON s.place = v.body_of
  ), written AS (
    INSERT INTO entry (matter_id, seq, move, actor, role, authority, at, recorded_at, body, numbers, item_version_id,
                       calendar_version, source, prev, hash)
    SELECT v.id, v.seq, p_move, p_actor, p_role, p_authority, p_at, v.recorded, s.body, '{}', v.item_version, v.calendar,
           p_source, v.prev, v.hash
    FROM (SELECT * FROM hashed ORDER BY id OFFSET 0) v JOIN said s ON s.place = v.body_of
  )
  UPDATE matter m SET
    state = s."to", version = v.seq, head = v.hash, changed_at = v.recorded,
    item_version_id = coalesce(v.item_version, m.item_version_id),
    step = s.step, step_name = s.step_name, desk = s.desk, yellow_at = s.yellow_at, red_at = s.red_at, paused = s.paused,
    late = s.late, closed = s.closed,
    -- A clock given whole is laid over the clocks; of clocks counted anew the dates, which are given whole, lie beside them.
    clocks_moved = CASE WHEN s.clocks IS NULL THEN m.clocks_moved ELSE clocks(m) || s.told END,
    clocks_recounted = CASE WHEN s.clocks IS NULL THEN coalesce(m.clocks_recounted || s.recounted, s.recounted, m.clocks_recounted)
                            ELSE s.recounted END
  FROM hashed v JOIN said s ON s.place = v.body_of WHERE m.id = v.id
  RETURNING m.id, m.version, m.head;
END$$;

REVOKE ALL ON FUNCTION
  entry_hash_of(bytea, bigint, int, text, bigint, text, text, timestamptz, timestamptz, timestamptz, text, text, bigint, int, text, uuid),
  entry_hash(bytea, bigint, int, text, bigint, text, text, timestamptz, timestamptz, timestamptz, text, text, bigint, int, text, uuid),
  draw(jsonb), clocks_by_name(jsonb), project_pauses(bigint, jsonb), refuse_numbers(),
  open_matter(text, text, bigint, bigint, text, bigint, timestamptz, uuid), discard_draft(bigint, bigint),
  open_many(text, text, bigint, bigint, text[], bigint, timestamptz, uuid[]),
  move(bigint, int, text[], text, bigint, text, text, timestamptz, timestamptz, text, bigint, int, text, uuid),
  move_many(bigint[], int[], text[], text[], int[], bigint[], int[], text, bigint, text, text, timestamptz, text)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  open_matter(text, text, bigint, bigint, text, bigint, timestamptz, uuid), discard_draft(bigint, bigint),
  open_many(text, text, bigint, bigint, text[], bigint, timestamptz, uuid[]),
  move(bigint, int, text[], text, bigint, text, text, timestamptz, timestamptz, text, bigint, int, text, uuid),
  move_many(bigint[], int[], text[], text[], int[], bigint[], int[], text, bigint, text, text, timestamptz, text)
TO xn_app;
GRANT EXECUTE ON FUNCTION xn_clock() TO xn_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON installation, matter, entry, clock, pause, series, document FROM xn_app;
GRANT SELECT ON installation, matter, entry, clock, pause, series, document TO xn_app;

-- What a recalculation counted anew lies beside the clocks until the next move lays it over them (docs/adr/0024): building
-- each clock anew was a third of the server's time of a recalculation. Whoever writes m.clocks reads both, by the function.
ALTER TABLE matter RENAME COLUMN clocks TO clocks_moved;
ALTER TABLE matter ADD COLUMN clocks_recounted jsonb;

CREATE FUNCTION laid_over(p_clocks jsonb, p_recounted jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT p_clocks || jsonb_object_agg(r.key, (p_clocks -> r.key) || r.value) FROM jsonb_each(p_recounted) r
$$;
-- As plain as this, the planner puts it in its caller's place.
CREATE FUNCTION clocks(m matter) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN m.clocks_recounted IS NULL THEN m.clocks_moved ELSE laid_over(m.clocks_moved, m.clocks_recounted) END
$$;
CREATE OR REPLACE VIEW clock AS
SELECT m.id || '/' || c.key AS id, m.id AS matter_id, r.*
FROM matter m, jsonb_each(m.clocks) AS c, jsonb_to_record(c.value) AS r (
  name text, round int, step int, unit text, "limit" int, extension int, started_on date, started_at timestamptz,
  due_on date, yellow_at timestamptz, red_at timestamptz, state text, stopped_at timestamptz, counts boolean,
  provisional boolean, calendar_version int, pauses jsonb);

-- The platform's own entries have no key; those that have one are still one for each key.
ALTER TABLE entry DROP CONSTRAINT entry_key_key;
CREATE UNIQUE INDEX entry_key_key ON entry (key) WHERE key IS NOT NULL;

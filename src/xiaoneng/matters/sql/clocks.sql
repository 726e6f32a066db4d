-- The clocks come to stand in their matter's row: a move then writes one row and one line, and reads its clocks with its
-- matter. They are the journal's own words, by name and round; whoever asks across matters reads the view.

ALTER TABLE matter ADD COLUMN clocks jsonb NOT NULL DEFAULT '{}';
ALTER TABLE matter SET (toast_tuple_target = 8160);
UPDATE matter m SET clocks = folded.clocks FROM (
  SELECT last.matter_id, jsonb_object_agg(last.key, last.clock) AS clocks FROM (
    SELECT DISTINCT ON (e.matter_id, (c ->> 'name') || '/' || (c ->> 'round'))
      e.matter_id, (c ->> 'name') || '/' || (c ->> 'round') AS key, c AS clock
    FROM entry e, jsonb_array_elements(e.facts -> 'clocks') c
    ORDER BY e.matter_id, (c ->> 'name') || '/' || (c ->> 'round'), e.seq DESC) last
  GROUP BY last.matter_id) folded
WHERE folded.matter_id = m.id;
SET CONSTRAINTS ALL IMMEDIATE;

DROP TABLE pause;
DROP TABLE clock;
CREATE VIEW clock AS
SELECT m.id || '/' || c.key AS id, m.id AS matter_id, r.*
FROM matter m, jsonb_each(m.clocks) AS c, jsonb_to_record(c.value) AS r (
  name text, round int, step int, unit text, "limit" int, extension int, started_on date, started_at timestamptz,
  due_on date, yellow_at timestamptz, red_at timestamptz, state text, stopped_at timestamptz, counts boolean,
  provisional boolean, calendar_version int, pauses jsonb);

-- The pauses keep a table of their own beside it: that those of a clock never overlap is for the database to say.
CREATE TABLE pause (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  matter_id bigint NOT NULL REFERENCES matter,
  clock text NOT NULL,
  round int NOT NULL,
  during daterange NOT NULL CHECK (NOT isempty(during)),  -- the days taken out: after the first, through the last
  kind text NOT NULL,
  CONSTRAINT pauses_of_a_clock_do_not_overlap
    EXCLUDE USING gist (matter_id WITH =, clock WITH =, round WITH =, during WITH &&)
);
INSERT INTO pause (matter_id, clock, round, during, kind)
SELECT k.matter_id, k.name, k.round, daterange((p ->> 'from')::date + 1, (p ->> 'to')::date + 1), p ->> 'kind'
FROM clock k, jsonb_array_elements(k.pauses) p;

-- Every index of the matter is written at every move; these had no reader of their own, or have another way.
DROP INDEX matter_opened_by;
DROP INDEX matter_changed;
-- Whoever looks for red lights wants the paused as well: a matter that was red before its pause stays red.
DROP INDEX matter_turning_red;
CREATE INDEX matter_turning_red ON matter (red_at) WHERE NOT closed AND version > 0;
CREATE INDEX matter_ended_late ON matter (changed_at) WHERE late;
-- A document's entry names its matter.
ALTER TABLE document DROP CONSTRAINT document_matter_id_fkey;

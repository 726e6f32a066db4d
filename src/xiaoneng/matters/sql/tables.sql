-- The kernel's tables. The serving role may read them and execute the functions of functions.sql; nothing else.

-- One row says what this installation is; only one that declares itself demo, test or bench may have its clock moved.
CREATE TABLE installation (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  kind text NOT NULL CHECK (kind IN ('production', 'demo', 'test', 'bench')),
  name text NOT NULL DEFAULT '',
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE matter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  department_id bigint NOT NULL REFERENCES org_department,
  title text NOT NULL,
  opened_by bigint NOT NULL,
  opened_at timestamptz NOT NULL,
  open_key uuid UNIQUE,
  genesis bytea NOT NULL,
  -- From here on the row is the projection of its journal: doctor rebuilds it and finds no difference.
  item_version_id bigint REFERENCES catalogue_itemversion,
  state text NOT NULL,
  version int NOT NULL DEFAULT 0,
  head bytea NOT NULL,
  intake_number text UNIQUE,
  number text UNIQUE,
  step int NOT NULL DEFAULT 0,
  step_name text NOT NULL DEFAULT '',
  desk text NOT NULL DEFAULT '',
  yellow_at timestamptz,
  red_at timestamptz,
  paused boolean NOT NULL DEFAULT false,
  late boolean NOT NULL DEFAULT false,
  closed boolean NOT NULL DEFAULT false,
  changed_at timestamptz
);
CREATE INDEX matter_open_by_red ON matter (department_id, red_at) WHERE NOT closed AND version > 0;
CREATE INDEX matter_turning_red ON matter (red_at) WHERE NOT closed AND version > 0 AND NOT paused;
CREATE INDEX matter_turning_yellow ON matter (yellow_at) WHERE NOT closed AND version > 0 AND NOT paused;
CREATE INDEX matter_changed ON matter (changed_at) WHERE version > 0;
CREATE INDEX matter_opened_by ON matter (opened_by);

CREATE TABLE entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  matter_id bigint NOT NULL REFERENCES matter,
  seq int NOT NULL,
  move text NOT NULL,
  actor bigint NOT NULL,              -- account; 0 is the platform
  role text NOT NULL,
  authority text NOT NULL DEFAULT '',
  at timestamptz NOT NULL,            -- the instant that the law was applied to
  claimed_at timestamptz,             -- what a late entry says of when it happened
  recorded_at timestamptz NOT NULL,   -- xn_clock(), read once, after the lock
  body text NOT NULL,                 -- the facts as written: this text is hashed
  facts jsonb GENERATED ALWAYS AS (body::jsonb) STORED,
  numbers text NOT NULL DEFAULT '{}', -- the numbers drawn in this move
  item_version_id bigint,
  calendar_version int,
  source text NOT NULL DEFAULT '',    -- named for imported history only
  key uuid UNIQUE,                    -- idempotency key of the request
  prev bytea NOT NULL,
  hash bytea NOT NULL,
  UNIQUE (matter_id, seq)
) WITH (toast_tuple_target = 8160);   -- an entry of usual size is not worth the time to compress it
CREATE INDEX entry_recorded ON entry (recorded_at);

CREATE TABLE clock (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  matter_id bigint NOT NULL REFERENCES matter,
  name text NOT NULL,
  round int NOT NULL,                 -- a clock may be started anew: after a supplement, for the next step
  step int NOT NULL DEFAULT 0,
  unit text NOT NULL,
  "limit" int NOT NULL,
  extension int NOT NULL DEFAULT 0,
  started_on date NOT NULL,
  started_at timestamptz NOT NULL,
  due_on date,
  yellow_at timestamptz,
  red_at timestamptz,
  state text NOT NULL CHECK (state IN ('running', 'paused', 'stopped')),
  stopped_at timestamptz,
  counts boolean NOT NULL,
  provisional boolean NOT NULL DEFAULT false,
  calendar_version int NOT NULL,
  UNIQUE (matter_id, name, round)
);
CREATE INDEX clock_red ON clock (red_at) WHERE counts AND red_at IS NOT NULL;

CREATE TABLE pause (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  clock_id bigint NOT NULL REFERENCES clock,
  during daterange NOT NULL CHECK (NOT isempty(during)),  -- the days taken out: after the first, through the last
  kind text NOT NULL,
  CONSTRAINT pauses_of_a_clock_do_not_overlap EXCLUDE USING gist (clock_id WITH =, during WITH &&)
);

CREATE TABLE series (
  key text PRIMARY KEY,
  last bigint NOT NULL CHECK (last > 0)
);

CREATE TABLE document (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  matter_id bigint NOT NULL REFERENCES matter,
  seq int NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  number text NOT NULL UNIQUE,
  verify_code text NOT NULL UNIQUE,
  issued_at timestamptz NOT NULL,
  FOREIGN KEY (matter_id, seq) REFERENCES entry (matter_id, seq)
);
CREATE INDEX document_of_matter ON document (matter_id);

-- Against the owner himself: the journal grows and does nothing else, and no state changes without its entry.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, xn, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '办件日志只增不改：% 被拒绝。', TG_OP USING ERRCODE = 'XN001';
END$$;
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE FUNCTION require_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, xn, pg_temp AS $$
BEGIN
  IF NEW.version > 0 AND NOT EXISTS (
    SELECT 1 FROM entry e WHERE e.matter_id = NEW.id AND e.seq = NEW.version AND e.hash = NEW.head
                            AND e.facts ->> 'to' = NEW.state) THEN
    RAISE EXCEPTION '办件 % 的状态改变没有对应的日志。', NEW.id USING ERRCODE = 'XN001';
  END IF;
  RETURN NULL;
END$$;
CREATE CONSTRAINT TRIGGER no_version_without_its_entry AFTER INSERT OR UPDATE ON matter
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_entry();

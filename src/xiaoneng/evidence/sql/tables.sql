-- The log over all entries of all matters. The serving role may read it and append to it through its functions only.

-- One leaf an entry, in an order that never changes. No foreign key: an entry is never removed, and checking one would
-- write a lock into every entry.
CREATE TABLE log_leaf (
  position bigint PRIMARY KEY,
  entry_id bigint NOT NULL UNIQUE,
  matter_id bigint NOT NULL,
  seq int NOT NULL,
  hash bytea NOT NULL                 -- the entry's hash, as receipts carry it
);
CREATE INDEX log_leaf_by_hash ON log_leaf USING hash (hash);

-- What sums up 256 nodes of the level eight below; kept so that a proof reads a few tiles and not the whole log.
CREATE TABLE log_tile (
  level int NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (level, index)
);

-- How far the log has come. Entries up to `settled` are all in it; `seen` is as far once every transaction before
-- `seen_before` has ended.
CREATE TABLE log_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL DEFAULT 0,
  settled bigint NOT NULL DEFAULT 0,
  seen bigint NOT NULL DEFAULT 0,
  seen_before xid8 NOT NULL DEFAULT '0'
);
INSERT INTO log_state DEFAULT VALUES;

CREATE TABLE log_key (
  fingerprint text PRIMARY KEY,
  public bytea NOT NULL UNIQUE CHECK (length(public) = 32 AND encode(sha256(public), 'hex') = fingerprint),
  since timestamptz NOT NULL
);

CREATE TABLE checkpoint (
  number bigint PRIMARY KEY,
  size bigint NOT NULL,
  root bytea NOT NULL CHECK (length(root) = 32),
  at timestamptz NOT NULL,
  prev bytea NOT NULL CHECK (length(prev) = 32),  -- sha256 of the text signed before
  key text NOT NULL REFERENCES log_key,
  signature bytea NOT NULL CHECK (length(signature) = 64)
);
CREATE INDEX checkpoint_by_size ON checkpoint (size);

CREATE TRIGGER leaf_is_append_only BEFORE UPDATE OR DELETE ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER leaf_is_never_emptied BEFORE TRUNCATE ON log_leaf FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER tile_is_append_only BEFORE UPDATE OR DELETE ON log_tile FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER tile_is_never_emptied BEFORE TRUNCATE ON log_tile FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER key_is_append_only BEFORE UPDATE OR DELETE ON log_key FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER key_is_never_emptied BEFORE TRUNCATE ON log_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER checkpoint_is_append_only BEFORE UPDATE OR DELETE ON checkpoint
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER checkpoint_is_never_emptied BEFORE TRUNCATE ON checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

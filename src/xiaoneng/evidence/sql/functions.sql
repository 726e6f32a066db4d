-- The functions of the log: the only way in which it grows. pg_temp stands last in every search path, as in the kernel.

-- The leaf of RFC 6962 over an entry's identity and hash.
CREATE OR REPLACE FUNCTION leaf_hash(p_matter bigint, p_seq int, p_hash bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT sha256('\x00'::bytea || int8send(p_matter) || int4send(p_seq) || p_hash) $$;

-- The node above a power of two of nodes.
CREATE OR REPLACE FUNCTION merkle_fold(p_nodes bytea[]) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE n int := array_length(p_nodes, 1);
BEGIN
  WHILE n > 1 LOOP
    n := n / 2;
    FOR i IN 1..n LOOP p_nodes[i] := sha256('\x01'::bytea || p_nodes[2 * i - 1] || p_nodes[2 * i]); END LOOP;
  END LOOP;
  RETURN p_nodes[1];
END$$;

-- Appends entries that are not in the log yet, in order of id; returns the log's size and how many were added. Nobody is skipped: who
-- drew a small id and commits late is found among the ids after `settled`, and that moves on to an id only when every
-- transaction that was running when the id was seen has ended.
CREATE OR REPLACE FUNCTION append_leaves(p_most int) RETURNS TABLE (log_size bigint, added bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp AS $$
DECLARE s log_state%ROWTYPE; settling boolean; top bigint; n bigint; height int := 8;
BEGIN
  PERFORM pg_advisory_xact_lock(7892498);  -- takes no transaction number, so ours is drawn when the run before has ended
  SELECT * INTO s FROM log_state FOR UPDATE;
  -- Whoever drew an id below `seen` has a number below ours, which is drawn in a later run than the one that saw it. (The
  -- snapshot's own upper end would not do: it is the last that ended, and later numbers may be under way.) A number from
  -- the future is another cluster's, from before a restoration.
  IF s.seen_before = '0' OR s.seen_before > pg_snapshot_xmax(pg_current_snapshot()) THEN
    s.seen_before := pg_current_xact_id();
  END IF;
  -- Asked before the entries are: whoever has ended by now is visible to the statement below.
  settling := s.seen_before <= pg_snapshot_xmin(pg_current_snapshot());
  INSERT INTO log_leaf (position, entry_id, matter_id, seq, hash)
  SELECT s.size + row_number() OVER (ORDER BY e.id) - 1, e.id, e.matter_id, e.seq, e.hash
  FROM (SELECT e.id, e.matter_id, e.seq, e.hash FROM entry e
        WHERE e.id > s.settled AND NOT EXISTS (SELECT FROM log_leaf l WHERE l.entry_id = e.id)
        ORDER BY e.id LIMIT p_most) e;
  GET DIAGNOSTICS n = ROW_COUNT;
  IF settling THEN
    -- Only now, with those that ended late in the log. A batch that was cut short has looked as far as its last entry.
    SELECT max(l.entry_id) INTO top FROM log_leaf l WHERE l.position >= s.size;
    s.settled := CASE WHEN n < p_most THEN s.seen ELSE least(s.seen, top) END;
    -- Of the whole log: what came in while somebody else was under way counts too, though nothing new may follow it.
    SELECT greatest(s.seen, max(l.entry_id)) INTO s.seen FROM log_leaf l;
    s.seen_before := '0';
  END IF;
  WHILE (s.size + n) >> height > 0 LOOP
    INSERT INTO log_tile (level, index, hash)
    SELECT height, i, CASE WHEN height = 8
      THEN merkle_fold(ARRAY(SELECT leaf_hash(l.matter_id, l.seq, l.hash) FROM log_leaf l
                             WHERE l.position >= i << 8 AND l.position < (i + 1) << 8 ORDER BY l.position))
      ELSE merkle_fold(ARRAY(SELECT t.hash FROM log_tile t
                             WHERE t.level = height - 8 AND t.index >= i << 8 AND t.index < (i + 1) << 8
                             ORDER BY t.index)) END
    FROM generate_series(s.size >> height, ((s.size + n) >> height) - 1) i;
    height := height + 8;
  END LOOP;
  UPDATE log_state SET size = s.size + n, settled = s.settled, seen = s.seen, seen_before = s.seen_before;
  log_size := s.size + n; added := n;
  RETURN NEXT;
END$$;

-- Makes a public key known; the same one again changes nothing.
CREATE OR REPLACE FUNCTION publish_key(p_public bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp
AS $$ INSERT INTO log_key (fingerprint, public, since) VALUES (encode(sha256(p_public), 'hex'), p_public, xn_clock())
      ON CONFLICT DO NOTHING $$;

-- Publishes a checkpoint over the log as it stands: the next number, linked to the one before, now.
CREATE OR REPLACE FUNCTION publish_checkpoint(
  p_number bigint, p_size bigint, p_root bytea, p_at timestamptz, p_prev bytea, p_key text, p_signature bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp AS $$
DECLARE s log_state%ROWTYPE; last checkpoint%ROWTYPE;
BEGIN
  SELECT * INTO s FROM log_state FOR UPDATE;
  SELECT * INTO last FROM checkpoint ORDER BY number DESC LIMIT 1;
  IF p_number <> coalesce(last.number, 0) + 1 OR p_size <> s.size OR p_size <= coalesce(last.size, 0) THEN
    RAISE EXCEPTION '检查点须按序号接在上一个之后，并覆盖存证日志的全部条目。' USING ERRCODE = 'XN004';
  END IF;
  IF p_at < last.at OR abs(extract(epoch FROM greatest(xn_clock(), last.at) - p_at)) > 600 THEN
    RAISE EXCEPTION '检查点的时间 % 不是现在。请系统管理员校正时钟。', p_at USING ERRCODE = 'XN004';
  END IF;
  INSERT INTO checkpoint (number, size, root, at, prev, key, signature)
  VALUES (p_number, p_size, p_root, p_at, p_prev, p_key, p_signature);
END$$;

REVOKE ALL ON FUNCTION
  leaf_hash(bigint, int, bytea), merkle_fold(bytea[]), append_leaves(int), publish_key(bytea),
  publish_checkpoint(bigint, bigint, bytea, timestamptz, bytea, text, bytea)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  append_leaves(int), publish_key(bytea),
  publish_checkpoint(bigint, bigint, bytea, timestamptz, bytea, text, bytea)
TO xn_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON log_leaf, log_tile, log_state, log_key, checkpoint FROM xn_app;
GRANT SELECT ON log_leaf, log_tile, log_state, log_key, checkpoint TO xn_app;

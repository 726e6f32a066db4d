-- That no state changes without its entry is asked once a statement, when its rows are known, and no longer row by row at
-- the end of the transaction, which was a twelfth of a life's time in the server. The entry is written before its matter's
-- row, so it is there.
DROP TRIGGER no_version_without_its_entry ON matter;

-- No search path of its own: what it reads is named in full, and setting one took as long as the question.
CREATE FUNCTION require_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bare bigint;
BEGIN
  SELECT c.id INTO bare FROM changed c WHERE c.version > 0 AND NOT EXISTS (
    SELECT 1 FROM xn.entry e WHERE e.matter_id = c.id AND e.seq = c.version AND e.hash = c.head
                               AND e.facts ->> 'to' = c.state) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '办件 % 的状态改变没有对应的日志。', bare USING ERRCODE = 'XN001';
  END IF;
  RETURN NULL;
END$$;
CREATE TRIGGER no_version_without_its_entry AFTER UPDATE ON matter
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION require_entries();

-- A matter is opened without an entry; one that came with a version would have to bring it.
CREATE CONSTRAINT TRIGGER no_matter_begins_without_its_entry AFTER INSERT ON matter
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.version > 0) EXECUTE FUNCTION require_entry();

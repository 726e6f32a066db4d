-- Done after every migration: what points to a matter's row is led to what was opened.
DO $$
DECLARE r record;
BEGIN
  FOR r IN
    SELECT c.conrelid::regclass AS held, c.conname, a.attname, c.condeferrable
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'xn.matter'::regclass
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES xn.matter_opened (id)%s',
      r.held, r.conname, r.conname, r.attname, CASE WHEN r.condeferrable THEN ' DEFERRABLE INITIALLY DEFERRED' END);
  END LOOP;
END$$;

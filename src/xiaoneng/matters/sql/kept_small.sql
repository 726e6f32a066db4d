-- A row whose clocks are long keeps them compressed: they are JSON of few words, a quarter remains, and a recalculation,
-- which does not touch them, copies them as they lie. Nothing goes out of line as long as the row fits its page.
ALTER TABLE matter SET (toast_tuple_target = 1024);
DO $$
DECLARE c text;
BEGIN
  FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 'matter'::regclass AND attnum > 0 AND NOT attisdropped
           AND attstorage = 'x' LOOP
    EXECUTE format('ALTER TABLE matter ALTER COLUMN %I SET STORAGE MAIN', c);
  END LOOP;
END$$;

-- The journal grows at its end. Vacuum would tell new entries of the room that is left at the end of each old page, and
-- each entry would then fetch an old page and log it whole: as many bytes again as everything else of a recalculation.
ALTER TABLE entry SET (autovacuum_vacuum_insert_threshold = -1);

-- What is sought is in force as long as its version is, whoever ends or begins a version.
CREATE FUNCTION sought_follows_its_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, xn, pg_temp AS $$
BEGIN
  UPDATE catalogue_sought SET in_force = NEW.in_force WHERE version_id = NEW.id;
  RETURN NULL;
END$$;
CREATE TRIGGER sought_follows_its_version AFTER UPDATE OF in_force ON catalogue_itemversion
  FOR EACH ROW WHEN (OLD.in_force IS DISTINCT FROM NEW.in_force) EXECUTE FUNCTION sought_follows_its_version();

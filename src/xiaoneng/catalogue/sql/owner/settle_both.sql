-- New keys of the search wait in lists beside their indexes, which take them in many at once in a third of the time. Whoever
-- writes many rows has the lists taken in at the end, so that a search finds them empty. Only the owner of an index may do that.
CREATE OR REPLACE FUNCTION settle_item_keys() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp
AS $$ SELECT gin_clean_pending_list(to_regclass('item_keys')) + gin_clean_pending_list(to_regclass('item_keys_of_an_eighth')) $$;

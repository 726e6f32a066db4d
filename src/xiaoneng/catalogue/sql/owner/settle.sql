-- New keys of the search wait in a list beside their index, which takes them in many at once in a third of the time. Whoever
-- writes many rows has the list taken in at the end, so that a search finds it empty. Only the owner of an index may do that.
CREATE OR REPLACE FUNCTION settle_item_keys() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, xn, pg_temp
AS $$ SELECT gin_clean_pending_list(to_regclass('item_keys')) $$;

-- The versions in force that have words, the best first. Names that have them come first; then, while there is room, what
-- has them in its aliases, and elsewhere. Where even the names are too many to rank, those that begin with the words are
-- fetched for themselves, so that the equal one is never left out.
--
-- in_name, anywhere: the keys that such a name or such a row has (search/keys.py); NULL where these are so frequent that
--   looking at row after row is quicker. name_like, any_like: patterns of the words that keys alone do not prove, or of
--   all words where there are no keys. all_like: patterns of all words. wanted: headings.
-- The plan is made once and kept: making it anew would take longer than the search.
CREATE FUNCTION find_items(at timestamptz, in_name text[], anywhere text[], name_like text[], any_like text[],
  all_like text[], typed text, wanted text[], cap int, besides int) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, xn, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  named bigint[];
  more bigint[];
BEGIN
  IF in_name IS NULL THEN
    SELECT array_agg(version_id ORDER BY class, length, version_id) INTO named FROM (
      SELECT version_id, char_length(name) AS length,
        CASE WHEN name = typed THEN 0 WHEN starts_with(name, typed) THEN 1 ELSE 2 END AS class
      FROM catalogue_sought WHERE in_force @> at AND name LIKE ALL (name_like) LIMIT cap) AS hit;
  ELSE
    SELECT array_agg(version_id ORDER BY class, length, version_id) INTO named FROM (
      SELECT version_id, char_length(name) AS length,
        CASE WHEN name = typed THEN 0 WHEN starts_with(name, typed) THEN 1 ELSE 2 END AS class
      FROM catalogue_sought WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> in_name
        AND name LIKE ALL (name_like) LIMIT cap) AS hit;
  END IF;
  named := coalesce(named, '{}');
  IF cardinality(named) >= cap THEN
    SELECT array_agg(version_id ORDER BY length, version_id) INTO more FROM (
      SELECT version_id, char_length(name) AS length FROM catalogue_sought
      WHERE name COLLATE "C" >= typed AND name COLLATE "C" < typed || U&'\+10FFFF' AND in_force @> at
        AND headings @> wanted LIMIT besides) AS hit;
    RETURN coalesce(more, '{}') || named;
  END IF;
  IF anywhere IS NULL THEN
    SELECT array_agg(version_id ORDER BY class, length, version_id) INTO more FROM (
      SELECT version_id, char_length(name) AS length,
        CASE WHEN left(rest, said) LIKE ALL (all_like) THEN 0 ELSE 1 END AS class
      FROM catalogue_sought WHERE in_force @> at AND name || U&'\E001' || rest LIKE ALL (any_like)
        AND NOT name LIKE ALL (all_like) LIMIT cap - cardinality(named)) AS hit;
  ELSE
    SELECT array_agg(version_id ORDER BY class, length, version_id) INTO more FROM (
      SELECT version_id, char_length(name) AS length,
        CASE WHEN left(rest, said) LIKE ALL (all_like) THEN 0 ELSE 1 END AS class
      FROM catalogue_sought WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> anywhere
        AND name || U&'\E001' || rest LIKE ALL (any_like)
        AND NOT name LIKE ALL (all_like) LIMIT cap - cardinality(named)) AS hit;
  END IF;
  RETURN named || coalesce(more, '{}');
END$$;

-- Several ways to say the same, a handful of versions for each, in the order of the ways and the best of each first.
-- ways: [{"words": […], "keys": […]}, …]
CREATE FUNCTION find_ways(at timestamptz, ways jsonb, besides int, OUT ids bigint[], OUT places int[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, xn, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  way jsonb;
  patterns text[];
  keys text[];
  found bigint[];
  place int := 0;
BEGIN
  ids := '{}';
  places := '{}';
  FOR way IN SELECT jsonb_array_elements(ways) LOOP
    place := place + 1;
    patterns := ARRAY(SELECT jsonb_array_elements_text(way -> 'patterns'));
    keys := ARRAY(SELECT jsonb_array_elements_text(way -> 'keys'));
    SELECT array_agg(version_id ORDER BY elsewhere, length, version_id) INTO found FROM (
      SELECT version_id, NOT name LIKE ALL (patterns) AS elsewhere, char_length(name) AS length FROM catalogue_sought
      WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> keys
        AND name || U&'\E001' || rest LIKE ALL (patterns) LIMIT besides) AS hit;
    ids := ids || coalesce(found, '{}');
    places := places || array_fill(place, ARRAY[coalesce(cardinality(found), 0)]);
  END LOOP;
END$$;

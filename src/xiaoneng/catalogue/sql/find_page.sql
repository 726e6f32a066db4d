-- The versions in force that have words, the best first, and in the same breath what a page says of them and which everyday
-- words stand in the query: a search is one statement. Names that have the words come first; then, while there is room, what
-- has them in its aliases, and elsewhere. Where even the names are too many to rank, those that begin with the words are
-- fetched for themselves, so that the equal one is never left out.
--
-- Lists come as one text, U+001F between. in_name, anywhere: the keys that such a name or such a row has (search/keys.py).
-- unproved, patterns: patterns of the words that their keys do not prove, and of all words. wanted: headings.
-- few: there are probably fewer than are ranked, so one look finds those in names and those elsewhere.
-- many_named, many: there are probably so many that an eighth of all rows has enough; then a small index is asked first.
-- skipped, size: what the page shows. besides: how many follow where other words are looked for only if there are fewer.
-- The plans are made once and kept: making them anew would take longer than the search.
--
-- in_line: where a hit stands, as one number, since numbers are sorted in a third of the time: by class, the shorter name first.
CREATE FUNCTION in_line(class int, name text, version bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT (class * 1024 + least(char_length(name), 1023))::bigint << 40 | version;
END;

CREATE FUNCTION find_page(at timestamptz, in_name text, anywhere text, unproved text, patterns text, wanted text, typed text,
  cap int, besides int, few boolean, many_named boolean, many boolean, skipped int, size int, enough int,
  OUT ids bigint[], OUT page text, OUT known text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, xn, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  name_keys CONSTANT text[] := string_to_array(in_name, U&'\001F');
  any_keys CONSTANT text[] := string_to_array(anywhere, U&'\001F');
  long_ones CONSTANT text[] := string_to_array(unproved, U&'\001F');
  all_like CONSTANT text[] := string_to_array(patterns, U&'\001F');
  keyed CONSTANT boolean := cardinality(long_ones) = 0;  -- the keys prove all words
  headed CONSTANT text[] := string_to_array(wanted, U&'\001F');
  more bigint[];
  shown bigint[];
BEGIN
  IF few THEN
    SELECT array_agg(version_id ORDER BY place) INTO ids FROM (
      SELECT version_id, in_line(CASE WHEN name = typed THEN 0 WHEN starts_with(name, typed) THEN 1
          WHEN name LIKE ALL (all_like) THEN 2 WHEN left(rest, said) LIKE ALL (all_like) THEN 3 ELSE 4 END, name, version_id) AS place
      FROM catalogue_sought WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> any_keys
        AND (keyed OR name || U&'\E001' || rest LIKE ALL (long_ones)) LIMIT cap) AS hit;
    ids := coalesce(ids, '{}');
  END IF;
  IF ids IS NULL OR cardinality(ids) >= cap THEN
    IF many_named THEN
      SELECT array_agg(version_id ORDER BY place) INTO ids FROM (
        SELECT version_id, in_line(CASE WHEN name = typed THEN 0 WHEN starts_with(name, typed) THEN 1 ELSE 2 END, name,
          version_id) AS place
        FROM catalogue_sought WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> name_keys
          AND version_id % 8 = 0 AND (keyed OR name LIKE ALL (long_ones)) LIMIT cap) AS hit;
    END IF;
    IF NOT many_named OR coalesce(cardinality(ids), 0) < cap THEN
      SELECT array_agg(version_id ORDER BY place) INTO ids FROM (
        SELECT version_id, in_line(CASE WHEN name = typed THEN 0 WHEN starts_with(name, typed) THEN 1 ELSE 2 END, name,
          version_id) AS place
        FROM catalogue_sought WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> name_keys
          AND (keyed OR name LIKE ALL (long_ones)) LIMIT cap) AS hit;
    END IF;
    ids := coalesce(ids, '{}');
    IF cardinality(ids) >= cap THEN
      -- In the order of the index: its first hundred rows are read, not all that begin so, and the equal name stands first.
      -- CASE hides from the planner what it would take for a rare condition, for which it would read and sort them all.
      SELECT array_agg(version_id ORDER BY place) INTO more FROM (
        SELECT version_id, in_line(0, name, version_id) AS place FROM catalogue_sought
        WHERE name COLLATE "C" >= typed AND name COLLATE "C" < typed || U&'\+10FFFF'
          AND CASE WHEN in_force @> at THEN headed = '{}' OR headings @> headed END ORDER BY name COLLATE "C" LIMIT besides) AS hit;
      IF cardinality(more) > 0 THEN
        shown := more[skipped + 1 : skipped + size];
        IF cardinality(shown) < size THEN
          shown := (more || ARRAY(SELECT id FROM unnest(ids) WITH ORDINALITY AS each (id, place) WHERE id <> ALL (more)
                                  ORDER BY place))[skipped + 1 : skipped + size];
        END IF;
        ids := more || ids;
      END IF;
    END IF;
    IF cardinality(ids) < cap THEN
      IF many THEN
        SELECT array_agg(version_id ORDER BY place) INTO more FROM (
          SELECT version_id, in_line(CASE WHEN left(rest, said) LIKE ALL (all_like) THEN 3 ELSE 4 END, name, version_id) AS place
          FROM catalogue_sought WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> any_keys
            AND version_id % 8 = 0 AND (keyed OR name || U&'\E001' || rest LIKE ALL (long_ones))
            AND NOT name LIKE ALL (all_like) LIMIT cap - cardinality(ids)) AS hit;
      END IF;
      IF NOT many OR coalesce(cardinality(more), 0) < cap - cardinality(ids) THEN
        SELECT array_agg(version_id ORDER BY place) INTO more FROM (
          SELECT version_id, in_line(CASE WHEN left(rest, said) LIKE ALL (all_like) THEN 3 ELSE 4 END, name, version_id) AS place
          FROM catalogue_sought WHERE in_force @> at AND sought_keys(name, rest, initials, headings) @> any_keys
            AND (keyed OR name || U&'\E001' || rest LIKE ALL (long_ones))
            AND NOT name LIKE ALL (all_like) LIMIT cap - cardinality(ids)) AS hit;
      END IF;
      ids := ids || coalesce(more, '{}');
    END IF;
  END IF;
  IF cardinality(ids) < enough THEN
    SELECT json_object_agg(word, officials) INTO known FROM (
      SELECT word, json_agg(official ORDER BY id) AS officials FROM catalogue_synonym WHERE strpos(typed, word) > 0 GROUP BY word
    ) AS words;
  END IF;
  shown := coalesce(shown, ids[skipped + 1 : skipped + size]);
  IF cardinality(shown) > 0 THEN
    SELECT json_agg(json_build_array(i.code, v.name, d.name, k.name, v.promised_unit, v.promised_n, v.statutory_unit,
      v.statutory_n, k.on_application, v.online, r.name, r.level, v.season) ORDER BY place) INTO page
    FROM unnest(shown) WITH ORDINALITY AS wanted (id, place)
    JOIN catalogue_itemversion v USING (id) JOIN catalogue_item i ON i.id = v.item_id
    JOIN catalogue_powerkind k ON k.code = v.kind_id JOIN org_department d ON d.id = i.department_id
    JOIN org_region r ON r.id = d.region_id;
  END IF;
END$$;

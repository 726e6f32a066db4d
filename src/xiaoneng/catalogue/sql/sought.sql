-- Chinese is searched by its characters, by pairs and by threes of neighbouring ones; the mark tells where they stand.
-- The high cost keeps the planner from ever making the keys of row after row where the index has them.
CREATE FUNCTION pieces(given text, mark text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED COST 200
BEGIN ATOMIC
  SELECT coalesce(array_agg(mark || one) || array_agg(mark || one || next) FILTER (WHERE next IS NOT NULL)
                  || array_agg(mark || one || next || third) FILTER (WHERE third IS NOT NULL), '{}')
  FROM unnest(string_to_array(given, NULL), (string_to_array(given, NULL))[2:], (string_to_array(given, NULL))[3:])
    AS piece (one, next, third);
END;

-- Every key that leads to an item: search/keys.py makes the same of a query. The marks are of the private use area, which
-- no text carries: E010 for what stands in the name, E011 for its initials, E012 for what it stands under.
CREATE FUNCTION sought_keys(name text, rest text, initials text, headings text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED
BEGIN ATOMIC
  SELECT pieces(name, '') || pieces(name, U&'\E010') || pieces(rest, '') || pieces(initials, U&'\E011') || headings;
END;

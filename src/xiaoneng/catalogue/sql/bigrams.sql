-- Chinese is searched by pairs of neighbouring characters: a phrase of pairs finds exactly the substring they spell,
-- and a prefix query of one character finds every pair that begins with it.

-- The text as it is compared: compatibility forms made plain, Latin letters small, white space single.
CREATE OR REPLACE FUNCTION search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT btrim(regexp_replace(
    translate(normalize(coalesce(given, ''), NFKC), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'),
    '\s+', ' ', 'g'));
END;

-- The pairs at their places; the last character stands alone. A place above 16383 cannot be kept by a tsvector.
CREATE OR REPLACE FUNCTION bigrams(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(string_agg(
    '''' || replace(replace(substr(given, place, 2), '\', '\\'), '''', '''''') || ''':' || least(place, 16383), ' '), '')::tsvector
  FROM generate_series(1, char_length(given)) AS place;
END;

-- The words of an item: A its name between a start and an end mark (of the private use area, which no name carries),
-- so that an equal name and an equal beginning are queries too; B its aliases, C its themes, D its department.
-- The theme 其他 stands with every second item and tells nothing.
CREATE OR REPLACE FUNCTION item_words(name text, aliases text[], themes text[], department text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT setweight(bigrams(U&'\E000' || search_text(name) || U&'\E001'), 'A')
    || setweight(bigrams(search_text(array_to_string(aliases, U&'\E001'))), 'B')
    || setweight(bigrams(search_text(array_to_string(array_remove(themes, '其他'), U&'\E001'))), 'C')
    || setweight(bigrams(search_text(department)), 'D');
END;
